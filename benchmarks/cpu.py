"""Time and memory of the commands, measured side by side: ``make bench``.

Each command runs as a process of its own, in an empty folder without a bundle. The rounds are interleaved, so that a
slow moment of the machine meets all commands alike; the table shows the median of the rounds.

Unit: CPU is user and system time of the process in seconds; peak is its largest resident memory in megabytes (10^6).
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROUNDS = 5
POH_GRAPH = str(Path(sys.executable).with_name("poh-graph"))
YARDSTICK = Path(__file__).parent / "with_rdflib.py"

# Python keeps its compiled modules, as it does for users; the commands that prepare the measurement write them.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Case:
    """A command to measure, and what it may take: CPU in seconds, peak in megabytes."""

    name: str
    command: tuple[str, ...]
    cpu_goal: float | None = None
    peak_goal: float | None = None


@dataclass(frozen=True)
class Run:
    """What one run of a command took."""

    cpu: float
    peak: float


def measure(command: tuple[str, ...], folder: Path) -> Run:
    """Run a command in a folder, and give what that process took.

    Raises:
        CalledProcessError: if it fails; what it said is on stderr.
    """
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    bytes_a_unit = 1 if sys.platform == "darwin" else 1024
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * bytes_a_unit / 1e6)


def output(command: tuple[str, ...], folder: Path) -> bytes:
    """What a command writes to stdout."""
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.PIPE).stdout


def cases(folder: Path) -> list[Case]:
    """The commands; the yardstick gets the same statements and the same query, written to ``folder`` here."""
    quads, text = folder / "poh.nq", folder / "genes.rq"
    quads.write_bytes(output((POH_GRAPH, "export", "nquads"), folder))
    text.write_bytes(output((POH_GRAPH, "query", "genes", "POH", "--text"), folder))
    return [
        Case("poh-graph --help", (POH_GRAPH, "--help"), cpu_goal=0.1),
        Case("poh-graph query genes POH", (POH_GRAPH, "query", "genes", "POH"), cpu_goal=0.3),
        Case("the same query with rdflib", (sys.executable, str(YARDSTICK), str(quads), str(text))),
        Case("poh-graph build", (POH_GRAPH, "build", "-o", str(folder / "built")), peak_goal=400),
    ]


def line(case: Case, runs: list[Run]) -> str:
    """The medians of one command, with its goals and whether they are met."""
    cpu, peak = median(run.cpu for run in runs), median(run.peak for run in runs)
    goals = [f"CPU < {case.cpu_goal} s"] if case.cpu_goal else []
    goals += [f"peak < {case.peak_goal} MB"] if case.peak_goal else []
    kept = (not case.cpu_goal or cpu < case.cpu_goal) and (not case.peak_goal or peak < case.peak_goal)
    verdict = f"{', '.join(goals)}: {'met' if kept else 'MISSED'}" if goals else ""
    return f"{case.name:<28}{cpu:>8.3f}{peak:>10.0f}   {verdict}".rstrip()


def main() -> None:
    """Measure, and print the machine, the date and one line a command."""
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {machine}, median of {ROUNDS} interleaved runs")
    print(f"{'command':<28}{'CPU s':>8}{'peak MB':>10}   goal")
    with TemporaryDirectory() as name:
        folder = Path(name)
        measured = cases(folder)
        runs: dict[str, list[Run]] = {case.name: [] for case in measured}
        for _ in range(ROUNDS):
            for case in measured:
                runs[case.name].append(measure(case.command, folder))
        for case in measured:
            print(line(case, runs[case.name]))


if __name__ == "__main__":
    main()
