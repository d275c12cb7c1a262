"""Queries that want too much: each is ended or refused with the reason, and frees what it took; others are served."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import httpx
import pytest

from poh_graph.bundle import Bundle
from tests.web.processes import is_there, priority, resident_megabytes, tree, until, wait_for_merged, workers
from tests.web.serving import Server, serving

SECONDS, MEGABYTES, RESULT_MEGABYTES, TEXT_KILOBYTES = 1.2, 200, 1, 50

SMALL = (
    "SELECT ?label { <http://www.orpha.net/ORDO/Orphanet_2762> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
)

HUNDRED = " ".join(map(str, range(100)))


def cross_join(form: str, tables: int = 6, end: str = "") -> str:
    """A query over so many tables of a hundred rows each, with nothing that joins them."""
    return f"SELECT {form} {{ {' '.join(f'VALUES ?v{n} {{ {HUNDRED} }}' for n in range(tables))} }} {end}"


FOR_EVER = cross_join("(SUM(?v0 * ?v1) AS ?n)")
TOO_LONG = {
    "a cross join of tables": FOR_EVER,
    "a cross join of patterns": "SELECT (SUM(STRLEN(STR(?a))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a path of everything": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^!<x:b>)* ?b . ?b (!<x:c>|^!<x:d>)* ?c }",
    "paths in paths": "SELECT (COUNT(*) AS ?n) { ?a ((((!<x:a>)*)*/((^!<x:b>)*)*)*)* ?b }",
    "a filter on each of all pairs": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER (REGEX(STR(?c), STR(?f))) }",
    "FILTER NOT EXISTS of a cross join": (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER NOT EXISTS { ?x ?y ?z . ?u ?v ?w FILTER (?z = <x:1> && ?w = ?o) } }"
    ),
}
TOO_LARGE = {
    "everything in order": cross_join("*", end="ORDER BY DESC(?v0 + ?v1) ?v2"),
    "everything once": cross_join("DISTINCT *", end="OFFSET 999999999"),
    "everything in one string": cross_join(
        "(GROUP_CONCAT(CONCAT(STR(?v0), 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')) AS ?n)", 5
    ),
    "a string that doubles": "SELECT (STRLEN(?z) AS ?size) { BIND ('aaaaaaaaaaaaaaaa' AS ?a) "
    + " ".join(
        f"BIND (CONCAT(?{a}, ?{a}) AS ?{b})"
        for a, b in zip("abcdefghijklmnopqrstuvwxy", "bcdefghijklmnopqrstuvwxyz", strict=True)
    )
    + " }",
}
TOO_DEEP = {
    "groups": "SELECT * " + "{" * 20_000 + "}" * 20_000,
    "brackets": "SELECT * { FILTER (" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "negations": "SELECT * { FILTER (" + "!" * 40_000 + "1) }",
}


@pytest.fixture(scope="module")
def narrow(bundle: Bundle) -> Iterator[Server]:
    """A server with narrow limits, so that they are soon reached."""
    limits = (
        "--timeout",
        SECONDS,
        "--memory",
        MEGABYTES,
        "--max-result",
        RESULT_MEGABYTES,
        "--max-query",
        TEXT_KILOBYTES,
    )
    with serving("-s", bundle.path, *map(str, limits), "--workers", "2", "--waiting", "6") as running:
        wait_for_merged(running.process.pid)
        yield running


@pytest.fixture(autouse=True)
def _is_as_before(narrow: Server) -> Iterator[None]:
    """After each test the server answers as before, with as many workers, and none that is slowed down."""
    yield
    assert narrow.get(SMALL).status_code == 200
    pid = narrow.process.pid
    assert until(lambda: len(workers(pid)) == 5 and not any(map(priority, workers(pid)))), workers(pid)
    assert resident_megabytes(tree(pid)) < 500


def detail(answer: httpx.Response) -> str:
    """What a problem says; it is in the shape of all problems and tells nothing of this machine."""
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    return str(problem["detail"])


@pytest.mark.parametrize("name", TOO_LONG)
def test_a_query_without_end_is_ended(narrow: Server, name: str) -> None:
    """It ends at the limit of time (or of memory, if it gets there first), and others are answered meanwhile."""
    with ThreadPoolExecutor() as pool:
        began = time.monotonic()
        asked = pool.submit(narrow.post, TOO_LONG[name])
        while not asked.done():
            assert narrow.get(SMALL).status_code == 200
        assert time.monotonic() - began < SECONDS + 3
    answer = asked.result()
    assert answer.status_code in (504, 507), answer.text
    assert ("1.2 seconds" if answer.status_code == 504 else "memory") in detail(answer)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_query_that_takes_all_memory_is_ended(narrow: Server, name: str) -> None:
    """The limit of memory is that of the query, not of the machine; if it fills it slowly, time ends it."""
    answer = narrow.post(TOO_LARGE[name])
    assert answer.status_code in (504, 507), answer.text
    assert ("1.2 seconds" if answer.status_code == 504 else "memory") in detail(answer)


@pytest.mark.parametrize("name", TOO_DEEP)
def test_a_query_that_is_nested_too_deeply_is_refused(narrow: Server, name: str) -> None:
    """What would break the parser breaks a worker at most."""
    answer = narrow.post(TOO_DEEP[name])
    assert answer.status_code in (400, 507)
    assert detail(answer)


@pytest.mark.parametrize("opening", ["{", "{ SELECT * {", "{ ?s ?p ?o OPTIONAL {", "{ { ?s ?p ?o } UNION {"])
def test_two_hundred_nested_groups_are_no_danger(narrow: Server, opening: str) -> None:
    """They are parsed in no time, or refused within the limits."""
    closing = " ".join("}" * opening.count("{"))
    answer = narrow.post(f"SELECT * {{ {opening * 200} {closing * 200} }} LIMIT 1")
    assert answer.status_code in (200, 400, 504, 507)


def test_an_answer_that_is_too_long_is_not_begun(narrow: Server) -> None:
    """No byte of it is sent: the status says that it was too long, in each format."""
    for format_ in ("json", "csv"):
        answer = narrow.get(cross_join("*"), format=format_)
        assert answer.status_code == 507
        assert "LIMIT" in detail(answer)
    assert narrow.get(cross_join("?v0", 2)).status_code == 200


def test_a_text_that_is_too_long_is_not_read(narrow: Server) -> None:
    """Ten megabytes are refused by their length alone, or as soon as they have gone over the limit."""
    text = f"{SMALL} # {'x' * 10_000_000}"
    for body in (text.encode(), (text[at : at + 50_000].encode() for at in range(0, len(text), 50_000))):
        try:
            answer = httpx.post(narrow.endpoint, content=body, headers={"Content-Type": "application/sparql-query"})
        except httpx.TransportError:
            continue  # the connection was closed while we still sent: that is an answer too
        assert answer.status_code == 413
        assert "50,000" in detail(answer)
    assert narrow.post(f"{SMALL} # {'x' * 60_000}").status_code == 413
    address = httpx.URL(narrow.address)
    connection = HTTPConnection(address.host, address.port or 80)
    connection.request("GET", f"/sparql?query={'x' * 100_000}")
    assert connection.getresponse().status in (400, 413)
    connection.close()


def test_slow_readers_hold_no_worker(narrow: Server) -> None:
    """Clients that ask for a long answer and do not read it keep nobody waiting, though they are more than workers."""
    query = httpx.QueryParams({"query": cross_join("?v0", 2)})
    request = f"GET /sparql?{query} HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n".encode()
    address = httpx.URL(narrow.address)
    readers = [socket.create_connection((address.host, address.port)) for _ in range(4)]
    try:
        for reader in readers:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.sendall(request)
        assert [narrow.get(SMALL).status_code for _ in range(20)] == [200] * 20
    finally:
        for reader in readers:
            reader.close()


def test_a_client_that_goes_away_leaves_nothing_running(narrow: Server) -> None:
    """Its query is ended before the limit of time."""
    before = set(workers(narrow.process.pid))
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(narrow.endpoint, params={"query": FOR_EVER}, timeout=0.3)
    assert until(lambda: set(workers(narrow.process.pid)) != before, seconds=1.9)


def test_many_clients_at_once_are_served_or_told_to_come_back(narrow: Server) -> None:
    """Of two hundred, each second one with a query without end, all have an answer that says what to do."""

    def ask(number: int) -> httpx.Response:
        return narrow.get(FOR_EVER if number % 2 else SMALL)

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(ask, range(200)))
    assert {answer.status_code for answer in answers} <= {200, 503, 504}
    refused = [answer for answer in answers if answer.status_code == 503]
    assert refused
    assert all(int(answer.headers["retry-after"]) > 0 and detail(answer) for answer in refused)


def test_a_killed_query_frees_what_it_took(narrow: Server) -> None:
    """A worker that was ended is gone, and the memory of all processes is what it was."""
    before = resident_megabytes(tree(narrow.process.pid))
    assert narrow.post(TOO_LARGE["everything in order"]).status_code in (504, 507)
    old = workers(narrow.process.pid)
    assert narrow.post(FOR_EVER).status_code == 504
    assert until(lambda: sum(map(is_there, old)) == len(old) - 1)
    assert until(lambda: resident_megabytes(tree(narrow.process.pid)) < before + 60)
