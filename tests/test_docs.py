"""The documents: what README shows is what happens, and what is said in two places is the same in both."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import poh_graph
from poh_graph.cli import main
from poh_graph.graph import Graph
from poh_graph.terms import BASE
from tests.fenced_blocks import Block, is_shown, read_blocks, read_steps

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = read_blocks(README)
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "DECISIONS.md", "LICENSE-DATA.md", "ontology/MODEL.md")]

RUN = {"console", "python", "sh"}
"""The tags of blocks that are run. ``sh`` shows no output: its commands must work, or be well formed where they ask a
server that README only imagines (example.org)."""

PLACEHOLDERS = {"NAME", "FILE", "ID", "FORMAT", "TEXT", "VALUE", "PATH", "DIR", "STORE", "URL"}
"""Words for which the reader puts his own: such a command is well formed, and is not run."""

FILLED_IN = {
    "NAME-IN-LOWER-CASE": "society-of-examples",
    '"NAME"': '"Society of Examples"',
    '"XX"': '"FR"',
    "WHAT IT DOES.": "Shows how an organization is added.",
    "https://HOMEPAGE": "https://society-of-examples.org/",
    "https://PAGE-THAT-WAS-READ": "https://society-of-examples.org/about",
    "1900-01-01": "2026-11-22",
}
"""What README's reader writes in place of the capitals of the template of an organization."""


@cache
def pyproject() -> dict[str, Any]:
    """The description of the package."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def organization() -> str:
    """The template of an organization, filled in; lines that one deletes are deleted."""
    lines = (ROOT / "data" / "organization.template.ttl").read_text(encoding="utf-8").splitlines(keepends=True)
    deleted = ("# optional", "# only with", "poh:doesNotServeDisorder")
    text = "".join(line for line in lines if line.startswith("#") or not any(word in line for word in deleted))
    for word, value in FILLED_IN.items():
        text = text.replace(word, value)
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where README's reader is: a folder of his own, with the organization that he wrote."""
    path = tmp_path_factory.mktemp("reader")
    (path / "my-organization.ttl").write_text(organization(), encoding="utf-8")
    return path


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell, with our commands on the PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def check_form(command: str) -> None:
    """Hold that a command of ours exists and takes these arguments, without running it."""
    words = shlex.split(command, comments=True)
    assert words[0] == "poh-graph"
    context = main.make_context("poh-graph", words[1:], resilient_parsing=False)
    name, subcommand, rest = main.resolve_command(context, words[1:])
    assert subcommand, name
    subcommand.make_context(name, rest, parent=context)


def lacks_a_release(words: list[str], folder: Path) -> bool:
    """Whether a command reads a release that the reader downloads first."""
    return any(word.endswith((".zip", ".xml", ".tsv.gz")) and not (folder / word).exists() for word in words)


def check(command: str, folder: Path) -> None:
    """Run a command that a document names; see to its form alone where it needs what only its reader has."""
    words = shlex.split(command, comments=True)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif set(words) & PLACEHOLDERS or "//example.org" in command or lacks_a_release(words, folder):
        check_form(command)
    else:
        done = shell(command, folder)
        assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"


def inline_commands() -> list[str]:
    """Our commands in README's running text and tables."""
    found = re.findall(r"`(poh-graph [^`]+)`", re.sub(r"^```.*?^```", "", TEXT, flags=re.DOTALL | re.MULTILINE))
    return list(dict.fromkeys(found))


def sh_commands() -> list[str]:
    """The lines of README's ``sh`` blocks."""
    return [line for block in BLOCKS if block.tag == "sh" for line in block.text.splitlines() if line.strip()]


def at_line(block: Block) -> str:
    """The name of a block in a report."""
    return f"line {block.line}"


def test_every_block_of_readme_is_run() -> None:
    """No block escapes the tests: its tag is one that is run, and there is a result within the first thirty lines."""
    assert {block.tag for block in BLOCKS} <= RUN
    assert min(block.line for block in BLOCKS if block.tag == "console") < 30


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.tag == "console"], ids=at_line)
def test_readme_shows_what_the_commands_print(block: Block, folder: Path) -> None:
    """Each command of a console block exits with 0 and prints what stands below it."""
    steps = read_steps(block)
    assert steps
    for step in steps:
        done = shell(step.command, folder)
        assert done.returncode == 0, f"$ {step.command}\n{done.stderr}"
        shown = "\n".join(step.output)
        assert not step.output or is_shown(done.stdout, step.output), f"README:\n{shown}\nnow:\n{done.stdout}"


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.tag == "python"], ids=at_line)
def test_readme_shows_what_python_prints(block: Block, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each Python block is a session that gives what it shows."""
    monkeypatch.chdir(folder)
    session = doctest.DocTestParser().get_doctest(block.text, {}, "README.md", str(README), block.line - 1)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize("command", [*sh_commands(), *inline_commands()])
def test_a_command_that_readme_names_works(command: str, folder: Path) -> None:
    """What README names in passing runs too."""
    check(command, folder)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    """Every relative link of a page is a file or a folder of the repository."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_nothing_in_a_page_waits_to_be_written() -> None:
    """No page holds a word that its writer wanted to replace."""
    waiting = re.compile(r"\b(?:TODO|TBD|FIXME|XXX)\b|^[A-Z]{4,}$", re.MULTILINE)
    assert not [f"{page.name}: {word}" for page in PAGES for word in waiting.findall(page.read_text(encoding="utf-8"))]


def command_rows() -> dict[str, str]:
    """README's table of commands: command → its row."""
    section = TEXT.partition("\n## The commands\n")[2].partition("\n## ")[0]
    return {found[1]: found[0] for found in re.finditer(r"^\| `([a-z]+)[^\n]*$", section, re.MULTILINE)}


def test_readme_has_every_command_and_no_other() -> None:
    """The table of commands has one row for each command, and each other name of a command is in it."""
    assert sorted(command_rows()) == sorted(main.commands)
    for alias, name in main.aliases.items():
        assert f"`{alias}`" in command_rows()[name]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_readme_has_every_option_of_a_command(name: str) -> None:
    """A row of the table shows the arguments and each option, in one of its spellings."""
    row = command_rows()[name]
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option) and not set(parameter.opts) & {"--help"}:
            assert any(re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", row) for text in parameter.opts), (
                parameter.opts
            )


def examples() -> Iterator[tuple[str, str]]:
    """The examples at the end of the help texts: command, example."""
    for name, command in sorted(main.commands.items()):
        text = (command.help or "").partition("Example:")[2]
        lines = [line.strip() for line in text.splitlines() if "poh-graph" in line]
        yield from ((name, line) for line in lines or [""])


@pytest.mark.parametrize(("name", "example"), list(examples()))
def test_a_help_text_ends_with_an_example_that_works(name: str, example: str, folder: Path) -> None:
    """Each command shows in its help how it is called, and the call gives an answer."""
    assert example, f"the help of {name} has no `Example: poh-graph {name} …`"
    check(example, folder)


def test_the_version_is_the_same_everywhere() -> None:
    """Package, pyproject and citation name one version, and the changelog says what is in it."""
    version = pyproject()["project"]["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert poh_graph.__version__ == citation["version"] == version
    assert re.search(rf"^## {re.escape(version)}\b.*\n+- \w", changelog, re.MULTILINE)


def test_the_citation_is_complete_and_names_no_person() -> None:
    """CITATION.cff has what version 1.2.0 of its format demands; its authors are the project as one."""
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["message"]
    assert citation["title"]
    assert citation["authors"] == [{"name": "The poh_graph authors"}] == pyproject()["project"]["authors"]
    assert citation["license"] == pyproject()["project"]["license"] == "MIT"


def licence_rows() -> dict[str, tuple[str, str]]:
    """The table of LICENSE-DATA.md: graph → licence and credit."""
    text = (ROOT / "LICENSE-DATA.md").read_text(encoding="utf-8")
    return {
        found[1]: (found[2], found[3])
        for found in re.finditer(r"^\| `([\w-]+)` \| (.*) \| (.*) \|$", text, re.MULTILINE)
    }


def test_the_licences_of_the_data_are_those_of_the_sources() -> None:
    """LICENSE-DATA.md has each named graph with the licence and the credit that data/sources.toml gives it."""
    sources = tomllib.loads((ROOT / "data" / "sources.toml").read_text(encoding="utf-8"))
    rows = licence_rows()
    assert list(rows) == list(sources)
    for name, source in sources.items():
        licence, credit = rows[name]
        assert credit == source["citation"]
        assert licence.endswith(f"]({source['license']})") if "license" in source else licence.startswith("none stated")
    words = " ".join((ROOT / "LICENSE-DATA.md").read_text(encoding="utf-8").split())
    for source in sources.values():
        assert " ".join(source.get("rights", "").split()) in words


def test_the_redirects_know_the_base_and_every_kind_of_our_iris(poh: Graph) -> None:
    """ontology/w3id.htaccess names the base of our IRIs, and each IRI of ours in the graph meets one of its rules."""
    text = (ROOT / "ontology" / "w3id.htaccess").read_text(encoding="utf-8")
    assert BASE in text
    rules = [re.compile(rule) for rule in re.findall(r"^RewriteRule (\S+) ", text, re.MULTILINE)]
    ours = poh.sparql(f'SELECT DISTINCT ?s WHERE {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) }}')
    assert not isinstance(ours, bool | list)
    places = {str(iri).removeprefix(BASE).partition("#")[0] for iri in ours.column("s")}
    assert not [place for place in sorted(places) if not any(rule.match(place) for rule in rules)]
