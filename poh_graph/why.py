"""One claim with its whole chain: who says it, in which release and licence, by which papers, and who objects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from poh_graph.comparison import cited
from poh_graph.document import Block, Document, Items, Paragraph, Section
from poh_graph.graph import Graph
from poh_graph.rows import Value
from poh_graph.terms import Iri, curie_of


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement that joins the two, as one source makes it."""

    iri: str
    relation: str
    said_by: str
    release: str
    licence: str
    confidence: str
    references: tuple[str, ...]
    objections: tuple[str, ...]


@dataclass(frozen=True)
class Chain:
    """All claims that join two things."""

    subject: str
    object: str
    claims: list[Claim]

    def render(self, format_: str) -> str:
        """The chain as ``text``, ``markdown`` or ``json``."""
        title = f"Why {self.subject} and {self.object}?"
        if not self.claims:
            return Document(title, [], [Paragraph("This graph makes no claim that joins the two.")]).render(format_)
        return Document(title, [Section(f"{c.said_by} says: {c.relation}", _blocks(c)) for c in self.claims]).render(
            format_
        )


def _blocks(claim: Claim) -> list[Block]:
    lines = [f"release: {claim.release or 'not stated'}", f"licence: {claim.licence or 'not stated'}"]
    if claim.confidence:
        lines.append(f"how it was read: {claim.confidence}")
    lines += [f"read in: {reference}" for reference in claim.references]
    lines += [f"against it: {objection}" for objection in claim.objections]
    lines.append(f"statement: {claim.iri}")
    return [Items(lines)]


def why(graph: Graph, subject: str, object_: str) -> Chain:
    """Every claim of the graph that joins two things, each with its chain.

    Raises:
        UnknownName: if nothing in the graph is called so.
        AmbiguousName: if several things are.
    """
    one, other = _thing(graph, subject), _thing(graph, object_)
    grouped = defaultdict(list)
    for row in graph.query("why-is-it-claimed", subject=one, object=other):
        grouped[str(row["statement"])].append(row)
    labels = graph.labels({one, other})
    claims = []
    for iri, rows in grouped.items():
        first = rows[0]
        claims.append(
            Claim(
                iri=iri,
                relation=str(first["property_label"] or curie_of(str(first["property"]))),
                said_by=str(first["said_by"] or "A source without a description"),
                release=str(first["release"] or ""),
                licence=str(first["licence"] or ""),
                confidence=str(first["confidence"] or ""),
                references=_each(rows, "reference", "citation"),
                objections=_each(rows, "contradicted_by", "objection"),
            )
        )
    return Chain(_named(one, labels), _named(other, labels), claims)


def _thing(graph: Graph, text: str) -> Iri:
    """The thing a text means; a name that is both a disorder and something else means the disorder."""
    disorders = [c for c in graph.resolve(text, kind="disorder") if c.how != "similar"]
    return disorders[0].iri if len(disorders) == 1 else graph.one(text)


def _named(iri: str, labels: dict[str, str]) -> str:
    return f"{labels[iri]} ({curie_of(iri)})" if iri in labels else curie_of(iri)


def _each(rows: list[dict[str, Value]], column: str, label: str) -> tuple[str, ...]:
    """The distinct things of a column, each with its label."""
    found = {
        cited(str(row[label] or curie_of(str(row[column]))), str(row[column])): None for row in rows if row[column]
    }
    return tuple(found)
