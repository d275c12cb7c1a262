"""The checks of every term: each finds what its example has wrong, and nothing in the packaged graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from poh_graph.gate.line_checks import MESSAGES, LineChecks
from poh_graph.gate.report import Finding
from poh_graph.graph import Graph
from poh_graph.store import LocalStore
from poh_graph.terms import curie_of, prefix_map
from tests.examples import expected_rows

EXAMPLES = Path(__file__).parent / "line_checks"


def findings(lines: list[bytes]) -> list[Finding]:
    """What the checks find in lines of N-Quads."""
    checks = LineChecks()
    assert list(checks.over(lines)) == lines, "the lines pass through as they are"
    return list(checks.findings())


def lines_of(path: Path) -> list[bytes]:
    """A TriG file as lines of N-Quads."""
    return LocalStore.from_file(path).lines()


def shown(iri: str) -> str:
    """A CURIE as the heads of the examples write it; a blank node has no name."""
    if iri.startswith("_:"):
        return "a blank node"
    return curie_of(iri).removeprefix("poh.") if prefix_map().compress(iri) else f"<{iri}>"


@pytest.mark.parametrize("check", sorted(MESSAGES))
def test_a_check_finds_what_is_wrong(check: str) -> None:
    """The head of an example says which terms are wrong, and where; each is found, under the check's own message."""
    example = EXAMPLES / f"{check}.trig"
    found = [finding for finding in findings(lines_of(example)) if finding.shape.endswith(f"/{check}")]
    assert sorted(f"{shown(finding.focus)} | {shown(finding.value)}" for finding in found) == sorted(
        expected_rows(example)
    )
    assert {finding.message for finding in found} == {MESSAGES[check]}
    assert {finding.severity for finding in found} == {"Violation"}


def test_a_literal_that_looks_like_a_term_is_none() -> None:
    """What stands in quotes is text, also where it ends as a graph or a blank node would."""
    text = b'"see <http://example.org/x> and _:b <https://a.org/g>"@en'
    number = b'"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    lines = [b"<https://a.org/s> <https://a.org/p> %s <https://a.org/g> .\n" % object_ for object_ in (text, number)]
    assert findings(lines) == []


def test_the_packaged_graph_has_nothing_to_find(poh: Graph) -> None:
    """No blank node, no made-up namespace, no unknown own term, nothing outside a named graph."""
    assert findings(poh.store.lines()) == []
