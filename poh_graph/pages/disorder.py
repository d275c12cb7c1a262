"""The page of a disorder: the document that ``show`` prints, and a picture of what it overlaps with."""

from __future__ import annotations

from poh_graph.documents.overlap import computed_of, reasons_of
from poh_graph.documents.show import page
from poh_graph.export import schema_org
from poh_graph.graph import Disorder, Graph
from poh_graph.pages.picture import Picture, picture_of
from poh_graph.pages.thing import ThingPage


def disorder_page(graph: Graph, iri: str) -> ThingPage:
    """What stands on the page of a disorder.

    Raises:
        UnknownName: if the graph has none with this IRI.
    """
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
