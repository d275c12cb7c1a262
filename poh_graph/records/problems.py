"""What the readers of all sources could not take as it stands, with its place and its kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProblemKind = Literal[
    "not a packet",
    "unexpected shape",
    "unknown key",
    "unknown value",
    "missing value",
    "null value",
    "repeated row",
    "repeated packet",
    "unread source text",
    "gene without HGNC id",
    "stale packet",
    "parent without packet",
    "parent of another name",
    "unreadable row",
    "unknown prefix",
    "malformed identifier",
    "out of scope",
    "unread value",
    "no end of line",
    "unread file",
    "further page",
    "withheld name",
]
"""The kinds of problem that a reader counts. "not a packet" is the only one that costs the whole document.

Which of them cost a row of a source that is joined to Orphanet's: :mod:`poh_graph.records.sources`.
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that a reader could not take as it stands.

    ``place`` is the file, and for JSON the path inside it; ``message`` says what was expected and what was found. It
    never holds text that could name a person.
    """

    place: str
    kind: ProblemKind
    message: str
