"""A large graph in slices that can be checked by themselves.

A shape looks at a node, at its values, and at the class and label of these values. So a slice holds all statements of
some nodes, and of whatever they refer to only class, label and name; what is found about the latter is left to the
slice that holds them whole. What no statement describes is judged wherever it is referred to.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from poh_graph.terms import BASE, ORDO, RDF, RDFS, SCHEMA

SIZE = 60_000
"""Statements of a slice: small enough that some fit into memory side by side, large enough that they overlap little."""

_OWNER = re.compile(
    rb"<(?:" + re.escape(ORDO).encode() + rb"Orphanet_|" + re.escape(BASE).encode() + rb"[a-z]+/[a-z-]+/)(\d+)"
)
_OF_REFERENCES = tuple(f"<{iri}>".encode() for iri in (RDF + "type", RDFS + "label", SCHEMA + "name"))


@dataclass(frozen=True, slots=True)
class Slice:
    """Statements as N-Triples, and the nodes (in angle brackets) that this slice is to judge."""

    triples: bytes
    judged: frozenset[bytes]


def slices(lines: Iterable[bytes], size: int = SIZE) -> Iterator[Slice]:
    """The slices of a graph given as lines of N-Quads, in any order; each subject is judged in exactly one.

    What belongs to one disorder (its own statements, and the nodes whose key begins with its code) stays together.
    """
    by_subject: dict[bytes, list[bytes]] = defaultdict(list)
    for line in lines:
        by_subject[line.partition(b" ")[0]].append(_triple(line))
    judged: list[bytes] = []
    weight = before = 0
    for subject in sorted(by_subject, key=_owner):
        owner, _ = _owner(subject)
        if weight >= size and (owner == 0 or owner != before):
            yield _slice(judged, by_subject)
            judged, weight = [], 0
        judged.append(subject)
        weight += len(by_subject[subject])
        before = owner
    if judged:
        yield _slice(judged, by_subject)


def _triple(line: bytes) -> bytes:
    """A line of N-Quads without its graph; a line of N-Triples as it is."""
    head, _, graph = line.rstrip(b" .\n").rpartition(b" ")
    is_quad = graph.startswith((b"<", b"_:")) and b'"' not in graph and head.count(b" ") > 1
    return (head if is_quad else line.rstrip(b" .\n")) + b" .\n"


def _owner(subject: bytes) -> tuple[int, bytes]:
    """By disorder, then by name; what belongs to no disorder comes first."""
    found = _OWNER.match(subject)
    return (int(found[1]) if found else 0, subject)


def _slice(judged: list[bytes], by_subject: dict[bytes, list[bytes]]) -> Slice:
    own = frozenset(judged)
    kept = [line for subject in judged for line in by_subject[subject]]
    referred = {_object(line) for line in kept} - own
    undescribed = referred - by_subject.keys()
    for subject in referred - undescribed:
        kept += [line for line in by_subject[subject] if line.split(b" ", 2)[1] in _OF_REFERENCES]
    return Slice(b"".join(dict.fromkeys(kept)), own | undescribed)


def _object(line: bytes) -> bytes:
    """The object of a line of N-Triples; a literal is no subject, and no shape finds fault with one by itself."""
    return line[:-3].split(b" ", 2)[2]
