"""The stages of a long command: how long each took, and a progress bar on a terminal.

Times depend on the machine and the hour: they go to stderr, never into a bundle.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Tick = Callable[[], None]


@dataclass
class Stages:
    """Wall and CPU seconds by stage, in the order in which they ran."""

    times: dict[str, tuple[float, float]] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Tick]:
        """Time a stage; ``total`` is the number of ticks to come, if it is known."""
        wall, cpu = time.monotonic(), _cpu()
        with _bar(name, total) as tick:
            yield tick
        self.times[name] = (time.monotonic() - wall, _cpu() - cpu)

    def rows(self) -> list[list[str]]:
        """One row a stage: name, wall seconds, CPU seconds."""
        return [[name, f"{wall:.1f}", f"{cpu:.1f}"] for name, (wall, cpu) in self.times.items()]


def _cpu() -> float:
    """CPU seconds of this process and of its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def peak_megabytes() -> tuple[float, float]:
    """The most memory that this process, and the largest of its workers, have held at a time."""
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own / 1024, workers / 1024


@contextmanager
def _bar(name: str, total: int | None) -> Iterator[Tick]:
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = [
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(name, total=total)
        yield lambda: progress.advance(task)
