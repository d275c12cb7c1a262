"""The page of a gene: its names, its place, its products, and the disorders that it is said to cause."""

from __future__ import annotations

from collections import defaultdict

from poh_graph.documents.document import Block, Items, Section, Table, Text, joined
from poh_graph.documents.genes import NOT_GIVEN, kind_of_association
from poh_graph.documents.references import named
from poh_graph.graph import Graph
from poh_graph.pages.details import details_of, in_words
from poh_graph.pages.thing import ThingPage, document_of
from poh_graph.terms import BIOLINK, ONTOLOGY, RDFS, SKOS

_NAMES = {
    BIOLINK + "full_name": "full name",
    SKOS + "altLabel": "also called",
    ONTOLOGY + "previousSymbol": "called before",
}
_IDENTIFIERS = {SKOS + "exactMatch": "the same elsewhere", SKOS + "closeMatch": "close to it elsewhere"}


def gene_page(graph: Graph, iri: str) -> ThingPage:
    """What stands on the page of a gene."""
    details = details_of(graph, iri, [RDFS + "label", *_NAMES, *_IDENTIFIERS])
    label = str(next(iter(details[RDFS + "label"]), iri))
    sections = [
        Section("Names", [in_words(details, _NAMES)]),
        Section("Disorders that it is said to cause or to go along with", _disorders(graph, iri), "disorders"),
        Section("Where it lies", _locus(graph, iri)),
        Section("What is made from it", _products(graph, iri), "products"),
        Section("Identifiers elsewhere", [in_words(details, _IDENTIFIERS)], "identifiers"),
    ]
    return ThingPage(iri, label, "Gene", document_of(label, sections))


def _disorders(graph: Graph, iri: str) -> list[Block]:
    found: dict[tuple[str, str, str], tuple[dict[str, None], dict[str, None]]] = defaultdict(lambda: ({}, {}))
    for row in graph.query("disorders-of-a-gene", iri):
        kind = kind_of_association(str(row["kind_label"] or "")) or NOT_GIVEN
        origins, sayers = found[str(row["disorder"]), str(row["name"] or ""), kind]
        origins |= {str(row["parent_of_origin"]): None} if row["parent_of_origin"] else {}
        sayers[str(row["said_by"] or "")] = None
    rows: list[list[Text]] = [
        [named(name, disorder), joined([kind, *(f", variant of {each} origin" for each in origins)]), ", ".join(sayers)]
        for (disorder, name, kind), (origins, sayers) in found.items()
    ]
    return [Table(["disorder", "kind of association", "who says it"], rows)] if rows else []


def _locus(graph: Graph, iri: str) -> list[Block]:
    lines: dict[Text, None] = {}
    for row in graph.query("gene-locus", iri):
        place = str(row["place_label"] or row["place"])
        state = "" if row["current"] is not False else ", no longer in use"
        lines[f"{place}{state} (says {row['said_by_label'] or row['said_by']})"] = None
    return [Items([*lines])]


def _products(graph: Graph, iri: str) -> list[Block]:
    found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in graph.query("gene-products", iri):
        alleles = found[str(row["product"]), str(row["name"] or "")]
        if row["expressed_from"]:
            alleles[f"{row['expressed_from']} (says {row['said_by']})"] = None
    return [
        Items(
            [
                joined([named(name, product), ": expressed from " if alleles else "", "; ".join(alleles)])
                for (product, name), alleles in found.items()
            ]
        )
    ]
