"""A WebSub hub on loopback, over TLS unless told otherwise, that can be told to lie.

    with Hub() as hub:                      # SSL_CERT_FILE=tests/data/hub.pem makes a subscriber trust its test key
        hub.url                             # the address that a feed announces
        hub.push(body)                      # signed, to every subscription; returns their status codes
        hub.ask(callback, mode="subscribe", topic=..., challenge=...)   # any verification, also an unrequested one

Attributes make it lie: `verifies = False` skips verification, `topic_asked` verifies another topic, `lease` is the lease
in seconds, `answers` the status of a subscription request, `redirects_to` redirects the request, and
`redirects_by` is the status of that.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import http.server
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, urlencode, urlsplit

CERTIFICATE = Path(__file__).with_name("data") / "hub.pem"
SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Held:
    """A subscription that was confirmed."""

    topic: str
    secret: str


@dataclass
class Hub:
    host: str = "127.0.0.71"
    tls: bool = True
    verifies: bool = True
    topic_asked: str = ""  # to verify; "" means the requested one
    lease: str = "864000"
    answers: int = 202
    redirects_to: str = ""
    redirects_by: int = 307
    forms: list[dict[str, str]] = field(default_factory=list)  # of every request, in order
    headers: list[dict[str, str]] = field(default_factory=list)  # of every request, in order
    replies: list[Reply] = field(default_factory=list)  # to each verification that followed a request
    held: dict[str, Held] = field(default_factory=dict)  # by callback

    def __enter__(self) -> Self:
        hub = self

        class Desk(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = self.rfile.read(int(self.headers["content-length"])).decode("ascii")
                hub._take(self, dict(parse_qsl(form, strict_parsing=True)))

            def log_message(self, *words: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer((self.host, 0), Desk)
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._threads = [threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})]
        self._threads[0].start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(SECONDS)

    @property
    def netloc(self) -> str:
        return f"{self.host}:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.netloc}/"

    @property
    def modes(self) -> list[str]:
        return [form["hub.mode"] for form in self.forms]

    # --- answering subscription requests ---

    def _take(self, request: http.server.BaseHTTPRequestHandler, form: dict[str, str]) -> None:
        self.forms.append(form)
        self.headers.append({name.lower(): value for name, value in request.headers.items()})
        request.send_response(self.redirects_by if self.redirects_to else self.answers)
        if self.redirects_to:
            request.send_header("Location", self.redirects_to)
        request.send_header("Content-Length", "0")
        request.end_headers()
        if self.verifies and not self.redirects_to and self.answers < 300:
            thread = threading.Thread(target=self._verify, args=(form,))
            self._threads.append(thread)
            thread.start()

    def _verify(self, form: dict[str, str]) -> None:
        mode, topic, callback = form["hub.mode"], form["hub.topic"], form["hub.callback"]
        reply = self.ask(callback, mode=mode, topic=self.topic_asked or topic, lease_seconds=self.lease)
        self.replies.append(reply)
        if reply.status != 200 or reply.body != b"a challenge: 42":
            return
        if mode == "subscribe":
            self.held[callback] = Held(topic, form.get("hub.secret", ""))
        else:
            self.held.pop(callback, None)

    # --- driven by a test ---

    def ask(self, callback: str, **params: str) -> Reply:
        """Send a callback a verification of intent with `mode` and `topic`, or a denial."""
        asked = {"challenge": "a challenge: 42", **params}
        query = urlencode({f"hub.{name}": value for name, value in asked.items()})
        return call("GET", f"{callback}?{query}")

    def push(
        self, body: bytes, *, callback: str = "", method: str = "sha256", signature: str | None = None
    ) -> list[int]:
        """Distribute `body` to one or every confirmed subscription; `signature` replaces the right one."""
        return [
            call("POST", at, body, **self._headers(held, body, method, signature)).status
            for at, held in tuple(self.held.items())
            if callback in {"", at}
        ]

    def _headers(self, held: Held, body: bytes, method: str, signature: str | None) -> dict[str, str]:
        headers = {
            "Content-Type": "application/rss+xml",
            "Link": f'<{self.url}>; rel="hub", <{held.topic}>; rel="self"',
        }
        right = signed(held.secret, body, method) if held.secret else ""
        given = right if signature is None else signature
        return {**headers, "X-Hub-Signature": given} if given else headers


def signed(secret: str, body: bytes, method: str = "sha256") -> str:
    return f"{method}={hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest()}"


def call(method: str, url: str, body: bytes | None = None, **headers: str) -> Reply:
    """Make one request over plain HTTP; status 0 where it fails."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body, headers)
        answer = connection.getresponse()
        return Reply(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read())
    except OSError:
        return Reply(0, {}, b"")
    finally:
        connection.close()
