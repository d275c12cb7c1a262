"""A disorder on a page: what it is, its signs, look-alikes, where to find help, and where each thing was read.

Every section is the answer to a stored query. First comes what a family or a clinician looks for, then what is said of
the disorder and by whom, then what curators need.
"""

from __future__ import annotations

from poh_graph.documents.about_page import about, lead, overview_of, prose
from poh_graph.documents.document import Document, Section
from poh_graph.documents.page_for_curators import changes, classification, conflicts, identifiers, members, sources
from poh_graph.documents.page_for_readers import (
    excluded,
    gaps,
    glance,
    organizations,
    pages,
    prevalence,
    signs,
    statements,
    trials,
)
from poh_graph.documents.page_of_lookalikes import overlaps, what_tells_apart
from poh_graph.graph import Graph


def page(graph: Graph, name: str, *, brief: bool = False) -> Document:
    """The page of a disorder; ``brief`` leaves out what only curators need. The sources stay: their licences want it.

    Raises:
        UnknownName: if the graph has no disorder of that name.
        AmbiguousName: if it has several.
    """
    disorder = graph.disorder(name)
    overview = overview_of(graph, disorder)
    for_readers = [
        Section("What it is", prose(overview)),
        Section("At a glance", glance(graph, disorder, overview)),
        Section("What stands below it", members(graph, disorder), "members"),
        Section("How common it is", prevalence(graph, disorder)),
        Section("Signs, by how often they are described", signs(graph, disorder), "signs"),
        Section("What is not part of it", excluded(graph, disorder)),
        Section("What it overlaps with", overlaps(graph, disorder)),
        Section("What tells it apart", what_tells_apart(graph, disorder)),
        Section("Organizations that serve people with it", organizations(graph, disorder), "organizations"),
        Section("Trials", trials(graph, disorder)),
        Section("What is not known", gaps(graph, disorder)),
        Section("Pages for readers", pages(overview)),
        Section("What is said of it, and by whom", statements(graph, disorder), "statements"),
    ]
    for_curators = [
        Section("Where it stands in the classifications", classification(graph, disorder), "classification"),
        Section("Identifiers elsewhere", identifiers(graph, disorder), "identifiers"),
        Section("Where sources contradict each other", conflicts(graph, disorder), "conflicts"),
        Section("What changed between releases", changes(graph, disorder), "changes"),
    ]
    return Document(
        f"{disorder.label} ({disorder.curie})",
        [
            *for_readers,
            *([] if brief else for_curators),
            Section("About this page", about(graph, disorder)),
            Section("Sources", sources(graph, disorder)),
        ],
        lead=lead(overview, disorder),
    )
