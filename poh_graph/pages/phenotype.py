"""The page of a sign: its names, where it stands among others, and the disorders that show it."""

from __future__ import annotations

from collections import defaultdict

from poh_graph.documents.document import Block, Items, Paragraph, Section, Text
from poh_graph.documents.references import named
from poh_graph.graph import Graph
from poh_graph.pages.details import details_of, in_words
from poh_graph.pages.thing import ThingPage, document_of
from poh_graph.terms import ONTOLOGY, RDFS, SKOS

_NAMES = {
    ONTOLOGY + "plainLabel": "in plain words",
    ONTOLOGY + "laySynonym": "lay words of HPO",
    SKOS + "altLabel": "also called",
    ONTOLOGY + "misleadingSynonym": "lay words that mislead",
}


def phenotype_page(graph: Graph, iri: str) -> ThingPage:
    """What stands on the page of a sign."""
    details = details_of(graph, iri, [RDFS + "label", *_NAMES])
    label = str(next(iter(details[RDFS + "label"]), iri))
    sections = [
        Section("Names", [in_words(details, _NAMES)]),
        Section("Disorders that show it, or a more special form of it", _disorders(graph, iri), "disorders"),
        Section("Among other signs", _hierarchy(graph, iri), "hierarchy"),
    ]
    return ThingPage(iri, label, "Sign", document_of(label, sections))


def _disorders(graph: Graph, iri: str) -> list[Block]:
    """The disorders by frequency, the most frequent first; a more special form is named."""
    groups: dict[str, dict[Text, None]] = defaultdict(dict)
    for row in graph.query("disorders-with-a-phenotype", iri):
        disorder = named(str(row["disorder_name"] or ""), str(row["disorder"]))
        special = "" if row["stated"] == iri else f": {row['stated_name']}"
        groups[str(row["how_often"] or "how often is not given")][(disorder, special) if special else disorder] = None
    blocks: list[Block] = []
    for often, lines in groups.items():
        blocks += [Paragraph(f"{often} ({len(lines):,}):"), Items([*lines])]
    return blocks


def _hierarchy(graph: Graph, iri: str) -> list[Block]:
    groups: dict[str, list[Text]] = defaultdict(list)
    for row in graph.query("hierarchy-around-a-phenotype", iri):
        groups[str(row["relation"])].append(named(str(row["name"] or ""), str(row["other"])))
    blocks: list[Block] = []
    for relation, lines in groups.items():
        blocks += [Paragraph(f"{relation.capitalize()}:"), Items(lines)]
    return blocks
