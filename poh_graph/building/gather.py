"""The inputs of a build → the sorted lines of the release, and what they were made from.

What the package carries is assembled in memory; a release of ORPHApackets and the files of other sources, given by the
user, take the place of the packaged extracts of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from poh_graph.building.assemble import Assembly, assemble_sources
from poh_graph.building.inputs import ORPHAPACKET, RDF, Input, of_kind
from poh_graph.building.intake import GRAPH, Problems, read_release
from poh_graph.building.joining import Release, closed_lines, join
from poh_graph.building.neighbours import Neighbour, close
from poh_graph.building.older import Older, gone, read_older, refuse_wrong_order
from poh_graph.building.readers import READERS
from poh_graph.building.runs import Runs
from poh_graph.records.trials import plain_name
from poh_graph.resolve import Resolver
from poh_graph.sources.members import count_members
from poh_graph.stages import Stages
from poh_graph.store import LocalStore
from poh_graph.terms import CTGOV, CTIS, HGNC, OBO, ORDO, RDFS, curie_of
from poh_graph.triples.world import World


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
    """All lines of the release, in runs, and what they were made from.

    ``records`` counts those of ORPHApackets by kind; ``rows`` tells for each file of the other sources, by name of the
    source and of the file, how many rows it has and what became of them.
    """

    runs: Runs
    assembly: Assembly
    problems: Problems = field(default_factory=Problems)
    records: dict[str, int] = field(default_factory=dict)
    rows: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)


def gather(request: Request, stages: Stages, folder: Path) -> Gathered:
    """Read the inputs, and join them with what the package carries. Long runs of lines are kept in ``folder``.

    Raises:
        InputError: if an input cannot be read, too much of it is lost, or the releases are not given oldest first.
        StoreError: if the disk of ``folder`` takes no more.
        UnknownName: if a disorder of the request is in none of the inputs.
    """
    releases = of_kind(request.inputs, ORPHAPACKET)
    given = [(reader, of_kind(request.inputs, reader.name)) for reader in READERS]
    neighbours = [Neighbour.at(reader, paths) for reader, paths in given if paths]
    replaced = [f"{n.reader.graph}/{file}" for n in neighbours for file in n.reader.replaced(n.files.values())]
    with stages.stage("assemble the packaged graph"):
        assembly = assemble_sources(of_kind(request.inputs, RDF), without=[*replaced, *([GRAPH] if releases else [])])
    problems = Problems()
    release = _read_releases(releases, assembly, problems, request, stages) if releases else None
    if release is not None:
        chosen = release.intake.chosen
    elif request.disorders:
        names = Resolver(assemble_sources(of_kind(request.inputs, RDF)).store)
        chosen = tuple(names.one(name, kind="disorder").iri for name in request.disorders)
    else:
        chosen = ()
    if neighbours:
        _read_neighbours(neighbours, _world(assembly, release, chosen), request, stages)
    runs = Runs(folder)
    with stages.stage("sort"):
        join(assembly, release, neighbours, chosen, runs)
    for neighbour in neighbours:
        problems.join(neighbour.problems)
    rows = {n.reader.name: {name: tally.described() for name, tally in n.tallies.items()} for n in neighbours}
    return Gathered(runs, assembly, problems, dict(release.intake.records) if release else {}, rows)


def _read_releases(
    paths: Sequence[Path], assembly: Assembly, problems: Problems, request: Request, stages: Stages
) -> Release:
    """The last release as lines, and of the older ones the codes that it lacks."""
    older = [_read_older(path, problems, request, stages) for path in paths[:-1]]
    newest = paths[-1]
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
    problems.join(intake.problems)
    refuse_wrong_order(older, newest, intake.source.issued)
    with stages.stage("sort the release"):
        intake.lines.sort()
        lines = [line for line, _ in groupby(intake.lines)]
        intake.lines = []
    return Release(newest, intake, lines, gone(older, newest, intake) if older else None)


def _read_older(path: Path, problems: Problems, request: Request, stages: Stages) -> Older:
    with stages.stage(f"read the names of {path.name}") as tick:
        tick.expect(count_members(path))
        return read_older(path, problems, strict=request.strict, progress=tick)


def _read_neighbours(neighbours: Sequence[Neighbour], world: World, request: Request, stages: Stages) -> None:
    """Read each source; for a closed build all of them first, because what one keeps may depend on another."""
    if not request.disorders:
        for neighbour in neighbours:
            with stages.stage(f"read {neighbour.reader.name}") as tick:
                tick.expect(len(neighbour.files))
                neighbour.make_lines(neighbour.records(tick), world)
                neighbour.refuse_losses(strict=request.strict)
        return
    records = {}
    for neighbour in neighbours:
        with stages.stage(f"read {neighbour.reader.name}") as tick:
            tick.expect(len(neighbour.files))
            records[neighbour.reader.name] = list(neighbour.records(tick))
            neighbour.refuse_losses(strict=request.strict)
    with stages.stage("close the sources"):
        kept = close(records, set(_scope(world)))
        for neighbour in neighbours:
            neighbour.make_lines(kept[neighbour.reader.name], world)


def _world(assembly: Assembly, release: Release | None, chosen: Sequence[str]) -> World:
    """What the sources can join with: the packaged graph and the release, or the closed part of them."""
    world = World()
    world.learn(release.lines if release else ())
    world.learn(closed_lines(assembly, release, chosen) if chosen else assembly.store.lines())
    return world


_JOINED = (f"{ORDO}Orphanet_", HGNC, f"{OBO}HP_", CTGOV, CTIS)
"""How the IRIs begin of disorders, genes, phenotypes and trials: what a closed build asks the other sources about."""


def _scope(world: World) -> Iterator[str]:
    """What a closed build is about, as CURIEs: disorders, and the same elsewhere; genes; phenotypes; organizations.

    A gene without HGNC id stands by its symbol (``symbol:GNAS``), since a source may know it by an older one, and a
    disorder by its names too (``name:progressive osseous heteroplasia``), since trials have no code for it.
    """
    for thing in (*world.labelled, *world.same_as, *world.organizations):
        if thing.startswith(_JOINED) or thing in world.same_as or thing in world.organizations:
            yield curie_of(thing)
    yield from (f"symbol:{symbol}" for symbol in world.unnumbered_genes)
    yield from (f"name:{plain_name(name)}" for name in world.disorder_names)


def _labelled(store: LocalStore) -> frozenset[str]:
    """What the packaged graphs give a label: the release need not name these papers again."""
    rows = store.query(f"SELECT DISTINCT ?thing WHERE {{ ?thing <{RDFS}label> ?label }}")
    return frozenset(row["thing"].value for row in rows)  # type: ignore[union-attr]  # a SELECT gives solutions
