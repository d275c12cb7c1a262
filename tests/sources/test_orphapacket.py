"""The reader takes every shape of the format, and counts with its place what it cannot take."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any, TypeVar

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from poh_graph.records.orphanet import (
    CrossReference,
    Disorder,
    Epidemiology,
    GeneAssociation,
    Packet,
    PaperToken,
    Parent,
    PhenotypeAssociation,
    Record,
    Stub,
)
from poh_graph.records.problems import Problem
from poh_graph.sources.orphapacket import Release, parse_packet, read_orphapackets
from tests.sources.packets import JUNK, PACKET, mutated, packet, read

OMIM = {
    "Source": "OMIM",
    "Reference": "100001",
    "DisorderMappingRelation": "E (Exact mapping: the two concepts are equivalent)",
}
GENE = PACKET["Genes"][0]["Gene"]
ROW = PACKET["Prevalences"]["Prevalence"][0]

T = TypeVar("T", bound=Record)


def only(kind: type[T], records: list[Record]) -> list[T]:
    """The records of one kind."""
    return [record for record in records if isinstance(record, kind)]


def test_a_packet_gives_each_of_its_facts() -> None:
    """The packet of our own, in the shapes of 2025, is read without a problem."""
    records, problems = read(packet())
    assert problems == []
    head, disorder = only(Packet, records)[0], only(Disorder, records)[0]
    assert (head.code, head.created) == ("99", "2025-12-09 10:41:42")
    assert (disorder.label, disorder.type, disorder.synonyms) == ("Test disorder", "Disease", ("TD",))
    assert (disorder.onsets, disorder.inheritances) == (("Infancy",), ("Autosomal dominant",))
    assert disorder.definition is not None
    assert disorder.definition.text == "A disorder for tests with GNAS."
    assert only(Parent, records) == [Parent("99", "98", "Test group")]
    assert only(CrossReference, records)[0].identifier == "100001"
    gene = only(GeneAssociation, records)[0].gene
    assert (gene.symbol, gene.hgnc, gene.omim, gene.clinvar) == ("GNAS", "4392", ("139320",), ("GNAS",))
    assert only(PhenotypeAssociation, records)[0].frequency == "Excluded (0%)"
    row = only(Epidemiology, records)[0]
    assert (row.value, row.place) == ("0.0", "Worldwide")
    assert row.sources == (PaperToken("pmid", "18553568"), PaperToken("Orphanet", ""))


SHAPES: dict[str, tuple[str, list[object]]] = {
    "O1 cross-references": (
        "ExternalReferences",
        [[OMIM], [{"ExternalReference": OMIM}], {"ExternalReference": [OMIM]}],
    ),
    "O1 genes and their references": (
        "Genes",
        [
            [{"Gene": GENE}],
            {"Gene": [GENE]},
            [GENE],
            [{"Gene": GENE | {"ExternalReferences": [{"ExternalReference": r} for r in GENE["ExternalReferences"]]}}],
        ],
    ),
    "O2 parents": (
        "Parents",
        [
            [{"Parent": [{"ORPHAcode": "98", "Label": "Test group"}]}],
            {"Parent": [{"ORPHAcode": "98", "Label": "Test group"}]},
            [{"Parent": {"ORPHAcode": "98", "Label": "Test group"}}],
        ],
    ),
    "O2 prevalence": ("Prevalences", [{"Prevalence": [ROW]}, [{"Prevalence": ROW}], [ROW]]),
    "O2 onset": (
        "AverageAgeOfOnsets",
        [
            {"AverageAgeOfOnset": [{"value": "Infancy"}]},
            [{"AverageAgeOfOnset": {"value": "Infancy"}}],
            [{"value": "Infancy"}],
        ],
    ),
    "O2 inheritance": (
        "TypeOfInheritances",
        [
            {"TypeOfInheritance": [{"value": "Autosomal dominant"}]},
            [{"TypeOfInheritance": {"value": "Autosomal dominant"}}],
        ],
    ),
    "synonyms": ("Synonyms", [[{"Synonym": "TD"}], {"Synonym": ["TD"]}, {"Synonym": "TD"}]),
}


@pytest.mark.parametrize("oddity", SHAPES)
def test_every_shape_of_a_field_gives_the_same_records(oddity: str) -> None:
    """O1 and O2: a list or one object, wrapped or flat."""
    field, shapes = SHAPES[oddity]
    expected = read(packet())
    for shape in shapes:
        assert read(packet(**{field: shape})) == expected


@pytest.mark.parametrize("key", ["Children", "Childs"])
def test_children_are_known_and_left_out(key: str) -> None:
    """O3, O14: the list of children is part of what the parents say; both spellings of its key are known."""
    child = {"Child": {"Label": "Child", "ORPHAcode": "97", "Genes": "no data"}}
    assert read(packet(**{key: [child]})) == read(packet())


def test_a_parent_without_packet_becomes_a_stub_and_is_reported() -> None:
    """O5: the root has no packet since 2023; its label is in its children."""
    release = Release()
    release.add(parse_packet(orjson.dumps(packet()), "99.json"))
    release.add(parse_packet(orjson.dumps(packet(ORPHAcode="97", ORPHApacketId="97")), "97.json"))
    stub, problem = list(release.close())
    assert stub == Stub("98", "Test group")
    assert isinstance(problem, Problem)
    assert problem.kind == "parent without packet"


@pytest.mark.parametrize(
    "field", ["Parents", "Synonyms", "Genes", "Phenotypes", "Prevalences", "TextSection", "ExternalReferences"]
)
def test_a_field_that_is_not_there_is_no_problem(field: str) -> None:
    """O6, section 2: no field but code, label and type is in every packet."""
    assert read(packet(**{field: ...}))[1] == []


def test_five_kinds_of_no_value_stay_apart() -> None:
    """O11: "no data", "Unknown" and "Not yet documented" are values; an absent field and "0.0" are something else."""
    rows = [ROW | {"PrevalenceClass": value} for value in ("no data", "Unknown", "Not yet documented")]
    records, problems = read(packet(Prevalences=[{"Prevalence": row} for row in rows]))
    assert problems == []
    assert [r.prevalence_class for r in only(Epidemiology, records)] == ["no data", "Unknown", "Not yet documented"]
    listed = {"TypeOfInheritance": [{"value": v} for v in ("Not applicable", "Unknown", "No data available")]}
    disorder = only(Disorder, read(packet(TypeOfInheritances=listed, AverageAgeOfOnsets=...))[0])[0]
    assert disorder.inheritances == ("Not applicable", "Unknown", "No data available")
    assert disorder.onsets == ()


def test_packets_without_association_type_or_gene_references_are_read() -> None:
    """O14: 2020 to 2022 have no type, 2020-12 to 2024-07 no gene references; the gene is known by its symbol then."""
    gene = {"Symbol": "GNAS", "Name": "GNAS complex locus", "ExternalReferences": []}
    records, problems = read(packet(Genes=[{"Gene": gene}], AverageAgeOfDeaths=[{"value": "No data available"}]))
    association = only(GeneAssociation, records)[0]
    assert (association.type, association.gene.hgnc, association.gene.symbol) == (None, None, "GNAS")
    assert [problem.kind for problem in problems] == ["gene without HGNC id"]


def test_a_packet_of_an_older_release_is_reported() -> None:
    """O14: some releases carry files of the one before."""
    release = Release()
    release.add(parse_packet(orjson.dumps(packet(Parents=...)), "new.json"))
    old = packet(Parents=..., ORPHAcode="97", ORPHApacketId="97", creationDate="2025-06-30 10:00:00")
    release.add(parse_packet(orjson.dumps(old), "old.json"))
    assert [(p.kind, p.place) for p in release.close() if isinstance(p, Problem)] == [("stale packet", "old.json")]


def test_of_one_disorder_one_packet_is_read_the_newest(tmp_path: Path) -> None:
    """A folder of ten releases of one packet gives the last of them; the others are counted, with their places."""
    days = {"a_9.json": "2025-06-30 10:00:00", "b_9.json": "2025-12-09 10:00:00", "c_9.json": "2024-12-03 10:00:00"}
    for name, day in days.items():
        (tmp_path / name).write_bytes(orjson.dumps(packet(Parents=..., creationDate=day, Label=f"Of {day[:10]}")))
    found = list(read_orphapackets(tmp_path))
    assert [record.label for record in found if isinstance(record, Disorder)] == ["Of 2025-12-09"]
    problems = [(p.kind, p.place) for p in found if isinstance(p, Problem)]
    assert problems == [("repeated packet", "a_9.json"), ("repeated packet", "c_9.json")]


def test_a_parent_is_called_as_its_own_packet_calls_it() -> None:
    """Another name in a child's packet is counted; a parent that nobody names has its code for a name."""
    release = Release()
    group = packet(ORPHAcode="98", ORPHApacketId="98", Label="Group", Parents=...)
    release.add(parse_packet(orjson.dumps(group), "98.json"))
    nameless = [{"Parent": [{"ORPHAcode": "97"}]}, {"Parent": [{"ORPHAcode": "98", "Label": "Test group"}]}]
    release.add(parse_packet(orjson.dumps(packet(Parents=nameless)), "99.json"))
    stub, unknown, renamed = release.close()
    assert stub == Stub("97", "ORPHA:97")
    assert isinstance(unknown, Problem)
    assert isinstance(renamed, Problem)
    assert (renamed.kind, renamed.place) == ("parent of another name", "99.json")
    assert "'Test group' here, and 'Group' elsewhere" in renamed.message


def phenotype(**fields: object) -> list[object]:
    """One phenotype with some fields replaced."""
    return [{"Phenotype": PACKET["Phenotypes"][0]["Phenotype"] | fields}]


UNKNOWN: dict[str, tuple[dict[str, Any], str]] = {
    "disorder type": ({"DisorderType": {"value": "New", "PURL": ""}}, "$.Orphapacket.DisorderType.value"),
    "frequency": (
        {"Phenotypes": phenotype(HPOFrequency="Never")},
        "$.Orphapacket.Phenotypes[0].Phenotype.HPOFrequency",
    ),
    "phenotype": ({"Phenotypes": phenotype(HPOId="HP:1> <x")}, "$.Orphapacket.Phenotypes[0].Phenotype.HPOId"),
    "relation": (
        {"ExternalReferences": [OMIM | {"DisorderMappingRelation": "X (new)"}]},
        "$.Orphapacket.ExternalReferences[0].DisorderMappingRelation",
    ),
    "vocabulary": (
        {"ExternalReferences": [{"ExternalReference": OMIM | {"Source": "MeSH"}}]},
        "$.Orphapacket.ExternalReferences[0].ExternalReference.Source",
    ),
    "association type": (
        {"Genes": [{"Gene": GENE | {"DisorderGeneAssociationType": "New"}}]},
        "$.Orphapacket.Genes[0].Gene.DisorderGeneAssociationType",
    ),
    "gene reference": (
        {
            "Genes": [
                {
                    "Gene": GENE
                    | {"ExternalReferences": [*GENE["ExternalReferences"], {"Source": "X", "Reference": "1"}]}
                }
            ]
        },
        "$.Orphapacket.Genes[0].Gene.ExternalReferences[3]",
    ),
    "place": (
        {"Prevalences": {"Prevalence": [ROW | {"PrevalenceGeographic": "Atlantis"}]}},
        "$.Orphapacket.Prevalences.Prevalence[0].PrevalenceGeographic",
    ),
    "number": (
        {"Prevalences": [{"Prevalence": ROW | {"ValMoy": "many"}}]},
        "$.Orphapacket.Prevalences[0].Prevalence.ValMoy",
    ),
    "onset": (
        {"AverageAgeOfOnsets": [{"AverageAgeOfOnset": {"value": "Later"}}]},
        "$.Orphapacket.AverageAgeOfOnsets[0].AverageAgeOfOnset.value",
    ),
    "parent": (
        {"Parents": [{"Parent": [{"ORPHAcode": "x", "Label": "y"}]}]},
        "$.Orphapacket.Parents[0].Parent[0].ORPHAcode",
    ),
    "kind of text": (
        {"TextSection": {"TextSectionType": "Poem", "Contents": "x"}},
        "$.Orphapacket.TextSection.TextSectionType",
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_value_is_one_problem_with_its_place(what: str) -> None:
    """A value that nobody knows is counted with file and path, and nothing else of the packet is lost."""
    fields, path = UNKNOWN[what]
    records, problems = read(packet(**fields), "json/ORPHApacket_99.json")
    assert [(problem.kind, problem.place) for problem in problems] == [
        ("unknown value", f"json/ORPHApacket_99.json {path}")
    ]
    assert only(Disorder, records)


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"Disability": []}, "$.Orphapacket.Disability"),
        ({"Phenotypes": phenotype(Diagnostic="yes")}, "$.Orphapacket.Phenotypes[0].Phenotype.Diagnostic"),
        ({"Genes": [{"Gene": GENE, "Status": "Assessed"}]}, "$.Orphapacket.Genes[0].Status"),
    ],
)
def test_a_key_that_nobody_knows_is_a_problem(fields: dict[str, Any], path: str) -> None:
    """A release that holds something new says so; what is known is read as before."""
    records, problems = read(packet(**fields))
    assert [(problem.kind, problem.place) for problem in problems] == [("unknown key", f"x.json {path}")]
    assert len(records) == len(read(packet())[0])


def test_null_references_are_counted() -> None:
    """The release of July 2025 has gene references, and sources of prevalence, that are null."""
    references = [{"Source": "HGNC", "Reference": "4392"}, {"Source": "ClinVar", "Reference": None}]
    fields = {"Genes": [{"Gene": GENE | {"ExternalReferences": references}}], "Prevalences": [ROW | {"Source": None}]}
    records, problems = read(packet(**fields))
    assert [problem.kind for problem in problems] == ["null value", "null value"]
    assert problems[0].place == "x.json $.Orphapacket.Genes[0].Gene.ExternalReferences[1].Reference"
    assert only(GeneAssociation, records)[0].gene.hgnc == "4392"
    assert only(Epidemiology, records)[0].sources == ()


def test_an_identical_row_is_counted_and_a_conflicting_one_kept() -> None:
    """Section 6: a phenotype may be listed twice, at times with another frequency."""
    twice = [*phenotype(), *phenotype(), *phenotype(HPOFrequency="Frequent (79-30%)")]
    records, problems = read(packet(Phenotypes=twice))
    assert [problem.kind for problem in problems] == ["repeated row"]
    assert [r.frequency for r in only(PhenotypeAssociation, records)] == ["Excluded (0%)", "Frequent (79-30%)"]


def test_a_gene_may_have_two_kinds_of_association() -> None:
    """Section 5: the key is disorder, gene and kind."""
    somatic = GENE | {"DisorderGeneAssociationType": "Disease-causing somatic mutation(s) in"}
    records, problems = read(packet(Genes=[{"Gene": GENE}, {"Gene": somatic}]))
    assert problems == []
    assert len(only(GeneAssociation, records)) == 2


NO_PACKETS: list[bytes] = [
    b"", b"[]", b"null", b"{", b'"text"', b"{}", b'{"Orphapacket": []}', b'{"Orphapacket": {"Label": "x"}}',
    b'{"Orphapacket": {"ORPHAcode": "1"}}', b'{"Orphapacket": {"ORPHAcode": "RD_1", "Label": "x"}}', b"\xff\xfe",
    b'{"ORPHApacket": 1}', b'{"ORPHApacket": [1]}', b'{"Orphapacket": {"ORPHAcode": "1", "Label": "\\ud800"}}',
    json.dumps(packet()).encode()[:-40],
]  # fmt: skip


@pytest.mark.parametrize("raw", NO_PACKETS)
@pytest.mark.parametrize("place", ["x.json", "x.yaml"])
def test_what_is_no_packet_is_one_problem(raw: bytes, place: str) -> None:
    """Something else than a packet never stops a release."""
    if place == "x.yaml" and raw.startswith(b"{"):
        return  # JSON is YAML
    assert [problem.kind for problem in parse_packet(raw, place) if isinstance(problem, Problem)] == ["not a packet"]


@pytest.mark.parametrize("raw", [b"a: [", b"? [x]\n: y", b'"\\ud800": 1', b"\x00", b"a: &x [*x]", b"- [" * 3000])
def test_broken_yaml_is_one_problem(raw: bytes) -> None:
    """Broken YAML, and YAML that JSON could not hold, is no packet."""
    assert [problem.kind for problem in parse_packet(raw, "x.yml") if isinstance(problem, Problem)] == ["not a packet"]


def test_yaml_that_unfolds_without_end_is_one_problem() -> None:
    """A few hundred bytes whose parts repeat each other, ten times ten times ten ..."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (problem,) = parse_packet("\n".join(lines).encode(), "x.yaml")
    assert isinstance(problem, Problem)
    assert problem.kind == "not a packet"
    assert "repeated" in problem.message


@settings(max_examples=400)
@given(JUNK, JUNK, st.randoms(use_true_random=False))
def test_a_mutated_packet_never_raises(first: Any, second: Any, choice: random.Random) -> None:
    """Whatever stands in a packet, the reader gives records and problems."""
    document = mutated(mutated(packet(), first, choice), second, choice)
    for place in ("x.json", "x.yaml"):
        assert parse_packet(orjson.dumps(document), place)
    old = {"ORPHApacket": document.get("Orphapacket")} if isinstance(document, dict) else document
    assert parse_packet(orjson.dumps(old), "y.json")
