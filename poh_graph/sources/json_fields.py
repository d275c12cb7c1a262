"""The fields of a record in JSON, by their paths: what is not there is empty, another form is a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from poh_graph.records.problems import Problem

_EUROPEAN = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_PART_OF_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_LONGEST_SHOWN = 60


@dataclass
class Fields:
    """An object of a record while it is read. ``place`` is that of the record, ``path`` where in it the object stands.

    ``problems`` is shared by all objects of the record. No problem quotes a text that could name a person: values are
    shown only of fields that hold a word of a list, a number or a day.
    """

    data: Mapping[str, Any]
    place: str
    path: str = ""
    problems: list[Problem] = field(default_factory=list)

    def text(self, *path: str) -> str:
        """A text, without blanks around it; numbers become text."""
        found = self._at(path)
        if isinstance(found, str):
            return " ".join(found.split())
        if isinstance(found, int | float) and not isinstance(found, bool):
            return str(found)
        if found is not None:
            self._misshapen(path, found, "a text")
        return ""

    def texts(self, *path: str) -> tuple[str, ...]:
        """The texts of a list, each once; a text that stands where a list is expected counts as a list of one."""
        found = self._at(path)
        values = [found] if isinstance(found, str) else self._list(path, found)
        wrong = [value for value in values if not isinstance(value, str)]
        if wrong:
            self._misshapen(path, wrong[0], "a list of texts")
        return tuple(dict.fromkeys(word for v in values if isinstance(v, str) and (word := " ".join(v.split()))))

    def inside(self, *path: str) -> Fields:
        """The object below; an empty one where there is none."""
        found = self._at(path)
        if found is not None and not isinstance(found, dict):
            self._misshapen(path, found, "an object")
        return self._below(found if isinstance(found, dict) else {}, path)

    def objects(self, *path: str) -> Iterator[Fields]:
        """The objects of a list."""
        for found in self._list(path, self._at(path)):
            if isinstance(found, dict):
                yield self._below(found, path)
            else:
                self._misshapen(path, found, "a list of objects")

    def day(self, *path: str) -> str:
        """A day, month or year in ISO 8601; a time of day is cut off, and the European form is turned around.

        The result is empty where there is none.
        """
        found = self.text(*path)
        european = _EUROPEAN.fullmatch(found)
        day = "-".join(reversed(european.groups())) if european else found.partition("T")[0]
        if not day or _PART_OF_DAY.fullmatch(day):
            return day
        try:
            return date.fromisoformat(day).isoformat()
        except ValueError:
            self.unread(path, found, "a day such as 2026-11-22, or a month")
            return ""

    def unread(self, path: tuple[str, ...], found: str, expected: str) -> None:
        """Take note that a value, which cannot name a person, was not understood."""
        shown = found if len(found) <= _LONGEST_SHOWN else f"{found[:_LONGEST_SHOWN]}…"
        self.problems.append(Problem(self.place, "unread value", f"{self._name(path)} {shown!r}: expected {expected}"))

    def _at(self, path: tuple[str, ...]) -> Any:
        found: Any = self.data
        for step in path:
            if not isinstance(found, dict):
                if found is not None:
                    self._misshapen(path, found, "an object on the way")
                return None
            found = found.get(step)
        return found

    def _list(self, path: tuple[str, ...], found: Any) -> list[Any]:
        if found is None or isinstance(found, list):
            return found or []
        self._misshapen(path, found, "a list")
        return []

    def _below(self, data: Mapping[str, Any], path: tuple[str, ...]) -> Fields:
        return Fields(data, self.place, self._name(path), self.problems)

    def _name(self, path: tuple[str, ...]) -> str:
        return ".".join(filter(None, (self.path, *path)))

    def _misshapen(self, path: tuple[str, ...], found: object, expected: str) -> None:
        words = f"{self._name(path)} is {_KINDS.get(type(found), 'of another kind')}: expected {expected}"
        self.problems.append(Problem(self.place, "unread value", words))


_KINDS = {dict: "an object", list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}
