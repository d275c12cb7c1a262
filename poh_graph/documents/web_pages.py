"""The page that a person can open for an IRI, where there is one.

Many IRIs name a thing and show nothing to a reader: terms of a vocabulary, codes that only a program can look up, and
our own, whose base is not registered yet.
"""

from __future__ import annotations

from poh_graph.terms import BASE, prefix_map

_ITS_OWN_PAGE = frozenset(
    {
        *("PMID", "DOI", "PMC", "NBK"),
        *("NCT", "CTIS", "ROR", "NORD"),
        *("OMIM", "OMIMPS", "GARD", "MEDGEN", "MESH", "SCTID", "ICD10", "WIKIDATA"),
        *("HP", "MONDO", "DOID", "HGNC", "NCBIGene", "UniProtKB"),
    }
)
"""Prefixes whose IRIs lead a browser to a page about the thing."""
_PAGES = {"ORPHA": "https://www.orpha.net/en/disease/detail/"}
"""Prefixes whose things have a page at another address."""


def page_of(iri: str) -> str | None:
    """The address of a page about a thing; None if no page is known. An address without a prefix is a page itself.

    >>> page_of("http://www.orpha.net/ORDO/Orphanet_2762")
    'https://www.orpha.net/en/disease/detail/2762'
    >>> page_of("https://w3id.org/poh-graph/association/orphanet/2762-hgnc4392-410295")
    """
    if not iri.startswith(("http://", "https://")) or iri.startswith(BASE):
        return None
    curie = prefix_map().compress(iri)
    if curie is None:
        return iri
    prefix, _, local = curie.partition(":")
    if prefix in _PAGES:
        return _PAGES[prefix] + local
    return iri if prefix in _ITS_OWN_PAGE else None
