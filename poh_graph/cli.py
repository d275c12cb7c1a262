"""The commands: parse, call, print. Data goes to stdout, words to stderr.

Exit codes: 0 done or "yes"; 1 the answer is "no"; 2 could not run, with a message that says how to mend it. Imports of
the other modules are inside the commands, so that ``--help`` costs nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from poh_graph import __version__
from poh_graph.commands.audit import audit
from poh_graph.commands.build import build
from poh_graph.commands.diff import diff
from poh_graph.commands.export import export
from poh_graph.commands.fetch import fetch
from poh_graph.commands.history import history
from poh_graph.commands.match import match
from poh_graph.commands.options import NO, as_option, iri_option, output_option, store_option
from poh_graph.commands.output import format_of, write_text
from poh_graph.commands.output import write as to_output
from poh_graph.commands.query import queries, query
from poh_graph.commands.serve import serve
from poh_graph.errors import NotConforming, PohGraphError, StoreError

if TYPE_CHECKING:
    from poh_graph.graph import Graph

COULD_NOT_RUN = 2

_TABLE_FORMATS = ("table", "tsv", "csv", "json", "markdown")
_RDF_FORMATS = ("turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld")


class _Commands(click.Group):
    """A group that prints our errors as one message, and knows the other names of commands."""

    aliases = {"search": "resolve"}  # noqa: RUF012 - click's classes are not generic

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name or its other name."""
        return super().get_command(ctx, self.aliases.get(cmd_name, cmd_name))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of ours becomes its message and an exit code."""
        try:
            return super().invoke(ctx)
        except NotConforming as error:
            _fail(error, NO)
        except PohGraphError as error:
            _fail(error, COULD_NOT_RUN)
        except KeyboardInterrupt:
            click.echo("Interrupted.", err=True)
            sys.exit(COULD_NOT_RUN)
        except BrokenPipeError:
            # The reader of a pipe has gone (`poh-graph query … | head`): nothing is left to say.
            sys.stderr.close()
            sys.exit(0)
        except OSError as error:
            # What can fail while files are read and written is told where it is known; this is stdout on a full disk.
            _fail(StoreError(f"The answer could not be written ({error.strerror or error})."), COULD_NOT_RUN)


def _fail(error: PohGraphError, code: int) -> NoReturn:
    click.echo(f"Error: {error}" if code == COULD_NOT_RUN else str(error), err=True)
    sys.exit(code)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="poh-graph")
def main() -> None:
    """Ask, build and check the knowledge graph of progressive osseous heteroplasia (ORPHA:2762).

    \b
    poh-graph query genes POH        the gene of POH, with the kind of variant and the papers
    poh-graph show POH               the disorder on a page
    poh-graph compare POH FOP        what two disorders share, and what tells them apart
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"


main.add_command(audit)
main.add_command(build)
main.add_command(diff)
main.add_command(export)
main.add_command(fetch)
main.add_command(history)
main.add_command(match)
main.add_command(queries)
main.add_command(query)
main.add_command(serve)


def _open(store: str | None) -> Graph:
    from poh_graph.graph import open_graph

    return open_graph(store)


@main.command()
@store_option
@click.option("--shapes", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Shapes of your own.")
@as_option("text", "turtle")
@output_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if the graph does not conform.")
def validate(store: str | None, shapes: Path | None, as_: str | None, output: str | None, exit_zero: bool) -> None:
    """Check a graph by the shapes and the check queries.

    Exit with 1 if it does not conform.

    Example: poh-graph validate
    """
    from poh_graph.gate.validate import validate as validate_
    from poh_graph.stages import progress

    with progress("check by the shapes") as tick:
        report = validate_(_open(store).store, shapes, tick=tick)
    format_ = format_of(as_, output, "text", ("text", "turtle"))
    to_output(output, lambda out: out.write(report.turtle if format_ == "turtle" else report.text.encode()))
    if not report.conforms and not exit_zero:
        sys.exit(NO)


@main.command()
@click.argument("text")
@store_option
@click.option(
    "--kind",
    type=click.Choice(["disorder", "gene", "phenotype", "protein", "organization", "trial"]),
    help="Only things of this kind.",
)
@as_option(*_TABLE_FORMATS)
@iri_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if nothing was found.")
def resolve(text: str, store: str | None, kind: str | None, as_: str | None, full_iris: bool, exit_zero: bool) -> None:
    """Find what a name or an identifier means.

    It may be a label, a synonym, an abbreviation or a code in any spelling. What became of a code that is retired, or
    gone from the newest release, is told. Exit with 1 if nothing has this name; near misses are shown then.

    Example: poh-graph resolve "stone man syndrome"
    """
    from poh_graph.documents.about_page import fate, overview_of
    from poh_graph.documents.document import plain
    from poh_graph.export.tables import write_cells
    from poh_graph.identifiers import hint

    graph = _open(store)
    found = graph.resolve(text, kind=kind)
    rows = [[c.iri if full_iris else c.curie, c.label, c.kind, c.matched, c.how, f"{c.score:.0f}"] for c in found]
    write_text(None, write_cells(["id", "label", "kind", "matched", "how", "score"], rows, as_ or "table"))
    for disorder in (graph.disorder(c.iri) for c in found if c.is_certain and c.kind == "disorder"):
        if became := fate(overview_of(graph, disorder), disorder):
            click.echo(plain(became), err=True)
    if not any(c.is_certain for c in found):
        click.echo(f"Nothing is called {text!r}. {'These are near.' if found else hint(text)}".rstrip(), err=True)
        if not exit_zero:
            sys.exit(NO)


@main.command()
@click.argument("disorder", metavar="ID")
@store_option
@as_option("text", "markdown", "json")
@output_option
@click.option("--brief", is_flag=True, help="Leave out what only curators need.")
def show(disorder: str, store: str | None, as_: str | None, output: str | None, brief: bool) -> None:
    """Show a disorder on a page.

    What it is, its gene, signs and look-alikes, where to find help, what is not known, and the sources.

    Example: poh-graph show POH
    """
    from poh_graph.documents.show import page

    format_ = format_of(as_, output, "text", ("text", "markdown", "json"))
    write_text(output, page(_open(store), disorder, brief=brief).render(format_))


@main.command()
@click.argument("one", metavar="ID")
@click.argument("other", metavar="ID")
@store_option
@as_option("text", "markdown", "json")
@output_option
def compare(one: str, other: str, store: str | None, as_: str | None, output: str | None) -> None:
    """Show what two disorders share, and what tells them apart.

    Phenotypes stand in five columns; what tells the two apart for certain has its papers.

    Example: poh-graph compare POH FOP
    """
    from poh_graph.documents.comparison import compare as compare_

    format_ = format_of(as_, output, "text", ("text", "markdown", "json"))
    write_text(output, compare_(_open(store), one, other).render(format_))


@main.command()
@click.argument("subject")
@click.argument("object_", metavar="OBJECT")
@store_option
@as_option("text", "markdown", "json")
@output_option
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there is no such claim.")
def why(subject: str, object_: str, store: str | None, as_: str | None, output: str | None, exit_zero: bool) -> None:
    """Show who claims something, from what, and who says otherwise.

    Each claim that joins SUBJECT and OBJECT has its source, release, licence and papers. The two are names or
    identifiers, such as a disorder with a gene, a phenotype, a group or its code elsewhere. Exit with 1 if the graph
    makes no such claim.

    Example: poh-graph why POH GNAS
    """
    from poh_graph.documents.why import why as why_

    chain = why_(_open(store), subject, object_)
    write_text(output, chain.render(format_of(as_, output, "text", ("text", "markdown", "json"))))
    if not chain.claims and not exit_zero:
        sys.exit(NO)
