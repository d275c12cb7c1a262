"""Graph + shapes → report.

pyshacl checks the shapes of ``shapes/*.ttl`` on the union of the named graphs, slice by slice. The check queries of
``shapes/checks/`` ask the store itself, because what they look at, the named graphs, SHACL does not see: a row of such
a query is an offender. What concerns every single term is checked on the lines (:mod:`poh_graph.gate.line_checks`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import repeat
from pathlib import Path

import pyoxigraph as ox

from poh_graph.bundle import resource_folder
from poh_graph.errors import InputError
from poh_graph.gate.line_checks import LineChecks
from poh_graph.gate.report import Finding, Report
from poh_graph.gate.slices import Slice, slices
from poh_graph.queries import read_query
from poh_graph.rows import Rows, shown
from poh_graph.stages import Tick
from poh_graph.store import Store, read_rdf
from poh_graph.terms import BASE
from poh_graph.workers import shared_out


def validate(
    store: Store,
    folder: Path | None = None,
    *,
    lines: Iterable[bytes] | None = None,
    jobs: int | None = None,
    tick: Tick | None = None,
) -> Report:
    """The report on a store, by the shapes and checks of ``folder`` (the package's own if None).

    ``lines`` are the store's quads as N-Quads, where they are at hand. A large graph is checked in slices by ``jobs``
    processes (None: as many as there are cores); ``tick`` is called after each.

    Raises:
        InputError: if the folder holds no shapes, or one does not parse.
        StoreError: if one of the processes is stopped from outside.
    """
    folder = folder or resource_folder("shapes")
    shapes = read_shapes(folder)
    on_lines = LineChecks()
    parts = list(slices(on_lines.over(store.lines() if lines is None else lines)))
    findings = set(on_lines.findings())
    tick = tick or Tick()
    tick.expect(len(parts) + 1)
    for found in _judged(parts, shapes, jobs or os.cpu_count() or 1, lambda: set(_check_findings(store, folder))):
        findings.update(found)
        tick()
    return Report(tuple(sorted(findings)))


def _judged(
    parts: Sequence[Slice], shapes: bytes, jobs: int, check: Callable[[], set[Finding]]
) -> Iterator[set[Finding]]:
    """The findings of ``check`` and of each slice; slices are shared out over processes, ``check`` stays here."""
    from poh_graph.gate.judge import judge  # pyshacl and rdflib: half a second

    if jobs == 1 or len(parts) == 1:
        yield check()
        yield from (judge(part, shapes) for part in parts)
        return
    with shared_out(judge, parts, repeat(shapes), jobs=min(jobs, len(parts))) as judged:
        yield check()
        yield from judged


def read_shapes(folder: Path) -> bytes:
    """The shapes of a folder as N-Triples.

    Raises:
        InputError: if the folder holds no shapes, or one does not parse.
    """
    files = sorted(folder.glob("*.ttl"))
    if not files:
        raise InputError(f"{folder} holds no shapes.", mend="Give a folder with SHACL shapes in Turtle (*.ttl).")
    out = BytesIO()
    ox.serialize((quad.triple for file in files for quad in read_rdf(file)), out, ox.RdfFormat.N_TRIPLES)
    return out.getvalue()


def _check_findings(store: Store, folder: Path) -> Iterator[Finding]:
    for file in sorted((folder / "checks").glob("*.rq")):
        check = read_query(file)
        answer = store.query(check.text)
        if not isinstance(answer, ox.QuerySolutions):
            raise InputError(f"{file} is not a SELECT.", mend="A check query selects the offenders.")
        rows = Rows.of(answer)
        for row in rows.terms:
            rest = ", ".join(
                f"{name} {shown(term)}" for name, term in zip(rows.variables[1:], row[1:], strict=True) if term
            )
            yield Finding(
                severity="Warning" if "warning" in check.tags else "Violation",
                shape=f"{BASE}check/{check.name}",
                focus=row[0].value if isinstance(row[0], ox.NamedNode) else str(row[0]),
                path="",
                value=rest,
                message=check.summary,
            )
