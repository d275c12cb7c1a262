"""A release of a source → lines of N-Quads of its named graph, with what could not be read counted."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from poh_graph.building.selection import Release
from poh_graph.errors import InputError
from poh_graph.identifiers import iris_of
from poh_graph.names import Name, NameIndex, fold
from poh_graph.records.orphanet import (
    Disorder,
    Packet,
    Record,
    Stub,
)
from poh_graph.records.problems import Problem
from poh_graph.resolve import by_name, the_one
from poh_graph.source_table import Source
from poh_graph.sources.orphapacket import read_orphapackets
from poh_graph.sources.packet import LEFT_OUT
from poh_graph.terms import ORDO
from poh_graph.triples.orphanet import OrphanetStatements

GRAPH = "orphanet"

MOST_LOST = 0.01
"""The share of packets, and of rows, that may be lost before a build fails."""

_COSTS_A_PACKET = ("not a packet",)
_COSTS_A_ROW = ("unexpected shape", "unknown value", "unknown key", "missing value")

_REPOSITORY = "https://github.com/Orphanet/orphapacket"
_COMMIT_LENGTH = 40


@dataclass
class Problems:
    """Problems by kind: how many, and the first of each."""

    counts: Counter[str] = field(default_factory=Counter)
    first: dict[str, Problem] = field(default_factory=dict)

    def add(self, problem: Problem) -> None:
        """Count a problem."""
        self.counts[problem.kind] += 1
        self.first.setdefault(problem.kind, problem)

    def join(self, other: Problems) -> None:
        """Count the problems of another release too."""
        self.counts += other.counts
        for kind, problem in other.first.items():
            self.first.setdefault(kind, problem)

    def lost(self, kinds: Iterable[str]) -> int:
        """How many problems of some kinds there are."""
        return sum(self.counts[kind] for kind in kinds)

    def described(self) -> dict[str, dict[str, object]]:
        """The problems for the manifest: count, and place and message of the first, by kind."""
        return {
            kind: {"count": number, "first": f"{self.first[kind].place}: {self.first[kind].message}"}
            for kind, number in sorted(self.counts.items())
        }


@dataclass
class Intake:
    """What a release became: its lines of N-Quads (unsorted), its description, its problems and its records by kind.

    ``chosen`` holds the IRIs of the disorders that were asked for; empty if all were kept. ``labels`` are those
    of all disorders that the release has or names, by code, whatever was kept; "" for a packet that could not be read.
    """

    lines: list[bytes]
    source: Source
    problems: Problems
    records: Counter[str]
    chosen: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)


def read_release(
    path: Path,
    base: Source,
    *,
    described: Container[str] = frozenset(),
    disorders: Collection[str] = (),
    strict: bool = False,
    progress: Callable[[], None] = lambda: None,
) -> Intake:
    """A release of ORPHApackets as lines of the graph ``orphanet``.

    ``base`` describes the packaged extract: its release and inputs are replaced. ``described`` holds the papers that
    other graphs label. ``disorders`` (names or identifiers) keeps those, closed. ``progress`` is called once a packet.

    Raises:
        InputError: if nothing could be read, or too much of it is lost.
        UnknownName: if a disorder is not in the release.
    """
    intake = Intake([], base, Problems(), Counter())
    heads: list[Packet] = []
    records = _counted(read_orphapackets(path), intake, heads, progress)
    if disorders:
        release = Release.of(records)
        codes = _chosen(release, disorders)
        records = release.closed(codes)
        intake.chosen = tuple(f"{ORDO}Orphanet_{code}" for code in codes)
    statements = OrphanetStatements(described=described)
    for record in records:
        intake.lines += [line.encode() for line in statements.lines(record)]
    refuse_losses(path, intake.problems, len(heads), sum(intake.records.values()), strict=strict)
    intake.source = _described(path, base, heads)
    return intake


def _counted(
    found: Iterator[Record | Problem], intake: Intake, heads: list[Packet], progress: Callable[[], None]
) -> Iterator[Record]:
    """The records, while they and the problems are counted."""
    for record in found:
        if isinstance(record, Problem):
            intake.problems.add(record)
            intake.labels |= dict.fromkeys(unread_code(record), "")
            continue
        intake.records[type(record).__name__] += 1
        if isinstance(record, Disorder | Stub):
            intake.labels[record.code] = record.label
        if isinstance(record, Packet):
            heads.append(record)
            progress()
        yield record


def unread_code(problem: Problem) -> tuple[str, ...]:
    """The ORPHA code in the name of a packet file that could not be read: the release has that packet all the same."""
    number = _CODE_IN_NAME.search(problem.place) if problem.kind in _COSTS_A_PACKET else None
    return (number[1],) if number else ()


_CODE_IN_NAME = re.compile(r"([1-9]\d*)\.\w+$")


def refuse_losses(path: Path, problems: Problems, packets: int, rows: int, *, strict: bool) -> None:
    """Fail if too much of a release could not be read; ``packets`` and ``rows`` are those that could.

    Raises:
        InputError: if nothing could be read, or more than :data:`MOST_LOST` (with ``strict``, anything) is lost.
    """
    lost_packets = problems.lost(_COSTS_A_PACKET)
    lost_rows = problems.lost(_COSTS_A_ROW)
    shown = "\n".join(f"  {p.kind}: {p.place}: {p.message}" for p in problems.first.values())
    if not packets:
        raise InputError(f"{path}: no packet could be read.\n{shown}", mend="Is it a release of ORPHApackets?")
    allowed = 0.0 if strict else MOST_LOST
    if lost_packets > allowed * (packets + lost_packets) or lost_rows > allowed * (rows + lost_rows):
        raise InputError(
            f"{path}: {lost_packets} of {packets + lost_packets} packets and {lost_rows} rows could not be read; "
            f"{'with --strict none' if strict else f'more than {MOST_LOST:.0%}'} may be lost.\n{shown}",
            mend="A value that is new in this release is a new row in ontology/terms/.",
        )


def _described(path: Path, base: Source, heads: list[Packet]) -> Source:
    """The description of the release that was read: its day is that of its newest packet."""
    day = release_day(heads)
    return replace(
        base,
        version=day.isoformat() if day else _NO_DAY,
        issued=day,
        retrieved=None,
        derived_from=(origin(path),),
        attribution=f"Orphanet, (c) INSERM 1999, ORPHApackets created {day or _NO_DAY}, CC BY 4.0; changed to RDF, "
        "values replaced by identifiers, markup of the definitions mended.",
        left_out=tuple(f"{key}: {reason}" for key, reason in LEFT_OUT.items()),
        note=_heads_note(heads),
    )


def _heads_note(heads: Iterable[Packet]) -> str | None:
    """The version and the rights that the packets give of themselves: the same in thousands of them, so said once."""
    said = sorted({f"version {head.version}" for head in heads if head.version})
    said += sorted({head.copyright for head in heads if head.copyright})
    return f"The packets say of themselves: {'; '.join(said)}." if said else None


def release_day(heads: Iterable[Packet]) -> date | None:
    """The day on which the newest packet of a release was created; None if no packet says a day."""
    return max((day for head in heads if (day := _date(head.created[:10]))), default=None)


_NO_DAY = "on an unknown day"


def _date(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def origin(path: Path) -> str:
    """Where a release comes from: Orphanet's public repository, at the commit that a ZIP of it names in its comment."""
    if path.is_file() and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            comment = archive.comment.decode("ascii", "replace")
        if len(comment) == _COMMIT_LENGTH and comment.isalnum():
            return f"{_REPOSITORY}/tree/{comment}"
    return _REPOSITORY


def _chosen(release: Release, disorders: Iterable[str]) -> list[str]:
    """The ORPHA codes that names or identifiers mean in a release.

    Raises:
        UnknownName: if the release has no such disorder, with the nearest.
        AmbiguousName: if several are called so.
    """
    labels = {code: name for code, name, is_label in release.names() if is_label}
    index = NameIndex(
        Name(fold(name), name, "disorder", labels.get(code, ""), f"{ORDO}Orphanet_{code}")
        for code, name, _ in release.names()
    )
    return [_code(text, labels, index) for text in disorders]


def _code(text: str, codes: Container[str], index: NameIndex) -> str:
    """The code that a text is, else the one of the only disorder that it names."""
    found = [iri.removeprefix(f"{ORDO}Orphanet_") for iri in iris_of(text)]
    given = next((code for code in (text.strip(), *found) if code in codes), None)
    return given or the_one(text, by_name(index, text), "disorder").iri.removeprefix(f"{ORDO}Orphanet_")
