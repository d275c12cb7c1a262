"""The page of a disorder on paper, and as a file that is opened from disk."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from poh_graph.bundle import Bundle
from tests.e2e.browsing import PHONE, Window, window
from tests.e2e.checks import broken, too_wide
from tests.e2e.pages import POH
from tests.running import run_command

SHEETS = 2


@pytest.fixture(scope="module")
def poh_file(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of POH as a single file."""
    path = tmp_path_factory.mktemp("exported") / "poh.html"
    result = run_command("export", "html", "--disorder", "POH", "-s", bundle.path, "-o", path)
    assert result.exit_code == 0, result.output
    return path


@pytest.fixture
def opened(browser: Browser, poh_file: Path) -> Iterator[Page]:
    """That file in a window which nothing but the file may enter."""
    with window(browser, poh_file.as_uri()) as found, found.used():
        yield found.visit("")


def printed(page: Page) -> list[str]:
    """The words of each sheet of a page on A4."""
    return [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]


def assert_essentials(sheets: list[str]) -> None:
    """Two sheets, with what a doctor is told first and where the rest is; without what only a screen can use."""
    words = " ".join(normalize("NFKC", " ".join(sheets)).split())
    assert len(sheets) == SHEETS
    for expected in (
        "Progressive osseous heteroplasia",
        "What it is",
        "GNAS",
        "What tells it apart",
        "Fibrodysplasia ossificans progressiva",
        "Not medical advice.",
        "Left out on paper:",
    ):
        assert expected in words
    assert "Skip to the content" not in words
    assert "Compare side by side" not in words


def test_poh_is_printed_on_two_sheets(desk: Window) -> None:
    """The page of the server, sent to a printer."""
    assert_essentials(printed(desk.visit(POH)))


def test_the_file_is_printed_on_two_sheets(opened: Page) -> None:
    """The same from disk, without a server."""
    assert_essentials(printed(opened))


def test_the_file_needs_nothing_else(opened: Page) -> None:
    """It asks for nothing, has no obstacle, and is readable on a phone; its contents lead to its sections."""
    opened.get_by_role("navigation", name="On this page").get_by_role("link", name="What tells it apart").click()
    expect(opened.get_by_role("heading", name="What tells it apart")).to_be_in_viewport()
    opened.set_viewport_size(PHONE)
    assert too_wide(opened) == []
    assert broken(opened) == []
