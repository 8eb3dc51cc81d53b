"""The vocabulary of wirekin: frozen values, the closed sets, and how an id is made from content.

Feed + FeedState -> FetchRequest -> FetchResult -> Parsed -> PollOutcome -> Headline -> Assignment -> Story
-> RelatedItem. Nothing here does I/O or reads a clock. Every `*_at` is an aware UTC instant; a duration is a
`timedelta`; scores are 0..1.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Generic, NewType, Protocol, TypeVar

FeedId = NewType("FeedId", str)
HeadlineId = NewType("HeadlineId", str)
StoryId = NewType("StoryId", str)
CanonicalUrl = NewType("CanonicalUrl", str)
TopicSlug = NewType("TopicSlug", str)

T = TypeVar("T")

Clock = Callable[[], datetime]
"""The shell's only source of time: returns the present as an aware UTC instant."""


# --- ids from content: any worker on any backend makes the same ones ---------------------------------------------


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


def key_of(*parts: str) -> int:
    """A signed 64-bit key of some text: how sightings and fingerprints are kept small in a store."""
    digest = blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


# --- closed sets -----------------------------------------------------------------------------------------------


class FeedKind(StrEnum):
    """What feeds.yml says is at the address."""

    FEED = "feed"
    PAGE = "page"
    SITEMAP = "sitemap"


class Reason(StrEnum):
    """Why a poll failed: a closed set, shown by `refresh`, `feeds list`, /v1/feeds and the metrics."""

    BAD_URL = "bad_url"  # not http(s), userinfo, an unlisted port, more than 2,048 characters
    FORBIDDEN_ADDRESS = "forbidden_address"  # the name led to an address that may not be dialled
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"  # the whole exchange took longer than its deadline
    PROTOCOL = "protocol"  # not HTTP, or HTTP that contradicts itself
    REDIRECTS = "redirects"  # a loop, too many hops, or a hop that may not be followed
    ROBOTS = "robots"  # robots.txt asks us not to read this page
    GONE = "gone"  # 410
    NOT_FOUND = "not_found"  # 404
    DENIED = "denied"  # 401, 402, 403, 407, 451
    RATE_LIMITED = "rate_limited"  # 429
    UNAVAILABLE = "unavailable"  # 503
    CLIENT_ERROR = "client_error"  # any other 4xx
    SERVER_ERROR = "server_error"  # any other 5xx
    UNEXPECTED_STATUS = "unexpected_status"  # 1xx, 204, 206, 3xx without a place to go ...
    TOO_LARGE = "too_large"  # more than the wire or the decoded cap
    BAD_ENCODING = "bad_encoding"  # a Content-Encoding that we did not ask for, or that does not decode
    TRUNCATED = "truncated"  # cut short, and not one complete entry in what came
    EMPTY = "empty"  # a body of nothing but white space
    NOT_A_FEED = "not_a_feed"  # no feed, sitemap or page with headlines
    ENTITIES = "entities"  # XML that declares entities of its own: refused before any parser sees it
    PARSE_TIMEOUT = "parse_timeout"
    PARSE_CRASHED = "parse_crashed"


class PollStatus(StrEnum):
    """How one poll ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"  # 304
    UNCHANGED = "unchanged"  # 200 with the very bytes of last time
    FAILED = "failed"


class Health(StrEnum):
    """A feed by what it delivers, not by its status code."""

    NEW = "new"  # not polled yet
    OK = "ok"
    STALE = "stale"  # answers, and has brought nothing new for long
    EMPTY = "empty"  # answers, and has never brought a headline
    FAILING = "failing"
    DEAD = "dead"  # failing for long: tried weekly
    GONE = "gone"  # said 410 on three days: no more requests


class RelatedKind(StrEnum):
    """Why a related item is there."""

    SAME_STORY = "same_story"
    SAME_TOPIC = "same_topic"
    SIMILAR = "similar"
    LATEST = "latest"


class Precision(StrEnum):
    """How much of a published time the publisher gave."""

    INSTANT = "instant"  # date, time and zone
    LOCAL = "local"  # date and time without a zone: UTC is assumed
    DAY = "day"  # a bare date: midnight UTC stands for it


# --- feeds and polling -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation behind feeds; `domain` stands for all of its domains. A wire's text is reprinted by others."""

    name: str
    domain: str
    wire: bool = False


@dataclass(frozen=True, slots=True)
class Selectors:
    """CSS selectors of a page feed; `item` is looked up in the page, the others inside each item."""

    item: str
    link: str | None = None
    title: str | None = None
    image: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """One item of feeds.yml."""

    id: FeedId
    url: str
    kind: FeedKind
    name: str
    host: str  # registrable domain, or the IP address: what politeness counts by
    every: timedelta  # how often to poll at the most
    publisher: Publisher | None = None  # None: from each link's registrable domain or the item's <source>
    topics: frozenset[TopicSlug] = frozenset()  # given to every headline of this feed
    keep_unmatched: bool = False  # `topics: all`, `unmatched: keep`, or a file without topics
    lang: str | None = None
    select: Selectors | None = None
    allow_private: frozenset[str] = frozenset()  # "host:port" that may be dialled although private
    rules_hash: str = ""  # of topic rules, publishers and selectors: a change forgets the validators


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the store remembers of a feed between polls."""

    feed_id: FeedId
    next_poll_at: datetime
    etag: str | None = None  # opaque, the bytes of the header as latin-1
    last_modified: str | None = None  # opaque, as above
    body_hash: str | None = None  # of the last whole decoded body
    rules_hash: str = ""
    interval: timedelta | None = None  # what adaptation has made of `every`; None: not adapted yet
    hold_until: datetime | None = None  # a Retry-After or 429/503 hold: never polled before, not even by hand
    failures: int = 0  # in a row
    failing_since: datetime | None = None  # None while it answers
    reason: Reason | None = None  # of the last failure; None while it answers
    detail: str = ""
    gone_days: int = 0  # days on which it answered 410
    moved_to: str | None = None  # where permanent redirects lead, being watched before it is believed
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None  # last 200 or 304
    last_new_at: datetime | None = None  # last poll that brought a new headline
    document_at: datetime | None = None  # when the document that we know was fetched
    entries: int = 0  # in the last document
    delivered: int = 0  # headlines kept since the beginning
    missed_polls: int = 0  # polls that shared no entry with the one before: something was surely lost between
    ttl: timedelta | None = None  # what the document that we know hints, so that it holds over 304s too
    skip_hours: frozenset[int] = frozenset()  # as above, GMT
    skip_days: frozenset[int] = frozenset()  # as above, 0 = Monday
    document_url: str | None = None  # where the validators came from, after redirects; None: from the feed's own URL


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed that is ours to poll now; its next_poll_at and its host's slot have been moved already."""

    feed: Feed
    state: FeedState
    claimed_at: datetime
    manual: bool = False


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One document to ask for."""

    feed_id: FeedId
    url: str
    kind: FeedKind = FeedKind.FEED
    etag: str | None = None
    last_modified: str | None = None
    allow_private: frozenset[str] = frozenset()
    document_url: str | None = None  # where the validators came from, after redirects; None: from `url` itself


@dataclass(frozen=True, slots=True)
class HttpHints:
    """What an answer's headers say about the next request."""

    max_age: timedelta | None = None
    expires_in: timedelta | None = None  # Expires against Date
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 with a body that was decoded within the caps."""

    feed_id: FeedId
    url: str  # where the body came from, after redirects
    body: bytes
    body_hash: str
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    hints: HttpHints = HttpHints()
    whole: bool | None = True  # False: cut short; None: the framing proves nothing, the parser must
    moved_to: str | None = None  # the target, when every hop was permanent
    wire_bytes: int = 0


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304: what we know is current."""

    feed_id: FeedId
    etag: str | None = None
    last_modified: str | None = None
    hints: HttpHints = HttpHints()
    moved_to: str | None = None  # the target, when every hop was permanent


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """No usable answer."""

    feed_id: FeedId
    reason: Reason
    detail: str = ""
    status: int | None = None
    hints: HttpHints = HttpHints()


FetchResult = Fetched | NotModified | FetchFailed
FetchMany = Callable[[Iterable[FetchRequest]], AsyncGenerator[FetchResult, None]]
"""Results come as they finish, each with its feed id."""


class HostSlots(Protocol):
    """May I ask this registrable domain now? One answer for feeds, redirects, robots and images, across processes."""

    def take_host(self, host: str, now: datetime) -> datetime | None:
        """None: the host is ours until `give_back_host`. Otherwise the instant at which to ask again."""
        ...

    def give_back_host(self, host: str, now: datetime) -> None:
        """Free the host for others, one second from `now` on."""
        ...


# --- what a document says --------------------------------------------------------------------------------------


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
    updated_at: datetime | None = None
    categories: tuple[str, ...] = ()
    image: Image | None = None
    source: Source | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a document says about the next request (RSS ttl, sy:update*, skipHours in GMT, skipDays 0 = Monday)."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


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
    feeds: tuple[str, ...] = ()  # addresses of feeds that a page announces


@dataclass(frozen=True, slots=True)
class ParseFailed:
    """A document that could not be read."""

    reason: Reason
    detail: str = ""


ParseResult = Parsed | ParseFailed


# --- what we keep ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Headline:
    """An entry that we keep."""

    id: HeadlineId
    url: str  # the link to open: as published, resolved, without tracking parameters and fragment; "" where none
    title: str  # clean: no outlet suffix, no wire prefix
    publisher: Publisher
    first_seen_at: datetime
    link: str = ""  # as published, resolved
    canonical_url: CanonicalUrl | None = None  # None where the entry had no link
    summary: str = ""
    lang: str | None = None
    published_at: datetime | None = None
    precision: Precision = Precision.INSTANT
    image: Image | None = None
    topics: tuple[TopicSlug, ...] = ()
    categories: tuple[str, ...] = ()
    wire: str | None = None  # the wire that the text credits: "(AP)", "Reuters -"

    @property
    def happened_at(self) -> datetime:
        """The earlier of published and first seen: a forged future date cannot move a headline ahead (C10)."""
        return min(self.published_at, self.first_seen_at) if self.published_at else self.first_seen_at


@dataclass(frozen=True, slots=True)
class Sighting:
    """An entry seen in a feed: which headline it was, if it was kept, and what it said."""

    entry_key: int  # key_of the link as published, else of the guid, else of the title
    guid_key: int | None  # None where the guid is missing or not unique in the document
    headline_id: HeadlineId | None  # None: no topic wanted it
    fingerprint: int  # of all that we keep of the entry: equal means nothing to write


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """All that one poll changes: recorded whole or not at all."""

    feed_id: FeedId
    status: PollStatus
    state: FeedState
    headlines: tuple[Headline, ...] = ()  # new ones and those that say something else now
    sightings: tuple[Sighting, ...] = ()  # every entry of the document; empty unless status is OK


@dataclass(frozen=True, slots=True)
class Recorded:
    """What `record_polls` found new of one outcome."""

    feed_id: FeedId
    headlines_new: int = 0


# --- stories and related ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Assignment:
    """Where grouping put a headline."""

    headline_id: HeadlineId
    story_id: StoryId
    copy_of: HeadlineId | None = None  # the first headline of the same article; None for that first one
    score: float = 1.0  # similarity to the story when it joined; 1.0 for the opener


@dataclass(frozen=True, slots=True)
class StoryRef:
    """A story in a few numbers."""

    id: StoryId
    headlines: int = 1
    publishers: int = 1
    independent: int = 1  # publishers with at least one headline that is no copy


@dataclass(frozen=True, slots=True)
class Story:
    """The headlines that report one event."""

    ref: StoryRef
    lead: Headline  # the headline that stands for it
    opened_at: datetime
    last_at: datetime  # when its newest headline was first seen
    topics: tuple[TopicSlug, ...] = ()
    langs: tuple[str, ...] = ()
    others: tuple[Headline, ...] = ()  # a few more headlines, of other publishers first, for lists

    @property
    def id(self) -> StoryId:
        """The id of the headline that opened it."""
        return self.ref.id


@dataclass(frozen=True, slots=True)
class Member:
    """A headline in its story."""

    headline: Headline
    copy_of: HeadlineId | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class StoryDetail:
    """A story with all its headlines, oldest first."""

    story: Story
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A headline that may be related, as the store found it."""

    headline: Headline
    story: StoryRef
    copy_of: HeadlineId | None = None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Candidates for a set of terms, and how rare the terms are."""

    candidates: tuple[Candidate, ...]
    frequencies: Mapping[str, int] = field(default_factory=dict)  # term -> headlines that hold it
    documents: int = 0  # headlines in the store


@dataclass(frozen=True, slots=True)
class RelatedReason:
    """Why an item is related."""

    kind: RelatedKind
    terms: tuple[str, ...] = ()
    topics: tuple[TopicSlug, ...] = ()


@dataclass(frozen=True, slots=True)
class RelatedItem:
    """Worth reading next."""

    headline: Headline
    story: StoryRef
    score: float
    reason: RelatedReason


@dataclass(frozen=True, slots=True)
class RelatedQuery:
    """What is asked: an article by URL, title or text, inside or outside the store."""

    url: str = ""
    title: str = ""
    text: str = ""
    topic: TopicSlug | None = None
    limit: int = 6  # 1..50
    since: timedelta | None = None  # None: 14 days, or `keep` if that is less
    exclude_publishers: frozenset[str] = frozenset()  # names or domains
    fallback: RelatedKind | None = None  # LATEST: fill up with the newest, labelled


@dataclass(frozen=True, slots=True)
class RelatedAnswer:
    """The footer: what is being said about this elsewhere."""

    query: RelatedQuery
    items: tuple[RelatedItem, ...]
    changed_at: datetime  # when the content last changed
    headline: Headline | None = None  # the article asked about, where the store has it
    fallback: RelatedKind | None = None


@dataclass(frozen=True, slots=True)
class FeedReport:
    """A feed with its state, for `feeds list`, /v1/feeds and /feeds."""

    feed: Feed
    state: FeedState
    health: Health
    headlines: int = 0  # kept now
    recent: tuple[int, ...] = ()  # new headlines a day, the last fourteen days, oldest first


@dataclass(frozen=True, slots=True)
class TopicCount:
    """A topic with what the store holds of it."""

    slug: TopicSlug
    name: str
    headlines: int = 0
    stories: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a list of headlines or stories is asked for."""

    topic: TopicSlug | None = None
    feed: FeedId | None = None
    publisher: str = ""  # name or domain
    lang: str = ""
    search: str = ""  # words, folded and quoted by the store
    since: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    cursor: str | None = None  # as `next` of the answer before


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list, and how to ask for the next."""

    items: tuple[T, ...]
    next: str | None = None
