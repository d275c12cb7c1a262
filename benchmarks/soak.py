"""Our server under ordinary and hostile clients at once: does its memory stay what it is, and are others served?

``python benchmarks/soak.py BUNDLE [--minutes 10]``. Four ordinary clients ask stored queries, look at pages and fetch
Turtle. Beside them are clients with queries that never end, that want all memory, that have endless answers, that do
not read, that go away, that are silent, that send nonsense or ten megabytes, and that ask for SERVICE, each from
an address of this machine of its own. Every ten seconds a line is printed: the memory of the server's first process and
of all (what they share counted once), their number, their open files, the answers to ordinary clients with the median
and the 95th percentile of their time, what failed, and what hostile clients got. First comes a minute without hostile
clients: the quotient of the medians is the factor by which they slow others down.

Unit: megabytes, milliseconds.
"""

from __future__ import annotations

import argparse
import http.client
import os
import platform
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import poh_graph as pg
from benchmarks.serve import disorders_of, texts_of, wait_until_idle
from benchmarks.serving import Served, ours
from poh_graph.graph import Graph
from poh_graph.terms import curie_of
from tests.web.processes import proportional_megabytes, tree

ORDINARY = 4
GONE = "127.0.0.99"
"""Where those come from who go away."""

LINE_SECONDS = 10
PAUSE = 0.02
"""Seconds between two requests of a client."""

HUNDRED = " ".join(map(str, range(100)))
TABLES = " ".join(f"VALUES ?v{n} {{ {HUNDRED} }}" for n in range(6))
HOSTILE = {
    "without end": f"SELECT (SUM(?v0 * ?v1) AS ?n) {{ {TABLES} }}",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^!<x:b>)* ?b . ?b (!<x:c>|^!<x:d>)* ?c }",
    "order": "SELECT * { ?s ?p ?o } ORDER BY ?o ?p ?s",
    "memory": f"SELECT DISTINCT * {{ {TABLES} }} OFFSET 999999999",
    "long answer": "SELECT * { ?s ?p ?o }",
    "deep": "SELECT * " + "{" * 20_000 + "}" * 20_000,
    "service": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "nonsense": "SELECT * { ?s ?p",
    "ten megabytes": "#" * 10_000_000,
}


@dataclass
class Seen:
    """What clients have seen since the last line."""

    took: list[float] = field(default_factory=list)
    hostile: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


class Soak:
    """A server, its clients, and what they see."""

    def __init__(self, served: Served, graph: Graph) -> None:
        self.served = served
        self.seen = Seen()
        self.end = threading.Event()
        disorders = disorders_of(graph, 50)
        self.texts = [text for bound in texts_of(graph, disorders).values() for text in bound]
        self.paths = [
            f"/disorder/{curie_of(disorder)}.{ending}" for disorder in disorders for ending in ("html", "ttl")
        ]

    def begin(self, work: Callable[[], None]) -> threading.Thread:
        """Let a client do something again and again, until the end."""

        def again() -> None:
            while not self.end.is_set():
                try:
                    work()
                except (OSError, http.client.HTTPException) as error:
                    self.seen.failed[type(error).__name__] += 1
                self.end.wait(PAUSE)

        thread = threading.Thread(target=again, daemon=True)
        thread.start()
        return thread

    def ordinary(self, number: int) -> Callable[[], None]:
        """A client that asks stored queries and, each third time, has a document."""
        chance = random.Random(os.urandom(8))  # noqa: S311 - no secret
        client = self.served.client(f"127.0.1.{number + 1}")

        def work() -> None:
            start = time.perf_counter()
            is_page = chance.random() < 1 / 3
            status, _ = client.page(chance.choice(self.paths)) if is_page else client.ask(chance.choice(self.texts))
            if status == http.client.OK:
                self.seen.took.append((time.perf_counter() - start) * 1000)
            else:
                self.seen.failed[str(status)] += 1

        return work

    def hostile(self, name: str) -> Callable[[], None]:
        """A client that asks one hostile query."""
        address = f"127.0.0.{2 + list(HOSTILE).index(name)}"

        def work() -> None:
            client = self.served.client(address)
            try:
                status, _ = client.ask(HOSTILE[name])
                self.seen.hostile[f"{name}: {status}"] += 1
            except OSError as error:
                self.seen.hostile[f"{name}: {type(error).__name__}"] += 1
            finally:
                client.connection.close()

        return work

    def gone(self) -> None:
        """Ask for ever, and go away soon."""
        client = self.served.client(GONE)
        client.connection.timeout = 0.5
        try:
            client.ask(HOSTILE["without end"])
        except TimeoutError:
            self.seen.hostile["gone"] += 1
        finally:
            client.connection.close()

    def unread(self) -> None:
        """Ask for much, and read nothing for a minute."""
        with socket.create_connection(("127.0.0.1", self.served.port)) as connection:
            query = "SELECT%20*%20%7B%20?s%20?p%20?o%20%7D%20LIMIT%20200000"
            connection.sendall(f"GET {self.served.path}?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            self.end.wait(60)
            self.seen.hostile["unread"] += 1

    def silent(self) -> None:
        """Connect, and send half a request."""
        with socket.create_connection(("127.0.0.1", self.served.port)) as connection:
            connection.sendall(b"GET /sparql HTTP/1.1\r\nHo")
            self.end.wait(30)
            self.seen.hostile["silent"] += 1

    def line(self) -> tuple[float, float]:
        """Print what was seen since the last line; the result is the memory and the median."""
        seen, self.seen = self.seen, Seen()
        pids = tree(self.served.process.pid)
        files = sum(_open_files(pid) for pid in pids)
        first, memory = proportional_megabytes(pids[:1]), proportional_megabytes(pids)
        p50, p95 = _percentiles(seen.took)
        print(
            f"{time.monotonic() - self.began:>6.0f}{first:>7.0f}{memory:>7.0f}{len(pids):>6}{files:>7}"
            f"{len(seen.took):>8}{p50:>9.1f}{p95:>9.1f}   {_counts(seen.failed)} | {_counts(seen.hostile)}",
            flush=True,
        )
        return memory, p50

    def watch(self, seconds: float) -> tuple[list[float], list[float]]:
        """Print lines for so many seconds; the memory and the medians of each."""
        found = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(LINE_SECONDS)
            found.append(self.line())
        return [memory for memory, _ in found], [p50 for _, p50 in found]

    def run(self, minutes: float) -> None:
        """Ordinary clients alone for a minute, or a quarter of the time if that is less; then with hostile ones."""
        self.began = time.monotonic()
        names = f"{'s':>6}{'MB':>7}{'all':>7}{'procs':>6}{'files':>7}{'answers':>8}{'median':>9}{'p95':>9}"
        print(f"{names}   failed | hostile")
        for number in range(ORDINARY):
            self.begin(self.ordinary(number))
        _, alone = self.watch(min(60.0, minutes * 15))
        for name in HOSTILE:
            self.begin(self.hostile(name))
        for work in (self.gone, self.unread, self.unread, self.silent, self.silent):
            self.begin(work)
        memory, beside = self.watch(minutes * 60)
        self.end.set()
        third = max(1, len(memory) // 3)
        first, last = median(memory[:third]), median(memory[-third:])
        print(f"memory: median of the first third {first:.0f} MB, of the last {last:.0f} MB, most {max(memory):.0f} MB")
        slowed = median(beside) / median(alone)
        print(
            f"ordinary answers: {median(alone):.1f} ms alone, {median(beside):.1f} ms beside hostile clients, ", end=""
        )
        print(f"{slowed:.1f} times as long")


def _open_files(pid: int) -> int:
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def _percentiles(times: list[float]) -> tuple[float, float]:
    if len(times) < 2:  # noqa: PLR2004 - of one there are none
        return float("nan"), float("nan")
    cuts = quantiles(times, n=20)
    return cuts[9], cuts[18]


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"


def main() -> None:
    """Print the machine, the date, and the lines."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("bundle", type=Path)
    options.add_argument("--minutes", type=float, default=10)
    given = options.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    bundle = given.bundle.absolute()
    with ours("-s", bundle, "--timeout", "10") as served:
        wait_until_idle(served)
        Soak(served, pg.open(bundle)).run(given.minutes)


if __name__ == "__main__":
    main()
