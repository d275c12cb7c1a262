"""A graph that remembers its answers while one page is made: sections of a page ask the same stored query again."""

from __future__ import annotations

from collections.abc import Sequence

from poh_graph.graph import Graph
from poh_graph.rows import Rows

_Asked = tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]


class Remembering(Graph):
    """The same graph; a stored query with the same values is run once. It is made for one page, and goes with it."""

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph.store, graph.names_file, graph.release)
        self.names = graph.names  # what was found by name stays known from page to page
        self._answers: dict[_Asked, Rows] = {}

    def query(self, name: str, *values: str, **named: str | Sequence[str]) -> Rows:
        """As :meth:`Graph.query`."""
        lists = ((key, (text,) if isinstance(text, str) else tuple(text)) for key, text in named.items())
        asked = (name, values, tuple(sorted(lists)))
        if asked not in self._answers:
            self._answers[asked] = super().query(name, *values, **named)
        return self._answers[asked]
