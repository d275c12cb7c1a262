"""What the sources say against each other: the stored queries of ``shapes/audit/``, one a kind of finding.

A row is a finding. Its columns are the same for every kind: ``focus`` is what it is about, ``about`` the gene or
phenotype that it concerns beside that; then come the two sides, ``one`` and ``other``: the statement, what it says
(``…_says``) and the named graph that says it (``…_by``). A column is empty where a kind has none: a label has no
statement of its own. The header of a query says, beside the usual, how grave a finding is (``severity``), what a
curator should do about it (``what_to_do``) and to whom it goes (``goes_to``). A query may have one column more,
``apart``: where it has words, the row is no finding, and is counted under these words.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from poh_graph.bundle import resource_folder
from poh_graph.documents.document import Block, Document, Paragraph, Section, Table
from poh_graph.errors import InputError, ParameterError
from poh_graph.gate.report import SEVERITIES, Finding, Report, Side
from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, read_query
from poh_graph.rows import Rows
from poh_graph.terms import BASE, curie_of

COLUMNS = ("focus", "about", "one", "one_says", "one_by", "other", "other_says", "other_by")
"""The columns of every query of the audit."""

APART = "apart"
"""The column that some have beside these."""

SHEET = (
    *("kind", "severity", "focus", "focus_label", "about", "about_label"),
    *("one_says", "one_label", "one_source", "one_statement"),
    *("other_says", "other_label", "other_source", "other_statement"),
    *("noted", "what_is_wrong", "what_to_do", "goes_to"),
)
"""The columns of the findings as a sheet."""

_SHOWN = 20
"""Findings of a kind that are shown to a reader who did not ask for that kind."""

_SOURCES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?graph ?label ?version
WHERE { ?graph a dcat:Dataset ; rdfs:label ?label . OPTIONAL { ?graph dcat:version ?version } }
ORDER BY ?graph ?label ?version
"""
_CONFLICTS = """
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?conflict ?label ?statement (EXISTS { ?conflict poh:preferredStatement ?statement } AS ?preferred)
WHERE { ?conflict a poh:SourceConflict ; rdfs:label ?label ; poh:conflictingStatement ?statement }
ORDER BY ?conflict ?label ?statement
"""


@dataclass(frozen=True)
class Kind:
    """A kind of finding: a stored query that returns the offenders, and what its header says."""

    query: StoredQuery

    @property
    def name(self) -> str:
        """The name of the query."""
        return self.query.name

    @property
    def severity(self) -> str:
        """Violation: the two cannot both hold; Warning: one is probably a mistake or old; Info: good to know."""
        return str(self.query.header["severity"])

    @property
    def what_to_do(self) -> str:
        """What a curator should do about it."""
        return str(self.query.header["what_to_do"])

    @property
    def goes_to(self) -> str:
        """Whom to tell."""
        return str(self.query.header["goes_to"])


def kinds(names: Collection[str] = ()) -> list[Kind]:
    """The kinds of these names or beginnings of names (all if none is given), the gravest first.

    Raises:
        ParameterError: if a name is the beginning of no kind.
    """
    known = [Kind(read_query(path)) for path in sorted((resource_folder("shapes") / "audit").glob("*.rq"))]
    for name in names:
        if not any(kind.name.startswith(name) for kind in known):
            near = difflib.get_close_matches(name, [kind.name for kind in known], n=3, cutoff=0.3)
            raise ParameterError(
                f"There is no kind of finding {name!r}.",
                candidates=tuple(near),
                mend=f"The kinds: {', '.join(kind.name for kind in known)}.",
            )
    wanted = [kind for kind in known if not names or kind.name.startswith(tuple(names))]
    return sorted(wanted, key=lambda kind: (SEVERITIES.index(kind.severity), kind.name))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A conflict that a curator wrote down: its statements, and those of them that are preferred."""

    iri: str
    label: str
    statements: frozenset[str]
    preferred: frozenset[str]


@dataclass(frozen=True)
class Audit:
    """What was looked for, and what was found of each kind.

    ``apart`` counts what a kind leaves out on purpose, by the reason. ``labels`` are those of all that the findings
    name; ``sources`` are the named graphs with their releases.
    """

    found: Mapping[Kind, Sequence[Finding]]
    apart: Mapping[Kind, Mapping[str, int]]
    labels: Mapping[str, str]
    sources: Mapping[str, str]
    conflicts: Sequence[Conflict]

    @property
    def count(self) -> int:
        """How many findings there are, notes included."""
        return sum(map(len, self.found.values()))

    @cached_property
    def report(self) -> Report:
        """The findings as a report of validation."""
        return Report(tuple(sorted(finding for findings in self.found.values() for finding in findings)))

    def document(self, *, all_shown: bool = False) -> Document:
        """The findings for a person, by kind: of each all, or the first."""
        counts = [[kind.name, kind.severity, f"{len(findings):,}"] for kind, findings in self.found.items()]
        sections = [
            Section(
                f"{kind.name} ({len(findings):,})", self._blocks(kind, findings, len(findings) if all_shown else _SHOWN)
            )
            for kind, findings in self.found.items()
            if findings
        ]
        apart = [
            Paragraph(f"Not among the findings of {kind.name}: {reason} ({count:,}).")
            for kind, reasons in self.apart.items()
            for reason, count in reasons.items()
        ]
        title = "What the sources say against each other"
        return Document(title, sections, lead=[Table(["kind", "severity", "findings"], counts), *apart])

    def _blocks(self, kind: Kind, findings: Sequence[Finding], shown: int) -> list[Block]:
        rows = [
            [self._named(f.focus), self._named(f.value), *map(self._side, f.sides), self._noted(f)]
            for f in findings[:shown]
        ]
        header = ["focus", "about", "one side", "other side", "noted as"]
        used = [place for place, _ in enumerate(header) if any(row[place] for row in rows)]
        blocks: list[Block] = [
            Paragraph(kind.query.summary),
            Paragraph(f"What to do: {kind.what_to_do} This goes to {kind.goes_to}."),
            Table([header[place] for place in used], [[row[place] for place in used] for row in rows]),
        ]
        if len(findings) > shown:
            blocks.append(Paragraph(f"And {len(findings) - shown:,} more: poh-graph audit --kind {kind.name}"))
        return blocks

    def _named(self, value: str) -> str:
        """A CURIE with its label beside it, or the text as it is."""
        return f"{curie_of(value)} {self.labels[value]}" if value in self.labels else curie_of(value)

    def _side(self, side: Side) -> str:
        said = self._named(side.value)
        source = self.sources.get(side.source, curie_of(side.source))
        return f"{source}: {said}" if source and said else source or said

    def _noted(self, finding: Finding) -> str:
        """The conflict that a curator wrote down about the two statements, and which of them it prefers.

        Nothing, if the finding is about that conflict.
        """
        statements = {side.statement for side in finding.sides}
        for conflict in self.conflicts:
            if len(statements) > 1 and statements <= conflict.statements and conflict.iri != finding.value:
                preferred = [self.sources.get(s.source, "") for s in finding.sides if s.statement in conflict.preferred]
                return f"{conflict.label}; {f'{preferred[0]} is preferred' if preferred else 'not settled'}"
        return ""

    def sheet(self, *, full_iris: bool = False) -> list[list[str]]:
        """All findings as rows of :data:`SHEET`, identifiers and labels in columns of their own."""

        def shown(value: str) -> str:
            return value if full_iris else curie_of(value)

        rows = []
        for kind, findings in self.found.items():
            for finding in findings:
                cells = [kind.name, kind.severity]
                for value in (finding.focus, finding.value):
                    cells += [shown(value), self.labels.get(value, "")]
                for side in finding.sides:
                    cells += [shown(side.value), self.labels.get(side.value, "")]
                    cells += [self.sources.get(side.source, shown(side.source)), shown(side.statement)]
                rows.append([*cells, self._noted(finding), kind.query.summary, kind.what_to_do, kind.goes_to])
        return rows


def audit(graph: Graph, names: Collection[str] = ()) -> Audit:
    """Hold the sources of a graph against each other, in the kinds of these names (all if none is given).

    Raises:
        ParameterError: if there is no kind of a name.
    """
    asked = {kind: _asked(graph, kind) for kind in kinds(names)}
    found = {kind: listed for kind, (listed, _) in asked.items()}
    apart = {kind: counted for kind, (_, counted) in asked.items() if counted}
    iris = {
        value
        for finding in (finding for some in found.values() for finding in some)
        for value in (finding.focus, finding.value, *(side.value for side in finding.sides))
        if value.startswith(("http://", "https://"))
    }
    return Audit(found, apart, graph.labels(iris), _sources(graph), _conflicts(graph))


def findings(graph: Graph, kind: Kind) -> list[Finding]:
    """The findings of one kind.

    Raises:
        InputError: if its query does not give the columns of an audit.
    """
    return _asked(graph, kind)[0]


def _asked(graph: Graph, kind: Kind) -> tuple[list[Finding], dict[str, int]]:
    """The findings of a kind, and how many rows it sets apart for which reason."""
    answer = graph.store.query(kind.query.text)
    columns = tuple(v.value for v in answer.variables) if isinstance(answer, ox.QuerySolutions) else ()
    if not isinstance(answer, ox.QuerySolutions) or columns not in (COLUMNS, (*COLUMNS, APART)):
        raise InputError(f"The query {kind.name} does not select the columns {', '.join(COLUMNS)}.")
    found, apart = [], Counter[str]()
    for row in Rows.of(answer).terms:
        cells = [_text(term) for term in row]
        if reason := "".join(cells[len(COLUMNS) :]):
            apart[reason] += 1
        else:
            found.append(_finding(kind, cells[: len(COLUMNS)]))
    return found, dict(sorted(apart.items()))


def _finding(kind: Kind, cells: Sequence[str]) -> Finding:
    focus, about, one, one_says, one_by, other, other_says, other_by = cells
    return Finding(
        severity=kind.severity,
        shape=f"{BASE}audit/{kind.name}",
        focus=focus,
        path="",
        value=about,
        message=kind.query.summary,
        sides=(Side(one_says, one_by, one), Side(other_says, other_by, other)),
    )


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _sources(graph: Graph) -> dict[str, str]:
    """The named graphs: label and release."""
    rows = graph.select(_SOURCES)
    return {str(row["graph"]): " ".join(str(row[name]) for name in ("label", "version") if row[name]) for row in rows}


def _conflicts(graph: Graph) -> list[Conflict]:
    rows = graph.select(_CONFLICTS)
    by_conflict: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for row in rows:
        statement = (str(row["statement"]), bool(row["preferred"]))
        by_conflict.setdefault((str(row["conflict"]), str(row["label"])), []).append(statement)
    return [
        Conflict(
            iri,
            label,
            frozenset(statement for statement, _ in statements),
            frozenset(statement for statement, preferred in statements if preferred),
        )
        for (iri, label), statements in by_conflict.items()
    ]
