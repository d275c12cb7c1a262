"""The endpoint ``/sparql``: what a request asks, put to a worker, and the answer with what caches and clients need."""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from poh_graph.web.caching import cacheable, cached
from poh_graph.web.evaluate import Answer
from poh_graph.web.problems import Problem
from poh_graph.web.protocol import read_question
from poh_graph.web.site import Site

PATH = "/sparql"
METHODS = ("GET", "HEAD", "OPTIONS", "POST")


def routes(site: Site) -> list[Route]:
    """The endpoint, with and without a slash at its end."""

    async def sparql(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(METHODS)})
        if unchanged := cached(request, site.etag):
            return unchanged
        question = await read_question(request, site.settings.limits.text)
        if question is None:
            return await _without_query(site, request)
        answer = await site.evaluator.run(question, request.is_disconnected)
        return AnswerResponse(answer, cacheable(site.etag) | {"Link": _link(site)})

    return [Route(path, sparql, methods=list(METHODS)) for path in (PATH, PATH + "/")]


async def _without_query(site: Site, request: Request) -> Response:
    """The description of the service, to whoever only looks at its address.

    Raises:
        Problem: if it is a POST, or this server describes nothing.
    """
    await run_in_threadpool(site.complete)
    if site.describe is None or request.method == "POST":
        raise Problem(HTTPStatus.BAD_REQUEST, "There is no query: give one as the parameter `query`.")
    return await site.describe(request)


def _link(site: Site) -> str:
    return f'<{site.url("/.well-known/void")}>; rel="describedby"'


class AnswerResponse(Response):
    """An answer, sent piece by piece and closed whatever happens meanwhile."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        super().__init__(None, HTTPStatus.OK, headers, answer.media_type)
        self.headers["Content-Length"] = str(answer.length)
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's form
        """Send it."""
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            left = 0 if scope["method"] == "HEAD" else self._answer.length
            if not left:
                await send({"type": "http.response.body", "body": b""})
                return
            for piece in self._answer.pieces():
                left -= len(piece)
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})
        finally:
            self._answer.close()
