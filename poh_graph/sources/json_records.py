"""A file of records in JSON, one after the other: what the registries have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.sources.json_fields import Fields
from poh_graph.sources.json_file import Page, records_of

Found = TypeVar("Found")


@dataclass
class RecordReader(ABC, Generic[Found]):
    """One record while it is read. ``version`` is the day that its data are of, where the record says it."""

    fields: Fields
    line: int
    version: str = ""

    @abstractmethod
    def read(self) -> Iterator[Found | Problem]:
        """What the record is, and what of it was not understood; or why it is nothing."""


def read_records(
    path: Path, reader: type[RecordReader[Found]], expected: str, *, envelope: str = "", needs: str = ""
) -> Iterator[Edition | Found | Problem | FileEnd]:
    """The records of a file, each read by a ``reader``; the newest of their versions is that of the file.

    ``expected`` says what a record is, ``envelope`` is the key of a page of search results that holds its records, and
    ``needs`` the key of an object that a record has to have.

    Raises:
        InputError: if the file cannot be read, is cut short, or is no JSON.
    """
    rows, version = 0, ""
    for record in records_of(path, envelope):
        if isinstance(record, Page):
            if record.head.get("nextPageToken"):
                message = f"the search goes on: give the pages that follow too, or these {envelope} are not all"
                yield Problem(path.name, "further page", message)
            continue
        rows += 1
        place = f"{path.name}:{rows}"
        if not isinstance(record, dict) or (needs and not isinstance(record.get(needs), dict)):
            yield Problem(place, "unexpected shape", f"expected {expected}")
            continue
        found = reader(Fields(record, place), rows)
        yield from found.read()
        version = max(version, found.version)
    if version:
        yield Edition(version=version, issued=date.fromisoformat(version))
    yield FileEnd(rows)
