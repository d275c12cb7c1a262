"""The page of a disorder: the document that ``show`` prints, and a picture of what it overlaps with."""

from __future__ import annotations

from poh_graph.documents.overlap import computed_of, reasons_of
from poh_graph.documents.show import page
from poh_graph.export import schema_org
from poh_graph.graph import Disorder, Graph
from poh_graph.pages.picture import Picture, picture_of
from poh_graph.pages.remembering import Remembering
from poh_graph.pages.thing import ThingPage

ASKED = (
    "overview-of-a-disorder",
    "classification-up-to-the-root",
    "phenotypes-of-a-disorder",
    "plain-words-for-phenotypes",
    "epidemiology-per-100000",
    "disorders-of-the-same-gene",
    "neighbours-in-the-smallest-group",
    "genes-of-a-disorder",
    "overlapping-disorders",
    "sources-of-a-disorder",
    "trials-for-a-disorder",
    "excluded-phenotypes",
    "conflicts-between-sources",
    "identifiers-in-other-vocabularies",
    "clinical-statements-by-topic",
    "organizations-that-serve-this-disorder",
    "what-changed-for-a-disorder",
    "what-is-not-known",
    "searches-in-trial-registries",
    "members-of-a-group",
)
"""The stored queries that the page of every disorder asks, the first one first, then those that take longest."""


def disorder_page(graph: Remembering, iri: str) -> ThingPage:
    """What stands on the page of a disorder.

    Raises:
        UnknownName: if the graph has none with this IRI.
    """
    graph.ask_at_once(ASKED, iri)
    disorder = graph.disorder(iri)
    return ThingPage(
        disorder.iri,
        disorder.label,
        "Rare disorder",
        page(graph, iri),
        _picture(graph, disorder),
        schema_org.line(graph, disorder.iri).decode().strip(),
    )


def _picture(graph: Graph, disorder: Disorder) -> Picture | None:
    """What curators found is drawn; what was computed only where they found nothing."""
    return picture_of(disorder, reasons_of(graph, disorder) or computed_of(graph, disorder)[0])
