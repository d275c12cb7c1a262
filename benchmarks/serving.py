"""What the benchmarks of the server share: servers that run, and a client that is the same for all of them."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent
READY_SECONDS = 30


@dataclass(frozen=True)
class Served:
    """A SPARQL endpoint on this machine: its port, its path, and the process that answers there."""

    port: int
    path: str
    process: subprocess.Popen[bytes]

    def client(self, address: str = "127.0.0.1") -> Client:
        """A client with a connection of its own, which it keeps; it comes from this address of this machine."""
        return Client(self.port, self.path, address)


class Client:
    """The client of all measurements: one connection, HTTP/1.1, the query itself as the body of a POST."""

    def __init__(self, port: int, path: str, address: str = "127.0.0.1") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120, source_address=(address, 0))
        self.path = path

    def ask(self, query: str) -> tuple[int, bytes]:
        """Status and content of an answer in JSON."""
        headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
        return self._answer("POST", self.path, query.encode(), headers)

    def page(self, path: str) -> tuple[int, bytes]:
        """Status and content of a page."""
        return self._answer("GET", path, None, {"Accept": "text/html"})

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (BrokenPipeError, http.client.RemoteDisconnected):
            self.connection.close()  # it has been idle for so long that the server has closed it
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def running(command: Sequence[str | Path], port: int, path: str, folder: Path | None = None) -> Iterator[Served]:
    """A server, from its first answer to the end of the block."""
    words = list(map(str, command))
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        try:
            served = Served(port, path, process)
            wait_for(served)
            yield served
        finally:
            process.terminate()


def ours(*arguments: str | Path, folder: Path | None = None) -> AbstractContextManager[Served]:
    """Our server."""
    port = free_port()
    return running([BIN / "poh-graph", "serve", "--port", str(port), *arguments], port, "/sparql", folder)


def oxigraph(store: Path) -> AbstractContextManager[Served]:
    """Oxigraph's own server over the same store."""
    port = free_port()
    command: list[str | Path] = [BIN / "oxigraph", "serve-read-only", "--location", store, "--union-default-graph"]
    return running([*command, "--bind", f"127.0.0.1:{port}"], port, "/query")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait_for(served: Served) -> None:
    """Return when a server answers its first query."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            # From another address: at the server's own, who asks before it listens may get connected to himself.
            if served.client("127.0.0.2").ask("ASK {}")[0] == http.client.OK:
                return
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(f"nothing answers at port {served.port}")
