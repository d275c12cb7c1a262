"""Time of the stored queries and of ``resolve`` over a bundle, through the library.

``python benchmarks/queries.py BUNDLE`` wants a bundle of a whole release. Each query about one disorder is asked of 200
disorders, drawn by ``random.Random(1)`` from those of Orphanet in the bundle, and of the one with most phenotypes
(ORPHA:904), which is stated apart. Beside each answer stands that of pyoxigraph alone to the same text; either comes
first in turn. A query that compares two disorders gets two of them; any other is asked as it stands.

Unit: milliseconds, of the wall clock or (``--cpu``) of the processor, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import pyoxigraph as ox

import poh_graph as pg
from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, stored_queries
from poh_graph.rows import Rows
from poh_graph.store import Answer, LocalStore
from poh_graph.terms import BIOLINK, ORDO

SAMPLE = 200
REPEATS = 21
LARGEST = f"{ORDO}Orphanet_904"
OF_MANY = ("overlap", "comparison")
"""The tags of queries that look from one disorder to others."""

DISORDERS = f"SELECT DISTINCT ?d WHERE {{ ?d a <{BIOLINK}Disease> FILTER (STRSTARTS(STR(?d), '{ORDO}Orphanet_')) }}"
LABELS = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?label WHERE {{ VALUES ?d {{ {disorders} }} ?d rdfs:label ?label }} ORDER BY ?label
"""

Clock = Callable[[], float]


@dataclass(frozen=True)
class Group:
    """Queries with the same goals: the median, and the time that 95 of 100 answers stay below."""

    name: str
    p50_goal: float
    p95_goal: float | None = None


ONE = Group("about one disorder", 5, 25)
SEVERAL = Group("from one disorder to others", 50)
CATALOGUE = Group("over the catalogue", 500)
RATIO_GOAL = 1.2
RESOLVE_GOAL = 50


@dataclass
class Times:
    """What the answers to one query took, through the library and by pyoxigraph alone, and those for ORPHA:904."""

    library: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    largest: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times what pyoxigraph takes the library takes: the quotient of the medians."""
        return median(self.library) / median(self.alone)


def group_of(query: StoredQuery) -> Group:
    """The group that a query belongs to, by its parameters and tags."""
    if "disorder" not in [parameter.name for parameter in query.parameters]:
        return CATALOGUE
    return SEVERAL if set(query.tags) & set(OF_MANY) else ONE


def take_all(answer: Answer, rows: Callable[[ox.QuerySolutions], object]) -> None:
    """Take all of an answer: ``rows`` takes those of a SELECT."""
    if isinstance(answer, ox.QuerySolutions):
        rows(answer)
    elif isinstance(answer, ox.QueryTriples):
        list(answer)


class Bench:
    """A bundle, and the disorders that are asked about."""

    def __init__(self, bundle: Path, clock: Clock) -> None:
        self.graph: Graph = pg.open(bundle)
        self.engine = LocalStore.read_only(Bundle(bundle).store).engine
        self.clock = clock
        disorders = sorted(self.texts(DISORDERS))
        self.sample = random.Random(1).sample(disorders, min(SAMPLE, len(disorders)))  # noqa: S311 - no secret

    def texts(self, text: str) -> list[str]:
        """The first column of the answer to a SELECT."""
        rows = self.graph.sparql(text)
        return list(map(str, rows.column(rows.variables[0]))) if isinstance(rows, Rows) else []

    def bound(self, query: StoredQuery, disorder: str, other: str) -> dict[str, str]:
        """The values of a query that is asked about a disorder."""
        given = {"disorder": disorder, "other": other}
        return {p.name: given[p.name] for p in query.parameters if p.name in given}

    def library(self, query: StoredQuery, values: dict[str, str]) -> float:
        """The milliseconds of an answer through the library, with all its rows."""
        start = self.clock()
        take_all(self.graph.ask(query, named=dict(values)), Rows.of)
        return (self.clock() - start) * 1000

    def alone(self, text: str) -> float:
        """The milliseconds of an answer by pyoxigraph, with all its rows."""
        start = self.clock()
        take_all(self.engine.query(text, use_default_graph_as_union=True), lambda rows: list(map(tuple, rows)))
        return (self.clock() - start) * 1000

    def measure(self, query: StoredQuery) -> Times:
        """Ask a query about each disorder of the sample, or as it stands, in both ways."""
        times = Times()
        pairs = list(zip(self.sample, reversed(self.sample), strict=True))
        rounds = [self.bound(query, *pair) for pair in pairs] if group_of(query) is not CATALOGUE else [{}] * REPEATS
        self.library(query, rounds[0])  # the first answer opens files
        for number, values in enumerate(rounds):
            text = self.graph.bound(query, (), dict(values))
            if number % 2:
                times.library.append(self.library(query, values))
                times.alone.append(self.alone(text))
            else:
                times.alone.append(self.alone(text))
                times.library.append(self.library(query, values))
        if group_of(query) is not CATALOGUE:
            values = self.bound(query, LARGEST, self.sample[0])
            times.largest = [self.library(query, values) for _ in range(REPEATS // 4)]
        return times


def p95(times: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return quantiles(times, n=20)[-1]


def line(query: StoredQuery, times: Times) -> str:
    """One query in the table, with what it misses."""
    group = group_of(query)
    missed = [f"p50 > {group.p50_goal:g}"] if median(times.library) > group.p50_goal else []
    missed += [f"p95 > {group.p95_goal:g}"] if group.p95_goal and p95(times.library) > group.p95_goal else []
    missed += [f"ratio > {RATIO_GOAL}"] if times.ratio > RATIO_GOAL else []
    largest = f"{median(times.largest):>10.1f}" if times.largest else " " * 10
    return (
        f"{query.name:<42}{median(times.library):>9.2f}{p95(times.library):>9.2f}{largest}"
        f"{times.ratio:>8.2f}   {', '.join(missed)}"
    ).rstrip()


def slipped(name: str, chance: random.Random) -> str:
    """A name with one letter left out."""
    place = chance.randrange(len(name))
    return name[:place] + name[place + 1 :]


def resolve_lines(bench: Bench) -> list[str]:
    """The times of ``resolve``: by identifier, by label, and by a label with a letter left out."""
    chance = random.Random(1)  # noqa: S311 - no secret
    text = LABELS.format(disorders=" ".join(f"<{iri}>" for iri in bench.sample))
    labels = bench.texts(text)
    start = bench.clock()
    bench.graph.resolve("not a name of anything")
    lines = [f"{'the first, which reads the index':<42}{(bench.clock() - start) * 1000:>9.2f}"]
    for words, texts in (
        ("an identifier", [iri.rpartition("_")[2] for iri in bench.sample]),
        ("a label", labels),
        ("a label without one letter", [slipped(label, chance) for label in labels]),
    ):
        times = []
        for name in texts:
            start = bench.clock()
            bench.graph.resolve(name)
            times.append((bench.clock() - start) * 1000)
        missed = f"   p95 > {RESOLVE_GOAL}" if p95(times) > RESOLVE_GOAL else ""
        lines.append(f"{words:<42}{median(times):>9.2f}{p95(times):>9.2f}{missed}")
    return lines


def main() -> None:
    """Measure, and print the machine, the date, and one line a query."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("bundle", type=Path)
    options.add_argument("--cpu", action="store_true", help="measure the time of the processor")
    given = options.parse_args()
    bench = Bench(given.bundle, time.process_time if given.cpu else time.perf_counter)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(tz=UTC):%Y-%m-%d}, {machine}, {'CPU' if given.cpu else 'wall'} time, ms")
    print(f"{given.bundle}: {len(bench.engine):,} quads, {len(bench.sample)} disorders")
    gc.disable()
    ratios = []
    for group in (ONE, SEVERAL, CATALOGUE):
        print(f"\n{group.name:<42}{'p50':>9}{'p95':>9}{'ORPHA:904':>10}{'ratio':>8}")
        for query in stored_queries():
            if group_of(query) is group:
                times = bench.measure(query)
                ratios.append(times.ratio)
                print(line(query, times), flush=True)
                gc.collect()
    print(f"\nlibrary to pyoxigraph alone, median of all queries: {median(ratios):.2f}, largest {max(ratios):.2f}")
    print(f"\n{'resolve':<42}{'p50':>9}{'p95':>9}")
    print("\n".join(resolve_lines(bench)))


if __name__ == "__main__":
    main()
