"""A small document of sections, paragraphs, lists and tables, and its forms: text, Markdown, JSON.

What the commands show to people is built once as a document; how it looks is decided here only. A text may hold links
to the things that it names: text and JSON show their words, Markdown links those that have a page for people, and
who writes another form, such as HTML, takes the :func:`parts` and decides where each link goes.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from poh_graph.documents.web_pages import page_of
from poh_graph.export.tables import markdown_table, text_table

_NARROWEST, _WIDEST = 60, 100
_MARKUP = re.compile(r"[*`\\]|<(?=[A-Za-z/!?])")
_BRACKET = re.compile(r"[\[\]]")
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Link:
    """Words that name a thing, and its IRI, which need not be an address that shows a page."""

    text: str
    iri: str

    def __str__(self) -> str:
        return self.text


Text = str | Link | tuple[str | Link, ...]
"""Words with links in them."""


def parts(text: Text) -> tuple[str | Link, ...]:
    """The plain words and the links of a text, in their order."""
    return text if isinstance(text, tuple) else (text,)


def plain(text: Text) -> str:
    """The words of a text without its links.

    >>> plain(("see ", Link("Shore 2002", "http://www.ncbi.nlm.nih.gov/pubmed/11784876")))
    'see Shore 2002'
    """
    return "".join(map(str, parts(text)))


def joined(texts: Iterable[Text], separator: str = "") -> Text:
    """Texts as one, with a separator between each two; an empty text is left out.

    >>> joined(["a", Link("b", "http://e/b")], ", ")
    ('a', ', ', Link(text='b', iri='http://e/b'))
    """
    found: list[str | Link] = []
    for text in texts:
        kept = [part for part in parts(text) if part]
        found += [separator, *kept] if found and kept and separator else kept
    return tuple(found)


def markdown_text(text: str) -> str:
    r"""A text as Markdown shows it: what would be markup or HTML is escaped, an address still becomes a link.

    >>> print(markdown_text("<1 / 1 000 000, *GNAS*, <script>"))
    <1 / 1 000 000, \*GNAS\*, \<script>
    """
    return _MARKUP.sub(lambda found: "\\" + found[0], text)


def _linked(text: Text) -> str:
    """A text as Markdown, with a link to each thing that has a page for people."""
    return "".join(_markdown_link(part) if isinstance(part, Link) else markdown_text(part) for part in parts(text))


def _markdown_link(link: Link) -> str:
    page = page_of(link.iri)
    shown = markdown_text(link.text)
    if page is None:
        return shown
    bracketed = _BRACKET.sub(lambda found: "\\" + found[0], shown)
    return f"[{bracketed}](<{page}>)"


def _filled(text: Text, width: int, first: str = "", indent: str = "") -> str:
    return textwrap.fill(
        plain(text),
        width,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose."""

    text: Text

    def as_text(self, width: int) -> str:
        """The paragraph, wrapped."""
        return _filled(self.text, width)

    def as_markdown(self) -> str:
        """The paragraph on one line."""
        return _linked(self.text)

    def as_json(self) -> object:
        """The words."""
        return plain(self.text)


@dataclass(frozen=True, slots=True)
class Hint(Paragraph):
    """A paragraph on the commands that tell more. Pages on the web have links for it, and leave it out."""


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one line or paragraph an item."""

    items: Sequence[Text]

    def as_text(self, width: int) -> str:
        """The items with a hanging indent."""
        return "\n".join(_filled(item, width, "  - ", "    ") for item in self.items)

    def as_markdown(self) -> str:
        """A Markdown list."""
        return "\n".join(f"- {_linked(item)}" for item in self.items)

    def as_json(self) -> object:
        """The words of each item."""
        return [plain(item) for item in self.items]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts."""

    header: Sequence[str]
    rows: Sequence[Sequence[Text]]

    def as_text(self, width: int) -> str:
        """The table as it is where it fits, else one block a row."""
        return text_table(self.header, self._words(), width=width)

    def as_markdown(self) -> str:
        """A Markdown table."""
        return markdown_table([*map(markdown_text, self.header)], [[*map(_linked, row)] for row in self.rows])

    def as_json(self) -> object:
        """One object a row."""
        return [dict(zip(self.header, row, strict=True)) for row in self._words()]

    def _words(self) -> list[list[str]]:
        return [[*map(plain, row)] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Fields:
    """Named values, one a line; a name without a value is left out."""

    values: Mapping[str, Sequence[Text]]

    def items(self) -> Items:
        """The lines."""
        return Items([joined([f"{name}: ", value]) for name, values in self.values.items() for value in values])

    def as_text(self, width: int) -> str:
        """The lines with a hanging indent."""
        return self.items().as_text(width)

    def as_markdown(self) -> str:
        """A Markdown list."""
        return self.items().as_markdown()

    def as_json(self) -> object:
        """One object: name → list of values."""
        return {name: [*map(plain, values)] for name, values in self.values.items() if values}


Block = Paragraph | Items | Table | Fields


def listed(lines: Iterable[Text]) -> list[Block]:
    """Lines as a list, each once; no block for no lines."""
    kept = list(dict.fromkeys(lines))
    return [Items(kept)] if kept else []


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it.

    ``name`` is what the section is called where its heading holds what varies, such as a count.
    """

    heading: str
    blocks: Sequence[Block]
    name: str = ""

    @property
    def anchor(self) -> str:
        """The fragment that leads to the section on a page; it stays as long as the name does.

        >>> Section("What it is", []).anchor
        'what-it-is'
        """
        return _SLUG.sub("-", (self.name or self.heading).lower()).strip("-")


@dataclass(frozen=True, slots=True)
class Document:
    """A title, and sections; sections without a block are left out."""

    title: str
    sections: Sequence[Section]
    lead: Sequence[Block] = field(default=())

    def render(self, format_: str) -> str:
        """The document as ``text``, ``markdown`` or ``json``."""
        return _FORMS[format_](self)

    def shown(self) -> list[Section]:
        """The sections that say something."""
        return [section for section in self.sections if section.blocks]


def _text(document: Document) -> str:
    # A page is read, not parsed: where there is no terminal it is as wide as a page.
    width = (
        min(_WIDEST, max(_NARROWEST, shutil.get_terminal_size((_WIDEST, 0)).columns))
        if sys.stdout.isatty()
        else _WIDEST
    )
    parts = [document.title, "=" * len(document.title)]
    if document.lead:
        parts.append("\n\n".join(block.as_text(width) for block in document.lead))
    for section in document.shown():
        parts.append("\n" + section.heading + "\n" + "-" * len(section.heading))
        parts.append("\n\n".join(block.as_text(width) for block in section.blocks))
    return "\n".join(parts)


def _markdown(document: Document) -> str:
    parts = [f"# {markdown_text(document.title)}", *(block.as_markdown() for block in document.lead)]
    for section in document.shown():
        parts += [f"## {markdown_text(section.heading)}", *(block.as_markdown() for block in section.blocks)]
    return "\n\n".join(parts)


def _json(document: Document) -> str:
    # A list, because two sections may have the same heading.
    sections = [
        {"heading": section.heading, "anchor": section.anchor, "blocks": [block.as_json() for block in section.blocks]}
        for section in document.shown()
    ]
    value = {"title": document.title, "lead": [block.as_json() for block in document.lead], "sections": sections}
    return json.dumps(value, indent=1, ensure_ascii=False)


_FORMS: Mapping[str, Callable[[Document], str]] = {"text": _text, "markdown": _markdown, "json": _json}
