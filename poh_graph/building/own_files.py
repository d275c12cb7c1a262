"""The description of the named graphs that a user's RDF files make: all that can be known of them, and no more.

What a file is derived from tells its terms: the changes between releases of a source are that source's data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from poh_graph.source_table import Source
from poh_graph.store import LocalStore, solutions
from poh_graph.terms import GRAPH, Iri, file_iri, graph_iri

_RELEASES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
SELECT DISTINCT ?release ?graph ?version WHERE {{
  GRAPH <{graph}> {{ ?release a poh:Release ; dcterms:isVersionOf ?graph ; dcat:version ?version }}
}} ORDER BY ?version ?release ?graph
"""


def own_source(name: str, paths: Sequence[Path]) -> Source:
    """The description of the named graph that files of the user's make; their terms are for the user to say."""
    files = ", ".join(path.name for path in paths)
    return Source(
        name=name,
        title=f"Statements of the file {files}",
        label=files,
        version="local",
        publisher=graph_iri(name),
        citation=f"File {files}",
        attribution=f"Statements of the local file {files}.",
        knowledge_level="not_provided",
        agent_type="not_provided",
        rights="Not stated: a local file.",
        derived_from=tuple(file_iri(name, path.name) for path in paths),
    )


def source_of_changes(
    name: str, paths: Sequence[Path], store: LocalStore, sources: Mapping[str, Source]
) -> Source | None:
    """The description of a named graph that files make, if it holds changes between releases of known sources.

    It has the licence and the rights holder of the sources whose releases it says they are.
    """
    rows = list(solutions(store.query(_RELEASES.format(graph=graph_iri(name)))))
    origins = {row["graph"].value.removeprefix(GRAPH) for row in rows}
    if not origins or not origins <= sources.keys():
        return None
    releases = [Iri(row["release"].value) for row in rows]
    known = [sources[origin] for origin in sorted(origins)]
    return _of_changes(own_source(name, paths), known, releases, rows[-1]["version"].value)


def _of_changes(source: Source, origins: Sequence[Source], releases: Iterable[Iri], newest: str) -> Source:
    """The description of a graph of changes between releases of the sources that it comes from."""
    labels = " and ".join(origin.label for origin in origins)
    licence = _shared(origin.license for origin in origins)
    terms = "; ".join(f"{origin.label}: {origin.rights or origin.license}" for origin in origins)
    return replace(
        source,
        title=f"Changes between releases of {labels}",
        label=f"Changes of {labels}",
        version=newest,
        citation=f"Changes between releases; {'; '.join(origin.citation for origin in origins)}",
        attribution=f"Changes between releases of {labels}, computed from them. "
        + " ".join(origin.attribution for origin in origins),
        license=licence,
        rights=None if licence else terms,
        rights_holder=_shared(origin.rights_holder for origin in origins),
        derived_from=(*source.derived_from, *dict.fromkeys(releases)),
    )


def _shared(values: Iterable[str | None]) -> str | None:
    """The value that all share; None if they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None
