"""The shapes and check queries: each rule has a bad example that it finds, and a good one that it lets pass.

``tests/shapes/FAMILY/`` belongs to ``shapes/FAMILY.ttl``, ``tests/shapes/checks/`` to ``shapes/checks/``. The head of a
bad example says what must be found, one ``# expect:`` a line: a message of a shape, or a row of a check query. Nothing
else may be found.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyshacl.constraints import CONSTRAINT_PARAMETERS_MAP
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS, SH

from poh_graph.gate.validate import validate
from poh_graph.graph import packaged as packaged_graph
from poh_graph.queries import StoredQuery, read_query
from poh_graph.store import solutions
from tests.examples import expected_rows, rows_in_turtle

ROOT = Path(__file__).parent.parent
SHAPES = ROOT / "shapes"
EXAMPLES = Path(__file__).parent / "shapes"
SHAPE = "https://w3id.org/poh-graph/shape/"
ORDO = "http://www.orpha.net/ORDO/"
KINDS = "gene-association-types"
POH = rdflib.Namespace("https://w3id.org/poh-graph/ontology#")

FAMILIES = sorted(file.stem for file in SHAPES.glob("*.ttl") if file.stem != "shapes")
CHECKS = sorted(file.stem for file in (SHAPES / "checks").glob("*.rq"))
EXAMPLES_OF_SHAPES = sorted(file for file in EXAMPLES.glob("*/*.ttl"))

# What meta holds, what older releases, whole products and registries say, and what changed is written by the program:
# it is in no file of data/.
NO_FOCUS_NODE_IN_FILES = frozenset(
    {
        *("Graph", "GoneDisorder", "Change", "Release", "Translation", "FunctionalLimitation", "Validation"),
        *("RegisteredOrganization", "TrialCondition"),
    }
)

# Where a shape lists values that a table or the ontology has too: shape → table and column, or class of the ontology.
VALUES_OF_TABLES = {
    "Disorder-inheritance": ("inheritances", "iri"),
    "Disorder-onset": ("onsets", "iri"),
    "Epidemiology-type": ("prevalence-types", "iri"),
    "Epidemiology-class": ("prevalence-classes", "iri"),
    "Epidemiology-missingValue": ("missing-values", "iri"),
    "PhenotypeAssociation-frequency": ("hpo-frequencies", "hpo_iri"),
    "GeneAssociation-kind": (KINDS, "iri"),
    "SameGene-variantKind": (KINDS, "iri"),
}
VALUES_OF_ONTOLOGY = {
    "Association-confidence": POH.ConfidenceLevel,
    "ClinicalStatement-topic": POH.Topic,
    "Epidemiology-missingValue": POH.MissingValue,
    "Feature-status": POH.FeatureStatus,
    "GeneAssociation-assessmentStatus": POH.AssessmentStatus,
    "KnowledgeGap-topic": POH.Topic,
    "PhenotypeAssociation-diagnosticValue": POH.DiagnosticValue,
    "Validation": POH.ValidationStatus,
    "Organization-status": POH.OrganizationStatus,
}
# Listed values that no table of Orphanet's words has.
VALUES_BESIDE_TABLES = {
    "Disorder-inheritance": {str(POH.NotYetDocumented)},  # the one word of Orphanet's that ORDO has no class for
    "GeneAssociation-kind": {f"http://purl.obolibrary.org/obo/RO_000400{n}" for n in range(1, 5)},  # Mondo's relations
}


@cache
def family(name: str) -> rdflib.Graph:
    """The shapes of one file."""
    return rdflib.Graph().parse(SHAPES / f"{name}.ttl", format="turtle")


@cache
def all_shapes() -> rdflib.Graph:
    """The shapes of all files."""
    graph = rdflib.Graph()
    for file in sorted(SHAPES.glob("*.ttl")):
        graph.parse(file, format="turtle")
    return graph


def named_shapes(graph: rdflib.Graph) -> set[rdflib.URIRef]:
    """The node and property shapes with an IRI."""
    return {
        shape
        for kind in (SH.NodeShape, SH.PropertyShape)
        for shape in graph.subjects(RDF.type, kind)
        if isinstance(shape, rdflib.URIRef)
    }


def local(shape: object) -> str:
    """The name of a shape without its namespace."""
    return str(shape).removeprefix(SHAPE)


@cache
def found(example: Path) -> frozenset[tuple[str, str, str]]:
    """What the shapes of its family find in an example: shape, constraint component, message."""
    data = rdflib.Graph().parse(example, format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=family(example.parent.name), inplace=True)
    return frozenset(
        (
            local(report.value(result, SH.sourceShape)),
            str(report.value(result, SH.sourceConstraintComponent)),
            str(report.value(result, SH.resultMessage)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def example_id(example: Path) -> str:
    """The name of an example in the report of the tests."""
    return f"{example.parent.name}/{example.stem}"


@pytest.mark.parametrize("example", EXAMPLES_OF_SHAPES, ids=example_id)
def test_example(example: Path) -> None:
    """A good example conforms without a warning; a bad one yields the messages that its head names, and no other."""
    assert {message for _, _, message in found(example)} == set(expected_rows(example))
    assert example.stem.startswith("good") != bool(expected_rows(example))


@pytest.mark.parametrize("name", FAMILIES)
def test_each_constraint_has_a_bad_example(name: str) -> None:
    """No constraint of a shape goes without an example that breaks it."""
    constraints = {
        (local(shape), str(CONSTRAINT_PARAMETERS_MAP[parameter].shacl_constraint_component))
        for shape in named_shapes(family(name))
        for parameter in family(name).predicates(shape)
        if parameter in CONSTRAINT_PARAMETERS_MAP and parameter != SH.ignoredProperties
    }
    broken = {(shape, component) for file in (EXAMPLES / name).glob("bad-*.ttl") for shape, component, _ in found(file)}
    assert constraints - broken == set()


@pytest.mark.parametrize("name", FAMILIES)
def test_each_family_has_a_good_example(name: str) -> None:
    """Each family of shapes has an example of how it is right."""
    assert list((EXAMPLES / name).glob("good-*.ttl"))


def test_each_shape_is_named_and_explained() -> None:
    """Each shape has an IRI, a name, a message and a severity; a message belongs to one shape alone."""
    graph = all_shapes()
    for shape in named_shapes(graph):
        assert str(shape).startswith(SHAPE)
        for property_ in (SH.name, SH.message):
            texts = list(graph.objects(shape, property_))
            assert [text.language for text in texts if isinstance(text, rdflib.Literal)] == ["en"], (shape, property_)
        assert graph.value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}, shape
        assert graph.value(shape, RDFS.isDefinedBy) == rdflib.URIRef(SHAPE), shape
    typed = set(graph.subjects(RDF.type, SH.NodeShape)) | set(graph.subjects(RDF.type, SH.PropertyShape))
    assert typed == named_shapes(graph)
    messages = Counter(str(message) for message in graph.objects(None, SH.message))
    assert [message for message, uses in messages.items() if uses > 1] == []


def test_shacl_terms_are_spelt_right() -> None:
    """A misspelt term of SHACL, which an engine passes over in silence, is noticed: SHACL's own vocabulary lacks it."""
    terms = {
        term
        for triple in all_shapes()
        for term in triple
        if isinstance(term, rdflib.URIRef) and str(term).startswith(str(SH))
    }
    # rdflib's closed namespace knows the vocabulary of the W3C, and warns of what is not in it.
    assert {term for term in terms if str(term).removeprefix(str(SH)) not in SH} == set()
    assert "propery" not in SH


def test_shapes_are_shacl_core() -> None:
    """No rule needs SPARQL inside of SHACL: what Core cannot say is a check query."""
    assert not {SH.sparql, SH.select, SH.ask, SH.js} & set(all_shapes().predicates())


@cache
def packaged() -> rdflib.Graph:
    """The files of the POH graph and the ontology, as the shapes see them: one graph, in memory."""
    graph = rdflib.Graph()
    for file in [*sorted((ROOT / "data").glob("*/*.ttl")), *sorted((ROOT / "ontology").glob("*.ttl"))]:
        graph.parse(file, format="turtle")
    return graph


def test_each_shape_meets_something() -> None:
    """A shape whose target is misspelt would pass everything: each one meets a node of the POH graph."""
    shapes = all_shapes()
    classes = set(packaged().objects(None, RDF.type))
    properties = set(packaged().predicates())
    met = {SH.targetClass: classes, SH.targetSubjectsOf: properties, SH.targetObjectsOf: properties}
    idle = {
        local(shape)
        for shape in named_shapes(shapes)
        if not any(target in terms for way, terms in met.items() for target in shapes.objects(shape, way))
    }
    assert {name for name in idle if name.split("-")[0] not in NO_FOCUS_NODE_IN_FILES} == set()


def test_the_packaged_graph_conforms() -> None:
    """The POH graph that the package carries holds all shapes and checks."""
    report = validate(packaged_graph().store)
    assert report.conforms, report.text


def test_the_packaged_graph_has_each_statement_that_it_names() -> None:
    """Where another release is read, that a statement is not there is a warning; in the package it is an error."""
    answer = packaged_graph().store.query(check_query("conflict-with-another-release").text)
    assert list(solutions(answer)) == []


def term_table(name: str) -> list[dict[str, str]]:
    """The rows of a table of Orphanet's values."""
    with (ROOT / "ontology" / "terms" / f"{name}.tsv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def listed(shape: str) -> set[str]:
    """The values that a shape allows."""
    graph = all_shapes()
    head = graph.value(rdflib.URIRef(SHAPE + shape), SH["in"])
    assert head is not None, shape
    return {str(value) for value in Collection(graph, head)}


@pytest.mark.parametrize("shape", VALUES_OF_TABLES)
def test_values_are_those_of_the_table(shape: str) -> None:
    """What a shape allows is what the table of Orphanet's values has."""
    table, column = VALUES_OF_TABLES[shape]
    values = {row[column] for row in term_table(table) if row[column]}
    assert listed(shape) == values | VALUES_BESIDE_TABLES.get(shape, set())


@pytest.mark.parametrize("shape", VALUES_OF_ONTOLOGY)
def test_values_are_those_of_the_ontology(shape: str) -> None:
    """What a shape allows is what the ontology declares."""
    values = packaged().subjects(RDF.type, VALUES_OF_ONTOLOGY[shape])
    assert listed(shape) == {str(value) for value in values}


def check_query(name: str) -> StoredQuery:
    """A check query by its name."""
    return read_query(SHAPES / "checks" / f"{name}.rq")


@pytest.mark.parametrize("name", CHECKS)
def test_check_query(name: str) -> None:
    """A check query returns the offenders that the head of its bad example names, and none of the good one."""
    example = EXAMPLES / "checks" / f"bad-{name}.trig"
    text = check_query(name).text
    assert set(rows_in_turtle(text, example)) == set(expected_rows(example)) != set()
    assert rows_in_turtle(text, EXAMPLES / "checks" / "good-world.trig") == []


@pytest.mark.parametrize("name", CHECKS)
def test_check_query_is_explained(name: str) -> None:
    """A check query says what is wrong, and what its rows are; it selects named columns."""
    query = check_query(name)
    assert query.summary.endswith(".")
    assert query.description.endswith(".")
    assert query.tags[0] == "check"
    assert query.parameters == ()
    assert "SELECT DISTINCT ?" in query.text


def table_in(name: str) -> set[tuple[str, ...]]:
    """The rows of the table that a check query carries (``VALUES (?a ?b) { (…) (…) }``), as IRIs and texts."""
    text = check_query(name).text
    prefixes = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", text, re.MULTILINE))

    def whole(term: str) -> str:
        prefix, colon, rest = term.partition(":")
        return prefixes[prefix] + rest if colon else term.strip('"')

    rows = re.findall(r"\(([\w:]+:\S+(?: [^\s()]+)+)\)", text)
    return {tuple(whole(term) for term in row.split(" ")) for row in rows}


def test_kinds_of_gene_association_are_those_of_the_table() -> None:
    """The check of gene associations knows the kinds of the table; beside them it knows Mondo's relations."""
    table = {(r["iri"], r["biolink_class"], r["biolink_predicate"], r["form_qualifier"]) for r in term_table(KINDS)}
    checked = {row for row in table_in("gene-association-against-its-kind") if "/RO_" not in row[0]}
    assert checked == table


@pytest.mark.parametrize("name", ["gene-association-without-shortcut", "gene-shortcut-without-association"])
def test_shortcuts_of_gene_associations_are_those_of_the_table(name: str) -> None:
    """The checks of shortcuts know the kinds of the table, and the relation of RO that stands for each."""
    kinds = {row["iri"] for row in term_table(KINDS)}
    shortcuts = {(row["iri"], row["ro_disease_to_gene"]) for row in term_table(KINDS) if row["ro_disease_to_gene"]}
    assert {row for row in table_in(name) if row[0] != row[1]} == shortcuts
    assert {ORDO + code for code in re.findall(r"ordo:(Orphanet_\d+)", check_query(name).text)} == kinds


def test_bounds_of_classes_are_those_of_the_table() -> None:
    """The check of bounds knows the classes of the table; where a class is open, it expects no bound (0)."""
    table = {
        (row["iri"], float(row["low_per_100_000"] or 0), float(row["high_per_100_000"] or 0))
        for row in term_table("prevalence-classes")
        if row["iri"]
    }
    assert {(iri, float(low), float(high)) for iri, low, high in table_in("bounds-against-class")} == table


def test_disorder_types_are_those_of_the_table() -> None:
    """The check of types knows the types of the table."""
    codes = re.findall(r"ordo:(Orphanet_\d+)", check_query("two-disorder-types").text)
    assert {ORDO + code for code in codes} == {row["iri"] for row in term_table("disorder-types")}


def test_each_bad_example_belongs_to_a_check() -> None:
    """No example is left of a check query that is gone."""
    examples = {file.stem.removeprefix("bad-") for file in (EXAMPLES / "checks").glob("bad-*.trig")}
    assert examples == set(CHECKS)
