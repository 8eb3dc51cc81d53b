"""When a permanent redirect is believed, when it is given up, and which feeds it merges (requirement A9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import make
from wirekin import moves
from wirekin.model import Feed, FeedState, Health, Reason, Selectors
from wirekin.schedule import FLOOR

OLD, NEW, OTHER = "https://old.example/rss", "https://new.example/rss", "https://other.example/rss"
FEED = make.feed(OLD)
NETWORK = [
    Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT, Reason.PROTOCOL, Reason.SERVER_ERROR, Reason.UNAVAILABLE,
    Reason.RATE_LIMITED, Reason.RESTING, Reason.TRUNCATED, Reason.EMPTY,
]  # fmt: skip


def answered(
    state: FeedState, moved_to: str | None, now: datetime, *, read: bool = True, feed: Feed = FEED
) -> FeedState:
    """The state after a poll that was answered; as in the schedule, the failure is cleared first."""
    well = replace(state, reason=None, failing_since=None, failures=0)
    return moves.on_answer(feed, well, moved_to, read=read, now=now)


def failed(state: FeedState, reason: Reason, now: datetime, **more: Any) -> FeedState:
    """The state after a poll that failed; as in the schedule, with reason and start of the failure."""
    since = state.failing_since or now
    ailing = replace(state, reason=reason, failing_since=since, failures=state.failures + 1, **more)
    return moves.on_failure(FEED, ailing, now)


def led(state: FeedState, *days: float, to: str = NEW, feed: Feed = FEED) -> FeedState:
    """The state after polls on these days that were all redirected to one address and could read it."""
    for day in days:
        state = answered(state, to, make.at(days=day), feed=feed)
    return state


FRESH = make.state(FEED)
WATCHED = led(FRESH, 0, 1, 2)
BELIEVED = led(FRESH, 0, 1, 2, 3, 4)


# --- watching and believing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "believed"),
    [
        ((0, 1, 2, 3), False),  # four polls
        ((0, 0.1, 0.2, 0.3, 2.99), False),  # five, not over three days
        ((0, 0.1, 0.2, 0.3, 3), True),
        ((0, 0.1, 0.2, 0.3, 0.4, 0.5, 2.9, 3.1), True),
        ((0, 3, 6, 9, 12), True),
    ],
)
def test_a_move_is_believed_after_five_polls_over_three_days(days: tuple[float, ...], believed: bool) -> None:
    state = led(FRESH, *days)

    assert state.address == (NEW if believed else None)
    assert (state.moved_to, state.moved_polls) == ((None, 0) if believed else (NEW, len(days)))


@pytest.mark.parametrize("elsewhere", [None, OTHER])
def test_another_answer_begins_the_count_again(elsewhere: str | None) -> None:
    state = led(answered(WATCHED, elsewhere, make.at(days=2.5)), 3, 4, 5, 5.9)

    assert (state.address, state.moved_polls) == (None, 4)
    assert led(state, 6).address == NEW


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in NETWORK])
def test_a_failure_that_is_an_answer_begins_the_count_again(reason: Reason) -> None:
    state = failed(WATCHED, reason, make.at(days=3))

    assert (state.moved_to, state.moved_since, state.moved_polls) == (None, None, 0)


@pytest.mark.parametrize("reason", NETWORK)
def test_a_stumbling_network_neither_counts_nor_begins_again(reason: Reason) -> None:
    state = failed(WATCHED, reason, make.at(days=3))

    assert (state.moved_to, state.moved_since, state.moved_polls) == (NEW, make.NOW, 3)
    assert led(state, 3.1, 3.2).address == NEW


def test_a_body_cut_short_proves_nothing_and_denies_nothing() -> None:
    state = answered(WATCHED, NEW, make.at(days=3), read=False)

    assert state.moved_polls == 3
    assert answered(WATCHED, OTHER, make.at(days=3), read=False).moved_to is None


def test_what_was_seen_before_the_count_was_kept_does_not_count() -> None:
    state = led(replace(FRESH, moved_to=NEW), 0)

    assert (state.moved_polls, state.moved_since) == (1, make.NOW)


@pytest.mark.parametrize("address", [None, NEW])
def test_https_never_becomes_http(address: str | None) -> None:
    state = led(replace(FRESH, address=address), *range(9), to="http://other.example/rss")

    assert (state.address, state.moved_to) == (address, None)


def test_a_feed_that_moved_to_https_is_not_led_back_to_http() -> None:
    plain = make.feed("http://old.example/rss")

    state = led(replace(make.state(plain), address=NEW), *range(9), to="http://other.example/rss", feed=plain)

    assert (state.address, state.moved_to) == (NEW, None)


def test_http_may_become_https_or_http() -> None:
    plain = make.feed("http://old.example/rss")

    assert led(make.state(plain), *range(5), to=NEW, feed=plain).address == NEW
    assert led(make.state(plain), *range(5), to="http://new.example/", feed=plain).address == "http://new.example/"


def test_a_believed_address_that_moves_on_is_followed_after_proof() -> None:
    state = led(BELIEVED, 5, 6, 7, 7.9, to=OTHER)

    assert (state.address, state.moved_to) == (NEW, OTHER)
    assert led(state, 8, to=OTHER).address == OTHER


@pytest.mark.parametrize("home", [OLD, "https://OLD.example:443/rss"])
def test_a_move_back_home_leaves_nothing_to_correct(home: str) -> None:
    state = led(BELIEVED, *range(5, 10), to=home)

    assert (state.address, state.moved_to) == (None, None)


# --- giving up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in NETWORK])
def test_a_believed_address_that_answers_with_no_feed_is_given_up_at_once(reason: Reason) -> None:
    state = failed(BELIEVED, reason, make.at(days=5), next_poll_at=make.at(days=6))

    assert (state.address, state.moved_polls) == (None, 0)
    assert state.next_poll_at == make.at(days=5) + FEED.every, "what feeds.yml names has not failed"


@pytest.mark.parametrize("reason", NETWORK)
def test_a_believed_address_that_is_silent_is_given_up_after_three_days(reason: Reason) -> None:
    state = failed(BELIEVED, reason, make.at(days=5))
    assert state.address == NEW

    assert failed(state, reason, make.at(days=7.99)).address == NEW
    assert failed(state, reason, make.at(days=8)).address is None


def test_giving_up_shortens_no_hold() -> None:
    held = {"next_poll_at": make.at(days=6), "hold_until": make.at(days=5.5)}

    assert failed(BELIEVED, Reason.DENIED, make.at(days=5), **held).next_poll_at == make.at(days=5.5)


def test_giving_up_asks_nobody_before_the_floor() -> None:
    hasty, now = replace(FEED, every=timedelta(minutes=1)), make.at(days=5)
    denied = replace(BELIEVED, reason=Reason.DENIED, failing_since=now, failures=1, next_poll_at=make.at(days=6))

    assert moves.on_failure(hasty, denied, now).next_poll_at == now + FLOOR


def test_a_feed_at_home_keeps_the_time_that_its_failure_asks_for() -> None:
    assert failed(FRESH, Reason.NOT_FOUND, make.NOW, next_poll_at=make.at(4)).next_poll_at == make.at(4)


# --- feeds that meet ----------------------------------------------------------------------------------------------

A, B, C, D = (make.feed(f"https://{name}.example/rss", name=name.upper()) for name in "abcd")


def merged(*feeds: tuple[Feed, str | None]) -> dict[str, str]:
    """Merged feed -> the feed that is polled in its place, by name."""
    names = {feed.id: feed.name for feed, _ in feeds}
    return {names[key]: names[kept] for key, kept in moves.same_feeds(feeds).items()}


def test_feeds_that_did_not_move_are_never_one() -> None:
    assert merged((A, None), (B, None)) == {}
    assert merged((A, "https://elsewhere.example/"), (B, None)) == {}


def test_the_feed_configured_at_the_address_is_kept_though_it_is_younger() -> None:
    assert merged((A, B.url), (B, None)) == {"A": "B"}


def test_two_spellings_of_an_address_are_one() -> None:
    assert merged((A, "https://B.example:443/rss#top"), (B, None)) == {"A": "B"}
    assert merged((A, "http://b.example/rss"), (B, None)) == {}
    assert merged((A, "https://b.example/rss?all"), (B, None)) == {}


def test_where_nobody_is_at_home_the_elder_is_kept() -> None:
    assert merged((B, "https://new.example/"), (A, "https://new.example/"), (C, "https://new.example/")) == {
        "A": "B",
        "C": "B",
    }


def test_a_chain_of_moves_ends_at_its_last_address() -> None:
    assert merged((A, B.url), (B, C.url), (C, None), (D, B.url)) == {"A": "C", "B": "C", "D": "C"}
    assert merged((A, B.url), (B, "https://new.example/"), (C, None)) == {"A": "B"}


def test_feeds_in_a_circle_never_all_stop() -> None:
    assert merged((A, B.url), (B, A.url)) == {"B": "A"}
    assert merged((D, B.url), (C, A.url), (A, B.url), (B, C.url)) == {"A": "C", "B": "C", "D": "C"}


def test_pages_read_by_other_selectors_stay_two() -> None:
    other = replace(A, select=Selectors("article"))

    assert merged((other, B.url), (B, None)) == {}
    assert merged((other, B.url), (replace(B, select=Selectors("article")), None)) == {"A": "B"}


def test_a_feed_that_stands_for_others_keeps_what_each_of_them_would() -> None:
    iran = replace(A, topics=frozenset(make.topics("iran")), keep_unmatched=False, rules_hash="a")
    gulf = replace(B, topics=frozenset(make.topics("gulf")), every=timedelta(minutes=10), rules_hash="b")
    gulf = replace(gulf, article_details=4)

    assert moves.joined(iran, ()) is iran
    joined = moves.joined(iran, [gulf])
    assert joined.topics == {"iran", "gulf"}
    assert joined.article_details == 4
    assert (joined.keep_unmatched, joined.every, joined.id) == (True, timedelta(minutes=10), iran.id)
    assert joined.rules_hash not in {"a", "b"}, "so that entries that match now are seen"
    other = moves.joined(gulf, [iran])
    assert (other.keep_unmatched, other.every, other.article_details) == (True, timedelta(minutes=10), 4)


def test_a_merged_feed_is_shown_as_well_as_the_one_that_is_polled() -> None:
    quiet = replace(make.state(A), merged_into=B.id, last_polled_at=make.at(days=-99), delivered=1)
    dying = replace(make.state(B), last_polled_at=make.NOW, failures=1, reason=Reason.TIMEOUT, failing_since=make.NOW)

    rows = [(A, quiet, 1, ()), (B, dying, 2, ())]
    assert [(report.same_as, report.health) for report in moves.reports(rows, {}, make.NOW)] == [
        ("B", Health.FAILING),
        ("", Health.FAILING),
    ]
