"""A history of one disorder, laid out: a page and tables for people, rows and JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict

from poh_graph.changes.change import KINDS, ORPHANET, Change
from poh_graph.changes.history import History
from poh_graph.changes.line_diff import Side
from poh_graph.changes.report import word_diff
from poh_graph.documents.document import Document, Items, Paragraph, Section, Table
from poh_graph.export.tables import write_cells
from poh_graph.sources.packet import LEFT_OUT

FORMATS = ("table", "tsv", "csv", "json", "markdown")

FORMAT_CHANGES = (
    "No packet before June 2023 has the kind of a gene association, of any disorder.",
    "No packet from December 2020 to July 2024 has the identifiers of a gene, of any disorder.",
)
"""What came and went for all disorders at once: such a row tells of the packets' format, not of the disorder.

Source: the packets of all releases in the history of the repository.
"""

_BESIDE = 4
"""Words that are shown beside a change of a definition."""

_ROW = (
    "release", "release_before", "disorder", "label", "kind", "action", "about", "about_label", "old", "new", "graph",
)  # fmt: skip


def render(history: History, format_: str) -> str:
    """The history in one of :data:`FORMATS`."""
    return _FORMS[format_](history)


def release_name(side: Side, graph: str = ORPHANET) -> str:
    """The day of a release or how else it calls itself; the name of the file where it says nothing."""
    return side.releases.get(graph, side.name)


def document(history: History) -> Document:
    """The releases and what the first of them says, then one row a change."""
    rows = [
        [release_name(new, change.graph), KINDS[change.kind][0], _about(change), *_values(change)]
        for _, new, change in history.rows()
    ]
    changed: list[Table | Paragraph] = [Table(["release", "what", "of it", "before", "since then"], rows)]
    if not rows:
        changed = [Paragraph("Nothing changed.")]
    of_packets = any(ORPHANET in side.releases for side in history.releases)
    left_out = [f"{key}: {reason}" for key, reason in LEFT_OUT.items()]
    releases = [[release_name(side), side.name] for side in history.releases]
    return Document(
        f"History of {history.label} ({history.curie})",
        [
            Section(f"What changed ({len(rows)})", changed),
            Section("Releases", [Table(["release", "read from"], releases)]),
            Section("What changed in the format of all packets", [Items(FORMAT_CHANGES)] if of_packets else []),
            Section("What is not compared", [Items(left_out)] if of_packets else []),
        ],
        lead=[Paragraph(_lead(history))],
    )


def _lead(history: History) -> str:
    first, last = history.releases[0], history.releases[-1]
    span = f"{len(history.releases)} releases, {release_name(first)} to {release_name(last)}."
    if not history.first:
        return f"{span} The first says nothing of it."
    said = [f"{_SINGLE.get(kind, KINDS[kind][0].lower())} ({history.first[kind]})" for kind in history.first_kinds()]
    return f"{span} The first says of it: {', '.join(said)}."


_SINGLE = {"name": "name"}
"""Kinds whose heading speaks of a change."""


def _about(change: Change) -> str:
    return f"{change.about} {change.about_label}".strip()


def _values(change: Change) -> tuple[str, str]:
    """Both sides as a person reads them; of a definition what differs, in place of two long texts."""
    if change.kind == "definition" and change.action == "changed":
        return "", _shortened(word_diff(change.old, change.new))
    return change.old or _said(change, "removed"), change.new or _said(change, "added")


def _shortened(text: str) -> str:
    """A text with its changes marked, of which only a few words around each change are left.

    >>> _shortened("one two three four five six seven eight nine [-ten-] {+10+}")
    '… six seven eight nine [-ten-] {+10+}'
    """
    parts = re.split(r"(\[-.*?-\]|\{\+.*?\+\})", text)
    last = len(parts) - 1
    return " ".join(
        filter(
            None,
            (
                part if place % 2 else _ends(part.split(), before=place > 0, after=place < last)
                for place, part in enumerate(parts)
            ),
        )
    )


def _ends(words: list[str], *, before: bool, after: bool) -> str:
    """The words beside a change that stands before them, after them, or both."""
    if len(words) <= 2 * _BESIDE:
        return " ".join(words)
    return " ".join([*(words[:_BESIDE] if before else []), "…", *(words[-_BESIDE:] if after else [])])


def _said(change: Change, action: str) -> str:
    return "is said" if change.action == action else "" if change.action != "changed" else "not said how"


def _rows(history: History, format_: str) -> str:
    rows = [
        [
            release_name(new, c.graph), release_name(old, c.graph), c.curie, c.label, c.kind, c.action, c.about,
            c.about_label, c.old, c.new, c.graph,
        ]
        for old, new, c in history.rows()
    ]  # fmt: skip
    return write_cells(_ROW, rows, format_)


def _json(history: History) -> str:
    value = {
        "disorder": history.curie,
        "label": history.label,
        "releases": [asdict(side) for side in history.releases],
        "first": dict(history.first),
        "changes": [
            {"release": release_name(new, c.graph), "releaseBefore": release_name(old, c.graph), **asdict(c)}
            for old, new, c in history.rows()
        ],
        "notCompared": LEFT_OUT,
    }
    return json.dumps(value, indent=1, ensure_ascii=False)


_FORMS: Mapping[str, Callable[[History], str]] = {
    "table": lambda history: document(history).render("text"),
    "markdown": lambda history: document(history).render("markdown"),
    "json": _json,
    "tsv": lambda history: _rows(history, "tsv"),
    "csv": lambda history: _rows(history, "csv"),
}
