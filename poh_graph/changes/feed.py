"""The changes of a history as an Atom feed (RFC 4287), for those who follow a disorder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from poh_graph.changes.change import ORPHANET, Change
from poh_graph.changes.history import History
from poh_graph.changes.line_diff import Side
from poh_graph.changes.rdf import change_iri, change_label
from poh_graph.errors import ParameterError
from poh_graph.terms import BASE

ATOM = "http://www.w3.org/2005/Atom"
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
_RIGHTS = "Orphanet, (c) INSERM 1999, CC BY 4.0; compared and put into words by the project."


def feed(history: History) -> bytes:
    """The feed: an entry a change, the newest first. Its dates are those of the releases, so its bytes stay the same.

    A release that says its month alone is dated to the first day of it.

    Raises:
        ParameterError: if a release does not say its day: an entry without a date is none.
    """
    ET.register_namespace("", ATOM)
    root = ET.Element(_name("feed"))
    _add(root, "id", f"{BASE}feed/{history.curie.removeprefix('ORPHA:').replace(':', '')}")
    _add(root, "title", f"What changed about {history.label} ({history.curie})")
    _add(root, "updated", _moment(history.releases[-1]))
    ET.SubElement(root, _name("link"), rel="related", href=history.disorder)
    _add(ET.SubElement(root, _name("author")), "name", "POH graph")
    if {change.graph for _, _, change in history.rows()} <= {ORPHANET}:
        _add(root, "rights", _RIGHTS)
    for old, new, change in list(history.rows())[::-1]:
        root.append(_entry(change, old, new))
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(change: Change, old: Side, new: Side) -> ET.Element:
    entry = ET.Element(_name("entry"))
    _add(entry, "id", change_iri(change, old, new))
    _add(entry, "title", change_label(change))
    _add(entry, "updated", _moment(new))
    ET.SubElement(entry, _name("link"), rel="related", href=change.disorder)
    ET.SubElement(entry, _name("category"), term=change.kind)
    _add(entry, "content", "\n".join(_lines(change, old, new))).set("type", "text")
    return entry


def _lines(change: Change, old: Side, new: Side) -> Iterator[str]:
    yield f"From {_version(old)} to {_version(new)}."
    if change.old:
        yield f"Before: {change.old}"
    if change.new:
        yield f"Since then: {change.new}"


def _version(side: Side) -> str:
    return side.releases.get(ORPHANET, side.name)


def _moment(side: Side) -> str:
    version = _version(side)
    if not _DAY.fullmatch(version):
        raise ParameterError(
            f"{side.name} does not say its day, which an entry of a feed must have.",
            mend="Give releases of ORPHApackets or bundles, or another format with --as.",
        )
    return f"{version if version.count('-') > 1 else version + '-01'}T00:00:00Z"


def _name(local: str) -> str:
    return f"{{{ATOM}}}{local}"


def _add(parent: ET.Element, local: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, _name(local))
    element.text = text
    return element
