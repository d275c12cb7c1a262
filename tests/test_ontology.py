"""The ontology: every own term described and used, every borrowed term labelled."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.graph import Graph
from tests.ontology_files import (
    ONTOLOGY,
    POH,
    ROOT,
    data_files,
    named_terms,
    own_terms,
    statements,
    texts,
    turtle_head,
)

DEFINED_BY = "https://w3id.org/poh-graph/ontology"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
SCHEMA = "http://schema.org/"
VANN = "http://purl.org/vocab/vann/"
RDF_TYPE = RDF + "type"

# --- own terms ---


@pytest.mark.parametrize("predicate", [RDFS + "label", SKOS + "definition"])
def test_each_own_term_has_one_english_text(predicate: str) -> None:
    """Each own term has exactly one label and one definition, in English."""
    wrong = [
        term
        for term, said in own_terms().items()
        if [value.language for value in said[predicate] if isinstance(value, ox.Literal)] != ["en"]
    ]
    assert not wrong


def test_each_own_term_is_defined_by_the_ontology_and_typed() -> None:
    """Each own term says which ontology defines it, and what kind of term it is."""
    wrong = [
        term
        for term, said in own_terms().items()
        if texts(said[RDFS + "isDefinedBy"]) != [DEFINED_BY] or not said[RDF_TYPE]
    ]
    assert not wrong


def test_each_example_is_turtle_that_uses_its_term() -> None:
    """The example of each own term parses with our prefixes, and the term occurs in it."""
    wrong = {}
    for term, said in own_terms().items():
        for example in texts(said[SKOS + "example"]) or [""]:
            text = f"@base <https://w3id.org/poh-graph/> .\n{turtle_head()}\n{example} ."
            try:
                quads = list(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
                used = {node.value for quad in quads for node in named_terms(quad)}
            except SyntaxError as error:
                wrong[term] = str(error)
                continue
            if term not in used:
                wrong[term] = f"not used in: {example}"
    assert not wrong


def test_each_example_holds_in_the_packaged_graph(poh: Graph) -> None:
    """An example that names a statement on POH is no place for a wrong fact: the packaged graph has its triples."""
    wrong = []
    for term, said in own_terms().items():
        for example in texts(said[SKOS + "example"]):
            text = f"@base <https://w3id.org/poh-graph/> .\n{turtle_head()}\n{example} ."
            triples = "".join(f"{quad.triple} ." for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
            if re.search(r"curated/|epidemiology/orphanet/2762-", example) and not poh.sparql(f"ASK {{ {triples} }}"):
                wrong.append(f"{term}: {example}")
    assert not wrong


def test_labels_of_a_kind_are_unique() -> None:
    """No two classes, no two properties and no two individuals of a list share a label."""
    seen: dict[tuple[str, str], str] = {}
    doubled = []
    for term, said in own_terms().items():
        for kind in texts(said[RDF_TYPE]):
            if kind == OWL + "NamedIndividual":
                continue
            key = (kind, texts(said[RDFS + "label"])[0])
            doubled += [(term, seen[key])] if key in seen else []
            seen[key] = term
    assert not doubled


def test_each_property_says_where_it_is_used() -> None:
    """Each own property names classes that it joins, as schema:domainIncludes and schema:rangeIncludes."""
    wrong = [
        term
        for term, said in own_terms().items()
        if {OWL + "ObjectProperty", OWL + "DatatypeProperty"} & set(texts(said[RDF_TYPE]))
        and not (said[SCHEMA + "domainIncludes"] and said[SCHEMA + "rangeIncludes"])
    ]
    assert not wrong


def test_own_terms_point_only_to_defined_own_terms() -> None:
    """No class, domain, range or super-property of an own term is an own term that does not exist."""
    known = set(own_terms())
    missing = {
        value.value
        for _, _, value in statements(ONTOLOGY / "poh-graph.ttl")
        if isinstance(value, ox.NamedNode) and value.value.startswith(POH)
    } - known
    assert not missing


def test_the_ontology_is_described() -> None:
    """The header names version, licence, publisher, dates, citation, prefix and namespace."""
    said: dict[str, list[str]] = defaultdict(list)
    for subject, predicate, value in statements(ONTOLOGY / "poh-graph.ttl"):
        if subject.value == DEFINED_BY:
            said[predicate.value].append(value.value)
    assert said[OWL + "versionIRI"] == ["https://w3id.org/poh-graph/ontology/0.1.0"]
    assert said[DCTERMS + "license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert said[VANN + "preferredNamespacePrefix"] == ["poh"]
    assert said[VANN + "preferredNamespaceUri"] == [POH]
    for name in ("title", "description", "publisher", "created", "modified", "bibliographicCitation"):
        assert said[DCTERMS + name], name


# --- in step with data, shapes, queries, program and model ---


def uses(path: Path) -> set[str]:
    """The own terms that a text names, as prefixed names or as full IRIs."""
    text = path.read_text(encoding="utf-8")
    return {POH + name for name in re.findall(rf"(?:\bpoh:|{re.escape(POH)})([A-Za-z]+)", text)}


def built_by_the_program() -> set[str]:
    """The own terms that the program builds from a name: poh("name") or ONTOLOGY + "name"."""
    return {
        POH + name
        for path in files("poh_graph/**/*.py")
        for name in re.findall(r'(?:\bpoh\(|\bONTOLOGY \+ )"(\w+)"', path.read_text(encoding="utf-8"))
    }


def files(*patterns: str) -> list[Path]:
    """The files of the project that fit the patterns, sorted."""
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def test_data_uses_only_defined_own_terms() -> None:
    """Each poh: term in the data is defined: a misspelt one is an error, not a new term."""
    unknown: dict[str, set[str]] = defaultdict(set)
    for path in [*data_files(), ROOT / "data" / "organization.template.ttl"]:
        for statement in statements(path):
            for node in statement:
                if isinstance(node, ox.NamedNode) and node.value.startswith(POH) and node.value not in own_terms():
                    unknown[path.name].add(node.value)
    assert not unknown


def test_shapes_queries_and_program_use_only_defined_own_terms() -> None:
    """Each poh: term in shapes, stored queries and the program is defined."""
    readers = files("shapes/**/*.ttl", "shapes/**/*.rq", "queries/*.rq", "poh_graph/**/*.py")
    unknown = {path.name: missing for path in readers if (missing := uses(path) - set(own_terms()))}
    assert not unknown


def test_each_own_term_is_used() -> None:
    """No own term is unused: data, shapes, queries, the program, the model page or a table needs it."""
    used: set[str] = set()
    for path in files("data/**/*.ttl", "shapes/**/*.ttl", "queries/*.rq", "ontology/terms/*.tsv", "ontology/MODEL.md"):
        used |= uses(path)
    used |= built_by_the_program()
    # The model page gives the words of fixed lists in backticks, without prefix.
    used |= {POH + word for word in re.findall(r"`(\w+)`", (ONTOLOGY / "MODEL.md").read_text(encoding="utf-8"))}
    assert not sorted(set(own_terms()) - used)


def test_own_terms_of_the_program_are_defined() -> None:
    """What the program builds from a name is a defined own term."""
    assert not sorted(built_by_the_program() - set(own_terms()))


VOCABULARIES = re.compile(
    r"https://w3id\.org/(biolink/vocab|sssom|semapv/vocab)/"
    r"|http://(schema\.org|purl\.org/dc/terms|purl\.org/pav|xmlns\.com/foaf/0\.1)/"
    r"|http://(www\.w3\.org/|rdfs\.org/ns/void#|www\.geneontology\.org/formats/oboInOwl#|biohackathon\.org/resource/faldo#)"
    r"|http://purl\.obolibrary\.org/obo/(RO|SO|NCBITaxon)_"
    r"|http://www\.orpha\.net/ORDO/Orphanet_C\d"
)
"""Namespaces whose terms are vocabulary. Of ORDO only the properties: its other codes may be disorders."""


def labelled() -> set[str]:
    """All IRIs that a file of the ontology labels."""
    return {
        subject.value
        for path in ONTOLOGY.glob("*.ttl")
        for subject, predicate, _ in statements(path)
        if predicate.value == RDFS + "label"
    }


def test_each_borrowed_term_of_the_data_has_a_label() -> None:
    """Each term of another vocabulary that the data uses has a label in the ontology; if not: borrowed-terms.ttl."""
    borrowed = {
        node.value
        for path in data_files()
        for _, predicate, value in statements(path)
        for node in (predicate, value)
        if isinstance(node, ox.NamedNode) and VOCABULARIES.match(node.value)
    }
    assert not sorted(borrowed - labelled())


def test_borrowed_terms_are_not_defined_as_ours() -> None:
    """Each borrowed term says which vocabulary defines it, and none of them is ours."""
    by: dict[str, set[str]] = defaultdict(set)
    subjects = set()
    for subject, predicate, value in statements(ONTOLOGY / "borrowed-terms.ttl"):
        subjects.add(subject.value)
        if predicate.value == RDFS + "isDefinedBy":
            by[subject.value].add(value.value)
    assert not [term for term in subjects if len(by[term]) != 1 or DEFINED_BY in by[term] or term.startswith(POH)]
