"""KGX: every record is of the Biolink model, and what KGX can say comes back as it was."""

from __future__ import annotations

import csv
import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from poh_graph.export import rdf
from poh_graph.export.kgx import (
    ASSOCIATIONS,
    EDGE_COLUMNS,
    LISTS,
    NODE_COLUMNS,
    Written,
    write_kgx,
)
from poh_graph.graph import Graph
from poh_graph.terms import BIOLINK, DCTERMS, ONTOLOGY, RDF, prefix_map

Record = dict[str, Any]

NOTE = "http://www.w3.org/2004/02/skos/core#note"


@pytest.fixture(scope="module")
def folder(poh: Graph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged graph as KGX."""
    path = tmp_path_factory.mktemp("kgx")
    write_kgx(poh, rdf.whole(poh), path)
    return path


@pytest.fixture(scope="module")
def biolink() -> Any:
    """The pydantic classes of the Biolink model."""
    return importlib.import_module("biolink_model.datamodel.pydanticmodel_v2")


def records(folder: Path, name: str) -> Iterator[Record]:
    """The records of one file."""
    with (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def edge(folder: Path, subject: str, object_: str, source: str) -> Record:
    """The only edge between two nodes that a named graph gives."""
    (found,) = (
        record
        for record in records(folder, "edges")
        if (record["subject"], record["object"]) == (subject, object_) and f":{source}/" in record["id"]
    )
    return found


@pytest.mark.parametrize("name", ["nodes", "edges"])
def test_every_record_is_of_the_biolink_model(folder: Path, biolink: Any, name: str) -> None:
    """Biolink's own classes take each record, and forbid slots that they do not know."""
    taken = 0
    for record in records(folder, name):
        (category,) = record["category"]
        getattr(biolink, category.removeprefix("biolink:"))(**record)
        taken += 1
    assert taken > 500


def test_the_biolink_model_refuses_what_is_none_of_it(folder: Path, biolink: Any) -> None:
    """The classes do judge: a slot that they do not know, and a predicate that this class may not have."""
    record = edge(folder, "HGNC:4392", "ORPHA:2762", "orphanet")
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        biolink.CausalGeneToDiseaseAssociation(**record, paternal=True)
    with pytest.raises(ValueError, match="contributes_to"):
        biolink.GeneToDiseaseAssociation(**{**record, "category": ["biolink:GeneToDiseaseAssociation"]})


def test_the_gene_of_poh(folder: Path) -> None:
    """Kind of association, kind of variant, and who says it under which terms of knowledge."""
    found = edge(folder, "HGNC:4392", "ORPHA:2762", "orphanet")
    assert found["category"] == ["biolink:CausalGeneToDiseaseAssociation"]
    assert found["predicate"] == "biolink:causes"
    assert found["original_predicate"] == "ORPHA:410295"
    assert found["subject_form_or_variant_qualifier"] == "loss_of_function_variant_form"
    assert (found["knowledge_level"], found["agent_type"]) == ("knowledge_assertion", "manual_agent")
    assert found["primary_knowledge_source"] == "infores:orphanet"


def test_the_parent_of_origin_is_a_qualifier_with_its_paper(folder: Path) -> None:
    """What Biolink has no slot for stays, as a word of our own lists."""
    found = edge(folder, "HGNC:4392", "ORPHA:2762", "curated")
    assert "poh:Paternal" in found["qualifiers"]
    assert "PMID:11784876" in found["publications"]


def test_an_excluded_phenotype_is_negated(folder: Path) -> None:
    """Orphanet excludes ectopic calcification (HP:0010766) in pseudopseudohypoparathyroidism's kin ORPHA:94089."""
    negated = [
        record for record in records(folder, "edges") if record.get("negated") and "frequency_qualifier" in record
    ]
    assert {record["frequency_qualifier"] for record in negated} == {"HP:0040285"}
    assert ("ORPHA:94089", "HP:0010766") in {(record["subject"], record["object"]) for record in negated}


def test_every_end_of_an_edge_is_a_node(folder: Path) -> None:
    """No edge dangles, and no node and no edge comes twice."""
    nodes = [record["id"] for record in records(folder, "nodes")]
    edges = list(records(folder, "edges"))
    assert len(nodes) == len(set(nodes))
    assert len(edges) == len({record["id"] for record in edges})
    assert {record[end] for record in edges for end in ("subject", "object")} <= set(nodes)


def test_a_mapping_that_is_not_followed_is_no_edge(poh: Graph, folder: Path) -> None:
    """SNOMED CT 404074003 names osteoma cutis: Disease Ontology's reference from POH is counted, not written."""
    assert not [record for record in records(folder, "edges") if record["object"] == "SCTID:404074003"]
    written = write_kgx(poh, rdf.whole(poh), folder)
    assert written.left_out["mapping that the graph does not follow"] == 3


def test_what_kgx_cannot_say_is_counted(poh: Graph, tmp_path: Path) -> None:
    """The counts of nodes and edges are those of the files, and the rest is named by class."""
    written = write_kgx(poh, rdf.whole(poh), tmp_path)
    assert isinstance(written, Written)
    assert written.nodes == sum(1 for _ in records(tmp_path, "nodes"))
    assert written.edges == sum(1 for _ in records(tmp_path, "edges"))
    rows = poh.select(f"SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {{ ?o a <{ONTOLOGY}EpidemiologicalObservation> }}")
    assert written.left_out["poh:EpidemiologicalObservation"] == rows.rows()[0]["n"]


@pytest.mark.parametrize(("name", "columns"), [("nodes", NODE_COLUMNS), ("edges", EDGE_COLUMNS)])
def test_the_tsv_says_the_same(folder: Path, name: str, columns: tuple[str, ...]) -> None:
    """Read without quotes, as KGX does, each row has the values of its line of JSON."""
    with (folder / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows
    assert tuple(rows[0]) == columns
    for row, record in zip(rows, records(folder, name), strict=True):
        assert record.keys() <= set(columns)
        for column in columns:
            value = record.get(column)
            if column in LISTS:
                assert row[column].split("|") == (value or [""])
            elif isinstance(value, bool):
                assert row[column] == str(value).lower()
            else:
                assert row[column].split() == ("" if value is None else str(value)).split()


def test_associations_come_back_from_kgx(poh: Graph, folder: Path) -> None:
    """From the edges alone, each association has all its statements again but notes, which KGX has no place for."""
    found = read_back(folder)
    assert len({subject for subject, _, _ in found}) > 500
    assert normal(found) == normal(stated(poh))


SLOTS = {DCTERMS + "source": BIOLINK + "publications", ONTOLOGY + "evidenceCode": BIOLINK + "has_evidence"}
"""Where KGX has a slot of another name: one for papers and pages, and one for evidence."""


def stated(graph: Graph) -> set[tuple[str, str, str]]:
    """What the graph says of each association, in the properties that KGX has for it."""
    quads = list(rdf.whole(graph).quads())
    classes = {ox.NamedNode(BIOLINK + name) for name in ASSOCIATIONS}
    statements = {quad.subject for quad in quads if quad.predicate.value == RDF + "type" and quad.object in classes}
    found = set()
    for quad in quads:
        predicate = SLOTS.get(quad.predicate.value, quad.predicate.value)
        if quad.subject in statements and predicate not in (RDF + "type", NOTE):
            slot = BIOLINK + "qualifiers" if predicate.startswith(ONTOLOGY) else predicate
            assert isinstance(quad.object, ox.NamedNode | ox.Literal)
            found.add((str(quad.subject), slot, quad.object.value))
    return found


OF_THE_GRAPH = ("id", "category", "knowledge_level", "agent_type", "primary_knowledge_source")


def read_back(folder: Path) -> set[tuple[str, str, str]]:
    """The associations as triples, from the lines of edges alone."""
    expand, found = prefix_map(), set()
    for record in records(folder, "edges"):
        if record["category"][0].removeprefix("biolink:") not in ASSOCIATIONS:
            continue
        if record["category"] == ["biolink:VariantToDiseaseAssociation"]:
            record["predicate"] = record.pop("original_predicate")
        node = f"<{expand.expand(record['id'])}>"
        for slot in record.keys() - set(OF_THE_GRAPH):
            predicate = (RDF if slot in ("subject", "predicate", "object") else BIOLINK) + slot
            values = record[slot] if isinstance(record[slot], list) else [record[slot]]
            texts = (str(value).lower() if isinstance(value, bool) else str(value) for value in values)
            found |= {(node, predicate, expand.standardize(text) or text) for text in texts}
    return found


def normal(triples: set[tuple[str, str, str]]) -> set[tuple[str, str, str]]:
    """The same with numbers as numbers: 72.0 is 72."""
    return {(s, p, str(float(o)) if o.replace(".", "").isdigit() else o) for s, p, o in triples}


def test_a_classification_is_no_is_a_unless_one_asks(poh: Graph, folder: Path, tmp_path: Path) -> None:
    """Orphanet's trees are for finding the way; HPO's are is-a."""

    def parents(where: Path) -> set[str]:
        return {
            r["predicate"] for r in records(where, "edges") if r["subject"] == "ORPHA:2762" and "broader" in r["id"]
        }

    assert parents(folder) == {"biolink:related_to_at_concept_level"}
    write_kgx(poh, rdf.whole(poh), tmp_path, subclass=True)
    assert parents(tmp_path) == {"biolink:subclass_of"}
    terms = [r for r in records(folder, "edges") if r["subject"].startswith("HP:") and r["object"].startswith("HP:")]
    assert {record["predicate"] for record in terms} == {"biolink:subclass_of"}
