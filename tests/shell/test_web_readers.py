"""The threads that read the database for the web: how many, and what happens when they are busy or fail."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from fakes_reader import World, backend, context
from make import NOW
from wirekin.errors import StoreError
from wirekin.web._context import Ask
from wirekin.web._health import ready
from wirekin.web._readers import Overloaded, Readers


async def test_sequential_requests_open_one_reader():
    world = World()
    readers = Readers(backend(world), threads=4)

    for _ in range(5):
        await readers.run(lambda reader: reader.version())

    assert world.readers_open == 1
    await readers.close()
    assert world.readers_open == 0


async def test_a_reader_stays_on_its_thread():
    seen: set[tuple[int, int]] = set()
    readers = Readers(backend(World()), threads=3)

    await asyncio.gather(*(readers.run(lambda r: seen.add((id(r), threading.get_ident()))) for _ in range(30)))

    assert len({reader for reader, _ in seen}) == len(seen)
    await readers.close()


async def test_the_event_loop_runs_while_a_reader_works():
    readers, release = Readers(backend(World()), threads=1), threading.Event()
    slow = asyncio.create_task(readers.run(lambda _: release.wait(10)))
    await asyncio.sleep(0)

    release.set()

    assert await slow is True
    await readers.close()


async def test_a_request_beyond_the_queue_limit_is_refused_as_overloaded():
    readers, release = Readers(backend(World()), threads=1, queue=2), threading.Event()
    under_way = [asyncio.create_task(readers.run(lambda _: release.wait(10))) for _ in range(3)]
    await asyncio.sleep(0.01)

    with pytest.raises(Overloaded):
        await readers.run(lambda reader: reader.version())

    release.set()
    await asyncio.gather(*under_way)
    assert await readers.run(lambda reader: reader.version()) == 0
    await readers.close()


async def test_a_cancelled_request_gives_its_place_back():
    readers, release = Readers(backend(World()), threads=1), threading.Event()
    gone = asyncio.create_task(readers.run(lambda _: release.wait(10)))
    await asyncio.sleep(0.01)
    gone.cancel()
    release.set()

    assert await readers.run(lambda reader: reader.version()) == 0
    await readers.close()


async def test_a_reader_that_failed_is_reopened():
    world = World()
    readers, seen = Readers(backend(world), threads=1), []
    await readers.run(seen.append)

    world.broken = StoreError("the file was replaced")
    with pytest.raises(StoreError):
        await readers.run(lambda reader: reader.version())
    world.broken = None
    await readers.run(seen.append)

    assert seen[0] is not seen[1]
    assert world.readers_open == 1
    await readers.close()


@pytest.mark.parametrize(
    ("failure", "reason", "logged"),
    [
        (StoreError("gone"), "the database cannot answer", ["The database could not answer: gone"]),
        (Overloaded(), "too many requests at once", []),
    ],
)
async def test_readyz_says_what_keeps_the_database_from_answering(
    failure: Exception, reason: str, logged: list[str], caplog: pytest.LogCaptureFixture
):
    world = World()
    world.broken = failure
    readers = Readers(backend(world))

    answer = await ready(lambda: "")(readers, Ask(context(), "", "/readyz", {}, {}, NOW))

    assert (answer.status, json.loads(answer.body)) == (503, {"ready": False, "reason": reason})
    assert [record.message for record in caplog.records] == logged
    await readers.close()
