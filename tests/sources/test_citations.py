"""The free-text source of a prevalence row becomes tokens, without the name of any person."""

from __future__ import annotations

import pytest

from poh_graph.sources.citations import parse_citations

CASES = {
    "18553568[PMID]_12605446[PMID]_ORPHANET": ["pmid 18553568", "pmid 12605446", "Orphanet"],
    "PMID: 33310876": ["pmid 33310876"],
    "PMID: 31280031; 25860506; 28846548": ["pmid 31280031", "pmid 25860506", "pmid 28846548"],
    "PMID reference: 29474920, 31859446": ["pmid 29474920", "pmid 31859446"],
    "PMID: 28955728 & EXPERT": ["pmid 28955728", "expert"],
    "ORPHANET & PMID: 16798390": ["Orphanet", "pmid 16798390"],
    "3391390{PMID]": ["pmid 3391390"],
    "2092586[PMID}": ["pmid 2092586"],
    "ORPHANET_6638075[PMID": ["Orphanet", "pmid 6638075"],
    "7298353[PMID_3802560[PMID]": ["pmid 7298353", "pmid 3802560"],
    "28775045 [PMID]_ [EXPERT]": ["pmid 28775045", "expert"],
    "24259342,[PMID]": ["pmid 24259342"],
    "7277424 [PMID][PMID]": ["pmid 7277424"],
    "12345678[MPID]": ["pmid 12345678"],
    "ORPHANET_25986071": ["Orphanet", "pmid 25986071"],
    "Source: 33080481[PMID]": ["pmid 33080481"],
    "RARECARE surveillance of rare cancers[REG]": ["registry RARECARE surveillance of rare cancers"],
    "Eurocat_RARECARE": ["registry EUROCAT", "registry RARECARE"],
    "European Medicines Agency 2018 [INST]": ["institution European Medicines Agency 2018"],
    "A society[Patient organisation]": ["institution A society"],
    "ISBN:9780521004398[OTHER]": ["work ISBN:9780521004398"],
    "[WHO Classification of Tumours ]_ORPHANET": ["work WHO Classification of Tumours", "Orphanet"],
    "DOI:10.1007/978-3-319-96929-9_4[OTHER]": ["doi 10.1007/978-3-319-96929-9_4"],
    "DOI: https://doi.org/10.1016/S0960-8966(02)00116-5[OTHER]": ["doi 10.1016/S0960-8966(02)00116-5"],
    "https://www.ncbi.nlm.nih.gov/books/NBK1212/": ["nbk NBK1212"],
    "34881051[PMID]_https://example.org/no14_no01.pdf_ORPHANET": [
        "pmid 34881051", "page https://example.org/no14_no01.pdf", "Orphanet",
    ],
    "Dr One Person_Pr Two Person[EXPERT]": ["expert"],
    "One Person_Two Person[EXPERT]_123456[PMID]": ["expert", "pmid 123456"],
    "One_Two_Three 2010[AUTHOR]": ["author"],
    "ORPHANET_Dr One Person[PMID]": ["Orphanet", "expert"],
    "18553568[PMID]_18553568[PMID]": ["pmid 18553568"],
    "": [],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_each_form_of_source_is_read(text: str) -> None:
    """Every form of section 8 of the profile, malformed ones too, gives its tokens in their order, each once."""
    citations = parse_citations(text)
    assert [f"{token.kind} {token.text}".strip() for token in citations.tokens] == CASES[text]
    assert citations.unread == 0


@pytest.mark.parametrize("text", ["a working group", "18553568[PMID]_a working group_ORPHANET", "1234"])
def test_what_fits_no_form_is_counted_and_not_kept(text: str) -> None:
    """An unread token is a number, not a text: it might be a name."""
    citations = parse_citations(text)
    assert citations.unread == 1
    assert "group" not in str(citations.tokens)


@pytest.mark.parametrize(
    "text", ["1" * 3000 + "PMID!", "PMID: " + "1 " * 1900 + "!", "http://x_" + " x" * 1900, "1[PMID" * 5000]
)
def test_hostile_texts_are_read_in_no_time(text: str) -> None:
    """No text makes the grammar try without end."""
    assert parse_citations(text).unread


def test_no_name_of_a_person_is_kept() -> None:
    """Whatever mark an expert or author has, only the kind is kept."""
    texts = ["Dr One Person[EXPERT]", "One 2010[AUTHOR]", "Pr Two[INST]", "Dr Three[PMID]", "Four_Dr Five[EXPERT]"]
    tokens = [token for text in texts for token in parse_citations(text).tokens]
    assert [token.text for token in tokens] == [""] * 5
