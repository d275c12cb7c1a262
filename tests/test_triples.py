"""Records become the statements that the model says, and the packaged extract is what they give."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import orjson
import pyoxigraph as ox
import pytest

from poh_graph.records.orphanet import (
    CrossReference,
    Disorder,
    Gene,
    GeneAssociation,
    Parent,
    PhenotypeAssociation,
    Stub,
)
from poh_graph.records.problems import Problem
from poh_graph.sources.orphapacket import parse_packet, read_orphapackets
from poh_graph.terms import BASE, BIOLINK, OBO, ONTOLOGY, ORDO, RDFS, SCHEMA, SKOS
from poh_graph.triples.orphanet import OrphanetStatements
from tests.sources.packets import PACKET, packet

ROOT = Path(__file__).parents[1]
ROW = PACKET["Prevalences"]["Prevalence"][0]

Triples = set[tuple[str, str, str]]


def short(term: Any) -> str:
    """A term as the tests write it: the local name of an IRI, or the value of a literal with its language."""
    if isinstance(term, ox.NamedNode):
        for start in (ORDO + "Orphanet_", OBO, ONTOLOGY, BIOLINK, SCHEMA, SKOS, BASE):
            if term.value.startswith(start):
                return term.value.removeprefix(start)
        return term.value
    return f"{term.value}@{term.language}" if term.language else str(term.value)


def triples(lines: list[str]) -> Triples:
    """The statements of lines of N-Quads, all of the graph ``orphanet``."""
    quads = list(ox.parse("".join(lines), ox.RdfFormat.N_QUADS))
    assert {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)} <= {
        BASE + "graph/orphanet"
    }
    assert len(set(quads)) == len(quads) == len(lines)
    return {(short(q.subject), short(q.predicate), short(q.object)) for q in quads}


def statements(*records: Any, include_definitions: bool = True) -> Triples:
    """The statements of records."""
    writer = OrphanetStatements(include_definitions=include_definitions)
    return triples([line for record in records for line in writer.lines(record)])


def of_packet(**fields: object) -> Triples:
    """The statements of the packet of our own with some fields replaced."""
    found = parse_packet(orjson.dumps(packet(**fields)), "x.json")
    return statements(*(record for record in found if not isinstance(record, Problem)))


def about(found: Triples, subject: str) -> set[tuple[str, str]]:
    """What is said of one subject."""
    return {(p, o) for s, p, o in found if s == subject}


GENE = Gene("GNAS", "GNAS complex locus", "4392", ("139320",), ("GNAS",))
LOSS = "Disease-causing germline mutation(s) (loss of function) in"


def test_a_disorder_has_its_names_type_onset_and_inheritance() -> None:
    """The disorder of the model."""
    said = about(of_packet(Genes=..., Phenotypes=..., ExternalReferences=..., TextSection=...), "99")
    assert said == {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "Disease"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "Concept"),
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "377788"),
        (RDFS + "label", "Test disorder@en"),
        ("prefLabel", "Test disorder@en"),
        ("altLabel", "TD@en"),
        ("notation", "ORPHA:99"),
        ("http://purl.org/dc/terms/identifier", "99"),
        ("C016", "409929"),
        ("C017", "409945"),
        ("broader", "98"),
    }


def test_a_definition_keeps_its_raw_text_and_its_repairs() -> None:
    """The mended text is the definition; that commas are missing is said beside it."""
    said = about(of_packet(), "99")
    assert ("definition", "A disorder for tests with GNAS.@en") in said
    assert ("rawDefinition", "A disorder for tests with <i>GNAS</i>.") in said
    assert ("textRepair", "markup removed") in said
    assert any(predicate == "editorialNote" for predicate, _ in said)
    plain = about(of_packet(TextSection={"TextSectionType": "Definition", "Contents": "Plain, with a comma."}), "99")
    assert {p for p, _ in plain} & {"definition", "rawDefinition", "textRepair", "editorialNote"} == {"definition"}


def test_definitions_can_be_left_out() -> None:
    """The package holds only facts."""
    disorder = next(r for r in parse_packet(orjson.dumps(packet()), "x.json") if isinstance(r, Disorder))
    said = about(statements(disorder, include_definitions=False), "99")
    assert not {p for p, _ in said} & {"definition", "rawDefinition", "textRepair", "editorialNote"}


def test_stubs_and_parents() -> None:
    """A stub has a name and a notation, and no ORDO type."""
    found = statements(Stub("320716", "Rare disorders"), Parent("1", "320716", "Rare disorders"))
    assert (RDFS + "label", "Rare disorders@en") in about(found, "320716")
    assert about(found, "1") == {("broader", "320716")}


def test_a_gene_association_has_a_shortcut_each_way() -> None:
    """Kind, Biolink's words for it, and the two shortcuts."""
    found = statements(GeneAssociation("2762", GENE, LOSS))
    assert ("http://identifiers.org/hgnc/4392", "410295", "2762") in found
    assert ("2762", "RO_0004002", "http://identifiers.org/hgnc/4392") in found
    assert dict(about(found, "association/orphanet/2762-hgnc4392-410295")) == {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "CausalGeneToDiseaseAssociation",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject": "http://identifiers.org/hgnc/4392",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate": "causes",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#object": "2762",
        "original_predicate": "410295",
        "subject_form_or_variant_qualifier": "loss_of_function_variant_form",
    }


def test_a_gene_association_without_kind_has_no_shortcut() -> None:
    """Packets of 2020 to 2022; a gene without HGNC id has an own IRI by its symbol."""
    found = statements(GeneAssociation("2762", Gene("DHS6S1", None, None, (), ()), None))
    node = "association/orphanet/2762-DHS6S1-unspecified"
    assert {s for s, _, _ in found} == {node, "gene/DHS6S1"}
    assert ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "GeneToDiseaseAssociation") in about(found, node)
    assert "original_predicate" not in {p for p, _ in about(found, node)}


def test_several_omim_entries_of_a_gene_are_close_matches() -> None:
    """SHOX has one on each sex chromosome."""
    found = statements(GeneAssociation("1", Gene("SHOX", None, "10853", ("312865", "400020"), ()), LOSS))
    matches = {(p, o[-6:]) for _, p, o in found if p.endswith("Match")}
    assert matches == {("closeMatch", "312865"), ("closeMatch", "400020")}


def test_a_gene_and_a_phenotype_are_described_once() -> None:
    """What several disorders share is written with the first of them; ``triples`` refuses a line twice."""
    found = statements(
        GeneAssociation("1", GENE, LOSS), GeneAssociation("2", GENE, LOSS),
        PhenotypeAssociation("1", "HP:0010766", "Ectopic calcification", "Frequent (79-30%)"),
        PhenotypeAssociation("2", "HP:0010766", "Ectopic calcification", "Frequent (79-30%)"),
    )  # fmt: skip
    assert (RDFS + "label", "Ectopic calcification@en") in about(found, "HP_0010766")


@pytest.mark.parametrize(
    ("frequency", "end", "negated", "shortcut"),
    [
        ("Very frequent (99-80%)", "HP0040281", "false", True),
        ("Excluded (0%)", "HP0040285", "true", False),
        (None, "unspecified", "false", True),
    ],
)
def test_an_excluded_phenotype_has_no_shortcut(
    frequency: str | None, end: str, negated: str, *, shortcut: bool
) -> None:
    """Excluded is a negative statement."""
    found = statements(PhenotypeAssociation("1", "HP:0010766", "Ectopic calcification", frequency))
    said = dict(about(found, f"association/orphanet/1-HP0010766-{end}"))
    assert said["negated"] == negated
    assert said.get("frequency_qualifier") == (f"HP_{end[2:]}" if frequency else None)
    assert (("1", "RO_0002200", "HP_0010766") in found) == shortcut


CLASSES: list[tuple[dict[str, str], dict[str, str]]] = [
    ({"PrevalenceClass": ">1 / 1000"}, {"minValue": "100"}),
    ({"PrevalenceClass": "6-9 / 10 000"}, {"minValue": "60", "maxValue": "100"}),
    ({"PrevalenceClass": "1-5 / 10 000"}, {"minValue": "10", "maxValue": "60"}),
    ({"PrevalenceClass": "1-9 / 100 000"}, {"minValue": "1", "maxValue": "10"}),
    ({"PrevalenceClass": "1-9 / 1 000 000"}, {"minValue": "0.1", "maxValue": "1"}),
    ({"PrevalenceClass": "<1 / 1 000 000", "ValMoy": "no data"}, {"maxValue": "0.1"}),
    ({"PrevalenceClass": "<1 / 1 000 000", "ValMoy": "0.050"}, {"maxValue": "0.1", "value": "0.05"}),
    ({"PrevalenceClass": "Unknown"}, {"missingValue": "UnknownValue"}),
    ({"PrevalenceClass": "Not yet documented"}, {"missingValue": "NotYetDocumented"}),
    ({"PrevalenceClass": "no data", "ValMoy": "no data"}, {"missingValue": "NoData"}),
]


@pytest.mark.parametrize(("fields", "expected"), CLASSES)
def test_classes_have_half_open_bounds_or_say_what_is_missing(fields: dict[str, str], expected: dict[str, str]) -> None:
    """Bounds per 100,000; "0.0" and "no data" are never zero."""
    found = of_packet(Prevalences=[{"Prevalence": ROW | fields}])
    [node] = {s for s, _, _ in found if s.startswith("epidemiology/")}
    said = {p: o for p, o in about(found, node) if p in {"minValue", "maxValue", "value", "missingValue"}}
    assert said == expected
    assert (("unitText", "per 100000") in about(found, node)) == ("missingValue" not in expected)


def test_a_number_of_cases_is_no_rate() -> None:
    """Cases and families are counts: a value with its unit, without bounds."""
    row = {"PrevalenceType": "Cases/families", "PrevalenceQualification": "Family(ies)", "PrevalenceClass": "no data"}
    found = of_packet(Prevalences=[ROW | row | {"ValMoy": "12.0", "PrevalenceGeographic": "Korea, Republic of"}])
    [node] = {s for s, _, _ in found if s.startswith("epidemiology/")}
    assert node.startswith("epidemiology/orphanet/99-409970-korea-republic-of-")
    said = dict(about(found, node))
    assert (said["value"], said["unitText"], said["qualification"]) == ("12", "families", "Family(ies)")
    assert said["http://purl.org/dc/terms/spatial"] == "place/KR"
    assert not {"minValue", "maxValue", "missingValue"} & set(said)


def test_what_a_row_cites_is_linked_without_names_of_persons() -> None:
    """Papers are links; registries, institutions and works are names; experts are experts."""
    source = (
        "18553568[PMID]_DOI:10.1007/978-3-319-96929-9_4[OTHER]_https://www.ncbi.nlm.nih.gov/books/NBK1212/"
        "_EUROCAT_World Health Organization 2011[INST]_ISBN:9780521004398[OTHER]_ORPHANET_Dr One Person[EXPERT]"
    )
    found = of_packet(Prevalences=[ROW | {"Source": source}])
    [node] = {s for s, _, _ in found if s.startswith("epidemiology/")}
    said = about(found, node)
    assert {o for p, o in said if p == "publications"} == {
        "http://www.ncbi.nlm.nih.gov/pubmed/18553568",
        "https://doi.org/10.1007/978-3-319-96929-9_4",
        "https://www.ncbi.nlm.nih.gov/books/NBK1212",
    }
    assert {(p, o) for p, o in said if p.startswith("cited")} == {
        ("citedRegistry", "EUROCAT"), ("citedInstitution", "World Health Organization 2011"),
        ("citedWork", "ISBN:9780521004398"), ("citedParty", "OrphanetItself"), ("citedParty", "UnnamedExpert"),
    }  # fmt: skip
    assert "Person" not in str(found)


def test_a_paper_has_one_label() -> None:
    """A paper that another graph describes is not labelled again."""
    records = [r for r in parse_packet(orjson.dumps(packet()), "x.json") if not isinstance(r, Problem)]
    iri = "http://www.ncbi.nlm.nih.gov/pubmed/18553568"
    for described, labels in ((set(), {"PMID 18553568"}), ({iri}, set())):
        writer = OrphanetStatements(described=described)
        found = triples([line for record in records for line in writer.lines(record)])
        assert {o for p, o in about(found, iri) if p == RDFS + "label"} == labels


RELATIONS = [
    ("E (Exact mapping: the two concepts are equivalent)", "exactMatch"),
    ("BTNT (ORPHAcode is broader than the targeted code used to represent it)", "narrowMatch"),
    ("NTBT (ORPHAcode is narrower than the targeted code used to represent it)", "broadMatch"),
]


@pytest.mark.parametrize(("relation", "predicate"), RELATIONS)
def test_mappings_have_the_right_direction(relation: str, predicate: str) -> None:
    """A broader ORPHAcode has a narrower target."""
    found = statements(CrossReference("1", "OMIM", "166350", relation))
    assert ("1", predicate, "https://omim.org/entry/166350") in found
    node = f"mapping/orphanet/1-{predicate}-OMIM166350"
    assert ("https://w3id.org/sssom/predicate_label", relation) in about(found, node)


def test_an_undecided_mapping_is_a_string_and_a_wrong_one_has_no_triple() -> None:
    """ND is no match; W says that the two are expressly not the same."""
    undecided = statements(CrossReference("1", "OMIM", "166350", "ND (not yet decided)"))
    xref = "http://www.geneontology.org/formats/oboInOwl#hasDbXref"
    assert about(undecided, "1") == {(xref, "OMIM:166350")}
    wrong = statements(CrossReference("1", "OMIM", "166350", "W (wrong)"))
    assert about(wrong, "1") == set()
    node = about(wrong, "mapping/orphanet/1-not-exactMatch-OMIM166350")
    assert ("https://w3id.org/sssom/predicate_modifier", "Not") in node


def test_a_value_that_no_table_knows_gives_no_statement() -> None:
    """The reader has counted it; a guess would be worse."""
    for record in (
        GeneAssociation("1", Gene("X", None, "1", (), ()), "New"),
        PhenotypeAssociation("1", "HP:0000001", "All", "New"),
        CrossReference("1", "OMIM", "166350", "X (new)"),
    ):
        assert "1" not in {s for s, _, _ in statements(record)}
        assert not [s for s, _, _ in statements(record) if s.startswith("association/")]


def test_texts_are_escaped() -> None:
    """Quotes, backslashes and line feeds survive N-Quads."""
    label = 'a "b" \\ c\nd\r\t\x92'
    assert (RDFS + "label", label + "@en") in about(statements(Stub("1", label)), "1")


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    """The tool that wrote data/orphanet."""
    spec = importlib.util.spec_from_file_location("transcribe_orphanet", ROOT / "tools" / "transcribe_orphanet.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packaged() -> set[ox.Triple]:
    """The statements of data/orphanet."""
    files = (ROOT / "data" / "orphanet").glob("*.ttl")
    return {quad.triple for file in files for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)}


def test_the_packaged_extract_holds_no_definition() -> None:
    """Our package holds only facts."""
    predicates = {triple.predicate.value for triple in packaged()}
    assert not predicates & {SKOS + "definition", ONTOLOGY + "rawDefinition", ONTOLOGY + "textRepair"}


def test_the_packaged_extract_is_what_the_release_gives(tool: ModuleType, releases: Path) -> None:
    """Reader and statements give the bytes of data/orphanet from the release of July 2025."""
    records, parents = tool.read_release(releases / "orphapacket-2025-07.zip")
    files = tool.triples_by_file(records, parents)
    assert {file.stem for file in (ROOT / "data" / "orphanet").glob("*.ttl")} == set(files)
    for name, found in files.items():
        text = (ROOT / "data" / "orphanet" / f"{name}.ttl").read_text(encoding="utf-8")
        assert text == tool.turtle(found, tool.HEADS[name]), (
            f"run: python tools/transcribe_orphanet.py RELEASE ({name})"
        )


def test_poh_says_the_same_in_december_2025(releases: Path) -> None:
    """The newest packet of POH gives the same statements as the release in the package."""
    [file] = (releases / "orphapacket_2762_history").glob("2025-12-09_*_2762.json")
    writer = OrphanetStatements(include_definitions=False, described={str(t.subject)[1:-1] for t in packaged()})
    records = [r for r in read_orphapackets(file) if not isinstance(r, Problem | Stub)]
    lines = "".join(line for record in records for line in writer.lines(record))
    found = {quad.triple for quad in ox.parse(lines, ox.RdfFormat.N_QUADS)}
    assert found <= packaged()
    poh = ox.NamedNode(ORDO + "Orphanet_2762")
    assert {t for t in packaged() if t.subject == poh} <= found
    assert {t for t in packaged() if "/orphanet/2762-" in str(t.subject)} <= found
