"""Clients that others have made ask every stored query, and get the rows that the library gives."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import SPARQLWrapper
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from poh_graph.graph import Graph
from poh_graph.queries import StoredQuery, stored_queries
from tests.web.serving import Server

COMUNICA = Path(__file__).parent / "comunica"

NODE = 20
"""The oldest Node.js that Comunica runs in."""

Found = Counter[tuple[str, ...]]
"""Rows, or triples, as N-Triples writes their terms; an unbound variable is an empty text."""

QUERIES = stored_queries()


def rows_of(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> Found:
    """What the engine, or its parser of results, gives."""
    if isinstance(answer, ox.QueryBoolean):
        return Counter([(str(bool(answer)),)])
    if isinstance(answer, ox.QueryTriples):
        return triples_of(answer)
    names = [variable.value for variable in answer.variables]
    return Counter(tuple("" if row[name] is None else str(row[name]) for name in names) for row in answer)


def triples_of(triples: ox.QueryTriples | list[ox.Triple]) -> Found:
    """Triples, each once: a graph holds none twice."""
    return Counter({tuple(map(str, triple)) for triple in triples})


def parsed(content: bytes, media_type: str) -> Found:
    """An answer that a client hands on as it came."""
    if media_type == ox.QueryResultsFormat.JSON.media_type:
        return rows_of(ox.parse_query_results(content, ox.QueryResultsFormat.JSON))
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    assert rdf_format
    return triples_of([quad.triple for quad in ox.parse(content, rdf_format)])


def is_expected(found: Found, expected: Found, server: Server) -> bool:
    """Whether the rows are those expected, but for rows about the graphs in which a server says what it is."""
    more = found - expected
    return not expected - found and all(f"<{server.address}/.well-known/" in row[0] for row in more) and len(more) <= 2


def term(value: rdflib.term.Node | None) -> str:
    """A term of rdflib as N-Triples."""
    if value is None:
        return ""
    if isinstance(value, rdflib.Literal):
        datatype = ox.NamedNode(str(value.datatype)) if value.datatype else None
        return str(ox.Literal(str(value), language=value.language, datatype=None if value.language else datatype))
    return str(ox.NamedNode(str(value)))


@pytest.fixture(scope="module")
def expected(built: Graph) -> dict[str, Found]:
    """What the library gives: name of the query → rows."""
    return {query.name: rows_of(built.ask(query)) for query in QUERIES}


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_sparqlwrapper_gets_what_the_library_gives(
    query: StoredQuery, server: Server, expected: dict[str, Found]
) -> None:
    """The client that most Python programs use; it guesses the form of a query from the first word that is one."""
    client = SPARQLWrapper.SPARQLWrapper(server.endpoint)
    client.setQuery(query.text)
    assert re.search(rf"^{client.queryType}\b", query.text, re.MULTILINE)
    client.setReturnFormat(SPARQLWrapper.JSON if client.queryType == "SELECT" else SPARQLWrapper.TURTLE)
    client.setMethod(SPARQLWrapper.POST)
    answer = client.query()
    media_type = answer.info()["content-type"].partition(";")[0]
    assert is_expected(parsed(answer.response.read(), media_type), expected[query.name], server)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_rdflib_gets_what_the_library_gives(query: StoredQuery, server: Server, expected: dict[str, Found]) -> None:
    """Rdflib's graph over an endpoint, with GET as it is by default."""
    answer = rdflib.Graph(SPARQLStore(server.endpoint)).query(query.text)
    if answer.type == "CONSTRUCT":
        assert answer.graph is not None
        found = Counter({tuple(map(term, triple)) for triple in answer.graph})
    else:
        names = answer.vars or []
        found = Counter(tuple(term(row.get(name)) for name in names) for row in answer.bindings)
    assert is_expected(found, expected[query.name], server)


def test_rdflib_is_told_of_a_wrong_query(server: Server) -> None:
    """The problem is an error of the client, and no empty result."""
    with pytest.raises(ValueError, match="wrong"):
        rdflib.Graph(SPARQLStore(server.endpoint)).query("SELECT * { ?s ?p }")


@pytest.fixture(scope="module")
def comunica(server: Server, built: Graph) -> dict[str, Found]:
    """What Comunica gives: name of the query → rows. One process asks them all, since it takes a second to start."""
    if node_version() < NODE:
        pytest.skip(f"there is no Node.js {NODE} or newer")
    if not (COMUNICA / "node_modules").is_dir():
        pytest.skip(f"Comunica is not installed: npm install --no-package-lock --prefix tests/web/{COMUNICA.name}")
    given = json.dumps({"endpoint": server.endpoint, "queries": {query.name: query.text for query in QUERIES}})
    command = ["node", str(COMUNICA / "ask.mjs")]
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    columns = {query.name: columns_of(built.ask(query)) for query in QUERIES}
    return {
        name: Counter(tuple(as_ours(row.get(column, "")) for column in columns[name]) for row in rows)
        for name, rows in json.loads(done.stdout).items()
    }


def node_version() -> int:
    """The main version of the Node.js that is there; 0 if there is none."""
    if shutil.which("node") is None:
        return 0
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(said.removeprefix("v").partition(".")[0])


def columns_of(answer: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples) -> list[str]:
    """The variables of an answer, or the parts of a triple."""
    if isinstance(answer, ox.QuerySolutions):
        return [variable.value for variable in answer.variables]
    return ["subject", "predicate", "object"]


def as_ours(term: str) -> str:
    """A term as our engine writes it: whoever writes N-Triples escapes a little more or less."""
    return str(next(iter(ox.parse(f"<x:s> <x:p> {term} .", ox.RdfFormat.N_TRIPLES))).object) if term else ""


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_comunica_gets_what_the_library_gives(
    query: StoredQuery, server: Server, expected: dict[str, Found], comunica: dict[str, Found]
) -> None:
    """The client of the web's side, which reads queries with a parser of its own and asks in its own way."""
    assert is_expected(comunica[query.name], expected[query.name], server)
