"""Moved feeds, inside an open transaction: at which host they are polled, and which of them are merged.

`wirekin.moves` decides what a move is, and which feed is kept.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import datetime

from wirekin import moves, urls
from wirekin.model import Feed, FeedId, FeedState
from wirekin.schedule import FLOOR
from wirekin.store._rows import feed_from, micros

# Only feeds on one host can meet, so the others are not compared.
_MEETING = """
select f.n, f.config, s.address, s.merged_into
from feeds as f join feed_states as s on s.feed_n = f.n
where f.configured = 1 and (
    s.address is not null or s.merged_into is not null
    or f.host in (select m.host from feeds as m join feed_states as t on t.feed_n = m.n where t.address is not null))
order by f.n
"""


def settle(conn: sqlite3.Connection, now: datetime) -> None:
    """Decide again which feeds are merged; a feed whose merge changes is not due before the floor.

    Call it after `put_host`, whenever an address or the configuration has changed.
    """
    rows = [(n, feed_from(config), address, merged) for n, config, address, merged in conn.execute(_MEETING)]
    same = moves.same_feeds([(feed, address) for _, feed, address, _ in rows])
    changed = [(same.get(feed.id), n) for n, feed, _, merged in rows if same.get(feed.id) != merged]
    conn.executemany(
        "update feed_states set merged_into = ?, next_poll_at = max(next_poll_at, ?) where feed_n = ?",
        [(merged, micros(now + FLOOR), n) for merged, n in changed],
    )


def put_host(conn: sqlite3.Connection, feed_n: int) -> None:
    """Set a feed's host to that of the address at which it is polled."""
    config, address = conn.execute(
        "select f.config, s.address from feeds as f join feed_states as s on s.feed_n = f.n where f.n = ?", (feed_n,)
    ).fetchone()
    host = urls.host_key(address) if address else feed_from(config).host
    conn.execute("update feeds set host = ? where n = ?", (host, feed_n))


def put_hosts(conn: sqlite3.Connection) -> None:
    """Set the host of every feed that has moved."""
    for (feed_n,) in conn.execute("select feed_n from feed_states where address is not null").fetchall():
        put_host(conn, feed_n)


def follow(conn: sqlite3.Connection, feed_n: int, state: FeedState, before: str | None, now: datetime) -> bool:
    """Apply a recorded poll to a feed's move; return whether `settle` must decide again which feeds are merged.

    `before` is the feed's address before the poll.
    """
    if state.address != before:
        put_host(conn, feed_n)
    gave_up = moves.has_failed(state, now) and _give_up(conn, state.feed_id)
    return gave_up or state.address != before


def _give_up(conn: sqlite3.Connection, kept: FeedId) -> bool:
    """Send the feeds merged into `kept` back to their addresses in feeds.yml; return whether there are any.

    The shared address has failed, but their own may work: their own polls would have done the same. `settle` sees to it
    that none is due before the floor.
    """
    rows = conn.execute(
        "update feed_states set address = null, moved_to = null, moved_since = null, moved_polls = 0 "
        "where merged_into = ? returning feed_n",
        (kept,),
    ).fetchall()
    for (feed_n,) in rows:
        put_host(conn, feed_n)
    return bool(rows)


def merged(conn: sqlite3.Connection) -> dict[FeedId, list[Feed]]:
    """Return the merged feeds by the feed that is kept."""
    found = defaultdict(list)
    for kept, config in conn.execute(
        "select s.merged_into, f.config from feed_states as s join feeds as f on f.n = s.feed_n "
        "where s.merged_into is not null and f.configured = 1"
    ):
        found[FeedId(kept)].append(feed_from(config))
    return found
