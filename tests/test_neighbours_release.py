"""Mondo's whole mapping sets and HGNC's rows, as the readers take them, against what the csv module reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poh_graph.building.assemble import assemble_sources, packaged_graph
from poh_graph.building.neighbours import Neighbour
from poh_graph.building.readers import reader_named
from poh_graph.records.mappings import Mapping
from poh_graph.records.problems import Problem
from poh_graph.sources.sssom import read_mapping_set
from poh_graph.store import LocalStore
from poh_graph.terms import prefix_map
from poh_graph.triples.world import World
from tests.running import Run

POH = "http://www.orpha.net/ORDO/Orphanet_2762"


def data_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a table as the standard library reads them, without its comment lines."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")


@pytest.fixture(scope="module")
def mondo_sets(request: pytest.FixtureRequest) -> list[Path]:
    """The mapping sets of Mondo."""
    releases: Path = request.getfixturevalue("releases")
    return sorted((releases / "mondo_sssom").glob("*.sssom.tsv"))


@pytest.fixture(scope="module")
def all_mappings(mondo_sets: list[Path]) -> tuple[Neighbour, list[object]]:
    """All of them, read."""
    mondo = reader_named("mondo")
    assert mondo is not None
    found = Neighbour.at(mondo, mondo_sets)
    return found, list(found.records())


def test_every_row_of_the_real_sets_is_read_or_told(
    mondo_sets: list[Path], all_mappings: tuple[Neighbour, list[object]]
) -> None:
    """127,148 rows, of which Mondo has mistyped three identifiers; counted by the csv module."""
    neighbour, records = all_mappings
    rows = {path.name: sum(1 for _ in data_rows(path)) for path in mondo_sets}
    assert {name: tally.rows for name, tally in neighbour.tallies.items()} == rows
    assert sum(rows.values()) == 127_148
    assert neighbour.problems.counts == {"malformed identifier": 3}
    assert sum(isinstance(record, Mapping) for record in records) == 127_145


def test_each_mapping_is_the_row_that_csv_reads(
    mondo_sets: list[Path], all_mappings: tuple[Neighbour, list[object]]
) -> None:
    """Subject, relation, object, label and justification, with the prefixes in their canonical form."""
    wrong = {"MedDRA:1008095", "MedDRA:100233350", "NCIT:3921"}
    expected = [
        (
            row["subject_id"],
            row["predicate_id"],
            prefix_map().compress(prefix_map().expand(row["object_id"], strict=True) or ""),
            row["subject_label"],
            row.get("object_label", ""),
            row["mapping_justification"],
        )
        for path in mondo_sets
        for row in data_rows(path)
        if row["object_id"] not in wrong
    ]
    found = [
        (r.subject, r.predicate, r.object, r.subject_label, r.object_label, r.justification)
        for r in all_mappings[1]
        if isinstance(r, Mapping)
    ]
    assert found == expected


@pytest.mark.parametrize("name", ["mondo_broadmatch_icd10cm", "mondo_closematch_meddra", "mondo_hasdbxref_nord"])
def test_the_library_for_sssom_reads_the_same(releases: Path, name: str) -> None:
    """``sssom-pydantic`` gives the same mappings of sets without a row that it would drop."""
    import sssom_pydantic

    path = releases / "mondo_sssom" / f"{name}.sssom.tsv"
    theirs = sssom_pydantic.read(path)[0]
    ours = [r for r in read_mapping_set(path, prefix_map()) if isinstance(r, Mapping)]
    lost = [r for r in read_mapping_set(path, prefix_map()) if isinstance(r, Problem)]
    assert len(theirs) == len(ours) + len(lost)
    canonical = {(t.subject.identifier, t.predicate.curie, t.object.identifier) for t in theirs}
    assert {(m.subject.partition(":")[2], m.predicate, m.object.partition(":")[2]) for m in ours} <= canonical


def test_the_packaged_extract_is_what_the_reader_makes_of_the_real_sets(
    all_mappings: tuple[Neighbour, list[object]],
) -> None:
    """Nothing that the package says of Mondo's sets is not said by the sets: the two have one form."""
    reader = all_mappings[0].reader
    world = World()
    world.learn(assemble_sources(without=[f"mondo/{name}" for name in reader.replaces]).store.lines())
    lines = set(reader.lines(all_mappings[1], world))
    packaged = LocalStore(packaged_graph("mondo", only=reader.replaces)[0])
    assert {line.decode() for line in packaged.lines()} - lines == set()


def test_the_real_genes_are_the_rows_that_csv_reads(releases: Path) -> None:
    """Symbols, names, aliases, places and identifiers of each row, by the csv module."""
    path = releases / "hgnc_subset" / "hgnc_complete_set_GNA_rows.txt"
    hgnc = reader_named("hgnc")
    assert hgnc is not None
    found = Neighbour.at(hgnc, [path])
    genes: list[Any] = list(found.records())
    rows = list(data_rows(path))
    assert found.problems.counts == {}

    def parts(cell: str) -> list[str]:
        return [part for part in cell.split("|") if part]

    assert [(g.hgnc, g.symbol, g.name, g.location, list(g.aliases), list(g.uniprot)) for g in genes] == [
        (r["hgnc_id"][5:], r["symbol"], r["name"], r["location"], parts(r["alias_symbol"]), parts(r["uniprot_ids"]))
        for r in rows
    ]
    assert [(g.locus_type, g.ncbi, g.ensembl, list(g.previous_symbols)) for g in genes] == [
        (r["locus_type"], r["entrez_id"], r["ensembl_gene_id"], parts(r["prev_symbol"])) for r in rows
    ]
    assert found.editions[0].version == max(r["date_modified"] for r in rows)


def test_identifiers_of_poh_have_relation_and_source(run: Run, mondo_sets: list[Path]) -> None:
    """By the real rows of its class: Mondo, DOID, UMLS, MeSH, SNOMED CT, GARD and ICD-11, each said by Mondo."""
    Path("sets").mkdir()
    for path in mondo_sets:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        rows = [line for line in lines if line.startswith(("#", "subject_id\t", "MONDO:0008153\t"))]
        (Path("sets") / path.name).write_text("".join(rows), encoding="utf-8")
    result = run("build", "--source", "mondo=sets", "--disorder", "ORPHA:2762", "-o", "poh", "--jobs", "1")
    assert result.exit_code == 0, result.output
    answer = json.loads(run("query", "identifiers", "ORPHA:2762", "-s", "poh", "--as", "json").stdout)
    found = {
        (row["relation"]["value"].rsplit("#", 1)[1], row["identifier"]["value"])
        for row in answer["results"]["bindings"]
        if row["from"]["value"] == POH and row.get("said_by", {}).get("value") == "https://mondo.monarchinitiative.org"
    }
    assert {
        ("exactMatch", "http://purl.obolibrary.org/obo/MONDO_0008153"),
        ("exactMatch", "http://purl.obolibrary.org/obo/DOID_0111535"),
        ("exactMatch", "http://linkedlifedata.com/resource/umls/id/C0334041"),
        ("exactMatch", "http://id.nlm.nih.gov/mesh/C562735"),
        ("exactMatch", "http://snomed.info/id/719271000"),
        ("exactMatch", "http://id.who.int/icd/entity/1107209347"),
        ("hasDbXref", "GARD:0000109"),
    } <= found
