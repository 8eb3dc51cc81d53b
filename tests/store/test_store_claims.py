"""The schedule: which feeds may be polled, by whom, and when."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import make
import polls
from wirekin.model import Canary, FeedKind, FeedState, PollOutcome, PollStatus, Reason, Selectors
from wirekin.schedule import FLOOR, LEASE
from wirekin.store import Admin, Backend, Store, open_store

ONE = make.feed("https://one.example/rss", host="one.example")
TWO = make.feed("https://two.example/rss", host="two.example")
SIBLING = make.feed("https://one.example/sport", host="one.example")


def claimed(store: Store, now=make.NOW, **how) -> list[str]:
    return [claim.feed.url for claim in store.claim_due(now, limit=10, **how)]


def test_a_new_feed_is_due_at_once(store: Store) -> None:
    store.sync_feeds([ONE], make.NOW)

    (claim,) = store.claim_due(make.NOW, limit=10)

    assert (claim.feed, claim.manual) == (ONE, False)
    assert claim.state == FeedState(ONE.id, make.NOW)


def test_a_claim_moves_the_next_poll_by_the_lease_so_a_crash_keeps_the_minimum_interval(store: Store) -> None:
    store.sync_feeds([ONE], make.NOW)

    store.claim_due(make.NOW, limit=10)

    assert store.feed_states()[ONE.id].next_poll_at == make.NOW + LEASE
    assert LEASE >= FLOOR
    assert claimed(store, make.NOW + LEASE - timedelta(seconds=1)) == []
    assert claimed(store, make.NOW + LEASE) == [ONE.url]


def test_one_feed_per_host_is_claimed_longest_due_first(store: Store) -> None:
    store.sync_feeds([SIBLING], make.NOW)
    store.sync_feeds([ONE, TWO, SIBLING], make.at(minutes=1))

    assert claimed(store, make.at(minutes=2)) == [SIBLING.url, TWO.url]
    assert claimed(store, make.at(minutes=2)) == []


def test_no_more_than_the_limit_is_claimed(store: Store) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)

    assert len(store.claim_due(make.NOW, limit=1)) == 1


def test_a_recorded_poll_frees_its_host_a_second_later(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    assert claimed(store) == [ONE.url]

    store.record_polls([polls.outcome(ONE)], make.at(minutes=1))

    assert claimed(store, make.at(minutes=1)) == []
    assert claimed(store, make.at(minutes=1) + timedelta(seconds=1)) == [SIBLING.url]


def test_a_crashed_poll_frees_its_host_after_the_exchange_deadline(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    claimed(store)

    assert claimed(store, make.at(minutes=2)) == [SIBLING.url]


def test_a_poll_that_ends_too_late_does_not_free_the_host_slot_of_another_poll(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    claimed(store)
    claimed(store, make.at(minutes=2))

    store.record_polls([polls.outcome(ONE)], make.at(minutes=2))

    assert store.take_host("one.example", make.at(minutes=2, hours=0) + timedelta(seconds=5)) == make.at(minutes=3)


def test_a_host_is_taken_by_one_at_a_time_and_free_a_second_after_it_is_given_back(
    store: Store, backend: Backend
) -> None:
    other = backend.store()

    assert store.take_host("one.example", make.NOW) is None
    assert other.take_host("one.example", make.NOW) == make.at(minutes=1)
    assert other.take_host("two.example", make.NOW) is None

    store.give_back_host("one.example", make.NOW)

    assert other.take_host("one.example", make.NOW) == make.NOW + timedelta(seconds=1)
    assert other.take_host("one.example", make.NOW + timedelta(seconds=1)) is None
    other.close()


def test_a_taken_host_keeps_its_feeds_from_being_claimed(store: Store) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    store.take_host("one.example", make.NOW)

    assert claimed(store) == [TWO.url]


def test_giving_a_host_back_too_late_does_not_free_the_slot_of_another_poll(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    store.take_host("one.example", make.NOW)  # taken by a redirect, which then waits for its next host
    assert len(store.claim_due(make.at(minutes=1), limit=10)) == 1

    store.give_back_host("one.example", make.at(minutes=1))

    assert claimed(store, make.at(minutes=1.5)) == []
    assert len(claimed(store, make.at(minutes=2))) == 1


def test_a_poll_can_free_its_host_for_others_before_it_is_recorded(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    (claim,) = store.claim_due(make.NOW, limit=10)

    assert not store.leave_host("one.example", SIBLING.id, make.NOW), "it is not this feed's"
    assert store.leave_host("one.example", claim.feed.id, make.NOW)
    assert not store.leave_host("one.example", claim.feed.id, make.NOW), "nor any more the other's"
    assert claimed(store) == []
    soon = make.NOW + timedelta(seconds=1)
    assert len(claimed(store, soon)) == 1

    store.record_polls([polls.outcome(claim.feed)], soon)

    assert store.take_host("one.example", soon + timedelta(seconds=2)) == make.at(minutes=1) + timedelta(seconds=1)


def test_a_forced_poll_waits_for_a_poll_of_the_same_feed_that_already_freed_its_host(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    (claim,) = store.claim_due(make.NOW, limit=10)
    store.leave_host("one.example", claim.feed.id, make.NOW)
    soon, force = make.NOW + timedelta(seconds=2), {"only": frozenset({claim.feed.id}), "manual": True}

    assert claimed(store, soon, **force) == []
    assert store.next_due_at(soon, **force) == make.at(minutes=1)

    store.record_polls([polls.outcome(claim.feed, now=soon)], soon)  # later, it would free the host of the second poll

    assert claimed(store, soon, **force) == [claim.feed.url]


def test_a_feed_whose_poll_died_can_be_forced_once_its_host_slot_has_expired(store: Store) -> None:
    store.sync_feeds([ONE], make.NOW)
    (claim,) = store.claim_due(make.NOW, limit=10)
    store.leave_host("one.example", claim.feed.id, make.NOW)

    assert claimed(store, make.at(minutes=1), manual=True) == [ONE.url]


def test_a_forced_poll_that_dies_leaves_the_feed_its_planned_next_poll(store: Store) -> None:
    """A publisher that asked for a day was asked again after the lease (`sim/test_kills.py`)."""
    store.sync_feeds([ONE], make.NOW)
    store.record_polls([polls.outcome(ONE, next_poll_at=make.at(24))], make.NOW)

    assert claimed(store, make.at(2), manual=True) == [ONE.url]

    assert store.feed_states()[ONE.id].next_poll_at == make.at(24)
    assert claimed(store, make.at(23)) == []
    assert claimed(store, make.at(24)) == [ONE.url]


def test_only_the_named_feeds_are_claimed(store: Store) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)

    assert claimed(store, only=frozenset({TWO.id})) == [TWO.url]
    assert claimed(store, only=frozenset()) == []


def test_a_manual_claim_takes_feeds_that_are_not_due_but_respects_holds(store: Store) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    held = polls.outcome(TWO, hold_until=make.at(2))
    store.record_polls([polls.outcome(ONE), held], make.NOW)
    later = make.at(minutes=1)

    assert claimed(store, later) == []
    assert store.next_due_at(later, manual=True) == later
    (claim,) = store.claim_due(later, limit=10, manual=True)
    assert (claim.feed, claim.manual) == (ONE, True)
    assert claimed(store, make.at(2), only=frozenset({TWO.id}), manual=True) == [TWO.url]


def test_a_host_hold_that_ends_in_a_skipped_hour_delays_the_claim_beyond_that_hour(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    night = {"next_poll_at": make.at(1), "skip_hours": frozenset({13, 14}), "skip_days": frozenset({0})}  # a Sunday
    store.record_polls([polls.outcome(ONE, **night)], make.NOW)
    held = make.state(SIBLING, next_poll_at=make.at(9), hold_until=make.at(3), reason=Reason.UNAVAILABLE)
    store.record_polls([PollOutcome(SIBLING.id, PollStatus.FAILED, held)], make.NOW)

    assert store.next_due_at(make.NOW) == make.at(5)
    assert claimed(store, make.at(3)) == []
    assert claimed(store, make.at(3), only=frozenset({ONE.id}), manual=True) == [ONE.url]  # by hand, no hour is skipped


@pytest.mark.parametrize("hosts", [("one.example", "two.example"), ("two.example", "one.example")])
def test_where_all_hosts_are_taken_the_next_poll_is_when_the_first_is_free(
    store: Store, hosts: tuple[str, str]
) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    for minutes, host in zip((0, 0.5), hosts, strict=True):
        store.take_host(host, make.at(minutes=minutes))

    assert store.next_due_at(make.at(minutes=0.75)) == make.at(minutes=1)


def test_a_429_holds_every_feed_of_its_host_and_no_other(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING, TWO], make.NOW)
    state = make.state(ONE, next_poll_at=make.at(4), hold_until=make.at(4), reason=Reason.RATE_LIMITED)
    store.record_polls([PollOutcome(ONE.id, PollStatus.FAILED, state)], make.NOW)

    assert claimed(store, make.at(1), manual=True) == [TWO.url]
    assert store.take_host("one.example", make.at(1)) == make.at(4)
    assert store.next_due_at(make.at(1), only=frozenset({SIBLING.id})) == make.at(4)
    assert len(claimed(store, make.at(4), only=frozenset({ONE.id, SIBLING.id}))) == 1


def test_a_429_from_the_target_of_a_redirect_holds_the_host_of_the_target(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING, TWO], make.NOW)
    state = make.state(ONE, next_poll_at=make.at(4), hold_until=make.at(4), reason=Reason.RATE_LIMITED)
    store.record_polls([PollOutcome(ONE.id, PollStatus.FAILED, state, said_by=TWO.host)], make.NOW)

    assert claimed(store, make.at(1), manual=True) == [SIBLING.url]
    assert store.take_host(TWO.host, make.at(1)) == make.at(4)


def test_other_failures_hold_only_their_feed(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING], make.NOW)
    state = make.state(ONE, next_poll_at=make.at(4), hold_until=make.at(4), reason=Reason.NOT_FOUND)
    store.record_polls([PollOutcome(ONE.id, PollStatus.FAILED, state)], make.NOW)

    assert claimed(store, make.at(1)) == [SIBLING.url]


def test_due_feeds_are_judged_by_time_and_hold_and_not_by_a_busy_host(store: Store) -> None:
    store.sync_feeds([ONE, SIBLING, TWO], make.NOW)
    held = make.state(TWO, next_poll_at=make.at(2), hold_until=make.at(4), reason=Reason.RATE_LIMITED)
    store.record_polls([PollOutcome(TWO.id, PollStatus.FAILED, held)], make.NOW)

    assert store.due(make.at(-1)) == frozenset()
    assert store.due(make.NOW) == {ONE.id, SIBLING.id}  # both, although their one host takes one poll at a time
    assert store.due(make.NOW, only=frozenset({ONE.id})) == {ONE.id}
    assert store.due(make.at(-1), manual=True) == {ONE.id, SIBLING.id}
    assert store.due(make.at(4)) == {ONE.id, SIBLING.id, TWO.id}


def test_the_next_due_instant_includes_the_wait_for_the_host_and_is_none_without_feeds(store: Store) -> None:
    assert store.next_due_at(make.NOW) is None

    store.sync_feeds([ONE, TWO], make.NOW)
    assert store.next_due_at(make.at(-1)) == make.NOW
    assert store.next_due_at(make.at(1)) == make.at(1)

    claimed(store)
    assert store.next_due_at(make.NOW) == make.NOW + LEASE
    store.record_polls([polls.outcome(ONE, next_poll_at=make.at(minutes=20))], make.NOW)
    store.take_host("one.example", make.at(minutes=20))
    assert store.next_due_at(make.at(minutes=20), only=frozenset({ONE.id})) == make.at(minutes=21)


def test_when_the_clock_goes_back_a_day_each_wait_starts_again_and_none_lasts_the_day(store: Store) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    claimed(store)
    held = {"next_poll_at": make.at(2), "hold_until": make.at(1)}
    store.record_polls([polls.outcome(ONE, **held)], make.NOW)
    store.daemon_seen(make.NOW)

    store.daemon_seen(make.at(days=-1))

    state = store.feed_states()[ONE.id]
    assert (state.next_poll_at, state.hold_until) == (make.at(2, days=-1), make.at(1, days=-1))
    assert claimed(store, make.at(1.9, days=-1), only=frozenset({ONE.id})) == []
    assert claimed(store, make.at(2, days=-1), only=frozenset({ONE.id})) == [ONE.url]


def test_when_the_clock_goes_back_a_feed_whose_poll_died_waits_one_lease_at_most(store: Store) -> None:
    store.sync_feeds([ONE, TWO, make.feed("https://three.example/rss", host="three.example")], make.NOW)
    store.record_polls([polls.outcome(TWO, next_poll_at=make.NOW)], make.at(days=-2))
    died = store.claim_due(make.NOW, limit=2, only=frozenset({ONE.id, TWO.id}), manual=True)
    store.daemon_seen(make.NOW)

    store.daemon_seen(make.at(days=-1))

    assert len(died) == 2
    waits = [state.next_poll_at - make.at(days=-1) for state in store.feed_states().values()]
    assert waits == [LEASE, LEASE, timedelta(0)]


def test_when_the_clock_goes_back_a_wait_that_began_before_stays_as_it_is(store: Store) -> None:
    store.sync_feeds([ONE], make.at(-3))
    store.record_polls([polls.outcome(ONE, now=make.at(-3), next_poll_at=make.at(2))], make.at(-3))
    store.daemon_seen(make.NOW)

    store.daemon_seen(make.at(-1))

    assert store.feed_states()[ONE.id].next_poll_at == make.at(2)


@pytest.mark.parametrize("days", [1, -3, -20_000])
def test_a_clock_that_goes_forward_or_back_by_three_days_or_more_moves_no_schedule(store: Store, days: int) -> None:
    store.sync_feeds([ONE], make.NOW)
    store.record_polls([polls.outcome(ONE)], make.NOW)
    store.daemon_seen(make.NOW)

    store.daemon_seen(make.at(days=days))

    assert store.feed_states()[ONE.id].next_poll_at == make.at(1)


@pytest.mark.parametrize("ended", [None, make.NOW], ids=["died", "recorded"])
def test_a_clock_set_far_back_does_not_prevent_manual_polls(store: Store, ended: datetime | None) -> None:
    """Otherwise a lease of a minute would last for days, until the clock is right again. A hold does last that long."""
    store.sync_feeds([ONE, TWO], make.NOW)
    store.claim_due(make.NOW, limit=2, manual=True)
    if ended:
        store.record_polls([polls.outcome(ONE), polls.outcome(TWO)], ended)
    store.hold_host("two.example", make.at(1))
    store.daemon_seen(make.NOW)
    now = make.at(days=-3)
    store.daemon_seen(now)

    minute = timedelta(minutes=1)  # for the poll may be under way
    assert store.next_due_at(now, manual=True, only=frozenset({ONE.id})) == now + minute
    assert store.take_host("two.example", now) == make.at(1)
    assert store.claim_due(now, limit=9, manual=True) == ()
    assert [claim.feed.id for claim in store.claim_due(now + minute, limit=9, manual=True)] == [ONE.id]
    assert store.claim_due(now + minute + timedelta(seconds=59), limit=9, manual=True) == (), "nor twice at once"


BACK = [timedelta(minutes=3), timedelta(hours=1), timedelta(days=1), timedelta(days=3)]


@pytest.mark.parametrize("back", BACK, ids=str)
def test_when_the_clock_goes_back_a_host_that_is_being_polled_is_polled_by_nobody_else(
    store: Store, back: timedelta
) -> None:
    """For a minute, or until the daemon has moved the stored instants at the end of its turn (requirement A11)."""
    store.sync_feeds([ONE, SIBLING], make.at(days=-9))
    store.daemon_seen(make.NOW)
    polled = claimed(store)
    now = make.NOW - back

    assert claimed(store, now) == claimed(store, now, manual=True) == []
    assert store.take_host("one.example", now) == now + timedelta(minutes=1)
    assert claimed(store, now + timedelta(seconds=59), manual=True) == []
    assert {*polled, *claimed(store, now + timedelta(minutes=1))} == {ONE.url, SIBLING.url}


@pytest.mark.parametrize("back", BACK, ids=str)
def test_when_the_clock_goes_back_a_host_taken_by_a_redirect_is_taken_by_nobody_else(
    store: Store, back: timedelta
) -> None:
    assert store.take_host("one.example", make.NOW) is None

    assert store.take_host("one.example", make.NOW - back) == make.NOW - back + timedelta(minutes=1)
    assert store.take_host("one.example", make.NOW - back + timedelta(minutes=1)) is None


@pytest.mark.parametrize("back", BACK[:3], ids=str)
def test_when_the_clock_goes_back_a_poll_that_freed_its_host_still_counts_as_under_way(
    store: Store, admin: Admin, back: timedelta
) -> None:
    store.sync_feeds([ONE], make.NOW)
    claimed(store)
    store.leave_host("one.example", ONE.id, make.NOW - back)

    assert claimed(store, make.NOW - back + timedelta(seconds=5), manual=True) == []
    assert admin.make_due(make.NOW - back + timedelta(seconds=5)) == 0


def test_after_the_clock_went_far_back_manual_polls_of_a_feed_do_not_overlap(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE], make.at(days=-9))
    claimed(store)
    store.record_polls([polls.outcome(ONE)], make.NOW)
    now = make.at(days=-3)
    assert claimed(store, now, manual=True) == []
    assert claimed(store, now + timedelta(minutes=1), manual=True) == [ONE.url]
    store.leave_host("one.example", ONE.id, now + timedelta(minutes=1))

    assert claimed(store, now + timedelta(minutes=1, seconds=5), manual=True) == []
    assert admin.make_due(now + timedelta(minutes=1, seconds=5)) == 0


def test_after_the_clock_went_far_back_a_feed_whose_poll_died_can_be_made_due(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    store.claim_due(make.NOW, limit=2)
    store.record_polls([polls.outcome(TWO)], make.NOW)

    assert admin.make_due(make.at(days=-3)) == 2
    assert claimed(store, make.at(days=-3)) == []
    assert claimed(store, make.at(days=-3, minutes=1), only=frozenset({ONE.id})) == [ONE.url]
    assert store.take_host("two.example", make.at(days=-3, minutes=1)) is None


def test_a_claim_after_a_change_of_rules_has_no_validators(store: Store) -> None:
    store.sync_feeds([ONE], make.NOW)
    known = {"etag": '"a"', "last_modified": "Sun", "body_hash": "ff", "document_url": "https://one.example/x"}
    store.record_polls([polls.outcome(ONE, **known)], make.NOW)
    (same,) = store.claim_due(make.at(1), limit=1)
    store.record_polls([PollOutcome(ONE.id, PollStatus.OK, replace(same.state, next_poll_at=make.at(2)))], make.at(1))
    store.sync_feeds([replace(ONE, rules_hash="other")], make.at(1))

    (changed,) = store.claim_due(make.at(2), limit=1)

    assert {name: getattr(same.state, name) for name in known} == known
    assert {name: getattr(changed.state, name) for name in known} == dict.fromkeys(known)
    assert changed.state.rules_hash != changed.feed.rules_hash


def test_a_removed_feed_is_not_polled_and_has_its_old_state_when_it_returns(store: Store) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    store.record_polls([polls.outcome(ONE, etag='"kept"')], make.NOW)

    store.sync_feeds([TWO], make.NOW)
    assert set(store.feed_states()) == {TWO.id}
    assert store.due(make.at(5)) == {TWO.id}
    assert claimed(store, make.at(5)) == [TWO.url]

    store.sync_feeds([ONE, TWO], make.at(6))
    assert store.feed_states()[ONE.id].etag == '"kept"'


def test_every_field_of_a_feed_and_its_state_is_stored(store: Store) -> None:
    feed = make.feed(
        kind=FeedKind.PAGE,
        publisher=make.publisher(wire=True),
        topics=frozenset(make.topics("iran", "russia")),
        lang="fa",
        select=Selectors("article", link="a", time="time"),
        allow_private=frozenset({"127.0.0.1:80"}),
        rules_hash="abc",
        keep_unmatched=False,
        article_details=3,
    )
    state = FeedState(
        feed.id, make.at(1, minutes=0.000001), '"é\xff"', "Sun", "hash", "abc", timedelta(minutes=7, microseconds=1),
        make.at(2), 3, make.at(-1), Reason.TIMEOUT, "slow", 1, "https://else.example/", make.at(0), make.at(-2),
        make.at(-3), make.at(-4), 50, 12, 2, timedelta(hours=1), frozenset({1, 23}), frozenset({6}), "https://x.example/",
        make.at(-5), 3, "https://new.example/", Canary((9, 8), "main", 1, 2, make.at(-6)),
    )  # fmt: skip
    unset = [f.name for f in fields(state) if getattr(state, f.name) == getattr(FeedState(feed.id, make.NOW), f.name)]
    by_the_store_alone = ["merged_into"]
    assert unset == ["feed_id", *by_the_store_alone], "a new field of FeedState belongs into this test and feed_states"

    store.sync_feeds([feed], make.NOW)
    store.record_polls([PollOutcome(feed.id, PollStatus.OK, state)], make.NOW)

    assert store.feed_states() == {feed.id: state}
    (claim,) = store.claim_due(make.at(days=1), limit=1)
    assert claim.feed == feed


def test_syncing_the_same_feeds_again_changes_nothing(store: Store, backend: Backend) -> None:
    reader = backend.reader()
    store.sync_feeds([ONE, TWO], make.NOW)
    before = reader.version()

    store.sync_feeds([TWO, ONE], make.at(1))

    assert reader.version() == before
    reader.close()


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 900), st.booleans(), st.booleans()), max_size=12))
def test_no_order_of_claims_crashes_and_answers_polls_a_feed_before_its_minimum_interval(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool, bool]]
) -> None:
    store = open_store(str(tmp_path_factory.mktemp("floor") / "w.db")).store()
    store.sync_feeds([ONE, SIBLING, TWO], make.NOW)
    now, asked = make.NOW, {}
    for seconds, crashes, moves_host in steps:
        now += timedelta(seconds=seconds)
        if moves_host:
            store.take_host("two.example", now)
        for claim in store.claim_due(now, limit=2):
            assert now - asked.get(claim.feed.id, now - FLOOR) >= FLOOR
            asked[claim.feed.id] = now
            if not crashes:
                store.record_polls([polls.outcome(claim.feed, next_poll_at=now + FLOOR)], now)
    store.close()


# --- forced by a person ----------------------------------------------------------------------------------------------


def test_a_feed_made_due_is_claimed_despite_its_interval_and_back_off(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    plans = {"next_poll_at": make.at(24)}
    failed = polls.outcome(TWO, failures=5, reason=Reason.DNS, **plans)
    store.record_polls([polls.outcome(ONE, **plans), failed], make.NOW)

    assert claimed(store, make.at(1)) == []
    assert admin.make_due(make.at(1)) == 2
    assert sorted(claimed(store, make.at(1))) == [ONE.url, TWO.url]


def test_only_the_named_feeds_are_made_due(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    store.record_polls([polls.outcome(feed, next_poll_at=make.at(24)) for feed in (ONE, TWO)], make.NOW)

    assert admin.make_due(make.at(1), only=frozenset({TWO.id})) == 1
    assert admin.make_due(make.at(1), only=frozenset()) == 0
    assert admin.make_due(make.at(1, minutes=1), only=frozenset({TWO.id})) == 0, "it is due"
    assert claimed(store, make.at(1)) == [TWO.url]


def test_a_feed_on_hold_is_not_made_due_before_the_hold_ends(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE], make.NOW)
    held = {"next_poll_at": make.at(6), "hold_until": make.at(6)}
    store.record_polls([polls.outcome(ONE, reason=Reason.RATE_LIMITED, **held)], make.NOW)

    assert admin.make_due(make.at(1)) == 0
    assert claimed(store, make.at(1)) == []


def test_a_feed_that_is_being_polled_is_not_made_due(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE], make.NOW)
    store.record_polls([polls.outcome(ONE)], make.NOW)
    assert claimed(store, make.at(2)) == [ONE.url]

    assert admin.make_due(make.at(2, minutes=2)) == 0
    assert claimed(store, make.at(2, minutes=2)) == []


def test_a_feed_is_made_due_no_sooner_than_the_floor_after_its_last_poll(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE], make.NOW)
    store.record_polls([polls.outcome(ONE)], make.NOW)

    assert admin.make_due(make.at(minutes=1)) == 1
    assert admin.make_due(make.at(minutes=2)) == 0, "it is due as soon as it may be"
    assert claimed(store, make.at(minutes=5) - timedelta(seconds=1)) == []
    assert claimed(store, make.at(minutes=5)) == [ONE.url]


def test_a_feed_removed_from_feeds_yml_is_not_made_due(store: Store, admin: Admin) -> None:
    store.sync_feeds([ONE, TWO], make.NOW)
    store.record_polls([polls.outcome(feed) for feed in (ONE, TWO)], make.NOW)
    store.sync_feeds([ONE], make.NOW)

    assert admin.make_due(make.at(minutes=30)) == 1
