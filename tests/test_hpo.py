"""HPO: OBO and OBO Graphs give the same terms, each as the model has it; the real slice is counted by its lines."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from poh_graph.building.assemble import assemble_sources, packaged_graph
from poh_graph.building.neighbours import Neighbour
from poh_graph.building.readers import reader_named
from poh_graph.records.hpo import Term
from poh_graph.sources.hpo import read_hpo
from poh_graph.store import LocalStore
from poh_graph.triples.hpo import hpo_lines
from poh_graph.triples.world import World

CASES = Path(__file__).parent / "cases" / "hpo"
OBO = "http://purl.obolibrary.org/obo/"


def terms(path: Path) -> list[Term]:
    """The terms of a file."""
    return [record for record in read_hpo(path) if isinstance(record, Term)]


def said(lines: list[str], subject: str) -> set[tuple[str, str]]:
    """What lines say of a term: the local names of the properties, and the objects without namespace."""
    start = f"<{OBO}{subject}> "
    found = (line.removeprefix(start).rsplit(" <", 1)[0].split(" ", 1) for line in lines if line.startswith(start))
    return {(re.split(r"[#/]", prop)[-1][:-1], value.replace(f"<{OBO}", "<")) for prop, value in found}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """The statements of the good file, where another graph uses a term that was merged."""
    return list(hpo_lines(terms(CASES / "good.obo"), World(labelled={f"{OBO}HP_9900009"})))


def test_both_formats_give_the_same_terms() -> None:
    """Only the place differs: a line of OBO, the number of a node."""
    obo = [replace(term, line=0) for term in terms(CASES / "good.obo")]
    assert obo == [replace(term, line=0) for term in terms(CASES / "good.json")]
    assert len(obo) == 6


def test_synonyms_have_scope_and_type(lines: list[str]) -> None:
    """A layperson's exact synonym is one thing alone; a discarded one is no name of the term."""
    found = said(lines, "HP_9900001")
    assert {(prop, value) for prop, value in found if "ynonym" in prop or prop == "altLabel"} == {
        ("laySynonym", '"invented sign, plainly"@en'),
        ("laySynonym", '"invented thing"@en'),
        ("hasBroadSynonym", '"invented thing"@en'),
        ("altLabel", '"invented signs"@en'),
        ("hasRelatedSynonym", '"sign of invention"@en'),
    }
    types = {re.findall(r'synonymType> "(\w+)"', line)[0] for line in lines if "synonymType" in line}
    assert types == {"plural_form", "obsolete_synonym"}


def test_words_and_place_of_a_term(lines: list[str]) -> None:
    """Definition word for word, what stands above, subset and identifiers elsewhere; nobody who wrote it."""
    assert {
        ("definition", r'"A sign that \"nobody\" has."@en'),
        ("subClassOf", "<HP_0000001>"),
        ("inSubset", '"hposlim_core"'),
        ("hasAlternativeId", '"HP:9900009"'),
        ("hasDbXref", '"UMLS:C0000001"'),
    } <= said(lines, "HP_9900001")
    assert "orcid" not in "".join(lines)


def test_what_became_of_a_term(lines: list[str]) -> None:
    """Obsolete with what replaces it or may be considered; a merged term has a node where it is used."""
    yes = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    assert {("deprecated", yes), ("IAO_0100001", "<HP_9900001>")} <= said(lines, "HP_9900002")
    assert {("deprecated", yes), ("consider", "<HP_0000001>"), ("consider", "<HP_9900001>")} <= said(
        lines, "HP_9900003"
    )
    assert said(lines, "HP_9900009") == {("deprecated", yes), ("IAO_0100001", "<HP_9900001>")}
    assert said(list(hpo_lines(terms(CASES / "good.obo"), World())), "HP_9900009") == set()


def test_frequencies_are_no_phenotypes(lines: list[str]) -> None:
    """The root and what stands below "Frequency" are concepts."""
    kinds = {term.id: dict(said(lines, term.id.replace(":", "_")))["type"] for term in terms(CASES / "good.obo")}
    values = {"HP:0000001", "HP:0040279", "HP:0040280"}
    assert {term for term, kind in kinds.items() if kind.endswith("#Concept>")} == values


@pytest.fixture(scope="module")
def real(request: pytest.FixtureRequest) -> Path:
    """The terms of POH and all that stands above them, of the release of 2025-01-16."""
    releases: Path = request.getfixturevalue("releases")
    return releases / "hpoa_2025-01-16" / "hp_poh_slice.obo"


def test_the_real_terms_are_what_the_lines_of_the_file_say(real: Path) -> None:
    """Clauses of each kind, counted as text."""
    text = real.read_text(encoding="utf-8").partition("[Term]")[2]
    found = terms(real)
    counted = {
        tag: len(re.findall(rf"^{tag}: ", text, re.MULTILINE)) for tag in ("id", "def", "is_a", "alt_id", "xref")
    }
    assert counted == {
        "id": len(found),
        "def": sum(bool(term.definition) for term in found),
        "is_a": sum(len(term.parents) for term in found),
        "alt_id": sum(len(term.alternatives) for term in found),
        "xref": sum(len(term.cross_references) for term in found),
    }
    assert [(term.id, term.label) for term in found] == re.findall(r"^id: (.*)\nname: (.*)$", text, re.MULTILINE)
    pairs = re.findall(r'^synonym: "(.*)" (EXACT|BROAD|NARROW|RELATED) ([\w:]*) ?\[', text, re.MULTILINE)
    assert [(s.text, s.scope, s.type) for term in found for s in term.synonyms] == pairs


def test_the_packaged_extract_is_what_the_reader_makes_of_the_real_terms(real: Path) -> None:
    """Of the terms of the slice the package says nothing that the reader does not say."""
    reader = reader_named("hpo")
    assert reader is not None
    records = list(Neighbour.at(reader, [real]).records())
    world = World()
    world.learn(assemble_sources(without=[f"hpo/{name}" for name in reader.replaces]).store.lines())
    lines = set(reader.lines(records, world))
    nodes = {f"<{OBO}{term.id.replace(':', '_')}>" for term in records if isinstance(term, Term)}
    packaged = {line.decode() for line in LocalStore(packaged_graph("hpo", only=reader.replaces)[0]).lines()}
    assert {line for line in packaged - lines if line.partition(" ")[0] in nodes} == set()
