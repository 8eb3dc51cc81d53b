"""Connections that are kept open for a few seconds: what may come over them, and when a new one is dialled."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from faults._wire import HANG, OK, FaultOrigin, Step, Wire
from fetching import asking, fetcher
from wirekin.fetch import Fetcher, _transport
from wirekin.model import Fetched, FetchFailed, FormRequest, Posted, Reason, feed_id

WHOLE = OK + b"Content-Length: 1\r\n\r\nx"


def transport_of(ours: Fetcher) -> _transport.Transport:
    """The transport for addresses that feeds open by `allow_private`, which dials loopback."""
    transport = ours._client._opened
    assert isinstance(transport, _transport.Transport)
    return transport


class KeepAliveServer(Wire):
    """Answers the first request of each connection, and the second with `second` before it hangs up."""

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


async def test_a_request_is_repeated_when_the_server_closes_a_reused_connection() -> None:
    async with KeepAliveServer() as origin, fetcher() as ours:
        await origin.listen("127.0.0.1")
        url = f"http://127.0.0.1:{origin.port}/"
        results = [await ours.fetch(asking(url)) for _ in range(2)]

        assert [type(result) for result in results] == [Fetched, Fetched]
        assert (origin.connections, len(origin.heads)) == (2, 3)


async def test_a_request_is_not_repeated_once_its_response_has_begun() -> None:
    async with KeepAliveServer(b"HTTP/1.1 200 O") as origin, fetcher() as ours:
        await origin.listen("127.0.0.1")
        url = f"http://127.0.0.1:{origin.port}/"
        await ours.fetch(asking(url))
        second = await ours.fetch(asking(url))

        assert isinstance(second, FetchFailed)
        assert second.reason is Reason.CONNECT
        assert origin.connections == 1


async def test_an_unsolicited_response_does_not_answer_the_next_request() -> None:
    late = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", WHOLE, 0.02, late, HANG)
        await ours.fetch(asking(url))
        (kept,) = transport_of(ours)._idle.values()
        async with asyncio.timeout(30):
            while not kept._transport.is_closing():  # noqa: ASYNC110 - hung up on at once, or it could go on and on
                await asyncio.sleep(0.01)

        assert isinstance(await ours.fetch(asking(url)), Fetched)
        assert faulty.connections == 2


@pytest.mark.parametrize("junk", [b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nforge", b"HTTP/1.1 103 Hints\r\n\r\n"])
async def test_junk_after_a_response_is_ignored_and_its_connection_is_not_reused(junk: bytes) -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", WHOLE + junk, HANG)
        results = [await ours.fetch(asking(url)) for _ in range(2)]

        assert [(r.body, r.content_type, r.whole) for r in results if isinstance(r, Fetched)] == [
            (b"x", "application/rss+xml", True)
        ] * 2
        assert faulty.connections == 2


async def test_a_form_is_posted_over_a_new_connection() -> None:
    async with KeepAliveServer() as origin, fetcher() as ours:
        await origin.listen("127.0.0.1")
        netloc = f"127.0.0.1:{origin.port}"
        url = f"http://{netloc}/"
        await ours.fetch(asking(url))
        posted = await ours.post(FormRequest(feed_id(url), url, url, (("a", "b"),), frozenset({netloc})))

        assert isinstance(posted, Posted)
        assert [head.split(b" ")[0] for head in origin.heads] == [b"GET", b"POST"]
        assert origin.connections == 2


async def test_an_idle_connection_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_transport, "IDLE_SECONDS", 0.02)
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", WHOLE, HANG)
        await ours.fetch(asking(url))
        transport = transport_of(ours)
        (kept,) = transport._idle.values()
        while transport._idle:  # noqa: ASYNC110 - no event tells it
            await asyncio.sleep(0.01)

        assert not kept.at_rest
        assert kept._transport.is_closing()


async def test_each_idle_connection_has_its_own_timeout() -> None:
    async with FaultOrigin() as one, FaultOrigin() as other, fetcher() as ours:
        for faulty in (one, other):
            await ours.fetch(asking(faulty.serve("/", WHOLE, HANG)))
        transport = transport_of(ours)
        first, second = transport._idle.values()
        first.idle_until = 0.0
        transport._close_unused()

        assert list(transport._idle.values()) == [second]
        assert not first.at_rest
        assert transport._sweep
        assert transport._sweep.when() == second.idle_until


async def test_a_body_that_is_not_read_makes_the_server_wait() -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        size = 64 * 1024 * 1024  # more than the socket buffers between the two hold
        url = faulty.serve("/", OK + b"Content-Length: %d\r\n\r\n" % size + bytes(size))
        answer = await transport_of(ours).handle_async_request(httpx.Request("GET", url))
        await asyncio.sleep(0.3)
        held = answer.stream._connection._unread_bytes  # type: ignore[union-attr]
        await answer.aclose()

        assert _transport.UNREAD_BYTES < held <= _transport.UNREAD_BYTES + _transport.READ_BYTES


@pytest.mark.parametrize("blank", [b" ", b"\t", b" \t "])
async def test_white_space_before_the_colon_or_after_the_value_of_a_header_is_ignored(blank: bytes) -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        etag = b'ETag: "1"' + blank + b"\r\n"
        cut = await ours.fetch(asking(faulty.serve("/cut", OK + b"Content-Length " + b": 9\r\n\r\n<rss>")))
        whole = await ours.fetch(asking(faulty.serve("/", OK + etag + b"Content-Length: 1" + blank + b"\r\n\r\nx")))

        assert isinstance(cut, Fetched)
        assert isinstance(whole, Fetched)
        assert (cut.whole, whole.whole, whole.etag) == (False, True, '"1"')


async def test_neither_early_hints_nor_trailers_count_as_headers_of_the_response() -> None:
    early = b'HTTP/1.1 103 Early Hints\r\nETag: "early"\r\nContent-Encoding: br\r\n\r\n'
    trailer = b'ETag: "late"\r\n' * (_transport.MOST_HEADERS + 1)
    late = OK + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n" + trailer + b"\r\n"
    async with FaultOrigin() as faulty, fetcher() as ours:
        results = [await ours.fetch(asking(faulty.serve("/", said))) for said in (early + WHOLE, late)]

    assert [(r.body, r.whole, r.etag) for r in results if isinstance(r, Fetched)] == [(b"x", True, None)] * 2


async def test_spaces_after_the_size_of_a_chunk_are_ignored() -> None:  # old servers pad it to a fixed width
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", OK + b"Transfer-Encoding: chunked\r\n\r\n5   \r\n<rss>\r\n0\r\n\r\n")
        result = await ours.fetch(asking(url))

    assert isinstance(result, Fetched)
    assert (result.body, result.whole) == (b"<rss>", True)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 1\r\nContent-Length: 1\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 1\r\n 0\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 0x1\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
    ],
)
async def test_a_response_with_ambiguous_framing_is_refused_and_its_connection_is_not_reused(head: bytes) -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", OK + head + b"\r\n1\r\nx\r\n0\r\n\r\n", HANG)
        results = [await ours.fetch(asking(url)) for _ in range(2)]

        assert [type(result) for result in results] == [FetchFailed] * 2
        assert faulty.connections == 2


@pytest.mark.parametrize(
    "bad", [{"headers": [(b"if-none-match", b'"1"\r\nx: y')]}, {"headers": [(b"x\ny", b"")]}, {"method": "GET\r\nx:"}]
)
async def test_a_request_with_a_line_break_in_a_header_or_method_is_not_sent(bad: dict[str, Any]) -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        transport = transport_of(ours)
        with pytest.raises(httpx.LocalProtocolError):
            await transport.handle_async_request(
                httpx.Request(**{"method": "GET", "url": faulty.serve("/", WHOLE), **bad})
            )

        assert not transport._idle


async def test_a_connection_kept_after_reading_was_paused_still_notices_when_the_server_closes_it() -> None:
    size = 2 * _transport.UNREAD_BYTES
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", OK + b"Content-Length: %d\r\n\r\n" % size + bytes(size), 0.3)
        transport = transport_of(ours)
        answer = await transport.handle_async_request(httpx.Request("GET", url))
        connection = answer.stream._connection  # type: ignore[union-attr]
        while connection._unread_bytes <= _transport.UNREAD_BYTES:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)
        connection._ended = connection._persists = True  # as when the read that was too much also has the end
        assert [len(part) async for part in connection.body()]
        await answer.aclose()

        assert connection._transport.is_reading()


async def test_many_small_chunks_are_handed_on_in_few_parts() -> None:
    size = 20_000
    async with FaultOrigin() as faulty, fetcher() as ours:
        url = faulty.serve("/", OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * size + b"0\r\n\r\n")
        answer = await transport_of(ours).handle_async_request(httpx.Request("GET", url))
        parts = [part async for part in answer.stream]  # type: ignore[union-attr]
        await answer.aclose()

        assert b"".join(parts) == b"x" * size
        assert len(parts) < size // 100


async def test_a_response_is_cut_when_its_chunks_are_mostly_framing() -> None:
    dear = b"1;" + b"x" * 20 + b"\r\nx\r\n"  # 27 octets for one, of which eight are paid for
    many = 2 * _transport.HEAD_BYTES // (len(dear) - _transport.FRAMED_BYTES)
    async with FaultOrigin() as faulty, fetcher() as ours:
        results = [
            await ours.fetch(
                asking(faulty.serve(f"/{n}", OK + b"Transfer-Encoding: chunked\r\n\r\n" + dear * n + b"0\r\n\r\n"))
            )
            for n in (100, many)
        ]

    assert [result.whole for result in results if isinstance(result, Fetched)] == [True, False]


async def test_of_too_many_idle_connections_the_least_recently_used_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_transport, "MOST_IDLE", 2)
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(fetcher())
        for _ in range(4):
            faulty = await stack.enter_async_context(FaultOrigin())
            await ours.fetch(asking(faulty.serve("/", WHOLE, HANG)))

        assert [port for _, _, port in transport_of(ours)._idle][1:] == [faulty.port]


@pytest.mark.parametrize("steps", [(HANG,), (OK, HANG), (OK + b"Content-Length: 9\r\n\r\nx", HANG)])
async def test_a_cancelled_fetch_closes_its_connection(
    steps: tuple[Step, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[asyncio.BaseTransport] = []
    made_by = _transport._Connection.connection_made

    def noted(connection: _transport._Connection, transport: asyncio.BaseTransport) -> None:
        made.append(transport)
        made_by(connection, transport)

    monkeypatch.setattr(_transport._Connection, "connection_made", noted)
    async with FaultOrigin() as faulty, fetcher() as ours:
        fetching = asyncio.create_task(ours.fetch(asking(faulty.serve("/", *steps))))
        while not faulty.connections:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)

        assert [transport.is_closing() for transport in made] == [True]
        assert not transport_of(ours)._idle


async def test_both_connection_pools_are_closed_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[_transport.Transport] = []
    real = _transport.Transport.aclose

    async def noted(transport: _transport.Transport) -> None:
        closed.append(transport)
        await real(transport)

    monkeypatch.setattr(_transport.Transport, "aclose", noted)
    async with fetcher() as ours:
        pools = {ours._client._public, ours._client._opened}

    assert set(closed) == pools


async def test_a_cancelled_tls_handshake_closes_its_connection() -> None:
    async with FaultOrigin() as silent, fetcher() as ours:  # it waits for a request, but gets a TLS ClientHello
        fetching = asyncio.create_task(ours.fetch(asking(silent.serve("/").replace("http:", "https:"))))
        while not silent.connections:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        fetching.cancel()
        await asyncio.gather(fetching, return_exceptions=True)
        async with asyncio.timeout(5):
            while silent._tasks:  # noqa: ASYNC110 - ends when the other side has hung up
                await asyncio.sleep(0.01)
