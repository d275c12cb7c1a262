"""Places for queries are shared out fairly, and a queue has an end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from poh_graph.web.places import NoPlace, Places


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run what a test does, and fail if it waits for ever."""
    asyncio.run(asyncio.wait_for(work, timeout=5))


async def hold(places: Places, client: str, order: list[str], end: asyncio.Event) -> None:
    """Take a place, say so, and keep it until the end."""
    async with places.place(client):
        order.append(client)
        await end.wait()


async def start(*works: Coroutine[Any, Any, None]) -> list[asyncio.Task[None]]:
    """Begin several things, each as far as it gets before the next."""
    tasks = []
    for work in works:
        tasks.append(asyncio.create_task(work))
        await asyncio.sleep(0)
    return tasks


def test_a_free_place_is_had_at_once() -> None:
    """Nobody waits while there are places, and is told so."""

    async def work() -> None:
        places = Places(2, waiting=0, patience=1)
        async with places.place("a") as first, places.place("a") as second:
            assert (first.has_waited, second.has_waited) == (False, False)
            with pytest.raises(NoPlace):
                await places.place("a").__aenter__()
        async with places.place("a") as place:
            assert not place.has_waited

    run(work())


def test_a_place_can_be_given_back_early_and_once() -> None:
    """It is free from then on, and not twice."""

    async def work() -> None:
        places = Places(1, waiting=0, patience=1)
        async with places.place("a") as place:
            place.give_back()
            place.give_back()
            async with places.place("b"):
                with pytest.raises(NoPlace):
                    await places.place("c").__aenter__()

    run(work())


def test_who_asks_for_little_does_not_wait_for_who_asks_for_much() -> None:
    """A client with one query is served before the second one of a client with many."""

    async def work() -> None:
        places, order = Places(1, waiting=20, patience=5), list[str]()
        ends = [asyncio.Event() for _ in range(6)]
        tasks = await start(
            *(hold(places, "many", order, ends[number]) for number in range(4)),
            hold(places, "one", order, ends[4]),
            hold(places, "another", order, ends[5]),
        )
        for end in ends:
            end.set()
        await asyncio.gather(*tasks)
        assert order[0] == "many"
        assert set(order[1:4]) == {"many", "one", "another"}
        assert order[4:] == ["many", "many"]

    run(work())


def test_no_client_fills_the_waiting_room() -> None:
    """Half of it stays for others; when all of it is taken, nobody more may wait."""

    async def work() -> None:
        places, order, end = Places(1, waiting=4, patience=5), list[str](), asyncio.Event()
        tasks = await start(*(hold(places, "a", order, end) for _ in range(3)))
        with pytest.raises(NoPlace):
            await places.place("a").__aenter__()
        tasks += await start(*(hold(places, "b", order, end) for _ in range(2)))
        with pytest.raises(NoPlace):
            await places.place("c").__aenter__()
        end.set()
        await asyncio.gather(*tasks)
        assert sorted(order) == ["a", "a", "a", "b", "b"]

    run(work())


def test_nobody_waits_longer_than_patience_and_a_place_is_not_lost() -> None:
    """Who gives up, or is ended while waiting, leaves the queue; the next one has the place."""

    async def work() -> None:
        places, order, end = Places(1, waiting=6, patience=0.05), list[str](), asyncio.Event()
        (holder,) = await start(hold(places, "a", order, end))
        with pytest.raises(NoPlace):
            await places.place("b").__aenter__()
        (ended,) = await start(hold(places, "b", order, end))
        ended.cancel()
        (last,) = await start(hold(places, "c", order, end))
        end.set()
        await asyncio.gather(holder, last)
        async with places.place("d") as place:
            assert not place.has_waited
        assert order == ["a", "c"]

    run(work())


def test_a_place_that_comes_as_one_is_ended_goes_to_the_next() -> None:
    """A place is given and its taker cancelled in the same moment: it is not lost."""

    async def work() -> None:
        places, order, end = Places(1, waiting=6, patience=5), list[str](), asyncio.Event()
        holder, ended, last = await start(*(hold(places, name, order, end) for name in "abc"))
        end.set()
        await holder
        ended.cancel()
        await last
        assert order[-1] == "c"
        async with places.place("d") as place:
            assert not place.has_waited

    run(work())
