"""What a visitor sees and does, in a real browser: Debian's chromium without a window.

No page that is opened here may ask another host for anything, or let an error reach the console.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="what drives a browser is not installed: pip install 'poh-graph[test]'")

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.running import run_command
from tests.web.serving import Server

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no browser: apt-get install chromium")

POH = "/disorder/ORPHA:2762.html"
FOP = "Fibrodysplasia ossificans progressiva"
PAGES = [
    "/",
    POH,
    "/gene/HGNC:4392.html",
    "/phenotype/HP:0011987.html",
    "/organization/poha.html",
    "/disorders",
    "/search?q=osteoma",
    "/compare/POH/FOP",
    "/why?subject=ORPHA:2762&object=HP:0001376",
    "/ontology.html",
    "/queries",
    "/queries/genes-of-a-disorder?disorder=FOP&run=yes",
    "/editor",
]
SCREENS = {"desktop": (1280, 900), "phone": (390, 844)}

Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Opened]:
    """Open an address of the server; options are those of a browser context, such as ``java_script_enabled``."""
    contexts, wrong = [], []
    ours = (server.address, "data:", "blob:")

    def opened(address: str, **options: object) -> Page:
        context = browser.new_context(base_url=server.address, bypass_csp=False, **options)  # type: ignore[arg-type]  # Playwright judges them
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(ours) else None)
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def test_a_family_finds_poh_and_goes_on_to_fop(visit: Opened) -> None:
    """From the front page by a name, and from there to the look-alike in the picture."""
    page = visit("/")
    page.get_by_placeholder("Name, abbreviation or identifier").fill("familial ectopic ossification")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(f"**{POH}")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Progressive osseous heteroplasia")
    page.locator("svg").get_by_role("link", name=FOP).click()
    page.wait_for_url("**/disorder/ORPHA:337.html")


def test_candidates_come_while_one_types(visit: Opened) -> None:
    """They are reached by the keyboard."""
    page = visit("/genes")
    page.get_by_label("Name or identifier").fill("fibrodysplasia oss")
    page.get_by_role("list", name="Candidates").get_by_role("link").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/disorder/ORPHA:337.html")


def test_everything_can_be_read_without_a_script(visit: Opened) -> None:
    """Search, a stored query and SPARQL are forms."""
    page = visit("/", java_script_enabled=False)
    page.get_by_placeholder("Name, abbreviation or identifier").fill("POH")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(f"**{POH}")
    page.goto("/editor")
    page.get_by_label("Query").fill("ASK { ?s ?p ?o }")
    page.get_by_role("button", name="Run").click()
    assert page.get_by_text("yes", exact=True).is_visible()


def test_a_stored_query_is_asked_by_its_form(visit: Opened) -> None:
    """From the list of questions to the rows."""
    page = visit("/queries")
    page.get_by_role("link", name=re.compile("^Which genes does this disorder have")).click()
    page.get_by_label("The disorder").fill("FOP")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_role("cell", name="ACVR1").first.is_visible()


def test_sparql_is_run_from_the_editor(visit: Opened) -> None:
    """With the editor or without it, the answer is a table with links."""
    page = visit("/editor")
    page.get_by_role("button", name="Run").click()
    page.get_by_role("heading", name="Answer").wait_for()
    assert page.get_by_role("cell", name="OMIM:166350").first.is_visible()


def test_the_two_look_alikes_are_put_side_by_side(visit: Opened) -> None:
    """By the form below the list of what it overlaps with."""
    page = visit(POH)
    page.get_by_label("Compare side by side with").select_option(label=f"{FOP} (ORPHA:337)")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/compare/ORPHA:2762/ORPHA:337")
    assert page.get_by_text("malformed great toes at birth").is_visible()


def test_the_chain_of_a_sign_opens(visit: Opened) -> None:
    """From the line of the page to who says it, in which release."""
    page = visit(POH)
    page.locator("#signs").get_by_role("link", name="why is it said: stiff joints").click()
    assert page.get_by_role("heading", name="Orphanet says: has phenotype").is_visible()


@pytest.mark.parametrize(("name", "begins"), [("Turtle", "@prefix"), ("JSON-LD", "{")])
def test_the_data_of_a_page_can_be_downloaded(visit: Opened, server: Server, name: str, begins: str) -> None:
    """The links below the page lead to them."""
    page = visit(POH)
    address = page.get_by_role("link", name=name, exact=True).get_attribute("href")
    answer = page.request.get(f"{server.address}{address}")
    assert answer.ok
    assert answer.text().startswith(begins)


@pytest.mark.parametrize(("scheme", "screen"), [("light", "desktop"), ("dark", "phone")])
def test_no_page_has_an_obstacle_or_runs_over_the_edge(visit: Opened, scheme: str, screen: str) -> None:
    """By the rules of axe-core, of which not even those of little weight are broken."""
    width, height = SCREENS[screen]
    page = visit("/", color_scheme=scheme, viewport={"width": width, "height": height})
    found = {}
    for address in PAGES:
        page.goto(address)
        violations = Axe().run(page).response["violations"]
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        found[address] = [f"{each['id']}: {each['nodes'][0]['html']}" for each in violations] + ["too wide"] * too_wide
    assert {address: wrong for address, wrong in found.items() if wrong} == {}


def test_the_page_prints_on_two_sheets(browser: Browser, tmp_path: Path) -> None:
    """As a file from the disk, which asks nothing of anybody."""
    result = run_command("export", "html", "--disorder", "POH", "-o", tmp_path / "poh.html")
    assert result.exit_code == 0, result.output
    page = browser.new_page()
    page.goto((tmp_path / "poh.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
