"""The command ``serve``: the graph for browsers, SPARQL clients and other programs."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from poh_graph.commands.options import store_option


@click.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; 0.0.0.0 is every one.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--public-url", metavar="URL", help="Address that the world uses. Default: the one listened at.")
@click.option(
    "--publisher",
    metavar="FILE",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Who runs this server, as TOML.",
)
@click.option(
    "--diff",
    "releases",
    multiple=True,
    metavar="NAME=BUNDLE",
    help="A release that /api/diff compares with others; may be repeated.",
)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=30, show_default=True, help="Seconds.")
@click.option("--memory", type=click.IntRange(1), default=500, show_default=True, help="Megabytes of a query.")
@click.option("--max-result", type=click.IntRange(1), default=100, show_default=True, help="Megabytes of an answer.")
@click.option(
    "--max-query", type=click.IntRange(1), default=200, show_default=True, help="Kilobytes of a query's text."
)
@click.option("--workers", type=click.IntRange(1), default=4, show_default=True, help="Queries that run at once.")
@click.option("--waiting", type=click.IntRange(0), default=64, show_default=True, help="Queries that may wait.")
def serve(
    store: str | None, host: str, port: int, public_url: str | None, publisher: Path | None, **options: Any
) -> None:
    """Serve a graph: a SPARQL endpoint, linked data and pages.

    It is read-only, and each query runs in a process of its own, within limits of time, memory and size. Without
    --public-url all addresses that it gives are those of this machine. FILE describes who runs it: name, homepage,
    contact, landing_page.

    Example: poh-graph serve -s bundle --public-url https://example.org/poh
    """
    from poh_graph.web.forking import Forker

    with closing(Forker()) as forker:
        forker.start()
        # What follows takes long to import: the process that makes workers loads what it needs meanwhile.
        from poh_graph.web.listen import address, listening
        from poh_graph.web.program import become
        from poh_graph.web.settings import KILOBYTE, MEGABYTE, Limits, Settings, read_publisher, read_releases
        from poh_graph.web.setup import setup_of

        releases = read_releases(options["releases"])
        whose = read_publisher(publisher) if publisher else None
        limits = Limits(
            seconds=options["timeout"],
            memory=options["memory"] * MEGABYTE,
            result=options["max_result"] * MEGABYTE,
            text=options["max_query"] * KILOBYTE,
            workers=options["workers"],
            waiting=options["waiting"],
        )
        with listening(host, port) as listener:
            settings = Settings(store, public_url or address(listener), whose, limits, releases)
            forker.tell(setup_of(settings))
            become(settings, listener, forker)
