"""Tables of a whole graph: one row a statement, the same in TSV and Parquet, from any store, and counted elsewise."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import poh_graph as pg
from poh_graph.bundle import Bundle
from poh_graph.errors import ParameterError
from poh_graph.export.table_forms import FORMS, Form
from poh_graph.graph import Graph
from poh_graph.rows import Rows, Term, shown
from poh_graph.terms import curie_of
from tests.conftest import SECOND
from tests.running import Run, run_command

QUERIES = Path(__file__).parent / "tables"
NAMES = [form.name for form in FORMS]
WITH_STATEMENTS = ("genes", "phenotypes", "epidemiology", "mappings")
ARROW = {
    "text": pa.string(),
    "boolean": pa.bool_(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "date": pa.date32(),
    "list": pa.list_(pa.string()),
}

PREFIXES = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sssom: <https://w3id.org/sssom/>
"""
COUNTED = {
    "disorders": "SELECT DISTINCT ?g ?s { GRAPH ?g { ?s a biolink:Disease } }",
    "names": """SELECT DISTINCT ?g ?s ?p ?o {
        ?s a biolink:Disease GRAPH ?g { ?s ?p ?o } FILTER (?p IN (rdfs:label, skos:altLabel)) }""",
    "genes": "SELECT DISTINCT ?s { ?s rdf:subject/a biolink:Gene ; rdf:object/a biolink:Disease }",
    "phenotypes": "SELECT DISTINCT ?s { ?s biolink:negated ?o }",
    "epidemiology": "SELECT DISTINCT ?s { ?s a poh:EpidemiologicalObservation }",
    "mappings": "SELECT DISTINCT ?s { ?s a sssom:Mapping }",
    "parents": """SELECT DISTINCT ?g ?s ?p ?o {
        { GRAPH ?g { ?s ?p ?o } ?s a biolink:Disease FILTER (?p IN (skos:broader, rdfs:subClassOf)) }
        UNION { GRAPH ?g { ?s a poh:ClassificationEdge } } }""",
    "sources": "SELECT DISTINCT ?s { ?s a dcat:Dataset }",
}
"""What a table has one row of, asked in another way."""


def read_tsv(path: Path) -> list[dict[str, str]]:
    """The rows of a table as texts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def export(folder: Path, *arguments: str | Path) -> Path:
    """The folder, after all tables have been written there."""
    result = run_command("export", "tables", "-o", folder, *arguments)
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    return folder


@pytest.fixture(scope="session")
def tables(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the bundle, as TSV and Parquet."""
    return export(tmp_path_factory.mktemp("tables"), "-s", bundle.path)


def ask(graph: Graph, text: str) -> Rows:
    """The rows of a SELECT."""
    rows = graph.sparql(PREFIXES + text)
    assert isinstance(rows, Rows)
    return rows


@pytest.mark.parametrize("form", FORMS, ids=attrgetter("name"))
def test_a_label_stands_beside_its_curie(form: Form) -> None:
    """In each table; and each says source and release."""
    names = [column.name for column in form.columns]
    labelled = [name.removesuffix("_label") for name in names if name.endswith("_label")]
    assert [names[names.index(name) + 1] for name in labelled] == [f"{name}_label" for name in labelled]
    assert {"source", "source_label", "release"} <= set(names)


@pytest.mark.parametrize("form", FORMS, ids=attrgetter("name"))
def test_a_table_has_the_rows_of_a_query(form: Form, tables: Path, built: Graph) -> None:
    """Asked in SPARQL, an engine gives the same rows; the order is that of the statements."""
    asked = built.select((QUERIES / f"{form.name}.rq").read_text(encoding="utf-8"))
    lists = {column.name for column in form.columns if column.kind == "list"}
    rows = read_tsv(tables / f"{form.name}.tsv")
    assert list(rows[0]) == list(asked.variables)
    expected = Counter(
        tuple(as_cell(term, is_list=name in lists) for name, term in zip(asked.variables, row, strict=True))
        for row in asked.terms
    )
    assert Counter(tuple(row.values()) for row in rows) == expected


def as_cell(term: Term | None, *, is_list: bool) -> str:
    """A term as a table has it; the values of a list in the order of their text."""
    text = shown(term)
    if not is_list:
        return text
    return "|".join(sorted(curie_of(value) if "://" in value else value for value in text.split("|")))


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_a_row_for_each_statement(name: str, tables: Path, built: Graph) -> None:
    """The number of rows is that of the statements, counted by another question; no row stands twice."""
    rows = read_tsv(tables / f"{name}.tsv")
    assert len(rows) == len(ask(built, COUNTED[name]))
    assert len({tuple(row.values()) for row in rows}) == len(rows)
    if name in WITH_STATEMENTS:
        assert len({row["statement"] for row in rows}) == len(rows)


@pytest.mark.parametrize("form", FORMS, ids=attrgetter("name"))
def test_the_two_formats_say_the_same(form: Form, tables: Path) -> None:
    """TSV has each value as it is written, Parquet as a value of its type; columns and order are the same."""
    texts = read_tsv(tables / f"{form.name}.tsv")
    table = pq.read_table(tables / f"{form.name}.parquet")
    kinds = {column.name: column.kind for column in form.columns}
    assert list(texts[0]) == table.column_names == list(kinds)
    assert [field.type for field in table.schema] == [ARROW[kind] for kind in kinds.values()]
    assert [{column: written(value) for column, value in row.items()} for row in table.to_pylist()] == [
        {column: number(text) if kinds[column] == "number" else text for column, text in row.items()} for row in texts
    ]


def written(value: Any) -> str:
    """A value of Parquet as TSV has it; a number in Python's own form."""
    if isinstance(value, list):
        return "|".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def number(text: str) -> str:
    """A decimal in Python's own form."""
    return str(float(text)) if text else ""


def test_one_gene_of_poh(tables: Path) -> None:
    """CURIE and label stand side by side, with kind of variant, parent, papers, source and release."""
    rows = [row for row in pq.read_table(tables / "genes.parquet").to_pylist() if row["disorder"] == "ORPHA:2762"]
    row = next(row for row in rows if row["source"] == "poh.graph:curated")
    assert (row["disorder_label"], row["gene"], row["gene_label"]) == (
        "Progressive osseous heteroplasia",
        "HGNC:4392",
        "GNAS",
    )
    assert row["variant"] == "loss_of_function_variant_form"
    assert row["parent_of_origin"] == "poh:Paternal"
    assert "PMID:11784876" in row["papers"]
    assert row["papers"] == sorted(row["papers"])
    assert (row["source_label"], row["release"]) == ("POH graph", "0.1.0")


def test_bounds_are_numbers_and_stand_as_written(tables: Path) -> None:
    """POH is in the class below one in a million: an upper bound alone; what is missing is no zero."""
    row = next(row for row in read_tsv(tables / "epidemiology.tsv") if row["class"] and row["disorder"] == "ORPHA:2762")
    assert (row["class_label"], row["low_per_100000"], row["high_per_100000"]) == ("<1 / 1 000 000", "", "0.1")
    values = pq.read_table(tables / "epidemiology.parquet").to_pylist()
    same = next(value for value in values if value["statement"] == row["statement"])
    assert (same["low_per_100000"], same["high_per_100000"]) == (None, 0.1)
    assert not [value for value in values if value["value"] == 0]


def test_excluded_phenotypes_are_those_of_the_stored_query(tables: Path, built: Graph) -> None:
    """``excluded`` is a truth value; where it is true, the question for excluded phenotypes has the same."""
    rows = pq.read_table(tables / "phenotypes.parquet").to_pylist()
    excluded = {row["phenotype"] for row in rows if row["excluded"] and row["disorder"] == "ORPHA:79443"}
    asked = built.query("excluded-phenotypes", "ORPHA:79443").column("phenotype")
    assert excluded == {curie_of(str(iri)) for iri in asked}
    assert {row["excluded"] for row in rows} == {True, False}


@pytest.mark.parametrize("name", NAMES)
def test_some_disorders_have_their_rows(name: str, tables: Path, bundle: Bundle, tmp_path: Path) -> None:
    """``--disorder`` keeps the rows about it, as they are in the whole; sources are kept."""
    some = export(tmp_path, "-s", bundle.path, "--disorder", "POH", "--disorder", "FOP")
    rows = read_tsv(tables / f"{name}.tsv")
    chosen = {"ORPHA:2762", "ORPHA:337"}
    about = [row for row in rows if chosen & {row.get(column) for column in ("disorder", "subject", "object")}]
    assert about or name == "sources"
    assert read_tsv(some / f"{name}.tsv") == (about or rows)


def test_the_same_graph_gives_the_same_bytes(tables: Path, bundle: Bundle, tmp_path: Path) -> None:
    """Once more from the bundle, and from its N-Quads: every file is the same."""
    for place in ("bundle", "file"):
        again = export(tmp_path / place, "-s", bundle.path if place == "bundle" else bundle.graph)
        assert {p.name: p.read_bytes() for p in again.iterdir()} == {p.name: p.read_bytes() for p in tables.iterdir()}


def test_an_endpoint_gives_the_same_tables(doubled: Bundle, endpoint: str, tmp_path: Path) -> None:
    """A server of another maker, asked over HTTP, gives the bytes that the bundle gives."""
    here, there = export(tmp_path / "here", "-s", doubled.path), export(tmp_path / "there", "-s", endpoint)
    for name in NAMES:
        assert (here / f"{name}.tsv").read_bytes() == (there / f"{name}.tsv").read_bytes()


def test_a_graph_that_repeats_others_adds_its_own_rows_only(tables: Path, doubled: Bundle, tmp_path: Path) -> None:
    """What a second graph repeats changes no row of the others."""
    again = export(tmp_path, "-s", doubled.path)
    second = curie_of(SECOND)
    for name in NAMES:
        rows = [row for row in read_tsv(again / f"{name}.tsv") if row["source"] != second]
        assert rows == read_tsv(tables / f"{name}.tsv")


def test_without_pyarrow_there_is_tsv(bundle: Bundle, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says how to get Parquet, and how to do without; nothing is written meanwhile."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    result = run("export", "tables", "-o", "t", "-s", bundle.path)
    assert result.exit_code == 2
    assert "pip install 'poh-graph[tables]'" in result.stderr
    assert "--as tsv" in result.stderr
    assert not Path("t").exists()
    assert run("export", "tables", "--as", "tsv", "-o", "t", "-s", bundle.path).exit_code == 0
    assert sorted(path.name for path in Path("t").iterdir()) == [f"{name}.tsv" for name in NAMES]


@pytest.mark.parametrize("ending", ["parquet", "tsv"])
def test_duckdb_reads_them(ending: str, tables: Path) -> None:
    """DuckDB tells the types by itself, and joins by CURIE."""
    text = """
        SELECT p.phenotype_label, p.excluded, e.high_per_100000
        FROM '{0}/phenotypes.{1}' p JOIN '{0}/epidemiology.{1}' e USING (disorder)
        WHERE disorder = 'ORPHA:2762' AND e.class IS NOT NULL AND p.phenotype_label = 'Ectopic calcification'
    """
    found = duckdb.execute(text.format(tables, ending)).fetchall()
    assert (found[0][0], found[0][1], float(found[0][2])) == ("Ectopic calcification", False, 0.1)


@pytest.mark.parametrize("name", NAMES)
def test_a_data_frame_is_the_same_table(name: str, built: Graph, tables: Path) -> None:
    """``pg.table(g, name).df()`` has the columns and values of the file that pandas reads."""
    ours, read = (
        frame.to_dict("records") for frame in (pg.table(built, name).df(), pd.read_parquet(tables / f"{name}.parquet"))
    )
    assert [{key: plain(value) for key, value in row.items()} for row in ours] == [
        {key: plain(value) for key, value in row.items()} for row in read
    ]


def plain(value: Any) -> Any:
    """A value of pandas: a list of any kind as a list, each sign of "nothing" as None."""
    if isinstance(value, list | np.ndarray):
        return list(value)
    return None if pd.isna(value) else value


def test_the_sources_are_those_of_the_manifest(tables: Path, bundle: Bundle) -> None:
    """Release and number of statements of each named graph."""
    manifest = json.loads(bundle.manifest.read_text(encoding="utf-8"))["graphs"]
    rows = {row["source"]: row for row in pq.read_table(tables / "sources.parquet").to_pylist()}
    for name, row in rows.items():
        described = manifest[name.removeprefix("poh.graph:")]
        assert (row["release"], row["statements"]) == (described["version"], described["triples"])
    assert len(rows) == len([found for found in manifest.values() if found["version"]])


def failing(run: Run) -> Iterator[tuple[str, str]]:
    """What is refused: what it says → what is expected of it."""
    Path("in-no-graph.ttl").write_text("<x:s> <x:p> <x:o> .", encoding="utf-8")
    Path("a-file").touch()
    yield run("export", "tables").stderr, "export tables -o DIR"
    yield run("export", "tables", "-s", "in-no-graph.ttl", "-o", "t").stderr, "named graph"
    yield run("export", "tables", "-o", "a-file").stderr, "cannot be written"
    yield run("export", "tables", "-o", "t", "--disorder", "nothing at all").stderr, "nothing at all"
    yield run("export", "turtle", "--as", "tsv").stderr, "Leave --as out"


def test_what_cannot_be_done_is_told(run: Run) -> None:
    """No folder, no named graphs, a folder that is a file, an unknown disorder: one message each, and no traceback."""
    for said, expected in failing(run):
        assert said.startswith("Error: ")
        assert expected in said
    assert not Path("t").exists()


def test_a_value_of_another_type_is_told(run: Run, bundle: Bundle) -> None:
    """A text that is no number names table and column; the tables that were there stay, and no part of a file."""
    Path("t").mkdir()
    (Path("t") / "genes.tsv").write_text("older", encoding="utf-8")
    wrong = bundle.graph.read_text(encoding="utf-8").replace('maxValue> "0.1"', 'maxValue> "0,1"')
    Path("wrong.nq").write_text(wrong, encoding="utf-8")
    result = run("export", "tables", "-s", "wrong.nq", "-o", "t")
    assert result.exit_code == 2
    assert "high_per_100000 of the table epidemiology is no number" in result.stderr
    assert [(path.name, path.read_text(encoding="utf-8")) for path in Path("t").iterdir()] == [("genes.tsv", "older")]


def test_an_unknown_table_is_told(built: Graph) -> None:
    """The message names those that there are."""
    with pytest.raises(ParameterError, match="no table 'gene'") as error:
        pg.table(built, "gene")
    assert "epidemiology, genes, mappings" in error.value.mend


def test_tables_need_no_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is none they are those of the packaged graph."""
    monkeypatch.chdir(tmp_path)
    folder = export(Path("t"))
    assert {row["disorder"] for row in read_tsv(folder / "disorders.tsv")} >= {"ORPHA:2762", "ORPHA:337"}
