"""The page of anything else that the graph names: a statement, a paper, a named graph, a foreign class.

It says what the graph says of the thing, property by property, and what refers to it.
"""

from __future__ import annotations

from collections import defaultdict

import pyoxigraph as ox

from poh_graph.documents.document import Fields, Link, Paragraph, Section, Text
from poh_graph.documents.references import named
from poh_graph.graph import Graph
from poh_graph.pages.thing import ThingPage, document_of
from poh_graph.rows import Term
from poh_graph.terms import RDFS, curie_of

MOST_REFERRING = 200
"""Statements that refer to a thing and stand on its page: a class has a hundred thousand."""

_SAYS = f"""
SELECT DISTINCT ?property ?property_label ?value ?label WHERE {{
  {{thing}} ?property ?value .
  OPTIONAL {{ ?property <{RDFS}label> ?property_label FILTER (LANG(?property_label) IN ("", "en")) }}
  OPTIONAL {{ ?value <{RDFS}label> ?label FILTER (LANG(?label) IN ("", "en")) }}
}}
ORDER BY ?property_label ?property ?value ?label
"""
_REFERS = f"""
SELECT DISTINCT ?property ?property_label ?value ?label WHERE {{
  {{ SELECT DISTINCT ?property ?value WHERE {{ ?value ?property {{thing}} }} LIMIT {MOST_REFERRING + 1} }}
  OPTIONAL {{ ?property <{RDFS}label> ?property_label FILTER (LANG(?property_label) IN ("", "en")) }}
  OPTIONAL {{ ?value <{RDFS}label> ?label FILTER (LANG(?label) IN ("", "en")) }}
}}
ORDER BY ?property_label ?property ?value ?label
"""


def resource_page(graph: Graph, iri: str) -> ThingPage:
    """What stands on the page of a thing of any kind."""
    says, _ = _fields(graph, _SAYS, iri)
    refers, number = _fields(graph, _REFERS, iri)
    most = [Paragraph(f"The first {MOST_REFERRING} are shown.")] if number > MOST_REFERRING else []
    label = graph.labels({iri}).get(iri, curie_of(iri))
    sections = [
        Section("What is said of it", [Fields({"IRI": [iri]}), says], "says"),
        Section("What refers to it", [*most, refers], "refers"),
    ]
    return ThingPage(iri, label, "Thing of the graph", document_of(label, sections))


def _fields(graph: Graph, query: str, iri: str) -> tuple[Fields, int]:
    """What stands at the other end of the triples of a thing, by the name of the property; and how many there are."""
    rows = graph.select(query.replace("{thing}", str(ox.NamedNode(iri)))).terms
    found: dict[str, dict[Text, None]] = defaultdict(dict)
    for property_, words, value, label in rows[:MOST_REFERRING]:
        name = words.value if isinstance(words, ox.Literal) else curie_of(str(property_)[1:-1])
        found[name][_shown(value, label)] = None
    return Fields({name: list(values) for name, values in found.items()}), len(rows)


def _shown(value: Term | None, label: Term | None) -> Text:
    if not isinstance(value, ox.NamedNode):
        return value.value if isinstance(value, ox.Literal) else str(value)
    words = label.value if isinstance(label, ox.Literal) else ""
    return named(words, value.value) if words else Link(curie_of(value.value), value.value)
