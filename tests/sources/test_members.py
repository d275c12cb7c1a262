"""Releases come as ZIP, folder or file; what is damaged or dangerous is refused with place and mend."""

from __future__ import annotations

import zipfile
from pathlib import Path

import orjson
import pytest

from poh_graph.errors import InputError
from poh_graph.records.orphanet import Disorder, Packet
from poh_graph.records.problems import Problem
from poh_graph.sources import members
from poh_graph.sources.orphapacket import read_orphapackets
from tests.sources.packets import packet

RAW = orjson.dumps(packet(Parents=...))


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    """A ZIP with these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_zip_folder_and_file_give_the_same_records(tmp_path: Path) -> None:
    """A curator may unpack the release or not."""
    folder = tmp_path / "release"
    (folder / "json").mkdir(parents=True)
    file = folder / "json" / "ORPHApacket_99.json"
    file.write_bytes(RAW)
    archive = zipped(tmp_path / "release.zip", {"release/README.md": b"x", "release/json/ORPHApacket_99.json": RAW})
    # The head of a packet holds the file's name, which differs.
    read = [[r for r in read_orphapackets(path) if not isinstance(r, Packet)] for path in (folder, file, archive)]
    assert read[0] == read[1] == read[2]
    assert any(isinstance(record, Disorder) for record in read[0])


def test_packets_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """The order of a ZIP or a folder does not matter."""
    files = {f"json/ORPHApacket_{code}.json": RAW for code in ("100", "9", "20")}
    names = [name for name, _ in members.read_members(zipped(tmp_path / "r.zip", files))]
    assert names == ["json/ORPHApacket_9.json", "json/ORPHApacket_20.json", "json/ORPHApacket_100.json"]


def test_yaml_is_read_only_where_there_is_no_json(tmp_path: Path) -> None:
    """A clone of the repository holds each packet twice."""
    both = {"json/ORPHApacket_9.json": RAW, "yaml/ORPHApacket_9.yaml": b"x", "__MACOSX/._ORPHApacket_9.json": b"x"}
    assert [n for n, _ in members.read_members(zipped(tmp_path / "both.zip", both))] == ["json/ORPHApacket_9.json"]
    yaml = {"yaml/ORPHApacket_9.yaml": b"x"}
    assert [n for n, _ in members.read_members(zipped(tmp_path / "yaml.zip", yaml))] == ["yaml/ORPHApacket_9.yaml"]


def test_a_bad_packet_does_not_cost_the_others(tmp_path: Path) -> None:
    """One broken file is one problem with its name."""
    archive = zipped(tmp_path / "r.zip", {"json/ORPHApacket_1.json": b"{", "json/ORPHApacket_99.json": RAW})
    records = list(read_orphapackets(archive))
    assert [r.place for r in records if isinstance(r, Problem)] == ["json/ORPHApacket_1.json"]
    assert sum(isinstance(r, Disorder) for r in records) == 1


def refused(path: Path) -> str:
    """The message with which a path is refused; it names the path and a mend."""
    with pytest.raises(InputError) as caught:
        list(read_orphapackets(path))
    assert str(path) in caught.value.message
    assert caught.value.mend
    return caught.value.message


def test_a_truncated_zip_is_refused(tmp_path: Path) -> None:
    """A download that broke off has no directory of members."""
    archive = zipped(tmp_path / "r.zip", {"json/ORPHApacket_99.json": RAW})
    archive.write_bytes(archive.read_bytes()[:-30])
    assert "not a whole ZIP" in refused(archive)


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    """A wrong checksum is told with the member's name."""
    archive = zipped(tmp_path / "r.zip", {"json/ORPHApacket_99.json": RAW})
    content = bytearray(archive.read_bytes())
    content[60:64] = b"\0\0\0\0"
    archive.write_bytes(bytes(content))
    assert "ORPHApacket_99.json is damaged" in refused(archive)


def test_a_zip_bomb_is_refused_before_it_unfolds(tmp_path: Path) -> None:
    """A small file that unpacks to far more than any packet."""
    archive = zipped(tmp_path / "bomb.zip", {"json/ORPHApacket_1.json": b"0" * 50_000_000})
    assert archive.stat().st_size < 100_000
    assert "4,000,000" in refused(archive)


@pytest.mark.parametrize("name", ["../../ORPHApacket_99.json", "/ORPHApacket_99.json", "a/../../x.json"])
def test_names_that_leave_the_zip_are_refused(tmp_path: Path, name: str) -> None:
    """A member ``../x`` costs the whole file, and nothing is written."""
    archive = zipped(tmp_path / "r.zip", {"json/ORPHApacket_99.json": RAW, name: RAW})
    assert "points outside" in refused(archive)
    assert sorted(tmp_path.iterdir()) == [archive]


def test_too_many_packets_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many members that are each small enough add up."""
    monkeypatch.setattr(members, "LARGEST_RELEASE", 3 * len(RAW))
    files = {f"json/ORPHApacket_{code}.json": RAW for code in range(1, 5)}
    assert "a release does not" in refused(zipped(tmp_path / "r.zip", files))
    (tmp_path / "folder").mkdir()
    for code in range(1, 5):
        (tmp_path / "folder" / f"ORPHApacket_{code}.json").write_bytes(RAW)
    assert "a release does not" in refused(tmp_path / "folder")


def test_what_holds_no_packet_is_refused(tmp_path: Path) -> None:
    """An empty folder, a file that is no ZIP, a path that is not there, a ZIP without packets."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_bytes(b"text")
    for path in (tmp_path / "empty", tmp_path / "text.zip", tmp_path / "missing.zip"):
        refused(path)
    assert "no packet file" in refused(zipped(tmp_path / "other.zip", {"README.md": b"x"}))
