"""One claim with its whole chain: who says it, in which release and licence, by which papers, and who objects.

A claim joins the two that are asked for, or what is exactly the same as one of them in another vocabulary, such as
Mondo's class of a disorder. It is a statement with a node of its own, a clinical statement about both, or, where a
source has no such node, a triple.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from poh_graph.documents.document import Document, Fields, Link, Paragraph, Section, Text
from poh_graph.documents.overlap import reasons_of
from poh_graph.documents.references import cited, named
from poh_graph.errors import ParameterError, UnknownName
from poh_graph.graph import Disorder, Graph
from poh_graph.identifiers import iris_of
from poh_graph.queries import find_query
from poh_graph.rows import Rows, Value
from poh_graph.source_table import licence_name
from poh_graph.terms import BIOLINK, DCTERMS, ONTOLOGY, OWL, RDF, SKOS, Iri, curie_of

Row = dict[str, Value]
Term = ox.NamedNode | ox.Literal
_Details = dict[str, list[tuple[str, str]]]
"""What one statement says of itself: property → values, each with its label."""

_PREFIXES = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_SAME = """
SELECT DISTINCT ?same WHERE {{
  VALUES ?thing {{ {thing} }}
  {{ ?thing skos:exactMatch ?same }} UNION {{ ?same skos:exactMatch ?thing }}
  ?same a ?class  # a mere target of mappings makes no claims
}} ORDER BY ?same
"""
_TRIPLES = """
SELECT DISTINCT ?subject ?property ?object ?property_label ?said_by ?release ?licence ?rights ?subject_label
  ?object_label
WHERE {{
  {{ VALUES ?subject {{ {ones} }} VALUES ?object {{ {others} }} GRAPH ?graph {{ ?subject ?property ?object }} }}
  UNION
  {{ VALUES ?subject {{ {others} }} VALUES ?object {{ {ones} }} GRAPH ?graph {{ ?subject ?property ?object }} }}
  OPTIONAL {{ ?property rdfs:label ?property_label FILTER (LANG(?property_label) IN ("", "en")) }}
  OPTIONAL {{ ?subject rdfs:label ?subject_label FILTER (LANG(?subject_label) IN ("", "en")) }}
  OPTIONAL {{ ?object rdfs:label ?object_label FILTER (LANG(?object_label) IN ("", "en")) }}
  OPTIONAL {{ ?graph rdfs:label ?said_by FILTER (LANG(?said_by) IN ("", "en")) }}
  OPTIONAL {{ ?graph dcat:version ?release }}
  OPTIONAL {{ ?graph dcterms:license ?licence }}
  OPTIONAL {{ ?graph dcterms:rights ?rights FILTER (LANG(?rights) IN ("", "en")) }}
}} ORDER BY ?said_by ?subject ?property ?object ?property_label ?release ?licence ?rights
"""
_CLINICAL = """
SELECT DISTINCT ?statement ?property_label ?said_by ?release ?licence ?rights WHERE {{
  VALUES ?one {{ {ones} }}
  VALUES ?other {{ {others} }}
  GRAPH ?graph {{ ?statement dcterms:subject ?one ; dcterms:subject ?other ; a poh:ClinicalStatement }}
  ?statement rdfs:label ?property_label FILTER (LANG(?property_label) IN ("", "en"))
  OPTIONAL {{ ?graph rdfs:label ?said_by FILTER (LANG(?said_by) IN ("", "en")) }}
  OPTIONAL {{ ?graph dcat:version ?release }}
  OPTIONAL {{ ?graph dcterms:license ?licence }}
  OPTIONAL {{ ?graph dcterms:rights ?rights FILTER (LANG(?rights) IN ("", "en")) }}
}} ORDER BY ?said_by ?statement ?property_label ?release ?licence ?rights
"""
_DETAILS = """
SELECT DISTINCT ?statement ?property ?value ?label WHERE {{
  VALUES ?statement {{ {statements} }}
  VALUES ?property {{ {properties} }}
  ?statement ?property ?value
  OPTIONAL {{ ?value rdfs:label ?label FILTER (LANG(?label) IN ("", "en")) }}
}} ORDER BY ?statement ?property ?label ?value
"""
_OBJECTIONS = """
SELECT DISTINCT ?statement ?objection ?label ?note WHERE {{
  VALUES ?statement {{ {statements} }}
  {{ ?objection poh:conflictingStatement|poh:dissentsFrom ?statement }}
  UNION
  {{
    # The kind of relation is disputed, such as a loss of function that another source turns into a gain.
    VALUES ?thing {{ {things} }}
    ?statement biolink:original_predicate ?kind .
    ?about_the_kind owl:annotatedSource ?kind .
    ?objection poh:conflictingStatement ?about_the_kind ; dcterms:subject ?thing .
  }}
  ?objection rdfs:label ?label
  FILTER (LANG(?label) IN ("", "en"))
  OPTIONAL {{ ?objection skos:note ?note FILTER (LANG(?note) IN ("", "en")) }}
}} ORDER BY ?statement ?objection ?label ?note
"""

_WORDS: Mapping[str, str] = {
    DCTERMS + "description": "in words",
    BIOLINK + "frequency_qualifier": "how often",
    ONTOLOGY + "parentOfOrigin": "parent of origin",
    ONTOLOGY + "isCurrent": "in use now",
    ONTOLOGY + "evidenceCode": "evidence code",
    ONTOLOGY + "assessmentStatus": "assessment",
    SKOS + "inScheme": "classification",
    SKOS + "note": "note",
    "https://w3id.org/sssom/mapping_justification": "how it was mapped",
    ONTOLOGY + "confidenceLevel": "how it was read",
    DCTERMS + "source": "read in",
    BIOLINK + "publications": "read in",
}
"""What a statement may say of itself: property → the word for it on the page, in the order of the page."""

_ENDS = (RDF + "subject", RDF + "object", OWL + "annotatedSource", OWL + "annotatedTarget")
_DENIALS = {BIOLINK + "negated": "yes", "https://w3id.org/sssom/predicate_modifier": "Not"}
_OVERLAPS = ONTOLOGY + "overlapsWith"


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as one source makes it. ``denied`` is True where the source says that it is not so."""

    statement: str
    """The IRI of its node, or the triple."""
    relation: str
    denied: bool
    said_by: str
    release: str
    licence: str
    """The IRI of the licence of the source; empty where it states none."""
    rights: str
    """What the source says about rights, where it does."""
    said_of: Sequence[Link]
    """What it is said of, where that is not the two that were asked for but exactly the same as one of them."""
    details: Mapping[str, Sequence[Text]]
    """What the statement says of itself, and where it was read: word → values."""
    objections: Sequence[str]

    def section(self) -> Section:
        """The claim on a page."""
        says = "says that this is not so" if self.denied else "says"
        fields: dict[str, Sequence[Text]] = {
            "said of": self.said_of,
            "denied": ("yes: the source says that this is not so",) if self.denied else (),
            **self.details,
            "release": (self.release or "not stated",),
            "licence": (Link(licence_name(self.licence), self.licence) if self.licence else "none stated",),
            "rights": (self.rights,) if self.rights else (),
            "disputed": self.objections,
            "statement": (Link(self.statement, self.statement),),
        }
        return Section(f"{self.said_by} {says}: {self.relation}", [Fields(fields)], curie_of(self.statement))


@dataclass(frozen=True)
class Chain:
    """All claims that join two things."""

    subject: str
    object: str
    claims: list[Claim]

    def render(self, format_: str) -> str:
        """The chain as ``text``, ``markdown`` or ``json``."""
        return self.document().render(format_)

    def document(self) -> Document:
        """The chain as a document, one section a claim."""
        title = f"Why {self.subject} and {self.object}?"
        lead = () if self.claims else [Paragraph("This graph makes no claim that joins the two.")]
        return Document(title, [claim.section() for claim in self.claims], lead)


def why(graph: Graph, subject: str, object_: str) -> Chain:
    """Every claim of the graph that joins two things, each with its chain.

    Each is a name or an identifier in any spelling; an identifier means the very thing that it names, so that one may
    ask why a disorder has it. One of the two may be a value that the graph holds as a text, such as a band.

    Raises:
        UnknownName: if nothing in the graph is called so.
        AmbiguousName: if several things are.
        ParameterError: if both mean the same thing.
    """
    ends = []
    for text, opposite in ((subject, object_), (object_, subject)):
        try:
            ends.append(_thing(graph, text))
        except UnknownName as unknown:
            return _why_a_text(graph, opposite, text, unknown)
    one, other = ends
    if one == other:
        raise ParameterError(f"Both mean {_named(graph, one)}.", mend="Give two things that a claim may join.")
    ones = _same(graph, one, {other})
    others = _same(graph, other, {one, *ones})
    return Chain(_named(graph, one), _named(graph, other), _claims(graph, (one, other), ones, others))


def _why_a_text(graph: Graph, thing: str, text: str, unknown: UnknownName) -> Chain:
    """The claims that give a thing a value which is a text; ``unknown`` is raised if there is none."""
    one = _thing(graph, thing)
    # A source that writes identifiers as texts has them as CURIEs.
    texts = [ox.Literal(text), ox.Literal(text, language="en"), *(ox.Literal(curie_of(iri)) for iri in iris_of(text))]
    claims = _claims(graph, (one, *(term.value for term in texts)), _same(graph, one, ()), texts)
    if not claims:
        raise unknown
    return Chain(_named(graph, one), text, claims)


def _thing(graph: Graph, text: str) -> Iri:
    """The thing that a text means: by its identifier the very thing, else by name, a disorder before anything else."""
    identified = graph.identified(text)
    if identified:
        return identified
    disorders = [c for c in graph.resolve(text, kind="disorder") if c.is_certain]
    return disorders[0].iri if len(disorders) == 1 else graph.one(text)


def _named(graph: Graph, iri: str) -> str:
    label = graph.labels({iri}).get(iri)
    return f"{label} ({curie_of(iri)})" if label else curie_of(iri)


def _same(graph: Graph, thing: Iri, without: Collection[str | Term]) -> list[Term]:
    """A thing, its CURIE as sources write it where they have a text, and what is exactly the same as it."""
    same = [str(row["same"]) for row in _ask(graph, _SAME.format(thing=ox.NamedNode(thing)))]
    iris = dict.fromkeys([thing, *(iri for iri in same if iri not in without and ox.NamedNode(iri) not in without)])
    return [*map(ox.NamedNode, iris), ox.Literal(curie_of(thing))]


def _ask(graph: Graph, text: str) -> Rows:
    return graph.select(_PREFIXES + text)


def _list(terms: Iterable[Term | str]) -> str:
    """Terms, or IRIs, as they stand in a VALUES line."""
    return " ".join(str(ox.NamedNode(term) if isinstance(term, str) else term) for term in terms)


def _claims(graph: Graph, asked: Sequence[str], ones: Sequence[Term], others: Sequence[Term]) -> list[Claim]:
    """The claims between the things of two lists; what is said of the very things that were asked for comes first."""
    terms = {"ones": _list(ones), "others": _list(others)}
    query = find_query("why-is-it-claimed").bind({"subject": ones, "object": others})
    nodes: dict[str, Row] = {}
    for row in graph.select(query):
        nodes.setdefault(str(row["statement"]), row)
    # A triple is a claim of its own only where its source has no node that says more.
    explained = {row["said_by"] for row in nodes.values()}
    triples = [row for row in _ask(graph, _TRIPLES.format(**terms)) if row["said_by"] not in explained]
    nodes |= {str(row["statement"]): row for row in _ask(graph, _CLINICAL.format(**terms))}
    details = _details(graph, nodes)
    objections = _objections(graph, nodes, [*ones, *others])
    claims = [_of_node(graph, row, details[iri], objections[iri], asked) for iri, row in nodes.items()]
    claims += [_of_triple(row, asked) for row in triples]
    return sorted(claims, key=lambda claim: len(claim.said_of))


def _details(graph: Graph, statements: Collection[str]) -> dict[str, _Details]:
    """What statements say of themselves."""
    found: dict[str, _Details] = defaultdict(lambda: defaultdict(list))
    properties = [*_WORDS, *_ENDS, *_DENIALS]
    for row in _ask(graph, _DETAILS.format(statements=_list(statements), properties=_list(properties))):
        value = {True: "yes", False: "no"}[row["value"]] if isinstance(row["value"], bool) else str(row["value"])
        found[str(row["statement"])][str(row["property"])].append((value, str(row["label"] or "")))
    return found


def _objections(graph: Graph, statements: Collection[str], ends: Sequence[Term]) -> dict[str, list[str]]:
    """What is held against statements: each conflict and each dissent, with the notes on it."""
    notes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _ask(graph, _OBJECTIONS.format(statements=_list(statements), things=_list(ends))):
        notes[str(row["statement"]), str(row["label"])] += [str(row["note"])] if row["note"] else []
    found: dict[str, list[str]] = defaultdict(list)
    for (statement, label), texts in notes.items():
        found[statement].append(". ".join([label, *texts[:1]]) + "".join(f" {text}" for text in texts[1:]))
    return found


def _of_node(graph: Graph, row: Row, details: _Details, objections: Sequence[str], asked: Sequence[str]) -> Claim:
    """The claim of a statement that has a node."""
    words: dict[str, list[Text]] = {}
    for name, word in _WORDS.items():
        for value, label in details[name]:
            words.setdefault(word, []).append(_detail(word, value, label))
    return Claim(
        statement=str(row["statement"]),
        relation=str(row["property_label"] or curie_of(str(row["property"]))),
        denied=any(value == denial for name, denial in _DENIALS.items() for value, _ in details[name]),
        said_by=str(row["said_by"] or "A source without a description"),
        release=str(row["release"] or ""),
        licence=str(row["licence"] or ""),
        rights=str(row["rights"] or ""),
        said_of=_said_of([end for name in _ENDS for end in details[name]], asked),
        details={"because": _reasons(graph, row, asked), **words},
        objections=objections,
    )


def _detail(word: str, value: str, label: str) -> Text:
    """A value as it stands on the page: what was read is cited, a thing has its label, a text stands as it is."""
    if word == "read in":
        return cited(label or value, value)
    return Link(label, value) if label else value


def _of_triple(row: Row, asked: Sequence[str]) -> Claim:
    """The claim of a triple that no node of its graph explains."""
    ends = [(str(row[end]), str(row[f"{end}_label"] or "")) for end in ("subject", "object")]
    return Claim(
        statement=" ".join(curie_of(str(row[part])) for part in ("subject", "property", "object")),
        relation=str(row["property_label"] or curie_of(str(row["property"]))),
        denied=False,
        said_by=str(row["said_by"] or "A source without a description"),
        release=str(row["release"] or ""),
        licence=str(row["licence"] or ""),
        rights=str(row["rights"] or ""),
        said_of=_said_of(ends, asked),
        details={},
        objections=(),
    )


def _said_of(ends: Sequence[tuple[str, str]], asked: Sequence[str]) -> list[Link]:
    """The ends of a claim that are not the very things that were asked for, with their labels."""
    known = {*asked, *map(curie_of, asked)}
    return [named(label, end) if label else Link(curie_of(end), end) for end, label in ends if end not in known]


def _reasons(graph: Graph, row: Row, asked: Sequence[str]) -> list[Text]:
    """The kinds of reason for an overlap of the two."""
    if row.get("property") != _OVERLAPS:
        return []
    one, other = (Disorder(graph, Iri(iri)) for iri in asked)
    reasons = next((found for (iri, _), found in reasons_of(graph, one).items() if iri == other.iri), [])
    return [reason.line(one.label, other.label) for reason in reasons]
