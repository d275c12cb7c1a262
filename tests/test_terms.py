"""CURIEs and IRIs: the two look-ups of :mod:`poh_graph.terms` give what the ``curies`` package gives."""

from __future__ import annotations

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poh_graph.errors import UnknownPrefix
from poh_graph.terms import PrefixMap, curie_of, prefix_map, words
from tests.ontology_files import converter

LOCALS = ("2762", "Orphanet_2762", "chr20q13.32", "a:b", "a/b#c", "1", "ä", "0001234?x=y")
NAMES = [name for record in converter().records for name in (record.prefix, *record.prefix_synonyms)]
URIS = [uri for record in converter().records for uri in (record.uri_prefix, *record.uri_prefix_synonyms)]
LOCAL = st.text(string.ascii_letters + string.digits + "_.-:/#?=%", min_size=1).filter(lambda text: text[:2] != "//")


def theirs(name: str, local: str) -> str | None:
    """What curies gives, but for the one exception: a bare code behind ``ordo:`` is an ORPHA code."""
    is_code = name == "ordo" and local.isdecimal()
    return converter().expand(f"{'ORPHA' if is_code else name}:{local}")


def test_the_map_holds_all_that_curies_reads() -> None:
    """Both read the same records."""
    assert {p.name for p in prefix_map().prefixes} == {record.prefix for record in converter().records}
    assert len(NAMES) > 100
    assert len(URIS) > 150


@pytest.mark.parametrize("local", LOCALS)
def test_expand_is_that_of_curies_for_every_spelling(local: str) -> None:
    """Each prefix and each of its synonyms gives the canonical IRI."""
    for name in NAMES:
        assert prefix_map().expand(f"{name}:{local}") == theirs(name, local)


@pytest.mark.parametrize("local", LOCALS)
def test_compress_is_that_of_curies_for_every_form(local: str) -> None:
    """Each IRI form, also one that begins with another, gives the canonical CURIE; the longest form wins."""
    for uri in URIS:
        assert prefix_map().compress(uri + local) == converter().compress(uri + local)


@given(st.sampled_from(URIS), LOCAL)
def test_compress_is_that_of_curies_for_any_local_name(uri: str, local: str) -> None:
    """The local name may be anything, also one that makes a longer IRI form fit."""
    assert prefix_map().compress(uri + local) == converter().compress(uri + local)


@given(st.sampled_from(NAMES), LOCAL)
def test_expand_is_that_of_curies_for_any_local_name(name: str, local: str) -> None:
    """The first colon ends the prefix."""
    assert prefix_map().expand(f"{name}:{local}") == theirs(name, local)


@given(st.sampled_from(sorted({p.name for p in prefix_map().prefixes})), LOCAL)
def test_there_and_back(name: str, local: str) -> None:
    """The canonical form is a fixed point: what an IRI is compressed to expands to it."""
    iri = prefix_map().expand(f"{name}:{local}")
    assert iri is not None
    assert prefix_map().expand(curie_of(iri)) == iri
    assert prefix_map().standardize(iri) == iri


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_the_case_of_a_prefix_means_nothing(case: Callable[[str], str]) -> None:
    """People write orpha:, Orpha: and ORPHA:."""
    for prefix in prefix_map().prefixes:
        assert prefix_map().expand(f"{case(prefix.name)}:x") == prefix.uri + "x"


@pytest.mark.parametrize(
    "text",
    [
        "ORPHA:2762",
        " orpha:2762 ",
        "<http://www.orpha.net/ORDO/Orphanet_2762>",
        "https://www.orpha.net/ORDO/Orphanet_2762",
        "http://purl.obolibrary.org/obo/Orphanet_2762",
        "https://www.orpha.net/consor/cgi-bin/OC_Exp.php?Lng=EN&Expert=2762",
        "https://www.orpha.net/en/disease/detail/2762",
        "ORDO:2762",
        "ordo:Orphanet_2762",
    ],
)
def test_every_spelling_of_an_identifier_is_one_iri(text: str) -> None:
    """CURIEs and IRIs as they stand on pages and in other graphs."""
    assert prefix_map().standardize(text) == "http://www.orpha.net/ORDO/Orphanet_2762"


@pytest.mark.parametrize(
    "text", ["POH", "", ":", "ORPHA:", ":2762", "nobody:2762", "a b:c", "primary osteoma cutis: x"]
)
def test_what_is_no_identifier_is_none(text: str) -> None:
    """A name, an unknown prefix and an empty part mean nothing; only ``strict`` makes that an error."""
    assert prefix_map().standardize(text) is None
    with pytest.raises(UnknownPrefix) as caught:
        prefix_map().expand(text, strict=True)
    assert "ontology/prefixes.json" in caught.value.mend


def test_an_iri_that_no_prefix_fits_stays_itself() -> None:
    """It is its own canonical form, and is shown in full."""
    assert prefix_map().standardize("https://pohdisease.org/x") == "https://pohdisease.org/x"
    assert curie_of("https://pohdisease.org/x") == "https://pohdisease.org/x"
    assert PrefixMap(()).compress("http://www.orpha.net/ORDO/Orphanet_2762") is None


@given(st.text())
def test_words_make_a_key_that_an_iri_can_hold(text: str) -> None:
    """Whatever a name is made of, its key is ASCII without spaces, and making it again changes nothing more in case."""
    key = words(text)
    assert key.isascii()
    assert not set(key) & set(' <>"{}|\\^`/#?')
