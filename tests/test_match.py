"""Likeness by phenotypes: worked out by hand on a small tree, and what stands nearest to POH in a release."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from poh_graph.documents.overlap import SHARED_PHENOTYPES
from poh_graph.errors import ParameterError, UnknownName
from poh_graph.graph import Graph, open_graph
from poh_graph.match import NOT_A_DIAGNOSIS, alike, match
from poh_graph.similarity import Catalogue, Signs
from poh_graph.terms import OBO, ORDO, Iri
from tests.running import Run, run_command


def hp(*names: str) -> frozenset[Iri]:
    """Phenotypes of the tree below."""
    return frozenset(Iri(f"{OBO}HP_{name}") for name in names)


ROOT, BONE, SKULL, ARM, SKIN = (next(iter(hp(name))) for name in ("root", "bone", "skull", "arm", "skin"))
A, B, C, D = (Iri(f"{ORDO}Orphanet_{number}") for number in (1, 2, 3, 4))


@pytest.fixture
def catalogue() -> Catalogue:
    """Four disorders over the tree root > (bone > (skull, arm), skin).

    Root is in all four, bone in three (A, B, C), skull, arm and skin in A, B and D.
    """
    return Catalogue(
        {A: Signs(hp("skull")), B: Signs(hp("arm")), C: Signs(hp("bone"), hp("skin")), D: Signs(hp("skin"))},
        {BONE: (ROOT,), SKIN: (ROOT,), SKULL: (BONE,), ARM: (BONE,)},
    )


def test_what_few_have_tells_most(catalogue: Catalogue) -> None:
    """ln(N/n): nothing for what all have."""
    assert catalogue.information(ROOT) == 0
    assert catalogue.information(BONE) == pytest.approx(math.log(4 / 3))
    assert catalogue.information(SKULL) == pytest.approx(math.log(4))
    assert catalogue.information(Iri(OBO + "HP_new")) == pytest.approx(math.log(4))


def test_likeness_is_what_is_shared_over_what_both_have(catalogue: Catalogue) -> None:
    """Skull and arm share bone: ln(4/3) of ln(4) + ln(4) + ln(4/3); skull and skull are the same."""
    skull = Signs(hp("skull"))
    bone, one = math.log(4 / 3), math.log(4)
    assert catalogue.likeness(skull, A).score == pytest.approx(1)
    near = catalogue.likeness(skull, B)
    assert near.score == pytest.approx(bone / (one + one + bone))
    assert (near.same, near.more_general, near.against) == ((), (BONE,), ())
    assert catalogue.likeness(skull, D).score == 0
    assert [disorder for disorder, _ in catalogue.ranked(skull)] == [A, C, B]


def test_a_contradiction_counts_against(catalogue: Catalogue) -> None:
    """On either side: what was asked is without the skull that A has, and C is without skin."""
    bone = math.log(4 / 3)
    without = catalogue.likeness(Signs(hp("bone"), hp("skull")), A)
    assert without.against == (SKULL,)
    assert without.score == 0
    assert catalogue.likeness(Signs(hp("bone"), hp("skin")), C).against == ()
    skin = catalogue.likeness(Signs(hp("bone", "skin")), C)
    assert skin.against == (SKIN,)
    assert skin.score == 0
    assert catalogue.likeness(Signs(hp("bone")), C).score == pytest.approx(bone / bone)


def test_who_is_without_a_phenotype_is_without_its_special_forms(catalogue: Catalogue) -> None:
    """Without bone there is no arm and no skull."""
    assert catalogue.likeness(Signs(hp("skin"), hp("bone")), A).against == (BONE,)


def test_many_phenotypes_are_no_merit(catalogue: Catalogue) -> None:
    """The same shared phenotype counts for less in a disorder that has many others."""
    signs = {**catalogue.signs, Iri(f"{ORDO}Orphanet_5"): Signs(hp("skull", "arm", "skin"))}
    wider = Catalogue(signs, catalogue.parents)
    scores = dict(wider.ranked(Signs(hp("skull"))))
    assert scores[A] > scores[Iri(f"{ORDO}Orphanet_5")]


def test_phenotypes_are_found_by_any_name(poh: Graph) -> None:
    """FOP is without nothing that is asked; its malformed great toe counts against, when there is none."""
    by_code = match(poh, ["HP:0025027", "HP:0011987"])
    assert [one.iri for one in by_code] == [one.iri for one in match(poh, ["Osteoma cutis", "hp:0011987"])]
    fop = next(one for one in match(poh, ["HP:0011987"], ["HP:0001844"]) if one.iri.endswith("Orphanet_337"))
    assert fop.likeness.against == (Iri(OBO + "HP_0001844"),)
    assert fop.likeness.score < next(one for one in match(poh, ["HP:0011987"]) if one.iri == fop.iri).likeness.score


def test_bad_questions_are_told(poh: Graph) -> None:
    """Nothing asked, a contradiction in the question, and a disorder in place of a phenotype."""
    with pytest.raises(ParameterError, match="No phenotype is given"):
        match(poh, [])
    with pytest.raises(ParameterError, match="HP:0011987 cannot be present and not there"):
        match(poh, ["HP:0011987"], ["HP:0011987"])
    with pytest.raises(UnknownName, match="No phenotype"):
        match(poh, ["POH"])


def test_the_command(run: Run) -> None:
    """Rows on stdout, and that it is no diagnosis on stderr."""
    found = run("match", "HP:0025027", "HP:0011987", "--without", "HP:0001844", "--as", "tsv")
    assert found.exit_code == 0, found.output
    assert found.stdout.splitlines()[0].split("\t")[:3] == ["rank", "disorder", "name"]
    assert NOT_A_DIAGNOSIS in found.stderr
    assert run("match", "HP:0025027", "--like", "POH").exit_code == 2
    assert run("match").exit_code == 2


@pytest.fixture(scope="module")
def with_rivals(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """POH with its neighbours and two disorders that share phenotypes with it alone: progeria and Cowden syndrome."""
    path = tmp_path_factory.mktemp("rivals") / "bundle"
    release = releases / "orphapacket-2025-07.zip"
    hpo = releases / "hpoa_2025-01-16" / "hp_poh_slice.obo"
    chosen = [word for code in ("2762", "740", "201") for word in ("--disorder", f"ORPHA:{code}")]
    built = run_command("build", release, "--source", f"hpo={hpo}", *chosen, "-o", path)
    assert built.exit_code == 0, built.output
    return open_graph(path)


def test_the_disorders_of_gnas_and_fop_stand_above_what_shares_phenotypes_only(with_rivals: Graph) -> None:
    """Hutchinson-Gilford progeria and Cowden syndrome share signs with POH, and nothing else."""
    found = alike(with_rivals, "POH", most=500)
    place = {one.iri.rpartition("_")[2]: rank for rank, one in enumerate(found)}
    gnas_and_fop = ["79443", "79444", "79445", "94089", "562", "249", "337"]
    only_phenotypes = [one for one in found if one.reasons == (SHARED_PHENOTYPES,)]
    assert {"740", "201"} <= {one.iri.rpartition("_")[2] for one in only_phenotypes}
    worst = max(place[code] for code in gnas_and_fop)
    assert all(place[one.iri.rpartition("_")[2]] > worst for one in only_phenotypes)
