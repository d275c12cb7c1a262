"""The packaged graph, in memory: ``data/<graph>/*.ttl`` (each folder one named graph), ``ontology/*.ttl``, ``meta``.

RDF files of the user's go into named graphs of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from poh_graph.building import meta
from poh_graph.building.meta import Counts, InputFile
from poh_graph.building.own_files import own_source, source_of_changes
from poh_graph.bundle import resource_folder
from poh_graph.errors import InputError
from poh_graph.source_table import Source, read_sources
from poh_graph.store import RDF_FORMATS, LocalStore, read_rdf, solutions
from poh_graph.terms import GRAPH, graph_iri, words

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
    """The packaged graph with ``extra`` RDF files of the user's, and with ``meta``.

    ``without`` names graphs (``orphanet``) and files (``mondo/classes.ttl``) of the package that are left out.

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
        *(
            (graph, name, path)
            for graph, name, path in _packaged_files(data, [name for name in sources if name not in without])
            if f"{graph}/{name}" not in without
        ),
        *(("ontology", path.name, path) for path in sorted(resource_folder("ontology").glob("*.ttl"))),
    ]
    store = LocalStore.in_memory()
    inputs = []
    for graph, name, path in files:
        _load(store, path, graph)
        inputs.append(InputFile.of(graph, name, path))
    _add_own(extra, store, sources, inputs)
    _refuse_blank_nodes(store)
    counts = count_graphs(store)
    _refuse_undescribed(counts, sources)
    return Assembly(store, sources, counts, inputs)


def packaged_graph(name: str, only: Collection[str] | None = None) -> tuple[ox.Store, list[InputFile]]:
    """One named graph of the package alone, or some files of it, and these files."""
    store = LocalStore.in_memory()
    files = []
    for graph, file, path in _packaged_files(resource_folder("data"), [name]):
        if only is not None and file not in only:
            continue
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


def _add_own(paths: Sequence[Path], store: LocalStore, sources: dict[str, Source], inputs: list[InputFile]) -> None:
    """Load files of the user's, and describe the named graphs that they make.

    Raises:
        InputError: if a file has no graph of its own, since its name is that of a source, or names one without source.
    """
    made: dict[str, list[Path]] = defaultdict(list)
    packaged = set(sources)
    for path in paths:
        own = words(path.name.partition(".")[0])
        graphs = _load(store, path, own)
        if own in graphs and own in sources:
            raise InputError(
                f"{path} would be added to the graph {own!r}, which has its own source.",
                mend="Give the file another name.",
            )
        for name in graphs:
            made[name].append(path)
            if name == own:
                sources[name] = own_source(name, made[name])
    for name, files in sorted(made.items()):
        inputs += [InputFile.of(name, path.name, path) for path in files]
        if name not in packaged and (changes := source_of_changes(name, files, store, sources)):
            sources[name] = changes
        if name not in sources:
            raise InputError(
                f"{files[0]}: the named graph {name} has no source.",
                mend="Leave the graph out: then what the file says goes into one that is named after the file.",
            )


def _load(store: LocalStore, path: Path, graph: str) -> set[str]:
    """Load a file into a named graph, or into those that it names by IRIs. The result is the graphs, without base."""
    name = ox.NamedNode(graph_iri(graph))
    rdf_format = RDF_FORMATS.get(path.suffix.lower())
    if rdf_format is ox.RdfFormat.TURTLE:
        try:
            store.engine.load(path=str(path), format=rdf_format, to_graph=name)
        except (SyntaxError, OSError):
            list(read_rdf(path))  # says the same with its place
            raise
        return {graph}
    found = set()

    def placed(quad: ox.Quad) -> ox.Quad:
        into = quad.graph_name if isinstance(quad.graph_name, ox.NamedNode) else name
        found.add(into)
        return ox.Quad(quad.subject, quad.predicate, quad.object, into)

    store.load(map(placed, read_rdf(path)))
    return {into.value.removeprefix(GRAPH) for into in found}


def _refuse_blank_nodes(store: LocalStore) -> None:
    for row in solutions(store.query(_BLANK)):
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


def count_graphs(store: LocalStore) -> dict[str, Counts]:
    """Triples and subjects of each named graph, by its short name, in the order of the IRIs."""
    return {
        row["graph"].value.removeprefix(GRAPH): Counts(int(row["triples"].value), int(row["subjects"].value))
        for row in solutions(store.query(_COUNTS))
    }
