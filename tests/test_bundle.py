"""A bundle is there as a whole or not at all: what is killed, refused or in the way never spoils it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from poh_graph.bundle import FORMAT, Bundle, is_bundle, replacing, restore, sha256
from poh_graph.errors import InputError, StoreError
from tests.killed_build import FILES, write
from tests.running import Run

ROOT = Path(__file__).parent.parent
WAIT_SECONDS = 30


def words_of(target: Path) -> set[str]:
    """What the files of a small bundle say: one word if it is whole."""
    said = {(target / name).read_text(encoding="utf-8") for name in FILES if name != "manifest.json"}
    return said | {Bundle(target).read_manifest()["words"]}


def digests(folder: Path) -> dict[str, str]:
    """The digest of each file below a folder."""
    return {str(file.relative_to(folder)): sha256(file) for file in sorted(folder.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("before", ["old", "nothing"])
@pytest.mark.parametrize("mode", ["swap", "renames"])
def test_a_build_killed_between_any_two_steps_leaves_a_whole_bundle(tmp_path: Path, mode: str, before: str) -> None:
    """The old one or the new one, never a mixture, with renameat2 and without; and the next build tidies up."""
    command = [sys.executable, "-m", "tests.killed_build", str(tmp_path), mode, before]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=60)
    last = int(done.stdout)
    assert last > 10
    found: list[str] = []
    for step in range(1, last + 1):
        target = tmp_path / str(step) / "bundle"
        restore(target)  # what every command does that opens a bundle
        said = words_of(target) if target.exists() else {"nothing"}
        assert len(said) == 1, f"before step {step}: a mixture"
        found += said
        with replacing(target) as folder:
            write(folder, "next")
        assert words_of(target) == {"next"}
        assert [path.name for path in target.parent.iterdir()] == ["bundle"], f"before step {step}: something is left"
    number = found.count(before)
    assert found == [before] * number + ["new"] * (last - number)
    assert 0 < number < last


def test_a_killed_command_leaves_the_bundle_that_was_there(tmp_path: Path, bundle: Bundle) -> None:
    """The real program, killed while it writes: the old bundle is whole, and the next build takes the rest away."""
    target = tmp_path / "bundle"
    shutil.copytree(bundle.path, target)
    before = digests(target)
    command = [sys.executable, "-m", "poh_graph", "build", "-o", str(target)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    written = target.with_name(".bundle.new") / "graph.nq"
    end = time.monotonic() + WAIT_SECONDS
    while not written.exists() and time.monotonic() < end and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert digests(target) == before
    assert written.exists()
    with replacing(target) as folder:
        write(folder, "next")
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_two_builds_of_one_target_do_not_mix(tmp_path: Path) -> None:
    """The second is refused while the first runs, and the first ends as if nothing had been."""
    target = tmp_path / "bundle"
    with replacing(target) as folder:
        write(folder, "first")
        with pytest.raises(StoreError, match=r"Another build of .*bundle is running"), replacing(target):
            pytest.fail("two builds at once")
        assert folder.is_dir()
    assert words_of(target) == {"first"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def test_a_second_command_is_refused_too(run: Run) -> None:
    """Exit code 2 and the reason, with nothing on stdout; another target is free meanwhile."""
    with replacing(Path("bundle")) as folder, replacing(Path("other")) as other:
        write(folder, "first")
        write(other, "other")
        result = run("build")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Another build" in result.stderr
    assert (words_of(Path("bundle")), words_of(Path("other"))) == ({"first"}, {"other"})


def test_nobody_reads_a_bundle_that_is_half_exchanged(tmp_path: Path) -> None:
    """A command that comes between the two renames of a running build does not put the old bundle back under it."""
    target = tmp_path / "bundle"
    with replacing(target) as folder:
        write(folder, "new")
        write_at(target.with_name(".bundle.old"), "old")
        with pytest.raises(StoreError, match="running"):
            restore(target)
    assert words_of(target) == {"new"}


def write_at(path: Path, words: str) -> None:
    """Write a small bundle at a place."""
    path.mkdir()
    write(path, words)


def write_twice(folder: Path) -> None:
    """Fail after everything was written."""
    write(folder, "new")
    write(folder, "newer")


def test_a_failed_build_leaves_the_old_bundle(tmp_path: Path) -> None:
    """An error in the middle is passed on, and nothing of the new one stays."""
    target = tmp_path / "bundle"
    write_at(target, "old")
    with pytest.raises(FileExistsError), replacing(target) as folder:
        write_twice(folder)
    assert words_of(target) == {"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_is_not_a_bundle_is_left_alone(tmp_path: Path, kind: str) -> None:
    """A file, a folder with something in it and a link to nowhere are never written over."""
    target = tmp_path / "precious"
    if kind == "file":
        target.write_text("words", encoding="utf-8")
    elif kind == "folder":
        target.mkdir()
        (target / "letter.txt").write_text("words", encoding="utf-8")
    else:
        target.symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="is not a bundle; it is left alone"), replacing(target):
        pytest.fail("it was not left alone")
    kept = {"file": target, "folder": target / "letter.txt"}.get(kind)
    assert target.is_symlink() if kept is None else kept.read_text(encoding="utf-8") == "words"
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_an_empty_folder_and_a_missing_parent_will_do(tmp_path: Path) -> None:
    """A bundle may be built into an empty folder, and below folders that are not there yet."""
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "a" / "b" / "bundle"):
        with replacing(target) as folder:
            write(folder, "new")
        assert words_of(target) == {"new"}


def test_a_link_to_a_bundle_is_replaced_and_what_it_names_stays(tmp_path: Path) -> None:
    """The bundle elsewhere is not touched, and nothing is left beside the new one, in two builds after another."""
    write_at(tmp_path / "release", "old")
    target = tmp_path / "bundle"
    target.symlink_to("release")
    for words in ("new", "newer"):
        with replacing(target) as folder:
            write(folder, words)
        assert words_of(target) == {words}
    assert words_of(tmp_path / "release") == {"old"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "release"]


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    """The error names the folder above, and another way."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match=r"file cannot be written .*\n.*-o"), replacing(tmp_path / "file" / "bundle"):
        pytest.fail("a folder in a file")


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_restoring_takes_any_path(name: str) -> None:
    """A folder without a name of its own has nothing beside it to restore."""
    restore(Path(name))


def test_every_command_puts_a_bundle_back_that_a_killed_build_left_aside(run: Run, bundle: Bundle) -> None:
    """The default bundle, and one that is named."""
    for arguments in ([], ["-s", "bundle"]):
        shutil.rmtree("bundle", ignore_errors=True)
        shutil.copytree(bundle.path, ".bundle.old")
        result = run("query", "triples-per-graph", *arguments)
        assert result.exit_code == 0
        assert is_bundle(Path("bundle"))
        assert not Path(".bundle.old").exists()


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "is not a bundle: it has no manifest.json"),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[]", f"format None; this program reads format {FORMAT}"),
        (
            json.dumps({"bundle_format": FORMAT + 1}).encode(),
            f"format {FORMAT + 1}; this program reads format {FORMAT}",
        ),
    ],
)
def test_a_damaged_manifest_is_told(tmp_path: Path, manifest: bytes | None, message: str) -> None:
    """What is wrong with it, and the command that builds it anew."""
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(StoreError, match=message) as caught:
        Bundle(tmp_path).read_manifest()
    assert f"poh-graph build -o {tmp_path}" in caught.value.mend
