"""uvicorn, tamed: our socket, our signals, and no patience with half-open connections."""

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
from wirekin.web._headers import problem, respond, written

if TYPE_CHECKING:
    from starlette.applications import Starlette

HEAD_SECONDS = 10.0  # for a whole request line and headers: uvicorn alone waits for ever (requirement fact 13)
TAKE_SECONDS = 60.0  # for a reader to take an answer, of which the kernel holds tens of kB: 100 kB at 2 kB a second
KEEP_ALIVE_SECONDS = 5  # between two requests on one connection
CONNECTIONS = 2_000  # requirement D4: 1,000 half-open ones must leave room for good ones
HALF_OPEN = 1_500  # of those, that may wait for their first head: one more closes the one that waits longest
BACKLOG = 1_024  # connections that the kernel holds for us while the loop is busy
HEAD_BYTES = 64 * 1024  # text= of 4,000 characters is up to 48,000 bytes when percent-encoded
DRAIN_SECONDS = 5  # for answers under way when told to stop


class WebServer(uvicorn.Server):
    """Listens from the start, so that a taken port is an OSError here and `address` is known before `serve()`."""

    def __init__(self, config: uvicorn.Config, listeners: list[socket.socket]) -> None:
        super().__init__(config)
        self._listeners = listeners
        self.addresses = tuple(map(_address, listeners))
        """Where it can be reached: http://127.0.0.1:8000 ("localhost" where it listens everywhere)."""
        self.address = self.addresses[0]

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer until `should_exit` is set."""
        await super().serve(sockets=sockets or self._listeners)

    def close(self) -> None:
        """Give the sockets back where `serve` was never called."""
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
    # IPPROTO_TCP by name: asyncio sets TCP_NODELAY only where it sees it, and without that each answer of a kept
    # connection waits 40 ms for a delayed ACK (measured: 44 ms against 0.4 ms for /healthz, 2026-11).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if only and family == socket.AF_INET6:  # alone, [::] takes IPv4 as well; in a list 0.0.0.0 may stand beside it
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
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _allow_connections() -> None:
    """Raise the soft limit of open files, often 1,024, as far as CONNECTIONS need and the hard limit allows."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + 1_024
    if soft != resource.RLIM_INFINITY and soft < wanted:
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


# What uvicorn warns of for each piece of garbage that a stranger sends: a log is not theirs to fill.
_STRANGERS = ("Invalid HTTP request", "Unsupported upgrade request", "No supported WebSocket library")


def _is_about_us(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(_STRANGERS)


def make_server(app: Starlette, host: str, port: int, *others: tuple[str, int]) -> WebServer:
    """A server bound to host and port (0: any free one), and to `others` beside it.

    Raises: OSError where an address cannot be had.
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


# curl and people's scripts send an address as it was typed, in Persian too; h11 takes ASCII alone (RFC 9112, 3.2).
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


# The connections of each server that wait for a head, the longest waiting first.
_WAITING: WeakKeyDictionary[object, dict[_Impatient, None]] = WeakKeyDictionary()


class _Impatient(H11Protocol):
    """Closes a connection whose head did not come in HEAD_SECONDS, or whose answer was not taken in TAKE_SECONDS."""

    _deadline: asyncio.TimerHandle | None
    _untaken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=0)  # so that we are told as soon as a reader is slow to take
        waiting = _WAITING.setdefault(self.server_state, {})
        waiting[self] = None
        if len(waiting) > HALF_OPEN:
            # A flood must crowd out itself: good clients send a whole head at once, and never wait here for long.
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
        """Refuse what is no HTTP in the words and with the headers of every other refusal; uvicorn's are plain text."""
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
        """Whether what is being read has none yet: never into the midst of one, and no second one for a body."""
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is None or not cycle.response_started:
            return True
        return cycle.response_complete and not cycle.more_body

    def give_up(self) -> None:
        """Close the connection: it waited long enough, and others want its place."""
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
