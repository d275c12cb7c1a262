"""What many tests share: one bundle, a SPARQL server that is not ours, and a way to run a command."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import settings

from poh_graph.bundle import Bundle
from poh_graph.graph import Graph, open_graph, packaged
from poh_graph.terms import graph_iri
from tests.running import Run, run_command
from tests.web.processes import wait_for_merged
from tests.web.serving import Server, serving

# A machine that does other work too is slow at times: that is no fault of what is tested.
settings.register_profile("without deadline", deadline=None)
settings.load_profile("without deadline")

SECOND = graph_iri("second")
"""The named graph of the tests that repeats what others say."""

EACH_OF = 3
"""It repeats every third triple: with all of them, a join of ten patterns has a thousand rows for one."""

OXIGRAPH = Path(sys.executable).with_name("oxigraph")
READY_SECONDS = 20


RELEASES = Path(__file__).parent.parent.parent / "shared" / "data"
"""Whole releases of the sources lie beside the checkout: they are too large for it, and not ours."""


@pytest.fixture(scope="session")
def releases() -> Path:
    """The folder of whole releases; a test that needs it is skipped where it is not there."""
    if not RELEASES.is_dir():
        pytest.skip("whole releases are not there: ../shared/data")
    return RELEASES


@pytest.fixture(scope="session")
def poh() -> Graph:
    """The packaged graph."""
    return packaged()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle of the packaged graph; tests only read it."""
    path = tmp_path_factory.mktemp("built") / "bundle"
    result = run_command("build", "-o", path)
    assert result.exit_code == 0, result.output
    return Bundle(path)


@pytest.fixture(scope="session")
def built(bundle: Bundle) -> Graph:
    """The store on disk of that bundle."""
    return open_graph(bundle.path)


@pytest.fixture(scope="session")
def doubled(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle in which a further named graph repeats a part of what the others say: no row may come twice for that."""
    copy = Bundle(tmp_path_factory.mktemp("doubled") / "bundle")
    copy.path.mkdir()
    shutil.copy(bundle.manifest, copy.manifest)
    quads = set(ox.parse(path=str(bundle.graph)))
    repeated = {quad.triple for quad in quads if zlib.crc32(str(quad.triple).encode()) % EACH_OF == 0}
    again = {ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(SECOND)) for t in repeated}
    ox.serialize(sorted(quads | again, key=str), str(copy.graph), ox.RdfFormat.N_QUADS)
    engine = ox.Store(str(copy.store))
    engine.bulk_load(path=str(copy.graph))
    engine.flush()
    return copy


@pytest.fixture(scope="session")
def endpoint(doubled: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Oxigraph's own server, which holds the quads of ``doubled``, loaded by its own loader."""
    location = tmp_path_factory.mktemp("server")
    subprocess.run(
        [str(OXIGRAPH), "load", "--location", str(location), "--file", str(doubled.graph)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [
        str(OXIGRAPH),
        "serve-read-only",
        "--location",
        str(location),
        "--union-default-graph",
        "--bind",
        address,
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://{address}/", server)
        yield f"http://{address}/query"
    finally:
        server.terminate()
        server.wait(timeout=10)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the server answers; fail if it ends, or does not answer in time."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        assert server.poll() is None, f"the SPARQL server ended with {server.returncode}"
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own loopback address
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"{url} does not answer")


@pytest.fixture(scope="session")
def server(bundle: Bundle) -> Iterator[Server]:
    """A server of the bundle of the packaged graph, with the limits that it has by itself."""
    with serving("-s", bundle.path) as running:
        wait_for_merged(running.process.pid)
        yield running


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return run_command
