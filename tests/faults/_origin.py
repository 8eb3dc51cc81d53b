"""The origin: growing feeds on loopback hosts of their own, each healthy or with a fault of the catalogue."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from faults._answers import healthy
from faults._documents import Dialect, Document, document, item_of
from faults._fault import Ask, Fault
from faults._wire import Step, Wire

FIRST_HOST = "127.20.0.1"
ITEMS = 8  # of a new feed
_ETAG = re.compile(rb"\nETag: ([^\r\n]*)\r?\n")
_IF_NONE_MATCH = re.compile(rb"\r\nif-none-match: *([^\r\n]*)\r\n", re.IGNORECASE)


@dataclass(slots=True)
class ServedFeed:
    """A feed of the origin: its document, its fault, its requests and its last answer."""

    number: int
    url: str
    twin: str  # URL of the same feed at another host
    document: Document
    fault: Fault | None = None
    asked: int = 0  # number of requests, also for redirect targets
    said_etag: str | None = None  # of its last answer
    heads: list[bytes] = field(default_factory=list)  # the requests as received

    @property
    def netlocs(self) -> frozenset[str]:
        """ "host:port" of both hosts, for `allow_private`."""
        return frozenset(url.split("/")[2] for url in (self.url, self.twin))

    def add_items(self, count: int, at: datetime) -> None:
        """Add `count` new items on top."""
        first = len(self.document.items)
        fresh = tuple(item_of(self.number, place, at) for place in range(first + count - 1, first - 1, -1))
        self.document = replace(self.document, items=fresh + self.document.items)


class FeedOrigin(Wire):
    """An origin with growing feeds, which runs in the event loop that enters it.

    async with FeedOrigin() as origin:
        feed = await origin.add()                      # healthy
        await origin.inject(feed, CATALOGUE["silent"])
        await origin.inject(feed, None)                # healed
    """

    def __init__(self, first_host: str = FIRST_HOST, port: int = 0, *, keep_heads: bool = True) -> None:
        super().__init__(port=port)
        self.feeds: list[ServedFeed] = []
        self._first = ipaddress.IPv4Address(first_host)
        self._by_host: dict[str, ServedFeed] = {}
        self._keep_heads = keep_heads

    async def add(self, start: datetime, items: int = ITEMS, dialect: Dialect = "rss") -> ServedFeed:
        """Add a feed on two hosts of its own."""
        number = len(self.feeds)
        hosts = [str(self._first + 2 * number + side) for side in (0, 1)]
        for host in hosts:
            await self.listen(host)
        urls = [f"http://{host}:{self.port}/feed-{number}" for host in hosts]
        feed = ServedFeed(number, urls[0], urls[1], document(number, items, start, dialect))
        self.feeds.append(feed)
        self._by_host |= dict.fromkeys(hosts, feed)
        return feed

    async def inject(self, feed: ServedFeed, fault: Fault | None) -> None:
        """Give the feed this fault from now on; None heals it."""
        feed.fault = fault
        host = feed.url.split("/")[2].partition(":")[0]
        await (self.refuse(host) if fault and fault.refuses else self.listen(host))

    def _unasked(self, host: str) -> Iterable[Step] | None:
        feed = self._by_host[host]
        if feed.fault is None or not feed.fault.unasked:
            return None
        feed.asked += 1
        return feed.fault.steps(Ask(feed.document, feed.url, feed.twin))

    def _answer(self, host: str, head: bytes) -> Iterable[Step]:
        feed = self._by_host[host]
        feed.asked += 1
        if self._keep_heads:
            feed.heads.append(head)
        feed.said_etag = None
        ask = _ask(feed, host, head)
        for step in feed.fault.steps(ask) if feed.fault else healthy(ask):
            if isinstance(step, bytes) and (found := _ETAG.search(step)):
                feed.said_etag = found[1].decode("latin-1")
            yield step


def _ask(feed: ServedFeed, host: str, head: bytes) -> Ask:
    asked = head.split(b" ", 2)[1].decode("latin-1")
    found = _IF_NONE_MATCH.search(head)
    return Ask(
        feed.document,
        feed.url,
        feed.twin,
        path=asked.removeprefix(f"/feed-{feed.number}"),
        at_twin=f"/{host}:" in feed.twin,
        etag=found[1].decode("latin-1") if found else None,
        number=feed.asked,
    )
