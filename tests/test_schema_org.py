"""schema.org: the documents are what the profiles of Bioschemas ask for, and say what the facts say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pyoxigraph as ox
import pytest

from poh_graph.export.schema_org import PROFILES, catalogue_line, document, line
from poh_graph.graph import Graph
from poh_graph.terms import SCHEMA

Node = dict[str, Any]


@pytest.fixture(scope="module")
def poh_document(poh: Graph) -> Node:
    """The document of POH."""
    return document(poh, poh.disorder("POH").iri)


@pytest.fixture(scope="module")
def profiles(releases: Path) -> dict[str, jsonschema.Draft7Validator]:
    """The JSON Schema of each profile, by the type that it is for."""
    found = {}
    for path in sorted((releases / "bioschemas").glob("*.json")):
        for node in json.loads(path.read_text(encoding="utf-8"))["@graph"]:
            if "$validation" in node:
                name = node["rdfs:subClassOf"]["@id"].removeprefix("schema:")
                checker = jsonschema.FormatChecker()
                found[name] = jsonschema.Draft7Validator(node["$validation"], format_checker=checker)
    return found


def of_type(found: Node, name: str) -> list[Node]:
    """The nodes of a type."""
    return [node for node in found["@graph"] if node["@type"] == name]


def test_the_profiles_of_bioschemas_take_each_node(
    poh_document: Node, profiles: dict[str, jsonschema.Draft7Validator]
) -> None:
    """Disease, Gene, Dataset and DataCatalog by their own schemas."""
    assert profiles.keys() == PROFILES.keys()
    for name, judge in profiles.items():
        nodes = of_type(poh_document, name)
        assert nodes
        assert not [error.message for node in nodes for error in judge.iter_errors(node)]


def test_every_packaged_disorder_fits_its_profile(poh: Graph, profiles: dict[str, jsonschema.Draft7Validator]) -> None:
    """Also those of which little is said: retired, without gene, without code."""
    for name in ("665", "FOP", "PPHP", "primary osteoma cutis", "McCune-Albright syndrome"):
        found = json.loads(line(poh, poh.disorder(name).iri))
        for node in found["@graph"]:
            if node["@type"] in profiles:
                assert not list(profiles[node["@type"]].iter_errors(node)), (name, node["@id"])


def test_the_codes_of_poh(poh_document: Node) -> None:
    """Those that poh_facts gives as the same, and no other: not SNOMED 404074003, and ICD-10 is not exact."""
    (node,) = of_type(poh_document, "MedicalCondition")
    codes = {(code["codingSystem"], code["codeValue"]) for code in node["code"]}
    assert {
        ("MONDO", "0008153"),
        ("OMIM", "166350"),
        ("MESH", "C562735"),
        ("UMLS", "C0334041"),
        ("SCTID", "719271000"),
    } <= codes
    assert ("SCTID", "404074003") not in codes
    assert "ICD10" not in {system for system, _ in codes}
    assert node["identifier"]["value"] == "ORPHA:2762"


def test_signs_are_those_that_are_found(poh: Graph, poh_document: Node) -> None:
    """POH has twelve; a sign that Orphanet excludes is none."""
    (node,) = of_type(poh_document, "MedicalCondition")
    assert len(node["signOrSymptom"]) == 12
    (other,) = of_type(json.loads(line(poh, poh.one("ORPHA:94089"))), "MedicalCondition")
    assert "http://purl.obolibrary.org/obo/HP_0010766" not in {sign["@id"] for sign in other["signOrSymptom"]}


def test_genes_and_those_who_help(poh_document: Node) -> None:
    """GNAS alone; POHA serves POH, The Chandler Project does not."""
    assert [gene["name"] for gene in of_type(poh_document, "Gene")] == ["GNAS"]
    names = {node["name"] for kind in ("NGO", "Organization") for node in of_type(poh_document, kind)}
    assert "Progressive Osseous Heteroplasia Association" in names
    assert "The Chandler Project" not in names
    assert of_type(poh_document, "MedicalTrial") == []


def test_a_dissolved_organization_says_when(poh: Graph) -> None:
    """Whoever reads the document alone must not write to an organization that is gone."""
    found = json.loads(line(poh, poh.disorder("POH").iri))
    gone = [node["dissolutionDate"] for node in found["@graph"] if "dissolutionDate" in node]
    rows = poh.query("organizations-that-serve-this-disorder", "POH")
    assert gone == [str(row["dissolved_on"]) for row in rows if row["dissolved_on"]]


def test_it_is_json_ld_of_schema_org_without_network(poh_document: Node) -> None:
    """Oxigraph reads it, and every property is schema.org's but the profile."""
    triples = list(ox.parse(json.dumps(poh_document), ox.RdfFormat.JSON_LD))
    assert len(triples) > 200
    others = {quad.predicate.value for quad in triples if not quad.predicate.value.startswith(SCHEMA)}
    assert others == {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://purl.org/dc/terms/conformsTo"}


def test_the_first_of_many_lines_is_the_catalogue(poh: Graph) -> None:
    """It lists each named graph of a source, with the licence that the source gives."""
    found = json.loads(catalogue_line(poh))
    (catalogue,) = of_type(found, "DataCatalog")
    licences = {node["@id"].rpartition("/")[2]: node["license"] for node in of_type(found, "Dataset")}
    assert licences["orphanet"] == "https://creativecommons.org/licenses/by/4.0/"
    assert licences["mondo"] == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert len(catalogue["dataset"]) == len(licences)
