"""The closed graph of a disorder: what is said of it, and the label of all that this refers to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from poh_graph.queries import find_query
from poh_graph.store import LocalStore, Store, solutions
from poh_graph.terms import BASE, BIOLINK, DCTERMS, ONTOLOGY, OWL, RDF, RDFS, SCHEMA, SKOS

NAMES = (
    RDF + "type", RDFS + "label", SKOS + "prefLabel", SKOS + "notation", DCTERMS + "identifier", SCHEMA + "name",
    BIOLINK + "symbol", OWL + "deprecated",
)  # fmt: skip
"""What names a thing. Its other statements would bring in the next things, and so the whole graph."""

_ENDS = {RDF + "subject": True, RDF + "object": False, OWL + "annotatedSource": True, OWL + "annotatedTarget": False}
"""The properties by which a statement node names the two things that it joins; whether it is the first of them."""

_REASON = ox.NamedNode(ONTOLOGY + "reason")
_DOCUMENTS = (f"<{BIOLINK}Publication>", f"<{SCHEMA}WebPage>", "<https://w3id.org/sssom/MappingSet>")
_OWN_DISORDERS = BASE + "disorder/"

QUERY = "closed-graph-of-a-disorder"

_ASKED = 500
"""Triples whose graphs are asked for at a time."""

_GRAPHS = """SELECT DISTINCT ?subject ?predicate ?object ?graph WHERE {
VALUES (?subject ?predicate ?object) {
%s
}
GRAPH ?graph { ?subject ?predicate ?object }
}"""


def closed_triples(store: Store, disorders: Iterable[str]) -> set[ox.Triple]:
    """The triples of the closed graphs of some disorders, given by their IRIs."""
    query = find_query(QUERY)
    found: set[ox.Triple] = set()
    for iri in disorders:
        answer = store.query(query.bind({"disorder": [ox.NamedNode(iri)]}))
        assert isinstance(answer, ox.QueryTriples)  # noqa: S101 - the query is a CONSTRUCT
        found.update(answer)
    return found


def closed_quads(store: Store, disorders: Iterable[str]) -> list[ox.Quad]:
    """The same with the named graphs that say them, in no order."""
    kept = closed_triples(store, disorders)
    if isinstance(store, LocalStore):
        find = store.engine.quads_for_pattern
        return [quad for triple in kept for quad in find(triple.subject, triple.predicate, triple.object, None)]
    listed = sorted(f"({triple})" for triple in kept)
    return [quad for start in range(0, len(listed), _ASKED) for quad in _said(store, listed[start : start + _ASKED])]


def _said(store: Store, triples: Iterable[str]) -> Iterator[ox.Quad]:
    """The quads of some triples, of a store that one can only ask."""
    for row in solutions(store.query(_GRAPHS % "\n".join(triples))):
        yield ox.Quad(row["subject"], row["predicate"], row["object"], row["graph"])


def self_contained(store: LocalStore, disorders: Iterable[str]) -> list[ox.Quad]:
    """The closed graphs of some disorders, with what they refer to described well enough to stand by itself.

    Documents and things of our own (agents, classifications, places) have all their statements, others their names.
    """
    kept = dict.fromkeys(closed_quads(store, disorders))
    kept.update(dict.fromkeys(described(store, (term for quad in kept for term in (quad.subject, quad.object)))))
    return list(dict.fromkeys([*kept, *_stated(store, kept)]))


def described(store: LocalStore, things: Iterable[object]) -> list[ox.Quad]:
    """What describes some things, and all that this refers to, well enough to be read."""
    kept: dict[ox.Quad, None] = {}
    todo = list(things)
    done = set()
    while todo:
        term = todo.pop()
        if not isinstance(term, ox.NamedNode) or term in done:
            continue
        done.add(term)
        statements = list(store.engine.quads_for_pattern(term, None, None, None))
        if not _is_described_whole(term, statements):
            statements = [quad for quad in statements if quad.predicate.value in NAMES]
        statements += store.engine.quads_for_pattern(None, _REASON, term, None)  # a reason belongs to its overlap
        kept.update(dict.fromkeys(statements))
        todo += [end for quad in statements for end in (quad.subject, quad.object)]
    return list(kept)


def _stated(store: LocalStore, kept: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    """What statement nodes state, said directly: the triples between the two things that such a node joins."""
    ends: dict[ox.NamedNode | ox.BlankNode | ox.Triple, dict[bool, ox.NamedNode]] = defaultdict(dict)
    for quad in kept:
        if quad.predicate.value in _ENDS and isinstance(quad.object, ox.NamedNode):
            ends[quad.subject][_ENDS[quad.predicate.value]] = quad.object
    for joined in ends.values():
        if len(joined) == len((True, False)):
            for one, other in ((joined[True], joined[False]), (joined[False], joined[True])):
                yield from store.engine.quads_for_pattern(one, None, other, None)


def _is_described_whole(term: ox.NamedNode, statements: list[ox.Quad]) -> bool:
    is_own = term.value.startswith(BASE) and not term.value.startswith(_OWN_DISORDERS)
    classes = {str(quad.object) for quad in statements if quad.predicate.value == RDF + "type"}
    return is_own or not classes.isdisjoint(_DOCUMENTS)
