"""A term of HPO while it is read, in whatever format: what is put in is checked; a term comes out, or a problem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from poh_graph.records.hpo import Scope, Synonym, Term
from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition

_TERM = re.compile(r"HP:[0-9]{7}")
_VERSION = re.compile(r"(?:http://purl\.obolibrary\.org/obo/)?hp/releases/([0-9]{4}-[0-9]{2}-[0-9]{2})(?:/.*)?")
_OBO = "http://purl.obolibrary.org/obo/"

SCOPES: dict[str, Scope] = {scope: scope for scope in ("EXACT", "BROAD", "NARROW", "RELATED")}


@dataclass
class TermDraft:
    """What a file says of a term, before it is checked. ``place`` is where it stands, ``line`` its line or number."""

    id: str
    place: str
    line: int
    label: str = ""
    definition: str = ""
    synonyms: list[Synonym] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    subsets: list[str] = field(default_factory=list)
    cross_references: list[str] = field(default_factory=list)
    obsolete: bool = False
    replaced_by: list[str] = field(default_factory=list)
    consider: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def finish(self) -> Iterator[Term | Problem]:
        """The term and what of it was not understood; or why there is none."""
        if not self.id.startswith("HP:"):
            yield Problem(self.place, "out of scope", f"{self.id} is no term of HPO")
        elif not _TERM.fullmatch(self.id):
            yield Problem(self.place, "malformed identifier", f"{self.id!r}: expected HP: and seven digits")
        elif not self.label and not (self.obsolete and self.replaced_by):
            yield Problem(self.place, "missing value", f"{self.id} has no label")
        else:
            term = self._term()
            yield from (Problem(self.place, "unread value", message) for message in self.unread)
            yield term

    def _term(self) -> Term:
        return Term(
            id=self.id,
            label=self.label,
            definition=self.definition,
            synonyms=tuple(dict.fromkeys(self.synonyms)),
            parents=self._terms("is_a", self.parents),
            alternatives=self._terms("alt_id", self.alternatives),
            subsets=tuple(self.subsets),
            cross_references=tuple(dict.fromkeys(self.cross_references)),
            obsolete=self.obsolete,
            replaced_by=self._terms("replaced_by", self.replaced_by),
            consider=self._terms("consider", self.consider),
            line=self.line,
        )

    def _terms(self, clause: str, found: list[str]) -> tuple[str, ...]:
        wrong = [other for other in found if not _TERM.fullmatch(other) or other == self.id]
        self.unread += [f"{clause} {other!r}: expected another term, HP: and seven digits" for other in wrong]
        return tuple(dict.fromkeys(other for other in found if other not in wrong))


def edition(version: str, license: str | None, file: str) -> Edition:  # noqa: A002 - the name of the field
    """The release by the words of a file: ``hp/releases/2025-01-16``, or the IRI that ends so or in a file name.

    >>> edition("hp/releases/2025-01-16", None, "hp.obo").origin
    'http://purl.obolibrary.org/obo/hp/releases/2025-01-16/hp.obo'
    """
    found = _VERSION.fullmatch(version)
    if not found:
        return Edition(version=version or None, license=license)
    day = found[1]
    return Edition(day, date.fromisoformat(day), license, f"{_OBO}hp/releases/{day}/{file}")
