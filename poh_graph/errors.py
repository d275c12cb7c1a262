"""What can go wrong, as a tree.

    PohGraphError
    ├── InputError            a file or a value is not what it should be (place, expected, found)
    ├── UnknownPrefix         a CURIE whose prefix is in no prefix map
    ├── UnknownName           nothing in the graph has this identifier or name
    ├── AmbiguousName         several things have it
    ├── UnknownQuery          no stored query of this name
    ├── ParameterError        a value does not fit a stored query
    ├── QueryError            SPARQL that the engine refuses
    ├── FetchError            a download that cannot be had, or is not what it should be
    ├── StoreError            a store that cannot be opened, reached or trusted
    └── NotConforming         the shapes refuse the graph (the answer is "no", not "could not run")

Every error says what happened, where, what was expected and what was found; ``mend`` is the edit or the command that
puts it right. Errors are raised where they are known, and caught in ``cli`` (and the web application) only.
"""

from __future__ import annotations


class PohGraphError(Exception):
    """An error that a user can understand and mend.

    ``mend`` is the command or edit that puts it right; ``candidates`` are the nearest things that do exist.
    """

    def __init__(self, message: str, *, mend: str = "", candidates: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend
        self.candidates = candidates

    def __str__(self) -> str:
        """Give message, candidates and mend, one below the other."""
        lines = [self.message]
        if self.candidates:
            lines.append("Nearest: " + "; ".join(self.candidates))
        if self.mend:
            lines.append(self.mend)
        return "\n".join(lines)


class InputError(PohGraphError):
    """A file, a row or a value is not what it should be."""


class UnknownPrefix(PohGraphError):
    """A CURIE uses a prefix that no prefix map knows."""


class UnknownName(PohGraphError):
    """Nothing in the graph has this identifier, label or synonym."""


class AmbiguousName(PohGraphError):
    """More than one thing in the graph has this name."""


class UnknownQuery(PohGraphError):
    """There is no stored query of this name."""


class ParameterError(PohGraphError):
    """A value does not fit the parameter of a stored query."""


class QueryError(PohGraphError):
    """The engine refuses the SPARQL text."""


class FetchError(PohGraphError):
    """A source cannot be downloaded, or what came is not what it should be."""


class StoreError(PohGraphError):
    """A store cannot be opened, reached, or is of another version."""


class NotConforming(PohGraphError):
    """The shapes refuse the graph: the answer is "no"."""
