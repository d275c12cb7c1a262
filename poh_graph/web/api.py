"""The stored queries over HTTP: each has an address, its parameters are those of the file.

``/api/genes-of-a-disorder?disorder=ORPHA:2762`` gives the rows of ``queries/genes-of-a-disorder.rq``, in the formats of
the endpoint. Like the queries of strangers they are run by workers, within the limits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from http import HTTPStatus
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from poh_graph.errors import PohGraphError, UnknownQuery
from poh_graph.export.tables import write_cells
from poh_graph.graph import Graph
from poh_graph.names import KINDS
from poh_graph.queries import StoredQuery, find_query, stored_queries
from poh_graph.resolve import Candidate
from poh_graph.store import query_form
from poh_graph.web.caching import cacheable, cached
from poh_graph.web.documents import PAGE, chosen
from poh_graph.web.evaluate import Answer
from poh_graph.web.openapi import openapi
from poh_graph.web.parameters import Page, needed, one_of, values_of, whole_number, wrong
from poh_graph.web.problems import Problem, problem_of
from poh_graph.web.protocol import client_of
from poh_graph.web.question import Question
from poh_graph.web.site import Site
from poh_graph.web.sparql import AnswerResponse

PATH = "/api"
PAGES = "/queries"
"""Where a person finds the same: each query with a form."""

LARGEST_PAGE = 10_000
MOST_CANDIDATES = 50
_CANDIDATES = 10

_OF_EVERY_QUERY = ("limit", "offset", "format")
_KINDS = tuple(sorted(set(KINDS.values())))


def routes(site: Site) -> list[Route]:
    """The API, and its description."""
    described = cache(lambda: openapi(site.base, LARGEST_PAGE, MOST_CANDIDATES, _KINDS))

    async def index(request: Request) -> Response:
        if chosen(request, {"json": ("application/json",), **PAGE})[0] == "html" and site.render is not None:
            return RedirectResponse(site.url(PAGES), HTTPStatus.SEE_OTHER, {"Vary": "Accept"})
        return _cacheable(site, request, {"queries": [_listed(site, query) for query in stored_queries()]})

    async def description(request: Request) -> Response:
        return _cacheable(site, request, described())

    async def resolve(request: Request) -> Response:
        return await _resolve(site, request)

    async def stored(request: Request) -> Response:
        return await _stored(site, request)

    return [
        Route(PATH, index),
        Route("/openapi.json", description),
        Route(PATH + "/resolve", resolve),
        Route(PATH + "/{name}", stored),
    ]


def _cacheable(site: Site, request: Request, content: object) -> Response:
    return cached(request, site.etag) or JSONResponse(content, headers=cacheable(site.etag))


def _listed(site: Site, query: StoredQuery) -> dict[str, object]:
    """A query in the list of all."""
    return {
        "name": query.name,
        "question": query.summary,
        "answer": query.description,
        "parameters": [parameter.name for parameter in query.parameters],
        "tags": list(query.tags),
        "url": site.url(f"{PATH}/{query.name}"),
    }


async def _stored(site: Site, request: Request) -> Response:
    """The answer of a stored query, or a part of its rows with links to the next.

    Raises:
        Problem: if there is no such query, a value does not fit, or a limit is reached.
    """
    query = _query(request.path_params["name"])
    values = values_of(request, [*(parameter.name for parameter in query.parameters), *_OF_EVERY_QUERY])
    page = Page.of(values, LARGEST_PAGE)
    if not page.is_all and query_form(query.text) != "SELECT":
        name = "limit" if page.limit is not None else "offset"
        raise wrong(name, "nothing", values[name][0], "The answer to this query has no rows, and is given whole.")
    if unchanged := cached(request, site.etag):
        return unchanged
    given = {name: texts for name, texts in values.items() if name not in _OF_EVERY_QUERY}
    text = await run_in_threadpool(bound, site.graph, query, given)
    question = Question(
        text + page.clause, request.headers.get("accept"), one_of(values, "format"), client=client_of(request)
    )
    answer = await site.evaluator.run(question, request.is_disconnected)
    links = {"canonical": f"{PATH}/{query.name}"} | {
        relation: _address(query, values, other)
        for relation, other in page.others().items()
        if relation != "next" or await _has_rows(site, request, replace(question, text=text + _first_of(other)))
    }
    return _linked(site, answer, links)


def _query(name: str) -> StoredQuery:
    try:
        return find_query(name)
    except UnknownQuery as error:
        raise problem_of(error, where="path", found=name, mend=f"{PATH} lists them.") from None


def bound(graph: Graph, query: StoredQuery, given: Mapping[str, list[str]]) -> str:
    """The text of a stored query with the given values; names and identifiers in any spelling are looked up.

    Raises:
        Problem: if a value does not fit, says nothing, or may mean several things.
    """
    for parameter in query.parameters:
        if parameter.name in given:
            try:
                graph.bound(query, (), {parameter.name: given[parameter.name]})
            except PohGraphError as error:
                found = " ".join(given[parameter.name])
                raise problem_of(
                    error, where=f"parameter {parameter.name}", expected=parameter.documentation, found=found
                ) from None
    return graph.bound(query, (), dict(given))


def _first_of(page: Page) -> str:
    """The first row of a part, in SPARQL."""
    return Page(1, page.offset).clause


async def _has_rows(site: Site, request: Request, question: Question) -> bool:
    answer = await site.evaluator.run(replace(question, format_="json"), request.is_disconnected)
    return bool(json.loads(answer.read())["results"]["bindings"])


def _address(query: StoredQuery, values: Mapping[str, list[str]], page: Page) -> str:
    """The address of another part of the same rows."""
    asked = {**values, "limit": [str(page.limit)], "offset": [str(page.offset)]}
    return f"{PATH}/{query.name}?{urlencode(asked, doseq=True, quote_via=quote)}"


def _linked(site: Site, answer: Answer, links: Mapping[str, str]) -> Response:
    described = {"describedby": "/openapi.json", **links}
    link = ", ".join(f'<{site.url(path)}>; rel="{relation}"' for relation, path in described.items())
    return AnswerResponse(answer, cacheable(site.etag) | {"Link": link})


async def _resolve(site: Site, request: Request) -> Response:
    """What a name or an identifier may mean.

    Raises:
        Problem: if there is no text, or a value does not fit.
    """
    values = values_of(request, ("text", "kind", "limit", "format"))
    text = needed(values, "text", "a name, an abbreviation or an identifier")
    kind = one_of(values, "kind")
    if kind is not None and kind not in _KINDS:
        raise wrong("kind", f"one of {', '.join(_KINDS)}", kind, "There is no such kind of thing.", _KINDS)
    limit = whole_number(values, "limit", 1, MOST_CANDIDATES) or _CANDIDATES
    format_ = one_of(values, "format") or "json"
    if unchanged := cached(request, site.etag):
        return unchanged
    found = await run_in_threadpool(lambda: site.graph.names.resolve(text, kind=kind, limit=limit))
    rows = [_candidate(candidate) for candidate in found]
    if format_ == "json":
        return JSONResponse({"text": text, "candidates": rows}, headers=cacheable(site.etag))
    if format_ == "csv":
        content = write_cells(list(_CANDIDATE), [[str(value) for value in row.values()] for row in rows], "csv")
        return Response(content, media_type="text/csv", headers=cacheable(site.etag))
    raise Problem(HTTPStatus.NOT_ACCEPTABLE, "This can be had as application/json (json), text/csv (csv).")


_CANDIDATE = ("id", "iri", "label", "kind", "matched", "how", "score")


def _candidate(candidate: Candidate) -> dict[str, object]:
    """A candidate; ``how`` is the step that found it, ``score`` (0 to 100) its similarity."""
    return {name: getattr(candidate, "curie" if name == "id" else name) for name in _CANDIDATE}
