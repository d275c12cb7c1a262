"""The fields of an element of Orphadata: texts, Orphanet's fixed words in any language, codes, lists, papers."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from poh_graph.records.orphadata import Named
from poh_graph.records.orphanet import PaperToken
from poh_graph.records.problems import Problem, ProblemKind
from poh_graph.records.sources import Prefixes
from poh_graph.sources.citations import parse_citations
from poh_graph.sources.orphadata_document import Element, line_of
from poh_graph.values import OrphanetValues

_CODE = re.compile(r"[1-9][0-9]{0,8}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_PAGE = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


class Lost(Exception):
    """A row cannot be read: the kind of problem, and why."""

    def __init__(self, kind: ProblemKind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass
class Reading:
    """What the elements of one disorder are read with. ``problems`` gathers what costs no row."""

    file: str
    values: OrphanetValues
    prefixes: Prefixes
    code: str = ""
    language: str = "en"
    problems: list[Problem] = field(default_factory=list)

    def place(self, element: Element) -> str:
        """The place of an element, for problems."""
        return f"{self.file}:{line_of(element)}"

    def note(self, element: Element, kind: ProblemKind, message: str) -> None:
        """Take note of a problem that costs no row."""
        self.problems.append(Problem(self.place(element), kind, message))

    def taken(self) -> Iterator[Problem]:
        """The problems so far, each once."""
        yield from self.problems
        self.problems.clear()

    def word(self, element: Element, tag: str, known: Container[str]) -> str | None:
        """Orphanet's English word for a value of a fixed list; None if the element has none.

        In a file of another language it is looked up by the number of the value.

        Raises:
            Lost: if nobody knows it.
        """
        child = element.find(tag)
        name = child.find("Name") if child is not None else None
        if child is None or name is None:
            return None
        text = (name.text or "").strip()
        found = self.values.elements.get((tag, child.get("id", ""))) if name.get("lang", "en") != "en" else text
        if found is None or found not in known:
            number = f", number {child.get('id')}" if found is None else ""
            raise Lost("unknown value", f"{tag} {text!r}{number}: it is in no table of ontology/terms")
        return found

    def optional_word(self, element: Element, tag: str, known: Container[str]) -> str | None:
        """The same of a value that a row can do without: one that nobody knows is a problem and left out."""
        try:
            return self.word(element, tag, known)
        except Lost as lost:
            self.note(element, "unread value", str(lost))
            return None

    def citations(self, element: Element, tag: str) -> tuple[PaperToken, ...]:
        """What a free-text source cites; a token of no known form is a problem."""
        found = parse_citations(text_of(element, tag))
        if found.unread:
            self.note(element, "unread source text", f"{tag}: {found.unread} tokens fit no known form")
        return found.tokens

    def unknown_children(self, element: Element, known: Container[str]) -> None:
        """A problem for each child that the reader does not know: the source may say something new there."""
        for child in element:
            if child.tag not in known:
                self.note(child, "unknown key", f"{child.tag} in {element.tag} is not known, and not read")


def text_of(element: Element, path: str) -> str:
    """The text at a path below an element, without blanks at its ends; empty if there is none."""
    return (element.findtext(path) or "").strip()


def required(element: Element, path: str) -> str:
    """The same.

    Raises:
        Lost: if there is none.
    """
    found = text_of(element, path)
    if not found:
        raise Lost("missing value", f"{element.tag} has no {path}")
    return found


def code_of(element: Element) -> str:
    """The ORPHA code of a disorder's element.

    Raises:
        Lost: if it has none, or one that is no number.
    """
    found = required(element, "OrphaCode")
    if not _CODE.fullmatch(found):
        raise Lost("malformed identifier", f"OrphaCode {found!r}: expected a number")
    return found


def language_of(element: Element) -> str:
    """The language of a name, as a tag in lower case: English where none is said."""
    found: str = element.get("lang", "en").lower() if element is not None else "en"
    return found if _LANGUAGE.fullmatch(found) else "en"


def names_of(element: Element, code: str) -> Iterator[Named]:
    """What a disorder's element calls it, with its page."""
    page = text_of(element, "ExpertLink")
    for name in element.findall("Name"):
        label = (name.text or "").strip()
        if label:
            yield Named(code, language_of(name), label, page if _PAGE.fullmatch(page) else "")


def children(element: Element, path: str) -> list[Element]:
    """The elements at a path."""
    return list(element.findall(path))


def mismatch(element: Element) -> str:
    """How a list that counts its elements differs from what it holds; empty if it does not."""
    count = element.get("count", "")
    if count.isdecimal() and int(count) != len(element):
        return f"{element.tag} says that it has {count} elements, and has {len(element)}"
    return ""
