"""OBO files, stanza by stanza: ``fastobo`` parses each alone, so that one that is wrong costs no other.

Source: the OBO flat file format 1.4, https://owlcollab.github.io/oboformat/doc/obo-syntax.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import fastobo

from poh_graph.errors import InputError
from poh_graph.records.problems import Problem
from poh_graph.sources.table import BOM, raw_lines

_STANZA = re.compile(rb"\[(\w+)\]\s*")


class Stanza(NamedTuple):
    """The line on which a term begins, its identifier, and its clauses as ``fastobo`` gives them."""

    line: int
    id: str
    clauses: tuple[Any, ...]


class _Raw(NamedTuple):
    """The text of a stanza: its first line, the word between brackets (empty: the head of the file), and its lines."""

    line: int
    word: str
    lines: list[bytes]


class OboFile:
    """An OBO file: ``header`` holds the clauses of its head; ``stanzas`` is the number of stanzas come to so far."""

    def __init__(self, path: Path) -> None:
        """Read the head of a file.

        Raises:
            InputError: if the file cannot be read, or does not begin as OBO.
        """
        self.path = path
        self.stanzas = 0
        self._raw = _split(path)
        head = next(self._raw)
        try:
            self.header: tuple[Any, ...] = tuple(fastobo.loads(_text(head)).header)
        except (SyntaxError, UnicodeDecodeError) as error:
            message = f"{path} does not begin as OBO: {_why(error, head)}."
            raise InputError(message, mend="Is it the right file? Download it again.") from None

    def terms(self) -> Iterator[Stanza | Problem]:
        """The terms; a stanza that cannot be parsed, or is no term, is a problem.

        Raises:
            InputError: if the file ends within a term: then it is cut short, and nobody knows how much is missing.
        """
        for raw in self._raw:
            self.stanzas += 1
            place = f"{self.path.name}:{raw.line}"
            is_cut = not raw.lines[-1].endswith(b"\n")
            if raw.word != "Term":
                yield Problem(place, "out of scope", f"[{raw.word}] is no term")
            else:
                try:
                    frame = fastobo.loads(_text(raw))[0]
                    yield Stanza(raw.line, str(frame.id), tuple(frame))
                except (SyntaxError, UnicodeDecodeError) as error:
                    if is_cut:
                        message = f"{self.path}:{raw.line}: the file ends within this term: it is cut short."
                        raise InputError(message, mend="Download it again.") from None
                    yield Problem(place, "unreadable row", f"a term that is no OBO: {_why(error, raw)}")
            if is_cut:
                yield Problem(place, "no end of line", "the last line has no end: the file may be cut short")


def _split(path: Path) -> Iterator[_Raw]:
    """The head of a file, which may be empty, and its stanzas."""
    raw = _Raw(1, "", [])
    for number, line in enumerate(raw_lines(path), start=1):
        text = line.removeprefix(BOM) if number == 1 else line
        found = _STANZA.fullmatch(text)
        if found:
            yield raw
            raw = _Raw(number, found[1].decode(), [])
        raw.lines.append(text)
    yield raw


def _text(raw: _Raw) -> str:
    """The text of a stanza as the parser wants it: one empty line at its end, and no other."""
    return (
        b"".join(line for line in raw.lines if line.strip()).decode("utf-8").replace("\r\n", "\n").rstrip("\n") + "\n"
    )


def _why(error: SyntaxError | UnicodeDecodeError, raw: _Raw) -> str:
    """What a parser did not like, with the line of the file."""
    if isinstance(error, UnicodeDecodeError):
        return "other bytes than UTF-8"
    read = [number for number, line in enumerate(raw.lines, start=raw.line) if line.strip()]
    place = min(max((error.lineno or 1) - 1, 0), len(read) - 1)
    return f"line {read[place]}: {error.msg}" if read else str(error.msg)
