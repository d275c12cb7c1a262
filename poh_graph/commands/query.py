"""The commands ``queries`` and ``query``: stored queries, and any other."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from poh_graph.commands.options import NO, as_option, iri_option, output_option, store_option
from poh_graph.commands.output import format_of, write_text
from poh_graph.commands.output import write as to_output
from poh_graph.errors import ParameterError

if TYPE_CHECKING:
    from poh_graph.graph import Graph
    from poh_graph.queries import StoredQuery
    from poh_graph.store import Answer

_TABLE_FORMATS = ("table", "tsv", "csv", "json", "markdown")
_RDF_FORMATS = ("turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld")


@click.command()
@as_option("table", "markdown", "json", "tsv", "csv")
@click.option("--federated", is_flag=True, help="Those that ask other SPARQL endpoints as well.")
def queries(as_: str | None, *, federated: bool) -> None:
    """List the stored queries, each with its parameters.

    Example: poh-graph queries
    """
    from poh_graph.export.tables import write_cells
    from poh_graph.queries import read_query, stored_queries

    if federated:
        from poh_graph.federation import federated_paths

        listed = [read_query(path) for path in federated_paths().values()]
    else:
        listed = stored_queries()
    rows = [[q.name, q.summary, " ".join(p.name for p in q.parameters)] for q in listed]
    write_text(None, write_cells(["query", "question", "parameters"], rows, as_ or "table"))


@click.command()
@click.argument("name", metavar="NAME|FILE|-")
@click.argument("values", nargs=-1, metavar="[VALUE]...")
@click.option(
    "-p", "--parameter", "named", multiple=True, metavar="NAME=VALUE", help="A value by name; may be repeated."
)
@store_option
@as_option(*_TABLE_FORMATS, *_RDF_FORMATS)
@output_option
@iri_option
@click.option("--text", is_flag=True, help="Print the SPARQL with the values put in, and do not run it.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if an ASK is false.")
@click.option("--federated", is_flag=True, help="A query that asks other endpoints; tells which of them answered.")
@click.option("--endpoint", "endpoints", multiple=True, metavar="URL=URL", help="Another address for an endpoint.")
@click.option("--deadline", type=click.FloatRange(min=0, min_open=True), help="Seconds that an endpoint has (30).")
def query(name: str, values: tuple[str, ...], named: tuple[str, ...], store: str | None, **options: Any) -> None:
    """Run a stored query, or any SPARQL 1.1 query.

    The query is a stored one by the beginning of its name, a file, or the text on stdin (-). VALUEs go to the
    parameters in their order. A name, an abbreviation or an identifier will do: POH, ORPHA:2762. With --federated it is
    one of those that join with Wikidata, UniProt or Orphanet's endpoint (`poh-graph queries --federated`).

    \b
    Example: poh-graph query genes FOP
             poh-graph query what-tells POH FOP --as markdown
             echo 'SELECT * { ?s ?p ?o } LIMIT 3' | poh-graph query -
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.commands.answer import write_answer
    from poh_graph.graph import open_graph

    graph = open_graph(store)
    stored = _query(name, federated=options["federated"])
    text = graph.bound(stored, values, _pairs("-p", named))
    if options["text"]:
        write_text(options["output"], text)
        return
    format_ = format_of(options["as_"], options["output"], "", (*_TABLE_FORMATS, *_RDF_FORMATS))
    verdict = True

    def ask() -> Answer:
        return _federated(graph, text, options) if options["federated"] else graph.store.query(text)

    def write(out: IO[bytes]) -> None:
        nonlocal verdict
        verdict = write_answer(graph, ask(), format_, out, full_iris=options["full_iris"])

    to_output(options["output"], write)
    if not verdict and not options["exit_zero"]:
        sys.exit(NO)


def _federated(graph: Graph, text: str, options: dict[str, Any]) -> Answer:
    """The answer to a query that asks other endpoints; which of them answered is told on stderr."""
    from poh_graph.federation import DEADLINE_SECONDS, NoAnswer, run

    endpoints = {there: str(here[-1]) for there, here in _pairs("--endpoint", options["endpoints"]).items()}
    try:
        answer, told = run(graph.store, text, endpoints=endpoints, deadline=options["deadline"] or DEADLINE_SECONDS)
    except NoAnswer as error:
        click.echo("\n".join(map(str, error.told)), err=True)
        raise
    click.echo("\n".join(map(str, told)), err=True)
    return answer


def _query(name: str, *, federated: bool) -> StoredQuery:
    """A stored query by name, a file, or the text on stdin."""
    from poh_graph.queries import StoredQuery, find_query, read_query

    if name == "-":
        return StoredQuery("stdin", sys.stdin.read())
    if name.endswith((".rq", ".sparql")) and Path(name).exists():
        return read_query(Path(name))
    if federated:
        from poh_graph.federation import find_federated

        return find_federated(name)
    return find_query(name)


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str | Sequence[str]]:
    """``name=value`` options; a name that is given twice has both values."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ParameterError(f"{option} {text} has no value.", mend=f"Write it as {option} name=value.")
        found.setdefault(name.removeprefix("?"), []).append(value)
    return dict(found)
