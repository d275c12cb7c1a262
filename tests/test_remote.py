"""The guards around an endpoint: what it may be, how long it may take, how much it may say, and what it must answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from poh_graph.errors import QueryError, StoreError
from poh_graph.remote import RemoteStore
from poh_graph.store import query_form
from tests.running import Run

SELECT = "SELECT ?s WHERE { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"
ROWS = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://example.org/a"}}]}}'
TRIPLES = b"<http://example.org/a> <http://example.org/p> <http://example.org/b> .\n"
DRIP_SECONDS = 0.1


class Handler(BaseHTTPRequestHandler):
    """Answers each path with its own fault."""

    received: list[tuple[str, str]]
    """Accept header and query of the last request."""

    def do_POST(self) -> None:
        """Answer by the path."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.received[:] = [(self.headers["Accept"], parse_qs(body)["query"][0])]
        ANSWERS[self.path](self)

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""

    def say(self, status: int, body: bytes, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def silent(self) -> None:
        """Nothing at all."""
        DONE.wait()

    def drip(self) -> None:
        """One byte at a time, so that no single read of the socket ever waits long."""
        self.send_response(200)
        self.end_headers()
        try:
            while not DONE.wait(DRIP_SECONDS):
                self.wfile.write(b" ")
        except OSError:
            return

    def flood(self) -> None:
        """More and more, without an end."""
        self.send_response(200)
        self.end_headers()
        try:
            while not DONE.is_set():
                self.wfile.write(TRIPLES * 1000)
        except OSError:
            return


DONE = threading.Event()
"""Set when the tests are over: answers without an end then end."""

HTML = b"<!DOCTYPE html><title>Welcome</title>"
ANSWERS: dict[str, Callable[[Handler], None]] = {
    "/rows": lambda h: h.say(200, ROWS),
    "/triples": lambda h: h.say(200, TRIPLES),
    "/html": lambda h: h.say(200, HTML, Content_Type="text/html"),
    "/empty": lambda h: h.say(200, b""),
    "/no": lambda h: h.say(200, b'{"head":{},"boolean":false}'),
    "/cut-in-a-row": lambda h: h.say(200, ROWS[:-20]),
    "/not-an-iri": lambda h: h.say(200, ROWS.replace(b"http://example.org/a", b"a b")),
    "/torn": lambda h: h.say(200, TRIPLES, Content_Length=str(2 * len(TRIPLES))),
    "/silent": Handler.silent,
    "/drip": Handler.drip,
    "/flood": Handler.flood,
    "/400": lambda h: h.say(400, b"no"),
    "/401": lambda h: h.say(401, b"who are you"),
    "/404": lambda h: h.say(404, b"where"),
    "/500": lambda h: h.say(500, b"<html>a long page\nof words</html>"),
    "/503": lambda h: h.say(503, b"later"),
    "/to-file": lambda h: h.say(302, b"", Location="file:///etc/hostname"),
    "/to-ftp": lambda h: h.say(302, b"", Location="ftp://127.0.0.1:9/rows"),
    "/round": lambda h: h.say(307, b"", Location="/round"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server on this machine that answers each path with another fault."""
    DONE.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    DONE.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Accept header and query of the last request."""
    kept: list[tuple[str, str]] = []
    monkeypatch.setattr(Handler, "received", kept, raising=False)
    return kept


@pytest.fixture(autouse=True)
def _keep(received: list[tuple[str, str]]) -> None:
    """Keep what each test sends."""
    received.clear()


@pytest.mark.parametrize(
    "address", ["file:///etc/hostname", "ftp://127.0.0.1/rows", "data://x,SELECT", "jar://x", "://x", "HTTPX://x"]
)
def test_only_http_addresses_are_asked(address: str) -> None:
    """Any other scheme is refused before anything is opened."""
    with pytest.raises(StoreError, match="not the address of an endpoint"):
        RemoteStore(address)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/html", "not a SPARQL result"),
        ("/empty", "not a SPARQL result"),
        ("/no", "not a SPARQL result .*not solutions"),
        ("/cut-in-a-row", "not a SPARQL result"),
        ("/not-an-iri", "not a SPARQL result"),
        ("/torn", "broke off"),
        ("/401", "401|[Uu]nauthorized|credentials"),
        ("/404", "404|[Nn]ot [Ff]ound"),
        ("/500", "500"),
        ("/503", "Service Unavailable"),
        ("/to-file", "not allowed"),
        ("/to-ftp", "cannot be asked"),
        ("/round", "cannot be asked"),
    ],
)
def test_every_other_answer_is_one_clear_error(server: str, path: str, message: str) -> None:
    """The error names the address and what is wrong with its answer, in at most three lines, and how to mend it."""
    with pytest.raises(StoreError, match=message) as caught:
        RemoteStore(server + path, deadline=10).query(SELECT)
    assert server + path in str(caught.value)
    assert caught.value.mend or path == "/torn"
    assert len(str(caught.value).splitlines()) <= 3


@pytest.mark.parametrize("path", ["/html", "/rows", "/torn"])
def test_triples_are_checked_as_well(server: str, path: str) -> None:
    """What is no N-Triples, or ends too early, is not an answer to a CONSTRUCT."""
    with pytest.raises(StoreError):
        RemoteStore(server + path, deadline=10).query(CONSTRUCT)


@pytest.mark.parametrize("path", ["/drip", "/silent"])
def test_the_deadline_holds_for_the_whole_answer(server: str, path: str) -> None:
    """A server that drips, or says nothing, is given up when the time is over, however short its single steps are."""
    start = time.monotonic()
    with pytest.raises(StoreError, match=r"no whole answer within 0\.3 s"):
        RemoteStore(server + path, deadline=0.3).query(SELECT)
    assert time.monotonic() - start < 2


def test_an_answer_without_end_is_refused(server: str) -> None:
    """Not more than the given number of bytes is read."""
    with pytest.raises(StoreError, match="more than 100,000 bytes"):
        RemoteStore(server + "/flood", deadline=10, largest=100_000).query(CONSTRUCT)


def test_where_nobody_listens() -> None:
    """A connection that is refused is told as such."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/query"
    with pytest.raises(StoreError, match="refused"):
        RemoteStore(address).query(SELECT)


def test_a_name_that_does_not_resolve() -> None:
    """``.invalid`` names no machine, by RFC 2606."""
    with pytest.raises(StoreError, match=r"http://nobody\.invalid/query cannot be asked"):
        RemoteStore("http://nobody.invalid/query").query(SELECT)


def test_a_query_that_the_server_refuses(server: str) -> None:
    """400 means the query: with line and column where it is not SPARQL, with its text where only that server minds."""
    with pytest.raises(QueryError, match=r"line 1, column \d+"):
        RemoteStore(server + "/400").query("SELECT ?s WHERE { ?s ?p }")
    with pytest.raises(QueryError, match=r"/400 refuses the query:\nSELECT"):
        RemoteStore(server + "/400").query(SELECT)


@pytest.mark.parametrize(
    ("query", "accept", "path"),
    [
        ("# describe\n" + SELECT, "application/sparql-results+json", "/rows"),
        ("# a\n# addresses that one may load\n" + SELECT, "application/sparql-results+json", "/rows"),
        ("ASK { ?s ?p 'SELECT' }", "application/sparql-results+json", "/no"),
        ("PREFIX ask: <http://example.org/select#>\n" + CONSTRUCT, "application/n-triples", "/triples"),
        ("describe <http://example.org/ask>", "application/n-triples", "/triples"),
    ],
)
def test_the_form_of_the_query_decides_what_is_asked_for(
    server: str, received: list[tuple[str, str]], query: str, accept: str, path: str
) -> None:
    """Words in comments, IRIs and prefixes do not: the Accept header fits the form, and the text is sent unchanged."""
    RemoteStore(server + path).query(query)
    assert received == [(accept, query)]


@pytest.mark.parametrize("text", ["", "# SELECT", "INSERT DATA { <x:s> <x:p> <x:o> }", "DROP ALL", "<http://select/>"])
def test_what_is_no_query_is_not_sent(text: str) -> None:
    """An update is refused here, before the server sees it."""
    with pytest.raises(QueryError):
        query_form(text)


def test_the_command_says_it_on_stderr(run: Run, server: str) -> None:
    """Exit code 2, one message, nothing on stdout."""
    result = run("query", "-", "-s", server + "/html", given=SELECT)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {server}/html answered with something that is not a SPARQL result")


def test_a_file_address_never_reads_a_file(run: Run, tmp_path: Path) -> None:
    """``file://`` is no way to a file on this machine: a file is named by its path."""
    secret = tmp_path / "secret.ttl"
    secret.write_text('<x:s> <x:p> "the secret" .')
    result = run("query", "-", "-s", secret.as_uri(), given=SELECT)
    assert result.exit_code == 2
    assert "the secret" not in result.output
