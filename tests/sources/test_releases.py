"""The real releases are read whole, with counts equal to those of plain JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poh_graph.records import (
    CrossReference,
    Disorder,
    Epidemiology,
    GeneAssociation,
    Packet,
    Parent,
    PhenotypeAssociation,
    Problem,
    Record,
    Stub,
)
from poh_graph.sources.orphapacket import read_orphapackets
from poh_graph.sources.packet import LEFT_OUT
from tests.plain_packets import plain_packets

RELEASES = ("orphapacket-2024-12.zip", "orphapacket-2025-07.zip")

KEPT = {
    "ORPHApacketId": "checked against ORPHAcode",
    "creationDate": "Packet.created",
    "version": "Packet.version",
    "copyright": "Packet.copyright",
    "ORPHAcode": "Packet.code, Disorder.code",
    "Label": "Disorder.label",
    "DisorderType.value": "Disorder.type",
    "Synonyms[].Synonym": "Disorder.synonyms",
    "TextSection.TextSectionType": "checked: Definition",
    "TextSection.Contents": "Disorder.definition",
    "ExternalReferences[].Source": "CrossReference.vocabulary",
    "ExternalReferences[].Reference": "CrossReference.identifier",
    "ExternalReferences[].DisorderMappingRelation": "CrossReference.relation",
    "Genes[].Symbol": "Gene.symbol",
    "Genes[].Name": "Gene.name",
    "Genes[].DisorderGeneAssociationType": "GeneAssociation.type",
    "Genes[].ExternalReferences[].Source": "tells Gene.hgnc, Gene.omim and Gene.clinvar apart",
    "Genes[].ExternalReferences[].Reference": "Gene.hgnc, Gene.omim, Gene.clinvar",
    "Parents[].ORPHAcode": "Parent.code",
    "Parents[].Label": "Parent.label, Stub.label",
    "Phenotypes[].HPOId": "PhenotypeAssociation.hpo",
    "Phenotypes[].HPOTerm": "PhenotypeAssociation.label",
    "Phenotypes[].HPOFrequency": "PhenotypeAssociation.frequency",
    "Prevalences[].PrevalenceType": "Epidemiology.type",
    "Prevalences[].PrevalenceQualification": "Epidemiology.qualification",
    "Prevalences[].PrevalenceClass": "Epidemiology.prevalence_class",
    "Prevalences[].ValMoy": "Epidemiology.value",
    "Prevalences[].PrevalenceGeographic": "Epidemiology.place",
    "Prevalences[].Source": "Epidemiology.sources, Epidemiology.digest",
    "AverageAgeOfOnsets[].value": "Disorder.onsets",
    "TypeOfInheritances[].value": "Disorder.inheritances",
}
"""Where each key path of a packet ends up; what is in no field is in LEFT_OUT with the reason."""

WRAPPERS = {"ExternalReference", "Gene", "Parent", "Phenotype", "Prevalence", "AverageAgeOfOnset", "TypeOfInheritance"}


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest, releases: Path) -> Path:
    """One of the two whole releases."""
    return releases / str(request.param)


@pytest.fixture(scope="module")
def packets(release: Path) -> list[dict[str, Any]]:
    """The packets of the release, by plain JSON."""
    return plain_packets(release)


@pytest.fixture(scope="module")
def records(release: Path) -> list[Record | Problem]:
    """The same, by our reader."""
    return list(read_orphapackets(release))


def items(packet: dict[str, Any], field: str, wrapper: str) -> list[Any]:
    """The items of a field, written apart from the reader: unwrap what is wrapped, make one object a list."""
    value = packet.get(field, [])
    value = value[wrapper] if isinstance(value, dict) else [v.get(wrapper, v) for v in value]
    return [item for entry in value for item in (entry if isinstance(entry, list) else [entry])]


def test_counts_equal_an_independent_count(packets: list[dict[str, Any]], records: list[Record | Problem]) -> None:
    """Each kind of record is there as often as plain JSON says, identical rows counted once."""
    counts = Counter(type(record) for record in records)
    disorders = [record for record in records if isinstance(record, Disorder)]
    assert counts[Packet] == counts[Disorder] == len(packets)
    assert sum(len(d.synonyms) for d in disorders) == sum(len(p.get("Synonyms", [])) for p in packets)
    assert sum(d.definition is not None for d in disorders) == sum("TextSection" in p for p in packets)
    assert sum(len(d.onsets) for d in disorders) == sum(
        len(items(p, "AverageAgeOfOnsets", "AverageAgeOfOnset")) for p in packets
    )
    assert sum(len(d.inheritances) for d in disorders) == sum(
        len(items(p, "TypeOfInheritances", "TypeOfInheritance")) for p in packets
    )
    for kind, field, wrapper in (
        (Parent, "Parents", "Parent"),
        (GeneAssociation, "Genes", "Gene"),
        (PhenotypeAssociation, "Phenotypes", "Phenotype"),
        (Epidemiology, "Prevalences", "Prevalence"),
        (CrossReference, "ExternalReferences", "ExternalReference"),
    ):
        rows = [{json.dumps(item, sort_keys=True) for item in items(packet, field, wrapper)} for packet in packets]
        assert counts[kind] == sum(map(len, rows)), field


def test_stubs_are_the_parents_without_packet(packets: list[dict[str, Any]], records: list[Record | Problem]) -> None:
    """The root has been one of them since 2023."""
    codes = {packet["ORPHAcode"] for packet in packets}
    parents = {item["ORPHAcode"]: item["Label"] for packet in packets for item in items(packet, "Parents", "Parent")}
    stubs = {record.code: record.label for record in records if isinstance(record, Stub)}
    assert stubs == {code: label for code, label in parents.items() if code not in codes}
    assert stubs["320716"] == "Rare disorders"


def test_problems_are_those_of_the_data(packets: list[dict[str, Any]], records: list[Record | Problem]) -> None:
    """No value and no key of the releases is unknown; nulls and genes without HGNC id are counted."""
    problems = Counter(record.kind for record in records if isinstance(record, Problem))
    genes = [gene for packet in packets for gene in items(packet, "Genes", "Gene")]
    nulls = sum(reference["Reference"] is None for gene in genes for reference in gene["ExternalReferences"])
    nulls += sum(row["Source"] is None for packet in packets for row in items(packet, "Prevalences", "Prevalence"))
    assert problems["null value"] == nulls
    assert problems["gene without HGNC id"] == sum(
        not any(ref["Source"] == "HGNC" and ref["Reference"] for ref in gene["ExternalReferences"]) for gene in genes
    )
    assert set(problems) <= {
        "null value", "gene without HGNC id", "parent without packet", "repeated row", "unread source text",
    }  # fmt: skip
    assert problems["unread source text"] <= 2


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The key paths of a packet, as if every item were flat and every field a list."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            step = f"{path}.{key}" if path else key
            yield from paths(inner, path if key in WRAPPERS else step)
    else:
        yield path


def test_every_key_path_is_kept_or_left_out_for_a_reason(packets: list[dict[str, Any]]) -> None:
    """Nothing of a packet is lost: each key path of the release has its place, or its reason."""
    found = {path for packet in packets for path in paths(packet)}
    known = {path.replace("[]", "") for path in KEPT}
    left_out = {path.replace("[]", "") for path in LEFT_OUT}
    unplaced = {
        path for path in found - known if not any(path == out or path.startswith(out + ".") for out in left_out)
    }
    assert unplaced == set()
    assert known <= found


HISTORY = {
    "2018-07-10": "genes, prevalence",
    "2019-12-11": "genes, prevalence",
    "2020-07-08": "association type, prevalence",
    "2020-12-10": "association type, HGNC id, prevalence",
    "2022-12-05": "association type, HGNC id, prevalence",
    "2023-12-06": "HGNC id, prevalence",
    "2024-12-03": "HGNC id, prevalence",
    "2024-12-09": "prevalence",
    "2025-06-30": "",
    "2025-12-09": "",
}
"""What the packet of POH lacks in each release, from the history in the fact sheet."""


@pytest.mark.parametrize("day", HISTORY)
def test_every_historic_packet_of_poh_is_read(releases: Path, day: str) -> None:
    """All ten give the same disorder; each lacks what its release lacked, and nothing else is a problem."""
    [file] = (releases / "orphapacket_2762_history").glob(f"{day}_*_ORPHApacket_2762.*")
    found = list(read_orphapackets(file))
    [disorder] = [record for record in found if isinstance(record, Disorder)]
    assert (disorder.label, disorder.type) == ("Progressive osseous heteroplasia", "Malformation syndrome")
    assert disorder.synonyms == ("Familial ectopic ossification", "POH")
    assert (disorder.onsets, disorder.inheritances) == (("Childhood", "Infancy"), ("Autosomal dominant",))
    assert disorder.definition is not None
    assert "<i>" in disorder.definition.raw
    assert "<i>" not in disorder.definition.text
    assert {r.code for r in found if isinstance(r, Parent)} == {"79381", "93450", "477808", "364531"}
    phenotypes = [r for r in found if isinstance(r, PhenotypeAssociation)]
    assert Counter(p.frequency for p in phenotypes) == {
        "Very frequent (99-80%)": 4, "Frequent (79-30%)": 1, "Occasional (29-5%)": 7,
    }  # fmt: skip
    assert [r.identifier for r in found if isinstance(r, CrossReference)] == ["166350"]
    assert lacking(found) == HISTORY[day]
    expected = ["gene without HGNC id"] if "HGNC id" in HISTORY[day] else []
    assert [record.kind for record in found if isinstance(record, Problem)] == expected


def lacking(found: list[Record | Problem]) -> str:
    """What a packet of POH lacks against that of 2025."""
    genes = [record for record in found if isinstance(record, GeneAssociation)]
    lacks = [] if genes else ["genes"]
    lacks += ["association type"] if any(gene.type is None for gene in genes) else []
    lacks += ["HGNC id"] if any(gene.gene.hgnc is None for gene in genes) else []
    lacks += [] if any(isinstance(record, Epidemiology) for record in found) else ["prevalence"]
    return ", ".join(lacks)


def test_the_last_packets_of_dropped_codes_are_read(releases: Path) -> None:
    """ORPHA:665 and the root were dropped in 2023; their last packets have a name and no problem."""
    folder = releases / "orphapacket_2762_history"
    for code, label in (("665", "Albright hereditary osteodystrophy"), ("320716", "Rare disorders")):
        [file] = folder.glob(f"*_ORPHApacket_{code}.json")
        found = list(read_orphapackets(file))
        assert [r.label for r in found if isinstance(r, Disorder)] == [label]
        assert not [r for r in found if isinstance(r, Problem)]


def test_old_yaml_with_genes_is_read(releases: Path) -> None:
    """The packets of July 2019 have genes with the codes of their association types."""
    for code, symbols in (("337", ["ACVR1"]), ("79443", ["GNAS"])):
        [file] = (releases / "orphanet_codes").glob(f"*_ORPHApacket_{code}.yaml")
        found = list(read_orphapackets(file))
        associations = [record for record in found if isinstance(record, GeneAssociation)]
        assert [association.gene.symbol for association in associations] == symbols
        assert all(association.gene.hgnc and association.type for association in associations)
