"""Two whole releases of ORPHApackets: what `diff` says changed is what a plain reading of the JSON gives.

The script here shares nothing with the reader of the package: it takes the packets apart with `json` and compares what
each disorder has in both releases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import poh_graph as pg
from poh_graph.changes.change import Changes
from tests.plain_packets import plain_packets

OLD, NEW = "orphapacket-2024-12.zip", "orphapacket-2025-07.zip"
ORDO = "http://www.orpha.net/ORDO/Orphanet_"

COUNTS = {
    "appeared": 169,
    "gone": 28,
    "name": 100,
    "type": 33,
    "definition": 727,
    "synonym": 154,
    "parent": 155,
    "mapping": 137,
    "gene": 101,
    "phenotype": 120,
    "prevalence": 214,
    "onset": 235,
    "inheritance": 456,
}
"""How many disorders changed so from 2024-12 to 2025-07."""

Packet = dict[str, Any]


def packets(path: Path) -> dict[str, Packet]:
    """The packets of a release: ORPHA code → body."""
    return {str(body["ORPHAcode"]): body for body in plain_packets(path)}


def items(body: Packet, field: str, wrapper: str) -> list[Any]:
    """The items of a field: a list or one object, each wrapped or not."""
    value = body.get(field)
    if value in (None, "no data"):
        return []
    found: list[Any] = []
    for item in value if isinstance(value, list) else [value]:
        inner = item[wrapper] if isinstance(item, dict) and wrapper in item else item
        found += inner if isinstance(inner, list) else [inner]
    return found


def genes(body: Packet) -> set[tuple[str, str | None]]:
    """The genes with the kind of association, by HGNC number, or by symbol where there is none."""
    found = set()
    for gene in items(body, "Genes", "Gene"):
        references = items(gene, "ExternalReferences", "ExternalReference")
        numbers = [str(r["Reference"]).removeprefix("HGNC:") for r in references if r["Source"] == "HGNC"]
        found.add((numbers[0] if numbers else gene["Symbol"], gene.get("DisorderGeneAssociationType")))
    return found


PREVALENCE = (
    "Source", "PrevalenceType", "PrevalenceQualification", "PrevalenceClass", "ValMoy", "PrevalenceGeographic",
)  # fmt: skip
PARTS: dict[str, Callable[[Packet], object]] = {
    "name": lambda b: b["Label"],
    "type": lambda b: b["DisorderType"]["value"],
    "definition": lambda b: (b.get("TextSection") or {}).get("Contents"),
    "synonym": lambda b: set(items(b, "Synonyms", "Synonym")),
    "parent": lambda b: {str(p["ORPHAcode"]) for p in items(b, "Parents", "Parent")},
    "mapping": lambda b: {
        (r["Reference"], r["DisorderMappingRelation"].split()[0])
        for r in items(b, "ExternalReferences", "ExternalReference")
    },
    "gene": genes,
    "phenotype": lambda b: {(p["HPOId"], p.get("HPOFrequency")) for p in items(b, "Phenotypes", "Phenotype")},
    "prevalence": lambda b: {tuple(p.get(key) for key in PREVALENCE) for p in items(b, "Prevalences", "Prevalence")},
    "onset": lambda b: {o["value"] for o in items(b, "AverageAgeOfOnsets", "AverageAgeOfOnset")},
    "inheritance": lambda b: {i["value"] for i in items(b, "TypeOfInheritances", "TypeOfInheritance")},
}
"""What is compared of a disorder that both releases have."""


@pytest.fixture(scope="module")
def by_hand(releases: Path) -> dict[str, set[str]]:
    """The disorders that changed, by kind, from the JSON alone."""
    old, new = packets(releases / OLD), packets(releases / NEW)
    found: dict[str, set[str]] = {"appeared": new.keys() - old.keys(), "gone": old.keys() - new.keys()}
    for kind, part in PARTS.items():
        found[kind] = {code for code in old.keys() & new.keys() if part(old[code]) != part(new[code])}
    return found


@pytest.fixture(scope="module")
def changes(releases: Path) -> Changes:
    """What `diff` says."""
    return pg.diff(releases / OLD, releases / NEW)


def test_the_disorders_that_changed_are_those_of_the_packets(changes: Changes, by_hand: dict[str, set[str]]) -> None:
    """Kind by kind the very same disorders, not only as many."""
    said: dict[str, set[str]] = defaultdict(set)
    for change in changes.changes:
        if change.presence == "kept" or change.kind in ("appeared", "gone"):
            said[change.kind].add(change.disorder.removeprefix(ORDO))
    assert said == by_hand


def test_the_counts_are_known(changes: Changes) -> None:
    """The numbers that the summary names."""
    assert changes.counts() == COUNTS
    assert changes.summary().startswith(
        "From Orphanet 2024-12-03 to Orphanet 2025-06-26: 169 appeared, 28 gone from the packets, 100 renamed, "
    )
