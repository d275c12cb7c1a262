"""The page of one thing of the graph, whatever its kind: a document, perhaps a picture, and its data to download."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from poh_graph.documents.document import Document, Items, Link, Paragraph, Section, parts, plain
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import rendered, static_text
from poh_graph.pages.picture import Picture
from poh_graph.pages.places import name_of

LEFT_OUT_ON_PAPER = {
    "statements": "what is said of it and by whom",
    "classification": "classifications",
    "identifiers": "identifiers elsewhere",
    "conflicts": "contradictions between sources",
    "changes": "changes between releases",
    "pages-for-readers": "pages for readers",
}
"""The sections that are not printed: without them the page of a disorder has two sheets. The style names the same."""

WITH_CLAIMS = ("at-a-glance", "signs", "what-is-not-part-of-it", "what-it-overlaps-with", "identifiers", "disorders")
"""The sections whose lines begin with what the thing is joined to: each has a chain of who says so, and why."""

FORMATS = {"ttl": ("Turtle", "text/turtle"), "jsonld": ("JSON-LD", "application/ld+json")}
"""What the data of a page can be downloaded as, by the ending of the file: name and media type."""

GAPS_ON_PAPER = 6
"""The points of what is not known that are printed; what people ask first comes first. The style names the same."""

_SUMMARY_LETTERS = 200


@dataclass(frozen=True)
class ThingPage:
    """All that stands on the page of a thing.

    ``kind`` is what readers call such a thing; ``structured`` is what search engines read, JSON-LD of schema.org.
    """

    iri: str
    label: str
    kind: str
    document: Document
    picture: Picture | None = None
    structured: str = ""

    @property
    def code(self) -> str:
        """The identifier that others know it by, or our own."""
        return name_of(self.iri)

    @property
    def sections(self) -> list[Section]:
        """The sections that say something, in their order."""
        return self.document.shown()

    @property
    def lookalikes(self) -> list[Link]:
        """The disorders that it overlaps with, as the section on them begins its lines."""
        blocks = next((s.blocks for s in self.sections if s.anchor == "what-it-overlaps-with"), ())
        items = [item for block in blocks if isinstance(block, Items) for item in block.items]
        firsts = [next((part for part in parts(item) if isinstance(part, Link)), None) for item in items]
        return [link for link in firsts if link is not None]

    @property
    def summary(self) -> str:
        """Its first words, for lists of pages that others make."""
        blocks = self.sections[0].blocks if self.sections else ()
        first = next((block for block in blocks if isinstance(block, Paragraph)), None)
        text = (
            plain(first.text)
            if first
            else f"{self.kind} {self.label} ({self.code}): what sources say, and who says it."
        )
        return text if len(text) <= _SUMMARY_LETTERS else text[:_SUMMARY_LETTERS].rpartition(" ")[0] + " …"

    @property
    def left_out_on_paper(self) -> str:
        """What a print of the page has not."""
        there = {section.anchor: section for section in self.sections}
        found = [words for anchor, words in LEFT_OUT_ON_PAPER.items() if anchor in there]
        gaps = there["what-is-not-known"].blocks if "what-is-not-known" in there else ()
        if any(isinstance(block, Items) and len(block.items) > GAPS_ON_PAPER for block in gaps):
            found.append(f"what is not known beyond {GAPS_ON_PAPER} points")
        return ", ".join(found) or "nothing"


def document_of(title: str, sections: list[Section]) -> Document:
    """A document of these sections, without the blocks that say nothing."""
    return Document(title, [Section(s.heading, [b for b in s.blocks if b.as_json()], s.name) for s in sections])


def thing_html(page: ThingPage, frame: Frame, data: Callable[[str], str] | None = None) -> str:
    """The page as HTML; ``data`` gives the address of its data by the ending of a format, if they can be had."""
    style = static_text("style.css") if frame.is_alone else ""
    downloads = [(name, media_type, data(end)) for end, (name, media_type) in FORMATS.items()] if data else []
    return rendered(
        "thing.html.jinja",
        page=page,
        frame=frame,
        style=style,
        downloads=downloads,
        why=frame.why(page.iri),
        with_claims=WITH_CLAIMS,
    )
