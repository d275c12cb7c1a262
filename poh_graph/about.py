"""What the graph says about any of its things, closed: all that it refers to has its label."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from poh_graph.closure import closed_triples
from poh_graph.store import Store
from poh_graph.terms import RDFS

MOST_REFERRING = 1_000
"""Statements that refer to a thing: with more, only what is said of the thing itself is told."""

_REFERRING = "SELECT (COUNT(*) AS ?number) WHERE {{ SELECT ?s WHERE {{ ?s ?p {thing} }} LIMIT {most} }}"

_ITSELF = f"""
CONSTRUCT {{ ?node ?property ?value . ?named <{RDFS}label> ?label }}
WHERE {{
  {{ VALUES ?node {{ {{thing}} }} ?node ?property ?value }}
  UNION
  {{
    {{ SELECT DISTINCT ?named WHERE {{ VALUES ?node {{ {{thing}} }} ?node ?says ?named }} }}
    ?named <{RDFS}label> ?label
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Description:
    """What is said about a thing. ``is_whole`` tells that what refers to it is there too."""

    triples: tuple[ox.Triple, ...]
    is_whole: bool


def describe(store: Store, iri: str, most: int = MOST_REFERRING) -> Description:
    """What is said of a thing and what refers to it; if more than ``most`` statements do, only what is said of it.

    A phenotype that thousands of disorders have, or a class, would be a document of tens of thousands of statements.
    """
    thing = ox.NamedNode(iri)
    answer = store.query(_REFERRING.format(thing=thing, most=most + 1))
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
    is_whole = int(next(answer)["number"].value) <= most
    if is_whole:
        return Description(tuple(sorted(closed_triples(store, [iri]), key=str)), is_whole)
    return Description(tuple(statements_of(store, iri)), is_whole)


def statements_of(store: Store, iri: str) -> list[ox.Triple]:
    """What is said of a thing, with the labels of all that this names; sorted."""
    answer = store.query(_ITSELF.replace("{thing}", str(ox.NamedNode(iri))))
    assert isinstance(answer, ox.QueryTriples)  # noqa: S101 - the query is a CONSTRUCT
    return sorted(set(answer), key=str)
