"""Sources → named graphs and ``meta`` → sorted release → store → gate.

What the package carries is assembled in memory; a release of ORPHApackets, given by the user, takes the place of the
packaged extract of it. The same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from poh_graph import meta
from poh_graph.assemble import Assembly, assemble_sources, count_graphs, describe
from poh_graph.bundle import FORMAT, Bundle, replacing, sha256, writing
from poh_graph.closure import self_contained
from poh_graph.errors import NotConforming
from poh_graph.inputs import ORPHAPACKET, RDF, Input, of_kind
from poh_graph.intake import GRAPH, Intake, Problems, read_release
from poh_graph.meta import Counts, InputFile
from poh_graph.names import NameIndex
from poh_graph.report import Report
from poh_graph.resolve import Resolver
from poh_graph.stages import Stages
from poh_graph.store import STORE_VERSION, LocalStore
from poh_graph.terms import ONTOLOGY_GRAPH, RDFS
from poh_graph.validate import validate

CHUNK = 100_000
"""Quads of one bulk load to disk: whole releases in one call take six times the memory and are no faster."""


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


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the bundle, counts, validation report, problems of the sources and records read by kind."""

    bundle: Bundle
    counts: dict[str, Counts]
    report: Report
    problems: Problems
    records: dict[str, int]


@dataclass
class _Gathered:
    """All lines of the release, sorted, and what they were made from."""

    lines: list[bytes]
    assembly: Assembly
    problems: Problems = field(default_factory=Problems)
    records: dict[str, int] = field(default_factory=dict)


def build(target: Path, request: Request | None = None, stages: Stages | None = None) -> Built:
    """Build a bundle at ``target``: either it is there as a whole and conforms, or what was there stays.

    Raises:
        InputError: if an input cannot be read, or too much of it is lost.
        UnknownName: if a disorder of the request is in none of the inputs.
        StoreError: if another build of ``target`` runs, or it cannot be written (the disk is full).
        NotConforming: if the shapes or checks refuse the graph.
    """
    request = request or Request()
    stages = stages or Stages()
    with replacing(target) as folder:
        bundle = Bundle(folder)
        gathered = _gather(request, stages)
        with stages.stage("write and load the release"), writing(target):
            _write_release(bundle, gathered.lines)
        gathered.lines = []
        with stages.stage("check by the shapes") as tick:
            store = LocalStore.read_only(bundle.store)
            with bundle.graph.open("rb") as lines:
                report = validate(store, lines=lines, jobs=request.jobs, tick=tick)
        if not report.conforms:
            raise NotConforming(
                f"The graph does not conform; {target} is left as it was.\n{report.text}",
                mend="Mend the statements that are named above.",
            )
        with stages.stage("index the names"), writing(target):
            NameIndex.of(store).write(bundle.names)
        with writing(target):
            _write_descriptions(bundle, gathered, report)
    return Built(Bundle(target), gathered.assembly.counts, report, gathered.problems, gathered.records)


def _gather(request: Request, stages: Stages) -> _Gathered:
    releases = of_kind(request.inputs, ORPHAPACKET)
    with stages.stage("assemble the packaged graph"):
        assembly = assemble_sources(of_kind(request.inputs, RDF), without=[GRAPH] if releases else [])
    if not releases:
        return _packaged_only(assembly, request.disorders)
    release = releases[-1]
    with stages.stage(f"read {release.name}") as tick:
        intake = read_release(
            release,
            assembly.sources[GRAPH],
            described=_labelled(assembly.store),
            disorders=request.disorders,
            strict=request.strict,
            progress=tick,
        )
    with stages.stage("sort"):
        return _joined(assembly, intake, release, request.disorders)


def _packaged_only(assembly: Assembly, disorders: Sequence[str]) -> _Gathered:
    if disorders:
        names = Resolver(assembly.store)
        _keep_closed(assembly, [names.one(name, kind="disorder").iri for name in disorders])
    assembly.counts = count_graphs(assembly.store)
    describe(assembly)
    assembly.counts = count_graphs(assembly.store)
    return _Gathered(sorted(assembly.store.lines()), assembly)


def _joined(assembly: Assembly, intake: Intake, release: Path, disorders: Sequence[str]) -> _Gathered:
    """The packaged graph and a release as one: sorted lines, counts, description."""
    intake.lines.sort()
    lines = [line for line, _ in groupby(intake.lines)]
    intake.lines = []
    if disorders:
        _keep_beside(assembly, lines, intake.chosen)
    assembly.sources[GRAPH] = intake.source
    assembly.counts = count_graphs(assembly.store)
    assembly.counts[GRAPH] = Counts(len(lines), sum(1 for _ in groupby(lines, key=_subject)))
    assembly.counts = dict(sorted(assembly.counts.items()))
    if release.is_file():
        assembly.files.append(InputFile.of(GRAPH, release.name, release))
    describe(assembly)
    assembly.counts["meta"] = count_graphs(assembly.store)["meta"]
    lines += sorted(assembly.store.lines())
    lines.sort()
    return _Gathered(lines, assembly, intake.problems, dict(intake.records))


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


def _write_release(bundle: Bundle, lines: Sequence[bytes]) -> None:
    """The sorted lines, as a file and as a store, chunk by chunk."""
    engine = ox.Store(str(bundle.store))
    with bundle.graph.open("wb") as file:
        for chunk in _chunks(lines):
            file.write(chunk)
            engine.bulk_load(chunk, ox.RdfFormat.N_QUADS)
    engine.flush()


def _chunks(lines: Sequence[bytes]) -> Iterator[bytes]:
    for start in range(0, len(lines), CHUNK):
        yield b"".join(lines[start : start + CHUNK])


def _write_descriptions(bundle: Bundle, gathered: _Gathered, report: Report) -> None:
    """Report, attribution, RO-Crate; the manifest last, since a bundle without it is not one."""
    assembly = gathered.assembly
    sources = {name: count for name, count in assembly.counts.items() if name != "meta"}
    bundle.report.write_bytes(report.turtle)
    bundle.report.with_suffix(".txt").write_text(report.text, encoding="utf-8")
    (bundle.path / "ATTRIBUTION.md").write_text(meta.attribution(assembly.sources, sources), encoding="utf-8")
    described = ["graph.nq", "report.ttl", "report.txt", "names.tsv", "ATTRIBUTION.md"]
    sizes = {name: (bundle.path / name).stat().st_size for name in described}
    _write_json(bundle.path / "ro-crate-metadata.json", meta.ro_crate(assembly.sources, sources, sizes))
    digests = {name: sha256(bundle.path / name) for name in (*described, "ro-crate-metadata.json")}
    _write_json(
        bundle.manifest,
        {
            "bundle_format": FORMAT,
            "store": STORE_VERSION,
            **meta.manifest(assembly.sources, sources, assembly.files, digests),
            "problems": gathered.problems.described(),
        },
    )


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
