"""One contract for every kind of store: the same question has the same rows, in the same order.

The stores hold the same quads, among them triples that two named graphs hold: a bundle on disk; its release as a file
in memory; the same as TriG, as our export writes it; and behind the SPARQL server of another maker.
"""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from poh_graph.bundle import Bundle
from poh_graph.errors import QueryError, StoreError
from poh_graph.export import rdf
from poh_graph.graph import Graph, open_graph
from poh_graph.queries import StoredQuery, stored_queries
from poh_graph.rows import Rows, Term

QUERIES = stored_queries()
STORES = ("disk", "nquads", "trig", "remote")
OTHER = {"disorder": "FOP", "other": "POH"}
"""Values other than the defaults, for the parameters that have another thing of their kind in every query."""

QUAD = ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal("o"), ox.NamedNode("x:g"))


@pytest.fixture(scope="session")
def stores(doubled: Bundle, endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graph]:
    """A graph of each kind of store."""
    disk = open_graph(doubled.path)
    trig = tmp_path_factory.mktemp("trig") / "graph.trig"
    with trig.open("wb") as file:
        rdf.FORMATS["trig"](rdf.whole(disk), file)
    places: dict[str, str | Path] = {"nquads": doubled.graph, "trig": trig, "remote": endpoint}
    return {"disk": disk, **{kind: open_graph(where) for kind, where in places.items()}}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, stores: dict[str, Graph]) -> Graph:
    """Each kind of store in turn."""
    return stores[request.param]


def answer(graph: Graph, query: StoredQuery, values: dict[str, str]) -> tuple[object, ...]:
    """Columns and rows of a SELECT in their order; the triples of a CONSTRUCT, sorted."""
    found = graph.ask(query, (), {**values})
    if isinstance(found, ox.QuerySolutions):
        rows = Rows.of(found)
        return rows.variables, rows.terms
    assert isinstance(found, ox.QueryTriples)
    return tuple(sorted(set(found), key=str))


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
@pytest.mark.parametrize("kind", STORES[1:])
def test_a_stored_query_has_the_rows_of_the_store_on_disk(
    stores: dict[str, Graph], kind: str, query: StoredQuery
) -> None:
    """Terms with datatype and language, rows and their order are those of the embedded store."""
    assert answer(stores[kind], query, {}) == answer(stores["disk"], query, {})


@pytest.mark.parametrize("query", [q for q in QUERIES if q.parameters], ids=lambda query: query.name)
@pytest.mark.parametrize("kind", STORES[1:])
def test_and_so_with_other_values(stores: dict[str, Graph], kind: str, query: StoredQuery) -> None:
    """The same holds for another disorder: names are looked up in the store that is asked."""
    values = {p.name: OTHER[p.name] for p in query.parameters if p.name in OTHER}
    assert answer(stores[kind], query, values) == answer(stores["disk"], query, values)


def test_the_data_holds_triples_in_two_graphs(stores: dict[str, Graph]) -> None:
    """The contract is tested on triples that two named graphs hold."""
    found = Counter(quad.triple for quad in stores["disk"].store.dump())
    assert len(found) > 10_000
    assert sum(number > 1 for number in found.values()) > 5_000


def test_a_pattern_sees_the_union_of_the_named_graphs(store: Graph) -> None:
    """A pattern outside GRAPH sees what any named graph holds; DISTINCT gives a row once."""
    rows = store.sparql('SELECT DISTINCT ?gene WHERE { ?gene <https://w3id.org/biolink/vocab/symbol> "GNAS" }')
    assert isinstance(rows, Rows)
    assert rows.column("gene") == ["http://identifiers.org/hgnc/4392"]


def test_graphs_and_quads_are_the_same_everywhere(store: Graph, stores: dict[str, Graph]) -> None:
    """``graphs`` gives the names sorted; ``dump`` gives every quad with its graph."""
    assert store.store.graphs() == sorted(stores["disk"].store.graphs())
    assert set(store.store.dump()) == set(stores["disk"].store.dump())


def test_every_form_of_query_has_its_own_answer(store: Graph) -> None:
    """ASK gives a truth value, CONSTRUCT and DESCRIBE give triples, SELECT gives rows, with no row too."""
    assert store.sparql("ASK { ?s ?p ?o }") is True
    assert store.sparql("ASK { <x:no> ?p ?o }") is False
    made = store.sparql("CONSTRUCT { ?s <x:p> 1.5 } WHERE { ?s <https://w3id.org/biolink/vocab/symbol> 'GNAS' }")
    assert isinstance(made, list)
    assert [str(t.object) for t in made] == ['"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>']
    assert store.sparql("DESCRIBE <http://identifiers.org/hgnc/4392>")
    empty = store.sparql("SELECT ?s WHERE { <x:no> ?s ?o }")
    assert isinstance(empty, Rows)
    assert (empty.variables, len(empty)) == (("s",), 0)


def test_terms_keep_datatype_language_and_what_is_unbound(store: Graph) -> None:
    """Nothing is turned into text on the way: numbers, dates, languages, blank and missing values come as they are."""
    row = store.sparql("""
        SELECT ?i ?d ?b ?t ?l ?s ?none WHERE {
          VALUES (?i ?d ?b ?t ?l ?s) {
            (1 0.5 true "2026-01-31"^^<http://www.w3.org/2001/XMLSchema#date> "a\\n\\"b\\""@en "<>")
          }
          OPTIONAL { <x:no> <x:no> ?none }
        }""")
    assert isinstance(row, Rows)
    xsd = "http://www.w3.org/2001/XMLSchema#"
    expected: tuple[Term | None, ...] = (
        ox.Literal("1", datatype=ox.NamedNode(xsd + "integer")),
        ox.Literal("0.5", datatype=ox.NamedNode(xsd + "decimal")),
        ox.Literal("true", datatype=ox.NamedNode(xsd + "boolean")),
        ox.Literal("2026-01-31", datatype=ox.NamedNode(xsd + "date")),
        ox.Literal('a\n"b"', language="en"),
        ox.Literal("<>"),
        None,
    )
    assert row.terms == (expected,)


def test_names_are_found_in_every_store(store: Graph) -> None:
    """A name, an abbreviation and an identifier mean the same thing in every kind of store."""
    assert {store.one(name) for name in ("POH", "orpha:2762", "Familial ectopic ossification")} == {
        "http://www.orpha.net/ORDO/Orphanet_2762"
    }


def test_what_is_not_sparql_is_refused_with_its_line(store: Graph) -> None:
    """The error of every store names line and column."""
    with pytest.raises(QueryError, match=r"line 2, column \d+"):
        store.sparql("SELECT ?s WHERE {\n  ?s ?p }")


@pytest.mark.parametrize("kind", ["disk", "remote"])
def test_a_store_that_is_read_takes_no_quads(stores: dict[str, Graph], kind: str) -> None:
    """A bundle and an endpoint are only read."""
    with pytest.raises(StoreError, match="read-only"):
        stores[kind].store.load([QUAD])


@pytest.mark.parametrize("kind", STORES)
def test_an_update_is_not_a_query(stores: dict[str, Graph], kind: str) -> None:
    """SPARQL Update is refused by every store, and nothing is added."""
    with pytest.raises(QueryError):
        stores[kind].sparql("INSERT DATA { GRAPH <x:g> { <x:s> <x:p> 'o' } }")
    assert stores[kind].sparql("ASK { <x:s> ?p ?o }") is False


def test_a_file_of_triples_answers_without_named_graphs(tmp_path: Path, poh: Graph) -> None:
    """A Turtle file is a store too; what asks nothing of named graphs has the same rows."""
    out = BytesIO()
    rdf.FORMATS["turtle"](rdf.whole(poh), out)
    (tmp_path / "graph.ttl").write_bytes(out.getvalue())
    query = next(q for q in QUERIES if q.name == "classification-up-to-the-root")
    assert answer(open_graph(tmp_path / "graph.ttl"), query, {}) == answer(poh, query, {})
