"""Tables for people: they fit the terminal, nothing of them is lost, and each cell can be told from the next."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poh_graph.export.tables import text_table
from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, stored_queries

SELECTS = [query for query in stored_queries() if "\nSELECT" in query.text]
CELLS = st.text(st.characters(codec="ascii", categories=["L", "Nd", "Zs"]), max_size=30).map(lambda text: text.strip())


def test_a_table_that_fits_is_as_wide_as_it_is() -> None:
    """One line a row, below the names of the columns."""
    assert text_table(["gene", "band"], [["GNAS", "20q13.32"], ["STX16", ""]], width=40).splitlines() == [
        "gene    band",
        "────────────────",
        "GNAS    20q13.32",
        "STX16",
    ]


def test_a_table_that_is_a_little_too_wide_has_its_widest_cells_wrapped() -> None:
    """The others stay as they are."""
    rows = [["HP:0011987", "Ectopic ossification in muscle tissue", "Frequent"]]
    assert text_table(["phenotype", "name", "how_often"], rows, width=50).splitlines()[2:] == [
        "HP:0011987   Ectopic ossification in     Frequent",
        "             muscle tissue",
    ]


def test_a_table_that_is_much_too_wide_is_blocks() -> None:
    """Each cell has the name of its column, the first too; empty ones are left out, and lines of a cell stay lines."""
    header = ["finding", "note", "source"]
    rows = [["toes", "Malformed great toes are there at birth.\n\nNot in POH.", ""], ["skin", "Grains.", "NBK459117"]]
    assert text_table(header, rows, width=30) == (
        "finding: toes\n"
        "    note: Malformed great toes\n"
        "      are there at birth.\n"
        "      Not in POH.\n"
        "\n"
        "finding: skin\n"
        "    note: Grains.\n"
        "    source: NBK459117"
    )


def test_blocks_do_not_repeat_what_stays_as_it_is() -> None:
    """The first columns stand once; what follows, indented, is the rest of further rows, each with at least a line."""
    url = "https://example.org/" + "x" * 40
    rows = [["a", "b", url], ["a", "b", url], ["a", "c", url], ["", "c", url]]
    assert text_table(["one", "two", "three"], rows, width=40) == (
        f"one: a\n    two: b\n    three:\n      {url}\n\n    three:\n      {url}\n\n    two: c\n    three:\n      {url}"
        f"\n\ntwo: c\n    three:\n      {url}"
    )


def test_a_table_without_rows_says_so() -> None:
    """An empty head would look like a table that was cut."""
    assert text_table(["gene", "band"], []) == "no rows"


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.integers(20, 120))
def test_no_word_is_lost_at_any_width(rows: list[tuple[str, str, str]], width: int) -> None:
    """Each cell is there in full, if not in each row then in the one above; no line is wider than it must be."""
    text = text_table(["first", "second", "third"], rows, width=width)
    words = {word for row in rows for cell in row for word in cell.split()}
    assert words <= set(text.split())
    longest = max([*map(len, words), len("second:")]) + len("      ")
    assert all(len(line) <= max(width, longest) for line in text.splitlines())


@pytest.mark.parametrize("query", SELECTS, ids=lambda query: query.name)
@pytest.mark.parametrize("width", [80, 160])
def test_every_stored_query_fits_a_terminal(poh: Graph, query: StoredQuery, width: int) -> None:
    """Only what cannot be broken, such as an address, is longer than the line."""
    header, cells = poh.query(query.name).shown()
    for line in text_table(header, cells, width=width).splitlines():
        assert len(line) <= width or re.fullmatch(r" *\S+", line)
