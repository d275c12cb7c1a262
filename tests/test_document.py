"""A document of sections with links in its texts, and its forms."""

from __future__ import annotations

import json

import pytest

from poh_graph.documents.document import (
    Document,
    Fields,
    Items,
    Link,
    Paragraph,
    Section,
    Table,
    Text,
    joined,
    parts,
    plain,
)
from poh_graph.documents.web_pages import page_of

PAPER = Link("Shore 2002", "http://www.ncbi.nlm.nih.gov/pubmed/11784876")
STATEMENT = Link("a statement", "https://w3id.org/poh-graph/statement/curated/2762-x")
READ: Text = ("read in ", PAPER, ", says ", STATEMENT)
DOCUMENT = Document(
    "Title",
    [
        Section("Papers (2)", [Items([READ, "no link"])], "papers"),
        Section("Table", [Table(["paper", "note"], [[PAPER, "of *GNAS*"]])]),
        Section("Fields", [Fields({"read in": [PAPER, "a book"], "nothing": []})]),
        Section("Left out", []),
    ],
    lead=[Paragraph(READ)],
)
PAGE = "[Shore 2002](<http://www.ncbi.nlm.nih.gov/pubmed/11784876>)"


def test_text_shows_the_words_of_links() -> None:
    """A terminal needs no addresses behind words: links are left out."""
    text = DOCUMENT.render("text")
    assert "read in Shore 2002, says a statement" in text
    assert "http" not in text


def test_markdown_links_what_has_a_page() -> None:
    """A paper can be opened; a statement of ours has no page yet, and stays words."""
    markdown = DOCUMENT.render("markdown")
    assert f"\n\nread in {PAGE}, says a statement\n\n" in markdown
    assert f"- read in {PAGE}, says a statement\n- no link" in markdown
    assert f"| {PAGE} | of \\*GNAS\\* |" in markdown
    assert f"- read in: {PAGE}\n- read in: a book" in markdown


def test_markdown_keeps_brackets_of_words_apart_from_those_of_the_link() -> None:
    """Words with brackets do not end their link early."""
    markdown = Document("T", [Section("S", [Paragraph(Link("a [b]", PAPER.iri))])]).render("markdown")
    assert markdown.endswith(f"[a \\[b\\]](<{PAPER.iri}>)")


def test_json_has_the_words_and_the_anchors() -> None:
    """What reads JSON gets plain texts, and a name of each section that does not change with a count in its heading."""
    value = json.loads(DOCUMENT.render("json"))
    assert value["lead"] == ["read in Shore 2002, says a statement"]
    assert [section["anchor"] for section in value["sections"]] == ["papers", "table", "fields"]
    assert value["sections"][1]["blocks"] == [[{"paper": "Shore 2002", "note": "of *GNAS*"}]]
    assert value["sections"][2]["blocks"] == [{"read in": ["Shore 2002", "a book"]}]


def test_a_text_is_taken_apart_and_put_together() -> None:
    """Who writes another form gets words and links in their order, whether a text is one part or many."""
    assert parts(READ) == READ
    assert parts("words") == ("words",)
    assert parts(PAPER) == (PAPER,)
    assert joined(["by ", READ]) == ("by ", *parts(READ))
    assert joined([PAPER, "b"], "; ") == (PAPER, "; ", "b")
    assert plain(joined([])) == ""


@pytest.mark.parametrize(
    ("iri", "page"),
    [
        ("https://doi.org/10.1515/biol-2022-0918", "https://doi.org/10.1515/biol-2022-0918"),
        ("https://omim.org/entry/166350", "https://omim.org/entry/166350"),
        ("https://medlineplus.gov/genetics/", "https://medlineplus.gov/genetics/"),
        ("http://www.orpha.net/ORDO/Orphanet_337", "https://www.orpha.net/en/disease/detail/337"),
        ("http://purl.obolibrary.org/obo/HP_0001376", "http://purl.obolibrary.org/obo/HP_0001376"),
        ("https://w3id.org/poh-graph/disorder/primary-osteoma-cutis", None),
        ("https://w3id.org/poh-graph/unheard/of", None),
        ("http://www.w3.org/2004/02/skos/core#note", None),
        ("http://linkedlifedata.com/resource/umls/id/C0334041", None),
        ("an identifier", None),
    ],
)
def test_the_page_of_a_thing(iri: str, page: str | None) -> None:
    """A thing has the page of its IRI, one at another address, or none."""
    assert page_of(iri) == page
