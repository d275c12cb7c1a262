"""The server as a program: how it begins, what it says, how it ends."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
from pathlib import Path

import httpx
import pytest

from poh_graph.bundle import Bundle
from poh_graph.web.listen import listening
from poh_graph.web.settings import Limits
from tests.running import Run
from tests.web.processes import children, is_there, priority, stands_still, stores, tree, until, workers
from tests.web.serving import STOP_SECONDS, Server, serving, start

FOR_EVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def test_it_says_where_it_is_and_what_it_serves(bundle: Bundle) -> None:
    """One line on stderr, nothing on stdout; the address is the one that it listens at."""
    process, line = start("-s", bundle.path)
    try:
        assert re.fullmatch(rf"Serving {re.escape(str(bundle.path))} at http://127\.0\.0\.1:\d+/ \(.*\)\n", line)
    finally:
        process.terminate()
        _, rest = process.communicate(timeout=10)
    assert (process.returncode, rest) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_cleanly_in_the_middle_of_a_query(bundle: Bundle, number: signal.Signals) -> None:
    """It exits with 0 within seconds, and no process of it is left."""
    with serving("-s", bundle.path) as server:
        with pytest.raises(httpx.ReadTimeout):
            server.client.get(server.endpoint, params={"query": FOR_EVER}, timeout=0.2)
        processes = tree(server.process.pid)
        assert len(processes) > 3
        server.process.send_signal(number)
        server.process.wait(timeout=9)
        assert server.process.returncode == 0
        assert until(lambda: not any(map(is_there, processes)))


def test_its_workers_end_with_it_however_it_ends(bundle: Bundle) -> None:
    """Also when it is killed, nothing is left: no process, and no copy of the store."""
    process, _ = start("-s", bundle.path)
    assert until(lambda: len(tree(process.pid)) >= 7, seconds=10)
    processes = tree(process.pid)
    copies = {descriptor.readlink() for pid in processes for descriptor in Path(f"/proc/{pid}/fd").iterdir()}
    folders = {path.parent for path in copies if path.parent.name == "store" and path.parent != bundle.store}
    assert folders
    process.kill()
    process.communicate()
    assert until(lambda: not any(map(is_there, processes)))
    assert until(lambda: not any(folder.exists() for folder in folders))


def test_workers_go_over_to_the_merged_store(bundle: Bundle) -> None:
    """Some seconds after the start, release and descriptions are one store, which has the same statements."""
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    with serving("-s", bundle.path) as server:
        before = rows(server.get(count))
        assert "store" in stores(server.process.pid)
        assert until(lambda: stores(server.process.pid) == {"merged"}, seconds=20)
        assert len(workers(server.process.pid)) == 2 * Limits().workers + 1
        assert rows(server.get(count)) == before


def test_workers_that_are_killed_from_outside_are_replaced(server: Server) -> None:
    """A query that comes next does not notice: the server makes another worker first."""
    pids = workers(server.process.pid)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    assert until(lambda: not any(map(is_there, pids)))
    assert [server.get("ASK {}").status_code for _ in range(10)] == [200] * 10
    assert any(map(is_there, workers(server.process.pid)))


def test_long_queries_let_others_go_first(server: Server) -> None:
    """Four have all places, with the lowest priority; for each that wants one another gives its up, and two go on."""
    address = httpx.URL(server.address)
    query = httpx.QueryParams({"query": FOR_EVER})
    pid = server.process.pid
    clients = [socket.create_connection((address.host, address.port)) for _ in range(7)]

    def ask(client: socket.socket) -> None:
        client.sendall(f"GET /sparql?{query} HTTP/1.1\r\nHost: server\r\n\r\n".encode())

    try:
        for client in clients[:4]:
            ask(client)
        assert until(lambda: sum(priority(worker) == 19 for worker in workers(pid)) == 4, seconds=20)
        assert not any(map(stands_still, workers(pid)))
        assert server.get("ASK {}").status_code == 200
        for client in clients[4:]:
            ask(client)
        assert until(lambda: sum(map(stands_still, workers(pid))) == 1, seconds=20)
        (refused,), _, _ = select.select(clients, [], [], 20)
        assert refused.recv(100).startswith(b"HTTP/1.1 503 ")
    finally:
        for client in clients:
            client.close()
    assert until(lambda: not any(map(stands_still, workers(pid))) and not any(map(priority, workers(pid))), seconds=20)


def test_a_new_build_of_the_bundle_is_served(run: Run, tmp_path: Path) -> None:
    """It is served under the same address as soon as it has taken the place of the old one, with another tag.

    Who connects meanwhile waits; a connection that is kept may be closed while the next request is under way.
    """
    bundle = tmp_path / "bundle"
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert run("build", "-o", bundle, "--disorder", "POH").exit_code == 0
    with serving("-s", bundle) as server:
        old = server.get(count)
        assert run("build", "-o", bundle).exit_code == 0
        ask = httpx.URL(server.endpoint, params={"query": "ASK {}"})
        assert until(lambda: httpx.get(ask, timeout=20).headers["etag"] != old.headers["etag"], seconds=20)
        new = httpx.get(server.endpoint, params={"query": count})
        assert int(rows(new)[0]["n"]) > int(rows(old)[0]["n"])
        assert len(children(server.process.pid)) == 1


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    """The values of each row."""
    return [{name: term["value"] for name, term in row.items()} for row in answer.json()["results"]["bindings"]]


def test_a_port_that_is_in_use_is_told(run: Run, bundle: Bundle) -> None:
    """It exits with 2 before it opens the store, and names host and port."""
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "-s", bundle.path, "--port", str(port))
    assert result.exit_code == 2
    assert f"127.0.0.1, port {port}" in result.stderr
    assert "--port" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-s", "nowhere"), "There is no store at nowhere"),
        (("-s", "https://example.org/sparql"), "Another endpoint cannot be served"),
        (("-s", "broken.ttl"), "this is not Turtle"),
        (("--host", "no.such.host.invalid"), "no.such.host.invalid"),
        (("--publisher", "wrong.toml"), "wrong.toml"),
        (("--timeout", "0"), "--timeout"),
    ],
)
def test_what_cannot_be_served_is_told(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    """A store, a host or a file that is wrong ends the program with 2 and a message."""
    (tmp_path / "broken.ttl").write_text("<x:s> <x:p>", encoding="utf-8")
    (tmp_path / "wrong.toml").write_text("nome = 1", encoding="utf-8")
    process, line = start(*arguments, folder=tmp_path)
    _, rest = process.communicate(timeout=STOP_SECONDS)
    assert process.returncode == 2
    assert words in line + rest
    assert "Traceback" not in line + rest


def test_the_packaged_graph_and_a_file_can_be_served(tmp_path: Path) -> None:
    """Without a bundle the graph is in memory, once for all workers."""
    file = tmp_path / "one.ttl"
    file.write_text("<x:s> <x:p> 'x' .", encoding="utf-8")
    ask = "ASK { <x:s> <x:p> ?o }"
    with serving("-s", file) as server:
        assert server.get(ask).json()["boolean"] is True
    with serving(folder=tmp_path) as server:
        assert server.get("ASK { <http://www.orpha.net/ORDO/Orphanet_2762> ?p ?o }").json()["boolean"] is True
