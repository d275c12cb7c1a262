"""The processes of a server that runs, as Linux shows them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def children(pid: int) -> list[int]:
    """The processes that a process has started and that are still there, zombies among them."""
    there = [int(place.name) for place in PROC.iterdir() if place.name.isdigit()]
    return sorted(each for each in there if _field(each, "PPid") == str(pid))


def workers(server: int) -> list[int]:
    """The workers of a server: what the process that it has started has forked."""
    return [worker for forker in children(server) for worker in children(forker)]


def stores(server: int) -> set[str]:
    """The names of the folders from which the workers of a server, and who makes stores for them, read."""
    found = set()
    for pid in workers(server):
        with suppress(OSError):  # it has ended, or closed one meanwhile
            found |= {path.parent.name for path in map(Path.readlink, (PROC / str(pid) / "fd").iterdir())}
    return found & {"store", "merging", "merged"}


def tree(server: int) -> list[int]:
    """A server and all below it."""
    return [server, *(pid for child in children(server) for pid in tree(child))]


def resident_megabytes(pids: list[int]) -> float:
    """The memory that processes have together; what they share is counted for each."""
    found = (_field(pid, "VmRSS") for pid in pids)
    return sum(int(field.split()[0]) for field in found if field) / 1024


def proportional_megabytes(pids: list[int]) -> float:
    """The memory that processes have together; what some of them share is counted once."""
    return sum(_proportional_kilobytes(pid) for pid in pids) / 1024


def _proportional_kilobytes(pid: int) -> int:
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


def cpu_seconds(pids: list[int]) -> float:
    """The time of the processor that processes have taken, with those that they have waited for."""
    return sum(_ticks(pid) for pid in pids) / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> int:
    try:
        text = (PROC / str(pid) / "stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    # Behind the name, which may hold anything, in brackets: utime, stime, cutime, cstime are the 14th field and so on.
    return sum(map(int, text.rpartition(")")[2].split()[11:15]))


def is_there(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet forgotten does not."""
    return (_field(pid, "State") or "Z")[0] not in "ZX"


def stands_still(pid: int) -> bool:
    """Whether a process has been stopped, to go on later."""
    return (_field(pid, "State") or "")[:1] == "T"


def priority(pid: int) -> int:
    """How far a process lets others go first: 0 not at all (as one that is gone), 19 as far as can be."""
    try:
        return os.getpriority(os.PRIO_PROCESS, pid)
    except ProcessLookupError:
        return 0


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether something comes to hold within some seconds."""
    end = time.monotonic() + seconds
    while not (now := holds()) and time.monotonic() < end:
        time.sleep(0.02)
    return now


def _field(pid: int, name: str) -> str | None:
    try:
        text = (PROC / str(pid) / "status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return None
    lines = (line.partition(":") for line in text.splitlines())
    return next((value.strip() for key, _, value in lines if key == name), None)


def wait_for_merged(server: int) -> None:
    """Return when the workers of a server of a bundle are those that stay: others come some seconds after the start."""
    assert until(lambda: stores(server) == {"merged"}, seconds=60)
