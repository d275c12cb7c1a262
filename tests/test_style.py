"""How the code is written: the tools' rules, the budgets, and what no file of the repository may hold."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LONGEST_MODULE = 400
"""Lines of one module. Statements, branches and arguments of a function are counted by ruff (pyproject.toml)."""

BUDGET_RULES = ("C901", "PLR0911", "PLR0912", "PLR0913", "PLR0915", "PLR0917")
"""Ruff's rules for the size of functions: nobody exempts himself from them."""

WRITTEN_ELSEWHERE = {"ATTRIBUTION.md", "ticket.md"}
"""Pages that a command writes, and that may be spoken of without being in the repository."""

FOREIGN = {
    "a path of one machine": r"(?<![\w./:>$-])/(?:home|root|Users|work|opt|mnt|srv|var|tmp)/[\w.-]+",
    "a host of one network": r"https?://(?:\d+\.\d+\.\d+\.\d+|[\w.-]+\.(?:internal|intranet|local|lan|corp))\b",
    "a registry of packages": r"(?:index[-]url|find[-]links|trusted[-]host|pythonhosted[.]org|pypi[.]org/simple)",
}
"""What would tie the repository to the machine where it was written. A server of one's own is 127.0.0.1."""


@cache
def files() -> tuple[Path, ...]:
    """The files of the repository, and the new ones that git would take."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def modules() -> list[Path]:
    """The Python files of the repository."""
    return [path for path in files() if path.suffix == ".py"]


def relative(path: Path) -> str:
    """The name of a file as a person knows it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "arguments",
    [["ruff", "check", "--output-format=concise"], ["ruff", "format", "--check", "--diff"], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy --strict"],
)
def test_the_tool_finds_nothing(arguments: list[str]) -> None:
    """Lint, format and types are clean over the whole repository; what the tool says is shown."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(arguments)}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_a_module_keeps_the_budget(path: Path) -> None:
    """A module has at most 400 lines, and no function of it is exempt from the budgets that ruff holds."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST_MODULE, f"{relative(path)} has {len(lines)} lines: split it by what it does"
    exempt = [line for line in lines if re.search(rf"#\snoqa:.*\b({'|'.join(BUDGET_RULES)})\b", line)]
    assert not exempt


@pytest.mark.parametrize("path", modules(), ids=relative)
def test_an_exception_from_a_rule_has_its_reason(path: Path) -> None:
    """Whoever sets a rule aside on a line says on that line why."""
    silent = [
        f"{relative(path)}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(r"# (?:noqa|type: ignore)", line)
        and not re.search(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[\w, -]+\]) +[-#] \S+ \S+", line)
    ]
    assert not silent, "\n".join(["write it so: `CODE - the reason`", *silent])


@pytest.mark.parametrize("path", [path for path in modules() if path.name.startswith("test_")], ids=relative)
def test_every_test_says_what_holds(path: Path) -> None:
    """The docstring of a test is a sentence about the program."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    silent = [test.name for test in tests if len((ast.get_docstring(test) or "").split()) < 4]
    assert not silent


@pytest.mark.parametrize("path", files(), ids=relative)
def test_a_file_names_nothing_of_one_machine(path: Path) -> None:
    """A file holds no path, host or package registry of the machine where it was written, nor this very folder."""
    text = path.read_text(encoding="utf-8", errors="replace")  # a case of a reader may be of another encoding
    found = [f"{what}: {match[0]}" for what, pattern in FOREIGN.items() for match in re.finditer(pattern, text)]
    found = [line for line in found if "//127.0.0.1" not in line]
    found += re.findall(rf"(?<![\w./]){re.escape(str(ROOT))}/", text)
    assert not found, "\n".join([relative(path), *found])


@pytest.mark.parametrize("path", [path for path in files() if path.suffix != ".tsv"], ids=relative)
def test_a_file_speaks_only_of_pages_that_are_here(path: Path) -> None:
    """A page (``*.md``) that a file names is one of the repository: nobody is sent to notes that he does not have."""
    here = {page.name for page in files() if page.suffix == ".md"} | WRITTEN_ELSEWHERE
    text = path.read_text(encoding="utf-8", errors="replace")
    named = set(re.findall(r"[\w-]+\.md\b", re.sub(r"https?://\S+", "", text)))
    assert named <= here, f"{relative(path)} names {', '.join(sorted(named - here))}"
