"""The stored queries: their form, their answers as checked by hand, and that they hold on any data the graph may get.

An expected answer is ``expected/<query>.tsv`` (for the default parameters) or ``expected/<query>@<word>.tsv``. Its head
says where it was checked, the parameters, and the number of rows; below it stand the rows, with the columns that were
checked. Rows may be left out, but those that are there stand in the order of the answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from poh_graph.building.assemble import assemble
from poh_graph.queries import StoredQuery, Term, find_query, stored_queries
from poh_graph.rows import Rows, shown
from poh_graph.store import solutions
from poh_graph.terms import BASE, GRAPH, OWL, RDF, RDFS, SCHEMA, SKOS, prefix_map

EXPECTED = Path(__file__).parent / "expected"
QUERIES = stored_queries()
SELECTS = [query for query in QUERIES if "\nSELECT" in query.text]
CONSTRUCTS = [query for query in QUERIES if "\nCONSTRUCT" in query.text]
UNKNOWN = ox.NamedNode("http://www.orpha.net/ORDO/Orphanet_999999999")
COPY = ox.NamedNode(GRAPH + "copy")

FIRST_WORDS = ["overview", "synonyms", "genes", "phenotypes", "trials", "identifiers", "conflicts", "epidemiology"]
"""What a user types after ``poh-graph query``: each is the beginning of one name only."""

ATTRIBUTION = {"said_by", "said_by_label", "held_in", "release", "licence", "rights", "graph", "name", "triples"}
"""The columns in which a row says which graph it comes from."""

REFERS_TO_DOCUMENTS = {
    *(SKOS + kind for kind in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")),
    *(OWL + "annotatedTarget", SCHEMA + "sameAs", RDFS + "seeAlso"),
    *(SCHEMA + "url", "http://xmlns.com/foaf/0.1/page"),
}
"""Properties whose objects are addresses of pages, or identifiers in vocabularies that the graph does not describe."""


def name_of(query: StoredQuery) -> str:
    """The name of a query, for pytest's report."""
    return query.name


def body(query: StoredQuery) -> str:
    """The text of a query without its comments."""
    return "\n".join(line for line in re.sub(r"\s#\s.*", "", query.text).splitlines() if not line.startswith("#"))


@cache
def packaged() -> ox.Store:
    """The packaged graph, with the description of its graphs."""
    store = ox.Store()
    store.extend(assemble().store.dump())
    return store


@cache
def doubled() -> ox.Store:
    """The packaged graph, and one more named graph that holds all its triples again."""
    store = ox.Store()
    for quad in packaged():
        store.add(quad)
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, COPY))
    return store


def answer(store: ox.Store, text: str) -> Rows:
    """The rows of a SELECT over the union of the named graphs."""
    return Rows.of(solutions(store.query(text, use_default_graph_as_union=True)))


def in_full(term: object) -> str | None:
    """The text of a term, as rdflib writes it too; None where nothing is bound."""
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else None


@cache
def rdflib_dataset() -> rdflib.Dataset:
    """The packaged graph in rdflib, with the union of the named graphs as default graph."""
    dataset = rdflib.Dataset(default_union=True)
    quads = ox.serialize(packaged(), format=ox.RdfFormat.N_QUADS)
    assert quads is not None
    dataset.parse(data=quads.decode(), format="nquads")
    return dataset


@cache
def constructed(query: StoredQuery, code: str) -> frozenset[ox.Triple]:
    """The graph that a CONSTRUCT gives for a disorder of Orphanet."""
    term = ox.NamedNode(f"http://www.orpha.net/ORDO/Orphanet_{code}")
    triples = packaged().query(bound(query, term), use_default_graph_as_union=True)
    assert isinstance(triples, ox.QueryTriples)
    return frozenset(triples)


def bound(query: StoredQuery, term: Term) -> str:
    """The text of a query with ``term`` for each of its parameters."""
    return query.bind({parameter.name: [term] for parameter in query.parameters})


@dataclass(frozen=True)
class Expected:
    """An expected answer; ``count`` is None where only some of its rows were checked."""

    path: Path
    parameters: dict[str, str]
    count: int | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def read(cls, path: Path) -> Expected:
        """The file at ``path``."""
        lines = path.read_text(encoding="utf-8").splitlines()
        head = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
        parameters = dict(line.split()[1:3] for line in head if line.startswith("parameter "))
        counts = [int(line.removeprefix("rows: ")) for line in head if line.startswith("rows: ")]
        table = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
        columns, rows = (table[0], tuple(table[1:])) if table else ((), ())
        assert "".join(head[:1]).startswith("Checked against "), f"{path.name} does not say what it was checked against"
        assert all(len(row) == len(columns) for row in rows), f"{path.name} has rows of another length than its head"
        return cls(path, parameters, counts[0] if counts else None, columns, rows)

    def text(self) -> str:
        """The query with the parameters of this answer."""
        query = find_query(self.path.stem.partition("@")[0])
        terms = {name: prefix_map().standardize(value) for name, value in self.parameters.items()}
        return query.bind({name: [ox.NamedNode(iri)] for name, iri in terms.items() if iri})


def expected_answers() -> list[Expected]:
    """All files of expected answers."""
    return [Expected.read(path) for path in sorted(EXPECTED.glob("*.tsv"))]


def is_in_order(wanted: tuple[tuple[str, ...], ...], found: list[tuple[str, ...]]) -> tuple[str, ...] | None:
    """None if the wanted rows stand among those found in this order, else the first that does not."""
    rest: Iterator[tuple[str, ...]] = iter(found)
    return next((row for row in wanted if row not in rest), None)


def test_there_are_enough_queries_and_no_two_answer_the_same_question() -> None:
    """At least 24 queries, each with a question of its own."""
    assert len(QUERIES) >= 24
    assert not [text for text, count in Counter(query.summary for query in QUERIES).items() if count > 1]


@pytest.mark.parametrize("word", FIRST_WORDS)
def test_the_first_word_finds_one_query(word: str) -> None:
    """``poh-graph query genes`` runs the one query whose name starts so."""
    assert find_query(word).name.startswith(word)


@pytest.mark.parametrize("query", QUERIES, ids=name_of)
def test_header_says_question_rows_and_tags(query: StoredQuery) -> None:
    """The header has a question, one line on the rows, and tags, plain enough for readers that go line by line."""
    assert set(query.header) == {"summary", "description", "tags"}
    assert query.summary.endswith("?")
    assert query.description.endswith(".")
    assert query.tags
    assert all(re.fullmatch(r"[a-z-]+", tag) for tag in query.tags)
    assert f"#+ summary: {query.summary}\n" in query.text
    assert f"#+ description: {query.description}\n" in query.text


@pytest.mark.parametrize("query", QUERIES, ids=name_of)
def test_every_prefix_is_canonical_and_used(query: StoredQuery) -> None:
    """The prefixes written out are those of the prefix map, sorted, each used, none missing."""
    written = re.findall(r"^PREFIX (\w+): <([^>]+)>$", query.text, re.MULTILINE)
    assert written == sorted(written)
    known = {record.uri for record in prefix_map().prefixes}
    assert {uri for _, uri in written} <= known
    rest = re.sub(r"^PREFIX .*$|\"[^\"]*\"", "", body(query), flags=re.MULTILINE)
    assert {name for name, _ in written} == set(re.findall(r"(?<![\w?:])(\w+):\w", rest))


@pytest.mark.parametrize("query", QUERIES, ids=name_of)
def test_two_engines_parse_it(query: StoredQuery) -> None:
    """Oxigraph and rdflib read the text unchanged."""
    ox.Store().query(query.text, use_default_graph_as_union=True)
    prepareQuery(query.text)


@pytest.mark.parametrize("query", SELECTS, ids=name_of)
def test_select_has_distinct_columns_and_a_total_order(query: StoredQuery) -> None:
    """SELECT DISTINCT with named columns; ORDER BY names each column, save those that follow from the grouped ones."""
    text = body(query)
    assert "\nSELECT DISTINCT ?" in text
    assert "SELECT *" not in text
    projection = text.partition("SELECT DISTINCT")[2].partition("\nWHERE")[0]
    order = set(re.findall(r"\?(\w+)", text.rpartition("ORDER BY")[2]))
    columns = set(answer(ox.Store(), query.text).variables)
    follows = set(re.findall(r"AS \?(\w+)\)", projection)) if "\nGROUP BY" in text else set()
    if query.name == "triples-per-graph":
        follows = {"triples"}  # one count for each graph
    assert "ORDER BY" in text
    assert columns - order <= follows


@pytest.mark.parametrize("query", QUERIES, ids=name_of)
def test_nothing_that_engines_answer_differently(query: StoredQuery) -> None:
    """No UNDEF, no GROUP_CONCAT (its order is free), and counts that two graphs do not change."""
    text = body(query)
    assert "UNDEF" not in text
    assert "GROUP_CONCAT" not in text
    assert "SERVICE" not in text
    counts = re.findall(r"COUNT\((\w*)", text)
    if query.name != "triples-per-graph":  # within one named graph no triple stands twice
        assert set(counts) <= {"DISTINCT"}


@pytest.mark.parametrize("query", QUERIES, ids=name_of)
def test_each_parameter_is_documented_and_every_list_is_one_or_a_table(query: StoredQuery) -> None:
    """A VALUES line with one bare variable is a parameter with a comment; tables have brackets."""
    lines = re.findall(r"VALUES \?(\w+) \{", query.text)
    assert set(lines) == {parameter.name for parameter in query.parameters}
    assert all(parameter.documentation for parameter in query.parameters)
    assert len(lines) == len(re.findall(r"VALUES \?\w+ \{[^{}]*\}   # \S", query.text))


@pytest.mark.parametrize("query", [query for query in QUERIES if query.parameters], ids=name_of)
def test_an_unknown_disorder_has_no_rows(query: StoredQuery) -> None:
    """What the graph does not know gives an empty answer, not an error and not everything."""
    found = packaged().query(bound(query, UNKNOWN), use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions | ox.QueryTriples)
    assert not list(found)


@pytest.mark.parametrize("query", SELECTS, ids=name_of)
def test_every_select_has_an_expected_answer_and_one_for_another_disorder(query: StoredQuery) -> None:
    """Each query is checked by hand for its default, and each one with a parameter for another value too."""
    assert (EXPECTED / f"{query.name}.tsv").is_file()
    if query.parameters:
        assert list(EXPECTED.glob(f"{query.name}@*.tsv"))


@pytest.mark.parametrize("expected", expected_answers(), ids=lambda expected: expected.path.stem)
def test_answer_is_the_one_checked_by_hand(expected: Expected) -> None:
    """The rows of the packaged graph are those of the file: the number where it is given, and each row, in order."""
    rows = answer(packaged(), expected.text())
    if expected.count is not None:
        assert len(rows) == expected.count
    places = [rows.variables.index(column) for column in expected.columns]
    found = [tuple(shown(row[place]) for place in places) for row in rows.terms]
    missing = is_in_order(expected.rows, found)
    assert missing is None, f"not in the answer at this place: {missing}\nthe answer: {found}"


@pytest.mark.parametrize("query", SELECTS, ids=name_of)
def test_a_second_graph_with_the_same_triples_doubles_no_row(query: StoredQuery) -> None:
    """Rows without attribution stay as they are; rows with it say nothing that was not there, and none stands twice."""
    once = answer(packaged(), query.text)
    twice = answer(doubled(), query.text)
    assert len(set(twice.terms)) == len(twice.terms)
    keep = [place for place, name in enumerate(once.variables) if name not in ATTRIBUTION]
    if "GRAPH ?graph" not in query.text:
        assert twice.terms == once.terms
    elif query.name != "triples-per-graph":
        assert {tuple(row[place] for place in keep) for row in twice.terms} == {
            tuple(row[place] for place in keep) for row in once.terms
        }


@pytest.mark.parametrize("query", SELECTS, ids=name_of)
def test_rdflib_gives_the_same_rows(query: StoredQuery) -> None:
    """Another engine gives the same answer to the same text."""
    result = rdflib_dataset().query(query.text)
    ours = answer(packaged(), query.text)
    theirs = [[row.get(rdflib.Variable(name)) for name in ours.variables] for row in result.bindings]
    assert Counter(tuple(in_full(term) for term in row) for row in ours.terms) == Counter(
        tuple(None if term is None else str(term) for term in row) for row in theirs
    )


DISORDERS = ("2762", "337", "79443")


@pytest.mark.parametrize("code", DISORDERS)
@pytest.mark.parametrize("query", CONSTRUCTS, ids=name_of)
def test_a_constructed_graph_is_closed(query: StoredQuery, code: str) -> None:
    """What a constructed graph refers to is described or named in it, or is a document or a foreign identifier."""
    graph = constructed(query, code)
    described = {triple.subject for triple in graph}
    dangling = {
        (triple.predicate.value, triple.object.value)
        for triple in graph
        if isinstance(triple.object, ox.NamedNode)
        and triple.object not in described
        and triple.predicate.value not in REFERS_TO_DOCUMENTS
    }
    assert not dangling


@pytest.mark.parametrize("code", DISORDERS)
@pytest.mark.parametrize("query", CONSTRUCTS, ids=name_of)
def test_a_constructed_graph_holds_nothing_of_its_own(query: StoredQuery, code: str) -> None:
    """All its triples stand in the packaged graph: it selects, and states nothing."""
    held = {(quad.subject, quad.predicate, quad.object) for quad in packaged()}
    assert {(triple.subject, triple.predicate, triple.object) for triple in constructed(query, code)} <= held


def test_the_closed_graph_of_poh_holds_what_is_said_of_it() -> None:
    """Checked against packet 2762 and the facts: gene, phenotype, overlap, conflict, gap, and labels."""
    graph = {f"{triple}" for triple in constructed(find_query("closed"), "2762")}
    ordo, obo, base = "<http://www.orpha.net/ORDO/Orphanet_", "<http://purl.obolibrary.org/obo/", f"<{BASE}"
    label = f"<{RDFS}label>"
    for triple in (
        f"<http://identifiers.org/hgnc/4392> {ordo}410295> {ordo}2762>",
        f'<http://identifiers.org/hgnc/4392> {label} "GNAS"',
        f"{ordo}2762> {obo}RO_0002200> {obo}HP_0010766>",
        f'{obo}HP_0010766> {label} "Ectopic calcification"@en',
        f"{base}association/orphanet/2762-HP0010766-HP0040281> <{RDF}object> {obo}HP_0010766>",
        f"{base}overlap/curated/2762-337/shared-group> <{BASE}ontology#sharedGroup> {ordo}364531>",
        f'{base}mapping/doid/DOID0111535-hasDbXref-SCTID404074003> <{OWL}annotatedTarget> "SCTID:404074003"',
        f"{base}gap/curated/2762-penetrance> <http://purl.org/dc/terms/subject> {ordo}2762>",
    ):
        assert triple in graph


def test_what_a_source_denies_is_not_read_as_a_claim() -> None:
    """Orphanet calls a cross-reference wrong (W): the row of the statement says "Not"."""
    poh, code = "http://www.orpha.net/ORDO/Orphanet_2762", "https://omim.org/entry/1"
    mapping = ox.NamedNode(BASE + "mapping/orphanet/2762-exactMatch-OMIM1")
    ends = {"Source": poh, "Property": SKOS + "exactMatch", "Target": code}
    said: list[tuple[str, Term]] = [(f"{OWL}annotated{end}", ox.NamedNode(iri)) for end, iri in ends.items()]
    said.append(("https://w3id.org/sssom/predicate_modifier", ox.Literal("Not")))
    store = ox.Store()
    store.extend(ox.Quad(mapping, ox.NamedNode(property_), value, COPY) for property_, value in said)
    query = find_query("why-is-it-claimed")
    rows = answer(store, query.bind({"subject": [ox.NamedNode(poh)], "object": [ox.NamedNode(code)]}))
    assert rows.column("predicate_modifier") == ["Not"]


@pytest.mark.parametrize("query", SELECTS, ids=name_of)
def test_the_first_column_is_what_the_row_is_about(query: StoredQuery) -> None:
    """Not a number by which the rows are sorted."""
    first = [row[0] for row in answer(packaged(), query.text).terms]
    assert not [term for term in first if isinstance(term, ox.Literal) and term.datatype.value.endswith("#integer")]
