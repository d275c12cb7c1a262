"""Places for what may run at once, shared out fairly: who asks for much waits for those who ask for little."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial


class NoPlace(Exception):
    """Too many wait already, or none came free in time."""


class Place:
    """A place that somebody holds; ``has_waited`` is whether he had to wait for it."""

    def __init__(self, has_waited: bool, take_back: Callable[[], None]) -> None:  # noqa: FBT001 - a fact, no switch
        self.has_waited = has_waited
        self._take_back: Callable[[], None] | None = take_back

    def give_back(self) -> None:
        """Hold it no longer; once is enough."""
        take_back, self._take_back = self._take_back, None
        if take_back:
            take_back()


class Places:
    """So many places for clients, and room for so many more to wait for one.

    A place that comes free goes to the client that has the fewest, among equals to the one that has waited longest
    since its last turn; no client may fill more than half of the waiting room.
    """

    def __init__(self, places: int, waiting: int, patience: float) -> None:
        """``patience`` is how many seconds one waits at most."""
        self._free = places
        self._room = waiting
        self._patience = patience
        self._held: Counter[str] = Counter()
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._wanted = asyncio.Event()

    @property
    def anyone_waits(self) -> bool:
        """Whether there are more who want a place than there are places."""
        return bool(self._waiting)

    async def until_anyone_waits(self, seconds: float) -> None:
        """Return when somebody waits for a place, or after so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wanted.wait()

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[Place]:
        """Hold a place.

        Raises:
            NoPlace: if too many wait already, or none came free in time.
        """
        has_waited = not self._free
        if has_waited:
            await self._wait(client)
        else:
            self._give(client)
        place = Place(has_waited, partial(self._take_back, client))
        try:
            yield place
        finally:
            place.give_back()

    def _give(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1

    def _take_back(self, client: str) -> None:
        """Take a place back, and give it to who is next."""
        self._free += 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        if self._waiting:
            following = min(self._waiting, key=lambda each: self._held[each])
            self._waiting.move_to_end(following)
            ours = self._waiting[following].popleft()
            self._forget_empty(following)
            self._give(following)
            ours.set_result(None)

    async def _wait(self, client: str) -> None:
        """Return when a place has been given to us."""
        queue = self._waiting.get(client, deque())
        if sum(map(len, self._waiting.values())) >= self._room or len(queue) >= (self._room + 1) // 2:
            raise NoPlace
        self._waiting[client] = queue
        ours = asyncio.get_running_loop().create_future()
        queue.append(ours)
        self._wanted.set()
        try:
            async with asyncio.timeout(self._patience):
                await ours
        except (TimeoutError, asyncio.CancelledError) as error:
            if ours.cancelled():
                queue.remove(ours)
                self._forget_empty(client)
            else:  # the place came at the same moment
                self._take_back(client)
            if isinstance(error, TimeoutError):
                raise NoPlace from None
            raise

    def _forget_empty(self, client: str) -> None:
        if not self._waiting.get(client, True):
            del self._waiting[client]
        if not self._waiting:
            self._wanted.clear()
