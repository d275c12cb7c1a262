"""Exports hold what the store holds: compared in canonical form (RDFC-1.0), and read by libraries of other makers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from operator import itemgetter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld

import poh_graph as pg
from poh_graph.bundle import Bundle
from poh_graph.closure import closed_triples
from poh_graph.errors import PohGraphError
from poh_graph.export.jsonl import PIECE, all_disorders
from poh_graph.export.rdf import FORMATS, WITH_GRAPHS, Statements
from poh_graph.graph import Graph, open_graph
from poh_graph.terms import ORDO, RDFS, SKOS, prefix_map
from tests.running import Run, run_command

OX_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
ENDINGS = {"turtle": "ttl", "trig": "trig", "ntriples": "nt", "nquads": "nq", "rdfxml": "rdf", "jsonld": "jsonld"}
TRIPLES = [name for name in OX_FORMATS if name not in WITH_GRAPHS]
POH = ORDO + "Orphanet_2762"


def canonical(data: bytes, format_: ox.RdfFormat, *, union: bool) -> bytes:
    """The statements in canonical N-Quads, sorted; with ``union`` without the graphs that they stand in."""
    quads = ox.parse(data, format_)
    dataset = ox.Dataset(ox.Quad(*quad.triple) if union else quad for quad in quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return b"\n".join(sorted(f"{quad} .".encode() for quad in dataset))


@pytest.fixture(scope="session")
def exports(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The whole bundle in a format, as ``export`` writes it to a file; written when it is first asked for."""
    folder = tmp_path_factory.mktemp("exports")

    @cache
    def exported(format_: str) -> bytes:
        path = folder / f"graph.{ENDINGS[format_]}"
        result = run_command("export", format_, "-s", bundle.path, "-o", path)
        assert (result.exit_code, result.stdout) == (0, "")
        return path.read_bytes()

    return exported


@pytest.fixture(scope="session")
def poh_nquads() -> bytes:
    """One disorder, closed, as N-Quads."""
    return run_command("export", "nquads", "--disorder", "POH").stdout_bytes


@pytest.mark.parametrize("format_", WITH_GRAPHS)
def test_trig_and_nquads_hold_the_quads_of_the_release(
    exports: Callable[[str], bytes], bundle: Bundle, format_: str
) -> None:
    """Every statement, in its named graph, and nothing more."""
    release = canonical(bundle.graph.read_bytes(), ox.RdfFormat.N_QUADS, union=False)
    assert canonical(exports(format_), OX_FORMATS[format_], union=False) == release


@pytest.mark.parametrize("format_", TRIPLES)
def test_the_others_hold_its_triples(exports: Callable[[str], bytes], bundle: Bundle, format_: str) -> None:
    """Every statement once, without the graphs, with datatype and language."""
    release = canonical(bundle.graph.read_bytes(), ox.RdfFormat.N_QUADS, union=True)
    assert canonical(exports(format_), OX_FORMATS[format_], union=False) == release


def test_nquads_of_a_bundle_is_the_release_itself(exports: Callable[[str], bytes], bundle: Bundle) -> None:
    """The same bytes as the file of the bundle."""
    assert exports("nquads") == bundle.graph.read_bytes()


@pytest.mark.parametrize("format_", OX_FORMATS)
def test_a_streamed_release_and_a_sorted_store_give_the_same_bytes(
    exports: Callable[[str], bytes], bundle: Bundle, run: Run, format_: str
) -> None:
    """The release file of a bundle is streamed; a file in memory, its lines turned round, is sorted."""
    lines = bundle.graph.read_bytes().splitlines(keepends=True)
    Path("turned.nq").write_bytes(b"".join(reversed(lines)))
    assert run("export", format_, "-s", "turned.nq").stdout_bytes == exports(format_)


@pytest.mark.parametrize("format_", [name for name in OX_FORMATS if name != "jsonld"])
def test_a_writer_does_not_wait_for_the_end(bundle: Bundle, format_: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the statements are with the reader before the last one is read: nothing is collected."""
    out = BytesIO()
    written: list[int] = []
    parse = Statements._parsed

    def watched(statements: Statements, lines: Iterator[bytes]) -> Iterator[ox.Quad]:
        yield from parse(statements, lines)
        written.append(out.tell())

    if format_ == "nquads":  # its lines are copied, not parsed
        monkeypatch.setattr(Statements, "lines", lambda self: watch_lines(self, out, written))
    else:
        monkeypatch.setattr(Statements, "_parsed", watched)
    FORMATS[format_](Statements(bundle.graph), out)
    assert written[-1] > len(out.getvalue()) / 2


def watch_lines(statements: Statements, out: BytesIO, written: list[int]) -> Iterator[bytes]:
    """The lines of a file, and then how much has been written."""
    assert isinstance(statements.source, Path)
    with statements.source.open("rb") as file:
        yield from file
    written.append(out.tell())


def test_statements_in_no_graph_are_kept(run: Run) -> None:
    """A file may hold both; what stands in no graph may end with the name of one."""
    lines = ["<x:s> <x:p> <x:g> .", "<x:s> <x:p> <x:o> <x:g> .", '<x:s> <x:p> "<x:g> ." .', "<x:s> <x:p> <x:g> <x:h> ."]
    Path("some.nq").write_text("\n".join(lines) + "\n", encoding="utf-8")
    given = set(ox.parse(path="some.nq"))
    for format_ in WITH_GRAPHS:
        written = run("export", format_, "-s", "some.nq").stdout_bytes
        assert set(ox.parse(written, OX_FORMATS[format_])) == given
    triples = run("export", "ntriples", "-s", "some.nq").stdout_bytes.splitlines()
    assert sorted(triples) == sorted({f"{quad.triple} .".encode() for quad in given})


def test_a_damaged_release_is_told(bundle: Bundle, run: Run) -> None:
    """The file that cannot be read is named, and nothing is left half written."""
    shutil.copytree(bundle.path, "damaged")
    Path("damaged/graph.nq").write_text("<x:s> <x:p> .\n", encoding="utf-8")
    result = run("export", "turtle", "-s", "damaged", "-o", "damaged.ttl")
    assert result.exit_code == 2
    assert "damaged/graph.nq is not N-Quads" in result.stderr
    assert "build it anew" in result.stderr
    assert not Path("damaged.ttl").exists()


def test_too_large_a_jsonld_document_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the form that holds as many disorders as there are."""
    monkeypatch.setattr("poh_graph.export.rdf.LARGEST_JSONLD", 10)
    result = run("export", "jsonld", "--disorder", "POH")
    assert result.exit_code == 2
    assert "export jsonl" in result.stderr


@pytest.mark.parametrize("format_", ["rdfxml", "jsonld", "turtle"])
def test_rdflib_reads_the_same(poh: Graph, format_: str, tmp_path: Path) -> None:
    """Another library reads the same triples, and loads nothing from the network for it."""
    path = tmp_path / f"poh.{ENDINGS[format_]}"
    assert run_command("export", format_, "--disorder", "POH", "-o", path).exit_code == 0
    names = {"rdfxml": "xml", "jsonld": "json-ld"}
    read = rdflib.Graph().parse(path, format=names.get(format_, format_)).serialize(format="nt", encoding="utf-8")
    expected = ox.serialize(poh.disorder("POH").triples(), format=ox.RdfFormat.N_TRIPLES)
    assert expected
    # Both through one parser: rdflib escapes letters that N-Triples may hold as they are.
    assert canonical(read, ox.RdfFormat.N_TRIPLES, union=True) == canonical(
        expected, ox.RdfFormat.N_TRIPLES, union=True
    )


def test_pyld_reads_the_jsonld_without_the_network(poh: Graph) -> None:
    """The context stands in the document, and the JSON-LD processor of another maker gives the same triples."""

    def refuse(url: str, _options: object) -> None:
        pytest.fail(f"{url} was asked for")

    document = poh.disorder("POH").jsonld()
    lines = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": refuse})
    assert canonical(lines.encode(), ox.RdfFormat.N_QUADS, union=True) == canonical(
        json.dumps(document).encode(), ox.RdfFormat.JSON_LD, union=True
    )


@pytest.mark.parametrize("format_", OX_FORMATS)
def test_the_same_graph_gives_the_same_bytes(run: Run, format_: str, poh_nquads: bytes) -> None:
    """Written from the package, and from its own export."""
    Path("poh.nq").write_bytes(poh_nquads)
    again = run("export", format_, "-s", "poh.nq")
    assert again.exit_code == 0
    assert again.stdout_bytes == run("export", format_, "--disorder", "POH").stdout_bytes


def test_one_disorder_comes_closed(poh_nquads: bytes, poh: Graph) -> None:
    """Every thing of the graph that is referred to says its label, so that no reference dangles."""
    store = ox.Store()
    store.load(poh_nquads, ox.RdfFormat.N_QUADS)
    labels = {ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "prefLabel")}
    known = {q.subject for q in poh.store.dump() if q.predicate in labels}
    said = {q.subject for q in store if q.predicate in labels}
    referred = {term for q in store for term in (q.subject, q.object) if isinstance(term, ox.NamedNode)}
    assert ox.NamedNode(POH) in said
    assert sorted(str(term) for term in (referred & known) - said) == []


def test_one_disorder_is_a_part_of_the_whole(run: Run, poh: Graph) -> None:
    """Nothing is added, each statement stands in the graph that says it, several disorders are the union of each."""
    whole = set(poh.store.dump())
    one, other = (
        set(ox.parse(run("export", "nquads", "--disorder", name).stdout_bytes, ox.RdfFormat.N_QUADS))
        for name in ("POH", "FOP")
    )
    both = run("export", "nquads", "--disorder", "POH", "--disorder", "FOP").stdout_bytes
    assert one < whole
    assert set(ox.parse(both, ox.RdfFormat.N_QUADS)) == one | other


@pytest.mark.parametrize("format_", ["trig", "nquads", "turtle", "jsonl"])
def test_an_endpoint_gives_the_same_bytes(run: Run, doubled: Bundle, endpoint: str, format_: str) -> None:
    """One disorder, with the graphs that say each triple, from a bundle and over HTTP."""
    here, there = (run("export", format_, "--disorder", "POH", "-s", where) for where in (doubled.path, endpoint))
    assert (here.exit_code, there.exit_code) == (0, 0), there.output
    assert there.stdout_bytes == here.stdout_bytes


@pytest.fixture(scope="session")
def lines(bundle: Bundle) -> list[bytes]:
    """All disorders of the bundle as JSON Lines, made by two processes."""
    result = run_command("export", "jsonl", "--jobs", "2", "-s", bundle.path)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes.splitlines()


def test_json_lines_are_one_document_a_disorder(lines: list[bytes], built: Graph) -> None:
    """Each line is a JSON object about one disorder, in the order of the IRIs, and no disorder is left out."""
    iris = [prefix_map().standardize(json.loads(line)["@id"]) for line in lines]
    assert iris == all_disorders(built)
    assert len(iris) > PIECE


@pytest.mark.parametrize("name", ["POH", "FOP", "PHP1A", "MONDO:0008153", "ORPHA:93450"])
def test_a_line_holds_exactly_the_closed_graph(lines: list[bytes], built: Graph, name: str) -> None:
    """The triples of the closed CONSTRUCT, neither more nor fewer, for two readers; the network is not asked."""
    iri = built.one(name) if not name.startswith("MONDO") else prefix_map().standardize(name)
    line = next(line for line in lines if prefix_map().standardize(json.loads(line)["@id"]) == iri)
    assert iri
    closed = ox.serialize(closed_triples(built.store, [iri]), format=ox.RdfFormat.N_TRIPLES)
    assert closed
    expected = canonical(closed, ox.RdfFormat.N_TRIPLES, union=True)
    assert canonical(line, ox.RdfFormat.JSON_LD, union=True) == expected
    read = rdflib.Graph().parse(data=line, format="json-ld").serialize(format="nt", encoding="utf-8")
    assert canonical(read, ox.RdfFormat.N_TRIPLES, union=True) == expected


def test_a_line_is_a_document_about_its_disorder(lines: list[bytes], built: Graph) -> None:
    """Its statements stand at the top; it has the part of the context that it uses, and the same words as the whole."""
    document = next(found for found in map(json.loads, lines) if found["@id"] == "ORPHA:337")
    assert document["label"] == "Fibrodysplasia ossificans progressiva"
    assert "HP:0011987" in document["hasPhenotype"]
    part = document.pop("@context")
    whole = built.disorder("FOP").jsonld()
    assert part.items() <= whole["@context"].items()
    assert len(json.dumps(part)) < len(json.dumps(whole["@context"])) / 2
    nodes = [*document.pop("@included"), document]
    assert sorted(nodes, key=itemgetter("@id")) == sorted(whole["@graph"], key=itemgetter("@id"))


def test_json_lines_are_the_same_by_one_process(lines: list[bytes], bundle: Bundle, run: Run) -> None:
    """The number of processes changes nothing; some disorders are their lines of the whole."""
    assert run("export", "jsonl", "--jobs", "1", "-s", bundle.path).stdout_bytes.splitlines() == lines
    some = run("export", "jsonl", "--disorder", "FOP", "--disorder", "POH", "-s", bundle.path, "-o", "some.jsonl")
    assert (some.exit_code, some.stdout) == (0, "")
    assert Path("some.jsonl").read_bytes().splitlines() == [
        line for line in lines if json.loads(line)["@id"] in ("ORPHA:2762", "ORPHA:337")
    ]


def test_a_release_keeps_who_says_it(run: Run) -> None:
    """Exports of triples say on stderr where the named graphs are; those of quads need not."""
    for format_ in ("ntriples", "nquads"):
        result = run("export", format_, "--disorder", "POH")
        assert ("only in trig and nquads" in result.stderr) is (format_ not in WITH_GRAPHS)


def test_turtle_is_for_people(run: Run) -> None:
    """Prefixes are declared, and the disorder stands there under its code."""
    text = run("export", "turtle", "--disorder", "POH").stdout
    assert "@prefix orpha: <http://www.orpha.net/ORDO/Orphanet_>" in text
    assert "\norpha:2762 " in text


def test_the_python_face_of_a_disorder(poh: Graph) -> None:
    """``to_rdflib`` and ``jsonld`` hold the triples of the closed graph."""
    disorder = poh.disorder("familial ectopic ossification")
    assert (disorder.curie, disorder.label) == ("ORPHA:2762", "Progressive osseous heteroplasia")
    graph = disorder.to_rdflib()
    assert len(graph) == len(disorder.triples())
    assert (rdflib.URIRef(POH), rdflib.RDFS.label, rdflib.Literal(disorder.label, lang="en")) in graph
    document = disorder.jsonld()
    assert len(set(ox.parse(json.dumps(document), ox.RdfFormat.JSON_LD))) == len(graph)
    assert "ORPHA:2762" in {node["@id"] for node in document["@graph"]}


def test_rows_for_python(poh: Graph) -> None:
    """Rows know their types; pandas and notebooks show them."""
    rows = poh.query("overview", "POH")
    assert rows.rows()[0].keys() == set(rows.variables)
    assert len(rows) == len(rows.df()) == len(list(rows))
    numbers = poh.query("triples-per-graph")
    assert all(isinstance(number, int) for number in numbers.column("triples"))
    frame = numbers.df()
    assert list(frame.columns) == list(numbers.variables)
    assert frame["triples"].sum() > 10_000
    page = numbers._repr_html_()
    assert page.startswith("<table>")
    assert "<th>triples</th>" in page


def test_a_table_in_a_notebook_is_escaped(poh: Graph) -> None:
    """Text of the graph is never read as HTML."""
    rows = poh.sparql("SELECT ?a WHERE { VALUES ?a { '<script>' } }")
    assert not isinstance(rows, bool | list)
    assert "<td>&lt;script&gt;</td>" in rows._repr_html_()


def test_open_takes_a_bundle_a_file_or_the_package(bundle: Bundle, monkeypatch: pytest.MonkeyPatch) -> None:
    """``pg.open()`` never builds or downloads; what it opens answers alike."""
    monkeypatch.chdir(bundle.path.parent)
    wheres = (None, bundle.path, str(bundle.path), bundle.graph)
    answers = [pg.open(where).query("genes", "POH") for where in wheres]
    assert set(answers[0].column("symbol")) == {"GNAS"}
    assert all(answer == answers[0] for answer in answers)


def test_compare_is_part_of_the_face(poh: Graph) -> None:
    """Two disorders, by any name, as often as one likes: no module of the same name takes its place."""
    pg.compare(poh, "FOP", "PPHP")
    comparison = pg.compare(poh, "POH", "FOP")
    assert (comparison.one.curie, comparison.other.curie) == ("ORPHA:2762", "ORPHA:337")
    assert comparison.features


def test_only_the_face_is_public() -> None:
    """What ``__all__`` names is there, and errors of all kinds are caught by the one that it names."""
    assert set(pg.__all__) <= set(dir(pg))
    with pytest.raises(PohGraphError):
        open_graph("nowhere")
