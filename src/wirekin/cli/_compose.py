"""Composition: configuration + store + fetcher + parsers -> the parts that poll and answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from wirekin import urls
from wirekin.articles import Articles, Read
from wirekin.cli._app import App, clock
from wirekin.config import Config
from wirekin.digest import Rules
from wirekin.fetch import Fetcher, FetchPolicy, user_agent
from wirekin.grouping import Grouper
from wirekin.model import Feed, Fetched, FetchRequest, FetchResult, ParseResult
from wirekin.refresh import Parser, Poller
from wirekin.schedule import LEASE
from wirekin.store._thread import StoreThread, SubscriptionsThread
from wirekin.websub import Subscriber
from wirekin.workers import Parsers

Fetch = Callable[[FetchRequest], Awaitable[FetchResult]]


def policy_of(config: Config | None) -> FetchPolicy:
    """How we fetch: our name, with the contact that the configuration gives."""
    return FetchPolicy(user_agent=user_agent((config.settings.contact if config else None) or ""))


@asynccontextmanager
async def poller_of(app: App) -> AsyncIterator[Poller]:
    """Everything that a turn needs, opened and closed together."""
    async with parts_of(app) as (poller, _):
        yield poller


@asynccontextmanager
async def parts_of(app: App) -> AsyncIterator[tuple[Poller, Subscriber]]:
    """Everything that a daemon needs, opened and closed together."""
    config = app.config
    store, subscriptions = StoreThread(app.backend), SubscriptionsThread(app.backend)
    try:
        await store.call(lambda opened: opened.sync_feeds(config.feeds, clock()))

        async def take_host(host: str) -> datetime | None:
            return await store.call(lambda opened: opened.take_host(host, clock()))

        async def give_back_host(host: str) -> None:
            await store.call(lambda opened: opened.give_back_host(host, clock()))

        async with (
            Fetcher(policy_of(config), take_host=take_host, give_back_host=give_back_host, clock=clock) as fetcher,
            Parsers(config.settings.workers) as parsers,
        ):
            rules = Rules(config.topics, config.publishers, config.settings.semantic)
            feeds = {feed.id: feed for feed in config.feeds}
            poller = Poller(
                store=store,
                fetch_many=fetcher.fetch_many,
                parse=parser_of(parsers),
                grouper=Grouper(store, config.settings.window, semantic=config.settings.semantic),
                rules=rules,
                feeds=feeds,
                clock=clock,
                jitter=random.random,
                details=Articles(store, fetcher.fetch, article_reader_of(parsers), rules, clock).ask,
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
            yield poller, subscriber
    finally:
        await subscriptions.close()
        await store.close()


def parser_of(parsers: Parsers) -> Parser:
    """`Parsers.parse` with the arguments of a poll."""

    async def parse(fetched: Fetched, feed: Feed, now: datetime) -> ParseResult:
        return await parsers.parse(
            fetched.body,
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
        return await parsers.article(fetched.body, url=fetched.url, content_type=fetched.content_type)

    return read


@asynccontextmanager
async def lone_fetch(config: Config | None) -> AsyncIterator[Fetch]:
    """Fetch for one command that stores nothing: it spaces its requests to a host by itself (requirement A11)."""
    free_at: dict[str, datetime] = {}

    async def take_host(host: str) -> datetime | None:
        at = free_at.get(host)
        if at and at > clock():
            return at
        free_at[host] = clock() + LEASE
        return None

    async def give_back_host(host: str) -> None:
        free_at[host] = clock() + timedelta(seconds=1)

    async with Fetcher(policy_of(config), take_host=take_host, give_back_host=give_back_host, clock=clock) as fetcher:

        async def fetch(request: FetchRequest) -> FetchResult:
            host = urls.host_key(request.url)
            while (at := await take_host(host)) is not None:  # noqa: ASYNC110 - a slot is a lease, and no event frees it
                await asyncio.sleep((at - clock()).total_seconds())
            try:
                return await fetcher.fetch(request)
            finally:
                await give_back_host(host)

        yield fetch
