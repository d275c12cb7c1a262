"""The stored queries on pages: a list, a form for each that runs it, a form for SPARQL, and the rows of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from poh_graph.documents.document import Link, Text
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import rendered
from poh_graph.queries import Parameter, StoredQuery, stored_queries
from poh_graph.rows import Rows, Term, shown
from poh_graph.terms import curie_of

MOST_ROWS = 1000
"""Rows that a page shows; the whole answer can be downloaded."""


@dataclass(frozen=True)
class Answer:
    """What a page shows of an answer: a table, or triples as Turtle, or the verdict of an ASK."""

    header: Sequence[str] = ()
    rows: Sequence[Sequence[Text]] = ()
    in_all: int = 0
    text: str = ""


def answer_of(rows: Rows) -> Answer:
    """The first rows of an answer. A column ``x_label`` goes into the column ``x``, as the words of its links."""
    labelled = {name: f"{name}_label" for name in rows.variables if f"{name}_label" in rows.variables}
    header = [name for name in rows.variables if name not in labelled.values()]
    table = []
    for row in rows.terms[:MOST_ROWS]:
        cells = dict(zip(rows.variables, row, strict=True))
        table.append([_cell(cells[name], cells.get(labelled.get(name, ""))) for name in header])
    return Answer(header, table, len(rows))


def _cell(term: Term | None, label: Term | None) -> Text:
    words = label.value if isinstance(label, ox.Literal) else ""
    if isinstance(term, ox.NamedNode):
        return Link(f"{words} ({curie_of(term.value)})" if words else curie_of(term.value), term.value)
    return shown(term)


@dataclass(frozen=True)
class Field:
    """A field of a form: a parameter, and the text that stands in it."""

    name: str
    documentation: str
    value: str


def fields_of(query: StoredQuery, given: Mapping[str, str]) -> list[Field]:
    """The fields of a stored query, filled with what was given, else with the defaults."""
    return [Field(each.name, each.documentation, given.get(each.name) or _default(each)) for each in query.parameters]


def _default(parameter: Parameter) -> str:
    first = parameter.default[0]
    return curie_of(first.value) if isinstance(first, ox.NamedNode) else first.value


def queries_html(frame: Frame) -> str:
    """The list of the stored queries, by tag."""
    by_tag: dict[str, list[StoredQuery]] = {}
    for query in stored_queries():
        by_tag.setdefault(query.tags[0], []).append(query)
    return rendered("queries.html.jinja", tags=dict(sorted(by_tag.items())), frame=frame)


def query_html(query: StoredQuery, given: Mapping[str, str], answer: Answer | None, trouble: str, frame: Frame) -> str:
    """The page of a stored query: its form, and its answer if it was run."""
    fields = fields_of(query, given)
    values = urlencode({field.name: field.value for field in fields}, safe=":")
    return rendered(
        "query.html.jinja", query=query, fields=fields, values=values, answer=answer, trouble=trouble, frame=frame
    )


def editor_html(text: str, answer: Answer | None, trouble: str, frame: Frame) -> str:
    """The page for SPARQL of one's own, and its answer if there is one."""
    values = urlencode({"query": text}) if text else ""
    return rendered("editor.html.jinja", text=text, values=values, answer=answer, trouble=trouble, frame=frame)
