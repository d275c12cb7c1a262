"""The sections of a disorder's page for families and clinicians; plain words stand beside clinical ones."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable

from poh_graph.documents.about_page import Overview
from poh_graph.documents.document import Block, Items, Link, Paragraph, Text, joined, listed
from poh_graph.documents.genes import gene_lines, genes_of
from poh_graph.documents.references import cited, named
from poh_graph.graph import Disorder, Graph
from poh_graph.rows import Value
from poh_graph.terms import curie_of

Row = dict[str, Value]

# How many of 100 people described have a sign: the bounds that HPO gives to its frequency terms.
_IN_HUNDRED = {
    "HP:0040280": "in all people described",
    "HP:0040281": "in 80 to 99 of 100 people described",
    "HP:0040282": "in 30 to 79 of 100 people described",
    "HP:0040283": "in 5 to 29 of 100 people described",
    "HP:0040284": "in 1 to 4 of 100 people described",
}
_MEASURES = {
    "Cases/families": "How many cases or families are known",
    "Point prevalence": "How many people live with it (point prevalence)",
    "Prevalence at birth": "How many newborns have it (prevalence at birth)",
    "Annual incidence": "How many people get it in a year (annual incidence)",
    "Lifetime prevalence": "How many people have it at some time in their life (lifetime prevalence)",
}
_CLASS = re.compile(r"([<>]?)(\d+)(?:-(\d+))? / ([\d ]+)")
_MORE_OR_LESS = {"<": "fewer than ", ">": "more than ", "": ""}

# What people ask first comes first; topics that are not named here follow by their names.
_TOPICS = (
    *("first signs", "age at onset", "course", "treatment", "prognosis", "inheritance", "parent of origin"),
    *("occurrence", "genetic testing", "diagnostic criteria", "hormone resistance", "genotype and phenotype"),
)


def glance(graph: Graph, disorder: Disorder, overview: Overview) -> list[Block]:
    """The kind of disorder, how it is inherited, when it begins, and its genes."""
    rows: list[tuple[str, Iterable[Text]]] = [
        ("kind of disorder", overview["kind"]),
        ("inheritance", overview["inheritance"]),
        ("age of onset", overview["age of onset"]),
    ]
    lines = [joined([f"{name}: ", joined(values, "; ")]) for name, values in rows if values]
    return listed([*lines, *(joined(["gene: ", line]) for line in gene_lines(genes_of(graph, disorder)))])


def prevalence(graph: Graph, disorder: Disorder) -> list[Block]:
    """One line for each measure and amount, with the places of which it is said."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in graph.query("epidemiology-per-100000", disorder.iri):
        papers = f" ({row['papers']} paper{'s' if row['papers'] != 1 else ''})" if row["papers"] else ""
        measure = str(row["measure"])
        key = (_MEASURES.get(measure, measure), _amount(row), str(row["said_by"]))
        groups[key].append((str(row["place"] or "place not given"), papers))
    return listed(_prevalence(*key, places) for key, places in groups.items())


def _prevalence(measure: str, amount: str, said_by: str, places: list[tuple[str, str]]) -> str:
    sayer = "" if said_by in amount else f" (says {said_by})"
    if len(places) == 1:
        ((place, papers),) = places
        return f"{measure}, {place}: {amount}{papers}{sayer}"
    return f"{measure}: {amount}{sayer}: {', '.join(place + papers for place, papers in places)}"


def _amount(row: Row) -> str:
    if row["value"] is not None:
        return f"{row['value']} {row['unit']}"
    low, high = row["low_per_100000"], row["high_per_100000"]
    words = _in_words(str(row["class"]))
    if low is not None and high is not None:
        return f"{words}, which is {low} to less than {high} per 100,000"
    if high is not None:
        return f"{words}, which is less than {high} per 100,000"
    if low is not None:
        return f"{words}, which is {low} or more per 100,000"
    if row["missing"] == "no data":
        return f"{row['said_by']} gives no number"
    return str(row["missing"] or row["class"] or "no value")


def _in_words(name: str) -> str:
    """A class of prevalence as one says it.

    >>> _in_words("<1 / 1 000 000")
    'fewer than 1 in 1,000,000 people'
    >>> _in_words("1-9 / 100 000")
    '1 to 9 in 100,000 people'
    """
    found = _CLASS.fullmatch(name)
    if not found:
        return name
    sign, low, high, people = found.groups()
    cases = f"{low} to {high}" if high else low
    return f"{_MORE_OR_LESS[sign]}{cases} in {int(people.replace(' ', '')):,} people"


def signs(graph: Graph, disorder: Disorder) -> list[Block]:
    """The phenotypes by their frequency; one of which something is not known points there."""
    say = _sayer(graph, disorder)
    open_questions = {
        str(row["phenotype"]): str(row["question"])
        for row in graph.query("what-is-not-known", disorder.iri)
        if row["phenotype"]
    }
    groups: dict[tuple[str, str, str], list[Text]] = defaultdict(list)
    for row in graph.query("phenotypes-of-a-disorder", disorder.iri):
        iri = str(row["phenotype"])
        question = open_questions.get(iri)
        pointer = f" (see “{question}” under “What is not known”)" if question else ""
        often = str(row["how_often"] or "how often is not given")
        groups[curie_of(str(row["frequency"] or "")), often, str(row["said_by"])].append(
            joined([say(iri, str(row["name"])), pointer])
        )
    blocks: list[Block] = []
    for (frequency, often, said_by), found in groups.items():
        hundred = f", {_IN_HUNDRED[frequency]}" if frequency in _IN_HUNDRED else ""
        blocks += [Paragraph(f"{often}{hundred} (says {said_by}):"), *listed(found)]
    return blocks


def _sayer(graph: Graph, disorder: Disorder) -> Callable[[str, str], Text]:
    """What names a phenotype of a disorder: plain words first where there are any, then the clinical name."""
    plain: dict[str, str] = {}
    for row in graph.query("plain-words-for-phenotypes", disorder.iri):
        plain.setdefault(str(row["phenotype"]), str(row["plain_words"]))  # ours come before those of HPO

    def say(iri: str, name: str) -> Text:
        words = plain.get(iri, "")
        is_new = words.lower() not in ("", name.lower())
        return joined([f"{words}: " if is_new else "", named(name, iri)])

    return say


def excluded(graph: Graph, disorder: Disorder) -> list[Block]:
    """Excluded by a source, or absent in a curated comparison: the signs, grouped by what they were compared in."""
    say = _sayer(graph, disorder)
    compared: dict[tuple[str, str, str, str], dict[tuple[str, str], None]] = defaultdict(dict)
    for row in graph.query("excluded-phenotypes", disorder.iri):
        key = (str(row["phenotype"]), str(row["name"]), str(row["basis"]), str(row["said_by"]))
        others = compared[key]
        if row["told_from"]:
            others[str(row["told_from"]), str(row["told_from_name"])] = None
    groups: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[Text]] = defaultdict(list)
    for (iri, name, basis, said_by), others in compared.items():
        groups[basis, said_by, tuple(others)].append(say(iri, name))
    blocks: list[Block] = []
    for (basis, said_by, told_from), found in groups.items():
        names = joined([named(name, iri) for iri, name in told_from], "; ")
        compared_with = joined([" with ", names]) if told_from else ""
        heading = joined([f"{basis[:1].upper()}{basis[1:]}", compared_with, f" (says {said_by}):"])
        blocks += [Paragraph(heading), Items(found)]
    return blocks


def organizations(graph: Graph, disorder: Disorder) -> list[Block]:
    """Those that serve people with the disorder; the dissolved come last."""
    rows = list(graph.query("organizations-that-serve-this-disorder", disorder.iri))
    return listed(_organization(row) for row in sorted(rows, key=lambda row: row["dissolved_on"] is not None))


def _organization(row: Row) -> Text:
    if row["dissolved_on"]:
        status = f"dissolved {row['dissolved_on']}"
    elif row["last_seen"]:
        status = f"{row['status']}, last dated sign {row['last_seen']}"
    else:
        status = str(row["status"])
    home = str(row["homepage"] or "")
    return joined(
        [
            Link(str(row["name"]), str(row["organization"])),
            f" ({row['country']})" if row["country"] else "",
            f": {row['what_it_does']}",
            joined([" ", Link(home, home)]) if home else "",
            f" [{status}; checked {row['checked_on']}]",
        ]
    )


def trials(graph: Graph, disorder: Disorder) -> list[Block]:
    """Its trials, those of disorders that it overlaps with apart, and where to search for more."""
    found: dict[str, dict[str, tuple[Row, dict[str, Text]]]] = defaultdict(dict)
    for row in graph.query("trials-for-a-disorder", disorder.iri):
        _, conditions = found[str(row["about"])].setdefault(str(row["trial"]), (row, {}))
        conditions[str(row["condition"])] = named(str(row["condition_name"]), str(row["condition"]))
    own = found.pop("the disorder itself", {})
    searches = [_search(row) for row in graph.query("searches-in-trial-registries", disorder.iri)]
    if not (own or found or searches):
        return []
    blocks = listed(_trial(*trial) for trial in own.values())
    blocks = blocks or [Paragraph(f"No trial of {disorder.label} is known to us.")]
    for others in found.values():
        blocks += [
            Paragraph("Trials of disorders that it overlaps with, not of this one:"),
            *listed(_trial(*each) for each in others.values()),
        ]
    return [*blocks, Paragraph("Where to search:"), *listed(searches)] if searches else blocks


def _trial(row: Row, conditions: dict[str, Text]) -> Text:
    state = "".join(f", {row[key]}" for key in ("phase", "status") if row[key])
    note = f" {row['note']}" if row["note"] else ""
    number, title = str(row["registry_id"]), str(row["title"])
    registered = Link(title if number in title else f"{number} {title}", str(row["trial"]))
    return joined([registered, f"{state}.{note} Conditions: ", joined(conditions.values(), "; "), "."])


def _search(row: Row) -> Text:
    words = f" with the words “{row['words']}”" if row["words"] else ""
    note = f". {row['note']}" if row["note"] else ""
    return joined([f"{row['name']}: ", Link(str(row["address"]), str(row["address"])), words, note])


def gaps(graph: Graph, disorder: Disorder) -> list[Block]:
    """What is not known, with what was looked for; what people ask first comes first."""
    rows = list(graph.query("what-is-not-known", disorder.iri))
    return listed(
        joined([Link(str(row["question"]), str(row["gap"])), f". {row['note']}"])
        for row in sorted(rows, key=lambda row: _place(str(row["topic"] or "")))
    )


def _place(topic: str) -> tuple[int, str]:
    """Where a topic stands on the page; what has no topic comes last."""
    place = _TOPICS.index(topic.lower()) if topic.lower() in _TOPICS else len(_TOPICS)
    return (place if topic else len(_TOPICS) + 1, topic)


def pages(overview: Overview) -> list[Block]:
    """Pages elsewhere that were written for readers."""
    return listed(overview["page for readers"])


def statements(graph: Graph, disorder: Disorder) -> list[Block]:
    """The clinical statements by topic, each with the papers that it was read in."""
    topics: dict[str, dict[str, tuple[str, dict[Link, None]]]] = defaultdict(dict)
    for row in graph.query("clinical-statements-by-topic", disorder.iri):
        _, references = topics[str(row["topic"])].setdefault(str(row["statement"]), (str(row["text"]), {}))
        if row["reference"]:
            references[cited(str(row["citation"] or row["reference"]), str(row["reference"]))] = None
    blocks: list[Block] = []
    for topic in sorted(topics, key=_place):
        blocks.append(Paragraph(f"{topic[:1].upper()}{topic[1:]}:"))
        blocks += listed(
            joined([f"{text} (", joined(references, "; "), ")"]) for text, references in topics[topic].values()
        )
    return blocks
