"""Build pollers, subscribers and fetchers from the configuration, the store and the parser processes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from wirekin import urls
from wirekin._heap import look_seldom, one_heap
from wirekin.articles import Articles, Fetch, Read
from wirekin.cli._app import App, clock
from wirekin.config import Config
from wirekin.fetch import Caps, Fetcher, FetchPolicy, user_agent
from wirekin.grouping import Grouper
from wirekin.images import WIRE_BYTES, WITHIN, Images
from wirekin.model import (
    Clock,
    Feed,
    FeedId,
    Fetched,
    FetchFailed,
    FetchRequest,
    FetchResult,
    HttpHints,
    ParseResult,
    Reason,
)
from wirekin.refresh import Parser, Poller
from wirekin.schedule import HOST_HOLDS, LEASE, hold_of
from wirekin.store.threads import StoreThread, SubscriptionsThread
from wirekin.websub import Subscriber
from wirekin.workers import Parsers

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def policy_of(config: Config | None) -> FetchPolicy:
    """The fetch policy: our User-Agent, with the contact that the configuration gives."""
    return FetchPolicy(user_agent=user_agent((config.settings.contact if config else None) or ""))


def fetcher_of(policy: FetchPolicy, store: StoreThread, clock: Clock = clock) -> Fetcher:
    """A fetcher that shares its host slots with every other process on this store."""

    async def take_host(host: str) -> datetime | None:
        return await store.call(lambda opened: opened.take_host(host, clock()))

    async def give_back_host(host: str) -> None:
        await store.call(lambda opened: opened.give_back_host(host, clock()))

    async def leave_host(host: str, feed: FeedId) -> bool:
        return await store.call(lambda opened: opened.leave_host(host, feed, clock()))

    return Fetcher(policy, take_host=take_host, give_back_host=give_back_host, leave_host=leave_host, clock=clock)


@asynccontextmanager
async def poller_of(app: App) -> AsyncIterator[Poller]:
    """Open all that one turn needs, and close it together."""
    async with parts_of(app, lone=True) as (poller, _):
        yield poller


@asynccontextmanager
async def parts_of(app: App, *, lone: bool = False) -> AsyncIterator[tuple[Poller, Subscriber]]:
    """Open all that a daemon needs, and close it together.

    With `lone` (one turn by hand), parser processes, topic caches and the store's connection are given back before
    grouping, to lower the memory peak.
    """
    one_heap()
    config = app.config
    store, subscriptions = StoreThread(app.backend), SubscriptionsThread(app.backend)
    try:
        await store.call(lambda opened: opened.sync_feeds(config.feeds, clock()))

        async with (
            fetcher_of(policy_of(config), store) as fetcher,
            Parsers(config.settings.workers) as parsers,
        ):

            async def rest() -> None:
                await parsers.rest()
                config.topics.forget()
                await store.rest()  # saves 3 MB of 93 at the peak (1,000 feeds of bench/peers.py, 2026-11-29)

            rules = app.rules
            feeds = {feed.id: feed for feed in config.feeds}
            poller = Poller(
                store=store,
                fetch_many=fetcher.fetch_many,
                parse=parser_of(parsers),
                grouper=Grouper(store, config.settings.window, semantic=config.settings.semantic, lone=lone),
                rules=rules,
                feeds=feeds,
                clock=clock,
                jitter=random.random,
                details=Articles(store, fetcher.fetch, article_reader_of(parsers), clock).ask,
                rest=rest if lone else None,
            )
            subscriber = Subscriber(
                subscriptions=subscriptions,
                store=store,
                post=fetcher.post,
                parse=poller.parse,
                rules=rules,
                feeds=feeds,
                base=config.settings.hub_base,
                clock=clock,
            )
            look_seldom()  # all modules are loaded: back from the threshold of start-up
            yield poller, subscriber
    finally:
        await subscriptions.close()
        await store.close()


@asynccontextmanager
async def images_of(app: App) -> AsyncIterator[Images]:
    """Open the picture proxy, with a fetcher, a worker and a folder separate from those of polling."""
    store, folder = StoreThread(app.backend), (app.database_file or app.path).parent / "images"
    policy = replace(policy_of(app.config), deadline=WITHIN, caps=Caps(WIRE_BYTES, WIRE_BYTES))

    try:
        async with (
            fetcher_of(policy, store) as fetcher,
            Parsers(imports="PIL.Image") as workers,
            Images(folder, fetcher.fetch, workers.thumbnails, store, clock) as images,
        ):
            yield images
    finally:
        await store.close()


def parser_of(parsers: Parsers) -> Parser:
    """`Parsers.parse` with the arguments of a poll."""

    async def parse(fetched: Fetched, feed: Feed, now: datetime) -> ParseResult:
        async with parsers.opened(fetched) as body:
            return await parsers.parse(
                body,
                url=fetched.url,
                content_type=fetched.content_type,
                kind=feed.kind,
                select=feed.select,
                lang=feed.lang,
                now=now,
            )

    return parse


def article_reader_of(parsers: Parsers) -> Read:
    """`Parsers.article` with the arguments of a fetch."""

    async def read(fetched: Fetched) -> ParseResult:
        async with parsers.opened(fetched) as body:
            return await parsers.article(body, url=fetched.url, content_type=fetched.content_type)

    return read


def _resting(host: str, until: datetime) -> FetchFailed:
    """The failure to report for a host that must not be asked now."""
    detail = f"{host} is not to be asked before {until:%FT%TZ}"
    return FetchFailed(FeedId(""), Reason.RATE_LIMITED, detail, hints=HttpHints(retry_after=until - clock()))


@asynccontextmanager
async def lone_fetch(config: Config | None, holds: Mapping[str, datetime] | None = None) -> AsyncIterator[Fetch]:
    """Fetch for one command that stores nothing: it spaces its own requests to a host (requirement A11).

    A host that asks for rest (Retry-After, 429, 503) is not asked again (A7); later requests to it get the same answer.
    `holds` maps hosts that asked for rest earlier to the end of that rest.
    """
    free_at: dict[str, datetime] = {}
    rests = dict(holds or {})  # until when
    said: dict[str, FetchFailed] = {}

    async def take_host(host: str) -> datetime | None:
        at = max(free_at.get(host, _LONG_AGO), rests.get(host, _LONG_AGO))
        if at > clock():
            return at
        free_at[host] = clock() + LEASE
        return None

    async def give_back_host(host: str) -> None:
        free_at[host] = clock() + timedelta(seconds=1)

    async with Fetcher(policy_of(config), take_host=take_host, give_back_host=give_back_host, clock=clock) as fetcher:

        async def fetch(request: FetchRequest) -> FetchResult:
            host = urls.host_key(request.url)
            if (until := rests.get(host, _LONG_AGO)) > clock():
                return replace(said.get(host) or _resting(host, until), feed_id=request.feed_id)
            while (at := await take_host(host)) is not None:  # noqa: ASYNC110 - a slot is a lease, and no event frees it
                await asyncio.sleep((at - clock()).total_seconds())
            try:
                answer = await fetcher.fetch(request)
            finally:
                await give_back_host(host)
            if isinstance(answer, FetchFailed) and answer.reason in HOST_HOLDS:
                at_rest = answer.said_by or host
                said[at_rest], rests[at_rest] = answer, clock() + hold_of(answer.reason, answer.hints)
            return answer

        yield fetch
