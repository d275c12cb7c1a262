"""Statements in a few words: what the descriptions of this server are written with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from poh_graph.terms import DCAT, DCTERMS, RDF, RDFS, SCHEMA, SH, VOID

EJP = "https://w3id.org/ejp-rd/vocabulary#"
FOAF = "http://xmlns.com/foaf/0.1/"
SD = "http://www.w3.org/ns/sparql-service-description#"
VCARD = "http://www.w3.org/2006/vcard/ns#"

NAMESPACES = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "ejp": EJP,
    "foaf": FOAF,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sh": SH,
    "vcard": VCARD,
    "void": VOID,
}

Value = str | ox.Literal
"""An IRI as text, or a literal."""


def text(words: str) -> ox.Literal:
    """English words."""
    return ox.Literal(words, language="en")


def about(subject: str, said: dict[str, Value | Iterable[Value]]) -> Iterator[ox.Triple]:
    """Statements about one thing: prefixed name of the property → an IRI, a literal, or several.

    >>> for triple in about("https://example.org/x", {"rdf:type": "http://www.w3.org/ns/dcat#Catalog"}):
    ...     print(triple)
    <https://example.org/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Catalog>
    """
    for name, found in said.items():
        prefix, _, local = name.partition(":")
        predicate = ox.NamedNode(NAMESPACES[prefix] + local)
        for value in [found] if isinstance(found, str | ox.Literal) else found:
            yield ox.Triple(ox.NamedNode(subject), predicate, ox.NamedNode(value) if isinstance(value, str) else value)
