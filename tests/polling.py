"""A real poller for tests: the Fetcher, parser processes and SQLite of `wirekin refresh`, with the clock of the test."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import make
from fakes import Clock
from fetching import PLAIN
from wirekin import urls
from wirekin._heap import look_seldom, one_heap
from wirekin.articles import WITHIN, Articles, Read
from wirekin.cli._compose import article_reader_of, fetcher_of, parser_of
from wirekin.digest import Rules
from wirekin.fetch import FetchPolicy
from wirekin.grouping import Grouper
from wirekin.model import Feed, FeedId
from wirekin.publishers import Directory
from wirekin.refresh import Poller
from wirekin.store import open_store
from wirekin.store.threads import StoreThread
from wirekin.topics import compile_rules
from wirekin.workers import Parsers

WORKERS = 2
WINDOW = timedelta(hours=1)  # of grouping, which these tests do not need: with four days it costs ten times as much


def feed_at(url: str, netlocs: Iterable[str], **more: object) -> Feed:
    """A feed that may dial these host:port pairs and keeps every headline."""
    return make.feed(url, name=url, host=urls.host_key(url), allow_private=frozenset(netlocs), **more)


@asynccontextmanager
async def polling(
    database: Path,
    feeds: Iterable[Feed],
    clock: Clock,
    policy: FetchPolicy = PLAIN,
    *,
    articles_within: timedelta = WITHIN,
    read: Read | None = None,
) -> AsyncIterator[Poller]:
    """A Poller of these feeds. Each needs its own host: while the clock stands still, a used host is not free again."""
    one_heap()
    look_seldom()
    by_id = {feed.id: feed for feed in feeds}
    store = StoreThread(open_store(str(database)))
    await store.call(lambda opened: opened.sync_feeds(tuple(by_id.values()), clock()))
    try:
        async with fetcher_of(policy, store, clock) as fetcher, Parsers(WORKERS) as parsers:
            rules = Rules(compile_rules([]), Directory())
            articles = Articles(store, fetcher.fetch, read or article_reader_of(parsers), clock, within=articles_within)
            yield Poller(
                store=store,
                fetch_many=fetcher.fetch_many,
                parse=parser_of(parsers),
                grouper=Grouper(store, WINDOW),
                rules=rules,
                feeds=by_id,
                clock=clock,
                jitter=lambda: 0.0,
                details=articles.ask,
            )
    finally:
        await store.close()


def titles_of(database: Path, feed: FeedId) -> Counter[str]:
    """The stored titles of this feed, with their counts."""
    return _titles(database, feed)[feed]


def titles_by_feed(database: Path) -> dict[FeedId, Counter[str]]:
    """The stored titles of each feed, with their counts."""
    return _titles(database)


def _titles(database: Path, only: FeedId | None = None) -> dict[FeedId, Counter[str]]:
    found: dict[FeedId, Counter[str]] = defaultdict(Counter)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as conn:
        query = (
            "select feeds.id, headlines.title from headlines join feeds on feeds.n = headlines.feed_n "
            "where :only is null or feeds.id = :only"
        )
        for feed, title in conn.execute(query, {"only": only}):
            found[FeedId(feed)][title] += 1
    return found
