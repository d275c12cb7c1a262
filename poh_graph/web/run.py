"""The server as a program: it listens, says where, and stops cleanly."""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from types import FrameType

import uvicorn
import uvloop
from starlette.applications import Starlette

from poh_graph.web.app import create_app
from poh_graph.web.connection import REQUEST_SECONDS, PatientOnlySoLong
from poh_graph.web.forking import Forker
from poh_graph.web.listen import address
from poh_graph.web.settings import Settings
from poh_graph.web.setup import is_outdated, setup_of
from poh_graph.web.site import Site

_CONNECTIONS = 1000
"""Connections at once; a further one is told that the server is busy."""

_GRACE = 5
"""Seconds that answers under way have when the server is told to stop."""

_SWITCH = 0.0005
"""Seconds after which one thread lets another go on: those that ask for a page take turns with those that serve."""

_LOOK = 2
"""Seconds between two looks whether there is a new build."""


def serve(settings: Settings, listener: socket.socket, forker: Forker) -> None:
    """Serve until a signal (SIGINT, SIGTERM) says to stop; answers under way may still be finished then.

    The ``forker`` is one of the same settings, and may have been started. When a new build takes the place of the
    bundle, that is served from then on; who connects meanwhile waits a moment.

    Raises:
        StoreError: if the store cannot be opened.
    """
    sys.setswitchinterval(_SWITCH)
    app = create_app(settings, forker)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Uvicorn stops on either, and raises it again when it has stopped: then this ends the program.
        signal.signal(number, _leave)
    while True:
        uvloop.run(_serve(app, listener.dup(), forker))
        forker = Forker(setup_of(settings))
        app = create_app(settings, forker)


async def _serve(app: Starlette, listener: socket.socket, forker: Forker) -> None:
    """Serve until the bundle is no longer the one that was opened."""
    config = uvicorn.Config(
        app,
        http=PatientOnlySoLong,
        ws="none",
        lifespan="off",  # it is entered here, so that what fails at the start is an error of ours
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=int(REQUEST_SECONDS),
        timeout_graceful_shutdown=_GRACE,
    )
    async with app.router.lifespan_context(app):
        _announce(app.state.site, listener)
        server = uvicorn.Server(config)
        looking = asyncio.create_task(_stop_when_outdated(server, forker))
        await server.serve(sockets=[listener])
        looking.cancel()


async def _stop_when_outdated(server: uvicorn.Server, forker: Forker) -> None:
    while not is_outdated(forker.setup):  # noqa: ASYNC110 - a folder that is exchanged sets no event
        await asyncio.sleep(_LOOK)
    server.should_exit = True


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def _announce(site: Site, listener: socket.socket) -> None:
    """Say on stderr what is served, and where."""
    what = site.settings.store or ("./bundle" if site.graph.release else "the packaged graph")
    sys.stderr.write(f"Serving {what} at {address(listener)}/ (Ctrl-C stops it)\n")
    sys.stderr.flush()
