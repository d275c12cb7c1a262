"""The server's side of a worker (:mod:`poh_graph.web.worker`): how it is made, asked and ended."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from poh_graph.web.forking import Forker
from poh_graph.web.frames import ASK, DATA, HEAD, HEADER, PROBLEM, READY, WHOLE, frame
from poh_graph.web.frames import END as END_OF_ANSWER

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
                if kind == WHOLE:
                    head, _, answer = content.partition(b"\n")
                    take(answer)
                    return head.decode()
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

    def slow_down(self) -> None:
        """Let every other process of this machine go first; a process cannot take that back."""
        if not self.is_ended:
            os.setpriority(os.PRIO_PROCESS, self.pid, _SLOWEST)

    def pause(self) -> None:
        """Let it stand still, with what it has done."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after a pause."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        # Until we have had it ended, no other process has its id.
        if not self.is_ended:
            os.kill(self.pid, number)

    def close(self) -> None:
        """Let go of the connection."""
        self._writer.close()


async def new_worker(forker: Forker) -> Worker:
    """A new worker, whose store is open.

    Raises:
        WorkerLost: if it cannot open its store.
    """
    ours, theirs = socket.socketpair()
    ours.settimeout(0)
    try:
        with theirs:
            forker.fork(theirs)
        reader, writer = await asyncio.open_connection(sock=ours, limit=_BUFFER)
    except OSError:
        ours.close()
        raise WorkerLost from None
    try:
        kind, length = HEADER.unpack(await reader.readexactly(HEADER.size))
        content = json.loads(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
        raise WorkerLost from None
    if kind != READY:
        raise WorkerLost
    return Worker(content["pid"], reader, writer)


def end_worker(forker: Forker, worker: Worker) -> None:
    """Kill a worker, whatever it does; its memory is free at once. Once is enough."""
    if not worker.is_ended:
        worker.is_ended = True
        worker.close()
        forker.end(worker.pid)
