"""A real Fetcher for the shell tests: free host slots that log their use, a fixed clock, no spacing of requests."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import make
from wirekin.fetch import Fetcher, FetchPolicy, user_agent
from wirekin.fetch._resolver import Resolves, SockInfo
from wirekin.model import FeedKind, FetchRequest, feed_id

PLAIN = FetchPolicy(user_agent("https://example.com/bot"), spacing=timedelta())


@dataclass
class Slots:
    """Host slots that are free, except for one refusal per host in `busy`; `log` lists each take and give back."""

    busy: dict[str, datetime] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    async def take(self, host: str) -> datetime | None:
        self.log.append(f"take {host}")
        return self.busy.pop(host, None)

    async def give_back(self, host: str) -> None:
        self.log.append(f"give back {host}")


@dataclass
class Names:
    """A resolver that answers from a table: one address per query, in order; the last one is repeated."""

    table: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(self, host: str, port: int) -> list[SockInfo]:
        self.asked.append(host)
        addresses = self.table.get(host)
        if not addresses:
            raise OSError(None, f"no such name: {host}")
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))]

    async def close(self) -> None:
        pass


@asynccontextmanager
async def fetcher(
    policy: FetchPolicy = PLAIN, slots: Slots | None = None, resolver: Resolves | None = None, **more: Any
) -> AsyncIterator[Fetcher]:
    """A Fetcher with `policy`, whose fields `more` replaces."""
    slots = slots or Slots()
    async with Fetcher(
        replace(policy, **more),
        take_host=slots.take,
        give_back_host=slots.give_back,
        clock=lambda: make.NOW,
        resolver=resolver,
    ) as it:
        yield it


def asking(url: str, *opened: str, kind: FeedKind = FeedKind.FEED, **more: Any) -> FetchRequest:
    """A request for `url` that may dial the URL's own host:port and those in `opened`."""
    own = url.partition("://")[2].partition("/")[0]
    return FetchRequest(feed_id(url), url, kind, allow_private=frozenset({own, *opened}), **more)
