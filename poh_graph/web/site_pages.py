"""The pages for people that are about no single thing: to browse and search, to compare two, and of who says what.

They are made in this process, from stored queries with values that were checked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from poh_graph.documents.comparison import compare
from poh_graph.documents.why import why
from poh_graph.pages.answers import Trouble, chain_html, comparison_html, search_html, trouble_html
from poh_graph.pages.editor import editor_folder
from poh_graph.pages.html import FOLDER
from poh_graph.pages.lists import CLASSIFICATIONS, NAMES, list_html
from poh_graph.web import query_pages
from poh_graph.web.caching import cached
from poh_graph.web.documents import PAGE
from poh_graph.web.formats import accepted
from poh_graph.web.pages import Pages
from poh_graph.web.problems import MEDIA_TYPE, Problem
from poh_graph.web.site import Site

_LONGEST_NAME = 200
"""Letters of a text that is searched for; no name is longer."""


def routes(site: Site) -> list[Route | Mount]:
    """The pages, with their styles and scripts."""
    pages = Pages(site)
    site.render = pages.render
    site.explain = partial(_explained, pages)
    site.warm = pages.warm

    def answer(respond: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        """What answers with a page, or sends on to another."""

        async def answered(request: Request) -> Response:
            if unchanged := cached(request, site.etag):
                return unchanged
            return await run_in_threadpool(respond, request)

        return answered

    def page(html: Callable[[Request], str]) -> Callable[[Request], Awaitable[Response]]:
        return answer(lambda request: pages.answer(html(request)))

    lists = [*(name for name, _ in NAMES.values()), CLASSIFICATIONS]
    return [
        Route("/", page(lambda _: pages.front)),
        Route("/report", page(lambda _: pages.report)),
        Route("/search", answer(lambda request: _search(pages, request))),
        Route("/why", page(lambda request: _why(pages, request))),
        Route("/compare", answer(lambda request: _chosen(pages, request))),
        Route("/compare/{one}/{other}", page(lambda request: _compared(pages, request))),
        *(Route(f"/{name}", page(partial(_list, pages, name))) for name in lists),
        *(Route(f"/{name}-{{letter}}", page(partial(_list, pages, name))) for name in lists),
        *query_pages.routes(pages),
        *([Mount("/static/yasqe", StaticFiles(directory=editor))] if (editor := editor_folder()) else []),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]


def _list(pages: Pages, name: str, request: Request) -> str:
    """A list to browse.

    Raises:
        Problem: if there is no list of this name.
    """
    letter = request.path_params.get("letter")
    found = pages.lists.get(f"{name}-{letter}" if letter else name)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "Nothing in this graph begins so.")
    return list_html(found, pages.frame)


def _search(pages: Pages, request: Request) -> Response:
    """What was found; where that is one thing for certain, its page."""
    text = " ".join(request.query_params.get("q", "").split())[:_LONGEST_NAME]
    found = pages.graph.resolve(text) if text else []
    certain = [candidate for candidate in found if candidate.how != "similar" and candidate.iri in pages.held]
    if len(found) == len(certain) == 1:
        return RedirectResponse(pages.frame.href(certain[0].iri) or pages.root, HTTPStatus.SEE_OTHER)
    return pages.answer(search_html(text, found, pages.frame))


def _chosen(pages: Pages, request: Request) -> Response:
    """The comparison that a form asks for."""
    one, other = (quote(request.query_params.get(name, "") or "-", safe=":") for name in ("one", "other"))
    return RedirectResponse(pages.frame.at(f"compare/{one}/{other}"), HTTPStatus.SEE_OTHER)


def _compared(pages: Pages, request: Request) -> str:
    return comparison_html(compare(pages.graph, request.path_params["one"], request.path_params["other"]), pages.frame)


def _why(pages: Pages, request: Request) -> str:
    subject, object_ = (request.query_params.get(name, "") for name in ("subject", "object"))
    return chain_html(why(pages.graph, subject, object_), pages.frame)


def _explained(pages: Pages, request: Request, problem: Problem) -> Response | None:
    """A problem on a page, for a browser; None for any other client."""
    found = accepted(request.headers.get("accept"), {"json": (MEDIA_TYPE, "application/json"), **PAGE})
    if found is None or found[0] != "html":
        return None
    detail = " ".join(part for part in (problem.detail, problem.members.get("mend", "")) if part)
    html = trouble_html(Trouble(problem.status, problem.status.phrase, detail, problem.candidates), pages.frame)
    return HTMLResponse(html, problem.status, {"Cache-Control": "no-store", **problem.headers})
