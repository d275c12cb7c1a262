"""The SPARQL 1.1 Protocol: its query operation, by GET, by POST of a form and by POST of the query itself."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from poh_graph.web.evaluate import Question
from poh_graph.web.problems import Problem
from poh_graph.web.site import Site


def routes(site: Site) -> list[Route]:
    """The endpoint ``/sparql``."""

    async def sparql(request: Request) -> Response:
        text = request.query_params.get("query")
        if text is None:
            raise Problem(HTTPStatus.BAD_REQUEST, "There is no query.")
        answer = await site.evaluator.run(Question(text, request.headers.get("accept")))
        return Response(answer.read(), media_type=answer.media_type, headers={"ETag": site.etag})

    return [Route("/sparql", sparql)]
