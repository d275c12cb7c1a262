"""Queries that ask other endpoints, against two servers on this machine that stand for them, one of them not ours."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator

import httpx
import pyoxigraph as ox
import pytest

from poh_graph.errors import InputError, UnknownQuery
from poh_graph.federation import NoAnswer, federated_paths, find_federated, run
from poh_graph.graph import Graph
from poh_graph.queries import read_query
from poh_graph.store import solutions
from tests.conftest import OXIGRAPH, wait_for
from tests.running import Run
from tests.web.serving import serving

WIKIDATA = "https://query.wikidata.org/sparql"
UNIPROT = "https://sparql.uniprot.org/sparql"
ORPHANET = "https://www.orpha.net/sparql"

ITEMS = """
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
wd:Q7248854 wdt:P1550 "2762" ; rdfs:label "Progressive osseous heteroplasia"@en, "Hétéroplasie osseuse progressive"@fr .
wd:Q1 wdt:P1550 "337" ; rdfs:label "another disorder"@en .
"""
"""What Wikidata says of POH (its item is in the facts), and of another disorder that must not come."""

PROTEINS = """
@prefix up: <http://purl.uniprot.org/core/> . @prefix uniprot: <http://purl.uniprot.org/uniprot/> .
@prefix taxon: <http://purl.uniprot.org/taxonomy/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
uniprot:P63092 a up:Protein ; up:organism taxon:9606 ; up:reviewed true ; up:mnemonic "GNAS2_HUMAN" ;
    rdfs:seeAlso <http://purl.uniprot.org/geneid/2778> .
uniprot:P63094 a up:Protein ; up:organism taxon:10090 ; up:reviewed true ; up:mnemonic "GNAS2_MOUSE" ;
    rdfs:seeAlso <http://purl.uniprot.org/geneid/2778> .
"""
"""Gs-alpha of human, and a protein of another organism that must not come."""


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Oxigraph's own server, which stands for Wikidata."""
    folder = tmp_path_factory.mktemp("wikidata")
    (folder / "items.ttl").write_text(ITEMS, encoding="utf-8")
    load = [str(OXIGRAPH), "load", "--location", str(folder / "store"), "--file", str(folder / "items.ttl")]
    subprocess.run(load, check=True, capture_output=True, timeout=60)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [str(OXIGRAPH), "serve-read-only", "--location", str(folder / "store"), "--bind", address]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://{address}/", server)
        yield f"http://{address}/query"
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Our own server, which stands for UniProt."""
    path = tmp_path_factory.mktemp("uniprot") / "proteins.ttl"
    path.write_text(PROTEINS, encoding="utf-8")
    with serving("-s", path) as running:
        yield running.endpoint


def test_each_file_is_a_query_for_any_engine() -> None:
    """It parses, has a header, and its parameter has a default."""
    assert set(federated_paths()) == {"item-in-wikidata", "label-at-orphanet", "proteins-in-uniprot"}
    for path in federated_paths().values():
        query = read_query(path)
        assert query.summary
        assert "federated" in query.tags
        assert [parameter.name for parameter in query.parameters] == ["disorder"]
        # Parsing alone sends nothing: the question whether no row comes is answered without the block.
        ox.Store().query(query.text.replace("SERVICE <", "SERVICE SILENT <http://127.0.0.1:9/?"))


def test_the_item_of_poh(poh: Graph, oxigraph: str) -> None:
    """Q7248854 alone, with its English label; the question was asked with POH's code."""
    text = find_federated("item").text
    answer, told = run(poh.store, text, endpoints={WIKIDATA: oxigraph})
    rows = [(row["item"].value, row["item_label"].value) for row in solutions(answer)]
    assert rows == [("http://www.wikidata.org/entity/Q7248854", "Progressive osseous heteroplasia")]
    assert [(one.url, one.asked, one.rows) for one in told] == [(WIKIDATA, oxigraph, 1)]


def test_the_protein_of_its_gene(poh: Graph, ours: str) -> None:
    """Joined by the NCBI number of GNAS (2778), which UniProt's IRIs carry."""
    answer, told = run(poh.store, find_federated("proteins").text, endpoints={UNIPROT: ours})
    rows = [(row["symbol"].value, row["mnemonic"].value) for row in solutions(answer)]
    assert rows == [("GNAS", "GNAS2_HUMAN")]
    assert told[0].rows == 1


def test_two_endpoints_in_one_query(poh: Graph, oxigraph: str, ours: str) -> None:
    """The rows of the first are joined before the second is asked."""
    text = """
    PREFIX dcterms: <http://purl.org/dc/terms/>
    PREFIX ordo: <http://www.orpha.net/ORDO/>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX up: <http://purl.uniprot.org/core/>
    PREFIX wdt: <http://www.wikidata.org/prop/direct/>
    SELECT DISTINCT ?item ?mnemonic WHERE {
      VALUES ?disorder { ordo:Orphanet_2762 }   # the disorder
      ?disorder dcterms:identifier ?code .
      BIND (<http://purl.uniprot.org/geneid/2778> AS ?number)
      SERVICE <https://query.wikidata.org/sparql> {   # by ?code
        ?item wdt:P1550 ?code .
      }
      SERVICE <https://sparql.uniprot.org/sparql> {   # by ?number
        ?protein rdfs:seeAlso ?number . ?protein up:mnemonic ?mnemonic .
      }
    } ORDER BY ?mnemonic
    """
    answer, told = run(poh.store, text, endpoints={WIKIDATA: oxigraph, UNIPROT: ours})
    assert [row["mnemonic"].value for row in solutions(answer)] == ["GNAS2_HUMAN", "GNAS2_MOUSE"]
    assert [(one.url, one.rows) for one in told] == [(WIKIDATA, 1), (UNIPROT, 2)]


def test_an_unknown_disorder_has_no_rows(poh: Graph, oxigraph: str) -> None:
    """The endpoint is asked with no value, and answers with none."""
    text = find_federated("item").text.replace("ordo:Orphanet_2762 }", "ordo:Orphanet_999999 }")
    answer, told = run(poh.store, text, endpoints={WIKIDATA: oxigraph})
    assert list(solutions(answer)) == []
    assert told[0].rows == 0


def test_an_endpoint_that_does_not_answer_is_named(poh: Graph) -> None:
    """Nobody listens there: the query has no answer, and says why."""
    with pytest.raises(NoAnswer, match=r"query.wikidata.org/sparql did not answer") as found:
        run(poh.store, find_federated("item").text, endpoints={WIKIDATA: "http://127.0.0.1:9/"})
    assert found.value.told[0].rows is None


def test_an_endpoint_has_a_deadline(poh: Graph) -> None:
    """One that takes the question and says nothing holds nobody up."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"  # it takes connections, and nobody reads them
        begin = time.monotonic()
        with pytest.raises(NoAnswer):
            run(poh.store, find_federated("item").text, endpoints={WIKIDATA: address}, deadline=0.5)
        assert time.monotonic() - begin < 10


def test_only_http_is_asked(poh: Graph) -> None:
    """A file is no endpoint."""
    with pytest.raises(NoAnswer, match="did not answer"):
        run(poh.store, find_federated("item").text, endpoints={WIKIDATA: "file:///etc/hostname"})


def test_a_query_that_asks_nobody_is_told(poh: Graph) -> None:
    """It is no federated query."""
    with pytest.raises(InputError, match="asks no other endpoint"):
        run(poh.store, "SELECT DISTINCT ?s WHERE { ?s ?p ?o }")


def test_the_command_tells_which_endpoint_answered(run: Run, oxigraph: str) -> None:
    """Rows on stdout, endpoints on stderr."""
    found = run("query", "item", "POH", "--federated", "--endpoint", f"{WIKIDATA}={oxigraph}", "--as", "tsv")
    assert found.exit_code == 0, found.output
    assert "<http://www.wikidata.org/entity/Q7248854>" in found.stdout
    assert f"{WIKIDATA} ({oxigraph}): 1 row in" in found.stderr
    failed = run("query", "item", "POH", "--federated", "--endpoint", f"{WIKIDATA}=http://127.0.0.1:9/")
    assert failed.exit_code == 2
    assert f"{WIKIDATA} (http://127.0.0.1:9/): no answer" in failed.stderr


def test_the_command_finds_and_lists_them(run: Run) -> None:
    """`queries --federated` lists them; without the option none of them is found."""
    listed = run("queries", "--federated", "--as", "tsv")
    assert [line.partition("\t")[0] for line in listed.stdout.splitlines()[1:]] == sorted(federated_paths())
    assert run("query", "item-in-wikidata", "POH").exit_code == 2
    with pytest.raises(UnknownQuery):
        find_federated("nothing")


def test_the_server_runs_none_of_them(ours: str) -> None:
    """SERVICE is refused for strangers, and the API has no address for a federated query."""
    base = ours.removesuffix("/sparql")
    assert httpx.get(f"{base}/api/item-in-wikidata").status_code == 404
    text = find_federated("item").text
    assert httpx.get(f"{base}/sparql", params={"query": text}).status_code in (400, 403)
