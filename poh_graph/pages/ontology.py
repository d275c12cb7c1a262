"""The page of our own ontology: each term with what it means, an example, and what it is aligned with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from poh_graph.documents.document import Fields, Link
from poh_graph.graph import Graph
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import rendered
from poh_graph.terms import ONTOLOGY, OWL, RDF, RDFS, SCHEMA, SKOS, curie_of

_TERMS = f"""
SELECT DISTINCT ?term ?property ?value WHERE {{
  ?term a ?class ; ?property ?value .
  FILTER (STRSTARTS(STR(?term), "{ONTOLOGY}"))
}}
ORDER BY ?term ?property ?value
"""
_WORDS = {
    SKOS + "definition": "means",
    SKOS + "scopeNote": "note",
    RDFS + "comment": "note",
    RDFS + "subClassOf": "is a kind of",
    RDFS + "subPropertyOf": "is a kind of",
    SCHEMA + "domainIncludes": "said of",
    SCHEMA + "rangeIncludes": "has as value",
    SKOS + "exactMatch": "the same as",
    SKOS + "closeMatch": "close to",
    SKOS + "broadMatch": "narrower than",
    SKOS + "narrowMatch": "wider than",
    SKOS + "relatedMatch": "related to",
    OWL + "equivalentClass": "the same as",
    OWL + "equivalentProperty": "the same as",
}
_GROUPS = {OWL + "Class": "Classes", OWL + "ObjectProperty": "Properties", OWL + "DatatypeProperty": "Properties"}
_INDIVIDUALS = "Words of fixed lists"


@dataclass(frozen=True)
class Term:
    """A term on the page. ``name`` is its anchor; ``lists`` are the classes of a word of a fixed list."""

    name: str
    label: str
    group: str
    fields: Fields
    examples: Sequence[str]

    @property
    def curie(self) -> str:
        """How it is written in Turtle."""
        return curie_of(ONTOLOGY + self.name)


def terms_of(graph: Graph) -> dict[str, list[Term]]:
    """The terms by group: classes, properties, and the words of fixed lists; each group by label."""
    said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for term, property_, value in graph.select(_TERMS).terms:
        if isinstance(term, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            said[term.value][str(property_)[1:-1]].append(value)
    found: dict[str, list[Term]] = {group: [] for group in (*dict.fromkeys(_GROUPS.values()), _INDIVIDUALS)}
    for described in (_term(iri, values) for iri, values in said.items()):
        found[described.group].append(described)
    return {group: sorted(terms, key=lambda each: (each.label, each.name)) for group, terms in found.items() if terms}


def _term(iri: str, said: dict[str, list[ox.NamedNode | ox.Literal]]) -> Term:
    classes = [value.value for value in said[RDF + "type"]]
    groups = [_GROUPS[name] for name in classes if name in _GROUPS]
    fields: dict[str, list[str | Link]] = defaultdict(list)
    if not groups:
        fields["a word of"] += [Link(curie_of(name), name) for name in classes if name.startswith(ONTOLOGY)]
    for property_, word in _WORDS.items():
        fields[word] += [_shown(value) for value in said[property_]]
    labels = [value.value for value in said[RDFS + "label"]]
    name = iri.removeprefix(ONTOLOGY)
    examples = [value.value for value in said[SKOS + "example"]]
    return Term(name, min(labels, default=name), next(iter(groups), _INDIVIDUALS), Fields(dict(fields)), examples)


def _shown(value: ox.NamedNode | ox.Literal) -> str | Link:
    return Link(curie_of(value.value), value.value) if isinstance(value, ox.NamedNode) else value.value


def ontology_html(graph: Graph, frame: Frame) -> str:
    """The page as HTML."""
    return rendered("ontology.html.jinja", groups=terms_of(graph), frame=frame)
