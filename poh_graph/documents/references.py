"""How a page names what it refers to: things with their identifier, papers and pages, and its sources."""

from __future__ import annotations

from collections.abc import Iterable

from poh_graph.documents.document import Link, Text, joined
from poh_graph.graph import Graph
from poh_graph.terms import BASE, curie_of


def named(name: str, iri: str) -> Link:
    """A thing for a reader: its name, with the identifier that others know it by.

    >>> str(named("Round face", "http://purl.obolibrary.org/obo/HP_0000311"))
    'Round face (HP:0000311)'
    """
    return Link(name if iri.startswith(BASE) else f"{name} ({curie_of(iri)})", iri)


def cited(label: str, iri: str) -> Link:
    """A reference for a reader: its label, and its identifier where the label does not say it.

    >>> str(cited("GeneReviews: Disorders of GNAS Inactivation", "https://www.ncbi.nlm.nih.gov/books/NBK459117"))
    'GeneReviews: Disorders of GNAS Inactivation (NBK459117)'
    """
    prefix, _, local = curie_of(iri).partition(":")
    name = local if local.startswith(prefix) else f"{prefix}:{local}"
    is_said = local in label or iri == curie_of(iri) or iri.startswith(BASE)
    return Link(label if is_said else f"{label} ({name})", iri)


def sources_of(graph: Graph, disorders: Iterable[str]) -> list[Text]:
    """The sources that speak of any of these disorders (IRIs): how each is cited, its release, and its terms of use."""
    lines: dict[str, Text] = {}
    for row in graph.query("sources-of-a-disorder", disorder=list(disorders)):
        name, release = str(row["name"]), str(row["release"])
        text = str(row["citation"] or name)
        if not _says(text, name):
            text = f"{name}: {text}"
        if not _says(text, release):
            text = f"{text}, release {release}"
        source = Link(text, str(row["graph"]))
        lines.setdefault(source.iri, joined([source, *_terms(row["licence"], row["rights"])]))
    return list(lines.values())


def _terms(licence: object, rights: object) -> list[Text]:
    """The licence of a source, and what it says about rights where it has none."""
    if licence:
        # In full: on paper, and in a terminal, a name does not lead to the text of the licence.
        return [". Licence: ", Link(str(licence), str(licence))]
    return [f". {rights}" if rights else ". It states no licence"]


def _says(text: str, words: str) -> bool:
    """Whether a citation already has these words, in any case, with hyphens for blanks."""
    return words.casefold().replace(" ", "-") in text.casefold().replace(" ", "-")
