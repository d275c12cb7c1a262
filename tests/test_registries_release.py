"""Trials and organizations of the real files: each is what plain JSON reads, and no person gets into a graph."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poh_graph.graph import open_graph
from poh_graph.records.trials import Trial
from poh_graph.triples.world import World
from tests.test_neighbours import said
from tests.test_trials_and_organizations import build, neighbour, records

# --- The real files ---


def values(found: object, keys: re.Pattern[str]) -> Iterator[str]:
    """All texts that stand under some keys, however deep."""
    if isinstance(found, dict):
        for key, value in found.items():
            if isinstance(value, str) and keys.fullmatch(key):
                yield value
            else:
                yield from values(value, keys)
    elif isinstance(found, list):
        for value in found:
            yield from values(value, keys)


def files_of(releases: Path, name: str) -> list[Path]:
    """The real files of a source."""
    patterns = {"ctgov": "ctgov_v2/*/*.json", "ctis": "ctis/*.json", "ror": "ror/*.json"}
    return sorted(releases.glob(patterns[name]))


def persons_of(path: Path) -> Iterator[str]:
    """Every name, address and telephone of a person in a file, by a walk through plain JSON."""
    found = json.loads(path.read_text(encoding="utf-8"))
    keys = re.compile(r"investigatorFullName|.*[eE]mail.*|.*[pP]hone.*|functionalName|lastName")
    yield from values(found, keys)
    for module in ("overallOfficials", "centralContacts", "contacts"):
        yield from (name for part in under(found, module) for name in values(part, re.compile("name")))
    yield from (" ".join((person.get("firstName") or "", person["lastName"])) for person in under(found, "personInfo"))
    # The sponsors of the projected searches that are physicians: whoever has no word of an organization in the name.
    sponsors = (lead["name"] for lead in under(found, "leadSponsor"))
    yield from (name for name in sponsors if re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name) and "Univ" not in name)


def under(found: object, wanted: str) -> Iterator[Any]:
    """All values of a key, however deep; the elements of those that are lists."""
    if isinstance(found, dict):
        for key, value in found.items():
            if key == wanted:
                yield from value if isinstance(value, list) else [value]
            else:
                yield from under(value, wanted)
    elif isinstance(found, list):
        for value in found:
            yield from under(value, wanted)


@pytest.mark.parametrize("name", ["ctgov", "ctis"])
def test_no_person_of_the_real_files_gets_into_the_graph(releases: Path, name: str) -> None:
    """Not one of the names, addresses and telephones that the files hold, nor in a problem."""
    files = files_of(releases, name)
    found = neighbour(name, *files)
    found.make_lines(found.records(), World())
    text = b"".join(found.lines).decode() + "\n".join(problem.message for problem in found.problems.first.values())
    persons = {person.strip() for file in files for person in persons_of(file) if person and person.strip()}
    assert len(persons) > 3
    assert sorted(person for person in persons if person in text) == []


def studies_of(releases: Path) -> dict[str, dict[str, Any]]:
    """The studies of the real files by their numbers, by plain JSON: of those that stand in several the first."""
    studies: dict[str, dict[str, Any]] = {}
    for path in files_of(releases, "ctgov"):
        found = json.loads(path.read_text(encoding="utf-8"))
        for study in found.get("studies", [found]):
            studies.setdefault(study["protocolSection"]["identificationModule"]["nctId"], study)
    return studies


def test_each_real_study_is_what_plain_json_reads(releases: Path) -> None:
    """20 studies in 23 rows: title, days, conditions, headings, interventions, phases and countries of each."""
    found = neighbour("ctgov", *files_of(releases, "ctgov"))
    trials = {trial.number: trial for trial in found.records() if isinstance(trial, Trial)}
    studies = studies_of(releases)
    assert (sum(tally.rows for tally in found.tallies.values()), len(studies)) == (23, 20)
    assert found.problems.counts == {"further page": 4, "repeated row": 3, "withheld name": 4}
    assert trials.keys() == studies.keys()
    for number, study in studies.items():
        protocol, trial = study["protocolSection"], trials[number]
        assert trial.title == " ".join(protocol["identificationModule"]["briefTitle"].split())
        assert trial.started == protocol["statusModule"]["startDateStruct"]["date"]
        assert trial.ended == protocol["statusModule"]["completionDateStruct"]["date"]
        assert trial.conditions == tuple(protocol["conditionsModule"]["conditions"])
        meshes = study.get("derivedSection", {}).get("conditionBrowseModule", {}).get("meshes", [])
        assert [heading.id for heading in trial.headings] == [mesh["id"] for mesh in meshes]
        interventions = [each["name"] for each in protocol["armsInterventionsModule"]["interventions"]]
        assert [each.rpartition(": ")[2] for each in trial.interventions] == interventions
        phases = "/".join(protocol["designModule"].get("phases", []))
        assert trial.phase == phases.replace("PHASE", "Phase ").replace("NA", "Not Applicable")
        countries = {place["country"] for place in protocol.get("contactsLocationsModule", {}).get("locations", [])}
        assert {country.name for country in trial.countries} == countries


def test_sponsors_of_the_real_studies(releases: Path) -> None:
    """All leading sponsors but the two physicians, and the three collaborators."""
    modules = (study["protocolSection"]["sponsorCollaboratorsModule"] for study in studies_of(releases).values())
    leads = {module["leadSponsor"]["name"] for module in modules}
    trials = records("ctgov", *files_of(releases, "ctgov"))
    taken = {sponsor.name for trial in trials for sponsor in trial.sponsors if sponsor.leads}
    assert taken <= leads
    assert len(leads - taken) == 2
    assert sum(not sponsor.leads for trial in trials for sponsor in trial.sponsors) == 3


def test_the_real_record_of_ctis(releases: Path) -> None:
    """What the record has under its keys, by plain JSON; its phase agrees with the words of the register."""
    path = files_of(releases, "ctis")[0]
    found, (trial,) = json.loads(path.read_text(encoding="utf-8")), records("ctis", path)
    part = found["authorizedApplication"]["authorizedPartI"]
    assert trial.number == found["ctNumber"]
    assert trial.conditions == tuple(each["medicalCondition"] for each in part["medicalConditions"])
    assert [sponsor.name for sponsor in trial.sponsors] == [each["organisation"]["name"] for each in part["sponsors"]]
    states = found["authorizedApplication"]["memberStatesConcerned"]
    assert {country.name for country in trial.countries} == {state["mscName"] for state in states}
    assert (trial.phase, "(Phase II)" in found["trialPhase"]) == ("Phase 2", True)
    assert trial.started == "-".join(reversed(found["startDateEU"].split("/")))


def test_each_real_record_of_ror_is_what_plain_json_reads(releases: Path) -> None:
    """Identifiers, relations and names by number, from either version of the schema."""
    files = files_of(releases, "ror")
    found = {record.ror: record for record in records("ror", *files)}
    assert len(found) == len(files) == 5
    for path in files:
        plain, record = json.loads(path.read_text(encoding="utf-8")), found[path.stem]
        external = plain["external_ids"]
        if isinstance(external, dict):  # version 1
            external = [{"type": kind.lower(), **value} for kind, value in external.items()]
        by_kind = {each["type"]: each["all"] for each in external}
        assert record.isni == tuple(by_kind.get("isni", ()))
        assert record.wikidata == tuple(by_kind.get("wikidata", ()))
        assert record.funder == tuple(by_kind.get("fundref", ()))
        assert [(to.kind, f"https://ror.org/{to.ror}") for to in record.relations] == [
            (to["type"].lower(), to["id"]) for to in plain["relationships"]
        ]
        others = [name for kind in ("labels", "aliases", "acronyms") for name in plain.get(kind, ())]
        assert len(record.names) == len(plain.get("names", [plain.get("name"), *others]))
        assert record.founded == str(plain["established"])


def test_the_real_records_join_with_the_curated_organizations(releases: Path, tmp_path: Path) -> None:
    """Each of the five is one of them by its IRI, and a stored query says what ROR has."""
    graph = open_graph(build(tmp_path / "bundle", "--source", f"ror={releases / 'ror'}").path)
    joined = said(
        graph,
        """SELECT ?a WHERE {
          ?a schema:sameAs ?r . GRAPH <https://w3id.org/poh-graph/graph/ror> { ?r schema:status ?s } }""",
    )
    assert len(joined) == 5
    rows = {str(row["organization"]): row for row in graph.query("organizations-that-serve-this-disorder", "FOP")}
    ifopa = rows["https://w3id.org/poh-graph/agent/ifopa"]
    assert (ifopa["registered_as"], ifopa["status_in_registry"]) == ("https://ror.org/00c2je580", "active")
