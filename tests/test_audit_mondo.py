"""What the audit finds between a whole release of Orphanet and Mondo's whole set, against a count over the raw files.

The count knows neither the readers nor the graph: it opens the packets with ``json`` and the mapping set with ``csv``.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import product
from math import comb
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from poh_graph.audit import Audit, audit
from poh_graph.building.gather import Request, gather
from poh_graph.building.inputs import Input, detect
from poh_graph.graph import Graph
from poh_graph.stages import Stages
from poh_graph.store import LocalStore
from poh_graph.terms import OBO, ORDO
from tests.plain_packets import plain_packets

RELEASE = "orphapacket-2025-07.zip"
MONDO = "mondo_exactmatch_orphanet.sssom.tsv"
MONDO_OMIM = "mondo_exactmatch_omim.sssom.tsv"
GROUPS = {"Category", "Clinical group"}
KINDS = (
    "exact-to-a-gone-code",
    "mondo-class-exact-to-several-codes",
    "only-exact-mondo-class-is-obsolete",
    "disorder-without-exact-mondo-class",
    "exact-omim-contradicts",
    "omim-exact-to-two-disorders",
)

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def audited(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The audit of a release with Mondo's mappings to Orphanet and OMIM, in memory, without the gate."""
    sets = [Input("mondo", releases / "mondo_sssom" / name) for name in (MONDO, MONDO_OMIM)]
    inputs = [detect(releases / RELEASE), *sets]
    gathered = gather(Request(inputs), Stages(), tmp_path_factory.mktemp("runs"))
    store = LocalStore.in_memory([])
    store.engine.bulk_load(b"".join(gathered.runs.merged()), ox.RdfFormat.N_QUADS)
    return audit(Graph(store), KINDS)


@pytest.fixture(scope="module")
def rows(releases: Path) -> Rows:
    """The rows of the mapping set to Orphanet."""
    return rows_of(releases / "mondo_sssom" / MONDO)


def rows_of(path: Path) -> Rows:
    """The rows of a mapping set."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))


@pytest.fixture(scope="module")
def types(releases: Path) -> dict[str, str]:
    """The type of each disorder of the release, by its code."""
    return {str(packet["ORPHAcode"]): type_of(packet) for packet in plain_packets(releases / RELEASE)}


def type_of(packet: dict[str, object]) -> str:
    """The type as the packet has it."""
    found = packet.get("DisorderType")
    return str(found.get("value")) if isinstance(found, dict) else str(found)


def code_of(row: dict[str, str]) -> str:
    """The ORPHA code of a row."""
    return row["object_id"].removeprefix("Orphanet:")


def is_live(row: dict[str, str]) -> bool:
    """Whether the Mondo class is not obsolete; its label says it."""
    return not row["subject_label"].startswith("obsolete ")


def focuses(found: Audit, name: str) -> list[str]:
    """What the findings of a kind are about."""
    return [finding.focus for kind, findings in found.found.items() if kind.name == name for finding in findings]


def test_codes_that_are_gone(audited: Audit, rows: Rows, types: dict[str, str]) -> None:
    """Of the codes that no packet has, those of live classes; drugs and words of the vocabulary are counted apart."""
    gone = [row for row in rows if code_of(row) not in types]
    toxic = {row["subject_id"] for row in gone if is_live(row) and "toxicity" in row["subject_label"]}
    words = {"MONDO:0000001", "MONDO:0021141"}  # "disease" and "acquired": types and inheritance of ORDO, no disorders
    listed = {row["subject_id"] for row in gone if is_live(row)} - toxic - words
    assert {focus.removeprefix(OBO).replace("_", ":") for focus in focuses(audited, KINDS[0])} == listed
    (apart,) = (counts for kind, counts in audited.apart.items() if kind.name == KINDS[0])
    assert sorted(apart.values()) == sorted([sum(not is_live(row) for row in gone), len(toxic), len(words)])


def test_classes_of_several_codes(audited: Audit, rows: Rows, types: dict[str, str]) -> None:
    """A finding for each pair of codes of the release."""
    codes = defaultdict(set)
    for row in rows:
        if is_live(row) and code_of(row) in types:
            codes[row["subject_id"]].add(code_of(row))
    several = {name: len(found) * (len(found) - 1) // 2 for name, found in codes.items() if len(found) > 1}
    found = focuses(audited, KINDS[1])
    assert len(found) == sum(several.values()) > 0
    assert {focus.removeprefix(OBO).replace("_", ":") for focus in found} == several.keys()


def test_disorders_whose_class_is_obsolete_or_missing(audited: Audit, rows: Rows, types: dict[str, str]) -> None:
    """Disorders and subtypes, not groups."""
    classes = defaultdict(list)
    for row in rows:
        classes[code_of(row)].append(is_live(row))
    disorders = [code for code, type_ in types.items() if type_ not in GROUPS]
    obsolete = {f"{ORDO}Orphanet_{code}" for code in disorders if classes[code] and not any(classes[code])}
    missing = {f"{ORDO}Orphanet_{code}" for code in disorders if not classes[code]}
    assert set(focuses(audited, KINDS[2])) == obsolete != set()
    assert set(focuses(audited, KINDS[3])) == missing != set()


@pytest.fixture(scope="module")
def ours(releases: Path) -> dict[str, set[str]]:
    """The OMIM entries to which Orphanet says that a code is exact."""
    return {str(packet["ORPHAcode"]): exact_omim(packet) for packet in plain_packets(releases / RELEASE)}


@pytest.fixture(scope="module")
def theirs(rows: Rows, releases: Path) -> dict[str, set[str]]:
    """The OMIM entries to which the Mondo classes are exact that are exact to a code."""
    entries: dict[str, set[str]] = defaultdict(set)
    for row in rows_of(releases / "mondo_sssom" / MONDO_OMIM):
        if row["object_id"].startswith("OMIM:"):
            entries[row["subject_id"]].add(row["object_id"].removeprefix("OMIM:"))
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[code_of(row)] |= entries[row["subject_id"]]
    return found


def test_exact_omim_entries_that_contradict(
    audited: Audit, ours: dict[str, set[str]], theirs: dict[str, set[str]]
) -> None:
    """For each disorder for which both have exact entries and none in common, a finding for each pair of entries."""
    pairs = [
        f"{ORDO}Orphanet_{code}"
        for code, entries in ours.items()
        if not entries & theirs[code]
        for _ in product(entries, theirs[code])
    ]
    assert sorted(focuses(audited, KINDS[4])) == sorted(pairs) != []


def test_omim_entries_exact_to_two_disorders(
    audited: Audit, ours: dict[str, set[str]], theirs: dict[str, set[str]]
) -> None:
    """A finding for each pair of disorders that one source makes exact to one entry."""
    shared = [Counter(entry for entries in one.values() for entry in entries) for one in (ours, theirs)]
    assert len(focuses(audited, KINDS[5])) == sum(comb(number, 2) for one in shared for number in one.values()) > 1


def exact_omim(packet: dict[str, Any]) -> set[str]:
    """The OMIM entries to which a packet has the relation E."""
    references = [entry.get("ExternalReference", entry) for entry in packet.get("ExternalReferences") or []]
    return {
        str(reference["Reference"])
        for reference in references
        if reference["Source"] == "OMIM" and reference["DisorderMappingRelation"].startswith("E ")
    }
