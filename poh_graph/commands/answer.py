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

    An empty ``format_`` is the form's own: ``table`` for rows, ``turtle`` for triples. No error keeps the answer: only
    the thread that has asked may drop one, and who holds an error may drop it in another.

    Raises:
        ParameterError: if the format does not fit the form of the query.
    """
    if isinstance(answer, ox.QueryTriples):
        quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in answer]
        del answer
        _write_quads(quads, format_ or "turtle", out)
        return True
    format_ = format_ or "table"
    if format_ in rdf.FORMATS:
        del answer
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
        try:
            answer.serialize(out, W3C_FORMATS[format_])
        finally:
            del answer
        return True
    rows = Rows.of(answer)
    del answer
    labels = {} if full_iris else graph.labels(rows.iris())
    header, cells = rows.shown(labels=labels, full_iris=full_iris)
    out.write(write_cells(header, cells, format_).encode() + b"\n")
    return True


def _write_quads(quads: list[ox.Quad], format_: str, out: IO[bytes]) -> None:
    """Write triples.

    Raises:
        ParameterError: if the format does not hold triples.
    """
    fitting = [name for name in rdf.FORMATS if name not in rdf.WITH_GRAPHS]
    if format_ not in fitting:
        raise ParameterError(
            f"The answer is triples; {format_} does not hold them.", mend=f"Fitting: {', '.join(fitting)}."
        )
    rdf.FORMATS[format_](rdf.Statements.of(quads), out)
