"""What is asked of any page, whoever serves it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe-core that may be broken in one colour scheme and kept in another."""

_TOO_WIDE = """() => [
  ...[...document.querySelectorAll("main *, header *, footer *")].filter(one =>
    !one.closest(".wide, pre, .unseen, .CodeMirror") && one.getBoundingClientRect().right > innerWidth + 1),
  ...[document.documentElement].filter(one => one.scrollWidth > innerWidth),
].map(one => one.outerHTML.slice(0, 120))"""


def broken(page: Page, *rules: str) -> list[str]:
    """The rules of axe-core (all, or these) that a page breaks, however little they weigh, each with one place."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    violations = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html']}" for one in violations]


def too_wide(page: Page) -> list[str]:
    """The elements that make a reader scroll sideways; what is in a box that scrolls by itself does not."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found
