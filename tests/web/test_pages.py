"""The pages of the server: the same as in a folder, and those that answer questions."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from poh_graph.bundle import Bundle
from poh_graph.graph import Graph
from poh_graph.pages.folder import write_folder
from poh_graph.web.settings import Publisher, Settings
from tests.pages.reading import Page, faults, read
from tests.web.inside import Inside
from tests.web.serving import Server

PUBLISHER = Publisher("A patients' association", contact="who@example.org")
POH = "/disorder/ORPHA:2762.html"
FOP = ("/disorder/ORPHA:337.html", "Fibrodysplasia ossificans progressiva")

MOST_FOLLOWED = 25
"""Links of a page that are followed: lists have hundreds of a kind."""

ADDRESSES = [
    "/",
    "/disorders",
    "/genes",
    "/phenotypes",
    "/organizations",
    "/classifications",
    "/report",
    "/ontology.html",
    "/queries",
    "/queries/genes-of-a-disorder",
    "/editor",
    "/search?q=osteoma",
    "/search",
    "/compare/POH/FOP",
    "/why?subject=ORPHA:2762&object=HP:0001376",
    POH,
    "/disorder/ORPHA:665.html",
    "/gene/HGNC:4392.html",
    "/phenotype/HP:0011987.html",
    "/organization/poha.html",
    "/association/orphanet/2762-HP0001376-HP0040281.html",
    "/graph/orphanet.html",
]


@pytest.fixture(scope="module")
def app(bundle: Bundle) -> Inside:
    """The application of the bundle, run by somebody who can be written to."""
    return Inside.of(Settings(str(bundle.path), publisher=PUBLISHER))


def page_of(app: Inside, path: str) -> Page:
    """A page, read."""
    return read(app.get(path, "text/html").text)


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_sound_and_loads_only_from_this_server(app: Inside, path: str) -> None:
    """No fault in its HTML; styles, scripts and forms stay here."""
    answer = app.get(path, "text/html")
    page = read(answer.text)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert faults(page) == []
    assert [address for address in page.fetched if not address.startswith("/")] == []


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_link_within_the_server_leads_to_an_answer(app: Inside, path: str) -> None:
    """Nobody is sent to an address that is not there; 410 is the answer of a retired code."""
    targets = {urlsplit(address)._replace(fragment="").geturl() for address, _ in page_of(app, path).links}
    inside = sorted(target for target in targets if target.startswith("/") and not target.startswith("/sparql"))
    answers = {target: app.get(target).status_code for target in inside[:MOST_FOLLOWED]}
    assert {target: status for target, status in answers.items() if status not in (200, 303, 410)} == {}


def test_the_page_of_the_server_is_that_of_the_folder(app: Inside, built: Graph, tmp_path: Path) -> None:
    """The bodies differ in where links lead, and in the forms and the chains that only a server can answer."""
    write_folder(built, None, tmp_path / "site", ["POH"])
    there = (tmp_path / "site" / "disorder" / "ORPHA_2762.html").read_text(encoding="utf-8")
    assert _without_links(there) == _without_links(app.get(POH).text)


def _without_links(html: str) -> list[str]:
    """The body of a page without links, without what only a server has, and without its surroundings."""
    body = html.partition("<main")[2].partition("</main>")[0]
    for cut in (r"<form.*?</form>", r'\s*<a class="why".*?</a>', r"</?a\b[^>]*>", r'<p class="report">.*?</p>'):
        body = re.sub(cut, "", body, flags=re.DOTALL)
    return [line.strip() for line in body.splitlines() if line.strip()]


def test_a_search_by_an_identifier_or_a_whole_name_leads_to_the_page(app: Inside) -> None:
    """Where one thing is meant for certain there is nothing to choose."""
    for text in ("POH", "ORPHA:2762", "omim:166350", "progressive osseous heteroplasia"):
        answer = app.get(f"/search?q={text}")
        assert (answer.status_code, answer.headers["location"]) == (303, POH)


def test_a_search_lists_what_is_near(app: Inside) -> None:
    """A name that is not quite right gives candidates; one that nothing has says so."""
    assert FOP in page_of(app, "/search?q=stone man").links
    assert "Nothing in this graph is called so." in page_of(app, "/search?q=qqqqqq").text


def test_two_disorders_stand_side_by_side(app: Inside) -> None:
    """By any names; the form of a disorder's page leads there."""
    assert "malformed great toes at birth" in page_of(app, "/compare/POH/FOP").text
    answer = app.get("/compare?one=ORPHA:2762&other=ORPHA:337")
    assert (answer.status_code, answer.headers["location"]) == (303, "/compare/ORPHA:2762/ORPHA:337")


def test_the_chain_of_a_claim_can_be_opened_and_its_statement_reported(app: Inside) -> None:
    """From the sign on the page to who says it, in which release, on which terms; a mail names the statement."""
    why = "/why?subject=ORPHA:2762&object=HP:0001376"
    assert why in [address for address, _ in page_of(app, POH).links]
    page = page_of(app, why)
    assert "Orphanet says: has phenotype" in page.text
    assert ("https://creativecommons.org/licenses/by/4.0/", "CC BY 4.0") in page.links
    (mail,) = [address for address, words in page.links if words == "Report an error"]
    assert mail.startswith("mailto:who@example.org?")
    assert "association/orphanet/2762-HP0001376-HP0040281" in mail


def test_a_public_address_with_a_path_is_kept_by_every_link(bundle: Bundle) -> None:
    """Behind a proxy the pages may lie below a path."""
    app = Inside.of(Settings(str(bundle.path), "https://example.org/graph"))
    for path in ("/", POH, "/search?q=osteoma", "/queries"):
        page = page_of(app, path)
        links = [address for address, _ in page.links if address.startswith("/")] + page.fetched
        assert [address for address in links if not address.startswith("/graph/")] == []


def test_a_stored_query_is_run_from_its_form(server: Server) -> None:
    """Its parameters are the fields; the rows have links to pages, and can be downloaded."""
    page = read(httpx.get(f"{server.address}/queries/genes-of-a-disorder?disorder=FOP&run=yes").text)
    assert faults(page) == []
    assert ("/gene/HGNC:171.html", "HGNC:171") in page.links
    assert "/api/genes-of-a-disorder?disorder=FOP&format=csv" in [address for address, _ in page.links]


def test_a_form_that_is_filled_in_wrongly_says_so_beside_the_form(server: Server) -> None:
    """The field keeps what was written."""
    answer = httpx.get(f"{server.address}/queries/genes-of-a-disorder?disorder=qqqqqq&run=yes")
    assert answer.status_code == 404
    assert 'value="qqqqqq"' in answer.text
    assert "No disorder in this graph is called" in answer.text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT ?s WHERE { ?s a <https://w3id.org/biolink/vocab/Gene> }", 200, "rows"),
        ("ASK { ?s ?p ?o }", 200, "yes"),
        ("CONSTRUCT WHERE { <http://identifiers.org/hgnc/4392> ?p ?o }", 200, 'rdf-schema#label> "GNAS"'),
        ("SELECT ?s WHERE {", 400, "This is not SPARQL 1.1: line 1"),
        ("DROP ALL", 400, "A query says SELECT, ASK, CONSTRUCT or DESCRIBE."),
    ],
)
def test_sparql_of_ones_own_is_answered_on_the_page(server: Server, query: str, status: int, words: str) -> None:
    """Without any script: a form, and its answer below it."""
    answer = httpx.get(f"{server.address}/editor", params={"query": query})
    page = read(answer.text)
    assert answer.status_code == status
    assert faults(page) == []
    assert words in page.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/disorder/progresive-oseous-heteroplasia.html", 404, "Progressive osseous heteroplasia"),
        ("/nothing", 404, "There is nothing at this address."),
        ("/compare/POH/GNAS", 404, "It is a name of HGNC:4392 GNAS"),
        ("/static/nothing.css", 404, "To the front page"),
    ],
)
def test_a_browser_is_told_of_a_problem_on_a_page_and_a_program_as_data(
    app: Inside, path: str, status: int, words: str
) -> None:
    """With what may have been meant."""
    answer = app.get(path, "text/html,application/xhtml+xml,*/*;q=0.8")
    page = read(answer.text)
    assert (answer.status_code, faults(page)) == (status, [])
    assert words in page.text
    assert app.get(path).headers["content-type"] == "application/problem+json"


def test_the_data_beside_a_page_are_those_of_the_server(app: Inside, built: Graph, tmp_path: Path) -> None:
    """The same Turtle, whatever the kind of thing."""
    write_folder(built, None, tmp_path / "site", ["POH"])
    there = (tmp_path / "site" / "disorder" / "ORPHA_2762.ttl").read_bytes()
    assert there == app.get("/disorder/ORPHA:2762.ttl").content
