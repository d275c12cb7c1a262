"""The inputs of a build → the sorted lines of the release, and what they were made from.

What the package carries is assembled in memory; a release of ORPHApackets, given by the user, takes the place of the
packaged extract of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from poh_graph.assemble import Assembly, assemble_sources, count_graphs, describe
from poh_graph.closure import self_contained
from poh_graph.inputs import ORPHAPACKET, RDF, Input, of_kind
from poh_graph.intake import GRAPH, Intake, Problems, read_release
from poh_graph.lacking import add_lacking_names
from poh_graph.meta import Counts, InputFile
from poh_graph.older import GRAPH as GONE_GRAPH
from poh_graph.older import Gone, Older, gone, read_older, refuse_wrong_order
from poh_graph.records import Stub
from poh_graph.resolve import Resolver
from poh_graph.sources.members import count_members
from poh_graph.stages import Stages
from poh_graph.store import LocalStore
from poh_graph.terms import ONTOLOGY_GRAPH, ORDO, RDFS
from poh_graph.triples.orphanet import stub_lines


@dataclass(frozen=True, slots=True)
class Request:
    """What to build: the inputs, and how.

    ``disorders`` (names or identifiers) keeps those, closed; empty keeps all. With ``strict`` one packet or row that is
    lost fails the build. ``jobs`` is the number of processes of the gate (None: as many as there are cores).
    """

    inputs: Sequence[Input] = ()
    disorders: Sequence[str] = ()
    strict: bool = False
    jobs: int | None = None


@dataclass
class Gathered:
    """All lines of the release, sorted, and what they were made from."""

    lines: list[bytes]
    assembly: Assembly
    problems: Problems = field(default_factory=Problems)
    records: dict[str, int] = field(default_factory=dict)


def gather(request: Request, stages: Stages) -> Gathered:
    """Read the inputs, and join them with what the package carries.

    Raises:
        InputError: if an input cannot be read, too much of it is lost, or the releases are not given oldest first.
        UnknownName: if a disorder of the request is in none of the inputs.
    """
    releases = of_kind(request.inputs, ORPHAPACKET)
    with stages.stage("assemble the packaged graph"):
        assembly = assemble_sources(of_kind(request.inputs, RDF), without=[GRAPH] if releases else [])
    if not releases:
        return _packaged_only(assembly, request.disorders)
    problems = Problems()
    older = [_read_older(path, problems, request, stages) for path in releases[:-1]]
    newest = releases[-1]
    with stages.stage(f"read {newest.name}") as tick:
        tick.expect(count_members(newest))
        intake = read_release(
            newest,
            assembly.sources[GRAPH],
            described=_labelled(assembly.store),
            disorders=request.disorders,
            strict=request.strict,
            progress=tick,
        )
    intake.problems.join(problems)
    refuse_wrong_order(older, newest, intake.source.issued)
    with stages.stage("sort"):
        return _joined(assembly, intake, newest, gone(older, newest, intake) if older else None)


def _read_older(path: Path, problems: Problems, request: Request, stages: Stages) -> Older:
    with stages.stage(f"read the names of {path.name}") as tick:
        tick.expect(count_members(path))
        return read_older(path, problems, strict=request.strict, progress=tick)


def _packaged_only(assembly: Assembly, disorders: Sequence[str]) -> Gathered:
    if disorders:
        names = Resolver(assembly.store)
        _keep_closed(assembly, [names.one(name, kind="disorder").iri for name in disorders])
    assembly.counts = count_graphs(assembly.store)
    describe(assembly)
    assembly.counts = count_graphs(assembly.store)
    return Gathered(sorted(assembly.store.lines()), assembly)


def _joined(assembly: Assembly, intake: Intake, newest: Path, past: Gone | None) -> Gathered:
    """The packaged graph, a release and what older ones say as one: sorted lines, counts, description."""
    intake.lines.sort()
    lines = [line for line, _ in groupby(intake.lines)]
    intake.lines = []
    if intake.chosen:
        _keep_beside(assembly, lines, intake.chosen)
        lines = sorted([*lines, *_named_only(assembly, intake, lines)])
    extract = assembly.sources[GRAPH]
    assembly.sources[GRAPH] = intake.source
    if newest.is_file():
        assembly.files.append(InputFile.of(GRAPH, newest.name, newest))
    if past is not None:
        _add_gone(assembly, past, only_mentioned=bool(intake.chosen))
    add_lacking_names(assembly, extract, _is_described(lines, past))
    assembly.counts = count_graphs(assembly.store)
    assembly.counts[GRAPH] = Counts(len(lines), sum(1 for _ in groupby(lines, key=_subject)))
    assembly.counts = dict(sorted(assembly.counts.items()))
    describe(assembly)
    assembly.counts["meta"] = count_graphs(assembly.store)["meta"]
    lines += sorted(assembly.store.lines())
    lines.sort()
    return Gathered(lines, assembly, intake.problems, dict(intake.records))


def _named_only(assembly: Assembly, intake: Intake, lines: Sequence[bytes]) -> list[bytes]:
    """The names of disorders that a closed part of a release leaves out, and the packaged graphs beside it mention."""
    is_described = _is_described(lines, None)
    found = []
    for code, label in intake.labels.items():
        iri = f"{ORDO}Orphanet_{code}"
        if label and assembly.mentions(iri) and not is_described(iri):
            found += [line.encode() for line in stub_lines(Stub(code, label))]
    return found


def _is_described(lines: Sequence[bytes], past: Gone | None) -> Callable[[str], bool]:
    """Whether the sorted lines of a release, or what older ones say, describe an IRI."""

    def is_described(iri: str) -> bool:
        start = f"<{iri}> ".encode()
        place = bisect_left(lines, start)
        if place < len(lines) and lines[place].startswith(start):
            return True
        return past is not None and iri.removeprefix(f"{ORDO}Orphanet_") in past.codes

    return is_described


def _add_gone(assembly: Assembly, past: Gone, *, only_mentioned: bool) -> None:
    """Add the codes that are gone; of those, only what the packaged graphs mention if a closed part is built."""
    kept = [code for code in past.codes if not only_mentioned or assembly.mentions(f"{ORDO}Orphanet_{code}")]
    if kept:
        assembly.store.engine.bulk_load("".join(past.lines(kept)).encode(), ox.RdfFormat.N_QUADS)
        assembly.sources[GONE_GRAPH] = past.source
        assembly.files += past.files


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _labelled(store: LocalStore) -> frozenset[str]:
    """What the packaged graphs give a label: the release need not name these papers again."""
    rows = store.query(f"SELECT DISTINCT ?thing WHERE {{ ?thing <{RDFS}label> ?label }}")
    return frozenset(row["thing"].value for row in rows)  # type: ignore[union-attr]  # a SELECT gives solutions


def _keep_beside(assembly: Assembly, lines: Sequence[bytes], codes: Iterable[str]) -> None:
    """Keep of the packaged graphs what belongs to the closed graphs of some disorders of a release."""
    whole = LocalStore.in_memory(assembly.store.dump())
    whole.engine.bulk_load(b"".join(lines), ox.RdfFormat.N_QUADS)
    _keep_closed(assembly, codes, whole=whole)


def _keep_closed(assembly: Assembly, disorders: Iterable[str], *, whole: LocalStore | None = None) -> None:
    """Cut the packaged graphs down to the closed graphs of some disorders, and the ontology.

    ``whole`` is the store in which the disorders are looked up, if that is more than the packaged graphs.
    """
    ontology = assembly.store.engine.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY_GRAPH))
    kept = [quad for quad in self_contained(whole or assembly.store, disorders) if whole is None or _is_packaged(quad)]
    assembly.store = LocalStore.in_memory([*kept, *ontology])


def _is_packaged(quad: ox.Quad) -> bool:
    return not str(quad.graph_name).endswith(f"/{GRAPH}>")
