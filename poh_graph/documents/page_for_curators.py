"""The sections of a disorder's page that curators need: classification, identifiers, conflicts, changes, sources."""

from __future__ import annotations

from collections import defaultdict

from poh_graph.documents.document import Block, Link, Table, Text, joined, listed
from poh_graph.documents.references import named, sources_of
from poh_graph.graph import Disorder, Graph
from poh_graph.rows import Value
from poh_graph.terms import curie_of

_RELATIONS = {
    "exactMatch": "the same",
    "closeMatch": "close",
    "broadMatch": "broader",
    "narrowMatch": "narrower",
    "relatedMatch": "related",
    "hasDbXref": "cross-reference, relation not stated",
}


def classification(graph: Graph, disorder: Disorder) -> list[Block]:
    """The shortest way from each parent up to a root; all ways are the answer to the query ``classification``."""
    parents: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in graph.query("classification-up-to-the-root", disorder.iri):
        parents[str(row["member"])].append(str(row["group"]))
        names[str(row["group"])] = str(row["group_name"])
    return listed(
        joined([named(names[step], step) for step in _shortest(parents, parent)], " < ")
        for parent in dict.fromkeys(parents[disorder.iri])
    )


def _shortest(parents: dict[str, list[str]], start: str) -> list[str]:
    """A shortest way from a group up to a root, both ends included."""
    ways = [[start]]
    seen = {start}
    for way in ways:
        above = sorted(parents.get(way[-1], []))
        if not above:
            return way
        ways += [[*way, step] for step in above if step not in seen]
        seen.update(above)
    return [start]


def members(graph: Graph, disorder: Disorder) -> list[Block]:
    """What stands directly below it, where it is a group."""
    rows = graph.query("members-of-a-group", disorder.iri)
    return listed(named(str(row["name"] or ""), str(row["member"])) for row in rows)


def identifiers(graph: Graph, disorder: Disorder) -> list[Block]:
    """Its identifiers in other vocabularies, with the relation and who says it."""
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in graph.query("identifiers-in-other-vocabularies", disorder.iri):
        if row["from"] == disorder.iri and row["stands"]:
            relation = str(row["relation"]).rpartition("#")[2]
            key = (str(row["identifier"]), _RELATIONS.get(relation, relation))
            found[key][str(row["held_in"] or row["said_by"])] = None
    rows: list[list[Text]] = [
        [Link(curie_of(iri), iri), relation, ", ".join(sayers)] for (iri, relation), sayers in found.items()
    ]
    return [Table(["identifier", "relation", "who says it"], rows)] if rows else []


def conflicts(graph: Graph, disorder: Disorder) -> list[Block]:
    """One line a conflict, with our note on it; what no note explains is a dissent, told among the statements."""
    notes: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in graph.query("conflicts-between-sources", disorder.iri):
        if row["standing"] == "why":
            notes[str(row["conflict"]), str(row["about"])][str(row["says"])] = None
    return listed(joined([Link(about, iri), f". {' '.join(texts)}"]) for (iri, about), texts in notes.items())


def changes(graph: Graph, disorder: Disorder) -> list[Block]:
    """One line a change, where a graph of changes was built in; the texts of definitions are left to the query."""
    lines = []
    for row in graph.query("what-changed-for-a-disorder", disorder.iri):
        about = f" {row['about']}" if row["about"] else ""
        values = f": {row['old'] or 'nothing said'} → {row['new'] or 'nothing said'}" if _has_short_values(row) else ""
        lines.append(f"{row['release']}: {row['kind']}{about} {row['action']}{values}")
    return listed(lines)


def _has_short_values(row: dict[str, Value]) -> bool:
    return row["kind"] != "definition" and bool(row["old"] or row["new"])


def sources(graph: Graph, disorder: Disorder) -> list[Block]:
    """The sources that speak of the disorder."""
    return listed(sources_of(graph, [disorder.iri]))
