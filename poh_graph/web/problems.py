"""What a refused or failed request is answered with: one shape for the whole server (RFC 9457, problem details).

``{"status": 400, "title": "Bad Request", "detail": "what happened, and what to do"}``, and ``candidates`` where there
are near ones. Nothing in it comes from a traceback or names a file of this machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

MEDIA_TYPE = "application/problem+json"

COME_BACK = {"Retry-After": "5"}
"""The header of a problem that is over in a few seconds."""


class Problem(Exception):
    """A request that is not answered with what it asked for."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        candidates: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.candidates = tuple(candidates)
        self.headers = dict(headers or {})

    def response(self) -> Response:
        """The problem as an answer, which no cache keeps."""
        content = {"status": int(self.status), "title": self.status.phrase, "detail": self.detail}
        if self.candidates:
            content["candidates"] = list(self.candidates)
        headers = {"Cache-Control": "no-store", **self.headers}
        return JSONResponse(content, int(self.status), headers, MEDIA_TYPE)
