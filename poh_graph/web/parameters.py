"""The parameters of a request to the API: which it may have, and the values of those that are numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus

from starlette.requests import Request

from poh_graph.web.problems import Problem

LONGEST = 500
"""Characters of a value, or of a name in a path."""

LARGEST_OFFSET = 10_000_000


def values_of(request: Request, known: Collection[str]) -> dict[str, list[str]]:
    """The values of each parameter that a request has.

    Raises:
        Problem: if one is not known, empty, or far too long.
    """
    found: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        if name not in known:
            near = get_close_matches(name, known, n=3)
            raise wrong(name, f"one of {', '.join(known) or 'none'}", name, "There is no such parameter.", near)
        if not value.strip() or len(value) > LONGEST:
            raise wrong(name, f"a value of 1 to {LONGEST} characters", value[:LONGEST], "The value has no fit length.")
        found.setdefault(name, []).append(value)
    return found


def one_of(values: Mapping[str, list[str]], name: str) -> str | None:
    """The only value of a parameter; None if it is absent.

    Raises:
        Problem: if it has several.
    """
    given = values.get(name, [])
    if len(given) > 1:
        raise wrong(name, "one value", " ".join(given), "The parameter is given more than once.")
    return given[0] if given else None


def needed(values: Mapping[str, list[str]], name: str, expected: str) -> str:
    """The value of a parameter that must be there.

    Raises:
        Problem: if it is absent, or has several.
    """
    value = one_of(values, name)
    if value is None:
        raise wrong(name, expected, "nothing", "The parameter is missing.")
    return value


def whole_number(values: Mapping[str, list[str]], name: str, least: int, most: int) -> int | None:
    """The value of a parameter that is a whole number; None if it is absent.

    Raises:
        Problem: if it is none, or out of its bounds.
    """
    value = one_of(values, name)
    if value is None:
        return None
    if not (value.isascii() and value.isdecimal() and least <= int(value) <= most):
        raise wrong(name, f"a whole number from {least} to {most}", value, "The value does not fit.")
    return int(value)


def wrong(name: str, expected: str, found: str, detail: str, candidates: Iterable[str] = ()) -> Problem:
    """What a value that does not fit is answered with."""
    members = {"where": f"parameter {name}", "expected": expected, "found": found}
    return Problem(HTTPStatus.BAD_REQUEST, detail, candidates=tuple(candidates), members=members)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the rows of an answer: ``limit`` of them (None: all), after the first ``offset``."""

    limit: int | None
    offset: int

    @classmethod
    def of(cls, values: Mapping[str, list[str]], most: int) -> Page:
        """The part that a request asks for; ``most`` is the largest limit.

        Raises:
            Problem: if limit or offset does not fit.
        """
        limit = whole_number(values, "limit", 1, most)
        return cls(limit, whole_number(values, "offset", 0, LARGEST_OFFSET) or 0)

    @property
    def is_all(self) -> bool:
        """Whether it is all rows."""
        return self.limit is None and not self.offset

    @property
    def clause(self) -> str:
        """It in SPARQL, for the end of a query."""
        limit = "" if self.limit is None else f"LIMIT {self.limit} "
        return "" if self.is_all else f"\n{limit}OFFSET {self.offset}\n"

    def others(self) -> dict[str, Page]:
        """The parts beside it by their relation: first, prev, next; there may be no next."""
        if self.limit is None:
            return {}
        found = {"next": Page(self.limit, self.offset + self.limit)}
        if self.offset:
            found |= {"first": Page(self.limit, 0), "prev": Page(self.limit, max(0, self.offset - self.limit))}
        return found
