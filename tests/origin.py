"""A scriptable HTTP origin on loopback, in a thread of its own, for every shell test.

    with Origin() as origin:                      # or `async with`
        origin.serve("/rss.xml", RSS, etag='"1"')     # answers 304 to that validator
        origin.serve("/busy", status=503, headers={"Retry-After": "60"})
        origin.serve_each("/twice", [Answer(b"a"), Answer(status=500)])   # in turn; the last one stays
        origin.answer("/asked", lambda request: Answer(request.path.encode()))
        ... origin.url("/rss.xml") ...
    assert origin.paths == ["/rss.xml"]

`Origin("127.0.0.2", "127.0.0.3")` listens on several addresses with one port; the spacing of requests treats each as a
host of its own. Other paths are 404. For broken HTTP, see the package `faults`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from types import TracebackType
from typing import Literal, Self

Framing = Literal["length", "chunked", "close"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as received: headers in order, names in lower case, values decoded as latin-1."""

    method: str
    path: str  # with the query
    headers: tuple[tuple[str, str], ...]
    at: float  # time.monotonic()
    host: str  # the dialled address: "127.0.0.2"
    connection: int  # number of the connection it came over, from 1

    def header(self, name: str) -> str | None:
        """The first value of a header, or None."""
        return next((value for key, value in self.headers if key == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. `etag` and `last_modified` are sent, and a request that brings them back is answered with 304."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = field(default_factory=dict)
    content_type: str = "application/rss+xml"
    etag: str | None = None
    last_modified: str | None = None
    gzip: bool = False
    framing: Framing = "length"
    delay: float = 0.0  # seconds before the first byte


Respond = Callable[[Request], Answer]


class Origin:
    """An HTTP/1.1 origin on one or more loopback addresses; see the module for how to use it."""

    def __init__(self, *hosts: str, port: int = 0) -> None:
        self.hosts: Sequence[str] = hosts or ("127.0.0.1",)
        self.port = port
        self.requests: list[Request] = []
        self.connections = 0
        self.open_at_once = 0  # the most requests that were ever answered concurrently
        self._open = 0
        self._routes: dict[str, Respond] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="origin", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    # --- scripting ---

    def serve(self, path: str, body: bytes | str = b"", **more: object) -> str:
        """Answer `path` with this body from now on; `more` are fields of Answer. Returns its URL."""
        encoded = body.encode() if isinstance(body, str) else body
        return self.serve_each(path, [Answer(encoded, **more)])  # type: ignore[arg-type]  # checked by the dataclass

    def serve_each(self, path: str, answers: Iterable[Answer]) -> str:
        """Answer `path` with each in turn; the last one is repeated. Returns its URL."""
        left = list(answers)
        return self.answer(path, lambda _: left.pop(0) if len(left) > 1 else left[0])

    def answer(self, path: str, respond: Respond) -> str:
        """Answer `path` by calling `respond` on the origin's thread; paths are looked up with the query, then without."""
        self._routes[path] = respond
        return self.url(path)

    def forget(self) -> None:
        """Drop all routes and recorded requests."""
        self._routes.clear()
        self.requests.clear()

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The absolute URL of a path, on the first address unless another is named."""
        return f"http://{host or self.hosts[0]}:{self.port}{path}"

    @property
    def netloc(self) -> str:
        """ "host:port" of the first address, as `allow_private` wants it."""
        return f"{self.hosts[0]}:{self.port}"

    @property
    def netlocs(self) -> frozenset[str]:
        """ "host:port" of every address."""
        return frozenset(f"{host}:{self.port}" for host in self.hosts)

    @property
    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.requests]

    # --- start and stop ---

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *error: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.__exit__)

    async def _listen(self) -> None:
        for host in self.hosts:
            server = await asyncio.start_server(self._on_connection, host, self.port)
            self.port = server.sockets[0].getsockname()[1]
            self._servers.append(server)

    async def _stop(self) -> None:
        await asyncio.sleep(0.01)  # asyncio 3.11 leaks connections accepted just before the server closes
        for server in self._servers:
            server.close()
        for task, writer in tuple(self._tasks.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for server in self._servers:
            await server.wait_closed()
        await asyncio.sleep(0.01)  # lets the loop say connection_lost, which closes the sockets

    # --- one connection ---

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks[task] = writer
        self.connections += 1
        number = self.connections
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while await self._converse(reader, writer, number):
                pass
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()  # unread data keeps the connection open; _stop aborts it
        del self._tasks[task]

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        request = _read_request(head, writer.get_extra_info("sockname")[0], number)
        self.requests.append(request)
        self._open += 1
        self.open_at_once = max(self.open_at_once, self._open)
        try:
            answer = self._answer_to(request)
            if answer.delay:
                await asyncio.sleep(answer.delay)
            writer.write(_encode(request, answer))
            await writer.drain()
        finally:
            self._open -= 1
        return answer.framing != "close"

    def _answer_to(self, request: Request) -> Answer:
        respond = self._routes.get(request.path) or self._routes.get(request.path.partition("?")[0])
        return respond(request) if respond else Answer(b"not here", status=404, content_type="text/plain")


def _read_request(head: bytes, host: str, connection: int) -> Request:
    line, *fields = head.decode("latin-1").split("\r\n")
    method, path, _ = line.split(" ", 2)
    pairs = (name_and_value.partition(":") for name_and_value in fields if name_and_value)
    headers = tuple((name.lower(), value.strip(" \t")) for name, _, value in pairs)
    return Request(method, path, headers, monotonic(), host, connection)


def _is_current(request: Request, answer: Answer) -> bool:
    if answer.status != 200:
        return False
    if answer.etag is not None and request.header("if-none-match") is not None:
        return request.header("if-none-match") == answer.etag
    return answer.last_modified is not None and request.header("if-modified-since") == answer.last_modified


def _encode(request: Request, answer: Answer) -> bytes:
    pairs = list(answer.headers.items() if isinstance(answer.headers, Mapping) else answer.headers)
    validators = (("ETag", answer.etag), ("Last-Modified", answer.last_modified))
    pairs += [(name, value) for name, value in validators if value is not None]
    if _is_current(request, answer):
        return _head(304, pairs)
    body = gzip.compress(answer.body, mtime=0) if answer.gzip else answer.body
    pairs += [("Content-Encoding", "gzip")] if answer.gzip else []
    pairs += [("Content-Type", answer.content_type)] if answer.content_type else []
    if answer.framing == "length":
        pairs.append(("Content-Length", str(len(body))))
    elif answer.framing == "chunked":
        pairs.append(("Transfer-Encoding", "chunked"))
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    else:
        pairs.append(("Connection", "close"))
    return _head(answer.status, pairs) + (b"" if request.method == "HEAD" else body)


def _head(status: int, pairs: Iterable[tuple[str, str]]) -> bytes:
    lines = [f"HTTP/1.1 {status} Scripted", *(f"{name}: {value}" for name, value in pairs)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
