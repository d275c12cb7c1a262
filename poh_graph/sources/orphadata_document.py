"""An Orphadata product as a stream of elements, from its XML or its JSON edition.

XML is read element by element, and each is freed when the next is asked for, so that memory does not grow with the
file. No document type is taken (Orphadata declares none), so there are no entities, and nothing is fetched. JSON is
read whole, and made the elements that the XML edition has: keys with a capital are elements, the others attributes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from lxml import etree

from poh_graph.errors import InputError

Element = Any
"""An element of lxml, which has no types."""

_ROOT = "JDBOR"
_ORDINAL = "number-of-the-disorder"
"""An attribute that elements made of JSON have, whose lines nobody knows."""

_TEXT_KEYS = ("label", "#text")
_AGAIN = "Download it again."


def is_orphadata(_: Path, head: bytes) -> bool:
    """Whether a file begins as a product of Orphadata does."""
    return b"<JDBOR" in head or b'"JDBOR"' in head


@dataclass(frozen=True, slots=True)
class Head:
    """What a product says of itself: the day of its extraction, the version of the database, the IRI of its licence."""

    issued: date | None
    version: str
    license: str


def line_of(element: Element) -> int:
    """The line of an element; in a JSON edition the number of its disorder, from 1."""
    return int(element.get(_ORDINAL) or element.sourceline or 0)


class Document:
    """One product while it is read: :attr:`head`, then what stands in its list (named by :attr:`list`)."""

    def __init__(self, path: Path) -> None:
        """Read the head.

        Raises:
            InputError: if the file cannot be read, is not of Orphadata, or has a document type.
        """
        self.path = path
        self._is_json = path.suffix.lower() == ".json"
        self._events = _json_events(path) if self._is_json else _xml_events(path)
        self.expected: int | None = None
        self.list, self.head = self._read_head()

    def _read_head(self) -> tuple[str, Head]:
        depth = 0
        for event, element in self._events:
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1 and element.tag != _ROOT:
                raise InputError(f"{self.path}: the root is {element.tag}, not {_ROOT}.", mend="Is it of Orphadata?")
            if event == "start" and depth == 2 and element.tag.endswith("List"):  # noqa: PLR2004 - below the root
                count = element.get("count", "")
                self.expected = int(count) if count.isdecimal() else None
                return element.tag, _head(element.getparent())
        raise InputError(f"{self.path} holds no list of anything.", mend=_AGAIN)

    def records(self) -> Iterator[Element]:
        """The elements of the list, each whole, until the next is asked for.

        Raises:
            InputError: if the file is cut short or damaged.
        """
        depth = 0
        for event, element in self._events:
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 0:
                yield element
                self.free(element)

    def events(self) -> Iterator[tuple[str, Element]]:
        """Each start and end of an element of the list, for lists whose elements hold all that there is.

        Raises:
            InputError: if the file is cut short or damaged.
        """
        yield from self._events

    def free(self, element: Element) -> None:
        """Give up an element that was read, with all before it."""
        if self._is_json:
            return  # The whole document is in memory anyway.
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _head(root: Element) -> Head:
    day = root.get("date") or root.get("ExtractionDate") or root.findtext("ExtractionDate") or ""
    try:
        issued = date.fromisoformat(day[:10]) if day else None
    except ValueError:
        issued = None
    license_ = (root.findtext("Availability/Licence/LegalCode") or "").strip().removesuffix("legalcode")
    return Head(issued, root.get("version", ""), license_)


def _xml_events(path: Path) -> Iterator[tuple[str, Element]]:
    with _opened(path) as file:
        events = etree.iterparse(
            file,
            events=("start", "end"),
            remove_comments=True,
            remove_pis=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        try:
            for number, (event, element) in enumerate(events):
                if number == 0 and element.getroottree().docinfo.doctype:
                    raise InputError(
                        f"{path} declares a document type, which no product of Orphadata does: it is not read.",
                        mend=_AGAIN,
                    )
                yield event, element
        except etree.XMLSyntaxError as error:
            logged = [(entry.line, entry.message) for entry in events.error_log] or [(error.lineno, error.msg)]
            raise InputError(_trouble(path, *logged[0]), mend=_AGAIN) from None


def _trouble(path: Path, line: int, said: str) -> str:
    """Where and why a file is no XML: most often because a download broke off."""
    with _opened(path) as file:
        file.seek(max(0, path.stat().st_size - 64))
        is_cut = not file.read().rstrip().endswith(f"</{_ROOT}>".encode())
    place = f"{path}:{max(line, 1)}"
    if is_cut:
        return f"{place}: the file ends before </{_ROOT}>: it is cut short."
    return f"{place}: it is not well-formed XML: {said}."


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).", mend="Check the file and its rights.") from None


def _json_events(path: Path) -> Iterator[tuple[str, Element]]:
    with _opened(path) as file:
        try:
            document = orjson.loads(file.read())
        except orjson.JSONDecodeError as error:
            message = f"{path}:{error.lineno}: it is not well-formed JSON, or cut short."
            raise InputError(message, mend=_AGAIN) from None
    content = document.get(_ROOT) if isinstance(document, dict) else None
    content = content[0] if isinstance(content, list) and len(content) == 1 else content
    if not isinstance(content, dict):
        raise InputError(f"{path} has no object {_ROOT}.", mend="Is it of Orphadata?")
    root = etree.Element(_ROOT)
    try:
        _Filling().fill(root, content)
    except ValueError as error:
        raise InputError(f"{path} holds what no product can hold ({error}).", mend=_AGAIN) from None
    yield from etree.iterwalk(root, events=("start", "end"))


class _Filling:
    """Fills elements with what JSON objects hold, and counts the disorders."""

    def __init__(self) -> None:
        self._disorders = 0

    def fill(self, element: Element, content: object) -> None:
        """Add to an element what the value of its key holds."""
        if element.tag == "Disorder":
            self._disorders += 1
        element.set(_ORDINAL, str(max(self._disorders, 1)))
        if not isinstance(content, dict):
            element.text = "" if content is None else str(content)
            return
        for key, value in content.items():
            name = key.lstrip("@")
            if key in _TEXT_KEYS:
                element.text = str(value or "")
            elif name[:1].islower() or key.startswith("@"):
                element.set(name, str(value))
            else:
                for item in value if isinstance(value, list) else [value]:
                    self.fill(etree.SubElement(element, name), item)
