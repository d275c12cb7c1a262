"""A browser, and windows of it that look at a server of the packaged graph."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.browsing import QUIET, Window, program, window
from tests.web.serving import Server

PATIENCE = 20_000
"""Milliseconds until what a test expects must be there: the machine may be busy."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser. It ends with each module: its event loop would be in the way of tests that run one of their own."""
    path = program()
    if path is None:
        pytest.skip("no browser is installed: apt-get install chromium")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="module")
def window_with_scripts(browser: Browser, server: Server) -> Iterator[Window]:
    """One window for all tests of a module: each new one starts processes."""
    with window(browser, server.address) as opened:
        yield opened


@pytest.fixture(scope="module")
def window_without_scripts(browser: Browser, server: Server) -> Iterator[Window]:
    """As above, of a browser that runs no script."""
    with window(browser, server.address, java_script_enabled=False) as opened:
        yield opened


@pytest.fixture
def desk(window_with_scripts: Window) -> Iterator[Window]:
    """A window on a desk."""
    with window_with_scripts.used() as opened:
        yield opened


@pytest.fixture
def scriptless(window_without_scripts: Window) -> Iterator[Window]:
    """A window that runs no script."""
    with window_without_scripts.used() as opened:
        yield opened
