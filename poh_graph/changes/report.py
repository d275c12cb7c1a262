"""What changed, laid out: summary and tables for people, rows and JSON for programs, SSSOM for mappings."""

from __future__ import annotations

import difflib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

from poh_graph.changes.change import KINDS, ORPHANET, Change, Changes, release_of
from poh_graph.changes.line_diff import Side
from poh_graph.documents.document import Block, Document, Items, Paragraph, Section, Table
from poh_graph.export.tables import write_cells
from poh_graph.terms import BASE, prefix_map

FORMATS = ("table", "markdown", "json", "tsv", "csv", "sssom")
"""The formats of the changes in words. :meth:`poh_graph.changes.line_diff.LineDiff.write` writes the exact lines."""

MAPPING = "mapping"

_IS_SAID = ("synonym", "parent", "onset", "inheritance")
"""Kinds of which nothing is said but that it is so: their table has a column for what went, and one for what came."""

_COLUMNS = {
    "gone": ("where it may live on",),
    "retired": ("said by", "where it may live on"),
    "definition": ("definition",),
    "gene": ("gene", "old", "new"),
    "phenotype": ("phenotype", "old", "new"),
    "prevalence": ("of what, where", "old", "new"),
    "other": ("statement", "old", "new"),
}
"""The columns of a kind's table beside the disorder; old and new where nothing else is said."""

_ROW = ("disorder", "label", "kind", "action", "about", "about_label", "old", "new", "graph", "presence")
_MAPPING_ROW = (
    "subject",
    "label",
    "old relation",
    "new relation",
    "object",
    "said by",
    "old release",
    "new release",
    "disorder is",
)


def render(changes: Changes, format_: str) -> str:
    """The changes in one of :data:`FORMATS`."""
    return _FORMS[format_](changes)


def document(changes: Changes) -> Document:
    """The summary, then a table for each kind of change.

    What a disorder that appeared or is gone has is left out, unless one disorder or some kinds were asked for: it is
    said that the whole disorder came or went.
    """
    shown = [
        change
        for change in changes.changes
        if changes.is_selected or change.presence == "kept" or change.kind in ("appeared", "gone", "retired")
    ]
    by_kind: dict[str, list[Change]] = defaultdict(list)
    for change in shown:
        by_kind[change.kind].append(change)
    sections = [
        Section(f"{KINDS[kind][0]} ({len({c.disorder for c in found}):,})", [_block(kind, found, changes)])
        for kind in KINDS
        if (found := by_kind.get(kind))
    ]
    title = f"What changed from {release_of(changes.old)} to {release_of(changes.new)}"
    return Document(title, sections, [Paragraph(changes.summary())])


def _block(kind: str, found: Sequence[Change], changes: Changes) -> Block:
    if kind == "appeared":
        return Items([_named(c) for c in found])
    if kind == MAPPING:
        return Table(_MAPPING_ROW, _mapping_rows(found, changes))
    if kind in _IS_SAID:
        return Table(["disorder", "no longer", "now"], _by_disorder(found))
    columns = _COLUMNS.get(kind, ("old", "new"))
    return Table(["disorder", *columns], [[_named(c), *(_CELLS[name](c) for name in columns)] for c in found])


def _named(change: Change) -> str:
    is_told = change.presence in ("kept", change.kind)
    return f"{change.curie} {change.label}" if is_told else f"{change.curie} {change.label} ({change.presence})"


def _about(change: Change) -> str:
    return f"{change.about} {change.about_label}".strip()


_CELLS: Mapping[str, Callable[[Change], str]] = {
    "where it may live on": lambda change: change.new,
    "said by": lambda change: change.graph,
    "definition": lambda change: word_diff(change.old, change.new),
    **dict.fromkeys(("gene", "phenotype", "of what, where", "statement"), _about),
    "old": lambda change: change.old,
    "new": lambda change: change.new,
}


def _by_disorder(found: Iterable[Change]) -> list[list[str]]:
    """One row a disorder: what is no longer said of it, and what is now."""
    rows: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for change in found:
        rows[_named(change)][change.action == "added"].append(_about(change))
    return [[name, "; ".join(gone), "; ".join(come)] for name, (gone, come) in rows.items()]


def _mapping_rows(found: Iterable[Change], changes: Changes) -> list[list[str]]:
    old, new = changes.old, changes.new
    return [
        [c.curie, c.label, c.old, c.new, c.about, c.graph, _release(old, c.graph), _release(new, c.graph), c.presence]
        for c in found
    ]


def _release(side: Side, graph: str) -> str:
    return side.releases.get(graph, side.name)


def word_diff(old: str, new: str) -> str:
    """Two texts as one: what only the old has in ``[-…-]``, what only the new has in ``{+…+}``, as git shows it.

    >>> word_diff("A rare bone disease", "A rare genetic disease")
    'A rare [-bone-] {+genetic+} disease'
    >>> word_diff("", "Any text")
    '{+Any text+}'
    """
    before, after = re.findall(r"\S+", old), re.findall(r"\S+", new)
    parts: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(" ".join(before[a:b]))
            continue
        if a < b:
            parts.append(f"[-{' '.join(before[a:b])}-]")
        if c < d:
            parts.append(f"{{+{' '.join(after[c:d])}+}}")
    return " ".join(parts)


def _rows(changes: Changes, format_: str) -> str:
    if changes.is_selected and {change.kind for change in changes.changes} == {MAPPING}:
        return write_cells(_MAPPING_ROW, _mapping_rows(changes.changes, changes), format_)
    rows = [
        [c.curie, c.label, c.kind, c.action, c.about, c.about_label, c.old, c.new, c.graph, c.presence]
        for c in changes.changes
    ]
    return write_cells(_ROW, rows, format_)


def _json(changes: Changes) -> str:
    value = {
        "old": asdict(changes.old),
        "new": asdict(changes.new),
        "summary": changes.summary(),
        "disorders": changes.counts(),
        "lines": {
            graph: {
                "removed": len(changes.lines.removed.get(graph, ())),
                "added": len(changes.lines.added.get(graph, ())),
            }
            for graph in changes.lines.graphs()
        },
        "changes": [{**asdict(change), "curie": change.curie} for change in changes.changes],
    }
    return json.dumps(value, indent=1, ensure_ascii=False)


def _sssom(changes: Changes) -> str:
    """The mappings that are new or have another relation, as SSSOM; what they were before is in ``comment``.

    A mapping that was removed is none any more: a file that is loaded as mappings must not hold it.
    """
    found = [c for c in changes.changes if c.kind == MAPPING and c.new]
    rows = [_sssom_row(change, changes) for change in found]
    curies = {curie for row in rows for curie in (row["subject_id"], row["predicate_id"], row["object_id"])}
    prefixes = sorted({curie.partition(":")[0] for curie in curies} | {"semapv"})
    lines = [
        f"#mapping_set_id: {BASE}changes/{changes.old.sha256[:8]}-{changes.new.sha256[:8]}/mappings",
        f'#mapping_set_description: "New and changed, {release_of(changes.old)} to {release_of(changes.new)}"',
        f"#license: {_CC_BY if {c.graph for c in found} <= {ORPHANET} else _UNSPECIFIED}",
        "#curie_map:",
        *(f'#  {prefix}: "{_uri(prefix)}"' for prefix in prefixes),
    ]
    header = list(_SSSOM_COLUMNS)
    cells = write_cells(header, [[row[name] for name in header] for row in rows], "tsv")
    return "\n".join(lines) + "\n" + cells


_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
_SSSOM_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "mapping_justification",
    "subject_source_version",
    "comment",
)


def _sssom_row(change: Change, changes: Changes) -> dict[str, str]:
    negated = change.new.startswith("not ")
    manual = change.graph == ORPHANET
    before = f"was {change.old}" if change.old else "was not there"
    return {
        "subject_id": change.curie,
        "subject_label": change.label,
        "predicate_id": change.new.removeprefix("not "),
        "predicate_modifier": "Not" if negated else "",
        "object_id": change.about,
        "mapping_justification": "semapv:ManualMappingCuration" if manual else "semapv:UnspecifiedMatching",
        "subject_source_version": _release(changes.new, change.graph),
        "comment": f"{before} in {_release(changes.old, change.graph)}",
    }


def _uri(prefix: str) -> str:
    return next((known.uri for known in prefix_map().prefixes if known.name == prefix), f"{BASE}unknown/{prefix}/")


_FORMS: Mapping[str, Callable[[Changes], str]] = {
    "table": lambda changes: document(changes).render("text"),
    "markdown": lambda changes: document(changes).render("markdown"),
    "json": _json,
    "tsv": lambda changes: _rows(changes, "tsv"),
    "csv": lambda changes: _rows(changes, "csv"),
    "sssom": _sssom,
}
