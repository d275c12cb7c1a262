"""The tables of a release hold what a plain count over its JSON finds: rows and values.

The count knows neither the reader nor the graph: it opens the packets with ``json``. It goes over every twelfth packet,
a sample of eight hundred with all shapes in it, because the whole release would take a minute.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest

from poh_graph.building.assemble import assemble_sources, describe
from poh_graph.building.intake import GRAPH, read_release
from poh_graph.export.whole_tables import write_tables
from poh_graph.graph import Graph
from tests.plain_packets import plain_packets

STRIDE = 12

Packet = dict[str, Any]

BOUNDS: dict[str, tuple[float | None, float | None]] = {
    ">1 / 1000": (100, None),
    "6-9 / 10 000": (60, 100),
    "1-5 / 10 000": (10, 60),
    "1-9 / 100 000": (1, 10),
    "1-9 / 1 000 000": (0.1, 1),
    "<1 / 1 000 000": (None, 0.1),
}
"""Cases in 100,000 people: the lower bound belongs to the class, the upper does not."""

RELATIONS = {
    "E": "skos:exactMatch",
    "BTNT": "skos:narrowMatch",
    "NTBT": "skos:broadMatch",
    "ND": "oboInOwl:hasDbXref",
}
"""Seen from the disorder: if it is broader than the target, the target is narrower."""

PMID = re.compile(r"(?:^|_)(\d+)\[PMID\]")


@pytest.fixture(scope="module")
def packets(releases: Path) -> list[Packet]:
    """The sample, as the JSON has it."""
    found = plain_packets(releases / "orphapacket-2025-07.zip")
    return sorted(found, key=lambda packet: int(packet["ORPHAcode"]))[::STRIDE]


@pytest.fixture(scope="module")
def tables(packets: list[Packet], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the packaged graphs with the sample in place of the extract."""
    folder = tmp_path_factory.mktemp("sample")
    path = folder / "sample.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for packet in packets:
            archive.writestr(f"ORPHApacket_{packet['ORPHAcode']}.json", json.dumps({"Orphapacket": packet}))
    assembly = assemble_sources(without=[GRAPH])
    intake = read_release(path, assembly.sources[GRAPH])
    assembly.store.engine.bulk_load(b"".join(intake.lines), ox.RdfFormat.N_QUADS)
    describe(assembly)
    write_tables(Graph(assembly.store), folder, formats=["parquet"])
    return folder


def rows(folder: Path, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    """The rows of the release in a table, with some of its columns."""
    read = pq.read_table(folder / f"{table}.parquet", filters=[("source", "=", "poh.graph:orphanet")])
    return [tuple(as_tuple(row[column]) for column in columns) for row in read.to_pylist()]


def as_tuple(value: object) -> object:
    """A list as what can be counted; other values as they are."""
    return tuple(value) if isinstance(value, list) else value


def listed(packet: Packet, plural: str, singular: str) -> list[Packet]:
    """What stands below a key, in each of its shapes: a list or a dictionary, flat or wrapped, one or many."""
    below = packet.get(plural) or []
    items = [item.get(singular, item) for item in (below if isinstance(below, list) else [below])]
    return [one for item in items for one in (item if isinstance(item, list) else [item])]


def disorders(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """Its type, onsets and inheritances."""
    onsets = sorted(item["value"] for item in listed(packet, "AverageAgeOfOnsets", "AverageAgeOfOnset"))
    inheritances = sorted(item["value"] for item in listed(packet, "TypeOfInheritances", "TypeOfInheritance"))
    yield packet["DisorderType"]["value"], tuple(onsets), tuple(inheritances)


def names(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """Its label and synonyms."""
    yield "label", packet["Label"]
    yield from (("synonym", item["Synonym"]) for item in packet.get("Synonyms") or [])


def genes(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """Gene and kind of association."""
    for gene in listed(packet, "Genes", "Gene"):
        yield gene["Symbol"], gene["DisorderGeneAssociationType"]


def phenotypes(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """Phenotype and frequency, each once; excluded are those of frequency zero."""
    for item in {str(item): item for item in listed(packet, "Phenotypes", "Phenotype")}.values():
        yield item["HPOId"], item["HPOFrequency"].partition(" (")[0], item["HPOFrequency"] == "Excluded (0%)"


def epidemiology(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """Qualification, bounds and value of a record; neither "0.0" nor "no data" is a value."""
    for item in listed(packet, "Prevalences", "Prevalence"):
        low, high = BOUNDS.get(item["PrevalenceClass"], (None, None))
        value = None if item["ValMoy"] in ("no data", "0.0") else float(item["ValMoy"])
        yield item["PrevalenceQualification"], low, high, value


def mappings(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """OMIM entry and relation."""
    for item in listed(packet, "ExternalReferences", "ExternalReference"):
        yield f"OMIM:{item['Reference']}", RELATIONS[item["DisorderMappingRelation"].partition(" ")[0]]


def parents(packet: Packet) -> Iterator[tuple[Hashable, ...]]:
    """The groups that it stands in."""
    yield from ((f"ORPHA:{item['ORPHAcode']}",) for item in listed(packet, "Parents", "Parent"))


TABLES: dict[str, tuple[Callable[[Packet], Iterator[tuple[Hashable, ...]]], list[str]]] = {
    "disorders": (disorders, ["disorder", "type_label", "onsets", "inheritances"]),
    "names": (names, ["disorder", "kind", "name"]),
    "genes": (genes, ["disorder", "gene_label", "kind_label"]),
    "phenotypes": (phenotypes, ["disorder", "phenotype", "frequency_label", "excluded"]),
    "epidemiology": (
        epidemiology,
        ["disorder", "qualification", "low_per_100000", "high_per_100000", "value"],
    ),
    "mappings": (mappings, ["subject", "object", "predicate"]),
    "parents": (parents, ["disorder", "parent"]),
}
"""What is counted in a packet, and the columns that have it: first the disorder."""


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_rows_of_the_packets(table: str, tables: Path, packets: list[Packet]) -> None:
    """Each row of a packet is a row of the table with the same values, and the table has no other of its disorders."""
    count, columns = TABLES[table]
    expected = Counter((f"ORPHA:{packet['ORPHAcode']}", *row) for packet in packets for row in count(packet))
    disorders = {row[0] for row in expected}
    found = Counter(row for row in rows(tables, table, columns) if row[0] in disorders)
    assert found == expected
    assert found.total() > len(packets) / 3


def test_the_papers_of_the_packets_are_in_the_rows(tables: Path, packets: list[Packet]) -> None:
    """Each paper that a source text names by its grammar is in the list of a row of the disorder."""
    cited = {
        (f"ORPHA:{packet['ORPHAcode']}", f"PMID:{number}")
        for packet in packets
        for item in listed(packet, "Prevalences", "Prevalence")
        for number in PMID.findall(item["Source"] or "")
    }
    assert len(cited) > len(packets) / 3
    listed_ = rows(tables, "epidemiology", ["disorder", "papers"])
    assert cited <= {(disorder, paper) for disorder, papers in listed_ for paper in papers}


def test_what_is_excluded_is_said_so(tables: Path) -> None:
    """There are some of both."""
    assert {excluded for (excluded,) in rows(tables, "phenotypes", ["excluded"])} == {True, False}
