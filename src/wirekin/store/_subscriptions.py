"""The state of WebSub: the hub that each feed announces, our subscriptions there, and whether polls and pushes agree.

The table hubs has what feeds announce, written by polls; subscriptions has what we requested. The difference is what
to request. One row per subscription::

    asked -> active (confirmed, its lease runs) -> asked again before a fifth of the lease is left
      |        `-> leaving (no longer wanted) -> gone, once the hub confirmed it, or after LAST_WORDS requests
      `-> denied -> asked, a week later
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from wirekin.model import (
    FeedId,
    HubAnswer,
    HubRequest,
    PollOutcome,
    Push,
    Pushed,
    PushOutcome,
    Recorded,
    Subscription,
    SubscriptionState,
)
from wirekin.schedule import HUB_REFUSED_FOR, HUB_RENEWED_AT, LEASE, UNPUSHED_POLLS
from wirekin.store import _pushes
from wirekin.store._connection import Writer, translated
from wirekin.store._rows import Row, feed_from, instant, micros, storable

LAST_WORDS: Final = 3  # requests to unsubscribe; after that the row is deleted, and the lease expires by itself

_WANTED = """
select h.feed_n, h.hub, h.topic
from hubs as h join feeds as f on f.n = h.feed_n join feed_states as p on p.feed_n = h.feed_n
where f.configured = 1 and p.merged_into is null and :base <> '' and not exists (
    select 1 from subscriptions as s where s.feed_n = h.feed_n and s.state <> 'leaving')
"""
# A subscription at another hub, topic or base is one of these: `_part` has ended it before `_want` asks what is wanted.
_UNWANTED = """
select s.n, s.feed_n, s.state from subscriptions as s
where s.state <> 'leaving' and (s.base <> :base or not exists (
    select 1 from hubs as h join feeds as f on f.n = h.feed_n join feed_states as p on p.feed_n = h.feed_n
    where h.feed_n = s.feed_n and f.configured = 1 and p.merged_into is null and h.hub = s.hub and h.topic = s.topic))
"""
_DUE = """
select s.n, f.config, s.state, s.hub, s.topic, s.base, s.token, s.secret, s.attempts
from subscriptions as s join feeds as f on f.n = s.feed_n
where s.next_try_at <= :at order by s.next_try_at, s.n limit :limit
"""
_COLUMNS = "f.id, s.hub, s.topic, s.state, s.lease_until, s.detail"


class SqliteSubscriptions(Writer):
    """Subscriptions and pushes, on a connection of its own."""

    # --- what we ask hubs --------------------------------------------------------------------------------------

    def claim_requests(
        self, now: datetime, *, base: str, limit: int, draw: Callable[[], str]
    ) -> tuple[HubRequest, ...]:
        """Bring the subscriptions in line with the hubs that feeds announce, and claim the requests that are due.

        Each claim first moves next_try_at by the lease, so that a crash sends no hub two requests in a row.
        """
        asked = {"base": base, "at": micros(now), "limit": limit}
        with translated(self._path):
            if all(self._conn.execute(ask, asked).fetchone() is None for ask in (_WANTED, _UNWANTED, _DUE)):
                return ()  # the usual case: 11 ms with 10,000 subscriptions (2026-11), and no write lock
        with self._writing() as conn:
            _part(conn, asked, now)
            _want(conn, asked, draw)
            _lapse(conn, asked)
            due = conn.execute(_DUE, asked).fetchall()
            conn.executemany(
                "update subscriptions set attempts = attempts + 1, next_try_at = ?, "
                "state = case state when 'denied' then 'asked' else state end where n = ?",
                [(micros(now + LEASE), row[0]) for row in due],
            )
        return tuple(map(_request, due))

    def record_answers(self, answers: Sequence[HubAnswer], now: datetime) -> None:
        """Record hubs' answers; a hub's confirmation in the meantime (attempts = 0) counts more than its answer."""
        with self._writing() as conn:
            for answer in answers:
                _record_answer(conn, answer, now)

    # --- what hubs ask us --------------------------------------------------------------------------------------

    def subscription(self, token: str) -> Subscription | None:
        """Return the subscription whose callback address has this token."""
        ask = f"select {_COLUMNS}, s.token, s.secret, s.secure from {_OF_FEEDS} where s.token = ?"
        with translated(self._path):
            row = self._conn.execute(ask, (token,)).fetchone()
        return _subscription(row) if row else None

    def confirm(self, token: str, mode: str, topic: str, lease: timedelta, now: datetime) -> bool:
        """Answer a hub's verification of intent: if we want this, record it and return True.

        A hub may verify a confirmed subscription again (WebSub section 5); the answer is yes while we want it.
        """
        with self._writing() as conn:
            row = conn.execute("select n, state from subscriptions where token = ? and topic = ?", (token, topic))
            n, state = row.fetchone() or (0, "")
            if mode == "subscribe" and state in ("asked", "active"):
                conn.execute(
                    "update subscriptions set state = 'active', lease_until = ?, next_try_at = ?, attempts = 0, "
                    "detail = '' where n = ?",
                    (micros(now + lease), micros(now + HUB_RENEWED_AT * lease), n),
                )
                return True
            if mode == "unsubscribe" and state == "leaving":
                conn.execute("delete from subscriptions where n = ?", (n,))
                return True
        return False

    def deny(self, token: str, topic: str, reason: str, now: datetime) -> bool:
        """Record that the hub denied a subscription; False if it is not ours. The feed is only polled from then on."""
        with self._writing() as conn:
            denied = conn.execute(
                "update subscriptions set state = 'denied', lease_until = null, detail = ?, next_try_at = ? "
                "where token = ? and topic = ? and state in ('asked', 'active') returning feed_n",
                (storable(reason), micros(now + HUB_REFUSED_FOR), token, topic),
            ).fetchall()
            for (feed_n,) in denied:
                _pushes.make_due(conn, feed_n, now, taken=True)
        return bool(denied)

    # --- what hubs push ----------------------------------------------------------------------------------------

    def receive(self, token: str, body: bytes | None, content_type: str, now: datetime) -> bool:
        """Store a push until it is parsed, and drop the oldest if there are too many; False if none is expected."""
        with self._writing() as conn:
            row = conn.execute(
                "select feed_n, unread_until from subscriptions where token = ? and state = 'active'", (token,)
            ).fetchone()
            if row is None:
                return False
            feed_n, unread_until = row
            if body is None or unread_until > micros(now):
                _pushes.make_due(conn, feed_n, now, taken=False)
            else:
                _pushes.put(conn, feed_n, body, content_type, now)
        return True

    def pushes(self, limit: int) -> tuple[Push, ...]:
        """Return the oldest waiting pushes."""
        with translated(self._path):
            return _pushes.oldest(self._conn, limit)

    def record_pushes(self, outcomes: Sequence[PushOutcome], now: datetime) -> tuple[Recorded, ...]:
        """Write the pushes' headlines and delete the pushes, in one transaction; the feeds are made due.

        Raises: StoreFull, with nothing of the batch written and every push still there.
        """
        with self._writing() as conn:
            return _pushes.record(conn, outcomes, now)


# --- inside the transaction of a poll --------------------------------------------------------------------------


def pushed(conn: sqlite3.Connection, feeds: Iterable[int], at: int) -> dict[int, Pushed]:
    """Return, by feed_n, those of these feeds whose news a hub pushes at `at` (microseconds)."""
    rows = conn.execute(
        "select feed_n, lease_until, misses from subscriptions "
        "where state = 'active' and lease_until > ? and feed_n in (select value from json_each(?))",
        (at, json.dumps(list(feeds))),
    )
    return {feed_n: Pushed(instant(until), misses) for feed_n, until, misses in rows}


def polled(conn: sqlite3.Connection, feed_n: int, outcome: PollOutcome, now: datetime) -> None:
    """Record what a poll says about the feed's hub: that it has changed, or that it failed to push something."""
    for hub in outcome.announced or ():
        conn.execute(
            "insert into hubs (feed_n, hub, topic) values (?, ?, ?) "
            "on conflict (feed_n) do update set hub = excluded.hub, topic = excluded.topic",
            (feed_n, hub.url, hub.topic),
        )
    if outcome.announced == ():
        conn.execute("delete from hubs where feed_n = ?", (feed_n,))
    if outcome.unpushed:  # after too many misses subscribe again at once: the hub may have forgotten us
        conn.execute(
            "update subscriptions set misses = misses + 1, "
            "next_try_at = iif(misses + 1 = ?, min(next_try_at, ?), next_try_at) where feed_n = ? and state = 'active'",
            (UNPUSHED_POLLS, micros(now), feed_n),
        )


# --- the steps of claim_requests -------------------------------------------------------------------------------


def _part(conn: sqlite3.Connection, asked: dict[str, object], now: datetime) -> None:
    """Cancel subscriptions that are no longer wanted; delete those that the hub never confirmed."""
    for n, feed_n, state in conn.execute(_UNWANTED, asked).fetchall():
        if state != SubscriptionState.ACTIVE:
            conn.execute("delete from subscriptions where n = ?", (n,))
            continue
        conn.execute(
            "update subscriptions set state = 'leaving', attempts = 0, next_try_at = ? where n = ?", (micros(now), n)
        )
        _pushes.make_due(conn, feed_n, now, taken=True)  # its next poll may be hours away
    conn.execute(
        "delete from subscriptions where state = 'leaving' and next_try_at <= :at "
        "and (attempts >= :most or lease_until <= :at)",
        {"at": asked["at"], "most": LAST_WORDS},
    )


def _want(conn: sqlite3.Connection, asked: dict[str, object], draw: Callable[[], str]) -> None:
    """Insert a row for each subscription that is wanted and missing."""
    conn.executemany(
        "insert into subscriptions (token, secret, feed_n, hub, topic, base, state, next_try_at) "
        "values (?, ?, ?, ?, ?, ?, 'asked', ?)",
        [(draw(), draw(), *row, asked["base"], asked["at"]) for row in conn.execute(_WANTED, asked).fetchall()],
    )


def _lapse(conn: sqlite3.Connection, asked: dict[str, object]) -> None:
    """Request subscriptions with an expired lease again: the hub pushes nothing until it confirms."""
    conn.execute(
        "update subscriptions set state = 'asked' where state = 'active' and next_try_at <= :at and lease_until <= :at",
        {"at": asked["at"]},
    )


def _record_answer(conn: sqlite3.Connection, answer: HubAnswer, now: datetime) -> None:
    if answer.refused:
        conn.execute("delete from subscriptions where token = ? and state = 'leaving'", (answer.token,))
    if answer.accepted:
        conn.execute("update subscriptions set secure = ? where token = ?", (int(answer.secure), answer.token))
    # an active subscription stays active until its lease ends, and is then tried again at the latest
    conn.execute(
        "update subscriptions set detail = :detail, "
        "state = iif(:refused and state = 'asked', 'denied', state), "
        "next_try_at = iif(state = 'active' and lease_until > :at, min(:next, lease_until), :next) "
        "where token = :token and attempts > 0",
        {
            "detail": storable(answer.detail),
            "refused": answer.refused,
            "at": micros(now),
            "next": micros(answer.next_try_at),
            "token": answer.token,
        },
    )


# --- rows into values ------------------------------------------------------------------------------------------

_OF_FEEDS = "subscriptions as s join feeds as f on f.n = s.feed_n"


def wanted_subscriptions(conn: sqlite3.Connection) -> dict[FeedId, Subscription]:
    """Return our subscriptions without tokens and secrets, and without those that we are cancelling."""
    rows = conn.execute(f"select {_COLUMNS}, '', '', s.secure from {_OF_FEEDS} where s.state <> 'leaving'")
    return {FeedId(row[0]): _subscription(row) for row in rows}


def _subscription(row: Row) -> Subscription:
    feed_id, hub, topic, state, lease_until, detail, token, secret, secure = row
    return Subscription(
        feed_id=FeedId(feed_id),
        hub=hub,
        topic=topic,
        state=SubscriptionState(state),
        lease_until=None if lease_until is None else instant(lease_until),
        detail=detail,
        token=token,
        secret=secret,
        secure=bool(secure),
    )


def _request(row: Row) -> HubRequest:
    _, config, state, hub, topic, base, token, secret, attempts = row
    mode = "unsubscribe" if state == SubscriptionState.LEAVING else "subscribe"
    return HubRequest(feed_from(config), mode, hub, topic, f"{base}/websub/{token}", token, secret, attempts)
