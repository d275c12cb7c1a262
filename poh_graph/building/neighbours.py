"""The sources beside ORPHApackets, read: files → records → sorted lines, with every row of every file accounted for.

Which sources there are, and what each adds: :mod:`poh_graph.building.readers`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import cast

from poh_graph.building.intake import MOST_LOST, Problems
from poh_graph.building.meta import InputFile
from poh_graph.building.readers import Reader
from poh_graph.errors import InputError
from poh_graph.records.problems import Problem
from poh_graph.records.sources import LOST, NOT_KEPT, READ_IN_PART, Edition, FileEnd, Row
from poh_graph.source_table import Source
from poh_graph.terms import file_iri
from poh_graph.triples.world import World


@dataclass
class Tally:
    """The rows of a file: how many it has, and what became of each."""

    rows: int = 0
    read: int = 0
    lost: int = 0
    repeated: int = 0
    out_of_scope: int = 0

    def described(self) -> dict[str, int]:
        """The same for the manifest."""
        return {
            "rows": self.rows,
            "read": self.read,
            "lost": self.lost,
            "repeated": self.repeated,
            "out_of_scope": self.out_of_scope,
        }


@dataclass
class Neighbour:
    """A source while it is read, and what became of it.

    ``lines`` are its lines of N-Quads, sorted, each once; ``tallies`` counts the rows of each file.
    """

    reader: Reader
    files: dict[str, Path] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    tallies: dict[str, Tally] = field(default_factory=dict)
    editions: list[Edition] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)

    @classmethod
    def at(cls, reader: Reader, paths: Sequence[Path]) -> Neighbour:
        """A source whose files lie at some paths; a folder gives those of its files that are of this source.

        Raises:
            InputError: if a folder has none, or two files have the same name.
        """
        found = cls(reader)
        for path in paths:
            files, others = reader.files(path)
            for file in files:
                if file.name in found.files:
                    raise InputError(
                        f"{found.files[file.name]} and {file} have the same name, so problems could not be told apart.",
                        mend="Give one of them, or rename it.",
                    )
                found.files[file.name] = file
            for file in others:
                found.problems.add(Problem(file.name, "unread file", f"it is not {reader.words}"))
        return found

    def records(self, progress: Callable[[], None] = lambda: None) -> Iterator[object]:
        """The records of all files, while rows and problems are counted.

        Raises:
            InputError: if a file cannot be read, or rows of it are not accounted for.
        """
        keys: dict[Hashable, str] = {}
        for name, path in self.files.items():
            yield from self._records_of(name, path, keys)
            progress()

    def _records_of(self, name: str, path: Path, keys: dict[Hashable, str]) -> Iterator[object]:
        tally = self.tallies[name] = Tally(rows=-1)
        for record in self.reader.read(path):
            if isinstance(record, Problem):
                self._count(record, tally)
            elif isinstance(record, Edition):
                self.editions.append(record)
            elif isinstance(record, FileEnd):
                tally.rows = record.rows
            elif not _is_row(record):
                yield record
            elif (first := keys.setdefault(record.key, place := f"{name}:{record.line}")) is place:
                tally.read += 1
                yield record
            else:
                self._count(
                    Problem(place, "repeated row", f"{first} has said so already: only the first is kept"), tally
                )
        accounted = tally.read + tally.lost + tally.repeated + tally.out_of_scope
        if tally.rows != accounted:
            raise InputError(
                f"{path} has {tally.rows} rows, and {accounted} of them are accounted for.",
                mend="This is a fault of poh-graph: report it with the file.",
            )

    def _count(self, problem: Problem, tally: Tally) -> None:
        self.problems.add(problem)
        if problem.kind in LOST:
            tally.lost += 1
        elif problem.kind in NOT_KEPT:
            tally.repeated += problem.kind == "repeated row"
            tally.out_of_scope += problem.kind != "repeated row"

    def refuse_losses(self, *, strict: bool) -> None:
        """Fail if too much of the source could not be read.

        Raises:
            InputError: if nothing could be read, or over one per cent (with ``strict``, anything) of the rows is lost.
        """
        name = self.reader.name
        rows, read, lost = (
            sum(getattr(tally, of) for tally in self.tallies.values()) for of in ("rows", "read", "lost")
        )
        shown = "\n".join(f"  {p.kind}: {p.place}: {p.message}" for p in self.problems.first.values())
        if not read:
            raise InputError(
                f"{name}: none of {rows} rows could be read.\n{shown}", mend=f"Is it {self.reader.words}, and whole?"
            )
        in_part = self.problems.lost(READ_IN_PART) if strict else 0
        if lost > (0 if strict else MOST_LOST * rows) or in_part:
            allowed = "with --strict none" if strict else f"more than {MOST_LOST:.0%}"
            raise InputError(
                f"{name}: {lost} of {rows} rows could not be read, {in_part} in part; {allowed} may be lost.\n{shown}"
                if strict
                else f"{name}: {lost} of {rows} rows could not be read; {allowed} may be lost.\n{shown}",
                mend="Correct these rows, or download the file again.",
            )

    def make_lines(self, records: Iterable[object], world: World) -> None:
        """Turn records into sorted lines; ``world`` learns them for the sources that come after."""
        found = [line.encode() for line in self.reader.lines(records, world)]
        found.sort()
        self.lines = [line for line, _ in groupby(found)]
        world.learn(self.lines)

    def source(self, packaged: Source, *, has_rest: bool) -> Source:
        """The description of the source: by the words of its files, and where they are silent by those of the package.

        ``has_rest``: a part of the packaged extract stays in the same named graph.
        """
        versions = sorted({edition.version for edition in self.editions if edition.version})
        version = ", ".join(versions) or "of an unknown day"
        licenses = {edition.license for edition in self.editions if edition.license}
        origins = sorted({edition.origin for edition in self.editions if edition.origin})
        origins = origins or [file_iri(self.reader.graph, name) for name in self.files]
        return replace(
            packaged,
            version=version,
            issued=max((edition.issued for edition in self.editions if edition.issued), default=None),
            retrieved=None,
            license=licenses.pop() if len(licenses) == 1 else packaged.license,
            rights=f"Files under several licences: {', '.join(sorted(licenses))}" if licenses else packaged.rights,
            derived_from=(*origins, *(packaged.derived_from if has_rest else ())),
            citation=self.reader.citation.format(version=version),
            attribution=self.reader.attribution.format(version=version),
            left_out=self.reader.left_out,
            note=f"A part of the extract that the package carries, of release {packaged.version}, stands in it as well."
            if has_rest
            else None,
        )

    def inputs(self) -> list[InputFile]:
        """The files that were read, with their digests."""
        return [InputFile.of(self.reader.graph, name, path) for name, path in self.files.items()]


_ROWS: dict[type, bool] = {}


def _is_row(record: object) -> bool:
    """Whether a record stands for a row; asked of each type once, for a protocol is slow to ask."""
    kind = type(record)
    if kind not in _ROWS:
        _ROWS[kind] = isinstance(record, Row)
    return _ROWS[kind]


def close(records: Mapping[str, Sequence[object]], scope: set[str]) -> dict[str, list[object]]:
    """What a closed build keeps of the records of some sources, by source and in their order.

    A row is kept if it is about something in the ``scope`` (canonical CURIEs), and what it brings comes into the scope,
    until nothing more does. Records that are no rows are all kept.
    """
    kept = {name: [not _is_row(record) for record in found] for name, found in records.items()}
    grown = True
    while grown:
        size = len(scope)
        for name, found in records.items():
            marks = kept[name]
            for place, record in enumerate(found):
                row = cast("Row", record)  # what is no row is marked already; a protocol is slow to ask
                if not marks[place] and not scope.isdisjoint(row.about):
                    marks[place] = True
                    scope.update(row.brings)
        grown = len(scope) > size
    return {
        name: [record for record, mark in zip(found, kept[name], strict=True) if mark]
        for name, found in records.items()
    }
