"""Builders of poll outcomes for store tests, as digest would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import make
from wirekin.model import Assignment, Feed, Headline, HeadlineId, PollOutcome, PollStatus, Sighting, StoryId, key_of
from wirekin.store import Store

HOUR = timedelta(hours=1)


def headline(name: str, title: str = "", domain: str = "example.com", **more: Any) -> Headline:
    """A headline whose URL and default title come from `name`."""
    who = make.publisher(domain.partition(".")[0].title(), domain)
    return make.headline(title or f"Report {name}", f"https://{domain}/{name}", publisher=who, **more)


def sighting(of: Headline, **more: Any) -> Sighting:
    plain = Sighting(key_of(of.link), key_of("guid", of.link), of.id, key_of(of.title, of.summary))
    return replace(plain, **more)


def outcome(feed: Feed, headlines: Sequence[Headline] = (), now: datetime = make.NOW, **state: Any) -> PollOutcome:
    """The outcome of a poll with these headlines; the next one is in an hour."""
    known = {"next_poll_at": now + HOUR, "last_polled_at": now, "last_ok_at": now, "document_at": now}
    after = make.state(feed, entries=len(headlines), **{**known, **state})
    return PollOutcome(feed.id, PollStatus.OK, after, tuple(headlines), tuple(map(sighting, headlines)))


def not_modified(feed: Feed, now: datetime, **state: Any) -> PollOutcome:
    known = {"next_poll_at": now + HOUR, "last_polled_at": now, "last_ok_at": now}
    return PollOutcome(feed.id, PollStatus.NOT_MODIFIED, make.state(feed, **{**known, **state}))


def record(store: Store, *headlines: Headline, feed: Feed | None = None, now: datetime = make.NOW) -> int:
    """Record a poll of one feed with these headlines; returns how many were new."""
    polled = feed or make.feed()
    if polled.id not in store.feed_states():
        store.sync_feeds([polled], now)
    return store.record_polls([outcome(polled, headlines, now)], now)[0].headlines_new


def group(store: Store, *members: Headline, copies: dict[HeadlineId, HeadlineId] | None = None) -> StoryId:
    """Store these headlines as one story, named after the first."""
    story = StoryId(members[0].id)
    known = copies or {}
    store.save_assignments([Assignment(m.id, story, known.get(m.id), 0.5) for m in members], make.NOW)
    return story
