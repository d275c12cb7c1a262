"""Translations of the words of a vocabulary, as Babelon has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["label", "definition", "synonym"]
OFFICIAL = "OFFICIAL"


@dataclass(frozen=True, slots=True)
class Translation:
    """A row: a label, definition or synonym of a term in another language. ``subject`` is a CURIE: ``HP:0001945``.

    Languages are tags of BCP 47 in lower case. ``status``, ``expertise`` and ``precision`` are Babelon's words, or
    empty; ``original`` is empty where the language has a word that the original has not.
    """

    subject: str
    kind: Kind
    language: str
    text: str
    original_language: str
    original: str = ""
    status: str = ""
    expertise: str = ""
    precision: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str, ...]:
        """One text for one word is said once with one status, whatever else the row says."""
        return self.subject, self.kind, self.language, self.status, self.original, self.text

    @property
    def about(self) -> tuple[str, ...]:
        """The term."""
        return (self.subject,)

    @property
    def brings(self) -> tuple[str, ...]:
        """Nothing: a translation is of a term that is there."""
        return ()
