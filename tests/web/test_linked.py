"""Linked data: addresses of things, the documents that they lead to, and what those hold."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from poh_graph.about import describe
from poh_graph.bundle import Bundle
from poh_graph.closure import closed_triples
from poh_graph.graph import Graph
from poh_graph.terms import BASE, OWL, RDFS, SKOS
from poh_graph.web.settings import Settings
from poh_graph.web.things import KINDS, OWN_PATHS
from tests.web.inside import Inside

ROOT = Path(__file__).parent.parent.parent
PUBLIC = "https://example.org/graph"

POH = "http://www.orpha.net/ORDO/Orphanet_2762"
ASSOCIATION = "association/curated/2762-hgnc4392-410295"
FORMATS = {
    "text/turtle": ("ttl", ox.RdfFormat.TURTLE),
    "application/ld+json": ("jsonld", ox.RdfFormat.JSON_LD),
    "application/n-triples": ("nt", ox.RdfFormat.N_TRIPLES),
    "application/rdf+xml": ("rdf", ox.RdfFormat.RDF_XML),
}


@pytest.fixture(scope="module")
def app(bundle: Bundle) -> Inside:
    """The application of the packaged graph, at a public address with a path."""
    return Inside.of(Settings(str(bundle.path), PUBLIC))


def document(app: Inside, path: str) -> set[ox.Triple]:
    """The triples of the document at a path, by the ending of the path."""
    answer = app.get(path)
    assert answer.status_code == 200, answer.text
    ending = path.partition("?")[0].rpartition(".")[2]
    (format_,) = [found for known, found in FORMATS.values() if known == ending]
    return {quad.triple for quad in ox.parse(answer.content, format_)}


@pytest.mark.parametrize("media_type", FORMATS)
@pytest.mark.parametrize(
    "thing",
    ["/disorder/ORPHA:2762", "/gene/HGNC:4392", "/phenotype/HP:0010766", "/organization/poha", f"/{ASSOCIATION}"],
)
def test_a_thing_leads_to_the_document_that_the_client_likes(thing: str, media_type: str, app: Inside) -> None:
    """303 to the public address of the document; caches are told what it depends on."""
    answer = app.get(thing, f"image/png, {media_type};q=0.9, */*;q=0.1")
    ending, _ = FORMATS[media_type]
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PUBLIC}{thing}.{ending}")
    assert answer.headers["vary"] == "Accept"
    assert f'<{PUBLIC}{thing}.ttl>; rel="alternate"; type="text/turtle"' in answer.headers["link"]
    found = app.get(f"{thing}.{ending}")
    assert (found.status_code, found.headers["content-type"].partition(";")[0]) == (200, media_type)


@pytest.mark.parametrize("thing", ["/disorder/ORPHA:2762", "/gene/HGNC:4392", f"/{ASSOCIATION}", "/ontology"])
def test_a_document_says_the_same_in_every_format(thing: str, app: Inside) -> None:
    """Turtle, JSON-LD, N-Triples and RDF/XML hold the same triples, none of them with a blank node."""
    first, *others = [document(app, f"{thing}.{ending}") for ending, _ in FORMATS.values()]
    assert len(first) > 5
    assert all(other == first for other in others)
    assert not any(isinstance(end, ox.BlankNode) for triple in first for end in (triple.subject, triple.object))


def test_the_document_of_a_disorder_is_its_closed_graph(app: Inside, built: Graph) -> None:
    """All that is said of it and by whom; the same as the export of the disorder."""
    assert document(app, "/disorder/ORPHA:2762.nt") == closed_triples(built.store, [POH])


@pytest.mark.parametrize(
    ("thing", "iri"),
    [
        ("/disorder/ORPHA:337", "http://www.orpha.net/ORDO/Orphanet_337"),
        ("/gene/HGNC:4392", "http://identifiers.org/hgnc/4392"),
        ("/phenotype/HP:0010766", "http://purl.obolibrary.org/obo/HP_0010766"),
        (f"/{ASSOCIATION}", BASE + ASSOCIATION),
    ],
)
def test_a_document_is_closed(thing: str, iri: str, app: Inside, built: Graph) -> None:
    """It is about the thing, and names nothing whose label the graph has and the document lacks."""
    triples = document(app, f"{thing}.nt")
    subjects = {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}
    values = {t.object.value for t in triples if isinstance(t.object, ox.NamedNode)}
    labelled = {str(t.subject).strip("<>") for t in triples if t.predicate.value == RDFS + "label"}
    assert iri in subjects
    assert not built.labels((subjects | values) - labelled)


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("/disorder/POH", "/disorder/ORPHA:2762"),
        ("/disorder/2762", "/disorder/ORPHA:2762"),
        ("/disorder/orphanet:2762", "/disorder/ORPHA:2762"),
        ("/disorder/stone%20man%20syndrome", "/disorder/ORPHA:337"),
        ("/disorder/OMIM:166350", "/disorder/ORPHA:2762"),
        ("/gene/GNAS", "/gene/HGNC:4392"),
        ("/agent/poha", "/organization/poha"),
        ("/disorder/primary-osteoma-cutis", "/disorder/primary-osteoma-cutis"),
        ("/resource?iri=ORPHA:2762", "/disorder/ORPHA:2762"),
        ("/resource?iri=http://www.orpha.net/ORDO/Orphanet_2762", "/disorder/ORPHA:2762"),
        ("/resource?iri=https://w3id.org/poh-graph/association/curated/2762-hgnc4392-410295", f"/{ASSOCIATION}"),
        ("/resource?iri=https://w3id.org/poh-graph/agent/poha", "/organization/poha"),
    ],
)
def test_every_spelling_leads_to_one_address(spelling: str, address: str, app: Inside) -> None:
    """A name, a synonym, a code of another vocabulary, and what w3id.org sends on."""
    answer = app.get(spelling, "text/turtle")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PUBLIC}{address}.ttl")


@pytest.mark.parametrize(
    "thing", ["/disorder/ORPHA:2762", "/disorder/ORPHA:665", "/gene/HGNC:4392", f"/{ASSOCIATION}", "/ontology"]
)
def test_a_browser_gets_a_page(thing: str, app: Inside) -> None:
    """Of every thing, whatever its kind; a retired code has a page too, which says that it is gone."""
    answer = app.get(thing, "text/html,application/xhtml+xml,*/*;q=0.8")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PUBLIC}{thing}.html")
    page = app.get(f"{thing}.html", "text/html")
    assert page.status_code == (410 if thing.endswith(":665") else 200)
    assert page.headers["content-type"].startswith("text/html")
    assert f'<{PUBLIC}{thing}.ttl>; rel="alternate"' in page.headers.get("link", "")


def test_another_spelling_of_a_document_leads_to_it(app: Inside) -> None:
    """A document stands at one address only."""
    answer = app.get("/disorder/POH.jsonld")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PUBLIC}/disorder/ORPHA:2762.jsonld")


def test_foreign_things_are_described_too(app: Inside, built: Graph) -> None:
    """A paper and a class of Mondo are what their authorities name; Mondo's class is not taken for Orphanet's."""
    paper, class_ = "http://www.ncbi.nlm.nih.gov/pubmed/11784876", "http://purl.obolibrary.org/obo/MONDO_0008153"
    for curie, iri in (("PMID:11784876", paper), ("MONDO:0008153", class_)):
        answer = app.get(f"/resource?iri={curie}", "application/n-triples")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{PUBLIC}/resource.nt?iri={iri}")
        assert document(app, f"/resource.nt?iri={iri}") == closed_triples(built.store, [iri])


def test_an_own_iri_that_ends_like_a_document_is_a_thing(app: Inside) -> None:
    """The graph describes its files, which are called ``….ttl``: a document about such a file has an ending more."""
    path = "/graph/curated/file/organizations.ttl"
    answer = app.get(path, "text/turtle")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PUBLIC}{path}.ttl")
    assert any(
        t.subject.value == BASE + path[1:] for t in document(app, f"{path}.ttl") if isinstance(t.subject, ox.NamedNode)
    )


def test_what_much_refers_to_is_told_by_itself(built: Graph) -> None:
    """A phenotype that many disorders have is described without them, still with the labels of what it names itself."""
    phenotype = "http://purl.obolibrary.org/obo/HP_0010766"
    whole, alone = describe(built.store, phenotype), describe(built.store, phenotype, most=3)
    assert (whole.is_whole, alone.is_whole) == (True, False)
    assert set(alone.triples) < set(whole.triples)
    assert {str(t.object) for t in alone.triples if str(t.subject) == f"<{phenotype}>"} == {
        str(t.object) for t in whole.triples if str(t.subject) == f"<{phenotype}>"
    }


def test_a_retired_code_is_gone_and_says_where_it_went(app: Inside) -> None:
    """ORPHA:665 lives on in ORPHA:457059: 410, with a link, and all that is known of it."""
    thing = app.get("/disorder/ORPHA:665", "text/turtle")
    assert (thing.status_code, thing.headers["location"]) == (303, f"{PUBLIC}/disorder/ORPHA:665.ttl")
    answer = app.get("/disorder/ORPHA:665.ttl")
    assert answer.status_code == 410
    assert f'<{PUBLIC}/disorder/ORPHA:457059>; rel="successor-version"' in answer.headers["link"]
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    code = rdflib.URIRef("http://www.orpha.net/ORDO/Orphanet_665")
    assert (code, rdflib.URIRef(OWL + "deprecated"), rdflib.Literal(True)) in graph  # noqa: FBT003 - rdflib's own


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/disorder/progresive%20osseous%20heteroplasia", "ORPHA:2762 Progressive osseous heteroplasia"),
        ("/disorder/progresive%20osseous%20heteroplasia.ttl", "ORPHA:2762 Progressive osseous heteroplasia"),
        ("/gene/GNASS", "HGNC:4392 GNAS"),
    ],
)
def test_what_is_not_known_has_candidates(path: str, near: str, app: Inside) -> None:
    """404 in the shape of all problems, with the nearest."""
    answer = app.get(path, "text/turtle")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert near in answer.json()["candidates"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/association/curated/nothing", 404),
        ("/resource?iri=http://example.org/nothing", 404),
        ("/resource?iri=%3Cscript%3E", 404),
        ("/resource", 400),
        ("/resource?uri=ORPHA:2762", 400),
        ("/resource.exe?iri=ORPHA:2762", 404),
        ("/ontology.pdf", 404),
        ("/planet/mars", 404),
        ("/disorder/ORPHA:2762.xls", 404),
        ("/disorder/", 404),
        ("/disorder/%20", 404),
        ("/disorder/" + "x" * 2_000, 404),
        ("/graph/%ff%fe", 404),
        ("/graph/a%20b", 404),
        ("/graph/%3E", 404),
    ],
)
def test_what_is_not_there_is_refused(path: str, status: int, app: Inside) -> None:
    """No error of the server, whatever stands in the address."""
    answer = app.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


def test_documents_are_cached_by_format(app: Inside) -> None:
    """Each format has its own entity tag, and 304 for who has it; HEAD has the headers of GET."""
    turtle, jsonld = app.get("/gene/HGNC:4392.ttl"), app.get("/gene/HGNC:4392.jsonld")
    assert turtle.headers["etag"] != jsonld.headers["etag"]
    assert app.get("/gene/HGNC:4392.ttl", **{"If-None-Match": turtle.headers["etag"]}).status_code == 304
    assert app.get("/gene/HGNC:4392.ttl", **{"If-None-Match": jsonld.headers["etag"]}).status_code == 200
    head = app.get("/gene/HGNC:4392.ttl", method="HEAD")
    assert head.headers["content-length"] == str(len(turtle.content))
    assert app.get("/disorder/ORPHA:2762", "image/png").status_code == 406


def test_json_ld_is_about_the_thing_and_needs_no_network(app: Inside) -> None:
    """The thing stands at the top; the context stands in the document."""
    found = json.loads(app.get("/gene/HGNC:4392.jsonld").content)
    assert found["id" if "id" in found else "@id"].endswith("4392")
    assert isinstance(found["@context"], dict)
    assert json.loads(app.get("/context.jsonld").content)["@context"]


def test_the_ontology_has_its_terms(app: Inside) -> None:
    """Each own term leads to the vocabulary, in which it is defined."""
    term = app.get("/resource?iri=https://w3id.org/poh-graph/ontology%23DistinguishingFeature", "text/turtle")
    assert (term.status_code, term.headers["location"]) == (303, f"{PUBLIC}/ontology.ttl")
    graph = rdflib.Graph().parse(data=app.get("/ontology.ttl").text, format="turtle")
    feature = rdflib.URIRef(BASE + "ontology#DistinguishingFeature")
    assert graph.value(feature, rdflib.RDFS.label)
    assert graph.value(feature, rdflib.URIRef(SKOS + "definition"))


def test_w3id_sends_here_what_is_answered_here() -> None:
    """The first parts of our IRIs are the same in the redirects of w3id.org and in the addresses of this server."""
    rules = (ROOT / "ontology" / "w3id.htaccess").read_text(encoding="utf-8")
    (listed,) = re.findall(r"\^\(\(\?:([a-z|]+)\)/", rules)
    assert set(listed.split("|")) == set(OWN_PATHS)
    assert {"disorder", "gene"} <= set(OWN_PATHS) & set(KINDS)


def test_every_own_iri_of_the_graph_has_an_address(built: Graph) -> None:
    """No kind of our IRIs is missing among the paths."""
    asked = f'SELECT DISTINCT ?s {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) }}'
    firsts = {str(iri).removeprefix(BASE).partition("/")[0] for iri in built.select(asked).column("s")}
    assert {first for first in firsts if "#" not in first} - {"ontology"} <= set(OWN_PATHS)
