"""Chromosome bands, and the statement that a gene lies on one."""

from __future__ import annotations

from collections.abc import Iterator

from poh_graph.terms import BASE, OBO
from poh_graph.triples.nquads import (
    LABEL,
    NOTATION,
    OBJECT,
    PREDICATE,
    SUBJECT,
    A,
    boolean,
    iri,
    poh,
    text,
)

LIES_IN = iri(OBO + "RO_0001025")
_BAND_CLASS = iri(OBO + "SO_0000341")


def band_iri(band: str) -> str:
    """The IRI of a band in the Chromosome Ontology.

    >>> band_iri("20q13.32")
    '<http://purl.obolibrary.org/obo/CHR_9606-chr20q13.32>'
    """
    return iri(f"{OBO}CHR_9606-chr{band}")


def band_lines(band: str, end: str) -> list[str]:
    """A band with its name; ``end`` is the end of a line, with its named graph."""
    node, name = band_iri(band), text(band)
    return [f"{node} {A} {_BAND_CLASS}{end}", f"{node} {LABEL} {name}{end}", f"{node} {NOTATION} {name}{end}"]


def locus_lines(gene: str, key: str, band: str, graph: str, end: str) -> Iterator[str]:
    """That a gene (its IRI in angle brackets, and its key) lies on a band, as a statement of a graph."""
    node = f"<{BASE}statement/{graph}/{key}-band-{band}>"
    for said in (
        f"{A} {poh('LocusStatement')}",
        f"{SUBJECT} {gene}",
        f"{PREDICATE} {poh('cytogeneticBand')}",
        f"{OBJECT} {text(band)}",
        f"{poh('isCurrent')} {boolean(value=True)}",
        f"{poh('confidenceLevel')} {poh('ReadInAuthority')}",
    ):
        yield f"{node} {said}{end}"
