"""Connections whose clients are too slow are ended, and others are not."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from poh_graph.web import connection
from poh_graph.web.connection import PatientOnlySoLong
from poh_graph.web.listen import listening

SECONDS = 0.4
LONG = b"x" * 40_000_000


async def app(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - the form of ASGI
    """Answer with a long text in one piece, or after a while with a short one."""
    if scope["path"] == "/late":
        await asyncio.sleep(3 * SECONDS)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send(
        {"type": "http.response.body", "body": LONG if scope["path"] == "/long" else b"short", "more_body": True}
    )
    await send({"type": "http.response.body"})


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """Where a server listens that waits less than a second for its clients."""
    for name in ("REQUEST_SECONDS", "READ_SECONDS"):
        monkeypatch.setattr(connection, name, SECONDS)
    monkeypatch.setattr(connection, "_LOOK", 0.1)
    with listening("127.0.0.1", 0) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, http=PatientOnlySoLong, lifespan="off", log_config=None, timeout_keep_alive=10)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        place = listener.getsockname()[:2]
        thread.start()
        try:
            yield place
        finally:
            server.should_exit = True
            thread.join(timeout=10)


def exchange(address: tuple[str, int], *pieces: bytes, pause: float = 0.0) -> bytes:
    """What comes back before the connection ends, when these are sent with a pause before each."""
    with socket.create_connection(address, timeout=10) as client:
        try:
            for piece in pieces:
                threading.Event().wait(pause)
                client.sendall(piece)
        except ConnectionError:
            return b""
        try:
            return read_to_the_end(client)
        except ConnectionError:
            return b""


def read_to_the_end(client: socket.socket) -> bytes:
    """All that comes until the server closes the connection, or an error if it drops it."""
    answer = b""
    while piece := client.recv(65_536):
        answer += piece
    return answer


REQUEST = (b"GET /{} HTTP/1.1\r\n", b"Host: x\r\n", b"Connection: close\r\n", b"\r\n")


def test_a_client_in_time_is_answered(address: tuple[str, int]) -> None:
    """Also if the answer takes longer than a client may take to ask."""
    assert exchange(address, *REQUEST).endswith(b"short\r\n0\r\n\r\n")
    late = b"GET /late HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert exchange(address, late).endswith(b"short\r\n0\r\n\r\n")


def test_who_never_ends_a_request_is_left(address: tuple[str, int]) -> None:
    """Neither silence nor a byte now and then keeps a connection open."""
    assert exchange(address) == b""
    assert exchange(address, *(bytes([byte]) for byte in b"GET / HTTP/1.1\r\nX: ..."), pause=0.1) == b""


def test_who_asks_once_and_then_drips_is_left(address: tuple[str, int]) -> None:
    """The time for the next request begins when the answer to the last one has ended."""
    first = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(address, timeout=10) as client:
        client.sendall(first)
        answer = b""
        while not answer.endswith(b"0\r\n\r\n"):
            answer += client.recv(65_536)
        client.sendall(b"GET /")
        with pytest.raises(ConnectionError):
            client.recv(65_536)


def test_who_does_not_read_is_left(address: tuple[str, int]) -> None:
    """The rest of the answer is dropped, and not kept for a client that never takes it."""
    with socket.create_connection(address, timeout=10) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(b"GET /long HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        threading.Event().wait(4 * SECONDS)
        with pytest.raises(ConnectionError):
            read_to_the_end(client)


@pytest.mark.parametrize(
    "beginning",
    [b"GET / HTTP/1.1\r\n", b"POST /late HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n"],
    ids=["a head", "what follows a body"],
)
def test_what_has_no_end_is_refused(address: tuple[str, int], beginning: bytes) -> None:
    """Lines of a head are kept until all are there: so there are not endlessly many."""
    lines = (b"X: " + b"x" * 1000 + b"\r\n") * 100_000
    with socket.create_connection(address, timeout=10) as client:
        client.sendall(beginning)
        with pytest.raises(ConnectionError):
            client.sendall(lines)
