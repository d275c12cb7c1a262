"""That nobody is kept out: by the rules of axe-core, with a keyboard, on a phone, in light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESK, PHONE, Window
from tests.e2e.checks import OF_COLOURS, broken, too_wide
from tests.e2e.pages import KINDS, POH

FOCUSED = ".CodeMirror-focused, :focus:not(.CodeMirror *)"
"""What a visitor sees to have the focus: the editor for SPARQL, not the field that is hidden in it."""

OUTLINE = """one => {
  const style = getComputedStyle(one);
  return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
}"""
STEPS = 12
"""Presses of the Tab key that are followed on a page: its head and what comes first in it."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_no_obstacle_in_light_or_dark_or_on_a_phone(kind: str, desk: Window) -> None:
    """No rule is broken, however little it weighs. A phone scrolls down only: what is wider has a box of its own."""
    page = desk.visit(KINDS[kind])
    desk.forgive_the_status_of(page)
    page.set_viewport_size(PHONE)
    assert too_wide(page) == []
    page.set_viewport_size(DESK)
    assert broken(page) == []
    page.emulate_media(color_scheme="dark")
    assert broken(page, *OF_COLOURS) == []


def test_the_first_key_leads_past_the_head(desk: Window) -> None:
    """The skip link is shown when it has the focus, and leads to the content."""
    page = desk.visit(POH)
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


@pytest.mark.parametrize("kind", ["front", "disorder", "stored query", "SPARQL"])
def test_one_sees_where_the_keyboard_is(kind: str, desk: Window) -> None:
    """Each place that the Tab key reaches is on the screen and has an outline."""
    page = desk.visit(KINDS[kind])
    outlines = {}
    for _ in range(STEPS):
        page.keyboard.press("Tab")
        focused = page.locator(FOCUSED)
        if not focused.count():
            break
        expect(focused).to_be_in_viewport()
        outlines[focused.evaluate("one => one.outerHTML.slice(0, 120)")] = focused.evaluate(OUTLINE)
    assert len(outlines) > STEPS / 2
    assert [place for place, width in outlines.items() if width < 1] == []
