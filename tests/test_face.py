"""The Python face as one meets it in a shell: what things look like, and what a slip is answered with."""

from __future__ import annotations

import pytest

import poh_graph as pg
from poh_graph.errors import ParameterError, UnknownName
from poh_graph.graph import Graph


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The packaged graph."""
    return pg.open()


def test_things_show_what_they_are(graph: Graph) -> None:
    """Not the terms of all rows, and not the address of a store in memory."""
    assert repr(graph.disorder("POH")) == "<Disorder ORPHA:2762 Progressive osseous heteroplasia>"
    assert repr(graph.query("searches", "POH")) == "<Rows: 2 of search, name, address, words, note, checked_on>"


def test_an_unknown_column_is_answered_with_those_that_there_are(graph: Graph) -> None:
    """The error lists them by name."""
    with pytest.raises(ParameterError, match="'genes'") as error:
        graph.query("genes", "POH").column("genes")
    assert "gene, symbol" in error.value.mend


def test_a_name_of_another_kind_of_thing_is_told(graph: Graph) -> None:
    """Whoever asks for the page of a gene learns that it is one."""
    with pytest.raises(UnknownName, match=r"No disorder .* 'GNAS'\. It is a name of HGNC:4392 GNAS \(gene\)"):
        graph.disorder("GNAS")


def test_the_ends_of_a_claim_are_things_of_any_kind(graph: Graph) -> None:
    """The stored query takes them in either order, as the command does."""
    rows = graph.query("why-is-it-claimed", "POH", "GNAS").rows()
    assert rows
    assert graph.query("why-is-it-claimed", "GNAS", "POH").rows() == rows


def test_a_code_is_the_very_end_of_a_claim(graph: Graph) -> None:
    """Why POH has a code of SNOMED CT: not why POH is POH."""
    rows = graph.query("why-is-it-claimed", "POH", "SCTID:719271000")
    assert rows.column("said_by") == ["Mondo"]
