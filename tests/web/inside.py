"""The application without a server around it: for what needs no worker, and for settings of its own."""

from __future__ import annotations

from dataclasses import dataclass

import anyio
import httpx

from poh_graph.web.app import create_app
from poh_graph.web.settings import Settings

ADDRESS = "http://testserver"
"""Whom a request is addressed to; no answer may name it."""


@dataclass(frozen=True)
class Inside:
    """An application that is asked in this process."""

    transport: httpx.ASGITransport

    @classmethod
    def of(cls, settings: Settings) -> Inside:
        """The application of these settings; its workers do not run."""
        return cls(httpx.ASGITransport(create_app(settings)))

    def get(self, path: str, accept: str = "*/*", *, method: str = "GET", **headers: str) -> httpx.Response:
        """The answer to a GET; redirections are not followed."""

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url=ADDRESS) as client:
                return await client.request(method, path, headers={"Accept": accept, **headers})

        return anyio.run(ask)
