"""Clinical trials as their registries describe them, without anybody's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from poh_graph.countries import Country


def plain_name(name: str) -> str:
    """A name as it is compared: without regard to capitals and blanks, and to nothing else.

    >>> plain_name("Phelan-McDermid  Syndrome")
    'phelan-mcdermid syndrome'
    """
    return " ".join(name.casefold().split())


class Sponsor(NamedTuple):
    """An organization behind a trial: its name, the registry's class of it, and whether it leads."""

    name: str
    kind: str
    leads: bool


class Heading(NamedTuple):
    """A heading of MeSH that the registry gives a trial."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial of a registry (``NCT`` or ``CTIS``, the prefix of its number).

    ``status``, ``phase`` and ``study_type`` are in the words of the registry's pages. Days are ISO 8601, and may be
    months. ``conditions`` are as written, ``other_numbers`` in other registries, as "EudraCT 2019-001588-63".
    """

    registry: str
    number: str
    title: str = ""
    status: str = ""
    phase: str = ""
    study_type: str = ""
    started: str = ""
    ended: str = ""
    registered: str = ""
    updated: str = ""
    conditions: tuple[str, ...] = ()
    headings: tuple[Heading, ...] = ()
    sponsors: tuple[Sponsor, ...] = ()
    interventions: tuple[str, ...] = ()
    countries: tuple[Country, ...] = ()
    other_numbers: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """A trial is told apart by its number."""
        return self.number

    @property
    def about(self) -> tuple[str, ...]:
        """The trial itself, and the disorders that it may concern: by their names, and by what MeSH calls them."""
        names = (f"name:{plain_name(condition)}" for condition in self.conditions)
        return (f"{self.registry}:{self.number}", *(f"MESH:{heading.id}" for heading in self.headings), *names)

    @property
    def brings(self) -> tuple[str, ...]:
        """Nothing: a trial describes all that it refers to."""
        return ()
