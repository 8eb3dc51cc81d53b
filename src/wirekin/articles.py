"""Article pages, fetched for what lists leave out: a picture, the time, the rest of a title that was cut.

    after the polls of a turn, for each feed with `article_details: N`:
        incomplete        the N newest headlines of its current document that lack something and were never asked for
        slot              of the host, as polls take it (A11); hosts in parallel, the articles of one in sequence
        claim_article     before the request leaves, so that no article is asked for twice, whatever happens
        fetch             guarded, behind robots.txt, within the caps
        read, complete    in a worker; only what is missing is filled

All of it ends after WITHIN. A failure is logged and not retried; what was not begun is left to the next turn.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from wirekin import _metrics, text, urls
from wirekin._log import fields, logger
from wirekin.model import (
    Clock,
    Entry,
    Feed,
    FeedKind,
    Fetched,
    FetchFailed,
    FetchRequest,
    FetchResult,
    Headline,
    Parsed,
    ParseResult,
    Reason,
)
from wirekin.store.threads import StoreThread

# For all article pages of a turn: as long as one fetch may take (C3), so they lengthen no turn by more than that.
WITHIN = timedelta(seconds=30)

Fetch = Callable[[FetchRequest], Awaitable[FetchResult]]
Read = Callable[[Fetched], Awaitable[ParseResult]]

log = logger(__name__)


class _Wanted(NamedTuple):
    """A headline that lacks something, of a feed that may ask for it."""

    feed: Feed
    listed: Headline
    names: Collection[str]  # outlets that its page's title may end with


def completed(listed: Headline, page: Entry, names: Collection[str], now: datetime) -> Headline:
    """The headline, completed from its page; `names` are outlets that the page's title may end with."""
    whole, _ = text.split_outlet(page.title, names)
    if text.is_cut_from(listed.title, whole):
        listed = replace(listed, title=whole)
    if page.published_at and not listed.published_at:
        listed = replace(listed, published_at=min(page.published_at, now), precision=page.precision)  # C10
    return replace(listed, image=listed.image or page.image)


class Articles:
    """Fetches article pages; `fetch` is `Fetcher.fetch`, `read` is `Parsers.article` of what it brought."""

    def __init__(
        self, store: StoreThread, fetch: Fetch, read: Read, clock: Clock, *, within: timedelta = WITHIN
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._read = read
        self._clock = clock
        self._within = within

    async def ask(self, feeds: Collection[Feed], outlets: Collection[str], stopping: asyncio.Event) -> None:
        """Fetch what headlines of these feeds lack, at most `article_details` pages a feed. Raises nothing.

        `outlets` are the names of all known publishers: a page's title may end with one.
        """
        until = asyncio.get_running_loop().time() + self._within.total_seconds()
        try:
            by_host = await self._wanted(feeds, outlets)
            async with asyncio.TaskGroup() as hosts:
                for host, wanted in by_host.items():
                    hosts.create_task(self._ask_host(host, wanted, until, stopping))
        except Exception:  # neither the turn nor what was polled may suffer from it
            log.exception("article pages could not be asked")

    async def _wanted(self, feeds: Collection[Feed], outlets: Collection[str]) -> dict[str, list[_Wanted]]:
        """The articles to be asked for, by host."""
        by_host: defaultdict[str, list[_Wanted]] = defaultdict(list)
        for feed in feeds:
            names = (feed.name, *([feed.publisher.name] if feed.publisher else []), *outlets)
            for headline in await self._incomplete(feed):
                by_host[urls.host_key(headline.url)].append(_Wanted(feed, headline, names))
        return by_host

    async def _incomplete(self, feed: Feed) -> tuple[Headline, ...]:
        return await self._store.call(lambda store: store.incomplete(feed.id, feed.article_details))

    async def _ask_host(self, host: str, wanted: list[_Wanted], until: float, stopping: asyncio.Event) -> None:
        begun_by = until - self._within.total_seconds() / 3  # a fetch that begins later would hardly end in time
        for one in wanted:
            left = begun_by - asyncio.get_running_loop().time()
            async with self._store.slot(host, self._clock, within=left, stopping=stopping) as ours:
                if not ours:
                    return
                try:
                    await self._complete(one, until)
                except Exception:  # one bad page must not stop the fetches of the others
                    log.exception("article page failed", extra=fields(feed=one.feed.name, url=one.listed.url))

    async def _complete(self, wanted: _Wanted, until: float) -> None:
        feed, listed, names = wanted
        if not await self._store.call(lambda store: store.claim_article(listed.id, self._clock())):
            return
        page = await self._page(feed, listed, until)
        if not isinstance(page, Parsed):
            _metrics.article_asked(page.reason)
            log.info("article page failed", extra=fields(feed=feed.name, url=listed.url, reason=page.reason))
            return
        now = self._clock()
        found = completed(listed, page.entries[0], names, now)
        changed = found != listed and await self._store.call(lambda store: store.complete(listed, found, now))
        _metrics.article_asked("completed" if changed else "nothing")
        log.debug("article page read", extra=fields(feed=feed.name, url=listed.url, changed=changed))

    async def _page(self, feed: Feed, listed: Headline, until: float) -> ParseResult | FetchFailed:
        """The page as read, or why there is none; a host that asks us to wait is put on hold."""
        # `named_url` is the feed's: only a feed that itself was opened to private addresses may lead to one (B3).
        request = FetchRequest(feed.id, listed.url, FeedKind.PAGE, allow_private=feed.allow_private, named_url=feed.url)
        try:
            async with asyncio.timeout_at(until):
                answer = await self._fetch(request)
                if isinstance(answer, Fetched):
                    return await self._read(answer)
        except TimeoutError:
            return FetchFailed(feed.id, Reason.TIMEOUT, "the turn had no more time for it")
        if not isinstance(answer, FetchFailed):
            return FetchFailed(feed.id, Reason.PROTOCOL, "a 304 to a request without a condition")
        await self._store.heed(answer, urls.host_key(listed.url), self._clock())
        return answer
