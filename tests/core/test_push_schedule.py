"""When a feed is polled while a hub pushes its items, and after a push."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from make import NOW, at
from wirekin import schedule
from wirekin.model import FeedHints, FeedState, HttpHints, Pushed, Reason
from wirekin.schedule import FLOOR, LEASE, PUSHED_SLOWEST, hub_lease, hub_retry, on_push, slow_until

FEED = make.feed()
EVERY = FEED.every
HOUR = timedelta(hours=1)


def answered(pushed_until: datetime | None, share: float | None = 0.5, **state: object) -> FeedState:
    known = make.state(FEED, last_ok_at=NOW - EVERY, **state)
    return schedule.on_answer(
        FEED, known, http=HttpHints(), document=FeedHints(), new_share=share, now=NOW, jitter=0.0,
        pushed_until=pushed_until,
    )  # fmt: skip


# --- polling goes on slowly ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("interval", "until", "wait"),
    [
        (None, None, EVERY),
        (None, at(days=10), 4 * EVERY),
        (timedelta(minutes=10), at(days=10), timedelta(minutes=40)),
        (2 * HOUR, at(days=10), PUSHED_SLOWEST),
        (2 * HOUR, at(3), 3 * HOUR),
        (2 * HOUR, at(1), 2 * HOUR),
    ],
)
def test_a_pushed_feed_waits_four_intervals_but_at_most_six_hours_and_not_beyond_its_lease(
    interval: timedelta | None, until: datetime | None, wait: timedelta
) -> None:
    assert answered(until, interval=interval).next_poll_at == NOW + wait


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0, None])
def test_polls_of_a_pushed_feed_do_not_change_its_interval(share: float | None) -> None:
    assert answered(at(days=10), share, interval=HOUR).interval == HOUR


def test_a_max_age_longer_than_the_slow_interval_is_kept() -> None:
    state = schedule.on_answer(
        FEED, make.state(FEED), http=HttpHints(max_age=10 * HOUR), document=None, new_share=None, now=NOW, jitter=0.0,
        pushed_until=at(days=10),
    )  # fmt: skip

    assert state.next_poll_at == at(10)


@pytest.mark.parametrize(
    ("misses", "unpushed", "slow"),
    [(0, False, True), (0, True, True), (1, False, True), (1, True, False), (2, False, False)],
)
def test_a_hub_is_trusted_until_a_second_poll_finds_an_unpushed_entry(misses: int, unpushed: bool, slow: bool) -> None:
    assert slow_until(Pushed(at(1), misses), unpushed=unpushed) == (at(1) if slow else None)
    assert slow_until(None, unpushed=unpushed) is None


# --- a push makes a feed due -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "claimed_at", "taken", "due_at"),
    [
        ({"last_polled_at": at(-1)}, None, False, NOW),
        ({"last_polled_at": at(minutes=-2)}, None, False, at(minutes=3)),
        ({"last_polled_at": at(minutes=-2)}, None, True, at(minutes=28)),
        ({"last_polled_at": at(-1)}, None, True, NOW),
        ({"last_polled_at": at(-1), "interval": 2 * HOUR}, None, True, at(1)),
        ({"last_polled_at": at(-1), "ttl": 3 * HOUR}, None, True, at(2)),
        ({"last_polled_at": at(-1), "ttl": 3 * HOUR}, None, False, NOW),
        ({"last_polled_at": at(-1), "ttl": timedelta(days=365)}, None, True, at(6)),
        ({"last_polled_at": at(-1), "hold_until": at(2)}, None, False, at(2)),
        ({"last_polled_at": at(-1), "hold_until": at(-2)}, None, False, NOW),
        ({"last_polled_at": at(-1)}, at(minutes=-1), False, at(minutes=-1) + LEASE),
        ({"last_polled_at": at(-1)}, at(-1), False, NOW),
        ({}, at(minutes=-1), False, at(minutes=-1) + LEASE),
        ({"last_polled_at": at(-1), "skip_hours": frozenset({10, 11})}, None, False, at(2)),
        ({"last_polled_at": at(-1), "failures": 1, "reason": Reason.TIMEOUT}, None, False, at(6)),
        ({"last_polled_at": at(-1), "failures": 3, "gone_days": 3, "reason": Reason.GONE}, None, True, at(6)),
    ],
)
def test_a_push_makes_a_feed_due_no_earlier_than_floor_lease_hold_and_hints_allow(
    known: dict[str, object], claimed_at: datetime | None, taken: bool, due_at: datetime
) -> None:
    state = make.state(FEED, next_poll_at=at(6), **known)

    assert on_push(FEED, state, claimed_at=claimed_at, taken=taken, now=NOW) == due_at


MOMENTS = st.integers(-600, 600).map(lambda minutes: at(minutes=minutes))


@given(
    planned=MOMENTS,
    polled=MOMENTS.filter(lambda moment: moment <= NOW),
    claimed=st.none() | MOMENTS.filter(lambda moment: moment <= NOW),
    hold=st.none() | MOMENTS,
    taken=st.booleans(),
)
def test_a_push_never_delays_a_poll_nor_moves_it_before_a_floor_hold_or_lease(
    planned: datetime, polled: datetime, claimed: datetime | None, hold: datetime | None, taken: bool
) -> None:
    state = make.state(FEED, next_poll_at=planned, last_polled_at=polled, hold_until=hold)

    due_at = on_push(FEED, state, claimed_at=claimed, taken=taken, now=NOW)

    assert due_at <= planned
    assert due_at == planned or due_at >= max(NOW, polled + FLOOR, hold or NOW)
    assert due_at == planned or claimed is None or claimed <= polled or due_at >= claimed + LEASE


# --- hubs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "lease"),
    [
        (None, timedelta(days=10)),
        (timedelta(), HOUR),
        (timedelta(days=3), timedelta(days=3)),
        (timedelta(days=36_500), timedelta(days=30)),
    ],
)
def test_a_hub_lease_is_what_the_hub_says_between_an_hour_and_thirty_days(
    granted: timedelta | None, lease: timedelta
) -> None:
    assert hub_lease(granted) == lease


def test_the_wait_for_a_hub_doubles_from_an_hour_to_a_day() -> None:
    assert [hub_retry(attempts) / HOUR for attempts in (0, 1, 2, 3, 4, 5, 1_000)] == [1, 2, 4, 8, 16, 24, 24]
