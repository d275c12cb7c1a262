"""What is asked of any page, whoever serves it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe-core that may be broken in one colour scheme and kept in another."""

MOST_ALIKE = 15
"""Children of one parent with the same tag and class that are kept."""

_AXE = Axe().axe_script
_SHORTEN = """most => {
  for (const parent of document.querySelectorAll("main, main *")) {
    const alike = Object.values(Object.groupBy(parent.children, one => `${one.tagName} ${one.className}`));
    alike.flatMap(ones => ones.slice(most)).forEach(one => one.remove());
  }
}"""
_TOO_WIDE = """() => [
  ...[...document.querySelectorAll("main *, header *, footer *")].filter(one =>
    !one.closest(".wide, pre, .unseen, .CodeMirror") && one.getBoundingClientRect().right > innerWidth + 1),
  ...[document.documentElement].filter(one => one.scrollWidth > innerWidth),
].map(one => one.outerHTML.slice(0, 120))"""


def broken(page: Page, *rules: str) -> list[str]:
    """The rules of axe-core (all, or these) that a page breaks, however little they weigh, each with one place.

    Of many alike side by side only the first are looked at: the rest takes the browser seconds and tells nothing new.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_SHORTEN, MOST_ALIKE)
        page.evaluate(_AXE)
    violations = page.evaluate("options => axe.run(options)", options)["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html']}" for one in violations]


def too_wide(page: Page) -> list[str]:
    """The elements that make a reader scroll sideways; what is in a box that scrolls by itself does not."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found
