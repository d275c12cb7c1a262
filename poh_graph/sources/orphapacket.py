"""Orphanet's ORPHApackets: a release, or one packet, becomes records.

Source: the repository Orphanet/orphapacket, releases of 2018 to 2025; (c) Orphanet/INSERM, CC BY 4.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import orjson

from poh_graph.records import Packet, Parent, Problem, Record, Stub
from poh_graph.sources.members import read_members
from poh_graph.sources.packet import packet_names, packet_records
from poh_graph.sources.packet_history import present_format
from poh_graph.values import orphanet_values

_BOM = b"\xef\xbb\xbf"


def read_orphapackets(path: Path) -> Iterator[Record | Problem]:
    """The records of every packet of a ZIP, a folder or one file, then a stub for each parent without a packet.

    A packet that cannot be read, and each part of one that cannot, is a problem; nothing is passed over in silence.

    Raises:
        InputError: if the files themselves cannot be read (see :func:`poh_graph.sources.members.read_members`).
    """
    release = Release()
    for name, raw in read_members(path):
        records = parse_packet(raw, name)
        yield from records
        release.add(records)
    yield from release.close()


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
        # Through JSON, so that what can come out is what can come out of a JSON packet.
        return orjson.loads(orjson.dumps(document))
    except (yaml.YAMLError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None


class Release:
    """What only the whole release shows: parents without a packet, packets twice, packets of an older release."""

    def __init__(self) -> None:
        self._packets: dict[str, Packet] = {}
        self._parents: dict[str, str] = {}
        self._problems: list[Problem] = []

    def add(self, records: Iterable[Record | Problem]) -> None:
        """Take note of the records of one packet."""
        for record in records:
            if type(record) is Parent:
                self._parents.setdefault(record.code, record.label)
            elif type(record) is Packet:
                first = self._packets.setdefault(record.code, record)
                if first is not record:
                    message = f"ORPHA:{record.code} was read from {first.place} already"
                    self._problems.append(Problem(record.place, "repeated row", message))

    def close(self) -> Iterator[Stub | Problem]:
        """The stubs and the problems of the release, by code."""
        yield from self._problems
        yield from self._stale()
        for code in sorted(self._parents.keys() - self._packets.keys(), key=int):
            label = self._parents[code]
            yield Stub(code, label)
            if len(self._packets) > 1:
                yield Problem(f"ORPHA:{code}", "parent without packet", "others name it as a parent; it has no packet")

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
