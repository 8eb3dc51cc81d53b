"""Builders of values for tests: every argument has a default, so that a test names only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from wirekin.model import (
    CanonicalUrl,
    Entry,
    Feed,
    FeedKind,
    FeedState,
    Headline,
    Publisher,
    TopicSlug,
    feed_id,
    headline_id,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def at(hours: float = 0, *, minutes: float = 0, days: float = 0) -> datetime:
    """The instant this long after NOW."""
    return NOW + timedelta(days=days, hours=hours, minutes=minutes)


def publisher(name: str = "The Daily Example", domain: str = "example.com", **more: Any) -> Publisher:
    return Publisher(name=name, domain=domain, **more)


def feed(url: str = "https://example.com/rss.xml", **more: Any) -> Feed:
    plain = Feed(
        id=feed_id(url),
        url=url,
        kind=FeedKind.FEED,
        name="Example news",
        host="example.com",
        every=timedelta(minutes=30),
        keep_unmatched=True,
    )
    return replace(plain, **more)


def state(of: Feed | None = None, **more: Any) -> FeedState:
    plain = FeedState(feed_id=(of or feed()).id, next_poll_at=NOW)
    return replace(plain, **more)


def entry(title: str = "Ship seized in the strait", link: str = "https://example.com/a/1", **more: Any) -> Entry:
    return Entry(link=link, title=title, **more)


def headline(title: str = "Ship seized in the strait", url: str = "https://example.com/a/1", **more: Any) -> Headline:
    plain = Headline(
        id=headline_id(CanonicalUrl(url)),
        url=url,
        link=url,
        canonical_url=CanonicalUrl(url),
        title=title,
        publisher=publisher(),
        first_seen_at=NOW,
        lang="en",
    )
    return replace(plain, **more)


def topics(*slugs: str) -> tuple[TopicSlug, ...]:
    return tuple(TopicSlug(slug) for slug in slugs)
