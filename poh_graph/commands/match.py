"""The command ``match``: which disorders are alike some phenotypes."""

from __future__ import annotations

import sys
from typing import Any

import click

from poh_graph.commands.options import NO, as_option, output_option, store_option
from poh_graph.commands.output import format_of, write_text
from poh_graph.errors import ParameterError

_FORMATS = ("table", "tsv", "csv", "json", "markdown")


@click.command()
@click.argument("phenotypes", nargs=-1, metavar="[PHENOTYPE]...")
@click.option("--without", "excluded", multiple=True, metavar="PHENOTYPE", help="One that is not there; repeatable.")
@click.option("--like", metavar="ID", help="What overlaps with this disorder, instead of phenotypes.")
@click.option("--most", type=click.IntRange(min=1), default=20, show_default=True, help="Rows.")
@store_option
@as_option(*_FORMATS)
@output_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if nothing is alike.")
def match(phenotypes: tuple[str, ...], excluded: tuple[str, ...], like: str | None, **options: Any) -> None:
    """Rank the disorders that are alike some phenotypes, with the reasons.

    Over HPO's hierarchy, weighted by how few disorders have a phenotype. What is not there counts against. A graph in
    which HPO was built has the whole hierarchy. For research, not a diagnosis.

    \b
    Example: poh-graph match HP:0025027 HP:0011987 --without HP:0001844
             poh-graph match --like POH
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.export.tables import write_cells
    from poh_graph.graph import open_graph
    from poh_graph.match import HEADER, NOT_A_DIAGNOSIS, alike, rows
    from poh_graph.match import match as match_

    if like and (phenotypes or excluded):
        raise ParameterError("Phenotypes and a disorder are two questions.", mend="Give --like ID alone.")
    graph, most = open_graph(options["store"]), options["most"]
    found = alike(graph, like, most=most) if like else match_(graph, phenotypes, excluded, most=most)
    format_ = format_of(options["as_"], options["output"], "table", _FORMATS)
    write_text(options["output"], write_cells(list(HEADER), rows(graph, found), format_))
    click.echo(NOT_A_DIAGNOSIS, err=True)
    if not found and not options["exit_zero"]:
        sys.exit(NO)
