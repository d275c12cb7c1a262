"""Damaged and odd files of each source beside ORPHApackets: each is a file of ``tests/cases/SOURCE``.

What is expected of ``NAME`` stands in ``NAME.expected``: a line for each problem, then what became of the rows; or the
error that the file ends in. A new case is two files.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from poh_graph.building.intake import Problems
from poh_graph.building.neighbours import Neighbour
from poh_graph.building.readers import READERS, Reader, reader_named
from poh_graph.errors import InputError
from poh_graph.records.problems import Problem

CASES = Path(__file__).parent / "cases"
FILES = sorted(path for path in CASES.glob("*/*") if path.suffix != ".expected")


class _Listed(Problems):
    """Every problem, not only the first of its kind."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def add(self, problem: Problem) -> None:
        """Keep a problem as a line."""
        self.lines.append(f"{problem.place} {problem.kind}: {problem.message}")


def report(path: Path) -> str:
    """What the reader of its source says of a file."""
    reader = reader_named(path.parent.name)
    assert reader is not None, f"{path.parent.name} is the folder of no source"
    listed = _Listed()
    found = Neighbour(reader, {path.name: path}, listed)
    try:
        list(found.records())
    except InputError as error:
        return f"InputError: {str(error).splitlines()[0].replace(f'{path.parent}/', '')}\n"
    fate = (f"{what.replace('_', ' ')} {number}" for what, number in found.tallies[path.name].described().items())
    return "\n".join([*listed.lines, ", ".join(fate)]) + "\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_gives_the_report_that_is_expected(path: Path) -> None:
    """Each problem with its place, in the order of the file, and the fate of every row."""
    assert report(path) == path.with_name(f"{path.name}.expected").read_text("utf-8")


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_each_source_has_a_good_file_and_a_truncated_one(reader: Reader) -> None:
    """A download that was cut short is told of every source."""
    names = {path.name.partition(".")[0] for path in FILES if path.parent.name == reader.name}
    assert {"good", "truncated"} <= names
