"""The formats of answers, and which of them a client takes (its ``Accept`` header, with q-values)."""

from __future__ import annotations

from functools import lru_cache

import mimeparse

ROWS = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
"""What holds the rows of a SELECT and the verdict of an ASK: short name → media types, the first is its own."""

TRIPLES = {
    "turtle": ("text/turtle", "application/x-turtle"),
    "ntriples": ("application/n-triples", "text/plain"),
    "rdfxml": ("application/rdf+xml", "application/xml", "text/xml"),
    "jsonld": ("application/ld+json", "application/json"),
    "trig": ("application/trig",),
    "nquads": ("application/n-quads",),
}
"""What holds the triples of a CONSTRUCT or DESCRIBE. Where two have a media type in common, the first has it."""

Formats = dict[str, tuple[str, ...]]


def accepted(accept: str | None, formats: Formats) -> tuple[str, str] | None:
    """The short name and the media type that a client likes best; the first format if it likes all alike.

    None if no format will do. Without a header, or with one that is none, every format will do.

    >>> accepted("text/csv;q=0.5, application/sparql-results+xml", ROWS)
    ('xml', 'application/sparql-results+xml')
    >>> accepted("image/png", ROWS)
    """
    if not accept:
        return _first(formats)
    names = {media_type: name for name in reversed(formats) for media_type in formats[name]}
    own = [types[0] for types in formats.values()]
    # Of several that fit alike mimeparse takes the last: a format's own name goes before its other names.
    offered = [media_type for media_type in reversed(names) if media_type not in own] + own[::-1]
    try:
        best = _best_match(tuple(offered), accept)
    except mimeparse.MimeTypeParseException:
        return _first(formats)
    return (names[best], best) if best else None


@lru_cache(maxsize=100)
def _best_match(offered: tuple[str, ...], accept: str) -> str:
    # Clients ask again and again with the same header.
    best: str = mimeparse.best_match(offered, accept)
    return best


def _first(formats: Formats) -> tuple[str, str]:
    name = next(iter(formats))
    return name, formats[name][0]
