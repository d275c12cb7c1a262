"""Sorted lines of the release → store → gate → bundle.

What the lines are made from: :mod:`poh_graph.building.gather`. The same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from poh_graph.building import meta
from poh_graph.building.gather import Gathered, Request, gather
from poh_graph.building.intake import Problems
from poh_graph.building.meta import Counts
from poh_graph.building.partitions import count, write_void
from poh_graph.bundle import FORMAT, Bundle, replacing, sha256, writing
from poh_graph.errors import NotConforming
from poh_graph.gate.report import Report
from poh_graph.gate.validate import validate
from poh_graph.names import NameIndex
from poh_graph.stages import Stages
from poh_graph.store import STORE_VERSION, LocalStore

CHUNK = 100_000
"""Quads of one bulk load to disk: whole releases in one call take six times the memory and are no faster."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the bundle, counts, validation report, problems of the sources, and what was read.

    ``records`` counts those of ORPHApackets by kind; ``rows`` those of the other sources by source, file and fate.
    """

    bundle: Bundle
    counts: dict[str, Counts]
    report: Report
    problems: Problems
    records: dict[str, int]
    rows: dict[str, dict[str, dict[str, int]]]


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
        gathered = gather(request, stages, folder)
        with stages.stage("write and load the release"), writing(target):
            engine = _write_release(bundle, gathered.runs.merged())
        with stages.stage("merge the files of the store"), writing(target):
            # A query looks into each file that a chunk has left: in merged ones it takes about half as long.
            engine.optimize()
            del engine
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
        with stages.stage("count what it holds"), writing(target):
            write_void(count(lambda: _lines(bundle.graph)), bundle.figures)
        with stages.stage("describe"), writing(target):
            _write_descriptions(bundle, gathered, report)
    return Built(Bundle(target), gathered.assembly.counts, report, gathered.problems, gathered.records, gathered.rows)


def _write_release(bundle: Bundle, lines: Iterator[bytes]) -> ox.Store:
    """The sorted lines, as a file and as a store, chunk by chunk; the store is open."""
    engine = ox.Store(str(bundle.store))
    with bundle.graph.open("wb") as file:
        for chunk in _chunks(lines):
            file.write(chunk)
            engine.bulk_load(chunk, ox.RdfFormat.N_QUADS)
    engine.flush()
    return engine


def _chunks(lines: Iterator[bytes]) -> Iterator[bytes]:
    while chunk := b"".join(islice(lines, CHUNK)):
        yield chunk


def _lines(file: Path) -> Iterator[bytes]:
    with file.open("rb") as lines:
        yield from lines


def _write_descriptions(bundle: Bundle, gathered: Gathered, report: Report) -> None:
    """Report, attribution, RO-Crate; the manifest last, since a bundle without it is not one."""
    assembly = gathered.assembly
    sources = {name: count for name, count in assembly.counts.items() if name != "meta"}
    bundle.report.write_bytes(report.turtle)
    bundle.report.with_suffix(".txt").write_text(report.text, encoding="utf-8")
    (bundle.path / "ATTRIBUTION.md").write_text(meta.attribution(assembly.sources, sources), encoding="utf-8")
    described = ["graph.nq", "report.ttl", "report.txt", "names.tsv", "void.ttl", "ATTRIBUTION.md"]
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
            "rows": gathered.rows,
        },
    )


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
