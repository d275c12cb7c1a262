"""What a refused or failed request is answered with: one shape for the whole server (RFC 9457, problem details).

``{"status": 400, "title": "Bad Request", "detail": "what happened"}``, and where they are known ``where`` in the
request, what was ``expected`` and ``found`` there, what would ``mend`` it, and the nearest ``candidates``. Nothing in
it comes from a traceback or names a file of this machine.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import JSONResponse, Response

from poh_graph.errors import (
    AmbiguousName,
    ParameterError,
    PohGraphError,
    QueryError,
    UnknownName,
    UnknownPrefix,
    UnknownQuery,
)

MEDIA_TYPE = "application/problem+json"

COME_BACK = {"Retry-After": "5"}
"""The header of a problem that is over in a few seconds."""


_FAULT = "This server cannot read its data. Its keeper finds why in the log."

_STATUS = {
    UnknownName: HTTPStatus.NOT_FOUND,
    UnknownQuery: HTTPStatus.NOT_FOUND,
    # Not 300: most clients take that for an answer.
    AmbiguousName: HTTPStatus.CONFLICT,
    ParameterError: HTTPStatus.BAD_REQUEST,
    QueryError: HTTPStatus.BAD_REQUEST,
    UnknownPrefix: HTTPStatus.BAD_REQUEST,
}
"""The errors of ours that a client can mend, and the status of each."""


class Problem(Exception):
    """A request that is not answered with what it asked for."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        candidates: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, str] | None = None,
    ) -> None:
        """``members`` are ``where``, ``expected``, ``found`` and ``mend``."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.candidates = tuple(candidates)
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def response(self) -> Response:
        """The problem as an answer, which no cache keeps."""
        content = {"status": int(self.status), "title": self.status.phrase, "detail": self.detail, **self.members}
        if self.candidates:
            content["candidates"] = list(self.candidates)
        headers = {"Cache-Control": "no-store", **self.headers}
        return JSONResponse(content, int(self.status), headers, MEDIA_TYPE)


def problem_of(error: PohGraphError, **members: str) -> Problem:
    """What an error of ours is to a client: something that was asked for is not there, or a value does not fit.

    Any other is a fault of this server: what it says may name files, and goes to the log alone.
    """
    status = _STATUS.get(type(error))
    if status is None:
        sys.stderr.write(f"{error}\n")
        return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, _FAULT)
    if error.mend:
        members.setdefault("mend", error.mend)
    return Problem(status, error.message, candidates=error.candidates, members=members)
