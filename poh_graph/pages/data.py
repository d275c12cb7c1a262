"""The data of a page, for programs: what the graph says of the thing, with the labels of all that this refers to."""

from __future__ import annotations

from io import BytesIO

import orjson
import pyoxigraph as ox

from poh_graph.about import describe
from poh_graph.export.jsonld import framed
from poh_graph.graph import Graph, turtle_prefixes


def triples_of(graph: Graph, iri: str) -> list[ox.Triple]:
    """The triples of a page, in the order of their text."""
    return list(describe(graph.store, iri).triples)


def turtle(triples: list[ox.Triple]) -> bytes:
    """Triples as Turtle."""
    written = BytesIO()
    ox.serialize(triples, written, ox.RdfFormat.TURTLE, prefixes=turtle_prefixes())
    return written.getvalue()


def jsonld(triples: list[ox.Triple], iri: str) -> bytes:
    """Triples as a JSON-LD document about one of their subjects."""
    return orjson.dumps(framed(triples, iri), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2)
