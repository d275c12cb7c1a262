"""Orphanet's ORPHApackets: a release, or one packet, becomes records.

Source: the repository Orphanet/orphapacket, releases of 2018 to 2025; (c) Orphanet/INSERM, CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import orjson

from poh_graph.records.orphanet import (
    Disorder,
    Packet,
    Parent,
    Record,
    Stub,
)
from poh_graph.records.problems import Problem
from poh_graph.sources.members import read_members
from poh_graph.sources.packet import packet_names, packet_records
from poh_graph.sources.packet_history import present_format
from poh_graph.values import orphanet_values

_BOM = b"\xef\xbb\xbf"


def read_orphapackets(path: Path) -> Iterator[Record | Problem]:
    """The records of every packet of a ZIP, a folder or one file, then a stub for each parent without a packet.

    A packet that cannot be read, and each part of one that cannot, is a problem; nothing is passed over in silence. Of
    several packets of one disorder the newest is read, so that no disorder is made of two releases.

    Raises:
        InputError: if the files themselves cannot be read (see :func:`poh_graph.sources.members.read_members`).
    """
    release = Release()
    packets = (parse_packet(raw, name) for name, raw in read_members(path))
    for _, same in groupby(packets, key=_code):
        for records in sorted(same, key=_created, reverse=True):
            if release.add(records):
                yield from records
    yield from release.close()


def _code(records: Iterable[Record | Problem]) -> str:
    """The code of the packet that gave some records; empty if it could not be read."""
    return next((record.code for record in records if type(record) is Packet), "")


def _created(records: Iterable[Record | Problem]) -> str:
    return next((record.created for record in records if type(record) is Packet), "")


def read_names(path: Path) -> Iterator[Record | Problem]:
    """The same release, but of each packet only its head (:class:`Packet`), code and label (:class:`Stub`) and parents.

    Raises:
        InputError: if the files themselves cannot be read.
    """
    for name, raw in read_members(path):
        document = _document(raw, name)
        yield from [document] if isinstance(document, Problem) else packet_names(document, name, orphanet_values())


def parse_packet(raw: bytes, place: str) -> list[Record | Problem]:
    """The records of one packet file; its place (a name that ends in .json, .yaml or .yml) tells how to read it.

    Never raises: a file that holds no packet gives one problem of the kind "not a packet".

    >>> parse_packet(b"[]", "x.json")[0].kind
    'not a packet'
    """
    document = _document(raw, place)
    return [document] if isinstance(document, Problem) else packet_records(document, place, orphanet_values())


def _document(raw: bytes, place: str) -> object:
    """The document of a packet file, in the present format; a :class:`Problem` if it is neither JSON nor YAML."""
    try:
        document = _yaml(raw) if place.lower().endswith((".yaml", ".yml")) else orjson.loads(raw.removeprefix(_BOM))
    except ValueError as error:
        return Problem(place, "not a packet", f"expected JSON or YAML: {str(error).splitlines()[0]}")
    return present_format(document)


def _yaml(raw: bytes) -> object:
    """The document of a YAML file, every scalar as a text.

    Raises:
        ValueError: if it is no YAML.
    """
    import yaml

    try:
        document = yaml.load(raw, Loader=yaml.CBaseLoader)  # noqa: S506 - the base loader makes texts, lists and objects only
        _refuse_repetition(document)
        # Through JSON, so that what can come out is what can come out of a JSON packet.
        return orjson.loads(orjson.dumps(document))
    except (yaml.YAMLError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _refuse_repetition(document: object) -> None:
    """Refuse YAML that names a part and repeats it: a few lines of such could stand for more than any memory holds.

    Raises:
        ValueError: if a list or an object is in the document twice.
    """
    seen: set[int] = set()
    todo = [document]
    while todo:
        part = todo.pop()
        if not isinstance(part, list | dict):
            continue
        if id(part) in seen:
            raise ValueError("a part is repeated by its name (an alias of YAML); a packet has none")
        seen.add(id(part))
        todo += part if isinstance(part, list) else part.values()


class Release:
    """What only the whole release shows: parents without a packet, packets twice, packets of an older release."""

    def __init__(self) -> None:
        self._packets: dict[str, Packet] = {}
        self._labels: dict[str, str] = {}
        self._parents: dict[str, dict[str, str]] = {}
        self._problems: list[Problem] = []

    def add(self, records: Iterable[Record | Problem]) -> bool:
        """Take note of the records of one packet; whether there was none of this disorder before."""
        place = ""
        for record in records:
            if type(record) is Packet:
                place = record.place
                first = self._packets.setdefault(record.code, record)
                if first is not record:
                    message = f"ORPHA:{record.code} was read from {first.place}; this packet is left out"
                    self._problems.append(Problem(place, "repeated packet", message))
                    return False
            elif type(record) is Disorder:
                self._labels[record.code] = record.label
            elif type(record) is Parent:
                self._parents.setdefault(record.code, {}).setdefault(record.label, place)
        return True

    def close(self) -> Iterator[Stub | Problem]:
        """The stubs and the problems of the release, by code."""
        yield from self._problems
        yield from self._stale()
        for code in sorted(self._parents, key=int):
            names = {label: place for label, place in self._parents[code].items() if label}
            own = self._labels.get(code) or next(iter(names), f"ORPHA:{code}")
            if code not in self._packets:
                yield Stub(code, own)
                if len(self._packets) > 1:
                    yield Problem(
                        f"ORPHA:{code}", "parent without packet", "others name it as a parent; it has no packet"
                    )
            for label, place in names.items():
                if label != own:
                    message = f"ORPHA:{code} is called {label!r} here, and {own!r} elsewhere"
                    yield Problem(place, "parent of another name", message)

    def _stale(self) -> Iterator[Problem]:
        """Packets more than a month older than the newest: some releases carry files of the one before."""
        days = {code: _day(packet.created) for code, packet in self._packets.items()}
        newest = max((day for day in days.values() if day), default=None)
        for code, day in days.items():
            if newest and day and newest - day > timedelta(days=31):
                yield Problem(self._packets[code].place, "stale packet", f"created {day}, the newest packets {newest}")


def _day(created: str) -> date | None:
    try:
        return date.fromisoformat(created[:10])
    except ValueError:
        return None
