"""The endpoint as clients use it: methods, datasets, formats by q-value, caching, other pages' scripts."""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from poh_graph.terms import DCTERMS, META_GRAPH
from poh_graph.web.formats import ROWS, TRIPLES
from tests.web.serving import Server

LICENSES = f"{{ ?graph <{DCTERMS}license> ?license }}"
SELECT = f"SELECT DISTINCT ?graph ?license {LICENSES} ORDER BY ?graph ?license LIMIT 3"
CONSTRUCT = f"CONSTRUCT {LICENSES} {{ {{ {SELECT} }} }}"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8"


def count(answer: httpx.Response) -> int:
    """The number that a query for one number gives."""
    assert answer.status_code == 200, answer.text
    return int(answer.json()["results"]["bindings"][0]["n"]["value"])


def over(server: Server, query: str, parameter: str) -> httpx.Response:
    """The answer to a query over one graph, which a parameter of the request names."""
    return httpx.get(server.endpoint, params={"query": query, parameter: META_GRAPH}, timeout=30)


def media_type(answer: httpx.Response) -> str:
    """What an answer is written in."""
    return answer.headers["content-type"].partition(";")[0]


@pytest.mark.parametrize("name", ROWS)
def test_rows_come_in_each_result_format(server: Server, name: str) -> None:
    """Each W3C format of results is given by media type and by short name, and holds the same rows."""
    by_accept = server.get(SELECT, {"Accept": ROWS[name][0]})
    by_name = server.get(SELECT, {"Accept": "image/png"}, format=name)
    assert media_type(by_accept) == media_type(by_name) == ROWS[name][0]
    assert by_accept.content == by_name.content
    if name not in ("csv", "tsv"):
        answer = ox.parse_query_results(by_accept.content, ox.QueryResultsFormat.from_media_type(ROWS[name][0]))
        assert isinstance(answer, ox.QuerySolutions)
        assert len(list(answer)) == 3
    else:
        assert by_accept.text.count("\n") == 4


@pytest.mark.parametrize("name", TRIPLES)
def test_triples_come_in_each_rdf_format(server: Server, name: str) -> None:
    """Each RDF format is given by media type and by short name, and holds the same triples."""
    expected = set(ox.parse(server.get(CONSTRUCT, {"Accept": "application/n-triples"}).content, ox.RdfFormat.N_TRIPLES))
    by_accept = server.get(CONSTRUCT, {"Accept": TRIPLES[name][0]})
    assert media_type(by_accept) == media_type(server.get(CONSTRUCT, format=name)) == TRIPLES[name][0]
    assert set(ox.parse(by_accept.content, ox.RdfFormat.from_media_type(TRIPLES[name][0]))) == expected
    assert len(expected) == 3


@pytest.mark.parametrize(
    ("accept", "rows", "triples"),
    [
        (None, "application/sparql-results+json", "text/turtle"),
        ("*/*", "application/sparql-results+json", "text/turtle"),
        ("", "application/sparql-results+json", "text/turtle"),
        ("no media type", "application/sparql-results+json", "text/turtle"),
        (BROWSER, "application/xml", "application/xml"),
        ("application/json", "application/json", "application/json"),
        ("text/*", "text/csv", "text/turtle"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.2", "application/sparql-results+xml", None),
        ("text/turtle, */*;q=0.1", "application/sparql-results+json", "text/turtle"),
        ("application/rdf+xml;q=0.5, text/turtle;q=0.4", None, "application/rdf+xml"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', None, "application/ld+json"),
        ("image/png", None, None),
    ],
)
def test_a_format_is_agreed_on(server: Server, accept: str | None, rows: str | None, triples: str | None) -> None:
    """The client's best format is given; where none will do, the answer is 406 and names those that there are."""
    for query, expected, formats in ((SELECT, rows, ROWS), (CONSTRUCT, triples, TRIPLES)):
        answer = server.get(query, {} if accept is None else {"Accept": accept})
        if expected:
            assert (answer.status_code, media_type(answer)) == (200, expected)
        else:
            assert answer.status_code == 406
            assert all(types[0] in answer.json()["detail"] for types in formats.values())


def test_a_query_can_be_posted_in_two_ways(server: Server) -> None:
    """A form, and the query itself, give what GET gives; percent signs are decoded once."""
    query = 'SELECT (STRLEN("100%25 é") AS ?n) {}'
    direct = httpx.post(
        server.endpoint, content=query.encode(), headers={"Content-Type": "application/sparql-query; charset=utf-8"}
    )
    assert count(server.get(query)) == count(server.post(query)) == count(direct) == 8


def test_a_dataset_may_be_named_by_the_request_or_by_the_query(server: Server) -> None:
    """The union of all graphs is the default; FROM narrows it; what the request names goes before FROM."""
    everything = count(server.get(COUNT))
    of_meta = count(server.get(COUNT.replace("{", f"FROM <{META_GRAPH}> {{")))
    assert 0 < of_meta < everything
    assert count(over(server, COUNT, "default-graph-uri")) == of_meta
    assert count(over(server, COUNT, "named-graph-uri")) == 0
    in_graph = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(server.get(in_graph)) > 1
    assert count(over(server, in_graph, "named-graph-uri")) == 1
    assert count(over(server, in_graph, "default-graph-uri")) == 0
    from_another = "SELECT (COUNT(*) AS ?n) FROM <http://example.org/none> { ?s ?p ?o }"
    assert count(server.get(from_another)) == 0
    assert count(over(server, from_another, "default-graph-uri")) == of_meta


@pytest.mark.parametrize("word", ["from", "service"])
def test_words_of_sparql_mean_nothing_in_names_strings_and_comments(server: Server, word: str) -> None:
    """A query that only speaks of such a word is answered over all graphs, like any other."""
    spoken_of = COUNT.replace("?o", f"?{word} BIND ('{word}' AS ?{word}s)")
    query = f"PREFIX {word}: <http://{word}/{word}> {spoken_of} # {word}"
    assert count(server.get(query)) == count(server.get(COUNT))


def test_head_gives_the_headers_alone(server: Server) -> None:
    """HEAD has status, format and length of the answer to GET, and no content."""
    whole = server.get(SELECT)
    head = httpx.head(server.endpoint, params={"query": SELECT})
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["content-type"] == whole.headers["content-type"]


def test_an_answer_is_not_sent_twice_to_who_has_it(server: Server) -> None:
    """The tag of the release lets a cache ask whether anything has changed; errors are kept by nobody."""
    answer = server.get(SELECT)
    assert answer.headers["vary"] == "Accept"
    assert "max-age" in answer.headers["cache-control"]
    again = server.get(SELECT, {"If-None-Match": f'"other", {answer.headers["etag"]}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert server.get(SELECT, {"If-None-Match": '"other"'}).status_code == 200
    assert server.get("no query").headers["cache-control"] == "no-store"
    assert 'rel="describedby"' in answer.headers["link"]


def test_scripts_of_other_pages_may_ask(server: Server) -> None:
    """Every origin is allowed, without its cookies, to answers and to errors; a browser may ask beforehand."""
    for answer in (server.get(SELECT, {"Origin": "https://example.org"}), server.get("no query"), server.post(SELECT)):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    headers = {
        "Origin": "https://example.org",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    before = httpx.options(server.endpoint, headers=headers)
    assert before.status_code == 204
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "Content-Type" in before.headers["access-control-allow-headers"]


def test_other_methods_are_told_which_there_are(server: Server) -> None:
    """PUT, DELETE and PATCH are 405 with the methods that are allowed; OPTIONS names them too."""
    for method in ("PUT", "DELETE", "PATCH"):
        answer = httpx.request(method, server.endpoint, params={"query": SELECT})
        assert answer.status_code == 405
        assert {"GET", "HEAD", "POST"} <= set(answer.headers["allow"].split(", "))
        assert answer.json()["status"] == 405
    assert "POST" in httpx.options(server.endpoint).headers["allow"]


def test_a_wrong_query_is_told_where_it_is_wrong(server: Server) -> None:
    """The problem names line and column, as the command line does, in the one shape of all problems."""
    answer = server.get("SELECT *\n{ ?s ?p }")
    assert answer.status_code == 400
    assert media_type(answer) == "application/problem+json"
    assert "line 2, column" in answer.json()["detail"]


def test_a_relative_iri_is_relative_to_the_endpoint(server: Server) -> None:
    """As in any document of the web, ``<x>`` is beside the address it was read from."""
    answer = server.get("SELECT (STR(<x>) AS ?n) {}")
    assert answer.json()["results"]["bindings"][0]["n"]["value"] == f"{server.address}/x"
