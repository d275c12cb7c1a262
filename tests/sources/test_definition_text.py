"""Definitions are mended with a trail, and what is text stays text."""

from __future__ import annotations

import pytest

from poh_graph.sources.definition_text import mend_definition

CASES = [
    ("in <i>GNAS</i> and <I>AXIN2</I>", "in GNAS and AXIN2", ["markup removed"]),
    ("the <i<SYNE1</i> gene", "the SYNE1 gene", ["markup removed"]),
    ("velocity <10 m/s and > 6 months", "velocity <10 m/s and > 6 months", []),
    ("&#945;-chain&nbsp;and &#8805;2", "α-chain and ≥2", ["character references decoded", "spaces made plain"]),  # noqa: RUF001 - the characters are the point
    ("&lt;i&gt; stays text", "<i> stays text", ["character references decoded"]),
    ("AT&T; R&D & co", "AT&T; R&D & co", []),
    ("Marfan\x92s \x96 type", "Marfan’s – type", ["mis-decoded characters mended"]),  # noqa: RUF001 - the characters are the point
    ("a control \x81 that stands for nothing", "a control \x81 that stands for nothing", []),
    ("de&#64257;ned as \ufb02at", "defined as flat", ["character references decoded", "ligatures spelled out"]),
    ("two  spaces and\u00a0one ", "two spaces and one", ["spaces made plain"]),
    ("commas, where there are any, stay", "commas, where there are any, stay", []),
]


@pytest.mark.parametrize(("raw", "text", "repairs"), CASES)
def test_each_fault_is_mended_and_named(raw: str, text: str, repairs: list[str]) -> None:
    """The text is mended, the repairs are named in order, and the raw text is kept as it was."""
    definition = mend_definition(raw)
    assert (definition.text, list(definition.repairs)) == (text, repairs)
    assert definition.raw == raw
