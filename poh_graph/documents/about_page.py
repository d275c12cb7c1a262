"""What the page of a disorder says of the disorder in short, and of itself: who wrote it, and how far to trust it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from poh_graph.documents.document import Block, Items, Link, Paragraph, Text, joined
from poh_graph.documents.references import named
from poh_graph.graph import Disorder, Graph

NOT_ADVICE = "This page is not medical advice. Talk to a doctor who knows the person."

Overview = Mapping[str, Sequence[Text]]
"""The aspects of the query ``overview-of-a-disorder``, each with its values."""


def overview_of(graph: Graph, disorder: Disorder) -> Overview:
    """The values of each aspect, as texts; none for an aspect of which nothing is said."""
    found: defaultdict[str, dict[Text, None]] = defaultdict(dict)
    for row in graph.query("overview-of-a-disorder", disorder.iri):
        value, label = str(row["value"]), str(row["value_label"] or "")
        text: Text = value
        if row["aspect"] == "page for readers":
            text = joined([f"{label}: " if label else "", Link(value, value)])
        elif row["aspect"] == "lives on in":
            text = named(label, value)
        elif label:
            text = label
        found[str(row["aspect"])][text] = None
    return defaultdict(list, {aspect: list(values) for aspect, values in found.items()})


def lead(overview: Overview, disorder: Disorder) -> list[Block]:
    """Its other names, and what became of its code where that is retired or gone."""
    blocks: list[Block] = []
    if overview["also called"]:
        blocks.append(Paragraph(joined(["Also called: ", joined(overview["also called"], ", "), "."])))
    became = fate(overview, disorder)
    if became:
        blocks.append(Paragraph(became))
    return [*blocks, *map(Paragraph, overview["note"])]


def fate(overview: Overview, disorder: Disorder) -> Text:
    """What became of a code that is retired, or that the newest release does not name; empty for one that is in use."""
    if "True" in overview["retired"]:
        heirs = joined(overview["lives on in"], "; ")
        lives_on = joined([" It lives on in ", heirs, "."]) if heirs else ""
        status = overview["status of the code"]
        reason = joined([" (", joined(status, ", "), ")"]) if status else ""
        return joined([f"The code {disorder.curie} is retired", reason, ".", lives_on])
    if overview["last named by Orphanet"]:
        last = overview["last named by Orphanet"][-1]
        return f"The newest release of Orphanet does not name {disorder.curie}; the last that did is of {last}."
    return ""


def prose(overview: Overview) -> list[Block]:
    """The overview, and who wrote it; then Orphanet's own definition, as its packets have it."""
    texts = [str(text) for text in overview["overview"]]
    paragraphs: list[Block] = [Paragraph(part) for text in texts for part in text.split("\n\n")]
    if paragraphs:
        paragraphs.append(Paragraph(_author(overview)))
    notes = joined(overview["note on the definition"], " ")
    for definition in overview["definition"]:
        paragraphs.append(Paragraph(joined(["Orphanet's definition: ", definition])))
        paragraphs += [Paragraph(notes)] if notes else []
    return paragraphs


def _author(overview: Overview) -> Text:
    writer = joined([" by the project ", joined(overview["written by"], ", ")]) if overview["written by"] else ""
    reviewed = "True" in overview["read by a clinician"]
    return joined(
        [
            "Written",
            writer or " by this project",
            " from the sources named below; ",
            "a clinician has reviewed it." if reviewed else "no clinician has reviewed it yet.",
        ]
    )


def about(graph: Graph, disorder: Disorder) -> list[Block]:
    """When what curators wrote was last checked, and what the page is not."""
    lines: list[Text] = []
    for what, query in (
        ("Organizations", "organizations-that-serve-this-disorder"),
        ("Trials", "trials-for-a-disorder"),
        ("Searches for trials", "searches-in-trial-registries"),
        ("What is not known", "what-is-not-known"),
    ):
        days = sorted({str(row["checked_on"]) for row in graph.query(query, disorder.iri) if row["checked_on"]})
        if days:
            between = days[0] if len(days) == 1 else f"between {days[0]} and {days[-1]}"
            lines.append(f"{what}: last checked {'on ' if len(days) == 1 else ''}{between}.")
    statements = "Every other statement" if lines else "Every statement"
    lines.append(f"{statements} is as its source had it in the release named below.")
    return [Items(lines), Paragraph(NOT_ADVICE)]
