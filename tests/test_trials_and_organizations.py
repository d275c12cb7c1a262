"""Trials of ClinicalTrials.gov and CTIS, and organizations of ROR: what is read, joined and answered; and no person."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from poh_graph.building.neighbours import Neighbour
from poh_graph.building.readers import reader_named
from poh_graph.bundle import Bundle
from poh_graph.graph import Graph, open_graph
from poh_graph.records.organizations import Organization
from poh_graph.records.trials import Heading, Trial
from poh_graph.sources.json_file import records_of
from poh_graph.sources.sponsors import names_organization
from poh_graph.triples.trials import Conditions
from poh_graph.triples.world import World
from tests.running import run_command
from tests.test_neighbours import said

CASES = Path(__file__).parent / "cases"
ORDO = "http://www.orpha.net/ORDO/Orphanet_"
SOURCES = ("ctgov", "ctis", "ror")
PERSONS = ("Jane", "Doe", "Roe", "Miles", "555-0100", "+3100000")


def neighbour(name: str, *paths: Path) -> Neighbour:
    """A source at some paths."""
    reader = reader_named(name)
    assert reader is not None
    return Neighbour.at(reader, paths)


def build(target: Path, *arguments: str | Path) -> Bundle:
    """A bundle of the packaged graph and some sources."""
    result = run_command("build", *map(str, arguments), "-o", str(target), "--jobs", "1")
    assert result.exit_code == 0, result.output
    return Bundle(target)


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """The packaged graph with the good file of each of the three sources."""
    files = (f"{name}={CASES / name / 'good.json'}" for name in SOURCES)
    return build(tmp_path_factory.mktemp("trials") / "bundle", *(x for file in files for x in ("--source", file)))


@pytest.fixture(scope="module")
def graph(joined: Bundle) -> Graph:
    """The same, open."""
    return open_graph(joined.path)


# --- Trials ---


def test_files_are_known_by_their_content() -> None:
    """A study, a page of a search, a record of CTIS and of ROR in both versions of its schema: none for another."""
    files = {path: path.parent.name for name in SOURCES for path in (CASES / name).glob("*good.json")}
    files |= dict.fromkeys((CASES / "ror").glob("single-*.json"), "ror")
    files |= {CASES / "ctgov" / name: "ctgov" for name in ("single.json", "list.json", "further-page.json")}
    for path, source in files.items():
        head = path.read_bytes()[:4096]
        readers = [name for name in SOURCES if (reader := reader_named(name)) and reader.recognises(path, head)]
        assert readers == [source], path.name


def test_a_trial_has_what_its_registry_says(graph: Graph) -> None:
    """Status, phase, type, months, conditions as written, interventions, countries, and who leads."""
    rows = said(
        graph,
        """SELECT ?p ?o WHERE { GRAPH <https://w3id.org/poh-graph/graph/ctgov> { NCT:NCT90000001 ?p ?o } }""",
    )
    found = {
        (str(p).rsplit("/", 1)[-1].rsplit("#", 1)[-1], str(o).removeprefix("https://w3id.org/poh-graph/"))
        for p, o in rows
    }
    assert {
        ("status", "Recruiting"),
        ("trialPhase", "Phase 1/Phase 2"),
        ("studyType", "Interventional"),
        ("startDate", "2026-02"),
        ("endDate", "2027-01-31"),
        ("conditionName", "FIBRODYSPLASIA ossificans progressiva"),
        ("conditionName", "Postoperative Pain"),
        ("conditionHeading", "http://id.nlm.nih.gov/mesh/C562735"),
        ("intervention", "Drug: something"),
        ("intervention", "something else"),
        ("spatial", "place/FR"),
        ("spatial", "place/KR"),
        ("sponsor", "sponsor/ctgov/a-university-hospital"),
    } <= found


def test_a_condition_is_a_disorder_and_says_how(graph: Graph) -> None:
    """By its label whatever its capitals, by a synonym, or by a heading of MeSH; "Postoperative Pain" is none."""
    rows = said(
        graph,
        """SELECT ?trial ?disorder ?why ?text ?fits WHERE {
          ?s a poh:TrialConditionStatement ; rdf:subject ?t ; rdf:object ?d ; sssom:mapping_justification ?why ;
            sssom:match_string ?text ; sssom:object_match_field ?fits .
          ?t schema:healthCondition ?d ; dcterms:identifier ?trial . ?d dcterms:identifier ?disorder }""",
    )
    assert {
        (t, d, str(why).rsplit("/", 1)[1], text, re.split("[/#]", str(fits))[-1]) for t, d, why, text, fits in rows
    } >= {
        ("NCT90000001", "337", "LexicalMatching", "FIBRODYSPLASIA ossificans progressiva", "label"),
        ("NCT90000001", "2762", "MappingChaining", "MESH:C562735", "exactMatch"),
        ("NCT90000002", "337", "LexicalMatching", "FOP", "altLabel"),
        ("NCT90000003", "2762", "LexicalMatching", "Progressive Osseous Heteroplasia", "label"),
        ("2026-510001-34-00", "337", "LexicalMatching", "Fibrodysplasia Ossificans Progressiva", "label"),
    }


def world_of(*lines: str) -> World:
    """What a build knows that has said these lines so far."""
    world = World()
    world.learn(f"{line} <https://w3id.org/poh-graph/graph/test> .\n".encode() for line in lines)
    return world


LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
SYNONYM = "<http://www.w3.org/2004/02/skos/core#altLabel>"


def test_a_name_of_two_disorders_makes_none_of_them_the_condition() -> None:
    """Both are stated, neither certain; but a label goes before the synonym of another disorder."""
    world = world_of(
        f'<{ORDO}1> {LABEL} "One"@en',
        f'<{ORDO}1> {SYNONYM} "Both"@en',
        f'<{ORDO}2> {LABEL} "Two"@en',
        f'<{ORDO}2> {SYNONYM} "both"@en',
        f'<{ORDO}2> {SYNONYM} "One"@en',
    )
    found = list(Conditions(world).of(Trial("NCT", "NCT90000001", conditions=("BOTH", "one", "Three"))))
    assert [(match.disorder[-1], match.way, match.is_only) for match in found] == [
        ("1", "synonym", False),
        ("2", "synonym", False),
        ("1", "label", True),
    ]


def test_a_heading_counts_where_a_source_makes_it_exact() -> None:
    """A heading that is exact to no disorder says nothing."""
    exact = "<http://www.w3.org/2004/02/skos/core#exactMatch>"
    world = world_of(f"<{ORDO}1> {exact} <http://id.nlm.nih.gov/mesh/D1>")
    trial = Trial("NCT", "NCT90000001", headings=(Heading("D1", "One"), Heading("D2", "Two")))
    assert [(match.disorder, match.matched) for match in Conditions(world).of(trial)] == [(f"{ORDO}1", "MESH:D1")]


def test_stored_queries_answer_with_the_registries(graph: Graph) -> None:
    """Trials, the organizations behind them, and how they were found, for POH and for another disorder."""
    poh = [row for row in graph.query("trials-for-a-disorder", "POH") if row["about"] == "the disorder itself"]
    assert {(row["registry_id"], row["status"]) for row in poh} == {
        ("NCT90000001", "Recruiting"),
        ("NCT90000003", "Recruiting"),
    }
    behind = {
        (row["name"], row["part"], row["registry_id"]) for row in graph.query("organizations-behind-trials", "FOP")
    }
    assert ("A Company Ltd.", "contributor", "NCT90000002") in behind
    assert ("A Company B.V.", "sponsor", "2026-510001-34-00") in behind
    how = {(row["words_of_the_registry"], row["fits"]) for row in graph.query("how-trials-were-found", "POH")}
    assert how == {("MESH:C562735", "has exact match"), ("Progressive Osseous Heteroplasia", "label")}


def test_why_leads_from_a_trial_to_a_disorder(graph: Graph) -> None:
    """The claim that a trial is of a disorder has its chain like any other."""
    rows = list(graph.query("why-is-it-claimed", subject="NCT:NCT90000003", object="ORPHA:2762"))
    assert {row["said_by"] for row in rows} == {"ClinicalTrials.gov"}


def test_a_closed_build_keeps_the_trials_and_organizations_of_its_disorder(tmp_path: Path) -> None:
    """Found by a name or a heading; a trial of a disorder that has nothing to do with it stays out."""
    studies = json.loads((CASES / "ctgov" / "good.json").read_text("utf-8"))
    other = json.loads((CASES / "ctgov" / "said-twice.json").read_text("utf-8"))[0]
    other["protocolSection"]["identificationModule"]["nctId"] = "NCT90000009"
    studies["studies"].append(other)
    (tmp_path / "studies.json").write_text(json.dumps(studies), encoding="utf-8")
    record = json.loads((CASES / "ror" / "single-version-1.json").read_text("utf-8"))
    records = [{**record, "id": f"https://ror.org/{ror}"} for ror in ("00c2je580", "00a000a09")]
    (tmp_path / "records.json").write_text(json.dumps(records), encoding="utf-8")
    sources = ("--source", f"ctgov={tmp_path / 'studies.json'}", "--source", f"ror={tmp_path / 'records.json'}")
    closed = open_graph(build(tmp_path / "closed", *sources, "--disorder", "POH").path)
    named = "SELECT ?n WHERE { GRAPH <https://w3id.org/poh-graph/graph/%s> { ?t a %s ; dcterms:identifier ?n } }"
    trials = {str(number) for (number,) in said(closed, named % ("ctgov", "biolink:ClinicalTrial"))}
    assert {"NCT90000001", "NCT90000003"} <= trials
    assert "NCT90000009" not in trials
    organizations = {str(ror) for (ror,) in said(closed, named % ("ror", "foaf:Organization"))}
    assert "00c2je580" in organizations
    assert "00a000a09" not in organizations


# --- Organizations ---


def test_both_versions_of_the_schema_say_the_same() -> None:
    """Names by kind and language, identifiers, types, country, links and wholes, from either form."""
    one, two = (next(iter(records("ror", CASES / "ror" / f"single-version-{n}.json"))) for n in (1, 2))
    assert {(name.text, name.kind, name.language) for name in one.names} == {
        ("An association", "display", ""),
        ("Une association", "label", "fr"),
        ("Another name", "alias", ""),
        ("ASSN", "acronym", ""),
    }
    assert {(name.text, name.kind, name.language) for name in two.names} == {
        ("Un institut", "display", "fr"),
        ("An institute", "label", "en"),
        ("INST", "acronym", ""),
        ("The other name", "alias", ""),
    }
    assert (one.isni, one.funder, one.grid) == (("0000 0004 7753 999X",), ("100019999",), ("grid.9999.3",))
    assert (two.isni, two.funder, two.grid) == (("0000 0001 2186 9999",), ("501100009999",), ("grid.9999.8",))
    assert (one.types, one.countries, one.founded) == (("nonprofit",), ("US",), "1988")
    assert (two.types, two.countries, two.founded) == (("government", "funder"), ("FR",), "1964")
    assert [(to.kind, to.ror) for to in one.relations] == [("parent", "00a000a01")]
    assert [(to.kind, to.ror) for to in two.relations] == [("parent", "00a000a02"), ("successor", "00a000a03")]


def records(name: str, *paths: Path) -> list[Any]:
    """The records of some files."""
    return [record for record in neighbour(name, *paths).records() if isinstance(record, Organization | Trial)]


def test_an_organization_that_is_only_mentioned_has_its_name(graph: Graph) -> None:
    """A whole without a record of its own is named; one with a record has the name of that."""
    rows = said(
        graph, "SELECT ?part ?whole WHERE { ?o schema:parentOrganization ?w ; rdfs:label ?part . ?w rdfs:label ?whole }"
    )
    assert {("An association", "Un institut"), ("Un institut", "A whole")} <= {(str(p), str(w)) for p, w in rows}


def test_a_withdrawn_record_leads_to_what_took_its_place(graph: Graph) -> None:
    """It is deprecated and replaced."""
    rows = said(
        graph, "SELECT ?o WHERE { ?w schema:status 'withdrawn' ; owl:deprecated true ; dcterms:isReplacedBy ?o }"
    )
    assert rows == [("https://ror.org/00a000a01",)]


# --- Persons ---


def test_no_person_of_the_cases_is_in_the_graph(joined: Bundle) -> None:
    """Neither contacts nor investigators nor sponsors that are persons, by name, address or telephone."""
    lines = joined.graph.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if line.endswith(("/ctgov> .", "/ctis> .")))
    assert "A Company Ltd." in text
    assert [person for person in PERSONS if person in text] == []


@pytest.mark.parametrize(
    "name",
    [
        "Rigshospitalet, Denmark",
        "Hospices Civils de Lyon",
        "Assistance Publique - Hôpitaux de Paris",
        "UNICANCER",
        "H&H",
    ],
)
def test_names_of_organizations(name: str) -> None:
    """They have a word that no person bears, or are one word."""
    assert names_organization(name)


@pytest.mark.parametrize("name", ["Jane Doe", "Doe, Jane", "Prof. Jane Doe, University Hospital", "Jane Doe Ph.D"])
def test_names_of_persons(name: str) -> None:
    """What may be a person is none, even with the hospital behind the name."""
    assert not names_organization(name)


def test_an_array_is_read_element_by_element(tmp_path: Path) -> None:
    """A dump of 7 MB takes no more memory than its parser needs."""
    path = tmp_path / "dump.json"
    text = (CASES / "ror" / "single-version-2.json").read_text("utf-8")
    path.write_text(f"[{','.join([text] * 5_000)}]", encoding="utf-8")
    peak = peak_memory(lambda: sum(1 for _ in records_of(path)))
    assert path.stat().st_size > 7_000_000
    assert peak < 2_000_000


def peak_memory(run: Callable[[], object]) -> int:
    """The most bytes that Python held at once while something ran."""
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
