"""Tables of tab-separated text, read strictly: each line is a row or a problem with its place.

Taken are a byte order mark, Windows ends of line, comment lines before the header, and cells in double quotes. A cell
that goes on in the next line is none: none of the sources writes one, and a quote that nobody closes would swallow the
rest of a file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from poh_graph.errors import InputError
from poh_graph.records.problems import Problem

BOM = b"\xef\xbb\xbf"


class Cells(NamedTuple):
    """A row: its line in the file, and the text of each column."""

    line: int
    cells: dict[str, str]


class Table:
    """A table of tab-separated text. ``preamble`` holds the comment lines before the header, ``columns`` the header.

    ``rows`` is the number of rows come to so far: of the whole table once :meth:`read` is at its end.
    """

    def __init__(self, path: Path, *, comment: str = "#") -> None:
        """Read the head of a table.

        Raises:
            InputError: if the file cannot be read, has no header, or one that names a column twice.
        """
        self.path = path
        self.rows = 0
        self.preamble: list[str] = []
        self.columns: tuple[str, ...] = ()
        self._lines = enumerate(raw_lines(path), start=1)
        for number, raw in self._lines:
            text = raw.removeprefix(BOM).decode("utf-8", "replace").rstrip("\r\n")
            if comment and text.startswith(comment):
                self.preamble.append(text)
            elif text.strip():
                self.header = number
                self.columns = tuple(cell.strip().strip('"') for cell in text.split("\t"))
                break
        if not self.columns:
            raise InputError(f"{path} holds no table: it has no header.", mend="Download it again.")
        repeated = sorted({column for column in self.columns if self.columns.count(column) > 1})
        if repeated:
            raise InputError(
                f"{path}: the header names {', '.join(repeated)} twice, so nobody knows which column is meant.",
                mend="Correct the header, or download the file again.",
            )

    def require(self, *columns: str) -> None:
        """Fail unless the table has these columns.

        Raises:
            InputError: if one is missing.
        """
        missing = [column for column in columns if column not in self.columns]
        if missing:
            raise InputError(
                f"{self.path} has no column {', '.join(missing)}; it has: {', '.join(self.columns)}.",
                mend="Is it the right file, and whole? Columns are told apart by their names, not by their order.",
            )

    def unknown(self, known: frozenset[str]) -> Iterator[Problem]:
        """A problem for each column that the reader does not know: the source may say something new there."""
        for column in self.columns:
            if column not in known:
                message = f"the column {column!r} is not known, and not read"
                yield Problem(f"{self.path.name}:{self.header}", "unknown key", message)

    def read(self) -> Iterator[Cells | Problem]:
        """The rows, each once. Empty lines are none.

        Raises:
            InputError: if the file ends within a row: then it is cut short, and nobody knows how much is missing.
        """
        width = len(self.columns)
        for number, raw in self._lines:
            if not raw.strip():
                continue
            self.rows += 1
            cells = _cells(raw)
            is_cut = not raw.endswith(b"\n")
            if isinstance(cells, list) and len(cells) == width:
                yield Cells(number, dict(zip(self.columns, cells, strict=True)))
            elif is_cut:
                raise InputError(
                    f"{self.path}:{number}: the file ends within this row: it is cut short.", mend="Download it again."
                )
            else:
                found = cells if isinstance(cells, str) else f"{len(cells)} cells"
                message = f"expected {width} cells of UTF-8 text between tabs, found {found}"
                yield Problem(f"{self.path.name}:{number}", "unreadable row", message)
            if is_cut:
                message = "the last line has no end: the file may be cut short"
                yield Problem(f"{self.path.name}:{number}", "no end of line", message)


def raw_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file with their ends.

    Raises:
        InputError: if it cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from file
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None


def _cells(raw: bytes) -> list[str] | str:
    """The cells of a line; why there are none, in words, if they cannot be told apart."""
    try:
        text = raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        return "other bytes"
    if '"' not in text:
        return text.split("\t")
    try:
        return next(csv.reader([text], delimiter="\t", strict=True))
    except csv.Error:
        return "a quote that is not closed or not doubled"


def several(cell: str, separator: str = "|") -> tuple[str, ...]:
    """The values of a cell that may hold several, each once, in their order.

    >>> several("NESP55|NESP||NESP")
    ('NESP55', 'NESP')
    """
    return tuple(dict.fromkeys(value for part in cell.split(separator) if (value := part.strip())))
