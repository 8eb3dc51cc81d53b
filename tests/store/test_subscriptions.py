"""Contract of `Subscriptions`: requests to hubs, what hubs may confirm, and how polls check on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

import pytest

import make
import polls
from make import NOW, at
from wirekin import schedule
from wirekin.model import Feed, Hub, HubAnswer, HubRequest, Pushed, SubscriptionState
from wirekin.store import Reader, Store, Subscriptions

BASE = "https://news.example"
FEED = make.feed()
HUB = Hub("https://hub.example/", "https://example.com/rss.xml")
OTHER = Hub("https://other.example/", HUB.topic)
DAY = timedelta(days=1)
TEN_DAYS = 10 * DAY


_numbers = count()


def draw() -> str:
    return f"drawn {next(_numbers)}"


def announce(store: Store, *hubs: Hub, feed: Feed = FEED, now: datetime = NOW, **more: object) -> None:
    """Record a poll of a complete document that announces these hubs."""
    outcome = polls.outcome(feed, now=now, next_poll_at=now + timedelta(hours=6))
    store.record_polls([replace(outcome, announced=hubs, **more)], now)  # type: ignore[arg-type]  # of PollOutcome


def ask(subscriptions: Subscriptions, now: datetime = NOW, *, base: str = BASE, limit: int = 10) -> list[HubRequest]:
    return list(subscriptions.claim_requests(now, base=base, limit=limit, draw=draw))


def answer(request: HubRequest, now: datetime = NOW, **more: object) -> HubAnswer:
    plain = HubAnswer(request.token, accepted=True, refused=False, secure=True, next_try_at=now + timedelta(hours=1))
    return replace(plain, **more)  # type: ignore[arg-type]  # of HubAnswer


def activate(store: Store, subscriptions: Subscriptions, feed: Feed = FEED, lease: timedelta = TEN_DAYS) -> HubRequest:
    announce(store, HUB, feed=feed)
    (request,) = ask(subscriptions)
    subscriptions.record_answers([answer(request)], NOW)
    assert subscriptions.confirm(request.token, "subscribe", HUB.topic, lease, NOW)
    return request


def state_of(reader: Reader, feed: Feed = FEED) -> SubscriptionState | None:
    found = reader.subscriptions().get(feed.id)
    return found.state if found else None


@pytest.fixture
def store(store: Store) -> Store:
    store.sync_feeds([FEED], NOW)
    return store


# --- requests to hubs ------------------------------------------------------------------------------------------


def test_a_feed_that_announces_a_hub_is_subscribed_to_with_a_token_and_a_secret(
    store: Store, subscriptions: Subscriptions
) -> None:
    announce(store, HUB)

    (request,) = ask(subscriptions)

    assert (request.mode, request.hub, request.topic, request.attempts) == ("subscribe", HUB.url, HUB.topic, 0)
    assert request.callback == f"{BASE}/websub/{request.token}"
    assert request.token != request.secret
    assert request.token not in repr(request)
    assert request.secret not in repr(request)


def test_no_hub_is_asked_while_websub_is_off(store: Store, subscriptions: Subscriptions, reader: Reader) -> None:
    announce(store, HUB)

    assert ask(subscriptions, base="") == []
    assert state_of(reader) is None


def test_a_feed_without_a_hub_is_not_subscribed_to(store: Store, subscriptions: Subscriptions) -> None:
    announce(store)

    assert ask(subscriptions) == []


def test_a_hub_request_is_not_repeated_while_its_answer_is_pending(store: Store, subscriptions: Subscriptions) -> None:
    announce(store, HUB)
    ask(subscriptions)

    assert ask(subscriptions, at(minutes=9)) == []
    assert [request.attempts for request in ask(subscriptions, at(minutes=11))] == [1]


def test_hub_requests_are_limited_in_number_and_the_longest_due_come_first(
    store: Store, subscriptions: Subscriptions
) -> None:
    feeds = [make.feed(f"https://f{n}.example/rss") for n in range(5)]
    store.sync_feeds(feeds, NOW)
    for feed in feeds:
        announce(store, HUB, feed=feed)

    first, second = ask(subscriptions, limit=3), ask(subscriptions, limit=3)

    assert [request.feed.url for request in first + second] == [feed.url for feed in feeds]


def test_a_feed_is_asked_for_though_another_feed_of_its_hub_has_a_subscription(
    store: Store, subscriptions: Subscriptions
) -> None:
    other = make.feed("https://f0.example/rss")
    store.sync_feeds([FEED, other], NOW)
    activate(store, subscriptions)
    announce(store, HUB, feed=other)

    assert [request.feed.url for request in ask(subscriptions)] == [other.url]


def test_a_refused_subscription_is_denied_and_requested_again_at_the_given_time(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    announce(store, HUB)
    (request,) = ask(subscriptions)

    subscriptions.record_answers([answer(request, accepted=False, refused=True, next_try_at=at(days=7))], NOW)

    assert state_of(reader) is SubscriptionState.DENIED
    assert ask(subscriptions, at(days=6.9)) == []
    assert len(ask(subscriptions, at(days=7))) == 1
    assert state_of(reader) is SubscriptionState.ASKED


def test_an_answer_after_the_confirmation_changes_only_whether_the_secret_was_sent_safely(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    announce(store, HUB)
    (request,) = ask(subscriptions)
    subscriptions.confirm(request.token, "subscribe", HUB.topic, TEN_DAYS, NOW)

    subscriptions.record_answers([answer(request)], NOW)

    found = subscriptions.subscription(request.token)
    assert found is not None
    assert (found.state, found.secure) == (SubscriptionState.ACTIVE, True)
    assert ask(subscriptions, at(days=7.9)) == []


# --- what hubs may confirm -------------------------------------------------------------------------------------


def test_a_confirmed_subscription_is_renewed_when_a_fifth_of_its_lease_is_left(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    activate(store, subscriptions)

    assert state_of(reader) is SubscriptionState.ACTIVE
    assert reader.subscriptions()[FEED.id].lease_until == NOW + TEN_DAYS
    assert ask(subscriptions, at(days=7.99)) == []
    assert [request.mode for request in ask(subscriptions, at(days=8))] == ["subscribe"]
    assert state_of(reader) is SubscriptionState.ACTIVE


def test_a_renewal_keeps_token_and_secret_and_restarts_the_lease(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    first = activate(store, subscriptions)
    (again,) = ask(subscriptions, at(days=8))

    subscriptions.confirm(again.token, "subscribe", HUB.topic, TEN_DAYS, at(days=8))

    assert (again.token, again.secret) == (first.token, first.secret)
    assert reader.subscriptions()[FEED.id].lease_until == at(days=18)


@pytest.mark.parametrize(
    ("mode", "topic"),
    [("unsubscribe", HUB.topic), ("subscribe", HUB.topic + "/"), ("subscribe", ""), ("publish", HUB.topic), ("", "")],
)
def test_a_confirmation_of_what_was_not_requested_is_refused(
    store: Store, subscriptions: Subscriptions, reader: Reader, mode: str, topic: str
) -> None:
    announce(store, HUB)
    (request,) = ask(subscriptions)

    assert not subscriptions.confirm(request.token, mode, topic, TEN_DAYS, NOW)
    assert not subscriptions.confirm("another token", "subscribe", HUB.topic, TEN_DAYS, NOW)
    assert state_of(reader) is SubscriptionState.ASKED


def test_a_repeated_confirmation_is_accepted(store: Store, subscriptions: Subscriptions) -> None:
    request = activate(store, subscriptions)

    assert subscriptions.confirm(request.token, "subscribe", HUB.topic, TEN_DAYS, at(1))


def test_a_denied_subscription_cannot_be_confirmed_and_keeps_the_reason(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    request = activate(store, subscriptions)

    assert subscriptions.deny(request.token, HUB.topic, "you may not", at(1))
    assert not subscriptions.confirm(request.token, "subscribe", HUB.topic, TEN_DAYS, at(1))
    assert reader.subscriptions()[FEED.id].detail == "you may not"
    assert ask(subscriptions, at(days=7)) == []
    assert len(ask(subscriptions, at(1, days=7))) == 1


def test_a_reason_that_is_no_unicode_is_stored_without_what_is_none(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    request = activate(store, subscriptions)

    assert subscriptions.deny(request.token, HUB.topic, "no \ud800", NOW)
    assert reader.subscriptions()[FEED.id].detail == "no \ufffd"


def test_a_denial_of_another_topic_is_ignored(store: Store, subscriptions: Subscriptions, reader: Reader) -> None:
    request = activate(store, subscriptions)

    assert not subscriptions.deny(request.token, "https://elsewhere.example/", "", NOW)
    assert state_of(reader) is SubscriptionState.ACTIVE


def test_a_subscription_whose_lease_ended_without_renewal_is_requested_again(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    request = activate(store, subscriptions)
    (renewal,) = ask(subscriptions, at(days=8))
    refused = answer(renewal, accepted=False, refused=True, next_try_at=at(days=15))
    subscriptions.record_answers([refused], at(days=8))

    assert state_of(reader) is SubscriptionState.ACTIVE, "the hub refused to go on, not what it had confirmed"
    assert len(ask(subscriptions, at(days=10))) == 1
    assert state_of(reader) is SubscriptionState.ASKED
    assert not subscriptions.receive(request.token, b"<rss/>", "", at(days=10))


# --- ending subscriptions --------------------------------------------------------------------------------------


def test_a_removed_feed_is_unsubscribed_and_forgotten_once_the_hub_confirms(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    request = activate(store, subscriptions)
    store.sync_feeds([], at(1))

    (leaving,) = ask(subscriptions, at(1))

    assert (leaving.mode, leaving.callback) == ("unsubscribe", request.callback)
    assert state_of(reader) is None
    assert not subscriptions.deny(request.token, HUB.topic, "you may not", at(1))
    assert not subscriptions.confirm(request.token, "subscribe", HUB.topic, TEN_DAYS, at(1))
    assert subscriptions.confirm(request.token, "unsubscribe", HUB.topic, timedelta(), at(1))
    assert subscriptions.subscription(request.token) is None


def test_a_feed_that_announces_a_new_hub_is_unsubscribed_from_the_old_one(
    store: Store, subscriptions: Subscriptions
) -> None:
    old = activate(store, subscriptions)
    announce(store, OTHER, now=at(1))

    asked = {request.mode: request for request in ask(subscriptions, at(1))}

    assert (asked["unsubscribe"].hub, asked["unsubscribe"].token) == (HUB.url, old.token)
    assert asked["subscribe"].hub == OTHER.url
    assert asked["subscribe"].token != old.token
    assert asked["subscribe"].secret != old.secret


def test_a_feed_that_announces_no_hub_any_more_leaves_its_own(store: Store, subscriptions: Subscriptions) -> None:
    activate(store, subscriptions)
    announce(store, now=at(1))

    assert [request.mode for request in ask(subscriptions, at(1))] == ["unsubscribe"]


def test_turning_websub_off_unsubscribes_and_another_public_url_subscribes_anew(
    store: Store, subscriptions: Subscriptions
) -> None:
    activate(store, subscriptions)

    moved = ask(subscriptions, at(1), base="https://moved.example")
    off = ask(subscriptions, at(2), base="")

    assert sorted((r.mode, r.callback.partition("/websub/")[0]) for r in moved) == [
        ("subscribe", "https://moved.example"),
        ("unsubscribe", BASE),
    ]
    assert [request.mode for request in off] == ["unsubscribe"], "the one that was never confirmed is forgotten"


def test_an_unanswered_unsubscription_is_sent_three_times_and_then_forgotten(
    store: Store, subscriptions: Subscriptions
) -> None:
    request = activate(store, subscriptions)
    store.sync_feeds([], NOW)

    told = [len(ask(subscriptions, at(hours))) for hours in (1, 2, 3, 4)]

    assert told == [1, 1, 1, 0]
    assert subscriptions.subscription(request.token) is None


def test_a_hub_whose_lease_is_over_need_not_be_told(store: Store, subscriptions: Subscriptions) -> None:
    request = activate(store, subscriptions, lease=timedelta(hours=1))
    store.sync_feeds([], at(0.5))

    told = [[one.mode for one in ask(subscriptions, at(hours))] for hours in (0.5, 0.9, 1.1)]

    assert told == [["unsubscribe"], ["unsubscribe"], []]
    assert subscriptions.subscription(request.token) is None


def test_a_subscription_is_forgotten_when_the_hub_refuses_to_end_it(store: Store, subscriptions: Subscriptions) -> None:
    activate(store, subscriptions)
    store.sync_feeds([], NOW)
    (leaving,) = ask(subscriptions)

    subscriptions.record_answers([answer(leaving, accepted=False, refused=True)], NOW)

    assert subscriptions.subscription(leaving.token) is None


def test_a_truncated_document_or_a_304_keeps_the_subscription(
    store: Store, subscriptions: Subscriptions, reader: Reader
) -> None:
    activate(store, subscriptions)

    store.record_polls([polls.not_modified(FEED, at(1)), polls.outcome(FEED, now=at(2))], at(2))

    assert ask(subscriptions, at(2)) == []
    assert state_of(reader) is SubscriptionState.ACTIVE


# --- polls that check on pushes --------------------------------------------------------------------------------


def claimed(store: Store, now: datetime) -> Pushed | None:
    (claim,) = store.claim_due(now, limit=1, manual=True)
    return claim.pushed


def test_a_claim_says_until_when_a_hub_pushes(store: Store, subscriptions: Subscriptions) -> None:
    activate(store, subscriptions)

    assert claimed(store, at(1)) == Pushed(NOW + TEN_DAYS)


def test_a_claim_says_nothing_of_a_hub_that_is_being_left(store: Store, subscriptions: Subscriptions) -> None:
    activate(store, subscriptions)
    ask(subscriptions, at(1), base="")

    (claim,) = store.claim_due(at(7), limit=1)

    assert claim.pushed is None


def test_a_claim_mentions_no_hub_before_its_confirmation_or_after_its_lease(
    store: Store, subscriptions: Subscriptions
) -> None:
    announce(store, HUB)
    (request,) = ask(subscriptions)
    asked = claimed(store, at(1))
    subscriptions.confirm(request.token, "subscribe", HUB.topic, DAY, at(1))

    assert asked is None
    assert claimed(store, at(2)) == Pushed(at(25))
    assert claimed(store, at(25)) is None


def test_polls_that_find_unpushed_entries_are_counted_and_the_second_subscribes_anew(
    store: Store, subscriptions: Subscriptions
) -> None:
    activate(store, subscriptions)

    announce(store, HUB, now=at(6), unpushed=True)
    once, asked_once = claimed(store, at(7)), ask(subscriptions, at(7))
    announce(store, HUB, now=at(12), unpushed=True)
    twice, asked_twice = claimed(store, at(13)), ask(subscriptions, at(13))

    assert (once, asked_once) == (Pushed(NOW + TEN_DAYS, 1), [])
    assert twice == Pushed(NOW + TEN_DAYS, schedule.UNPUSHED_POLLS)
    assert [request.mode for request in asked_twice] == ["subscribe"]


def test_a_hub_that_denies_during_a_poll_is_not_asked_anew_for_what_it_did_not_push(
    store: Store, subscriptions: Subscriptions
) -> None:
    request = activate(store, subscriptions)
    assert subscriptions.deny(request.token, HUB.topic, "you may not", NOW)

    for hours in (1, 2):
        announce(store, HUB, now=at(hours), unpushed=True)

    assert ask(subscriptions, at(3)) == []


def test_a_hub_that_confirms_again_without_pushing_is_still_not_trusted(
    store: Store, subscriptions: Subscriptions
) -> None:
    request = activate(store, subscriptions)
    for hours in (6, 12):
        announce(store, HUB, now=at(hours), unpushed=True)

    subscriptions.confirm(request.token, "subscribe", HUB.topic, TEN_DAYS, at(13))

    pushed = claimed(store, at(14))
    assert pushed is not None
    assert schedule.slow_until(pushed, unpushed=False) is None
