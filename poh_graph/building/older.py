"""Older releases beside the newest: codes that are gone from the packets, when they were last seen, under what name.

That a code is gone is all that packets can say: not that Orphanet has retired it, nor where it lives on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from poh_graph.building.intake import Intake, Problems, origin, refuse_losses, release_day, unread_code
from poh_graph.building.meta import InputFile
from poh_graph.errors import InputError
from poh_graph.records.orphanet import Packet, Parent, Stub
from poh_graph.records.problems import Problem
from poh_graph.source_table import Source
from poh_graph.sources.orphapacket import read_names
from poh_graph.triples.orphanet import gone_lines

GRAPH = "orphanet-gone"

_A_PART = 0.5
"""A newest release with less than this share of the disorders of an older one is a part of a release."""


@dataclass(frozen=True, slots=True)
class Older:
    """An older release: its day, and the label of every code that it has or names; "" where a packet was not read."""

    path: Path
    day: date
    labels: dict[str, str]


def read_older(
    path: Path, problems: Problems, *, strict: bool = False, progress: Callable[[], None] = lambda: None
) -> Older:
    """The codes and labels of a release; what could not be read of it is added to ``problems``, with the file's name.

    Raises:
        InputError: if too much of it cannot be read, or no packet says when it was created.
    """
    heads: list[Packet] = []
    labels: dict[str, str] = {}
    own = Problems()
    rows = 0
    for record in read_names(path):
        if isinstance(record, Problem):
            found = replace(record, place=f"{path.name}: {record.place}")
            own.add(found)
            problems.add(found)
            labels |= dict.fromkeys(unread_code(record), "")
            continue
        rows += 1
        if isinstance(record, Packet):
            heads.append(record)
            progress()
        elif isinstance(record, Stub):
            labels[record.code] = record.label
        elif isinstance(record, Parent):
            labels.setdefault(record.code, record.label)
    refuse_losses(path, own, len(heads), rows, strict=strict)
    day = release_day(heads)
    if day is None:
        raise InputError(f"{path}: no packet says when it was created.", mend="Give the newest release alone.")
    return Older(path, day, labels)


def refuse_wrong_order(older: Sequence[Older], newest: Path, day: date | None) -> None:
    """Fail unless the releases are given from the oldest to the newest.

    Raises:
        InputError: if two releases stand in another order, or are of the same day.
    """
    releases = [*((release.path, release.day) for release in older), (newest, day)]
    for (one, first), (other, second) in pairwise(releases):
        if second is None or first is None:
            raise InputError(f"{other}: no packet says when it was created.", mend="Give this release alone.")
        if first == second:
            raise InputError(
                f"{one} and {other} were created on the same day, {first}: one is no newer release.",
                mend="Give one of them. Packets of one release go into one folder.",
            )
        if first > second:
            raise InputError(
                f"{one} ({first}) is newer than {other} ({second}), and is given before it.",
                mend="Give the releases oldest first: the last one becomes the graph.",
            )


@dataclass(frozen=True, slots=True)
class Gone:
    """The codes that are gone from the packets: code → label, and day of the last release that names it."""

    codes: dict[str, tuple[str, date]]
    source: Source
    files: tuple[InputFile, ...]

    def lines(self, codes: Collection[str]) -> Iterator[str]:
        """The lines of N-Quads of some of the codes."""
        for code in codes:
            label, day = self.codes[code]
            yield from gone_lines(code, label, day.isoformat())


def gone(older: Sequence[Older], newest: Path, intake: Intake) -> Gone:
    """What older releases name, given oldest first, and the newest does not.

    Raises:
        InputError: if the newest is a part of a release: then most codes would be said to be gone.
    """
    found: dict[str, tuple[str, date]] = {}
    for release in older:
        if len(intake.labels) < _A_PART * len(release.labels):
            raise InputError(
                f"{newest} names {len(intake.labels):,} disorders, {release.path} {len(release.labels):,}: "
                "it is a part of a release, and what it lacks is not gone.",
                mend="Give a whole release as the newest, or this one alone.",
            )
        for code, label in release.labels.items():
            before, _ = found.get(code, ("", release.day))
            found[code] = (label or before, release.day)
    codes = {code: seen for code, seen in found.items() if code not in intake.labels and seen[0]}
    files = tuple(
        InputFile.of(GRAPH, f"{release.day}/{release.path.name}", release.path)
        for release in older
        if release.path.is_file()
    )
    return Gone(codes, _source(older, intake.source), files)


def _source(older: Sequence[Older], newest: Source) -> Source:
    days = ", ".join(release.day.isoformat() for release in older)
    return replace(
        newest,
        name=GRAPH,
        title="Codes that are gone from the packets of Orphanet",
        label="Orphanet, codes gone from the packets",
        version=days,
        issued=older[-1].day,
        derived_from=tuple(dict.fromkeys(origin(release.path) for release in older)),
        attribution=f"Orphanet, (c) INSERM 1999, ORPHApackets created {days}, CC BY 4.0; codes and labels, "
        "changed to RDF.",
        left_out=(
            "All but codes and labels: what an older release says of a disorder may not hold any more.",
            "Why a code is gone, and where it lives on: packets do not say.",
        ),
    )
