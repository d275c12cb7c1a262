"""What ends a running query before its time: the clock, too many long queries beside it, a client that has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import TracebackType
from typing import Self

from poh_graph.web.problems import COME_BACK, Problem
from poh_graph.web.processes import Worker

LONG = 1.0
"""Seconds after which a query is a long one: it goes on behind all others, and may hold only half of the places."""

_LOOK = 0.5
"""Seconds between two looks whether the client of a long query is still there."""


class LongPlaces:
    """How many queries are long ones now, and how many may be."""

    def __init__(self, most: int) -> None:
        self.most = max(1, most)
        self.taken = 0


class Watch:
    """Looks after one query in its worker; ``reason`` is why it ended it, if it did."""

    def __init__(
        self,
        worker: Worker,
        kill: Callable[[Worker], None],
        long_places: LongPlaces,
        seconds: float,
        is_gone: Callable[[], Awaitable[bool]],
    ) -> None:
        self.reason: Problem | None = None
        self._worker = worker
        self._kill = kill
        self._long_places = long_places
        self._seconds = seconds
        self._is_gone = is_gone
        self._looking: asyncio.Task[None] | None = None

    def __enter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._timers = (loop.call_later(LONG, self._become_long), loop.call_later(self._seconds, self._time_is_up))
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        for timer in self._timers:
            timer.cancel()
        if self._looking:
            self._looking.cancel()
            self._long_places.taken -= 1

    def _become_long(self) -> None:
        """Go behind the short ones; where too many are behind them already, the newcomer is ended."""
        if self._long_places.taken >= self._long_places.most:
            detail = "Too many long queries are running. Come back in a few seconds, or ask for less."
            self._end(Problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=COME_BACK))
            return
        self._long_places.taken += 1
        self._worker.slow_down()
        self._looking = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while not await self._is_gone():  # noqa: ASYNC110 - a connection that closes sets no event to wait for
            await asyncio.sleep(_LOOK)
        self._end(gone())

    def _time_is_up(self) -> None:
        detail = f"The query took longer than {self._seconds:g} seconds and was ended. Ask for less."
        self._end(Problem(HTTPStatus.GATEWAY_TIMEOUT, detail))

    def _end(self, reason: Problem) -> None:
        self.reason = self.reason or reason
        self._kill(self._worker)


def gone() -> Problem:
    """The problem that nobody is there to read."""
    return Problem(HTTPStatus.REQUEST_TIMEOUT, "The client has gone.")
