"""Whole builds that are killed in each of their stages: run as a program of its own by ``test_hostile_input``.

``killed_stage FOLDER OLD NEW``: for each stage of a build of two releases, the folders ``FOLDER/STAGE, WHEN`` get a
small old bundle, and a process that builds there and is killed when the stage begins, at its first step, or before it
ends. It prints, as JSON, for each folder the processes that outlived the build by more than a while.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from poh_graph.building import build
from poh_graph.building.gather import Request
from poh_graph.building.inputs import detect
from poh_graph.gate import validate
from poh_graph.gate.report import Report
from poh_graph.gate.slices import slices
from poh_graph.stages import Stages, Tick
from tests.killed_build import write

WHEN = ("begin", "step", "end")
PATIENCE_SECONDS = 20
_BECOME_PARENT_OF_ORPHANS = 36


def die() -> None:
    """End this process as ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly(Stages):
    """Stages of which one kills; it takes note of those that have steps."""

    def __init__(self, deadly: str = "", when: str = "") -> None:
        super().__init__()
        self.deadly, self.when = deadly, when
        self.stepped: set[str] = set()

    @contextmanager
    def stage(self, name: str) -> Iterator[Tick]:
        """Run a stage, or die in it."""
        when = self.when if name == self.deadly else ""
        if when == "begin":
            die()
        with super().stage(name):
            yield Tick(die if when == "step" else lambda: self.stepped.add(name))
            if when == "end":
                die()


def outliving(child: int) -> list[int]:
    """Wait for a build and all that it started; those that do not end are killed and given back."""
    os.waitpid(child, 0)
    until = time.monotonic() + PATIENCE_SECONDS
    left: list[int] = []
    while True:
        try:
            process, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return left
        if process == 0 and time.monotonic() > until:
            found = Path("/proc/self/task", str(os.getpid()), "children").read_text(encoding="ascii").split()
            left = [int(number) for number in found]
            for number in left:
                os.kill(number, signal.SIGKILL)
        time.sleep(0.02)


def kills_of(folder: Path, request: Request) -> list[tuple[str, str]]:
    """Where a build can be killed, found by one that is not: stage, and when."""
    # Each build is a process of its own, forked from one that has no store and so no threads.
    if os.fork() == 0:
        done = Deadly()
        build.build(folder / "whole", request, done)
        found = [(name, when) for name in done.costs for when in WHEN if when != "step" or name in done.stepped]
        (folder / "kills.json").write_text(json.dumps(found), encoding="utf-8")
        os._exit(0)
    os.wait()
    return [(name, when) for name, when in json.loads((folder / "kills.json").read_text(encoding="utf-8"))]


def main(folder: Path, releases: list[Path]) -> None:
    """Kill a build in each of its stages."""
    ctypes.CDLL(None).prctl(_BECOME_PARENT_OF_ORPHANS, 1, 0, 0, 0)
    # So small that several processes share even this graph.
    vars(validate)["slices"] = partial(slices, size=10_000)
    request = Request([detect(release) for release in releases], jobs=2)
    left: dict[str, list[int]] = {}
    for name, when in kills_of(folder, request):
        target = folder / f"{name}, {when}" / "bundle"
        target.mkdir(parents=True)
        write(target, "old")
        child = os.fork()
        if child == 0:
            if name != "check by the shapes":  # which takes the most time
                vars(build)["validate"] = lambda *_, **__: Report(())
            build.build(target, request, Deadly(name, when))
            os._exit(0)
        left[target.parent.name] = outliving(child)
    sys.stdout.write(json.dumps(left))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
