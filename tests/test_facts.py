"""The verified facts, one by one, asked of the packaged graph; and what must not be asserted.

``facts/poh.tsv`` was written from two sheets of facts and not from the graph. ``facts`` is the sheet on POH: 1 the
disorder, 1a cross-references, 1b classification, 1c phenotypes, 1d how common it is, 2 the gene locus, 3 overlapping
disorders, 4 organizations, 5 trials. ``apart`` is the sheet on its neighbours: 0 papers, 1.1-1.4 what tells them apart
(FOP; PHP1A, PPHP and AHO; osteoma cutis; look-alikes), 2 clinical facts, 3 names, 4 plain words, 5 when organizations
were last seen, 6 what is not verified. Confidence: A read in the authority's own data or text, B in a secondary source,
C inferred. ``facts/wrong.trig`` holds a wrong statement for each row that expects ``false``.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.graph import Graph
from poh_graph.terms import prefix_map

FACTS = Path(__file__).parent / "facts"
PREFIXES = "".join(f"PREFIX {prefix.name}: <{prefix.uri}>\n" for prefix in prefix_map().prefixes)
SECTIONS = {
    *(f"facts {section}" for section in ("1", "1a", "1b", "1c", "1d", "2", "3", "4", "5")),
    *(f"apart {section}" for section in ("0", "1.1", "1.2", "1.3", "1.4", "2", "3", "4", "5", "6")),
}


@dataclass(frozen=True)
class Fact:
    """One row: a statement, where it was read, and the question whose answer shows it, or why none is asked."""

    id: str
    section: str
    statement: str
    source: str
    confidence: str
    ask: str
    expect: str
    left_out: str

    def holds(self, store: ox.Store) -> bool:
        """The answer of the graph, over the union of its named graphs."""
        return bool(store.query(PREFIXES + self.ask, use_default_graph_as_union=True))


def read_facts() -> tuple[Fact, ...]:
    """The rows of the file."""
    with (FACTS / "poh.tsv").open(encoding="utf-8", newline="") as file:
        return tuple(Fact(**row) for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_wrong() -> dict[str, str]:
    """The id of a row → TriG of the wrong statement that it must see."""
    head, _, rest = (FACTS / "wrong.trig").read_text(encoding="utf-8").partition("\n\n")
    blocks = (block.partition("\n") for block in rest.strip().split("\n\n"))
    return {first.removeprefix("# "): f"{head}\n{trig}" for first, _, trig in blocks}


ALL = read_facts()
ASKED = [fact for fact in ALL if not fact.left_out]
NOT_ASSERTED = [fact for fact in ASKED if fact.expect == "false"]
WRONG = read_wrong()


def id_of(fact: Fact) -> str:
    """The id of a row, for pytest's report."""
    return fact.id


@pytest.fixture(scope="module")
def copy(poh: Graph) -> ox.Store:
    """The packaged graph, to ask and to spoil."""
    store = ox.Store()
    store.extend(poh.store.dump())
    return store


@pytest.mark.parametrize("fact", ASKED, ids=id_of)
def test_the_graph_says_it(fact: Fact, copy: ox.Store) -> None:
    """A fact of the sheets is in the graph with its source and confidence; what must not be asserted is not there."""
    assert fact.holds(copy) is (fact.expect == "true"), f"{fact.statement} ({fact.source})\n{fact.ask}"


@pytest.mark.parametrize("fact", NOT_ASSERTED, ids=id_of)
def test_a_wrong_statement_is_seen(fact: Fact, copy: ox.Store) -> None:
    """With the wrong statement in the graph, the row that forbids it answers otherwise."""
    wrong = [quad for quad in ox.parse(WRONG[fact.id], ox.RdfFormat.TRIG) if quad not in copy]
    assert wrong, "the wrong statement is in the graph"
    copy.extend(wrong)
    try:
        assert fact.holds(copy), f"{fact.statement}\n{fact.ask}"
    finally:
        for quad in wrong:
            copy.remove(quad)


def test_an_empty_graph_says_nothing() -> None:
    """No question that expects ``true`` is answered so by the lack of data."""
    empty = ox.Store()
    assert [fact.id for fact in ASKED if fact.expect == "true" and fact.holds(empty)] == []


def test_ids_are_unique() -> None:
    """Each row has an id of its own."""
    ids = [fact.id for fact in ALL]
    assert sorted(set(ids)) == sorted(ids)


def test_each_row_is_filled() -> None:
    """A row says what, where and how surely, and has either a question with its answer or a reason for none."""
    for fact in ALL:
        assert fact.section in SECTIONS, fact.id
        assert fact.statement, fact.id
        assert fact.source, fact.id
        assert fact.confidence in {"A", "B", "C"}, fact.id
        if fact.left_out:
            assert not fact.ask, fact.id
            assert not fact.expect, fact.id
        else:
            assert fact.ask.startswith("ASK {"), fact.id
            assert fact.expect in {"true", "false"}, fact.id


def test_every_section_has_facts_that_are_asked() -> None:
    """No section of the sheets is empty."""
    assert {fact.section for fact in ASKED if fact.expect == "true"} == SECTIONS


def test_each_forbidden_row_has_its_wrong_statement() -> None:
    """``wrong.trig`` has one statement for each row that expects ``false``, and none for others."""
    assert set(WRONG) == {fact.id for fact in NOT_ASSERTED}
