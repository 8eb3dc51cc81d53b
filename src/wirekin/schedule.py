"""When a feed is polled next: what the publisher asks, what the feed shows, and what went wrong.

An answer::

    interval (adapted by the share of new entries) | ttl, sy:update*, max-age, Expires | Retry-After   -> the longest
    -> at least the floor -> a little later by jitter -> out of skipHours and skipDays

A push is a hint that there is news: the next poll comes earlier. While a hub pushes, all other polls come less often.
A failure doubles the delay from a start that its class sets, up to a day; 429 and 503 hold; 410 on three days ends it.
Nothing here reads a clock or draws a random number: `now` and `jitter` are arguments. Jitter only delays a poll.
Sources: RFC 9110 section 10.2.3 (Retry-After), RFC 9111 section 5.2 (max-age), the RSS 2.0 specification (ttl,
skipHours, skipDays in GMT), the RSS 1.0 syndication module, and the practice of mediacloud/rss-fetcher.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from wirekin.model import Feed, FeedHints, FeedState, Health, HttpHints, Pushed, Reason

FLOOR = timedelta(minutes=5)  # no feed is ever asked more often (requirement A4)
# How far a claim moves next_poll_at: longer than the floor, and than a poll (30 s of network, 10 s of parsing, queues).
LEASE = timedelta(minutes=10)
HINT_CAP = timedelta(hours=24)  # longest ttl or max-age obeyed: a year is a mistake, and a day old is not news (A5)
RETRY_AFTER_CAP = timedelta(days=7)  # longest Retry-After obeyed: more is a mistake or a trap (A5)
JITTER = 0.1  # the longest delay, as a share of the wait; spreads feeds that were added together

NEARLY_ALL_SEEN = 0.1  # share of new entries up to which a poll was too early (rss-fetcher: >= 90 % duplicates)
# Factor after such a poll. From 30 minutes, seven in a row reach the cap of two hours, which takes 7.5 hours: a quiet
# night, not one quiet hour.
SLOWER = 1.25
FASTER = 0.5  # factor after a poll with no known entry: some were lost, so react at once
SLOWEST = 4  # times `every`: two hours for the default of 30 minutes
# Intervals since the last answer: at least so many to slow down, at most so many to speed up. A poll that came much
# earlier finds nothing new at any pace, and one that came much later finds everything new.
PUNCTUAL = (0.5, 2.0)

PUSHED_SLOWER = 4  # factor while a hub pushes: if the hub fails, the feed still lists four intervals' entries
PUSHED_SLOWEST = timedelta(hours=6)  # longest wait by that factor: a failed hub is noticed within half a day
UNPUSHED_POLLS = 2  # polls with news that no push brought, until the hub is distrusted; a single one may be a race

BACKOFF_CAP = timedelta(hours=24)  # A8
HARD_START = timedelta(hours=4)  # a 404 or a forbidden address does not mend itself in minutes
HOLD_429 = timedelta(hours=4)  # without Retry-After (A7; rss-fetcher does the same)
HOLD_503 = timedelta(hours=1)  # without Retry-After: maintenance windows are about that long
HOST_HOLDS = frozenset({Reason.RATE_LIMITED, Reason.UNAVAILABLE})  # these hold the whole host, not one feed (A7)
GONE_AFTER_DAYS = 3  # days with a 410 before it is believed (A8)
GONE_RETRY = timedelta(hours=24)  # between two polls of these days
NEVER = timedelta(days=36_525)  # a century: no request unless a person forces one
DEAD_AFTER = timedelta(days=14)  # of failing without a break
DEAD_RETRY = timedelta(days=7)  # A8: retried weekly, never dropped
STALE_AFTER = timedelta(days=14)  # without a new headline

HUB_LEASE = timedelta(days=10)  # the lease we request: the longest that the largest public hub grants
HUB_LEASES = (timedelta(hours=1), timedelta(days=30))  # bounds of a granted lease: some hub may say 0 s, or 100 years
HUB_RENEWED_AT = 0.8  # share of the lease after which we renew it: the rest covers a hub that is down for a while
HUB_RETRY = timedelta(hours=1)  # after a request that failed or was not confirmed; doubled each time
HUB_RETRY_CAP = timedelta(hours=24)
HUB_REFUSED_FOR = timedelta(days=7)  # until a hub that refused is asked again: it may have changed its mind


class Severity(StrEnum):
    """How long a failure is likely to last."""

    TEMPORARY = "temporary"  # the network or the server stumbled: try again at the usual time
    SOFT = "soft"  # the server answers with something that we cannot use: back off at once
    HARD = "hard"  # it will not work until somebody changes something


def severity(reason: Reason) -> Severity:
    """The class of a failure (requirement A8)."""
    match reason:
        case (
            Reason.DNS | Reason.CONNECT | Reason.TLS | Reason.TIMEOUT | Reason.PROTOCOL | Reason.SERVER_ERROR
            | Reason.UNAVAILABLE | Reason.RATE_LIMITED | Reason.RESTING | Reason.TRUNCATED | Reason.EMPTY
        ):  # fmt: skip
            return Severity.TEMPORARY
        case (
            Reason.DENIED | Reason.CLIENT_ERROR | Reason.UNEXPECTED_STATUS | Reason.REDIRECTS | Reason.TOO_LARGE
            | Reason.BAD_ENCODING | Reason.NOT_A_FEED | Reason.PARSE_TIMEOUT | Reason.PARSE_CRASHED
        ):  # fmt: skip
            return Severity.SOFT
        case (
            Reason.GONE | Reason.NOT_FOUND | Reason.BAD_URL | Reason.FORBIDDEN_ADDRESS | Reason.ROBOTS | Reason.ENTITIES
        ):  # fmt: skip
            return Severity.HARD
        case _:
            assert_never(reason)


def on_answer(
    feed: Feed,
    state: FeedState,
    *,
    http: HttpHints,
    document: FeedHints | None,
    new_share: float | None,
    now: datetime,
    jitter: float,
    pushed_until: datetime | None = None,
) -> FeedState:
    """The state after a 200 or a 304; validators and counts of headlines are left to `digest`.

    `document`: its hints; None for a 304 or the very bytes of last time: then the stored hints apply.
    `new_share`: 0..1, the entries not seen before; None where there was nothing to compare with.
    `jitter`: 0..1; clamped to that range.
    `pushed_until`: until then a hub pushes what is new: polls are rarer, and do not adapt the interval.
    """
    known = document or FeedHints(state.ttl, state.skip_hours, state.skip_days)
    share = None if pushed_until else 0.0 if document is None else new_share
    interval = _adapted(feed, state, share, now)
    hold = _sane(http.retry_after, RETRY_AFTER_CAP)
    hints = (known.ttl, http.max_age, http.expires_in)
    wait = max(interval, hold, *(_sane(hint, HINT_CAP) for hint in hints))
    if pushed_until:  # but not past the end of the lease: from then on the usual wait applies
        wait = max(wait, min(interval * PUSHED_SLOWER, PUSHED_SLOWEST, pushed_until - now))
    return state.but(
        interval=interval,
        next_poll_at=_skipping(_later(now, wait, jitter), wait, known, jitter),
        hold_until=now + hold if hold else None,
        failures=0,
        failing_since=None,
        reason=None,
        detail="",
        gone_days=0,
        last_polled_at=now,
        last_ok_at=now,
        ttl=known.ttl,
        skip_hours=known.skip_hours,
        skip_days=known.skip_days,
    )


def on_failure(
    feed: Feed, state: FeedState, *, reason: Reason, detail: str, http: HttpHints, now: datetime, jitter: float
) -> FeedState:
    """The state after a poll that failed; a hold is never shorter than what the publisher asked.

    The next try keeps to skipHours and skipDays of the last document, too.
    """
    failures = state.failures + 1
    since = state.failing_since or now
    gone_days = state.gone_days + _is_new_gone_day(state, reason, now)
    hold = hold_of(reason, http)
    wait = max(_backoff(feed, reason, failures), hold)
    if now - since >= DEAD_AFTER:
        wait = max(wait, DEAD_RETRY)
    if gone_days >= GONE_AFTER_DAYS:
        wait = NEVER
    known = FeedHints(skip_hours=state.skip_hours, skip_days=state.skip_days)
    return state.but(
        next_poll_at=_skipping(_later(now, wait, jitter), wait, known, jitter),
        hold_until=now + hold if hold else None,
        failures=failures,
        failing_since=since,
        reason=reason,
        detail=detail,
        gone_days=gone_days,
        last_polled_at=now,
    )


def out_of_skips(at: datetime, hints: FeedHints) -> datetime:
    """The first instant from `at` on outside skipHours and skipDays; `at` itself if they leave no hour at all."""
    hour = at.astimezone(UTC)
    if not (hints.skip_hours or hints.skip_days):
        return hour
    for _ in range(8 * 24):  # a week of skipped days and the hours around it
        if hour.hour not in hints.skip_hours and hour.weekday() not in hints.skip_days:
            return hour
        hour = hour.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at


def slow_until(pushed: Pushed | None, *, unpushed: bool) -> datetime | None:
    """Until when polls may be rarer; None where nothing is pushed, or where the hub has missed too much."""
    if pushed is None or pushed.misses + unpushed >= UNPUSHED_POLLS:
        return None
    return pushed.until


def on_push(feed: Feed, state: FeedState, *, claimed_at: datetime | None, taken: bool, now: datetime) -> datetime:
    """When to poll after a push: never later than planned, never before the floor, a hold or a lease allows it.

    `claimed_at`: when the feed was last claimed, by any process; None: never.
    `taken`: the pushed entries are kept already. The poll that checks them comes at the usual pace, so that a hub never
    makes us poll more often than without it. Otherwise the push is only a hint: poll as soon as the floor allows.
    A feed that fails keeps its back-off: a push says nothing about the publisher's own server.
    """
    if state.failures:
        return state.next_poll_at
    usual = max(state.interval or feed.every, _sane(state.ttl, HINT_CAP)) if taken else FLOOR
    at = max(now, state.hold_until or now)
    if state.last_polled_at:
        at = max(at, state.last_polled_at + max(usual, FLOOR))
    if claimed_at and (state.last_polled_at is None or claimed_at > state.last_polled_at):
        at = max(at, claimed_at + LEASE)  # that poll is under way, or died: its lease keeps the floor (requirement A4)
    hints = FeedHints(state.ttl, state.skip_hours, state.skip_days)
    return min(state.next_poll_at, out_of_skips(at, hints))


def hub_lease(said: timedelta | None) -> timedelta:
    """How long a subscription holds, by the lease that the hub named; None: it named none, and HUB_LEASE counts."""
    shortest, longest = HUB_LEASES
    return min(max(HUB_LEASE if said is None else said, shortest), longest)


def hub_retry(attempts: int) -> timedelta:
    """How long to wait for a hub to confirm, or to recover, before it is asked again."""
    return min(HUB_RETRY * (1 << min(attempts, 16)), HUB_RETRY_CAP)


def health(state: FeedState, now: datetime) -> Health:
    """The health of a feed, by what it delivers (requirement F7): weeks of 200s without a headline are not well."""
    if state.last_polled_at is None:
        return Health.NEW
    if state.gone_days >= GONE_AFTER_DAYS:
        return Health.GONE
    if state.failures:
        long_dead = state.failing_since is not None and now - state.failing_since >= DEAD_AFTER
        return Health.DEAD if long_dead else Health.FAILING
    if state.canary.changed_at is not None:
        return Health.CHANGED
    if not state.delivered:
        return Health.EMPTY
    stale = state.last_new_at is not None and now - state.last_new_at >= STALE_AFTER
    return Health.STALE if stale else Health.OK


# --- the parts of an interval ---------------------------------------------------------------------------------


def _adapted(feed: Feed, state: FeedState, share: float | None, now: datetime) -> timedelta:
    """The interval that this poll's share of new entries argues for (A6): from FLOOR up to SLOWEST times `every`."""
    interval = max(state.interval or feed.every, FLOOR)
    if share is None or state.last_ok_at is None:
        return interval
    gap = now - state.last_ok_at
    if share <= NEARLY_ALL_SEEN:
        wanted = interval * SLOWER if gap >= interval * PUNCTUAL[0] else interval
    elif share >= 1.0:
        wanted = interval * FASTER if gap <= interval * PUNCTUAL[1] else interval
    elif interval > feed.every:
        wanted = (interval + feed.every) / 2
    else:
        wanted = interval
    return min(max(wanted, FLOOR), max(feed.every * SLOWEST, FLOOR))


def _backoff(feed: Feed, reason: Reason, failures: int) -> timedelta:
    """`every`, doubled with each failure in a row: from the floor up to a day (or `every`, where that is longer)."""
    every = max(feed.every, FLOOR)
    match severity(reason):
        case Severity.TEMPORARY:
            # where we wait for another host, how long that rests says Retry-After, and the address is not at fault
            start, doublings = every, 0 if reason is Reason.RESTING else failures - 1
        case Severity.SOFT:
            start, doublings = every, failures
        case Severity.HARD:
            start, doublings = max(every, HARD_START), failures - 1
        case unknown:
            assert_never(unknown)
    if reason is Reason.GONE:
        start = max(start, GONE_RETRY)
    return min(start * (1 << min(doublings, 16)), max(BACKOFF_CAP, every))  # 2^16 floors are 227 days


def hold_of(reason: Reason, http: HttpHints) -> timedelta:
    """How long nothing may be asked, not even by hand: Retry-After, or our default for a 429 or 503 without one."""
    asked = _sane(http.retry_after, RETRY_AFTER_CAP)
    if asked:
        return max(asked, FLOOR)
    match reason:
        case Reason.RATE_LIMITED:
            return HOLD_429
        case Reason.UNAVAILABLE:
            return HOLD_503
        case _:
            return timedelta(0)


def _is_new_gone_day(state: FeedState, reason: Reason, now: datetime) -> bool:
    """Whether this is a 410 on a day (UTC) that has not been counted yet."""
    if reason is not Reason.GONE:
        return False
    if not state.gone_days or state.last_polled_at is None:
        return True
    return state.last_polled_at.date() != now.date()  # polled twice a day (by hand): it may have been counted already


def _sane(hint: timedelta | None, cap: timedelta) -> timedelta:
    """A hint within reason; zero where it is missing or negative."""
    return min(max(hint or timedelta(0), timedelta(0)), cap)


def _later(now: datetime, wait: timedelta, jitter: float) -> datetime:
    return now + wait * (1 + JITTER * _share(jitter))


def _share(jitter: float) -> float:
    return min(max(jitter, 0.0), 1.0) if math.isfinite(jitter) else 0.0


def _skipping(at: datetime, wait: timedelta, hints: FeedHints, jitter: float) -> datetime:
    """`at`, or some time after the skipped hours that it falls into."""
    hour = out_of_skips(at, hints)
    if hour == at:
        return at
    # All feeds that skip the night would come at the same second: spread them over the first half hour.
    return hour + min(wait * JITTER, timedelta(minutes=30)) * _share(jitter)
