"""A release as the graph ``orphanet``: how it is described."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from poh_graph.building.intake import GRAPH, read_release
from poh_graph.bundle import resource_folder
from poh_graph.source_table import read_sources
from tests.small_release import write_release


def test_the_description_has_what_the_packets_say_of_themselves(tmp_path: Path) -> None:
    """Day, version and rights stand in the head of each packet, and are said once."""
    base = read_sources(resource_folder("data") / "sources.toml")[GRAPH]
    source = read_release(write_release(tmp_path / "release.zip", [101, 102]), base).source
    assert (source.version, source.issued) == ("2025-06-30", date(2025, 6, 30))
    assert source.note == ("The packets say of themselves: version 1.3.42 / 4.1.8 [2025-03-03]; Orphanet (c) 2025.")
    assert any(words.startswith("Children: ") for words in source.left_out)
