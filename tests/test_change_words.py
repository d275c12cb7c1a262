"""What changed, in words: a record for what a curator would call a change, none for what is written otherwise."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import sssom_pydantic
from hypothesis import given, settings
from hypothesis import strategies as st

import poh_graph as pg
from poh_graph.changes.change import KINDS, Changes
from poh_graph.changes.report import render
from poh_graph.changes.words import CITED_PARTIES
from poh_graph.errors import AmbiguousName, ParameterError, UnknownName
from tests.ontology_files import ONTOLOGY, statements
from tests.running import Run
from tests.test_diff_whole_release import items

EXACT, NARROW = (
    "E (Exact mapping: the two concepts are equivalent)",
    "BTNT (ORPHAcode is broader than the targeted code)",
)
CAUSING = "Disease-causing germline mutation(s) in"
LOSS = "Disease-causing germline mutation(s) (loss of function) in"
FREQUENT, EXCLUDED = "Frequent (79-30%)", "Excluded (0%)"

ORDO = "http://www.orpha.net/ORDO/Orphanet_"

Packet = dict[str, Any]


def packet(code: str, **fields: Any) -> Packet:
    """A packet in the present format, with a few fields of its own; a field that is None is left out."""
    body = {
        "ORPHApacketId": code,
        "creationDate": "2025-01-01 00:00:00",
        "version": "1",
        "copyright": "Orphanet",
        "ORPHAcode": code,
        "Label": f"Disorder {code}",
        "DisorderType": {"value": "Disease"},
        "Synonyms": [{"Synonym": "Blue bone"}],
        "TextSection": {"TextSectionType": "Definition", "Contents": "A rare bone disease."},
        "Parents": [{"Parent": [{"ORPHAcode": "93450", "Label": "Bone dysplasia"}]}],
        "ExternalReferences": [omim("166350", EXACT)],
        "Genes": [gene("GNAS", "4392", CAUSING)],
        "Phenotypes": [phenotype("HP:0010766", "Ectopic calcification", FREQUENT)],
        "Prevalences": [prevalence("<1 / 1 000 000")],
        "AverageAgeOfOnsets": [{"AverageAgeOfOnset": {"value": "Infancy"}}],
        "TypeOfInheritances": [{"TypeOfInheritance": {"value": "Autosomal dominant"}}],
        **fields,
    }
    return {key: value for key, value in body.items() if value is not None}


def omim(number: str, relation: str) -> Packet:
    """A reference to OMIM."""
    return {"Source": "OMIM", "Reference": number, "DisorderMappingRelation": relation}


def gene(symbol: str, hgnc: str | None, kind: str) -> Packet:
    """A gene with its kind of association."""
    references = [{"Source": "HGNC", "Reference": hgnc}] if hgnc else []
    return {
        "Gene": {
            "Symbol": symbol,
            "Label": f"{symbol} gene",
            "DisorderGeneAssociationType": kind,
            "ExternalReferences": references,
        }
    }


def phenotype(curie: str, label: str, frequency: str) -> Packet:
    """A phenotype with its frequency."""
    return {"Phenotype": {"HPOId": curie, "HPOTerm": label, "HPOFrequency": frequency}}


def prevalence(value: str, source: str = "12345678[PMID]") -> Packet:
    """A row of point prevalence of the world."""
    return {
        "Prevalence": {
            "Source": source,
            "PrevalenceType": "Point prevalence",
            "PrevalenceQualification": "Class only",
            "PrevalenceClass": value,
            "ValMoy": "0.0",
            "PrevalenceGeographic": "Worldwide",
        }
    }


def release(folder: str, *packets: Packet) -> Path:
    """A folder with these packets."""
    path = Path(folder)
    path.mkdir()
    for body in packets:
        text = json.dumps({"Orphapacket": body})
        (path / f"ORPHApacket_{body['ORPHAcode']}.json").write_text(text, encoding="utf-8")
    return path


Compare = Callable[[list[Packet], list[Packet]], Changes]


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """The changes between two releases made of packets."""
    monkeypatch.chdir(tmp_path)
    return lambda old, new: pg.diff(release("old", *old), release("new", *new))


CASES: dict[str, tuple[Packet, tuple[str, ...]]] = {
    "renamed": ({"Label": "New name"}, ("name", "changed", "", "Disorder 1", "New name")),
    "type": ({"DisorderType": {"value": "Clinical subtype"}}, ("type", "changed", "", "Disease", "Clinical subtype")),
    "definition": (
        {"TextSection": {"TextSectionType": "Definition", "Contents": "A rare genetic disease."}},
        ("definition", "changed", "", "A rare bone disease.", "A rare genetic disease."),
    ),
    "definition gone": ({"TextSection": None}, ("definition", "removed", "", "A rare bone disease.", "")),
    "synonym": (
        {"Synonyms": [{"Synonym": "Blue bone"}, {"Synonym": "BB"}]},
        ("synonym", "added", "BB", "", ""),
    ),
    "parent": ({"Parents": "no data"}, ("parent", "removed", "ORPHA:93450", "", "")),
    "relation": (
        {"ExternalReferences": [omim("166350", NARROW)]},
        ("mapping", "changed", "OMIM:166350", "skos:exactMatch", "skos:narrowMatch"),
    ),
    "not decided": (
        {"ExternalReferences": [omim("166350", "ND (not yet decided/unable to decide)")]},
        ("mapping", "changed", "OMIM:166350", "skos:exactMatch", "oboInOwl:hasDbXref"),
    ),
    "wrong": (
        {"ExternalReferences": [omim("166350", "W (incorrect mapping: the two concepts are different)")]},
        ("mapping", "changed", "OMIM:166350", "skos:exactMatch", "not skos:exactMatch"),
    ),
    "kind of gene": ({"Genes": [gene("GNAS", "4392", LOSS)]}, ("gene", "changed", "HGNC:4392", CAUSING, LOSS)),
    "no gene": ({"Genes": []}, ("gene", "removed", "HGNC:4392", CAUSING, "")),
    "excluded": (
        {"Phenotypes": [phenotype("HP:0010766", "Ectopic calcification", EXCLUDED)]},
        ("phenotype", "changed", "HP:0010766", FREQUENT, EXCLUDED),
    ),
    "onset": (
        {"AverageAgeOfOnsets": [{"AverageAgeOfOnset": {"value": value}} for value in ("Infancy", "Adult")]},
        ("onset", "added", "ORPHA:409948", "", ""),
    ),
    "inheritance": ({"TypeOfInheritances": []}, ("inheritance", "removed", "ORPHA:409929", "", "")),
    "prevalence": (
        {"Prevalences": [prevalence("1-9 / 100 000")]},
        (
            *("prevalence", "changed", "Point prevalence, Worldwide"),
            "<1 / 1 000 000; Class only; from PMID:12345678",
            "1-9 / 100 000; Class only; from PMID:12345678",
        ),
    ),
}
"""What a packet has otherwise in the new release, and the one change that this is."""


@pytest.mark.parametrize("name", CASES)
def test_one_change_is_one_record(compare: Compare, name: str) -> None:
    """With the kind, what it is about, and what was said before and after."""
    fields, expected = CASES[name]
    # Another packet has the same parent, so that the parent stays on both sides.
    changes = compare([packet("1"), packet("2")], [packet("1", **fields), packet("2")])
    found = [(c.kind, c.action, c.about, c.old, c.new) for c in changes.changes]
    assert found == [expected]
    assert {(c.disorder, c.presence) for c in changes.changes} == {("http://www.orpha.net/ORDO/Orphanet_1", "kept")}
    assert changes.counts() == {expected[0]: 1}


WRITTEN_OTHERWISE: dict[str, Packet] = {
    "relation in the words of 2020": {
        "ExternalReferences": [omim("166350", "E (exact mapping (the terms and the concepts are equivalent))")]
    },
    "one object, wrapped": {"ExternalReferences": {"ExternalReference": omim("166350", EXACT)}},
    "Name for Label": {
        "Genes": [{"Gene": {**gene("GNAS", "4392", CAUSING)["Gene"], "Name": "GNAS gene"}}],
    },
    "gene without number": {"Genes": [gene("GNAS", None, CAUSING)]},
    "children": {"Childs": [{"ORPHAcode": "3", "Label": "Part of it"}]},
    "markup": {"TextSection": {"TextSectionType": "Definition", "Contents": "A rare <i>bone</i> disease."}},
    "date and version": {"creationDate": "2025-01-02 00:00:00", "version": "2"},
}
"""What is no change: a key, a spelling, a layout."""


@pytest.mark.parametrize("name", WRITTEN_OTHERWISE)
def test_what_is_written_otherwise_is_no_change(compare: Compare, name: str) -> None:
    """The lines may differ; in words nothing changed."""
    changes = compare([packet("1"), packet("2")], [packet("1", **WRITTEN_OTHERWISE[name]), packet("2")])
    assert changes.changes == ()
    assert "nothing changed in words" in changes.summary()


WRAPPED = {
    "Synonyms": "Synonym", "ExternalReferences": "ExternalReference", "Genes": "Gene", "Phenotypes": "Phenotype",
    "Prevalences": "Prevalence", "AverageAgeOfOnsets": "AverageAgeOfOnset", "TypeOfInheritances": "TypeOfInheritance",
}  # fmt: skip


def written_otherwise(body: Packet, choice: random.Random) -> Packet:
    """The packet with keys and rows in another order, rows wrapped in another way, ``Children`` as ``Childs``."""
    other: Packet = {}
    for key in choice.sample(sorted(body), len(body)):
        value = body[key]
        if key in WRAPPED:
            rows = items(body, key, WRAPPED[key])
            choice.shuffle(rows)
            flat = rows if key != "Synonyms" else [{"Synonym": row} for row in rows]
            wrapped = [{WRAPPED[key]: row} for row in rows]
            value = choice.choice([flat, wrapped, {WRAPPED[key]: rows}])
        other["Childs" if key == "Children" else key] = value
    return other


@settings(max_examples=15)
@given(choice=st.randoms(use_true_random=False))
def test_a_real_packet_that_is_written_otherwise_is_the_same(releases: Path, choice: random.Random) -> None:
    """In whatever order and layout: no change in words, and none in the lines either."""
    with zipfile.ZipFile(releases / "orphapacket-2025-07.zip") as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".json"))
        bodies = [json.loads(archive.read(name))["Orphapacket"] for name in choice.sample(names, 20)]
    with TemporaryDirectory() as folder:
        release(f"{folder}/old", *bodies)
        release(f"{folder}/new", *(written_otherwise(body, choice) for body in bodies))
        changes = pg.diff(f"{folder}/old", f"{folder}/new")
    assert changes.changes == ()
    assert changes.is_empty


def test_a_disorder_that_came_and_one_that_went(compare: Compare) -> None:
    """Each is one appearance; what it has is listed with it and not counted beside it."""
    heir = [{"Synonym": "Blue bone"}, {"Synonym": "Disorder 2"}]
    changes = compare([packet("1"), packet("2")], [packet("1", Synonyms=heir), packet("3")])
    assert changes.counts() == {"appeared": 1, "gone": 1, "synonym": 1}
    gone = changes.select("2", ["gone"]).changes[0]
    assert (gone.label, gone.old, gone.new) == (
        "Disorder 2",
        "Disorder 2",
        (
            "ORPHA:1 Disorder 1 (has its name now, refers to OMIM:166350 too); "
            "ORPHA:3 Disorder 3 (refers to OMIM:166350 now)"
        ),
    )
    assert {c.kind for c in changes.select("Disorder 3").changes} >= {"appeared", "gene", "phenotype", "mapping"}
    assert {c.presence for c in changes.select("orphanet:3").changes} == {"appeared"}
    said = (
        "1 appeared, 1 gone from the packets and 1 with changed synonyms. What is gone may have been retired or merged"
    )
    assert changes.summary().partition(": ")[2] == f"{said}: the packets do not say."


def test_a_parent_without_packet_is_not_in_the_packets(compare: Compare) -> None:
    """It neither appears nor goes when only its children name it; it appears when its packet comes."""
    changes = compare([packet("1")], [packet("1", Parents="no data")])
    assert {(c.kind, c.about) for c in changes.select("93450").changes} == {
        ("other", "named as a parent, without packet"),
        ("name", ""),
    }
    assert changes.counts() == {"parent": 1}


def test_a_packet_that_comes_for_a_parent(compare: Compare) -> None:
    """A parent that was named only has its own packet now: it appeared."""
    changes = compare([packet("1")], [packet("1"), packet("93450", Label="Bone dysplasia", Parents="no data")])
    assert changes.counts() == {"appeared": 1}


def test_what_refers_to_the_same_entry_all_along_is_an_heir_too(compare: Compare) -> None:
    """Not only what came with the new release may stand for what is gone."""
    kept = [packet("1", Synonyms=[{"Synonym": "Disorder 2"}]), packet("3")]
    (gone,) = compare([*kept, packet("2")], kept).select("2", ["gone"]).changes
    assert gone.new == (
        "ORPHA:1 Disorder 1 (has its name too, refers to OMIM:166350 too); "
        "ORPHA:3 Disorder 3 (refers to OMIM:166350 too)"
    )


def test_selecting_what_is_not_there(compare: Compare) -> None:
    """An unknown or ambiguous name and an unknown kind are errors; a disorder without change has none."""
    changes = compare([packet("1"), packet("2")], [packet("1", Label="New"), packet("2")])
    assert changes.select("2").is_empty
    with pytest.raises(UnknownName, match="'nothing'"):
        changes.select("nothing")
    with pytest.raises(AmbiguousName, match="Blue bone"):
        changes.select("Blue bone")
    with pytest.raises(ParameterError, match="no kind"):
        changes.select(kinds=["naem"])


@pytest.fixture
def mapped(compare: Compare) -> Changes:
    """One mapping changed, one new, one removed, one that says no match."""
    old = [packet("1"), packet("2"), packet("3", ExternalReferences=[])]
    new = [
        packet("1", ExternalReferences=[omim("166350", NARROW)]),
        packet("2", ExternalReferences=[omim("602875", "W (incorrect mapping)")]),
        packet("3", ExternalReferences=[omim("166350", "ND (not yet decided)")]),
    ]
    return compare(old, new)


def test_the_mapping_report(mapped: Changes) -> None:
    """Subject, label, relations, object and releases; as a table for programs, and for a ticket."""
    selected = mapped.select(kinds=["mapping"])
    rows = list(csv.DictReader(io.StringIO(render(selected, "tsv")), delimiter="\t"))
    assert rows[0] == {
        "subject": "ORPHA:1",
        "label": "Disorder 1",
        "old relation": "skos:exactMatch",
        "new relation": "skos:narrowMatch",
        "object": "OMIM:166350",
        "said by": "orphanet",
        "old release": "2025-01-01",
        "new release": "2025-01-01",
        "disorder is": "kept",
    }
    assert len(rows) == 4
    markdown = render(selected, "markdown")
    assert "| ORPHA:2 | Disorder 2 | skos:exactMatch |  | OMIM:166350 |" in markdown


def test_the_mapping_report_is_sssom(mapped: Changes, tmp_path: Path) -> None:
    """As its own library reads it: what is a mapping now, with what it was."""
    path = tmp_path / "changed.sssom.tsv"
    path.write_text(render(mapped.select(kinds=["mapping"]), "sssom"), encoding="utf-8")
    mappings, converter, about = sssom_pydantic.read(path)
    assert str(about.license) == "https://creativecommons.org/licenses/by/4.0/"
    assert converter.expand("ORPHA:1") == "http://www.orpha.net/ORDO/Orphanet_1"
    found = {(m.subject.curie, m.predicate.curie, m.predicate_modifier, m.object.curie, m.comment) for m in mappings}
    assert found == {
        ("ORPHA:1", "skos:narrowMatch", None, "OMIM:166350", "was skos:exactMatch in 2025-01-01"),
        ("ORPHA:2", "skos:exactMatch", "Not", "OMIM:602875", "was not there in 2025-01-01"),
        ("ORPHA:3", "oboInOwl:hasDbXref", None, "OMIM:166350", "was not there in 2025-01-01"),
    }


def test_the_command(run: Run) -> None:
    """Every format, the exit codes, and what cannot be asked."""
    release("old", packet("1"), packet("2"))
    release("new", packet("1", Label="New", Genes=[]), packet("2"))
    result = run("diff", "old", "new")
    assert result.exit_code == 1
    assert "Renamed (1)" in result.stdout
    assert run("diff", "old", "old").exit_code == run("diff", "old", "new", "--exit-zero").exit_code == 0
    assert run("diff", "old", "new", "--disorder", "ORPHA:2").exit_code == 0
    document = json.loads(run("diff", "old", "new", "--as", "json").stdout)
    assert document["disorders"] == {"name": 1, "gene": 1}
    assert {change["kind"] for change in document["changes"]} <= set(KINDS)
    rows = list(csv.DictReader(io.StringIO(run("diff", "old", "new", "--as", "tsv").stdout), delimiter="\t"))
    assert [(row["disorder"], row["kind"], row["new"]) for row in rows] == [
        ("ORPHA:1", "name", "New"),
        ("ORPHA:1", "gene", ""),
    ]
    assert run("diff", "old", "new", "-o", "changes.rdfp").exit_code == 1
    assert Path("changes.rdfp").read_text(encoding="utf-8").startswith('H oldName "old" .\n')
    wrong = run("diff", "old", "new", "--as", "nquads", "--kind", "gene")
    assert wrong.exit_code == run("diff", "old", "nowhere").exit_code == 2


def test_a_bundle_beside_a_release(run: Run) -> None:
    """Only the graph that a release can have is compared: a bundle built from that release has no other lines there."""
    release("packets", packet("1"), packet("2"))
    assert run("build", "packets", "-o", "built", "--disorder", "1", "--disorder", "2").exit_code == 0
    result = run("diff", "built", "packets")
    assert result.exit_code == 0, result.output


def test_what_is_cited_without_a_name_is_called_as_in_the_ontology() -> None:
    """A release that is read straight has no ontology beside it."""
    labels = {
        subject.value: value.value
        for subject, predicate, value in statements(ONTOLOGY / "poh-graph.ttl")
        if predicate.value.endswith("#label")
    }
    assert CITED_PARTIES.items() <= labels.items()
