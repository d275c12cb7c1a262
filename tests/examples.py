"""Examples of checks: RDF files whose head says, in comments, which rows a query has over them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox

from poh_graph.store import LocalStore, solutions

_MARK = "# expect: "


def expected_rows(example: Path) -> list[str]:
    """The ``# expect:`` lines at the head of an example, in their order."""
    return [line.removeprefix(_MARK) for line in example.read_text("utf-8").splitlines() if line.startswith(_MARK)]


def rows_in_turtle(query: str, example: Path) -> list[str]:
    """The rows of a SELECT over a TriG example: terms in Turtle joined by bars, ``-`` where nothing is bound."""
    store, prefixes = _read(example)
    rows = solutions(store.query(query))
    return [" | ".join(_turtle(term, prefixes) for term in row) for row in rows]


@cache
def _read(example: Path) -> tuple[LocalStore, dict[str, str]]:
    parser = ox.parse(path=str(example), format=ox.RdfFormat.TRIG)
    store = LocalStore.in_memory(parser)
    return store, parser.prefixes


def _turtle(term: object, prefixes: dict[str, str]) -> str:
    if term is None:
        return "-"
    if isinstance(term, ox.BlankNode):
        return "_:"
    if isinstance(term, ox.NamedNode):
        for prefix, iri in prefixes.items():
            if term.value.startswith(iri):
                return f"{prefix}:{term.value.removeprefix(iri)}"
    return str(term)
