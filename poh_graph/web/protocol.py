"""What a request of the SPARQL 1.1 Protocol asks: the query operation, by GET, by POST of a form or of the query.

Defining document: https://www.w3.org/TR/sparql11-protocol/#query-operation. Beyond it, the parameter ``format`` names a
format shortly (``csv``), for links and forms of pages, which cannot set an ``Accept`` header.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from urllib.parse import parse_qsl

import mimeparse
from starlette.requests import ClientDisconnect, Request

from poh_graph.web.problems import Problem
from poh_graph.web.question import Question

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_MOST_PARAMETERS = 1000
_PERCENT_ENCODED = 3
"""A byte takes at most so many in a form."""

_BODY_SECONDS = 15
"""Seconds in which the body of a request arrives."""

_NETWORK_OF_ONE = 64
"""Bits of an IPv6 address that all addresses of one client have in common."""


async def read_question(request: Request, longest: int) -> Question | None:
    """What a request asks; None if it names no query. ``longest`` is the most bytes that a query's text may have.

    Raises:
        Problem: if it asks for an update, for several queries, or in a way that the protocol does not know.
    """
    parameters = _parsed(request.scope["query_string"])
    if request.method == "POST":
        media_type = _media_type(request)
        if media_type not in (FORM, QUERY):
            raise _wrong_type(media_type)
        body = await _body(request, longest * _PERCENT_ENCODED if media_type == FORM else longest)
        parameters += _parsed(body) if media_type == FORM else [("query", _decoded(body))]
    return _question(request, parameters)


def _question(request: Request, parameters: list[tuple[str, str]]) -> Question | None:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if values("update"):
        raise _no_updates()
    queries = values("query")
    if len(queries) > 1:
        raise Problem(HTTPStatus.BAD_REQUEST, "A request asks one query, not several.")
    if not queries:
        return None
    return Question(
        queries[0],
        request.headers.get("accept"),
        next(iter(values("format")), None),
        values("default-graph-uri"),
        values("named-graph-uri"),
        client_of(request),
    )


def client_of(request: Request) -> str:
    """Whom places are shared out to: the address of the client, of IPv6 the network that is one client's."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(int(address) >> _NETWORK_OF_ONE)
    return host


def _parsed(encoded: bytes) -> list[tuple[str, str]]:
    """The parameters of a query string or a form."""
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
        )
    except ValueError:
        raise Problem(HTTPStatus.BAD_REQUEST, "The parameters are not UTF-8, or far too many.") from None


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(HTTPStatus.BAD_REQUEST, "The query is not UTF-8.") from None


def _media_type(request: Request) -> str:
    """The media type of the body.

    Raises:
        Problem: if there is none, or its text is not in UTF-8.
    """
    try:
        kind, subtype, parameters = mimeparse.parse_mime_type(request.headers.get("content-type", ""))
    except mimeparse.MimeTypeParseException:
        raise _wrong_type("nothing") from None
    if parameters.get("charset", "utf-8").strip('"').lower() not in ("utf-8", "us-ascii"):
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Queries are written in UTF-8.")
    return f"{kind}/{subtype}".lower()


def _wrong_type(media_type: str) -> Problem:
    if media_type == UPDATE:
        return _no_updates()
    detail = f"A query is sent as {QUERY} or {FORM}, not as {media_type}."
    return Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept-Post": f"{QUERY}, {FORM}"})


def _no_updates() -> Problem:
    return Problem(HTTPStatus.FORBIDDEN, "This endpoint is read-only: it takes no updates.")


async def _body(request: Request, longest: int) -> bytes:
    """The body of a request.

    Raises:
        Problem: if it is too long, too slow, or cut off.
    """
    body = bytearray()
    left = max(longest, _READ_ANYWAY)
    try:
        is_too_long = int(request.headers.get("content-length", "0")) > longest
        async with asyncio.timeout(_BODY_SECONDS):
            async for piece in request.stream():
                left -= len(piece)
                is_too_long = is_too_long or len(body) + len(piece) > longest
                if not is_too_long:
                    body += piece
                elif left < 0:
                    break
                else:
                    await asyncio.sleep(_PAUSE)
    except TimeoutError:
        raise Problem(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.", headers=_CLOSE) from None
    except (ClientDisconnect, ValueError):
        raise Problem(HTTPStatus.BAD_REQUEST, "The request was cut off.", headers=_CLOSE) from None
    if is_too_long:
        detail = f"The request is too long: at most {longest:,} bytes."
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, headers=_CLOSE)
    return bytes(body)


_CLOSE = {"Connection": "close"}
"""What is left of such a request is not read."""

_PAUSE = 0.01
"""Seconds between two pieces (of some 64 kB) of what is dropped: it shall cost its sender time, and us none."""

_READ_ANYWAY = 20_000_000
"""Bytes of a body that is too long which are read and dropped: a client that still sends does not see the answer."""
