"""Fakes of the ports: a fetcher that answers from a dictionary, and a world to poll in without a network."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path

import make
from wirekin.digest import Rules
from wirekin.grouping import Grouper
from wirekin.model import (
    Feed,
    Fetched,
    FetchFailed,
    FetchMany,
    FetchRequest,
    FetchResult,
    NotModified,
    ParseResult,
    Reason,
)
from wirekin.parse import parse_document
from wirekin.publishers import Directory
from wirekin.refresh import Poller
from wirekin.store import Backend, open_store
from wirekin.store.threads import StoreThread
from wirekin.topics import compile_rules


class Web:
    """A fake fetcher: documents by URL, each with an ETag of its bytes, and 304 when that comes back."""

    def __init__(self, documents: dict[str, bytes] | None = None) -> None:
        self.documents = documents or {}
        self.requests: list[FetchRequest] = []

    async def fetch_many(self, requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        for request in requests:
            self.requests.append(request)
            yield self._answer(request)

    def _answer(self, request: FetchRequest) -> FetchResult:
        body = self.documents.get(request.url)
        if body is None:
            return FetchFailed(request.feed_id, Reason.NOT_FOUND, "404", 404)
        etag = f'"{blake2b(body, digest_size=6).hexdigest()}"'
        if request.etag == etag:
            return NotModified(request.feed_id)
        return Fetched(request.feed_id, request.url, body, etag, etag=etag)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = make.NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


async def parse_here(fetched: Fetched, feed: Feed, now: datetime) -> ParseResult:
    """Parse in this process, as a worker would in its own."""
    return parse_document(fetched.body, url=fetched.url, kind=feed.kind, select=feed.select, now=now)


class World:
    """A poller with a real SQLite file, a fake web and a fake clock."""

    def __init__(
        self,
        folder: Path,
        feeds: Iterable[Feed],
        web: Web,
        rules: Rules | None = None,
        fetch_many: FetchMany | None = None,
    ) -> None:
        self.backend: Backend = open_store(str(folder / "wirekin.db"))
        self.clock = Clock()
        self.web = web
        self.feeds = tuple(feeds)
        self.rules = rules or Rules(compile_rules([]), Directory())
        self._fetch_many = fetch_many or web.fetch_many

    async def __aenter__(self) -> Poller:
        self.store = StoreThread(self.backend)
        await self.store.call(lambda store: store.sync_feeds(self.feeds, self.clock()))
        return Poller(
            store=self.store,
            fetch_many=self._fetch_many,
            parse=parse_here,
            grouper=Grouper(self.store, timedelta(days=4)),
            rules=self.rules,
            feeds={feed.id: feed for feed in self.feeds},
            clock=self.clock,
            jitter=lambda: 0.0,
        )

    async def __aexit__(self, *error: object) -> None:
        await self.store.close()
