"""Feeds and polling: feeds and their state, requests, and the results of fetches."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, Protocol

from wirekin.model._documents import Hub
from wirekin.model._ids import FeedId, TopicSlug
from wirekin.model._sets import FeedKind, Reason


@dataclass(frozen=True, slots=True)
class Publisher:
    """The organisation behind feeds; `domain` represents all its domains. A wire's text is reprinted by others."""

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
    host: str  # registrable domain or IP address, by which requests are spaced
    every: timedelta  # the time between two polls to begin with; `schedule` adapts it
    publisher: Publisher | None = None  # None: from each link's registrable domain or the item's <source>
    topics: frozenset[TopicSlug] = frozenset()  # given to every headline of this feed
    keep_unmatched: bool = False  # `topics: all`, `unmatched: keep`, or a file without topics
    lang: str | None = None
    select: Selectors | None = None
    allow_private: frozenset[str] = frozenset()  # "host:port" that may be dialled although private
    article_details: int = 0  # article pages fetched per turn for what its headlines lack; 0: none
    rules_hash: str = ""  # of topic rules, publishers and selectors: a change forgets the validators


@dataclass(frozen=True, slots=True)
class Canary:
    """The list that a page shows when all is well, and since when it has shown another."""

    counts: tuple[int, ...] = ()  # headlines in its last good documents, oldest first
    shape: str = ""  # the place where most headlines of the last one stood
    fallen: int = 0  # polls in a row that found far fewer, and none at that place
    found: int = 0  # headlines in the last of those
    changed_at: datetime | None = None  # since when the page counts as changed; None: it does not


@dataclass(frozen=True, slots=True)
class FeedState:
    """What the store remembers of a feed between polls."""

    feed_id: FeedId
    next_poll_at: datetime
    etag: str | None = None  # opaque, the bytes of the header as latin-1
    last_modified: str | None = None  # opaque, as above
    body_hash: str | None = None  # of the last whole decoded body
    rules_hash: str = ""
    interval: timedelta | None = None  # `every` as adapted to the feed; None: not adapted yet
    hold_until: datetime | None = None  # a Retry-After or 429/503 hold: never polled before, not even by hand
    failures: int = 0  # in a row
    failing_since: datetime | None = None  # None while it answers
    reason: Reason | None = None  # of the last failure, or TRUNCATED of a cut answer; None while all is well
    detail: str = ""
    gone_days: int = 0  # days on which it answered 410
    moved_to: str | None = None  # target of permanent redirects, watched before it is believed
    last_polled_at: datetime | None = None
    last_ok_at: datetime | None = None  # last 200 or 304
    last_new_at: datetime | None = None  # last poll that brought a new headline
    document_at: datetime | None = None  # when the document that we have was fetched
    entries: int = 0  # in the last document
    delivered: int = 0  # headlines kept, in all
    missed_polls: int = 0  # whole documents that shared no entry with the one before: some were surely lost between
    ttl: timedelta | None = None  # a hint of the document that we have, kept so that it holds after a 304 too
    skip_hours: frozenset[int] = frozenset()  # as above, GMT
    skip_days: frozenset[int] = frozenset()  # as above, 0 = Monday
    document_url: str | None = None  # where the validators came from, after redirects; None: from the feed's own URL
    moved_since: datetime | None = None  # the first of the latest polls in a row that led to `moved_to`
    moved_polls: int = 0  # the number of those polls
    address: str | None = None  # where it is now, by a redirect that is believed; None: where feeds.yml says
    canary: Canary = Canary()  # of a page feed
    merged_into: FeedId | None = None  # the feed of the same address that is polled in its place; set only by the store

    def but(self, **news: Any) -> FeedState:
        """Copy the state with some fields changed: `dataclasses.replace` in a quarter of its time."""
        copy = object.__new__(FeedState)
        for put, value in zip(_PUT_STATE.values(), _values_of_state(self), strict=True):
            put(copy, value)
        for name, value in news.items():
            _PUT_STATE[name](copy, value)
        return copy


_PUT_STATE: dict[str, Callable[[FeedState, Any], None]] = {
    each.name: getattr(FeedState, each.name).__set__ for each in fields(FeedState)
}
_values_of_state = attrgetter(*_PUT_STATE)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A feed whose news a hub pushes to us."""

    until: datetime  # when its lease ends
    misses: int = 0  # polls in a row that found entries which no push had brought


@dataclass(frozen=True, slots=True)
class Claim:
    """A feed that is ours to poll now; its next_poll_at and its host's slot are moved already."""

    feed: Feed
    state: FeedState
    manual: bool = False
    pushed: Pushed | None = None  # None: its news come by polling only


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
    named_url: str | None = None  # what the user named, if that moved to `url`; None: `url` itself


@dataclass(frozen=True, slots=True)
class HttpHints:
    """What the headers of an answer say about the next request."""

    max_age: timedelta | None = None
    expires_in: timedelta | None = None  # Expires against Date
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A 200 with a body that was decoded within the caps."""

    feed_id: FeedId
    url: str  # where the body came from, after redirects
    octets: bytes  # the body, or what `unpack` makes it of
    body_hash: str
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    hints: HttpHints = HttpHints()
    whole: bool | None = True  # False: cut short; None: HTTP's framing does not tell, the parser must
    moved_to: str | None = None  # the target, when every hop was permanent
    hub: Hub | None = None  # the one that the headers announce
    feeds: tuple[str, ...] = ()  # those that a page's headers announce
    unpack: Callable[[bytes], bytes] | None = None  # of a large body, which takes little memory until it is read

    @property
    def body(self) -> bytes:
        """The decoded body: of a large one a new copy each time."""
        return self.unpack(self.octets) if self.unpack else self.octets


@dataclass(frozen=True, slots=True)
class NotModified:
    """A 304: what we have is current."""

    feed_id: FeedId
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
    said_by: str = ""  # the host that answered, if not the feed's own; "": that one, or none answered


@dataclass(frozen=True, slots=True)
class FormRequest:
    """A form to post to an address that a feed named."""

    feed_id: FeedId
    feed_url: str  # only if this is a private address may `url` be one
    url: str
    fields: tuple[tuple[str, str], ...] = field(repr=False)
    allow_private: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that was answered with success."""

    feed_id: FeedId
    status: int


FetchResult = Fetched | NotModified | FetchFailed
FetchMany = Callable[[Iterable[FetchRequest]], AsyncGenerator[FetchResult, None]]
"""Yields results as they finish, each with its feed id."""


class HostSlots(Protocol):
    """May I ask this registrable domain now? One answer for feeds, redirects, robots and images, across processes."""

    def take_host(self, host: str, now: datetime) -> datetime | None:
        """Take the host until `give_back_host`, and return None; if it is taken, the instant at which to ask again."""

    def give_back_host(self, host: str, now: datetime) -> None:
        """Free the host for others, one second from `now` on."""

    def leave_host(self, host: str, feed_id: FeedId, now: datetime) -> bool:
        """`give_back_host` for the host that this feed's poll has had since its claim; False if it has none."""
