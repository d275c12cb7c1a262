"""The command ``history``: what was known of a disorder when."""

from __future__ import annotations

from pathlib import Path

import click

from poh_graph.commands.options import as_option, output_option
from poh_graph.output import format_of, write_text

_FORMATS = ("table", "tsv", "csv", "json", "markdown")


@click.command()
@click.argument("disorder", metavar="ID")
@click.argument("releases", nargs=-1, type=click.Path(path_type=Path), metavar="RELEASE RELEASE…")
@as_option(*_FORMATS)
@output_option
def history(disorder: str, releases: tuple[Path, ...], as_: str | None, output: str | None) -> None:
    """Show what was known of a disorder when.

    What changed from each release to the next. A RELEASE is a packet, ZIP, folder, bundle or RDF file. They are
    sorted by the day that each says of itself; those of one day stay in the order given, and so do all if one says no
    day. Exit with 0, even if nothing changed.

    \b
    Example: poh-graph history POH orphapacket-2024-12.zip orphapacket-2025-07.zip
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.disorder_history import history as history_
    from poh_graph.history_report import render

    format_ = format_of(as_, output, "table", _FORMATS)
    write_text(output, render(history_(disorder, releases), format_))
