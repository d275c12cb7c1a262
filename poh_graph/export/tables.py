"""The rows of a SELECT in the formats of tables.

``tsv``, ``csv`` and ``json`` are the engine's own W3C serialisations: datatypes, languages and full IRIs as they are.
``table`` and ``markdown`` are for people: CURIEs with their labels.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Sequence

import pyoxigraph as ox

W3C_FORMATS = {
    "tsv": ox.QueryResultsFormat.TSV,
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
}
FORMATS = ("table", *W3C_FORMATS, "markdown")

_WIDEST = 10_000


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
    """A table for a terminal, wrapped to ``width``, else to the terminal; in a file or pipe as wide as it is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=width or (None if sys.stdout.isatty() else _WIDEST), highlight=False)
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


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
