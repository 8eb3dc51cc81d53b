"""Contract of `Subscriptions` for pushes: kept once acknowledged, bounded, recorded whole, and polite to publishers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import make
import polls
from make import NOW, at
from wirekin.model import Feed, Headline, Hub, PollOutcome, PollStatus, PushOutcome, Question, Reason
from wirekin.schedule import FLOOR, LEASE
from wirekin.store import Reader, Store, Subscriptions
from wirekin.store._pushes import FEED_BYTES, IN_ALL, OF_FEED

FEED = make.feed()
OTHER = make.feed("https://else.example/rss", host="else.example")
TOPIC = "https://example.com/rss.xml"
PLANNED = at(6)  # the next poll of both feeds, unless a push comes


@pytest.fixture
def store(store: Store) -> Store:
    """A store with two feeds that were polled at NOW and announce a hub."""
    store.sync_feeds([FEED, OTHER], NOW)
    for feed in (FEED, OTHER):
        outcome = polls.outcome(feed, next_poll_at=PLANNED)
        store.record_polls([replace(outcome, announced=(Hub("https://hub.example/", TOPIC),))], NOW)
    return store


@pytest.fixture
def tokens(store: Store, subscriptions: Subscriptions) -> dict[str, str]:
    """The token of each feed's active subscription, by the feed's URL."""
    drawn = iter(map(str, range(100)))
    asked = subscriptions.claim_requests(NOW, base="https://us.example", limit=9, draw=lambda: next(drawn))
    for request in asked:
        assert subscriptions.confirm(request.token, "subscribe", TOPIC, timedelta(days=10), NOW)
    return {request.feed.url: request.token for request in asked}


def push_outcome(n: int, *headlines: Headline, feed: Feed = FEED, **more: object) -> PushOutcome:
    plain = PushOutcome(n, feed.id, taken=True, headlines=headlines, sightings=tuple(map(polls.sighting, headlines)))
    return replace(plain, **{"news": len(headlines), **more})  # type: ignore[arg-type]  # of PushOutcome


def next_poll_at(store: Store, feed: Feed = FEED) -> datetime:
    return store.feed_states()[feed.id].next_poll_at


def bodies(subscriptions: Subscriptions) -> Sequence[bytes]:
    return [push.body for push in subscriptions.pushes(10_000)]


# --- kept ------------------------------------------------------------------------------------------------------


def test_a_received_push_waits_with_its_feed_and_state_until_it_is_recorded(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "application/rss+xml", at(1))

    (push,) = subscriptions.pushes(10)

    assert (push.body, push.content_type) == (b"<rss/>", "application/rss+xml")
    assert (push.feed, push.state) == (FEED, store.feed_states()[FEED.id])
    subscriptions.record_pushes([push_outcome(push.n)], at(1))
    assert subscriptions.pushes(10) == ()


def test_the_oldest_pushes_are_given_in_the_number_asked_for(
    subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    for body in (b"one", b"two", b"three"):
        subscriptions.receive(tokens[FEED.url], body, "text/\ud800", at(1))

    assert [(push.body, push.content_type) for push in subscriptions.pushes(2)] == [
        (b"one", "text/\ufffd"),
        (b"two", "text/\ufffd"),
    ]


def test_a_push_with_an_unknown_token_is_not_kept(subscriptions: Subscriptions, tokens: dict[str, str]) -> None:
    assert tokens
    assert not subscriptions.receive("no such token", b"<rss/>", "", NOW)
    assert subscriptions.pushes(10) == ()


def test_a_pushed_headline_is_recorded_as_by_a_poll_and_the_validators_stay(
    store: Store, subscriptions: Subscriptions, reader: Reader, tokens: dict[str, str]
) -> None:
    known, fresh = polls.headline("known"), polls.headline("fresh")
    store.record_polls([polls.outcome(FEED, [known], etag='"1"', body_hash="b", next_poll_at=PLANNED)], NOW)
    before = store.feed_states()[FEED.id]
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(1))
    (push,) = subscriptions.pushes(10)

    (recorded,) = subscriptions.record_pushes([push_outcome(push.n, known, fresh, news=1)], at(1))

    after = store.feed_states()[FEED.id]
    assert recorded.headlines_new == 1
    assert {headline.title for headline in store.ungrouped(10)} == {known.title, fresh.title}
    assert after == replace(before, delivered=before.delivered + 1, last_new_at=at(1), next_poll_at=at(1))
    assert len(store.sighted(FEED.id, [polls.sighting(fresh).entry_key], [])) == 1
    assert len(reader.headlines(Question(search="fresh")).items) == 1


def test_a_push_of_what_another_feed_brought_is_a_visible_change_of_its_feed(
    store: Store, subscriptions: Subscriptions, reader: Reader, tokens: dict[str, str]
) -> None:
    known = polls.headline("known")
    store.record_polls([polls.outcome(OTHER, [known], next_poll_at=PLANNED)], NOW)
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(1))
    (push,) = subscriptions.pushes(10)
    before = reader.version()

    subscriptions.record_pushes([push_outcome(push.n, known)], at(1))

    assert reader.version() > before


def test_a_poll_under_way_does_not_reset_the_count_of_pushed_headlines(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    claim = next(claim for claim in store.claim_due(at(6), limit=9) if claim.feed == FEED)
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(6.1))
    subscriptions.record_pushes([push_outcome(subscriptions.pushes(1)[0].n, polls.headline("pushed"))], at(6.1))

    store.record_polls([PollOutcome(FEED.id, PollStatus.NOT_MODIFIED, claim.state)], at(6.2))

    after = store.feed_states()[FEED.id]
    assert (after.delivered, after.last_new_at) == (1, at(6.1))


def test_a_push_hint_during_a_poll_makes_the_feed_due_again_afterwards(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    assert store.claim_due(at(6), limit=9)
    subscriptions.receive(tokens[FEED.url], None, "", at(6.001))
    under_way = next_poll_at(store)

    store.record_polls([polls.outcome(FEED, next_poll_at=at(12), last_polled_at=at(6.002))], at(6.002))

    assert under_way == at(6) + LEASE
    assert next_poll_at(store) == at(6.002) + FLOOR
    assert store.claim_due(at(6.002) + FLOOR, limit=9)
    store.record_polls([polls.outcome(FEED, next_poll_at=at(13), last_polled_at=at(6.2))], at(6.2))
    assert next_poll_at(store) == at(13)  # no push came during that poll, so none is caught up with


def test_a_push_hint_before_a_poll_is_satisfied_by_that_poll(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], None, "", at(1))
    assert store.claim_due(at(2), limit=9)

    store.record_polls([polls.outcome(FEED, next_poll_at=at(8), last_polled_at=at(2))], at(2))

    assert next_poll_at(store) == at(8)


def test_a_push_hint_during_a_poll_that_fails_does_not_shorten_the_back_off(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    assert store.claim_due(at(6), limit=9)
    subscriptions.receive(tokens[FEED.url], None, "", at(6.001))

    failed = polls.outcome(FEED, next_poll_at=at(12), last_polled_at=at(6.002), failures=1, reason=Reason.TIMEOUT)
    store.record_polls([failed], at(6.002))

    assert next_poll_at(store) == at(12)


def test_recording_a_push_twice_adds_nothing(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(1))
    (push,) = subscriptions.pushes(10)
    outcome = push_outcome(push.n, polls.headline("fresh"))
    subscriptions.record_pushes([outcome], at(1))

    (again,) = subscriptions.record_pushes([outcome], at(2))

    assert again.headlines_new == 0
    assert store.feed_states()[FEED.id].delivered == 1


# --- bounded ---------------------------------------------------------------------------------------------------


def test_too_many_waiting_pushes_drop_the_oldest_of_their_feed_and_make_that_feed_due(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[OTHER.url], b"else", "", at(1))
    for n in range(OF_FEED):
        subscriptions.receive(tokens[FEED.url], b"%d" % n, "", at(1))
    planned = next_poll_at(store)

    subscriptions.receive(tokens[FEED.url], b"last", "", at(1))

    assert planned == PLANNED
    assert bodies(subscriptions) == [b"else", *(b"%d" % n for n in range(1, OF_FEED)), b"last"]
    assert next_poll_at(store) == at(1)
    assert next_poll_at(store, OTHER) == PLANNED


def test_the_bytes_of_the_waiting_pushes_of_a_feed_are_bounded(
    subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    large = b"x" * (FEED_BYTES // 2)
    for _ in range(3):
        subscriptions.receive(tokens[FEED.url], large, "", at(1))

    assert len(subscriptions.pushes(10)) == 2


@pytest.mark.parametrize(("bound", "most"), [("IN_ALL", 3), ("ALL_BYTES", 12)])
def test_the_waiting_pushes_of_all_feeds_together_are_bounded(
    store: Store,
    subscriptions: Subscriptions,
    tokens: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    most: int,
) -> None:
    monkeypatch.setattr(f"wirekin.store._pushes.{bound}", most)
    subscriptions.receive(tokens[OTHER.url], b"else", "", at(1))
    for _ in range(3):
        subscriptions.receive(tokens[FEED.url], b"more", "", at(1))

    assert IN_ALL > OF_FEED
    assert bodies(subscriptions) == [b"more"] * 3
    assert next_poll_at(store, OTHER) == at(1)


def test_after_a_push_that_broke_its_parser_those_of_its_feed_are_only_hints_for_six_hours(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    for body in (b"poison", b"behind it"):
        subscriptions.receive(tokens[FEED.url], body, "", at(1))
    harmful = subscriptions.pushes(1)[0]

    subscriptions.record_pushes([push_outcome(harmful.n, taken=False, harmful=True)], at(1))
    subscriptions.receive(tokens[FEED.url], b"more poison", "", at(6.9))
    subscriptions.receive(tokens[OTHER.url], b"else", "", at(6.9))

    assert bodies(subscriptions) == [b"else"]
    assert next_poll_at(store) == at(1)
    subscriptions.receive(tokens[FEED.url], b"bread", "", at(7))
    assert bodies(subscriptions) == [b"else", b"bread"]


# --- polite ----------------------------------------------------------------------------------------------------


def test_a_push_hint_makes_the_feed_due_but_not_before_the_minimum_interval(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], None, "", at(minutes=1))

    assert next_poll_at(store) == NOW + FLOOR
    assert subscriptions.pushes(10) == ()


def test_a_hint_goes_by_the_state_of_its_own_feed(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    failing = polls.not_modified(FEED, NOW, failures=3, failing_since=NOW, reason=Reason.TIMEOUT, next_poll_at=PLANNED)
    store.record_polls([failing], NOW)

    subscriptions.receive(tokens[OTHER.url], None, "", at(minutes=1))

    assert (next_poll_at(store), next_poll_at(store, OTHER)) == (PLANNED, NOW + FLOOR)


def test_a_push_hint_during_a_poll_waits_for_the_lease_of_that_poll(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    (claim,) = store.claim_due(at(2), limit=1, only=frozenset({FEED.id}), manual=True)

    subscriptions.receive(tokens[FEED.url], None, "", at(2))

    assert claim.feed == FEED
    assert next_poll_at(store) == at(2) + LEASE
    assert store.claim_due(at(2, minutes=9), limit=1) == ()


def test_a_push_hint_does_not_bypass_a_hold(store: Store, subscriptions: Subscriptions, tokens: dict[str, str]) -> None:
    store.record_polls([polls.not_modified(FEED, NOW, hold_until=at(3), next_poll_at=PLANNED)], NOW)

    subscriptions.receive(tokens[FEED.url], None, "", at(1))

    assert next_poll_at(store) == at(3)


def test_a_push_hint_does_not_shorten_the_back_off_of_a_failing_feed(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    failing = polls.not_modified(FEED, NOW, failures=3, failing_since=NOW, reason=Reason.TIMEOUT, next_poll_at=PLANNED)
    store.record_polls([failing], NOW)

    subscriptions.receive(tokens[FEED.url], None, "", at(1))

    assert next_poll_at(store) == PLANNED


def test_a_push_with_new_headlines_returns_the_feed_to_its_usual_interval_and_no_faster(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(minutes=6))
    (push,) = subscriptions.pushes(10)

    subscriptions.record_pushes([push_outcome(push.n, polls.headline("fresh"))], at(minutes=6))

    assert next_poll_at(store) == NOW + FEED.every


def test_a_push_that_cannot_be_read_makes_the_feed_due(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], b"what?", "", at(minutes=6))
    (push,) = subscriptions.pushes(10)

    subscriptions.record_pushes([push_outcome(push.n, taken=False)], at(minutes=6))

    assert next_poll_at(store) == at(minutes=6)


def test_a_push_of_known_headlines_does_not_make_the_feed_due(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(1))
    (push,) = subscriptions.pushes(10)

    subscriptions.record_pushes([push_outcome(push.n, polls.headline("known"), news=0)], at(1))

    assert next_poll_at(store) == PLANNED


def test_a_denied_subscription_returns_the_feed_to_its_usual_interval(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    subscriptions.deny(tokens[FEED.url], TOPIC, "", at(minutes=1))

    assert next_poll_at(store) == NOW + FEED.every


def test_leaving_a_hub_brings_the_usual_pace_back(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    assert tokens

    subscriptions.claim_requests(at(minutes=1), base="", limit=9, draw=str)

    assert next_poll_at(store) == NOW + FEED.every


def test_a_push_with_new_headlines_makes_the_hub_trusted_again(
    store: Store, subscriptions: Subscriptions, tokens: dict[str, str]
) -> None:
    outcome = replace(polls.outcome(FEED), unpushed=True)
    store.record_polls([outcome, outcome], NOW)
    subscriptions.receive(tokens[FEED.url], b"<rss/>", "", at(1))
    (push,) = subscriptions.pushes(10)

    subscriptions.record_pushes([push_outcome(push.n, polls.headline("fresh"))], at(1))

    (claim,) = store.claim_due(at(2), limit=1, only=frozenset({FEED.id}), manual=True)
    assert claim.pushed is not None
    assert claim.pushed.misses == 0
