"""What the graph says of a thing by its own properties, each in the words of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from poh_graph.documents.document import Fields, Link, Text
from poh_graph.documents.references import named
from poh_graph.graph import Graph
from poh_graph.terms import BASE, curie_of

_DETAILS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?property ?value ?label WHERE {{
  VALUES ?property {{ {properties} }}
  {thing} ?property ?value .
  FILTER (!ISLITERAL(?value) || LANG(?value) IN ("", "en"))
  OPTIONAL {{ ?value rdfs:label ?label FILTER (LANG(?label) IN ("", "en")) }}
}}
ORDER BY ?property ?value ?label
"""

Details = Mapping[str, Sequence[Text]]
"""The IRI of a property → its values."""


def details_of(graph: Graph, iri: str, properties: Sequence[str]) -> Details:
    """The values of some properties of a thing, in English or without a language; none for what is not said."""
    found: defaultdict[str, dict[str, Text]] = defaultdict(dict)
    listed = " ".join(f"<{name}>" for name in properties)
    for property_, value, label in graph.select(_DETAILS.format(properties=listed, thing=f"<{iri}>")).terms:
        assert isinstance(property_, ox.NamedNode)  # noqa: S101 - a property is an IRI
        if isinstance(value, ox.NamedNode):
            words = label.value if isinstance(label, ox.Literal) else ""
            found[property_.value].setdefault(value.value, _named(words, value.value))
        elif isinstance(value, ox.Literal):
            found[property_.value].setdefault(value.value, value.value)
    return defaultdict(tuple, {name: tuple(values.values()) for name, values in found.items()})


def _named(label: str, iri: str) -> Link:
    if label:
        return named(label, iri) if curie_of(iri) != iri else Link(label, iri)
    return Link(iri if iri.startswith(BASE) else curie_of(iri), iri)


def in_words(details: Details, words: Mapping[str, str]) -> Fields:
    """Properties as fields of a page, in the order of ``words`` (IRI of the property → what a page calls it)."""
    found: dict[str, list[Text]] = {}
    for name, word in words.items():
        found.setdefault(word, []).extend(details[name])
    return Fields(found)
