"""The files of a build: each is known by what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from poh_graph.building.inputs import ORPHAPACKET, RDF, Input, detect, forced
from poh_graph.errors import InputError
from tests.running import Run

DAYS = 10
"""The releases in which the packet of POH was kept, from the YAML of 2018 to 2025."""


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("2018.yaml", "ORPHApacket:\n- ORPHApacketID: '2762'\n", ORPHAPACKET),
        ("2018.yml", "ORPHApacket:\n- ORPHApacketID: '2762'\n", ORPHAPACKET),
        ("2019.json", '{"ORPHApacket":[{"ORPHApacketID":"2762"', ORPHAPACKET),
        ("2020.json", '{\n    "Orphapacket": {\n', ORPHAPACKET),
        ("cut.zip", "PK\x03\x04", ORPHAPACKET),
        ("notes.ttl", "<x:s> <x:p> <x:o> .", RDF),
        ("notes.TRIG", "<x:g> { <x:s> <x:p> <x:o> }", RDF),
    ],
)
def test_a_file_is_known_by_its_content_or_the_ending_of_a_format(
    tmp_path: Path, name: str, head: str, kind: str
) -> None:
    """The key that opens a packet was written in two ways; RDF formats are told by the ending."""
    path = tmp_path / name
    path.write_text(head, encoding="utf-8")
    assert detect(path) == Input(kind, path)


@pytest.mark.parametrize("name", ["notes.json", "notes.txt", "notes"])
def test_a_file_of_no_kind_is_refused(tmp_path: Path, name: str) -> None:
    """The message names the endings, and how to force a kind."""
    (tmp_path / name).write_text('{"name": "notes"}', encoding="utf-8")
    with pytest.raises(InputError, match="neither") as caught:
        detect(tmp_path / name)
    assert "--source orphapacket=" in caught.value.mend


@pytest.mark.parametrize("text", ["orphapacket", "papers=x.zip", "orphapacket=nowhere.zip"])
def test_a_forced_kind_is_one_that_is_known_and_a_file_that_is_there(text: str) -> None:
    """What is wrong is told with the text as it was given."""
    with pytest.raises(InputError):
        forced(text)


def test_every_packet_of_poh_since_2018_is_known_and_read(releases: Path, run: Run) -> None:
    """JSON and YAML; one build of the two oldest, whose forms are the furthest from that of today."""
    packets = sorted((releases / "orphapacket_2762_history").glob("*_2762.*"))
    assert len(packets) == DAYS
    assert {detect(path).kind for path in packets} == {ORPHAPACKET}
    assert {path.suffix for path in packets} == {".json", ".yaml"}
    built = run("build", *packets[:2])
    assert built.exit_code == 0, built.output
    assert "0 violations" in built.stdout
