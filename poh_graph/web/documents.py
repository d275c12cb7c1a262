"""A graph as the body of an answer, in the format that the client likes best."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from poh_graph.graph import turtle_prefixes
from poh_graph.web.caching import cacheable, cached
from poh_graph.web.formats import TRIPLES, Formats, accepted
from poh_graph.web.problems import Problem

GRAPHS: Formats = {name: TRIPLES[name] for name in ("turtle", "jsonld", "ntriples", "rdfxml")}
"""The formats of a document that is one graph."""

PAGE: Formats = {"html": ("text/html", "application/xhtml+xml")}

SUFFIXES = {"html": "html", "ttl": "turtle", "jsonld": "jsonld", "nt": "ntriples", "rdf": "rdfxml"}
"""What the address of a document ends in, and its format."""

_LARGEST_COMPACTED = 5_000
"""Statements of a JSON-LD document that is written with short names: for these it takes 0.3 s."""

Triples = Iterable[ox.Triple]
Write = Callable[[str], bytes]


def chosen(request: Request, formats: Formats) -> tuple[str, str]:
    """The format to answer in and its media type: what ``format`` names, else what the client likes best.

    Raises:
        Problem: if the client takes none of them.
    """
    named = request.query_params.get("format")
    found = accepted(request.headers.get("accept"), formats) if named is None else None
    if named in formats:
        found = (named, formats[named][0])
    if found is None:
        offered = ", ".join(f"{types[0]} ({name})" for name, types in formats.items())
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, f"This can be had as {offered}.")
    return found


def written(triples: Triples, name: str, iri: str | None = None) -> bytes:
    """A graph in the format of this short name; the same graph gives the same bytes.

    With ``iri`` it is about that thing, which stands at the top where the format has a top.
    """
    ordered = sorted(set(triples), key=str)
    if name == "jsonld" and len(ordered) <= _LARGEST_COMPACTED:
        return _jsonld(ordered, iri)
    media_type = GRAPHS[name][0]
    prefixes = turtle_prefixes() if name == "turtle" else {}
    return ox.serialize(ordered, format=ox.RdfFormat.from_media_type(media_type), prefixes=prefixes) or b""


def _jsonld(triples: list[ox.Triple], iri: str | None) -> bytes:
    from poh_graph.export.jsonld import compacted, framed

    is_subject = any(isinstance(t.subject, ox.NamedNode) and t.subject.value == iri for t in triples)
    document = framed(triples, iri) if iri is not None and is_subject else compacted(triples)
    return json.dumps(document, indent=1, ensure_ascii=False).encode() + b"\n"


def writer(make: Callable[[], Triples]) -> Write:
    """What writes a graph; each format is written once, and kept."""
    return lru_cache(maxsize=None)(lambda name: written(make(), name))


async def document(request: Request, etag: str, write: Write) -> Response:
    """A graph as a document; ``write`` gives it by the short name of the format, in a thread of its own.

    Raises:
        Problem: if the client takes none of the formats.
    """
    name, media_type = chosen(request, GRAPHS)
    tag = tag_of(etag, name)
    if unchanged := cached(request, tag):
        return unchanged
    content = await run_in_threadpool(write, name)
    return Response(content, media_type=media_type, headers=cacheable(tag))


def tag_of(etag: str, format_: str) -> str:
    """The entity tag of one format of a document: they differ, although all say the same.

    >>> tag_of('W/"0a1b"', "turtle")
    'W/"0a1b-turtle"'
    """
    return f'{etag[:-1]}-{format_}"'
