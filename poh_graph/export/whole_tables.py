"""Tables of a whole graph, for people who live in DuckDB, pandas and spreadsheets: one row a statement.

All tables are made in one passage through the statements in the order of their text, which is the order of the rows; a
release is not held in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from poh_graph.errors import ParameterError, StoreError
from poh_graph.export.rdf import whole
from poh_graph.export.table_files import FORMATS, table_files
from poh_graph.export.table_forms import FORMS, Cells, Form, Lookup, Row, Subject, values
from poh_graph.graph import Graph
from poh_graph.rows import Term
from poh_graph.stages import Tick
from poh_graph.terms import curie_of

if TYPE_CHECKING:
    import pandas as pd

_ABOUT = ("disorder", "subject", "object")
"""The columns that say which disorder a row is about."""

_STATEMENTS_A_TICK = 1_000


@dataclass(frozen=True)
class Table:
    """A table of a graph, in memory."""

    form: Form
    rows: list[Cells]

    def df(self) -> pd.DataFrame:
        """A pandas data frame with the columns and values of the Parquet file (``pip install poh-graph[pandas]``)."""
        import pandas as pd

        columns = enumerate(self.form.columns)
        return pd.DataFrame({column.name: values(self.form, place, self.rows) for place, column in columns})


def table(graph: Graph, name: str) -> Table:
    """One of the tables of a graph, by its name.

    Raises:
        ParameterError: if there is no such table.
        StoreError: if the graph has no named graphs, so that nobody says anything.
    """
    for form in FORMS:
        if form.name == name:
            return Table(form, [cells for _, cells in _rows(graph, (form,), Tick())])
    known = ", ".join(form.name for form in FORMS)
    raise ParameterError(f"There is no table {name!r}.", mend=f"The tables: {known}.")


def write_tables(
    graph: Graph,
    folder: Path,
    disorders: Sequence[str] = (),
    *,
    formats: Sequence[str] = FORMATS,
    tick: Tick | None = None,
) -> dict[str, int]:
    """Write all tables of a graph into a folder, and tell how many rows each has.

    With ``disorders``, they have the rows that are about these. ``tick`` is called after each thousand statements.

    Raises:
        StoreError: if the graph has no named graphs, so that nobody says anything.
        ParameterError: if the folder cannot be written, or pyarrow is not installed, which writes Parquet.
        UnknownName: if a disorder is not in the graph.
    """
    chosen = frozenset(curie_of(graph.disorder(name).iri) for name in disorders)
    rows = _rows(graph, FORMS, tick or Tick())
    with table_files(folder, FORMS, formats) as tables:
        for form, cells in rows:
            if not chosen or _is_about(chosen, form, cells):
                tables[form.name].add(cells)
    return {name: table.written for name, table in tables.items()}


def _is_about(chosen: frozenset[str], form: Form, cells: Cells) -> bool:
    """Whether a row is about one of some disorders, or of a table that is about none."""
    about = {cell for column, cell in zip(form.columns, cells, strict=True) if column.name in _ABOUT}
    return not about or not chosen.isdisjoint(about)


def _rows(graph: Graph, forms: Sequence[Form], tick: Tick) -> Iterator[tuple[Form, Cells]]:
    """The rows of some tables, as the subjects come."""
    if not graph.store.graphs():
        raise StoreError(
            "Its statements stand in no named graph; a row of a table says whose statement it is.",
            mend="Give a bundle, TriG or N-Quads.",
        )
    lookup = Lookup.of(graph)
    subjects = _subjects(whole(graph).quads(), tick)
    return (
        (form, cells)
        for subject in subjects
        for form in forms
        if not form.classes.isdisjoint(subject.classes)
        for cells in _cells(form, subject, lookup)
    )


def _cells(form: Form, subject: Subject, lookup: Lookup) -> list[Cells]:
    """The rows that a subject gives a table, each once."""
    rows = (Row(statements, source, lookup) for statements, source in form.rows(subject))
    return sorted({tuple(column.read(row) for column in form.columns) for row in rows})


def _subjects(quads: Iterator[ox.Quad], tick: Tick) -> Iterator[Subject]:
    """The statements of named graphs by subject; these stand side by side, for the statements are sorted."""
    read = 0
    for term, block in groupby(quads, key=attrgetter("subject")):
        said: defaultdict[str, list[tuple[Term, str]]] = defaultdict(list)
        for quad in block:
            if isinstance(quad.graph_name, ox.NamedNode):
                said[quad.predicate.value].append((quad.object, quad.graph_name.value))
            read += 1
            if read % _STATEMENTS_A_TICK == 0:
                tick()
        if isinstance(term, ox.NamedNode):
            yield Subject(term.value, said)
