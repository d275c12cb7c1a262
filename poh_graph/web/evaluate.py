"""Queries of strangers: a question in, an answer in the format that was asked for, or the problem that it was.

This is all that the rest of the server knows of how they are run: in workers (:mod:`poh_graph.web.worker`), within the
limits of the settings, each client in turn. An answer is taken whole before any of it is sent on. So it is either
complete, or a problem with its reason; and a client who reads slowly holds no worker.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any

from poh_graph.web.forking import Forker
from poh_graph.web.places import NoPlace, Place, Places
from poh_graph.web.pool import Pool
from poh_graph.web.problems import Problem
from poh_graph.web.processes import WorkerLost
from poh_graph.web.question import Question
from poh_graph.web.settings import Limits
from poh_graph.web.watch import Client, Rules, Watch, busy, gone

PATIENCE = 10.0
"""Seconds that a query waits for a place."""

_IN_MEMORY = 1 << 20
"""Bytes of an answer that are kept in memory; a longer one goes to a file without a name."""

_ON_DISK = 4
"""All answers that are in such files may take so many times the longest answer."""

_PIECE = 1 << 16

_AT_ONCE = 0.1
"""Seconds in which a worker that is lost is not yet taken for one that the query has ended."""


class Answer:
    """The whole of an answer. It is read once, and closed then."""

    def __init__(self, grow: Callable[[int], None]) -> None:
        """``grow`` is told of the bytes that it takes on disk, and of them below zero when it lets go of them."""
        self.media_type = ""
        self.length = 0
        self._grow = grow
        self._on_disk = 0
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - close() closes it

    def take(self, content: bytes) -> None:
        """Add a piece."""
        self.length += len(content)
        if self.length > _IN_MEMORY:
            more = self.length - self._on_disk
            self._on_disk = self.length
            self._grow(more)
        self._file.write(content)

    def read(self) -> bytes:
        """All of it; the answer is closed then."""
        try:
            self._file.seek(0)
            return self._file.read()
        finally:
            self.close()

    def pieces(self) -> Iterator[bytes]:
        """It, piece by piece; the answer is closed then."""
        try:
            self._file.seek(0)
            while piece := self._file.read(_PIECE):
                yield piece
        finally:
            self.close()

    def close(self) -> None:
        """Let go of what it takes."""
        self._file.close()
        self._grow(-self._on_disk)
        self._on_disk = 0


async def _stays() -> bool:
    """Say that the client is still there."""
    return False


class Evaluator:
    """What runs queries, within limits."""

    def __init__(self, limits: Limits, forker: Forker) -> None:
        """``forker`` is that of the store; it may have been started, and ends with this."""
        self.limits = limits
        half = max(1, limits.workers // 2)
        self._places = Places(limits.workers, limits.waiting, PATIENCE)
        # As many again are ready as may be lost at once: making one takes as long as ten short queries.
        self._pool = Pool(forker, 2 * limits.workers + 1)
        self._rules = Rules(limits.seconds, self._places, Places(half, half, PATIENCE), self._pool)
        self._on_disk = 0

    async def start(self) -> None:
        """Make workers, and return when the first is ready.

        Raises:
            StoreError: if it cannot open its store.
        """
        await self._pool.start()

    def close(self) -> None:
        """End everything that still runs."""
        self._pool.close()

    async def run(self, question: Question, is_gone: Callable[[], Awaitable[bool]] = _stays) -> Answer:
        """The answer. ``is_gone`` says whether its client has gone away.

        Raises:
            Problem: if the query is refused, or a limit is reached.
        """
        if len(question.text.encode()) > self.limits.text:
            raise Problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The text of a query has at most {self.limits.text:,} bytes."
            )
        answer = Answer(self._grow)
        try:
            answer.media_type = await self._answer(question, answer, Client(question.client, is_gone))
        except NoPlace:
            answer.close()
            raise busy("Too many queries are waiting.") from None
        except BaseException:
            answer.close()
            raise
        return answer

    async def _answer(self, question: Question, answer: Answer, client: Client) -> str:
        """Wait for a place, and take the answer from a worker; the result is its media type."""
        async with self._places.place(client.name) as place:
            if place.has_waited and await client.is_gone():
                raise gone()
            found = await self._asked(question, answer, place, client, again=True)
        if isinstance(found, dict):
            raise Problem(HTTPStatus(found["status"]), found["detail"])
        return found

    async def _asked(
        self, question: Question, answer: Answer, place: Place, client: Client, *, again: bool
    ) -> str | dict[str, Any]:
        """What a worker says. One that is lost at once may have been ended by somebody else: another is asked."""
        start = time.monotonic()
        try:
            async with self._pool.worker() as worker:
                with Watch(self._rules, worker, place, client) as watch:
                    return await worker.ask(question.fields(), answer.take)
        except WorkerLost:
            if watch.reason or answer.length or not again or time.monotonic() - start > _AT_ONCE:
                raise watch.reason or _too_much() from None
        return await self._asked(question, answer, place, client, again=False)

    def _grow(self, size: int) -> None:
        """Count what answers take on disk.

        Raises:
            Problem: if it is too much.
        """
        self._on_disk += size
        if size > 0 and self._on_disk > _ON_DISK * self.limits.result:
            raise busy("Too many long answers are being read.")


def _too_much() -> Problem:
    """The problem of a query whose worker ended by itself."""
    detail = "The query took more memory than this server gives, or is nested too deeply. Ask for less."
    return Problem(HTTPStatus.INSUFFICIENT_STORAGE, detail)
