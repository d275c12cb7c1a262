"""The command ``export``: the graph for other programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from poh_graph.commands.options import output_option, store_option
from poh_graph.commands.output import write, write_text
from poh_graph.errors import ParameterError

if TYPE_CHECKING:
    from poh_graph.export.sssom import Style
    from poh_graph.graph import Graph


@dataclass(frozen=True)
class _Order:
    """What is to be written, and where."""

    format: str
    graph: Graph
    store: str | None
    disorders: list[str]
    output: str | None
    jobs: int | None
    as_: str | None
    subclass: bool
    prefixes: Style


def _rdf(order: _Order) -> None:
    from poh_graph.export import rdf
    from poh_graph.stages import progress

    graph = order.graph
    statements = rdf.closed(graph, order.disorders) if order.disorders else rdf.whole(graph)
    with progress(f"write {order.output}") if order.output else nullcontext():
        write(order.output, lambda out: rdf.FORMATS[order.format](statements, out))
    if order.format not in rdf.WITH_GRAPHS:
        click.echo("The named graphs, which say whose statement it is, are only in trig and nquads.", err=True)


def _jsonl(order: _Order) -> None:
    from poh_graph.export import jsonl
    from poh_graph.stages import Stages

    graph = order.graph
    disorders = sorted({graph.disorder(name).iri for name in order.disorders}) or jsonl.all_disorders(graph)
    with Stages().stage("disorders") as tick:
        lines = jsonl.documents(graph, order.store, disorders, jobs=order.jobs, tick=tick)
        write(order.output, lambda out: out.writelines(lines))


def _tables(order: _Order) -> None:
    from poh_graph.export import table_files, whole_tables
    from poh_graph.stages import Stages

    if not order.output:
        raise ParameterError("Tables are files in a folder.", mend="Name it: poh-graph export tables -o DIR")
    folder = Path(order.output)
    formats = (order.as_,) if order.as_ else table_files.FORMATS
    with Stages().stage("thousand statements") as tick:
        written = whole_tables.write_tables(order.graph, folder, order.disorders, formats=formats, tick=tick)
    counts = ", ".join(f"{name} {count:,}" for name, count in written.items())
    click.echo(f"Written: {folder} ({' and '.join(formats)}; rows: {counts})", err=True)


def _kgx(order: _Order) -> None:
    from poh_graph.export import kgx, rdf

    if not order.output:
        raise ParameterError("KGX is four files in a folder.", mend="Name it: poh-graph export kgx -o DIR")
    graph, folder = order.graph, Path(order.output)
    statements = rdf.closed(graph, order.disorders) if order.disorders else rdf.whole(graph)
    written = kgx.write_kgx(graph, statements, folder, subclass=order.subclass)
    left_out = ", ".join(f"{name} {count:,}" for name, count in written.left_out.items())
    click.echo(f"Written: {folder} (nodes: {written.nodes:,}, edges: {written.edges:,})", err=True)
    click.echo(f"What KGX has no place for: {left_out}", err=True)


def _sssom(order: _Order) -> None:
    from poh_graph.export import rdf, sssom

    graph = order.graph
    statements = rdf.closed(graph, order.disorders) if order.disorders else rdf.whole(graph)
    write(order.output, lambda out: sssom.write_sssom(graph, statements, out, order.prefixes))


def _schema_org(order: _Order) -> None:
    from poh_graph.export import jsonl, schema_org
    from poh_graph.stages import Stages

    graph = order.graph
    disorders = sorted({graph.disorder(name).iri for name in order.disorders})
    if len(disorders) == 1:
        found = schema_org.document(graph, disorders[0])
        write_text(order.output, json.dumps(found, indent=1, ensure_ascii=False) + "\n")
        return
    disorders = disorders or jsonl.all_disorders(graph)
    with Stages().stage("disorders") as tick:
        lines = jsonl.documents(graph, order.store, disorders, schema_org.line, jobs=order.jobs, tick=tick)
        write(order.output, lambda out: out.writelines(chain([schema_org.catalogue_line(graph)], lines)))


def _html(order: _Order) -> None:
    from poh_graph.pages.disorder import disorder_page
    from poh_graph.pages.frame import Frame
    from poh_graph.pages.places import to_authority
    from poh_graph.pages.remembering import Remembering
    from poh_graph.pages.thing import thing_html

    if len(order.disorders) != 1:
        raise ParameterError(
            "One file is the page of one disorder.", mend="Name it: poh-graph export html --disorder POH -o poh.html"
        )
    page = disorder_page(Remembering(order.graph), order.disorders[0])
    write_text(order.output, thing_html(page, Frame(to_authority)))


def _site(order: _Order) -> None:
    from poh_graph.pages.folder import write_folder
    from poh_graph.stages import Stages

    if not order.output:
        raise ParameterError("A site is a folder of pages.", mend="Name it: poh-graph export site -o DIR")
    folder = Path(order.output)
    with Stages().stage("pages") as tick:
        count = write_folder(order.graph, order.store, folder, order.disorders, jobs=order.jobs, tick=tick)
    click.echo(f"Written: {folder} ({count:,} things with a page, as Turtle and as JSON-LD)", err=True)


_WRITERS: Mapping[str, Callable[[_Order], None]] = {
    **dict.fromkeys(("turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld"), _rdf),
    "jsonl": _jsonl,
    "tables": _tables,
    "kgx": _kgx,
    "sssom": _sssom,
    "schema.org": _schema_org,
    "html": _html,
    "site": _site,
}


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(list(_WRITERS)))
@click.option(
    "--disorder", "disorders", multiple=True, metavar="ID", help="Only this disorder, closed; may be repeated."
)
@click.option(
    "--jobs", type=click.IntRange(min=1), help="Processes that make JSON Lines or pages. Default: one a core."
)
@click.option("--as", "as_", type=click.Choice(["tsv", "parquet"]), help="Tables in this format alone. Default: both.")
@click.option(
    "--prefixes",
    type=click.Choice(["mondo", "bioregistry", "biolink"]),
    default="mondo",
    help="In sssom: write Orphanet:, ORPHA: or orphanet:.  [default: mondo]",
)
@click.option("--subclass", is_flag=True, help="In kgx: write Orphanet's classification as is-a, which it is not.")
@store_option
@output_option
def export(format_: str, disorders: tuple[str, ...], store: str | None, output: str | None, **more: Any) -> None:
    """Write the graph, or some disorders of it, for other programs.

    In turtle, trig, ntriples, nquads, rdfxml or jsonld it is one file; the named graphs, which say whose statement it
    is, are only in trig and nquads. In jsonl each disorder is a JSON-LD document on a line. In tables it is a folder
    (-o) of tables as TSV and Parquet: disorders, names, genes, phenotypes, epidemiology, mappings,
    parents, sources, one row a statement; --disorder keeps the rows about it. In html it is the page of one disorder as
    a file that needs nothing else: no server, no script, no network. In site it is a folder (-o) with a page of each
    thing, its Turtle and its JSON-LD, for any web space. In kgx it is a folder (-o) of nodes and edges of the Biolink
    model, in sssom one file of all mappings, in schema.org what search engines read.

    \b
    Example: poh-graph export turtle --disorder POH -o poh.ttl
             poh-graph export tables -o tables
             poh-graph export html --disorder POH -o poh.html
             poh-graph export site -o public
             poh-graph export kgx -o kgx
    """  # noqa: D301 - click reads the character \b as "leave these lines as they are"
    from poh_graph.graph import open_graph

    if more["as_"] and format_ != "tables":
        raise ParameterError("Only tables come in two formats.", mend="Leave --as out.")
    _WRITERS[format_](_Order(format_, open_graph(store), store, list(disorders), output, **more))
