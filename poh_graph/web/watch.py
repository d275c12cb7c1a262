"""What ends a running query before its time: the clock, too many long queries beside it, a client that has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Self

from poh_graph.web.places import NoPlace, Place, Places
from poh_graph.web.pool import Pool
from poh_graph.web.problems import COME_BACK, Problem
from poh_graph.web.processes import Worker

LONG = 0.05
"""Seconds after which a query is looked at, and of processor time from then on that make it a long one."""

SLOW = 1.0
"""Seconds after which it is a long one too, if it waits for the disk or for a busy machine."""

_SHORTEST = 0.05
"""Seconds between two looks at what a query has taken."""

_LOOK = 0.5
"""Seconds between two looks whether the client of a long query is still there."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, as places are shared out, and whether he has gone away."""

    name: str
    is_gone: Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every query: its ``seconds``, places, those of long ones, and the workers that are kept ready."""

    seconds: float
    places: Places
    long_places: Places
    pool: Pool


class Watch:
    """Looks after one query in its worker; ``reason`` is why it ended it, if it did.

    A query that becomes a long one goes on behind all others. When somebody waits for its place it gives that back, and
    stands still until it has one of the fewer places of long ones.
    """

    def __init__(self, rules: Rules, worker: Worker, place: Place, client: Client) -> None:
        self.reason: Problem | None = None
        self._rules = rules
        self._worker = worker
        self._place = place
        self._client = client
        self._as_long_one: asyncio.Task[None] | None = None
        self._stands_still = False

    def __enter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._until_long = self._loop.call_later(LONG, self._begin_to_look)
        self._until_end = self._loop.call_later(self._rules.seconds, self._time_is_up)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        self._until_long.cancel()
        self._until_end.cancel()
        if self._as_long_one:
            self._as_long_one.cancel()

    def _begin_to_look(self) -> None:
        # Most queries have ended by now: for them nobody asks the system.
        self._spent_before = self._worker.cpu_seconds()
        self._until_long = self._loop.call_later(LONG, self._look)

    def _look(self) -> None:
        """See whether it is a long one by now, and when to look again if it is not."""
        left = LONG - (self._worker.cpu_seconds() - self._spent_before)
        if left > 0 and self._loop.time() - self._began < SLOW:
            self._until_long = self._loop.call_later(max(left, _SHORTEST), self._look)
        else:
            self._as_long_one = self._loop.create_task(self._go_on())

    async def _go_on(self) -> None:
        """Let it go on as a long one, until its client has gone."""
        self._rules.pool.retire(self._worker)
        self._worker.slow_down()
        try:
            if await self._is_wanted_back():
                self._worker.pause()
                self._stands_still = True
                self._place.give_back()
                async with self._rules.long_places.place(self._client.name):
                    self._worker.go_on()
                    self._stands_still = False
                    while not await self._client.is_gone():  # noqa: ASYNC110 - a connection that closes sets no event
                        await asyncio.sleep(_LOOK)
            self._end(gone())
        except NoPlace:
            self._end(_too_many())

    async def _is_wanted_back(self) -> bool:
        """Return True when somebody waits for its place, or False when its client has gone."""
        while not self._rules.places.anyone_waits:
            if await self._client.is_gone():
                return False
            await self._rules.places.until_anyone_waits(_LOOK)
        return True

    def _time_is_up(self) -> None:
        if self._stands_still:
            self._end(_too_many())
            return
        detail = f"The query took longer than {self._rules.seconds:g} seconds and was ended. Ask for less."
        self._end(Problem(HTTPStatus.GATEWAY_TIMEOUT, detail))

    def _end(self, reason: Problem) -> None:
        self.reason = self.reason or reason
        self._rules.pool.kill(self._worker)


def _too_many() -> Problem:
    return busy("Too many long queries are running.")


def gone() -> Problem:
    """The problem that nobody is there to read."""
    return Problem(HTTPStatus.REQUEST_TIMEOUT, "The client has gone.")


def busy(detail: str) -> Problem:
    """The problem of too many at once, which is over in a few seconds."""
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{detail} Come back in a few seconds.", headers=COME_BACK)
