"""Mappings between vocabularies, as SSSOM has them: sets, and their rows. All identifiers are canonical CURIEs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

EXACT = "skos:exactMatch"


@dataclass(frozen=True, slots=True)
class MappingSet:
    """A file of mappings: what holds for all of its rows. ``id`` is the IRI by which the set names itself."""

    id: str
    version: str | None = None
    issued: date | None = None
    license: str | None = None
    title: str | None = None
    comment: str | None = None
    subject_source: str | None = None
    object_source: str | None = None
    object_source_version: str | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A row: subject and object stand in a relation, and how that was found. ``negated``: they expressly do not.

    ``confidence`` is a number from 0 to 1 as the row writes it; ``set`` the IRI of the set that the row stands in. A
    mapping found by a text has that text (``matched``) and the property of the object that holds it (``match_field``).
    """

    subject: str
    predicate: str
    object: str
    justification: str
    set: str
    subject_label: str = ""
    object_label: str = ""
    negated: bool = False
    confidence: str = ""
    match_field: str = ""
    matched: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str, str, bool]:
        """One relation of two things is one mapping, whatever else the row says."""
        return self.subject, self.predicate, self.object, self.negated

    @property
    def about(self) -> tuple[str, str]:
        """Both ends."""
        return self.subject, self.object

    @property
    def brings(self) -> tuple[str, ...]:
        """The class that is the same as a disorder of Orphanet, with what else that class is mapped to."""
        if self.predicate == EXACT and not self.negated and self.object.startswith("ORPHA:"):
            return (self.subject,)
        return ()
