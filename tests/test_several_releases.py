"""Several releases at once: the newest is the graph, older ones say of codes that are gone when they were last seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from poh_graph.bundle import Bundle
from poh_graph.graph import open_graph
from tests.running import Run
from tests.small_release import small_packet, write_release

GONE = """
    PREFIX poh: <https://w3id.org/poh-graph/ontology#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX graph: <https://w3id.org/poh-graph/graph/>
    SELECT ?code ?label ?day WHERE { GRAPH graph:orphanet-gone { ?code poh:lastSeenIn ?day ; rdfs:label ?label } }
    ORDER BY ?day ?label
"""
ORDO = "http://www.orpha.net/ORDO/Orphanet_"


def gone(bundle: Path) -> list[tuple[str, str, str]]:
    """Code, label and day of each code that is gone."""
    rows = open_graph(bundle).select(GONE)
    return [(str(row["code"]).removeprefix(ORDO), str(row["label"]), str(row["day"])) for row in rows]


def test_older_releases_say_when_a_code_was_last_seen(run: Run, tmp_path: Path) -> None:
    """A code that left, one that left and came back, one that changed its name, and a parent that nobody names now."""
    renamed = json.dumps(small_packet(102, "2023-12-06", Label="Another name")).encode()
    lone = json.dumps(
        small_packet(103, "2024-12-03", Parents=[{"Parent": [{"ORPHAcode": "97", "Label": "Old group"}]}])
    )
    write_release(tmp_path / "2023.zip", [101, 102, 103, 104, 105], "2023-12-06", replaced={102: renamed})
    write_release(tmp_path / "2024.zip", [102, 103, 104], "2024-12-03", replaced={103: lone.encode()})
    write_release(tmp_path / "2025.zip", [103, 104, 105], "2025-06-30")
    result = run("build", "2023.zip", "2024.zip", "2025.zip", "-o", "new")
    assert result.exit_code == 0, result.output
    assert gone(Path("new")) == [
        ("101", "Disorder number 101", "2023-12-06"),
        ("102", "Disorder number 102", "2024-12-03"),
        ("97", "Old group", "2024-12-03"),
    ]
    described = Bundle(Path("new")).read_manifest()["graphs"]["orphanet-gone"]
    assert described["version"] == "2023-12-06, 2024-12-03"
    assert sorted(described["inputs"]) == ["2023-12-06/2023.zip", "2024-12-03/2024.zip"]
    resolved = run("resolve", "ORPHA:102", "-s", "new", "--as", "tsv")
    assert resolved.stdout.splitlines()[1].startswith("ORPHA:102\tDisorder number 102\tdisorder")
    assert "does not name ORPHA:102; the last that did is of 2024-12-03." in resolved.stderr
    lines = Bundle(Path("new")).graph.read_text("utf-8").splitlines()
    assert not [line for line in lines if "deprecated" in line and line.endswith("/orphanet-gone> .")]


def test_the_newest_alone_decides_what_the_graph_says(run: Run, tmp_path: Path) -> None:
    """But for the codes that are gone, and their description, the graph is that of the newest release alone."""
    write_release(tmp_path / "old.zip", [101, 102, 103], "2024-12-03")
    write_release(tmp_path / "new.zip", [102, 103])
    assert run("build", "new.zip", "-o", "alone").exit_code == 0
    assert run("build", "old.zip", "new.zip", "-o", "both").exit_code == 0
    alone, both = (set(Bundle(Path(name)).graph.read_bytes().splitlines()) for name in ("alone", "both"))
    graphs = {line.rsplit(b" ", 2)[1].rpartition(b"/")[2] for line in both - alone}
    assert graphs == {b"orphanet-gone>", b"meta>"}
    assert alone < both


def test_nothing_gone_adds_nothing(run: Run, tmp_path: Path) -> None:
    """Where the newest release names all codes of the older one, there is no graph of codes that are gone."""
    write_release(tmp_path / "old.zip", [101, 102], "2024-12-03")
    write_release(tmp_path / "new.zip", [101, 102, 103])
    assert run("build", "old.zip", "new.zip", "-o", "both").exit_code == 0
    assert "orphanet-gone" not in Bundle(Path("both")).read_manifest()["graphs"]


def test_a_packet_that_cannot_be_read_is_not_gone(run: Run, tmp_path: Path) -> None:
    """What the newest release has and we cannot read is a problem, and still in the release."""
    codes = list(range(100, 301))
    write_release(tmp_path / "old.zip", [*codes, 999], "2024-12-03")
    write_release(tmp_path / "new.zip", codes, replaced={150: b"{"})
    result = run("build", "old.zip", "new.zip", "-o", "both", "--jobs", "1")
    assert result.exit_code == 0, result.output
    assert gone(Path("both")) == [("999", "Disorder number 999", "2024-12-03")]


def test_a_closed_bundle_keeps_of_the_gone_codes_what_it_mentions(run: Run, tmp_path: Path) -> None:
    """ORPHA:665 has left the packets; the curated graph speaks of it, of the other codes nothing does."""
    codes = [665, 2762, 999]
    write_release(tmp_path / "old.zip", codes, "2022-12-05")
    write_release(tmp_path / "new.zip", [2762, 337])
    result = run("build", "old.zip", "new.zip", "--disorder", "ORPHA:2762", "-o", "closed")
    assert result.exit_code == 0, result.output
    assert [code for code, _, _ in gone(Path("closed"))] == ["665"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("new.zip", "old.zip"), "new.zip (2025-06-30) is newer than old.zip (2024-12-03), and is given before it"),
        (("new.zip", "twin.zip"), "new.zip and twin.zip were created on the same day, 2025-06-30"),
        (("old.zip", "part.json"), "part.json names 2 disorders, old.zip 21: it is a part of a release"),
        (("dayless.json", "new.zip"), "dayless.json: no packet says when it was created"),
        (("old.zip", "dayless.json"), "dayless.json: no packet says when it was created"),
        (("broken.zip", "new.zip"), "broken.zip: no packet could be read"),
    ],
)
def test_releases_that_cannot_be_compared_are_told(
    run: Run, tmp_path: Path, given: tuple[str, ...], message: str
) -> None:
    """Exit code 2 and the reason: a wrong order, the same day, a part of a release, a release without a day."""
    write_release(tmp_path / "old.zip", range(100, 120), "2024-12-03")
    write_release(tmp_path / "new.zip", range(100, 119))
    write_release(tmp_path / "twin.zip", range(100, 119))
    write_release(tmp_path / "broken.zip", [100], replaced={100: b"{"})
    (tmp_path / "part.json").write_text(json.dumps(small_packet(101)), encoding="utf-8")
    dayless = small_packet(101, creationDate="some day")
    (tmp_path / "dayless.json").write_text(json.dumps(dayless), encoding="utf-8")
    result = run("build", *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert not Path("bundle").exists()
