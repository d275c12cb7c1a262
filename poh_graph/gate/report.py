"""What validation found: findings, the verdict, and its forms as text and as a SHACL validation report."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import pyoxigraph as ox

from poh_graph.terms import BASE, DCTERMS, PROV, RDF, SH, XSD, curie_of

SEVERITIES = ("Violation", "Warning", "Info")
_SHOWN_PER_SHAPE = 20


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """What one source says: the value, the named graph that says it, and its statement (empty if it has no node)."""

    value: str
    source: str
    statement: str


_SILENT = Side("", "", "")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One result of validation. ``shape`` is the IRI of the shape, or of the check query, that is not met.

    Where sources are held against each other, ``sides`` are what each of them says.
    """

    severity: str
    shape: str
    focus: str
    path: str
    value: str
    message: str
    sides: tuple[Side, ...] = ()

    @property
    def iri(self) -> str:
        """A name for the result that is the same in every run: a hash of what it says."""
        parts = f"{self.severity}\n{self.shape}\n{self.focus}\n{self.path}\n{self.value}\n{self.message}"
        parts += "".join(f"\n{side.value}\n{side.source}\n{side.statement}" for side in self.sides)
        return f"{BASE}report/{hashlib.sha256(parts.encode()).hexdigest()[:16]}"

    def line(self) -> str:
        """The result in one line: what, where, and the value found."""
        path = f" {curie_of(self.path)}" if self.path else ""
        value = f" (found {curie_of(self.value)})" if self.value else ""
        return f"{curie_of(self.focus)}{path}: {self.message}{value}"


@dataclass(frozen=True)
class Report:
    """The findings, sorted. The graph conforms if none is a violation; warnings and notes do not hinder."""

    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not any(finding.severity == "Violation" for finding in self.findings)

    def count(self, severity: str) -> int:
        """How many findings are of one severity."""
        return sum(finding.severity == severity for finding in self.findings)

    @property
    def summary(self) -> str:
        """The verdict in one line."""
        counts = ", ".join(f"{self.count(severity)} {severity.lower()}s" for severity in SEVERITIES)
        return f"{'conforms' if self.conforms else 'does not conform'} ({counts})"

    @cached_property
    def text(self) -> str:
        """The report in words: the verdict, counts by shape, and one line a finding (the first of each shape)."""
        lines = [self.summary]
        by_shape = Counter((f.severity, f.shape) for f in self.findings)
        for (severity, shape), number in sorted(
            by_shape.items(), key=lambda item: (SEVERITIES.index(item[0][0]), item[0])
        ):
            lines += ["", f"{severity}: {shape.removeprefix(BASE)} ({number})"]
            same = [f for f in self.findings if (f.severity, f.shape) == (severity, shape)]
            lines += [f"  {finding.line()}" for finding in same[:_SHOWN_PER_SHAPE]]
            if number > _SHOWN_PER_SHAPE:
                lines.append(f"  and {number - _SHOWN_PER_SHAPE} more")
        return "\n".join(lines) + "\n"

    @cached_property
    def turtle(self) -> bytes:
        """The report as a SHACL validation report in Turtle; the same findings give the same bytes."""
        out = BytesIO()
        prefixes = {"sh": SH}
        if any(finding.sides for finding in self.findings):
            prefixes |= {"dcterms": DCTERMS, "prov": PROV}
        ox.serialize(self._triples(), out, ox.RdfFormat.TURTLE, prefixes=prefixes)
        return out.getvalue()

    def _triples(self) -> Iterator[ox.Triple]:
        report = ox.NamedNode(BASE + "report/")
        verdict = ox.Literal("true" if self.conforms else "false", datatype=ox.NamedNode(XSD + "boolean"))
        yield ox.Triple(report, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport"))
        yield ox.Triple(report, ox.NamedNode(SH + "conforms"), verdict)
        for finding in self.findings:
            yield ox.Triple(report, ox.NamedNode(SH + "result"), ox.NamedNode(finding.iri))
        for finding in self.findings:
            yield from _result(finding)


def _result(finding: Finding) -> Iterator[ox.Triple]:
    """A finding as a validation result, with one result more, as its detail, for what each side says."""
    sides = [side for side in finding.sides if side != _SILENT]
    details = [f"{finding.iri}/{number}" for number, _ in enumerate(sides, start=1)]
    of_all = (
        (RDF + "type", ox.NamedNode(SH + "ValidationResult")),
        (SH + "resultSeverity", ox.NamedNode(SH + finding.severity)),
        (SH + "sourceShape", _node(finding.shape)),
        (SH + "focusNode", _node(finding.focus)),
    )
    own = (
        (SH + "resultPath", _node(finding.path)),
        (SH + "value", _node(finding.value)),
        (SH + "resultMessage", ox.Literal(finding.message, language="en")),
        *((SH + "detail", ox.NamedNode(detail)) for detail in details),
    )
    yield from _described(finding.iri, (*of_all, *own))
    for detail, side in zip(details, sides, strict=True):
        said = (
            (SH + "value", _node(side.value)),
            (DCTERMS + "source", _node(side.source)),
            (PROV + "wasDerivedFrom", _node(side.statement)),
        )
        yield from _described(detail, (*of_all, *said))


def _described(subject: str, values: Iterable[tuple[str, ox.NamedNode | ox.Literal]]) -> Iterator[ox.Triple]:
    """The triples of a node, without those whose value is empty."""
    node = ox.NamedNode(subject)
    for predicate, value in values:
        if value.value:
            yield ox.Triple(node, ox.NamedNode(predicate), value)


def _node(text: str) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(text) if text.startswith(("http://", "https://")) else ox.Literal(text)
