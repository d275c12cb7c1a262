"""Overlap: curated reasons stand as they were written; any other two disorders get what follows from the sources."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from poh_graph.documents.comparison import compare
from poh_graph.documents.document import Link, plain
from poh_graph.documents.overlap import COMPUTED, ORDER, TELLING, computed_of, reasons_for_both, reasons_of
from poh_graph.documents.show import page
from poh_graph.graph import Graph
from poh_graph.store import LocalStore
from poh_graph.terms import BASE, BIOLINK, OBO, ONTOLOGY, ORDO, RDF, RDFS, SKOS, graph_iri

KINDS = (
    *("NamedInDefinitionReason", "SameGeneReason", "SharedGroupReason"),
    *("SharedPhenotypesReason", "SimilarProcessReason", "SimilarNameReason"),
)
LOSS = "disease-causing germline mutation(s) (loss of function)"


def group_of(members: int) -> Graph:
    """A graph of one group with so many members, of which the first is ORPHA:1."""
    group = ox.NamedNode(f"{ORDO}Orphanet_900")
    here = ox.NamedNode(graph_iri("orphanet"))
    quads = [ox.Quad(group, ox.NamedNode(RDFS + "label"), ox.Literal("The group", language="en"), here)]
    for number in range(1, members + 1):
        member = ox.NamedNode(f"{ORDO}Orphanet_{number}")
        quads += [
            ox.Quad(member, ox.NamedNode(RDF + "type"), ox.NamedNode(BIOLINK + "Disease"), here),
            ox.Quad(member, ox.NamedNode(RDFS + "label"), ox.Literal(f"Disorder {number:03}", language="en"), here),
            ox.Quad(member, ox.NamedNode(SKOS + "broader"), group, here),
        ]
    return Graph(LocalStore.in_memory(quads))


def test_the_kinds_of_reason_are_those_of_the_ontology(poh: Graph) -> None:
    """One fixed order, by the labels that the curated reasons are shown with."""
    labels = poh.labels({ONTOLOGY + kind for kind in KINDS})
    assert tuple(labels[ONTOLOGY + kind] for kind in KINDS) == ORDER


def test_two_disorders_without_curated_overlap_get_their_reasons(poh: Graph) -> None:
    """PHP1A and PPHP, checked against their packets: gene, kinds on both sides, groups and phenotypes of both."""
    found = compare(poh, "PHP1A", "PPHP")
    assert [reason.kind for reason in found.reasons] == [
        "same gene",
        "shared group",
        "shared group",
        "shared phenotypes",
    ]
    assert all(reason.is_computed for reason in found.reasons)
    gene, group, _, phenotypes = found.reasons
    assert ([*map(str, gene.shared)], gene.here, gene.there) == (["GNAS (HGNC:4392)"], LOSS, LOSS)
    assert [*map(str, group.shared)] == [
        "Pseudohypoparathyroidism with Albright hereditary osteodystrophy (ORPHA:457059)"
    ]
    assert group.notes == ("3 groups and disorders of this graph stand below it.",)
    assert "Brachydactyly (HP:0001156)" in [*map(str, phenotypes.shared)]
    assert COMPUTED in found.render("text")


def test_curated_reasons_stand_as_they_were_written(poh: Graph) -> None:
    """What a curator wrote of a kind is not computed again."""
    found = compare(poh, "POH", "FOP")
    assert [reason.kind for reason in found.reasons] == ["shared group", "shared phenotypes"]
    assert not any(reason.is_computed for reason in found.reasons)
    assert COMPUTED not in found.render("markdown")


def test_computed_reasons_stand_beside_curated_ones_of_other_kinds(poh: Graph) -> None:
    """POH and GNAS-related Cushing syndrome: the gene is curated, that nothing else is does not hide the rest."""
    here, there = poh.disorder("POH"), poh.disorder("ORPHA:189427")
    reasons = reasons_for_both(poh, here, there, [Link("Something (HP:0000001)", OBO + "HP_0000001")])
    assert [(reason.kind, reason.is_computed) for reason in reasons if reason.kind != "shared group"] == [
        ("same gene", False),
        ("shared phenotypes", True),
    ]
    assert [reason.kind for reason in reasons] == sorted((reason.kind for reason in reasons), key=ORDER.index)


def test_the_reasons_are_the_same_from_either_side(poh: Graph) -> None:
    """Who is named first changes the sides, and nothing else."""
    one, other = compare(poh, "PHP1A", "PPHP"), compare(poh, "PPHP", "PHP1A")
    assert [reason._replace(here=reason.there, there=reason.here) for reason in one.reasons] == other.reasons


def test_a_page_lists_what_is_computed_apart_from_what_is_curated(poh: Graph) -> None:
    """Each other disorder once; those of the same gene before those of the same group, each by name."""
    php1a = poh.disorder("PHP1A")
    computed, _ = computed_of(poh, php1a)
    assert list(computed)[-1][1] != "Progressive osseous heteroplasia"
    assert [reason.kind for reason in computed[ORDO + "Orphanet_79445", "Pseudopseudohypoparathyroidism"]] == [
        "same gene",
        "shared group",
    ]
    curated = {iri for iri, _ in reasons_of(poh, php1a)}
    text = page(poh, "PHP1A").render("text")
    _, _, below = text.partition(COMPUTED)
    lines = [line for line in below.partition("What tells two")[0].splitlines() if line.startswith("  - ")]
    assert len(lines) == len([other for other, _ in computed if other not in curated])
    assert "Progressive osseous heteroplasia" not in " ".join(lines)


@pytest.mark.parametrize(("members", "is_listed"), [(2, True), (TELLING, True), (TELLING + 1, False)])
def test_a_group_that_is_too_large_to_tell_anything_is_named_and_not_listed(members: int, *, is_listed: bool) -> None:
    """From a hundred others on, the page says where to find them."""
    graph = group_of(members)
    computed, too_large = computed_of(graph, graph.disorder("ORPHA:1"))
    assert len(computed) == (members - 1 if is_listed else 0)
    assert [*map(plain, too_large)] == ([] if is_listed else [f"The group (ORPHA:900), with {members - 1} others"])
    text = page(graph, "ORPHA:1").render("text")
    assert ("Disorder 002 (ORPHA:2): shared group, The group (ORPHA:900)" in text) is is_listed
    assert ("poh-graph query neighbours ORPHA:1" in text) is not is_listed


def test_a_disorder_alone_has_no_overlap() -> None:
    """No section is made of nothing."""
    graph = group_of(1)
    assert computed_of(graph, graph.disorder("ORPHA:1")) == ({}, [])
    assert "overlaps with" not in page(graph, "ORPHA:1").render("text")


def test_a_gene_is_shared_where_a_release_does_not_say_the_kind_of_association() -> None:
    """Packets before 2023 have no kind: the gene is a reason all the same, without words on either side."""
    graph = group_of(2)
    gene, here = ox.NamedNode("http://identifiers.org/hgnc/4392"), ox.NamedNode(graph_iri("orphanet"))
    quads = [
        ox.Quad(gene, ox.NamedNode(RDF + "type"), ox.NamedNode(BIOLINK + "Gene"), here),
        ox.Quad(gene, ox.NamedNode(RDFS + "label"), ox.Literal("GNAS"), here),
    ]
    for code in ("1", "2"):
        association = ox.NamedNode(f"{BASE}association/orphanet/{code}-hgnc4392-unspecified")
        for property_, value in (
            (RDF + "type", ox.NamedNode(BIOLINK + "GeneToDiseaseAssociation")),
            (RDF + "subject", gene),
            (RDF + "object", ox.NamedNode(f"{ORDO}Orphanet_{code}")),
        ):
            quads.append(ox.Quad(association, ox.NamedNode(property_), value, here))
    graph.store.load(quads)
    reasons = compare(graph, "ORPHA:1", "ORPHA:2").reasons
    assert plain(reasons[0].line("One", "Two")) == "same gene: GNAS (HGNC:4392)."
