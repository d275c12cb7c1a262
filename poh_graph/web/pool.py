"""Workers that are ready: so many that a query does not wait for one to be made."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from poh_graph.errors import StoreError
from poh_graph.web.forking import Forker
from poh_graph.web.frames import RENEW
from poh_graph.web.processes import Worker, WorkerLost, end_worker, new_worker

_RETRY = 1.0
"""Seconds until a worker that could not be made is tried again."""

_REST = 0.1
"""Seconds after the first worker when the others are made: whoever waited for the start goes first."""


class Pool:
    """Workers over one store. One that was killed, slowed down or lost is replaced."""

    def __init__(self, forker: Forker, size: int) -> None:
        self._forker = forker
        self._size = size
        # The one that was last at work is the next: its memory is still in the caches.
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._there: set[Worker] = set()
        self._at_work: set[Worker] = set()
        self._making: set[asyncio.Task[None]] = set()
        self._rest: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Begin to make workers, and return when one is ready.

        Raises:
            StoreError: if the first cannot open its store.
        """
        self._start_forker()
        try:
            await self._add()
        except WorkerLost:
            self._close_forker()
            raise StoreError("The process that runs queries could not open the store; see above.") from None
        self._rest = asyncio.get_running_loop().call_later(_REST, self._make_the_rest)

    def _make_the_rest(self) -> None:
        for _ in range(self._size - 1):
            self._begin_to_make()

    def close(self) -> None:
        """End all workers, and the process that makes them."""
        if self._rest:
            self._rest.cancel()
        for task in self._making:
            task.cancel()
        self._close_forker()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """A worker that nobody else has meanwhile; if the block ends in an error, the worker ends too."""
        worker = await self._idle.get()
        while worker.is_ended or worker.is_lost:
            self.kill(worker)
            worker = await self._idle.get()
        self._at_work.add(worker)
        try:
            yield worker
        except BaseException:
            self.retire(worker)
            raise
        finally:
            self._at_work.discard(worker)
            if worker.is_spent:
                self._end(worker)
            else:
                self._idle.put_nowait(worker)

    def retire(self, worker: Worker) -> None:
        """Have another worker made in place of one; it is ended when its question is answered."""
        if not worker.is_spent:
            worker.is_spent = True
            self._begin_to_make()

    def kill(self, worker: Worker) -> None:
        """End a worker, whatever it does: who waits for its answer is told that it is lost."""
        self.retire(worker)
        self._end(worker)

    def _end(self, worker: Worker) -> None:
        end_worker(self._forker, worker)
        self._there.discard(worker)

    def _begin_to_make(self) -> None:
        self._begin(self._make())

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def _make(self) -> None:
        while True:
            try:
                await self._add()
            except WorkerLost:
                sys.stderr.write("A worker could not open its store; it is tried again.\n")
                await asyncio.sleep(_RETRY)
                self._start_forker()
            else:
                return

    async def _add(self) -> None:
        worker = await new_worker(self._forker)
        self._there.add(worker)
        self._idle.put_nowait(worker)

    def _start_forker(self) -> None:
        self._forker.start()
        asyncio.get_running_loop().add_reader(self._forker.fileno(), self._hear)

    def _close_forker(self) -> None:
        asyncio.get_running_loop().remove_reader(self._forker.fileno())
        self._forker.close()

    def _hear(self) -> None:
        """Do what the process that makes workers says: it says one thing, once, or has ended."""
        asyncio.get_running_loop().remove_reader(self._forker.fileno())
        if self._forker.heard() == RENEW:
            self._begin(self._renew())

    async def _renew(self) -> None:
        """Put others in place of all that there are; the others come first, so that nobody waits for one."""
        old = list(self._there)
        for _ in old:
            await self._make()
        for worker in old:
            worker.is_spent = True
            if worker not in self._at_work:
                self._end(worker)
