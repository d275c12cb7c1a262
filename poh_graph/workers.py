"""Work that is shared out over processes.

They are started afresh, not forked: this process has threads of the store's. A worker ends when this process does,
however that ends; left to itself it would wait for ever for the next piece.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from poh_graph.errors import StoreError

Result = TypeVar("Result")


@contextmanager
def shared_out(work: Callable[..., Result], *pieces: Iterable[object], jobs: int) -> Iterator[Iterator[Result]]:
    """What ``work`` gives for each piece, in the order of the pieces; ``jobs`` processes work on them meanwhile.

    Raises:
        StoreError: if one of the processes is stopped from outside.
    """
    try:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin) as pool:
            with _interrupts_held():
                results = pool.map(work, *pieces)
            yield results
    except BrokenProcessPool:
        raise StoreError(
            "A process that worked on a part of the graph was stopped, perhaps because memory ran out.",
            mend="Use fewer processes at a time: --jobs 1",
        ) from None


def _begin() -> None:
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold back an interrupt from the keyboard; a process that is started now never gets one, and ends with this."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
