"""The application: every route of the server, and what holds for all answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from threading import Timer

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from poh_graph.errors import PohGraphError
from poh_graph.web import api, differences, linked, site_pages, sparql, well_known
from poh_graph.web.evaluate import Evaluator
from poh_graph.web.forking import Forker
from poh_graph.web.headers import WithHeaders
from poh_graph.web.problems import Problem, problem_of
from poh_graph.web.settings import Settings
from poh_graph.web.site import Site, open_site

_ROUTES: tuple[Callable[[Site], Sequence[BaseRoute]], ...] = (
    sparql.routes,
    well_known.routes,
    differences.routes,
    api.routes,
    linked.routes,
    site_pages.routes,
)
"""What answers requests, module by module; a request goes to the first route that fits."""

_WARM_AFTER = 0.5
"""Seconds after the start when pages are made ready: whoever waited for the start goes first."""


def create_app(settings: Settings, forker: Forker | None = None) -> Starlette:
    """The server over the store of the settings; ``app.state.site`` is its :class:`Site`.

    A ``forker`` of the same settings may have been started before.

    Raises:
        StoreError: if the store cannot be opened.
    """
    site = open_site(settings, Evaluator(settings.limits, forker or Forker(settings)))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await site.evaluator.start()
        warming = Timer(_WARM_AFTER, site.warm or _nothing)
        warming.daemon = True
        warming.start()
        try:
            yield
        finally:
            warming.cancel()
            site.evaluator.close()

    app = Starlette(
        routes=[route for routes in _ROUTES for route in routes(site)],
        middleware=[Middleware(WithHeaders)],
        exception_handlers={
            Problem: _problem,
            PohGraphError: _error,
            HTTPException: _http_error,
            Exception: _unforeseen,
        },
        lifespan=lifespan,
    )
    # Such a redirect leads to the host that the client names, which may be any.
    app.router.redirect_slashes = False
    app.state.site = site
    return app


def _nothing() -> None:
    """Make nothing ready: there are no pages."""


def _problem(request: Request, error: Exception) -> Response:
    """A problem, in the form that the client likes best: a page for a browser, data for a program."""
    assert isinstance(error, Problem)  # noqa: S101 - Starlette's type of a handler is wider than what it calls it with
    site: Site = request.app.state.site
    return (site.explain and site.explain(request, error)) or error.response()


def _error(request: Request, error: Exception) -> Response:
    assert isinstance(error, PohGraphError)  # noqa: S101 - as above
    return _problem(request, problem_of(error))


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as above
    nothing = error.status_code == HTTPStatus.NOT_FOUND
    detail = "There is nothing at this address." if nothing else error.detail
    return _problem(request, Problem(HTTPStatus(error.status_code), detail, headers=error.headers))


def _unforeseen(_: Request, __: Exception) -> Response:
    """A fault of this program: its traceback goes to the log, and only there."""
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR, "This server has a fault. Its keeper finds it in the log."
    ).response()
