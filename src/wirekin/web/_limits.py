"""Rate limit per client: off unless feeds.yml has `rate_limit`."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from time import monotonic
from typing import Final

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from wirekin import _metrics
from wirekin.urls._hosts import bare_host
from wirekin.web._endpoints import Present, ask_of, refuse
from wirekin.web._headers import respond

MAX_CLIENTS: Final = 10_000  # buckets kept, some 2 MB; the least recently used is dropped first
_FREE: Final = ("/healthz", "/readyz", "/websub/")  # not limited: supervisors must get through, hubs have own limits
_IPV6_BITS: Final = 64  # a client is a /64: a household has one, and may use any address in it

_Network = IPv4Network | IPv6Network


class Buckets:
    """Token buckets by client: each starts with `limit` tokens, and gains one every 60/limit seconds."""

    def __init__(self, most: int = MAX_CLIENTS) -> None:
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._most = most

    def take(self, client: str, limit: int, now: float) -> float:
        """Take a token: 0.0 if there is one, else the seconds until there will be."""
        tokens, at = self._held.pop(client, (float(limit), now))
        tokens = min(float(limit), tokens + (now - at) * limit / 60)
        allowed = tokens >= 1
        self._held[client] = (tokens - 1 if allowed else tokens, now)
        while len(self._held) > self._most:
            self._held.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) * 60 / limit


class Limited:
    """ASGI middleware: answers 429 with Retry-After if a client exceeds its rate."""

    def __init__(self, app: ASGIApp, present: Present, now: Callable[[], float] = monotonic) -> None:
        self._app, self._present, self._now = app, present, now
        self._buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        context = self._present.context()
        if scope["type"] != "http" or not context.rate_limit or scope["path"].startswith(_FREE):
            return await self._app(scope, receive, send)
        request = Request(scope)
        client = client_of(request, context.trusted_proxies)
        wait = self._buckets.take(client, context.rate_limit, self._now())
        if not wait:
            return await self._app(scope, receive, send)
        _metrics.request_answered("other", request.method, 429, 0.0)
        ask = ask_of(request, context, self._present.clock())
        said = "That was too often: come back later, and keep what you have for a minute."
        answer = refuse(request, ask, 429, said, {"retry-after": str(math.ceil(wait))})
        return await respond(request, answer)(scope, receive, send)


def client_of(request: Request, trusted: tuple[str, ...]) -> str:
    """Return the client's address: the peer, or, behind trusted proxies, the last X-Forwarded-For that is no proxy."""
    peer = request.client.host if request.client else ""
    named = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    networks = _networks(trusted)
    for text in (peer, *(one.strip() for one in reversed(named))):
        address = _address(text)
        if address is None:
            break
        peer = text
        if not any(address in network for network in networks):
            break
    found = _address(peer)
    return str(ip_network((found, _IPV6_BITS), strict=False)) if isinstance(found, IPv6Address) else str(found or peer)


@lru_cache(maxsize=8)
def _networks(trusted: tuple[str, ...]) -> tuple[_Network, ...]:
    return tuple(ip_network(text, strict=False) for text in trusted)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address; some proxies add the port: 192.0.2.9:4711, [2001:db8::9]:4711."""
    try:
        return ip_address(bare_host(text))
    except ValueError:
        return None
