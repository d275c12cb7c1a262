"""``/api/diff``: what changed between two releases that the server was started with."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from poh_graph.errors import PohGraphError
from poh_graph.web.caching import cacheable, cached
from poh_graph.web.documents import chosen, tag_of
from poh_graph.web.formats import Formats
from poh_graph.web.parameters import needed, one_of, values_of
from poh_graph.web.problems import Problem, problem_of
from poh_graph.web.site import Site
from poh_graph.workers import shared_out

if TYPE_CHECKING:
    from poh_graph.changes.change import Changes

PATH = "/api/diff"

FORMATS: Formats = {
    "json": ("application/json",),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "markdown": ("text/markdown",),
}


class Differences:
    """The changes between releases, each pair worked out once and kept: these releases stay what they are."""

    def __init__(self, releases: Mapping[str, Path]) -> None:
        self.releases = releases
        self._found: dict[tuple[str, str], Changes] = {}
        self._one_at_a_time = asyncio.Lock()

    async def between(self, old: str, new: str) -> Changes:
        """The changes from one release to another, by their names.

        Raises:
            Problem: if there is no such release, or both are the same.
        """
        one, other = self._path("old", old), self._path("new", new)
        if old == new:
            raise Problem(HTTPStatus.BAD_REQUEST, "A release does not differ from itself.")
        async with self._one_at_a_time:
            if (old, new) not in self._found:
                self._found[old, new] = await run_in_threadpool(_worked_out, one, other)
        return self._found[old, new]

    def _path(self, parameter: str, name: str) -> Path:
        if name not in self.releases:
            raise Problem(
                HTTPStatus.NOT_FOUND,
                f"This server has no release {name!r}.",
                candidates=tuple(self.releases),
                members={"where": f"parameter {parameter}", "expected": "the name of a release", "found": name},
            )
        return self.releases[name]


def _worked_out(old: Path, new: Path) -> Changes:
    """The changes, by a process of its own: it takes seconds, in which this one has others to answer."""
    from poh_graph.changes.words import diff  # what reads releases takes long to import: most servers never need it

    with shared_out(diff, [old], [new], jobs=1) as found:
        return next(iter(found))


def _rendered(changes: Changes, disorder: str | None, kinds: Sequence[str], format_: str) -> str:
    from poh_graph.changes.report import render

    return render(changes.select(disorder, kinds), format_)


def routes(site: Site) -> list[Route]:
    """The address of the differences."""
    differences = Differences(site.settings.releases)

    async def answer(request: Request) -> Response:
        values = values_of(request, ("old", "new", "disorder", "kind", "format"))
        names = [needed(values, name, "the name of a release") for name in ("old", "new")]
        format_, media_type = chosen(request, FORMATS)
        tag = tag_of(site.etag, format_)
        if unchanged := cached(request, tag):
            return unchanged
        changes = await differences.between(*names)
        disorder = one_of(values, "disorder")
        try:
            content = await run_in_threadpool(_rendered, changes, disorder, values.get("kind", ()), format_)
        except PohGraphError as error:
            raise problem_of(error) from None
        return Response(content + "\n", media_type=media_type, headers=cacheable(tag))

    return [Route(PATH, answer)]
