"""Time and memory of a difference of two whole releases, beside ``sort`` and ``comm`` on the same N-Quads.

    python -m benchmarks.diff OLD NEW          OLD and NEW are bundles

Each command runs as a process of its own; the rounds are interleaved and the table shows the median. CPU is user and
system time with that of child processes, in seconds; peak is the largest resident memory in megabytes (10^6). The exact
difference may take 1.5 times what ``sort`` and ``comm`` take, the words 5 s more, and 1,500 MB of memory.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.cpu import POH_GRAPH, Run, measure

ROUNDS = 3
FACTOR, WORDS_SECONDS, PEAK_MB = 1.5, 5, 1500

_SORT = 'export LC_ALL=C; sort "$0" > old.nq; sort "$1" > new.nq; comm -3 old.nq new.nq > changed.txt'


def main() -> None:
    """Measure, and print the machine, the date and one line a command."""
    old, new = (Path(argument).absolute() for argument in sys.argv[1:])
    diff = (POH_GRAPH, "diff", str(old), str(new), "--exit-zero", "-o")
    commands = {
        "sort, sort, comm": ("bash", "-c", _SORT, str(old / "graph.nq"), str(new / "graph.nq")),
        "diff, exact (nquads)": (*diff, "changes.rdfp"),
        "diff, in words (json)": (*diff, "changes.json"),
        "diff, in words (table)": (*diff, "changes.txt"),
    }
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    with TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for name, command in commands.items():
                runs[name].append(measure(command, Path(folder)))
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {machine}, median of {ROUNDS} interleaved runs")
    print(f"{'command':<26}{'CPU s':>8}{'peak MB':>10}   goal")
    yardstick, *_ = (median(run.cpu for run in found) for found in runs.values())
    for name, found in runs.items():
        cpu, peak = median(run.cpu for run in found), median(run.peak for run in found)
        limit = FACTOR * yardstick + (WORDS_SECONDS if "words" in name else 0)
        verdict = "met" if cpu < limit and peak < PEAK_MB else "MISSED"
        goal = f"CPU < {limit:.1f} s, peak < {PEAK_MB} MB: {verdict}" if name.startswith("diff") else ""
        print(f"{name:<26}{cpu:>8.2f}{peak:>10.0f}   {goal}".rstrip())


if __name__ == "__main__":
    main()
