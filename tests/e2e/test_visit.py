"""What a visitor does, in a browser: search, read, follow, ask, download.

No window may have a fault or ask another host: it is closed with an assertion.
"""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from playwright.sync_api import expect

from poh_graph.pages.editor import editor_folder
from tests.e2e.browsing import Window
from tests.e2e.pages import POH

POH_IRI = ox.NamedNode("http://www.orpha.net/ORDO/Orphanet_2762")
POH_NAME = "Progressive osseous heteroplasia"
FOP = re.compile(r"/disorder/ORPHA:337\.html$")
FOP_NAME = "Fibrodysplasia ossificans progressiva"
GENES = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?symbol WHERE { ?gene a <https://w3id.org/biolink/vocab/Gene> ; rdfs:label ?symbol }
"""


def test_candidates_appear_as_one_types(desk: Window) -> None:
    """They are links that the arrow keys reach; one leads to the thing."""
    page = desk.visit("/")
    page.get_by_role("searchbox").press_sequentially("progressive oss")
    candidates = page.get_by_role("list", name="Candidates")
    first = candidates.get_by_role("link").first
    expect(first).to_have_text(f"{POH_NAME} (ORPHA:2762)")
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(POH_NAME)


def test_escape_puts_the_candidates_away(desk: Window) -> None:
    """And leaves one in the field, with what was typed."""
    page = desk.visit(POH)
    field = page.get_by_role("searchbox")
    field.press_sequentially("fibro")
    candidates = page.get_by_role("list", name="Candidates")
    expect(candidates).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(candidates).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("fibro")


@pytest.mark.parametrize("kind", ["desk", "scriptless"])
def test_the_form_finds_with_a_script_and_without(kind: str, request: pytest.FixtureRequest) -> None:
    """An abbreviation leads to the page at once, a word that several things have to a choice."""
    page = request.getfixturevalue(kind).visit("/")
    page.get_by_role("searchbox").fill("POH")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(POH_NAME)
    page.get_by_role("searchbox").fill("stone man")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("main").get_by_role("link", name=FOP_NAME).first.click()
    expect(page).to_have_url(FOP)


def test_from_the_front_page_to_poh_and_on_to_fop(desk: Window) -> None:
    """By links alone: the contents of the page lead to a section, a box of its picture to the look-alike."""
    page = desk.visit("/")
    page.get_by_role("link", name=POH_NAME).click()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="What it overlaps with").click()
    expect(page.get_by_role("heading", name="What it overlaps with")).to_be_in_viewport()
    page.locator("svg").get_by_role("link", name=FOP_NAME).click()
    expect(page).to_have_url(FOP)
    expect(page.get_by_role("heading", level=1)).to_contain_text(FOP_NAME)


def test_two_disorders_are_chosen_for_comparison(desk: Window) -> None:
    """From the form below the look-alikes."""
    page = desk.visit(POH)
    page.get_by_label("Compare side by side with").select_option(label=f"{FOP_NAME} (ORPHA:337)")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("malformed great toes at birth").first).to_be_visible()


def test_the_chain_behind_a_sign_is_opened(desk: Window) -> None:
    """From the line of the page to who says it."""
    page = desk.visit(POH)
    page.get_by_role("link", name=re.compile(r"^why is it said: .*HP:0001376")).click()
    expect(page.get_by_text("Orphanet says: has phenotype")).to_be_visible()


@pytest.mark.parametrize("kind", ["desk", "scriptless"])
def test_a_stored_query_is_found_and_run(kind: str, request: pytest.FixtureRequest) -> None:
    """Its form has a default; the genes of another disorder come when one writes its name."""
    page = request.getfixturevalue(kind).visit("/")
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("link", name=re.compile("^Which genes does this disorder have")).click()
    page.get_by_label("The disorder").fill("FOP")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("region", name="Answer").get_by_role("link", name="HGNC:171").first).to_be_visible()
    with page.expect_download() as found:
        page.get_by_role("link", name="CSV").click()
    assert "HGNC:171" in found.value.path().read_text(encoding="utf-8").replace("http://identifiers.org/hgnc/", "HGNC:")


def test_sparql_is_run_in_the_plain_form(scriptless: Window) -> None:
    """Which is all that there is without scripts."""
    page = scriptless.visit("/editor")
    page.get_by_role("textbox", name="Query").fill(GENES)
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("region", name="Answer")).to_contain_text("GNAS")


def test_sparql_is_run_in_the_editor(desk: Window) -> None:
    """It colours what it knows, Tab leads out of it, and Ctrl-Enter runs the query."""
    if editor_folder() is None:
        pytest.skip("this installation was made without npm: it has no editor")
    page = desk.visit("/editor")
    expect(page.locator(".CodeMirror .cm-keyword").first).to_be_visible()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(GENES)
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Answer")).to_contain_text("GNAS")


@pytest.mark.parametrize(("name", "format_"), [("Turtle", ox.RdfFormat.TURTLE), ("JSON-LD", ox.RdfFormat.JSON_LD)])
def test_the_data_of_a_page_are_downloaded(name: str, format_: ox.RdfFormat, desk: Window, tmp_path: Path) -> None:
    """They parse, and speak of the disorder."""
    page = desk.visit(POH)
    with page.expect_download() as found:
        page.get_by_role("link", name=name, exact=True).click()
    found.value.save_as(tmp_path / "data")
    subjects = {quad.subject for quad in ox.parse(path=str(tmp_path / "data"), format=format_)}
    assert POH_IRI in subjects


def test_a_name_that_is_not_quite_right_gets_a_choice(desk: Window) -> None:
    """On the page of what is not there; the browser itself notes the status."""
    page = desk.visit("/disorder/progresive-oseous-heteroplasia.html")
    desk.forgive_the_status_of(page)
    page.get_by_role("link", name=POH_NAME).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(POH_NAME)


def test_without_scripts_everything_can_be_read(desk: Window, scriptless: Window) -> None:
    """The words of the page are the same, and all of them are shown."""
    with_script, without = (one.visit(POH).get_by_role("main").inner_text() for one in (desk, scriptless))
    assert without == with_script
