"""The application: every route of the server, and what holds for all answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from threading import Lock, Timer

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from poh_graph.errors import PohGraphError
from poh_graph.web import sparql
from poh_graph.web.evaluate import Evaluator
from poh_graph.web.forking import Forker
from poh_graph.web.headers import WithHeaders
from poh_graph.web.problems import Problem, problem_of
from poh_graph.web.settings import Settings
from poh_graph.web.setup import setup_of
from poh_graph.web.site import Site, open_site

_WARM_AFTER = 0.5
"""Seconds after the start when all but the endpoint is made ready: whoever waited for the start goes first."""


def create_app(settings: Settings, forker: Forker | None = None) -> Starlette:
    """The server over the store of the settings; ``app.state.site`` is its :class:`Site`.

    A ``forker`` may have been started before, and told the same settings.

    Raises:
        StoreError: if the store cannot be opened.
    """
    site = open_site(settings, Evaluator(settings.limits, forker or Forker(setup_of(settings))))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(site.evaluator.start(), run_in_threadpool(lambda: site.etag))
        warming = Timer(_WARM_AFTER, rest.warm)
        warming.daemon = True
        warming.start()
        try:
            yield
        finally:
            warming.cancel()
            site.evaluator.close()

    app = Starlette(
        routes=sparql.routes(site),
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
    app.router.default = rest = Rest(app, site)
    app.state.site = site
    site.complete = rest.load
    return app


class Rest:
    """All routes but the endpoint's. They are made when the first request comes that is not for it, or is refused.

    Their modules take longer to import than all others, for which who asks the endpoint at its start would wait.
    """

    def __init__(self, app: Starlette, site: Site) -> None:
        self._router = app.router
        self._site = site
        self._lock = Lock()
        self._is_there = False

    def load(self) -> None:
        """Make them, once. A request goes to the first route that fits."""
        with self._lock:
            if self._is_there:
                return
            from poh_graph.web import api, differences, linked, site_pages, well_known

            for module in (well_known, differences, api, linked, site_pages):
                self._router.routes.extend(module.routes(self._site))
            self._router.default = self._router.not_found
            self._is_there = True

    def warm(self) -> None:
        """Make ready what the first visitor would wait for."""
        self.load()
        if self._site.warm is not None:
            self._site.warm()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request for which there is no route yet."""
        await run_in_threadpool(self.load)
        await self._router.app(scope, receive, send)


def _problem(request: Request, error: Exception) -> Response:
    """A problem, in the form that the client likes best: a page for a browser, data for a program."""
    assert isinstance(error, Problem)  # noqa: S101 - Starlette's type of a handler is wider than what it calls it with
    site: Site = request.app.state.site
    site.complete()
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
