"""SSSOM of all mappings: read back without loss, in the prefixes of three communities."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, cast

import pytest
import sssom_pydantic

from poh_graph.export import rdf
from poh_graph.export.sssom import COLUMNS, NOT_FOLLOWED, STYLES, Style, write_sssom
from poh_graph.graph import Graph

Row = dict[str, str]


def written(graph: Graph, style: Style = "mondo") -> str:
    """The file as text."""
    out = io.BytesIO()
    write_sssom(graph, rdf.whole(graph), out, style)
    return out.getvalue().decode()


@pytest.fixture(scope="module")
def text(poh: Graph) -> str:
    """The mappings of the packaged graph."""
    return written(poh)


@pytest.fixture(scope="module")
def rows(text: str) -> list[Row]:
    """The same as rows, read by the csv module alone."""
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def of(rows: list[Row], object_: str, subject: str = "Orphanet:2762") -> list[Row]:
    """The rows between two things."""
    return [row for row in rows if (row["subject_id"], row["object_id"]) == (subject, object_)]


def test_every_mapping_of_the_graph_is_a_row(poh: Graph, rows: list[Row]) -> None:
    """One each, counted by SPARQL."""
    (count,) = poh.select("SELECT (COUNT(DISTINCT ?m) AS ?n) WHERE { ?m a <https://w3id.org/sssom/Mapping> }").column(
        "n"
    )
    assert len(rows) == count
    assert len({row["record_id"] for row in rows}) == count
    assert tuple(rows[0]) == COLUMNS


def test_a_reader_of_sssom_takes_every_row(tmp_path: Path, text: str, rows: list[Row]) -> None:
    """sssom-pydantic drops in silence a row whose prefix is unknown or that has no justification: none is lost."""
    path = tmp_path / "mappings.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    mappings, _, _ = sssom_pydantic.read(path)[:3]
    assert len(mappings) == len(rows)


def test_the_relations_of_poh(rows: list[Row]) -> None:
    """Who says which relation to OMIM, MONDO, MeSH, and from which release."""
    orphanet = next(row for row in of(rows, "OMIM:166350") if row["mapping_source"] == "poh.graph:orphanet")
    assert orphanet["predicate_id"] == "skos:exactMatch"
    assert orphanet["predicate_label"].startswith("E (Exact mapping")
    assert orphanet["mapping_justification"] == "semapv:ManualMappingCuration"
    assert orphanet["mapping_provider"] == "https://www.orpha.net"
    assert orphanet["ext_source_release"] == "2025-07"
    assert orphanet["subject_label"] == "Progressive osseous heteroplasia"
    mesh = of(rows, "mesh:C562735")
    assert {row["mapping_justification"] for row in mesh} == {"semapv:MappingChaining"}
    assert {row["ext_source_release"] for row in mesh} == {"2026-08-04"}


def test_two_snomed_codes_conflict(rows: list[Row]) -> None:
    """SNOMED CT 404074003 is not followed, and names the mapping that it cannot stand beside."""
    (losing,) = of(rows, "SCTID:404074003", "DOID:0111535")
    (standing,) = (row for row in of(rows, "SCTID:719271000") if row["ext_conflicts_with"])
    assert losing["comment"] == NOT_FOLLOWED
    assert standing["comment"] == ""
    assert standing["record_id"] in losing["ext_conflicts_with"].split("|")
    assert losing["record_id"] in standing["ext_conflicts_with"].split("|")


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("mondo", {"Orphanet:2762", "mesh:C562735", "icd11.foundation:1107209347"}),
        ("bioregistry", {"ORPHA:2762", "mesh:C562735", "snomedct:719271000"}),
        ("biolink", {"orphanet:2762", "MESH:C562735", "SNOMEDCT:719271000"}),
    ],
)
def test_prefixes_are_those_of_a_community(poh: Graph, style: Style, expected: set[str]) -> None:
    """Each spelling has its own IRI in the head of the file."""
    found = written(poh, style)
    curies: set[Any] = set()
    for row in csv.DictReader((x for x in found.splitlines(keepends=True) if x[0] != "#"), delimiter="\t"):
        curies |= {row["subject_id"], row["object_id"]}
    assert expected <= curies
    head = [line for line in found.splitlines() if line.startswith("#  ")]
    assert any(line.startswith(f'#  {next(c for c in expected if "2762" in c).partition(":")[0]}: "') for line in head)


def test_the_table_of_spellings_agrees_with_the_communities(releases: Path) -> None:
    """Bioregistry's preferred prefixes and Biolink's own, read from their files."""
    with (Path("ontology") / "prefix-styles.tsv").open(encoding="utf-8", newline="") as file:
        ours = list(csv.DictReader(file, delimiter="\t"))
    with (releases / "prefix_maps" / "bioregistry_formats.tsv").open(encoding="utf-8", newline="") as file:
        preferred = {row["preferred"] for row in csv.DictReader(file, delimiter="\t")}
    biolink = (releases / "prefix_maps" / "biolink_model_prefix_map.json").read_text(encoding="utf-8")
    mondo = (releases / "prefix_maps" / "mondo.sssom.config.yml").read_text(encoding="utf-8")
    mondo += "".join(path.read_text(encoding="utf-8") for path in (releases / "mondo_sssom").glob("*hasdbxref*"))
    mondo += (releases / "mondo_sssom" / "mondo_exactmatch_sctid.sssom.tsv").read_text(encoding="utf-8")
    assert set(STYLES) <= ours[0].keys()
    for row in ours:
        assert not row["bioregistry"] or row["bioregistry"] in preferred, row
        assert not row["biolink"] or f'"{row["biolink"]}"' in biolink, row
        assert not row["mondo"] or f"{row['mondo']}:" in mondo, row


@pytest.mark.filterwarnings("ignore::DeprecationWarning:sssom.*", "ignore::FutureWarning:sssom.*")
def test_sssom_py_reads_it_back_without_loss(tmp_path: Path, text: str, rows: list[Row]) -> None:
    """Every row, with what conflicts with it and the release of its source, and written again the same."""
    from sssom.parsers import parse_sssom_table

    path = tmp_path / "mappings.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    found = cast(list[Row], parse_sssom_table(str(path)).df.fillna("").to_dict("records"))
    assert len(found) == len(rows)
    by_record = {row["record_id"]: row for row in rows}
    for line in found:
        expected = by_record[line["record_id"]]
        assert {name: value for name, value in line.items() if value} == {
            name: expected[name] for name in line if expected[name]
        }
        said = line["other"].split("|")
        assert f"source_release={expected['ext_source_release']}" in said
        assert [f"conflicts_with={other}" for other in expected["ext_conflicts_with"].split("|") if other] == said[1:]


def test_an_empty_cell_is_no_line_break(rows: list[Row]) -> None:
    """Labels with line breaks or tabs would make two rows of one."""
    assert all(not set("\t\r\n") & set(cell) for row in rows for cell in row.values())
