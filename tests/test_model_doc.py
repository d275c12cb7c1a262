"""The model page: its Turtle is Turtle, and it speaks only of terms that exist."""

from __future__ import annotations

import re
from functools import cache

import pyoxigraph as ox
import pytest

from tests.ontology_files import ONTOLOGY, POH, own_terms, statements, turtle_head

MODEL = ONTOLOGY / "MODEL.md"


@cache
def blocks() -> tuple[tuple[int, str], ...]:
    """The Turtle blocks of the page, each with the number of its first line."""
    text = MODEL.read_text(encoding="utf-8")
    return tuple(
        (text.count("\n", 0, match.start(1)) + 1, match[1])
        for match in re.finditer(r"^```turtle\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    )


def triples(block: str) -> list[ox.Triple]:
    """The triples of a block, read with the prefixes of prefixes.json and nothing else."""
    return [quad.triple for quad in ox.parse(f"{turtle_head()}\n{block}".encode(), format=ox.RdfFormat.TURTLE)]


def test_the_page_has_its_blocks() -> None:
    """The page is by example: one block at least for each of its eleven subjects."""
    assert len(blocks()) >= 11


@pytest.mark.parametrize(("line", "block"), blocks(), ids=[f"line {line}" for line, _ in blocks()])
def test_a_block_parses_and_says_something(line: int, block: str) -> None:
    """A block is Turtle with the prefixes of prefixes.json."""
    assert triples(block), f"MODEL.md, line {line}"


@pytest.mark.parametrize(("line", "block"), blocks(), ids=[f"line {line}" for line, _ in blocks()])
def test_a_block_holds_to_the_rules_of_the_model(line: int, block: str) -> None:
    """A block uses only defined own terms, has no blank node, and only datatypes that the page allows."""
    allowed = {"string", "integer", "decimal", "boolean", "date", "gYear"}
    for triple in triples(block):
        for node in (triple.subject, triple.predicate, triple.object):
            assert not isinstance(node, ox.BlankNode), f"MODEL.md, line {line}: {triple}"
            if isinstance(node, ox.NamedNode) and node.value.startswith(POH):
                assert node.value in own_terms(), f"MODEL.md, line {line}: {node}"
            if isinstance(node, ox.Literal):
                assert node.language == "en" or node.datatype.value.rsplit("#", 1)[1] in allowed, f"line {line}: {node}"


def test_the_text_of_the_page_names_only_defined_terms() -> None:
    """Each poh: name on the page, in a block or in the text, is defined."""
    names = set(re.findall(r"\bpoh:([A-Za-z]+)", MODEL.read_text(encoding="utf-8")))
    assert not sorted(name for name in names if POH + name not in own_terms())


def test_the_words_of_fixed_lists_are_those_of_the_ontology() -> None:
    """Each list of the page has exactly the individuals that the ontology types with it."""
    typed: dict[str, set[str]] = {}
    for subject, predicate, value in statements(ONTOLOGY / "poh-graph.ttl"):
        if predicate.value.endswith("#type"):
            typed.setdefault(value.value, set()).add(subject.value.removeprefix(POH))
    text = MODEL.read_text(encoding="utf-8")
    section = text[text.index("## Words of fixed lists") : text.index("## References")]
    rows = re.findall(r"^\| `poh:(\w+)` \| (.*?) \|", section, re.MULTILINE)
    assert len(rows) >= 8
    for name, words in rows:
        listed = set(re.findall(r"`(\w+)`", words)) if words != "as above" else topics(text)
        assert listed == typed[POH + name], name


def topics(text: str) -> set[str]:
    """The topics that the page lists after "Topics (`poh:Topic`):"."""
    match = re.search(r"Topics \(`poh:Topic`\):(.*?)\n\n", text, re.DOTALL)
    assert match is not None
    return set(re.findall(r"`(\w+)`", match[1]))
