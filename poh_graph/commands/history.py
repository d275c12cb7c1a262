"""The command ``history``: what was known of a disorder when."""

from __future__ import annotations

from pathlib import Path

import click

from poh_graph.commands.options import as_option, output_option
from poh_graph.commands.output import format_of, write, write_text

_IN_WORDS = ("table", "tsv", "csv", "json", "markdown")
_RDF = ("turtle", "trig")
_FEED = "atom"
_FORMATS = (*_IN_WORDS, *_RDF, _FEED)


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

    `--as trig` writes the changes as a graph that `poh-graph build changes.trig` takes beside a release, `--as atom` a
    feed for those who follow the disorder.

    \b
    Example: poh-graph history POH orphapacket-2024-12.zip orphapacket-2025-07.zip
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.changes.feed import feed
    from poh_graph.changes.history import history as history_
    from poh_graph.changes.history_report import render
    from poh_graph.changes.rdf import change_statements
    from poh_graph.export.rdf import FORMATS
    from poh_graph.stages import progress

    format_ = format_of(as_, output, "table", _FORMATS)
    with progress("read the releases"):
        found = history_(disorder, releases)
    if format_ == _FEED:
        written = feed(found)
        write(output, lambda out: out.write(written))
    elif format_ in _RDF:
        statements = change_statements(found.steps)
        write(output, lambda out: FORMATS[format_](statements, out))
    else:
        write_text(output, render(found, format_))
