"""One HTTP exchange: httpx's transport interface over connections of our own; it keeps no state but these.

We call the transport and not httpx.AsyncClient: we want nothing of what the client adds (cookies, redirects,
authentication, proxies of the environment), and it costs 130 us of CPU a request (bench/fetch.py, 2026-11).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

from wirekin.fetch._body import Body, Caps, read_body
from wirekin.fetch._failure import TROUBLES, Failure, failure_of
from wirekin.fetch._guard import Target, guarded_socket
from wirekin.fetch._httpx import httpx
from wirekin.fetch._resolver import Resolves
from wirekin.fetch._transport import Transport
from wirekin.model import Reason

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, "
    "text/html;q=0.8, */*;q=0.5"
)
WITH_BODY = frozenset({200, 203})  # 203: a proxy on the way says that it changed something; the news is still there

_LISTS = frozenset({"cache-control", "content-encoding", "link", "transfer-encoding"})  # repeated headers form one list
_FORM = (b"content-type", b"application/x-www-form-urlencoded")
_NOTHING = httpx.ByteStream(b"")

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, its headers (names in lower case, values as latin-1), and the body of a 200 or 203 to a GET."""

    status: int
    headers: dict[str, str]
    body: Body | None


class Client:
    """Two pools of connections: to public addresses, and to those that feeds open by `allow_private`.

    They never share a connection: a feed without that permission cannot reuse one that another feed opened, and every
    address of the public pool was judged when it was dialled.
    """

    def __init__(self, user_agent: str, resolver: Resolves) -> None:
        self._headers: Headers = [
            (b"user-agent", user_agent.encode("ascii")),
            (b"accept", ACCEPT.encode("ascii")),
            (b"accept-encoding", b"gzip"),
        ]
        self._resolver = resolver
        tls = cache(httpx.create_ssl_context)  # certifi's roots, 20 ms, when the first https URL is dialled (2026-11)
        if own := os.environ.get("SSL_CERT_FILE"):
            Path(own).stat()  # fail now, and not at the first https URL, if the user's own roots are missing
        self._public = Transport(resolver, tls, guarded_socket)
        self._opened = Transport(resolver, tls)

    async def aclose(self) -> None:
        """Close the connections."""
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
            raise failure_of(error) from error

    async def _exchange(self, target: Target, headers: Headers, caps: Caps, form: bytes | None) -> Answer:
        transport = self._opened if target.opened else self._public
        response = await transport.handle_async_request(_request(target.url, headers, form))
        stream = cast("httpx.AsyncByteStream", response.stream)  # unwrapped: httpx's wrapper takes 5 us a body
        try:
            fields = _fields(response.headers.raw)
            has_body = response.status_code in WITH_BODY and form is None  # of a post only the status counts
            body = await read_body(stream, fields, caps) if has_body else None
            return Answer(response.status_code, fields, body)
        finally:
            await stream.aclose()


def _request(url: str, headers: Headers, form: bytes | None) -> httpx.Request:
    parsed = _parsed(url)
    if form is not None:
        return httpx.Request("POST", parsed, headers=[*headers, _FORM], content=form)
    # Given a stream, httpx adds no headers, and takes 3 us instead of 20.
    return httpx.Request("GET", parsed, headers=[(b"Host", parsed.netloc), *headers], stream=_NOTHING)


@lru_cache(maxsize=4096)  # the same feeds are polled all day; saves 10 us for 0.4 KB each
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def validators_of(etag: str | None, last_modified: str | None) -> Headers:
    """The conditional headers that send these validators back byte by byte (RFC 9110 13.1); both when both are known.

    One that would not arrive as it came is left out: the transport writes UTF-8, so octets above 0x7f that are not
    UTF-8 change, and control characters are refused. Of 10,000 generated values none arrived altered (2026-11;
    tests/shell/test_fetch_validators.py takes a sample).
    """
    pairs = ((b"if-none-match", etag), (b"if-modified-since", last_modified))
    return [(name, value.encode("latin-1")) for name, value in pairs if value and _returns_unaltered(value)]


def _returns_unaltered(value: str) -> bool:
    # "*" is no validator: sent back it matches whatever is there (RFC 9110 13.1.2), and 304 would be all we get.
    return value.isascii() and value.isprintable() and value == value.strip() and value != "*"


def _fields(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The headers by name: of a repeated one the first, but lists are joined."""
    fields: dict[str, str] = {}
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in fields:
            fields[name] = value
        elif name in _LISTS:
            fields[name] += ", " + value
    return fields
