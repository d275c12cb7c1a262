"""The command ``build``: from release files to a bundle that is checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from poh_graph.building.build import Built
    from poh_graph.stages import Stages

_READ = {
    "Disorder": "disorders",
    "Stub": "parents without a packet",
    "Parent": "steps up to a parent",
    "GeneAssociation": "gene associations",
    "PhenotypeAssociation": "phenotype associations",
    "Epidemiology": "epidemiology rows",
    "CrossReference": "cross-references",
}
"""What is read of a release, in words. A kind that it lacks is shown as 0."""


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), default="bundle", show_default=True)
@click.option(
    "--source", "sources", multiple=True, metavar="NAME=PATH", help="A file of this kind, whatever it looks like."
)
@click.option(
    "--disorder", "disorders", multiple=True, metavar="ID", help="Only this disorder, closed; may be repeated."
)
@click.option("--jobs", type=click.IntRange(min=1), help="Processes of the check by the shapes. Default: one a core.")
@click.option("--strict", is_flag=True, help="Fail at the first packet or row that cannot be read.")
def build(
    files: tuple[Path, ...],
    target: Path,
    sources: tuple[str, ...],
    disorders: tuple[str, ...],
    jobs: int | None,
    strict: bool,  # noqa: FBT001 - click gives options by name
) -> None:
    """Build a bundle, checked by the shapes.

    It holds the curated graph, with a release of Orphanet, other sources and RDF files of your own. A FILE is a release
    of ORPHApackets (ZIP, folder or a single packet) or a file or folder of a source that has a reader, which replace
    the packaged extracts, or RDF, which becomes a named graph of its own. Of several releases, given oldest first, the
    last one is the graph, and codes that are gone from it keep their name and the day when they were last seen. If the
    shapes refuse the graph, or the build is killed, the bundle that was there stays as it was.

    \b
    Example: poh-graph build
             poh-graph build orphapacket-2025-07.zip --disorder FOP -o fop
             poh-graph build orphapacket-2025-07.zip --source mondo=mappings/
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.building.build import build as build_
    from poh_graph.building.gather import Request
    from poh_graph.building.inputs import detect, forced
    from poh_graph.stages import Stages

    inputs = [*map(detect, files), *map(forced, sources)]
    stages = Stages()
    built = build_(target, Request(inputs, disorders, strict, jobs), stages)
    _print(built, stages)


def _print(built: Built, stages: Stages) -> None:
    """Counts and verdict to stdout; problems, times and memory, which are no data of the bundle, to stderr."""
    from poh_graph.export.tables import text_table

    graphs = [[name, f"{count.triples:,}", f"{count.subjects:,}"] for name, count in built.counts.items()]
    graphs.append(["all", f"{sum(c.triples for c in built.counts.values()):,}", ""])
    click.echo(text_table(["graph", "triples", "subjects"], _numbers_right(graphs)))
    if built.records:
        read = [[words, f"{built.records.get(kind, 0):,}"] for kind, words in _READ.items()]
        click.echo("\n" + text_table(["read", "records"], _numbers_right(read)))
    fates = [
        [f"{source}: {file}", *(f"{number:,}" for number in fate.values())]
        for source, files in built.rows.items()
        for file, fate in files.items()
    ]
    if fates:
        header = ["file", "rows", "read", "lost", "repeated", "out of scope"]
        click.echo("\n" + text_table(header, _numbers_right(fates)))
    problems = built.problems.described()
    if problems:
        cells = [[kind, f"{found['count']:,}", str(found["first"])] for kind, found in problems.items()]
        click.echo("\n" + text_table(["problem", "count", "the first"], cells), err=True)
    times = [[name, f"{cost.wall:.1f}", f"{cost.cpu:.1f}", f"{cost.peak:,.0f}"] for name, cost in stages.costs.items()]
    times.append([
        "all",
        f"{sum(cost.wall for cost in stages.costs.values()):.1f}",
        f"{sum(cost.cpu for cost in stages.costs.values()):.1f}",
        f"{stages.peak:,.0f}",
    ])  # fmt: skip
    header = ["stage", "seconds", "CPU seconds", "MB of all processes"]
    click.echo("\n" + text_table(header, _numbers_right(times)), err=True)
    click.echo(f"\n{built.bundle.path}: {built.report.summary}")


def _numbers_right(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows with all columns but the first set flush right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        [first, *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))] for first, *cells in rows
    ]
