"""The genes of a disorder: with which kind of change, from which parent where that matters, and who says so."""

from __future__ import annotations

from typing import NamedTuple

from poh_graph.documents.document import Text, joined
from poh_graph.documents.references import named
from poh_graph.graph import Disorder, Graph

NOT_GIVEN = "kind of association not given"


class Gene(NamedTuple):
    """A gene of a disorder: the kind of association, the parent of origin where it is known, and who says so."""

    iri: str
    symbol: str
    kind: str
    parent_of_origin: str
    said_by: tuple[str, ...]


def genes_of(graph: Graph, disorder: Disorder) -> list[Gene]:
    """The genes of a disorder, one for each kind of association, whoever says so."""
    found: dict[tuple[str, str, str], tuple[dict[str, None], set[str]]] = {}
    for row in graph.query("genes-of-a-disorder", disorder.iri):
        key = (str(row["gene"]), str(row["symbol"]), kind_of_association(str(row["kind_label"] or "")))
        origins, sayers = found.setdefault(key, ({}, set()))
        if row["parent_of_origin"]:
            origins[str(row["parent_of_origin"])] = None
        sayers.add(str(row["said_by"] or ""))
    return [
        Gene(iri, symbol, kind, " or ".join(origins), tuple(sorted(sayers)))
        for (iri, symbol, kind), (origins, sayers) in found.items()
    ]


def kind_of_association(label: str) -> str:
    """The words for a kind of association; those of the sources end with "in", which wants the disorder behind it.

    >>> kind_of_association("Disease-causing germline mutation(s) (loss of function) in")
    'disease-causing germline mutation(s) (loss of function)'
    """
    return label[:1].lower() + label[1:].removesuffix(" in")


def _rank(gene: Gene) -> tuple[bool, bool, int]:
    is_cause = gene.kind.startswith(("disease-causing", "has material basis"))
    return (not gene.parent_of_origin, not is_cause, -len(gene.said_by))


def gene_lines(genes: list[Gene]) -> list[Text]:
    """One line for each kind of association: its genes, and who says so.

    What says most comes first: the parent of origin; a cause before what modifies or indicates; what more sources say.
    """
    grouped: dict[tuple[str, str, tuple[str, ...]], list[Gene]] = {}
    for gene in sorted(genes, key=_rank):
        grouped.setdefault((gene.kind, gene.parent_of_origin, gene.said_by), []).append(gene)
    return [
        joined(
            [
                joined([named(gene.symbol, gene.iri) for gene in members], ", "),
                f": {kind or NOT_GIVEN}",
                f", variant of {origin} origin" if origin else "",
                f" (says {', '.join(said_by)})",
            ]
        )
        for (kind, origin, said_by), members in grouped.items()
    ]
