"""Composition: configuration + store + fetcher + parsers -> the parts that poll and answer."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from wirekin.cli._app import App, clock
from wirekin.config import Config
from wirekin.digest import Rules
from wirekin.fetch import Fetcher, FetchPolicy, user_agent
from wirekin.model import Feed, Fetched, ParseResult
from wirekin.refresh import Grouper, Parser, Poller
from wirekin.store._thread import StoreThread
from wirekin.workers import Parsers


def policy_of(config: Config | None) -> FetchPolicy:
    """How we fetch: our name, with the contact that the configuration gives."""
    return FetchPolicy(user_agent=user_agent((config.settings.contact if config else None) or ""))


@asynccontextmanager
async def poller_of(app: App) -> AsyncIterator[Poller]:
    """Everything that a turn needs, opened and closed together."""
    config = app.config
    store = StoreThread(app.backend)
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
            yield Poller(
                store=store,
                fetch_many=fetcher.fetch_many,
                parse=parser_of(parsers),
                grouper=Grouper(store, config.settings.window),
                rules=Rules(config.topics, config.publishers),
                feeds={feed.id: feed for feed in config.feeds},
                clock=clock,
                jitter=random.random,
            )
    finally:
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


@asynccontextmanager
async def lone_fetcher(config: Config | None) -> AsyncIterator[Fetcher]:
    """A fetcher for one command that stores nothing: it spaces its own requests and asks nobody's leave."""
    free_at: dict[str, datetime] = {}

    async def take_host(host: str) -> datetime | None:
        at = free_at.get(host)
        return at if at and at > clock() else None

    async def give_back_host(host: str) -> None:
        free_at[host] = clock() + timedelta(seconds=1)

    async with Fetcher(policy_of(config), take_host=take_host, give_back_host=give_back_host, clock=clock) as fetcher:
        yield fetcher
