"""Delete headlines that no feed has shown for long, and sightings of entries that no topic wanted.

A headline was last seen when a feed that shows it last answered, even with 304. Sightings are not written for 304s, so
a sighting as old as the feed's document counts as seen at the feed's last answer.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from wirekin.model import key_of
from wirekin.store._headlines import Changes
from wirekin.store._stories import recount, retire_empty

BATCH: Final = 500  # headlines deleted per transaction: about 50 ms, short enough for polls to come between

SEEN_SINCE: Final = """
exists (
    select 1 from sightings as g join feed_states as s on s.feed_n = g.feed_n
    where g.headline_n = h.n
        and case when g.last_seen_at = s.document_at then coalesce(s.last_ok_at, g.last_seen_at)
            else g.last_seen_at end >= :since)
"""
"""SQL: whether a feed showed `headlines as h` at or after :since."""

_FORGOTTEN = f"""
select h.n, h.id, h.canonical_url, h.story_id from headlines as h
where h.first_seen_at < :since and not {SEEN_SINCE}
order by h.first_seen_at limit {BATCH}
"""


def prune_batch(conn: sqlite3.Connection, since: int, now: int) -> int:
    """Delete up to BATCH headlines that were last seen before `since` (microseconds); return how many there were."""
    rows = conn.execute(_FORGOTTEN, {"since": since}).fetchall()
    if not rows:
        return 0
    sequence = Changes(conn, now).sequence()
    _bury(conn, [(key, key_of(url) if url else None, now) for _, key, url, _ in rows], now)
    stories = {story for *_, story in rows if story} | _promote_copies(conn, [key for _, key, _, _ in rows], sequence)
    numbers = json.dumps([n for n, *_ in rows])
    for statement in (
        "delete from headline_terms where rowid in (select value from json_each(?))",
        "delete from sightings where headline_n in (select value from json_each(?))",
        "delete from headlines where n in (select value from json_each(?))",
    ):
        conn.execute(statement, (numbers,))
    conn.execute("update meta set documents = documents - ?", (len(rows),))
    recount(conn, stories)
    retire_empty(conn, dict.fromkeys(stories, ""))
    return len(rows)


def _bury(conn: sqlite3.Connection, graves: list[tuple[str, int | None, int]], now: int) -> None:
    """Write tombstones, for aliases too, and delete the corrections that name these headlines."""
    insert = "insert into tombstones (id, url_key, pruned_at) values (?, ?, ?) on conflict do nothing"
    conn.executemany(insert, graves)
    ids = json.dumps([key for key, *_ in graves])
    conn.execute(
        "insert into tombstones (id, url_key, pruned_at) "
        "select a.alias, null, ? from headline_aliases as a join headlines as h on h.n = a.headline_n "
        "where h.id in (select value from json_each(?)) on conflict do nothing",
        (now, ids),
    )
    conn.execute(
        "delete from corrections where a in (select value from json_each(:ids)) "
        "or b in (select value from json_each(:ids))",
        {"ids": ids},
    )


def _promote_copies(conn: sqlite3.Connection, dead: list[str], sequence: int) -> set[str]:
    """Make the next copy of each deleted headline the first of its article; return the stories that this touches."""
    touched: set[str] = set()
    buried = set(dead)  # some of them may be copies of others
    for key in dead:
        copies = conn.execute("select id, story_id from headlines where copy_of = ? order by happened_at, n", (key,))
        heirs = [(copy, story) for copy, story in copies.fetchall() if copy not in buried]
        if not heirs:
            continue
        first = heirs[0][0]
        conn.execute(
            "update headlines set copy_of = nullif(?, id), sequence = ? where copy_of = ?", (first, sequence, key)
        )
        touched.update(story for _, story in heirs if story)
    return touched


def prune_sightings(conn: sqlite3.Connection, since: int) -> None:
    """Delete sightings of entries that no topic wanted and that no feed has shown since."""
    conn.execute(
        "delete from sightings where headline_n is null and last_seen_at < :since and not exists ("
        "select 1 from feed_states as s where s.feed_n = sightings.feed_n "
        "and s.document_at = sightings.last_seen_at and s.last_ok_at >= :since)",
        {"since": since},
    )
