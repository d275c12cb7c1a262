"""What stands around every page: where its links lead, how it reaches other pages, and whom to tell of an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from poh_graph.documents.document import Link, Text, parts
from poh_graph.pages.places import Href
from poh_graph.terms import curie_of


@dataclass(frozen=True)
class Frame:
    """The surroundings of a page.

    ``root`` is the way to the front page's folder: the path of a server's address, ``../`` in a folder of files, None
    for a page that stands alone. ``contact`` is a mail address, or the address of a page with a form; ``has_editor``
    says that an editor for SPARQL can be had.
    """

    href: Href
    root: str | None = None
    is_served: bool = False
    publisher: str = ""
    contact: str = ""
    has_editor: bool = False

    @property
    def is_alone(self) -> bool:
        """Whether the page is a single file: it holds its style itself, and no other page is in reach."""
        return self.root is None

    @property
    def front(self) -> str:
        """The address of the front page."""
        return self.root if self.is_served and self.root else f"{self.root}index.html"

    def at(self, name: str) -> str:
        """The address of a page of the site itself, such as ``genes``."""
        return f"{self.root}{name}" if self.is_served else f"{self.root}{name}.html"

    def why(self, subject: str) -> Callable[[Text], str | None]:
        """Where the chain of a claim is shown that joins a thing with the first that a text names; a server has one."""

        def address(text: Text) -> str | None:
            link = next((part for part in parts(text) if isinstance(part, Link)), None)
            if not self.is_served or link is None or link.iri == subject:
                return None
            ends = {"subject": curie_of(subject), "object": curie_of(link.iri)}
            return f"{self.root}why?{urlencode(ends, safe=':')}"

        return address

    def report(self, iri: str, label: str) -> str | None:
        """Where to report an error in what is said about a thing: a mail that is begun, or the page for it."""
        if "@" in self.contact and "://" not in self.contact:
            subject, body = f"Error in {curie_of(iri)} {label}", f"About: {iri}\nWhat is wrong:\nHow you know:\n"
            return f"mailto:{self.contact.removeprefix('mailto:')}?subject={quote(subject)}&body={quote(body)}"
        return self.contact or None
