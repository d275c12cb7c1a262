"""What the readers of all sources beside ORPHApackets yield: editions, rows, problems, and the end of each file.

A row is whatever the source counts: a line of a table, a term of an ontology, a study. Each row of a file becomes
exactly one record that satisfies :class:`Row`, or one problem of :data:`LOST` or :data:`NOT_KEPT`; the build holds both
against the number of rows that the file has, so that none can be dropped in silence. Records that are no rows may stand
between them.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

LOST = (
    "unreadable row",
    "unexpected shape",
    "missing value",
    "unknown value",
    "unknown prefix",
    "malformed identifier",
)
"""The kinds of problem that cost a row. Over one per cent of them fails a build, with ``--strict`` a single one."""

NOT_KEPT = ("repeated row", "out of scope")
"""The kinds of problem by which a row that was understood is left out: it says nothing new, or nothing for a graph."""

READ_IN_PART = ("unread value", "unknown key", "no end of line")
"""The kinds of problem that cost no row, but something of one. With ``--strict`` a single one fails a build."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which release a file holds, by what the file itself says. None where it says nothing.

    ``license`` is an IRI; ``origin`` is the IRI of what the file is a copy of, best one that names the release.
    """

    version: str | None = None
    issued: date | None = None
    license: str | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class FileEnd:
    """The reader has come to the end of a file, which has so many rows, read or not."""

    rows: int


@runtime_checkable
class Row(Protocol):
    """A record that stands for one row of its file.

    ``line`` is where it stands (line, or number of the element, from 1). Rows of one source with the same ``key`` would
    become the same statements: all but the first are problems. In a closed build a row is kept if one of the
    identifiers of ``about`` is in the scope; then those of ``brings`` come into the scope too. Both hold canonical
    CURIEs, such as ``ORPHA:2762`` and ``HGNC:4392``.
    """

    @property
    def line(self) -> int:
        """Where the row stands in its file."""
        ...

    @property
    def key(self) -> Hashable:
        """What the row is told apart by from the others of its source."""
        ...

    @property
    def about(self) -> tuple[str, ...]:
        """The things that the row says something about."""
        ...

    @property
    def brings(self) -> tuple[str, ...]:
        """The things that a closed build must describe as well if it keeps this row."""
        ...


class Prefixes(Protocol):
    """What turns IRIs into the canonical CURIEs of the graph."""

    def compress(self, iri: str) -> str | None:
        """The canonical CURIE of an IRI in any of its forms; None if no prefix fits."""
        ...

    def is_well_formed(self, curie: str) -> bool:
        """Whether what follows the prefix has the form of the identifiers of its vocabulary."""
        ...
