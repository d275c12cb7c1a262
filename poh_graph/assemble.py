"""The packaged graph, in memory: ``data/<graph>/*.ttl`` (each folder one named graph), ``ontology/*.ttl``, ``meta``.

RDF files of the user's go into named graphs of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from poh_graph import meta
from poh_graph.bundle import resource_folder
from poh_graph.errors import InputError
from poh_graph.meta import Counts, InputFile
from poh_graph.source_table import Source, read_sources
from poh_graph.store import RDF_FORMATS, LocalStore, read_rdf
from poh_graph.terms import GRAPH, file_iri, graph_iri, words

_COUNTS = """
SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph
"""
_BLANK = "SELECT ?graph ?s WHERE { GRAPH ?graph { ?s ?p ?o } FILTER(isBlank(?s) || isBlank(?o)) } LIMIT 1"


@dataclass(slots=True)
class Assembly:
    """A graph in memory, the sources and counts of its named graphs, and the files that it was made from."""

    store: LocalStore
    sources: dict[str, Source]
    counts: dict[str, Counts]
    files: list[InputFile]

    def mentions(self, iri: str) -> bool:
        """Whether an IRI is subject or object of a statement."""
        node, found = ox.NamedNode(iri), self.store.engine.quads_for_pattern
        return any(True for ends in (found(node, None, None, None), found(None, None, node, None)) for _ in ends)


def assemble(extra: Sequence[Path] = (), *, without: Collection[str] = ()) -> Assembly:
    """The packaged graph without the graphs ``without``, with ``extra`` RDF files of the user's, and with ``meta``.

    Raises:
        InputError: if a file is not RDF, does not parse, or holds blank nodes.
    """
    assembly = assemble_sources(extra, without=without)
    describe(assembly)
    return assembly


def assemble_sources(extra: Sequence[Path] = (), *, without: Collection[str] = ()) -> Assembly:
    """The same, still without ``meta``: more may be added before the graphs are described.

    Raises:
        InputError: if a file is not RDF, does not parse, or holds blank nodes.
    """
    data = resource_folder("data")
    sources = read_sources(data / "sources.toml")
    files = [
        *_packaged_files(data, [name for name in sources if name not in without]),
        *(("ontology", path.name, path) for path in sorted(resource_folder("ontology").glob("*.ttl"))),
    ]
    store = LocalStore.in_memory()
    inputs = []
    for graph, name, path in files:
        _load(store, path, graph)
        inputs.append(InputFile.of(graph, name, path))
    for path in extra:
        source = _local_source(path, sources)
        _load(store, path, source.name)
        sources[source.name] = source
        inputs.append(InputFile.of(source.name, path.name, path))
    _refuse_blank_nodes(store)
    counts = count_graphs(store)
    _refuse_undescribed(counts, sources)
    return Assembly(store, sources, counts, inputs)


def packaged_graph(name: str) -> tuple[ox.Store, list[InputFile]]:
    """One named graph of the package alone, and its files."""
    store = LocalStore.in_memory()
    files = []
    for graph, file, path in _packaged_files(resource_folder("data"), [name]):
        _load(store, path, graph)
        files.append(InputFile.of(graph, file, path))
    return store.engine, files


def describe(assembly: Assembly) -> None:
    """Add the graph ``meta``, by the counts as they are now."""
    assembly.files = [file for file in assembly.files if file.graph in assembly.counts]
    mentioned = [
        name for name in assembly.sources if name not in assembly.counts and assembly.mentions(graph_iri(name))
    ]
    assembly.store.load(meta.meta_quads(assembly.sources, assembly.counts, assembly.files, mentioned))


def _packaged_files(data: Path, names: Sequence[str]) -> Iterator[tuple[str, str, Path]]:
    for name in names:
        for path in sorted((data / name).glob("*.ttl")):
            yield name, path.name, path


def _local_source(path: Path, sources: dict[str, Source]) -> Source:
    """The description of a named graph that a user's file makes; its licence is for the user to say."""
    name = words(path.name.partition(".")[0])
    if name in sources:
        raise InputError(
            f"{path} would be added to the graph {name!r}, which has its own source.",
            mend="Give the file another name.",
        )
    return Source(
        name=name,
        title=f"Statements of the file {path.name}",
        label=path.name,
        version="local",
        publisher=graph_iri(name),
        citation=f"File {path.name}",
        attribution=f"Statements of the local file {path.name}.",
        knowledge_level="not_provided",
        agent_type="not_provided",
        rights="Not stated: a local file.",
        derived_from=(file_iri(name, path.name),),
    )


def _load(store: LocalStore, path: Path, graph: str) -> None:
    """Load a file into a named graph; a file of quads keeps the graphs that it names."""
    name = ox.NamedNode(graph_iri(graph))
    rdf_format = RDF_FORMATS.get(path.suffix.lower())
    if rdf_format is ox.RdfFormat.TURTLE:
        try:
            store.engine.load(path=str(path), format=rdf_format, to_graph=name)
        except (SyntaxError, OSError):
            list(read_rdf(path))  # says the same with its place
            raise
        return
    default = ox.DefaultGraph()
    store.load(
        ox.Quad(q.subject, q.predicate, q.object, name if q.graph_name == default else q.graph_name)
        for q in read_rdf(path)
    )


def _refuse_blank_nodes(store: LocalStore) -> None:
    for row in _select(store, _BLANK):
        raise InputError(
            f"The graph {row['graph'].value} has a blank node.",
            mend="Give the node an IRI: a release has no blank node, so that it can be compared line by line.",
        )


def _refuse_undescribed(counts: dict[str, Counts], sources: dict[str, Source]) -> None:
    for name in counts:
        if name not in sources:
            raise InputError(
                f"The named graph {name} has no source.", mend=f"Describe it in data/sources.toml: [{name}]"
            )


def _select(store: LocalStore, text: str) -> ox.QuerySolutions:
    answer = store.query(text)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
    return answer


def count_graphs(store: LocalStore) -> dict[str, Counts]:
    """Triples and subjects of each named graph, by its short name, in the order of the IRIs."""
    return {
        row["graph"].value.removeprefix(GRAPH): Counts(int(row["triples"].value), int(row["subjects"].value))
        for row in _select(store, _COUNTS)
    }
