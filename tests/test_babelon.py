"""Translations of HPO's words: each a statement with its status, and only official ones words of the term."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from poh_graph.graph import Graph, open_graph
from poh_graph.records.sources import Edition
from poh_graph.records.translations import Translation
from poh_graph.sources.babelon import read_babelon
from poh_graph.triples.babelon import babelon_lines
from poh_graph.triples.world import World
from tests.running import run_command

CASES = Path(__file__).parent / "cases"
GRAPH = "https://w3id.org/poh-graph/graph/hpo-translations"
PREFIXES = """
PREFIX obo: <http://purl.obolibrary.org/obo/>
PREFIX poh: <https://w3id.org/poh-graph/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def lines_of(name: str) -> list[str]:
    """The statements of a case."""
    path = CASES / "babelon" / name
    return list(babelon_lines([r for r in read_babelon(path) if isinstance(r, Translation)], World()))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The good files of HPO and of its translations in one bundle, which the shapes accept."""
    target = tmp_path_factory.mktemp("babelon") / "bundle"
    files = [CASES / "hpo" / "good.obo", CASES / "babelon" / "good.babelon.tsv"]
    result = run_command("build", *files, "-o", target, "--jobs", "1")
    assert result.exit_code == 0, result.output
    return open_graph(target)


@pytest.mark.parametrize(
    ("pattern", "there"),
    [
        ('obo:HP_9900001 rdfs:label "ein erfundenes Zeichen"@de', True),
        ('obo:HP_9900001 rdfs:label "noch ein Zeichen"@de', False),
        ('obo:HP_9900001 skos:altLabel "noch ein Zeichen"@de, "Zeichen, erfunden"@de', True),
        ('obo:HP_9900001 skos:definition "Ein Zeichen, das niemand hat."@de', True),
        ('obo:HP_9900001 ?says "um sinal inventado"@pt-br', False),
        (
            (
                '?t a poh:Translation ; rdf:subject obo:HP_9900001 ; rdf:object "um sinal inventado"@pt-br ;'
                ' rdf:predicate rdfs:label ; poh:translationOf "an invented sign"@en ;'
                ' poh:translationStatus "CANDIDATE" ; poh:translatorExpertise "ALGORITHM"'
            ),
            True,
        ),
    ],
)
def test_what_is_said(built: Graph, pattern: str, there: bool) -> None:  # noqa: FBT001 - a table
    """Label, definition and synonym with their language; a candidate is a statement and nothing else."""
    assert bool(built.sparql(f"{PREFIXES} ASK {{ GRAPH <{GRAPH}> {{ {pattern} }} }}")) is there


def test_the_english_label_is_still_the_one_that_is_shown(built: Graph) -> None:
    """A label in another language adds no row to a stored query."""
    rows = built.query("hierarchy-around-a-phenotype", phenotype="HP:9900001")
    assert not re.search("Zeichen", str(list(rows)))


def test_no_translator_is_named() -> None:
    """Translators are persons: their iDs are in no statement."""
    assert "orcid" not in "".join(lines_of("good.babelon.tsv"))


def test_a_translation_that_is_not_exact_is_no_word_of_the_term() -> None:
    """CLOSE, BROADER and NARROWER stay statements."""
    assert all("/statement/hpo-translations/" in line for line in lines_of("with-version.babelon.tsv"))


def test_the_release_that_was_translated_is_the_version() -> None:
    """Babelon has no version of its own; what it is made for may stand in each row."""
    records = read_babelon(CASES / "babelon" / "with-version.babelon.tsv")
    assert [record.version for record in records if isinstance(record, Edition)] == ["2026-01-02"]
