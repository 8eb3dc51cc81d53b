"""Ids made from content, so that any worker on any backend makes the same ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from hashlib import blake2b
from struct import Struct
from typing import NewType

FeedId = NewType("FeedId", str)
HeadlineId = NewType("HeadlineId", str)
StoryId = NewType("StoryId", str)
CanonicalUrl = NewType("CanonicalUrl", str)
TopicSlug = NewType("TopicSlug", str)

Clock = Callable[[], datetime]
"""The shell's only source of time: returns the present as an aware UTC instant."""


def _short_hash(*parts: str) -> str:
    # 80 bits: a collision among 10^9 headlines has a chance of about 4 in 10 million.
    return blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def feed_id(url: str) -> FeedId:
    """The id of the feed polled at `url`, as written in feeds.yml."""
    return FeedId(_short_hash("feed", url))


def headline_id(url: CanonicalUrl) -> HeadlineId:
    """The id of the headline at a canonical URL, made when it is first seen and never recomputed."""
    return HeadlineId(_short_hash("headline", url))


def unlinked_headline_id(feed: FeedId, guid: str) -> HeadlineId:
    """The id of a headline without a link: its feed and the publisher's guid (or title) name it."""
    return HeadlineId(_short_hash("unlinked", feed, guid))


def story_id_apart(key: str) -> StoryId:
    """The id of a story whose first headline `key` has already named another story, which it has left since."""
    return StoryId(_short_hash("story", key))


_KEY = blake2b(digest_size=8)  # copying it takes a seventh of the time of making another; a document has sixty keys
_INT64 = Struct(">q").unpack


def key_of(*parts: str) -> int:
    """A signed 64-bit key of some text, which keeps sightings and fingerprints small in a store."""
    key = _KEY.copy()
    key.update("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    number: int = _INT64(key.digest())[0]
    return number
