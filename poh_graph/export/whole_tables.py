"""Tables of a whole graph, for people who live in DuckDB, pandas and spreadsheets: one row a statement.

Each table is a stored query of ``queries/tables``; its header says which columns are no text. In the files an IRI is
its CURIE. TSV has every value as the graph writes it, lists joined by ``|``; Parquet (with pyarrow) has numbers,
booleans, dates and lists. Rows are sorted here, by their text: Oxigraph's ORDER BY takes 40 s for what takes half a
second here.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from poh_graph.errors import InputError, ParameterError, StoreError
from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, table_queries
from poh_graph.rows import Term
from poh_graph.stages import Tick
from poh_graph.terms import curie_of

Row = tuple[str, ...]

BAR = "|"
"""Stands between the values of a list, here and in the stored queries. No IRI holds it."""

ABOUT = ("disorder", "subject", "object")
"""The columns that say which disorder a row is about."""

BATCH_ROWS = 50_000

_VALUES: Mapping[str, Callable[[str], Any]] = {
    "text": str,
    "boolean": lambda text: text == "true",
    "number": float,
    "integer": int,
    "date": date.fromisoformat,
}


@dataclass(frozen=True)
class Table:
    """A table in words: an empty cell is one where nothing is said. ``types`` are those of the columns, in order."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[Row]

    def values(self, place: int, rows: Sequence[Row]) -> list[Any]:
        """The values of a column in some rows, as Python has them: a list for a list, None where nothing is said.

        Raises:
            InputError: if a text is not of the column's type.
        """
        kind = self.types[place]
        if kind == "list":
            return [row[place].split(BAR) if row[place] else [] for row in rows]
        read = _VALUES[kind]
        try:
            return [read(row[place]) if row[place] else None for row in rows]
        except ValueError as error:
            raise InputError(f"{self.columns[place]} of the table {self.name} is no {kind} ({error}).") from None


@dataclass(frozen=True)
class Written:
    """What was written: the rows of each table, and the formats."""

    rows: Mapping[str, int]
    formats: tuple[str, ...]


def write_tables(graph: Graph, folder: Path, disorders: Sequence[str] = (), tick: Tick | None = None) -> Written:
    """Write all tables of a graph into a folder; with ``disorders``, the rows that are about them.

    Raises:
        StoreError: if the graph has no named graphs, so that nobody says anything.
        ParameterError: if the folder cannot be written.
        UnknownName: if a disorder is not in the graph.
    """
    if not graph.store.graphs():
        raise StoreError(
            "Its statements stand in no named graph; a row of a table says whose statement it is.",
            mend="Give a bundle, TriG or N-Quads.",
        )
    chosen = frozenset(curie_of(graph.disorder(name).iri) for name in disorders)
    parquet = _pyarrow()
    queries = table_queries()
    tick = tick or Tick()
    tick.expect(len(queries))
    counts = {}
    for query in queries:
        table = read_table(graph, query, chosen)
        name = query.name.rpartition("/")[2]
        with _file(folder, f"{name}.tsv") as out:
            _write_tsv(table, out)
        if parquet is None:
            (folder / f"{name}.parquet").unlink(missing_ok=True)  # of an older export: it would say something else
        else:
            with _file(folder, f"{name}.parquet") as out:
                _write_parquet(table, parquet, out)
        counts[name] = len(table.rows)
        tick()
    return Written(counts, ("TSV",) if parquet is None else ("TSV", "Parquet"))


def read_table(graph: Graph, query: StoredQuery, disorders: frozenset[str] = frozenset()) -> Table:
    """The answer to a stored query as a table; with ``disorders`` (CURIEs), the rows that are about one of them."""
    answer = graph.ask(query)
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101 - the queries of tables are SELECTs
    columns = tuple(variable.value for variable in answer.variables)
    kinds: Mapping[str, str] = query.header.get("types", {})
    types = tuple(kinds.get(column, "text") for column in columns)
    about = [place for place, column in enumerate(columns) if column in ABOUT]
    texts: dict[str, str] = {}  # each text once: labels come again and again
    rows = []
    for solution in answer:
        cells = map(_cell, solution, types)
        row = tuple(texts.setdefault(cell, cell) for cell in cells)
        if not disorders or not about or not disorders.isdisjoint(row[place] for place in about):
            rows.append(row)
    rows.sort()
    return Table(query.name, columns, types, rows)


def _cell(term: Term | None, kind: str) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return curie_of(term.value)
    text = term.value if isinstance(term, ox.Literal) else str(term)
    return BAR.join(sorted(map(_listed, text.split(BAR)))) if kind == "list" and text else text


def _listed(text: str) -> str:
    return curie_of(text) if "://" in text else text


def _pyarrow() -> Any:
    """The module that writes Parquet; None if it is not installed."""
    try:
        import pyarrow.parquet
    except ImportError:
        return None
    return pyarrow


@contextmanager
def _file(folder: Path, name: str) -> Iterator[IO[bytes]]:
    """A file of a folder, which takes the place of the one that was there when it is whole."""
    part = folder / f".{name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            yield file
        part.replace(folder / name)
    except OSError as error:
        raise ParameterError(f"{folder / name} cannot be written ({error.strerror}).") from None
    finally:
        if folder.is_dir():
            part.unlink(missing_ok=True)


def _write_tsv(table: Table, out: IO[bytes]) -> None:
    writer = csv.writer(_Lines(out), delimiter="\t", lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)


class _Lines:
    """What the csv module writes to: texts that go to a file of bytes."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out

    def write(self, text: str) -> int:
        return self._out.write(text.encode())


def _write_parquet(table: Table, arrow: Any, out: IO[bytes]) -> None:
    kinds = {
        "text": arrow.string(),
        "boolean": arrow.bool_(),
        "number": arrow.float64(),
        "integer": arrow.int64(),
        "date": arrow.date32(),
        "list": arrow.list_(arrow.string()),
    }
    schema = arrow.schema([(name, kinds[kind]) for name, kind in zip(table.columns, table.types, strict=True)])
    with arrow.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for start in range(0, len(table.rows), BATCH_ROWS):
            rows = table.rows[start : start + BATCH_ROWS]
            columns = [arrow.array(table.values(place, rows), field.type) for place, field in enumerate(schema)]
            writer.write_batch(arrow.record_batch(columns, schema=schema))
