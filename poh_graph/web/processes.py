"""The server's side of its workers: how they are made and ended, and how one is asked.

The processes themselves are :mod:`poh_graph.web.forker`, which makes workers, and :mod:`poh_graph.web.worker`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from poh_graph.web.forker import COMMAND, END, FORK
from poh_graph.web.frames import ASK, DATA, HEAD, HEADER, PROBLEM, READY, frame
from poh_graph.web.frames import END as END_OF_ANSWER

_BEGIN = (
    "import json, sys; setup = json.loads(sys.argv[2]); sys.path[:] = setup.pop('path'); "
    "from poh_graph.web.forker import main; main(int(sys.argv[1]), setup)"
)
"""The program of the forker: with our own search path, and (``-P``) nothing from the folder where it is started."""

_BUFFER = 1 << 20
"""Bytes of an answer that wait to be read before the worker has to wait."""

_SLOWEST = 19
"""The lowest priority that a process can have."""


class WorkerLost(Exception):
    """A worker has ended before its answer did."""


class Worker:
    """One worker, ready to be asked. It answers one question at a time; when it is spent, it is asked no more."""

    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.is_spent = False
        self.is_ended = False
        self._reader = reader
        self._writer = writer

    @property
    def is_lost(self) -> bool:
        """Whether it has ended while nobody asked it anything."""
        return self._reader.at_eof()

    async def ask(self, question: dict[str, Any], take: Callable[[bytes], None]) -> str | dict[str, Any]:
        """The media type of the answer, whose pieces go to ``take``; or the problem (``status`` and ``detail``).

        Raises:
            WorkerLost: if it ends before the answer does.
        """
        media_type = ""
        try:
            self._writer.write(frame(ASK, json.dumps(question).encode()))
            while True:
                kind, content = await self._frame()
                if kind == DATA:
                    take(content)
                elif kind == HEAD:
                    media_type = content.decode()
                elif kind == END_OF_ANSWER:
                    return media_type
                elif kind == PROBLEM:
                    problem: dict[str, Any] = json.loads(content)
                    return problem
        except (asyncio.IncompleteReadError, ConnectionError):
            raise WorkerLost from None

    async def _frame(self) -> tuple[bytes, bytes]:
        kind, length = HEADER.unpack(await self._reader.readexactly(HEADER.size))
        return kind, await self._reader.readexactly(length)

    def cpu_seconds(self) -> float:
        """The processor time that it has taken since its beginning; 0 where the system does not tell."""
        try:
            text = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return 0.0
        # Behind its name in brackets: the times of the process and of the system for it are the 14th and 15th field.
        return sum(map(int, text.rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")

    def pause(self) -> None:
        """Let it stand still, with what it has done."""
        self._signal(signal.SIGSTOP)

    def go_on_slowly(self) -> None:
        """Let it go on, behind every other process of this machine; a process cannot take that back."""
        if not self.is_ended:
            os.setpriority(os.PRIO_PROCESS, self.pid, _SLOWEST)
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        # Until we have had it ended, no other process has its id.
        if not self.is_ended:
            os.kill(self.pid, number)

    def close(self) -> None:
        """Let go of the connection."""
        self._writer.close()


class Forker:
    """The process that makes workers, and takes their end."""

    def __init__(self, setup: dict[str, Any]) -> None:
        """``setup`` is what :func:`poh_graph.web.forker.main` takes."""
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, if it does not run."""
        if self._process is not None:
            return
        self._control, theirs = socket.socketpair()
        with theirs:
            arguments = [str(theirs.fileno()), json.dumps({**self._setup, "path": sys.path})]
            self._process = subprocess.Popen(  # noqa: S603 - our own program, with arguments of our own
                [sys.executable, "-P", "-c", _BEGIN, *arguments],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # an interrupt from the keyboard is for the server, which ends it
            )

    async def worker(self) -> Worker:
        """A new worker, whose store is open.

        Raises:
            WorkerLost: if it cannot open its store.
        """
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self._control, [COMMAND.pack(FORK, 0)], [theirs.fileno()])
        except OSError:
            ours.close()
            raise WorkerLost from None
        ours.settimeout(0)
        reader, writer = await asyncio.open_connection(sock=ours, limit=_BUFFER)
        try:
            kind, length = HEADER.unpack(await reader.readexactly(HEADER.size))
            content = json.loads(await reader.readexactly(length))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
            raise WorkerLost from None
        if kind != READY:
            raise WorkerLost
        return Worker(content["pid"], reader, writer)

    def end(self, worker: Worker) -> None:
        """Kill a worker, whatever it does; its memory is free at once. Once is enough."""
        if worker.is_ended:
            return
        worker.is_ended = True
        worker.close()
        with contextlib.suppress(OSError):  # the forker has gone, and its workers with it
            self._control.sendall(COMMAND.pack(END, worker.pid))

    def stop(self) -> None:
        """End all workers, and return when they are gone."""
        if self._process is not None:
            self._control.close()
            self._process.wait()
            self._process = None
