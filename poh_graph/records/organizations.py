"""Organizations as a registry describes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

NameKind = Literal["display", "label", "alias", "acronym"]
"""The name that ROR shows, names in languages, other names, and short forms."""

RelationKind = Literal["parent", "child", "related", "successor", "predecessor"]


class OrganizationName(NamedTuple):
    """A name; ``language`` is its code of ISO 639, empty where ROR gives none."""

    text: str
    kind: NameKind
    language: str = ""


class Relation(NamedTuple):
    """Another organization, by its identifier at ROR, what it is to this one, and its name there."""

    kind: RelationKind
    ror: str
    label: str


@dataclass(frozen=True, slots=True)
class Organization:
    """A record of ROR. Identifiers are bare: "02vjkv261", "Q1474517", "0000 0001 2186 6389", "501100001677".

    ``status`` is ROR's word: active, inactive or withdrawn. ``countries`` are codes of ISO 3166-1, ``founded`` is a
    year, ``created`` and ``modified`` are days of the record.
    """

    ror: str
    names: tuple[OrganizationName, ...]
    status: str
    types: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    founded: str = ""
    websites: tuple[str, ...] = ()
    wikipedia: tuple[str, ...] = ()
    isni: tuple[str, ...] = ()
    wikidata: tuple[str, ...] = ()
    funder: tuple[str, ...] = ()
    grid: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    created: str = ""
    modified: str = ""
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """A record is told apart by its identifier."""
        return self.ror

    @property
    def about(self) -> tuple[str, ...]:
        """The organization itself."""
        return (f"ROR:{self.ror}",)

    @property
    def brings(self) -> tuple[str, ...]:
        """What it is a part of, and what has taken its place."""
        return tuple(f"ROR:{to.ror}" for to in self.relations if to.kind in ("parent", "successor"))
