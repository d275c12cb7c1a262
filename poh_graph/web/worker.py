"""A worker: the process in which the queries of strangers are run, one after the other. It can be killed at any time.

It is trusted with nothing but its store: where the system can do that, it has no network, so that even an engine that
followed a SERVICE would reach nothing; its memory may grow by a fixed amount; and if nobody is left to stop it, its
limit of CPU time does.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import resource
import secrets
import socket
import sys
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from poh_graph.store import syntax_error
from poh_graph.web.formats import ROWS, TRIPLES, Formats, accepted
from poh_graph.web.frames import ASK, DATA, END, HEAD, HEADER, PROBLEM, READY, frame

_PIECE = 65_536
"""Bytes of an answer that are gathered before they are sent: most answers are one piece."""

_OVERTIME = 5
"""Seconds of CPU time after the limit of time when the system ends a worker that nobody has stopped."""

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

_MEMORY_MAP = Path("/proc/self/statm")
"""Where Linux says how many pages a process has; the limit of address space is held by no other system anyway."""


class _Refused(Exception):
    """A query that has no answer."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def work(connection: socket.socket, open_store: Callable[[], ox.Store], limits: dict[str, Any]) -> None:
    """Open the store, say so, and answer questions until the connection ends."""
    _leave_network()
    store = open_store()
    # The first query of a process builds what the engine builds once.
    store.query("ASK {}")
    _limit_memory(limits["memory"])
    connection.sendall(frame(READY, json.dumps({"pid": os.getpid()}).encode()))
    while (question := _received(connection)) is not None:
        _limit_cpu(limits["seconds"])
        out = _Out(connection, limits["result"])
        try:
            _answer(store, question, out)
        except _Refused as refused:
            out.end(PROBLEM, json.dumps({"status": int(refused.status), "detail": refused.detail}).encode())
        else:
            out.end(END)


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


def _received(connection: socket.socket) -> dict[str, Any] | None:
    """The next question; None when the server has gone."""
    header = _read(connection, HEADER.size)
    if header is None:
        return None
    kind, length = HEADER.unpack(header)
    content = _read(connection, length)
    if kind != ASK or content is None:
        return None
    question: dict[str, Any] = json.loads(content)
    return question


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
        self._frames = b""
        self._content = bytearray()

    def begin(self, media_type: str) -> None:
        """Say what the answer is written in."""
        self._frames = frame(HEAD, media_type.encode())

    def write(self, content: bytes) -> int:
        """Take a part of the answer.

        Raises:
            OSError: if the answer is longer than it may be.
        """
        self.left -= len(content)
        if self.left < 0:
            raise OSError("the answer is too long")
        self._content += content
        if len(self._content) >= _PIECE:
            self._send(b"")
        return len(content)

    def flush(self) -> None:
        """Do nothing: pieces are sent when they are large enough, and at the end."""

    def end(self, kind: bytes, content: bytes = b"") -> None:
        """Send what waits, with a last frame."""
        self._send(frame(kind, content))

    def _send(self, last: bytes) -> None:
        self.connection.sendall(self._frames + frame(DATA, self._content) + last)
        self._frames = b""
        self._content.clear()


def _answer(store: ox.Store, question: dict[str, Any], out: _Out) -> None:
    """Run a query and write its answer.

    Raises:
        _Refused: if it is not SPARQL, not allowed, fits no format that is asked for, or has too long an answer.
    """
    text = question["text"]
    if _has_keyword(text, "service"):
        _refuse_service(text)
    answer = _query(store, question)
    is_graph = isinstance(answer, ox.QueryTriples)
    name, media_type = _format(question, TRIPLES if is_graph else ROWS)
    out.begin(media_type)
    try:
        if isinstance(answer, ox.QueryTriples):
            answer.serialize(cast(IO[bytes], out), ox.RdfFormat.from_media_type(TRIPLES[name][0]))
        else:
            answer.serialize(cast(IO[bytes], out), ox.QueryResultsFormat.from_media_type(ROWS[name][0]))
    except OSError as error:
        if out.left < 0:
            raise _Refused(
                HTTPStatus.INSUFFICIENT_STORAGE,
                "The answer is longer than this server gives: nothing of it is sent. Ask for less (LIMIT and OFFSET).",
            ) from None
        raise _failed(error) from None
    except (RuntimeError, ValueError) as error:
        raise _failed(error) from None


def _query(store: ox.Store, question: dict[str, Any]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """The engine's answer over the dataset that the request names; else that of the query; else all named graphs."""
    text = question["text"]
    dataset: dict[str, Any] = {}
    if question["default_graphs"] or question["named_graphs"]:
        dataset["default_graph"] = _graphs(question["default_graphs"])
        dataset["named_graphs"] = _graphs(question["named_graphs"])
    elif not _has_keyword(text, "from"):
        dataset["use_default_graph_as_union"] = True
    try:
        return store.query(text, **dataset)
    except SyntaxError as error:
        raise _Refused(HTTPStatus.BAD_REQUEST, str(syntax_error(text, str(error)))) from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from None


def _failed(error: Exception) -> _Refused:
    """The problem of a query that the engine gives up; what it says may name files, and goes to the log alone."""
    sys.stderr.write(f"A query was given up by the engine: {error}\n")
    return _Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "The engine could not answer this query in this format.")


def _graphs(iris: list[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError:
        raise _Refused(HTTPStatus.BAD_REQUEST, "The name of a graph is an IRI.") from None


def _format(question: dict[str, Any], formats: Formats) -> tuple[str, str]:
    """The short name and the media type of the format to answer in."""
    named = question["format"]
    if named is not None:
        found = (named, formats[named][0]) if named in formats else None
    else:
        found = accepted(question["accept"], formats)
    if found is None:
        offered = ", ".join(f"{types[0]} ({name})" for name, types in formats.items())
        raise _Refused(HTTPStatus.NOT_ACCEPTABLE, f"The answer to this query can be had as {offered}.")
    return found


_UNLIKELY = secrets.token_hex(8).translate(str.maketrans("0123456789", "ghijklmnop"))
"""Letters that no query holds: nobody outside this process knows them."""


def _has_keyword(text: str, word: str) -> bool:
    """Whether the engine reads a word somewhere in a text as a keyword: not in a string, an IRI, a comment or a name.

    It is the engine's own parser that says so. A text means the same when a word within its names, strings and comments
    is changed everywhere alike; if it is no SPARQL any more, the word was a keyword (or it was no SPARQL before).
    """
    changed, count = re.subn(rf"({word[:2]})({word[2:]})", rf"\1{_UNLIKELY}\2", text, flags=re.IGNORECASE)
    return bool(count) and not _is_sparql(changed)


def _is_sparql(text: str) -> bool:
    """Whether the engine takes a text for a query; nothing is there for it to be run over."""
    try:
        ox.Store().query(text)
    except SyntaxError:
        return False
    except (OSError, RuntimeError, ValueError):
        return True
    return True


def _refuse_service(text: str) -> None:
    """Refuse a text that holds the keyword SERVICE, or is no SPARQL.

    Raises:
        _Refused: always; the detail says which of the two it is, as far as can be told without running it.
    """
    # With the same form of words where SERVICE was, a text that is SPARQL stays so, and nothing is asked elsewhere.
    harmless = re.sub(r"service(\s+silent)?", lambda found: "GRAPH".ljust(len(found[0])), text, flags=re.IGNORECASE)
    try:
        ox.Store().query(harmless)
    except SyntaxError as error:
        raise _Refused(HTTPStatus.BAD_REQUEST, str(syntax_error(harmless, str(error)))) from None
    raise _Refused(HTTPStatus.FORBIDDEN, "This endpoint asks no other endpoint: SERVICE is not allowed.")
