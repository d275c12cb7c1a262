"""The server's side of the process that makes workers (:mod:`poh_graph.web.forker`).

It is started before anything else that takes long to import: it reads its store meanwhile.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from poh_graph.bundle import DEFAULT_BUNDLE, Bundle, is_bundle, restore
from poh_graph.errors import StoreError
from poh_graph.web.frames import COMMAND, END_WORKER, FORK
from poh_graph.web.settings import Settings

_BEGIN = (
    "import json, sys; setup = json.loads(sys.argv[2]); sys.path[:] = setup.pop('path'); "
    "from poh_graph.web.forker import main; main(int(sys.argv[1]), setup)"
)
"""The program: with our own search path, and (``-P``) nothing from the folder where it is started."""


_ALLOCATOR = "glibc.malloc.tcache_count=500:glibc.malloc.tcache_max=16384"
"""For GNU's C library: let a thread keep more of the small pieces of memory that it has freed. The engine takes and
frees many: a query takes a fifth less time."""


def environment() -> dict[str, str]:
    """The environment of all processes that run queries; the C library reads it when a program starts."""
    return {"GLIBC_TUNABLES": _ALLOCATOR, **os.environ}


class Running(NamedTuple):
    """A process that makes workers, as the program that started it hands it over to the one that it becomes."""

    setup: dict[str, Any]
    pid: int
    descriptor: int
    """Of the connection to it."""


class Forker:
    """The process that makes workers, and takes their end."""

    def __init__(self, settings: Settings, running: Running | None = None) -> None:
        """It may be ``running``, started for the same settings.

        Raises:
            StoreError: if the store of the settings is another endpoint.
        """
        self._pid: int | None = None
        if running is None:
            self._setup = _setup(settings)
        else:
            self._setup, self._pid = running.setup, running.pid
            self._control = socket.socket(fileno=running.descriptor)

    def start(self) -> None:
        """Start it, if it does not run."""
        if self._pid is not None:
            if not os.waitpid(self._pid, os.WNOHANG)[0]:
                return
            self._control.close()
        self._control, theirs = socket.socketpair()
        with theirs:
            theirs.set_inheritable(True)
            arguments = [str(theirs.fileno()), json.dumps({**self._setup, "path": sys.path})]
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-c", _BEGIN, *arguments],
                environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                ],
                setsid=True,  # an interrupt from the keyboard is for the server, which ends it
            )

    def hand_over(self) -> Running:
        """It, for the program that this one becomes."""
        assert self._pid is not None  # noqa: S101 - it was started
        self._control.set_inheritable(True)
        return Running(self._setup, self._pid, self._control.fileno())

    def is_outdated(self) -> bool:
        """Whether another bundle has taken the place of the one that is served."""
        if self._setup["folder"] is None:
            return False
        try:
            return bool(_identity(Path(self._setup["folder"])) != self._setup["identity"])
        except FileNotFoundError:
            return False  # it is just being exchanged, or has been removed: what was opened is still served

    def fork(self, connection: socket.socket) -> None:
        """Have a worker made, which is spoken to over a connection.

        Raises:
            OSError: if the process has ended.
        """
        socket.send_fds(self._control, [COMMAND.pack(FORK, 0)], [connection.fileno()])

    def end(self, pid: int) -> None:
        """Kill a worker."""
        with contextlib.suppress(OSError):  # the process has ended, and its workers with it
            self._control.sendall(COMMAND.pack(END_WORKER, pid))

    def close(self) -> None:
        """End all workers and the process, and return when they are gone."""
        if self._pid is not None:
            self._control.close()
            os.waitpid(self._pid, 0)
            self._pid = None


def _setup(settings: Settings) -> dict[str, Any]:
    """What :func:`poh_graph.web.forker.main` takes: a bundle's store is opened by each worker, any other read once.

    Raises:
        StoreError: if the store is another endpoint.
    """
    store = settings.store
    if store is not None and "://" in store:
        raise StoreError("Another endpoint cannot be served.", mend="Give a bundle folder or an RDF file with -s.")
    public_url = settings.public_url.rstrip("/")
    common = {"limits": asdict(settings.limits), "base": f"{public_url}/sparql", "public_url": public_url}
    bundle = Bundle(DEFAULT_BUNDLE if store is None else Path(store))
    restore(bundle.path)
    if not is_bundle(bundle.path):
        return {"folder": None, "store": store, **common}
    return {"folder": str(bundle.store.absolute()), "identity": _identity(bundle.store), **common}


def _identity(folder: Path) -> list[int]:
    """What tells a folder from one that takes its place."""
    status = folder.stat()
    return [status.st_dev, status.st_ino]
