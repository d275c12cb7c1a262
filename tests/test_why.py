"""One claim with its chain: every source that makes it, whatever it calls the two, and who says otherwise."""

from __future__ import annotations

import json

import pyoxigraph as ox
import pytest

import poh_graph as pg
from poh_graph.documents.document import Link, plain
from poh_graph.documents.why import Chain, Claim, why
from poh_graph.errors import ParameterError, UnknownName
from poh_graph.graph import Graph
from poh_graph.store import LocalStore
from poh_graph.terms import BASE, BIOLINK, OBO, ORDO, OWL, RDF, RDFS, SKOS, graph_iri
from tests.running import Run

MONDO_POH = Link("progressive osseous heteroplasia (MONDO:0008153)", OBO + "MONDO_0008153")


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The packaged graph."""
    return pg.open()


def words(claim: Claim, name: str) -> list[str]:
    """The words of a detail of a claim, without links."""
    return [plain(text) for text in claim.details[name]]


def by_sayer(chain: Chain) -> dict[str, list[Claim]]:
    """The claims of each source."""
    return {name: [c for c in chain.claims if c.said_by == name] for name in {c.said_by for c in chain.claims}}


def test_all_sources_of_a_gene_are_named_and_what_is_said_of_the_same_disorder_elsewhere(graph: Graph) -> None:
    """Mondo says it of its own class, which is exactly POH; the direction of the question does not matter."""
    claims = by_sayer(why(graph, "POH", "GNAS"))
    assert set(claims) == {"Mondo", "Orphadata", "Orphanet", "POH graph"}
    assert [claim.said_of for claim in claims["Mondo"]] == [[MONDO_POH]]
    assert all(not claim.said_of for claim in claims["Orphanet"])
    assert by_sayer(why(graph, "GNAS", "POH")) == claims


def test_a_chain_ends_at_papers_release_and_licence(graph: Graph) -> None:
    """The curated claim has the parent of origin, its paper and how it was read, in words."""
    claim = by_sayer(why(graph, "POH", "GNAS"))["POH graph"][0]
    assert words(claim, "parent of origin") == ["paternal"]
    assert claim.details["read in"] == [
        Link("Shore 2002, N Engl J Med (PMID:11784876)", "http://www.ncbi.nlm.nih.gov/pubmed/11784876")
    ]
    assert words(claim, "how it was read") == ["read in authority"]
    assert (claim.release, claim.licence) == (pg.__version__, "https://creativecommons.org/licenses/by/4.0/")


def test_who_says_otherwise_is_named(graph: Graph) -> None:
    """Loss against gain of function disputes the kind of relation; GenCC's two records dispute each other."""
    claims = why(graph, "POH", "GNAS").claims
    disputed = {objection.partition(".")[0] for claim in claims for objection in claim.objections}
    assert "Loss of function turned into gain of function" in disputed
    assert "GenCC: no known disease relationship, by Ambry" in disputed
    assert "GenCC: no known disease relationship, by Ambry" in [claim.relation for claim in claims]
    mondo = by_sayer(why(graph, "MAS", "GNAS"))["Mondo"][0]
    assert "germline or somatic" in mondo.objections[0]


def test_why_a_disorder_has_an_identifier(graph: Graph) -> None:
    """An identifier is taken as it is, not for the disorder that it stands for; text forms of sources are found too."""
    claims = by_sayer(why(graph, "POH", "MIM:166350"))
    assert {"Orphanet", "Mondo"} <= set(claims)
    assert claims["Orphanet"][0].statement.endswith("/2762-exactMatch-OMIM166350")
    (wrong,) = why(graph, "POH", "snomedct:404074003").claims
    assert wrong.said_by == "Disease Ontology"
    assert wrong.objections[0].startswith("Two SNOMED CT codes for POH")


def test_what_a_source_denies_is_not_shown_as_said(graph: Graph) -> None:
    """An excluded phenotype is a claim that it is not there."""
    chain = why(graph, "ORPHA:94089", "HP:0010766")
    assert [claim.denied for claim in chain.claims] == [True]
    assert "Orphanet says that this is not so: has phenotype" in chain.render("text")
    assert "denied: yes" in chain.render("text")


def test_a_mapping_that_is_denied_by_its_modifier() -> None:
    """A curator of mappings says what is no match; that is a claim too, and is shown as denied."""
    mapping = BASE + "mapping/somebody/2762-exactMatch-OMIM103580"
    here = ox.NamedNode(graph_iri("somebody"))
    quads = [
        ox.Quad(ox.NamedNode(subject), ox.NamedNode(property_), value, here)
        for subject, property_, value in (
            (ORDO + "Orphanet_2762", RDF + "type", ox.NamedNode(BIOLINK + "Disease")),
            (ORDO + "Orphanet_2762", RDFS + "label", ox.Literal("One", language="en")),
            (mapping, OWL + "annotatedSource", ox.NamedNode(ORDO + "Orphanet_2762")),
            (mapping, OWL + "annotatedProperty", ox.NamedNode(SKOS + "exactMatch")),
            (mapping, OWL + "annotatedTarget", ox.NamedNode("https://omim.org/entry/103580")),
            (mapping, "https://w3id.org/sssom/predicate_modifier", ox.Literal("Not")),
        )
    ]
    (claim,) = why(Graph(LocalStore.in_memory(quads)), "ORPHA:2762", "OMIM:103580").claims
    assert claim.denied


def test_the_terms_of_each_source_are_named(graph: Graph) -> None:
    """A source that states no licence says so, with what it says about rights."""
    claims = why(graph, "POH", "GARD:0000109").claims
    assert all(claim.licence or claim.rights for claim in claims)
    ingest = [claim for claim in claims if claim.said_by == "Mondo ingest"]
    assert ingest
    assert not any(claim.licence for claim in ingest)
    assert all(claim.rights.startswith("The repository states no licence") for claim in ingest)
    assert "licence: none stated" in why(graph, "POH", "GARD:0000109").render("text")


def test_a_claim_links_its_papers_its_licence_and_itself(graph: Graph) -> None:
    """Each claim has an anchor of its own, by its statement, also where two have the same heading."""
    document = why(graph, "POH", "OMIM:166350").document()
    anchors = [section.anchor for section in document.sections]
    assert len(set(anchors)) == len(anchors)
    assert "poh-mapping-orphanet-2762-exactmatch-omim166350" in anchors
    markdown = why(graph, "POH", "GNAS").render("markdown")
    assert "[Shore 2002, N Engl J Med (PMID:11784876)](<http://www.ncbi.nlm.nih.gov/pubmed/11784876>)" in markdown
    assert "(<https://creativecommons.org/licenses/by/4.0/>)" in markdown


def test_a_value_that_is_a_text(graph: Graph) -> None:
    """A band is no thing of its own; the claim says that it is not in use."""
    (claim,) = why(graph, "GNAS", "20q13.2-q13.3").claims
    assert words(claim, "in use now") == ["no"]
    assert why(graph, "20q13.2-q13.3", "GNAS").claims == [claim]


def test_a_triple_without_a_node_is_a_claim(graph: Graph) -> None:
    """Where a source has no node for it; the sources that have one say more."""
    claims = by_sayer(why(graph, "POH", "ORPHA:93450"))
    assert claims["Orphanet"][0].statement == "ORPHA:2762 skos:broader ORPHA:93450"
    assert words(claims["Orphadata"][0], "classification") == ["Orphanet classification of rare bone diseases"]
    (serves,) = why(graph, "POH", "POHA").claims
    assert serves.statement == "poh.agent:poha poh:servesDisorder ORPHA:2762"


def test_an_overlap_has_its_reasons(graph: Graph) -> None:
    """In the order of their kinds."""
    (claim,) = why(graph, "POH", "FOP").claims
    assert [reason.partition(":")[0] for reason in words(claim, "because")] == ["shared group", "shared phenotypes"]


def test_two_names_of_one_thing_are_no_question(graph: Graph) -> None:
    """The error says which thing both mean."""
    with pytest.raises(ParameterError, match="Both mean Progressive osseous heteroplasia"):
        why(graph, "POH", "Progressive osseous heteroplasia")


@pytest.mark.parametrize("pair", [("POH", "20q99"), ("20q99", "POH"), ("20q99", "21q99")])
def test_what_is_neither_a_thing_nor_a_value_is_unknown(graph: Graph, pair: tuple[str, str]) -> None:
    """On either side of the question."""
    with pytest.raises(UnknownName, match="q99"):
        why(graph, *pair)


def test_json_keeps_claims_with_the_same_heading_and_has_named_values(run: Run) -> None:
    """Mondo says twice that OMIM's entry is an exact match: by its class, and chained to POH."""
    sections = json.loads(run("why", "POH", "OMIM:166350", "--as", "json").stdout)["sections"]
    assert [section["heading"] for section in sections].count("Mondo says: has exact match") == 2
    assert all(len(section["blocks"][0]["release"]) == 1 for section in sections)
