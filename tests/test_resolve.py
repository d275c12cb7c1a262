"""Names: every spelling that people use finds its thing, near misses are shown, and nothing ambiguous is chosen."""

from __future__ import annotations

import pytest

from poh_graph.errors import AmbiguousName, UnknownName
from poh_graph.graph import Graph
from poh_graph.resolve import NameIndex

ORDO = "http://www.orpha.net/ORDO/Orphanet_"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
BIOLINK = "https://w3id.org/biolink/vocab/"


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("POH", "2762", "exact"),
        ("poh", "2762", "case"),
        ("Progressive osseous heteroplasia", "2762", "exact"),
        ("  PROGRESSIVE   Osseous\theteroplasia ", "2762", "case"),
        ("progressive osseous-heteroplasia", "2762", "folded"),
        ("familial ECTOPIC ossification", "2762", "case"),
        ("2762", "2762", "identifier"),
        ("ORPHA:2762", "2762", "identifier"),
        ("orpha_2762", "2762", "identifier"),
        ("Orphanet_2762", "2762", "identifier"),
        ("OMIM:166350", "2762", "identifier"),
        ("https://omim.org/entry/166350", "2762", "identifier"),
        ("MONDO:0008153", "2762", "identifier"),
        ("FOP", "337", "exact"),
        ("PHP1A", "79443", "exact"),
        ("PPHP", "79445", "exact"),
        ("Primary osteoma cutis", "", "exact"),
    ],
)
def test_every_spelling_of_a_disorder_finds_it(poh: Graph, text: str, code: str, how: str) -> None:
    """Label, synonym, abbreviation, code and the codes of others, in any case and spacing."""
    found = poh.resolve(text, kind="disorder")
    assert (found[0].iri.removeprefix(ORDO) if code else "", found[0].how) == (code, how)
    assert len({candidate.iri for candidate in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "kind", "curie"),
    [
        ("GNAS", "gene", "HGNC:4392"),
        ("gnas1", "gene", "HGNC:4392"),
        ("HGNC:4392", "gene", "HGNC:4392"),
        ("Ectopic calcification", "phenotype", "HP:0010766"),
        ("HP_0010766", "phenotype", "HP:0010766"),
        ("P63092", "protein", "UniProtKB:P63092"),
    ],
)
def test_other_kinds_of_thing_have_names_too(poh: Graph, text: str, kind: str, curie: str) -> None:
    """Genes, phenotypes and proteins, by names and identifiers."""
    assert [candidate.curie for candidate in poh.resolve(text, kind=kind)] == [curie]


def test_a_kind_keeps_only_its_own(poh: Graph) -> None:
    """What is not of the kind asked for is not given, even if its name fits exactly."""
    assert all(candidate.kind == "gene" for candidate in poh.resolve("POH", kind="gene"))


@pytest.mark.parametrize("text", ["progresive oseous heteroplasia", "Progressive osseus heteroplasya"])
def test_a_slip_of_the_pen_shows_what_is_near(poh: Graph, text: str) -> None:
    """Similar names come with their score, best first, and are never taken for the thing itself."""
    found = poh.resolve(text)
    assert (found[0].iri, found[0].how) == (ORDO + "2762", "similar")
    assert [candidate.score for candidate in found] == sorted((c.score for c in found), reverse=True)
    with pytest.raises(UnknownName) as caught:
        poh.one(text)
    assert "ORPHA:2762 Progressive osseous heteroplasia" in caught.value.candidates


@pytest.mark.parametrize("text", ["", " ", "?", "zzzzqqqq", "ORPHA:999999999", "\N{SNOWMAN}"])
def test_what_is_like_nothing_finds_nothing(poh: Graph, text: str) -> None:
    """No candidate is made up."""
    assert poh.resolve(text) == []
    with pytest.raises(UnknownName):
        poh.one(text)


def test_a_name_of_two_things_is_not_chosen() -> None:
    """All things of the name are shown; with an identifier, or a kind that only one has, there is no doubt."""
    index = NameIndex(
        [
            (ORDO + "1", BIOLINK + "Disease", RDFS + "label", "One"),
            (ORDO + "1", BIOLINK + "Disease", SKOS + "altLabel", "MAS"),
            (ORDO + "2", BIOLINK + "Disease", RDFS + "label", "Two"),
            (ORDO + "2", BIOLINK + "Disease", SKOS + "altLabel", "MAS"),
            ("http://identifiers.org/hgnc/3", BIOLINK + "Gene", SKOS + "altLabel", "MAS"),
        ],
        exact=[],
    )
    with pytest.raises(AmbiguousName) as caught:
        index.one("MAS", kind="disorder")
    assert caught.value.candidates == ("ORPHA:1 One", "ORPHA:2 Two")
    assert "identifiers" in caught.value.mend
    assert index.one("MAS", kind="gene").curie == "HGNC:3"
    assert index.one("ORPHA:2").label == "Two"


def test_an_exact_name_wins_over_one_of_another_case() -> None:
    """``Mas`` and ``MAS`` are two names if somebody writes them so."""
    index = NameIndex(
        [
            (ORDO + "1", BIOLINK + "Disease", RDFS + "label", "MAS"),
            (ORDO + "2", BIOLINK + "Disease", RDFS + "label", "Mas"),
        ],
        exact=[],
    )
    assert index.one("MAS").iri == ORDO + "1"
    assert {candidate.iri for candidate in index.resolve("mas")} == {ORDO + "1", ORDO + "2"}


def test_a_class_elsewhere_that_is_exact_to_two_disorders_stands_for_neither() -> None:
    """A code of another vocabulary that two disorders share does not choose between them."""
    rows = [(ORDO + code, BIOLINK + "Disease", RDFS + "label", code) for code in ("1", "2", "3")]
    omim = "https://omim.org/entry/"
    exact = [(omim + "100000", ORDO + "1"), (omim + "100000", ORDO + "2"), (omim + "200000", ORDO + "3")]
    index = NameIndex(rows, exact)
    assert index.one("OMIM:200000").iri == ORDO + "3"
    assert index.resolve("OMIM:100000") == []


def test_things_that_nobody_names_are_known_by_their_iri(poh: Graph) -> None:
    """A paper or a statement is found by its full IRI or CURIE, if the graph speaks of it."""
    assert poh.one("PMID:11784876") == "http://www.ncbi.nlm.nih.gov/pubmed/11784876"
    with pytest.raises(UnknownName):
        poh.one("PMID:1")
