"""The port to the database: the protocols that the rest of wirekin uses, and `open_store`.

Four faces of one database. `Store` is for polling and grouping: every method is one transaction. `Subscriptions` is
for WebSub. `Reader` is a read-only connection for lists, search and neighbours. `Admin` is for import, corrections,
backup and repair. `open_store` gives a `Backend`, which opens a face per call; SQLite is behind it (_sqlite).
All are synchronous; `store.threads` runs each on a thread of its own, so that the event loop never waits for a disk.
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
    """A headline as the grouper loads it; `assignment` is None until it is in a story."""

    headline: Headline
    assignment: Assignment | None = None
    sequence: int = 0  # change sequence of its last change, for `window(after=...)`


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's correction: `must` links the two headlines into one story, `not must` keeps them apart."""

    a: HeadlineId
    b: HeadlineId
    must: bool


class ArticlePages(HostSlots, Protocol):
    """Completes headlines from their articles' own pages. Each page is fetched once, whatever the answer."""

    def incomplete(self, feed_id: FeedId, limit: int) -> tuple[Headline, ...]:
        """Return headlines in the feed's current document that lack an image or a time, newest first.

        Headlines whose page was fetched before are left out.
        """

    def claim_article(self, key: HeadlineId, now: datetime) -> bool:
        """Record that the article's page is fetched now; False if it was fetched before or the headline is gone."""

    def complete(self, listed: Headline, found: Headline, now: datetime) -> bool:
        """Fill the empty fields of a headline from `found`, and take its title; return whether anything changed.

        `listed` is the headline as `incomplete` returned it: a title that has changed since is kept. A picture from
        the pages of several headlines of one publisher is its logo, and is removed from all of them.
        """

    def hold_host(self, host: str, until: datetime) -> None:
        """Send the host no request before `until`: it answered 429 or 503."""


class Store(ArticlePages, Protocol):
    """Polling and grouping. Each method is one transaction (`prune` several), IMMEDIATE if it writes."""

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the database's feeds those of the configuration; the state of a removed feed is kept."""

    def claim_due(
        self, now: datetime, *, limit: int, only: frozenset[FeedId] | None = None, manual: bool = False
    ) -> tuple[Claim, ...]:
        """Claim due feeds with a free host, at most one per host, and move their next_poll_at by the lease.

        With `manual` all feeds count as due, but never before their hold ends. `only` limits the choice.
        """

    def due(self, now: datetime, *, only: frozenset[FeedId] | None = None, manual: bool = False) -> frozenset[FeedId]:
        """Return the feeds that are due (with `manual` all), not held, and not merged into another feed."""

    def next_due_at(
        self, now: datetime, *, only: frozenset[FeedId] | None = None, manual: bool = False
    ) -> datetime | None:
        """Return the instant at which the first feed can be claimed; None if there are no feeds.

        A feed's instant is the latest of its host's slot, its hold, the claim of a poll under way and its next_poll_at,
        moved out of skipped hours. With `manual`, next_poll_at and skipped hours do not count.
        """

    def sighted(self, feed_id: FeedId, entry_keys: Iterable[int], guid_keys: Iterable[int]) -> tuple[Sighting, ...]:
        """Return the sightings of this feed that have one of these entry keys or guid keys."""

    def record_polls(self, outcomes: Sequence[PollOutcome], now: datetime) -> tuple[Recorded, ...]:
        """Record each poll's headlines, sightings, validators and next_poll_at, all in one transaction."""

    def feed_states(self) -> dict[FeedId, FeedState]:
        """The state of every configured feed."""

    def ungrouped(self, limit: int) -> tuple[Headline, ...]:
        """Return headlines without a story, in the order of (happened_at, id)."""

    def window(
        self, since: datetime, *, until: datetime | None = None, after: int = 0, but: int = -1
    ) -> tuple[Grouped, ...]:
        """Return grouped headlines that happened from `since` to `until`.

        Only those with a change sequence above `after` and other than `but`, that of the caller's own last change.
        """

    def corrections(self) -> tuple[Correction, ...]:
        """Return people's corrections, oldest first."""

    def save_assignments(self, assignments: Sequence[Assignment], now: datetime) -> int:
        """Write the headlines' stories, and update the touched stories' counts, leads and aliases.

        Returns the change sequence that the written headlines have now. A story left without headlines becomes an
        alias of the story that took the last of them, its opener's first.
        """

    def exclusively(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock `name` across processes; yields False at once if another process holds it."""

    def daemon_seen(self, now: datetime) -> None:
        """Record a tick. If the clock went back since the last one, adjust the schedule."""

    def prune(self, now: datetime, keep: timedelta, *, stopping: Callable[[], bool] = lambda: False) -> int:
        """Delete headlines last seen in a feed more than `keep` ago, leaving tombstones; return how many.

        Stops early once `stopping` returns true, and leaves the rest for the next call.
        """

    def close(self) -> None:
        """Close the connection."""


class Subscriptions(Protocol):
    """The state of WebSub. Each method is one transaction; a push is acknowledged after it."""

    def claim_requests(
        self, now: datetime, *, base: str, limit: int, draw: Callable[[], str]
    ) -> tuple[HubRequest, ...]:
        """Bring the subscriptions in line with the hubs that feeds announce, and claim the requests that are due.

        We want one subscription for each configured feed that announces a hub, and none if `base`, the public address
        at which hubs reach us, is "". A subscription that is no longer wanted is cancelled, or deleted if its hub never
        confirmed it. `draw` returns an unguessable string for each token and secret.
        """

    def record_answers(self, answers: Sequence[HubAnswer], now: datetime) -> None:
        """Record the hubs' answers to our requests, except where a hub has confirmed in the meantime."""

    def subscription(self, token: str) -> Subscription | None:
        """Return the subscription whose callback address has this token."""

    def confirm(self, token: str, mode: str, topic: str, lease: timedelta, now: datetime) -> bool:
        """Answer a hub's verification of intent: if we want this, record it and return True."""

    def deny(self, token: str, topic: str, reason: str, now: datetime) -> bool:
        """Record that the hub denied a subscription; False if it is not ours."""

    def receive(self, token: str, body: bytes | None, content_type: str, now: datetime) -> bool:
        """Store a push until it is parsed, and drop the oldest if there are too many; False if none is expected.

        Without a body, and for each push that is dropped, the feed is made due.
        """

    def pushes(self, limit: int) -> tuple[Push, ...]:
        """Return the oldest waiting pushes."""

    def record_pushes(self, outcomes: Sequence[PushOutcome], now: datetime) -> tuple[Recorded, ...]:
        """Write the pushes' headlines and delete the pushes, in one transaction; the feeds are made due."""

    def close(self) -> None:
        """Close the connection."""


class Reader(Protocol):
    """Lists, search and neighbours on a read-only connection; a query over its limit of CPU time is a BadRequest."""

    def version(self) -> int:
        """Return the change sequence, which grows whenever headlines, stories or the health of feeds change."""

    def changed_at(self) -> datetime:
        """Return when the content last changed (the epoch in an empty database)."""

    def headline(self, key: HeadlineId | None = None, *, url: CanonicalUrl | None = None) -> Headline | None:
        """Return one headline by id (or an alias) or by canonical URL."""

    def story_of(self, key: HeadlineId) -> StoryId | None:
        """Return the story that a headline belongs to."""

    def stories_of(self, keys: Iterable[HeadlineId]) -> dict[HeadlineId, StoryRef]:
        """Return the stories of these headlines, without the headlines that are in none."""

    def headlines(self, question: Question) -> Page[Headline]:
        """Return headlines, newest first by happened_at; with `search` the best match first."""

    def stories(self, question: Question) -> Page[Story]:
        """Return stories, leading first: by independent publishers and recency. `others` has up to four headlines."""

    def story(self, key: StoryId) -> StoryDetail | StoryId | None:
        """Return a story, the id of the story that it was merged into, or None."""

    def neighbours(
        self, terms: Sequence[str], *, since: datetime, kin: Sequence[Sequence[str]] = (), limit: int = 100
    ) -> Neighbourhood:
        """Return headlines since then that share the most telling of these terms (`text.terms`), at most `limit`.

        They are followed by at most as many of the newest that hold a term of `kin` (`stories.kin`) but none of these.
        The count of headlines per term is of those since then; for common terms it is an estimate.
        """

    def latest(self, *, topic: TopicSlug | None, since: datetime, limit: int) -> Neighbourhood:
        """Return the newest headlines, one per story, for a labelled fallback."""

    def topics(self, since: datetime) -> tuple[TopicCount, ...]:
        """Count headlines and stories of each topic since then (`name` is the slug: the configuration has the name)."""

    def configured(self) -> tuple[Feed, ...]:
        """Return every configured feed, without counting anything."""

    def feeds(self) -> tuple[tuple[Feed, FeedState, int, tuple[int, ...]], ...]:
        """Return each configured feed, its state, its number of kept headlines, and of new ones on each day.

        The days are the last fourteen, oldest first.
        """

    def holds(self, now: datetime) -> dict[str, datetime]:
        """Return the hosts that are held (429, 503), with the end of each hold."""
        ...

    def subscriptions(self) -> dict[FeedId, Subscription]:
        """Return our subscriptions at hubs, without tokens and secrets."""

    def close(self) -> None:
        """Close the connection."""


class Admin(Protocol):
    """Import, corrections, backup, checks."""

    def import_headlines(self, headlines: Sequence[Headline], aliases: Sequence[str | None], now: datetime) -> int:
        """Add headlines as if polled, each with an alias for its imported id; return how many were new."""

    def export(self, *, topic: TopicSlug | None = None, since: datetime | None = None) -> Iterable[Headline]:
        """Yield every headline, including copies, oldest first."""

    def correct(self, correction: Correction, now: datetime) -> None:
        """Store a person's correction; the next grouping applies it."""

    def withdraw(self, key: HeadlineId) -> int:
        """Delete every correction that names a headline; return how many there were."""

    def make_due(self, now: datetime, *, only: frozenset[FeedId] | None = None) -> int:
        """Make these configured feeds (None: all) due at the next tick; return how many were brought forward.

        This overrides intervals and back-off, but never a hold. A feed that is being polled, or was in the last minute,
        keeps its time.
        """

    def hold_daemon(self) -> AbstractContextManager[None]:
        """Be the only daemon of this database; StoreBusy names the process that is the daemon already."""

    def backup(self, target: Path) -> None:
        """Write a complete copy while others write to the database."""

    def check(self) -> tuple[str, ...]:
        """Return every complaint of the integrity, foreign key and full-text checks; empty if all is well."""

    def stats(self) -> dict[str, int | str]:
        """Return the rows of each table, the size in bytes, and the schema version."""

    def close(self) -> None:
        """Close the connection."""


@dataclass(frozen=True, slots=True)
class Backend:
    """The four faces of one database; each call opens a new connection for the calling thread."""

    url: str
    store: Callable[[], Store]
    reader: Callable[[], Reader]
    admin: Callable[[], Admin]
    subscriptions: Callable[[], Subscriptions]
    migrated: tuple[str, ...] = ()  # names of the migrations that ran when it was opened


Older = Literal["migrate", "spare", "keep"]
"""What happens to a database of an older schema: it is migrated; or that, unless a daemon holds it; or left as it is.

Only the daemon itself migrates in any case: the statements of a running older daemon know only its own schema.
"""


def open_store(url: str, *, query_limit: timedelta | None = None, older: Older = "migrate") -> Backend:
    """Open the database at a path or `sqlite:///path`, creating or migrating the file; `postgresql://` is refused.

    `query_limit` is how long a question of its readers may work; without it, as long as one from the web. Of a backend
    that keeps an older schema, only what that schema has can be used.

    Raises: StoreDamaged, StoreTooNew, StoreError; each message says what to do.
    """
    if url.startswith(("postgresql://", "postgres://")):
        raise StoreError("this wirekin has no PostgreSQL backend yet: give a path, as in --database data/wirekin.db")
    from wirekin.store._sqlite import open_sqlite

    return open_sqlite(url, query_limit=query_limit, older=older)


def sqlite_file(url: str) -> Path | None:
    """Return the file of a path or `sqlite:///path`; None for another URL. Raises StoreError for an unknown ~user."""
    path = url.removeprefix("sqlite:///")
    try:
        return None if "://" in path else Path(path).expanduser()
    except RuntimeError:
        raise StoreError(f"{path}: nobody here has that home: write the whole path") from None


def sqlite_version() -> str:
    """Return the version of the SQLite library in this process."""
    import sqlite3

    return sqlite3.sqlite_version
