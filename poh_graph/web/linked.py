"""Linked data: each thing of the graph has an address, which leads to documents about it in the formats of RDF.

``/disorder/ORPHA:2762`` is the thing: who looks there is sent on (303) to the document that it likes best, such as
``/disorder/ORPHA:2762.ttl``. A document holds what is said of the thing and what refers to it, with the labels of all
that these name.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from poh_graph.about import describe
from poh_graph.bundle import resource_folder
from poh_graph.errors import UnknownName
from poh_graph.terms import BASE, DCTERMS, OBO, ONTOLOGY, ONTOLOGY_GRAPH, OWL, Iri
from poh_graph.web.caching import cacheable, cached
from poh_graph.web.documents import GRAPHS, PAGE, SUFFIXES, chosen, tag_of, written
from poh_graph.web.parameters import LONGEST, needed, values_of
from poh_graph.web.problems import Problem
from poh_graph.web.site import Site
from poh_graph.web.things import (
    KINDS,
    ONTOLOGY_PATH,
    OWN_PATHS,
    RESOURCE,
    document_path,
    found,
    identified,
    known,
    path_of,
)

MOST_KEPT = 200
"""Documents that are kept: the largest have half a megabyte. The release does not change while the server runs."""

ONTOLOGY_IRI = Iri(BASE + "ontology")

_ENDINGS = {format_: ending for ending, format_ in SUFFIXES.items()}

_RETIRED = f"""
SELECT DISTINCT ?successor WHERE {{
  VALUES ?code {{ {{thing}} }}
  ?code <{OWL}deprecated> true .
  OPTIONAL {{
    ?code <http://www.geneontology.org/formats/oboInOwl#consider>|<{OBO}IAO_0100001>|<{DCTERMS}isReplacedBy> ?successor
  }}
}}
ORDER BY ?successor
"""


_VOCABULARY = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{ONTOLOGY_GRAPH}> {{ ?s ?p ?o }} }}"


class Documents:
    """The documents about the things of one site."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.kept = lru_cache(MOST_KEPT)(self._written)

    def _written(self, iri: str, format_: str) -> bytes:
        store = self.site.graph.store
        if iri != ONTOLOGY_IRI:
            return written(describe(store, iri).triples, format_, iri)
        # The ontology is described by all that stands in its graph: a document about it has its terms.
        answer = store.query(_VOCABULARY)
        assert isinstance(answer, ox.QueryTriples)  # noqa: S101 - the query is a CONSTRUCT
        return written(answer, format_, iri)

    async def elsewhere(self, iri: Iri, ending: str) -> Response:
        """Send on to the address of a document from another spelling of it."""
        path = await run_in_threadpool(path_of, self.site.graph, iri)
        return RedirectResponse(self.site.url(document_path(path, ending)), HTTPStatus.SEE_OTHER)

    async def thing(self, request: Request, iri: Iri) -> Response:
        """Who looks at a thing is sent on to the document that it likes best.

        Raises:
            Problem: if the client takes none of the formats.
        """
        format_, _ = chosen(request, self._formats())
        path = await run_in_threadpool(path_of, self.site.graph, iri)
        place = f"#{iri.removeprefix(ONTOLOGY)}" if format_ == "html" and iri.startswith(ONTOLOGY) else ""
        headers = {"Vary": "Accept", "Link": self._links(path, iri)}
        address = self.site.url(document_path(path, _ENDINGS[format_])) + place
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, headers)

    async def document(self, request: Request, iri: Iri, ending: str) -> Response:
        """A document; about a code that is retired with 410, and a link to where it went.

        Raises:
            Problem: if there is no page of it.
        """
        format_ = SUFFIXES[ending]
        tag = tag_of(self.site.etag, format_)
        if unchanged := cached(request, tag):
            return unchanged
        path = await run_in_threadpool(path_of, self.site.graph, iri)
        retired = await run_in_threadpool(self._successors, iri)
        links = [self._links(path, iri), *(f'<{self._address(new)}>; rel="successor-version"' for new in retired or ())]
        headers = {**cacheable(tag, "Accept-Encoding"), "Link": ", ".join(links)}
        status = HTTPStatus.OK if retired is None else HTTPStatus.GONE
        if format_ == "html":
            if self.site.render is None:
                raise Problem(HTTPStatus.NOT_FOUND, "This server has no pages.")
            return HTMLResponse(await run_in_threadpool(self.site.render, iri), status, headers)
        content = await run_in_threadpool(self.kept, iri, format_)
        return Response(content, status, headers, GRAPHS[format_][0])

    def _formats(self) -> dict[str, tuple[str, ...]]:
        return GRAPHS if self.site.render is None else {**PAGE, **GRAPHS}

    def _links(self, path: str, iri: str) -> str:
        """The header Link of a thing and its documents: the thing itself, and each document by its format."""
        documents = (
            f'<{self.site.url(document_path(path, _ENDINGS[name]))}>; rel="alternate"; type="{types[0]}"'
            for name, types in self._formats().items()
        )
        return ", ".join([f'<{iri}>; rel="describes"', *documents])

    def _successors(self, iri: str) -> list[str] | None:
        """Where a retired code went, as far as that is known; None if the thing is not retired."""
        rows = self.site.graph.select(_RETIRED.replace("{thing}", str(ox.NamedNode(iri)))).rows()
        return [str(row["successor"]) for row in rows if row["successor"]] if rows else None

    def _address(self, iri: str) -> str:
        return self.site.url(path_of(self.site.graph, iri))


def routes(site: Site) -> list[Route]:
    """The addresses of things and of the documents about them."""
    documents = Documents(site)

    def answers(find: Callable[[Request], Found]) -> Callable[[Request], Awaitable[Response]]:
        """What answers with the thing or the document that is found."""

        async def answer(request: Request) -> Response:
            iri, ending, is_its_address = await run_in_threadpool(find, request)
            if ending is None:
                return await documents.thing(request, iri)
            if not is_its_address:
                return await documents.elsewhere(iri, ending)
            return await documents.document(request, iri, ending)

        return answer

    def of_kind(kind: str) -> Callable[[Request], Found]:
        return lambda request: _of_kind(site, kind, request.path_params["name"])

    return [
        Route("/context.jsonld", _context),
        Route(ONTOLOGY_PATH, answers(lambda _: Found(ONTOLOGY_IRI))),
        Route(ONTOLOGY_PATH + ".{ending}", answers(lambda request: _ending_of(request, ONTOLOGY_IRI))),
        Route(RESOURCE, answers(lambda request: Found(_asked_for(site, request)))),
        Route(RESOURCE + ".{ending}", answers(lambda request: _ending_of(request, _asked_for(site, request)))),
        *(Route(f"/{kind}/{{name:path}}", answers(of_kind(kind))) for kind in KINDS),
        *(
            Route(f"/{first}/{{rest:path}}", answers(lambda request: _of_ours(site, request)))
            for first in OWN_PATHS
            if first not in KINDS
        ),
    ]


class Found(NamedTuple):
    """The thing that an address means, and the ending of the address if it is that of a document.

    ``is_its_address`` tells that this is the address at which the document stands.
    """

    iri: Iri
    ending: str | None = None
    is_its_address: bool = True


def _of_kind(site: Site, kind: str, name: str) -> Found:
    """What ``/disorder/ORPHA:2762`` and ``/disorder/ORPHA:2762.ttl`` mean; the name may be any that the thing has.

    Raises:
        UnknownName: if nothing is called so, with the nearest.
        AmbiguousName: if several things are.
    """
    if not name.strip() or len(name) > LONGEST:
        raise UnknownName(f"The name of a {kind} has 1 to {LONGEST} characters.")
    before, _, ending = name.rpartition(".")
    if ending not in SUFFIXES:
        return Found(found(site.graph, kind, name))
    iri = found(site.graph, kind, before)
    return Found(iri, ending, is_its_address=unquote(path_of(site.graph, iri)) == f"/{kind}/{before}")


def _of_ours(site: Site, request: Request) -> Found:
    """What the path of an IRI of ours means, with or without the ending of a document.

    Raises:
        UnknownName: if the graph does not know it.
    """
    # The path as it was sent: an IRI may hold characters that are percent-encoded.
    sent = request.scope.get("raw_path", request.url.path.encode()).decode("ascii", "replace").lstrip("/")
    before, _, ending = sent.rpartition(".")
    for path, of_document in ((sent, None), *([(before, ending)] if ending in SUFFIXES else [])):
        for spelling in (path, unquote(path)):
            iri = known(site.graph, BASE + spelling)
            if iri is not None:
                is_its_address = path_of(site.graph, iri) == f"/{path}"
                return Found(iri, of_document, is_its_address)
    raise UnknownName(f"This graph has no {BASE}{unquote(sent)}.", mend="/search finds things by name.")


def _asked_for(site: Site, request: Request) -> Iri:
    """The thing that ``?iri=`` names."""
    return identified(site.graph, needed(values_of(request, ("iri", "format")), "iri", "the IRI or CURIE of a thing"))


def _ending_of(request: Request, iri: Iri) -> Found:
    """A document about a thing, by the ending of the path.

    Raises:
        Problem: if documents have no such ending.
    """
    ending = request.path_params["ending"]
    if ending not in SUFFIXES:
        raise Problem(HTTPStatus.NOT_FOUND, f"Documents end in {', '.join(SUFFIXES)}, not in {ending}.")
    return Found(iri, ending)


async def _context(_: Request) -> Response:
    """The context of our JSON-LD."""
    return FileResponse(resource_folder("ontology") / "context.jsonld", media_type="application/ld+json")
