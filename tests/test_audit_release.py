"""The audit of whole releases finds what a plain count over the JSON finds.

The count knows neither the reader nor the graph: it opens the packets with ``json`` and compares what they say. Of HPO
it takes the part of the package.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from poh_graph.audit import findings, kinds
from poh_graph.building.assemble import assemble_sources, describe
from poh_graph.building.intake import GRAPH, read_release
from poh_graph.gate.report import Finding
from poh_graph.graph import Graph
from poh_graph.terms import RDFS
from tests.plain_packets import plain_packets

ROOT = Path(__file__).parent.parent
RELEASES = ("orphapacket-2024-12.zip", "orphapacket-2025-07.zip")

Pair = tuple[str, ...]


@pytest.fixture(scope="module", params=RELEASES)
def release(request: pytest.FixtureRequest, releases: Path) -> Path:
    """A whole release."""
    return releases / str(request.param)


@lru_cache(maxsize=1)  # half a gigabyte each
def audited(release: Path) -> Graph:
    """The packaged graphs with a whole release in place of the extract, in memory, without the gate."""
    assembly = assemble_sources(without=[GRAPH])
    intake = read_release(release, assembly.sources[GRAPH])
    assembly.store.engine.bulk_load(b"".join(intake.lines), ox.RdfFormat.N_QUADS)
    describe(assembly)
    return Graph(assembly.store)


@lru_cache(maxsize=1)
def packets(release: Path) -> list[dict[str, Any]]:
    """The packets, as the JSON has them."""
    return plain_packets(release)


def found(release: Path, kind: str) -> list[Finding]:
    """What the audit finds of a kind in what Orphanet says."""
    (only,) = kinds([kind])
    return [f for f in findings(audited(release), only) if any(s.source.endswith("/orphanet") for s in f.sides)]


def code(iri: str) -> str:
    """The bare code of an IRI."""
    return iri.rsplit("/", 1)[1].rpartition("_")[2]


def genes(packet: dict[str, Any]) -> list[dict[str, Any]]:
    """The genes of a packet."""
    return [item["Gene"] for item in packet.get("Genes") or []]


def references(packet: dict[str, Any]) -> list[dict[str, str]]:
    """The cross-references of a packet, flat or wrapped."""
    return [item.get("ExternalReference", item) for item in packet.get("ExternalReferences") or []]


def exact(packet: dict[str, Any]) -> list[str]:
    """The OMIM entries that a packet calls the same as its disorder."""
    return [r["Reference"] for r in references(packet) if r["DisorderMappingRelation"].startswith("E ")]


def parents(packet: dict[str, Any]) -> set[str]:
    """The codes of the parents of a packet, in a list or in a dictionary."""
    listed = packet.get("Parents") or []
    wrapped = [listed] if isinstance(listed, dict) else listed
    return {parent["ORPHAcode"] for item in wrapped for parent in item["Parent"]}


def phenotypes(packet: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Identifier, label and frequency of the phenotypes of a packet."""
    listed = [item["Phenotype"] for item in packet.get("Phenotypes") or []]
    return [(p["HPOId"].replace(":", "_"), p["HPOTerm"], p["HPOFrequency"]) for p in listed]


def test_genes_listed_twice(release: Path) -> None:
    """Each pair of kinds that a packet gives for one gene is a finding, and nothing else is."""
    counted: list[Pair] = []
    for packet in packets(release):
        by_gene: dict[str, set[str]] = defaultdict(set)
        for gene in genes(packet):
            by_gene[gene["Symbol"]].add(gene["DisorderGeneAssociationType"])
        counted += [(packet["ORPHAcode"],) for types in by_gene.values() for _ in combinations(types, 2)]
    assert counted
    assert sorted((code(f.focus),) for f in found(release, "gene-listed-twice")) == sorted(counted)


def test_phenotypes_with_two_frequencies(release: Path) -> None:
    """Each pair of frequencies that a packet gives for one phenotype is a finding, and nothing else is."""
    counted: list[Pair] = []
    for packet in packets(release):
        by_phenotype: dict[str, set[str]] = defaultdict(set)
        for identifier, _, frequency in phenotypes(packet):
            by_phenotype[identifier].add(frequency)
        counted += [
            (packet["ORPHAcode"], identifier.removeprefix("HP_"))
            for identifier, frequencies in by_phenotype.items()
            for _ in combinations(frequencies, 2)
        ]
    shown = [(code(f.focus), code(f.value)) for f in found(release, "phenotype-with-two-frequencies")]
    assert sorted(shown) == sorted(counted)


def test_omim_entries_exact_to_two_disorders(release: Path) -> None:
    """Each pair of packets that call one OMIM entry the same as their disorder is a finding."""
    by_entry: dict[str, set[str]] = defaultdict(set)
    for packet in packets(release):
        for entry in exact(packet):
            by_entry[entry].add(packet["ORPHAcode"])
    counted = [tuple(sorted(pair)) for codes in by_entry.values() for pair in combinations(codes, 2)]
    shown = [tuple(sorted((code(f.focus), code(f.value)))) for f in found(release, "omim-exact-to-two-disorders")]
    assert sorted(shown) == sorted(counted)
    assert counted


def test_disorders_exact_to_the_entry_of_a_gene(release: Path) -> None:
    """Each packet that calls an entry the same as its disorder which another, or itself, gives for a gene is found."""
    of_genes = {
        reference["Reference"]
        for packet in packets(release)
        for gene in genes(packet)
        for reference in gene["ExternalReferences"]
        if reference["Source"] == "OMIM"
    }
    counted = {(packet["ORPHAcode"], e) for packet in packets(release) for e in exact(packet) if e in of_genes}
    shown = {(code(f.focus), code(f.sides[0].value)) for f in found(release, "disorder-exact-to-a-gene-entry")}
    assert shown == counted != set()


def test_parents_without_a_packet(release: Path) -> None:
    """Each code that is only ever a parent is a finding, with the number of packets that name it."""
    own = {packet["ORPHAcode"] for packet in packets(release)}
    below: dict[str, int] = defaultdict(int)
    for packet in packets(release):
        for parent in parents(packet) - own:
            below[parent] += 1
    shown = {code(f.focus): f.sides[1].value for f in found(release, "dangling-parent")}
    assert shown == {parent: f"{number} below it" for parent, number in below.items()} != {}


def test_names_of_two_disorders(release: Path) -> None:
    """Each label or synonym, whatever its case, that two packets have is a finding."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for packet in packets(release):
        for name in [packet["Label"], *(item["Synonym"] for item in packet.get("Synonyms") or [])]:
            by_name[name.lower()].add(packet["ORPHAcode"])
    counted = {name: codes for name, codes in by_name.items() if len(codes) > 1}
    shown = {f.sides[0].value.lower(): {code(f.focus), code(f.value)} for f in found(release, "ambiguous-name")}
    assert set(shown) == set(counted) != set()
    assert all(shown[name] <= codes for name, codes in counted.items())


@cache
def hpo() -> tuple[dict[str, str], dict[str, set[str]]]:
    """Of HPO's terms that the package carries: labels, and parents."""
    labels: dict[str, str] = {}
    above: dict[str, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "data" / "hpo").glob("*.ttl")):
        for quad in ox.parse(path=str(path)):
            subject = str(getattr(quad.subject, "value", "")).rsplit("/", 1)[1]
            value = str(getattr(quad.object, "value", ""))
            if quad.predicate.value == RDFS + "label":
                labels[subject] = value
            elif quad.predicate.value == RDFS + "subClassOf":
                above[subject].add(value.rsplit("/", 1)[1])
    return labels, above


def ancestors(term: str) -> Iterator[str]:
    """Every term above one, some more than once."""
    for parent in hpo()[1].get(term, ()):
        yield parent
        yield from ancestors(parent)


def test_phenotypes_with_an_older_label(release: Path) -> None:
    """Each label of a phenotype that HPO, as far as the package has it, words otherwise is a finding."""
    labels, _ = hpo()
    used = {(identifier, label) for packet in packets(release) for identifier, label, _ in phenotypes(packet)}
    counted = {(identifier, label) for identifier, label in used if labels.get(identifier, label) != label}
    shown = {(f.focus.rsplit("/", 1)[1], f.sides[1].value) for f in found(release, "phenotype-label-drift")}
    assert shown == counted


def test_excluded_phenotypes_with_an_affirmed_one_below(release: Path) -> None:
    """Each excluded phenotype of a packet with an affirmed one below it, in the packaged part of HPO, is a finding."""
    counted = set()
    for packet in packets(release):
        listed = phenotypes(packet)
        excluded = {identifier for identifier, _, frequency in listed if frequency.startswith("Excluded")}
        for identifier in {identifier for identifier, _, _ in listed} - excluded:
            counted |= {(packet["ORPHAcode"], above, identifier) for above in excluded & set(ancestors(identifier))}
    shown = {
        (code(f.focus), f.value.rsplit("/", 1)[1], f.sides[1].value.rsplit("/", 1)[1])
        for f in found(release, "excluded-with-included-descendant")
    }
    assert shown == counted


def test_what_mondo_says_otherwise(release: Path) -> None:
    """Of Mondo's edges and mappings that the package carries, McCune-Albright syndrome alone contradicts Orphanet."""
    assert [f.focus for f in found(release, "gene-kinds-contradict")] == ["http://www.orpha.net/ORDO/Orphanet_562"]
    assert found(release, "exact-omim-contradicts") == []
    assert found(release, "disorder-label-drift") == []
