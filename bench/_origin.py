"""One loopback origin for every measured poller: a feed on each 127.x host, ready in memory, and nothing to think about.

It is a process of its own, whose CPU nobody counts. Feed N is at http://{host(N)}:PORT/N.xml, with ETag, Last-Modified
and Content-Length; a request with the ETag gets 304. `validators("off")` makes it answer everything by the same 200
without validators, which is what many real publishers do. It closes each connection after its answer: the next poll
of a real feed is half an hour away, and nobody keeps a connection for that long.

    python bench/_origin.py [--feeds 1000] [--corpus]     prints its port, and serves until it is killed
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import _documents

HOSTS_A_BLOCK = 250
WARM_UPS = 2  # feeds after the measured ones: one for the fast path, one for the tolerant
MODIFIED = "Tue, 24 Nov 2026 08:00:00 GMT"


def host(number: int) -> str:
    """A loopback address of its own for each feed: politeness counts by host."""
    return f"127.1.{number // HOSTS_A_BLOCK}.{number % HOSTS_A_BLOCK + 1}"


def url(number: int, port: int) -> str:
    """Where feed `number` is."""
    return f"http://{host(number)}:{port}/{number}.xml"


class Answers:
    """What is said to whom; all of it made before anyone asks."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.validators = True
        self.asked = {200: 0, 304: 0}
        self._full: dict[bytes, bytes] = {}
        self._bare: dict[bytes, bytes] = {}
        self._same: dict[bytes, tuple[bytes, bytes]] = {}
        for number, body in enumerate(bodies):
            path, etag = b"/%d.xml" % number, b'"bench-%d"' % number
            known = b"ETag: %b\r\nLast-Modified: %b\r\n" % (etag, MODIFIED.encode())
            about = b"Content-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
            self._full[path] = b"HTTP/1.1 200 OK\r\nServer: bench\r\n" + known + about + body
            self._bare[path] = b"HTTP/1.1 200 OK\r\nServer: bench\r\n" + about + body
            same = b"HTTP/1.1 304 Not Modified\r\nServer: bench\r\n" + known + b"Connection: close\r\n\r\n"
            self._same[path] = (etag, same)

    def to(self, head: bytes) -> bytes:
        """The whole answer to a request."""
        path = head.split(b" ", 2)[1]
        if path in self._full:
            etag, same = self._same[path]
            if self.validators and etag in head:
                self.asked[304] += 1
                return same
            self.asked[200] += 1
            return (self._full if self.validators else self._bare)[path]
        if path.startswith(b"/-/validators/"):
            self.validators = path.endswith(b"/on")
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Exchange(asyncio.Protocol):
    """One request, one answer, and good-bye."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer a whole request."""
        self._head += data
        if self._head.endswith(b"\r\n\r\n"):
            self._transport.write(self._answers.to(self._head))
            self._transport.close()


def bodies_of(feeds: int, *, real: bool) -> list[bytes]:
    """The documents of all feeds, and the ones to warm up by."""
    homes = [f"http://{host(number)}" for number in range(feeds)]
    bodies = list(_documents.real(homes, "news", "blog") if real else _documents.made_up(homes))
    warm = (_documents.warming_up(f"http://{host(feeds + n)}", tolerant=n == 1) for n in range(WARM_UPS))
    return [*bodies, *warm]


async def serve(bodies: list[bytes]) -> None:
    """Print the port and run until killed."""
    answers = Answers(bodies)
    loop = asyncio.get_running_loop()
    every = "0.0.0.0"  # noqa: S104 - a thousand 127.x addresses of this machine
    server = await loop.create_server(lambda: Exchange(answers), every, 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], sum(map(len, bodies[:-WARM_UPS])), flush=True)
    await server.serve_forever()


@contextmanager
def running(feeds: int, *, real: bool = False) -> Iterator[tuple[int, int]]:
    """An origin for a while: (port, bytes of all its documents together)."""
    command = [sys.executable, str(Path(__file__)), "--feeds", str(feeds), *(["--corpus"] if real else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as origin:
        if origin.stdout is None:
            raise RuntimeError("no pipe")
        try:
            port, size = map(int, origin.stdout.readline().split())
            yield port, size
        finally:
            origin.kill()


def validators(port: int, state: str) -> None:
    """Let the origin send validators and honour them ("on"), or do neither ("off")."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", f"/-/validators/{state}")
    connection.getresponse().read()
    connection.close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=1_000)
    options.add_argument("--corpus", action="store_true", help="serve the news and blog feeds of ../shared/corpus")
    given = options.parse_args()
    if given.corpus and not _documents.CORPUS.is_dir():
        sys.exit(f"no corpus at {_documents.CORPUS}")
    asyncio.run(serve(bodies_of(given.feeds, real=given.corpus)))


if __name__ == "__main__":
    main()
