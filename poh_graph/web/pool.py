"""Workers that are ready: so many that a query does not wait for one to be made."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from poh_graph.errors import StoreError
from poh_graph.web.forking import Forker
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
        self._making: set[asyncio.Task[None]] = set()
        self._rest: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Begin to make workers, and return when one is ready.

        Raises:
            StoreError: if the first cannot open its store.
        """
        self._forker.start()
        try:
            self._idle.put_nowait(await new_worker(self._forker))
        except WorkerLost:
            self._forker.close()
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
        self._forker.close()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Worker]:
        """A worker that nobody else has meanwhile; if the block ends in an error, the worker ends too."""
        worker = await self._idle.get()
        while worker.is_lost:
            self.kill(worker)
            worker = await self._idle.get()
        try:
            yield worker
        except BaseException:
            self.retire(worker)
            raise
        finally:
            if worker.is_spent:
                end_worker(self._forker, worker)
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
        end_worker(self._forker, worker)

    def _begin_to_make(self) -> None:
        task = asyncio.get_running_loop().create_task(self._make())
        self._making.add(task)
        task.add_done_callback(self._making.discard)

    async def _make(self) -> None:
        while True:
            try:
                self._idle.put_nowait(await new_worker(self._forker))
            except WorkerLost:
                sys.stderr.write("A worker could not open its store; it is tried again.\n")
                await asyncio.sleep(_RETRY)
                self._forker.start()
            else:
                return
