"""The port to the database: what the rest of wirekin may ask of it, and `open_store`.

Four faces of one database. `Store` is for polling and grouping: every method is one transaction. `Subscriptions` is
for WebSub. `Reader` is a read-only connection for lists, search and neighbours. `Admin` is for import, corrections,
backup and repair.
All are synchronous and live on a thread of the caller's choosing; `store.threads` gives each one of its own, so that
the event loop never waits for a disk.
The database is the schedule (docs/adr/0002): what is due is a query, never a timer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

from wirekin.errors import StoreError
from wirekin.model import (
    Assignment,
    CanonicalUrl,
    Claim,
    Feed,
    FeedId,
    FeedState,
    Headline,
    HeadlineId,
    HostSlots,
    HubAnswer,
    HubRequest,
    Neighbourhood,
    Page,
    PollOutcome,
    Push,
    PushOutcome,
    Question,
    Recorded,
    Sighting,
    Story,
    StoryDetail,
    StoryId,
    StoryRef,
    Subscription,
    TopicCount,
    TopicSlug,
)


@dataclass(frozen=True, slots=True)
class Grouped:
    """A headline as the grouper loads it: assigned already, or `assignment` is None."""

    headline: Headline
    assignment: Assignment | None = None
    sequence: int = 0  # of its last change: what `window` continues from


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a person: `must` links the two headlines into one story, `not must` keeps them apart."""

    a: HeadlineId
    b: HeadlineId
    must: bool


class ArticlePages(HostSlots, Protocol):
    """What headlines lack and their articles' own pages may say. Each page is asked once, whatever it answers."""

    def incomplete(self, feed_id: FeedId, limit: int) -> tuple[Headline, ...]:
        """Headlines of the feed's current document without an image or a time, never asked for; the newest first."""

    def claim_article(self, key: HeadlineId, now: datetime) -> bool:
        """Write down that the article's page is asked now; False where it was before, or the headline is gone."""

    def complete(self, listed: Headline, found: Headline, now: datetime) -> bool:
        """Fill what a headline lacks still with what `found` has; whether that changed it.

        `listed` is the headline as `incomplete` gave it: a title that is another one since stays. A picture that many
        headlines of the publisher got from their pages is its logo: it is dropped from all of them.
        """

    def hold_host(self, host: str, until: datetime) -> None:
        """The host asks for rest (429, 503): nothing may be asked of it before."""


class Store(ArticlePages, Protocol):
    """Polling and grouping. Each method is one IMMEDIATE transaction."""

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the database's feeds those of the configuration; the state of a feed that left is kept."""

    def claim_due(
        self, now: datetime, *, limit: int, only: frozenset[FeedId] | None = None, manual: bool = False
    ) -> tuple[Claim, ...]:
        """Take feeds that are due and whose host is free, at most one a host, and move their next_poll_at by the lease.

        With `manual`, feeds that are not due count as due, but never before their hold ends. `only` limits the choice.
        """

    def due(self, now: datetime, *, only: frozenset[FeedId] | None = None, manual: bool = False) -> frozenset[FeedId]:
        """The feeds that a turn would poll now: due (with `manual` all), not held, in one with no other."""

    def next_due_at(
        self, now: datetime, *, only: frozenset[FeedId] | None = None, manual: bool = False
    ) -> datetime | None:
        """When the earliest feed can be claimed; None when there are no feeds.

        A feed's instant is the latest of its host's slot, its hold and, unless `manual`, its next_poll_at.
        """

    def sighted(self, feed_id: FeedId, entry_keys: Iterable[int], guid_keys: Iterable[int]) -> tuple[Sighting, ...]:
        """The sightings of this feed that have one of these entry keys or guid keys."""

    def record_polls(self, outcomes: Sequence[PollOutcome], now: datetime) -> tuple[Recorded, ...]:
        """Write each outcome whole: headlines, sightings, validators and next_poll_at in one transaction."""

    def feed_states(self) -> dict[FeedId, FeedState]:
        """The state of every configured feed."""

    def ungrouped(self, limit: int) -> tuple[Headline, ...]:
        """Headlines without a story, in the order of (happened_at, id)."""

    def window(
        self, since: datetime, *, until: datetime | None = None, after: int = 0, but: int = -1
    ) -> tuple[Grouped, ...]:
        """Assigned headlines that happened from `since` to `until`, of a change sequence above `after`, not `but`."""

    def corrections(self) -> tuple[Correction, ...]:
        """What people said, oldest first."""

    def save_assignments(self, assignments: Sequence[Assignment], now: datetime) -> int:
        """Write where headlines belong, and bring the touched stories' counts, leads and aliases up to date.

        Returns the change sequence that the written headlines have now. A story left without headlines becomes an
        alias of the story that took its opener.
        """

    def exclusively(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock `name` over processes; yields False at once where another holds it."""

    def daemon_seen(self, now: datetime) -> None:
        """A tick ran. Where the clock went back since the last, the schedule follows."""

    def prune(self, now: datetime, keep: timedelta, *, stopping: Callable[[], bool] = lambda: False) -> int:
        """Delete headlines last seen in a feed more than `keep` ago, leaving tombstones; returns how many.

        It ends early, with the rest for the next time, once `stopping` says so.
        """

    def close(self) -> None:
        """Give everything back."""


class Subscriptions(Protocol):
    """What WebSub needs to remember. Each method is one transaction; pushes are acknowledged after it."""

    def claim_requests(
        self, now: datetime, *, base: str, limit: int, draw: Callable[[], str]
    ) -> tuple[HubRequest, ...]:
        """Bring subscriptions in line with what feeds announce, and take requests that are due.

        Wanted is a subscription for each configured feed that announces a hub; none at all where `base`, the address
        at which hubs reach us, is "". What is no longer wanted is left (or forgotten where the hub never confirmed it).
        `draw` gives an unguessable text for each token and secret.
        """

    def record_answers(self, answers: Sequence[HubAnswer], now: datetime) -> None:
        """Write what hubs answered, where they have not confirmed meanwhile."""

    def subscription(self, token: str) -> Subscription | None:
        """The subscription whose callback address has this token."""

    def confirm(self, token: str, mode: str, topic: str, lease: timedelta, now: datetime) -> bool:
        """The hub asks whether we want this; True, and it is so, where we do."""

    def deny(self, token: str, topic: str, reason: str, now: datetime) -> bool:
        """The hub will not have it; False where it is none of ours."""

    def receive(self, token: str, body: bytes | None, content_type: str, now: datetime) -> bool:
        """Keep a push until it is read, and drop the oldest where there are too many; False where none is expected.

        Without a body, and for what is dropped, the feed is made due.
        """

    def pushes(self, limit: int) -> tuple[Push, ...]:
        """The oldest pushes that wait."""

    def record_pushes(self, outcomes: Sequence[PushOutcome], now: datetime) -> tuple[Recorded, ...]:
        """Write what pushes brought and forget the pushes, in one transaction; the feeds are made due."""

    def close(self) -> None:
        """Give everything back."""


class Reader(Protocol):
    """Lists, search and neighbours over a read-only connection; a query over 200 ms ends as BadRequest."""

    def version(self) -> int:
        """A number that grows whenever headlines, stories or feeds' health changed."""

    def changed_at(self) -> datetime:
        """When the content last changed (the epoch in an empty database)."""

    def headline(self, key: HeadlineId | None = None, *, url: CanonicalUrl | None = None) -> Headline | None:
        """One headline by id (or an alias of one) or by canonical URL."""

    def story_of(self, key: HeadlineId) -> StoryId | None:
        """The story that a headline belongs to."""

    def stories_of(self, keys: Iterable[HeadlineId]) -> dict[HeadlineId, StoryRef]:
        """The story of each of these headlines; without those that are in none."""

    def headlines(self, question: Question) -> Page[Headline]:
        """Newest first by happened_at (by match where `search` is given)."""

    def stories(self, question: Question) -> Page[Story]:
        """Leading first: by independent publishers and recency; `others` holds up to four more headlines."""

    def story(self, key: StoryId) -> StoryDetail | StoryId | None:
        """A story; the id it was merged into; or None."""

    def neighbours(
        self, terms: Sequence[str], *, since: datetime, kin: Sequence[Sequence[str]] = (), limit: int = 100
    ) -> Neighbourhood:
        """Headlines since then that share the rarest of these terms (`text.terms`), at most `limit`.

        After them at most as many of the newest that hold a term of `kin` (`stories.kin`) and none of these.
        How many headlines hold each term is told of those since then, and of common terms by estimate.
        """

    def latest(self, *, topic: TopicSlug | None, since: datetime, limit: int) -> Neighbourhood:
        """The newest headlines, one a story, for a labelled fallback."""

    def topics(self, since: datetime) -> tuple[TopicCount, ...]:
        """What the store holds of each topic since then (`name` is the slug: the configuration knows better)."""

    def configured(self) -> tuple[Feed, ...]:
        """Every configured feed, and nothing that has to be counted."""

    def feeds(self) -> tuple[tuple[Feed, FeedState, int, tuple[int, ...]], ...]:
        """Every configured feed, its state, headlines kept now, and new ones a day over fourteen days, oldest first."""

    def holds(self, now: datetime) -> dict[str, datetime]:
        """The hosts that asked for rest (429, 503), and until when nothing may be asked of them."""
        ...

    def subscriptions(self) -> dict[FeedId, Subscription]:
        """What we have at hubs, without tokens and secrets."""

    def close(self) -> None:
        """Give the connection back."""


class Admin(Protocol):
    """Import, corrections, backup, checks."""

    def import_headlines(self, headlines: Sequence[Headline], aliases: Sequence[str | None], now: datetime) -> int:
        """Add headlines as though polled, each with an alias for its imported id; returns how many were new."""

    def export(self, *, topic: TopicSlug | None = None, since: datetime | None = None) -> Iterable[Headline]:
        """Every headline, copies too, oldest first, streamed."""

    def correct(self, correction: Correction, now: datetime) -> None:
        """Keep a person's word; the next grouping replays it."""

    def withdraw(self, key: HeadlineId) -> int:
        """Forget every correction that names a headline; returns how many there were."""

    def make_due(self, now: datetime, *, only: frozenset[FeedId] | None = None) -> int:
        """Let the next tick poll these configured feeds (None: all); returns how many were brought forward.

        Past intervals and back-off, never past a hold; what is being polled, or was in the last minute, stays.
        """

    def hold_daemon(self) -> AbstractContextManager[None]:
        """Be the one daemon of this database; StoreBusy names the process that is it already."""

    def backup(self, target: Path) -> None:
        """A whole copy while others write."""

    def check(self) -> tuple[str, ...]:
        """Every complaint of the integrity, foreign key and full-text checks; empty when sound."""

    def stats(self) -> dict[str, int | str]:
        """Rows of each table, bytes, schema version."""

    def close(self) -> None:
        """Give everything back."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The four faces of one opened database; each call opens a connection of its own for the calling thread."""

    url: str
    store: Callable[[], Store]
    reader: Callable[[], Reader]
    admin: Callable[[], Admin]
    subscriptions: Callable[[], Subscriptions]
    migrated: tuple[str, ...] = ()  # the names of the migrations that ran when it was opened


Older = Literal["migrate", "spare", "keep"]
"""What happens to a database of an older schema: it is migrated; or that, unless a daemon holds it; or left as it is.

A command that only reads must not migrate the schema beneath a daemon of the older version.
"""


def open_store(url: str, *, query_limit: timedelta | None = None, older: Older = "migrate") -> Backend:
    """The backend for a path, `sqlite:///path` or `postgresql://...`; makes and migrates an empty SQLite file.

    `query_limit` is how long a question of its readers may work; without it, as long as one from the web. Of a backend
    that keeps an older schema, only what that schema has can be used.

    Raises: StoreDamaged, StoreTooNew, StoreError with the mend.
    """
    if url.startswith(("postgresql://", "postgres://")):
        raise StoreError("this wirekin has no PostgreSQL backend yet: give a path, as in --database data/wirekin.db")
    from wirekin.store._sqlite import open_sqlite

    if query_limit is None:
        return open_sqlite(url, older=older)
    return open_sqlite(url, query_limit=query_limit, older=older)


def sqlite_file(url: str) -> Path | None:
    """The file of a path or `sqlite:///path`; None of another address. Raises: StoreError for the home of nobody."""
    path = url.removeprefix("sqlite:///")
    try:
        return None if "://" in path else Path(path).expanduser()
    except RuntimeError:
        raise StoreError(f"{path}: nobody here has that home: write the whole path") from None


def sqlite_version() -> str:
    """The version of the SQLite library in this process."""
    import sqlite3

    return sqlite3.sqlite_version
