"""The command ``audit``: what the sources of a graph say against each other."""

from __future__ import annotations

import sys
from typing import Any

import click

from poh_graph.commands.options import NO, as_option, iri_option, output_option, store_option
from poh_graph.commands.output import format_of, write, write_text

_FORMATS = ("table", "tsv", "csv", "json", "markdown", "turtle")


@click.command()
@store_option
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only findings of this kind; may be repeated.")
@as_option(*_FORMATS)
@output_option
@iri_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if something was found.")
def audit(store: str | None, kinds: tuple[str, ...], as_: str | None, output: str | None, **options: Any) -> None:
    """Hold the sources against each other.

    Where they contradict, repeat or lag behind one another is a finding. Each finding has both statements with their
    sources, what to do about it, and whom to tell. `table` and `markdown` show the first findings of each kind, and
    all of a kind that is asked for; `tsv`, `csv` and `json` are sheets of all; `turtle` is a SHACL validation report.
    A KIND is a name of the first table, or the beginning of some. Exit with 1 if anything was found, notes (Info)
    too.

    \b
    Example: poh-graph audit --exit-zero
             poh-graph audit --kind gene --as markdown -o ticket.md --exit-zero
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.audit import SHEET
    from poh_graph.audit import audit as audit_
    from poh_graph.export.tables import write_cells
    from poh_graph.graph import open_graph
    from poh_graph.stages import progress

    format_ = format_of(as_, output, "table", _FORMATS)
    with progress("hold the sources against each other"):
        found = audit_(open_graph(store), kinds)
    if format_ == "turtle":
        write(output, lambda out: out.write(found.report.turtle))
    elif format_ in ("table", "markdown"):
        document = found.document(all_shown=bool(kinds))
        write_text(output, document.render("text" if format_ == "table" else format_))
    else:
        write_text(output, write_cells(SHEET, found.sheet(full_iris=options["full_iris"]), format_))
    if found.count and not options["exit_zero"]:
        sys.exit(NO)
