"""A connection that is kept for a few seconds: what may come over it, and when the next one is dialled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import httpx
import pytest

from faults._wire import HANG, OK, FaultOrigin, Step, Wire
from fetching import asking, fetcher
from wirekin.fetch import _transport
from wirekin.model import Fetched, FetchFailed, FormRequest, Posted, Reason, feed_id

WHOLE = OK + b"Content-Length: 1\r\n\r\nx"


class Keeping(Wire):
    """Answers the first request of each connection, and the second one by these steps before it hangs up."""

    def __init__(self, *second: Step) -> None:
        super().__init__()
        self.second = second
        self.heads: list[bytes] = []

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for steps in ((WHOLE,), self.second):
            self.heads.append(await reader.readuntil(b"\r\n\r\n"))
            for step in steps:
                assert isinstance(step, bytes)
                writer.write(step)

    def _answer(self, host: str, head: bytes) -> Iterable[Step]:
        return ()


async def test_a_server_that_hangs_up_on_the_second_request_is_asked_anew() -> None:
    async with Keeping() as origin, fetcher() as ours:
        await origin.listen("127.0.0.1")
        url = f"http://127.0.0.1:{origin.port}/"
        results = [await ours.fetch(asking(url)) for _ in range(2)]

        assert [type(result) for result in results] == [Fetched, Fetched]
        assert (origin.connections, len(origin.heads)) == (2, 3)


async def test_an_answer_that_has_begun_is_not_asked_for_again() -> None:
    async with Keeping(b"HTTP/1.1 200 O") as origin, fetcher() as ours:
        await origin.listen("127.0.0.1")
        url = f"http://127.0.0.1:{origin.port}/"
        await ours.fetch(asking(url))
        second = await ours.fetch(asking(url))

        assert isinstance(second, FetchFailed)
        assert second.reason is Reason.CONNECT
        assert origin.connections == 1


async def test_what_is_said_unasked_answers_nothing() -> None:
    late = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", WHOLE, 0.02, late, HANG)
        await ours.fetch(asking(url))
        await asyncio.sleep(0.1)

        assert isinstance(await ours.fetch(asking(url)), Fetched)
        assert faulty.connections == 2


@pytest.mark.parametrize("junk", [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nforge", b"HTTP/1.1 103 Hints\r\n\r\n"])
async def test_what_is_said_behind_an_answer_spoils_nothing_and_ends_the_connection(junk: bytes) -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", WHOLE + junk, HANG)
        results = [await ours.fetch(asking(url)) for _ in range(2)]

        assert [(r.body, r.content_type, r.whole) for r in results if isinstance(r, Fetched)] == [
            (b"x", "application/rss+xml", True)
        ] * 2
        assert faulty.connections == 2


async def test_a_form_goes_over_a_connection_of_its_own() -> None:
    async with Keeping() as origin, fetcher() as ours:
        await origin.listen("127.0.0.1")
        netloc = f"127.0.0.1:{origin.port}"
        url = f"http://{netloc}/"
        await ours.fetch(asking(url))
        posted = await ours.post(FormRequest(feed_id(url), url, url, (("a", "b"),), frozenset({netloc})))

        assert isinstance(posted, Posted)
        assert [head.split(b" ")[0] for head in origin.heads] == [b"GET", b"POST"]
        assert origin.connections == 2


async def test_what_is_kept_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_transport, "IDLE_SECONDS", 0.02)
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", WHOLE, HANG)
        await ours.fetch(asking(url))
        transport = ours._client._opened
        assert isinstance(transport, _transport.Transport)
        (kept,) = transport._idle.values()
        while transport._idle:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)

        assert not kept.at_rest
        assert kept._transport.is_closing()


async def test_a_body_that_nobody_takes_makes_the_other_side_wait() -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        size = 64 * 1024 * 1024  # over what the sockets between the two hold
        url = faulty.serve("/", OK + b"Content-Length: %d\r\n\r\n" % size + bytes(size))
        transport = ours._client._opened
        assert isinstance(transport, _transport.Transport)
        answer = await transport.handle_async_request(httpx.Request("GET", url))
        await asyncio.sleep(0.3)
        held = answer.stream._connection._unread_bytes  # type: ignore[union-attr]
        await answer.aclose()

        assert _transport.UNREAD_BYTES < held <= _transport.UNREAD_BYTES + _transport.READ_BYTES
