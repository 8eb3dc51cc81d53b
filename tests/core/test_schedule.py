"""When a feed is polled next. Intervals in the tables are minutes; jitter is zero unless it is tested."""

import os
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from make import NOW, at, feed, state
from wirekin.model import FeedHints, FeedState, Health, HttpHints, Reason
from wirekin.schedule import (
    DEAD_AFTER,
    FLOOR,
    LEASE,
    RETRY_AFTER_CAP,
    STALE_AFTER,
    Severity,
    health,
    on_answer,
    on_failure,
    out_of_skips,
    severity,
)

DAY = 24 * 60
EXAMPLES = 20_000 if os.environ.get("WIREKIN_PROOF") else 100  # requirement A5
NO_HINTS = HttpHints()
NO_SKIPS = FeedHints()


def minutes(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(minutes=number)


def answer(before: FeedState | None = None, every: float = 30, now: datetime = NOW, **more: Any) -> FeedState:
    plain: dict[str, Any] = {"http": NO_HINTS, "document": NO_SKIPS, "new_share": None, "jitter": 0.0}
    return on_answer(feed(every=timedelta(minutes=every)), before or state(), now=now, **(plain | more))


def failure(
    before: FeedState | None = None, reason: Reason = Reason.TIMEOUT, now: datetime = NOW, **more: Any
) -> FeedState:
    plain: dict[str, Any] = {"detail": "", "http": NO_HINTS, "jitter": 0.0, "reason": reason}
    every = timedelta(minutes=more.pop("every", 30))
    return on_failure(feed(every=every), before or state(), now=now, **(plain | more))


def wait(after: FeedState) -> float:
    """Minutes from NOW to the next poll."""
    return (after.next_poll_at - NOW) / timedelta(minutes=1)


HINTS = [
    # every, ttl, max_age, expires_in, retry_after -> wait, all in minutes
    (30, None, None, None, None, 30),
    (5, None, None, None, None, 5),
    (1, None, None, None, None, 5),
    (0, None, None, None, None, 5),
    (600, None, None, None, None, 600),
    (2 * DAY, None, None, None, None, 2 * DAY),
    (30, 60, None, None, None, 60),
    (30, 15, None, None, None, 30),
    (30, 0, None, None, None, 30),
    (30, -5, None, None, None, 30),
    (30, DAY, None, None, None, DAY),
    (30, 10 * DAY, None, None, None, DAY),
    (30, None, 60, None, None, 60),
    (30, None, 5, None, None, 30),
    (30, None, -1, None, None, 30),
    (30, None, 365 * DAY, None, None, DAY),
    (30, None, None, 90, None, 90),
    (30, None, None, -90, None, 30),
    (30, None, None, 365 * DAY, None, DAY),
    (30, None, None, None, 120, 120),
    (30, None, None, None, 2 * DAY, 2 * DAY),
    (30, None, None, None, 30 * DAY, 7 * DAY),
    (30, None, None, None, -30, 30),
    (30, 60, 90, 120, 150, 150),
    (30, 150, 120, 90, 60, 150),
    (30, 60, 150, 90, 120, 150),
    (30, 60, 90, 150, 120, 150),
    (2 * DAY, 60, 90, 150, 120, 2 * DAY),
    (5, 3, 2, 1, 4, 5),
]


@pytest.mark.parametrize(("every", "ttl", "max_age", "expires", "retry", "expected"), HINTS)
def test_the_longest_of_interval_and_hints_wins_within_the_caps(
    every: float, ttl: float | None, max_age: float | None, expires: float | None, retry: float | None, expected: float
) -> None:
    http = HttpHints(max_age=minutes(max_age), expires_in=minutes(expires), retry_after=minutes(retry))

    assert wait(answer(every=every, http=http, document=FeedHints(ttl=minutes(ttl)))) == expected


SKIPS = [
    # hours, days (0 = Monday; NOW is Sunday 10:00), every -> the next poll
    (range(0), range(0), 30, (22, 10, 30)),
    ([10], [], 30, (22, 11, 0)),
    ([10, 11], [], 30, (22, 12, 0)),
    ([11], [], 30, (22, 10, 30)),
    ([11], [], 60, (22, 12, 0)),
    (range(10, 24), [], 30, (23, 0, 0)),
    ([23, 0, 1, 2, 3, 4, 5], [], 780, (23, 6, 0)),
    (range(24), [], 30, (22, 10, 30)),
    ([25, 99], [], 30, (22, 10, 30)),
    ([], [6], 30, (23, 0, 0)),
    ([], [6, 0], 30, (24, 0, 0)),
    ([], [0], 30, (22, 10, 30)),
    ([], range(7), 30, (22, 10, 30)),
    ([], range(1, 7), 30, (23, 0, 0)),
    (range(1, 24), range(7), 30, (22, 10, 30)),
    (range(6), [6, 0], 30, (24, 6, 0)),
]


@pytest.mark.parametrize(("hours", "days", "every", "expected"), SKIPS)
def test_skipped_hours_and_days_are_waited_out_unless_all_are_skipped(
    hours: list[int], days: list[int], every: float, expected: tuple[int, int, int]
) -> None:
    hints = FeedHints(skip_hours=frozenset(hours), skip_days=frozenset(days))
    day, hour, minute = expected

    assert answer(every=every, document=hints).next_poll_at == datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_skipped_hours_and_days_are_in_gmt_whatever_the_zone_of_the_instant() -> None:
    tehran = NOW.astimezone(timezone(timedelta(hours=3.5)))  # 13:30

    assert out_of_skips(tehran, FeedHints(skip_hours=frozenset({13}))) == NOW
    assert out_of_skips(tehran, FeedHints(skip_hours=frozenset({10}))) == at(1)


@pytest.mark.parametrize(
    ("hours", "days", "expected"), [([10, 11], [], at(2)), ([], [6], at(14)), ([12], [], at(minutes=30))]
)
def test_skipped_hours_and_days_also_apply_after_a_failure(
    hours: list[int], days: list[int], expected: datetime
) -> None:
    before = state(skip_hours=frozenset(hours), skip_days=frozenset(days))

    assert failure(before).next_poll_at == expected


ADAPTATION = [
    # interval now, minutes since the last answer, share of new entries -> interval after (every = 30)
    (None, 30, None, 30),
    (None, 30, 0.0, 37.5),
    (None, 30, 0.1, 37.5),
    (None, 30, 0.2, 30),
    (None, 30, 0.9, 30),
    (None, 30, 1.0, 15),
    (None, 15, 0.0, 37.5),
    (None, 60, 1.0, 15),
    (None, 10, 0.0, 30),  # polled early by hand: nothing new is expected
    (None, 14 * 60, 1.0, 30),  # the machine was off: the gap does not count against the interval
    (60, 60, 0.0, 75),
    (110, 110, 0.0, 120),
    (120, 120, 0.0, 120),
    (120, 120, 1.0, 60),
    (120, 120, 0.5, 75),
    (31, 31, 0.5, 30.5),
    (15, 15, 0.5, 15),
    (15, 15, 0.0, 18.75),
    (8, 8, 1.0, 5),
    (5, 5, 1.0, 5),
    (1, 5, 0.5, 5),
    (None, 30, float("nan"), 30),
]


@pytest.mark.parametrize(("interval", "gap", "share", "expected"), ADAPTATION)
def test_the_share_of_new_entries_adapts_the_interval(
    interval: float | None, gap: float, share: float | None, expected: float
) -> None:
    before = state(interval=minutes(interval), last_ok_at=at(minutes=-gap), last_polled_at=at(minutes=-gap))

    assert answer(before, new_share=share).interval == minutes(expected)


def test_an_unchanged_answer_counts_as_one_without_new_entries() -> None:
    before = state(last_ok_at=at(minutes=-30))

    assert answer(before, document=None) == answer(before, new_share=0.0)


def test_the_interval_of_a_feed_without_news_grows_to_at_most_four_times_its_every() -> None:
    seen = state(last_ok_at=at(minutes=-30))
    for _ in range(20):
        seen = answer(seen, document=None, now=seen.next_poll_at)

    assert seen.interval == timedelta(hours=2)


def test_the_hints_of_a_document_stay_valid_over_answers_without_one() -> None:
    first = answer(document=FeedHints(ttl=timedelta(hours=3), skip_hours=frozenset({13})))
    second = answer(first, document=None)

    assert (first.next_poll_at, second.next_poll_at) == (at(4), at(4))
    assert answer(second).ttl is None


def test_an_answer_ends_a_run_of_failures() -> None:
    broken = state(failures=7, failing_since=at(days=-3), reason=Reason.GONE, detail="x", gone_days=2, hold_until=at(1))
    after = answer(broken)

    assert after == replace(
        answer(), failures=0, failing_since=None, reason=None, detail="", gone_days=0, hold_until=None, last_ok_at=NOW
    )


BACKOFF = [
    # reason, failures before, every -> wait in minutes
    (Reason.TIMEOUT, 0, 30, 30),
    (Reason.TIMEOUT, 1, 30, 60),
    (Reason.TIMEOUT, 2, 30, 120),
    (Reason.TIMEOUT, 5, 30, 960),
    (Reason.TIMEOUT, 6, 30, DAY),
    (Reason.TIMEOUT, 60, 30, DAY),
    (Reason.TIMEOUT, 10_000, 30, DAY),
    (Reason.TIMEOUT, 0, 1, 5),
    (Reason.TIMEOUT, 3, 2 * DAY, 2 * DAY),
    (Reason.DNS, 0, 30, 30),
    (Reason.CONNECT, 1, 30, 60),
    (Reason.TLS, 0, 30, 30),
    (Reason.SERVER_ERROR, 0, 30, 30),
    (Reason.TRUNCATED, 0, 30, 30),
    (Reason.DENIED, 0, 30, 60),
    (Reason.DENIED, 1, 30, 120),
    (Reason.NOT_A_FEED, 0, 30, 60),
    (Reason.PARSE_CRASHED, 3, 30, 480),
    (Reason.PARSE_TIMEOUT, 20, 30, DAY),
    (Reason.NOT_FOUND, 0, 30, 240),
    (Reason.NOT_FOUND, 1, 30, 480),
    (Reason.NOT_FOUND, 9, 30, DAY),
    (Reason.NOT_FOUND, 0, 600, 600),
    (Reason.ROBOTS, 0, 30, 240),
    (Reason.GONE, 0, 30, DAY),
    (Reason.GONE, 0, 2 * DAY, 2 * DAY),
    (Reason.RATE_LIMITED, 0, 30, 240),
    (Reason.RATE_LIMITED, 5, 30, 960),
    (Reason.UNAVAILABLE, 0, 30, 60),
    (Reason.UNAVAILABLE, 3, 30, 240),
    (Reason.RESTING, 0, 30, 30),
    (Reason.RESTING, 9, 30, 30),  # our own politeness: the feed comes in its turn when the other host's rest is over
]


@pytest.mark.parametrize(("reason", "failures", "every", "expected"), BACKOFF)
def test_each_failure_in_a_row_doubles_the_wait_up_to_a_day(
    reason: Reason, failures: int, every: float, expected: float
) -> None:
    before = state(failures=failures, failing_since=at(-1) if failures else None)
    after = failure(before, reason, every=every)

    assert wait(after) == expected
    assert after.failures == failures + 1


HOLDS = [
    # reason, Retry-After in minutes -> hold in minutes (None: none), wait
    (Reason.RATE_LIMITED, None, 240, 240),
    (Reason.RATE_LIMITED, 10, 10, 30),
    (Reason.RATE_LIMITED, 600, 600, 600),
    (Reason.RATE_LIMITED, 1, 5, 30),
    (Reason.RATE_LIMITED, 365 * DAY, 7 * DAY, 7 * DAY),
    (Reason.RATE_LIMITED, -10, 240, 240),
    (Reason.UNAVAILABLE, None, 60, 60),
    (Reason.UNAVAILABLE, 120, 120, 120),
    (Reason.DENIED, None, None, 60),
    (Reason.DENIED, 120, 120, 120),
    (Reason.SERVER_ERROR, 90, 90, 90),
    (Reason.TIMEOUT, None, None, 30),
]


@pytest.mark.parametrize(("reason", "retry", "hold", "expected"), HOLDS)
def test_a_hold_is_the_retry_after_or_our_own_for_429_and_503(
    reason: Reason, retry: float | None, hold: float | None, expected: float
) -> None:
    after = failure(reason=reason, http=HttpHints(retry_after=minutes(retry)))

    assert after.hold_until == (None if hold is None else at(minutes=hold))
    assert wait(after) == expected


def test_a_retry_after_beside_a_document_holds_the_feed_too() -> None:
    assert answer(http=HttpHints(retry_after=timedelta(hours=2))).hold_until == at(2)  # not even by hand before that


def test_a_feed_is_gone_after_410_on_three_days() -> None:
    once = failure(reason=Reason.GONE)
    same_day = failure(once, Reason.GONE, now=at(3))
    second = failure(same_day, Reason.GONE, now=at(days=1))
    third = failure(second, Reason.GONE, now=at(days=2))

    assert [once.gone_days, same_day.gone_days, second.gone_days, third.gone_days] == [1, 1, 2, 3]
    assert [health(seen, at(days=2)) for seen in (second, third)] == [Health.FAILING, Health.GONE]
    assert third.next_poll_at > at(days=30_000)
    assert health(answer(third), NOW) is Health.EMPTY


def test_the_first_410_of_a_day_counts_though_the_feed_answered_on_it() -> None:
    assert failure(state(last_polled_at=NOW), Reason.GONE, now=at(1)).gone_days == 1


def test_a_410_counts_once_a_day_whatever_else_was_answered_between() -> None:
    once = failure(reason=Reason.GONE)
    by_hand = failure(failure(once, Reason.TIMEOUT, now=at(1)), Reason.GONE, now=at(2))

    assert by_hand.gone_days == 1
    assert failure(once, Reason.NOT_FOUND, now=at(days=1)).gone_days == 1, "a 404 counts for none"


def test_a_feed_that_failed_for_two_weeks_is_polled_weekly() -> None:
    before = state(failures=30, failing_since=NOW - DEAD_AFTER, last_polled_at=at(days=-1), delivered=5)

    assert (wait(failure(before)), wait(failure(before, every=10 * DAY))) == (7 * DAY, 10 * DAY)
    assert health(failure(before), NOW) is Health.DEAD


def test_every_reason_has_a_severity() -> None:
    assert {severity(reason) for reason in Reason} == set(Severity)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Health.NEW),
        ({"last_polled_at": NOW, "failures": 1, "failing_since": NOW}, Health.FAILING),
        ({"last_polled_at": NOW, "failures": 9, "failing_since": NOW - DEAD_AFTER}, Health.DEAD),
        ({"last_polled_at": NOW, "failures": 9, "failing_since": NOW - DEAD_AFTER, "gone_days": 3}, Health.GONE),
        ({"last_polled_at": NOW, "last_ok_at": NOW}, Health.EMPTY),
        ({"last_polled_at": NOW, "last_ok_at": NOW, "delivered": 3, "last_new_at": NOW}, Health.OK),
        ({"last_polled_at": NOW, "last_ok_at": NOW, "delivered": 3, "last_new_at": NOW - STALE_AFTER}, Health.STALE),
    ],
)
def test_the_health_of_a_feed_follows_from_its_failures_and_deliveries(
    fields: dict[str, Any], expected: Health
) -> None:
    assert health(state(**fields), NOW) is expected


def test_a_claims_lease_is_longer_than_the_floor() -> None:
    assert LEASE >= FLOOR


@pytest.mark.parametrize(("jitter", "used"), [(float("nan"), 0.0), (float("inf"), 0.0), (-1.0, 0.0), (7.0, 1.0)])
def test_an_invalid_jitter_is_taken_as_0_or_1(jitter: float, used: float) -> None:
    assert answer(jitter=jitter) == answer(jitter=used)
    assert failure(jitter=jitter) == failure(jitter=used)


def test_the_longest_jitter_adds_a_tenth_of_the_wait() -> None:
    assert (wait(answer(jitter=0.5)), wait(answer(jitter=1.0)), wait(failure(jitter=1.0))) == (31.5, 33, 33)


@pytest.mark.parametrize(("every", "hour", "expected"), [(30, 10, 60 + 3), (6 * 60, 16, 7 * 60 + 30)])
def test_after_skipped_hours_jitter_spreads_polls_over_a_tenth_of_the_wait_or_half_an_hour(
    every: float, hour: int, expected: float
) -> None:
    skipped = FeedHints(skip_hours=frozenset({hour}))  # NOW is at ten

    assert wait(answer(every=every, document=skipped, jitter=1.0)) == expected


# --- properties -----------------------------------------------------------------------------------------------------

spans = st.none() | st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))
https = st.builds(HttpHints, max_age=spans, expires_in=spans, retry_after=spans)
documents = st.none() | st.builds(
    FeedHints,
    ttl=spans,
    skip_hours=st.frozensets(st.integers(-1, 24), max_size=25),
    skip_days=st.frozensets(st.integers(0, 7), max_size=8),
)
shares = st.none() | st.floats()
jitters = st.floats() | st.floats(0, 1)
everies = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3))
states = st.builds(
    state,
    interval=st.none() | everies,
    failures=st.integers(0, 2000),
    failing_since=st.none() | st.just(at(days=-20)),
    last_ok_at=st.none() | st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 22), timezones=st.just(UTC)),  # noqa: DTZ001
    ttl=spans,
    skip_hours=st.frozensets(st.integers(0, 23), max_size=23),
)


@pytest.mark.proof
@settings(max_examples=EXAMPLES, deadline=None)
@given(everies, states, https, documents, shares, jitters)
def test_no_answer_schedules_a_poll_before_the_floor_or_a_retry_after(
    every: timedelta, before: FeedState, http: HttpHints, document: FeedHints | None, share: float | None, jitter: float
) -> None:
    def polled(jitter: float) -> FeedState:
        polled_feed = feed(every=every)
        return on_answer(polled_feed, before, http=http, document=document, new_share=share, now=NOW, jitter=jitter)

    after = polled(jitter)
    asked = min(max(http.retry_after or timedelta(0), timedelta(0)), RETRY_AFTER_CAP)

    assert after == polled(jitter)
    assert after.next_poll_at >= NOW + max(FLOOR, asked)
    assert after.next_poll_at >= polled(0.0).next_poll_at
    known = document or FeedHints(skip_hours=before.skip_hours, skip_days=before.skip_days)
    assert after.next_poll_at == out_of_skips(after.next_poll_at, known)
    assert after.next_poll_at <= NOW + 1.1 * max(RETRY_AFTER_CAP, 4 * every) + timedelta(days=8)


@pytest.mark.proof
@settings(max_examples=EXAMPLES, deadline=None)
@given(everies, states, https, st.sampled_from(Reason), jitters)
def test_no_failure_schedules_a_poll_before_the_floor_or_a_retry_after(
    every: timedelta, before: FeedState, http: HttpHints, reason: Reason, jitter: float
) -> None:
    def polled(jitter: float) -> FeedState:
        return on_failure(feed(every=every), before, reason=reason, detail="", http=http, now=NOW, jitter=jitter)

    after = polled(jitter)
    asked = min(max(http.retry_after or timedelta(0), timedelta(0)), RETRY_AFTER_CAP)

    assert after == polled(jitter)
    assert after.next_poll_at >= NOW + max(FLOOR, asked)
    assert after.next_poll_at >= polled(0.0).next_poll_at
    assert after.next_poll_at == out_of_skips(after.next_poll_at, FeedHints(skip_hours=before.skip_hours))
    assert after.hold_until is None or NOW < after.hold_until <= after.next_poll_at


def test_but_changes_a_state_as_dataclasses_replace_does() -> None:
    before = FeedState(*map(str, range(len(fields(FeedState)))))  # type: ignore[arg-type]  # all fields differ

    for each in fields(FeedState):
        assert before.but(**{each.name: "new"}) == replace(before, **{each.name: "new"})  # type: ignore[arg-type]
    assert before.but() == before
    with pytest.raises(KeyError):
        before.but(interal=None)
