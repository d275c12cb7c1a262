"""The stored queries over HTTP: what the addresses of the API give, in which formats, and what is refused how."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from openapi_spec_validator import validate

from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, stored_queries
from poh_graph.store import query_form
from poh_graph.terms import SKOS, graph_iri
from poh_graph.web.api import bound
from poh_graph.web.openapi import openapi
from tests.running import Run
from tests.web.serving import Server, serving

GENES = "/api/genes-of-a-disorder"
GNAS = "http://identifiers.org/hgnc/4392"


@cache
def client() -> httpx.Client:
    """One client for all requests: making it takes longer than an answer."""
    return httpx.Client(timeout=30)


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    client().close()
    client.cache_clear()


def get(server: Server, path: str, accept: str = "*/*", **parameters: Any) -> httpx.Response:
    """The answer to a GET."""
    return client().get(server.address + path, params=parameters, headers={"Accept": accept})


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of an answer in the W3C's JSON, as plain texts."""
    assert answer.status_code == 200, answer.text
    return [{name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]]


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """What an answer of this status says went wrong."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    found: dict[str, Any] = answer.json()
    assert (found["status"], answer.headers["cache-control"]) == (status, "no-store")
    assert found["title"]
    assert found["detail"]
    return found


@pytest.mark.parametrize("disorder", ["POH", "ORPHA:2762", "orphanet:2762", "2762", "progressive osseous heteroplasia"])
def test_a_disorder_is_named_in_any_spelling(disorder: str, server: Server) -> None:
    """Name, abbreviation, code and CURIE give the gene of POH."""
    assert {row["gene"] for row in rows(get(server, GENES, disorder=disorder))} == {GNAS}


def test_without_a_value_the_default_holds(server: Server) -> None:
    """The file runs unchanged, and so does its address; another disorder has another gene."""
    assert {row["gene"] for row in rows(get(server, GENES))} == {GNAS}
    assert {row["symbol"] for row in rows(get(server, GENES, disorder="FOP"))} == {"ACVR1"}


def test_the_beginning_of_a_name_will_do(server: Server) -> None:
    """As on the command line; the answer says which address is meant."""
    answer = get(server, "/api/genes", disorder="POH")
    assert {row["gene"] for row in rows(answer)} == {GNAS}
    assert f'<{server.address}{GENES}>; rel="canonical"' in answer.headers["link"]


@pytest.mark.parametrize("query", [query.name for query in stored_queries()])
def test_each_stored_query_gives_what_its_file_gives(query: str, server: Server, built: Graph) -> None:
    """Every address answers; the rows and triples are those of the engine over the release."""
    (stored,) = [found for found in stored_queries() if found.name == query]
    if query_form(stored.text) == "SELECT":
        found = get(server, f"/api/{query}", "text/csv")
        answer = built.store.query(stored.text)
        assert isinstance(answer, ox.QuerySolutions)
        if query != "triples-per-graph":  # what describes the server has graphs of its own
            assert found.content == answer.serialize(format=ox.QueryResultsFormat.CSV)
    else:
        found = get(server, f"/api/{query}", "application/n-triples")
        triples = built.store.query(stored.text)
        assert isinstance(triples, ox.QueryTriples)
        assert {quad.triple for quad in ox.parse(found.content, ox.RdfFormat.N_TRIPLES)} == set(triples)
    assert found.status_code == 200


FORMATS = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}


@pytest.mark.parametrize("media_type", FORMATS)
def test_the_formats_are_those_of_the_endpoint(media_type: str, server: Server) -> None:
    """By ``Accept`` with its weights, or by the short name for those who cannot set it."""
    by_header = get(server, GENES, f"image/png, {media_type};q=0.7, text/html;q=0.1")
    by_name = get(server, GENES, "text/html", format=FORMATS[media_type])
    assert by_header.headers["content-type"].startswith(media_type)
    assert by_name.content == by_header.content
    assert "Accept" in by_header.headers["vary"]


def test_what_no_format_fits_is_not_acceptable(server: Server) -> None:
    """406, with what can be had."""
    assert "text/csv" in problem(get(server, GENES, "image/png"), 406)["detail"]
    problem(get(server, GENES, format="turtle"), 406)


def test_rows_come_in_parts_with_links(server: Server) -> None:
    """The parts are the whole, each row once; the last has no next."""
    path = "/api/phenotypes-of-a-disorder"
    whole = rows(get(server, path, disorder="POH"))
    found: list[dict[str, str]] = []
    answer = get(server, path, disorder="POH", limit=7)
    while True:
        part = rows(answer)
        assert 0 < len(part) <= 7
        found += part
        links = httpx.Response(200, headers={"Link": answer.headers["link"]}).links
        if "next" not in links:
            break
        answer = httpx.get(links["next"]["url"])
    assert found == whole
    assert {"first", "prev"} <= links.keys()
    assert rows(get(server, path, disorder="POH", offset=len(whole))) == []


def test_several_values_are_a_list(server: Server) -> None:
    """A parameter that is given twice has both, as in the file."""
    path = "/api/disorders-of-the-same-gene"
    both = rows(get(server, path, disorder=["POH", "FOP"]))
    assert [row for row in both if row["gene"].endswith("/4392")] != []
    assert len(both) == len(rows(get(server, path, disorder="POH"))) + len(rows(get(server, path, disorder="FOP")))


def test_head_and_caches(server: Server) -> None:
    """HEAD has the headers of GET; who has this release is told so; a page of elsewhere may read it."""
    head = httpx.head(server.address + GENES)
    answer = get(server, GENES)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(answer.content))
    assert head.headers["etag"] == answer.headers["etag"]
    assert answer.headers["access-control-allow-origin"] == "*"
    again = httpx.get(server.address + GENES, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


REFUSED: dict[str, tuple[str, dict[str, Any], int, dict[str, str]]] = {
    "a query that is not there": ("/api/gens-of-a-disorder", {}, 404, {"where": "path"}),
    "a beginning of many names": ("/api/disorders", {}, 404, {"where": "path"}),
    "an unknown name": (GENES, {"disorder": "POHH"}, 404, {"where": "parameter disorder", "found": "POHH"}),
    "an unknown code": (GENES, {"disorder": "ORPHA:1"}, 404, {"where": "parameter disorder"}),
    "an unknown IRI": (
        GENES,
        {"disorder": "http://www.orpha.net/ORDO/Orphanet_1"},
        404,
        {"found": "http://www.orpha.net/ORDO/Orphanet_1"},
    ),
    "a name of several": (GENES, {"disorder": "Fahr"}, 404, {"where": "parameter disorder"}),
    "an unknown parameter": (GENES, {"disoder": "POH"}, 400, {"where": "parameter disoder", "found": "disoder"}),
    "an empty value": (GENES, {"disorder": " "}, 400, {"where": "parameter disorder"}),
    "a limit of none": (GENES, {"limit": "0"}, 400, {"where": "parameter limit", "found": "0"}),
    "a limit in words": (GENES, {"limit": "ten"}, 400, {"expected": "a whole number from 1 to 10000"}),
    "two limits": (GENES, {"limit": ["1", "2"]}, 400, {"where": "parameter limit", "expected": "one value"}),
    "parts of a graph": ("/api/closed-graph-of-a-disorder", {"limit": "5"}, 400, {"where": "parameter limit"}),
    "no text to resolve": ("/api/resolve", {}, 400, {"where": "parameter text", "found": "nothing"}),
    "an unknown kind": ("/api/resolve", {"text": "POH", "kind": "planet"}, 400, {"where": "parameter kind"}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_where_and_what_was_expected(case: str, server: Server) -> None:
    """One shape for all of them."""
    path, parameters, status, members = REFUSED[case]
    found = problem(get(server, path, **parameters), status)
    assert members.items() <= found.items()


def test_near_misses_are_candidates(server: Server) -> None:
    """Of a query, a parameter and a disorder."""
    assert "genes-of-a-disorder" in problem(get(server, "/api/gens-of-a-disorder"), 404)["candidates"]
    assert problem(get(server, GENES, disoder="POH"), 400)["candidates"] == ["disorder"]
    near = problem(get(server, GENES, disorder="progresive osseous heteroplasia"), 404)["candidates"]
    assert near[0] == "ORPHA:2762 Progressive osseous heteroplasia"


def test_a_name_of_two_things_is_a_conflict(tmp_path: Path) -> None:
    """409 with both, and not a choice between them."""
    graph = tmp_path / "two.ttl"
    graph.write_text(
        """@prefix biolink: <https://w3id.org/biolink/vocab/> . @prefix ordo: <http://www.orpha.net/ORDO/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        ordo:Orphanet_1 a biolink:Disease ; rdfs:label "One"@en ; skos:altLabel "MAS"@en .
        ordo:Orphanet_2 a biolink:Disease ; rdfs:label "Two"@en ; skos:altLabel "MAS"@en .""",
        encoding="utf-8",
    )
    with serving("-s", graph) as server:
        found = problem(get(server, GENES, disorder="MAS"), 409)
    assert {candidate.partition(" ")[0] for candidate in found["candidates"]} == {"ORPHA:1", "ORPHA:2"}


def test_a_name_that_a_class_elsewhere_has_too_is_orphanets(server: Server) -> None:
    """Mondo and Orphanet each have a group of this name."""
    assert get(server, GENES, disorder="DERMIS DISORDER").status_code == 200


def test_names_are_resolved(server: Server) -> None:
    """All that a text may mean, best first, with how each was found; as JSON or as a table."""
    found = get(server, "/api/resolve", text="stone man syndrome").json()
    assert found["text"] == "stone man syndrome"
    assert (found["candidates"][0]["id"], found["candidates"][0]["how"]) == ("ORPHA:337", "case")
    near = get(server, "/api/resolve", text="progresive oseous", limit=3).json()["candidates"]
    assert (len(near) <= 3, near[0]["id"], near[0]["how"]) == (True, "ORPHA:2762", "similar")
    assert get(server, "/api/resolve", text="GNAS", kind="gene").json()["candidates"][0]["iri"] == GNAS
    assert get(server, "/api/resolve", text="zzzzqqqq").json()["candidates"] == []
    table = list(csv.DictReader(io.StringIO(get(server, "/api/resolve", text="POH", format="csv").text)))
    assert table[0]["id"] == "ORPHA:2762"


def test_all_queries_are_listed(server: Server) -> None:
    """Each with its question, parameters and an address that answers."""
    listed = {query["name"]: query for query in get(server, "/api").json()["queries"]}
    assert listed.keys() == {query.name for query in stored_queries()}
    assert listed["genes-of-a-disorder"]["url"] == server.address + GENES
    assert listed["what-tells-apart"]["parameters"]
    page = get(server, "/api", "text/html,*/*;q=0.8")
    assert (page.status_code, page.headers["location"]) == (303, f"{server.address}/queries")


def test_the_description_is_valid_openapi(server: Server) -> None:
    """OpenAPI 3.1, with an operation for each query whose parameters are those of the file."""
    described = get(server, "/openapi.json").json()
    validate(described)
    assert described["openapi"] == "3.1.0"
    assert described["servers"] == [{"url": server.address}]
    for query in stored_queries():
        operation = described["paths"][f"/api/{query.name}"]["get"]
        assert operation["summary"] == query.summary
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names[: len(query.parameters)] == [parameter.name for parameter in query.parameters]
    (disorder,) = [p for p in described["paths"][GENES]["get"]["parameters"] if p["name"] == "disorder"]
    assert disorder["schema"]["default"] == ["ORPHA:2762"]


@pytest.mark.parametrize(
    "query", [query for query in stored_queries() if query.parameters], ids=lambda query: query.name
)
def test_every_default_of_the_description_is_that_of_the_file(query: StoredQuery, built: Graph) -> None:
    """What OpenAPI says that a parameter is by itself, the API takes, and means the same."""
    operation = openapi("http://example.org", 10, 10, ())["paths"][f"/api/{query.name}"]["get"]
    defaults = {p["name"]: p["schema"]["default"] for p in operation["parameters"] if "default" in p["schema"]}
    text = bound(built, query, {name: [_written(value) for value in values] for name, values in defaults.items()})
    assert StoredQuery(query.name, text).parameters == query.parameters


def _written(value: object) -> str:
    """A value of JSON as a client puts it into an address."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture(scope="module")
def with_releases(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that knows two releases; the new one has a synonym of POH more."""
    newer = Bundle(tmp_path_factory.mktemp("newer") / "bundle")
    newer.path.mkdir()
    shutil.copy(bundle.manifest, newer.manifest)
    poh = "http://www.orpha.net/ORDO/Orphanet_2762"
    line = f'<{poh}> <{SKOS}altLabel> "Ossifying plaques"@en <{graph_iri("orphanet")}> .\n'
    lines = [*bundle.graph.read_text(encoding="utf-8").splitlines(keepends=True), line]
    newer.graph.write_text("".join(sorted(lines, key=str.encode)), encoding="utf-8")
    with serving("-s", bundle.path, "--diff", f"old={bundle.path}", "--diff", f"new={newer.path}") as running:
        yield running


def test_releases_are_compared(with_releases: Server) -> None:
    """What changed from one to the other, as JSON or as a table, of all or of one disorder."""
    answer = get(with_releases, "/api/diff", old="old", new="new", format="csv")
    assert answer.status_code == 200, answer.text
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert "Ossifying plaques" in row.values()
    assert "Ossifying plaques" in get(with_releases, "/api/diff", old="old", new="new", disorder="POH").text
    assert "Ossifying plaques" not in get(with_releases, "/api/diff", old="old", new="new", disorder="FOP").text
    again = httpx.get(answer.url, headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_only_releases_that_the_server_knows_are_compared(
    with_releases: Server, server: Server, tmp_path: Path
) -> None:
    """No path of the machine can be asked for; the names that there are, are told."""
    found = problem(get(with_releases, "/api/diff", old="old", new=str(tmp_path)), 404)
    assert (found["where"], found["candidates"]) == ("parameter new", ["old", "new"])
    problem(get(with_releases, "/api/diff", old="old", new="old"), 400)
    problem(get(with_releases, "/api/diff", old="old"), 400)
    problem(get(with_releases, "/api/diff", old="old", new="new", disorder="nothing of this name"), 404)
    problem(get(with_releases, "/api/diff", old="old", new="new", kind="colour"), 400)
    problem(get(server, "/api/diff", old="old", new="new"), 404)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["nothing"], "--diff nothing names no bundle."),
        (["old=nowhere"], "--diff old=nowhere names no bundle."),
        (["={bundle}"], "names no bundle."),
        (["old={bundle}", "old={bundle}"], "Two releases are called old."),
    ],
)
def test_a_release_is_a_bundle_with_a_name(given: list[str], said: str, run: Run, bundle: Bundle) -> None:
    """What is no bundle is refused before the server starts, with the form that is meant."""
    options = [word for text in given for word in ("--diff", text.format(bundle=bundle.path))]
    result = run("serve", "--port", "0", *options)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
