"""Queries of strangers: a question in, an answer in the format that was asked for, or the problem that it was.

This is all that the rest of the server knows of how they are run.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import pyoxigraph as ox

from poh_graph.errors import QueryError
from poh_graph.graph import Graph
from poh_graph.web.formats import ROWS, TRIPLES, accepted
from poh_graph.web.problems import Problem
from poh_graph.web.settings import Limits


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the dataset that the request names, and what the client takes.

    ``format_`` is the short name of a format and goes before ``accept``. Without graphs the query sees the union of
    the named graphs. ``client`` is whom the places for queries are shared out to.
    """

    text: str
    accept: str | None = None
    format_: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    client: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole of an answer."""

    media_type: str
    content: bytes


class Evaluator:
    """What runs queries, within limits."""

    def __init__(self, graph: Graph, limits: Limits) -> None:
        self.graph = graph
        self.limits = limits

    async def start(self) -> None:
        """Make ready."""

    async def stop(self) -> None:
        """End what still runs."""

    async def run(self, question: Question) -> Answer:
        """The answer.

        Raises:
            Problem: if it is refused or a limit is reached.
        """
        return self._run(question)

    def _run(self, question: Question) -> Answer:
        try:
            answer = self.graph.store.query(question.text)
        except QueryError as error:
            raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None
        formats = TRIPLES if isinstance(answer, ox.QueryTriples) else ROWS
        found = accepted(question.accept, formats)
        if not found:
            raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"This query is answered as {', '.join(formats)}.")
        media_type = found[1]
        if isinstance(answer, ox.QueryTriples):
            content = answer.serialize(format=ox.RdfFormat.from_media_type(TRIPLES[found[0]][0]))
        else:
            content = answer.serialize(format=ox.QueryResultsFormat.from_media_type(ROWS[found[0]][0]))
        return Answer(media_type, content or b"")
