"""Parameters of stored queries: found in the text, checked by type, put in as terms that are never read as SPARQL."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from poh_graph.errors import InputError, ParameterError, UnknownName, UnknownQuery
from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, Term, find_query, read_query, stored_query_paths
from poh_graph.rows import Rows
from poh_graph.store import LocalStore, solutions

XSD = "http://www.w3.org/2001/XMLSchema#"

TYPED = StoredQuery(
    "typed",
    """#+ summary: Which of them?
PREFIX ordo: <http://www.orpha.net/ORDO/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?thing ?word ?english ?number ?share ?day ?yes ?year
WHERE {
  VALUES ?thing { ordo:Orphanet_2762 <http://example.org/b> }   # the things
  VALUES ?word { "a" }   # a word
  VALUES ?english { "a"@en }   # a word of English
  VALUES ?number { 1 }   # a number
  VALUES ?share { 0.5 }   # a share
  VALUES ?day { "2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date> }   # a day
  VALUES ?yes { true }   # yes or no
  VALUES ?year { "2026"^^<http://www.w3.org/2001/XMLSchema#gYear> }   # a year
  VALUES ?other { "no parameter, for it has no comment" }
}
""",
)

ATTACKS = [
    'US" } UNION { ?s ?p ?o } #',
    'US" } } ; DROP ALL #',
    "} UNION { ?s ?p ?o }",
    '"@en } UNION { ?s ?p ?o } #',
    'x" "y',
    "\\",
    '\\"',
    '"""',
    "'''",
    "a\nb\r\n\tc",
    "a # b",
    "?s",
    "<http://example.org/>",
    "http://example.org/> } UNION { ?s ?p ?o } #",
    "\\u0022 } UNION { ?s ?p ?o } #",
    "\x00\x07",
    "\N{RIGHT-TO-LEFT OVERRIDE}\N{SNOWMAN}\U0001f9b4",
    "",
]


def rows_of(query: StoredQuery, values: dict[str, list[Term]]) -> Rows:
    """The rows of a bound query over a store that holds one triple, which no row may show."""
    store = LocalStore.in_memory([ox.Quad(ox.NamedNode("x:secret"), ox.NamedNode("x:p"), ox.Literal("secret"))])
    return Rows.of(solutions(store.query(query.bind(values))))


def test_a_parameter_is_a_values_line_with_a_comment() -> None:
    """Name, type, default and documentation stand in the line; a line without a comment is none."""
    found = {p.name: (p.kind, len(p.default), p.documentation) for p in TYPED.parameters}
    assert found == {
        "thing": ("iri", 2, "the things"),
        "word": ("string", 1, "a word"),
        "english": ("string", 1, "a word of English"),
        "number": ("integer", 1, "a number"),
        "share": ("decimal", 1, "a share"),
        "day": ("date", 1, "a day"),
        "yes": ("boolean", 1, "yes or no"),
        "year": ("gYear", 1, "a year"),
    }
    assert [p.language for p in TYPED.parameters if p.name == "english"] == ["en"]


def test_the_text_runs_unchanged_with_its_defaults() -> None:
    """Binding nothing changes nothing."""
    assert TYPED.bind({}) == TYPED.text
    assert len(rows_of(TYPED, {})) == 2


def test_binding_changes_only_what_is_between_the_braces() -> None:
    """Other lines, and other parameters, stay as they are, byte by byte."""
    bound = TYPED.bind({"number": [ox.Literal("7", datatype=ox.NamedNode(XSD + "integer"))]})
    assert bound.replace('{ "7"^^<http://www.w3.org/2001/XMLSchema#integer> }', "{ 1 }") == TYPED.text


def test_several_values_are_a_list_and_each_line_of_a_parameter_gets_them() -> None:
    """A parameter that stands in two groups is bound in both."""
    text = """SELECT ?a WHERE {
      {
        VALUES ?a { "x" }   # one
      } UNION {
        VALUES ?a { "x" }   # one
      }
    }"""
    rows = rows_of(StoredQuery("twice", text), {"a": [ox.Literal("p"), ox.Literal("q")]})
    assert rows.column("a") == ["p", "q", "p", "q"]


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("name", ["word", "english"])
def test_sparql_in_a_literal_stays_a_literal(name: str, attack: str) -> None:
    """Whatever it holds, the text comes back as it was given, and nothing else comes with it."""
    parameter = next(p for p in TYPED.parameters if p.name == name)
    rows = rows_of(TYPED, {name: [parameter.term(attack)]})
    assert rows.column(name) == [attack, attack]
    assert "secret" not in str(rows)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_a_literal(text: str) -> None:
    """There and back through the text of the query, for all of Unicode."""
    assert rows_of(TYPED, {"word": [ox.Literal(text)]}).column("word") == [text, text]


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack])
def test_sparql_in_an_iri_is_refused(attack: str, poh: Graph) -> None:
    """What is no IRI is looked for as a name, found nowhere, and never stands in a query."""
    parameter = next(p for p in TYPED.parameters if p.kind == "iri")
    if not attack.startswith("?"):  # `?s` would be a relative IRI
        with pytest.raises(ParameterError, match="is an IRI"):
            parameter.term(attack)
    with pytest.raises((UnknownName, ParameterError)):
        poh.query("genes", attack)


@pytest.mark.parametrize(
    "attack",
    [
        "http://www.orpha.net/ORDO/Orphanet_2762> } UNION { ?s ?p ?o } #",
        "<http://www.orpha.net/ORDO/Orphanet_2762> <http://www.orpha.net/ORDO/Orphanet_337",
        "ORPHA:2762> } UNION { ?s ?p ?o } #",
        "ORPHA:2762}UNION{?s?p?o}#",
        "http://www.orpha.net/ORDO/Orphanet_2762\\u003E",
        "http://www.orpha.net/ORDO/Orphanet_2762\nhttp://www.orpha.net/ORDO/Orphanet_337",
        'orpha:2762"',
    ],
)
def test_what_begins_as_an_identifier_is_refused_too(attack: str, poh: Graph) -> None:
    """A valid beginning does not let the rest in."""
    with pytest.raises((UnknownName, ParameterError)):
        poh.query("genes", attack)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("number", ["1", "-7", "+3", "007"], ["one", "1.5", "1e3", "", " ", "1 2", "1)", "0x1"]),
        ("share", ["0.5", "1", "-2.25"], ["half", "1e3", ",5", "", "NaN"]),
        ("day", ["2026-11-22"], ["yesterday", "2026-13-01", "2026-02-30", "22.11.2026", "2026"]),
        ("yes", ["true", "false", "1", "0"], ["yes", "TRUE", "2", ""]),
        ("year", ["2026", "-0044"], ["26", "2026-01", "soon"]),
    ],
)
def test_a_value_is_checked_by_type(name: str, good: list[str], bad: list[str]) -> None:
    """By the engine's own casts; the error names parameter, type and value."""
    parameter = next(p for p in TYPED.parameters if p.name == name)
    for value in good:
        assert len(rows_of(TYPED, {name: [parameter.term(value)]})) == 2
    for value in bad:
        with pytest.raises(
            ParameterError, match=rf"\?{name} is of type {parameter.kind}; {re.escape(repr(value))} is not"
        ):
            parameter.term(value)


def test_a_parameter_that_is_not_there() -> None:
    """The error lists those that are."""
    with pytest.raises(ParameterError) as caught:
        find_query("genes").bind({"disease": []})
    assert caught.value.message == "The query genes-of-a-disorder has no parameter 'disease'."
    assert caught.value.mend == "Its parameters: disorder."


def test_too_many_values(poh: Graph) -> None:
    """The error says how many there may be, and which."""
    with pytest.raises(ParameterError) as caught:
        poh.query("genes", "POH", "FOP")
    assert "takes 1 value, not 2" in caught.value.message
    assert "disorder (the disorder)" in caught.value.mend


def test_a_list_of_values_has_the_rows_of_each(poh: Graph) -> None:
    """A parameter by name may have several values."""
    both = poh.query("genes", disorder=["POH", "FOP"])
    assert set(both.column("symbol")) == {"GNAS", "ACVR1"}


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("genes-of-a-disorder", "genes-of-a-disorder"),
        ("genes-of-a-disorder.rq", "genes-of-a-disorder"),
        ("GENES", "genes-of-a-disorder"),
        ("genes", "genes-of-a-disorder"),
    ],
)
def test_a_query_is_found_by_its_name_or_the_beginning_of_it(name: str, found: str) -> None:
    """As long as only one begins so."""
    assert find_query(name).name == found


@pytest.mark.parametrize(
    ("name", "message", "nearest"),
    [
        ("genes-of-a-disordr", "There is no stored query", "genes-of-a-disorder"),
        ("phenotype", "There is no stored query|stored queries start with", "phenotypes-of-a-disorder"),
        ("what", "stored queries start with 'what'", "what-tells-apart"),
        ("synonym-of-disorder", "There is no stored query", "synonyms-of-a-disorder"),
        ("zzz", "There is no stored query", ""),
        ("../pyproject", "There is no stored query", ""),
    ],
)
def test_an_unknown_query_shows_the_nearest(name: str, message: str, nearest: str) -> None:
    """Names that are alike, and how to list them all."""
    if name == "phenotype":
        assert find_query(name).name == nearest
        return
    with pytest.raises(UnknownQuery, match=message) as caught:
        find_query(name)
    assert nearest in " ".join(caught.value.candidates)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("VALUES ?a { }   # nothing", "has no default"),
        ("VALUES ?a { nobody:x }   # a thing", "does not declare the prefix 'nobody'"),
        ('VALUES ?a { "a" }   # a\n  VALUES ?a { "b" }   # b', "have different defaults"),
        ("VALUES ?a { <a b> }   # a thing", "is not a term"),
        ("VALUES ?a { UNDEF }   # a thing", "is not a term"),
    ],
)
def test_a_query_file_that_is_wrong_says_so(line: str, message: str) -> None:
    """Its author learns which query and which parameter."""
    with pytest.raises(InputError, match=message) as caught:
        assert StoredQuery("mine", f"SELECT ?a WHERE {{\n  {line}\n}}").parameters
    assert "mine" in caught.value.message


@pytest.mark.parametrize("header", ["#+ [", "#+ - a list"])
def test_a_header_that_is_no_yaml_mapping_says_so(header: str) -> None:
    """As for the parameters."""
    with pytest.raises(InputError, match="header of the query mine"):
        assert StoredQuery("mine", header + "\nASK {}").summary


def test_a_query_that_cannot_be_read(tmp_path: Path) -> None:
    """A file that is not there, or is not UTF-8."""
    (tmp_path / "latin.rq").write_bytes(b"ASK { ?s ?p '\xe9' }")
    for name in ("latin.rq", "nowhere.rq"):
        with pytest.raises(InputError, match=name):
            read_query(tmp_path / name)


def test_the_stored_queries_are_sorted_by_name() -> None:
    """The list does not depend on the order of the file system."""
    assert list(stored_query_paths()) == sorted(stored_query_paths())
