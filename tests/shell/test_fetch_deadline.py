"""However slow a server is, its exchange ends by the deadline, and no other feed waits for it (requirement C3)."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import timedelta
from unittest.mock import Mock

import pytest

from faults import HANG, OK, FaultOrigin, Forever, Step
from fetching import Names, asking, fetcher
from origin import Origin
from running import PATIENCE
from wirekin.fetch._resolver import Resolver, SockInfo
from wirekin.model import FeedKind, Fetched, FetchFailed, Reason

GZIP = OK + b"Content-Encoding: gzip\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
TRICKLES: dict[str, list[Step]] = {
    "silence": [HANG],
    "a status line that drips": [Forever(b"H", every=0.01)],
    "headers that drip": [b"HTTP/1.1 200 OK\r\n", Forever(b"X: y\r\n", every=0.01)],
    "one header that drips": [b"HTTP/1.1 200 OK\r\nX: ", Forever(b"y", every=0.01)],
    "headers that stop": [b"HTTP/1.1 200 OK\r\nX: y\r\n", HANG],
    "endless early hints": [Forever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")],
    "endless promises to go on": [Forever(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.01)],
    "a body that drips": [OK + b"Content-Length: 1000000\r\n\r\n", Forever(b"x", every=0.01)],
    "a body without length that drips": [OK + b"\r\n", Forever(b"x", every=0.01)],
    "a body that stops": [OK + b"Content-Length: 10\r\n\r\n12345", HANG],
    "a gzip body that stops": [GZIP + b"Content-Length: 100\r\n\r\n\x1f\x8b\x08", HANG],
    "a gzip body that drips": [GZIP + b"\r\n\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", Forever(b"\x00\x00\x00\xff\xff", every=0.01)],
    "chunks that drip": [CHUNKED, Forever(b"1\r\nx\r\n", every=0.01)],
    "a chunk's size that drips": [CHUNKED, Forever(b"0", every=0.01)],
    "a chunk's extension that drips": [CHUNKED + b"1", Forever(b";x=y", every=0.01)],
    "trailers that drip": [CHUNKED + b"1\r\nx\r\n0\r\n", Forever(b"X: y\r\n", every=0.01)],
    "a redirect that drips": [b"HTTP/1.1 302 Found\r\nLocation: /drip\r\nContent-Length: 9\r\n\r\n"],
    "an error page that drips": [b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n", Forever(b"x", every=0.01)],
}  # fmt: skip
# Not HTTP, or an endless head: the fetch may report these before the deadline.
PROTOCOL = {"a status line that drips", "a chunk's size that drips", "endless early hints"}
ENDED = {"an error page that drips": Reason.SERVER_ERROR}  # the status decides: the body is not awaited


@pytest.mark.parametrize("name", TRICKLES)
async def test_a_slow_response_ends_at_the_deadline(name: str) -> None:
    async with FaultOrigin() as faulty, fetcher(deadline=timedelta(seconds=0.25)) as ours:
        faulty.serve("/drip", HANG)
        async with asyncio.timeout(5):
            result = await ours.fetch(asking(faulty.serve("/", *TRICKLES[name])))

    assert isinstance(result, FetchFailed)
    assert result.reason in {ENDED.get(name, Reason.TIMEOUT), *({Reason.PROTOCOL} if name in PROTOCOL else ())}


async def test_closing_the_fetcher_does_not_wait_for_a_hanging_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    dead, looked_up = threading.Event(), threading.Event()

    def hang(host: str, *_: object, **__: object) -> list[SockInfo]:
        looked_up.set()
        assert dead.wait(PATIENCE)
        raise OSError(host)

    monkeypatch.setattr("socket.getaddrinfo", hang)
    async with fetcher(deadline=timedelta(seconds=0.1), resolver=Resolver(1)) as ours:
        first, second = [await ours.fetch(asking(f"http://{name}.example/")) for name in "ab"]
        assert looked_up.is_set()
        kept = [thread for thread in threading.enumerate() if thread.name.startswith("resolve")]
        assert [thread.daemon for thread in kept] == [True]
    dead.set()
    for thread in kept:
        await asyncio.to_thread(thread.join, PATIENCE)
        assert not thread.is_alive()

    assert isinstance(first, FetchFailed)
    assert isinstance(second, FetchFailed)
    assert first.reason is second.reason is Reason.TIMEOUT


def test_a_name_that_is_found_when_the_loop_has_ended_is_found_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, ended = threading.Event(), threading.Event()
    failed: list[object] = []

    def slow(*_: object, **__: object) -> list[SockInfo]:
        asked.set()
        assert ended.wait(PATIENCE)
        return []

    async def ask() -> None:
        resolver = Resolver(1)
        asking = asyncio.create_task(resolver.resolve("a.example", 80))
        await asyncio.sleep(0)
        await resolver.close()
        assert await asyncio.to_thread(asked.wait, PATIENCE)
        asking.cancel()

    monkeypatch.setattr("socket.getaddrinfo", slow)
    monkeypatch.setattr("threading.excepthook", failed.append)
    before = threading.enumerate()
    asyncio.run(ask())
    (thread,) = [one for one in threading.enumerate() if one.name == "resolve" and one not in before]
    ended.set()
    thread.join(PATIENCE)

    assert (thread.is_alive(), failed) == (False, [])


async def test_a_host_name_is_resolved_and_an_unknown_one_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = Resolver(2)
    assert {found[4][1] for found in await resolver.resolve("127.0.0.1", 80)} == {80}
    monkeypatch.setattr("socket.getaddrinfo", Mock(side_effect=socket.gaierror("no such name")))
    with pytest.raises(OSError, match="no such name"):
        await resolver.resolve("nowhere.example", 80)
    await resolver.close()


async def test_sequential_name_lookups_use_one_thread() -> None:
    resolver = Resolver(8)
    for _ in range(4):
        await resolver.resolve("127.0.0.1", 80)

    assert resolver._threads == 1
    await resolver.close()


async def test_a_hanging_handshake_name_server_or_robots_txt_ends_at_the_deadline() -> None:
    class Slow(Names):
        async def resolve(self, host: str, port: int) -> list[SockInfo]:
            await asyncio.sleep(60)
            return []

    async with FaultOrigin() as faulty, fetcher(deadline=timedelta(seconds=0.25), resolver=Slow({})) as ours:
        silent = faulty.serve("/robots.txt", HANG).replace("/robots.txt", "/")
        results = [
            await ours.fetch(asking(silent.replace("http:", "https:"))),
            await ours.fetch(asking("http://slow.example:80/")),
            await ours.fetch(asking(silent, kind=FeedKind.PAGE)),
        ]

    assert [result.reason for result in results if isinstance(result, FetchFailed)] == [Reason.TIMEOUT] * 3


async def test_the_deadline_covers_all_redirects_together() -> None:
    async with Origin() as origin, fetcher(deadline=timedelta(seconds=0.5)) as ours:
        for hop in range(5):
            origin.serve(f"/{hop}", status=302, headers={"Location": f"/{hop + 1}"}, delay=0.2)
        origin.serve("/5", b"x", delay=0.2)
        result = await ours.fetch(asking(origin.url("/0")))

    assert isinstance(result, FetchFailed)
    assert result.reason is Reason.TIMEOUT
    assert len(origin.requests) <= 3


@pytest.mark.slow
async def test_the_other_feeds_are_done_before_any_slow_response_ends() -> None:
    hosts = [f"127.4.0.{number}" for number in range(1, 100)]
    async with FaultOrigin() as faulty, Origin(*hosts) as origin, fetcher(deadline=timedelta(seconds=4)) as ours:
        faulty.serve("/drip", HANG)
        awaited = [name for name in TRICKLES if name not in PROTOCOL and name not in ENDED]
        slow = [asking(faulty.serve(f"/{place}", *TRICKLES[name])) for place, name in enumerate(awaited)]
        origin.serve("/", b"x")
        good = [asking(origin.url("/", host=host)) for host in hosts]
        order = [result async for result in ours.fetch_many([*slow, *good])]  # the slow ones take their slots first

    first, last = order[: len(good)], order[len(good) :]
    assert {result.feed_id for result in first} == {request.feed_id for request in good}
    assert all(isinstance(result, Fetched) for result in first)
    assert len(last) == len(slow)
