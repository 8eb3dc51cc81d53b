"""One HTTP exchange: httpx's transport interface over aiohttp's connections, every dial judged, nothing remembered.

We call the transport itself and not httpx.AsyncClient: what the client adds (cookies, redirects, authentication,
proxies of the environment) is what we refuse, and it costs 130 us of CPU a request (bench/fetch.py, 2026-11).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Self

import aiohttp
import httpx
from aiohttp.abc import AbstractResolver
from aiohttp.connector import Connection
from httpx_aiohttp import AiohttpTransport

from wirekin.fetch._body import Body, Caps, read_body
from wirekin.fetch._failure import TROUBLES, Failure, failure_of
from wirekin.fetch._guard import REFUSAL, Target, guarded_socket
from wirekin.model import Reason

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "text/html;q=0.8, */*;q=0.5"
)
WITH_BODY = frozenset({200, 203})  # 203: a proxy on the way says that it changed something; the news is still there
MAX_HEADER_BYTES = 64 * 1024  # of one header; aiohttp's 8,190 is too few for some publishers' security policies
IDLE_SECONDS = 5.0  # robots.txt, a redirect and the page may share a connection; the next poll is half an hour away

_LISTS = frozenset({"cache-control", "content-encoding", "link", "transfer-encoding"})  # repeated ones mean one list
_FORM = (b"content-type", b"application/x-www-form-urlencoded")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, its headers (names in lower case, values as latin-1), and the body of a 200 or 203 to a GET."""

    status: int
    headers: dict[str, str]
    body: Body | None


class Client:
    """Connections for public addresses, and apart from them those that feeds open by `allow_private`.

    The two never share a connection: a feed without that leave cannot ride on one that another feed opened, and what
    is in the public pool was judged when it was dialled.
    """

    def __init__(self, user_agent: str, resolver: AbstractResolver) -> None:
        self._headers: Headers = [
            (b"user-agent", user_agent.encode("ascii")),
            (b"accept", ACCEPT.encode("ascii")),
            (b"accept-encoding", b"gzip"),
        ]
        self._resolver = resolver
        ssl_context = httpx.create_ssl_context()  # certifi's roots, or SSL_CERT_FILE for those with roots of their own
        self._public = AiohttpTransport(ssl_context, client=lambda: self._session(guarded=True))
        self._opened = AiohttpTransport(ssl_context, client=lambda: self._session(guarded=False))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._public.aclose()
        await self._opened.aclose()
        await self._resolver.close()

    async def ask(
        self,
        target: Target,
        caps: Caps,
        seconds: float,
        validators: Iterable[tuple[bytes, bytes]] = (),
        form: bytes | None = None,
    ) -> Answer:
        """One GET, or the POST of a form, ended after `seconds` whatever the other side does (requirement fact 2).

        Raises: Failure; nothing else that the network can cause.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(target, [*self._headers, *validators], caps, form)
        except TimeoutError as error:
            raise Failure(Reason.TIMEOUT, f"not done after {seconds:.3g} s") from error
        except TROUBLES as error:
            raise failure_of(error, REFUSAL) from error

    async def _exchange(self, target: Target, headers: Headers, caps: Caps, form: bytes | None) -> Answer:
        transport = self._opened if target.opened else self._public
        response = await transport.handle_async_request(_request(target.url, headers, form))
        try:
            fields = _fields(response.headers.raw)
            has_body = response.status_code in WITH_BODY and form is None  # what is posted is answered by the status
            body = await read_body(response.aiter_raw(), fields, caps) if has_body else None
            return Answer(response.status_code, fields, body)
        finally:
            await response.aclose()

    def _session(self, *, guarded: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=self._public.ssl_context,
            limit=0,  # the fetcher counts
            keepalive_timeout=IDLE_SECONDS,
            resolver=self._resolver,
            socket_factory=guarded_socket if guarded else None,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            response_class=_Wordless,
            max_field_size=MAX_HEADER_BYTES,
            max_line_size=MAX_HEADER_BYTES,
        )


class _Wordless(aiohttp.ClientResponse):
    """An answer without its reason phrase, which RFC 9112 4 lets nobody rely on.

    httpx_aiohttp 0.2.0 encodes it as UTF-8 and raises where a server writes it in Latin-1.
    """

    async def start(self, connection: Connection) -> Self:
        """Read the head of the answer."""
        await super().start(connection)
        self.reason = None
        return self


def _request(url: str, headers: Headers, form: bytes | None) -> httpx.Request:
    if form is None:
        return _get(url, tuple(headers))
    return httpx.Request("POST", url, headers=[*headers, _FORM], content=form)


@lru_cache(maxsize=16_384)  # httpx takes 70 us for each, and the same feeds are asked the same all day
def _get(url: str, headers: tuple[tuple[bytes, bytes], ...]) -> httpx.Request:
    """A request without a body, which the transport reads and leaves as it is."""
    return httpx.Request("GET", url, headers=headers)


def validators_of(etag: str | None, last_modified: str | None) -> Headers:
    """The conditional headers that send these validators back byte by byte (RFC 9110 13.1); both when both are known.

    One that would not arrive as it came is left out: the transport writes UTF-8, so octets above 0x7f that are not
    UTF-8 change, and control characters are refused. Of 10,000 generated values none arrived altered (2026-11;
    tests/shell/test_fetch_validators.py takes a sample).
    """
    pairs = ((b"if-none-match", etag), (b"if-modified-since", last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if value and _returns_unaltered(value)]


def _returns_unaltered(value: str) -> bool:
    return value.isascii() and value.isprintable() and value == value.strip()


def _fields(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by name: the first where one is repeated, but lists joined."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in fields:
            fields[name] = value
        elif name in _LISTS:
            fields[name] += ", " + value
    return fields
