"""The HPO annotations: ``phenotype.hpoa``, a row for each statement on a disorder.

Source: https://hpo.jax.org/data/annotations; the columns: https://obophenotype.github.io/human-phenotype-ontology/annotations/phenotype_hpoa.
The column ``biocuration`` names persons and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import get_args

from poh_graph.records.annotations import ASPECTS, Annotation, Frequency, Sex
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.sources.table import Cells, Table, several

_REQUIRED = ("database_id", "disease_name", "qualifier", "hpo_id", "reference", "evidence", "frequency")
COLUMNS = frozenset({*_REQUIRED, "onset", "sex", "modifier", "aspect", "biocuration"})

_DIGESTED = ("qualifier", "reference", "evidence", "onset", "sex", "modifier", "aspect")
_ORIGIN = "http://purl.obolibrary.org/obo/hp/hpoa/phenotype.hpoa"

_DISORDER = re.compile(r"OMIM:[1-9][0-9]{5}|ORPHA:[1-9][0-9]*|DECIPHER:[1-9][0-9]*")
_TERM = re.compile(r"HP:[0-9]{7}")
_FREQUENCY = re.compile(r"HP:004028[0-5]")
_COUNT = re.compile(r"([0-9]+)/([1-9][0-9]*)")
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_PAPER = re.compile(r"PMID:([1-9][0-9]{0,8})")
_WORK = re.compile(r"ISBN(?:-1[03])?:[0-9X-]+")
_PAGE = re.compile(r"https?://[^\s\"<>\\^`{|}]+")
_EVIDENCE = ("IEA", "PCS", "TAS")
_VERSION = re.compile(r"#(?:version|date): *([0-9]{4}-[0-9]{2}-[0-9]{2})")

EXCLUDED = "HP:0040285"
"""The frequency "Excluded (0%)": it says the same as the qualifier NOT."""


def is_hpoa(_: Path, head: bytes) -> bool:
    """Whether a file begins as ``phenotype.hpoa``: with its header, or the comment lines before it."""
    return b"database_id\tdisease_name\tqualifier\thpo_id" in head


def read_hpoa(path: Path) -> Iterator[Edition | Annotation | Problem | FileEnd]:
    """The annotations, each row as one or as a problem; a cell that is not understood is a problem too, and left out.

    Raises:
        InputError: if the file cannot be read, is cut short, or lacks one of the columns that every edition has.
    """
    table = Table(path)
    table.require(*_REQUIRED)
    yield from table.unknown(COLUMNS)
    found = next((match[1] for line in table.preamble if (match := _VERSION.match(line))), None)
    yield Edition(found, date.fromisoformat(found) if found else None, origin=_ORIGIN)
    for row in table.read():
        if isinstance(row, Problem):
            yield row
        else:
            yield from _Row(row, f"{path.name}:{row.line}").read()
    yield FileEnd(table.rows)


@dataclass
class _Row:
    """One row while it is read."""

    row: Cells
    place: str
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Annotation | Problem]:
        """The annotation and what of it was not understood; or why there is none."""
        disorder, term, qualifier = (self._cell(column) for column in ("database_id", "hpo_id", "qualifier"))
        if not disorder.startswith(("OMIM:", "ORPHA:", "DECIPHER:")):
            message = f"database_id {disorder!r}: expected one of OMIM, ORPHA and DECIPHER"
            yield Problem(self.place, "unknown prefix" if ":" in disorder else "malformed identifier", message)
        elif not _DISORDER.fullmatch(disorder):
            yield Problem(
                self.place, "malformed identifier", f"database_id {disorder!r}: expected a number after the colon"
            )
        elif not _TERM.fullmatch(term):
            yield Problem(self.place, "malformed identifier", f"hpo_id {term!r}: expected HP: and seven digits")
        elif qualifier not in ("", "NOT"):
            yield Problem(self.place, "unknown value", f"qualifier {qualifier!r}: expected NOT or nothing")
        elif not self._cell("disease_name"):
            yield Problem(self.place, "missing value", f"{disorder} has no name")
        else:
            yield self._annotation(disorder, term, is_not=qualifier == "NOT")
            yield from self.problems

    def _annotation(self, disorder: str, term: str, *, is_not: bool) -> Annotation:
        frequency = self._frequency()
        if is_not and frequency.term not in ("", EXCLUDED):
            self._unread("frequency", frequency.term, "none, or HP:0040285, in a row with NOT")
            frequency = Frequency()
        references = several(self._cell("reference"), ";")
        return Annotation(
            disorder=disorder,
            name=self._cell("disease_name"),
            hpo=term,
            negated=is_not or frequency.term == EXCLUDED,
            digest=sha256("\n".join(self._cell(column) for column in _DIGESTED).encode()).hexdigest()[:8],
            frequency=frequency,
            papers=tuple(found[1] for reference in references if (found := _PAPER.fullmatch(reference))),
            entries=tuple(reference for reference in references if _DISORDER.fullmatch(reference)),
            pages=tuple(reference for reference in references if _PAGE.fullmatch(reference)),
            works=tuple(reference for reference in references if self._is_work(reference)),
            evidence=self._one_of("evidence", _EVIDENCE),
            onset=self._term("onset", self._cell("onset")),
            sex=self._sex(),
            modifiers=tuple(
                term for modifier in several(self._cell("modifier"), ";") if (term := self._term("modifier", modifier))
            ),
            aspect=ASPECTS.get(self._one_of("aspect", ASPECTS), ""),
            line=self.row.line,
        )

    def _cell(self, column: str) -> str:
        return self.row.cells.get(column, "").strip()

    def _unread(self, column: str, found: str, expected: str) -> None:
        self.problems.append(Problem(self.place, "unread value", f"{column} {found!r}: expected {expected}"))

    def _frequency(self) -> Frequency:
        cell = self._cell("frequency")
        if _FREQUENCY.fullmatch(cell):
            return Frequency(term=cell)
        if (count := _COUNT.fullmatch(cell)) and int(count[1]) <= int(count[2]):
            return Frequency(count=int(count[1]), total=int(count[2]))
        if (percent := _PERCENT.fullmatch(cell)) and float(percent[1]) <= 100:  # noqa: PLR2004 - a percentage
            return Frequency(percent=percent[1])
        if cell:
            self._unread("frequency", cell, "HP:0040280 to HP:0040285, n/m or n%")
        return Frequency()

    def _is_work(self, reference: str) -> bool:
        """Whether a reference is a book; one that is of no kind is told."""
        if not any(form.fullmatch(reference) for form in (_PAPER, _DISORDER, _PAGE, _WORK)):
            self._unread("reference", reference, "a PMID, an entry of OMIM, ORPHA or DECIPHER, an ISBN, or an address")
        return _WORK.fullmatch(reference) is not None

    def _term(self, column: str, found: str) -> str:
        if not found or _TERM.fullmatch(found):
            return found
        self._unread(column, found, "a term of HPO")
        return ""

    def _one_of(self, column: str, words: Collection[str]) -> str:
        found = self._cell(column)
        if not found or found in words:
            return found
        self._unread(column, found, f"one of {', '.join(words)}")
        return ""

    def _sex(self) -> Sex | None:
        found = self._cell("sex")
        sex = next((sex for sex in get_args(Sex) if sex == found.lower()), None)
        if found and sex is None:
            self._unread("sex", found, "MALE or FEMALE")
        return sex
