"""The terms of the Human Phenotype Ontology. Identifiers are canonical CURIEs: ``HP:0010766``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Scope = Literal["EXACT", "BROAD", "NARROW", "RELATED"]
"""How far a synonym means the same as the term."""

LAYPERSON = "layperson"
"""The type of the synonyms that are meant for people without training."""

DISCARDED = "obsolete_synonym"
"""The type of the synonyms that HPO has given up."""


@dataclass(frozen=True, slots=True)
class Synonym:
    """Another name of a term, with its scope; ``type`` is HPO's word for what kind of name it is, or empty."""

    text: str
    scope: Scope
    type: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term: its words, what stands above it, and what became of it.

    ``label`` is empty if the term was merged into ``replaced_by`` and has no words of its own any more;
    ``alternatives`` are the identifiers of terms that were merged into this one.
    """

    id: str
    label: str
    definition: str = ""
    synonyms: tuple[Synonym, ...] = ()
    parents: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    subsets: tuple[str, ...] = ()
    cross_references: tuple[str, ...] = ()
    obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """A term is told apart by its identifier."""
        return self.id

    @property
    def about(self) -> tuple[str, ...]:
        """The term, and those that were merged into it."""
        return (self.id, *self.alternatives)

    @property
    def brings(self) -> tuple[str, ...]:
        """What stands above it, and what took its place."""
        return (*self.parents, *self.replaced_by, *self.consider)
