"""What goes on for long is shown on a terminal, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from poh_graph.bundle import Bundle
from tests.small_release import write_release

ROOT = Path(__file__).parent.parent
ESCAPE = "\x1b["


def on_a_terminal(folder: Path, *arguments: str) -> tuple[str, str]:
    """The streams of the program, of which stderr is a terminal."""
    terminal, inside = os.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-m", "poh_graph", *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=inside) as process:
        os.close(inside)
        shown = b"".join(iter(lambda: read(terminal), b""))
        assert process.stdout is not None
        data = process.stdout.read()
    os.close(terminal)
    assert process.returncode == 0, shown.decode()
    return data.decode(), shown.decode()


def read(terminal: int) -> bytes:
    """What is shown next; nothing once the program has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_a_build_shows_its_stages_on_a_terminal(tmp_path: Path) -> None:
    """On stderr, with the steps; stdout has the tables alone."""
    write_release(tmp_path / "release.zip", range(100, 160))
    data, shown = on_a_terminal(tmp_path, "build", "release.zip", "--jobs", "1")
    assert "read release.zip" in shown
    assert "check by the shapes" in shown
    assert " of 60" in shown
    assert ESCAPE in shown
    assert ESCAPE not in data


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validate",), "check by the shapes"),
        (("audit", "--exit-zero"), "hold the sources against each other"),
        (("diff", "bundle", "bundle"), "compare"),
        (("export", "nquads", "-o", "graph.nq"), "write graph.nq"),
    ],
)
def test_other_long_commands_do_too(tmp_path: Path, bundle: Bundle, arguments: tuple[str, ...], words: str) -> None:
    """Over a whole release each of them takes more than a second."""
    (tmp_path / "bundle").symlink_to(bundle.path)
    data, shown = on_a_terminal(tmp_path, *arguments)
    assert words in shown
    assert ESCAPE not in data


def test_nothing_moves_where_there_is_no_terminal(tmp_path: Path) -> None:
    """Into a file or a pipe go words only."""
    write_release(tmp_path / "release.zip", [101])
    command = [sys.executable, "-m", "poh_graph", "build", "release.zip"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert ESCAPE not in done.stdout + done.stderr
    assert "read release.zip" in done.stderr  # the table of stages
