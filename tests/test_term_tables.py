"""The tables of Orphanet's values: complete against the releases, and true to what Orphanet says."""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest
from babel import Locale

from poh_graph.countries import countries
from poh_graph.records.orphanet import Epidemiology
from poh_graph.triples.orphanet import OrphanetStatements
from poh_graph.values import orphanet_values
from tests.ontology_files import ONTOLOGY, POH, own_terms, statements, table

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

EXPECTED: dict[str, set[str]] = {
    "disorder-types": {
        "Disease",
        "Malformation syndrome",
        "Category",
        "Clinical subtype",
        "Clinical group",
        "Morphological anomaly",
        "Etiological subtype",
        "Particular clinical situation in a disease or syndrome",
        "Clinical syndrome",
        "Histopathological subtype",
        "Biological anomaly",
    },
    "gene-association-types": {
        "Disease-causing germline mutation(s) in",
        "Disease-causing germline mutation(s) (loss of function) in",
        "Disease-causing germline mutation(s) (gain of function) in",
        "Disease-causing somatic mutation(s) in",
        "Major susceptibility factor in",
        "Modifying germline mutation in",
        "Part of a fusion gene in",
        "Role in the phenotype of",
        "Candidate gene tested in",
        "Biomarker tested in",
    },
    "hpo-frequencies": {
        "Obligate (100%)",
        "Very frequent (99-80%)",
        "Frequent (79-30%)",
        "Occasional (29-5%)",
        "Very rare (<4-1%)",
        "Excluded (0%)",
    },
    "mapping-relations": {
        "E (Exact mapping: the two concepts are equivalent)",
        "NTBT (ORPHAcode is narrower than the targeted code used to represent it)",
        "BTNT (ORPHAcode is broader than the targeted code used to represent it)",
        "ND (not yet decided/unable to decide: the alignment cannot be qualified by any of the existing labels)",
        "",  # W, wrong: no release that was read has it, so its words are not known
    },
    "onsets": {
        "Antenatal",
        "Neonatal",
        "Infancy",
        "Childhood",
        "Adolescent",
        "Adult",
        "Elderly",
        "All ages",
        "No data available",
    },
    "inheritances": {
        "Autosomal dominant",
        "Autosomal recessive",
        "X-linked dominant",
        "X-linked recessive",
        "Y-linked",
        "Mitochondrial inheritance",
        "Multigenic/multifactorial",
        "Oligogenic",
        "Semi-dominant",
        "Unknown",
        "Not applicable",
        "No data available",
        "Not yet documented",
    },
    "prevalence-types": {
        "Point prevalence",
        "Prevalence at birth",
        "Lifetime Prevalence",
        "Annual incidence",
        "Cases/families",
        "no data",
    },
    "prevalence-classes": {
        ">1 / 1000",
        "6-9 / 10 000",
        "1-5 / 10 000",
        "1-9 / 100 000",
        "1-9 / 1 000 000",
        "<1 / 1 000 000",
        "Unknown",
        "Not yet documented",
        "no data",
    },
    "qualifications": {"Value and class", "Class only", "Case(s)", "Family(ies)", "no data"},
    "missing-values": {"no data", "No data available", "Unknown", "Not yet documented", "Not applicable"},
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_table_has_exactly_orphanets_values(name: str) -> None:
    """A table holds each value that Orphanet uses, once, and no other."""
    values = [row["value"] for row in table(name)]
    assert len(values) == len(set(values))
    assert set(values) == EXPECTED[name]


@pytest.mark.parametrize("name", [*sorted(EXPECTED), "places"])
def test_each_row_stands_for_a_term_or_says_why_not(name: str) -> None:
    """Each row has an IRI or the own term for its missing value; each own term in a table is defined."""
    for row in table(name):
        assert None not in row, row  # a cell too many
        iris = [cell for cell in row.values() if cell and cell.startswith(("http://", "https://"))]
        assert iris or name == "qualifications", row
        assert all(iri in own_terms() for iri in iris if iri.startswith(POH)), row
        for iri in iris:
            ox.NamedNode(iri)


def test_the_tables_of_values_agree_on_what_is_missing() -> None:
    """A word for a missing value stands for the same own term in every table, and the five words for five terms."""
    kinds = {row["value"]: row["iri"] for row in table("missing-values")}
    assert len(set(kinds.values())) == len(kinds) == 5
    for name in ("onsets", "inheritances", "prevalence-types", "prevalence-classes", "qualifications", "places"):
        for row in table(name):
            assert row["missing_value"] == kinds.get(row["value"], ""), (name, row)


def test_kinds_of_gene_association_say_what_orphanet_says() -> None:
    """Each kind has ORDO's code, Biolink's class, predicate and form, and RO's relation in its true direction.

    Loss of function is RO:0004002. Mondo's tables give RO:0004001, which is gain of function.
    """
    got = {
        tuple(cell.rsplit("/", 1)[-1].removeprefix("Orphanet_") for cell in row.values() if cell is not row["value"])
        for row in table("gene-association-types")
    }
    causal, plain = "CausalGeneToDiseaseAssociation", "GeneToDiseaseAssociation"
    assert got == {
        ("317343", causal, "causes", "", "RO_0004003"),
        ("410295", causal, "causes", "loss_of_function_variant_form", "RO_0004002"),
        ("410296", causal, "causes", "gain_of_function_variant_form", "RO_0004001"),
        ("317344", causal, "causes", "", "RO_0004004"),
        ("317345", plain, "contributes_to", "", ""),
        ("317346", plain, "contributes_to", "", ""),
        ("317348", plain, "associated_with", "", ""),
        ("317349", plain, "associated_with", "", ""),
        ("327767", plain, "associated_with", "", ""),
        ("465410", plain, "associated_with", "", ""),
    }


def test_mapping_relations_keep_their_direction() -> None:
    """A broader ORPHAcode has a narrower target; what is not decided is a cross-reference; what is wrong is negated."""
    got = {
        row["code"]: (row["predicate"].rsplit("#", 1)[1], row["predicate_modifier"])
        for row in table("mapping-relations")
    }
    assert got == {
        "E": ("exactMatch", ""),
        "NTBT": ("broadMatch", ""),
        "BTNT": ("narrowMatch", ""),
        "ND": ("hasDbXref", ""),
        "W": ("exactMatch", "Not"),
    }


def test_prevalence_classes_are_half_open_and_leave_no_gap() -> None:
    """The bounds per 100,000 join from class to class: where one ends, the next begins."""
    bounds = {row["value"]: (row["low_per_100_000"], row["high_per_100_000"]) for row in table("prevalence-classes")}
    assert bounds == {
        "<1 / 1 000 000": ("", "0.1"),
        "1-9 / 1 000 000": ("0.1", "1"),
        "1-9 / 100 000": ("1", "10"),
        "1-5 / 10 000": ("10", "60"),
        "6-9 / 10 000": ("60", "100"),
        ">1 / 1000": ("100", ""),
        "Unknown": ("", ""),
        "Not yet documented": ("", ""),
        "no data": ("", ""),
    }


def test_frequencies_have_the_codes_and_bounds_of_their_words() -> None:
    """Each frequency has HPO's term, ORDO's code and bounds in per cent."""
    got = {
        (
            row["hpo_iri"].rsplit("_", 1)[1],
            row["ordo_iri"].rsplit("_", 1)[1],
            int(row["low_percent"]),
            int(row["high_percent"]),
        )
        for row in table("hpo-frequencies")
    }
    assert got == {
        ("0040280", "453310", 100, 100),
        ("0040281", "453311", 80, 99),
        ("0040282", "453312", 30, 79),
        ("0040283", "453313", 5, 29),
        ("0040284", "453314", 1, 4),
        ("0040285", "453315", 0, 0),
    }


def test_places_of_the_table_are_described() -> None:
    """Each place of places.tsv is a location with the label and code of the table in the ontology, and no other is."""
    expected = {
        row["iri"]: (row["label"], row["code"]) for row in table("places") if row["iri"] and not row["missing_value"]
    }
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for name in ("places.ttl", "poh-graph.ttl"):
        for subject, predicate, value in statements(ONTOLOGY / name):
            found[subject.value][predicate.value] = value.value
    for iri, (label, code) in expected.items():
        assert found[iri][RDFS + "label"] == label
        assert found[iri].get(SKOS + "notation", "") == code
    places = {subject.value for subject, _, _ in statements(ONTOLOGY / "places.ttl")}
    assert places == {iri for iri in expected if not iri.startswith(POH)}


def test_codes_of_places_are_written_as_their_standards_say() -> None:
    """A country has two capital letters, a region three digits, and no two places share a code."""
    forms = {"ISO 3166-1 alpha-2": r"[A-Z]{2}", "UN M49": r"\d{3}", "": ""}
    rows = table("places")
    assert not [row for row in rows if not re.fullmatch(forms[row["code_system"]], row["code"])]
    codes = [row["code"] for row in rows if row["code"]]
    assert len(codes) == len(set(codes))


OTHER_NAMES = {"BN", "CZ", "HK", "IR", "KP", "KR", "MD", "PS", "RU", "TR", "TW", "TZ", "VN", "001", "035"}
"""Codes of places that Orphanet calls by their official name, or as UN M49 does; CLDR has the usual one."""


def test_codes_of_places_are_those_of_the_locale_data() -> None:
    """Each code is one of CLDR's, and but for a few the name is the same; CLDR's countries are those of ISO 3166-1."""
    known: dict[str, str] = dict(Locale("en").territories)
    assert len(countries()) == 249
    for row in table("places"):
        if row["code"]:
            name = known[row["code"]].replace("&", "and").casefold()
            assert (name == row["label"].casefold()) is (row["code"] not in OTHER_NAMES), row


def test_a_country_that_no_table_has_is_read_and_described() -> None:
    """Its IRI is made of its code, as those of the table are; a country of the table by its usual name is the same."""
    places = orphanet_values().places
    fiji, turkey = places.get("Fiji"), places.get("Türkiye")
    assert fiji is not None
    assert (fiji.iri, fiji.country) == ("https://w3id.org/poh-graph/place/FJ", ("FJ", "Fiji"))
    assert turkey == places.get("Turkey")
    assert "Atlantis" not in places
    row = Epidemiology("99", "Point prevalence", "Class only", "<1 / 1 000 000", "0.0", "Fiji", (), "00000000")
    once, again = (OrphanetStatements().lines(row) for _ in range(2))
    assert once == again
    described = [line.split("> ", 1)[1] for line in once if line.startswith(f"<{fiji.iri}>")]
    assert [line.rsplit(" <", 1)[0] for line in described[1:]] == [
        '<http://www.w3.org/2000/01/rdf-schema#label> "Fiji"@en',
        '<http://www.w3.org/2004/02/skos/core#notation> "FJ"',
    ]


FIELDS = {
    "DisorderGeneAssociationType": "gene-association-types",
    "HPOFrequency": "hpo-frequencies",
    "DisorderMappingRelation": "mapping-relations",
    "PrevalenceType": "prevalence-types",
    "PrevalenceQualification": "qualifications",
    "PrevalenceClass": "prevalence-classes",
    "PrevalenceGeographic": "places",
    "DisorderType": "disorder-types",
    "AverageAgeOfOnset": "onsets",
    "TypeOfInheritance": "inheritances",
}
"""Key of a packet → table. The last three hold their text under "value"."""


def collect(node: object, under: str, found: dict[str, set[str]]) -> None:
    """Add each text below a node to the set of the table that its key has."""
    if isinstance(node, list):
        for item in node:
            collect(item, under, found)
    elif isinstance(node, dict):
        for key, value in node.items():
            name = under if key == "value" else key
            if isinstance(value, str) and name in FIELDS:
                found[FIELDS[name]].add(value)
            collect(value, name, found)


@pytest.mark.parametrize("release", ["2024-12", "2025-07"])
def test_the_tables_hold_every_value_of_a_whole_release(release: str, releases: Path) -> None:
    """No packet of a release has a value that its table lacks."""
    path = releases / f"orphapacket-{release}.zip"
    found: dict[str, set[str]] = defaultdict(set)
    packets = 0
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.search(r"ORPHApacket_\d+\.json$", name):
                collect(json.loads(archive.read(name)), "", found)
                packets += 1
    assert packets > 9000
    assert set(found) == set(FIELDS.values())
    missing = {name: values - {row["value"] for row in table(name)} for name, values in found.items()}
    assert not {name: values for name, values in missing.items() if values}
