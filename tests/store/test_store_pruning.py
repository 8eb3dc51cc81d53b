"""What pruning deletes and when, and that a pruned headline does not come back as new."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import make
import polls
from wirekin.model import Assignment, Question, Sighting, StoryDetail, StoryId
from wirekin.store import Admin, Correction, Reader, Store
from wirekin.store._prune import BATCH

KEEP = timedelta(days=90)
FEED = make.feed()
OLD = polls.headline("old", published_at=make.at(days=-400))


def test_a_headline_is_kept_as_long_as_a_feed_shows_it_however_old_it_is(store: Store, reader: Reader) -> None:
    polls.record(store, OLD)
    polls.record(store, OLD, now=make.at(days=80))

    assert store.prune(make.at(days=160), KEEP) == 0
    assert reader.headline(OLD.id) == OLD

    assert store.prune(make.at(days=171), KEEP) == 1
    assert reader.headline(OLD.id) is None


def test_a_304_keeps_the_headlines_of_the_last_document(store: Store) -> None:
    polls.record(store, OLD)
    gone = polls.headline("gone")
    polls.record(store, OLD, gone, now=make.at(days=1))
    polls.record(store, OLD, now=make.at(days=2))
    store.record_polls([polls.not_modified(FEED, make.at(days=80), document_at=make.at(days=2))], make.at(days=80))

    assert store.prune(make.at(days=100), KEEP) == 1
    assert [sighting.headline_id for sighting in store.sighted(FEED.id, [polls.sighting(OLD).entry_key], [])] == [
        OLD.id
    ]


def test_a_reader_finds_a_headline_recorded_after_everything_it_had_seen_was_pruned(
    store: Store, reader: Reader
) -> None:
    polls.record(store, *[polls.headline(f"old-{n}", first_seen_at=make.NOW) for n in range(9)])
    polls.record(store, polls.headline("last", "Ferry sinks", first_seen_at=make.at(1)), now=make.at(1))
    assert len(reader.neighbours(["ferry"], since=make.at(0.5)).candidates) == 1
    store.prune(make.at(days=91), KEEP)

    new = polls.headline("new", "Ferry found", first_seen_at=make.at(days=92))
    polls.record(store, new, now=make.at(days=92))

    found = reader.neighbours(["ferry"], since=make.at(days=80)).candidates
    assert [one.headline.id for one in found] == [new.id]


def test_a_headline_is_not_saved_as_a_copy_of_one_that_was_pruned_meanwhile(store: Store, reader: Reader) -> None:
    again = polls.headline("again", "Report old", domain="other.com", first_seen_at=make.at(days=91))
    polls.record(store, OLD)
    polls.group(store, OLD)
    store.prune(make.at(days=91), KEEP)
    polls.record(store, again, now=make.at(days=91))

    story = StoryId(OLD.id)
    store.save_assignments([Assignment(again.id, story, OLD.id)], make.at(days=91))

    told = reader.story(story)
    assert isinstance(told, StoryDetail)
    assert [(one.headline.id, one.copy_of) for one in told.members] == [(again.id, None)]


def test_pruning_that_is_told_to_stop_ends_after_the_current_batch(store: Store) -> None:
    polls.record(store, *[polls.headline(str(n)) for n in range(BATCH + 1)])
    looks = iter([False, True])

    assert store.prune(make.at(days=91), KEEP, stopping=lambda: next(looks)) == BATCH
    assert store.prune(make.at(days=91), KEEP) == 1


def test_pruning_forgets_hosts_that_were_asked_once_but_no_holds(store: Store, admin: Admin) -> None:
    for host in ("once.example", "held.example"):
        store.take_host(host, make.NOW)
        store.give_back_host(host, make.NOW)
    store.hold_host("held.example", make.at(days=7))

    store.prune(make.at(days=1), KEEP)
    assert admin.stats()["hosts"] == 2, "the clock may be a day ahead"
    store.prune(make.at(days=3), KEEP)

    assert admin.stats()["hosts"] == 1
    assert store.take_host("held.example", make.at(days=3)) == make.at(days=7)


def test_a_pruned_headline_does_not_come_back_as_new(store: Store, reader: Reader, admin: Admin) -> None:
    admin.import_headlines([OLD], ["imported-7"], make.NOW)
    polls.record(store, OLD)
    store.prune(make.at(days=91), KEEP)

    assert polls.record(store, OLD, now=make.at(days=92)) == 0
    assert polls.record(store, replace(OLD, id=make.headline(url="https://x.example/").id), now=make.at(days=92)) == 0
    assert reader.headline(OLD.id) is None
    (sighting,) = store.sighted(FEED.id, [polls.sighting(OLD).entry_key], [])
    assert sighting.headline_id is None
    assert admin.check() == ()


def test_only_a_tombstone_is_left_of_a_pruned_headline(store: Store, reader: Reader, admin: Admin) -> None:
    headline = replace(OLD, topics=make.topics("iran"))
    polls.record(store, headline)
    story = polls.group(store, headline)
    admin.import_headlines([headline], ["imported-7"], make.NOW)
    admin.correct(Correction(OLD.id, make.headline().id, must=True), make.NOW)
    admin.correct(Correction(make.headline("Another").id, OLD.id, must=True), make.NOW)

    assert store.prune(make.at(days=91), KEEP) == 1

    left = {name: rows for name, rows in admin.stats().items() if isinstance(rows, int) and rows}
    assert set(left) == {"feeds", "feed_states", "meta", "tombstones", "bytes", "log_bytes", "schema"}
    assert left["tombstones"] == 2, "its id and its alias"
    assert reader.story(StoryId(story)) is None
    assert reader.headlines(Question(search="Report")).items == ()


def test_the_age_of_imported_headlines_that_no_feed_showed_counts_from_their_import(store: Store, admin: Admin) -> None:
    admin.import_headlines([OLD], [None], make.NOW)

    assert store.prune(make.at(days=89), KEEP) == 0
    assert store.prune(make.at(days=91), KEEP) == 1


def test_the_headlines_of_a_failing_feed_are_pruned_after_keep(store: Store) -> None:
    polls.record(store, OLD)
    failing = make.state(FEED, failures=9, document_at=make.NOW, last_ok_at=make.NOW, last_polled_at=make.at(days=91))
    store.record_polls([replace(polls.not_modified(FEED, make.NOW), state=failing)], make.at(days=91))

    assert store.prune(make.at(days=91), KEEP) == 1


def test_a_feed_that_answers_keeps_no_headline_of_another_that_does_not(store: Store) -> None:
    other = make.feed("https://other.example/rss")
    polls.record(store, OLD)
    store.sync_feeds([FEED, other], make.NOW)
    lively = make.state(other, document_at=make.NOW, last_ok_at=make.at(days=91), last_polled_at=make.at(days=91))
    store.record_polls([replace(polls.not_modified(other, make.NOW), state=lively)], make.at(days=91))

    assert store.prune(make.at(days=91), KEEP) == 1


def test_sightings_of_entries_without_a_topic_are_pruned_when_no_feed_shows_them(store: Store) -> None:
    store.sync_feeds([FEED], make.NOW)
    unwanted = tuple(Sighting(key, None, None, key) for key in (1, 2))
    store.record_polls([replace(polls.outcome(FEED), sightings=unwanted)], make.NOW)
    later = make.at(days=100)
    store.record_polls([replace(polls.outcome(FEED, now=later), sightings=unwanted[:1])], later)

    store.prune(later, KEEP)

    assert store.sighted(FEED.id, [1, 2], []) == unwanted[:1]


def test_where_a_feed_showed_a_headline_that_another_still_shows_is_remembered(store: Store) -> None:
    other = make.feed("https://other.example/rss")
    polls.record(store, OLD)
    polls.record(store, OLD, feed=other, now=make.at(days=90))

    store.prune(make.at(days=91), KEEP)

    (sighting,) = store.sighted(FEED.id, [polls.sighting(OLD).entry_key], [])
    assert sighting.headline_id == OLD.id


def test_a_copy_becomes_an_original_when_the_headlines_it_could_copy_are_pruned(
    store: Store, reader: Reader, admin: Admin
) -> None:
    first = polls.headline("first", published_at=make.at(-2))
    copy = polls.headline("copy", first_seen_at=make.at(-1))  # first seen before the original
    alive = polls.headline("alive", first_seen_at=make.at(days=80))
    admin.import_headlines([first, copy, alive], [None] * 3, make.NOW)
    story = polls.group(store, first, copy, alive, copies={copy.id: first.id, alive.id: first.id})

    assert store.prune(make.at(days=91), KEEP) == 2

    detail = reader.story(story)
    assert isinstance(detail, StoryDetail)
    assert [member.copy_of for member in detail.members] == [None]


def test_more_than_a_batch_is_pruned_in_one_call(store: Store, admin: Admin) -> None:
    many = [polls.headline(str(n)) for n in range(BATCH + 1)]
    admin.import_headlines(many, [None] * len(many), make.NOW)

    assert store.prune(make.at(days=91), KEEP) == BATCH + 1
    assert admin.check() == ()
