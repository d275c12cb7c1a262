"""The command ``fetch``: downloads of the sources."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]…")
@click.option(
    "--cache", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Default: ~/.cache/poh-graph"
)
@click.option("--list", "only_list", is_flag=True, help="Show what there is to fetch, and ask no server.")
def fetch(sources: tuple[str, ...], cache: Path | None, *, only_list: bool) -> None:
    """Download the files of sources into a cache.

    A file that never changes is pinned by its SHA-256, and refused if it differs; of one that changes, the server is
    asked for what is newer, and what came is recorded. A download that broke off goes on where it stopped, and a good
    file is never replaced by a bad one. Prints the path of each file, for `poh-graph build`.

    \b
    Example: poh-graph fetch --list
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.bundle import resource_folder
    from poh_graph.fetch import client, default_cache, fetch_all, wanted
    from poh_graph.source_table import read_sources
    from poh_graph.stages import Stages

    downloads = wanted(read_sources(resource_folder("data") / "sources.toml"), sources)
    if only_list:
        for download in downloads:
            click.echo(f"{download.source}\t{download.name}\t{download.sha256 or 'not pinned'}\t{download.url}")
        return
    with Stages().stage("fetch") as tick, client() as http:
        tick.expect(len(downloads))
        for found in fetch_all(downloads, cache or default_cache(), http):
            tick()
            click.echo(found.path)
            click.echo(f"{found.state}, {found.record.size:,} bytes, SHA-256 {found.record.sha256}", err=True)
