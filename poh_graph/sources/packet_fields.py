"""What the fields of an ORPHApacket are made of: a list or one object, each item wrapped in a key of its own or flat.

What is of no such shape is a :class:`Problem` with the path inside the packet.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from poh_graph.records.orphanet import Record
from poh_graph.records.problems import Problem, ProblemKind

At = tuple[str, int | None, str | None, int | None]
"""Where a row stands: field, index, wrapping key, index inside it."""


class Fields:
    """The fields of one packet; what is read of them, problems too, is put into ``out``."""

    def __init__(self, body: dict[str, Any], place: str) -> None:
        self.body = body
        self.place = place
        self.out: list[Record | Problem] = []

    def problem(self, kind: ProblemKind, at: At, message: str, key: str = "") -> None:
        """Take note of a problem at a row, or at one key of it."""
        field, index, wrapper, inner = at
        path = f"$.Orphapacket.{field}" if field else "$.Orphapacket"
        path += f"[{index}]" if index is not None else ""
        path += f".{wrapper}" if wrapper else ""
        path += f"[{inner}]" if inner is not None else ""
        self.out.append(Problem(f"{self.place} {path}{'.' + key if key else ''}", kind, message))

    def rows(self, field: str, wrapper: str) -> Iterator[tuple[At, Any]]:
        """The items of a field, whether it is a list or one object, wrapped or flat. Absent gives none."""
        value = self.body.get(field)
        if isinstance(value, dict):
            yield from self._unwrapped(field, None, wrapper, value)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._unwrapped(field, index, wrapper, item)
        elif field in self.body and value != "no data":
            self.problem("null value" if value is None else "unexpected shape", (field, None, None, None), _LIST)

    def _unwrapped(self, field: str, index: int | None, wrapper: str, item: Any) -> Iterator[tuple[At, Any]]:
        if not isinstance(item, dict) or wrapper not in item:
            yield (field, index, None, None), item
            return
        for key in item.keys() - {wrapper, "count"}:
            self.problem("unknown key", (field, index, None, None), f"expected {wrapper} only", str(key))
        inner = item[wrapper]
        if isinstance(inner, list):
            for position, row in enumerate(inner):
                yield (field, index, wrapper, position), row
        else:
            yield (field, index, wrapper, None), inner

    def objects(self, field: str, wrapper: str, known: frozenset[str]) -> Iterator[tuple[At, dict[str, Any]]]:
        """The items of a field that are objects; what is not, and a key that nobody knows, is a problem."""
        for at, row in self.rows(field, wrapper):
            if not isinstance(row, dict):
                self.problem("unexpected shape", at, f"expected an object, found {type_of(row)}")
                continue
            if not row.keys() <= known:
                for key in sorted(map(str, row.keys() - known)):
                    self.problem("unknown key", at, f"expected one of {', '.join(sorted(known))}", key)
            yield at, row

    def text(self, row: dict[str, Any], key: str, at: At, *, required: bool = True) -> str | None:
        """A text of a row; a whole number is taken as its digits. What is not there or is no text is a problem."""
        value = row.get(key)
        if type(value) is str and value:
            return value
        if type(value) is int:
            return str(value)
        if value is None and key in row:
            self.problem("null value", at, "expected a text, found null", key)
        elif value is None or value == "":
            if required:
                self.problem("missing value", at, "expected a text, found nothing", key)
        else:
            self.problem("unexpected shape", at, f"expected a text, found {type_of(value)}", key)
        return None

    def known(self, value: str | None, table: Container[str], at: At, key: str) -> bool:
        """Whether a value is in its table; if not, that is a problem. No value at all is none here."""
        if value is None or value in table:
            return True
        self.problem("unknown value", at, f"{value!r} is in no table of ontology/terms", key)
        return False


_LIST = "expected a list or an object"
_TYPES: dict[type, str] = {
    dict: "an object", list: "a list", str: "a text", bool: "a truth value", int: "a number", float: "a number",
    type(None): "null",
}  # fmt: skip


def type_of(value: object) -> str:
    """What a value of JSON is, in words."""
    return _TYPES.get(type(value), "something else")
