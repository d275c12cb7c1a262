"""The stages of a long command: how long each took and how much memory it held, and a progress bar on a terminal.

Times depend on the machine and the hour: they go to stderr, never into a bundle.
"""

from __future__ import annotations

import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self

_LOOK_SECONDS = 0.1
"""How often the memory of the processes is looked at."""


class Tick:
    """Called once for each step of a stage; :meth:`expect` says how many there will be."""

    def __init__(
        self, advance: Callable[[], None] = lambda: None, expect: Callable[[int], None] = lambda _: None
    ) -> None:
        self._advance = advance
        self._expect = expect

    def __call__(self) -> None:
        """Tell of a step."""
        self._advance()

    def expect(self, total: int) -> None:
        """Tell how many steps there will be."""
        self._expect(total)


class Cost(NamedTuple):
    """What a stage took: seconds by the clock, seconds of CPU, and the most megabytes that all processes held."""

    wall: float
    cpu: float
    peak: float


@dataclass
class Stages:
    """The cost of each stage, in the order in which they ran."""

    costs: dict[str, Cost] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[Tick]:
        """Measure a stage, and show its progress on a terminal."""
        wall, cpu = time.monotonic(), _cpu()
        with progress(name) as tick, _Memory() as memory:
            yield tick
        self.costs[name] = Cost(time.monotonic() - wall, _cpu() - cpu, memory.peak)

    @property
    def peak(self) -> float:
        """The most megabytes that all processes together held in any stage."""
        return max((cost.peak for cost in self.costs.values()), default=0.0)


def _cpu() -> float:
    """CPU seconds of this process and of its workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


class _Memory:
    """Looks from time to time at the resident memory of this process and its children."""

    def __init__(self) -> None:
        self.peak = _resident_megabytes()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()
        self.peak = max(self.peak, _resident_megabytes())

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            self.peak = max(self.peak, _resident_megabytes())


def _resident_megabytes() -> float:
    """What this process and its children hold now; on systems without /proc, the most that this process ever held."""
    here = Path("/proc/self")
    if not here.is_dir():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    pages = _pages(here)
    for listed in here.glob("task/*/children"):
        try:
            children = listed.read_text(encoding="ascii").split()
        except OSError:  # the thread has ended meanwhile
            continue
        pages += sum(_pages(here.parent / child) for child in children)
    return pages * resource.getpagesize() / 1e6


def _pages(process: Path) -> int:
    """The resident pages of a process; none if it has ended."""
    try:
        return int((process / "statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0


@contextmanager
def progress(name: str) -> Iterator[Tick]:
    """Show on a terminal what is done, how far it has come and for how long; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield Tick()
        return
    from rich.console import Console
    from rich.progress import Progress, ProgressColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Task as _Task
    from rich.text import Text

    class Steps(ProgressColumn):
        """The steps that were done, of how many if that is known; nothing where there are none to count."""

        def render(self, task: _Task) -> Text:
            done = f"{task.completed:,.0f}" if task.completed or task.total else ""
            return Text(f"{done} of {task.total:,.0f}" if task.total else done)

    columns = [SpinnerColumn(), TextColumn("{task.description}"), Steps(), TimeElapsedColumn()]
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=None)
        yield Tick(lambda: bar.advance(task), lambda total: bar.update(task, total=total))
