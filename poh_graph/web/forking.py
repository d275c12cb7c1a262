"""The server's side of the process that makes workers (:mod:`poh_graph.web.forker`).

It is started before anything else, loads what it needs meanwhile, and is told later what it makes workers for.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from typing import Any, NamedTuple

from poh_graph.web.frames import COMMAND, END_WORKER, FORK, SETUP

_BEGIN = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[2]); from poh_graph.web.forker import main; "
    "main(int(sys.argv[1]))"
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

    def __init__(self, setup: dict[str, Any] | None = None, running: Running | None = None) -> None:
        """``setup`` (of :mod:`poh_graph.web.setup`) may be told later; ``running`` is one that has been told it."""
        self._setup = setup
        self._pid: int | None = None
        if running is not None:
            self._setup, self._pid = running.setup, running.pid
            self._control = socket.socket(fileno=running.descriptor)

    @property
    def setup(self) -> dict[str, Any]:
        """What it makes workers for."""
        assert self._setup is not None  # noqa: S101 - it was told
        return self._setup

    def start(self) -> None:
        """Start it, if it does not run."""
        if self._pid is not None:
            if not os.waitpid(self._pid, os.WNOHANG)[0]:
                return
            self._control.close()
        self._control, theirs = socket.socketpair()
        with theirs:
            theirs.set_inheritable(True)
            self._pid = os.posix_spawn(
                sys.executable,
                [sys.executable, "-P", "-c", _BEGIN, str(theirs.fileno()), json.dumps(sys.path)],
                environment(),
                file_actions=[
                    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                ],
                setsid=True,  # an interrupt from the keyboard is for the server, which ends it
            )
        if self._setup is not None:
            self.tell(self._setup)

    def tell(self, setup: dict[str, Any]) -> None:
        """Tell it, once it was started, what it makes workers for."""
        self._setup = setup
        content = json.dumps(setup).encode()
        with contextlib.suppress(OSError):  # the process has ended, which who wants a worker will see
            self._control.sendall(COMMAND.pack(SETUP, len(content)) + content)

    def fileno(self) -> int:
        """The descriptor of the connection to it, at which one sees that it says something."""
        return self._control.fileno()

    def heard(self) -> bytes:
        """What it says; nothing when it has ended."""
        with contextlib.suppress(ConnectionError):
            return self._control.recv(1)
        return b""

    def hand_over(self) -> Running:
        """It, for the program that this one becomes."""
        assert self._pid is not None  # noqa: S101 - it was started
        self._control.set_inheritable(True)
        return Running(self.setup, self._pid, self._control.fileno())

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
