"""A store behind a SPARQL 1.1 endpoint of any maker, for reading.

SPARQLWrapper speaks the protocol. It has three gaps that are closed here: it opens ``file:`` addresses, its timeout
counts single reads of the socket (a server that drips one byte a second never times out), and it reads without a limit.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import closing
from io import BytesIO
from typing import TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit

import pyoxigraph as ox
from SPARQLWrapper import SPARQLExceptions, SPARQLWrapper

from poh_graph.errors import QueryError, StoreError
from poh_graph.store import Answer, query_form, solutions, syntax_error
from poh_graph.terms import Iri

Parsed = TypeVar("Parsed", ox.QueryBoolean, ox.QuerySolutions)

DEADLINE_SECONDS = 60.0
LARGEST_ANSWER = 512 * 1024 * 1024
"""Bytes of an answer that are read; a longer one is refused."""

_CHUNK = 64 * 1024


def _table(body: bytes, form: str) -> Answer:
    """The answer to a SELECT or ASK, in the W3C's JSON; SyntaxError if it is not one."""
    if form == "ASK":
        return _parsed(body, ox.QueryBoolean)
    # The rows are parsed when they are asked for: going through them once shows a broken one here.
    deque(_parsed(body, ox.QuerySolutions), maxlen=0)
    return _parsed(body, ox.QuerySolutions)


def _parsed(body: bytes, kind: type[Parsed]) -> Parsed:
    answer = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(answer, kind):
        return answer
    del answer  # the error keeps this frame, and no other thread may drop an answer
    raise SyntaxError("not " + kind.__name__.removeprefix("Query").lower())


def _triples(body: bytes) -> Answer:
    """The answer to a CONSTRUCT or DESCRIBE, in N-Triples; SyntaxError if it is not one."""
    answer = ox.Store()
    answer.load(body, ox.RdfFormat.N_TRIPLES)
    return answer.query("CONSTRUCT WHERE { ?s ?p ?o }")


class RemoteStore:
    """A SPARQL 1.1 endpoint, read-only. ``deadline`` (seconds) holds for the whole of one answer."""

    def __init__(self, url: str, *, deadline: float = DEADLINE_SECONDS, largest: int = LARGEST_ANSWER) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise StoreError(f"{url} is not the address of an endpoint.", mend="It begins with http:// or https://.")
        self.url = url
        self.deadline = deadline
        self.largest = largest

    def query(self, text: str) -> Answer:
        """As :meth:`poh_graph.store.Store.query`."""
        form = query_form(text)
        is_table = form in ("SELECT", "ASK")
        body = self._ask(text, is_table=is_table)
        try:
            return _table(body, form) if is_table else _triples(body)
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                f"{self.url} answered with something that is not a SPARQL result ({error}).",
                mend="Is it the address of a SPARQL endpoint?",
            ) from None

    def graphs(self) -> list[Iri]:
        """As :meth:`poh_graph.store.Store.graphs`."""
        rows = self.query("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } } ORDER BY ?graph")
        return [Iri(row["graph"].value) for row in solutions(rows)]

    def dump(self) -> Iterator[ox.Quad]:
        """As :meth:`poh_graph.store.Store.dump`; one request a named graph."""
        for graph in self.graphs():
            triples = self.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
            assert isinstance(triples, ox.QueryTriples)  # noqa: S101 - a CONSTRUCT gives nothing else
            for triple in triples:
                yield ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))

    def lines(self) -> list[bytes]:
        """As :meth:`poh_graph.store.Store.lines`."""
        written = BytesIO()
        ox.serialize(self.dump(), written, ox.RdfFormat.N_QUADS)
        return written.getvalue().splitlines(keepends=True)

    def load(self, quads: Iterable[ox.Quad]) -> None:  # noqa: ARG002 - as the protocol has it
        """Refused: an endpoint is read here, not written."""
        raise StoreError(f"{self.url} is read-only here.", mend="Load the bundle with the engine's own loader.")

    def _ask(self, text: str, *, is_table: bool) -> bytes:
        """Send a query and read the whole answer, within the deadline.

        The request runs in a thread of its own, because no timeout of the socket covers a server that drips; a thread
        that is given up ends with its socket.
        """
        outcome: list[bytes | Exception] = []
        end = time.monotonic() + self.deadline
        request = threading.Thread(
            target=self._request, args=(text, end, outcome), kwargs={"is_table": is_table}, daemon=True
        )
        request.start()
        request.join(self.deadline)
        if not outcome:
            raise StoreError(
                f"{self.url} gave no whole answer within {self.deadline:g} s.",
                mend="Ask for less, or give the store more time.",
            )
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]

    def _request(self, text: str, end: float, outcome: list[bytes | Exception], *, is_table: bool) -> None:
        try:
            with closing(self._wrapper(text, is_table=is_table).query().response) as response:
                outcome.append(self._read(response, end))
        except (StoreError, QueryError) as error:
            outcome.append(error)
        except (OSError, ValueError, http.client.HTTPException, SPARQLExceptions.SPARQLWrapperException) as error:
            refusal = error if isinstance(error, HTTPError) else error.__context__
            if isinstance(refusal, HTTPError):
                refusal.close()  # it holds the connection
            outcome.append(self._failure(text, error))

    def _wrapper(self, text: str, *, is_table: bool) -> SPARQLWrapper:
        wrapper = SPARQLWrapper(self.url)
        wrapper.setQuery(text)
        # It looks for the form in comments too, where "addresses" is an ADD of SPARQL Update to it.
        wrapper.queryType = query_form(text)
        wrapper.setMethod("POST")
        # SPARQLWrapper asks for formats by its own guess of the query's form; we ask by header, for what ours says.
        accept = "application/sparql-results+json" if is_table else "application/n-triples"
        wrapper.setOnlyConneg(True)
        wrapper.addCustomHttpHeader("Accept", accept)
        wrapper.setTimeout(max(1, int(self.deadline)))
        return wrapper

    def _read(self, response: http.client.HTTPResponse, end: float) -> bytes:
        if urlsplit(response.geturl()).scheme not in ("http", "https"):
            raise StoreError(f"{self.url} leads to {response.geturl()}, which is not an endpoint.")
        body = BytesIO()
        while chunk := response.read1(_CHUNK):
            body.write(chunk)
            if body.tell() > self.largest:
                raise StoreError(f"{self.url} answers with more than {self.largest:,} bytes.", mend="Ask for less.")
            if time.monotonic() > end:
                raise StoreError(f"{self.url} gave no whole answer within {self.deadline:g} s.")
        announced = response.headers.get("Content-Length", "")
        if announced.isdecimal() and body.tell() < int(announced):  # a torn answer may parse, with triples missing
            raise StoreError(f"{self.url} broke off its answer: {body.tell():,} of {int(announced):,} bytes came.")
        return body.getvalue()

    def _failure(self, text: str, error: Exception) -> StoreError | QueryError:
        if isinstance(error, SPARQLExceptions.QueryBadFormed):
            try:
                ox.Store().query(text)
            except SyntaxError as refused:
                return syntax_error(text, str(refused))
            return QueryError(f"{self.url} refuses the query:\n{text.strip()}")
        lines = str(getattr(error, "reason", None) or error).splitlines()
        reason = lines[0] if lines else type(error).__name__
        return StoreError(
            f"{self.url} cannot be asked ({reason}).", mend="Is the address right, and does the server run?"
        )
