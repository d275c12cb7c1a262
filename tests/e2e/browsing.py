"""A browser that a test can look through: its program, and windows that note what must not happen in them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, ViewportSize

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""Names under which systems install it. Playwright's own download is not used: a test fetches nothing."""

QUIET = (
    "--no-sandbox",  # root, as whom CI runs, may not use the sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""A browser that asks nobody for anything by itself."""

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)


def program() -> str | None:
    """The path of the browser; None where there is none."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@dataclass
class Window:
    """A page of the browser with its own cookies and cache, and what went wrong in it."""

    page: Page
    home: str
    """What each address begins with that may be asked."""
    faults: list[str] = field(default_factory=list)

    def visit(self, path: str) -> Page:
        """Go to an address of the server."""
        self.page.goto(self.home + path)
        return self.page

    def forgive_the_status_of(self, page: Page) -> None:
        """Take away what the browser itself notes of a page that came with the status of an error."""
        noted = f"({page.url})"
        self.faults = [one for one in self.faults if not ("Failed to load resource" in one and one.endswith(noted))]

    def watch(self, context: BrowserContext) -> None:
        """Let nothing out but to ``home``; note each attempt, each error of a script and of the browser."""
        context.route("**/*", self._pass_on)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.faults.append(f"uncaught: {error.error}"))

    def _pass_on(self, route: Route) -> None:
        if route.request.url.startswith(self.home):
            route.continue_()
        else:
            self.faults.append(f"asks {route.request.url}")
            route.abort()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"{message.type}: {message.text} ({message.location['url']})")

    @contextmanager
    def used(self) -> Iterator[Window]:
        """This window for one test, which must bring no fault; it is left empty, and of the size that it had."""
        self.faults.clear()
        size = self.page.viewport_size
        yield self
        self.page.emulate_media(color_scheme="null")
        self.page.set_viewport_size(size or DESK)
        self.page.goto("about:blank")
        assert self.faults == []


@contextmanager
def window(browser: Browser, home: str, **settings: Any) -> Iterator[Window]:
    """A new window; ``settings`` are those of a browser context."""
    context = browser.new_context(**{"viewport": DESK, **settings})
    opened = Window(context.new_page(), home)
    opened.watch(context)
    yield opened
    context.close()
