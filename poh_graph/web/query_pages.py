"""The pages on which one asks: the stored queries with their forms, and SPARQL of one's own.

What they ask is run by workers, within the limits, as every query that comes from outside.
"""

from __future__ import annotations

from http import HTTPStatus

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from poh_graph.errors import PohGraphError
from poh_graph.pages.frame import Frame
from poh_graph.pages.questions import Answer, answer_of, editor_html, queries_html, query_html
from poh_graph.queries import find_query
from poh_graph.rows import Rows
from poh_graph.store import query_form
from poh_graph.web.api import bound
from poh_graph.web.caching import cached
from poh_graph.web.pages import Pages
from poh_graph.web.problems import Problem
from poh_graph.web.protocol import client_of
from poh_graph.web.question import Question
from poh_graph.web.site import Site

_FIRST_QUERY = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?property ?value WHERE {
  <http://www.orpha.net/ORDO/Orphanet_2762> ?property ?value
}
LIMIT 100
"""

_TEXTS = {"SELECT": "json", "ASK": "json", "CONSTRUCT": "turtle", "DESCRIBE": "turtle"}
"""The format in which a page takes the answer to each form of query."""


def routes(pages: Pages) -> list[Route]:
    """These pages."""

    async def listed(request: Request) -> Response:
        return cached(request, pages.site.etag) or pages.answer(queries_html(await _frame(pages)))

    async def stored(request: Request) -> Response:
        return await _stored(pages, request)

    async def editor(request: Request) -> Response:
        return await _editor(pages, request)

    return [Route("/queries", listed), Route("/queries/{name}", stored), Route("/editor", editor)]


async def _stored(pages: Pages, request: Request) -> Response:
    """A stored query, and its answer if it is to be run.

    Raises:
        UnknownQuery: if there is no such query.
    """
    query = find_query(request.path_params["name"])
    if query.name != request.path_params["name"]:
        return RedirectResponse(pages.frame.at(f"queries/{query.name}"), HTTPStatus.SEE_OTHER)
    frame = await _frame(pages)
    names = [parameter.name for parameter in query.parameters]
    given = {name: text for name in names if (text := request.query_params.get(name, "").strip())}
    if "run" not in request.query_params:
        return pages.answer(query_html(query, given, None, "", frame))
    try:
        text = await run_in_threadpool(bound, pages.graph, query, {name: [value] for name, value in given.items()})
        answer = await _answer(pages.site, request, text)
    except Problem as problem:
        return pages.answer(query_html(query, given, None, _told(problem), frame), problem.status)
    return pages.answer(query_html(query, given, answer, "", frame))


async def _editor(pages: Pages, request: Request) -> Response:
    """A field for SPARQL, and the answer to what stands in it."""
    frame = await _frame(pages)
    text = request.query_params.get("query")
    if not text:
        return pages.answer(editor_html(_FIRST_QUERY, None, "", frame))
    try:
        answer = await _answer(pages.site, request, text)
    except Problem as problem:
        return pages.answer(editor_html(text, None, _told(problem), frame), problem.status)
    return pages.answer(editor_html(text, answer, "", frame))


async def _answer(site: Site, request: Request, text: str) -> Answer:
    """What a page shows of the answer to a query.

    Raises:
        Problem: if the query is refused, or a limit is reached.
    """
    question = Question(text, format_=_TEXTS[_form(text)], client=client_of(request))
    content = (await site.evaluator.run(question, request.is_disconnected)).read()
    return await run_in_threadpool(_read, content, question.format_ == "json")


def _form(text: str) -> str:
    """The form of a query.

    Raises:
        Problem: if it is not SPARQL.
    """
    try:
        return query_form(text)
    except PohGraphError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None


def _read(content: bytes, is_json: bool) -> Answer:  # noqa: FBT001 - called by a thread pool, which gives no names
    if not is_json:
        return Answer(text=content.decode())
    found = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Answer(text="yes" if found else "no")
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - results in JSON are nothing else
    return answer_of(Rows.of(found))


def _told(problem: Problem) -> str:
    """A problem in words, with what would mend it and what may have been meant."""
    near = f"Near: {', '.join(problem.candidates)}." if problem.candidates else ""
    return " ".join(part for part in (problem.detail, problem.members.get("mend", ""), near) if part)


async def _frame(pages: Pages) -> Frame:
    """What stands around a page; the first one waits until it is known what has a page."""
    return await run_in_threadpool(lambda: pages.frame)
