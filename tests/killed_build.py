"""Builds that are killed: run as a program of its own by ``test_bundle``.

``killed_build FOLDER MODE OLD``: for each step N of an exchange, the folder ``FOLDER/N`` gets an old bundle (if
OLD is ``old``), and a process that builds a new one there and is killed before its N-th step in the file system. It
prints the number of the first step that was not reached. MODE is ``swap`` or ``renames``: with renameat2, or as on a
system without it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from poh_graph import bundle

STEPS = {"open", "fcntl.flock", "ctypes.dlsym"} | {
    f"os.{name}" for name in ("mkdir", "rename", "remove", "rmdir", "link")
}
"""The audit events of Python that come before a step; ``dlsym`` is the one before renameat2."""

FILES = ("graph.nq", "manifest.json", "report.ttl", "store/CURRENT", "store/1.sst")


def write(folder: Path, words: str) -> None:
    """Write a small bundle: each file says ``words``."""
    (folder / "store").mkdir()
    for name in FILES:
        is_manifest = name == "manifest.json"
        text = json.dumps({"bundle_format": bundle.FORMAT, "words": words}) if is_manifest else words
        (folder / name).write_text(text, encoding="utf-8")


def build_until(target: Path, last: int) -> None:
    """Build a new bundle, and kill this process before its ``last``-th step below the parent of ``target``."""
    taken = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal taken
        if event in STEPS and (event != "open" or str(target.parent) in str(arguments[0])):
            taken += 1
            if taken == last:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    with bundle.replacing(target) as folder:
        write(folder, "new")


def main(folder: Path, mode: str, before: str) -> None:
    """Kill a build at each of its steps."""
    if mode == "renames":
        bundle._rename_exchange = lambda one, other: False  # noqa: ARG005 - the arguments are those of the original
    for step in range(1, 1000):
        target = folder / str(step) / "bundle"
        target.parent.mkdir(parents=True)
        if before == "old":
            target.mkdir()
            write(target, "old")
        child = os.fork()
        if child == 0:
            build_until(target, step)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.stdout.write(f"{step}\n")
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
