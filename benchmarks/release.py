"""A whole release of Orphanet: the build against what the libraries below it need, rdflib, and Virtuoso if it is there.

    python benchmarks/release.py ../shared/data/orphapacket-2025-07.zip [ROUNDS]

The limit is orjson's parse of every packet, and Oxigraph's bulk load of the same N-Quads to disk in chunks of 100,000
lines, which leaves the files of the store unmerged. The rounds are interleaved, each part a process of its own; the
table shows the median. Seconds are wall time, megabytes are 10^6 bytes; the peak of the gate is over the process and
its workers. Virtuoso loads the finished N-Quads of the first build.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

PARTS = Path(__file__).parent / "release_parts.py"
VIRTUOSO = Path(__file__).parent / "virtuoso.py"
SIZES = (1_000, 3_000)
"""Packets of the smaller releases that show how the cost grows."""


def part(name: str, *arguments: str | Path) -> dict[str, float]:
    """Run one part as a process of its own, and give what it measured."""
    return measured(str(PARTS), name, *map(str, arguments))


def measured(*command: str) -> dict[str, float]:
    """Run a script that prints what it measured as a last line of JSON."""
    done = subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def smaller(release: Path, packets: int, folder: Path) -> Path:
    """The first packets of a release, as a ZIP of their own."""
    path = folder / f"orphapacket-{packets}.zip"
    with zipfile.ZipFile(release) as whole, zipfile.ZipFile(path, "w") as cut:
        names = sorted(name for name in whole.namelist() if name.endswith(".json"))
        for name in names[:packets]:
            cut.writestr(name, whole.read(name))
    return path


def medians(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over the rounds."""
    return {name: median(round_[name] for round_ in rounds) for name in rounds[0]}


def main() -> None:
    """Measure and print."""
    release = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3  # noqa: PLR2004 - the second word
    with TemporaryDirectory() as name:
        folder = Path(name)
        builds, limits = [], []
        for _ in range(rounds):
            builds.append(part("build", release, folder / "bundle"))
            limits.append(part("limit", release, folder / "bundle" / "graph.nq", folder / "store"))
        build, limit = medians(builds), medians(limits)
        kinds = part("kinds", folder / "bundle" / "graph.nq")
        serialised = part("serialise", folder / "bundle" / "graph.nq", folder / "again.nq")
        virtuoso = measured(str(VIRTUOSO), str(folder / "bundle" / "graph.nq")) if shutil.which("virtuoso-t") else None
        rdflib = part("rdflib", folder / "bundle" / "graph.nq", folder / "with-rdflib.nq")
        growth = {size: part("build", smaller(release, size, folder), folder / "small") for size in SIZES}
    to_lines = build["assemble"] + build["read"] + build["sort"]
    to_store = to_lines + build["load"] + build["merge"]
    to_file = to_lines + serialised["seconds"]
    print(f"{datetime.now(UTC).date()}, {os.cpu_count()} cores, Python {platform.python_version()}, {rounds} rounds")
    print(f"{build['quads']:,.0f} quads of {build['packets']:,.0f} packets")
    for kind, number in kinds.items():
        print(f"    {kind:60} {number:10,.0f}")
    for label, seconds in (
        ("limit: orjson parse", limit["parse"]),
        ("limit: Oxigraph bulk load", limit["load"]),
        ("build: assemble, read, sort", to_lines),
        ("build: write and load", build["load"]),
        ("build: merge the files of the store", build["merge"]),
        ("gate: shapes and checks", build["check"]),
        ("build and serialise, without the load", to_file),
        ("rdflib: build and serialise the same", rdflib["seconds"]),
    ):
        print(f"{label:40} {seconds:8.1f} s")
    print(f"{'build up to the loaded store / limit':40} {to_store / (limit['parse'] + limit['load']):8.2f} x")
    print(f"{'rdflib / build, both serialised':40} {rdflib['seconds'] / to_file:8.2f} x")
    print(f"{'rdflib / build up to the loaded store':40} {rdflib['seconds'] / to_store:8.2f} x")
    print(f"{'CPU of all but the load':40} {build['cpu before load']:8.1f} s")
    print(f"{'peak up to the loaded store':40} {build['peak before check']:8.0f} MB")
    print(f"{'peak with the gate':40} {build['peak']:8.0f} MB")
    if virtuoso is None:
        print("Virtuoso is not installed (virtuoso-t): its loader was not measured")
    else:
        print(f"{'Virtuoso: bulk load of the N-Quads':40} {virtuoso['seconds']:8.1f} s, {virtuoso['peak']:.0f} MB")
    for size, figures in growth.items():
        seconds = sum(figures[name] for name in ("assemble", "read", "sort", "load", "merge"))
        print(f"{f'{size:,} packets, up to the loaded store':40} {seconds:8.1f} s, gate {figures['check']:.1f} s")


if __name__ == "__main__":
    main()
