"""Graph + shapes → report.

pyshacl checks the shapes of ``shapes/*.ttl`` on the union of the named graphs, as an in-memory rdflib graph (it gives
wrong answers over other stores). The check queries of ``shapes/checks/`` ask the store itself, because what they look
at, the named graphs, SHACL does not see: a row of such a query is an offender.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox

from poh_graph.bundle import resource_folder
from poh_graph.errors import InputError
from poh_graph.queries import read_query
from poh_graph.rows import Rows, shown
from poh_graph.store import Store
from poh_graph.terms import BASE, RDF, SH, XSD, curie_of

SEVERITIES = ("Violation", "Warning", "Info")
_SHOWN_PER_SHAPE = 20


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One result of validation. ``shape`` is the IRI of the shape, or of the check query, that is not met."""

    severity: str
    shape: str
    focus: str
    path: str
    value: str
    message: str

    @property
    def iri(self) -> str:
        """A name for the result that is the same in every run: a hash of what it says."""
        parts = f"{self.severity}\n{self.shape}\n{self.focus}\n{self.path}\n{self.value}\n{self.message}"
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
        ox.serialize(self._triples(), out, ox.RdfFormat.TURTLE, prefixes={"sh": SH})
        return out.getvalue()

    def _triples(self) -> Iterator[ox.Triple]:
        report = ox.NamedNode(BASE + "report/")
        verdict = ox.Literal("true" if self.conforms else "false", datatype=ox.NamedNode(XSD + "boolean"))
        yield ox.Triple(report, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationReport"))
        yield ox.Triple(report, ox.NamedNode(SH + "conforms"), verdict)
        for finding in self.findings:
            yield ox.Triple(report, ox.NamedNode(SH + "result"), ox.NamedNode(finding.iri))
        for finding in self.findings:
            node = ox.NamedNode(finding.iri)
            yield ox.Triple(node, ox.NamedNode(RDF + "type"), ox.NamedNode(SH + "ValidationResult"))
            for name, value in (
                ("resultSeverity", ox.NamedNode(SH + finding.severity)),
                ("sourceShape", _node(finding.shape)),
                ("focusNode", _node(finding.focus)),
                ("resultPath", _node(finding.path)),
                ("value", _node(finding.value)),
                ("resultMessage", ox.Literal(finding.message, language="en")),
            ):
                if value.value:
                    yield ox.Triple(node, ox.NamedNode(SH + name), value)


def _node(text: str) -> ox.NamedNode | ox.Literal:
    return ox.NamedNode(text) if text.startswith(("http://", "https://")) else ox.Literal(text)


def validate(store: Store, folder: Path | None = None) -> Report:
    """The report on a store, by the shapes and checks of ``folder`` (the package's own if None).

    Raises:
        InputError: if the folder holds no shapes, or one does not parse.
    """
    folder = folder or resource_folder("shapes")
    findings = {*_shape_findings(store, folder), *_check_findings(store, folder)}
    return Report(tuple(sorted(findings)))


def _shape_findings(store: Store, folder: Path) -> Iterator[Finding]:
    import pyshacl
    import rdflib
    from rdflib.namespace import SH as SHACL
    from rdflib.plugins.parsers.notation3 import BadSyntax

    shapes = rdflib.Graph()
    files = sorted(folder.glob("*.ttl"))
    if not files:
        raise InputError(f"{folder} holds no shapes.", mend="Give a folder with SHACL shapes in Turtle (*.ttl).")
    for file in files:
        try:
            shapes.parse(file, format="turtle")
        except BadSyntax as error:
            raise InputError(f"{file}, line {error.lines + 1}: this is not Turtle.") from None
    data = rdflib.Graph()
    out = BytesIO()
    ox.serialize((ox.Triple(q.subject, q.predicate, q.object) for q in store.dump()), out, ox.RdfFormat.N_TRIPLES)
    data.parse(data=out.getvalue(), format="nt")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    for node in results.subjects(rdflib.RDF.type, SHACL.ValidationResult):
        shape = results.value(node, SHACL.sourceShape)
        severity = results.value(node, SHACL.resultSeverity)
        yield Finding(
            severity=str(severity).removeprefix(SH),
            shape=str(shape),
            focus=str(results.value(node, SHACL.focusNode)),
            path=str(results.value(node, SHACL.resultPath) or ""),
            value=str(results.value(node, SHACL.value, default="")),
            message=str(results.value(node, SHACL.resultMessage)),
        )


def _check_findings(store: Store, folder: Path) -> Iterator[Finding]:
    for file in sorted((folder / "checks").glob("*.rq")):
        check = read_query(file)
        answer = store.query(check.text)
        if not isinstance(answer, ox.QuerySolutions):
            raise InputError(f"{file} is not a SELECT.", mend="A check query selects the offenders.")
        rows = Rows.of(answer)
        for row in rows.terms:
            rest = ", ".join(
                f"{name} {shown(term)}" for name, term in zip(rows.variables[1:], row[1:], strict=True) if term
            )
            yield Finding(
                severity="Violation",
                shape=f"{BASE}check/{check.name}",
                focus=row[0].value if isinstance(row[0], ox.NamedNode) else str(row[0]),
                path="",
                value=rest,
                message=check.summary,
            )
