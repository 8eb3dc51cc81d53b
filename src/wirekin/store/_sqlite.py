"""The SQLite backend: `open_sqlite`, and the store for polling and grouping.

Each method of `SqliteStore` is one transaction, IMMEDIATE if it writes, around a function of the module for its
subject: _claims (the schedule), _moves (moved feeds), _headlines (headlines and sightings), _articles (their own
pages), _stories, _prune. The other faces are in _reader, _admin and _subscriptions; all of them open their connections
by _connection and convert rows by _rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from wirekin.errors import StoreError
from wirekin.model import (
    Assignment,
    Claim,
    Feed,
    FeedId,
    FeedState,
    Headline,
    HeadlineId,
    PollOutcome,
    Recorded,
    Sighting,
    StoryId,
)
from wirekin.store import Backend, Correction, Grouped, Older, _articles, _claims, _moves, _prune, _stories, sqlite_file
from wirekin.store._admin import SqliteAdmin
from wirekin.store._connection import QUERY_LIMIT, Writer, prepare, translated
from wirekin.store._headlines import Changes, sightings_of
from wirekin.store._locks import lock_file, try_lock
from wirekin.store._reader import SqliteReader
from wirekin.store._rows import HEADLINE_COLUMNS, HEADLINE_WIDTH, Row, feed_config, headline_from, micros
from wirekin.store._subscriptions import SqliteSubscriptions

_CONFIGURED = """
insert into feeds (id, host, config, configured) values (?, ?, ?, 1)
on conflict (id) do update set host = excluded.host, config = excluded.config, configured = 1
"""

_UNGROUPED = (
    f"select {HEADLINE_COLUMNS} from headlines as h where h.story_id is null order by h.happened_at, h.id limit ?"
)

_WINDOW = f"""
select {HEADLINE_COLUMNS}, h.story_id, h.copy_of, h.join_score, h.sequence
from headlines as h
where h.story_id is not null and h.sequence > :after and h.sequence <> :but and h.happened_at >= :since
    and (:until is null or h.happened_at <= :until)
order by h.happened_at, h.id
"""


def open_sqlite(url: str, *, query_limit: timedelta | None = None, older: Older = "migrate") -> Backend:
    """Open a path or `sqlite:///path`; a missing file is created, an older schema migrated.

    `older` says what happens to one of an older schema.

    Raises: StoreDamaged, StoreTooNew, StoreError; a file that is not ours is left untouched.
    """
    file = sqlite_file(url)
    if file is None:
        raise StoreError(f"no backend for {url.partition('://')[0]}://: give a path or sqlite:///path")
    path = file.absolute()
    migrated = prepare(path, older)
    return Backend(
        url=url,
        store=lambda: SqliteStore(path),
        reader=lambda: SqliteReader(path, limit=QUERY_LIMIT if query_limit is None else query_limit),
        admin=lambda: SqliteAdmin(path),
        subscriptions=lambda: SqliteSubscriptions(path),
        migrated=migrated,
    )


class SqliteStore(Writer):
    """Polling and grouping, on a connection of its own."""

    _floods: _stories.Floods | None = None

    # --- polling -----------------------------------------------------------------------------------------------

    def sync_feeds(self, feeds: Sequence[Feed], now: datetime) -> None:
        """Make the database's feeds those of the configuration; the state of a removed feed is kept."""
        wanted = {feed.id: feed_config(feed) for feed in feeds}
        with self._writing() as conn:
            if dict(conn.execute("select id, config from feeds where configured = 1")) == wanted:
                return
            conn.execute("update feeds set configured = 0")
            conn.executemany(_CONFIGURED, [(feed.id, feed.host, wanted[feed.id]) for feed in feeds])
            conn.execute(
                "insert into feed_states (feed_n, next_poll_at) "
                "select n, ? from feeds where true on conflict do nothing",
                (micros(now),),
            )
            _moves.put_hosts(conn)
            _moves.settle(conn, now)
            Changes(conn, micros(now)).sequence()

    def claim_due(
        self, now: datetime, *, limit: int, only: frozenset[FeedId] | None = None, manual: bool = False
    ) -> tuple[Claim, ...]:
        """Claim due feeds with a free host, at most one per host; each claim has the feed's state before the claim."""
        with self._writing() as conn:
            return _claims.claim_due(conn, now, limit, only, manual=manual)

    def due(self, now: datetime, *, only: frozenset[FeedId] | None = None, manual: bool = False) -> frozenset[FeedId]:
        """Return the feeds that are due (with `manual` all), not held, and not merged into another feed."""
        with translated(self._path):
            return _claims.due(self._conn, now, only, manual=manual)

    def next_due_at(
        self, now: datetime, *, only: frozenset[FeedId] | None = None, manual: bool = False
    ) -> datetime | None:
        """Return the instant, `now` or later, at which the first feed can be claimed; None if there are no feeds."""
        with translated(self._path):
            return _claims.next_due_at(self._conn, now, only, manual=manual)

    def take_host(self, host: str, now: datetime) -> datetime | None:
        """Take a host's slot until `give_back_host`: None on success, else the instant at which to try again."""
        with self._writing() as conn:
            return _claims.take_host(conn, host, now)

    def give_back_host(self, host: str, now: datetime) -> None:
        """Free the host for others one second after `now`."""
        with self._writing() as conn:
            _claims.give_back_host(conn, host, now)

    def leave_host(self, host: str, feed_id: FeedId, now: datetime) -> bool:
        """Free the host that this feed's poll has held since its claim; False if it does not hold it any more."""
        with self._writing() as conn:
            return _claims.leave_host(conn, host, feed_id, now)

    def hold_host(self, host: str, until: datetime) -> None:
        """Send the host no request before `until`: it answered 429 or 503."""
        with self._writing() as conn:
            _claims.hold_host(conn, host, until)

    def sighted(self, feed_id: FeedId, entry_keys: Iterable[int], guid_keys: Iterable[int]) -> tuple[Sighting, ...]:
        """Return the sightings of this feed that have one of these entry keys or guid keys."""
        with translated(self._path):
            return sightings_of(self._conn, feed_id, entry_keys, guid_keys)

    def record_polls(self, outcomes: Sequence[PollOutcome], now: datetime) -> tuple[Recorded, ...]:
        """Record each poll's headlines, sightings, validators and next_poll_at, all in one transaction.

        Raises: StoreFull, with nothing of the batch written.
        """
        with self._writing() as conn:
            return _claims.record(conn, outcomes, now)

    def feed_states(self) -> dict[FeedId, FeedState]:
        """Return the state of every configured feed."""
        with translated(self._path):
            return _claims.states(self._conn)

    # --- article pages -----------------------------------------------------------------------------------------

    def incomplete(self, feed_id: FeedId, limit: int) -> tuple[Headline, ...]:
        """Return headlines in the feed's current document that lack an image or a time, newest first."""
        with translated(self._path):
            return _articles.incomplete(self._conn, feed_id, limit)

    def claim_article(self, key: HeadlineId, now: datetime) -> bool:
        """Record that the article's page is fetched now; False if it was fetched before or the headline is gone."""
        with self._writing() as conn:
            return _articles.claim(conn, key, now)

    def complete(self, listed: Headline, found: Headline, now: datetime) -> bool:
        """Fill the empty fields of a headline from `found`, and take its title; return whether anything changed."""
        with self._writing() as conn:
            return _articles.complete(conn, listed, found, now)

    # --- grouping ----------------------------------------------------------------------------------------------

    def ungrouped(self, limit: int) -> tuple[Headline, ...]:
        """Return headlines without a story, in the order of (happened_at, id)."""
        with translated(self._path):
            return tuple(map(headline_from, self._conn.execute(_UNGROUPED, (limit,))))

    def window(
        self, since: datetime, *, until: datetime | None = None, after: int = 0, but: int = -1
    ) -> tuple[Grouped, ...]:
        """Return grouped headlines that happened from `since` to `until`; `after` and `but` are change sequences."""
        asked = {"since": micros(since), "until": micros(until) if until else None, "after": after, "but": but}
        with translated(self._path):
            return tuple(map(_grouped, self._conn.execute(_WINDOW, asked)))

    def corrections(self) -> tuple[Correction, ...]:
        """Return people's corrections, oldest first."""
        with translated(self._path):
            rows = self._conn.execute("select a, b, must from corrections order by said_at, n")
            return tuple(Correction(HeadlineId(a), HeadlineId(b), bool(must)) for a, b, must in rows)

    def save_assignments(self, assignments: Sequence[Assignment], now: datetime) -> int:
        """Write the headlines' stories and update the touched stories; return the headlines' new change sequence."""
        if not assignments:
            return 0
        with self._writing() as conn:
            sequence = Changes(conn, micros(now)).sequence()
            floods = _stories.save(conn, assignments, sequence, self._floods)
        self._floods = floods  # only after the commit: a rollback also undoes which stories were set back
        return sequence

    def exclusively(self, name: str) -> AbstractContextManager[bool]:
        """Hold the lock `name` across processes; yields False at once if another process holds it."""
        return try_lock(lock_file(self._path, name))

    # --- the end -----------------------------------------------------------------------------------------------

    def daemon_seen(self, now: datetime) -> None:
        """Record a tick. If the clock went back since the last one, adjust the schedule."""
        with self._writing() as conn:
            if conn.execute("select 1 from meta where last_tick_at > ?", (micros(now),)).fetchone():
                _claims.follow_clock(conn, now)
            conn.execute("update meta set last_tick_at = ?", (micros(now),))

    def prune(self, now: datetime, keep: timedelta, *, stopping: Callable[[], bool] = lambda: False) -> int:
        """Delete headlines last seen in a feed more than `keep` ago, leaving tombstones; return how many.

        Each transaction deletes a few hundred, so that other processes' polls get their turn and a stop need not wait.
        """
        since, pruned = micros(now - keep), 0
        while not stopping():
            with self._writing() as conn:
                batch = _prune.prune_batch(conn, since, micros(now))
            pruned += batch
            if batch < _prune.BATCH:
                break
        with self._writing() as conn:
            _prune.prune_sightings(conn, since)
            _claims.forget_hosts(conn, now)
        return pruned


def _grouped(row: Row) -> Grouped:
    headline = headline_from(row)
    story_id, copy_of, score, sequence = row[HEADLINE_WIDTH:]
    return Grouped(headline, Assignment(headline.id, StoryId(story_id), copy_of, score), sequence)
