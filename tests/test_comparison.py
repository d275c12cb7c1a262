"""Two disorders side by side: the five columns, the papers, and the sources."""

from __future__ import annotations

import pytest

from poh_graph.documents.comparison import NOT_CURATED, Comparison, compare
from poh_graph.documents.document import Items, Link, Paragraph, Section, Table, parts, plain
from poh_graph.errors import ParameterError
from poh_graph.graph import Graph
from tests.running import Run


@pytest.fixture(scope="module")
def compared(poh: Graph) -> Comparison:
    """POH and pseudopseudohypoparathyroidism."""
    return compare(poh, "POH", "PPHP")


def section(comparison: Comparison, anchor: str) -> Section:
    """A section of the comparison."""
    (found,) = [section for section in comparison.document().sections if section.anchor == anchor]
    return found


def test_the_five_columns_stand_there_also_where_one_is_empty(compared: Comparison) -> None:
    """A clinician sees that there is nothing, not that it was left out."""
    anchors = [found.anchor for found in compared.document().shown()]
    assert anchors[3:8] == ["shared", "shared-in-general", "excluded-in-one", "only-here", "only-there"]
    assert section(compared, "excluded-in-one").blocks[0] == Paragraph("None.")


def test_what_is_excluded_in_one_is_not_told_as_a_sign_of_it(compared: Comparison) -> None:
    """It has its own words: excluded here, and nothing said there."""
    assert section(compared, "excluded-in-one").heading == "Present in one, excluded in the other (0)"
    _, words, items = section(compared, "excluded-in-one").blocks
    assert words == Paragraph(
        "Excluded in Pseudopseudohypoparathyroidism; not annotated for Progressive osseous heteroplasia, which does not"
        " mean present:"
    )
    assert isinstance(items, Items)
    excluded = [plain(item) for item in items.items]
    assert "Hypocalcemia (HP:0002901)" in excluded
    (words, table) = section(compared, "only-there").blocks
    assert isinstance(table, Table)
    assert not {plain(row[0]) for row in table.rows} & set(excluded)
    assert section(compared, "only-there").heading.endswith(f"({len(table.rows)})")


def test_present_in_one_and_excluded_in_the_other(poh: Graph) -> None:
    """PHP1A and PPHP: resistance to parathyroid hormone is in one and excluded in the other."""
    found = compare(poh, "PHP1A", "PPHP")
    table = section(found, "excluded-in-one").blocks[0]
    assert isinstance(table, Table)
    assert len(table.rows) == len(found.contradicted) > 0
    assert all("Excluded" in plain(row[1]) or "Excluded" in plain(row[2]) for row in table.rows)


def test_a_disorder_is_not_compared_with_itself(run: Run, poh: Graph) -> None:
    """Two names of one disorder are told as such, with what to do."""
    with pytest.raises(ParameterError, match="nothing to compare"):
        compare(poh, "POH", "ORPHA:2762")
    result = run("compare", "POH", "Progressive osseous heteroplasia")
    assert result.exit_code == 2
    assert "mean Progressive osseous heteroplasia (ORPHA:2762)" in result.stderr
    assert "poh-graph show ORPHA:2762" in result.stderr


def test_kinds_of_association_end_without_a_dangling_word(compared: Comparison) -> None:
    """In the list of genes and in the reasons of the overlap."""
    text = compared.render("text")
    assert "mutation in (" not in " ".join(text.split())
    assert "of function) in" not in " ".join(text.split())


def test_every_curated_row_links_what_it_was_read_in(compared: Comparison) -> None:
    """Papers and pages as links, so that a page can lead there."""
    tables = [block for block in section(compared, "what-tells-them-apart").blocks if isinstance(block, Table)]
    assert tables
    for table in tables:
        assert all(any(isinstance(part, Link) for part in parts(row[-1])) for row in table.rows)
    markdown = compared.render("markdown")
    assert "[Adegbite 2008, Am J Med Genet A (PMID:18553568)](<http://www.ncbi" in markdown


def test_only_sources_that_speak_of_the_two_are_named(compared: Comparison) -> None:
    """UniProt and the annotations of OMIM's entry have no part in it."""
    lines = [*map(plain, compared.sources)]
    assert any("Orphanet, CC BY 4.0, release 2025-07" in line for line in lines)
    assert not any("UniProt" in line or "HPO annotations" in line for line in lines)


def test_two_that_nobody_has_compared_say_so(poh: Graph) -> None:
    """What the sources say of each is no comparison by a curator."""
    assert section(compare(poh, "PHP1A", "PPHP"), "what-tells-them-apart").blocks == [Paragraph(NOT_CURATED)]
