"""A real Fetcher for tests of the shell: free host slots that are written down, a fixed clock, no spacing."""

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
    """Host slots that are free unless `busy` says until when; each taking and giving back is written down."""

    busy: dict[str, datetime] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)

    async def take(self, host: str) -> datetime | None:
        self.log.append(f"take {host}")
        return self.busy.pop(host, None)

    async def give_back(self, host: str) -> None:
        self.log.append(f"give back {host}")


@dataclass
class Names:
    """A resolver that answers from a table: each name has addresses that take turns, the last one stays."""

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
    """A Fetcher with `policy` (its fields may be given by name)."""
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
    """A request for `url` whose own host and port may be dialled, and those of `opened`."""
    own = url.partition("://")[2].partition("/")[0]
    return FetchRequest(feed_id(url), url, kind, allow_private=frozenset({own, *opened}), **more)
