"""uvicorn with our own sockets and signals, and with timeouts for slow and half-open connections."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import uvicorn
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from wirekin import _metrics
from wirekin.urls import netloc
from wirekin.web._headers import problem, respond, written

if TYPE_CHECKING:
    from starlette.applications import Starlette

HEAD_SECONDS = 10.0  # until request line and headers must be complete: uvicorn waits for ever (requirement fact 13)
TAKE_SECONDS = 60.0  # until a client must read what the kernel's buffer cannot hold: 100 kB at 2 kB a second
KEEP_ALIVE_SECONDS = 5  # between two requests on one connection
CONNECTIONS = 2_000  # requirement D4: 1,000 half-open ones must leave room for good ones
HALF_OPEN = 1_500  # of these, how many may wait for a first request; one more closes the one that has waited longest
BACKLOG = 1_024  # connections that the kernel holds for us while the loop is busy
HEAD_BYTES = 64 * 1024  # text= of 4,000 characters is up to 48,000 bytes when percent-encoded
DRAIN_SECONDS = 5  # for answers under way at a shutdown


class WebServer(uvicorn.Server):
    """Listens from the start, so that a taken port is an OSError here and `address` is known before `serve()`."""

    def __init__(self, config: uvicorn.Config, listeners: list[socket.socket]) -> None:
        super().__init__(config)
        self._listeners = listeners
        self.addresses = tuple(map(_address, listeners))
        """The URLs at which it can be reached: http://127.0.0.1:8000 ("localhost" if it listens on every interface)."""
        self.address = self.addresses[0]

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until `should_exit` is set."""
        await super().serve(sockets=sockets or self._listeners)

    def close(self) -> None:
        """Close the sockets if `serve` was never called."""
        for listener in self._listeners:
            listener.close()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the daemon, which sets `should_exit`."""
        yield


def _listen_at(places: Sequence[tuple[str, int]]) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    try:
        for host, port in places:
            listeners.append(_listen(host, port, only=len(places) > 1))
    except OSError:
        for listener in listeners:
            listener.close()
        raise
    return listeners


def _listen(host: str, port: int, *, only: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # IPPROTO_TCP is explicit because asyncio sets TCP_NODELAY only then. Without TCP_NODELAY each answer on a
    # keep-alive connection waits 40 ms for a delayed ACK (measured: 44 ms against 0.4 ms for /healthz, 2026-11).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if only and family == socket.AF_INET6:  # [::] alone serves IPv4 as well; with others 0.0.0.0 may be one of them
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        host = "localhost"
    return f"http://{netloc(host, port)}"


def _allow_connections() -> None:
    """Raise the soft limit of open files, often 1,024, to what CONNECTIONS need, within the hard limit."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1_024
    if soft != resource.RLIM_INFINITY and soft < wanted:
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


# uvicorn's warnings about malformed requests. They are dropped, so that strangers cannot fill the log.
_STRANGERS = ("Invalid HTTP request", "Unsupported upgrade request", "No supported WebSocket library")


def _is_about_us(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_STRANGERS)


def make_server(app: Starlette, host: str, port: int, *others: tuple[str, int]) -> WebServer:
    """Make a server bound to host and port (0: any free one), and to the addresses `others`.

    Raises: OSError if an address cannot be bound.
    """
    _allow_connections()
    logging.getLogger("uvicorn.error").addFilter(_is_about_us)
    listeners = _listen_at([(host, port), *others])
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=_Impatient,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    return WebServer(config, listeners)


# curl and scripts send an address as it was typed, even in Persian; h11 accepts only ASCII (RFC 9112, 3.2).
_UNREADABLE = written(
    problem(
        400,
        "This is no HTTP request. Letters of an address beyond ASCII must be percent-encoded: %D8%A7, not the letter.",
    )
)

_LONG = f"At most {HEAD_BYTES // 1024} KiB are read of {{}}. Of an article send the address or the title, not the text."
_LONG_ADDRESS = written(problem(414, _LONG.format("an address")))  # RFC 9110, 15.5.15
_LONG_HEAD = written(problem(431, _LONG.format("an address and its headers") + " Send fewer cookies."))  # RFC 6585, 5


async def _refuse_crowd(scope: Scope, receive: Receive, send: Send) -> None:
    """ASGI: what is told where more connections are open than we hold; uvicorn's is plain text."""
    logging.getLogger("uvicorn.error").warning("More than %s connections are open: a request was refused.", CONNECTIONS)
    request, headers = Request(scope), {"retry-after": "2", "connection": "close"}
    _metrics.request_answered("other", request.method, 503, 0.0)
    answer = problem(503, "Too many requests at once: come back in a moment.", headers)
    await respond(request, answer)(scope, receive, send)


# Connections of each server that wait for a request's head, in the order of their waiting time, the longest first.
_WAITING: WeakKeyDictionary[object, dict[_Impatient, None]] = WeakKeyDictionary()


class _Impatient(H11Protocol):
    """Closes a connection whose head is not complete in HEAD_SECONDS, or whose answer is not read in TAKE_SECONDS."""

    _deadline: asyncio.TimerHandle | None
    _untaken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that pause_writing is called as soon as a client reads slowly
        waiting = _WAITING.setdefault(self.server_state, {})
        waiting[self] = None
        if len(waiting) > HALF_OPEN:
            # A flood must only displace itself: good clients send a whole head at once and hardly wait here.
            next(iter(waiting)).give_up()
        self._deadline = self.loop.call_later(HEAD_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        cycle: RequestResponseCycle | None = self.cycle  # uvicorn's annotation forgets that it is None at first
        waiting = cycle is None or cycle.response_complete
        if not waiting:
            self._stop_waiting()
        elif self._deadline is None and not self.transport.is_closing():
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def handle_events(self) -> None:
        """Read what has come, and answer it; uvicorn's own `limit_concurrency` would answer in plain text."""
        crowded = len(self.connections) >= CONNECTIONS or len(self.tasks) >= CONNECTIONS
        self.app = _refuse_crowd if crowded else self.config.loaded_app
        super().handle_events()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        self._is_taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._untaken = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._is_taken()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn says it in plain text
        """Refuse malformed HTTP with a problem and headers as in every other refusal; uvicorn's own is plain text."""
        if self._has_no_answer():
            self.transport.write(self._refusal())
        self.transport.close()

    def _refusal(self) -> bytes:
        """What is wrong with what h11 has just refused. It takes a chunk's head that is too long for a request's."""
        cycle: RequestResponseCycle | None = self.cycle
        in_body = cycle is not None and cycle.more_body
        if in_body or getattr(sys.exception(), "error_status_hint", 400) != 431:
            return _UNREADABLE
        return _LONG_HEAD if b"\n" in self.conn.trailing_data[0] else _LONG_ADDRESS

    def _has_no_answer(self) -> bool:
        """Return whether the current request has no answer yet: never write into an answer, nor a second one."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or not cycle.response_started:
            return True
        return cycle.response_complete and not cycle.more_body

    def give_up(self) -> None:
        """Close the connection to make room: it has waited longest."""
        self._stop_waiting()
        self.transport.close()

    def _is_taken(self) -> None:
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None

    def _stop_waiting(self) -> None:
        _WAITING[self.server_state].pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
