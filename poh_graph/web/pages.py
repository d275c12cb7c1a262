"""What the pages of one server have in common: what has a page, and what stands around each. Made once, when needed."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from poh_graph.graph import Graph
from poh_graph.pages.editor import editor_folder
from poh_graph.pages.frame import Frame
from poh_graph.pages.front import front_html, front_of, report_html
from poh_graph.pages.kinds import PAGES
from poh_graph.pages.lists import List, classifications, lists_of
from poh_graph.pages.ontology import ontology_html
from poh_graph.pages.places import OnServer, Thing, held_things
from poh_graph.pages.remembering import Remembering
from poh_graph.pages.resource import resource_page
from poh_graph.pages.thing import thing_html
from poh_graph.terms import ONTOLOGY
from poh_graph.web.caching import cacheable
from poh_graph.web.site import Site
from poh_graph.web.things import document_path, path_of

MOST_KEPT = 1000
"""Pages of things that are kept: some 50 MB. The release does not change while the server runs."""


class Pages:
    """The pages of one site, and what they have in common."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.render: Callable[[str], str] = lru_cache(MOST_KEPT)(self._rendered)
        self._threads = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="ask")

    @property
    def graph(self) -> Graph:
        """The graph that they show."""
        return self.site.graph

    @cached_property
    def held(self) -> dict[str, Thing]:
        """What has a page."""
        return held_things(self.graph)

    @property
    def root(self) -> str:
        """The path of the front page at the public address."""
        return urlsplit(self.site.base).path.rstrip("/") + "/"

    @cached_property
    def frame(self) -> Frame:
        """What stands around them."""
        publisher = self.site.instance.publisher
        return Frame(
            OnServer(self.held, self.root),
            self.root,
            is_served=True,
            publisher=publisher.name,
            contact=publisher.contact,
            has_editor=editor_folder() is not None,
        )

    @cached_property
    def lists(self) -> dict[str, List]:
        """The lists to browse, by name."""
        return {found.name: found for found in (*lists_of(self.held), classifications(self.graph))}

    @cached_property
    def front(self) -> str:
        """The front page."""
        return front_html(front_of(self.graph, self.held), self.frame)

    @cached_property
    def ontology(self) -> str:
        """The page of the ontology."""
        return ontology_html(self.graph, self.frame)

    @cached_property
    def report(self) -> str:
        """The validation report."""
        return report_html(self.graph, self.frame)

    def warm(self) -> None:
        """Make ready what the first visitor would wait for."""
        import networkx as nx

        nx.empty_graph()  # what lays out pictures takes a third of a second to import
        _ = (self.front, self.lists)

    def answer(self, html: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
        """A page as an answer that caches may keep."""
        return HTMLResponse(html, status, cacheable(self.site.etag, "Accept-Encoding"))

    def _rendered(self, iri: str) -> str:
        """The page about the thing of an IRI; our ontology and its terms have one page."""
        if iri.startswith((ONTOLOGY, ONTOLOGY.rstrip("#"))):
            return self.ontology
        thing = self.held.get(iri)
        make = PAGES[thing.folder] if thing else resource_page
        path = self.root + path_of(self.graph, iri).lstrip("/")
        return thing_html(
            make(Remembering(self.graph, self._threads), iri), self.frame, lambda ending: document_path(path, ending)
        )
