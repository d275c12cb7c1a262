"""A process that makes workers: it has read all that they need, has no threads, and forks one whenever it is told to.

A worker that was killed is thus replaced in a few milliseconds, and a graph in memory is there once for all of them. It
is a program of its own, started afresh, since the server has threads by then. It forks on ``FORK``, with the descriptor
of the worker's end of a connection; ``END`` with a process id kills that worker and takes its exit. When the server has
gone, however it went, so do the workers and it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pyoxigraph as ox

from poh_graph.errors import PohGraphError
from poh_graph.web.worker import work

FORK, END = b"F", b"E"
COMMAND = struct.Struct(">cI")
"""A command and a process id."""

_PR_SET_PDEATHSIG = 1


def main(descriptor: int, setup: dict[str, Any]) -> None:
    """Serve the connection of this descriptor.

    ``setup`` is what workers need: the ``folder`` of a store on disk with its ``identity`` (device and inode), or the
    ``store`` to read into memory (a file, or None for the packaged graph); and the ``limits``.
    """
    control = socket.socket(fileno=descriptor)
    try:
        open_store = _opener(setup)
    except PohGraphError:
        return  # the server opens the same store, and says what is wrong with it
    workers: set[int] = set()
    try:
        _serve(control, workers, open_store, setup["limits"])
    finally:
        for pid in workers:
            _end(pid)


def _opener(setup: dict[str, Any]) -> Callable[[], ox.Store]:
    """What gives a worker its store: opened by each from disk, or here and once if it is in memory."""
    if setup["folder"] is not None:
        folder = Path(setup["folder"])
        identity = tuple(setup["identity"])
        return lambda: _opened(folder, identity)
    from poh_graph.graph import open_graph, packaged
    from poh_graph.store import LocalStore

    store = (packaged() if setup["store"] is None else open_graph(setup["store"])).store
    assert isinstance(store, LocalStore)  # noqa: S101 - the server has refused every other kind
    engine = store.engine
    return lambda: engine


def _opened(folder: Path, identity: tuple[int, ...]) -> ox.Store:
    """The store of the folder that the server has opened, not of one that has taken its place."""
    store = ox.Store.read_only(str(folder))
    status = folder.stat()
    if (status.st_dev, status.st_ino) != identity:
        raise SystemExit(1)
    return store


def _serve(
    control: socket.socket, workers: set[int], open_store: Callable[[], ox.Store], limits: dict[str, Any]
) -> None:
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if not message:
            return
        while len(message) < COMMAND.size:
            message += control.recv(COMMAND.size - len(message))
        command, pid = COMMAND.unpack(message)
        if command == END:
            workers.discard(pid)
            _end(pid)
            continue
        connection = socket.socket(fileno=descriptors[0])
        pid = os.fork()
        if pid == 0:
            control.close()
            _become_worker(connection, open_store, limits)
        connection.close()
        workers.add(pid)


def _end(pid: int) -> None:
    """Kill a worker and take its exit; until then no other process can have its id."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _become_worker(connection: socket.socket, open_store: Callable[[], ox.Store], limits: dict[str, Any]) -> NoReturn:
    """Work until the connection ends, and leave without what a program does at its end."""
    try:
        _die_with_parent()
        work(connection, open_store, limits)
    except MemoryError:
        os._exit(1)  # the query took more than it may, which the server tells by our end
    except BaseException:  # noqa: BLE001 - nothing is handled: it is shown, and this process ends
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _die_with_parent() -> None:
    """Let the system kill this process when the one that forked it ends, where the system can."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
