"""What a stranger asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """A query, the dataset that the request names, and what the client takes.

    ``format_`` is the short name of a format and goes before ``accept``. Without graphs the query sees the union of
    the named graphs, or what its own FROM says. ``client`` is whom the places for queries are shared out to.
    """

    text: str
    accept: str | None = None
    format_: str | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    client: str = ""

    def fields(self) -> dict[str, Any]:
        """Its fields by name, as JSON has them."""
        return {name: getattr(self, name) for name in self.__slots__}
