"""A disorder on a page: what it is, gene, signs, look-alikes, where to find help, and where each thing was read.

Every section is the answer to a stored query. Clinical words stand beside plain ones; what nobody knows is said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from poh_graph.comparison import cited
from poh_graph.document import Block, Document, Items, Paragraph, Section, Table
from poh_graph.graph import Disorder, Graph
from poh_graph.overlap import COMPUTED, computed_of, reasons_of
from poh_graph.rows import Value
from poh_graph.terms import curie_of

Row = dict[str, Value]

NOT_ADVICE = "This page is not medical advice."
NOT_REVIEWED = "The overview was written by the project from the sources named below; no clinician has reviewed it yet."

# How many of 100 people described have a sign: the bounds that HPO gives to its frequency terms.
_IN_HUNDRED = {
    "HP:0040280": "in all people described",
    "HP:0040281": "in 80 to 99 of 100 people described",
    "HP:0040282": "in 30 to 79 of 100 people described",
    "HP:0040283": "in 5 to 29 of 100 people described",
    "HP:0040284": "in 1 to 4 of 100 people described",
}
_RELATIONS = {
    "exactMatch": "the same",
    "closeMatch": "close",
    "broadMatch": "broader",
    "narrowMatch": "narrower",
    "relatedMatch": "related",
    "hasDbXref": "cross-reference, relation not stated",
}


def page(graph: Graph, name: str) -> Document:
    """The page of a disorder.

    Raises:
        UnknownName: if the graph has no disorder of that name.
        AmbiguousName: if it has several.
    """
    disorder = graph.disorder(name)
    overview = _overview(graph, disorder)
    return Document(
        f"{disorder.label} ({disorder.curie})",
        [
            Section("What it is", _prose(overview["overview"])),
            Section("At a glance", _glance(graph, disorder, overview)),
            Section("How common it is", _list(_prevalence(graph, disorder))),
            Section("Signs, by how often they are described", _signs(graph, disorder)),
            Section("What is not part of it", _excluded(graph, disorder)),
            Section("What it overlaps with", _overlaps(graph, disorder)),
            Section("What is said of it, and by whom", _statements(graph, disorder)),
            Section("Organizations that serve people with it", _organizations(graph, disorder)),
            Section("Trials", _trials(graph, disorder)),
            Section("Where it stands in Orphanet's classifications", _classification(graph, disorder)),
            Section("Identifiers elsewhere", _identifiers(graph, disorder)),
            Section("Where sources contradict each other", _conflicts(graph, disorder)),
            Section("What changed between releases", _changes(graph, disorder)),
            Section("What is not known", _gaps(graph, disorder)),
            Section("Pages for readers", _list(overview["page for readers"])),
            Section("Sources", _sources(graph)),
        ],
        lead=[Paragraph(f"Also called: {', '.join(overview['also called'])}.")] if overview["also called"] else (),
    )


def _overview(graph: Graph, disorder: Disorder) -> defaultdict[str, list[str]]:
    """The values of each aspect of the overview query, as texts."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in graph.query("overview-of-a-disorder", disorder.iri):
        value = str(row["value_label"] or row["value"])
        if row["aspect"] == "page for readers" and row["value_label"]:
            value = f"{row['value_label']}: {row['value']}"
        if value not in found[str(row["aspect"])]:
            found[str(row["aspect"])].append(value)
    return found


def _prose(texts: Sequence[str]) -> list[Block]:
    if not texts:
        return []
    paragraphs: list[Block] = [Paragraph(part) for text in texts for part in text.split("\n\n")]
    return [*paragraphs, Paragraph(f"{NOT_REVIEWED} {NOT_ADVICE}")]


def _list(lines: Iterable[str]) -> list[Block]:
    kept = list(dict.fromkeys(lines))
    return [Items(kept)] if kept else []


def _glance(graph: Graph, disorder: Disorder, overview: dict[str, list[str]]) -> list[Block]:
    rows = [
        ("kind of disorder", overview["kind"]),
        ("inheritance", overview["inheritance"]),
        ("age of onset", overview["age of onset"]),
        ("gene", _genes(graph, disorder)),
    ]
    return _list(f"{name}: {'; '.join(values)}" for name, values in rows if values)


def _genes(graph: Graph, disorder: Disorder) -> list[str]:
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = {}
    for row in graph.query("genes-of-a-disorder", disorder.iri):
        key = (
            f"{row['symbol']} ({curie_of(str(row['gene']))})",
            str(row["kind_label"] or "kind of association not given"),
        )
        origins, sayers = found.setdefault(key, (set(), set()))
        if row["parent_of_origin"]:
            origins.add(f"{row['parent_of_origin']} origin")
        sayers.add(str(row["said_by"] or ""))
    return [
        f"{gene}, {', '.join([_variant(kind), *sorted(origins)])} (says {', '.join(sorted(sayers))})"
        for (gene, kind), (origins, sayers) in found.items()
    ]


def _variant(kind: str) -> str:
    """Orphanet's words for an association end with "in", which wants the disorder behind it."""
    return kind[:1].lower() + kind[1:].removesuffix(" in")


def _prevalence(graph: Graph, disorder: Disorder) -> list[str]:
    lines = []
    for row in graph.query("epidemiology-per-100000", disorder.iri):
        papers = f" ({row['papers']} paper{'s' if row['papers'] != 1 else ''})" if row["papers"] else ""
        place = f", {row['place']}" if row["place"] else ""
        lines.append(f"{row['measure']}{place}: {_amount(row)}{papers}")
    return lines


def _amount(row: Row) -> str:
    if row["value"] is not None:
        return f"{row['value']} {row['unit']}"
    low, high = row["low_per_100000"], row["high_per_100000"]
    if low is not None and high is not None:
        return f"{row['class']}, which is {low} to less than {high} per 100,000 people"
    if high is not None:
        return f"{row['class']}, which is less than {high} per 100,000 people"
    if low is not None:
        return f"{row['class']}, which is {low} or more per 100,000 people"
    return str(row["missing"] or row["class"] or "no value")


def _signs(graph: Graph, disorder: Disorder) -> list[Block]:
    plain: dict[str, str] = {}
    for row in graph.query("plain-words-for-phenotypes", disorder.iri):
        if row["wording"] == "ours":
            plain.setdefault(str(row["phenotype"]), str(row["plain_words"]))
    groups: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in graph.query("phenotypes-of-a-disorder", disorder.iri):
        iri = str(row["phenotype"])
        words = f"{row['name']} ({curie_of(iri)})"
        if iri in plain and plain[iri].lower() != str(row["name"]).lower():
            words = f"{plain[iri]}: {words}"
        often = str(row["how_often"] or "how often is not given")
        groups[curie_of(str(row["frequency"] or "")), often, str(row["said_by"])].append(words)
    blocks: list[Block] = []
    for (frequency, often, said_by), signs in groups.items():
        hundred = f", {_IN_HUNDRED[frequency]}" if frequency in _IN_HUNDRED else ""
        blocks += [Paragraph(f"{often}{hundred} (says {said_by}):"), Items(list(dict.fromkeys(signs)))]
    return blocks


def _excluded(graph: Graph, disorder: Disorder) -> list[Block]:
    """Excluded by a source, or absent in a curated comparison: one line a sign, with what it was compared with."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in graph.query("excluded-phenotypes", disorder.iri):
        key = (f"{row['name']} ({curie_of(str(row['phenotype']))})", str(row["basis"]), str(row["said_by"]))
        found[key] += [str(row["told_from_name"])] if row["told_from_name"] else []
    return _list(
        f"{name}: {basis}{' with ' if others else ''}{'; '.join(others)} (says {said_by})"
        for (name, basis, said_by), others in found.items()
    )


def _overlaps(graph: Graph, disorder: Disorder) -> list[Block]:
    """The curated overlaps, and what follows from the statements of the sources for others."""
    curated = reasons_of(graph, disorder)
    computed, too_large = computed_of(graph, disorder)
    blocks = _list(
        f"{name} ({curie_of(other)}): " + "; ".join(reason.kind.lower() for reason in reasons)
        for (other, name), reasons in curated.items()
    )
    known = {iri for iri, _ in curated}
    rest = _list(
        f"{name} ({curie_of(other)}): " + "; ".join(f"{reason.kind}, {reason.shared[0]}" for reason in reasons)
        for (other, name), reasons in computed.items()
        if other not in known
    )
    blocks += [Paragraph(COMPUTED), *rest] if rest else []
    blocks += [
        Paragraph(f"It also stands in {group}: poh-graph query neighbours {disorder.curie}") for group in too_large
    ]
    tell_apart = Paragraph(f"How to tell two of them apart: poh-graph compare {disorder.curie} ID")
    return [*blocks, tell_apart] if blocks else []


def _statements(graph: Graph, disorder: Disorder) -> list[Block]:
    topics: dict[str, dict[str, tuple[str, list[str]]]] = defaultdict(dict)
    for row in graph.query("clinical-statements-by-topic", disorder.iri):
        _, references = topics[str(row["topic"])].setdefault(str(row["statement"]), (str(row["text"]), []))
        if row["reference"]:
            reference = cited(str(row["citation"] or row["reference"]), str(row["reference"]))
            if reference not in references:
                references.append(reference)
    blocks: list[Block] = []
    for topic, statements in topics.items():
        blocks.append(Paragraph(f"{topic[:1].upper()}{topic[1:]}:"))
        blocks.append(Items([f"{text} ({'; '.join(references)})" for text, references in statements.values()]))
    return blocks


def _organizations(graph: Graph, disorder: Disorder) -> list[Block]:
    lines = []
    for row in graph.query("organizations-that-serve-this-disorder", disorder.iri):
        status = f"{row['status']}"
        if row["dissolved_on"]:
            status += f" {row['dissolved_on']}"
        elif row["last_seen"]:
            status += f", last dated sign {row['last_seen']}"
        home = f" {row['homepage']}" if row["homepage"] else ""
        lines.append(
            f"{row['name']} ({row['country']}): {row['what_it_does']}{home} [{status}; checked {row['checked_on']}]"
        )
    return _list(lines)


def _trials(graph: Graph, disorder: Disorder) -> list[Block]:
    trials: dict[str, tuple[str, list[str]]] = {}
    for row in graph.query("trials-for-a-disorder", disorder.iri):
        phase = f", {row['phase']}" if row["phase"] else ""
        note = f" {row['note']}" if row["note"] else ""
        line = f"{row['registry_id']} {row['title']}{phase}.{note}"
        trials.setdefault(str(row["trial"]), (line, []))[1].append(str(row["condition_name"]))
    searches = [f"{row['name']}: {row['address']}" for row in graph.query("searches-in-trial-registries", disorder.iri)]
    return _list([*(f"{line} Conditions: {', '.join(dict.fromkeys(of))}." for line, of in trials.values()), *searches])


def _classification(graph: Graph, disorder: Disorder) -> list[Block]:
    """The shortest way from each parent up to a root; all ways are the answer to the query ``classification``."""
    parents: dict[str, list[str]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in graph.query("classification-up-to-the-root", disorder.iri):
        parents[str(row["member"])].append(str(row["group"]))
        names[str(row["group"])] = str(row["group_name"])
    return _list(
        " < ".join(f"{names[step]} ({curie_of(step)})" for step in _shortest(parents, parent))
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


def _identifiers(graph: Graph, disorder: Disorder) -> list[Block]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in graph.query("identifiers-in-other-vocabularies", disorder.iri):
        if row["from"] == disorder.iri and row["stands"]:
            relation = str(row["relation"]).rpartition("#")[2]
            key = (curie_of(str(row["identifier"])), _RELATIONS.get(relation, relation))
            found[key].append(str(row["held_in"] or row["said_by"]))
    rows = [[name, relation, ", ".join(dict.fromkeys(sayers))] for (name, relation), sayers in found.items()]
    return [Table(["identifier", "relation", "who says it"], rows)] if rows else []


def _conflicts(graph: Graph, disorder: Disorder) -> list[Block]:
    """One line a conflict, with our note on it; what no note explains is a dissent, told among the statements."""
    notes: dict[str, list[str]] = defaultdict(list)
    for row in graph.query("conflicts-between-sources", disorder.iri):
        if row["standing"] == "why" and str(row["says"]) not in notes[str(row["about"])]:
            notes[str(row["about"])].append(str(row["says"]))
    return _list(f"{about}. {' '.join(texts)}" for about, texts in notes.items() if texts)


def _changes(graph: Graph, disorder: Disorder) -> list[Block]:
    """One line a change, where a graph of changes was built in; the texts of definitions are left to the query."""
    lines = []
    for row in graph.query("what-changed-for-a-disorder", disorder.iri):
        about = f" {row['about']}" if row["about"] else ""
        values = f": {row['old'] or 'nothing said'} → {row['new'] or 'nothing said'}" if _has_short_values(row) else ""
        lines.append(f"{row['release']}: {row['kind']}{about} {row['action']}{values}")
    return _list(lines)


def _has_short_values(row: Row) -> bool:
    return row["kind"] != "definition" and bool(row["old"] or row["new"])


def _gaps(graph: Graph, disorder: Disorder) -> list[Block]:
    return _list(f"{row['question']}. {row['note']}" for row in graph.query("what-is-not-known", disorder.iri))


def _sources(graph: Graph) -> list[Block]:
    return _list(
        f"{row['name']}, release {row['release']}: {row['citation']}" for row in graph.query("releases-and-licences")
    )
