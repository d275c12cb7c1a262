"""The audit: each kind of finding is found where it is, and nowhere else; a whole release is counted independently.

``audit/KIND.trig`` has exactly one finding of that kind and no other; its head says which: the row of the query, terms
in Turtle, ``-`` where nothing is bound. ``audit/clean.trig`` is a world of near misses without a finding.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, PROV, RDF, SH

from poh_graph.audit import SHEET, Kind, audit, findings, kinds
from poh_graph.bundle import Bundle
from poh_graph.errors import InputError, ParameterError
from poh_graph.gate.report import SEVERITIES
from poh_graph.graph import Graph, open_graph
from poh_graph.queries import StoredQuery
from poh_graph.store import LocalStore
from poh_graph.terms import prefix_map
from tests.examples import expected_rows, rows_in_turtle
from tests.running import Run

ROOT = Path(__file__).parent.parent
EXAMPLES = Path(__file__).parent / "audit"
KINDS = kinds()
CLEAN = EXAMPLES / "clean.trig"
HEADER = {"summary", "description", "severity", "what_to_do", "goes_to", "tags"}


def name_of(kind: Kind) -> str:
    """The name of a kind, for pytest's report."""
    return kind.name


def example_of(kind: Kind) -> Path:
    """The example of a kind."""
    return EXAMPLES / f"{kind.name}.trig"


@cache
def world(path: Path) -> Graph:
    """The graph of an example."""
    return Graph(LocalStore.from_file(path))


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_a_kind_is_found_in_its_example_and_nothing_else_is(kind: Kind) -> None:
    """The example of a kind has the one finding that its head names, and no finding of another kind."""
    found = {other.name: rows_in_turtle(other.query.text, example_of(kind)) for other in KINDS}
    wanted = expected_rows(example_of(kind))
    assert len(wanted) == 1
    assert {name: lines for name, lines in found.items() if lines} == {kind.name: wanted}


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_near_misses_are_no_findings(kind: Kind) -> None:
    """Where sources agree, refine each other or speak of different things, nothing is found."""
    assert rows_in_turtle(kind.query.text, CLEAN) == []


def test_each_example_belongs_to_a_kind() -> None:
    """No example is left of a kind that is gone."""
    assert {path.stem for path in EXAMPLES.glob("*.trig")} == {"clean", *map(name_of, KINDS)}


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_a_kind_is_explained(kind: Kind) -> None:
    """The header says what is wrong, what the rows are, how grave it is, what to do, and whom to tell."""
    assert set(kind.query.header) == HEADER
    assert all(text.endswith(".") for text in (kind.query.summary, kind.query.description, kind.what_to_do))
    assert kind.severity in SEVERITIES
    assert re.fullmatch(r"[a-zA-Z][^.]*", kind.goes_to)
    assert kind.query.tags[0] == "audit"
    assert kind.query.parameters == ()


def test_no_two_kinds_say_the_same() -> None:
    """Each kind has a summary of its own."""
    assert len({kind.query.summary for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_every_prefix_is_canonical_and_used(kind: Kind) -> None:
    """The prefixes written out are those of the prefix map, sorted, each used, none missing."""
    written = re.findall(r"^PREFIX (\w+): <([^>]+)>$", kind.query.text, re.MULTILINE)
    assert written == sorted(written)
    assert {uri for _, uri in written} <= {record.uri for record in prefix_map().prefixes}
    body = re.sub(r"^(?:PREFIX|#|\s+#) ?.*$|\"[^\"]*\"", "", kind.query.text, flags=re.MULTILINE)
    assert {name for name, _ in written} == set(re.findall(r"(?<![\w?:])(\w+):(?:\w|\))", body))


@pytest.mark.parametrize("kind", KINDS, ids=name_of)
def test_rdflib_finds_the_same(kind: Kind) -> None:
    """Another engine gives the same rows to the same text, where there is a finding and where there is none."""
    for path in (example_of(kind), CLEAN):
        dataset = rdflib.Dataset(default_union=True).parse(path, format="trig")
        theirs = [tuple(None if v is None else str(v) for v in row) for row in dataset.query(kind.query.text)]  # type: ignore[union-attr]  # a SELECT gives tuples
        assert theirs == [tuple(row.values()) for row in _ours(path, kind)]


def _ours(path: Path, kind: Kind) -> list[dict[str, str | None]]:
    found = Graph(LocalStore.from_file(path)).select(kind.query.text)
    return [
        {name: getattr(term, "value", None) for name, term in zip(found.variables, row, strict=True)}
        for row in found.terms
    ]


def test_the_table_of_compatible_kinds_has_every_kind() -> None:
    """The query on contradicting kinds knows all kinds of Orphanet, each as the relation of RO that stands for it."""
    text = next(kind for kind in KINDS if kind.name == "gene-kinds-contradict").query.text
    one, other = re.findall(r"VALUES \(\?\w+ \?meaning\) \{(.*?)\}", text, re.DOTALL)
    assert one == other
    meanings: dict[str, set[str]] = {}
    for kind, meaning in re.findall(r'\(\w+:(\w+) "(\w+)"\)', one):
        meanings.setdefault(kind, set()).add(meaning)
    lines = (ROOT / "ontology" / "terms" / "gene-association-types.tsv").read_text("utf-8").splitlines()
    table = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    relations = {row["iri"].rsplit("/", 1)[1]: row["ro_disease_to_gene"].rsplit("/", 1)[-1] for row in table}
    assert set(meanings) == {*relations, *filter(None, relations.values())}
    for kind, relation in relations.items():
        assert not relation or meanings[relation] == meanings[kind]
    assert meanings["Orphanet_317343"] == meanings["Orphanet_410295"] | meanings["Orphanet_410296"]


def test_a_query_with_other_columns_is_refused(poh: Graph) -> None:
    """A kind that does not give both sides is told with its name."""
    with pytest.raises(InputError, match="half-a-kind does not select the columns"):
        findings(poh, Kind(StoredQuery("half-a-kind", "SELECT ?focus { ?focus ?p ?o }")))


def test_the_gravest_kinds_come_first_and_a_beginning_will_do() -> None:
    """Kinds are ordered by severity and name; the beginning of a name stands for all that begin so."""
    order = [(SEVERITIES.index(kind.severity), kind.name) for kind in KINDS]
    assert order == sorted(order)
    genes = {kind.name for kind in kinds(["gene"])}
    assert genes == {kind.name for kind in KINDS if kind.name.startswith("gene-")}
    with pytest.raises(ParameterError) as error:
        kinds(["gene", "dangling-parents"])
    assert "dangling-parent" in error.value.candidates


def test_the_packaged_graph_shows_what_is_known_to_differ(poh: Graph) -> None:
    """McCune-Albright syndrome, somatic or germline, is found with the conflict that a curator wrote down of it."""
    found = audit(poh)
    sheet = [dict(zip(SHEET, row, strict=True)) for row in found.sheet()]
    first = [row for row in sheet if row["kind"] == "gene-kinds-contradict" and "Orphanet" in row["other_source"]]
    assert len(first) == 1
    (row,) = first
    assert (row["focus"], row["focus_label"]) == ("ORPHA:562", "McCune-Albright syndrome")
    assert (row["about"], row["about_label"]) == ("HGNC:4392", "GNAS")
    assert (row["one_says"], row["one_source"]) == ("RO:0004003", "Mondo 2026-08-04")
    assert (row["other_says"], row["other_source"]) == ("ORPHA:317344", "Orphanet 2025-07")
    assert row["other_label"] == "Disease-causing somatic mutation(s) in"
    assert row["noted"].startswith("GNAS variants of McCune-Albright syndrome: germline or somatic; Orphanet 2025-07")
    assert {"gene-location-differs", "mapping-not-followed", "conflict-not-settled"} <= {row["kind"] for row in sheet}


def test_an_endpoint_gives_the_same_findings(doubled: Bundle, endpoint: str) -> None:
    """A bundle and a SPARQL endpoint that holds the same quads give the same sheet."""
    sheet = audit(open_graph(doubled.path)).sheet()
    assert sheet == audit(open_graph(endpoint)).sheet() != []


def test_the_report_is_shacl_with_both_sides(poh: Graph) -> None:
    """As RDF a finding is a validation result; each side is a detail with value, graph and statement."""
    found = audit(poh, ["gene-kinds"])
    report = rdflib.Graph().parse(data=found.report.turtle, format="turtle")
    assert found.report.turtle == audit(poh, ["gene-kinds"]).report.turtle
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    results = list(report.objects(node, SH.result))
    assert len(results) == found.count > 0
    for result in results:
        assert report.value(result, SH.resultSeverity) == SH.Violation
        assert str(report.value(result, SH.sourceShape)).endswith("/audit/gene-kinds-contradict")
        sides = list(report.objects(result, SH.detail))
        assert len(sides) == 2
        sources = {str(report.value(side, DCTERMS.source)).rsplit("/", 1)[1] for side in sides}
        assert "mondo" in sources
        assert len(sources) == 2
        for side in sides:
            statement = poh.sparql(f"ASK {{ <{report.value(side, PROV.wasDerivedFrom)}> ?p ?o }}")
            assert statement is True
            assert report.value(side, SH.focusNode) == report.value(result, SH.focusNode)


def test_a_side_that_says_nothing_is_no_detail() -> None:
    """A finding with one side (a mapping that nobody contradicts) has one detail."""
    quads = [quad for quad in world(EXAMPLES / "mapping-not-followed.trig").store.dump() if "curated" not in str(quad)]
    found = audit(Graph(LocalStore.in_memory(quads)), ["mapping-not-followed"])
    report = rdflib.Graph().parse(data=found.report.turtle, format="turtle")
    assert found.count == 1
    assert len(list(report.objects(None, SH.detail))) == 1


def test_many_findings_are_cut_unless_the_kind_is_asked_for() -> None:
    """A reader sees the first twenty of a kind and how to get the others; asked for, a kind is shown whole."""
    ordo, graph = "http://www.orpha.net/ORDO/Orphanet_", ox.NamedNode("https://w3id.org/poh-graph/graph/orphanet")
    broader = ox.NamedNode("http://www.w3.org/2004/02/skos/core#broader")
    quads = [ox.Quad(ox.NamedNode(f"{ordo}2762"), broader, ox.NamedNode(f"{ordo}{n}"), graph) for n in range(100, 125)]
    found = audit(Graph(LocalStore.in_memory(quads)))
    text = found.document().render("text")
    assert text.count("1 below it") == 20
    assert "And 5 more: poh-graph audit --kind dangling-parent" in text
    assert found.document(all_shown=True).render("markdown").count("1 below it") == 25


def test_findings_are_the_answer_no(run: Run) -> None:
    """Exit code 1 with findings, 0 without, 0 if asked for; what is no kind cannot be run."""
    example = EXAMPLES / "dangling-parent.trig"
    assert run("audit", "-s", example).exit_code == 1
    assert run("audit", "-s", example, "--exit-zero").exit_code == 0
    assert run("audit", "-s", example, "--kind", "gene").exit_code == 0
    assert run("audit", "-s", CLEAN).exit_code == 0
    wrong = run("audit", "-s", CLEAN, "--kind", "genes-listed-twice")
    assert wrong.exit_code == 2
    assert "gene-listed-twice" in wrong.stderr


def test_each_format_holds_the_findings(run: Run, tmp_path: Path) -> None:
    """Text and Markdown by kind, sheets with identifiers and labels apart, and RDF, also by the ending of the file."""
    example = EXAMPLES / "phenotype-label-drift.trig"
    label = "Abnormal skeletal morphology"
    text = run("audit", "-s", example).stdout
    assert "phenotype-label-drift (1)" in text
    assert "HP:0011842 Abnormal skeletal" in text
    assert "What to do: " in text
    markdown = run("audit", "-s", example, "--as", "markdown").stdout
    assert f"| HP:0011842 {label} |" in markdown
    tsv = run("audit", "-s", example, "--as", "tsv").stdout.splitlines()
    assert tsv[0].split("\t") == list(SHEET)
    assert len(tsv) == 2
    (row,) = json.loads(run("audit", "-s", example, "--as", "json", "--iri").stdout)
    assert row["focus"] == "http://purl.obolibrary.org/obo/HP_0011842"
    assert row["focus_label"] == row["one_says"] == label
    run("audit", "-s", example, "-o", tmp_path / "findings.ttl")
    assert "sh:ValidationReport" in (tmp_path / "findings.ttl").read_text("utf-8")
