"""Servers that the tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from poh_graph.bundle import Bundle
from tests.web.serving import Server, serving


@pytest.fixture(scope="session")
def server(bundle: Bundle) -> Iterator[Server]:
    """A server of the bundle of the packaged graph, with the limits that it has by itself."""
    with serving("-s", bundle.path) as running:
        yield running
