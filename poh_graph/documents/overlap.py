"""Why a disorder overlaps with others: the curated reasons, and those that follow from the statements of the sources.

Curated overlaps come first and say most. For any other two disorders of the graph a shared gene, the smallest group of
both and their shared phenotypes are computed by stored queries. Reasons have one fixed order; they are never ordered by
how many phenotypes are shared, which puts unrelated disorders with many signs at the top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from poh_graph.documents.document import Link, Text, joined
from poh_graph.documents.genes import kind_of_association
from poh_graph.documents.references import named
from poh_graph.graph import Disorder, Graph
from poh_graph.terms import curie_of

NAMED, SAME_GENE, SHARED_GROUP, SHARED_PHENOTYPES = (
    "named in the definition",
    "same gene",
    "shared group",
    "shared phenotypes",
)
ORDER = (NAMED, SAME_GENE, SHARED_GROUP, SHARED_PHENOTYPES, "similar process", "similar name")
"""The kinds of reason, the strongest first, by their labels in the ontology."""

COMPUTED = "Computed from the statements of the sources in this graph; nobody has reviewed it:"

TELLING = 100
"""A group with so many members says little about two of them: it is given only where there is none smaller."""


class Reason(NamedTuple):
    """One reason why two overlap: its kind, what is shared, the kind of variant on each side, and notes."""

    kind: str
    shared: tuple[Link, ...]
    here: str = ""
    there: str = ""
    notes: tuple[str, ...] = ()
    is_computed: bool = False

    def line(self, here: str, there: str) -> Text:
        """The reason in a line, with the names of the two."""
        shared = joined([": ", joined(self.shared, "; ")]) if self.shared else ""
        sides = [f"{name}: {side}." for name, side in ((here, self.here), (there, self.there)) if side]
        return joined([joined([self.kind, shared, "."]), *sides, *self.notes], " ")


Overlaps = dict[tuple[str, str], list[Reason]]
"""IRI and name of the other disorder, and the reasons by their order."""


def reasons_of(graph: Graph, here: Disorder) -> Overlaps:
    """The curated overlaps of a disorder."""
    found: dict[tuple[str, str], dict[str, dict[str, dict[Link, None]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(dict))
    )
    for row in graph.query("overlapping-disorders", here.iri):
        detail, label = str(row["detail"]), str(row["detail_label"] or row["detail"])
        link = named(label, detail) if row["role"] == "shared" else Link(label, detail)
        found[str(row["other"]), str(row["name"])][str(row["reason_kind"])][str(row["role"])][link] = None
    return {other: [_curated(kind, roles) for kind, roles in kinds.items()] for other, kinds in found.items()}


def _curated(kind: str, roles: dict[str, dict[Link, None]]) -> Reason:
    notes = tuple(note.text for note in roles["note"])
    return Reason(kind, tuple(roles["shared"]), _side(roles, "here"), _side(roles, "there"), notes)


def _side(roles: dict[str, dict[Link, None]], side: str) -> str:
    """The kind of variant and the parent of origin on one side of a shared gene, in words."""
    variant = "; ".join(kind_of_association(kind.text) for kind in roles[f"variant {side}"])
    parent = "; ".join(parent.text for parent in roles[f"parent {side}"])
    return ", ".join(part for part in (variant, f"{parent} origin" if parent else "") if part)


def computed_of(graph: Graph, here: Disorder) -> tuple[Overlaps, list[Text]]:
    """What shares a gene with a disorder or stands beside it in the smallest group, and groups too large to list.

    Those with the same gene come first, then those of the same group, both by name.
    """
    found: Overlaps = defaultdict(list)
    for other, reasons in _of_the_same_gene(graph, here).items():
        found[other] += reasons
    too_large: dict[Text, None] = {}
    for row in graph.query("neighbours-in-the-smallest-group", here.iri):
        group = named(str(row["group_name"]), str(row["group"]))
        if int(str(row["others"])) >= TELLING:
            too_large[joined([group, f", with {row['others']} others"])] = None
        else:
            other = (str(row["other"]), str(row["name"] or curie_of(str(row["other"]))))
            found[other].append(Reason(SHARED_GROUP, (group,), is_computed=True))
    return dict(found), list(too_large)


def reasons_for_both(graph: Graph, here: Disorder, there: Disorder, phenotypes: Sequence[Link]) -> list[Reason]:
    """Why two disorders overlap: the curated reasons, and computed ones of the kinds that no curator has given.

    ``phenotypes`` are those that both have.
    """
    curated = next((reasons for (iri, _), reasons in reasons_of(graph, here).items() if iri == there.iri), [])
    computed = next((reasons for (iri, _), reasons in _of_the_same_gene(graph, here).items() if iri == there.iri), [])
    computed += _of_the_same_group(graph, here, there)
    if phenotypes:
        computed.append(Reason(SHARED_PHENOTYPES, tuple(phenotypes), is_computed=True))
    said = {reason.kind for reason in curated}
    reasons = [*curated, *(reason for reason in computed if reason.kind not in said)]
    return sorted(reasons, key=lambda reason: ORDER.index(reason.kind))


def _of_the_same_gene(graph: Graph, here: Disorder) -> Overlaps:
    """The disorders that have a gene of this one: one reason a gene, with its kinds of association on both sides."""
    kinds: dict[tuple[str, str], dict[Link, tuple[dict[str, None], dict[str, None]]]] = defaultdict(dict)
    for row in graph.query("disorders-of-the-same-gene", here.iri):
        other = (str(row["other"]), str(row["name"] or curie_of(str(row["other"]))))
        gene = named(str(row["symbol"]), str(row["gene"]))
        ours, theirs = kinds[other].setdefault(gene, ({}, {}))
        ours[kind_of_association(str(row["kind_here"] or ""))] = None
        theirs[kind_of_association(str(row["kind_there"] or ""))] = None
    return {
        other: [
            Reason(SAME_GENE, (gene,), "; ".join(filter(None, ours)), "; ".join(filter(None, theirs)), is_computed=True)
            for gene, (ours, theirs) in genes.items()
        ]
        for other, genes in kinds.items()
    }


def _of_the_same_group(graph: Graph, here: Disorder, there: Disorder) -> list[Reason]:
    """The smallest group of both, and others that are small enough to tell something."""
    rows = graph.query("smallest-shared-group", here.iri, there.iri).rows()
    return [
        Reason(
            SHARED_GROUP,
            (named(str(row["name"]), str(row["group"])),),
            notes=(f"{row['below']:,} groups and disorders of this graph stand below it.",),
            is_computed=True,
        )
        for place, row in enumerate(rows)
        if place == 0 or int(str(row["below"])) < TELLING
    ]
