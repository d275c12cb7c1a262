"""A graph in slices: what is found does not depend on where it is cut."""

from __future__ import annotations

from collections import Counter

import pytest

from poh_graph.gate.slices import _owner, slices
from poh_graph.gate.validate import validate
from poh_graph.graph import Graph
from poh_graph.terms import BASE, DCTERMS, ORDO

POH = f"{ORDO}Orphanet_2762"


@pytest.mark.parametrize("size", [1, 100, 1_000, 10_000])
def test_what_belongs_to_one_disorder_is_in_one_slice(poh: Graph, size: int) -> None:
    """A reason of an overlap is judged beside the overlap, and each subject once, however small the slices."""
    lines = poh.store.lines()
    parts = list(slices(lines, size=size))
    subjects = {line.partition(b" ")[0] for line in lines}
    judged = Counter(node for part in parts for node in part.judged & subjects)
    assert judged == Counter(subjects)
    owners = Counter(owner for part in parts for owner in {_owner(node)[0] for node in part.judged & subjects} - {0})
    assert set(owners.values()) == {1}
    assert len(parts) > 1


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_what_nothing_describes_is_found_in_every_slice(poh: Graph, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """A source that is named and never described; nothing else is found in the small slices than in one."""
    nowhere = "https://www.orpha.net/nowhere"
    line = f"<{POH}> <{DCTERMS}source> <{nowhere}> <{BASE}graph/curated> .\n".encode()
    monkeypatch.setattr("poh_graph.gate.validate.slices", lambda lines: slices(lines, size=size))
    found = validate(poh.store, lines=[*poh.store.lines(), line], jobs=1)
    assert [(f.shape, f.focus) for f in found.findings if f.severity == "Violation"] == [
        (f"{BASE}shape/Linked", nowhere)
    ]
