"""The exact difference of two graphs: the lines of N-Quads that one has and the other has not.

Both sides give their lines sorted by bytes and without repetition, block by block, so that neither is ever in memory as
a whole. What is written is an RDF Patch (https://jena.apache.org/documentation/rdf-patch): the lines themselves, each
behind ``D`` (deleted) or ``A`` (added), with the digests of both sides in its header.
"""

from __future__ import annotations

import hashlib
import operator
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from poh_graph.errors import InputError

BLOCK = 1 << 20
"""Bytes of one block of lines, about."""

DEFAULT_GRAPH = ""
"""The name under which the lines stand that are in no named graph."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two graphs: its name, its releases by short name of the graph, and what identifies its lines.

    ``sha256`` is the digest of all its lines, sorted; of a bundle that is the digest of ``graph.nq`` in its manifest.
    """

    name: str
    releases: Mapping[str, str]
    sha256: str
    lines: int


@dataclass
class Lines:
    """A graph as sorted lines, which may be read once.

    Lines that hold one of the texts ``keep`` are in ``kept`` when all are read.
    """

    name: str
    blocks: Iterable[list[bytes]]
    releases: Mapping[str, str] = field(default_factory=dict)
    keep: tuple[bytes, ...] = ()
    kept: list[bytes] = field(default_factory=list)


@dataclass(frozen=True)
class LineDiff:
    """What was removed and what was added, by the IRI of the named graph, each sorted; and between which two graphs."""

    old: Side
    new: Side
    removed: Mapping[str, tuple[bytes, ...]]
    added: Mapping[str, tuple[bytes, ...]]

    @property
    def is_empty(self) -> bool:
        """Whether both sides have the same lines."""
        return not self.removed and not self.added

    def graphs(self) -> list[str]:
        """The named graphs in which something changed, sorted."""
        return sorted(self.removed.keys() | self.added.keys())

    def inverse(self) -> LineDiff:
        """The way back: from the new graph to the old."""
        return LineDiff(self.new, self.old, self.added, self.removed)

    def write(self, out: IO[bytes]) -> None:
        """Write the difference as an RDF Patch."""
        for word, value in self._header():
            out.write(f'H {word} "{value}" .\n'.encode())
        out.write(b"TX .\n")
        for graph in self.graphs():
            out.writelines(b"D " + line for line in self.removed.get(graph, ()))
            out.writelines(b"A " + line for line in self.added.get(graph, ()))
        out.write(b"TC .\n")

    def _header(self) -> Iterator[tuple[str, str]]:
        for word, side in (("old", self.old), ("new", self.new)):
            yield f"{word}Name", side.name.replace("\\", "\\\\").replace('"', '\\"')
            yield f"{word}Sha256", side.sha256
            yield f"{word}Lines", str(side.lines)
            yield from ((f"{word}Release", f"{graph} {release}") for graph, release in side.releases.items())


def graph_of(line: bytes) -> str:
    r"""The IRI of the named graph of a line of N-Quads; :data:`DEFAULT_GRAPH` for a triple.

    >>> graph_of(b'<a:s> <a:p> "in <a:g>" <a:h> .\n'), graph_of(b'<a:s> <a:p> <a:o> .\n')
    ('a:h', '')
    """
    rest = line.rstrip(b" .\n").split(b" ", 2)[2]
    _, space, last = rest.rpartition(b" ")
    if not space or not last.startswith(b"<") or b'"' in last:
        return DEFAULT_GRAPH
    return last[1:-1].decode()


def compare_lines(old: Lines, new: Lines) -> LineDiff:
    """The difference of two graphs.

    Raises:
        InputError: if the lines of one are not sorted, or one is there twice.
    """
    one, other = _Reader(old), _Reader(new)
    removed: list[bytes] = []
    added: list[bytes] = []
    while one.block and other.block:
        # Up to here both have been read: what is in one of the two heads only is in one of the two graphs only.
        until = min(one.block[-1], other.block[-1])
        left, right = one.take(until), other.take(until)
        if left != right:
            removed += sorted(set(left).difference(right))
            added += sorted(set(right).difference(left))
    removed += one.rest()
    added += other.rest()
    return LineDiff(one.side(), other.side(), by_graph(removed), by_graph(added))


def by_graph(lines: Iterable[bytes]) -> dict[str, tuple[bytes, ...]]:
    """Sorted lines by the IRI of their named graph."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for line in lines:
        found[graph_of(line)].append(line)
    return {graph: tuple(found[graph]) for graph in sorted(found)}


class _Reader:
    """Takes the lines of one side in order, while they are counted and digested."""

    def __init__(self, source: Lines) -> None:
        self._source = source
        self._blocks = iter(source.blocks)
        self._digest = hashlib.sha256()
        self._count = 0
        self._last = b""
        self.block: list[bytes] = []
        self._fill()

    def take(self, until: bytes) -> list[bytes]:
        """The lines up to ``until``, with it."""
        end = bisect_right(self.block, until)
        head, self.block = self.block[:end], self.block[end:]
        self._fill()
        return head

    def rest(self) -> list[bytes]:
        """All lines that are left."""
        found = []
        while self.block:
            found += self.block
            self.block = []
            self._fill()
        return found

    def side(self) -> Side:
        """What is known of this side once all is read."""
        return Side(self._source.name, self._source.releases, self._digest.hexdigest(), self._count)

    def _fill(self) -> None:
        while not self.block:
            block = next(self._blocks, None)
            if block is None:
                return
            if block:
                self._take_in(block)

    def _take_in(self, block: list[bytes]) -> None:
        if block[0] <= self._last or any(map(operator.ge, block, islice(block, 1, None))):
            raise InputError(
                f"The lines of {self._source.name} are not sorted, or one is there twice.",
                mend="A graph.nq that was edited is no release: build the bundle anew.",
            )
        self._last = block[-1]
        self._count += len(block)
        text = b"".join(block)
        self._digest.update(text)
        for keep in self._source.keep:
            if keep in text:  # some texts are rare: most blocks need not be looked through line by line
                self._source.kept += [line for line in block if keep in line]
        self.block = block


def apply(lines: Iterable[bytes], diff: LineDiff) -> list[bytes]:
    """The lines of the new graph, sorted, from those of the old one in any order.

    Raises:
        InputError: if ``lines`` are not those of the old graph.
    """
    found = set(lines)
    _expect(sorted(found), diff.old)
    for removed in diff.removed.values():
        found.difference_update(removed)
    for added in diff.added.values():
        found.update(added)
    result = sorted(found)
    _expect(result, diff.new)
    return result


def _expect(lines: list[bytes], side: Side) -> None:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    if digest.hexdigest() != side.sha256:
        raise InputError(
            f"These are not the lines of {side.name}: their SHA-256 is {digest.hexdigest()}, expected {side.sha256}.",
            mend="Apply a difference to the graph that it was made from.",
        )


_HEADER = re.compile(r'H (old|new)(Name|Sha256|Lines|Release) "(.*)" \.\n')


def read_patch(source: IO[bytes]) -> LineDiff:
    """The difference that :meth:`LineDiff.write` wrote.

    Raises:
        InputError: if it is no RDF Patch of this program (with the line), or its end is missing.
    """
    said: dict[str, dict[str, str]] = {"old": {}, "new": {}}
    releases: dict[str, dict[str, str]] = {"old": {}, "new": {}}
    rows: dict[bytes, list[bytes]] = {b"D ": [], b"A ": []}
    line = b""
    for number, line in enumerate(source, start=1):
        if line[:2] in rows:
            rows[line[:2]].append(line[2:])
        elif header := _HEADER.fullmatch(line.decode()):
            side, word, value = header.groups()
            if word == "Release":
                graph, _, release = value.partition(" ")
                releases[side][graph] = release
            else:
                said[side][word] = value
        elif line not in (b"TX .\n", b"TC .\n"):
            raise InputError(f"line {number}: this is not an RDF Patch as poh-graph diff writes it.")
    if line != b"TC .\n" or any(len(words) != len(("Name", "Sha256", "Lines")) for words in said.values()):
        raise InputError("This RDF Patch is cut off, or not one that poh-graph diff wrote.")
    old, new = (
        Side(
            words["Name"].replace('\\"', '"').replace("\\\\", "\\"), releases[key], words["Sha256"], int(words["Lines"])
        )
        for key, words in said.items()
    )
    return LineDiff(old, new, by_graph(sorted(rows[b"D "])), by_graph(sorted(rows[b"A "])))
