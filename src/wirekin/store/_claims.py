"""The schedule, inside an open transaction: claim due feeds and free hosts, and record what polls return.

    claim_due: due, not held, host free -> next_poll_at moves by LEASE, and the host's slot is taken for HOST_LEASE
    record: headlines, sightings, the feed's new state with its next_poll_at -> the slot is free after SPACING

There is no other queue (docs/adr/0002): a poll that died is due again when its lease ends. A slot keeps two requests to
one host apart. A hold (429, 503) forbids all requests until it ends, even those of a person.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from wirekin import moves
from wirekin.model import Claim, Feed, FeedHints, FeedId, FeedState, PollOutcome, Pushed, Recorded
from wirekin.schedule import FLOOR, HOST_HOLDS, LEASE, out_of_skips
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

HOST_LEASE: Final = timedelta(seconds=60)  # after it a crashed poll's host is free: an exchange ends after 30 s (C3)
MENDED: Final = timedelta(days=2)  # largest clock change to follow: E10 names a day, wrong time zones are hours
SPACING: Final = timedelta(seconds=1)  # between two exchanges with one host (requirement A11)

_LEASE: Final = HOST_LEASE // timedelta(microseconds=1)
# No lease of a host ends so far ahead, whatever the order of two processes: what does was written before the clock went
# back. Its poll may be under way still, so a lease of that time is a whole one from when it is seen.
_AHEAD: Final = 2 * _LEASE
# A claim of that time counts where `follow_clock` may still mend it; a last poll of that time ends no later claim.
_MENDED: Final = MENDED // timedelta(microseconds=1)
_ENDED: Final = f"iif(last_polled_at <= :now + {_MENDED}, last_polled_at, 0)"

# A poll that has left its host may still be under way on another one, so a claim also blocks its feed, even against
# a forced poll. The claim of a poll that died expires with the HOST_LEASE.
# Column 4 is the instant at which slot, holds and claim are all over.
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

# A program with a token may ask each minute, and nobody marks these polls as made by hand: so the floor holds (A4).
_SOONEST = f"max(:now, iif(last_polled_at <= :now + {_AHEAD}, last_polled_at, 0) + :floor)"
# A claimed feed has its lease in next_poll_at. Moving that would poll the feed twice at once (requirement A4).
_MAKE_DUE = f"""
update feed_states set next_poll_at = {_SOONEST}
where next_poll_at > {_SOONEST} and merged_into is null and coalesce(hold_until, 0) <= :now
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
    """Claim due feeds, one per host: move their next_poll_at by the lease and take their hosts' slots.

    A forced poll may come before its time. If it dies, its feed still waits as long as the last document asked (A5).
    """
    at, asked = micros(now), {"only": _json_ids(only), "now": micros(now)}
    conn.execute(_MEND_LEASES, {"now": at})
    taken = tuple(_free(conn.execute(_ALL if manual else _DUE, asked), at, limit, manual=manual))
    conn.executemany(
        "update feed_states set next_poll_at = max(next_poll_at, ?), claimed_at = ? where feed_n = ?",
        [(micros(now + LEASE), at, row[0]) for row in taken],
    )
    conn.executemany(
        "insert into hosts (host, busy_until, holder) values (?, ?, ?) "
        "on conflict (host) do update set busy_until = excluded.busy_until, holder = excluded.holder",
        [(row[2], micros(now + HOST_LEASE), row[0]) for row in taken],
    )
    pushed, merged = _subscriptions.pushed(conn, [row[0] for row in taken], at), _moves.merged(conn)
    return tuple(_claim(row, merged.get(FeedId(row[1]), ()), pushed.get(row[0]), manual=manual) for row in taken)


def _free(rows: Iterator[Row], at: int, limit: int, *, manual: bool) -> Iterator[Row]:
    """Yield the first `limit` candidates that may be polled at `at`, one per host, in the order of next_poll_at."""
    hosts: set[str] = set()
    for row in rows:
        if len(hosts) == limit:
            return
        host = row[2]
        if host not in hosts and _may_be_asked_at(row, at, manual=manual) <= at:
            hosts.add(host)
            yield row


def _may_be_asked_at(row: Row, at: int, *, manual: bool) -> int:
    """Return the first instant, `at` or later, at which a candidate is due, its host free, and the hour not skipped.

    A poll that a person forces need not be due, and skipped hours do not delay it.
    """
    skip_hours, skip_days = row[5], row[6]
    earliest: int = max(row[4], at) if manual else max(row[_STATE_AT], row[4], at)
    if manual or skip_hours == skip_days == "[]":
        return earliest
    # `due_at` never returns a skipped hour, but a hold or a stopped daemon may have delayed the poll into one.
    return micros(out_of_skips(instant(earliest), FeedHints(None, numbers(skip_hours), numbers(skip_days))))


def _claim(row: Row, merged: Sequence[Feed], pushed: Pushed | None, *, manual: bool) -> Claim:
    feed, state = moves.joined(feed_from(row[3]), merged), state_from(FeedId(row[1]), row[_STATE_AT:])
    if state.rules_hash != feed.rules_hash:  # fetch the whole document: known entries may match the new rules
        state = state.but(etag=None, last_modified=None, body_hash=None, document_url=None)
    return Claim(feed, state, manual, pushed)


def due(conn: sqlite3.Connection, now: datetime, only: frozenset[FeedId] | None, *, manual: bool) -> frozenset[FeedId]:
    """Return the feeds that are due, with a free host or not. It runs at each tick, so it reads nothing but ids."""
    rows = conn.execute(_DUE_IDS, {"only": _json_ids(only), "now": micros(now), "manual": manual})
    return frozenset(FeedId(row[0]) for row in rows)


def make_due(conn: sqlite3.Connection, now: datetime, only: frozenset[FeedId] | None) -> int:
    """Make these feeds due once the floor allows, past intervals and back-off; return how many were brought forward."""
    values = {"now": micros(now), "floor": FLOOR // timedelta(microseconds=1), "leased": micros(now - LEASE)}
    return conn.execute(_MAKE_DUE, {**values, "only": _json_ids(only)}).rowcount


def next_due_at(
    conn: sqlite3.Connection, now: datetime, only: frozenset[FeedId] | None, *, manual: bool
) -> datetime | None:
    """Return the earliest instant, `now` or later, at which a feed may be claimed; None if there are no feeds."""
    at, earliest = micros(now), None
    for row in conn.execute(_ALL, {"only": _json_ids(only), "now": at}):
        due = at if manual else row[_STATE_AT]
        if earliest is not None and (earliest <= at or due >= earliest):
            break  # the rows are sorted by next_poll_at: no later one can be earlier
        may = _may_be_asked_at(row, at, manual=manual)
        earliest = may if earliest is None else min(earliest, may)
    return None if earliest is None else instant(earliest)


def states(conn: sqlite3.Connection) -> dict[FeedId, FeedState]:
    """Return the state of every configured feed."""
    rows = conn.execute(
        f"select f.id, {STATE_COLUMNS} from feed_states as s join feeds as f on f.n = s.feed_n where f.configured = 1"
    )
    return {FeedId(row[0]): state_from(FeedId(row[0]), row[1:]) for row in rows}


def follow_clock(conn: sqlite3.Connection, now: datetime) -> None:
    """After the clock went back, restart now the waits that began at instants that are now in the future (E10).

    Each of these polls is then its whole wait away from now: none comes early, and none later than that. A change of
    more than MENDED is ignored: a machine that boots in 1970 gets the right time in a moment, and holds must survive
    that.
    """
    # The start of a wait: the last poll, the claim of a poll that died or is under way, or a new feed's next_poll_at.
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
    """Take a host's slot; return None, or, if the slot is taken, the instant at which to try again."""
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
    """Free a host's slot at `now` + SPACING, unless the lease has expired and a poll holds the host now."""
    conn.execute("update hosts set busy_until = ? where host = ? and holder is null", (micros(now + SPACING), host))


def leave_host(conn: sqlite3.Connection, host: str, feed_id: FeedId, now: datetime) -> bool:
    """Free the host's slot at `now` + SPACING if this feed's poll holds it still; return whether it did."""
    left = conn.execute(
        "update hosts set busy_until = ?, holder = null where host = ? and holder = (select n from feeds where id = ?)",
        (micros(now + SPACING), host, feed_id),
    )
    return left.rowcount > 0


def hold_host(conn: sqlite3.Connection, host: str, until: datetime) -> None:
    """Allow no request to a host before `until`, or before the end of an earlier hold if that is later."""
    conn.execute(
        "insert into hosts (host, busy_until, hold_until) values (:host, 0, :hold) "
        "on conflict (host) do update set hold_until = max(coalesce(hold_until, 0), :hold)",
        {"host": host, "hold": micros(until)},
    )


def forget_hosts(conn: sqlite3.Connection, now: datetime) -> None:
    """Delete hosts without a slot or hold: redirects, articles and pictures lead to ever new ones.

    They are kept for MENDED, because the clock may have been put ahead.
    """
    conn.execute("delete from hosts where max(busy_until, coalesce(hold_until, 0)) < ?", (micros(now - MENDED),))


def record(conn: sqlite3.Connection, outcomes: Sequence[PollOutcome], now: datetime) -> tuple[Recorded, ...]:
    """Record polls: write headlines, sightings and states, and free the hosts."""
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
        return Recorded(outcome.feed_id)  # not a feed of this database
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
    if hinted:  # the hub announced news during this poll, which may have been answered before
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
