"""A small document of sections, paragraphs, lists and tables, and its forms: text, Markdown, JSON.

What the commands show to people is built once as a document; how it looks is decided here only.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from poh_graph.export.tables import markdown_table, text_table

_NARROWEST, _WIDEST = 60, 100
_MARKUP = re.compile(r"[*`\\]|<(?=[A-Za-z/!?])")


def markdown_text(text: str) -> str:
    r"""A text as Markdown shows it: what would be markup or HTML is escaped, an address still becomes a link.

    >>> print(markdown_text("<1 / 1 000 000, *GNAS*, <script>"))
    <1 / 1 000 000, \*GNAS\*, \<script>
    """
    return _MARKUP.sub(lambda found: "\\" + found[0], text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose."""

    text: str

    def as_text(self, width: int) -> str:
        """The paragraph, wrapped."""
        return textwrap.fill(self.text, width, break_on_hyphens=False, break_long_words=False)

    def as_markdown(self) -> str:
        """The paragraph on one line."""
        return markdown_text(self.text)

    def as_json(self) -> object:
        """The text."""
        return self.text


@dataclass(frozen=True, slots=True)
class Items:
    """A list, one line or paragraph an item."""

    items: Sequence[str]

    def as_text(self, width: int) -> str:
        """The items with a hanging indent."""
        return "\n".join(
            textwrap.fill(
                item,
                width,
                initial_indent="  - ",
                subsequent_indent="    ",
                break_on_hyphens=False,
                break_long_words=False,
            )
            for item in self.items
        )

    def as_markdown(self) -> str:
        """A Markdown list."""
        return "\n".join(f"- {markdown_text(item)}" for item in self.items)

    def as_json(self) -> object:
        """The items."""
        return list(self.items)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_text(self, width: int) -> str:
        """The table as it is where it fits, else one block a row."""
        return text_table(self.header, self.rows, width=width)

    def as_markdown(self) -> str:
        """A Markdown table."""
        return markdown_table([*map(markdown_text, self.header)], [[*map(markdown_text, row)] for row in self.rows])

    def as_json(self) -> object:
        """One object a row."""
        return [dict(zip(self.header, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Fields:
    """Named values, one a line; a name without a value is left out."""

    values: Mapping[str, Sequence[str]]

    def items(self) -> Items:
        """The lines."""
        return Items([f"{name}: {value}" for name, values in self.values.items() for value in values])

    def as_text(self, width: int) -> str:
        """The lines with a hanging indent."""
        return self.items().as_text(width)

    def as_markdown(self) -> str:
        """A Markdown list."""
        return self.items().as_markdown()

    def as_json(self) -> object:
        """One object: name → list of values."""
        return {name: list(values) for name, values in self.values.items() if values}


Block = Paragraph | Items | Table | Fields


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it."""

    heading: str
    blocks: Sequence[Block]


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
    parts += [block.as_text(width) for block in document.lead]
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
        {"heading": section.heading, "blocks": [block.as_json() for block in section.blocks]}
        for section in document.shown()
    ]
    value = {"title": document.title, "lead": [block.as_json() for block in document.lead], "sections": sections}
    return json.dumps(value, indent=1, ensure_ascii=False)


_FORMS: Mapping[str, Callable[[Document], str]] = {"text": _text, "markdown": _markdown, "json": _json}
