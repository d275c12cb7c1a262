"""JSON Lines: one document a disorder, each on a line of its own, in the order of the disorders' IRIs.

A JSON-LD document is framed on the disorder and holds exactly the triples of its closed graph (the stored query
``closed-graph-of-a-disorder``). Making one takes some 20 ms, which a whole release has ten thousand times: the work is
shared out over processes, each of which opens the store for itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, repeat

import orjson

from poh_graph.closure import closed_triples
from poh_graph.export.jsonld import framed
from poh_graph.graph import Graph, open_graph
from poh_graph.rows import Rows
from poh_graph.stages import Tick
from poh_graph.terms import Iri
from poh_graph.workers import shared_out

PIECE = 50
"""Disorders that a process takes at a time."""

WORTH_A_PROCESS = 200
"""Disorders that make further processes pay: each takes half a second to start."""

_DISORDERS = "SELECT DISTINCT ?disorder WHERE { ?disorder a <https://w3id.org/biolink/vocab/Disease> }"


Maker = Callable[[Graph, Iri], bytes]
"""Makes the line of a disorder; a function of a module, which another process can find."""


def document(graph: Graph, iri: Iri) -> bytes:
    """The JSON-LD document of one disorder, as a line."""
    triples = sorted(closed_triples(graph.store, [iri]), key=str)
    return orjson.dumps(framed(triples, iri), option=orjson.OPT_APPEND_NEWLINE)


def all_disorders(graph: Graph) -> list[Iri]:
    """Every disorder that the graph describes, by IRI."""
    answer = graph.sparql(_DISORDERS)
    assert isinstance(answer, Rows)  # noqa: S101 - a SELECT gives nothing else
    return sorted(Iri(iri) for iri in answer.iris())


def documents(
    graph: Graph,
    where: str | None,
    disorders: Sequence[Iri],
    make: Maker = document,
    *,
    jobs: int | None = None,
    tick: Tick | None = None,
) -> Iterator[bytes]:
    """The lines of some disorders of a graph, in their order.

    ``jobs`` processes make them (None: as many as there are cores, where it pays); they open the graph at ``where``, as
    :func:`poh_graph.graph.open_graph` takes it. ``tick`` is called after each line.

    Raises:
        StoreError: if one of the processes cannot open the graph, or is stopped from outside.
    """
    tick = tick or Tick()
    tick.expect(len(disorders))
    pieces = [disorders[start : start + PIECE] for start in range(0, len(disorders), PIECE)]
    pays = len(disorders) >= WORTH_A_PROCESS if jobs is None else jobs > 1
    workers = min(jobs or os.cpu_count() or 1, len(pieces)) if pays else 1
    if workers == 1:
        yield from _told((make(graph, iri) for iri in disorders), tick)
        return
    with shared_out(_lines, repeat(where), repeat(make), pieces, jobs=workers) as made:
        yield from _told(chain.from_iterable(made), tick)


def _told(lines: Iterable[bytes], tick: Tick) -> Iterator[bytes]:
    for line in lines:
        yield line
        tick()


def _lines(where: str | None, make: Maker, disorders: Sequence[Iri]) -> list[bytes]:
    """The lines of some disorders: a piece of work of another process."""
    graph = _opened(where)
    return [make(graph, iri) for iri in disorders]


@lru_cache(maxsize=1)
def _opened(where: str | None) -> Graph:
    """The graph that a process works on; opened once."""
    return open_graph(where)
