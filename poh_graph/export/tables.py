"""The rows of a SELECT in the formats of tables.

``tsv``, ``csv`` and ``json`` are the engine's own W3C serialisations: datatypes, languages and full IRIs as they are.
``table`` and ``markdown`` are for people: CURIEs with their labels.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import textwrap
from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

import pyoxigraph as ox

W3C_FORMATS = {
    "tsv": ox.QueryResultsFormat.TSV,
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
}
FORMATS = ("table", *W3C_FORMATS, "markdown")

_WIDEST = 10_000
_GAP = 3
_NARROW = 16
"""A column that is no wider is not wrapped: narrow columns of prose cannot be read."""

_MOST_LINES = 3


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    r"""A table in Markdown.

    >>> print(markdown_table(["gene"], [["GNAS | 20q"]]))
    | gene |
    | --- |
    | GNAS \| 20q |
    """

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return "\n".join([line(header), line(["---"] * len(header)), *map(line, rows)])


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None) -> str:
    """A table that is at most as wide as ``width``, or as the terminal.

    One that is too wide has its widest cells wrapped, if three lines or so do for them; else each row is a block, a
    line a cell. Into a file or a pipe the lines are as long as they must be.
    """
    if width is None and sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
    if not rows:
        return "no rows"
    columns = [_Column.of(cells) for cells in zip(header, *rows, strict=True)]
    widths = _fitted(columns, width - _GAP * (len(columns) - 1)) if width else [column.natural for column in columns]
    return _grid(header, rows, widths) if widths else _blocks(header, rows, width or _WIDEST)


class _Column(NamedTuple):
    """How wide a column is if nothing in it is wrapped, and how wide it must be. Unit: characters."""

    natural: int
    least: int

    @classmethod
    def of(cls, cells: Sequence[str]) -> _Column:
        natural = max(map(len, cells))
        longest_word = max((len(word) for cell in cells for word in cell.split()), default=0)
        return cls(natural, min(natural, max(longest_word, _NARROW, natural // _MOST_LINES)))


def _fitted(columns: Sequence[_Column], room: int) -> list[int] | None:
    """The width of each column, the widest cut down until all fit into ``room``; None if they cannot."""
    if sum(column.least for column in columns) > room:
        return None
    widths = [column.natural for column in columns]
    while sum(widths) > room:
        # Of those that may become narrower, the widest does: no other is cut before it is as wide.
        place = max(range(len(widths)), key=lambda i: (widths[i] > columns[i].least, widths[i]))
        widths[place] -= 1
    return widths


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=_WIDEST, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name, width in zip(header, widths, strict=True):
        table.add_column(name, width=width)
    for row in rows:
        table.add_row(*map(Text, row))
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _blocks(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Each row as lines, one for each cell that says something, with the name of its column.

    The first columns are not said again while they stay as they are: what follows belongs to the same block.
    """
    blocks = []
    above: Sequence[str] = ()
    for row in rows:
        same = _same(above, row)
        cells = [(name, cell) for name, cell in list(zip(header, row, strict=True))[same:] if cell]
        lines = [_line(name, cell, "    " if same or place else "", width) for place, (name, cell) in enumerate(cells)]
        blocks.append("\n".join(lines))
        above = row
    return "\n\n".join(blocks)


def _same(above: Sequence[str], row: Sequence[str]) -> int:
    """How many of the first cells of two rows are the same; never all, so that each row is seen."""
    pairs = zip(above, row[:-1], strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _line(name: str, cell: str, indent: str, width: int) -> str:
    """A cell with the name of its column; its own lines stay lines."""
    following = indent + "  "
    filled: list[str] = []
    for line in filter(str.strip, f"{name}: {cell}".splitlines()):
        filled.append(
            textwrap.fill(
                line,
                width,
                initial_indent=following if filled else indent,
                subsequent_indent=following,
                break_on_hyphens=False,
                break_long_words=False,
            )
        )
    return "\n".join(filled)


def write_cells(header: Sequence[str], rows: Sequence[Sequence[str]], format_: str) -> str:
    """Cells of text as a table of one of :data:`FORMATS`; JSON is a list of objects."""
    if format_ == "markdown":
        return markdown_table(header, rows)
    if format_ == "table":
        return text_table(header, rows)
    if format_ == "json":
        return json.dumps([dict(zip(header, row, strict=True)) for row in rows], indent=1, ensure_ascii=False)
    out = io.StringIO()
    delimiter = "\t" if format_ == "tsv" else ","
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()
