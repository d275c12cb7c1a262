"""What caches are told: an answer stays the same as long as the release does, and its tag says which that is."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

SECONDS = 300
"""Seconds in which an answer may be used without asking whether there is a new release."""


def cacheable(etag: str, vary: str = "Accept") -> dict[str, str]:
    """The headers of an answer that caches may keep; ``vary`` names what of a request it depends on."""
    return {"ETag": etag, "Cache-Control": f"public, max-age={SECONDS}", "Vary": vary}


def cached(request: Request, etag: str) -> Response | None:
    """The answer "304 Not Modified", if the client has what this release gives; else None."""
    tags = request.headers.get("if-none-match", "")
    if request.method not in ("GET", "HEAD") or not _holds(tags, etag):
        return None
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=cacheable(etag))


def _holds(tags: str, etag: str) -> bool:
    """Whether a list of entity tags holds one, weak or strong.

    >>> _holds('"a", W/"b"', 'W/"b"'), _holds('"b"', 'W/"b"'), _holds("*", 'W/"b"'), _holds("", 'W/"b"')
    (True, True, True, False)
    """
    found = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    return tags.strip() == "*" or etag.removeprefix("W/") in found
