"""A question over a store, and its answer written: what a worker does, process and limits aside."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import IO, Any

import pyoxigraph as ox

from poh_graph.store import Answer, syntax_error
from poh_graph.web.formats import ROWS, TRIPLES, Formats, accepted
from poh_graph.web.keywords import has_keyword, syntax_error_of, without_service
from poh_graph.web.question import Question


class Refused(Exception):
    """A question that has no answer; ``status`` is that of HTTP."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class TooLong(OSError):
    """An answer is longer than it may be."""


def answer(store: ox.Store, question: Question, base: str, begin: Callable[[str], IO[bytes]]) -> None:
    """Run a query and write its answer to what ``begin`` gives for its media type.

    ``base`` is what relative IRIs of the query are relative to.

    Raises:
        Refused: if it is not SPARQL, not allowed, fits no format that is asked for, or has too long an answer.
    """
    if has_keyword(question.text, "service", base):
        raise _service(question.text, base)
    found = _found(store, question, base)
    formats = TRIPLES if isinstance(found, ox.QueryTriples) else ROWS
    name, media_type = _format(question, formats)
    try:
        _write(found, formats[name][0], begin(media_type))
    except TooLong:
        detail = "The answer is longer than this server gives; nothing of it is sent. Ask for less (LIMIT, OFFSET)."
        raise Refused(HTTPStatus.INSUFFICIENT_STORAGE, detail) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from None


def _service(text: str, base: str) -> Refused:
    """Why a text is refused that holds the keyword SERVICE, or is no SPARQL; it is not run to tell which."""
    if message := syntax_error_of(without_service(text), base):
        return Refused(HTTPStatus.BAD_REQUEST, str(syntax_error(text, message)))
    return Refused(HTTPStatus.FORBIDDEN, "This endpoint asks no other endpoint: SERVICE is not allowed.")


def _found(store: ox.Store, question: Question, base: str) -> Answer:
    """The engine's answer over the dataset that the request names; else that of the query; else all named graphs."""
    dataset: dict[str, Any] = {}
    if question.default_graphs or question.named_graphs:
        dataset["default_graph"] = _graphs(question.default_graphs)
        dataset["named_graphs"] = _graphs(question.named_graphs)
    elif not has_keyword(question.text, "from", base):
        dataset["use_default_graph_as_union"] = True
    try:
        return store.query(question.text, base_iri=base, **dataset)
    except SyntaxError as error:
        raise Refused(HTTPStatus.BAD_REQUEST, str(syntax_error(question.text, str(error)))) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from None


def _write(found: Answer, media_type: str, out: IO[bytes]) -> None:
    if isinstance(found, ox.QueryTriples):
        found.serialize(out, ox.RdfFormat.from_media_type(media_type))
    else:
        found.serialize(out, ox.QueryResultsFormat.from_media_type(media_type))


def _failed(error: Exception) -> Refused:
    """The problem of a query that the engine gives up; what it says may name files, and goes to the log alone."""
    sys.stderr.write(f"A query was given up by the engine: {error}\n")
    return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The engine could not answer this query in this format.")


def _graphs(iris: Sequence[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError:
        raise Refused(HTTPStatus.BAD_REQUEST, "The name of a graph is an IRI.") from None


def _format(question: Question, formats: Formats) -> tuple[str, str]:
    """The short name and the media type of the format to answer in."""
    if question.format_ is None:
        found = accepted(question.accept, formats)
    else:
        found = (question.format_, formats[question.format_][0]) if question.format_ in formats else None
    if found is None:
        offered = ", ".join(f"{types[0]} ({name})" for name, types in formats.items())
        raise Refused(HTTPStatus.NOT_ACCEPTABLE, f"The answer to this query can be had as {offered}.")
    return found
