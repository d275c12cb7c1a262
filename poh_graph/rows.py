"""The rows of a SELECT: terms as RDF has them, values as Python has them, and tables for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from poh_graph.errors import ParameterError
from poh_graph.terms import XSD, curie_of

if TYPE_CHECKING:
    import pandas as pd

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value = str | int | Decimal | float | bool | date | None

_PYTHON: Mapping[str, Callable[[str], Value]] = {
    "integer": int,
    "decimal": Decimal,
    "double": float,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "gYear": int,
}


def value_of(term: Term | None) -> Value:
    """The Python value of a term: a number, a truth value, a date, or the text; an IRI is its text."""
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        read = _PYTHON.get(term.datatype.value.removeprefix(XSD))
        return read(term.value) if read else term.value
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def shown(term: Term | None, *, labels: Mapping[str, str] | None = None) -> str:
    """A term for a person: an IRI as CURIE, with its label behind it where ``labels`` has one."""
    if term is None:
        return ""
    if not isinstance(term, ox.NamedNode):
        return term.value if isinstance(term, ox.Literal) else str(term)
    label = (labels or {}).get(term.value)
    return f"{curie_of(term.value)} {label}" if label else curie_of(term.value)


def _label(term: Term | None, labels: Mapping[str, str] | None) -> list[tuple[str, str]]:
    """The term's IRI with its label, if it has one."""
    if isinstance(term, ox.NamedNode) and labels and term.value in labels:
        return [(term.value, labels[term.value])]
    return []


@dataclass(frozen=True)
class Rows:
    """The answer to a SELECT: the names of its columns, and one tuple of terms a row (None where nothing is bound)."""

    variables: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]

    @classmethod
    def of(cls, solutions: ox.QuerySolutions) -> Rows:
        """All rows of an answer."""
        names = tuple(variable.value for variable in solutions.variables)
        return cls(names, tuple(map(tuple, solutions)))

    def __repr__(self) -> str:
        """Show how many rows of which columns there are; :meth:`rows` shows the rows."""
        return f"<Rows: {len(self)} of {', '.join(self.variables)}>"

    def __len__(self) -> int:
        return len(self.terms)

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Go through the rows as dictionaries of Python values."""
        return iter(self.rows())

    def rows(self) -> list[dict[str, Value]]:
        """One dictionary a row: column → Python value (int, Decimal, bool, date, str; None where nothing is bound)."""
        return [dict(zip(self.variables, map(value_of, row), strict=True)) for row in self.terms]

    def column(self, name: str) -> list[Value]:
        """The values of one column.

        Raises:
            ParameterError: if there is no such column.
        """
        if name not in self.variables:
            raise ParameterError(
                f"There is no column {name!r}.", mend=f"The columns: {', '.join(self.variables) or 'none'}."
            )
        place = self.variables.index(name)
        return [value_of(row[place]) for row in self.terms]

    def iris(self) -> set[str]:
        """All IRIs in the rows."""
        return {term.value for row in self.terms for term in row if isinstance(term, ox.NamedNode)}

    def shown(
        self, *, labels: Mapping[str, str] | None = None, full_iris: bool = False
    ) -> tuple[list[str], list[list[str]]]:
        """Header and rows for a person: CURIEs, each with its label unless the row says that label already.

        A column ``x_label`` or ``x_name`` goes into the column ``x``: CURIE and label side by side.
        """
        ends = ("label", "name")
        pairs = ((name, f"{name}_{end}") for name in self.variables for end in ends)
        merged = {name: label for name, label in pairs if label in self.variables}
        kept = [name for name in self.variables if name not in merged.values()]
        table = []
        for row in self.terms:
            cells = dict(zip(self.variables, row, strict=True))
            said = {term.value for name in kept if isinstance(term := cells[name], ox.Literal)}
            line = []
            for name in kept:
                term, label = cells[name], cells.get(merged.get(name, ""))
                if full_iris and isinstance(term, ox.NamedNode):
                    line.append(term.value)
                elif label is not None:
                    line.append(f"{shown(term)} {label.value}" if isinstance(label, ox.Literal) else shown(term))
                else:
                    line.append(shown(term, labels={i: text for i, text in _label(term, labels) if text not in said}))
            table.append(line)
        return kept, table

    def df(self) -> pd.DataFrame:
        """A pandas data frame of the Python values (needs the extra: ``pip install poh-graph[pandas]``)."""
        import pandas as pd

        return pd.DataFrame(self.rows(), columns=list(self.variables))

    def _repr_html_(self) -> str:
        """Show the rows as a table in a notebook."""
        import html

        header, rows = self.shown()
        head = "".join(f"<th>{html.escape(name)}</th>" for name in header)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
