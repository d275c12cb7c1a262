"""What every answer needs: the graph, the addresses of this instance, the release, and what runs strangers' queries."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from poh_graph import __version__
from poh_graph.graph import Graph, open_graph
from poh_graph.web.evaluate import Evaluator
from poh_graph.web.instance import Instance, instance_of
from poh_graph.web.problems import Problem
from poh_graph.web.settings import Settings

_SHOWN = 16
"""Hexadecimal digits of a digest that tell two releases apart."""


def _nothing() -> None:
    """All is there."""


@dataclass
class Site:
    """One graph, served under one address.

    ``graph`` is for queries of our own, with values that were checked; ``evaluator`` is for the queries of strangers.
    ``describe`` answers who looks at the endpoint's address without a query, ``render`` gives the page about the thing
    of an IRI, ``explain`` a page on a problem to whoever likes pages best; modules that can set them.
    ``complete`` loads these modules, if they are not yet, which may take long. ``warm`` makes ready, while the server
    runs already, what the first visitor would wait for.
    """

    settings: Settings
    graph: Graph
    evaluator: Evaluator
    describe: Callable[[Request], Awaitable[Response]] | None = None
    render: Callable[[str], str] | None = None
    explain: Callable[[Request, Problem], Response | None] | None = None
    warm: Callable[[], None] | None = None
    complete: Callable[[], None] = _nothing

    @property
    def base(self) -> str:
        """The public address, without a slash at its end."""
        return self.settings.public_url.rstrip("/")

    def url(self, path: str) -> str:
        """The absolute address of a path of this server (``/sparql``)."""
        return self.base + path

    @cached_property
    def instance(self) -> Instance:
        """What the descriptions of this server tell of it."""
        return instance_of(self.graph, self.base, self.settings.publisher)

    @property
    def digest(self) -> str:
        """The SHA-256 of the release that is served: of its sorted N-Quads."""
        return self.instance.digest

    @cached_property
    def etag(self) -> str:
        """The entity tag of all answers: they change with the release, with this program and with its settings."""
        rest = repr((__version__, self.settings.public_url, self.settings.publisher))
        return f'W/"{self.digest[:_SHOWN]}-{hashlib.sha256(rest.encode()).hexdigest()[:8]}"'


def open_site(settings: Settings, evaluator: Evaluator) -> Site:
    """The site over the store of the settings.

    Raises:
        StoreError: if the store cannot be opened.
        InputError: if it is a file that does not parse.
    """
    return Site(settings, open_graph(settings.store), evaluator)
