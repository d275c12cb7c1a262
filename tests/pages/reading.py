"""A page as a test reads it: its words, headings, links and identifiers, by the parser of the standard library."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
_FETCHING = ("src", "srcset", "data", "poster", "action", "formaction")
"""Attributes that make a browser ask for something as it shows the page or sends a form."""


@dataclass
class Page(HTMLParser):
    """What a page holds."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    """Address and words of each link, in their order."""
    identifiers: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    """Addresses that the browser asks for by itself."""
    tags: list[str] = field(default_factory=list)
    """The names of its elements; a script that holds data only is ``data``."""
    data: list[str] = field(default_factory=list)
    """The contents of such scripts."""
    faults: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    _open: list[tuple[str, int, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what begins here."""
        found = {name: value or "" for name, value in attrs}
        is_data = tag == "script" and found.get("type") == "application/ld+json"
        self.tags.append("data" if is_data else tag)
        self.identifiers += [found["id"]] if "id" in found else []
        self.fetched += [found[name] for name in _FETCHING if name in found]
        self.fetched += [found["href"]] if tag == "link" and found.get("rel") == "stylesheet" else []
        if tag not in _VOID:
            self._open.append((tag, len(self.words), found))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element of SVG that holds nothing."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note a heading or link with its words, and what was not closed."""
        if not self._open or self._open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1][0] if self._open else 'nothing'}")
            return
        _, start, attributes = self._open.pop()
        words = " ".join("".join(self.words[start:]).split())
        if tag == "a":
            self.links.append((attributes.get("href", ""), words))
        elif tag[0] == "h" and tag[1:].isdigit():
            self.headings.append((int(tag[1:]), words))

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        if self._open and self._open[-1][0] == "script":
            self.data.append(data)
        elif not self._open or self._open[-1][0] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        """All words, with one blank between each two."""
        return " ".join("".join(self.words).split())


def read(html: str) -> Page:
    """A page, read to its end."""
    page = Page()
    page.feed(html)
    page.close()
    page.faults += [f"<{tag}> is not closed" for tag, *_ in page._open]
    return page


def faults(page: Page) -> list[str]:
    """What is wrong with a page, whatever it is about: tags, identifiers, headings, anchors."""
    repeated = {name for name in page.identifiers if page.identifiers.count(name) > 1}
    levels = [level for level, _ in page.headings]
    anchors = [address[1:] for address, _ in page.links if address.startswith("#")]
    return [
        *page.faults,
        *(f"two elements are called {name}" for name in sorted(repeated)),
        *([] if levels.count(1) == 1 and levels[0] == 1 else [f"the page has not one title: {page.headings[:3]}"]),
        *(f"a heading skips a level: {after}" for before, after in pairwise(page.headings) if after[0] > before[0] + 1),
        *(f"nothing is called {anchor}" for anchor in anchors if anchor not in page.identifiers),
        *(f"a link without words: {address}" for address, words in page.links if not words),
    ]
