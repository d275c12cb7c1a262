"""What the tests of the ontology read: own terms, data, tables and prefixes, each file once."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import curies
import pyoxigraph as ox

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"

POH = "https://w3id.org/poh-graph/ontology#"

Node = ox.NamedNode | ox.Literal
Said = dict[str, list[Node]]


def named_terms(quad: ox.Quad) -> tuple[Node, Node, Node]:
    """Subject, predicate and object of a statement; the graph has no blank nodes and no quoted triples."""
    subject, target = quad.subject, quad.object
    if not isinstance(subject, ox.NamedNode) or not isinstance(target, ox.NamedNode | ox.Literal):
        raise TypeError(f"neither an IRI nor a literal: {quad}")
    return subject, quad.predicate, target


@cache
def statements(path: Path) -> tuple[tuple[Node, Node, Node], ...]:
    """The statements of one Turtle file."""
    return tuple(named_terms(quad) for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))


def data_files() -> list[Path]:
    """All Turtle files of the data, sorted; not the template for new organizations."""
    return sorted((ROOT / "data").glob("*/*.ttl"))


@cache
def own_terms() -> dict[str, Said]:
    """Each own term that poh-graph.ttl describes: its IRI, then predicate, then values."""
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, value in statements(ONTOLOGY / "poh-graph.ttl"):
        if subject.value.startswith(POH):
            found[subject.value][predicate.value].append(value)
    return dict(found)


def texts(values: list[Node]) -> list[str]:
    """The IRIs or texts of values."""
    return [value.value for value in values]


def table(name: str) -> list[dict[str, str]]:
    """The rows of a table of ontology/terms."""
    with (ONTOLOGY / "terms" / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def converter() -> curies.Converter:
    """The prefix map as curies loads it, in strict mode: it raises where two records claim the same."""
    return curies.load_extended_prefix_map(ONTOLOGY / "prefixes.json")


@cache
def turtle_head() -> str:
    """The @prefix lines of all prefixes and their synonyms, on one line so that line numbers stay true."""
    return " ".join(
        f"@prefix {name}: <{record.uri_prefix}> ."
        for record in converter().records
        for name in (record.prefix, *record.prefix_synonyms)
    )
