"""Requests that want out, in, or to know more than the data: nothing is reached, written or told."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest

from poh_graph import __version__
from poh_graph.bundle import Bundle, sha256
from poh_graph.web.settings import Limits
from tests.web.processes import until, workers
from tests.web.serving import Server

UPDATES = (
    "INSERT DATA { <x:s> <x:p> <x:o> }",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "DROP ALL",
    "LOAD <{place}>",
    "LOAD <file:///etc/passwd>",
    "CREATE GRAPH <x:g>",
)
AWAY = (
    "SELECT * {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{place}> {{ ?s ?p ?o }} }}",
    "select * {{ sErViCe<{place}>{{?s ?p ?o}} }}",
    "ASK {{ SERVICE # <x:y>\n <{place}> {{ }} }}",
    "ASK {{ SERVICE/**/<{place}> {{ }} }}",
    "PREFIX : <{place}> ASK {{ SERVICE:x {{ }} }}",
    "PREFIX service: <{place}> ASK {{ SERVICE service:x {{ }} }}",
    "ASK {{ VALUES ?s {{ <{place}> }} SERVICE ?s {{ ?a ?b ?c }} }}",
    "SELECT * {{ ?s ?p 1SERVICE <{place}> {{ ?s ?p ?o }} }}",
    'SELECT * {{ ?s ?p "x"@enSERVICE <{place}> {{ ?s ?p ?o }} }}',
    "SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }} }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <{place}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ \\u0053ERVICE <{place}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \u017fERVICE <{place}> {{ ?s ?p ?o }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{place}> {{ ?s ?p ?o }} }}",
)
ELSEWHERE = (
    "SELECT * FROM <{place}> {{ ?s ?p ?o }}",
    "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{place}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <file:///etc/passwd> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{place}>",
)
ODD_HEADERS = (
    {"Accept": "a" * 5000},
    {"Accept": "text/turtle;q=nonsense, \x7f"},
    {"Accept": ", ".join(f"x/y{number}" for number in range(2000))},
    {"If-None-Match": '"' * 1000},
    {"Content-Type": ";;;"},
    {"Content-Length": "-1"},
    {"Range": "bytes=0-1"},
    {"Host": "evil.example"},
    {"X-Forwarded-For": "'; DROP TABLE", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "javascript"},
)
NOT_HTTP = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET /sparql HTTP/9.9\r\nHost: x\r\n\r\n",
    b"GET /sparql?query=%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /sparql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"A" * 200_000,
)


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """An address of this machine, and what has been sent there."""
    heard: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                heard.append(connection.recv(1000))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/", heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def test_no_query_reaches_another_place(server: Server) -> None:
    """SERVICE in any dress is refused; a graph that the store does not have is empty, whatever its name looks like."""
    with listening() as (place, heard):
        for query in AWAY:
            answer = server.post(query.format(place=place))
            assert answer.status_code in (400, 403), f"{query}\n{answer.text}"
        for query in ELSEWHERE:
            answer = server.post(query.format(place=place))
            assert answer.status_code == 200, f"{query}\n{answer.text}"
            assert "root:" not in answer.text
        for name in ("default-graph-uri", "named-graph-uri"):
            for graph in (place, "file:///etc/passwd"):
                answer = server.client.get(server.endpoint, params={"query": "SELECT * { ?s ?p ?o }", name: graph})
                assert answer.json()["results"]["bindings"] == []
        assert heard == []


def test_a_plain_service_is_told_that_it_is_not_allowed(server: Server) -> None:
    """Who writes federated queries is told why it does not work, and a slip in one is told as a slip."""
    refused = server.get("SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }")
    assert (refused.status_code, "SERVICE" in refused.json()["detail"]) == (403, True)
    wrong = server.get("SELECT * {\n SERVICE <http://example.org/sparql> { ?s ?p } }")
    assert (wrong.status_code, "line 2, column" in wrong.json()["detail"]) == (400, True)


def test_workers_have_no_network(server: Server) -> None:
    """Behind the refusal stands another wall, where the system lets an ordinary process build it."""
    networks = {Path(f"/proc/{pid}/ns/net").readlink() for pid in workers(server.process.pid)}
    ours = Path("/proc/self/ns/net").readlink()
    if networks == {ours}:
        pytest.skip("this system gives no process a network of its own")
    assert ours not in networks


@pytest.mark.parametrize("update", UPDATES)
def test_nothing_can_be_written(server: Server, bundle: Bundle, update: str) -> None:
    """An update is refused in every form in which one can be sent, and the bundle stays as it was."""
    before = {file.name: sha256(file) for file in bundle.store.iterdir()}
    with listening() as (place, heard):
        text = update.replace("{place}", place)
        direct = {"Content-Type": "application/sparql-update"}
        assert server.client.post(server.endpoint, data={"update": text}).status_code == 403
        assert server.client.post(server.endpoint, content=text, headers=direct).status_code == 403
        assert server.client.get(server.endpoint, params={"update": text}).status_code == 403
        assert server.client.post(server.endpoint, params={"update": text}, data={"query": "ASK {}"}).status_code == 403
        assert server.post(text).status_code == 400
        assert heard == []
    for path in ("/store", "/update", "/sparql/update", "/graph"):
        for method in ("PUT", "POST", "DELETE", "PATCH"):
            answer = server.client.request(method, server.address + path, content=b"<x:s> <x:p> <x:o> .")
            assert answer.status_code in (404, 405, 415)
    assert {file.name: sha256(file) for file in bundle.store.iterdir()} == before


def test_odd_headers_do_no_harm(server: Server) -> None:
    """Whatever a client sends beside its query, it has an answer or a problem."""
    for headers in ODD_HEADERS:
        for method in ("GET", "POST"):
            try:
                answer = server.client.request(method, server.endpoint, params={"query": "ASK {}"}, headers=headers)
            except httpx.HTTPError as error:
                assert isinstance(error, httpx.RemoteProtocolError | httpx.LocalProtocolError)  # noqa: PT017 - may be
                continue
            assert answer.status_code < 500
            assert "evil.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("content", NOT_HTTP, ids=range(len(NOT_HTTP)))
def test_what_is_not_http_does_no_harm(server: Server, content: bytes) -> None:
    """The connection is closed or has an error; the server answers the next client, and has lost no worker."""
    address = httpx.URL(server.address)
    pid = server.process.pid
    # Others are made a moment after the start, and in place of those that earlier tests have lost.
    assert until(lambda: len(workers(pid)) == 2 * Limits().workers + 1)
    before = workers(pid)
    with socket.create_connection((address.host, address.port), timeout=2) as connection:
        answer = b""
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                answer += piece
        except OSError:  # the server closed it first, or does not answer
            pass
    assert re.match(rb"HTTP/1.1 (?:4\d\d|200|503)|$", answer), answer
    assert b"root:" not in answer
    assert server.get("ASK {}").json()["boolean"] is True
    assert until(lambda: workers(pid) == before)


def test_no_answer_tells_of_this_machine_or_this_program(server: Server, bundle: Bundle) -> None:
    """No path, version, name of a library or traceback stands in any answer, whatever was wrong with the request."""
    get = server.client.get
    answers = [
        server.get("ASK {}"),
        server.get("no query"),
        server.get("ASK { SERVICE <x:y> {} }"),
        server.get("CONSTRUCT { ?s ?p <<( ?s ?p ?o )>> } { ?s ?p ?o }", {"Accept": "application/ld+json"}),
        server.get("ASK {}", format="nonsense"),
        get(server.endpoint, params={"query": "ASK {}", "default-graph-uri": "not an iri"}),
        server.client.post(server.endpoint, content=b"\xff", headers={"Content-Type": "application/sparql-query"}),
        server.client.delete(server.endpoint),
        get(server.address + "/no/such/page"),
        get(server.address + "/.git/config"),
        get(server.address + "/static/../../../etc/passwd"),
        get(server.address + "/static/%2e%2e%2f%2e%2e%2fsettings.py"),
    ]
    words = ("Traceback", "uvicorn", "starlette", "python", "oxigraph", "site-packages", __version__, "/proc", ".py")
    telling = [*words, str(bundle.path), str(Path(__file__).parent.parent.parent)]
    for answer in answers:
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        told = [word for word in telling if word.lower() in (head + answer.text).lower()]
        assert not told, f"{answer.request.url}\n{head}\n{answer.text}"
        assert "server" not in answer.headers


def test_every_answer_tells_browsers_what_not_to_do(server: Server) -> None:
    """No page may frame an answer, guess its type, or run what it did not bring itself."""
    for answer in (server.get("ASK {}"), server.get("no"), server.client.get(server.address + "/none")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
