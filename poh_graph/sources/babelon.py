"""Babelon tables: translations of the labels, definitions and synonyms of HPO's terms.

Source: https://github.com/monarch-initiative/babelon (the format), https://github.com/obophenotype/hpo-translations
(``hp-*.babelon.tsv``). Who translated, when and how surely is not read: the translators are persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.records.translations import Kind, Translation
from poh_graph.sources.table import Cells, Table

_REQUIRED = ("subject_id", "predicate_id", "source_language", "translation_language", "translation_value")
COLUMNS = frozenset({
    *_REQUIRED, *("source_value", "translation_status", "translator_expertise", "translation_precision"),
    *("translator", "translation_date", "translation_confidence", "translation_type", "translation_provider"),
    *("source", "source_version", "comment"),
})  # fmt: skip

_TERM = re.compile(r"HP:[0-9]{7}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8})*")
_RELEASE = re.compile(r".*/hp/releases/([0-9]{4}-[0-9]{2}-[0-9]{2})/.*")
_KINDS: dict[str, Kind] = {
    "rdfs:label": "label",
    "IAO:0000115": "definition",
    "oio:hasExactSynonym": "synonym",
    "oio:exactSynonym": "synonym",
    "oboInOwl:hasExactSynonym": "synonym",
}
_STATUSES = ("OFFICIAL", "CANDIDATE", "UNDER_REVIEW", "NOT_TRANSLATED")
_EXPERTISES = (
    "DOMAIN_EXPERT",
    "LAYPERSON",
    "DOMAIN_STUDENT",
    "PROFESSIONAL_TRANSLATOR",
    "TECHNICAL_SPECIALIST",
    "ALGORITHM",
)
_PRECISIONS = ("EXACT", "BROADER", "NARROWER", "CLOSE")


def is_babelon(_: Path, head: bytes) -> bool:
    """Whether a file begins with the header of a Babelon table."""
    header = head.split(b"\n", 1)[0]
    return all(column in header for column in (b"subject_id", b"predicate_id", b"translation_value"))


def read_babelon(path: Path) -> Iterator[Edition | Translation | Problem | FileEnd]:
    """The translations, each row as one or as a problem; a cell that is not understood is a problem too, and left out.

    Raises:
        InputError: if the file cannot be read, is cut short, or lacks one of the columns that Babelon requires.
    """
    table = Table(path)
    table.require(*_REQUIRED)
    yield from table.unknown(COLUMNS)
    releases = set()
    for row in table.read():
        if isinstance(row, Problem):
            yield row
            continue
        yield from _Row(row, f"{path.name}:{row.line}").read()
        if release := _RELEASE.fullmatch(row.cells.get("source_version", "")):
            releases.add(release[1])
    if releases:
        newest = max(releases)
        yield Edition(version=newest, issued=date.fromisoformat(newest))
    yield FileEnd(table.rows)


@dataclass
class _Row:
    """One row while it is read."""

    row: Cells
    place: str
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> Iterator[Translation | Problem]:
        """The translation and what of it was not understood; or why there is none."""
        term, predicate = self._cell("subject_id"), self._cell("predicate_id")
        languages = [self._cell(column).lower() for column in ("source_language", "translation_language")]
        if not term.startswith("HP:"):
            yield Problem(self.place, "out of scope", f"{term!r} is no term of HPO")
        elif not _TERM.fullmatch(term):
            yield Problem(self.place, "malformed identifier", f"subject_id {term!r}: expected HP: and seven digits")
        elif predicate not in _KINDS:
            message = f"predicate_id {predicate!r}: expected one of {', '.join(_KINDS)}"
            yield Problem(self.place, "unknown value", message)
        elif wrong := [language for language in languages if not _LANGUAGE.fullmatch(language)]:
            yield Problem(self.place, "unknown value", f"language {wrong[0]!r}: expected a tag such as de or pt-br")
        elif not self._cell("translation_value"):
            yield Problem(self.place, "out of scope", "it is not translated yet")
        else:
            yield self._translation(term, _KINDS[predicate], *languages)
            yield from self.problems

    def _translation(self, term: str, kind: Kind, original_language: str, language: str) -> Translation:
        return Translation(
            subject=term,
            kind=kind,
            language=language,
            text=self._cell("translation_value"),
            original_language=original_language,
            original=self._cell("source_value"),
            status=self._one_of("translation_status", _STATUSES),
            expertise=self._one_of("translator_expertise", _EXPERTISES),
            precision=self._one_of("translation_precision", _PRECISIONS),
            line=self.row.line,
        )

    def _cell(self, column: str) -> str:
        return self.row.cells.get(column, "").strip()

    def _one_of(self, column: str, words: tuple[str, ...]) -> str:
        found = self._cell(column).upper()
        if not found or found in words:
            return found
        message = f"{column} {self._cell(column)!r}: expected one of {', '.join(words)}"
        self.problems.append(Problem(self.place, "unread value", message))
        return ""
