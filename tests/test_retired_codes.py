"""What is retired is what a source says, not what is gone from the packets."""

from __future__ import annotations

from pathlib import Path

import poh_graph as pg
from poh_graph.changes.report import render

ORDO = "http://www.orpha.net/ORDO/Orphanet_"

DEPRECATED = '<http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
CONSIDER = "<http://www.geneontology.org/formats/oboInOwl#consider>"
MONDO_GRAPH = "<https://w3id.org/poh-graph/graph/mondo>"


def test_what_is_retired_is_what_a_source_says(tmp_path: Path) -> None:
    """``owl:deprecated`` in any graph, with what that source says should be considered instead."""
    orphan, heir = (f"<http://www.orpha.net/ORDO/Orphanet_{code}>" for code in (1, 2))
    label = "".join(
        f'{code} <http://www.w3.org/2000/01/rdf-schema#label> "{name}"@en .\n'
        for code, name in ((orphan, "Old"), (heir, "New"))
    )
    (tmp_path / "a.nq").write_text(label, encoding="utf-8")
    (tmp_path / "b.nq").write_text(
        f"{label}{orphan} {DEPRECATED} {MONDO_GRAPH} .\n{orphan} {CONSIDER} {heir} {MONDO_GRAPH} .\n", encoding="utf-8"
    )
    changes = pg.diff(tmp_path / "a.nq", tmp_path / "b.nq")
    (retired,) = changes.select(kinds=["retired"]).changes
    assert (retired.new, retired.graph) == ("ORPHA:2 New (to be considered instead, as a source says)", "mondo")
    assert changes.summary().startswith("From a.nq to b.nq: 1 retired, as a source says")
    assert "said by" in render(changes, "markdown")


def test_a_code_that_is_gone_is_retired_only_where_a_source_says_so(tmp_path: Path) -> None:
    """Also where that source said so before, and nothing changed in it."""
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    graph = "<https://w3id.org/poh-graph/graph/orphanet>"
    lines = {
        code: f'<{ORDO}{code}> <http://www.w3.org/2000/01/rdf-schema#label> "Disorder {code}"@en {graph} .\n'
        f"<{ORDO}{code}> {type_} <{ORDO}377788> {graph} .\n"
        for code in (1, 2, 3)
    }
    retired = f"<{ORDO}1> {DEPRECATED} {MONDO_GRAPH} .\n"
    (tmp_path / "a.nq").write_text("".join(lines.values()) + retired, encoding="utf-8")
    (tmp_path / "b.nq").write_text(lines[3] + retired, encoding="utf-8")
    changes = pg.diff(tmp_path / "a.nq", tmp_path / "b.nq")
    found = {
        (change.curie, change.kind, change.graph) for change in changes.changes if change.kind in ("gone", "retired")
    }
    assert found == {("ORPHA:1", "gone", "orphanet"), ("ORPHA:2", "gone", "orphanet"), ("ORPHA:1", "retired", "mondo")}
    assert changes.counts() == {"gone": 2, "retired": 1}
