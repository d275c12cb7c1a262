"""Our server beside Oxigraph's own, over the same store: latency, throughput, pages and starts.

``python benchmarks/serve.py BUNDLE`` wants a bundle of a whole release. The same client asks ten stored queries about
one disorder of both servers in turn: about disorders drawn by ``random.Random(1)`` from those with a gene, the first of
which is not counted. Throughput is that of several clients, each a process with a connection of its own.

Unit: milliseconds of the wall clock, and answers a second. On a machine that has other work the time of the processor
tells more, which all processes of a server took for one answer.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from multiprocessing.queues import Queue
from pathlib import Path
from statistics import median

import poh_graph as pg
from benchmarks.serving import Client, Served, ours, oxigraph
from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.queries import find_query
from poh_graph.terms import BIOLINK, RDF, curie_of
from tests.web.processes import cpu_seconds, tree

QUERIES = (
    "overview-of-a-disorder",
    "genes-of-a-disorder",
    "phenotypes-of-a-disorder",
    "excluded-phenotypes",
    "epidemiology-per-100000",
    "synonyms-of-a-disorder",
    "identifiers-in-other-vocabularies",
    "classification-up-to-the-root",
    "papers-that-support-a-disorder",
    "what-is-not-known",
)
DISORDERS = f"SELECT DISTINCT ?d {{ ?a a <{BIOLINK}CausalGeneToDiseaseAssociation> ; <{RDF}object> ?d }}"
LATENCY_GOAL, THROUGHPUT_GOAL, PAGE_GOAL = 2.0, 0.5, 30.0
CLIENTS = 8
IDLE, LOOK_SECONDS = 0.05, 1.0
"""A server that takes less of a processor than this, from one look to the next, has nothing to do."""

RUNS, STARTS = 3, 15
"""Runs of each server with several clients, in turn; starts. The median counts."""


def timed(work: Callable[[], tuple[int, bytes]]) -> float:
    """The milliseconds that an answer takes.

    Raises:
        RuntimeError: if it is an error, of which a measurement is none.
    """
    start = time.perf_counter()
    status, content = work()
    took = (time.perf_counter() - start) * 1000
    if status != HTTPStatus.OK:
        raise RuntimeError(f"{status}: {content[:300]!r}")
    return took


def wait_until_idle(served: Served) -> None:
    """Return when a server has made ready what it makes ready after its start."""
    spent = -1.0
    while (now := cpu_seconds(tree(served.process.pid))) - spent > IDLE * LOOK_SECONDS:
        spent = now
        time.sleep(LOOK_SECONDS)


def disorders_of(graph: Graph, number: int) -> list[str]:
    """So many disorders that have a gene, drawn by chance."""
    found = sorted(map(str, graph.select(DISORDERS).column("d")))
    return random.Random(1).sample(found, number)  # noqa: S311 - no secret


def texts_of(graph: Graph, disorders: list[str]) -> dict[str, list[str]]:
    """Each query, bound to each disorder."""
    return {
        name: [graph.bound(find_query(name), (), {"disorder": disorder}) for disorder in disorders] for name in QUERIES
    }


def latencies(texts: dict[str, list[str]], us: Client, them: Client) -> dict[str, tuple[list[float], list[float]]]:
    """The milliseconds of each query, by us and by them, who are asked in turn; the first disorder is not counted."""
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in texts}
    for name, bound in texts.items():
        for number, text in enumerate(bound):
            order = ((us, 0), (them, 1)) if number % 2 else ((them, 1), (us, 0))
            for client, column in order:
                took = timed(partial(client.ask, text))
                if number:
                    found[name][column].append(took)
    return found


def ask_all(served: tuple[int, str], texts: list[str], seconds: float, counts: Queue[int]) -> None:
    """One client of several: ask for so many seconds, and say how many answers came."""
    client = Client(*served)
    end = time.monotonic() + seconds
    count = 0
    while time.monotonic() < end:
        timed(partial(client.ask, texts[count % len(texts)]))
        count += 1
    counts.put(count)


def throughput(served: Served, texts: list[str], seconds: float) -> float:
    """Answers a second to several clients at once."""
    counts: Queue[int] = multiprocessing.Queue()
    clients = [
        multiprocessing.Process(
            target=ask_all, args=((served.port, served.path), texts[n:] + texts[:n], seconds, counts)
        )
        for n in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    total = sum(counts.get() for _ in clients)
    for client in clients:
        client.join()
    return total / seconds


def start_seconds(*arguments: str | Path) -> float:
    """The seconds from the call of the program to its first answer."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        with ours(*arguments, folder=Path(folder)):
            return time.perf_counter() - start


def verdict(is_met: bool) -> str:  # noqa: FBT001 - it is the only thing that this says
    """What stands behind a figure."""
    return "" if is_met else "   goal missed"


def show_latencies(found: dict[str, tuple[list[float], list[float]]]) -> None:
    """Print one line a query, and all of them."""
    print(f"\n{'milliseconds, median':<42}{'ours':>9}{'Oxigraph':>10}{'ratio':>8}")
    all_ours, all_theirs = ([took for pair in found.values() for took in pair[column]] for column in (0, 1))
    for name, (us, them) in [*found.items(), ("all", (all_ours, all_theirs))]:
        print(f"{name:<42}{median(us):>9.2f}{median(them):>10.2f}{median(us) / median(them):>8.2f}")
    print(f"goal: at most {LATENCY_GOAL} times{verdict(median(all_ours) <= LATENCY_GOAL * median(all_theirs))}")


def show_throughput(texts: list[str], us: Served, them: Served, seconds: float) -> None:
    """Print the rates with several clients, and the time of the processor for one answer then."""
    rates: list[list[float]] = [[], []]
    costs: list[list[float]] = [[], []]
    for _ in range(RUNS):
        for column, served in enumerate((us, them)):
            before = cpu_seconds(tree(served.process.pid))
            rates[column].append(throughput(served, texts, seconds))
            spent = cpu_seconds(tree(served.process.pid)) - before
            costs[column].append(spent * 1000 / (rates[column][-1] * seconds))
    for words, (our, their) in (
        (f"answers a second, {CLIENTS} clients", map(median, rates)),
        ("milliseconds of the processor, an answer", map(median, costs)),
    ):
        print(f"{words:<42}{our:>9.1f}{their:>10.1f}{our / their:>8.2f}")
    our, their = map(median, rates)
    print(f"goal: at least {THROUGHPUT_GOAL} times the answers{verdict(our >= THROUGHPUT_GOAL * their)}")


def main() -> None:
    """Measure, and print the machine, the date and the figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("bundle", type=Path)
    options.add_argument("--disorders", type=int, default=50, help="how many are asked about (50)")
    options.add_argument("--seconds", type=float, default=5, help="of each run with several clients (5)")
    given = options.parse_args()
    bundle = given.bundle.absolute()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    graph = pg.open(bundle)
    disorders = disorders_of(graph, given.disorders)
    texts = texts_of(graph, disorders)
    with ours("-s", bundle) as us, oxigraph(Bundle(bundle).store) as them:
        wait_until_idle(us)
        show_latencies(latencies(texts, us.client(), them.client()))
        every = [text for bound in zip(*texts.values(), strict=True) for text in bound]
        print()
        show_throughput(every, us, them, given.seconds)
        client = us.client()
        pages = [timed(partial(client.page, f"/disorder/{curie_of(disorder)}.html")) for disorder in disorders][1:]
        print(f"\n{'page of a disorder, milliseconds':<42}{median(pages):>9.1f}{verdict(median(pages) <= PAGE_GOAL)}")
    for words, goal, arguments in (("the bundle", 1.0, ("-s", bundle)), ("the packaged graph", 0.5, ())):
        took = median(start_seconds(*arguments) for _ in range(STARTS))
        print(f"{'start over ' + words + ', seconds':<42}{took:>9.2f}{verdict(took <= goal)}")


if __name__ == "__main__":
    main()
