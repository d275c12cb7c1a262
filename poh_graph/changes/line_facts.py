"""Changed lines → what they say of disorders, as facts that two sides can be compared by.

A fact's value holds what is said and nothing of how it is written: no key of a statement node, no order, and of a value
that the source spells in several ways the term it stands for. So a fact that only moved is the same fact on both sides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import pyoxigraph as ox

from poh_graph.terms import BASE, BIOLINK, DCTERMS, GRAPH, OBO, ONTOLOGY, ORDO, OWL, RDF, RDFS, SCHEMA, SKOS, curie_of

EXCLUDED = OBO + "HP_0040285"
_SSSOM = "https://w3id.org/sssom/"
_GENE = BASE + "gene/"
DISORDERS = (ORDO + "Orphanet_", BASE + "disorder/", OBO + "MONDO_")
"""What the IRIs of disorders begin with."""

EXACT = "skos:exactMatch"
"""The CURIE of the relation that says two things are the same."""

_VOCABULARY = (GRAPH + "ontology", GRAPH + "meta")
"""Graphs that are about terms and graphs: a term of ORDO there is no disorder."""

_SAID_OF_DISORDERS = {
    RDFS + "label": "name",
    RDF + "type": "type",
    SKOS + "definition": "definition",
    SKOS + "altLabel": "synonym",
    SKOS + "broader": "parent",
    ORDO + "Orphanet_C016": "inheritance",
    ORDO + "Orphanet_C017": "onset",
    OWL + "deprecated": "retired",
}
_WITH_VALUE = ("name", "type", "definition", "retired")
"""Kinds of which there is one: the object is the value. Of the others it is what the fact is about."""

_REPEATS = frozenset({
    SKOS + "prefLabel", SKOS + "notation", DCTERMS + "identifier", ONTOLOGY + "rawDefinition", ONTOLOGY + "textRepair",
    SKOS + "editorialNote", OBO + "RO_0002200", OBO + "RO_0004001", OBO + "RO_0004002", OBO + "RO_0004003",
    OBO + "RO_0004004",
})  # fmt: skip
"""What says again, of a disorder, what a label, a definition or a statement node says."""

_MATCHES = (
    *(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")),
    "http://www.geneontology.org/formats/oboInOwl#hasDbXref",
)


class Key(NamedTuple):
    """What a fact is about: its graph (short name), disorder (IRI) and kind, and the thing (IRI, text, or nothing)."""

    graph: str
    disorder: str
    kind: str
    about: str


class Observation(NamedTuple):
    """What a row of prevalence says beside its type and place. Empty where it says nothing; citations are sorted."""

    prevalence_class: str
    value: str
    unit: str
    qualification: str
    missing: str
    citations: tuple[str, ...]


Value = str | Observation
Facts = dict[Key, dict[Value, list[str]]]
"""Per key the values that are said, each with the IRIs of the statement nodes that say it."""

_Node = Mapping[str, list[str]]
"""The changed lines of one subject: predicate → objects."""

_About = tuple[str, str, str]
"""Disorder, kind and thing: a key without its graph."""


class Said(NamedTuple):
    """What the changed lines of one side say: facts, and how many lines of each graph say nothing of a disorder."""

    facts: Facts
    elsewhere: Counter[str]


def read_facts(lines: Mapping[str, Iterable[bytes]], genes: Mapping[str, str]) -> Said:
    """The facts in some lines of N-Quads, given by the IRI of their named graph.

    ``genes`` has HGNC's IRIs by symbol: some releases leave out the number of a gene, which stays the same gene.
    """
    said = Said(defaultdict(lambda: defaultdict(list)), Counter())
    for graph, block in lines.items():
        name = graph.removeprefix(GRAPH)
        for subject, node in _nodes(block).items():
            facts = _facts_of(subject, node) if graph not in _VOCABULARY else None
            if facts is None:
                said.elsewhere[name] += sum(not _is_shortcut(pair) for pair in _objects(node))
                continue
            for (disorder, kind, thing), value, statements in facts:
                about = (disorder, kind, genes.get(thing.removeprefix(_GENE), thing) if kind == "gene" else thing)
                said.facts[Key(name, *about)][value] += statements
    return said


def _objects(node: _Node) -> Iterator[tuple[str, str]]:
    return ((predicate, text) for predicate, texts in node.items() for text in texts)


def _is_shortcut(said: tuple[str, str]) -> bool:
    """Whether a predicate and its object repeat an association from the side of the gene."""
    return all(part.startswith(DISORDERS[0]) for part in said)


def _facts_of(subject: str, node: _Node) -> list[tuple[_About, Value, list[str]]] | None:
    """What the lines of one subject say of a disorder; None if they say nothing of any."""
    reader = _READERS.get(next((kind for kind in node.get(_A, ()) if kind in _READERS), ""))
    if reader:
        about, value = reader(node)
        return [(about, value, [subject])] if about[0] else None
    if subject.startswith(DISORDERS):
        return [(about, value, []) for about, value in _said_directly(subject, node)]
    return None


def _nodes(block: Iterable[bytes]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for quad in ox.parse(b"".join(block), format=ox.RdfFormat.N_QUADS):
        found[_text(quad.subject)][quad.predicate.value].append(_text(quad.object))
    return found


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else str(term)


_A = RDF + "type"


def _said_directly(subject: str, node: _Node) -> Iterator[tuple[_About, Value]]:
    """What is said of a disorder without a statement node."""
    for predicate, objects in node.items():
        kind = _SAID_OF_DISORDERS.get(predicate)
        for text in objects:
            if kind in _WITH_VALUE:
                if kind != "type" or text.startswith(ORDO):
                    yield (subject, str(kind), ""), text
            elif kind:
                yield (subject, kind, text), ""
            elif predicate in _MATCHES:
                yield (subject, "mapping", curie_of(text)), curie_of(predicate)
            elif predicate not in _REPEATS:
                yield (subject, "other", curie_of(predicate)), text


def _first(node: _Node, predicate: str) -> str:
    return min(node.get(predicate, [""]))


def _gene(node: _Node) -> tuple[_About, Value]:
    kind = _first(node, BIOLINK + "original_predicate")
    return (_first(node, RDF + "object"), "gene", _first(node, RDF + "subject")), kind


def _phenotype(node: _Node) -> tuple[_About, Value]:
    frequency = _first(node, BIOLINK + "frequency_qualifier")
    if _first(node, BIOLINK + "negated") == "true":
        frequency = EXCLUDED
    return (_first(node, RDF + "subject"), "phenotype", _first(node, RDF + "object")), frequency


def _mapping(node: _Node) -> tuple[_About, Value]:
    relation = curie_of(_first(node, OWL + "annotatedProperty"))
    if node.get(_SSSOM + "predicate_modifier"):
        relation = f"not {relation}"
    target = curie_of(_first(node, OWL + "annotatedTarget"))
    return (_first(node, OWL + "annotatedSource"), "mapping", target), relation


def _observation(node: _Node) -> tuple[_About, Value]:
    about = f"{_first(node, SCHEMA + 'measuredProperty')} {_first(node, DCTERMS + 'spatial')}"
    citations = [*node.get(BIOLINK + "publications", ()), *node.get(ONTOLOGY + "citedParty", ())]
    citations += [
        text for kind in ("Registry", "Institution", "Work") for text in node.get(f"{ONTOLOGY}cited{kind}", ())
    ]
    value = Observation(
        _first(node, ONTOLOGY + "prevalenceClass"),
        _first(node, SCHEMA + "value"),
        _first(node, SCHEMA + "unitText"),
        _first(node, ONTOLOGY + "qualification"),
        _first(node, ONTOLOGY + "missingValue"),
        tuple(sorted(citations)),
    )
    return (_first(node, SCHEMA + "observationAbout"), "prevalence", about), value


_READERS: dict[str, Callable[[_Node], tuple[_About, Value]]] = {
    BIOLINK + "GeneToDiseaseAssociation": _gene,
    BIOLINK + "CausalGeneToDiseaseAssociation": _gene,
    BIOLINK + "CorrelatedGeneToDiseaseAssociation": _gene,
    BIOLINK + "DiseaseToPhenotypicFeatureAssociation": _phenotype,
    _SSSOM + "Mapping": _mapping,
    ONTOLOGY + "EpidemiologicalObservation": _observation,
}
