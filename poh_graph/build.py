"""Sources → named graphs and ``meta`` → sorted release → store → gate.

The packaged graph is assembled from ``data/<graph>/*.ttl`` (each folder one named graph), ``ontology/*.ttl`` and
``data/sources.toml``; RDF files of the user's go into a named graph of their own. The same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from poh_graph import meta
from poh_graph.bundle import FORMAT, Bundle, replacing, resource_folder, sha256
from poh_graph.errors import InputError, NotConforming
from poh_graph.meta import Counts, InputFile
from poh_graph.source_table import Source, read_sources
from poh_graph.store import RDF_FORMATS, STORE_VERSION, LocalStore, read_rdf
from poh_graph.terms import GRAPH, graph_iri, words
from poh_graph.validate import Report, validate

CHUNK = 100_000
"""Quads of one bulk load to disk: whole releases in one call take six times the memory and are no faster."""

_COUNTS = """
SELECT ?graph (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects)
WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph
"""
_BLANK = "SELECT ?graph ?s WHERE { GRAPH ?graph { ?s ?p ?o } FILTER(isBlank(?s) || isBlank(?o)) } LIMIT 1"


@dataclass(frozen=True, slots=True)
class Assembly:
    """A graph in memory, with ``meta``, and what it was made from."""

    store: LocalStore
    sources: dict[str, Source]
    counts: dict[str, Counts]
    files: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the bundle, the counts of each named graph, and the validation report."""

    bundle: Bundle
    counts: dict[str, Counts]
    report: Report


def assemble(extra: Sequence[Path] = ()) -> Assembly:
    """The packaged graph, with ``extra`` RDF files of the user's, in memory.

    Raises:
        InputError: if a file is not RDF, does not parse, or holds blank nodes.
    """
    data = resource_folder("data")
    sources = read_sources(data / "sources.toml")
    files = [
        *_packaged_files(data, sources),
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
    counts = _counts(store)
    _refuse_undescribed(counts, sources)
    store.load(meta.meta_quads(sources, counts, inputs))
    return Assembly(store, sources, counts, tuple(inputs))


def _packaged_files(data: Path, sources: dict[str, Source]) -> Iterator[tuple[str, str, Path]]:
    for name in sources:
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
        derived_from=(f"{graph_iri(name)}/file/{path.name}",),
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


def _counts(store: LocalStore) -> dict[str, Counts]:
    """Triples and subjects of each named graph, by its short name, in the order of the IRIs."""
    return {
        row["graph"].value.removeprefix(GRAPH): Counts(int(row["triples"].value), int(row["subjects"].value))
        for row in _select(store, _COUNTS)
    }


def sorted_lines(store: LocalStore) -> list[bytes]:
    """The release: every quad as a line of N-Quads, sorted by its bytes."""
    dumped = BytesIO()
    store.engine.dump(dumped, format=ox.RdfFormat.N_QUADS)
    return sorted(dumped.getvalue().splitlines(keepends=True))


def build(target: Path, extra: Sequence[Path] = ()) -> Built:
    """Build a bundle at ``target``: either it is there as a whole and conforms, or what was there stays.

    Raises:
        InputError: as :func:`assemble`.
        StoreError: if another build of ``target`` runs.
        NotConforming: if the shapes or checks refuse the graph.
    """
    assembly = assemble(extra)
    report = validate(assembly.store)
    if not report.conforms:
        raise NotConforming(
            f"The graph does not conform; {target} is left as it was.\n{report.text}",
            mend="Mend the statements that are named above.",
        )
    with replacing(target) as folder:
        _write(Bundle(folder), assembly, report)
    counts = {**assembly.counts, "meta": _counts(assembly.store)["meta"]}
    return Built(Bundle(target), counts, report)


def _write(bundle: Bundle, assembly: Assembly, report: Report) -> None:
    lines = sorted_lines(assembly.store)
    bundle.graph.write_bytes(b"".join(lines))
    bundle.report.write_bytes(report.turtle)
    bundle.report.with_suffix(".txt").write_text(report.text, encoding="utf-8")
    attribution = meta.attribution(assembly.sources, assembly.counts)
    (bundle.path / "ATTRIBUTION.md").write_text(attribution, encoding="utf-8")
    described = ["graph.nq", "report.ttl", "report.txt", "ATTRIBUTION.md"]
    sizes = {name: (bundle.path / name).stat().st_size for name in described}
    _write_json(bundle.path / "ro-crate-metadata.json", meta.ro_crate(assembly.sources, assembly.counts, sizes))
    _fill_store(bundle, lines)
    digests = {name: sha256(bundle.path / name) for name in (*described, "ro-crate-metadata.json")}
    head = {"bundle_format": FORMAT, "store": STORE_VERSION}
    _write_json(bundle.manifest, head | meta.manifest(assembly.sources, assembly.counts, assembly.files, digests))


def _fill_store(bundle: Bundle, lines: list[bytes]) -> None:
    engine = ox.Store(str(bundle.store))
    for start in range(0, len(lines), CHUNK):
        engine.bulk_load(b"".join(lines[start : start + CHUNK]), ox.RdfFormat.N_QUADS)
    engine.flush()


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
