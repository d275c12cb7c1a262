"""The command ``diff``: what changed between two graphs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from poh_graph.commands.options import NO, as_option, output_option
from poh_graph.commands.output import format_of, write, write_text
from poh_graph.errors import ParameterError

_IN_WORDS = ("table", "tsv", "csv", "json", "markdown", "sssom")
_EXACT = "nquads"
_RDF = "trig"


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--disorder", metavar="ID", help="Only the changes of this disorder.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only changes of this kind; may be repeated.")
@as_option(*_IN_WORDS, _EXACT, _RDF)
@output_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if something changed.")
def diff(old: Path, new: Path, disorder: str | None, kinds: tuple[str, ...], **options: Any) -> None:
    """Show what changed from one graph to another.

    A summary, then the changes by kind and disorder. OLD and NEW are bundles, RDF files, or releases of ORPHApackets
    straight from their source; of these only what Orphanet says is compared. Exit with 1 if something changed, with 0
    if nothing did.

    A KIND is appeared, gone, retired, name, type, definition, synonym, parent, mapping, gene, phenotype, prevalence,
    onset, inheritance or other. `--as nquads` writes the exact lines as an RDF Patch, `--as trig` the
    changes as a graph that `poh-graph build changes.trig` takes beside a release; `--kind mapping --as sssom` the
    mappings that are new or have another relation.

    \b
    Example: poh-graph diff orphapacket-2024-12.zip orphapacket-2025-07.zip
             poh-graph diff orphapacket-2024-12.zip orphapacket-2025-07.zip --kind mapping --as markdown
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.changes.rdf import change_statements
    from poh_graph.changes.report import render
    from poh_graph.changes.words import diff as diff_
    from poh_graph.changes.words import exact_diff
    from poh_graph.export.rdf import FORMATS
    from poh_graph.stages import progress

    output = options["output"]
    format_ = format_of(options["as_"], output, "table", (*_IN_WORDS, _EXACT, _RDF))
    if format_ == _EXACT and (disorder or kinds):
        raise ParameterError(
            "The exact difference is that of the whole graphs.", mend="Leave out --disorder and --kind."
        )
    if format_ == _EXACT:
        with progress("compare"):
            lines = exact_diff(old, new)
        write(output, lines.write)
        is_empty = lines.is_empty
    else:
        with progress("compare"):
            changes = diff_(old, new).select(disorder, kinds)
        if format_ == _RDF:
            statements = change_statements([changes])
            write(output, lambda out: FORMATS[_RDF](statements, out))
        else:
            write_text(output, render(changes, format_))
        is_empty = changes.is_empty
    if not is_empty and not options["exit_zero"]:
        sys.exit(NO)
