"""A process that makes workers: it has read all that they need, has no threads, and forks one whenever it is told to.

A worker that was killed is thus replaced in a few milliseconds, and a graph in memory is there once for all of them. It
is a program of its own, started afresh, since the server has threads by then. It forks on ``FORK``, with the descriptor
of the worker's end of a connection; ``END_WORKER`` with a process id kills that worker and takes its exit. When the
server has gone, however it went, so do the workers and it.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from poh_graph.errors import PohGraphError
from poh_graph.web.frames import COMMAND, END_WORKER, RENEW
from poh_graph.web.served import OnDisk, served
from poh_graph.web.worker import work

_PR_SET_PDEATHSIG = 1

_LOOK = 0.02
"""Seconds between two looks whether processes that end are gone."""


def main(descriptor: int) -> None:
    """Serve the connection of this descriptor, of which the first command says what for.

    That is what :func:`poh_graph.web.served.served` takes, with the ``limits`` of workers and the ``base`` of the
    relative IRIs in queries.
    """
    control = socket.socket(fileno=descriptor)
    setup = _told(control)
    if setup is None:
        return
    # What it holds is gone with this process, however the server ends.
    with TemporaryDirectory(prefix="poh-graph-") as scratch:
        try:
            dataset = served(setup, Path(scratch))
        except PohGraphError as error:
            sys.stderr.write(f"{error}\n")
            return
        work_on = partial(work, dataset=dataset, base=setup["base"], limits=setup["limits"])
        children: set[int] = set()
        try:
            merging = None
            if isinstance(dataset, OnDisk):
                merging = _forked(partial(dataset.merge, Path(setup["folder"])), control)
                children.add(merging)
            _serve(control, children, merging, work_on)
        finally:
            for pid in children:
                _end(pid)


def _serve(
    control: socket.socket, children: set[int], merging: int | None, work_on: Callable[[socket.socket], None]
) -> None:
    """Do what the server says, until it has gone; tell it when the one of the ``children`` that is ``merging`` ends."""
    ending = {merging} if merging else set()
    while True:
        # Giving back much memory at the lowest priority takes long: who wants a worker meanwhile does not wait for it.
        gone = {pid for pid in ending if os.waitpid(pid, os.WNOHANG)[0]}
        ending -= gone
        children -= gone
        if merging in gone:
            control.sendall(RENEW)
            merging = None
        if not select.select([control], [], [], _LOOK if ending else None)[0]:
            continue
        message, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if not message:
            return
        command, pid = COMMAND.unpack(message + _exactly(control, COMMAND.size - len(message)))
        if command == END_WORKER:
            os.kill(pid, signal.SIGKILL)
            ending.add(pid)
            continue
        connection = socket.socket(fileno=descriptors[0])
        children.add(_forked(partial(work_on, connection), control))
        connection.close()


def _told(control: socket.socket) -> dict[str, Any] | None:
    """What workers are for; None if the server ends before it says so."""
    head = _exactly(control, COMMAND.size)
    if len(head) < COMMAND.size:
        return None
    _, length = COMMAND.unpack(head)
    content = _exactly(control, length)
    return cast(dict[str, Any], json.loads(content)) if len(content) == length else None


def _exactly(control: socket.socket, length: int) -> bytes:
    """So many bytes, or what came before the end."""
    content = b""
    while len(content) < length and (piece := control.recv(length - len(content))):
        content += piece
    return content


def _end(pid: int) -> None:
    """Kill a worker and take its exit; until then no other process can have its id."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _forked(do: Callable[[], None], control: socket.socket) -> int:
    """The id of a process that does something, and leaves without what a program does at its end."""
    pid = os.fork()
    if pid:
        return pid
    try:
        control.close()
        _die_with_parent()
        do()
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
