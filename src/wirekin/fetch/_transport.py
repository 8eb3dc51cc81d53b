"""httpx's transport interface over asyncio's own connections: every dial judged, every answer read by llhttp.

dial [resolver -> socket factory judges the address -> connect -> TLS] -> one request -> head -> body, as it comes
We want nothing of what a general client adds (limits, proxies, cookies, redirects, tracing, a second set of objects for
all of them), and it was half of the CPU of a 304 (docs/adr/0004).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from typing import NoReturn, cast

import aiohappyeyeballs
import httptools

from wirekin.fetch._httpx import httpx
from wirekin.fetch._resolver import Resolves, SockInfo, UnknownName

IDLE_SECONDS = 5.0  # robots.txt, a redirect and the page may share a connection; the next poll is half an hour away
SECOND_ADDRESS_SECONDS = 0.25  # until a name's next address is tried beside the first (RFC 8305 section 5)
HEAD_BYTES = 64 * 1024  # cap on an answer's heads and on excessive framing of its body; policies take 10 KiB
FRAMED_BYTES = 8  # wire octets allowed per octet of body: chunks of one octet take 6, chunk extensions have no limit
MOST_HEADERS = 256  # ours make three, and a newspaper's thirty
READ_BYTES = 64 * 1024  # read from a socket at a time
UNREAD_BYTES = 64 * 1024  # of a body, buffered before we stop reading from the socket; 64 answers may be under way
MOST_IDLE = 128  # idle connections; many systems give a process 1,024 files, and a turn asks hundreds of places

_PORTS = {"http": 80, "https": 443}
_FRAMING = frozenset({b"content-length", b"transfer-encoding"})

Where = tuple[str, str, int]
"""Scheme, host and port: a connection may be reused for the same three."""


class Transport(httpx.AsyncBaseTransport):
    """Exchanges over connections of our own; for each place one idle connection is kept for a few seconds.

    `socket_factory` makes, or refuses, the socket for the very address that is dialled; `tls` is called at each dial.
    """

    def __init__(
        self,
        resolver: Resolves,
        tls: Callable[[], ssl.SSLContext],
        socket_factory: Callable[[SockInfo], socket.socket] | None = None,
    ) -> None:
        self._resolver = resolver
        self._tls = tls
        self._socket_factory = socket_factory
        self._buffer = memoryview(bytearray(READ_BYTES))  # shared: what is read is parsed before another reads
        self._idle: dict[Where, _Connection] = {}  # the least recently used first
        self._sweep: asyncio.TimerHandle | None = None  # one timer for all: each of many would slow the others

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, and return the head of its answer with the body to come.

        Raises: httpx.ReadError, httpx.RemoteProtocolError, and what the network raises: OSError, with UnknownName and
        ssl.SSLError among them.
        """
        url = request.url
        where = (url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme])
        kept = self._idle.pop(where, None) if request.method == "GET" else None  # a form must not be sent twice
        if kept is not None and kept.at_rest:
            try:
                return await self._exchange(kept, request, where)
            except (httpx.ReadError, OSError):  # a server may hang up just when we write (RFC 9112 section 9.5)
                if kept.has_begun:
                    raise
        return await self._exchange(await self._dialled(where), request, where)

    async def aclose(self) -> None:
        """Close what is kept."""
        if self._sweep is not None:
            self._sweep.cancel()
        for connection in self._idle.values():
            connection.close()
        self._idle.clear()

    async def _exchange(self, connection: _Connection, request: httpx.Request, where: Where) -> httpx.Response:
        try:
            await connection.ask(_octets(request))
        except BaseException:
            connection.close()
            raise
        body = _Body(connection, lambda: self._keep(connection, where))
        return httpx.Response(connection.status, headers=connection.headers, stream=body)

    def _keep(self, connection: _Connection, where: Where) -> None:
        if where in self._idle or not connection.at_rest:
            connection.close()
            return
        if len(self._idle) >= MOST_IDLE:
            self._idle.pop(next(iter(self._idle))).close()  # the least recently used
        self._idle[where] = connection
        connection.idle_until = asyncio.get_running_loop().time() + IDLE_SECONDS
        if self._sweep is None:
            self._close_unused()

    def _close_unused(self) -> None:
        """Close the connections that have been idle for too long, and set the timer for the next."""
        loop = asyncio.get_running_loop()
        now, self._sweep = loop.time(), None
        for where, connection in list(self._idle.items()):
            if connection.idle_until > now:
                self._sweep = loop.call_at(connection.idle_until, self._close_unused)
                return
            del self._idle[where]
            connection.close()

    async def _dialled(self, where: Where) -> _Connection:
        scheme, host, port = where
        sock = await aiohappyeyeballs.start_connection(
            await self._addresses(host, port),
            happy_eyeballs_delay=SECOND_ADDRESS_SECONDS,
            socket_factory=self._socket_factory,
        )
        # Without a trailing dot: neither certificates nor the server name of TLS have one (RFC 6066 section 3).
        tls, name = (self._tls(), host.removesuffix(".")) if scheme == "https" else (None, None)
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: _Connection(self._buffer), sock=sock, ssl=tls, server_hostname=name
        )
        return connection

    async def _addresses(self, host: str, port: int) -> list[SockInfo]:
        for family in (socket.AF_INET, socket.AF_INET6):
            with contextlib.suppress(OSError):  # raised for a name
                socket.inet_pton(family, host)
                return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (host, port))]
        try:
            return await self._resolver.resolve(host, port)
        except OSError as error:
            raise UnknownName(f"{host}: {error.strerror or error}") from error


class _Body(httpx.AsyncByteStream):
    """The body of an answer; closing it gives the connection back."""

    def __init__(self, connection: _Connection, give_back: Callable[[], None]) -> None:
        self._connection = connection
        self._give_back = give_back

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._connection.body()

    async def aclose(self) -> None:
        """Give the connection back, or close it where the body was not read to its end."""
        self._give_back()


class _Connection(asyncio.BufferedProtocol):
    """One connection: a request out, its answer in, only then the next; the on_ methods are llhttp's callbacks."""

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        self._parser = httptools.HttpResponseParser(self)
        # As lenient as browsers: odd octets in a value, lines that end without CR, blanks after a chunk's size.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._loop = asyncio.get_running_loop()
        self.idle_until = 0.0  # time of the loop; while it is kept
        self._waiter: asyncio.Future[None] | None = None
        self._trouble: Exception | None = None
        self._reset()

    def _reset(self) -> None:
        self.status = 0  # until the head is whole
        self.headers: list[tuple[bytes, bytes]] = []
        self._chunks: list[bytes] = []
        self._unread_bytes = 0
        self._bare_bytes = 0  # of heads and framing, beyond the FRAMED_BYTES allowed for each octet of body
        self._ended = self._persists = False

    @property
    def at_rest(self) -> bool:
        """Whether the answer has ended, and another request may follow."""
        return self._ended and self._persists and not self._transport.is_closing()

    @property
    def has_begun(self) -> bool:
        """Whether anything of the answer has come."""
        return bool(self.status or self._bare_bytes)

    def close(self) -> None:
        """End it at once, whatever the other side does."""
        self._transport.abort()

    async def ask(self, octets: bytes) -> None:
        """Write a request; return when `status` and `headers` have come."""
        self._reset()
        self._transport.write(octets)
        while not self.status:
            await self._more()

    async def body(self) -> AsyncIterator[bytes]:
        """The octets of the body as they come, without the transfer coding."""
        while True:
            chunks, self._chunks, self._unread_bytes = self._chunks, [], 0
            if chunks:
                yield b"".join(chunks)  # joined: a flood of one-octet chunks must not become a flood of objects
                continue
            self._transport.resume_reading()  # at the end too: a kept connection must notice that the server hangs up
            if self._ended:
                return
            await self._more()

    async def _more(self) -> None:
        """Wait for more of the answer. Raises: why no more will come."""
        if self._trouble is None:
            self._waiter = self._loop.create_future()
            await self._waiter
        if self._trouble is not None and not (self._chunks or self._ended):
            raise self._trouble

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - a hint
        """Where asyncio puts what it reads."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Parse what was read; an unsolicited answer, often a 408 before a hang-up, closes the connection."""
        if self._ended:
            self.close()
            return
        self._bare_bytes += nbytes
        try:
            self._parser.feed_data(self._buffer[:nbytes])
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(f"not HTTP: {error}")
        if self._bare_bytes > HEAD_BYTES:
            self._fail(f"more than {HEAD_BYTES} octets that are no body")
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side hung up, or we did."""
        del self._parser  # it refers to us: a reference cycle
        framed = any(name.lower() in _FRAMING for name, _ in self.headers)
        if self._trouble is None and exc is None and self.status and not framed:
            self._ended = True  # a body of unknown length ends with the connection, but not with a reset (RFC 9112 8)
        elif self._trouble is None and not self._ended:
            self._trouble = exc or httpx.ReadError("hung up before the end of the answer")
        self._wake()

    def _fail(self, why: str) -> None:
        self._persists = False  # garbage after a whole answer does not spoil it, but ends the connection
        if not self._ended:
            self._trouble = self._trouble or httpx.RemoteProtocolError(why)
            self.close()

    def _refuse(self, why: str) -> NoReturn:
        """Stop the parser, with a reason of our own; llhttp would only report that a callback failed."""
        self._fail(why)
        raise ValueError(why)

    def on_message_begin(self) -> None:
        """An answer begins, maybe an unsolicited one."""
        if self._ended:
            self._persists = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or a trailer, which is ignored. Octets that RFC 9110 section 5.5 calls dangerous are refused."""
        if self.status:
            return
        if len(self.headers) == MOST_HEADERS or len(value) > HEAD_BYTES:
            self._refuse(f"more than {MOST_HEADERS} headers, or {HEAD_BYTES} octets in one")
        if value.translate(None, b"\0\r\n") != value:
            self._refuse("a control octet in a header")
        self.headers.append((name.rstrip(), value.strip(b" \t")))  # llhttp heeds both, but keeps the blanks

    def on_headers_complete(self) -> None:
        """The head of the answer, or of a 1xx before it, is complete."""
        status = self._parser.get_status_code()
        if self.status:  # an unsolicited one
            return
        if status < 100:
            self._refuse(f"no status is {status:03}")  # with status 0, `ask` would wait for ever
        if status < 200:
            self.headers.clear()
        else:
            self.status = status

    def on_body(self, octets: bytes) -> None:
        """A part of the body."""
        if self._ended:
            return
        self._chunks.append(octets)
        self._bare_bytes = max(self._bare_bytes - FRAMED_BYTES * len(octets), 0)
        self._unread_bytes += len(octets)
        if self._unread_bytes > UNREAD_BYTES:
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        """The answer, or a 1xx before it, has ended by its own framing."""
        if self.status and not self._ended:
            self._ended, self._persists = True, self._parser.should_keep_alive()


def _octets(request: httpx.Request) -> bytes:
    """The request on the wire: in origin form, with httpx's headers (RFC 9112 section 3.2.1).

    Raises: httpx.LocalProtocolError for an octet that would split a line or a request in two.
    """
    lines = [b"%b %b HTTP/1.1" % (request.method.encode("ascii"), request.url.raw_path)]
    lines += [b"%b: %b" % header for header in request.headers.raw]
    octets = b"".join(lines)
    if octets.translate(None, b"\0\r\n") != octets or b" " in request.url.raw_path:
        raise httpx.LocalProtocolError("a control octet in a request")
    return b"\r\n".join([*lines, b"", b"" if request.method == "GET" else request.content])
