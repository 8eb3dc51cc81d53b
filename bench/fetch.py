"""CPU per all-304 request: ours against stock httpx.AsyncClient that sends the same validators.

    python bench/fetch.py [--feeds 640] [--rounds N] [--quick | --long]

Feeds are on as many 127.x hosts, served by another process, each with one connection of its own, as in a real turn of
polls half an hour apart. Prints microseconds of CPU (user and system) of this process per request: the least of the
rounds, which the machine's other work disturbs least, and the ratio.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import cast

import httpx

from _measure import keep, options
from wirekin.fetch import Fetcher, FetchPolicy
from wirekin.model import FetchRequest, NotModified, feed_id

NOT_MODIFIED = (
    b"HTTP/1.1 304 Not Modified\r\nServer: bench\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
    b'ETag: "1"\r\nCache-Control: max-age=300\r\nConnection: %b\r\n\r\n'
)
AT_ONCE = 64
ROUNDS = {"quick": 1, "usual": 3, "long": 5}
VALIDATORS = {"If-None-Match": '"1"', "If-Modified-Since": "Sun, 22 Nov 2026 09:00:00 GMT"}
Round = Callable[[Sequence[str]], Awaitable[None]]


class Origin(asyncio.Protocol):
    """Says 304 to every request, and closes: the next poll of a real feed would find the connection gone too."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer a whole request."""
        if data.endswith(b"\r\n\r\n"):
            self._transport.write(NOT_MODIFIED % b"close")
            self._transport.close()


def hosts(count: int) -> list[str]:
    return [f"127.0.{1 + number // 200}.{1 + number % 200}" for number in range(count)]


def serve(count: int, ready: Connection) -> None:
    """The origin's process: one port on every host."""

    async def forever() -> None:
        loop = asyncio.get_running_loop()
        first, *others = hosts(count)
        server = await loop.create_server(Origin, first, 0, backlog=AT_ONCE)
        port = server.sockets[0].getsockname()[1]
        for host in others:
            await loop.create_server(Origin, host, port, backlog=AT_ONCE)
        ready.send(port)
        await asyncio.Event().wait()

    asyncio.run(forever())


async def _free(_host: str) -> datetime | None:
    return None


async def _given_back(_host: str) -> None:
    return None


@asynccontextmanager
async def ours() -> AsyncIterator[Round]:
    policy = FetchPolicy(at_once=AT_ONCE)
    clock = lambda: datetime.now(UTC)  # noqa: E731  # the shell's clock, as the daemon passes it
    async with Fetcher(policy, take_host=_free, give_back_host=_given_back, clock=clock) as fetcher:

        async def ask(urls: Sequence[str]) -> None:
            requests = (
                FetchRequest(
                    feed_id(url),
                    url,
                    etag=VALIDATORS["If-None-Match"],
                    last_modified=VALIDATORS["If-Modified-Since"],
                    allow_private=frozenset({url.split("/")[2]}),
                )
                for url in urls
            )
            async for result in fetcher.fetch_many(requests):
                if not isinstance(result, NotModified):
                    raise SystemExit(f"not a 304: {result}")

        yield ask


@asynccontextmanager
async def stock() -> AsyncIterator[Round]:
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=AT_ONCE), headers=VALIDATORS) as client:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(url: str) -> None:
            async with room:
                answer = await client.get(url)
                if answer.status_code != 304:
                    raise SystemExit(f"not a 304: {answer}")

        async def ask(urls: Sequence[str]) -> None:
            await asyncio.gather(*map(one, urls))

        yield ask


async def measure(urls: Sequence[str], rounds: int) -> tuple[float, float]:
    """Microseconds of CPU per request of ours and of stock httpx, their rounds taken in turn."""
    best = {"ours": float("inf"), "stock": float("inf")}
    async with ours() as ask_ours, stock() as ask_stock:
        for _ in range(rounds + 1):  # the first warms up and cannot be the least
            for name, ask in (("ours", ask_ours), ("stock", ask_stock)):
                started = time.process_time()
                await ask(urls)
                best[name] = min(best[name], (time.process_time() - started) / len(urls) * 1e6)
    return best["ours"], best["stock"]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--feeds", type=int, help="640, or 40 with --quick")
    parser.add_argument("--rounds", type=int)
    chosen = parser.parse_args()
    feeds = chosen.feeds or (40 if chosen.size == "quick" else 640)
    rounds = chosen.rounds or ROUNDS[chosen.size]
    here, there = multiprocessing.Pipe()
    origin = multiprocessing.get_context("spawn").Process(target=serve, args=(feeds, there), daemon=True)
    origin.start()
    port = here.recv()
    try:
        urls = [f"http://{host}:{port}/rss.xml" for host in hosts(feeds)]
        mine, theirs = asyncio.run(measure(urls, rounds))
    finally:
        origin.terminate()
        origin.join()
    print(f"all-304 polls of {feeds} feeds: {mine:.0f} us of CPU a request, stock httpx {theirs:.0f} us")
    print(f"ratio {mine / theirs:.2f}")
    keep("one 304 alone, stock httpx", theirs / mine)


if __name__ == "__main__":
    main()
