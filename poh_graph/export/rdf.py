"""A graph in the formats of RDF, streamed: a whole release takes no more memory than one disorder.

TriG and N-Quads keep the named graphs, which say whose statement it is; the others hold the union of them. Each writer
goes through the statements in the order of their N-Quads text, so that the same graph gives the same bytes, from
whatever store it comes. The release file of a bundle has that order already; other stores are sorted in memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from poh_graph.closure import closed_quads
from poh_graph.errors import InputError, ParameterError
from poh_graph.graph import Graph, turtle_prefixes

CHUNK_LINES = 5_000
"""Lines that are parsed at a time: enough that the parser's start does not count, and a megabyte of memory."""

LARGEST_JSONLD = 100_000
"""Statements of one JSON-LD document: it is made in memory, and read in memory. These take 12 s of CPU and 200 MB."""


@dataclass(frozen=True)
class Statements:
    """The statements of a graph in the order of their text: lines of N-Quads, in memory or in a file."""

    source: tuple[bytes, ...] | Path

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> Statements:
        """These quads, each once."""
        written = BytesIO()
        ox.serialize(quads, written, ox.RdfFormat.N_QUADS)
        return cls(tuple(sorted(set(written.getvalue().splitlines(keepends=True)))))

    def lines(self) -> Iterator[bytes]:
        """The lines, from the first; as often as one asks.

        Raises:
            InputError: if the file cannot be read.
        """
        if not isinstance(self.source, Path):
            yield from self.source
            return
        try:
            with self.source.open("rb") as file:
                yield from file
        except OSError as error:
            raise InputError(f"{self.source} cannot be read ({error.strerror}).") from None

    def quads(self) -> Iterator[ox.Quad]:
        """The statements as quads.

        Raises:
            InputError: if the file does not parse.
        """
        return self._parsed(self.lines())

    def triples(self) -> Iterator[ox.Triple]:
        """The union of the named graphs: a triple that several hold comes once, for they stand side by side."""
        last: ox.Triple | None = None
        for quad in self.quads():
            triple = quad.triple
            if triple != last:
                yield triple
            last = triple

    def by_graph(self) -> Iterator[ox.Quad]:
        """The statements of one graph after the other, by name; those in no graph come last.

        The lines are gone through once a graph, and only those that end in its name are parsed: sorting them all would
        take the memory that streaming saves.
        """
        names = {quad.graph_name for quad in self.quads()}
        for name in sorted(names, key=lambda name: (isinstance(name, ox.DefaultGraph), str(name))):
            ending = b" .\n" if isinstance(name, ox.DefaultGraph) else f" {name} .\n".encode()
            lines = (line for line in self.lines() if line.endswith(ending))
            yield from (quad for quad in self._parsed(lines) if quad.graph_name == name)

    def _parsed(self, lines: Iterator[bytes]) -> Iterator[ox.Quad]:
        while chunk := b"".join(islice(lines, CHUNK_LINES)):
            try:
                yield from ox.parse(chunk, ox.RdfFormat.N_QUADS)
            except SyntaxError as error:
                raise InputError(
                    f"{self.source} is not N-Quads ({error.msg}).", mend="The bundle is damaged: build it anew."
                ) from None


Writer = Callable[[Statements, IO[bytes]], None]


def _nquads(statements: Statements, out: IO[bytes]) -> None:
    for line in statements.lines():
        out.write(line)


def _trig(statements: Statements, out: IO[bytes]) -> None:
    ox.serialize(statements.by_graph(), out, ox.RdfFormat.TRIG, prefixes=turtle_prefixes())


def _triples(rdf_format: ox.RdfFormat, prefixes: Callable[[], Mapping[str, str]] = dict) -> Writer:
    def write(statements: Statements, out: IO[bytes]) -> None:
        ox.serialize(statements.triples(), out, rdf_format, prefixes=dict(prefixes()))

    return write


def _jsonld(statements: Statements, out: IO[bytes]) -> None:
    from poh_graph.export.jsonld import compacted

    if next(islice(statements.lines(), LARGEST_JSONLD, None), None) is not None:
        raise ParameterError(
            f"A JSON-LD document of more than {LARGEST_JSONLD:,} statements is more than most programs can read.",
            mend="Write one document a disorder, one a line: poh-graph export jsonl; or choose with --disorder.",
        )
    out.write(json.dumps(compacted(statements.triples()), indent=1, ensure_ascii=False).encode() + b"\n")


FORMATS: Mapping[str, Writer] = {
    "turtle": _triples(ox.RdfFormat.TURTLE, turtle_prefixes),
    "trig": _trig,
    "ntriples": _triples(ox.RdfFormat.N_TRIPLES),
    "nquads": _nquads,
    # RDF/XML names a predicate by prefix and local name, which begins with a letter: Oxigraph's writer splits it.
    "rdfxml": _triples(ox.RdfFormat.RDF_XML),
    "jsonld": _jsonld,
}
WITH_GRAPHS = ("trig", "nquads")


def whole(graph: Graph) -> Statements:
    """Every statement of a graph."""
    if graph.release is not None and graph.release.is_file():
        return Statements(graph.release)
    return Statements(tuple(sorted(graph.store.lines())))


def closed(graph: Graph, disorders: list[str]) -> Statements:
    """The closed graphs of some disorders: what is said about each, and the labels of all it refers to."""
    return Statements.of(closed_quads(graph.store, [graph.disorder(name).iri for name in disorders]))
