"""Stored queries that join this graph with other public SPARQL endpoints (``queries/federated/*.rq``).

Such a file runs unchanged in any engine that follows SERVICE. Here no engine does: what a ``SERVICE`` block asks is
sent by the guarded path of :mod:`poh_graph.remote`, with the values that this graph has for the variables after
``# by``, and its rows take the place of the block. So a deadline holds, and it can be told which endpoint answered.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from poh_graph.bundle import resource_folder
from poh_graph.errors import InputError, ParameterError, PohGraphError, StoreError
from poh_graph.queries import StoredQuery, find_among, read_query
from poh_graph.remote import RemoteStore
from poh_graph.store import Answer, Store, solutions

DEADLINE_SECONDS = 30.0
"""Seconds that one endpoint has for its answer."""

MOST_VALUES = 500
"""Values that are sent to an endpoint with one query."""

_SERVICE = re.compile(r"SERVICE\s+<(?P<url>[^>]*)>\s*\{[ \t]*#\s*by(?P<by>(?:\s+\?\w+)+)[ \t]*\n")
_PROJECTION = re.compile(r"SELECT\s+DISTINCT\s[^{]*?WHERE", re.IGNORECASE)
_PREFIXES = re.compile(r"^\s*PREFIX\s.*$", re.MULTILINE | re.IGNORECASE)
_VARIABLE = re.compile(r"\?(\w+)")
_ORDER = re.compile(r"\}\s*ORDER\s+BY[^}]*\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Service:
    """A SERVICE block of a query: where it stands in the text, what it asks whom, and by which variables it joins."""

    start: int
    end: int
    url: str
    by: tuple[str, ...]
    pattern: str

    @property
    def variables(self) -> list[str]:
        """The variables of the block, sorted."""
        return sorted({*_VARIABLE.findall(self.pattern), *self.by})


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the question to one endpoint: rows and seconds, or the error. ``url`` is the one in the query."""

    url: str
    asked: str
    rows: int | None
    seconds: float
    error: str = ""

    def __str__(self) -> str:
        """Say it in a line."""
        where = self.url if self.asked == self.url else f"{self.url} ({self.asked})"
        if self.rows is None:
            return f"{where}: no answer. {self.error}"
        return f"{where}: {self.rows} row{'' if self.rows == 1 else 's'} in {self.seconds:.1f} s"


class NoAnswer(StoreError):
    """An endpoint did not answer, so that the query has no answer either; ``told`` is what became of each."""

    def __init__(self, told: Sequence[Told]) -> None:
        super().__init__(
            f"{told[-1].url} did not answer: {told[-1].error}",
            mend="Try again later, give it more time with --deadline, or another address with --endpoint URL=URL.",
        )
        self.told = tuple(told)


@lru_cache(maxsize=1)
def federated_paths() -> dict[str, Path]:
    """The stored queries that ask other endpoints: name → file."""
    return {path.stem: path for path in sorted((resource_folder("queries") / "federated").glob("*.rq"))}


def find_federated(name: str) -> StoredQuery:
    """The federated query of this name, or the only one whose name starts so.

    Raises:
        UnknownQuery: if there is none or more than one.
    """
    return read_query(find_among(federated_paths(), name))


def run(
    store: Store,
    text: str,
    *,
    endpoints: Mapping[str, str] | None = None,
    deadline: float = DEADLINE_SECONDS,
) -> tuple[Answer, list[Told]]:
    """The answer to a federated query, and what became of the question to each endpoint.

    ``endpoints`` gives other addresses for those of the text: a mirror, or a test.

    Raises:
        NoAnswer: if an endpoint does not answer in time, or with something that is no answer.
        InputError: if the text has no SERVICE block of the form above.
        ParameterError: if there are too many values to ask for.
    """
    told: list[Told] = []
    if next(_services(text), None) is None:
        raise InputError("The query asks no other endpoint.", mend="SERVICE <…> {   # by ?variable")
    while service := next(_services(text), None):
        asked = (endpoints or {}).get(service.url, service.url)
        question = _question(text, service, _values(store, text, service))
        begin = time.monotonic()
        try:
            rows = [tuple(row) for row in solutions(RemoteStore(asked, deadline=deadline).query(question))]
        except PohGraphError as error:
            told.append(Told(service.url, asked, None, time.monotonic() - begin, error.message))
            raise NoAnswer(told) from None
        told.append(Told(service.url, asked, len(rows), time.monotonic() - begin))
        text = text[: service.start] + _table(service.variables, rows) + text[service.end :]
    return store.query(text), told


def _services(text: str) -> Iterator[Service]:
    """The SERVICE blocks of a text. Braces in strings and comments would mislead it: our files have none there."""
    for found in _SERVICE.finditer(text):
        depth, end = 1, found.end()
        while depth:
            brace = re.compile(r"[{}]").search(text, end)
            if brace is None:
                raise InputError("A SERVICE block does not end.")
            depth += 1 if brace[0] == "{" else -1
            end = brace.end()
        by = tuple(_VARIABLE.findall(found["by"]))
        yield Service(found.start(), end, found["url"], by, text[found.end() : end - 1])


def _values(store: Store, text: str, service: Service) -> list[tuple[ox.NamedNode | ox.Literal, ...]]:
    """What this graph has for the variables that a block joins by."""
    for other in sorted(_services(text), key=lambda block: -block.start):
        text = text[: other.start] + text[other.end :]
    projection = "SELECT DISTINCT " + " ".join(f"?{name}" for name in service.by) + " WHERE"
    text = _ORDER.sub("}", _PROJECTION.sub(projection, text, count=1))
    rows = [tuple(row) for row in solutions(store.query(text))]
    if len(rows) > MOST_VALUES:
        raise ParameterError(
            f"{len(rows)} values are more than {service.url} should be asked for at once ({MOST_VALUES}).",
            mend="Ask about fewer disorders.",
        )
    return sorted(rows, key=str)


def _question(text: str, service: Service, values: Sequence[Sequence[object]]) -> str:
    """What is sent to an endpoint: the block with the values of this graph."""
    prefixes = "\n".join(found.strip() for found in _PREFIXES.findall(text))
    names = " ".join(f"?{name}" for name in service.variables)
    return f"{prefixes}\nSELECT DISTINCT {names} WHERE {{\n{_table(service.by, values)}\n{service.pattern}}}"


def _table(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a VALUES block; what is not bound is UNDEF."""
    lines = (" ".join("UNDEF" if term is None else str(term) for term in row) for row in rows)
    head = " ".join(f"?{name}" for name in names)
    return f"VALUES ({head}) {{ {' '.join(f'({line})' for line in lines)} }}"
