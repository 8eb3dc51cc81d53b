"""Moved feeds in the store: which hosts they hold, which of them merge, and when a merged one is polled again (A9)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

import make
import polls
from wirekin.model import Claim, Feed, FeedId, Hub, PollOutcome, PollStatus, Reason
from wirekin.schedule import FLOOR
from wirekin.store import Admin, Backend, Reader, Store, _schema, open_store

A = make.feed("https://a.example/rss", name="A", host="a.example", topics=frozenset(make.topics("iran")))
B = make.feed("https://b.example/rss", name="B", host="b.example", rules_hash="b")
C = make.feed("https://c.example/rss", name="C", host="c.example")
DEAD = {"reason": Reason.NOT_FOUND, "failing_since": make.NOW, "failures": 1}


def record(store: Store, feed: Feed, now: datetime = make.NOW, **state: Any) -> None:
    """Record a poll that leaves this state, with the next poll due at once."""
    known = {"next_poll_at": now, "last_polled_at": now, "rules_hash": feed.rules_hash, **state}
    store.record_polls([PollOutcome(feed.id, PollStatus.OK, make.state(feed, **known))], now)


def claims(store: Store, now: datetime) -> dict[str, Claim]:
    """Claim all that is due now; the claims by feed name, which stay taken."""
    return {claim.feed.name: claim for claim in store.claim_due(now, limit=9)}


def merged(store: Store) -> dict[FeedId, FeedId]:
    states = store.feed_states()
    return {key: state.merged_into for key, state in states.items() if state.merged_into is not None}


@pytest.fixture
def store_with_merge(store: Store) -> Store:
    """A store in which A has moved to B's address."""
    store.sync_feeds([A, B, C], make.NOW)
    record(store, A, address=B.url)
    return store


# --- hosts --------------------------------------------------------------------------------------------------------


def test_a_moved_feed_takes_the_host_of_its_new_address(store: Store) -> None:
    store.sync_feeds([A, B], make.NOW)
    record(store, A, address="https://feeds.b.example/a")

    assert set(claims(store, make.at(1))) == {"A"}, "B is of the same host"
    assert store.take_host("a.example", make.at(1)) is None
    assert store.take_host("b.example", make.at(1)) is not None


def test_recording_the_poll_that_finds_a_move_frees_the_host_it_had_taken(store: Store) -> None:
    store.sync_feeds([A], make.NOW)
    claims(store, make.NOW)
    record(store, A, address="https://new.example/a")

    later = make.at(minutes=0.5)
    assert store.take_host("a.example", later) is None
    assert store.take_host("new.example", later) is None


def test_a_429_to_a_moved_feed_holds_the_host_of_its_new_address(store: Store) -> None:
    store.sync_feeds([A], make.NOW)
    record(store, A, address="https://new.example/a")
    claims(store, make.NOW)
    record(store, A, reason=Reason.RATE_LIMITED, hold_until=make.at(4))

    assert store.take_host("new.example", make.at(3)) == make.at(4)
    assert store.take_host("a.example", make.at(3)) is None


def test_a_moved_feed_returns_to_its_own_host_when_the_new_address_is_not_found(store_with_merge: Store) -> None:
    record(store_with_merge, A, **DEAD)

    assert set(claims(store_with_merge, make.at(1))) == {"A", "B", "C"}


def test_a_moved_feed_keeps_its_new_address_when_it_is_renamed(store: Store) -> None:
    store.sync_feeds([A], make.NOW)
    record(store, A, address="https://new.example/a")
    store.sync_feeds([replace(A, name="Renamed"), C], make.NOW)

    assert set(claims(store, make.at(1))) == {"Renamed", "C"}
    assert store.take_host("a.example", make.at(1)) is None
    assert store.take_host("new.example", make.at(1)) is not None


# --- merged feeds -------------------------------------------------------------------------------------------------


def test_of_two_feeds_at_one_address_only_one_is_polled(store_with_merge: Store, admin: Admin) -> None:
    assert merged(store_with_merge) == {A.id: B.id}
    assert admin.make_due(make.at(minutes=3), only=frozenset({A.id})) == 0
    assert store_with_merge.next_due_at(make.at(1), only=frozenset({A.id}), manual=True) is None
    assert store_with_merge.claim_due(make.at(1), limit=9, only=frozenset({A.id}), manual=True) == ()
    assert set(claims(store_with_merge, make.at(1))) == {"B", "C"}


def test_the_polled_feed_has_the_topics_of_both_and_is_read_in_full_once(store_with_merge: Store) -> None:
    record(store_with_merge, B, etag='"1"', last_modified="Sun", body_hash="ff")
    claim = claims(store_with_merge, make.at(1))["B"]

    assert claim.feed.topics == A.topics
    assert (claim.state.etag, claim.state.last_modified, claim.state.body_hash) == (None, None, None)
    record(store_with_merge, claim.feed, etag='"1"')
    again = claims(store_with_merge, make.at(2))["B"]
    assert (again.state.etag, again.feed) == ('"1"', claim.feed)


@pytest.mark.parametrize(
    "feeds",
    [
        pytest.param([A, C], id="the other left feeds.yml"),
        pytest.param(
            [A, replace(B, select=None, kind=B.kind, url="https://b.example/2", id=FeedId("b2"))], id="edited"
        ),
    ],
)
def test_a_merged_feed_is_polled_again_when_the_other_is_removed(
    store_with_merge: Store, feeds: Sequence[Feed]
) -> None:
    store_with_merge.sync_feeds(feeds, make.at(1))

    assert merged(store_with_merge) == {}
    assert "A" not in claims(store_with_merge, make.at(1)), "the other may have asked there a moment ago"
    claim = claims(store_with_merge, make.at(1) + FLOOR)["A"]
    assert claim.state.address == B.url


def test_a_feed_is_merged_again_when_the_other_returns(store_with_merge: Store) -> None:
    store_with_merge.sync_feeds([A], make.at(1))
    store_with_merge.sync_feeds([A, B], make.at(2))

    assert merged(store_with_merge) == {A.id: B.id}


@pytest.mark.parametrize(
    "failure",
    [DEAD, {"reason": Reason.TIMEOUT, "failing_since": make.at(days=-3), "failures": 9}],
)
def test_a_merged_feed_returns_to_its_own_address_when_the_shared_one_fails(
    store_with_merge: Store, failure: dict[str, Any]
) -> None:
    record(store_with_merge, B, **failure)

    assert merged(store_with_merge) == {}
    assert store_with_merge.feed_states()[A.id].address is None
    assert store_with_merge.feed_states()[A.id].next_poll_at == make.NOW + FLOOR
    assert claims(store_with_merge, make.NOW + FLOOR)["A"].feed.url == A.url
    assert store_with_merge.take_host("a.example", make.NOW + FLOOR) is not None


def test_a_short_failure_of_the_polled_feed_does_not_end_the_merge(store_with_merge: Store) -> None:
    record(store_with_merge, B, reason=Reason.TIMEOUT, failing_since=make.at(days=-1), failures=3)

    assert merged(store_with_merge) == {A.id: B.id}


def test_a_merged_feed_follows_the_polled_feed_to_another_address(store_with_merge: Store) -> None:
    record(store_with_merge, B, address=C.url)

    assert merged(store_with_merge) == {A.id: C.id, B.id: C.id}
    assert claims(store_with_merge, make.at(1))["C"].feed.topics == A.topics


def test_of_two_feeds_that_move_to_each_other_one_is_still_polled(store_with_merge: Store) -> None:
    record(store_with_merge, B, address=A.url)

    assert merged(store_with_merge) == {B.id: A.id}


def test_recording_a_poll_under_way_does_not_undo_a_merge_made_meanwhile(store: Store) -> None:
    store.sync_feeds([A, B, C], make.NOW)
    record(store, A, address="https://new.example/")
    claim = claims(store, make.at(1))["A"]
    record(store, B, address="https://new.example/")  # B is the younger, so it is merged into A
    record(store, A, address=claim.state.address)

    assert merged(store) == {B.id: A.id}


def test_a_move_changes_the_version_and_another_poll_that_sees_it_does_not(store: Store, reader: Reader) -> None:
    store.sync_feeds([A], make.NOW)
    versions = []
    for state in ({"moved_to": B.url, "moved_polls": 1}, {"moved_to": B.url, "moved_polls": 2}, {"address": B.url}):
        record(store, A, **state)
        versions.append(reader.version())

    assert versions[0] == versions[1] < versions[2]


def test_a_merged_feed_has_no_subscription_and_a_push_gets_the_topics_of_both_feeds(
    store_with_merge: Store, backend: Backend
) -> None:
    hub = (Hub("https://hub.example/", B.url),)
    for each in (A, B):
        store_with_merge.record_polls([replace(polls.outcome(each), announced=hub)], make.NOW)
    record(store_with_merge, A, address=B.url)
    with closing(backend.subscriptions()) as subscriptions:
        draw = iter(map(str, range(9)))
        requests = subscriptions.claim_requests(make.NOW, base="https://us.example", limit=9, draw=lambda: next(draw))
        assert [request.feed.id for request in requests] == [B.id]

        token = requests[0].token
        subscriptions.confirm(token, "subscribe", B.url, timedelta(days=1), make.NOW)
        subscriptions.receive(token, b"<rss/>", "", make.NOW)
        assert [push.feed.topics for push in subscriptions.pushes(9)] == [A.topics]


def test_a_feed_that_is_merged_leaves_its_hub(store: Store, backend: Backend) -> None:
    store.sync_feeds([A, B], make.NOW)
    store.record_polls([replace(polls.outcome(A), announced=(Hub("https://hub.example/", A.url),))], make.NOW)
    with closing(backend.subscriptions()) as subscriptions:

        def modes() -> list[str]:
            drawn = subscriptions.claim_requests(make.at(1), base="https://us.example", limit=9, draw=tokens.pop)
            return [request.mode for request in drawn]

        tokens = ["secret", "token"]
        assert modes() == ["subscribe"]
        assert subscriptions.confirm("token", "subscribe", A.url, timedelta(days=1), make.at(1))

        record(store, A, address=B.url)

        assert modes() == ["unsubscribe"]


# --- the schema ---------------------------------------------------------------------------------------------------


def create_first_schema(path: Path) -> None:
    """Make a file with the first schema, and a feed that was redirected."""
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        _schema._migrations().apply(Database(conn), stop_before="m002_moves")
        conn.execute(f"pragma application_id = {_schema.APPLICATION_ID}")
        conn.execute("pragma user_version = 1")
        config = (
            '{"id":"f","url":"https://a.example/rss","kind":"feed","name":"A","host":"a.example","every":1800000000,'
            '"publisher":null,"topics":["iran"],"keep_unmatched":false,"lang":null,"select":null,"allow_private":[],'
            '"rules_hash":"r"}'
        )
        conn.execute("insert into feeds (id, host, config, configured) values ('f', 'a.example', ?, 1)", (config,))
        conn.execute(
            "insert into feed_states (feed_n, next_poll_at, etag, body_hash, rules_hash, moved_to, delivered) "
            "values (1, 1, '\"1\"', 'ff', 'r', 'https://new.example/', 7)"
        )
        conn.execute(
            "insert into headlines (id, first_seen_at, sequence, feed_n, url, link, title, summary, precision, "
            "publisher_name, publisher_domain, publisher_wire) "
            "values ('h', 1, 1, 1, 'https://a.example/1', '', 'Old news', '', 'instant', 'A', 'a.example', 0)"
        )


def test_a_database_of_the_first_schema_is_migrated_with_its_feeds_and_headlines(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    create_first_schema(path)
    backend = open_store(str(path))
    with closing(backend.store()) as store, closing(backend.admin()) as admin:
        (claim,) = store.claim_due(make.NOW, limit=1)

        assert (claim.feed.name, claim.feed.topics) == ("A", {"iran"})
        state = claim.state
        assert (state.etag, state.body_hash, state.delivered, state.moved_to) == (
            '"1"',
            "ff",
            7,
            "https://new.example/",
        )
        assert (state.moved_since, state.moved_polls, state.address, state.merged_into) == (None, 0, None, None)
        assert [headline.title for headline in admin.export()] == ["Old news"]
        assert admin.stats()["schema"] == _schema.SCHEMA_VERSION


def test_two_feeds_that_move_to_one_address_in_one_batch_are_merged(store: Store) -> None:
    store.sync_feeds([A, B, C], make.NOW)
    outcomes = [polls.outcome(feed, address="https://new.example/") for feed in (C, B)]
    store.record_polls(outcomes, make.NOW)

    assert merged(store) == {C.id: B.id}
