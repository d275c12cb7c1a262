"""Bad input ends in exit code 2 and one message: what, where, what was expected, how to mend it. No traceback."""

from __future__ import annotations

import gc
import json
import shutil
import threading
from pathlib import Path

import pytest

from poh_graph import errors
from poh_graph.bundle import Bundle
from poh_graph.errors import PohGraphError, UnknownName
from tests.running import Run

FILES = {
    "words.txt": b"some words",
    "words.ttl": b"some words",
    "broken.ttl": b"<http://a.org/s> <http://a.org/p> <http://a.org/o> .\n\n<http://a.org/s> <http://a.org/p> .\n",
    "broken.nt": b'<http://a.org/s> <http://a.org/p> "o" .\n<http://a.org/s> "p" "o" .\n',
    "broken.rdf": b"<?xml version='1.0'?>\n<rdf:RDF>\n</rdf",
    "broken.jsonld": b'{"@id": ',
    "remote-context.jsonld": b'{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://a.org/s", "name": "n"}',
    "latin.ttl": b'<http://a.org/s> <http://a.org/p> "\xe9" .',
    "picture.png": b"\x89PNG\r\n\x1a\n\x00",
    "broken.rq": b"SELECT ?s WHERE {\n  ?s ?p ?o ;\n  ?? }",
    "latin.rq": b"ASK { ?s ?p '\xe9' }",
    "default.rq": b"ASK {\n  VALUES ?a { }   # a thing\n}",
    "typed.rq": b"SELECT ?n WHERE {\n  VALUES ?n { 1 }   # how many\n}",
    "notes/letter.txt": b"a letter",
}

QUERY = ("query", "genes")
REFUSED = [
    # stores
    ((*QUERY, "-s", "nowhere"), "There is no store at nowhere", "a bundle folder, an RDF file or the http:// address"),
    ((*QUERY, "-s", "nowhere.ttl"), "There is no store at nowhere.ttl", "poh-graph build"),
    ((*QUERY, "-s", "notes"), "notes is not a bundle: it has no manifest.json", "poh-graph build -o notes"),
    ((*QUERY, "-s", "."), "is not a bundle: it has no manifest.json", "poh-graph build -o ."),
    ((*QUERY, "-s", "words.txt"), "words.txt has no ending of an RDF format", ".jsonld"),
    ((*QUERY, "-s", "picture.png"), "picture.png has no ending of an RDF format", ".ttl"),
    ((*QUERY, "-s", "words.ttl"), "words.ttl, line 1: this is not Turtle", ""),
    ((*QUERY, "-s", "broken.ttl"), "broken.ttl, line 3: this is not Turtle", ""),
    ((*QUERY, "-s", "broken.nt"), "broken.nt, line 2: this is not N-Triples", ""),
    ((*QUERY, "-s", "broken.rdf"), "broken.rdf", "this is not RDF/XML"),
    ((*QUERY, "-s", "broken.jsonld"), "broken.jsonld, line 1: this is not JSON-LD", ""),
    ((*QUERY, "-s", "remote-context.jsonld"), "remote-context.jsonld", "this is not JSON-LD"),
    ((*QUERY, "-s", "latin.ttl"), "latin.ttl, line 1: this is not Turtle", ""),
    ((*QUERY, "-s", "ftp://a.org/x"), "ftp://a.org/x is not the address of an endpoint", "http:// or https://"),
    ((*QUERY, "-s", "http://127.0.0.1:9/sparql"), "http://127.0.0.1:9/sparql cannot be asked", "does the server run?"),
    (("build", "words.txt"), "words.txt", ""),
    (("build", "nowhere.ttl"), "nowhere.ttl", ""),
    (("build", "broken.ttl"), "broken.ttl, line 3", ""),
    (("build", "-o", "notes"), "notes is there and is not a bundle; it is left alone", "another folder with -o"),
    (("build", "-o", "words.txt"), "words.txt is there and is not a bundle; it is left alone", "-o"),
    (("build", "-o", "words.txt/bundle"), "words.txt cannot be written", "another folder with -o"),
    (("validate", "--shapes", "notes"), "notes holds no shapes", "*.ttl"),
    # names
    (("show", "progresive oseous heteroplasia"), "is called 'progresive oseous", "ORPHA:2762 Progressive osseous"),
    (("show", "ORPHA:27622"), "No disorder in this graph is called 'ORPHA:27622'", ""),
    (("show", "GNAS"), "No disorder in this graph is called 'GNAS'", ""),
    (("show", ""), "the text is empty", "Give a name or an identifier"),
    (("resolve", " "), "the text is empty", "Give a name or an identifier"),
    (("compare", "POH", "fibrodisplasia ossificans"), "fibrodisplasia", "ORPHA:337 Fibrodysplasia ossificans"),
    (("why", "POH", "GNAQ"), "is called 'GNAQ'", ""),
    (("export", "turtle", "--disorder", "nobody knows"), "is called 'nobody knows'", ""),
    (("query", "genes", "http://a.org/> } #"), "is called 'http://a.org/> } #'", ""),
    (("show", "McCune-Albright", "-s", "two.ttl"), "means more than one disorder", "ORPHA:1 One; ORPHA:2 Two"),
    # queries and their parameters
    (("query", "gense-of-a-disorder"), "There is no stored query 'gense-of-a-disorder'", "genes-of-a-disorder"),
    (("query", "what"), "stored queries start with 'what'", "what-tells-apart"),
    (("query", "nowhere.rq"), "There is no stored query 'nowhere.rq'", "poh-graph queries"),
    (("query", "genes", "POH", "FOP"), "takes 1 value, not 2", "disorder (the disorder)"),
    (("query", "triples-per-graph", "POH"), "takes no values, not 1", "Its parameters: none"),
    (("query", "genes", "-p", "disease=POH"), "has no parameter 'disease'", "Its parameters: disorder"),
    (("query", "genes", "-p", "POH"), "-p POH has no value", "-p name=value"),
    (("query", "typed.rq", "many"), "?n is of type integer; 'many' is not", "how many"),
    (("query", "latin.rq"), "latin.rq cannot be read as a query", ""),
    (("query", "default.rq"), "The parameter ?a of the query default has no default", ""),
    (("query", "broken.rq"), "This is not SPARQL 1.1: line 3, column", "  ?? }"),
    # formats and places
    (("query", "genes", "--as", "turtle"), "turtle holds triples", "table, tsv, csv, json, markdown"),
    (("query", "closed-graph", "--as", "csv"), "The answer is triples; csv does not hold them", "turtle"),
    (("query", "closed-graph", "--as", "trig"), "The answer is triples; trig does not hold them", "jsonld"),
    (("query", "genes", "-o", "genes.xlsx"), "The ending of genes.xlsx names no format", "--as"),
    (("query", "genes", "-o", "notes"), "The ending of notes names no format", "--as"),
    (("show", "POH", "-o", "poh.ttl"), "The ending of poh.ttl names no format of this command", "markdown"),
    (("query", "genes", "--as", "csv", "-o", "notes"), "notes cannot be written", ""),
    (("query", "genes", "-o", "nowhere/genes.csv"), "nowhere/genes.csv cannot be written", ""),
    (("query", "genes", "-o", "words.txt/genes.csv"), "words.txt/genes.csv cannot be written", ""),
]

TWO = """
@prefix ordo: <http://www.orpha.net/ORDO/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix biolink: <https://w3id.org/biolink/vocab/> .
ordo:Orphanet_1 a biolink:Disease ; rdfs:label "One" ; skos:altLabel "McCune-Albright" .
ordo:Orphanet_2 a biolink:Disease ; rdfs:label "Two" ; skos:altLabel "McCune-Albright" .
"""


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder of the test, with files that are wrong in one way each."""
    for name, content in {**FILES, "two.ttl": TWO.encode()}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(("arguments", "message", "mend"), REFUSED, ids=[" ".join(row[0]) for row in REFUSED])
def test_bad_input_is_one_clear_message(
    run: Run, here: Path, arguments: tuple[str, ...], message: str, mend: str
) -> None:
    """Exit code 2, nothing on stdout, the message and its mend on stderr, and no file more or less than before."""
    before = sorted(here.rglob("*"))
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("Error: ")
    assert message in result.stderr
    assert mend in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.count("Error: ") == 1
    assert len(result.stderr) < 1000
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("show",), ("query", "genes", "--as", "pdf"), ("export", "pdf"), ("show", "POH", "--no")],
)
def test_what_the_command_line_does_not_know(run: Run, arguments: tuple[str, ...]) -> None:
    """Click's own messages have the same exit code, and say how to get help."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--help" in result.stderr


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"store": "oxigraph-0.4"}, "was written by oxigraph-0.4; this program reads oxigraph-0.5"),
        ({"store": None}, "was written by None"),
        ({"bundle_format": 99}, "is a bundle of format 99; this program reads format 1"),
    ],
)
def test_a_bundle_of_another_version(run: Run, bundle: Bundle, change: dict[str, object], message: str) -> None:
    """The versions are named, and the command that builds it anew; its release can be read all the same."""
    shutil.copytree(bundle.path, "old")
    manifest = Bundle(Path("old")).read_manifest()
    Path("old/manifest.json").write_text(json.dumps({**manifest, **change}), encoding="utf-8")
    result = run("query", "genes", "-s", "old")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert "poh-graph build -o old" in result.stderr
    assert run("query", "genes", "-s", "old/graph.nq").exit_code == 0


@pytest.mark.parametrize("damage", ["no store", "a file for a store", "no CURRENT", "a bad MANIFEST"])
def test_a_damaged_store(run: Run, bundle: Bundle, damage: str) -> None:
    """It is only a cache: the message says so, and how to make it again. A damaged manifest is told as well."""
    shutil.copytree(bundle.path, "hurt")
    store = Path("hurt/store")
    if damage == "no CURRENT":
        (store / "CURRENT").unlink()
    elif damage == "a bad MANIFEST":
        for file in store.glob("MANIFEST*"):
            file.write_bytes(b"\x00" * 100)
    else:
        shutil.rmtree(store)
    if damage == "a file for a store":
        store.write_text("", encoding="utf-8")
    result = run("query", "genes", "-s", "hurt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "The store at hurt" in result.stderr
    assert "build the bundle anew (poh-graph build -o hurt)" in result.stderr


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '"text"', "{}"])
def test_a_damaged_manifest(run: Run, content: str) -> None:
    """One message, whatever stands there."""
    Path("hurt").mkdir()
    Path("hurt/manifest.json").write_text(content, encoding="utf-8")
    result = run("query", "genes", "-s", "hurt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "poh-graph build -o hurt" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "genes", "--as", "turtle"),
        ("query", "closed-graph", "--as", "csv"),
        ("query", "genes", "--as", "csv", "-o", "/dev/full"),
        ("query", "closed-graph", "-o", "nowhere/graph.ttl"),
    ],
)
def test_an_error_may_be_dropped_in_any_thread(
    arguments: tuple[str, ...], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It keeps no answer of the engine, which only the thread that has asked may drop."""
    complaints: list[object] = []
    monkeypatch.setattr("sys.unraisablehook", complaints.append)
    kept = [run(*arguments)]
    assert kept[0].exit_code == 2

    def drop() -> None:
        kept.clear()
        gc.collect()

    thread = threading.Thread(target=drop)
    thread.start()
    thread.join()
    assert complaints == []


def test_an_error_shows_its_parts_one_below_the_other() -> None:
    """Message, the nearest things, the mend: what is not there is left out."""
    error = UnknownName("No.", candidates=("a", "b"), mend="Do.")
    assert str(error) == "No.\nNearest: a; b\nDo."
    assert str(UnknownName("No.")) == "No."


def test_the_tree_of_errors_is_the_one_drawn_at_its_head() -> None:
    """Every class is in the picture, and is one of ours."""
    drawn = {line.split()[1] for line in str(errors.__doc__).splitlines() if line.strip().startswith(("├", "└"))}
    classes = {name for name, value in vars(errors).items() if isinstance(value, type)} - {"PohGraphError"}
    assert drawn == classes
    assert all(issubclass(getattr(errors, name), PohGraphError) for name in classes)
