"""Why a disorder overlaps with others: the curated reasons, and those that follow from the statements of the sources.

Curated overlaps come first and say most. For any other two disorders of the graph a shared gene, the smallest group of
both and their shared phenotypes are computed by stored queries. Reasons have one fixed order; they are never ordered by
how many phenotypes are shared, which puts unrelated disorders with many signs at the top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

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
    shared: tuple[str, ...]
    here: str = ""
    there: str = ""
    notes: tuple[str, ...] = ()
    is_computed: bool = False

    def line(self, here: str, there: str) -> str:
        """The reason in a line, with the names of the two."""
        shared = ": " + "; ".join(self.shared) if self.shared else ""
        sides = [f"{name}: {side}." for name, side in ((here, self.here), (there, self.there)) if side]
        return " ".join([f"{self.kind}{shared}.", *sides, *self.notes])


Overlaps = dict[tuple[str, str], list[Reason]]
"""IRI and name of the other disorder, and the reasons by their order."""


def reasons_of(graph: Graph, here: Disorder) -> Overlaps:
    """The curated overlaps of a disorder."""
    found: dict[tuple[str, str], dict[str, dict[str, list[str]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for row in graph.query("overlapping-disorders", here.iri):
        detail = str(row["detail_label"] or row["detail"])
        if row["role"] == "shared":
            detail = f"{detail} ({curie_of(str(row['detail']))})"
        details = found[str(row["other"]), str(row["name"])][str(row["reason_kind"])][str(row["role"])]
        if detail not in details:
            details.append(detail)
    return {
        other: [
            Reason(kind, tuple(roles["shared"]), _side(roles, "here"), _side(roles, "there"), tuple(roles["note"]))
            for kind, roles in kinds.items()
        ]
        for other, kinds in found.items()
    }


def _side(roles: dict[str, list[str]], side: str) -> str:
    """The kind of variant and the parent of origin on one side of a shared gene, in words."""
    variant, parent = "; ".join(roles[f"variant {side}"]), "; ".join(roles[f"parent {side}"])
    return ", ".join(part for part in (variant, f"{parent} origin" if parent else "") if part)


def computed_of(graph: Graph, here: Disorder) -> tuple[Overlaps, list[str]]:
    """What shares a gene with a disorder or stands beside it in the smallest group, and groups too large to list.

    Those with the same gene come first, then those of the same group, both by name.
    """
    found: Overlaps = defaultdict(list)
    for other, reasons in _of_the_same_gene(graph, here).items():
        found[other] += reasons
    too_large: dict[str, None] = {}
    for row in graph.query("neighbours-in-the-smallest-group", here.iri):
        group = f"{row['group_name']} ({curie_of(str(row['group']))})"
        if int(str(row["others"])) >= TELLING:
            too_large[f"{group}, with {row['others']} others"] = None
        else:
            other = (str(row["other"]), str(row["name"] or curie_of(str(row["other"]))))
            found[other].append(Reason(SHARED_GROUP, (group,), is_computed=True))
    return dict(found), list(too_large)


def reasons_for_both(graph: Graph, here: Disorder, there: Disorder, phenotypes: Sequence[str]) -> list[Reason]:
    """Why two disorders overlap: the curated reasons, and computed ones of the kinds that no curator has given.

    ``phenotypes`` are those that both have, by name.
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
    kinds: dict[tuple[str, str], dict[str, tuple[dict[str, None], dict[str, None]]]] = defaultdict(dict)
    for row in graph.query("disorders-of-the-same-gene", here.iri):
        other = (str(row["other"]), str(row["name"] or curie_of(str(row["other"]))))
        gene = f"{row['symbol']} ({curie_of(str(row['gene']))})"
        ours, theirs = kinds[other].setdefault(gene, ({}, {}))
        ours[str(row["kind_here"] or "")] = None
        theirs[str(row["kind_there"] or "")] = None
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
            (f"{row['name']} ({curie_of(str(row['group']))})",),
            notes=(f"{row['below']:,} groups and disorders of this graph stand below it.",),
            is_computed=True,
        )
        for place, row in enumerate(rows)
        if place == 0 or int(str(row["below"])) < TELLING
    ]
