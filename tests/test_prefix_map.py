"""The prefix map: one canonical form for each prefix, every other spelling led to it; and the redirects of own IRIs."""

from __future__ import annotations

import re

import pytest

from tests.ontology_files import ONTOLOGY, converter


def test_no_spelling_of_a_prefix_belongs_to_two_records() -> None:
    """Prefixes are matched without regard to case, so no two records may share a spelling in any case."""
    owner: dict[str, str] = {}
    for record in converter().records:
        for name in {spelling.lower() for spelling in (record.prefix, *record.prefix_synonyms)}:
            assert owner.setdefault(name, record.prefix) == record.prefix, name


@pytest.mark.parametrize(
    ("spelling", "iri"),
    [
        ("ORPHA:2762", "http://www.orpha.net/ORDO/Orphanet_2762"),
        ("Orphanet:2762", "http://www.orpha.net/ORDO/Orphanet_2762"),
        ("orphanet.ordo:2762", "http://www.orpha.net/ORDO/Orphanet_2762"),
        ("HGNC:4392", "http://identifiers.org/hgnc/4392"),
        ("HP:0010766", "http://purl.obolibrary.org/obo/HP_0010766"),
        ("OMIM:166350", "https://omim.org/entry/166350"),
        ("MIM:166350", "https://omim.org/entry/166350"),
        ("PMID:11784876", "http://www.ncbi.nlm.nih.gov/pubmed/11784876"),
        ("icd11.foundation:1107209347", "http://id.who.int/icd/entity/1107209347"),
        ("SNOMEDCT:719271000", "http://snomed.info/id/719271000"),
        ("MeSH:C562735", "http://id.nlm.nih.gov/mesh/C562735"),
        ("CHR:9606-chr20q13.32", "http://purl.obolibrary.org/obo/CHR_9606-chr20q13.32"),
        ("poh.agent:poha", "https://w3id.org/poh-graph/agent/poha"),
    ],
)
def test_a_curie_in_any_spelling_gives_the_canonical_iri(spelling: str, iri: str) -> None:
    """Each spelling of a prefix leads to the one canonical IRI."""
    assert converter().expand(spelling) == iri


@pytest.mark.parametrize(
    ("form", "curie"),
    [
        ("https://www.orpha.net/ORDO/Orphanet_2762", "ORPHA:2762"),
        ("http://www.orpha.net/consor/cgi-bin/OC_Exp.php?lng=en&Expert=2762", "ORPHA:2762"),
        ("https://www.orpha.net/en/disease/detail/2762", "ORPHA:2762"),
        ("https://identifiers.org/hgnc:4392", "HGNC:4392"),
        ("https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/HGNC:4392", "HGNC:4392"),
        ("http://purl.obolibrary.org/obo/OMIM_166350", "OMIM:166350"),
        ("https://omim.org/MIM:166350", "OMIM:166350"),
        ("http://identifiers.org/mesh/C562735", "MESH:C562735"),
        ("https://www.wikidata.org/entity/Q7248854", "WIKIDATA:Q7248854"),
        ("https://identifiers.org/NANDO:1200871", "NANDO:1200871"),
        ("https://schema.org/NGO", "schema:NGO"),
    ],
)
def test_an_iri_of_another_base_gives_the_canonical_curie(form: str, curie: str) -> None:
    """Each form of an IRI that other bases use leads to the one canonical CURIE."""
    assert converter().compress(form) == curie


def test_each_folder_of_own_iris_is_redirected() -> None:
    """The redirects for w3id.org know each folder of own IRIs that the prefix map has."""
    rules = (ONTOLOGY / "w3id.htaccess").read_text(encoding="utf-8")
    folders = {
        record.uri_prefix.removeprefix("https://w3id.org/poh-graph/").strip("/")
        for record in converter().records
        if record.prefix.startswith("poh.")
    }
    group = re.search(r"\(\?:([a-z|]+)\)", rules)
    assert group is not None
    assert folders
    assert not folders - set(group[1].split("|"))
