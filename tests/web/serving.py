"""How a test runs the server: as the program that it is, on a port of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

STOP_SECONDS = 10
WAIT_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A server that runs: its address without a slash at the end, its process, and a client that asks it."""

    address: str
    process: subprocess.Popen[str]
    client: httpx.Client

    @property
    def endpoint(self) -> str:
        """The address of its SPARQL endpoint."""
        return self.address + "/sparql"

    def get(self, query: str, headers: dict[str, str] | None = None, **parameters: str) -> httpx.Response:
        """The answer to a query that is sent by GET."""
        return self.client.get(self.endpoint, params={"query": query, **parameters}, headers=headers)

    def post(self, query: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """The answer to a query that is sent by POST of a form."""
        return self.client.post(self.endpoint, data={"query": query}, headers=headers)


def start(*arguments: str | Path, folder: Path | None = None) -> tuple[subprocess.Popen[str], str]:
    """The process of a server, and the first line that it says: where it is, or why it is not."""
    command = [sys.executable, "-m", "poh_graph", "serve", "--port", "0", *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=folder)
    assert process.stderr
    return process, process.stderr.readline()


@contextmanager
def serving(*arguments: str | Path, folder: Path | None = None) -> Iterator[Server]:
    """A server that listens at a free port; it is stopped at the end, and has to stop cleanly."""
    process, line = start(*arguments, folder=folder)
    found = re.search(r"http://\S+(?=/ )", line)
    assert found, line + (process.stderr.read() if process.stderr else "")
    try:
        with httpx.Client(timeout=WAIT_SECONDS, limits=httpx.Limits(max_connections=None)) as client:
            yield Server(found[0], process, client)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            _, said = process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    assert process.returncode == 0, said
