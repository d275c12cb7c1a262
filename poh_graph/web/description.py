"""The descriptions of an instance: what it holds (VoID), its catalogue entry, its service, its queries.

They can be had as documents. All but the catalogue are part of the dataset that queries see too, because editors ask
the endpoint itself for them. In the release they are not: they name the address at which it is served.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

import pyoxigraph as ox

from poh_graph.building.partitions import PARTITIONS, count, void_lines
from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.terms import curie_of
from poh_graph.web.catalogue import catalogue
from poh_graph.web.examples import GRAPH as EXAMPLES
from poh_graph.web.examples import examples
from poh_graph.web.instance import Address, Instance
from poh_graph.web.statements import SD, about

VOID = "/.well-known/void"
"""The path of the named graph, and of the document, that describes the dataset and its services."""

_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")


def add_descriptions(engine: ox.Store, graph: Graph, address: Address) -> None:
    """Add to the dataset that queries see what describes it, each in its named graph.

    The catalogue is left out: it says of the dataset what it is about, and whoever asks for all that is said of a
    disorder would get that too.
    """
    void = ox.NamedNode(address.url(VOID))
    queries = ox.NamedNode(address.url(EXAMPLES))
    # At one go: on disk each one makes a file more, in which every query looks.
    engine.bulk_extend(
        [
            *_placed(figures(graph, address.part("")), void),
            *_placed(service(graph, address), void),
            *_placed(examples(address.base), queries),
        ]
    )


def _placed(triples: Iterable[ox.Triple], graph: ox.NamedNode) -> Iterator[ox.Quad]:
    """The same in a named graph."""
    return (ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)


def dataset(graph: Graph, instance: Instance) -> Iterator[ox.Triple]:
    """The catalogue with the dataset, and the dataset's figures."""
    yield from catalogue(instance)
    yield from figures(graph, instance.part(""))


def figures(graph: Graph, names: str) -> Iterable[ox.Triple]:
    """The figures of a graph, whose parts are named in ``names``: those of its bundle, else counted.

    A bundle that was built before bundles had figures has none: counting takes seconds there.
    """
    if graph.release is None:
        lines = sorted(graph.store.lines())
        written = "".join(void_lines(count(lambda: lines), names)).encode()
    else:
        file = Bundle(graph.release.parent).figures
        written = file.read_bytes().replace(f"<{PARTITIONS}".encode(), f"<{names}".encode()) if file.is_file() else b""
    return (quad.triple for quad in ox.parse(written, ox.RdfFormat.TURTLE))


def service(graph: Graph, address: Address) -> Iterator[ox.Triple]:
    """The SPARQL service: what it takes and gives, and the named graphs of its dataset."""
    default, default_graph = address.part("default-dataset"), address.part("default-graph")
    yield from about(
        address.part("sparql"),
        {
            "rdf:type": SD + "Service",
            "sd:endpoint": address.url("/sparql"),
            "sd:supportedLanguage": SD + "SPARQL11Query",
            "sd:resultFormat": [_FORMATS + name for name in (*_RESULTS, *_GRAPHS)],
            "sd:feature": SD + "UnionDefaultGraph",
            "sd:defaultDataset": default,
        },
    )
    graphs = [*graph.store.graphs(), address.url(VOID), address.url(EXAMPLES)]
    named = {iri: address.part(f"graph/{quote(curie_of(iri), safe=':-._~')}") for iri in graphs}
    yield from about(
        default,
        {
            "rdf:type": SD + "Dataset",
            "sd:defaultGraph": default_graph,
            "sd:namedGraph": list(named.values()),
        },
    )
    yield from about(default_graph, {"rdf:type": SD + "Graph"})
    for iri, node in named.items():
        yield from about(node, {"rdf:type": SD + "NamedGraph", "sd:name": iri, "sd:graph": iri})
        yield from about(iri, {"rdf:type": SD + "Graph"})
