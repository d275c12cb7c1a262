"""The commands as scripts and people use them: help, formats, streams and exit codes."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pyoxigraph as ox
import pytest

from poh_graph import __version__
from poh_graph.bundle import Bundle
from poh_graph.cli import main
from tests.running import Run

README = Path(__file__).parent.parent / "README.md"
COMMANDS = sorted(main.commands)
EVERYWHERE = {"--help", "--version"}
"""Options that every command-line program has."""

EVERYTHING = "SELECT ?s WHERE { ?s ?p ?o }"
EXAMPLE = re.compile(r"^ *(?:Example: +)?(?:echo (?P<given>'[^']*') \| )?poh-graph (?P<arguments>.*)$", re.MULTILINE)


def examples() -> list[tuple[str, str]]:
    """The examples of the help texts, but those that build, serve or read a release, with what is on stdin."""
    helps = [command.help or "" for command in main.commands.values()]
    found = [match for text in helps for match in EXAMPLE.finditer(text)]
    return [
        (match["arguments"], "".join(shlex.split(match["given"] or "")))
        for match in found
        if not match["arguments"].startswith(("build", "serve")) and ".zip" not in match["arguments"]
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, name: str) -> None:
    """One line in the list of commands, and an example of its use."""
    page = run(name, "--help")
    assert page.exit_code == 0
    assert f"poh-graph {name}" in page.stdout.partition("Example:")[2]
    line = next(line for line in run("--help").stdout.splitlines() if line.split()[:1] == [name])
    assert len(line.split()) > 3
    assert line.endswith("."), "the first sentence of its help does not fit into a line"
    assert "\\b" not in page.stdout, "click takes no raw string for an example that keeps its lines"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_does(name: str) -> None:
    """No option without help, but ``-o`` of build, whose default says it."""
    for option in main.commands[name].params:
        if isinstance(option, click.Option) and (name, option.name) != ("build", "target"):
            assert option.help, option.name


@pytest.mark.parametrize(("arguments", "given"), examples())
def test_the_examples_run(run: Run, arguments: str, given: str) -> None:
    """As they stand in the help, in an empty folder."""
    result = run(*shlex.split(arguments), given=given)
    assert result.exit_code == 0, result.output
    assert result.stdout or "-o" in arguments


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_has_every_command_and_option(name: str) -> None:
    """A command's row in the table of the README names all its options by one of their names."""
    row = next((row for row in README.read_text(encoding="utf-8").splitlines() if row.startswith(f"| `{name}")), "")
    options = [option for option in main.commands[name].params if isinstance(option, click.Option)]
    missing = [
        option.opts
        for option in options
        if not any(re.search(rf"(?<![\w-]){re.escape(spelling)}(?![\w-])", row) for spelling in option.opts)
    ]
    assert row, f"README has no row for {name}"
    assert missing == []


def test_the_readme_tells_nothing_that_is_not_there() -> None:
    """Each row of the table is a command, and each option in it is one of that command's."""
    rows = re.findall(r"^\| `([a-z]+)[ `].*$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(COMMANDS) <= set(rows)


@pytest.mark.parametrize(
    ("ending", "begins"),
    [
        ("tsv", "?gene\t"),
        ("csv", "gene,"),
        ("json", '{"head":'),
        ("md", "| gene |"),
        ("txt", "gene "),
    ],
)
def test_the_ending_tells_the_format_of_a_table(run: Run, ending: str, begins: str) -> None:
    """Nothing on stdout, one line on stderr, the table in the file; ``--as`` gives the same on stdout."""
    result = run("query", "genes", "POH", "-o", f"genes.{ending}")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"Written: genes.{ending}\n")
    text = Path(f"genes.{ending}").read_text(encoding="utf-8")
    assert text.startswith(begins)
    name = {"md": "markdown", "txt": "table"}.get(ending, ending)
    assert run("query", "genes", "POH", "--as", name).stdout == text
    assert run("query", "genes", "POH", "--format", name, "-o", "-").stdout == text


@pytest.mark.parametrize("ending", ["ttl", "nt", "rdf", "owl", "jsonld"])
def test_the_ending_tells_the_format_of_triples(run: Run, ending: str) -> None:
    """A CONSTRUCT writes every format of triples, with the same triples."""
    assert run("query", "closed-graph", "POH", "-o", f"poh.{ending}").exit_code == 0
    formats = {"ttl": "TURTLE", "nt": "N_TRIPLES", "rdf": "RDF_XML", "owl": "RDF_XML", "jsonld": "JSON_LD"}
    triples = set(ox.parse(path=f"poh.{ending}", format=getattr(ox.RdfFormat, formats[ending])))
    assert len(triples) > 500


def test_w3c_formats_keep_the_terms(run: Run) -> None:
    """JSON, CSV and TSV are the W3C's: full IRIs, datatypes, languages; the columns in the order of the query."""
    document = json.loads(run("query", "triples-per-graph", "--as", "json").stdout)
    assert document["head"]["vars"] == ["graph", "name", "triples"]
    first = document["results"]["bindings"][0]
    assert first["graph"]["value"].startswith("https://w3id.org/poh-graph/graph/")
    assert first["triples"]["datatype"] == "http://www.w3.org/2001/XMLSchema#integer"
    rows = list(csv.reader(io.StringIO(run("query", "triples-per-graph", "--as", "csv").stdout)))
    assert len(rows) == len(document["results"]["bindings"]) + 1


def test_a_table_for_people_has_curies_and_labels(run: Run) -> None:
    """CURIE and label side by side, unless the row says the label; ``--iri`` shows full IRIs."""
    table = run("query", "disorders-of-the-same-gene", "--as", "markdown").stdout
    assert "ORPHA:" in table
    assert "http://www.orpha.net" not in table
    assert "http://www.orpha.net/ORDO/Orphanet_" in run("query", "disorders-of-the-same-gene", "--iri").stdout
    assert "ORPHA:2762 Progressive osseous heteroplasia" in run("query", "-", given=named_only()).stdout


def named_only() -> str:
    """A query whose row has an IRI and nothing else."""
    return "SELECT ?d WHERE { ?d <http://www.w3.org/2004/02/skos/core#notation> 'ORPHA:2762' } LIMIT 1"


def test_lines_in_a_pipe_are_as_long_as_they_must_be(run: Run) -> None:
    """No line of a table is folded where there is no terminal."""
    table = run("query", "clinical-statements").stdout.splitlines()
    rows = json.loads(run("query", "clinical-statements", "--as", "json").stdout)["results"]["bindings"]
    assert len(table) == len(rows) + 2


def test_a_query_from_stdin_and_from_a_file(run: Run) -> None:
    """``-`` is stdin; a file of one's own may have parameters."""
    text = 'SELECT ?a WHERE {\n  VALUES ?a { "x" }   # a word\n}'
    Path("mine.rq").write_text(text, encoding="utf-8")
    assert run("query", "-", "--as", "csv", given=text).stdout.split() == ["a", "x"]
    assert run("query", "mine.rq", "y", "--as", "csv").stdout.split() == ["a", "y"]
    assert run("query", "mine.rq", "-p", "a=y", "-p", "?a=z=z", "--as", "csv").stdout.split() == ["a", "y", "z=z"]


def test_the_text_with_values_put_in_can_be_run(run: Run) -> None:
    """``--text`` prints what would be sent; sent by hand, it gives the same rows."""
    text = run("query", "genes", "FOP", "--text").stdout
    assert "<http://www.orpha.net/ORDO/Orphanet_337>" in text
    assert run("query", "-", given=text).stdout == run("query", "genes", "FOP").stdout


@pytest.mark.parametrize(
    ("arguments", "given"),
    [
        (["query", "-"], "ASK { <x:no> ?p ?o }"),
        (["resolve", "zzzzqqqq"], None),
        (["search", "progresive oseous heteroplasia"], None),
        (["why", "POH", "ACVR1"], None),
        (["validate", "-s", "bad.ttl"], None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_no_is_exit_code_1(run: Run, arguments: list[str], given: str | None) -> None:
    """False, nothing found, no claim, not conforming: an answer, not an error; ``--exit-zero`` makes it 0."""
    disease = "<http://www.orpha.net/ORDO/Orphanet_1> a <https://w3id.org/biolink/vocab/Disease> ."
    Path("bad.ttl").write_text(disease, encoding="utf-8")
    result = run(*arguments, given=given)
    assert result.exit_code == 1
    assert "Error" not in result.output
    quiet = run(*arguments, "--exit-zero", given=given)
    assert (quiet.exit_code, quiet.stdout) == (0, result.stdout)


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (["query", "-"], "ASK { ?s ?p ?o }", "yes\n"),
        (["query", "-", "--as", "json"], "ASK { ?s ?p ?o }", '{"head":{},"boolean":true}'),
        (["query", "-", "--exit-zero"], "ASK { <x:no> ?p ?o }", "no\n"),
        (["query", "-", "--as", "csv"], "SELECT ?s WHERE { <x:no> ?s ?o }", "s\n"),
    ],
)
def test_yes_is_exit_code_0(run: Run, arguments: list[str], given: str, says: str) -> None:
    """An empty table is an answer too."""
    result = run(*arguments, given=given)
    assert (result.exit_code, result.stdout.replace("\r\n", "\n"), result.stderr) == (0, says, "")


def test_what_is_near_is_shown_and_said_not_to_be_it(run: Run) -> None:
    """The rows go to stdout, the verdict to stderr."""
    result = run("resolve", "progresive oseous heteroplasia", "--as", "tsv")
    assert result.exit_code == 1
    assert "ORPHA:2762\tProgressive osseous heteroplasia" in result.stdout
    assert result.stderr == "Nothing is called 'progresive oseous heteroplasia'. These are near.\n"


def test_other_names(run: Run) -> None:
    """``search`` is another name of ``resolve``."""
    assert run("search", "POH").stdout == run("resolve", "POH").stdout


def test_the_list_of_queries(run: Run) -> None:
    """Each with its question and its parameters."""
    rows = json.loads(run("queries", "--as", "json").stdout)
    assert {"query": "genes-of-a-disorder", "parameters": "disorder"}.items() <= next(
        row for row in rows if row["query"].startswith("genes")
    ).items()
    assert len(rows) >= 20


@pytest.mark.parametrize("arguments", [["show", "POH"], ["compare", "POH", "FOP"], ["why", "POH", "GNAS"]])
def test_pages_come_as_text_markdown_and_json(run: Run, arguments: list[str]) -> None:
    """The same sections in each; the ending of ``-o`` tells which."""
    document = json.loads(run(*arguments, "--as", "json").stdout)
    markdown = run(*arguments, "--as", "markdown").stdout
    text = run(*arguments).stdout
    assert markdown.startswith(f"# {document['title']}\n")
    assert text.startswith(document["title"] + "\n===")
    for heading in (section["heading"] for section in document["sections"]):
        assert f"## {heading}\n" in markdown
        assert f"\n{heading}\n---" in text
    assert run(*arguments, "-o", "page.txt").stdout == ""
    assert Path("page.txt").read_text(encoding="utf-8") == text
    assert run(*arguments, "-o", "README.md").stdout == ""
    assert Path("README.md").read_text(encoding="utf-8") == markdown


def test_the_bundle_that_is_here_is_asked(run: Run, bundle: Bundle) -> None:
    """Without ``-s``: ``./bundle`` if there is one, else the package."""
    Path("bundle").symlink_to(bundle.path)
    here = run("query", "triples-per-graph").stdout
    Path("bundle").unlink()
    assert (
        run("query", "triples-per-graph").stdout == here == run("query", "triples-per-graph", "-s", bundle.path).stdout
    )


def test_a_file_that_was_there_stays_when_nothing_can_be_written(run: Run) -> None:
    """A format that does not fit is found before the file is touched, and no part of a file is left."""
    Path("genes.ttl").write_text("precious", encoding="utf-8")
    result = run("query", "genes", "POH", "-o", "genes.ttl")
    assert result.exit_code == 2
    assert "turtle holds triples" in result.stderr
    assert Path("genes.ttl").read_text(encoding="utf-8") == "precious"
    assert [path.name for path in Path().iterdir()] == ["genes.ttl"]


def test_a_report_in_words_and_in_turtle(run: Run, bundle: Bundle) -> None:
    """``validate`` says what the bundle's own report says."""
    assert run("validate").stdout == (bundle.path / "report.txt").read_text(encoding="utf-8")
    assert run("validate", "-s", bundle.path, "-o", "report.ttl").exit_code == 0
    assert Path("report.ttl").read_bytes() == bundle.report.read_bytes()


@pytest.mark.parametrize("arguments", [["query", "-"], ["export", "ntriples"], ["--help"]])
def test_a_reader_that_goes_away_is_no_error(arguments: list[str]) -> None:
    """``poh-graph … | head`` ends quietly."""
    command = [sys.executable, "-m", "poh_graph", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=README.parent) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        process.stdin.write(EVERYTHING.encode())
        process.stdin.close()
        assert process.stderr.read() == b""


def test_it_runs_as_a_module_and_from_any_folder(tmp_path: Path) -> None:
    """``python -m poh_graph`` is the command, and finds what it needs wherever one stands."""
    command = [sys.executable, "-m", "poh_graph"]
    done = subprocess.run([*command, "--version"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout == f"poh-graph, version {__version__}\n"
