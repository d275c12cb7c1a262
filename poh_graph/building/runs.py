"""The lines of a release as sorted runs, one a source, merged when they are written.

All lines of a build with every source would take several gigabytes; of a long run only the file is kept.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from pathlib import Path
from typing import IO

from poh_graph.bundle import writing

SHORT = 200_000
"""Lines of a run that stays in memory."""


class Runs:
    """Sorted runs of lines. Files have no name: they are gone when the process is, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Keep long runs on the disk of a folder."""
        self._folder = folder
        self._runs: list[Sequence[bytes] | IO[bytes]] = []

    def add(self, lines: Sequence[bytes]) -> None:
        """Take a run: sorted, without repetitions, and of named graphs that no other run has.

        Raises:
            StoreError: if the disk takes no more.
        """
        if len(lines) <= SHORT:
            self._runs.append(lines)
            return
        with writing(self._folder):
            file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - open until it is read, without a name
            file.writelines(lines)
            file.flush()
        self._runs.append(file)

    def merged(self) -> Iterator[bytes]:
        """All lines, sorted. Can be asked for once."""
        runs, self._runs = self._runs, []
        try:
            yield from merge(*map(_lines, runs))
        finally:
            for run in runs:
                if not isinstance(run, Sequence):
                    run.close()


def _lines(run: Sequence[bytes] | IO[bytes]) -> Iterable[bytes]:
    if isinstance(run, Sequence):
        return run
    run.seek(0)
    return run
