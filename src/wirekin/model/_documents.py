"""Parsed documents: entries as published, in plain text with resolved links."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wirekin.model._sets import Precision, Reason


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as linked; 0 means that the size is not known."""

    url: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """An item's <source>: which publisher an aggregator took it from."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One Atom entry, RSS item, JSON Feed item, sitemap URL or page link, as published: plain text, resolved links."""

    link: str  # absolute http(s) URL, "" where there is none
    title: str
    guid: str = ""
    summary: str = ""
    published_at: datetime | None = None
    precision: Precision = Precision.INSTANT
    offset: timedelta = timedelta(0)  # of the zone in which `published_at` was written, ahead of UTC
    updated_at: datetime | None = None
    categories: tuple[str, ...] = ()
    image: Image | None = None
    source: Source | None = None
    lang: str | None = None
    mark: int = field(default=0, compare=False)  # key of the whole entry as written; 0: not computed


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a document says about the next request (RSS ttl, sy:update*, skipHours in GMT, skipDays 0 = Monday)."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hub:
    """The server that distributes a document's news, and the document's name there (WebSub section 4)."""

    url: str
    topic: str = ""  # the document's rel=self; "" where it names none


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document that could be read."""

    kind: str  # rss, atom, rdf, json, sitemap, page
    entries: tuple[Entry, ...]
    title: str = ""
    link: str = ""
    lang: str | None = None
    hints: FeedHints = FeedHints()
    whole: bool = True  # the root element closed, or the JSON complete
    feeds: tuple[str, ...] = ()  # addresses of feeds that a page announces, or of the sitemaps in an index
    sitemaps: tuple[str, ...] = ()  # addresses of sitemaps that a page announces
    hub: Hub | None = None  # the one that a feed announces
    shape: tuple[str, ...] = ()  # where the headlines of a page stand, the commonest place first

    @property
    def is_index(self) -> bool:
        """True for a sitemap that lists nothing but other sitemaps."""
        return self.kind == "sitemap" and not self.entries and bool(self.feeds)


@dataclass(frozen=True, slots=True)
class ParseFailed:
    """A document that could not be read."""

    reason: Reason
    detail: str = ""


ParseResult = Parsed | ParseFailed
