"""The page of an organization: what it does, whom it serves, and when that was last checked."""

from __future__ import annotations

from poh_graph.documents.document import Paragraph, Section
from poh_graph.graph import Graph
from poh_graph.pages.details import details_of, in_words
from poh_graph.pages.thing import ThingPage, document_of
from poh_graph.terms import DCTERMS, ONTOLOGY, RDFS, SCHEMA, SKOS

_DESCRIPTION = SCHEMA + "description"
_FACTS = {
    SCHEMA + "alternateName": "also called",
    SCHEMA + "url": "homepage",
    SCHEMA + "addressCountry": "country",
    SCHEMA + "foundingDate": "founded",
    ONTOLOGY + "organizationStatus": "status",
    SCHEMA + "dissolutionDate": "dissolved",
    ONTOLOGY + "lastSeen": "last dated sign",
    ONTOLOGY + "checkedOn": "last checked",
    SCHEMA + "parentOrganization": "part of",
}
_DISORDERS = {
    ONTOLOGY + "servesDisorder": "serves people with",
    SCHEMA + "knowsAbout": "researches or writes about",
    ONTOLOGY + "doesNotServeDisorder": "has another or a wider purpose than",
}
_ELSEWHERE = {SCHEMA + "sameAs": "the same elsewhere", SCHEMA + "identifier": "registered as"}
_READ = {DCTERMS + "source": "read in", SKOS + "note": "note", ONTOLOGY + "confidenceLevel": "how sure"}


def organization_page(graph: Graph, iri: str) -> ThingPage:
    """What stands on the page of an organization."""
    words = (_FACTS, _DISORDERS, _ELSEWHERE, _READ)
    details = details_of(graph, iri, [RDFS + "label", _DESCRIPTION, *(name for each in words for name in each)])
    label = str(next(iter(details[RDFS + "label"]), iri))
    facts, disorders, elsewhere, read = (in_words(details, each) for each in words)
    sections = [
        Section("What it does", [*map(Paragraph, details[_DESCRIPTION]), facts]),
        Section("Disorders", [disorders]),
        Section("Identifiers elsewhere", [elsewhere], "identifiers"),
        Section("Where this was read", [read], "sources"),
    ]
    return ThingPage(iri, label, "Organization", document_of(label, sections))
