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

import pyoxigraph as ox

W3C_FORMATS = {
    "tsv": ox.QueryResultsFormat.TSV,
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
}
FORMATS = ("table", *W3C_FORMATS, "markdown")

_WIDEST = 10_000
_GAP = 3


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
    """A table as wide as it is; one that is wider than ``width``, or than the terminal, as one block a row.

    Into a file or a pipe the lines are as long as they must be. Cells are never wrapped: narrow columns of prose cannot
    be read.
    """
    if width is None and sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    if width and sum(widths) + _GAP * len(widths) > width:
        return "\n\n".join(_block(header, row, width) for row in rows)
    return _grid(header, rows)


def _grid(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=_WIDEST, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in header:
        table.add_column(name)
    for row in rows:
        table.add_row(*map(Text, row))
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def _block(header: Sequence[str], row: Sequence[str], width: int) -> str:
    """A row as its first cell, and below it each other cell that says something, with the name of its column."""
    lines = [
        (row[0], ""),
        *((f"{name}: {cell}", "    ") for name, cell in zip(header[1:], row[1:], strict=True) if cell),
    ]
    return "\n".join(
        textwrap.fill(
            line,
            width,
            initial_indent=indent,
            subsequent_indent=indent + "  ",
            break_on_hyphens=False,
            break_long_words=False,
        )
        for line, indent in lines
    )


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
