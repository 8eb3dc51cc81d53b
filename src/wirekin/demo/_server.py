"""Many small sites on loopback, one address each, from the standard library alone.

One thread waits on all listening sockets at once (no polling) and hands each connection to a thread of its own.
Politeness counts by host, so each publisher gets an address: 127.0.1.1, 127.0.1.2 and so on. Where such addresses
cannot be bound (macOS has 127.0.0.1 alone), a site gets a port of 127.0.0.1 instead.
"""

from __future__ import annotations

import errno
import gzip
import selectors
import socket
import socketserver
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PREFERRED_PORT = 8041  # any free one will do; a fixed one keeps links alive from one start to the next
PATIENCE = 10  # seconds that a silent connection may stay


@dataclass(frozen=True, slots=True)
class Answer:
    """What a site says; the server adds the ETag, compresses, and answers 304 where that is enough."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


Respond = Callable[[str, Mapping[str, str]], Answer]
"""A site: the decoded path and the query's parameters to an answer."""


class _Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The listening socket of one site; closing it ends its connections too."""

    allow_reuse_address = True
    request_queue_size = 32
    timeout = 0  # seconds that handle_request waits: a visitor who left again must not hold up the other sites

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.respond: Respond | None = None
        self._open: set[socket.socket] = set()

    @property
    def home(self) -> str:
        host, port = self.socket.getsockname()
        return f"http://{host}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a visitor who hangs up."""

    def end(self) -> None:
        """Stop listening, hang up on everybody, wait for the threads."""
        for request in list(self._open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Listener
    server_version = "wirekin-demo"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def do_GET(self) -> None:
        target = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(target.query).items()}
        assert self.server.respond is not None  # noqa: S101 - set before the first connection is taken
        self._send(self.server.respond(unquote(target.path), query))

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _send(self, answer: Answer) -> None:
        headers = dict(answer.headers) | {"Content-Type": answer.content_type, "Connection": "close"}
        status, body = answer.status, answer.body
        if status is HTTPStatus.OK:
            headers["ETag"] = f'"{blake2b(body, digest_size=9).hexdigest()}"'
            headers["Vary"] = "Accept-Encoding"
            if self._is_known(headers):
                status, body = HTTPStatus.NOT_MODIFIED, b""
            elif "gzip" in self.headers.get("Accept-Encoding", ""):
                body, headers["Content-Encoding"] = gzip.compress(body, 6, mtime=0), "gzip"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_known(self, headers: Mapping[str, str]) -> bool:
        """RFC 9110 section 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return headers["ETag"] in tags
        since, changed = self.headers.get("If-Modified-Since"), headers.get("Last-Modified")
        if not since or not changed:
            return False
        with suppress(ValueError, TypeError):
            return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
        return False

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
        """Log nothing: the terminal is for the demo's own words."""


class Sites:
    """As many loopback sites as asked for: listening from the start, answering from `open` to `close`."""

    def __init__(self, count: int) -> None:
        self._selector = selectors.DefaultSelector()
        self._bell, self._ear = socket.socketpair()
        self._thread = threading.Thread(target=self._receive, name="wirekin-demo", daemon=True)
        self._listeners: list[_Listener] = []
        try:
            self._listeners.extend(_listen(number) for number in range(1, count + 1))
        except OSError:
            self.close()
            raise

    @property
    def homes(self) -> tuple[str, ...]:
        """Scheme, host and port of each site."""
        return tuple(listener.home for listener in self._listeners)

    def open(self, answering: Sequence[Respond]) -> None:
        """Begin to answer, one responder a site."""
        for listener, respond in zip(self._listeners, answering, strict=True):
            listener.respond = respond
            self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(self._ear, selectors.EVENT_READ)
        self._thread.start()

    def _receive(self) -> None:
        while True:
            for key, _ in self._selector.select():
                if not isinstance(key.fileobj, _Listener):
                    return  # `close` rang the bell
                key.fileobj.handle_request()

    def close(self) -> None:
        """Stop answering and give every socket and thread back."""
        if self._thread.is_alive():
            self._bell.send(b"!")
            self._thread.join()
        for listener in self._listeners:
            listener.end()
        self._selector.close()
        self._bell.close()
        self._ear.close()


def _listen(number: int) -> _Listener:
    """A listener on the number's own address, with the preferred port if it is free."""
    for address in ((f"127.0.1.{number}", PREFERRED_PORT), (f"127.0.1.{number}", 0), ("127.0.0.1", 0)):
        try:
            return _Listener(address)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EADDRNOTAVAIL}:
                raise
    raise OSError("no free port on 127.0.0.1")
