"""Orphanet's own values and what each stands for: the tables of ``ontology/terms``.

A value is looked up in the words of the packet. A value that no table knows is a problem of the reader; adding a row to
the table mends it. Only countries are looked up further.
"""

from __future__ import annotations

import csv
from collections.abc import ItemsView
from dataclasses import dataclass
from functools import lru_cache

from poh_graph.bundle import resource_folder
from poh_graph.countries import Country, country
from poh_graph.terms import BASE


@dataclass(frozen=True, slots=True)
class Value:
    """A value with the IRI it stands for; ``missing`` is set where the value says that there is none.

    One of the two may be empty, never both: "Not yet documented" has no ORDO term.
    """

    iri: str
    missing: str = ""


@dataclass(frozen=True, slots=True)
class GeneAssociationType:
    """A kind of gene association: ORDO's property, and how Biolink and RO say it. Empty where they have nothing."""

    iri: str
    biolink_class: str
    biolink_predicate: str
    form_qualifier: str
    disorder_to_gene: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A mapping relation; with ``negated`` the two are expressly not the same."""

    predicate: str
    negated: bool


@dataclass(frozen=True, slots=True)
class PrevalenceClass:
    """A class of prevalence. Unit of the bounds: per 100,000 people.

    They are decimals as text, empty where there is none; the upper bound is outside the class.
    """

    iri: str
    low: str
    high: str
    missing: str


@dataclass(frozen=True, slots=True)
class Qualification:
    """What the number of a row counts: ``unit`` is "per 100000", "cases" or "families"."""

    unit: str
    missing: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a prevalence: its IRI (empty where ``missing`` says why).

    ``country`` is set where the table has no such place, and so the ontology does not describe it.
    """

    iri: str
    missing: str
    country: Country | None = None


class Places:
    """The places of the table, and countries beside them."""

    def __init__(self, table: dict[str, Place]) -> None:
        self._table = table
        self._codes = {place.iri: place for place in table.values()}

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self.get(text) is not None

    def get(self, text: str) -> Place | None:
        """What a place in the words of a packet is; None if it is in no table and no country."""
        known = self._table.get(text)
        if known is not None:
            return known
        found = country(text)
        if found is None:
            return None
        iri = f"{BASE}place/{found.code}"
        return self._codes.get(iri) or Place(iri, "", found)

    def items(self) -> ItemsView[str, Place]:
        """The places of the table in the words of the packets."""
        return self._table.items()


@dataclass(frozen=True, slots=True)
class OrphanetValues:
    """All tables, each from the value in Orphanet's words.

    ``elements`` has the English words of Orphadata's XML by element and number, which all languages share.
    """

    disorder_types: dict[str, str]
    gene_association_types: dict[str, GeneAssociationType]
    frequencies: dict[str, str]
    relations: dict[str, Relation]
    onsets: dict[str, Value]
    inheritances: dict[str, Value]
    prevalence_types: dict[str, Value]
    prevalence_classes: dict[str, PrevalenceClass]
    qualifications: dict[str, Qualification]
    places: Places
    elements: dict[tuple[str, str], str]

    def relation(self, text: str) -> Relation | None:
        """The relation that a packet's text begins with: its code is stable, the words behind it changed in 2020.

        >>> orphanet_values().relation("E (exact mapping (the terms and the concepts are equivalent))").predicate
        'http://www.w3.org/2004/02/skos/core#exactMatch'
        """
        return self.relations.get(text.split(" ", 1)[0])


def _rows(name: str) -> list[dict[str, str]]:
    with (resource_folder("ontology") / "terms" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _values(name: str) -> dict[str, Value]:
    return {row["value"]: Value(row["iri"], row["missing_value"]) for row in _rows(name)}


@lru_cache(maxsize=1)
def orphanet_values() -> OrphanetValues:
    """The tables that the package carries."""
    return OrphanetValues(
        disorder_types={row["value"]: row["iri"] for row in _rows("disorder-types")},
        gene_association_types={
            row["value"]: GeneAssociationType(
                row["iri"],
                row["biolink_class"],
                row["biolink_predicate"],
                row["form_qualifier"],
                row["ro_disease_to_gene"],
            )
            for row in _rows("gene-association-types")
        },
        frequencies={row["value"]: row["hpo_iri"] for row in _rows("hpo-frequencies")},
        relations={
            row["code"]: Relation(row["predicate"], row["predicate_modifier"] == "Not")
            for row in _rows("mapping-relations")
        },
        onsets=_values("onsets"),
        inheritances=_values("inheritances"),
        prevalence_types=_values("prevalence-types"),
        prevalence_classes={
            row["value"]: PrevalenceClass(
                row["iri"], row["low_per_100_000"], row["high_per_100_000"], row["missing_value"]
            )
            for row in _rows("prevalence-classes")
        },
        qualifications={
            row["value"]: Qualification(row["unit_text"], row["missing_value"]) for row in _rows("qualifications")
        },
        places=Places({row["value"]: Place(row["iri"], row["missing_value"]) for row in _rows("places")}),
        elements={(row["element"], row["number"]): row["value"] for row in _rows("orphadata-elements")},
    )
