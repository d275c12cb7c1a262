"""The figures of a graph: what is counted from its lines is what SPARQL counts."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.building.partitions import DATASET, count, void_lines, write_void
from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.rows import Rows
from poh_graph.terms import BIOLINK, RDFS, VOID

DISTINCT = "SELECT DISTINCT ?s ?p ?o WHERE { ?s ?p ?o }"
SAME_AS_SPARQL = {
    "triples": f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ {DISTINCT} }} }}",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s ?p ?o }",
    "distinctObjects": "SELECT (COUNT(DISTINCT ?o) AS ?n) WHERE { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) WHERE { ?s a ?c }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
}


@pytest.fixture(scope="module")
def figures(doubled: Bundle) -> ox.Store:
    """The figures of a bundle in which two graphs hold the same triples, as a store to ask."""
    store = ox.Store()
    store.load("".join(void_lines(count(lambda: _lines(doubled.graph)))), ox.RdfFormat.N_TRIPLES)
    return store


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def _rows(store: ox.Store, text: str) -> list[tuple[str, ...]]:
    answer = store.query(f"PREFIX void: <{VOID}> PREFIX void-ext: <http://ldf.fi/void-ext#> {text}")
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(str(value) for value in row.values()) for row in Rows.of(answer).rows()]


@pytest.mark.parametrize("figure", SAME_AS_SPARQL)
def test_a_figure_of_the_graph_is_what_sparql_counts(figure: str, figures: ox.Store, built: Graph) -> None:
    """Triples, subjects, objects, classes and properties; a triple that two graphs hold counts once."""
    (found,) = _rows(figures, f"SELECT ?n {{ <{DATASET}> void:{figure} ?n }}")
    assert found == (str(built.select(SAME_AS_SPARQL[figure]).rows()[0]["n"]),)


USES = {
    "properties": ("?p", "", "?used void:property ?p ; void:triples ?n"),
    "classes of values": (
        "?p ?k",
        "?o a ?k",
        "?used void:property ?p ; void:classPartition [ void:class ?k ; void:triples ?n ]",
    ),
    "datatypes of values": (
        "?p ?k",
        "FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?k)",
        "?used void:property ?p ; void-ext:datatypePartition [ void-ext:datatype ?k ; void:triples ?n ]",
    ),
}
"""What is counted of a class: what it is grouped by, what SPARQL asks for besides, and the shape of the partition."""


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("class_", ["Disease", "Gene"])
def test_the_uses_of_a_class_are_what_sparql_counts(class_: str, use: str, figures: ox.Store, built: Graph) -> None:
    """The triples of each of its properties, and those of them whose value is of a class or of a datatype."""
    keys, besides, shape = USES[use]
    triples = f"SELECT DISTINCT ?s ?o {keys} WHERE {{ ?s a <{BIOLINK}{class_}> ; ?p ?o . {besides} }}"
    expected = built.select(f"SELECT {keys} (COUNT(*) AS ?n) WHERE {{ {{ {triples} }} }} GROUP BY {keys}")
    partition = f"?part void:class <{BIOLINK}{class_}> ; void:propertyPartition ?used ."
    found = _rows(figures, f"SELECT {keys} ?n {{ <{DATASET}> void:classPartition ?part . {partition} {shape} }}")
    assert len(found) > 0
    assert set(found) == {tuple(str(value) for value in row.values()) for row in expected.rows()}


@pytest.mark.parametrize("class_", ["Disease", "Gene", "PhenotypicFeature", "DiseaseToPhenotypicFeatureAssociation"])
def test_the_things_of_a_class_are_what_sparql_counts(class_: str, figures: ox.Store, built: Graph) -> None:
    """A thing that two graphs type counts once."""
    asked = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a <{BIOLINK}{class_}> }}"
    partition = f"<{DATASET}> void:classPartition [ void:class <{BIOLINK}{class_}> ; void:entities ?n ]"
    assert _rows(figures, f"SELECT ?n {{ {partition} }}") == [(str(built.select(asked).rows()[0]["n"]),)]


def test_a_label_with_a_language_and_a_symbol_without_are_different_kinds_of_value(figures: ox.Store) -> None:
    """The label of a disorder has a language; the symbol of a gene has none."""
    asked = """SELECT ?class ?d { ?part void:class ?class ; void:propertyPartition ?used .
      ?used void:property <%slabel> ; void-ext:datatypePartition [ void-ext:datatype ?d ] .
      VALUES ?class { <%sDisease> <%sGene> } }"""
    found = set(_rows(figures, asked % (RDFS, BIOLINK, BIOLINK)))
    assert (f"{BIOLINK}Disease", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString") in found
    assert (f"{BIOLINK}Gene", "http://www.w3.org/2001/XMLSchema#string") in found


def test_the_file_is_turtle_with_the_same_statements(doubled: Bundle, tmp_path: Path) -> None:
    """What is written is what was counted, and no partition is a blank node."""
    counted = count(lambda: _lines(doubled.graph))
    write_void(counted, tmp_path / "void.ttl")
    read = {quad.triple for quad in ox.parse(path=str(tmp_path / "void.ttl"))}
    assert read == {quad.triple for quad in ox.parse("".join(void_lines(counted)), ox.RdfFormat.N_TRIPLES)}
    assert not any(isinstance(triple.subject, ox.BlankNode) for triple in read)


def test_a_bundle_carries_its_figures(bundle: Bundle, built: Graph) -> None:
    """A bundle says how many disorders it holds without asking its store."""
    store = ox.Store()
    store.load(path=str(bundle.figures))
    (found,) = _rows(store, f"SELECT ?n {{ ?part void:class <{BIOLINK}Disease> ; void:entities ?n }}")
    asked = f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s a <{BIOLINK}Disease> }}"
    assert found == (str(built.select(asked).rows()[0]["n"]),)
