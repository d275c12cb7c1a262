"""What the HPO annotations say of a disorder. Identifiers are CURIEs: ``OMIM:166350``, ``HP:0010766``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Sex = Literal["female", "male"]

ASPECTS = {
    "P": "HP:0000118",  # phenotypic abnormality
    "I": "HP:0000005",  # mode of inheritance
    "C": "HP:0031797",  # clinical course
    "M": "HP:0012823",  # clinical modifier
    "H": "HP:0032443",  # past medical history
}
"""HPOA's letters for the parts of HPO, and the terms at their heads."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often: as a term of HPO, as ``count`` of ``total`` people, or as a percentage; one of them, or nothing."""

    term: str = ""
    count: int | None = None
    total: int | None = None
    percent: str = ""

    @property
    def is_never(self) -> bool:
        """Whether it was looked for and found in nobody."""
        return self.count == 0 or (bool(self.percent) and float(self.percent) == 0)


@dataclass(frozen=True, slots=True)
class Annotation:
    """A row: a phenotype (or an onset, a course, an inheritance) of a disorder, by some references.

    ``negated``: the disorder expressly does not have it. ``papers`` are PMIDs, ``entries`` records of disorders in
    other bases, ``pages`` web addresses, ``works`` books by their ISBN. ``aspect`` is the part of HPO that the row
    belongs to, one of :data:`ASPECTS`. ``digest`` is the first eight hexadecimal digits of
    the SHA-256 of qualifier, reference, evidence, onset, sex, modifier and aspect, joined by a line feed.
    """

    disorder: str
    name: str
    hpo: str
    negated: bool
    digest: str
    frequency: Frequency = Frequency()
    papers: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    works: tuple[str, ...] = ()
    evidence: str = ""
    onset: str = ""
    sex: Sex | None = None
    modifiers: tuple[str, ...] = ()
    aspect: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, str, Frequency, str]:
        """Rows that differ only in the name of the disorder, or in who wrote them, say the same."""
        return self.disorder, self.hpo, self.frequency, self.digest

    @property
    def about(self) -> tuple[str, ...]:
        """The disorder: what has the same phenotype is another matter."""
        return (self.disorder,)

    @property
    def brings(self) -> tuple[str, ...]:
        """The terms of HPO that it names."""
        terms = (self.hpo, self.onset, self.frequency.term, self.aspect, *self.modifiers)
        return tuple(term for term in terms if term)
