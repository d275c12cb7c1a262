"""The tables of a whole graph: their columns, and the rows that the statements about one subject give them.

One row is one statement. Where a statement is a node of its own (an association, an observation, a mapping), its row
has all that the graph says of the node; in the other tables a row has what one source says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

import pyoxigraph as ox

from poh_graph.errors import InputError
from poh_graph.graph import Graph
from poh_graph.rows import Term
from poh_graph.terms import BIOLINK, DCAT, DCTERMS, ONTOLOGY, ORDO, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, VOID, curie_of

Cells = tuple[str, ...]
"""A row as texts; an empty one where nothing is said."""

BAR = "|"
"""Stands between the values of a list. No IRI holds it."""

_PYTHON: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "boolean": lambda text: text == "true",
    "number": float,
    "integer": int,
    "date": date.fromisoformat,
}

_DISEASE, _EDGE = BIOLINK + "Disease", ONTOLOGY + "ClassificationEdge"
_TYPE, _LABEL, _SYNONYM = RDF + "type", RDFS + "label", SKOS + "altLabel"
_SUBJECT, _PREDICATE, _OBJECT = RDF + "subject", RDF + "predicate", RDF + "object"
_PAPERS = (BIOLINK + "publications", DCTERMS + "source")
_CITED = tuple(ONTOLOGY + name for name in ("citedRegistry", "citedInstitution", "citedWork", "citedParty"))
_SSSOM = "https://w3id.org/sssom/"
_OF_MAPPING = (OWL + "annotatedSource", OWL + "annotatedProperty", OWL + "annotatedTarget")

_ONE_OF_EACH = """SELECT ?thing (MIN(STR(?text)) AS ?one) WHERE {{
  ?thing <{property}> ?text FILTER (LANG(?text) IN ("", "en"))
}} GROUP BY ?thing"""

_NOT_FOLLOWED = f"""SELECT DISTINCT ?mapping WHERE {{
  ?mapping a <{_SSSOM}Mapping> ; <{_OF_MAPPING[0]}> ?subject ; <{_OF_MAPPING[1]}> ?relation ; <{_OF_MAPPING[2]}> ?object
  FILTER NOT EXISTS {{ ?subject ?relation ?object }}
}}"""

_PAPERS_OF_NAMES = f"""SELECT DISTINCT ?source ?disorder ?name ?paper WHERE {{
  GRAPH ?source {{
    ?statement a <{ONTOLOGY}SynonymStatement> ; <{_SUBJECT}> ?disorder ; <{_OBJECT}> ?name ;
      <{_PAPERS[0]}>|<{_PAPERS[1]}> ?paper
  }}
}}"""


@dataclass(frozen=True)
class Lookup:
    """What rows say of other things than their subject."""

    labels: Mapping[str, str]
    full_names: Mapping[str, str]
    releases: Mapping[str, str]
    not_followed: frozenset[str]
    papers_of_names: Mapping[tuple[str, str, Term], frozenset[str]]

    @classmethod
    def of(cls, graph: Graph) -> Lookup:
        """Ask a graph for it: labels and names in English, the first of several in the order of text."""

        def one_of_each(property_: str) -> dict[str, str]:
            rows = graph.select(_ONE_OF_EACH.format(property=property_))
            return {str(row["thing"]): str(row["one"]) for row in rows}

        papers: dict[tuple[str, str, Term], frozenset[str]] = {}
        for source, disorder, name, paper in graph.select(_PAPERS_OF_NAMES).terms:
            assert source and disorder and name and paper  # noqa: S101, PT018 - each is bound in each row
            key = (_iri(source), _iri(disorder), name)
            papers[key] = papers.get(key, frozenset()) | {_text(paper)}
        return cls(
            one_of_each(_LABEL),
            one_of_each(BIOLINK + "full_name"),
            one_of_each(DCAT + "version"),
            frozenset(graph.select(_NOT_FOLLOWED).iris()),
            papers,
        )


@dataclass(frozen=True)
class Subject:
    """What the graph says of one thing: property → values, each with the named graph that says it."""

    iri: str
    said: Mapping[str, Sequence[tuple[Term, str]]]

    def values(self, *properties: str, by: str | None = None) -> set[Term]:
        """The values of some properties; with ``by``, those that this named graph says."""
        return {term for name in properties for term, graph in self.said.get(name, ()) if by is None or graph == by}

    def sources(self, *properties: str) -> list[str]:
        """The named graphs that say each of some properties."""
        return sorted(set.intersection(*({graph for _, graph in self.said.get(name, ())} for name in properties)))

    @cached_property
    def classes(self) -> set[str]:
        """Its classes."""
        return {_iri(term) for term, _ in self.said.get(_TYPE, ())}


@dataclass(frozen=True)
class Row:
    """What one row is made of: the statements about a subject, the named graph whose row it is, and the lookup."""

    subject: Subject
    source: str
    lookup: Lookup


@dataclass(frozen=True)
class Column:
    """A column: its type, and its text in a row; the text of a list has ``|`` between the values."""

    name: str
    read: Callable[[Row], str]
    kind: str = "text"


@dataclass(frozen=True)
class Form:
    """A table: its columns, the classes of the subjects that give it rows, and these rows.

    A row is statements about the subject, and the named graph that says them.
    """

    name: str
    classes: frozenset[str]
    columns: tuple[Column, ...]
    rows: Callable[[Subject], Iterator[tuple[Subject, str]]]


def values(form: Form, place: int, rows: Sequence[Cells]) -> list[Any]:
    """The values of a column in some rows, as Python has them: a list for a list, None where nothing is said.

    Raises:
        InputError: if a text is not of the column's type.
    """
    column = form.columns[place]
    if column.kind == "list":
        return [row[place].split(BAR) if row[place] else [] for row in rows]
    read = _PYTHON[column.kind]
    try:
        return [read(row[place]) if row[place] else None for row in rows]
    except ValueError as error:
        raise InputError(f"{column.name} of the table {form.name} is no {column.kind} ({error}).") from None


def _iri(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _text(term: Term, _: Lookup | None = None) -> str:
    if isinstance(term, ox.NamedNode):
        return curie_of(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)


def _label_of(term: Term, lookup: Lookup) -> str:
    return lookup.labels.get(_iri(term), "")


def _full_name_of(term: Term, lookup: Lookup) -> str:
    return lookup.full_names.get(_iri(term), "")


def _language_of(term: Term, _: Lookup) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def _value(
    name: str, *properties: str, kind: str = "text", shown: Callable[[Term, Lookup], str] = _text, own: bool = False
) -> Column:
    """The values of some properties, of all graphs or (``own``) of the one whose row it is."""

    def read(row: Row) -> str:
        terms = row.subject.values(*properties, by=row.source if own else None)
        if not terms:
            return ""
        return BAR.join(sorted({shown(term, row.lookup) for term in terms} - {""}))

    return Column(name, read, kind)


def _named(name: str, *properties: str) -> tuple[Column, Column]:
    """CURIE and label, side by side."""
    return _value(name, *properties), _value(f"{name}_label", *properties, shown=_label_of)


def _listed(name: str, *properties: str) -> Column:
    return _value(name, *properties, kind="list")


def _subject_is(name: str) -> tuple[Column, Column]:
    """CURIE and label of the subject itself."""
    return (
        Column(name, lambda row: curie_of(row.subject.iri)),
        Column(f"{name}_label", lambda row: row.lookup.labels.get(row.subject.iri, "")),
    )


_STATEMENT = Column("statement", lambda row: curie_of(row.subject.iri))
_SOURCE = (
    Column("source", lambda row: curie_of(row.source)),
    Column("source_label", lambda row: row.lookup.labels.get(row.source, "")),
    Column("release", lambda row: row.lookup.releases.get(row.source, "")),
)


def _node(ends: Sequence[str], subject: Subject) -> Iterator[tuple[Subject, str]]:
    """A row of the node of a statement for each graph that says what it joins."""
    yield from ((subject, source) for source in subject.sources(_TYPE, *ends))


def _disorders(subject: Subject) -> Iterator[tuple[Subject, str]]:
    yield from ((subject, source) for term, source in subject.said.get(_TYPE, ()) if _iri(term) == _DISEASE)


def _ordo_type(shown: Callable[[Term, Lookup], str], row: Row) -> str:
    """The type that Orphanet gives a disorder: of its classes the one of ORDO that has a label."""
    terms = row.subject.values(_TYPE, by=row.source)
    found = (term for term in terms if _iri(term).startswith(ORDO) and _label_of(term, row.lookup))
    return BAR.join(sorted(shown(term, row.lookup) for term in found))


def _is_deprecated(row: Row) -> str:
    said = row.subject.values(OWL + "deprecated", by=row.source)
    return str(any(_text(term) == "true" for term in said)).lower()


def _names(subject: Subject) -> Iterator[tuple[Subject, str]]:
    for property_ in (_LABEL, _SYNONYM):
        for name, source in subject.said.get(property_, ()):
            yield Subject(subject.iri, {property_: [(name, source)]}), source


def _papers_of_name(row: Row) -> str:
    [name] = row.subject.values(_LABEL, _SYNONYM)
    return BAR.join(sorted(row.lookup.papers_of_names.get((row.source, row.subject.iri, name), ())))


def _parents(subject: Subject) -> Iterator[tuple[Subject, str]]:
    """The edges that are said straight, in the form of a statement that has no node; and the nodes of edges."""
    if _DISEASE in subject.classes:
        for relation in (SKOS + "broader", RDFS + "subClassOf"):
            for parent, source in subject.said.get(relation, ()):
                ends = (_SUBJECT, ox.NamedNode(subject.iri)), (_PREDICATE, ox.NamedNode(relation)), (_OBJECT, parent)
                yield Subject("", {name: [(term, source)] for name, term in ends}), source
    if _EDGE in subject.classes:
        yield from _node((_SUBJECT, _PREDICATE, _OBJECT), subject)


def _sources(subject: Subject) -> Iterator[tuple[Subject, str]]:
    yield subject, subject.iri


FORMS: tuple[Form, ...] = (
    Form(
        "disorders",
        frozenset({_DISEASE}),
        (
            *_subject_is("disorder"),
            Column("type", partial(_ordo_type, _text)),
            Column("type_label", partial(_ordo_type, _label_of)),
            _value("onsets", ORDO + "Orphanet_C017", kind="list", shown=_label_of, own=True),
            _value("inheritances", ORDO + "Orphanet_C016", kind="list", shown=_label_of, own=True),
            _value("definition", SKOS + "definition", own=True),
            Column("deprecated", _is_deprecated, "boolean"),
            *_SOURCE,
        ),
        _disorders,
    ),
    Form(
        "epidemiology",
        frozenset({ONTOLOGY + "EpidemiologicalObservation"}),
        (
            *_named("disorder", SCHEMA + "observationAbout"),
            *_named("measure", SCHEMA + "measuredProperty"),
            *_named("place", DCTERMS + "spatial"),
            *_named("class", ONTOLOGY + "prevalenceClass"),
            _value("low_per_100000", SCHEMA + "minValue", kind="number"),
            _value("high_per_100000", SCHEMA + "maxValue", kind="number"),
            _value("value", SCHEMA + "value", kind="number"),
            _value("unit", SCHEMA + "unitText"),
            _value("qualification", ONTOLOGY + "qualification"),
            *_named("missing", ONTOLOGY + "missingValue"),
            _listed("papers", *_PAPERS),
            _listed("cited", *_CITED),
            _STATEMENT,
            *_SOURCE,
        ),
        partial(_node, (SCHEMA + "observationAbout",)),
    ),
    Form(
        "genes",
        frozenset({BIOLINK + "CausalGeneToDiseaseAssociation", BIOLINK + "GeneToDiseaseAssociation"}),
        (
            *_named("disorder", _OBJECT),
            *_named("gene", _SUBJECT),
            _value("gene_name", _SUBJECT, shown=_full_name_of),
            *_named("kind", BIOLINK + "original_predicate"),
            _value("variant", BIOLINK + "subject_form_or_variant_qualifier"),
            _value("parent_of_origin", ONTOLOGY + "parentOfOrigin"),
            _value("assessment_status", ONTOLOGY + "assessmentStatus"),
            _value("confidence", ONTOLOGY + "confidenceLevel"),
            _listed("papers", *_PAPERS),
            _STATEMENT,
            *_SOURCE,
        ),
        partial(_node, (_SUBJECT, _OBJECT)),
    ),
    Form(
        "mappings",
        frozenset({_SSSOM + "Mapping"}),
        (
            *_named("subject", _OF_MAPPING[0]),
            _value("predicate", _OF_MAPPING[1]),
            _value("modifier", _SSSOM + "predicate_modifier"),
            _value("object", _OF_MAPPING[2]),
            _value("object_label", _SSSOM + "object_label"),
            _value("justification", _SSSOM + "mapping_justification"),
            _value("provider", _SSSOM + "mapping_provider"),
            Column("stands", lambda row: str(row.subject.iri not in row.lookup.not_followed).lower(), "boolean"),
            _STATEMENT,
            *_SOURCE,
        ),
        partial(_node, _OF_MAPPING),
    ),
    Form(
        "names",
        frozenset({_DISEASE}),
        (
            *_subject_is("disorder"),
            Column("kind", lambda row: "label" if _LABEL in row.subject.said else "synonym"),
            _value("name", _LABEL, _SYNONYM),
            _value("language", _LABEL, _SYNONYM, shown=_language_of),
            Column("papers", _papers_of_name, "list"),
            *_SOURCE,
        ),
        _names,
    ),
    Form(
        "parents",
        frozenset({_DISEASE, _EDGE}),
        (
            *_named("disorder", _SUBJECT),
            _value("relation", _PREDICATE),
            *_named("parent", _OBJECT),
            *_named("classification", SKOS + "inScheme"),
            _STATEMENT,
            *_SOURCE,
        ),
        _parents,
    ),
    Form(
        "phenotypes",
        frozenset({BIOLINK + "DiseaseToPhenotypicFeatureAssociation"}),
        (
            *_named("disorder", _SUBJECT),
            *_named("phenotype", _OBJECT),
            _value("excluded", BIOLINK + "negated", kind="boolean"),
            *_named("frequency", BIOLINK + "frequency_qualifier"),
            _value("evidence", ONTOLOGY + "evidenceCode"),
            _listed("papers", *_PAPERS),
            _STATEMENT,
            *_SOURCE,
        ),
        partial(_node, (_SUBJECT, _OBJECT, BIOLINK + "negated")),
    ),
    Form(
        "sources",
        frozenset({DCAT + "Dataset"}),
        (
            *_SOURCE,
            _value("issued", DCTERMS + "issued", kind="date"),
            _value("licence", DCTERMS + "license"),
            _value("rights", DCTERMS + "rights"),
            _value("rights_holder", DCTERMS + "rightsHolder"),
            _value("citation", DCTERMS + "bibliographicCitation"),
            _value("statements", VOID + "triples", kind="integer"),
            _listed("made_from", PROV + "wasDerivedFrom"),
        ),
        _sources,
    ),
)
"""All tables, by name."""
