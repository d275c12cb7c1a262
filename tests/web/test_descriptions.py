"""The descriptions of an instance: what SIB's tools, catalogues of data and SPARQL clients ask for, they get."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from poh_graph.bundle import Bundle, sha256
from poh_graph.queries import stored_queries
from poh_graph.store import query_form
from poh_graph.terms import BIOLINK, RDFS
from poh_graph.web.settings import Publisher, Settings
from tests.web.inside import ADDRESS, Inside
from tests.web.serving import Server

SHAPES = Path(__file__).parent.parent.parent / "shapes" / "served"

PREFIXES_OF_SIB = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""

EXAMPLES_OF_SIB = """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""

CLASSES_OF_SIB = """PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype WHERE {
  { ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    ?pp void:property ?prop .
    OPTIONAL {
      { ?pp void:classPartition [ void:class ?objectClass ] }
      UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }
  UNION {
    ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ] } }"""
"""What the editor and the assistant of SIB ask any endpoint for, in our own layout."""

LABELLED_CLASSES_OF_SIB = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?graph ?graphLabel ?subjectClass ?prop ?objectClass ?objectDatatype ?triples ?subjectClassLabel
  ?objectClassLabel ?propLabel WHERE {
  OPTIONAL {
    ?graph sd:graph ?graphDesc .
    OPTIONAL { ?graph rdfs:label ?graphLabel }
    ?graphDesc void:classPartition ?cp }
  ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
  OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
  ?pp void:property ?prop .
  OPTIONAL { ?pp void:triples ?triples }
  OPTIONAL { ?prop rdfs:label ?propLabel }
  OPTIONAL {
    { ?pp void:classPartition [ void:class ?objectClass ] . OPTIONAL { ?objectClass rdfs:label ?objectClassLabel } }
    UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } }
} ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples"""
"""The same as the editor of 2026 asks it: with labels and counts, which it shows."""

FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}

PUBLISHER = Publisher("Example Registry", "https://example.org/", "data@example.org", "https://example.org/poh")


def rows(server: Server, query: str) -> list[dict[str, str]]:
    """The rows that the endpoint gives, as plain texts."""
    answer = server.get(query, {"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200, answer.text
    return [{name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]]


def read(answer: httpx.Response) -> set[ox.Triple]:
    """The triples of an answer, by its own media type."""
    assert answer.status_code == 200, answer.text
    format_ = FORMATS[answer.headers["content-type"].partition(";")[0]]
    return {quad.triple for quad in ox.parse(answer.content, format_)}


@pytest.fixture
def elsewhere(bundle: Bundle) -> Inside:
    """The application as the world sees it at another address, run by somebody."""
    return Inside.of(Settings(str(bundle.path), "https://example.org/graph", PUBLISHER))


def test_sib_finds_the_prefixes(server: Server) -> None:
    """Every prefix that a stored query declares is declared, with the same namespace."""
    found = {row["prefix"]: row["namespace"] for row in rows(server, PREFIXES_OF_SIB)}
    used = {pair for query in stored_queries() for pair in query.prefixes.items()}
    assert found["ordo"] == "http://www.orpha.net/ORDO/"
    assert used <= found.items()


def test_sib_finds_the_stored_queries(server: Server) -> None:
    """Each is there with its question and its text, and gives the rows that it gives as a stored query."""
    found = {row["sq"].rpartition("/")[2]: row for row in rows(server, EXAMPLES_OF_SIB)}
    assert {name: row["comment"] for name, row in found.items()} == {q.name: q.summary for q in stored_queries()}
    genes = rows(server, found["genes-of-a-disorder"]["query"])
    assert {row["symbol"] for row in genes} == {"GNAS"}


def test_sib_finds_the_classes_and_what_they_have(server: Server) -> None:
    """A disorder has a label in a language and phenotypes; so an editor can complete what follows ?disorder."""
    found = {
        (row["subjectClass"], row["prop"], row.get("objectClass"), row.get("objectDatatype"))
        for row in rows(server, CLASSES_OF_SIB)
    }
    disease = BIOLINK + "Disease"
    assert (disease, RDFS + "label", None, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString") in found
    assert (disease, "http://purl.obolibrary.org/obo/RO_0002200", BIOLINK + "PhenotypicFeature", None) in found


def test_sib_finds_labels_and_counts_too(server: Server) -> None:
    """The newer question has the same answer, and shows a name for what an editor offers."""
    found = rows(server, LABELLED_CLASSES_OF_SIB)
    of_disorders = [row for row in found if row["subjectClass"] == BIOLINK + "Disease"]
    (phenotypes,) = [
        row
        for row in of_disorders
        if row.get("objectClass") == BIOLINK + "PhenotypicFeature" and row["prop"].endswith("RO_0002200")
    ]
    assert (phenotypes["propLabel"], int(phenotypes["triples"]) > 100) == ("has phenotype", True)
    classes = {(row["subjectClass"], row["prop"]) for row in rows(server, CLASSES_OF_SIB)}
    assert {(row["subjectClass"], row["prop"]) for row in found} == classes


def test_examples_are_in_a_graph_of_their_own(server: Server) -> None:
    """SIB's graph for them is one of the dataset, so that queries can be kept from it or to it."""
    graph = server.address + "/.well-known/sparql-examples"
    asked = "SELECT (COUNT(*) AS ?n) { GRAPH <%s> { ?q a <http://www.w3.org/ns/shacl#SPARQLExecutable> } }"
    assert rows(server, asked % graph) == [{"n": str(len(stored_queries()))}]


def test_each_example_is_of_the_form_of_its_query(server: Server) -> None:
    """A CONSTRUCT is a ``sh:SPARQLConstructExecutable`` with ``sh:construct``, for this endpoint."""
    answer = httpx.get(server.address + "/.well-known/sparql-examples", headers={"Accept": "application/n-triples"})
    graph = rdflib.Graph().parse(data=answer.text, format="nt")
    sh, schema = rdflib.Namespace("http://www.w3.org/ns/shacl#"), rdflib.Namespace("https://schema.org/")
    for query in stored_queries():
        node = rdflib.URIRef(f"{server.address}/.well-known/sparql-examples/{query.name}")
        form = query_form(query.text)
        assert (node, rdflib.RDF.type, sh[f"SPARQL{form.title()}Executable"]) in graph
        assert (node, sh[form.lower()], rdflib.Literal(query.text)) in graph
        assert (node, schema.target, rdflib.URIRef(server.endpoint)) in graph
        assert (node, rdflib.RDFS.comment, rdflib.Literal(query.summary, lang="en")) in graph


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void", "/.well-known/sparql-examples"])
def test_a_description_says_the_same_in_every_format(path: str, server: Server) -> None:
    """Turtle, N-Triples, RDF/XML and JSON-LD hold the same triples, each with an entity tag of its own."""
    answers = [httpx.get(server.address + path, headers={"Accept": media_type}) for media_type in FORMATS]
    first, *others = [read(answer) for answer in answers]
    assert len(first) > 20
    assert all(other == first for other in others)
    assert len({answer.headers["etag"] for answer in answers}) == len(FORMATS)
    again = httpx.get(answers[0].url, headers={"Accept": "text/turtle", "If-None-Match": answers[0].headers["etag"]})
    assert again.status_code == 304
    assert httpx.get(answers[0].url, headers={"Accept": "image/png"}).status_code == 406
    assert httpx.head(answers[0].url).status_code == 200


def test_the_endpoint_describes_itself(server: Server) -> None:
    """Language, formats, the union as default graph, and each named graph of the dataset."""
    graph = rdflib.Graph().parse(
        data=httpx.get(server.endpoint, headers={"Accept": "text/turtle"}).text, format="turtle"
    )
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert graph.value(service, sd.endpoint) == rdflib.URIRef(server.endpoint)
    assert graph.value(service, sd.supportedLanguage) == sd.SPARQL11Query
    assert (service, sd.feature, sd.UnionDefaultGraph) in graph
    formats = {str(format_).rpartition("/")[2] for format_ in graph.objects(service, sd.resultFormat)}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_CSV", "Turtle", "JSON-LD"} <= formats
    described = {str(name) for name in graph.objects(None, sd.name)}
    asked = {row["g"] for row in rows(server, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    assert described == asked


@pytest.mark.parametrize(
    ("path", "accept", "status", "begin"),
    [
        ("/sparql", "text/turtle", 200, "@prefix"),
        ("/sparql?query=ASK+{}&query=ASK+{}", "text/html", 400, "<!doctype html>"),
        ("/nowhere", "text/html", 404, "<!doctype html>"),
        ("/openapi.json", "application/json", 200, "{"),
    ],
)
def test_what_is_loaded_late_answers_the_first_request_too(path: str, accept: str, status: int, begin: str) -> None:
    """All but the queries themselves is loaded when it is first wanted: descriptions, pages, the words of a refusal."""
    answer = Inside.of(Settings()).get(path, accept)
    assert (answer.status_code, answer.text[: len(begin)].lower()) == (status, begin)


def test_the_catalogue_conforms_to_level_one(elsewhere: Inside) -> None:
    """ERDERA's first level, by our shapes: for an instance whose publisher is told, and for one that was not told."""
    shapes = rdflib.Graph().parse(SHAPES / "catalogue.ttl")
    for client in (elsewhere, Inside.of(Settings())):
        void = client.get("/.well-known/void", "application/n-triples").text
        data = rdflib.Graph().parse(data=void, format="nt")
        conforms, _, report = pyshacl.validate(data, shacl_graph=shapes)
        assert conforms, report


def test_the_shapes_of_the_catalogue_see_what_is_missing(elsewhere: Inside) -> None:
    """Without a statement that is asked for, the catalogue does not conform."""
    shapes = rdflib.Graph().parse(SHAPES / "catalogue.ttl")
    void = elsewhere.get("/.well-known/void", "application/n-triples").text
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    for predicate in (rdflib.DCTERMS.license, dcat.contactPoint, dcat.keyword, dcat.distribution, dcat.endpointURL):
        data = rdflib.Graph().parse(data=void, format="nt")
        data.remove((None, predicate, None))
        conforms, _, _ = pyshacl.validate(data, shacl_graph=shapes)
        assert not conforms, predicate


def test_every_address_is_the_public_one(elsewhere: Inside) -> None:
    """Nothing in the descriptions leads to the machine: --public-url and --publisher say where things are."""
    for path in ("/sparql", "/.well-known/void", "/.well-known/sparql-examples"):
        text = elsewhere.get(path, "application/n-triples").text
        assert "127.0.0.1" not in text
        assert ADDRESS not in text
        assert "<https://example.org/graph/sparql>" in text
    void = elsewhere.get("/.well-known/void", "application/n-triples").text
    graph = rdflib.Graph().parse(data=void, format="nt")
    vcard, dcat = rdflib.Namespace("http://www.w3.org/2006/vcard/ns#"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    assert (None, vcard.hasEmail, rdflib.URIRef("mailto:data@example.org")) in graph
    assert (None, dcat.landingPage, rdflib.URIRef("https://example.org/poh")) in graph
    assert (rdflib.URIRef("https://example.org/"), None, rdflib.Literal("Example Registry", lang="en")) in graph


def test_the_release_can_be_had_as_it_was_built(server: Server, bundle: Bundle) -> None:
    """The download that the catalogue names has the digest that the catalogue names."""
    answer = httpx.get(server.address + "/release/graph.nq")
    assert answer.content == bundle.graph.read_bytes()
    void = httpx.get(server.address + "/.well-known/void", headers={"Accept": "application/n-triples"}).text
    assert f'sha256> "{sha256(bundle.graph)}"' in void
    assert json.loads(httpx.get(server.address + "/release/manifest.json").text)["bundle_format"] == 1
    missing = httpx.get(server.address + "/release/store")
    assert missing.status_code == 404
    assert missing.headers["content-type"] == "application/problem+json"


def test_a_graph_without_a_bundle_can_be_had_too() -> None:
    """The packaged graph has its N-Quads and whose data they are; nothing else."""
    client = Inside.of(Settings())
    assert len(list(ox.parse(client.get("/release/graph.nq").content, ox.RdfFormat.N_QUADS))) > 10_000
    assert "INSERM" in client.get("/release/ATTRIBUTION.md").text
    assert client.get("/release/manifest.json").status_code == 404


def test_the_release_itself_is_not_touched(server: Server, bundle: Bundle) -> None:
    """The descriptions are in the dataset that is served, and not in the store of the bundle."""
    assert len(rows(server, "SELECT ?q { ?q a <http://www.w3.org/ns/shacl#SPARQLExecutable> }")) == len(
        stored_queries()
    )
    store = ox.Store.read_only(str(bundle.store))
    assert not store.query("ASK { GRAPH ?g { ?q a <http://www.w3.org/ns/shacl#SPARQLExecutable> } }")
