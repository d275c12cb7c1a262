"""A worker: the process in which the queries of strangers are run, one after the other. It can be killed at any time.

It is trusted with nothing but its store: where the system can do that, it has no network, so that even an engine that
followed a SERVICE would reach nothing; its memory may grow by a fixed amount; and if nobody is left to stop it, its
limit of CPU time does.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import socket
from pathlib import Path
from typing import IO, Any, cast

from poh_graph.web.answering import Refused, TooLong, answer
from poh_graph.web.frames import ASK, DATA, END, HEAD, HEADER, PROBLEM, READY, WHOLE, frame
from poh_graph.web.question import Question
from poh_graph.web.served import Dataset

_PIECE = 65_536
"""Bytes of an answer that are gathered before they are sent: most answers are one piece."""

_OVERTIME = 5
"""Seconds of CPU time after the limit of time when the system ends a worker that nobody has stopped."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

_MEMORY_MAP = Path("/proc/self/statm")
"""Where Linux says how many pages a process has; the limit of address space is held by no other system anyway."""


def work(connection: socket.socket, dataset: Dataset, base: str, limits: dict[str, Any]) -> None:
    """Open the store, say so, and answer questions until the connection ends.

    ``base`` is what relative IRIs in queries are relative to.
    """
    _leave_network()
    store = dataset.open()
    # The first query of a process builds what the engine builds once.
    store.query("ASK {}")
    _limit_memory(limits["memory"])
    connection.sendall(frame(READY, json.dumps({"pid": os.getpid()}).encode()))
    while (question := _received(connection)) is not None:
        _limit_cpu(limits["seconds"])
        out = _Out(connection, limits["result"])
        try:
            answer(store, question, base, out.begin)
        except Refused as refused:
            out.refuse(json.dumps({"status": int(refused.status), "detail": refused.detail}).encode())
        else:
            out.end()


def _leave_network() -> None:
    """Go where no network is, or stay where one may not. The store is opened later: its threads would be in the way."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "unshare") and libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # who is no administrator needs a space of users as well


def _limit_memory(size: int) -> None:
    """Let this process grow by so many bytes, and leave no image of its memory when it is ended for more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if (now := _address_space()) is not None:
        resource.setrlimit(resource.RLIMIT_AS, (now + size, now + size))


def _address_space() -> int | None:
    """The bytes of address space that this process has now, the engine's reserves among them; None if unknown."""
    if not _MEMORY_MAP.exists():
        return None
    return int(_MEMORY_MAP.read_text(encoding="ascii").split()[0]) * resource.getpagesize()


def _limit_cpu(seconds: float) -> None:
    """Let the system end this process, some time after the server should have done so."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = int(used.ru_utime + used.ru_stime + seconds) + _OVERTIME
    resource.setrlimit(resource.RLIMIT_CPU, (end, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _received(connection: socket.socket) -> Question | None:
    """The next question; None when the server has gone."""
    header = _read(connection, HEADER.size)
    if header is None:
        return None
    kind, length = HEADER.unpack(header)
    content = _read(connection, length)
    if kind != ASK or content is None:
        return None
    return Question(**json.loads(content))


def _read(connection: socket.socket, length: int) -> bytes | None:
    """Exactly so many bytes; None if the connection ends before."""
    content = bytearray()
    while len(content) < length:
        piece = connection.recv(length - len(content))
        if not piece:
            return None
        content += piece
    return bytes(content)


class _Out:
    """Where the engine writes an answer: on to the server, in pieces, up to the limit of an answer."""

    def __init__(self, connection: socket.socket, limit: int) -> None:
        self.connection = connection
        self.left = limit
        self._media_type = b""
        self._has_begun = False
        self._content = bytearray()

    def begin(self, media_type: str) -> IO[bytes]:
        """Say what the answer is written in; the engine asks no more of a file than :meth:`write` and :meth:`flush`."""
        self._media_type = media_type.encode()
        return cast(IO[bytes], self)

    def write(self, content: bytes) -> int:
        """Take a part of the answer.

        Raises:
            TooLong: if the answer is longer than it may be.
        """
        self.left -= len(content)
        if self.left < 0:
            raise TooLong
        self._content += content
        if len(self._content) >= _PIECE:
            self._send()
        return len(content)

    def flush(self) -> None:
        """Do nothing: pieces are sent when they are large enough, and at the end."""

    def end(self) -> None:
        """Send what waits: of most answers all of it, in one frame, for which the server wakes up once."""
        if self._has_begun:
            self._send(frame(END))
        else:
            self.connection.sendall(frame(WHOLE, self._media_type + b"\n" + self._content))

    def refuse(self, problem: bytes) -> None:
        """Say that there is no answer, or no more of it."""
        self.connection.sendall(frame(PROBLEM, problem))

    def _send(self, last: bytes = b"") -> None:
        head = b"" if self._has_begun else frame(HEAD, self._media_type)
        self.connection.sendall(head + frame(DATA, self._content) + last)
        self._has_begun = True
        self._content.clear()
