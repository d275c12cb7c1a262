"""The packaged graph, a release of Orphanet, and the sources beside it: joined, described, as sorted runs of lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from poh_graph.building.assemble import Assembly, count_graphs, describe, packaged_graph
from poh_graph.building.intake import GRAPH, Intake
from poh_graph.building.lacking import add_lacking_names, lacking_names
from poh_graph.building.meta import Counts, InputFile
from poh_graph.building.neighbours import Neighbour
from poh_graph.building.older import GRAPH as GONE_GRAPH
from poh_graph.building.older import Gone
from poh_graph.building.runs import Runs
from poh_graph.closure import described, self_contained
from poh_graph.records.orphanet import Stub
from poh_graph.source_table import Source
from poh_graph.store import LocalStore
from poh_graph.terms import BIOLINK, META_GRAPH, ONTOLOGY_GRAPH, ORDO, graph_iri
from poh_graph.triples.orphanet import stub_lines

_DISORDER = f"{ORDO}Orphanet_"
_CITES = f" <{BIOLINK}publications> <".encode()
_DISORDER_IN_LINE = re.compile(rb"<(" + re.escape(_DISORDER).encode() + rb"\d+)>")


@dataclass
class Release:
    """A release of ORPHApackets: its lines, sorted, each once; ``past`` is what older ones say of codes it lacks."""

    path: Path
    intake: Intake
    lines: list[bytes]
    past: Gone | None

    def describes(self, iri: str) -> bool:
        """Whether the release, or what older ones say, describes a thing."""
        is_gone = self.past is not None and iri.removeprefix(_DISORDER) in self.past.codes
        return is_gone or _has_subject(self.lines, iri)


def join(
    assembly: Assembly, release: Release | None, neighbours: Sequence[Neighbour], chosen: Sequence[str], runs: Runs
) -> None:
    """Put the packaged graph, a release and other sources together, add ``meta``, and hand the lines to ``runs``.

    With ``chosen`` (IRIs of disorders) the packaged graphs are cut down to what belongs to these; the release and the
    other sources are closed already. ``assembly`` then has the sources, files and counts of all.
    """
    if chosen:
        _keep_beside(assembly, release, neighbours, chosen)
    if release is not None:
        _add_release(assembly, release, only_mentioned=bool(chosen))
    packaged = {neighbour.reader.graph: assembly.sources[neighbour.reader.graph] for neighbour in neighbours}
    for neighbour in neighbours:
        _add_lacking(assembly, neighbour)
    for neighbour in neighbours:
        _take_rest(assembly, neighbour, packaged[neighbour.reader.graph])
    assembly.counts = count_graphs(assembly.store)
    if release is not None:
        assembly.counts[GRAPH] = _counts(release.lines)
        runs.add(release.lines)
        release.lines = []
    for neighbour in neighbours:
        assembly.counts[neighbour.reader.graph] = _counts(neighbour.lines)
        runs.add(neighbour.lines)
        neighbour.lines = []
    assembly.counts = dict(sorted(assembly.counts.items()))
    describe(assembly)
    rest = sorted(assembly.store.lines())
    meta = f" <{META_GRAPH}> .\n".encode()
    assembly.counts["meta"] = _counts([line for line in rest if line.endswith(meta)])
    runs.add(rest)


def closed_lines(assembly: Assembly, release: Release | None, chosen: Iterable[str]) -> Iterator[bytes]:
    """The lines of the packaged graphs that belong to the closed graphs of some disorders."""
    whole = _whole(assembly, release.lines if release else ())
    return (f"{quad} .\n".encode() for quad in self_contained(whole, chosen) if quad in assembly.store.engine)


def _whole(assembly: Assembly, lines: Iterable[bytes]) -> LocalStore:
    """The packaged graphs and other lines in one store."""
    whole = LocalStore.in_memory(assembly.store.dump())
    whole.engine.bulk_load(b"".join(lines), ox.RdfFormat.N_QUADS)
    return whole


def _keep_beside(
    assembly: Assembly, release: Release | None, neighbours: Sequence[Neighbour], chosen: Sequence[str]
) -> None:
    """Keep of the packaged graphs what belongs to the closed graphs of some disorders; name whom the others mention."""
    others = [line for neighbour in neighbours for line in neighbour.lines]
    read = [*(release.lines if release else ()), *others]
    whole = _whole(assembly, read)
    ontology = assembly.store.engine.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY_GRAPH))
    kept = [quad for quad in self_contained(whole, chosen) if quad in assembly.store.engine]
    graphs = {quad.graph_name for quad in kept} | {ox.NamedNode(graph_iri(n.reader.graph)) for n in neighbours}
    graphs |= {ox.NamedNode(graph_iri(GRAPH))} if release else set()
    beside = described(assembly.store, map(ox.NamedNode, sorted(_parties(assembly, graphs) | _cited(read))))
    assembly.store = LocalStore.in_memory([*kept, *ontology, *beside])
    if release is not None:
        mentioned = {found.decode() for line in others for found in _DISORDER_IN_LINE.findall(line)}
        release.lines = sorted([*release.lines, *_named_only(assembly, release, mentioned)])


def _parties(assembly: Assembly, graphs: Container[object]) -> set[str]:
    """Who publishes the sources of some graphs, and who holds rights in them: their descriptions name these."""
    sources = [source for name, source in assembly.sources.items() if ox.NamedNode(graph_iri(name)) in graphs]
    return {party for source in sources for party in (source.publisher, source.rights_holder) if party}


def _cited(lines: Iterable[bytes]) -> set[str]:
    """The papers and pages that some lines cite: a release does not name those that the packaged graphs name."""
    return {line.split(b" ", 3)[2][1:-1].decode() for line in lines if _CITES in line}


def _named_only(assembly: Assembly, release: Release, mentioned: set[str]) -> Iterator[bytes]:
    """The names of disorders that a closed part of a release leaves out, and another graph mentions."""
    for code, label in release.intake.labels.items():
        iri = f"{_DISORDER}{code}"
        if label and (iri in mentioned or assembly.mentions(iri)) and not _has_subject(release.lines, iri):
            yield from (line.encode() for line in stub_lines(Stub(code, label)))


def _add_release(assembly: Assembly, release: Release, *, only_mentioned: bool) -> None:
    """Add the description of a release, what older ones say of codes that it lacks, and names that it lacks."""
    extract = assembly.sources[GRAPH]
    assembly.sources[GRAPH] = release.intake.source
    if release.path.is_file():
        assembly.files.append(InputFile.of(GRAPH, release.path.name, release.path))
    if release.past is not None:
        _add_gone(assembly, release.past, only_mentioned=only_mentioned)
    add_lacking_names(assembly, extract, release.describes)


def _add_gone(assembly: Assembly, past: Gone, *, only_mentioned: bool) -> None:
    """Add the codes that are gone; of those, only what the packaged graphs mention if a closed part is built."""
    kept = [code for code in past.codes if not only_mentioned or assembly.mentions(f"{_DISORDER}{code}")]
    if kept:
        assembly.store.engine.bulk_load("".join(past.lines(kept)).encode(), ox.RdfFormat.N_QUADS)
        assembly.sources[GONE_GRAPH] = past.source
        assembly.files += past.files


def _add_lacking(assembly: Assembly, neighbour: Neighbour) -> None:
    """Add the names that other graphs need from the part of the packaged extract whose place a source has taken."""
    reader = neighbour.reader
    for name in reader.replaced(neighbour.files.values()):
        whole, files = packaged_graph(reader.graph, only=[name])
        named = lacking_names(assembly, whole, partial(_has_subject, neighbour.lines), reader.graph)
        if named:
            assembly.store.load(named)
            assembly.files += files


def _has_subject(lines: Sequence[bytes], iri: str) -> bool:
    """Whether sorted lines have a thing as subject."""
    start = f"<{iri}> ".encode()
    place = bisect_left(lines, start)
    return place < len(lines) and lines[place].startswith(start)


def _take_rest(assembly: Assembly, neighbour: Neighbour, packaged: Source) -> None:
    """Move what the package adds to the graph of a source to the lines of that source, and describe the graph."""
    graph = ox.NamedNode(graph_iri(neighbour.reader.graph))
    rest = [f"{quad} .\n".encode() for quad in assembly.store.engine.quads_for_pattern(None, None, None, graph)]
    assembly.store.engine.remove_graph(graph)
    neighbour.lines = [line for line, _ in groupby(sorted([*neighbour.lines, *rest]))]
    assembly.sources[packaged.name] = neighbour.source(packaged, has_rest=bool(rest))
    assembly.files += neighbour.inputs()


def _counts(lines: Sequence[bytes]) -> Counts:
    """How much sorted lines of one graph hold."""
    return Counts(len(lines), sum(1 for _ in groupby(lines, key=lambda line: line.partition(b" ")[0])))
