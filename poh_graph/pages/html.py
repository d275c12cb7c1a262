"""Documents as HTML: one renderer for whatever a page holds, and the templates around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from poh_graph import __version__
from poh_graph.documents.document import Block, Fields, Hint, Items, Link, Paragraph, Table, Text, parts, plain
from poh_graph.pages.places import Href, name_of

FOLDER = Path(__file__).parent
"""Where the templates, styles and scripts lie."""

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")

_HEADING, _PARAGRAPH, _ITEMS, _TABLE, _FIELDS = "heading", "paragraph", "items", "table", "fields"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; what they are given is escaped, and a name that is not given is an error."""
    found = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["words"] = words
    found.filters["shaped"] = shaped
    found.filters["plain"] = plain
    found.filters["in_script"] = in_script
    found.filters["name_of"] = name_of
    found.globals["version"] = __version__
    return found


def rendered(template: str, **values: Any) -> str:
    """A template with these values."""
    return environment().get_template(template).render(**values)


@lru_cache(maxsize=8)
def static_text(name: str) -> str:
    """The text of a style or script."""
    return (FOLDER / "static" / name).read_text(encoding="utf-8")


def words(text: Text, href: Href) -> Markup:
    """A text as HTML, each link leading where ``href`` says; words without a page stay words, and days are marked.

    >>> print(words(("< 2026-11-22 ", Link("Shore 2002", "http://e/1")), lambda iri: iri))
    &lt; <time>2026-11-22</time> <a href="http://e/1">Shore 2002</a>
    """
    return Markup("").join(_link(part, href) if isinstance(part, Link) else _plain(part) for part in parts(text))


def _link(link: Link, href: Href) -> Markup:
    address = href(link.iri)
    if address is None:
        return _plain(link.text)
    return Markup('<a href="{}">{}</a>').format(address, _plain(link.text))


def _plain(text: str) -> Markup:
    """Words with each day in an element of its own: a line does not end within it."""
    return Markup(_DAY.sub(r"<time>\g<0></time>", str(escape(text))))  # noqa: S704 - what is marked has been escaped


def in_script(json: str) -> Markup:
    """JSON as the content of a script element, which ends at the first ``</script``: no ``<`` stays in it."""
    return Markup(json.replace("<", "\\u003c"))  # noqa: S704 - what could be markup has just been replaced


def shaped(blocks: Sequence[Block]) -> Iterator[tuple[str, Any]]:
    """Blocks with the shape that each takes on a page; hints on commands are left out.

    A paragraph that ends with a colon introduces the list behind it: it becomes a heading, which readers can jump to.
    """
    shown = [block for block in blocks if not isinstance(block, Hint)]
    for block, following in pairwise([*shown, None]):
        if isinstance(block, Paragraph):
            if isinstance(following, Items) and plain(block.text).endswith(":"):
                yield _HEADING, _without_colon(block.text)
            else:
                yield _PARAGRAPH, block.text
        elif isinstance(block, Items):
            yield _ITEMS, block.items
        elif isinstance(block, Table):
            yield _TABLE, block
        elif isinstance(block, Fields):
            yield _FIELDS, block.values


def _without_colon(text: Text) -> Text:
    *before, last = parts(text)
    return (*before, last.removesuffix(":") if isinstance(last, str) else last)
