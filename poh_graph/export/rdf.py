"""A graph in the formats of RDF.

TriG and N-Quads keep the named graphs, which say whose statement it is; the others hold the union of them. Each writer
takes the statements sorted, so that the same graph gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import IO

import pyoxigraph as ox

from poh_graph.closure import closed_quads
from poh_graph.graph import Graph, turtle_prefixes

Quads = list[ox.Quad]


def _quads(rdf_format: ox.RdfFormat) -> Callable[[Quads, IO[bytes]], None]:
    def write(quads: Quads, out: IO[bytes]) -> None:
        ox.serialize(quads, out, rdf_format, prefixes=turtle_prefixes())

    return write


def _triples(rdf_format: ox.RdfFormat) -> Callable[[Quads, IO[bytes]], None]:
    def write(quads: Quads, out: IO[bytes]) -> None:
        ox.serialize(union(quads), out, rdf_format, prefixes=turtle_prefixes())

    return write


def _rdfxml(quads: Quads, out: IO[bytes]) -> None:
    """RDF/XML names a predicate by prefix and local name, which begins with a letter; Oxigraph's writer splits it."""
    ox.serialize(union(quads), out, ox.RdfFormat.RDF_XML)


def _jsonld(quads: Quads, out: IO[bytes]) -> None:
    from poh_graph.export.jsonld import compacted

    out.write(json.dumps(compacted(union(quads)), indent=1, ensure_ascii=False).encode() + b"\n")


FORMATS: Mapping[str, Callable[[Quads, IO[bytes]], None]] = {
    "turtle": _triples(ox.RdfFormat.TURTLE),
    "trig": _quads(ox.RdfFormat.TRIG),
    "ntriples": _triples(ox.RdfFormat.N_TRIPLES),
    "nquads": _quads(ox.RdfFormat.N_QUADS),
    "rdfxml": _rdfxml,
    "jsonld": _jsonld,
}
WITH_GRAPHS = ("trig", "nquads")


def union(quads: Quads) -> list[ox.Triple]:
    """The triples of all named graphs, each once, in the order of their text."""
    return sorted({quad.triple for quad in quads}, key=str)


def whole(graph: Graph) -> Quads:
    """Every quad of a graph, by graph and then by text."""
    return sorted(graph.store.dump(), key=_by_graph)


def _by_graph(quad: ox.Quad) -> tuple[str, str]:
    return str(quad.graph_name), str(quad)


def closed(graph: Graph, disorders: list[str]) -> Quads:
    """The quads of the closed graphs of some disorders: what is said about each, and the labels of all it refers to."""
    quads = closed_quads(graph.store, [graph.disorder(name).iri for name in disorders])
    return sorted(quads, key=_by_graph)
