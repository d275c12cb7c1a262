"""The sections of a disorder's page on other disorders: which it overlaps with and why, and what tells it from them."""

from __future__ import annotations

from collections.abc import Sequence

from poh_graph.documents.comparison import Feature, features_of
from poh_graph.documents.document import Block, Hint, Items, Paragraph, Text, joined, listed
from poh_graph.documents.overlap import COMPUTED, Reason, computed_of, reasons_of
from poh_graph.documents.references import named
from poh_graph.graph import Disorder, Graph


def overlaps(graph: Graph, disorder: Disorder) -> list[Block]:
    """The curated overlaps, and what follows from the statements of the sources for others."""
    curated = reasons_of(graph, disorder)
    computed, too_large = computed_of(graph, disorder)
    blocks = listed(_overlap(*other, [reason.kind for reason in reasons]) for other, reasons in curated.items())
    known = {iri for iri, _ in curated}
    rest = listed(
        _overlap(*other, [_computed(reason) for reason in reasons])
        for other, reasons in computed.items()
        if other[0] not in known
    )
    blocks += [Paragraph(COMPUTED), *rest] if rest else []
    for group in too_large:
        blocks += [
            Paragraph(joined(["It also stands in ", group, "."])),
            Hint(f"Who they are: poh-graph query neighbours {disorder.curie}"),
        ]
    return [*blocks, Hint(f"What tells two of them apart: poh-graph compare {disorder.curie} ID")] if blocks else []


def _overlap(iri: str, name: str, reasons: Sequence[Text]) -> Text:
    return joined([named(name, iri), ": ", joined(reasons, "; ")])


def _computed(reason: Reason) -> Text:
    """A reason with what is shared; a gene with its part on either side where that differs."""
    sides = f" (here {reason.here}; there {reason.there})" if reason.here != reason.there else ""
    return joined([f"{reason.kind}, ", reason.shared[0], sides])


def what_tells_apart(graph: Graph, disorder: Disorder) -> list[Block]:
    """For each look-alike the curated features that tell the two apart; the papers stand in the comparison of both."""
    others = list(reasons_of(graph, disorder))
    features = features_of(graph, disorder, [iri for iri, _ in others])
    blocks: list[Block] = []
    for iri, name in others:
        lines = [_feature(feature) for feature in features.get(iri, ()) if feature.discriminates]
        if lines:
            blocks += [Paragraph(joined(["From ", named(name, iri), " (“there”):"])), Items(lines)]
    hint = Hint(f"Who says so, and what is no help: poh-graph compare {disorder.curie} ID")
    return [*blocks, hint] if blocks else []


def _feature(feature: Feature) -> Text:
    return f"{feature.name}: here {feature.here}; there {feature.there}"
