"""The schedule inside one open transaction: which feeds are due, whose host is free, and what a poll left behind."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from wirekin import moves
from wirekin.model import Claim, Feed, FeedHints, FeedId, FeedState, PollOutcome, Pushed, Recorded
from wirekin.schedule import HOST_HOLDS, LEASE, out_of_skips
from wirekin.store import _moves, _pushes, _subscriptions
from wirekin.store._headlines import Changes, HeadlineWriter, put_sightings
from wirekin.store._rows import (
    STATE_COLUMNS,
    STATE_WRITTEN,
    Row,
    feed_from,
    has_changed,
    instant,
    micros,
    numbers,
    state_from,
    state_row,
)

HOST_LEASE: Final = timedelta(seconds=60)  # a crashed poll's host is free again: an exchange ends after 30 s (C3)
MENDED: Final = timedelta(days=2)  # E10 speaks of a day; wrong time zones and daylight saving are hours
MADE_DUE_APART: Final = timedelta(minutes=1)  # a feed is not made due by hand within so long of its last poll
SPACING: Final = timedelta(seconds=1)  # between two exchanges with one host (requirement A11)

_LEASE: Final = HOST_LEASE // timedelta(microseconds=1)
# No lease of a host ends so far ahead, whatever the order of two processes: what does was written before the clock went
# back. Its poll may be under way still, so a lease of that time is a whole one from when it is seen.
_AHEAD: Final = 2 * _LEASE
# A claim of that time counts where `follow_clock` may still mend it; a last poll of that time ends no later claim.
_MENDED: Final = MENDED // timedelta(microseconds=1)
_ENDED: Final = f"iif(last_polled_at <= :now + {_MENDED}, last_polled_at, 0)"

# A poll may have left its host and be under way on another's: by force too its feed is not polled twice at once. One
# that died keeps its feed so for as long as it would have kept its host.
_CANDIDATES = f"""
select f.n, f.id, f.host, f.config,
    max(iif(h.busy_until <= :now + {_AHEAD}, h.busy_until, iif(h.busy_until, :now + {_LEASE}, 0)),
        coalesce(h.hold_until, 0), coalesce(s.hold_until, 0),
        iif(s.claimed_at > {_ENDED} and s.claimed_at <= :now + {_MENDED}, s.claimed_at + {_LEASE}, 0)),
    s.skip_hours, s.skip_days, {STATE_COLUMNS}
from feed_states as s
join feeds as f on f.n = s.feed_n
left join hosts as h on h.host = f.host
where f.configured = 1 and s.merged_into is null and (:only is null or f.id in (select value from json_each(:only)))
"""
_STATE_AT: Final = 7  # where STATE_COLUMNS begin in a candidate: first of them next_poll_at
_ALL = _CANDIDATES + "order by s.next_poll_at, s.feed_n"
_DUE = _CANDIDATES + "and s.next_poll_at <= :now order by s.next_poll_at, s.feed_n"

_DUE_IDS = """
select f.id
from feed_states as s
join feeds as f on f.n = s.feed_n
where f.configured = 1 and s.merged_into is null and (:only is null or f.id in (select value from json_each(:only)))
    and s.next_poll_at <= iif(:manual, 9e18, :now) and coalesce(s.hold_until, 0) <= :now
"""

# What is claimed has its lease in next_poll_at: moved, it would be polled twice at once (requirement A4).
_MAKE_DUE = f"""
update feed_states set next_poll_at = :now
where next_poll_at > :now and merged_into is null and coalesce(hold_until, 0) <= :now
    and not coalesce(last_polled_at, 0) between :recent + 1 and :now + {_AHEAD}
    and (coalesce(claimed_at, 0) <= {_ENDED} or not claimed_at between :leased + 1 and :now + {_MENDED})
    and feed_n in (select n from feeds
        where configured = 1 and (:only is null or id in (select value from json_each(:only))))
"""

# Of all hosts, at each claim: 0.5 ms of 20,000 (2026-11-30).
_MEND_LEASES = f"update hosts set busy_until = :now + {_LEASE} where busy_until > :now + {_AHEAD}"
_BUSY = "select max(busy_until, coalesce(hold_until, 0)) from hosts where host = :host"

_SET_STATE = f"""
update feed_states as s set ({STATE_WRITTEN.replace("s.", "")}) = ({", ".join("?" * (STATE_WRITTEN.count(",") + 1))})
where s.feed_n = ?
"""


def _json_ids(only: frozenset[FeedId] | None) -> str | None:
    return None if only is None else json.dumps(sorted(only))


def claim_due(
    conn: sqlite3.Connection, now: datetime, limit: int, only: frozenset[FeedId] | None, *, manual: bool
) -> tuple[Claim, ...]:
    """Take due feeds, one a host, and move their next_poll_at and their hosts' slots."""
    at, asked = micros(now), {"only": _json_ids(only), "now": micros(now)}
    conn.execute(_MEND_LEASES, {"now": at})
    taken = tuple(_free(conn.execute(_ALL if manual else _DUE, asked), at, limit, manual=manual))
    conn.executemany(
        "update feed_states set next_poll_at = ?, claimed_at = ? where feed_n = ?",
        [(micros(now + LEASE), at, row[0]) for row in taken],
    )
    conn.executemany(
        "insert into hosts (host, busy_until, holder) values (?, ?, ?) "
        "on conflict (host) do update set busy_until = excluded.busy_until, holder = excluded.holder",
        [(row[2], micros(now + HOST_LEASE), row[0]) for row in taken],
    )
    pushed, merged = _subscriptions.pushed(conn, [row[0] for row in taken], at), _moves.merged(conn)
    return tuple(_claim(row, now, merged.get(FeedId(row[1]), ()), pushed.get(row[0]), manual=manual) for row in taken)


def _free(rows: Iterator[Row], at: int, limit: int, *, manual: bool) -> Iterator[Row]:
    """Of the candidates in the order of their turn, the first `limit` that may be asked at `at`, one a host."""
    hosts: set[str] = set()
    for row in rows:
        if len(hosts) == limit:
            return
        host = row[2]
        if host not in hosts and _may_be_asked_at(row, at, manual=manual) <= at:
            hosts.add(host)
            yield row


def _may_be_asked_at(row: Row, at: int, *, manual: bool) -> int:
    """The first instant from `at` on at which a candidate is due, its host free, and the hour not one to be skipped.

    A person who forces a poll need not wait for it to be due, nor for the morning.
    """
    skip_hours, skip_days = row[5], row[6]
    earliest: int = max(row[4], at) if manual else max(row[_STATE_AT], row[4], at)
    if manual or skip_hours == skip_days == "[]":
        return earliest
    # Again, although due_at is in no skipped hour: the host may have been held until now, or the daemon stopped.
    return micros(out_of_skips(instant(earliest), FeedHints(None, numbers(skip_hours), numbers(skip_days))))


def _claim(row: Row, now: datetime, merged: Sequence[Feed], pushed: Pushed | None, *, manual: bool) -> Claim:
    feed, state = moves.joined(feed_from(row[3]), merged), state_from(FeedId(row[1]), row[_STATE_AT:])
    if state.rules_hash != feed.rules_hash:  # so that entries that match now are seen
        state = state.but(etag=None, last_modified=None, body_hash=None, document_url=None)
    return Claim(feed, state, now, manual, pushed)


def due(conn: sqlite3.Connection, now: datetime, only: frozenset[FeedId] | None, *, manual: bool) -> frozenset[FeedId]:
    """The feeds that are due, whether their host is free or not; asked at each tick, so nothing but ids is read."""
    rows = conn.execute(_DUE_IDS, {"only": _json_ids(only), "now": micros(now), "manual": manual})
    return frozenset(FeedId(row[0]) for row in rows)


def make_due(conn: sqlite3.Connection, now: datetime, only: frozenset[FeedId] | None) -> int:
    """Let the next tick poll these feeds, past intervals and back-off; returns how many were brought forward."""
    values = {"now": micros(now), "recent": micros(now - MADE_DUE_APART), "leased": micros(now - LEASE)}
    return conn.execute(_MAKE_DUE, {**values, "only": _json_ids(only)}).rowcount


def next_due_at(
    conn: sqlite3.Connection, now: datetime, only: frozenset[FeedId] | None, *, manual: bool
) -> datetime | None:
    """The earliest instant, not before `now`, at which a feed may be claimed."""
    at, earliest = micros(now), None
    for row in conn.execute(_ALL, {"only": _json_ids(only), "now": at}):
        due = at if manual else row[_STATE_AT]
        if earliest is not None and (earliest <= at or due >= earliest):
            break  # the rows come by next_poll_at: none after this one can be earlier
        may = _may_be_asked_at(row, at, manual=manual)
        earliest = may if earliest is None else min(earliest, may)
    return None if earliest is None else instant(earliest)


def states(conn: sqlite3.Connection) -> dict[FeedId, FeedState]:
    """The state of every configured feed."""
    rows = conn.execute(
        f"select f.id, {STATE_COLUMNS} from feed_states as s join feeds as f on f.n = s.feed_n where f.configured = 1"
    )
    return {FeedId(row[0]): state_from(FeedId(row[0]), row[1:]) for row in rows}


def follow_clock(conn: sqlite3.Connection, now: datetime) -> None:
    """After the machine's clock went back, count the waits of polls that lie in the future now from now on (E10).

    No poll comes early by that, and none later than by its own wait. A clock that is off by more than MENDED is not
    believed: a machine that starts in 1970 learns the time in a moment, and holds must outlive that.
    """
    # What a wait counts from: the last poll, the claim of one that died or is under way, of a new feed its own instant.
    begun = "coalesce(max(coalesce(last_polled_at, claimed_at), coalesce(claimed_at, last_polled_at)), next_poll_at)"
    conn.execute(
        f"update feed_states set next_poll_at = next_poll_at - ({begun} - :now), "
        f"hold_until = hold_until - ({begun} - :now), last_polled_at = min(last_polled_at, :now), "
        f"claimed_at = min(claimed_at, :now) where {begun} > :now and {begun} <= :latest",
        {"now": micros(now), "latest": micros(now + MENDED)},
    )
    conn.execute(
        "update hosts set busy_until = :lease where busy_until > :lease and busy_until <= :latest",
        {"lease": micros(now + HOST_LEASE), "latest": micros(now + MENDED)},
    )


def take_host(conn: sqlite3.Connection, host: str, now: datetime) -> datetime | None:
    """Take a host's slot; where another has it, the instant at which to ask again."""
    conn.execute(f"{_MEND_LEASES} and host = :host", {"host": host, "now": micros(now)})
    busy = conn.execute(_BUSY, {"host": host}).fetchone()
    if busy and busy[0] > micros(now):
        return instant(busy[0])
    conn.execute(
        "insert into hosts (host, busy_until, holder) values (?, ?, null) "
        "on conflict (host) do update set busy_until = excluded.busy_until, holder = null",
        (host, micros(now + HOST_LEASE)),
    )
    return None


def give_back_host(conn: sqlite3.Connection, host: str, now: datetime) -> None:
    """Free a host's slot, SPACING from now on, unless the lease has lapsed and a poll has the host now."""
    conn.execute("update hosts set busy_until = ? where host = ? and holder is null", (micros(now + SPACING), host))


def leave_host(conn: sqlite3.Connection, host: str, feed_id: FeedId, now: datetime) -> bool:
    """Free the slot that a feed's poll has, SPACING from now on; another's, after a lapsed lease, is left alone."""
    left = conn.execute(
        "update hosts set busy_until = ?, holder = null where host = ? and holder = (select n from feeds where id = ?)",
        (micros(now + SPACING), host, feed_id),
    )
    return left.rowcount > 0


def hold_host(conn: sqlite3.Connection, host: str, until: datetime) -> None:
    """Let nobody ask a host before `until`, nor before a hold that it has already."""
    conn.execute(
        "insert into hosts (host, busy_until, hold_until) values (:host, 0, :hold) "
        "on conflict (host) do update set hold_until = max(coalesce(hold_until, 0), :hold)",
        {"host": host, "hold": micros(until)},
    )


def forget_hosts(conn: sqlite3.Connection, now: datetime) -> None:
    """Forget hosts that nothing is known of any more: redirects, articles and pictures lead to ever new ones.

    Not before MENDED is over, for the clock may have been put ahead.
    """
    conn.execute("delete from hosts where max(busy_until, coalesce(hold_until, 0)) < ?", (micros(now - MENDED),))


def record(conn: sqlite3.Connection, outcomes: Sequence[PollOutcome], now: datetime) -> tuple[Recorded, ...]:
    """Write polls: headlines, sightings, states; free their hosts."""
    changes = Changes(conn, micros(now))
    headlines = HeadlineWriter(conn, changes)
    moved: set[FeedId] = set()
    recorded = tuple(_record_one(conn, outcome, now, headlines, changes, moved) for outcome in outcomes)
    headlines.finish()
    if moved:
        _moves.settle(conn, now)
    return recorded


def _record_one(
    conn: sqlite3.Connection,
    outcome: PollOutcome,
    now: datetime,
    headlines: HeadlineWriter,
    changes: Changes,
    moved: set[FeedId],
) -> Recorded:
    feed = conn.execute(
        "select f.n, f.host, s.delivered, s.last_new_at, s.reason, s.moved_to, s.address, s.canary, "
        "s.hinted_at >= s.claimed_at "
        "from feeds as f join feed_states as s on s.feed_n = f.n where f.id = ?",
        (outcome.feed_id,),
    ).fetchone()
    if feed is None:
        return Recorded(outcome.feed_id)  # of another configuration: nothing of it is ours
    feed_n, host, delivered, last_new_at, *shown, canary, hinted = feed
    new = sum([headlines.put(headline, feed_n) for headline in outcome.headlines])
    state, first = outcome.state, 0
    if outcome.sightings:
        seen_at = micros(state.document_at or now)
        first = put_sightings(conn, outcome.feed_id, feed_n, outcome.sightings, headlines, seen_at)
    if delivered > state.delivered:  # pushes were recorded since the claim
        state = state.but(delivered=delivered, last_new_at=instant(last_new_at))
    if first:  # only here is it known which headlines are new to this feed
        state = state.but(delivered=state.delivered + first, last_new_at=now)
    conn.execute(_SET_STATE, (*state_row(state), feed_n))
    _subscriptions.polled(conn, feed_n, outcome, now)
    if hinted:  # while this poll was under way: it may have been answered before there was news
        _pushes.make_due(conn, feed_n, now, taken=False)
    conn.execute(
        "update hosts set busy_until = ?, holder = null where host = ? and holder = ?",
        (micros(now + SPACING), host, feed_n),  # holder: after a lapsed lease the host may be another poll's
    )
    if state.hold_until and state.reason in HOST_HOLDS:
        hold_host(conn, outcome.said_by or host, state.hold_until)
    if _moves.follow(conn, feed_n, state, shown[-1], now):
        moved.add(state.feed_id)
    told = has_changed(canary) != (state.canary.changed_at is not None)
    if shown != [state.reason, state.moved_to, state.address] or told or first:
        changes.sequence()  # the health of a feed is visible too
    return Recorded(outcome.feed_id, new)
