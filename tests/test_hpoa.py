"""HPO annotations: each row as the model has it, joined with HPO and Orphanet; the real rows are counted as text."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from poh_graph.building.assemble import assemble_sources, packaged_graph
from poh_graph.building.neighbours import Neighbour
from poh_graph.building.readers import reader_named
from poh_graph.graph import Graph, open_graph
from poh_graph.records.annotations import ASPECTS, Annotation, Frequency
from poh_graph.sources.hpoa import read_hpoa
from poh_graph.store import LocalStore
from poh_graph.triples.hpoa import hpoa_lines
from poh_graph.triples.world import World
from tests.running import run_command

CASES = Path(__file__).parent / "cases"
GRAPH = "https://w3id.org/poh-graph/graph/hpoa"
PREFIXES = """
PREFIX biolink: <https://w3id.org/biolink/vocab/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX omim: <https://omim.org/entry/>
PREFIX ordo: <http://www.orpha.net/ORDO/>
PREFIX pmid: <http://www.ncbi.nlm.nih.gov/pubmed/>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def annotations_of(path: Path) -> list[Annotation]:
    """The annotations of a file."""
    return [record for record in read_hpoa(path) if isinstance(record, Annotation)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The good files of HPO and of its annotations in one bundle, which the shapes accept."""
    target = tmp_path_factory.mktemp("hpoa") / "bundle"
    files = [CASES / "hpo" / "good.obo", CASES / "hpoa" / "good.hpoa"]
    result = run_command("build", *files, "-o", target, "--jobs", "1")
    assert result.exit_code == 0, result.output
    return open_graph(target)


@pytest.mark.parametrize(
    "statement",
    [
        'biolink:frequency_qualifier obo:HP_0040283 ; biolink:publications pmid:11784876 ; poh:evidenceCode "PCS"',
        "biolink:has_count 5 ; biolink:has_total 6 ; biolink:sex_qualifier obo:PATO_0000383",
        "biolink:onset_qualifier obo:HP_0003593 ; poh:clinicalModifier obo:HP_0012828, obo:HP_0012832",
        "biolink:has_percentage 12.5 ; poh:aspect obo:HP_0000118",
        "dcterms:source omim:100002, <https://hpo.jax.org/page> ; poh:citedWork 'ISBN-13:978-0000000000'",
        "biolink:publications pmid:1, pmid:2 ; biolink:negated false",
    ],
)
def test_a_row_is_an_association(built: Graph, statement: str) -> None:
    """Frequency in its three forms, sex, onset, modifiers, aspect, evidence, and all that is cited."""
    text = f"ASK {{ GRAPH <{GRAPH}> {{ ?a rdf:subject omim:100001 ; rdf:object obo:HP_9900001 ; {statement} }} }}"
    assert built.sparql(PREFIXES + text)


@pytest.mark.parametrize(
    ("pattern", "there"),
    [
        ("omim:100001 obo:RO_0002200 obo:HP_9900001, obo:HP_0000006", True),
        ("omim:100001 obo:RO_0002200 obo:HP_9900002", False),
        ("ordo:Orphanet_2762 obo:RO_0002200 obo:HP_9900001", False),
        ("?a rdf:subject ordo:Orphanet_2762 ; biolink:negated true", True),
        ("<https://w3id.org/poh-graph/disorder/decipher-1> obo:RO_0002200 ?p", False),
        ("?a rdf:subject <https://w3id.org/poh-graph/disorder/decipher-1> ; biolink:negated true", True),
        ("ordo:Orphanet_2762 rdfs:label ?label", False),
        ("omim:100001 rdfs:label 'An invented disorder'@en ; skos:notation 'OMIM:100001'", True),
        ("obo:HP_9900001 rdfs:label ?label", False),
        ("obo:HP_9900002 rdfs:label ?label", False),
        ("obo:HP_0012828 rdfs:label 'HP:0012828'@en", True),
        ("omim:100002 rdfs:label 'OMIM:100002'", True),
    ],
)
def test_what_follows_from_rows(built: Graph, pattern: str, there: bool) -> None:  # noqa: FBT001 - a table
    """A phenotype that is excluded, or was found in nobody, has no shortcut; only what nobody names is named here."""
    assert bool(built.sparql(f"{PREFIXES} ASK {{ GRAPH <{GRAPH}> {{ {pattern} }} }}")) is there


def test_nobody_is_named() -> None:
    """Who wrote a row is in no statement, and makes no row another one."""
    lines = "".join(hpoa_lines(annotations_of(CASES / "hpoa" / "good.hpoa"), World()))
    assert "nobody" not in lines


@pytest.fixture(scope="module")
def real(request: pytest.FixtureRequest) -> Path:
    """The rows of the GNAS disorders, FOP and McCune-Albright, of the release of 2025-01-16."""
    releases: Path = request.getfixturevalue("releases")
    return releases / "hpoa_2025-01-16" / "phenotype.subset.hpoa"


def table(path: Path) -> list[dict[str, str]]:
    """The rows as the csv module reads them."""
    with path.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_each_real_row_is_what_csv_reads(real: Path) -> None:
    """451 rows, every cell but who wrote it."""
    frequencies = {"": Frequency()}

    def of(cell: str) -> Frequency:
        if "/" in cell:
            count, total = map(int, cell.split("/"))
            return Frequency(count=count, total=total)
        return frequencies.get(cell) or Frequency(term=cell)

    rows = table(real)
    found = annotations_of(real)
    assert len(rows) == 451
    assert [
        (a.disorder, a.name, a.hpo, a.negated, a.evidence, a.onset, a.aspect, a.frequency, a.sex, a.modifiers)
        for a in found
    ] == [
        (
            *(r["database_id"], r["disease_name"], r["hpo_id"], r["qualifier"] == "NOT", r["evidence"], r["onset"]),
            *(ASPECTS[r["aspect"]], of(r["frequency"]), None, ()),
        )
        for r in rows
    ]
    assert [";".join([*(f"PMID:{paper}" for paper in a.papers), *a.entries]) for a in found] == [
        r["reference"] for r in rows
    ]


def test_the_statements_of_the_real_rows(real: Path) -> None:
    """One association a row; shortcuts, papers and counts as the text of the file has them."""
    rows = table(real)
    lines = list(hpoa_lines(annotations_of(real), World()))
    properties = Counter(line.split(" ")[1].rsplit("/", 1)[-1].rsplit("#", 1)[-1].rstrip(">") for line in lines)
    affirmed = {
        (r["database_id"], r["hpo_id"]) for r in rows if r["qualifier"] != "NOT" and not r["frequency"].startswith("0/")
    }
    shortcuts = {line for line in lines if "RO_0002200" in line}
    assert (len(shortcuts), properties["negated"]) == (len(affirmed), len(rows))
    assert properties["publications"] == sum(r["reference"].count("PMID:") for r in rows)
    assert properties["has_count"] == sum("/" in r["frequency"] for r in rows)
    assert properties["frequency_qualifier"] == sum(r["frequency"].startswith("HP:") for r in rows)


def test_the_packaged_extract_is_what_the_reader_makes_of_the_real_rows(real: Path) -> None:
    """The rows of the OMIM entry of POH have one form, packaged or read."""
    reader = reader_named("hpoa")
    assert reader is not None
    records: list[Any] = list(Neighbour.at(reader, [real]).records())
    world = World()
    world.learn(assemble_sources(without=[f"hpoa/{name}" for name in reader.replaces]).store.lines())
    lines = set(reader.lines([record for record in records if record.disorder == "OMIM:166350"], world))
    packaged = {line.decode() for line in LocalStore(packaged_graph("hpoa", only=reader.replaces)[0]).lines()}
    assert packaged == lines
