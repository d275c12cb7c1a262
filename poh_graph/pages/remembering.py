"""A graph that remembers its answers while one page is made: sections of a page ask the same stored query again.

What a page will ask for certain can be asked at once, on all cores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future

from poh_graph.graph import Graph
from poh_graph.queries import find_query
from poh_graph.rows import Rows

_Asked = tuple[str, frozenset[tuple[str, tuple[str, ...]]]]
"""The name of a stored query, and its parameters with their values."""


class Remembering(Graph):
    """The same graph; a stored query with the same values is run once. It is made for one page, and goes with it."""

    def __init__(self, graph: Graph, threads: Executor | None = None) -> None:
        """``threads`` run what is asked at once; without them nothing is asked before it is needed."""
        super().__init__(graph.store, graph.names_file, graph.release)
        self.names = graph.names  # what was found by name stays known from page to page
        self._threads = threads
        self._answers: dict[_Asked, Future[Rows]] = {}

    def ask_at_once(self, names: Iterable[str], value: str) -> None:
        """Begin to run stored queries of one value; what is wrong with one is told to who asks for its answer."""
        if self._threads:
            for name in names:
                self._answers[_asked(name, value)] = self._threads.submit(super().query, name, value)

    def query(self, name: str, *values: str, **named: str | Sequence[str]) -> Rows:
        """As :meth:`Graph.query`."""
        asked = _asked(name, *values, **named)
        if asked not in self._answers:
            self._answers[asked] = Future()
            self._answers[asked].set_result(super().query(name, *values, **named))
        return self._answers[asked].result()


def _asked(name: str, *values: str, **named: str | Sequence[str]) -> _Asked:
    parameters = (parameter.name for parameter in find_query(name).parameters)
    given = {**dict(zip(parameters, values, strict=False)), **named}
    lists = ((key, (text,) if isinstance(text, str) else tuple(text)) for key, text in given.items())
    return name, frozenset(lists)
