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
    """The state after a successful poll; as in the schedule, the failure is cleared first."""
    recovered = replace(state, reason=None, failing_since=None, failures=0)
    return moves.on_answer(feed, recovered, moved_to, read=read, now=now)


def failed(state: FeedState, reason: Reason, now: datetime, **more: Any) -> FeedState:
    """The state after a poll that failed; as in the schedule, with reason and start of the failure."""
    since = state.failing_since or now
    failing = replace(state, reason=reason, failing_since=since, failures=state.failures + 1, **more)
    return moves.on_failure(FEED, failing, now)


def redirected(state: FeedState, *days: float, to: str = NEW, feed: Feed = FEED) -> FeedState:
    """The state after polls on these days that were all redirected to one address and could read it."""
    for day in days:
        state = answered(state, to, make.at(days=day), feed=feed)
    return state


FRESH = make.state(FEED)
WATCHED = redirected(FRESH, 0, 1, 2)
BELIEVED = redirected(FRESH, 0, 1, 2, 3, 4)


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
    state = redirected(FRESH, *days)

    assert state.address == (NEW if believed else None)
    assert (state.moved_to, state.moved_polls) == ((None, 0) if believed else (NEW, len(days)))


@pytest.mark.parametrize("elsewhere", [None, OTHER])
def test_a_poll_without_the_same_redirect_restarts_the_count(elsewhere: str | None) -> None:
    state = redirected(answered(WATCHED, elsewhere, make.at(days=2.5)), 3, 4, 5, 5.9)

    assert (state.address, state.moved_polls) == (None, 4)
    assert redirected(state, 6).address == NEW


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in NETWORK])
def test_a_failure_that_the_server_answered_restarts_the_count(reason: Reason) -> None:
    state = failed(WATCHED, reason, make.at(days=3))

    assert (state.moved_to, state.moved_since, state.moved_polls) == (None, None, 0)


@pytest.mark.parametrize("reason", NETWORK)
def test_a_network_failure_neither_counts_nor_restarts_the_count(reason: Reason) -> None:
    state = failed(WATCHED, reason, make.at(days=3))

    assert (state.moved_to, state.moved_since, state.moved_polls) == (NEW, make.NOW, 3)
    assert redirected(state, 3.1, 3.2).address == NEW


def test_a_redirect_to_a_cut_body_does_not_count_and_one_elsewhere_restarts_the_count() -> None:
    state = answered(WATCHED, NEW, make.at(days=3), read=False)

    assert state.moved_polls == 3
    assert answered(WATCHED, OTHER, make.at(days=3), read=False).moved_to is None


def test_a_redirect_stored_without_a_count_is_counted_from_one() -> None:
    state = redirected(replace(FRESH, moved_to=NEW), 0)

    assert (state.moved_polls, state.moved_since) == (1, make.NOW)


@pytest.mark.parametrize("address", [None, NEW])
def test_a_move_from_https_to_http_is_never_believed(address: str | None) -> None:
    state = redirected(replace(FRESH, address=address), *range(9), to="http://other.example/rss")

    assert (state.address, state.moved_to) == (address, None)


def test_a_feed_that_moved_to_https_is_not_led_back_to_http() -> None:
    plain = make.feed("http://old.example/rss")

    state = redirected(replace(make.state(plain), address=NEW), *range(9), to="http://other.example/rss", feed=plain)

    assert (state.address, state.moved_to) == (NEW, None)


def test_a_move_from_http_to_https_or_http_is_believed() -> None:
    plain = make.feed("http://old.example/rss")

    assert redirected(make.state(plain), *range(5), to=NEW, feed=plain).address == NEW
    assert (
        redirected(make.state(plain), *range(5), to="http://new.example/", feed=plain).address == "http://new.example/"
    )


def test_a_believed_address_that_moves_again_is_followed_after_five_more_polls() -> None:
    state = redirected(BELIEVED, 5, 6, 7, 7.9, to=OTHER)

    assert (state.address, state.moved_to) == (NEW, OTHER)
    assert redirected(state, 8, to=OTHER).address == OTHER


@pytest.mark.parametrize("home", [OLD, "https://OLD.example:443/rss"])
def test_a_move_back_to_the_configured_address_clears_the_believed_one(home: str) -> None:
    state = redirected(BELIEVED, *range(5, 10), to=home)

    assert (state.address, state.moved_to) == (None, None)


# --- giving up ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in NETWORK])
def test_a_believed_address_that_answers_with_no_feed_is_given_up_at_once(reason: Reason) -> None:
    state = failed(BELIEVED, reason, make.at(days=5), next_poll_at=make.at(days=6))

    assert (state.address, state.moved_polls) == (None, 0)
    assert state.next_poll_at == make.at(days=5) + FEED.every, "what feeds.yml names has not failed"


@pytest.mark.parametrize("reason", NETWORK)
def test_a_believed_address_that_is_unreachable_is_given_up_after_three_days(reason: Reason) -> None:
    state = failed(BELIEVED, reason, make.at(days=5))
    assert state.address == NEW

    assert failed(state, reason, make.at(days=7.99)).address == NEW
    assert failed(state, reason, make.at(days=8)).address is None


def test_giving_up_an_address_does_not_shorten_a_hold() -> None:
    held = {"next_poll_at": make.at(days=6), "hold_until": make.at(days=5.5)}

    assert failed(BELIEVED, Reason.DENIED, make.at(days=5), **held).next_poll_at == make.at(days=5.5)


def test_giving_up_asks_nobody_before_the_floor() -> None:
    hasty, now = replace(FEED, every=timedelta(minutes=1)), make.at(days=5)
    denied = replace(BELIEVED, reason=Reason.DENIED, failing_since=now, failures=1, next_poll_at=make.at(days=6))

    assert moves.on_failure(hasty, denied, now).next_poll_at == now + FLOOR


def test_giving_up_an_address_does_not_shorten_skipped_hours() -> None:
    soon = make.at(days=5) + FEED.every
    skipped = {"skip_hours": frozenset({soon.hour}), "next_poll_at": make.at(days=6)}

    given_up = failed(BELIEVED, Reason.DENIED, make.at(days=5), **skipped)

    assert given_up.address is None
    assert given_up.next_poll_at == soon.replace(minute=0) + timedelta(hours=1)


def test_a_feed_that_has_not_moved_keeps_the_time_set_by_its_failure() -> None:
    assert failed(FRESH, Reason.NOT_FOUND, make.NOW, next_poll_at=make.at(4)).next_poll_at == make.at(4)


# --- feeds that meet ----------------------------------------------------------------------------------------------

A, B, C, D = (make.feed(f"https://{name}.example/rss", name=name.upper()) for name in "abcd")


def merged(*feeds: tuple[Feed, str | None]) -> dict[str, str]:
    """Merged feed -> the feed that is polled in its place, by name."""
    names = {feed.id: feed.name for feed, _ in feeds}
    return {names[key]: names[kept] for key, kept in moves.same_feeds(feeds).items()}


def test_feeds_with_different_addresses_are_not_merged() -> None:
    assert merged((A, None), (B, None)) == {}
    assert merged((A, "https://elsewhere.example/"), (B, None)) == {}


def test_the_feed_configured_at_the_shared_address_is_kept_even_if_listed_later() -> None:
    assert merged((A, B.url), (B, None)) == {"A": "B"}


def test_two_spellings_of_one_address_are_merged() -> None:
    assert merged((A, "https://B.example:443/rss#top"), (B, None)) == {"A": "B"}
    assert merged((A, "http://b.example/rss"), (B, None)) == {}
    assert merged((A, "https://b.example/rss?all"), (B, None)) == {}


def test_of_feeds_that_moved_to_one_new_address_the_first_listed_is_kept() -> None:
    assert merged((B, "https://new.example/"), (A, "https://new.example/"), (C, "https://new.example/")) == {
        "A": "B",
        "C": "B",
    }


def test_a_chain_of_moves_ends_at_its_last_address() -> None:
    assert merged((A, B.url), (B, C.url), (C, None), (D, B.url)) == {"A": "C", "B": "C", "D": "C"}
    assert merged((A, B.url), (B, "https://new.example/"), (C, None)) == {"A": "B"}


def test_of_feeds_that_redirect_in_a_circle_one_is_still_polled() -> None:
    assert merged((A, B.url), (B, A.url)) == {"B": "A"}
    assert merged((D, B.url), (C, A.url), (A, B.url), (B, C.url)) == {"A": "C", "B": "C", "D": "C"}


def test_pages_with_different_selectors_are_not_merged() -> None:
    other = replace(A, select=Selectors("article"))

    assert merged((other, B.url), (B, None)) == {}
    assert merged((other, B.url), (replace(B, select=Selectors("article")), None)) == {"A": "B"}


def test_a_merged_feed_keeps_every_entry_that_any_of_its_feeds_would_keep() -> None:
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


def test_a_merged_feed_is_reported_with_the_health_of_the_feed_polled_in_its_place() -> None:
    quiet = replace(make.state(A), merged_into=B.id, last_polled_at=make.at(days=-99), delivered=1)
    dying = replace(make.state(B), last_polled_at=make.NOW, failures=1, reason=Reason.TIMEOUT, failing_since=make.NOW)

    rows = [(A, quiet, 1, ()), (B, dying, 2, ())]
    assert [(report.same_as, report.health) for report in moves.reports(rows, {}, make.NOW)] == [
        ("B", Health.FAILING),
        ("", Health.FAILING),
    ]
