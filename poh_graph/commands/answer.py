"""The engine's answer to a query → bytes in the format asked for."""

from __future__ import annotations

from typing import IO

import pyoxigraph as ox

from poh_graph.errors import ParameterError
from poh_graph.export import rdf
from poh_graph.export.tables import W3C_FORMATS, write_cells
from poh_graph.graph import Graph
from poh_graph.rows import Rows
from poh_graph.store import Answer


def write_answer(graph: Graph, answer: Answer, format_: str, out: IO[bytes], *, full_iris: bool = False) -> bool:
    """Write an answer; the result is False only for an ASK whose answer is no.

    An empty ``format_`` is the form's own: ``table`` for rows, ``turtle`` for triples.

    Raises:
        ParameterError: if the format does not fit the form of the query.
    """
    if isinstance(answer, ox.QueryTriples):
        format_ = format_ or "turtle"
        if format_ not in rdf.FORMATS or format_ in rdf.WITH_GRAPHS:
            fitting = [name for name in rdf.FORMATS if name not in rdf.WITH_GRAPHS]
            raise ParameterError(
                f"The answer is triples; {format_} does not hold them.", mend=f"Fitting: {', '.join(fitting)}."
            )
        rdf.FORMATS[format_](rdf.Statements.of(ox.Quad(*triple) for triple in answer), out)
        return True
    format_ = format_ or "table"
    if format_ in rdf.FORMATS:
        raise ParameterError(
            f"The answer is a table; {format_} holds triples.", mend="Fitting: table, tsv, csv, json, markdown."
        )
    if isinstance(answer, ox.QueryBoolean):
        if format_ == "json":
            answer.serialize(out, ox.QueryResultsFormat.JSON)
        else:
            out.write(b"yes\n" if answer else b"no\n")
        return bool(answer)
    if format_ in W3C_FORMATS:
        answer.serialize(out, W3C_FORMATS[format_])
        return True
    rows = Rows.of(answer)
    labels = {} if full_iris else graph.labels(rows.iris())
    header, cells = rows.shown(labels=labels, full_iris=full_iris)
    out.write(write_cells(header, cells, format_).encode() + b"\n")
    return True
