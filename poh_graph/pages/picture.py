"""A picture of what a disorder overlaps with: the disorder, what it shares, and with whom.

Three columns: an edge runs from the disorder to something that is shared (a gene, a group, a sign, or a reason that has
no such thing), and from there to each disorder that shares it. ``networkx`` lays them out, in an order that gives few
crossings; the same overlaps give the same picture.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest
from statistics import mean

from poh_graph.documents.document import Link, parts
from poh_graph.documents.overlap import Overlaps, Reason
from poh_graph.graph import Disorder
from poh_graph.terms import HGNC, OBO

MOST_DISORDERS = 16
MOST_SHARED = 16
"""More boxes than these in a column are a list, not a picture; the page has the list beside it."""

_SWEEPS = 4
_PITCH = 52
_LINE = 16
_LETTER = 7.2
_BOLD_LETTER = 8.2
_PADDING = 10
_COLUMNS = ((0, 160, 3), (215, 220, 2), (505, 245, 2))
"""Left edge, width and lines of each column. These and the other lengths are in units of the picture."""

WIDTH = _COLUMNS[-1][0] + _COLUMNS[-1][1]


@dataclass(frozen=True, slots=True)
class Box:
    """One thing in the picture: what it is, its name in lines, and where it stands (left edge, top, width, height)."""

    iri: str
    name: str
    kind: str
    lines: tuple[str, ...]
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Half way down."""
        return self.top + self.height / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width


@dataclass(frozen=True, slots=True)
class Picture:
    """Boxes, the edges between them, and how many disorders there would be."""

    boxes: tuple[Box, ...]
    edges: tuple[tuple[Box, Box], ...]
    disorders: int
    disorders_in_all: int

    @property
    def width(self) -> float:
        """How wide it is."""
        return WIDTH

    @property
    def height(self) -> float:
        """How high it is."""
        return max(box.top + box.height for box in self.boxes)


@dataclass(frozen=True, slots=True)
class _Thing:
    column: int
    iri: str
    name: str
    kind: str


def picture_of(disorder: Disorder, overlaps: Overlaps) -> Picture | None:
    """The picture of a disorder and those that it overlaps with for the most reasons; None if there are none."""
    here = _Thing(0, disorder.iri, disorder.label, "here")
    edges: dict[tuple[_Thing, _Thing], None] = {}
    shared: dict[_Thing, None] = {}
    for (iri, name), reasons in nsmallest(MOST_DISORDERS, overlaps.items(), key=lambda item: -len(item[1])):
        for thing in _things(reasons):
            if thing in shared or len(shared) < MOST_SHARED:
                shared[thing] = None
                edges[here, thing] = None
                edges[thing, _Thing(2, iri, name, "disorder")] = None
    if not edges:
        return None
    boxes = _boxes(edges)
    return Picture(
        boxes=tuple(boxes.values()),
        edges=tuple((boxes[one], boxes[other]) for one, other in edges),
        disorders=len({other for _, other in edges if other.column == 2}),  # noqa: PLR2004 - the last column
        disorders_in_all=len(overlaps),
    )


def _things(reasons: list[Reason]) -> Iterator[_Thing]:
    """What is shared, reason by reason; a reason for which nothing is named stands for itself."""
    for reason in reasons:
        links = [part for text in reason.shared for part in parts(text) if isinstance(part, Link)]
        for link in links:
            kind = "gene" if link.iri.startswith(HGNC) else "sign" if link.iri.startswith(OBO + "HP_") else "group"
            yield _Thing(1, link.iri, link.text, kind)
        if not links:
            yield _Thing(1, "", reason.kind, "reason")


def _boxes(edges: Mapping[tuple[_Thing, _Thing], None]) -> dict[_Thing, Box]:
    boxes = {thing: _box(thing, middle) for thing, middle in _middles(edges).items()}
    top = min(box.top for box in boxes.values())
    return {thing: replace(box, top=round(box.top - top, 1)) for thing, box in boxes.items()}


def _middles(edges: Mapping[tuple[_Thing, _Thing], None]) -> dict[_Thing, float]:
    """How far down the middle of each thing lies; every column is centred on the others."""
    import networkx as nx

    columns = dict(enumerate(_ordered(edges)))
    graph: nx.Graph[_Thing] = nx.Graph()
    graph.add_nodes_from(thing for column in columns.values() for thing in column)
    places = nx.multipartite_layout(graph, subset_key=columns)
    longest = max(columns.values(), key=len)
    first, last = (float(places[thing][1]) for thing in (longest[0], longest[-1]))
    # It fits the layout into a square of its own; here each thing of the longest column has one pitch.
    stretch = _PITCH * (len(longest) - 1) / (last - first or 1)
    return {thing: float(place[1]) * stretch for thing, place in places.items()}


def _ordered(edges: Mapping[tuple[_Thing, _Thing], None]) -> list[list[_Thing]]:
    """The things of each column, each near those that it has edges with: a few sweeps of the barycentre method."""
    things = list(dict.fromkeys(thing for edge in edges for thing in edge))
    columns = [[thing for thing in things if thing.column == place] for place in range(len(_COLUMNS))]
    shared, others = columns[1:]
    for _ in range(_SWEEPS):
        others.sort(key=lambda thing: mean(shared.index(one) for one, other in edges if other == thing))
        shared.sort(key=lambda thing: mean(others.index(other) for one, other in edges if one == thing))
    return columns


def _box(thing: _Thing, middle: float) -> Box:
    left, width, most_lines = _COLUMNS[thing.column]
    letters = int((width - 2 * _PADDING) / (_BOLD_LETTER if thing.kind == "here" else _LETTER))
    lines = textwrap.wrap(thing.name, letters, max_lines=most_lines, placeholder=" …")
    height = most_lines * _LINE + 12
    return Box(thing.iri, thing.name, thing.kind, tuple(lines), left, middle - height / 2, width, height)
