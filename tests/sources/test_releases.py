"""The real releases are read whole, with counts equal to those of plain JSON."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from poh_graph.records.orphanet import (
    CrossReference,
    Disorder,
    Epidemiology,
    GeneAssociation,
    Packet,
    Parent,
    PhenotypeAssociation,
    Record,
    Stub,
)
from poh_graph.records.problems import Problem
from poh_graph.sources.orphapacket import read_orphapackets
from poh_graph.sources.packet import LEFT_OUT
from poh_graph.triples.orphanet import OrphanetStatements
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


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The key paths of a packet with their values, as if every item were flat and every field a list."""
    if isinstance(value, list):
        for item in value:
            yield from leaves(item, path)
    elif isinstance(value, dict):
        for key, inner in value.items():
            step = f"{path}.{key}" if path else key
            yield from leaves(inner, path if key in WRAPPERS else step)
    else:
        yield path, value


def test_every_key_path_is_kept_or_left_out_for_a_reason(packets: list[dict[str, Any]]) -> None:
    """Nothing of a packet is lost: each key path of the release has its place, or its reason."""
    found = {path for packet in packets for path, _ in leaves(packet)}
    known = {path.replace("[]", "") for path in KEPT}
    left_out = {path.replace("[]", "") for path in LEFT_OUT}
    unplaced = {
        path for path in found - known if not any(path == out or path.startswith(out + ".") for out in left_out)
    }
    assert unplaced == set()
    assert known <= found


SAID: dict[type, Callable[[Any], tuple[str, dict[str, Sequence[str | None]]]]] = {
    Packet: lambda r: (
        r.code,
        {
            "ORPHApacketId": [r.code],
            "ORPHAcode": [r.code],
            "creationDate": [r.created],
            "version": [r.version],
            "copyright": [r.copyright],
        },
    ),
    Disorder: lambda r: (
        r.code,
        {
            "Label": [r.label],
            "DisorderType.value": [r.type],
            "Synonyms.Synonym": r.synonyms,
            "TextSection.TextSectionType": ["Definition"] if r.definition else [],
            "TextSection.Contents": [r.definition.raw] if r.definition else [],
            "AverageAgeOfOnsets.value": r.onsets,
            "TypeOfInheritances.value": r.inheritances,
        },
    ),
    Parent: lambda r: (r.child, {"Parents.ORPHAcode": [r.code], "Parents.Label": [r.label]}),
    CrossReference: lambda r: (
        r.disorder,
        {
            "ExternalReferences.Source": [r.vocabulary],
            "ExternalReferences.Reference": [r.identifier],
            "ExternalReferences.DisorderMappingRelation": [r.relation],
        },
    ),
    GeneAssociation: lambda r: (
        r.disorder,
        {
            "Genes.Symbol": [r.gene.symbol],
            "Genes.Name": [r.gene.name],
            "Genes.DisorderGeneAssociationType": [r.type],
            "Genes.ExternalReferences.Reference": [r.gene.hgnc, *r.gene.omim, *r.gene.clinvar],
        },
    ),
    PhenotypeAssociation: lambda r: (
        r.disorder,
        {"Phenotypes.HPOId": [r.hpo], "Phenotypes.HPOTerm": [r.label], "Phenotypes.HPOFrequency": [r.frequency]},
    ),
    Epidemiology: lambda r: (
        r.disorder,
        {
            "Prevalences.PrevalenceType": [r.type],
            "Prevalences.PrevalenceQualification": [r.qualification],
            "Prevalences.PrevalenceClass": [r.prevalence_class],
            "Prevalences.ValMoy": [r.value],
            "Prevalences.PrevalenceGeographic": [r.place],
            "Prevalences.Source": [r.digest],
        },
    ),
}
"""What a record says: the code of its disorder, and the values by the key path of the packet."""

NOT_AS_VALUES = {"Genes.ExternalReferences.Source": "the field of the gene in which the reference stands"}
"""Key paths that are kept in another way than as their value."""


def digest(row: dict[str, str | None]) -> str:
    """The key of a prevalence row, in which its source text is: see MODEL.md."""
    texts = (row[key] or "" for key in ("PrevalenceClass", "PrevalenceQualification", "ValMoy", "Source"))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]


def test_every_value_of_a_packet_ends_up_in_a_record(
    packets: list[dict[str, Any]], records: list[Record | Problem]
) -> None:
    """Path by path, the values that the records have of each disorder are those that plain JSON has."""
    expected: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for packet in packets:
        for path, value in leaves(packet):
            if value is not None:
                expected[path].add((packet["ORPHAcode"], value))
    expected["Prevalences.Source"] = {
        (packet["ORPHAcode"], digest(row)) for packet in packets for row in items(packet, "Prevalences", "Prevalence")
    }
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for record in records:
        if type(record) in SAID:
            code, said = SAID[type(record)](record)
            for path, values in said.items():
                found[path].update((code, value) for value in values if value is not None)
    assert set(found) == {path.replace("[]", "") for path in KEPT} - NOT_AS_VALUES.keys()
    for path, said_of in found.items():
        assert said_of == expected[path], path


NODE = re.compile(r"<([^>]*)> <[^>]*#type> <[^>]*[/#](\w+)> ")
BROADER = " <http://www.w3.org/2004/02/skos/core#broader> "


def test_the_graph_has_as_many_statements_as_the_packets(
    packets: list[dict[str, Any]], records: list[Record | Problem]
) -> None:
    """Each row of a packet is one node of its own, or one step up; identical rows are one."""
    nodes: dict[str, set[str]] = defaultdict(set)
    statements = OrphanetStatements()
    for record in records:
        for line in [] if isinstance(record, Problem) else statements.lines(record):
            if BROADER in line:
                nodes["step up"].add(line)
            elif "#type> " in line and (is_typed := NODE.match(line)):
                nodes[is_typed[2]].add(is_typed[1])
    rows = {
        field: sum(len({json.dumps(item, sort_keys=True) for item in items(p, field, field[:-1])}) for p in packets)
        for field in ("Genes", "Phenotypes", "Prevalences", "Parents", "ExternalReferences")
    }
    parents = {item["ORPHAcode"] for packet in packets for item in items(packet, "Parents", "Parent")}
    assert len(nodes["step up"]) == rows["Parents"]
    assert len(nodes["Disease"]) == len({packet["ORPHAcode"] for packet in packets} | parents)
    assert len(nodes["GeneToDiseaseAssociation"] | nodes["CausalGeneToDiseaseAssociation"]) == rows["Genes"]
    assert len(nodes["DiseaseToPhenotypicFeatureAssociation"]) == rows["Phenotypes"]
    assert len(nodes["EpidemiologicalObservation"]) == rows["Prevalences"]
    assert len(nodes["Mapping"]) == rows["ExternalReferences"]


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
