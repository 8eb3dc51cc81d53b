"""One loopback origin for every measured poller: a feed on each 127.x host, all of them ready in memory.

It is a process of its own, whose CPU is not counted. Feed N is at http://{host(N)}:PORT/N.xml, with ETag, Last-Modified
and Content-Length; a request with the ETag gets 304. Connections persist, as HTTP/1.1 has it and most servers do. It
takes orders (`tell`): "validators-off": answer everything by the same 200 without validators, as many publishers do;
"validators-on"; "closing-on" and "closing-off": whether to close each connection after its answer; "hang-up": close
what is idle, as every server has done long before a feed's next poll; "count": how many 200 and 304 since last asked.

    python bench/_origin.py [--feeds 1000] [--corpus]     prints its port, and serves until it is killed
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
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
    """The answers to all requests, made before the first one comes."""

    def __init__(self, bodies: list[bytes]) -> None:
        self.validators, self.closing = True, False
        self.given = {200: 0, 304: 0}
        self.open: set[asyncio.Transport] = set()
        self._full: dict[bytes, bytes] = {}
        self._bare: dict[bytes, bytes] = {}
        self._same: dict[bytes, tuple[bytes, bytes]] = {}
        for number, body in enumerate(bodies):
            path, etag = b"/%d.xml" % number, b'"bench-%d"' % number
            known = b"ETag: %b\r\nLast-Modified: %b\r\n" % (etag, MODIFIED.encode())
            about = b"Content-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % len(body)
            self._full[path] = b"HTTP/1.1 200 OK\r\nServer: bench\r\n" + known + about + body
            self._bare[path] = b"HTTP/1.1 200 OK\r\nServer: bench\r\n" + about + body
            same = b"HTTP/1.1 304 Not Modified\r\nServer: bench\r\n" + known + b"\r\n"
            self._same[path] = (etag, same)

    def to(self, head: bytes) -> bytes:
        """The whole answer to a request."""
        path = head.split(b" ", 2)[1]
        if path not in self._full:
            return self._told(path.removeprefix(b"/-/").decode())
        etag, same = self._same[path]
        status = 304 if self.validators and etag in head else 200
        self.given[status] += 1
        answer = same if status == 304 else (self._full if self.validators else self._bare)[path]
        return answer.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1) if self.closing else answer

    def _told(self, what: str) -> bytes:
        said = ""
        if what == "hang-up":
            asyncio.get_running_loop().call_soon(self._hang_up)
        elif what == "count":
            said = json.dumps(self.given)
            self.given = dict.fromkeys(self.given, 0)
        elif what in {"validators-on", "validators-off"}:
            self.validators = what == "validators-on"
        elif what in {"closing-on", "closing-off"}:
            self.closing = what == "closing-on"
        else:
            return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
        return f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\n\r\n{said}".encode()

    def _hang_up(self) -> None:
        for connection in tuple(self.open):
            connection.close()


class Connection(asyncio.Protocol):
    """One request and one answer after the other."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._head = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)
        self._answers.open.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - why does not matter
        """Forget the connection."""
        self._answers.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        """Answer a whole request."""
        self._head += data
        if self._head.endswith(b"\r\n\r\n"):
            head, self._head = self._head, b""
            self._transport.write(self._answers.to(head))
            if self._answers.closing:
                self._transport.close()


def bodies_of(feeds: int, *, real: bool) -> list[bytes]:
    """The documents of all feeds, and the ones to warm up by."""
    homes = [f"http://www.bench{number}.example" for number in range(feeds)]
    bodies = list(_documents.real(homes, "news", "blog") if real else _documents.made_up(homes))
    warm = (_documents.warming_up(f"http://{host(feeds + n)}", tolerant=n == 1) for n in range(WARM_UPS))
    return [*bodies, *warm]


async def serve(bodies: list[bytes]) -> None:
    """Print the port and run until killed."""
    answers = Answers(bodies)
    loop = asyncio.get_running_loop()
    every = "0.0.0.0"  # noqa: S104 - a thousand 127.x addresses of this machine
    server = await loop.create_server(lambda: Connection(answers), every, 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], sum(map(len, bodies[:-WARM_UPS])), flush=True)
    await server.serve_forever()


@contextmanager
def running(feeds: int, *, real: bool = False) -> Iterator[tuple[int, int]]:
    """An origin that runs within the context: (port, bytes of all its documents together)."""
    command = [sys.executable, str(Path(__file__)), "--feeds", str(feeds), *(["--corpus"] if real else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as origin:
        if origin.stdout is None:
            raise RuntimeError("no pipe")
        try:
            port, size = map(int, origin.stdout.readline().split())
            yield port, size
        finally:
            origin.kill()


def tell(port: int, *orders: str) -> str:
    """Give the origin orders; returns its answer to the last."""
    said = ""
    for order in orders:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("POST", f"/-/{order}")
        said = connection.getresponse().read().decode()
        connection.close()
    return said


def given(port: int) -> dict[str, int]:
    """How many answers of each status it gave since it was last asked."""
    counts: dict[str, int] = json.loads(tell(port, "count"))
    return counts


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
