"""The exact difference of two graphs: whatever the graphs, it leads from one to the other and back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

import poh_graph as pg
from poh_graph.bundle import Bundle
from poh_graph.changes.line_diff import LineDiff, Lines, apply, compare_lines, graph_of, read_patch
from poh_graph.errors import InputError
from tests.running import Run

IRIS = st.sampled_from([ox.NamedNode(f"https://example.org/{name}") for name in ("a", "a#b", "é", "x_y")])
TEXTS = st.text(alphabet='ab" \\\n\r\t<>@^_:é.#\u2028\U0001f9b4', max_size=8)
LITERALS = st.one_of(
    st.builds(ox.Literal, TEXTS),
    st.builds(lambda text: ox.Literal(text, language="en"), TEXTS),
    st.builds(lambda text: ox.Literal(text, datatype=ox.NamedNode("https://example.org/type")), TEXTS),
)
GRAPHS = st.one_of(st.just(ox.DefaultGraph()), IRIS)
QUADS = st.builds(ox.Quad, IRIS, IRIS, st.one_of(IRIS, LITERALS), GRAPHS)


def lines_of(quads: Sequence[ox.Quad]) -> list[bytes]:
    """Quads as sorted lines."""
    text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return sorted(set(text.splitlines(keepends=True)))


GRAPH_LINES = st.lists(QUADS, max_size=25).map(lines_of)
SIZES = st.integers(min_value=1, max_value=30)


def compared(old: list[bytes], new: list[bytes], size: int = 10, other: int = 10) -> LineDiff:
    """The difference, with both sides cut into blocks of so many lines."""
    one = [old[start : start + size] for start in range(0, len(old), size)]
    two = [new[start : start + other] for start in range(0, len(new), other)]
    return compare_lines(Lines("old", one, {"orphanet": "2024-12-03"}), Lines('new "one"\\', two))


@given(old=GRAPH_LINES, new=GRAPH_LINES, size=SIZES, other=SIZES)
def test_the_difference_leads_from_old_to_new_and_back(
    old: list[bytes], new: list[bytes], size: int, other: int
) -> None:
    """Applied to the old it gives the new, its inverse gives the old; nothing is in it that both have."""
    found = compared(old, new, size, other)
    assert apply(old, found) == new
    assert apply(new, found.inverse()) == old
    assert found.inverse().inverse() == found
    assert {line for lines in found.removed.values() for line in lines} == set(old) - set(new)
    assert {line for lines in found.added.values() for line in lines} == set(new) - set(old)
    assert found.old.sha256 == hashlib.sha256(b"".join(old)).hexdigest()
    assert (found.old.lines, found.new.lines) == (len(old), len(new))


@given(lines=GRAPH_LINES, size=SIZES, other=SIZES)
def test_a_graph_does_not_differ_from_itself(lines: list[bytes], size: int, other: int) -> None:
    """However it is cut into blocks."""
    assert compared(lines, lines, size, other).is_empty


@given(old=GRAPH_LINES, new=GRAPH_LINES)
def test_a_patch_that_is_written_is_read_again(old: list[bytes], new: list[bytes]) -> None:
    """With its digests, releases and names."""
    found = compared(old, new)
    file = io.BytesIO()
    found.write(file)
    assert read_patch(io.BytesIO(file.getvalue())) == found


@given(quads=st.lists(QUADS, max_size=25))
def test_the_graph_of_a_line_is_the_one_that_a_parser_finds(quads: list[ox.Quad]) -> None:
    """Whatever stands in a literal."""
    for quad in quads:
        expected = "" if quad.graph_name == ox.DefaultGraph() else str(quad.graph_name)[1:-1]
        assert graph_of(lines_of([quad])[0]) == expected


@given(old=st.lists(QUADS, max_size=15), new=st.lists(QUADS, max_size=15))
def test_another_program_reads_the_patch(old: list[ox.Quad], new: list[ox.Quad]) -> None:
    """RDFLib, which knows RDF Patch, comes from the old graph to the new one by it."""
    file = io.BytesIO()
    compared(lines_of(old), lines_of(new)).write(file)
    dataset, expected = rdflib.Dataset(), rdflib.Dataset()
    dataset.parse(data=b"".join(lines_of(old)), format="nquads")
    dataset.parse(data=file.getvalue(), format="patch")
    expected.parse(data=b"".join(lines_of(new)), format="nquads")
    assert set(dataset.quads()) == set(expected.quads())


def test_a_difference_fits_its_own_graph_only() -> None:
    """What is not the old graph is refused, with both digests."""
    one, other = lines_of([]), [b"<a:s> <a:p> <a:o> <a:g> .\n"]
    with pytest.raises(InputError, match="not the lines of new"):
        apply(one, replace(compared(one, other), added={}))
    with pytest.raises(InputError, match="not the lines of old"):
        apply(one, compared(other, one))


@pytest.mark.parametrize(
    "text", [b"", b"TX .\nTC .\n", b'H oldName "a" .\nTX .\n', b"something else\n", b"A <a:s> <a:p> <a:o> .\n"]
)
def test_what_is_no_whole_patch_is_refused(text: bytes) -> None:
    """A patch that is cut off or has no digests is not applied by half."""
    with pytest.raises(InputError, match="RDF Patch"):
        read_patch(io.BytesIO(text))


def test_lines_out_of_order_are_refused() -> None:
    """A graph.nq that somebody edited would give a wrong difference."""
    with pytest.raises(InputError, match="not sorted"):
        compare_lines(Lines("edited", [[b"b\n", b"a\n"]]), Lines("empty", []))


def test_the_order_of_a_file_is_no_change(run: Run, bundle: Bundle) -> None:
    """A bundle, the same lines in another order, and the same graph as TriG are one graph."""
    lines = bundle.graph.read_bytes().splitlines(keepends=True)
    Path("turned.nq").write_bytes(b"".join([*reversed(lines), lines[0]]))
    assert run("export", "trig", "-s", bundle.path, "-o", "same.trig").exit_code == 0
    for other in ("turned.nq", "same.trig"):
        result = run("diff", bundle.path, other)
        assert result.exit_code == 0, result.output
        assert "nothing changed" in result.stdout
    assert pg.diff(bundle.path, "turned.nq").new.sha256 == bundle.read_manifest()["files"]["graph.nq"]


def test_blank_nodes_cannot_be_compared(run: Run) -> None:
    """They have no name that is the same in two files."""
    Path("one.ttl").write_text('[] <https://example.org/p> "a" .', encoding="utf-8")
    result = run("diff", "one.ttl", "one.ttl")
    assert result.exit_code == 2
    assert "one.ttl has blank nodes" in result.stderr
