"""Input that is damaged, meant to harm or wrong in places, a disk that is full, and builds that are killed.

A build ends in exit code 2 with the place and the mend, never in a traceback; the bundle that was there is whole; and
nothing is left beside it after the next build. A bad packet among many is counted and shown.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from poh_graph.bundle import Bundle, replacing
from poh_graph.errors import StoreError
from poh_graph.gate.slices import slices
from poh_graph.gate.validate import _judged, read_shapes
from poh_graph.graph import Graph
from tests.killed_build import write
from tests.limited_run import digests
from tests.running import Run
from tests.small_release import small_packet, write_release, write_zip
from tests.sources.packets import PACKET
from tests.test_bundle import words_of

ROOT = Path(__file__).parent.parent
MEGABYTE = 1 << 20
MANY = range(100, 301)
"""Codes of a release in which one bad packet is less than 1 %, and three are more."""


@pytest.fixture
def old(bundle: Bundle, tmp_path: Path) -> dict[str, str]:
    """A bundle stands where the command will build; the digests of its files."""
    shutil.copytree(bundle.path, tmp_path / "bundle")
    return digests(tmp_path / "bundle")


def truncated(path: Path) -> None:
    """A ZIP whose end was lost on the way."""
    whole = write_release(path, range(100, 110)).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])


def damaged(path: Path) -> None:
    """A ZIP with a wrong byte in the middle of a member."""
    raw = bytearray(write_release(path, [100]).read_bytes())
    raw[200] ^= 0xFF
    path.write_bytes(raw)


def climbing(path: Path) -> None:
    """A ZIP that wants to write beside itself."""
    write_zip(path, {"json/ORPHApacket_1.json": json.dumps(small_packet(1)), "../../evil.json": "{}"})


def rooted(path: Path) -> None:
    """A ZIP that wants to write anywhere."""
    write_zip(path, {"/etc/ORPHApacket_1.json": json.dumps(small_packet(1))})


def one_large_member(path: Path) -> None:
    """A gigabyte in one member."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("json/ORPHApacket_1.json", "w", force_zip64=True) as member,
    ):
        for _ in range(1000):
            member.write(bytes(MEGABYTE))


def many_members(path: Path) -> None:
    """A gigabyte in many members, each a packet of a size that is allowed."""
    padded = json.dumps(small_packet(1)).encode().ljust(3_900_000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for code in range(100, 260):
            archive.writestr(f"json/ORPHApacket_{code}.json", padded)


def no_packets(path: Path) -> None:
    """A ZIP of something else."""
    write_zip(path, {"README.md": "# A photo album", "photos/1.jpg": b"\xff\xd8"})


def no_json(path: Path) -> None:
    """A release of one packet, which is no JSON."""
    write_zip(path, {"json/ORPHApacket_1.json": "some words"})


def three_bad(path: Path) -> None:
    """A release in which more than 1 % of the packets cannot be read."""
    write_release(path, MANY, replaced={100: b"{", 200: b"[]", 300: b"\x00"})


HOSTILE = {
    truncated: ("release.zip is not a whole ZIP file", "Download it again"),
    damaged: ("the member release/json/ORPHApacket_100.json is damaged", "Download the file again"),
    climbing: ("the member '../../evil.json' points outside the file", "Do not trust this file"),
    rooted: ("the member '/etc/ORPHApacket_1.json' points outside the file", "Do not trust this file"),
    no_packets: ("release.zip holds no packet file", "json/ORPHApacket_2762.json"),
    no_json: ("no packet could be read.\n  not a packet: json/ORPHApacket_1.json", "Is it a release of ORPHApackets?"),
    three_bad: ("3 of 201 packets and 0 rows could not be read; more than 1% may be lost", "ORPHApacket_100.json"),
}
"""What makes a hostile release.zip → the message, and the mend or the first of the problems."""


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_release_is_refused(run: Run, tmp_path: Path, old: dict[str, str], make: Any) -> None:
    """Exit code 2, place and mend, the old bundle as it was, nothing beside it."""
    make(tmp_path / "release.zip")
    result = run("build", "release.zip")
    message, mend = HOSTILE[make]
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert mend in result.stderr
    assert digests(tmp_path / "bundle") == old
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "release.zip"]


def test_an_empty_folder_and_a_file_of_words_are_refused(run: Run, tmp_path: Path, old: dict[str, str]) -> None:
    """What holds no packet is told so, whether its kind was guessed or forced."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "words.json").write_text("some words", encoding="utf-8")
    for arguments, message in (
        (("empty",), "empty holds no packet file"),
        (("words.json",), "words.json is neither ORPHApackets (a ZIP, a folder, a JSON file) nor RDF"),
        (("--source", "orphapacket=words.json"), "words.json: no packet could be read"),
        (("--source", "orphapacket=empty"), "empty holds no packet file"),
    ):
        result = run("build", *arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
    assert digests(tmp_path / "bundle") == old


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (one_large_member, "ORPHApacket_1.json holds more than 4,000,000 bytes; a packet does not"),
        (many_members, "release.zip unpacks to more than 600,000,000 bytes; a release does not"),
    ],
    ids=["one large member", "many members"],
)
def test_a_bomb_is_refused_and_takes_no_memory(tmp_path: Path, old: dict[str, str], make: Any, message: str) -> None:
    """A gigabyte behind some megabytes of ZIP: exit code 2, while less than 200 MB are held."""
    make(tmp_path / "release.zip")
    assert (tmp_path / "release.zip").stat().st_size < 6 * MEGABYTE
    found = limited(tmp_path, {}, ["build", "release.zip"])
    assert (found["code"], found["stdout"]) == (2, "")
    assert message in found["stderr"]
    assert "Traceback" not in found["stderr"]
    assert found["megabytes"] < 200
    assert digests(tmp_path / "bundle") == old


WRONG_TYPES: dict[str, Any] = {
    "Label": 7, "DisorderType": ["Disease"], "Synonyms": {"Synonym": 7}, "ExternalReferences": "OMIM:100001",
    "TextSection": "a definition", "Genes": [{"Gene": "GNAS"}], "Phenotypes": [["HP:0010766"]], "Prevalences": 0.1,
    "Parents": True, "AverageAgeOfOnsets": {"AverageAgeOfOnset": [3]}, "TypeOfInheritances": None,
}  # fmt: skip
"""For each field of a packet, a value of a type that it never has."""


def test_a_wrong_type_is_a_counted_problem_in_the_table(run: Run, tmp_path: Path) -> None:
    """One packet with a wrong type in each field, among many: built, counted by kind, the first of each shown."""
    assert set(WRONG_TYPES) < set(PACKET)
    wrong = {
        code: json.dumps(small_packet(code, **{field: value})).encode()
        for code, (field, value) in zip(MANY, WRONG_TYPES.items(), strict=False)
    }
    write_release(tmp_path / "release.zip", MANY, replaced=wrong)
    result = run("build", "release.zip", "--jobs", "1")
    assert result.exit_code == 0, result.stderr
    problems = Bundle(tmp_path / "bundle").read_manifest()["problems"]
    counts = {kind: found["count"] for kind, found in problems.items()}
    assert counts == {"not a packet": 1, "null value": 1, "unexpected shape": 9, "parent without packet": 1}
    for kind, found in problems.items():
        assert kind in result.stderr
        assert found["first"] in result.stderr
    assert "json/ORPHApacket_101.json $.Orphapacket.DisorderType: expected an object" in result.stderr
    assert re.search(rf"^disorders +{len(MANY) - 1}$", result.stdout, re.MULTILINE)


def test_strict_fails_at_one(run: Run, tmp_path: Path) -> None:
    """A single bad packet among many is counted; with --strict it fails the build, and so does a single bad row."""
    write_release(tmp_path / "packet.zip", MANY, replaced={150: b"{"})
    row = json.dumps(small_packet(150, DisorderType={"value": "Something new", "PURL": ""})).encode()
    write_release(tmp_path / "row.zip", MANY, replaced={150: row})
    for name, lost in (("packet.zip", "1 of 201 packets and 0 rows"), ("row.zip", "0 of 201 packets and 1 rows")):
        assert run("build", name, "-o", "lenient", "--jobs", "1").exit_code == 0
        result = run("build", name, "--strict")
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{lost} could not be read; with --strict none may be lost" in result.stderr
        assert "ORPHApacket_150.json" in result.stderr
    assert not (tmp_path / "bundle").exists()


def limited(folder: Path, limits: dict[str, int], arguments: list[str], disk: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run a command under limits of the system; a disk is its size in megabytes and the bundle to put there."""
    apart = ["unshare", "--mount"] if disk else []
    command = [*apart, sys.executable, "-m", "tests.limited_run", json.dumps(limits), *disk, "--", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and disk:
        pytest.skip(f"no disk of our own can be mounted here: {done.stderr.splitlines()[-1]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("largest", [20_000, 1_000_000, 3_000_000], ids=lambda size: f"{size:,} bytes")
def test_a_limit_on_file_sizes_is_told(tmp_path: Path, old: dict[str, str], largest: int) -> None:
    """The store's own files, the lines or the copy of them may be what grows too large: one message for all."""
    found = limited(tmp_path, {"FSIZE": largest}, ["build"])
    assert (found["code"], found["stdout"]) == (2, "")
    assert found["stderr"].splitlines() == [
        "Error: bundle cannot be written (File too large).",
        "Files may not grow so large there (ulimit -f): raise the limit, or give another -o.",
    ]
    assert (found["same"], found["beside"]) == (True, ["bundle"])
    assert digests(tmp_path / "bundle") == old


@pytest.mark.parametrize("room", [1, 3, 6], ids=lambda room: f"{room} MB")
def test_a_full_disk_is_told(tmp_path: Path, bundle: Bundle, room: int) -> None:
    """Where the disk is full earlier or later: one message, the old bundle whole, nothing beside it."""
    held = sum(file.stat().st_size for file in bundle.path.rglob("*") if file.is_file()) // MEGABYTE + 1
    found = limited(tmp_path, {}, ["build"], (str(held + room), str(bundle.path)))
    assert (found["code"], found["stdout"]) == (2, "")
    assert found["stderr"].splitlines() == [
        "Error: bundle cannot be written (No space left on device).",
        "Make room on that disk, or give another folder with -o.",
    ]
    assert (found["same"], found["beside"]) == (True, ["bundle"])


def test_an_answer_that_cannot_be_written_is_told(bundle: Bundle) -> None:
    """Stdout on a full disk: exit code 2 and the reason, no traceback."""
    command = [sys.executable, "-m", "poh_graph", "query", "genes", "-s", str(bundle.path)]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "Error: The answer could not be written (No space left on device).\n"


def test_a_build_killed_in_any_stage_leaves_the_old_bundle_and_no_process(tmp_path: Path) -> None:
    """Before a stage, at its first step, at its end: the old bundle is whole, and the next build tidies up."""
    write_release(tmp_path / "old.zip", [101, 102, 103], "2024-12-03")
    write_release(tmp_path / "new.zip", [102, 103])
    paths = [str(tmp_path / name) for name in ("kills", "old.zip", "new.zip")]
    command = [sys.executable, "-m", "tests.killed_stage", *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    left: dict[str, list[int]] = json.loads(done.stdout)
    when: dict[str, set[str]] = defaultdict(set)
    for name in left:
        stage, _, moment = name.rpartition(", ")
        when[stage].add(moment)
    steps = {"read the names of old.zip", "read new.zip", "check by the shapes"}
    assert {"assemble the packaged graph", "write and load the release", "describe"} | steps <= set(when)
    assert all(
        moments == ({"begin", "step", "end"} if stage in steps else {"begin", "end"}) for stage, moments in when.items()
    )
    assert {name for name, processes in left.items() if processes} == set()
    for name in left:
        target = tmp_path / "kills" / name / "bundle"
        assert target.with_name(".bundle.lock").exists(), f"{name}: the build was not killed"
        assert words_of(target) == {"old"}, name
        with replacing(target) as folder:
            write(folder, "next")
        assert words_of(target) == {"next"}
        assert [path.name for path in target.parent.iterdir()] == ["bundle"], name


def test_a_checking_process_that_is_stopped_is_told(poh: Graph) -> None:
    """As when the system has no memory left and chooses one of ours."""

    def check() -> set[Any]:
        victim = multiprocessing.active_children()[0].pid
        assert victim is not None
        os.kill(victim, signal.SIGKILL)
        return set()

    parts = list(slices(poh.store.lines(), size=5_000))
    with pytest.raises(StoreError, match="was stopped, perhaps because memory ran out") as caught:
        list(_judged(parts, read_shapes(ROOT / "shapes"), 2, check))
    assert "--jobs 1" in caught.value.mend
