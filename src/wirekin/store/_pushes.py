"""Pushes between their acknowledgement and the next tick, inside an open transaction: a bounded queue, read once.

A push that is dropped, or that cannot be parsed, still says that its feed has news, so the feed is made due.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from wirekin import moves
from wirekin.model import Feed, FeedId, Push, PushOutcome, Recorded
from wirekin.schedule import on_push
from wirekin.store import _moves
from wirekin.store._headlines import Changes, HeadlineWriter, put_sightings
from wirekin.store._rows import STATE_COLUMNS, Row, feed_from, instant, micros, state_from, storable

OF_FEED: Final = 16  # waiting pushes per feed: at one a second, those of three ticks
FEED_BYTES: Final = 4 << 20  # waiting bytes per feed: two of the largest pushes
UNREAD_FOR: Final = timedelta(hours=6)  # after a push that harmed its parser; workers remember poison as long
IN_ALL: Final = 2_000  # waiting pushes of all feeds: counting them at each arrival takes a millisecond
ALL_BYTES: Final = 64 << 20  # waiting bytes of all feeds: more pile up only if no daemon runs

_STATE = (
    f"select f.config, f.id, s.claimed_at, {STATE_COLUMNS} "
    "from feeds as f join feed_states as s on s.feed_n = f.n where f.n = ?"
)
_OLDEST = f"""
select p.n, p.content_type, p.body, f.config, {STATE_COLUMNS}
from pushes as p join feeds as f on f.n = p.feed_n join feed_states as s on s.feed_n = f.n
order by p.n limit ?
"""
# Delete all but the newest pushes that fit within the number and the bytes per feed and in all.
_TOO_MANY = """
with sized as materialized (select n, feed_n, length(body) as size from pushes),
kept as (
    select n,
        row_number() over of_feed as feed_turn, sum(size) over of_feed as feed_bytes,
        row_number() over of_all as turn, sum(size) over of_all as bytes
    from sized
    window of_feed as (partition by feed_n order by n desc), of_all as (order by n desc))
delete from pushes
where n in (select n from kept where feed_turn > ? or feed_bytes > ? or turn > ? or bytes > ?)
returning feed_n
"""


def put(conn: sqlite3.Connection, feed_n: int, body: bytes, content_type: str, now: datetime) -> None:
    """Store a push; drop the oldest that no longer fit, and make their feeds due."""
    conn.execute(
        "insert into pushes (feed_n, received_at, content_type, body) values (?, ?, ?, ?)",
        (feed_n, micros(now), storable(content_type), body),
    )
    dropped = conn.execute(_TOO_MANY, (OF_FEED, FEED_BYTES, IN_ALL, ALL_BYTES)).fetchall()
    for (loser,) in set(dropped):
        make_due(conn, loser, now, taken=False)


def make_due(conn: sqlite3.Connection, feed_n: int, now: datetime, *, taken: bool) -> None:
    """Let the feed be polled as soon as politeness allows; `taken` is explained at `schedule.on_push`."""
    config, feed_id, claimed_at, *row = conn.execute(_STATE, (feed_n,)).fetchone()
    state = state_from(FeedId(feed_id), tuple(row))
    claimed = None if claimed_at is None else instant(claimed_at)
    due_at = on_push(feed_from(config), state, claimed_at=claimed, taken=taken, now=now)
    conn.execute(
        "update feed_states set next_poll_at = :due, hinted_at = iif(:taken, hinted_at, :now) where feed_n = :feed",
        {"due": micros(due_at), "taken": taken, "now": micros(now), "feed": feed_n},
    )


def oldest(conn: sqlite3.Connection, limit: int) -> tuple[Push, ...]:
    """Return the oldest waiting pushes."""
    merged = _moves.merged(conn)
    return tuple(_push(row, merged) for row in conn.execute(_OLDEST, (limit,)))


def _push(row: Row, merged: Mapping[FeedId, Sequence[Feed]]) -> Push:
    n, content_type, body, config, *state = row
    own = feed_from(config)
    feed = moves.joined(own, merged.get(own.id, ()))
    return Push(n, feed, state_from(feed.id, tuple(state)), body, content_type)


def record(conn: sqlite3.Connection, outcomes: Sequence[PushOutcome], now: datetime) -> tuple[Recorded, ...]:
    """Write the headlines of pushes, and delete the pushes."""
    changes = Changes(conn, micros(now))
    headlines = HeadlineWriter(conn, changes)
    recorded = tuple(_record_one(conn, outcome, now, headlines, changes) for outcome in outcomes)
    headlines.finish()
    return recorded


def _record_one(
    conn: sqlite3.Connection, outcome: PushOutcome, now: datetime, headlines: HeadlineWriter, changes: Changes
) -> Recorded:
    row = conn.execute("delete from pushes where n = ? returning feed_n", (outcome.n,)).fetchone()
    if row is None:
        return Recorded(outcome.feed_id)  # dropped while it was being parsed; its feed is due already
    feed_n = row[0]
    new = sum([headlines.put(headline, feed_n) for headline in outcome.headlines])
    first = put_sightings(conn, outcome.feed_id, feed_n, outcome.sightings, headlines, micros(now))
    if first:
        changes.sequence()
        conn.execute(
            "update feed_states set delivered = delivered + ?, last_new_at = ? where feed_n = ?",
            (first, micros(now), feed_n),
        )
    if outcome.news:
        conn.execute("update subscriptions set misses = 0 where feed_n = ?", (feed_n,))
    if outcome.harmful:
        conn.execute("update subscriptions set unread_until = ? where feed_n = ?", (micros(now + UNREAD_FOR), feed_n))
        conn.execute("delete from pushes where feed_n = ?", (feed_n,))
    if outcome.news or not outcome.taken:  # a replay of known entries is no news
        make_due(conn, feed_n, now, taken=outcome.taken)
    return Recorded(outcome.feed_id, new)
