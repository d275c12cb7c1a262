"""The prefixes and the stored queries as data: what SIB's editor and assistants ask an endpoint for.

Each query is a ``sh:SPARQLExecutable`` as SIB describes its own: the question, the text with the defaults of its
parameters, words to find it by, and the endpoint that it is for.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from poh_graph.graph import turtle_prefixes
from poh_graph.queries import StoredQuery, stored_queries
from poh_graph.store import query_form
from poh_graph.terms import OWL, SH, XSD
from poh_graph.web.statements import about, text

GRAPH = "/.well-known/sparql-examples"
"""The path of the named graph that holds them, where SIB's tools put theirs."""

# SIB writes schema.org with https here, which the rest of this project does not.
_SCHEMA = "https://schema.org/"


def examples(base: str) -> Iterator[ox.Triple]:
    """The prefixes and the stored queries of the instance with this address."""
    yield from prefixes(base)
    for query in stored_queries():
        yield from executable(query, base)


def example_iri(name: str, base: str) -> str:
    """The IRI of a stored query."""
    return f"{base}{GRAPH}/{name}"


def prefixes(base: str) -> Iterator[ox.Triple]:
    """The prefixes that queries here may need to declare."""
    declarations = f"{base}{GRAPH}#prefixes"
    yield from about(declarations, {"rdf:type": OWL + "Ontology", "rdfs:label": text("Prefixes of this endpoint")})
    declared_by_queries = {pair for query in stored_queries() for pair in query.prefixes.items()}
    for prefix, namespace in sorted({*turtle_prefixes().items(), *declared_by_queries}):
        declared = f"{base}{GRAPH}#prefix-{prefix}"
        yield from about(declarations, {"sh:declare": declared})
        yield from about(
            declared,
            {
                "rdf:type": SH + "PrefixDeclaration",
                "sh:prefix": ox.Literal(prefix),
                "sh:namespace": ox.Literal(namespace, datatype=ox.NamedNode(XSD + "anyURI")),
            },
        )


def executable(query: StoredQuery, base: str) -> Iterator[ox.Triple]:
    """A stored query with its defaults."""
    iri = example_iri(query.name, base)
    form = query_form(query.text)
    yield from about(
        iri,
        {
            "rdf:type": [SH + "SPARQLExecutable", f"{SH}SPARQL{form.title()}Executable"],
            "rdfs:label": text(query.name.replace("-", " ")),
            "rdfs:comment": text(query.summary),
            "sh:prefixes": f"{base}{GRAPH}#prefixes",
            f"sh:{form.lower()}": ox.Literal(query.text),
        },
    )
    yield ox.Triple(ox.NamedNode(iri), ox.NamedNode(_SCHEMA + "target"), ox.NamedNode(f"{base}/sparql"))
    for word in query.tags:
        yield ox.Triple(ox.NamedNode(iri), ox.NamedNode(_SCHEMA + "keywords"), text(word))
