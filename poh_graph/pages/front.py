"""The front page: what the graph holds, from which sources, and whether it conforms; and the report in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from poh_graph.bundle import Bundle
from poh_graph.documents.document import Link, Table, Text
from poh_graph.graph import Graph
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import rendered
from poh_graph.pages.lists import CLASSIFICATIONS, NAMES
from poh_graph.pages.places import Held, name_of
from poh_graph.source_table import licence_name

_EXAMPLES = ("ORPHA:2762", "ORPHA:337", "HGNC:4392")
"""Where a reader may begin: POH, FOP and GNAS, as far as the graph has them."""


@dataclass(frozen=True)
class Front:
    """What stands on the front page. ``verdict`` is the first line of the validation report, if there is one."""

    counts: Sequence[tuple[str, str, int]]
    triples: int
    sources: Table
    examples: Sequence[Link]
    verdict: str


def report_text(graph: Graph) -> str:
    """The validation report of the bundle in words; empty for a graph that is no bundle."""
    path = Bundle(graph.release.parent).report.with_suffix(".txt") if graph.release else None
    return path.read_text(encoding="utf-8") if path and path.is_file() else ""


def front_of(graph: Graph, held: Held) -> Front:
    """The contents of the front page."""
    found = Counter(thing.folder for thing in held.values())
    counts = [(name, heading, found[folder]) for folder, (name, heading) in NAMES.items()]
    triples = sum(int(str(row["triples"])) for row in graph.query("triples-per-graph"))
    examples = [Link(thing.label, iri) for iri, thing in held.items() if name_of(iri) in _EXAMPLES]
    verdict = report_text(graph).partition("\n")[0]
    return Front(counts, triples, _sources(graph), examples, verdict)


def _sources(graph: Graph) -> Table:
    rows: dict[str, list[Text]] = {}
    for row in graph.query("releases-and-licences"):
        licence = str(row["licence"] or "")
        terms: Text = Link(licence_name(licence), licence) if licence else str(row["rights"] or "")
        rows.setdefault(str(row["graph"]), [str(row["name"]), str(row["release"]), terms, str(row["citation"] or "")])
    return Table(["source", "release", "licence or terms", "to be cited as"], list(rows.values()))


def front_html(front: Front, frame: Frame) -> str:
    """The front page as HTML."""
    return rendered("front.html.jinja", front=front, frame=frame, classifications=CLASSIFICATIONS)


def report_html(graph: Graph, frame: Frame) -> str:
    """The validation report as HTML."""
    return rendered("report.html.jinja", text=report_text(graph), frame=frame)
