"""The store: what answers SPARQL. One protocol, and two classes that keep it.

:class:`LocalStore` is Oxigraph, on disk (a bundle, opened read-only) or in memory (RDF files, the packaged graph);
:class:`poh_graph.remote.RemoteStore` is any SPARQL 1.1 endpoint. Queries see the union of the named graphs. Above this
module nobody knows which of them answers: all give pyoxigraph's own result types, which hold terms as RDF has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from poh_graph.errors import InputError, QueryError, StoreError
from poh_graph.terms import Iri

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples

_LONGEST_EXPECTED = 80

# What may stand before the word that names the form of a query: IRIs, comments, and prefixed names that look like it.
_FORM = re.compile(r"<[^<>\s]*>|#[^\n]*|(?<![\w:-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", re.IGNORECASE)

STORE_VERSION = "oxigraph-0.5"
"""The engine whose files a bundle's ``store/`` holds; files of another minor version are not read."""

RDF_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


class Store(Protocol):
    """What the rest of the program may ask of a store."""

    def query(self, text: str) -> Answer:
        """The answer to a SPARQL 1.1 query over the union of the named graphs.

        Raises:
            QueryError: if the engine refuses the text.
            StoreError: if the store cannot be reached or gives up.
        """
        ...

    def graphs(self) -> list[Iri]:
        """The IRIs of the named graphs, sorted."""
        ...

    def dump(self) -> Iterator[ox.Quad]:
        """Every quad, in no order."""
        ...

    def lines(self) -> list[bytes]:
        """Every quad as a line of N-Quads, in no order."""
        ...

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add quads.

        Raises:
            StoreError: if the store is read-only.
        """
        ...


class LocalStore:
    """An Oxigraph store in this process."""

    def __init__(self, engine: ox.Store) -> None:
        self.engine = engine

    @classmethod
    def in_memory(cls, quads: Iterable[ox.Quad] = ()) -> LocalStore:
        """A store in memory that holds the given quads."""
        store = cls(ox.Store())
        store.load(quads)
        return store

    @classmethod
    def read_only(cls, folder: Path) -> LocalStore:
        """The store on disk at ``folder``; what is written to it later is not seen.

        Raises:
            StoreError: if there is no store, or its files are damaged or of another version.
        """
        try:
            return cls(ox.Store.read_only(str(folder)))
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The store at {folder} cannot be opened ({error}).",
                mend=f"It is only a cache of graph.nq: build the bundle anew (poh-graph build -o {folder.parent}).",
            ) from None

    @classmethod
    def from_file(cls, path: Path) -> LocalStore:
        """The statements of an RDF file, in memory.

        Raises:
            InputError: as :func:`read_rdf`.
        """
        return cls.in_memory(read_rdf(path))

    def query(self, text: str) -> Answer:
        """As :meth:`Store.query`."""
        try:
            return self.engine.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise syntax_error(text, str(error)) from None
        except (OSError, RuntimeError) as error:
            raise StoreError(f"The query could not be run ({error}).") from None

    def graphs(self) -> list[Iri]:
        """As :meth:`Store.graphs`."""
        return sorted(Iri(graph.value) for graph in self.engine.named_graphs() if isinstance(graph, ox.NamedNode))

    def dump(self) -> Iterator[ox.Quad]:
        """As :meth:`Store.dump`."""
        return iter(self.engine)

    def lines(self) -> list[bytes]:
        """As :meth:`Store.lines`."""
        dumped = BytesIO()
        self.engine.dump(dumped, ox.RdfFormat.N_QUADS)
        return dumped.getvalue().splitlines(keepends=True)

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """As :meth:`Store.load`."""
        try:
            self.engine.bulk_extend(quads)
        except (OSError, RuntimeError) as error:
            raise StoreError(
                f"The store takes no quads ({error}).", mend="Load into a store that is not read-only."
            ) from None


def solutions(answer: Answer) -> ox.QuerySolutions:
    """The answer to a text that is known to be a SELECT."""
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - a SELECT gives nothing else
    return answer


def query_form(text: str) -> str:
    r"""The form of a query: SELECT, ASK, CONSTRUCT or DESCRIBE.

    Raises:
        QueryError: if it is none of these (an update, or not SPARQL).

    >>> query_form("# describe\nPREFIX ask: <http://example.org/select> SELECT ?s { ?s ?p ?o }")
    'SELECT'
    """
    for found in _FORM.finditer(text):
        if found[1]:
            return found[1].upper()
    raise QueryError("This is not a SPARQL 1.1 query.", mend="A query says SELECT, ASK, CONSTRUCT or DESCRIBE.")


def syntax_error(text: str, message: str) -> QueryError:
    """The error for a SPARQL text that does not parse: its line and column, what was expected, and the line itself."""
    place = re.search(r"at (\d+):(\d+): expected (.*)", message, re.DOTALL)
    if place is None:
        return QueryError(f"This is not SPARQL 1.1: {message}")
    number, column, expected = int(place[1]), int(place[2]), place[3]
    if "Prefix not found" in expected:
        expected = "a prefix that the query declares"
    elif len(expected) > _LONGEST_EXPECTED:
        # Where a term may begin, the engine lists every character that may begin one: that helps nobody.
        expected = "a term, a variable or a closing bracket"
    elif expected == "[_]":
        expected = "a query"
    lines = text.splitlines() or [""]
    shown = lines[min(number, len(lines)) - 1]
    marked = f"    {shown}\n    {' ' * (column - 1)}^"
    return QueryError(f"This is not SPARQL 1.1: line {number}, column {column}: expected {expected}.\n{marked}")


def read_rdf(source: Path, *, base: str | None = None) -> Iterator[ox.Quad]:
    """The quads of an RDF file; the format is told by its ending (.ttl, .trig, .nt, .nq, .rdf, .owl, .jsonld).

    Raises:
        InputError: if it is not there, has another ending, or does not parse (with the line).
    """
    rdf_format = RDF_FORMATS.get(source.suffix.lower())
    if rdf_format is None:
        raise InputError(
            f"{source} has no ending of an RDF format.", mend=f"Known endings: {', '.join(sorted(RDF_FORMATS))}"
        )
    try:
        yield from ox.parse(path=str(source), format=rdf_format, base_iri=base)
    except SyntaxError as error:
        place = f", line {error.lineno}" if error.lineno else ""
        raise InputError(f"{source}{place}: this is not {rdf_format.name} ({error.msg}).") from None
    except OSError as error:
        raise InputError(f"{source} cannot be read ({error.strerror or error}).") from None
