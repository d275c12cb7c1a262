"""The tests of the W3C for the SPARQL 1.1 Protocol, over HTTP: queries are answered as they say, updates are refused.

They stand in a manifest (``sparql11/protocol`` of the W3C's rdf-tests), which is not ours and lies beside the checkout.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

from poh_graph.web.formats import ROWS, TRIPLES
from tests.conftest import RELEASES
from tests.web.serving import Server, serving

MANIFEST = RELEASES / "w3c" / "sparql11" / "protocol" / "manifest.ttl"

CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

REFUSED = {403, 405, 415}
"""How an endpoint for queries only answers what asks for an update."""

MEDIA_TYPES = {
    "boolean": {ROWS["json"][0], ROWS["xml"][0]},
    "tabular": {types[0] for types in ROWS.values()},
    "RDF": {types[0] for types in TRIPLES.values()},
}


@dataclass(frozen=True)
class Exchange:
    """One request of a test, and what is expected of its answer."""

    request: httpx.Request
    statuses: tuple[str, ...]
    verdict: bool | None
    format: str | None


@dataclass(frozen=True)
class Case:
    """One test: its name, and its requests in their order."""

    name: str
    exchanges: tuple[Exchange, ...]

    @property
    def updates(self) -> bool:
        """Whether it is about updates."""
        return "update" in self.name


def read_cases() -> Iterator[Case]:
    """The tests of the manifest, in its order; none where it is not there."""
    if not MANIFEST.exists():
        return
    manifest = rdflib.Graph().parse(MANIFEST)
    for test in listed(manifest, next(manifest.subjects(rdflib.RDF.type, MF.Manifest)), MF.entries):
        requests = listed(manifest, manifest.value(test, MF.action), HT.requests)
        yield Case(str(test).partition("#")[2], tuple(read_exchange(manifest, request) for request in requests))


def listed(
    graph: rdflib.Graph, subject: rdflib.term.Node | None, predicate: rdflib.term.Node
) -> Iterator[rdflib.term.Node]:
    """The members of the list that a property has for its value; none if it has none."""
    head = graph.value(subject, predicate)
    return iter(()) if head is None else iter(Collection(graph, head))


def read_exchange(manifest: rdflib.Graph, request: rdflib.term.Node) -> Exchange:
    """A request of the manifest as one that can be sent."""
    headers = {
        str(manifest.value(header, HT.fieldName)): str(manifest.value(header, HT.fieldValue))
        for header in listed(manifest, request, HT.headers)
    }
    body = manifest.value(request, HT.body)
    content = b""
    if body is not None:
        content = str(manifest.value(body, CNT.chars)).encode(str(manifest.value(body, CNT.characterEncoding)))
    answer = manifest.value(request, HT.resp)
    verdict = manifest.value(answer, MF.expectedBoolean)
    found = manifest.value(answer, MF.expectedFormat)
    path = str(manifest.value(request, HT.absolutePath))
    return Exchange(
        httpx.Request(
            str(manifest.value(request, HT.methodName)), f"http://server{path}", headers=headers, content=content
        ),
        tuple(sorted(str(status)[-3] for status in manifest.objects(answer, MF.expectedStatus))),
        None if verdict is None else bool(verdict.toPython()),  # type: ignore[attr-defined]  # a literal has it
        None if found is None else str(found),
    )


def is_update(request: httpx.Request) -> bool:
    """Whether a request asks for an update; the tests of updates ask by a query whether it was done."""
    is_one = b"update=" in request.url.query or request.content.startswith(b"update=")
    return is_one or "update" in request.headers.get("content-type", "")


CASES = list(read_cases())


@pytest.fixture(scope="module")
def endpoint_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that holds the graphs of the manifest, under the names that its queries use."""
    file = tmp_path_factory.mktemp("protocol") / "graphs.nq"
    quads = [
        ox.Quad(
            quad.subject, quad.predicate, quad.object, ox.NamedNode(f"http://kasei.us/2009/09/sparql/data/{name}.rdf")
        )
        for name in ("data1", "data2", "data3")
        for quad in ox.parse(path=str(MANIFEST.with_name(f"{name}.nt")))
    ]
    ox.serialize(quads, str(file), ox.RdfFormat.N_QUADS)
    with serving("-s", file) as running:
        yield running


def send(server: Server, exchange: Exchange) -> httpx.Response:
    """Send a request of the manifest to our server."""
    request = exchange.request
    address = server.address + request.url.raw_path.decode()
    headers = {name: value for name, value in request.headers.items() if name in ("content-type", "accept")}
    return httpx.request(request.method, address, headers=headers, content=request.content)


def test_the_manifest_was_read() -> None:
    """All thirty-four tests of the manifest are there, fourteen of them about updates."""
    if not CASES:
        pytest.skip("the W3C's tests are not there: ../shared/data/w3c")
    assert len(CASES) == 34
    assert sum(case.updates for case in CASES) == 14


@pytest.mark.parametrize("case", [case for case in CASES if not case.updates], ids=lambda case: case.name)
def test_queries_are_answered_as_the_protocol_says(case: Case, endpoint_of_tests: Server) -> None:
    """Status, format and verdict of the answer are what the W3C expects."""
    for exchange in case.exchanges:
        answer = send(endpoint_of_tests, exchange)
        assert str(answer.status_code)[0] in exchange.statuses, answer.text
        if exchange.format:
            assert answer.headers["content-type"].partition(";")[0] in MEDIA_TYPES[exchange.format]
        if exchange.verdict is not None:
            assert answer.json()["boolean"] is exchange.verdict


@pytest.mark.parametrize("case", [case for case in CASES if case.updates], ids=lambda case: case.name)
def test_updates_are_refused(case: Case, endpoint_of_tests: Server) -> None:
    """No request that updates is taken, whatever its form."""
    updates = [exchange for exchange in case.exchanges if is_update(exchange.request)]
    assert updates or case.name == "bad_update_wrong_media_type"
    for exchange in updates or case.exchanges:
        assert send(endpoint_of_tests, exchange).status_code in REFUSED
