"""Where programs look first: the description of the dataset, of the service and of the queries, and the release itself.

``/.well-known/void``, ``/.well-known/sparql-examples``, the endpoint without a query, and ``/release/graph.nq``.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from poh_graph.building import meta
from poh_graph.bundle import resource_folder
from poh_graph.queries import find_query
from poh_graph.source_table import read_sources
from poh_graph.terms import GRAPH
from poh_graph.web import examples
from poh_graph.web.caching import cacheable
from poh_graph.web.catalogue import catalogue
from poh_graph.web.description import VOID, dataset, service
from poh_graph.web.documents import document, writer, written
from poh_graph.web.problems import Problem
from poh_graph.web.site import Site

RELEASE = {
    "graph.nq": "application/n-quads",
    "void.ttl": "text/turtle",
    "report.ttl": "text/turtle",
    "report.txt": "text/plain",
    "names.tsv": "text/tab-separated-values",
    "manifest.json": "application/json",
    "ro-crate-metadata.json": "application/ld+json",
    "ATTRIBUTION.md": "text/markdown",
}
"""The files of a bundle that can be had."""


def routes(site: Site) -> list[Route]:
    """These addresses; the endpoint itself is told how to describe itself."""
    of_dataset = writer(lambda: dataset(site.graph, site.instance))
    of_service = writer(lambda: [*service(site.graph, site.instance), *catalogue(site.instance)])
    of_queries = writer(lambda: examples.examples(site.base))

    async def void(request: Request) -> Response:
        return await document(request, site.etag, of_dataset)

    async def describe(request: Request) -> Response:
        return await document(request, site.etag, of_service)

    async def queries(request: Request) -> Response:
        return await document(request, site.etag, of_queries)

    async def query(request: Request) -> Response:
        found = find_query(request.path_params["name"])
        return await document(
            request, site.etag, lambda format_: written(examples.executable(found, site.base), format_)
        )

    async def release(request: Request) -> Response:
        return await _file(site, request.path_params["name"])

    site.describe = describe
    return [
        Route(VOID, void),
        Route(examples.GRAPH, queries),
        Route(examples.GRAPH + "/{name}", query),
        Route("/release/{name}", release),
    ]


async def _file(site: Site, name: str) -> Response:
    """A file of the release; of a graph that has no bundle, its N-Quads and whose data they are.

    Raises:
        Problem: if there is no such file.
    """
    headers = {**cacheable(site.etag), "Content-Disposition": f'attachment; filename="{name}"'}
    if site.graph.release is not None:
        path = site.graph.release.parent / name
        if name in RELEASE and path.is_file():
            return FileResponse(path, media_type=RELEASE[name], headers=headers)
    elif name == "graph.nq":
        content = await run_in_threadpool(lambda: b"".join(sorted(site.graph.store.lines())))
        return Response(content, media_type=RELEASE[name], headers=headers)
    elif name == "ATTRIBUTION.md":
        return Response(_attribution(site), media_type=RELEASE[name], headers=headers)
    raise Problem(HTTPStatus.NOT_FOUND, f"The release that is served has no file {name!r}.", candidates=tuple(RELEASE))


def _attribution(site: Site) -> str:
    """Whose data a graph without a bundle holds: that of the sources which the package knows."""
    sources = read_sources(resource_folder("data") / "sources.toml")
    held = [graph.iri.removeprefix(GRAPH) for graph in site.instance.graphs]
    return meta.attribution(sources, {name: meta.Counts(0, 0) for name in held if name in sources})
