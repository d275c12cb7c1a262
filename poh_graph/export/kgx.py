"""KGX: nodes and edges for knowledge graphs of the Biolink model, as JSON Lines and as TSV.

An association is an edge with its node's Biolink slots; a mapping, a step of a classification and the product of a gene
are edges too. What the KGX format cannot say (how common a disorder is, what tells two apart, who helps) is counted,
class by class. It is written in one pass over the statements by subject; of the nodes only the identifiers stay in
memory.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, Self, TextIO

import pyoxigraph as ox

from poh_graph.errors import ParameterError
from poh_graph.export.rdf import Statements
from poh_graph.graph import Graph
from poh_graph.terms import BIOLINK, DCTERMS, META_GRAPH, OBO, ONTOLOGY, OWL, RDF, RDFS, SKOS, own_curie

Record = dict[str, Any]

SSSOM = "https://w3id.org/sssom/"
HAS_DB_XREF = "http://www.geneontology.org/formats/oboInOwl#hasDbXref"

NODE_CLASSES = (
    "Disease", "Gene", "PhenotypicFeature", "Protein", "Publication", "SequenceVariant", "Transcript", "ClinicalTrial",
)  # fmt: skip
ASSOCIATIONS = (
    "CausalGeneToDiseaseAssociation", "GeneToDiseaseAssociation", "DiseaseToPhenotypicFeatureAssociation",
    "VariantToDiseaseAssociation",
)  # fmt: skip

NODE_COLUMNS = (
    "id", "category", "name", "full_name", "symbol", "synonym", "description", "xref", "in_taxon", "publication_type",
    "deprecated", "type", "iri", "provided_by",
)  # fmt: skip
EDGE_COLUMNS = (
    "id", "category", "subject", "predicate", "object", "original_predicate", "negated", "frequency_qualifier",
    "onset_qualifier", "sex_qualifier", "subject_form_or_variant_qualifier", "has_count", "has_total",
    "has_percentage", "qualifiers", "has_evidence", "supporting_text", "publications", "knowledge_level", "agent_type",
    "primary_knowledge_source",
)  # fmt: skip
LISTS = frozenset(
    {
        "category", "synonym", "xref", "in_taxon", "publication_type", "type", "provided_by", "qualifiers",
        "has_evidence", "supporting_text", "publications",
    }
)  # fmt: skip
"""The slots that hold several values: a list in JSON Lines, joined by ``|`` in TSV."""

_PUBLICATION_TYPE = "IAO:0000311"
"""IAO's "publication", the class of which Biolink's is the same: the graph does not say which kind a paper is."""

_MATCHES = {
    SKOS + "exactMatch": "biolink:exact_match",
    SKOS + "closeMatch": "biolink:close_match",
    SKOS + "broadMatch": "biolink:broad_match",
    SKOS + "narrowMatch": "biolink:narrow_match",
    SKOS + "relatedMatch": "biolink:related_match",
    HAS_DB_XREF: "biolink:related_to",
}
_STEPS = {
    SKOS + "broader": "biolink:related_to_at_concept_level",
    RDFS + "subClassOf": "biolink:subclass_of",
    BIOLINK + "has_gene_product": "biolink:has_gene_product",
    BIOLINK + "transcribed_from": "biolink:transcribed_from",
    BIOLINK + "is_sequence_variant_of": "biolink:is_sequence_variant_of",
}
"""Statements between two nodes that have no node of their own. A classification is navigation, not is-a."""

_NODE_SLOTS = {
    RDFS + "label": "name",
    BIOLINK + "full_name": "full_name",
    BIOLINK + "symbol": "symbol",
    SKOS + "altLabel": "synonym",
    DCTERMS + "description": "description",
    SKOS + "definition": "description",
    HAS_DB_XREF: "xref",
    OBO + "RO_0002162": "in_taxon",
    OWL + "deprecated": "deprecated",
}
_SAID_BY_OTHER_SLOTS = frozenset({RDF + "type", RDF + "subject", RDF + "predicate", RDF + "object"})

_SOURCES = f"""
SELECT DISTINCT ?graph ?level ?agent ?infores WHERE {{ GRAPH <{META_GRAPH}> {{
  ?graph <{BIOLINK}knowledge_level> ?level ; <{BIOLINK}agent_type> ?agent .
  OPTIONAL {{ ?graph <{DCTERMS}identifier> ?infores FILTER STRSTARTS(?infores, "infores:") }} }} }}
"""
_NOT_FOLLOWED = f"""
SELECT DISTINCT ?mapping WHERE {{
  ?mapping a <{SSSOM}Mapping> ; <{OWL}annotatedSource> ?s ; <{OWL}annotatedProperty> ?p ; <{OWL}annotatedTarget> ?o .
  FILTER NOT EXISTS {{ ?s ?p ?o }} }}
"""


@dataclass(frozen=True)
class Written:
    """How many nodes and edges were written, and how many things of which class KGX has no place for."""

    nodes: int
    edges: int
    left_out: Mapping[str, int]


def write_kgx(graph: Graph, statements: Statements, folder: Path, *, subclass: bool = False) -> Written:
    """Write ``nodes`` and ``edges`` of some statements of a graph into a folder, each as ``.jsonl`` and ``.tsv``.

    With ``subclass`` a step of Orphanet's classification is ``biolink:subclass_of``, for tools that know no other tree.

    Raises:
        ParameterError: if the folder cannot be written.
    """
    converter = _Converter.of(graph, subclass=subclass)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _Files(folder, "nodes", NODE_COLUMNS) as nodes, _Files(folder, "edges", EDGE_COLUMNS) as edges:
            for node, found in converter.records(statements):
                for edge in found:
                    edges.write(edge)
                if node:
                    nodes.write(node)
            for node in converter.only_mentioned():
                nodes.write(node)
            return Written(nodes.count, edges.count, dict(sorted(converter.left_out.items())))
    except OSError as error:
        raise ParameterError(f"{folder} cannot be written ({error.strerror}).") from None


@dataclass
class _Converter:
    """Turns what is said of one subject after the other into a node and edges."""

    sources: Mapping[str, Mapping[str, str]]
    not_followed: frozenset[str]
    steps: Mapping[str, str]
    left_out: Counter[str] = field(default_factory=Counter)
    described: set[str] = field(default_factory=set)
    mentioned: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, graph: Graph, *, subclass: bool) -> _Converter:
        sources = {
            str(row["graph"]): {
                "knowledge_level": str(row["level"]),
                "agent_type": str(row["agent"]),
                "primary_knowledge_source": str(row["infores"] or row["graph"]),
            }
            for row in graph.select(_SOURCES)
        }
        not_followed = frozenset(map(str, graph.select(_NOT_FOLLOWED).column("mapping")))
        steps = {**_STEPS, SKOS + "broader": "biolink:subclass_of"} if subclass else _STEPS
        return cls(sources, not_followed, steps)

    def records(self, statements: Statements) -> Iterator[tuple[Record | None, list[Record]]]:
        """The node of each subject, if it is one, and the edges that stand at it."""
        for subject, quads in groupby(statements.quads(), key=lambda quad: quad.subject):
            if isinstance(subject, ox.NamedNode):
                yield self._converted(_Thing(subject.value, list(quads)))

    def only_mentioned(self) -> Iterator[Record]:
        """A node for each end of an edge that the statements do not describe."""
        for curie in sorted(self.mentioned.keys() - self.described):
            name = {"name": self.mentioned[curie]} if self.mentioned[curie] else {}
            yield {"id": curie, "category": ["biolink:NamedThing"], **name}

    def _converted(self, thing: _Thing) -> tuple[Record | None, list[Record]]:
        if category := thing.category(ASSOCIATIONS):
            return None, [self._joined(self._association(thing, category))]
        if SSSOM + "Mapping" in thing.classes:
            if thing.iri in self.not_followed:
                self.left_out["mapping that the graph does not follow"] += 1
                return None, []
            return None, [self._joined(self._mapping(thing))]
        if category := thing.category(NODE_CLASSES):
            self.described.add(own_curie(thing.iri))
            return self._node(thing, category), [self._joined(edge) for edge in self._steps(thing)]
        if thing.classes:
            self.left_out[own_curie(min(thing.classes))] += 1
        return None, []

    def _joined(self, edge: Record) -> Record:
        """An edge, with its ends remembered."""
        for end in ("subject", "object"):
            self.mentioned.setdefault(edge[end], "")
        return edge

    def _node(self, thing: _Thing, category: str) -> Record:
        found = defaultdict[str, list[str]](list)
        for predicate, slot in _NODE_SLOTS.items():
            found[slot] += thing.texts(predicate)
        record: Record = {"id": own_curie(thing.iri), "category": [f"biolink:{category}"], "iri": thing.iri}
        for slot, texts in found.items():
            if texts:
                record[slot] = _distinct(texts) if slot in LISTS else texts[0]
        if "deprecated" in record:
            record["deprecated"] = record["deprecated"] == "true"
        if category == "Publication":
            record["publication_type"] = [_PUBLICATION_TYPE]
        if category != "Gene":
            record.pop("symbol", None)
        if types := [own_curie(iri) for iri in thing.classes if not iri.startswith(BIOLINK)]:
            record["type"] = _distinct(types)
        record["provided_by"] = _distinct(self._source(name)["primary_knowledge_source"] for name in thing.graphs)
        return record

    def _association(self, thing: _Thing, category: str) -> Record:
        slots: Record = defaultdict(list)
        for quad in thing.quads:
            predicate, text = quad.predicate.value, _text(quad.object)
            if predicate in _SAID_BY_OTHER_SLOTS:
                continue
            if predicate.startswith(BIOLINK):
                slots[predicate.removeprefix(BIOLINK)].append(text)
            elif predicate == DCTERMS + "source":
                slots["publications"].append(text)
            elif predicate == ONTOLOGY + "evidenceCode":
                slots["has_evidence"].append(text)
            elif predicate.startswith(ONTOLOGY) and isinstance(quad.object, ox.NamedNode):
                slots["qualifiers"].append(text)  # a word of a fixed list, which tells by itself what it is about
            else:
                self.left_out[f"{own_curie(predicate)} of an association"] += 1
        predicate = thing.text(RDF + "predicate")
        if category == "VariantToDiseaseAssociation" and predicate != "biolink:related_condition":
            # Biolink allows this class one predicate; ours is the original one.
            slots["original_predicate"], predicate = [predicate], "biolink:related_condition"
        return {
            "id": own_curie(thing.iri),
            "category": [f"biolink:{category}"],
            "subject": thing.text(RDF + "subject"),
            "predicate": predicate,
            "object": thing.text(RDF + "object"),
            **{slot: _slot(slot, texts) for slot, texts in slots.items()},
            **self._source(thing.graphs[0]),
        }

    def _mapping(self, thing: _Thing) -> Record:
        relation = thing.text_of(OWL + "annotatedProperty")
        record: Record = {
            "id": own_curie(thing.iri),
            "category": ["biolink:Association"],
            "subject": thing.text(OWL + "annotatedSource"),
            "predicate": _MATCHES[relation],
            "object": thing.text(OWL + "annotatedTarget"),
            "original_predicate": own_curie(relation),
            "has_evidence": thing.texts(SSSOM + "mapping_justification"),
            "publications": thing.texts(BIOLINK + "publications"),
            "supporting_text": thing.texts(SSSOM + "predicate_label"),
            **self._source(thing.graphs[0]),
        }
        if thing.texts(SSSOM + "predicate_modifier"):
            record["negated"] = True
        for label in thing.texts(SSSOM + "object_label"):
            self.mentioned[record["object"]] = label
        return {slot: value for slot, value in record.items() if value != []}

    def _steps(self, thing: _Thing) -> Iterator[Record]:
        """The edges to other nodes that have no node of their own: one for each graph that says it."""
        for quad in thing.quads:
            relation = quad.predicate.value
            if relation in self.steps and isinstance(quad.object, ox.NamedNode):
                subject, object_, graph = own_curie(thing.iri), own_curie(quad.object.value), _name(quad.graph_name)
                yield {
                    "id": f"{graph}#{subject}-{own_curie(relation)}-{object_}",
                    "category": ["biolink:Association"],
                    "subject": subject,
                    "predicate": self.steps[relation],
                    "object": object_,
                    "original_predicate": own_curie(relation),
                    **self._source(graph),
                }

    def _source(self, graph: str) -> Mapping[str, str]:
        """What holds for every statement of a named graph; where none describes itself, only which one it is."""
        unknown = {"knowledge_level": "not_provided", "agent_type": "not_provided", "primary_knowledge_source": graph}
        return self.sources.get(graph, unknown)


@dataclass(frozen=True)
class _Thing:
    """One subject with all that is said of it."""

    iri: str
    quads: Sequence[ox.Quad]

    @cached_property
    def classes(self) -> list[str]:
        return _distinct(_name(quad.object) for quad in self.quads if quad.predicate.value == RDF + "type")

    @cached_property
    def graphs(self) -> list[str]:
        return _distinct(_name(quad.graph_name) for quad in self.quads)

    def category(self, names: Iterable[str]) -> str | None:
        """The first of some Biolink classes that it is of."""
        return next((name for name in names if BIOLINK + name in self.classes), None)

    def texts(self, predicate: str) -> list[str]:
        """The values of a property: English ones and those without language first."""
        values = [quad.object for quad in self.quads if quad.predicate.value == predicate]
        return [_text(value) for value in sorted(values, key=_is_foreign)]

    def text(self, predicate: str) -> str:
        """The value of a property that every thing of its class has."""
        return self.texts(predicate)[0]

    def text_of(self, predicate: str) -> str:
        """The same as an IRI in full."""
        return next(_name(quad.object) for quad in self.quads if quad.predicate.value == predicate)


def _is_foreign(value: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> bool:
    return isinstance(value, ox.Literal) and value.language not in (None, "en")


def _name(term: Any) -> str:
    """The IRI of a class or a named graph; nothing for the graph that has no name."""
    return term.value if isinstance(term, ox.NamedNode) else ""


def _text(value: Any) -> str:
    return own_curie(value.value) if isinstance(value, ox.NamedNode) else str(value.value)


def _distinct(texts: Iterable[str]) -> list[str]:
    return sorted(set(texts))


def _slot(slot: str, texts: Sequence[str]) -> Any:
    """The value of a slot: a list, a truth value, a number or a text."""
    if slot in LISTS:
        return _distinct(texts)
    if slot == "negated":
        return texts[0] == "true"
    if slot in ("has_count", "has_total"):
        return int(texts[0])
    return float(texts[0]) if slot == "has_percentage" else texts[0]


class _Files:
    """The two files of nodes, or of edges."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        self._paths = [folder / f"{name}.jsonl", folder / f"{name}.tsv"]
        self._columns = columns
        self._stack = ExitStack()
        self.count = 0

    def __enter__(self) -> Self:
        self._json, self._table = (self._opened(path) for path in self._paths)
        self._table.write("\t".join(self._columns) + "\n")
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def _opened(self, path: Path) -> TextIO:
        return self._stack.enter_context(path.open("w", encoding="utf-8", newline=""))

    def write(self, record: Record) -> None:
        """Write a record as a line of both."""
        self._json.write(json.dumps(record, ensure_ascii=False) + "\n")
        self._table.write("\t".join(_cell(record.get(column)) for column in self._columns) + "\n")
        self.count += 1


def _cell(value: Any) -> str:
    """A value as KGX reads it: without quotes, so that no tab and no line break may stand in it."""
    if isinstance(value, bool):
        return str(value).lower()
    text = "|".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return _BREAKS.sub(" ", text)


_BREAKS = re.compile(r"\s*[\t\r\n]\s*")
