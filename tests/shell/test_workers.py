"""Parser processes: what they parse, and what a crash, a hang or a lack of memory costs."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import pickle
import signal
import warnings
from collections.abc import AsyncGenerator
from pathlib import Path
from unittest.mock import Mock

import pytest

import poison
from make import NOW
from wirekin import workers
from wirekin.model import FeedKind, Fetched, Parsed, ParseFailed, ParseResult, Reason, feed_id
from wirekin.workers import Parsers

URL = "https://example.com/feed.xml"
# Its unclosed element sends it to a worker: the fast path, in this process, takes only what it reads for certain.
FEED = b"<rss><channel><title>T <b>T</title><item><title>Ship seized</title><link>/a/1</link></item></channel></rss>"


@pytest.fixture
async def parsers() -> AsyncGenerator[Parsers]:
    async with Parsers(1, timeout_seconds=1.0, read=poison.read) as pool:
        yield pool


async def read(pool: Parsers, body: bytes = FEED) -> ParseResult:
    return await pool.parse(body, url=URL, now=NOW)


def children() -> list[int]:
    """The living child processes of this one."""
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that waited for a process has ended meanwhile
            found += map(int, (task / "children").read_text().split())
    return found


def reason(result: ParseResult) -> Reason | None:
    return result.reason if isinstance(result, ParseFailed) else None


async def test_a_document_is_parsed_into_entries() -> None:
    async with Parsers(1) as pool:
        result = await pool.parse(FEED, url=URL, content_type="text/xml", kind=FeedKind.FEED, now=NOW)

    assert isinstance(result, Parsed)
    assert [(entry.title, entry.link) for entry in result.entries] == [("Ship seized", "https://example.com/a/1")]


async def test_large_documents_are_unpacked_one_at_a_time_and_others_do_not_wait(parsers: Parsers) -> None:
    small, large = (Fetched(feed_id(URL), URL, b"x", "", unpack=unpack) for unpack in (None, bytes.upper))

    async def opened(document: Fetched) -> bytes:
        async with parsers.opened(document) as body:
            return body

    async with parsers.opened(large) as body:
        waiting = asyncio.create_task(opened(large))
        assert await opened(small) == b"x"
        await asyncio.sleep(0)
        assert (body, waiting.done()) == (b"X", False)
    assert await waiting == b"X"


async def test_no_worker_is_started_before_the_first_document() -> None:
    before = children()
    async with Parsers(1):
        assert children() == before


async def test_no_worker_is_started_for_a_document_that_the_fast_path_reads() -> None:
    before = children()
    async with Parsers(1) as pool:
        result = await pool.parse(FEED.replace(b" <b>", b" and "), url=URL, now=NOW)

        assert isinstance(result, Parsed)
        assert result.entries[0].title == "Ship seized"
        assert children() == before


async def test_a_document_that_raises_in_the_fast_path_is_parsed_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(body: bytes, **_: object) -> Parsed:
        raise RecursionError(len(body))

    monkeypatch.setattr("wirekin.parse.parse_at_once", stumble)
    async with Parsers(1) as pool:
        assert isinstance(await pool.parse(FEED, url=URL, now=NOW), Parsed)


async def test_after_a_rest_there_is_no_worker_until_the_next_document() -> None:
    before = children()
    async with Parsers(1) as pool:
        await pool.rest()  # no worker was started yet
        await read(pool)
        await pool.rest()

        assert children() == before
        assert isinstance(await read(pool), Parsed)


@pytest.mark.parametrize("body", [b"segfault", b"exit"])
async def test_a_worker_that_dies_fails_only_its_own_document(parsers: Parsers, body: bytes) -> None:
    results = await asyncio.gather(read(parsers), read(parsers, body), read(parsers, FEED + b" "))

    assert [reason(one) for one in results] == [None, Reason.PARSE_CRASHED, None]


async def test_a_document_that_many_feeds_bring_at_once_kills_one_worker(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = Mock(wraps=workers._Worker.started)
    monkeypatch.setattr(workers._Worker, "started", started)

    results = await asyncio.gather(*(read(parsers, b"exit") for _ in range(3)))

    assert [reason(one) for one in results] == [Reason.PARSE_CRASHED] * 3
    assert started.call_count == 1


async def test_a_document_that_is_no_feed_may_still_be_read_as_a_page() -> None:
    page = b"<html><body><h2><a href='/a/1'>Ship seized in the strait by two boats</a></h2></body></html>"
    async with Parsers(1) as pool:
        results = [await pool.parse(page, url=URL, kind=kind, now=NOW) for kind in (FeedKind.FEED, FeedKind.PAGE)]

    assert [reason(one) for one in results] == [Reason.NOT_A_FEED, None]  # only what harms a parser is remembered


async def test_a_hanging_parser_is_killed(parsers: Parsers) -> None:
    before = children()
    results = await asyncio.gather(read(parsers, b"hang"), read(parsers))

    assert [reason(one) for one in results] == [Reason.PARSE_TIMEOUT, None]
    assert len(children()) == len(before) + 1
    assert not parsers._busy


async def test_what_cannot_be_started_says_nothing_of_the_document(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    before = children()
    async with Parsers(1, read=poison.read, imports="nowhere.at_all") as pool:
        result = await read(pool)
        monkeypatch.setattr(asyncio, "create_subprocess_exec", Mock(side_effect=OSError("no more processes")))
        other = await read(pool)

        assert not pool._poison
    assert result == ParseFailed(Reason.PARSE_CRASHED, "RuntimeError: no parser could be started")
    assert other == ParseFailed(Reason.PARSE_CRASHED, "OSError: no more processes")
    assert children() == before
    assert "nowhere" in capfd.readouterr().err


async def test_a_start_that_is_called_off_leaves_no_process(parsers: Parsers) -> None:
    before = children()
    task = asyncio.create_task(read(parsers))
    while children() == before:  # noqa: ASYNC110 - nothing tells of it
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait({task})

    assert task.cancelled()
    assert children() == before


async def test_an_orphaned_worker_ends_itself_after_its_time_limit() -> None:
    worker = await workers._Worker.started(workers.MEMORY_BYTES, 1, "poison")
    with pytest.raises(EOFError):  # without its alarm the worker would answer after a minute
        await worker.ask(pickle.dumps((poison.read, {})), b"hang")

    await worker.end()


async def test_a_document_that_needs_too_much_memory_fails_alone(parsers: Parsers) -> None:
    result = await read(parsers, b"memory")

    assert result == ParseFailed(Reason.PARSE_CRASHED, "out of memory")
    assert reason(await read(parsers)) is None


async def test_garbage_cycles_are_collected_between_documents_and_not_within_one(parsers: Parsers) -> None:
    results = [await read(parsers, b"rings"), await read(parsers, b"rings ")]

    assert [one.title for one in results if isinstance(one, Parsed)] == [
        "collecting: False, left from before: 0",
        "collecting: False, left from before: 0",
    ]


async def test_an_exception_that_does_not_unpickle_stays_in_the_worker(parsers: Parsers) -> None:
    assert await read(parsers, b"raise") == ParseFailed(Reason.PARSE_CRASHED, "Unpicklable: one")
    assert reason(await read(parsers)) is None


async def test_a_body_that_killed_a_worker_is_not_parsed_again_soon(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    await read(parsers, b"exit")
    before = await read(parsers, b"pid")
    again = await read(parsers, b"exit")
    after = await read(parsers, b"pid")

    assert reason(again) is Reason.PARSE_CRASHED
    assert before == after  # the same worker is alive: it never saw the body again

    monkeypatch.setattr(workers, "POISON_SECONDS", -1.0)
    assert reason(await read(parsers, b"exit")) is Reason.PARSE_CRASHED
    assert await read(parsers, b"pid") != after


async def test_a_bounded_number_of_bodies_that_killed_a_worker_is_remembered(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "POISON_KEPT", 2)
    for number in (0, 1, 2, 3, 2, 4):
        parsers._remember(bytes([number]), ParseFailed(Reason.PARSE_CRASHED))

    assert list(parsers._poison) == [b"\x02", b"\x04"]  # the one that killed again is as new


async def test_a_chain_of_entities_that_kills_expat_is_refused_before_parsing() -> None:
    # requirement fact 4: 0.8 MB of this makes feedparser 6.0.14 with expat before 2.7 end the process
    chain = b"".join(b'<!ENTITY e%d "&e%d;">' % (at, at + 1) for at in range(30_000))
    body = b"<!DOCTYPE rss [" + chain + b"]><rss><channel><item><title>&e0;</title></item></channel></rss>"
    async with Parsers(1) as pool:
        result = await pool.parse(body, url=URL, now=NOW)

    assert reason(result) is Reason.ENTITIES


async def test_an_idle_worker_that_died_does_not_fail_the_next_document(parsers: Parsers) -> None:
    idle = await read(parsers, b"pid")
    assert isinstance(idle, Parsed)
    os.kill(int(idle.title), signal.SIGKILL)
    while parsers._idle[0].usable:  # noqa: ASYNC110 - until the loop has noticed
        await asyncio.sleep(0.01)

    assert reason(await read(parsers)) is None


async def test_a_worker_is_replaced_after_a_number_of_documents(
    parsers: Parsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "TASKS_PER_WORKER", 2)
    before = children()
    pids = [await read(parsers, b"pid" + b" " * n) for n in range(4)]

    assert pids[0] == pids[1] != pids[2] == pids[3]
    assert len(children()) == len(before) + 1  # the one that was replaced is gone


async def test_a_worker_is_replaced_after_a_number_of_bytes(parsers: Parsers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "BYTES_PER_WORKER", 20_000)
    pids = [await read(parsers, b"pid" + b" " * (10_000 + n)) for n in range(4)]

    assert pids[0] == pids[1] != pids[2] == pids[3]


async def test_leaving_stops_the_workers_without_a_warning() -> None:
    before = children()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        async with Parsers(2, read=poison.read) as pool:
            await asyncio.gather(read(pool), read(pool, FEED + b" "))
            hanging = asyncio.create_task(read(pool, b"hang"))
            await asyncio.sleep(0.05)
        assert reason(await hanging) is Reason.PARSE_CRASHED
        gc.collect()

    assert children() == before


async def test_leaving_waits_for_the_end_of_what_is_being_started() -> None:
    before = children()
    async with Parsers(1, read=poison.read) as pool:
        late = asyncio.create_task(read(pool))
        while children() == before:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)

    assert children() == before
    assert await late == ParseFailed(Reason.PARSE_CRASHED, "RuntimeError: the parsers were stopped")


async def test_parsing_after_the_end_fails_with_a_reason() -> None:
    async with Parsers(1, read=poison.read) as pool:
        pass

    assert await read(pool) == ParseFailed(Reason.PARSE_CRASHED, "RuntimeError: the parsers were stopped")


async def test_a_cancelled_parse_leaves_no_worker_behind_and_the_pool_usable(parsers: Parsers) -> None:
    before = children()
    await read(parsers)
    task = asyncio.create_task(read(parsers, b"hang"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert children() == before
    assert reason(await read(parsers)) is None
