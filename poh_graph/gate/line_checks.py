"""Checks of every term of a graph, on its lines.

SPARQL can ask them too (blank nodes, namespaces that are made up, own terms that nobody defined, statements in no
named graph), but an engine decodes each term of each statement for them: over a whole release of Orphanet that takes a
minute, and a pass over the lines takes three seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from poh_graph.gate.report import Finding
from poh_graph.terms import BASE, ONTOLOGY, RDFS

_MADE_UP = re.compile(
    rb"<(?:(?:urn|file):|https?://(?:[a-z0-9-]+[.])*(?:example[.](?:org|com|net)|invalid|localhost|127[.])"
    rb"|[^>]*(?:UNKNOWN|/undefined>|/None>))"
)
_OWN = f"<{ONTOLOGY}".encode()
_DEFINED = f" <{RDFS}isDefinedBy> ".encode()

MESSAGES = {
    "blank-node": 'A blank node stands in a release: give the thing an IRI of its own (MODEL.md, "IRIs").',
    "made-up-namespace": 'A thing lies in a namespace that is made up (example.org, localhost, "UNKNOWN"): '
    "find its canonical IRI in ontology/prefixes.json.",
    "unknown-own-term": "A term of this graph's own vocabulary is used but not defined: correct its spelling, "
    "or define it in ontology/poh-graph.ttl.",
    "statement-in-no-graph": "A statement stands in no named graph, so nobody knows who says it: "
    "load it into the graph of its source.",
}
"""The checks, and what each says to a curator."""


@dataclass
class LineChecks:
    """Looks at each line of N-Quads once; :meth:`findings` says what was found, the same for any order of the lines."""

    _terms: dict[bytes, bytes] = field(default_factory=dict)
    _defined: set[bytes] = field(default_factory=set)
    _in_no_graph: dict[bytes, bytes] = field(default_factory=dict)

    def over(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines, while they are looked at."""
        terms = self._terms
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            object_, graph = _object_and_graph(rest)
            for term in (subject, predicate, object_):
                known = terms.get(term)
                if (known is None or graph < known) and not term.startswith(b'"'):
                    terms[term] = graph
            if not graph:
                self._in_no_graph[subject] = min(predicate, self._in_no_graph.get(subject, predicate))
            if _DEFINED in line:
                self._defined.add(subject)
            yield line

    def findings(self) -> Iterator[Finding]:
        """What is wrong: one finding for each term, and for each subject in no named graph."""
        for term, graph in self._terms.items():
            if term.startswith(b"_:"):
                yield _finding("blank-node", term, graph)
            elif _MADE_UP.match(term):
                yield _finding("made-up-namespace", term, graph)
            elif term.startswith(_OWN) and term not in self._defined:
                yield _finding("unknown-own-term", term, graph)
        for subject, predicate in self._in_no_graph.items():
            yield _finding("statement-in-no-graph", subject, predicate)


def _object_and_graph(rest: bytes) -> tuple[bytes, bytes]:
    """The object and the graph (empty if there is none) of the end of a line, from its object on."""
    end = rest.rstrip(b" .\n")
    head, _, last = end.rpartition(b" ")
    is_graph = bool(head) and last.startswith((b"<", b"_:")) and b'"' not in last
    return (head, last) if is_graph else (end, b"")


def _finding(check: str, term: bytes, where: bytes) -> Finding:
    return Finding(
        severity="Violation",
        shape=f"{BASE}check/{check}",
        focus=term.decode().strip("<>"),
        path="",
        value=where.decode().strip("<>"),
        message=MESSAGES[check],
    )
