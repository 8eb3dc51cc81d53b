"""What recording a poll writes: headlines, sightings and states, nothing twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import make
import polls
from wirekin.model import (
    CanonicalUrl,
    EarlierTitle,
    Headline,
    Image,
    Member,
    PollOutcome,
    PollStatus,
    Precision,
    Publisher,
    Question,
    Reason,
    Sighting,
    StoryDetail,
    StoryId,
    headline_id,
)
from wirekin.store import Admin, Reader, Store, open_store
from wirekin.store._headlines import SIGHTED_AT_ONCE

FEED = make.feed()
OTHER = make.feed("https://other.example/rss", host="other.example")


@pytest.fixture(autouse=True)
def feeds(store: Store) -> None:
    store.sync_feeds([FEED, OTHER], make.NOW)


def test_every_field_of_a_headline_is_stored(store: Store, reader: Reader) -> None:
    full = make.headline(
        "Ship’s crew freed — «да»",
        link="https://example.com/a/1?utm_source=rss",
        summary="A summary.",
        lang="ru",
        published_at=make.at(-3, minutes=0.000001),
        precision=Precision.DAY,
        image=Image("https://example.com/i.png", 320, 200),
        topics=make.topics("russia", "iran"),
        categories=("World", "Sea"),
        wire="Reuters",
        publisher=Publisher("Пример", "example.com", wire=True),
    )
    bare = make.headline(url="", title="No link", id=headline_id(CanonicalUrl("x")), canonical_url=None, lang=None)

    polls.record(store, full, bare)

    assert reader.headline(full.id) == full
    assert reader.headline(url=full.canonical_url) == full
    assert reader.headline(bare.id) == bare


def test_new_headlines_are_counted_once_over_all_feeds(store: Store) -> None:
    a, b = polls.headline("a"), polls.headline("b")

    first = store.record_polls([polls.outcome(FEED, [a]), polls.outcome(OTHER, [a, b])], make.NOW)

    assert [recorded.headlines_new for recorded in first] == [1, 1]
    assert polls.record(store, a, b, feed=FEED) == 0


def test_the_feed_that_first_brought_a_headline_can_change_its_text(store: Store, reader: Reader) -> None:
    old = polls.headline("a", "Two killed in strike", published_at=make.at(-2))
    new = replace(old, title="Three killed in attack", published_at=make.at(-1), first_seen_at=make.at(1))
    polls.record(store, old)

    polls.record(store, new, now=make.at(1))

    assert reader.headline(old.id) == replace(new, first_seen_at=old.first_seen_at)
    assert reader.headlines(Question(search="attack")).items
    assert not reader.headlines(Question(search="strike")).items


def test_another_feed_fills_in_what_the_first_left_empty(store: Store, reader: Reader) -> None:
    bare = polls.headline("a")
    told = replace(bare, title="Other words", summary="What happened.", image=Image("https://example.com/i.jpg", 8, 6))
    other = make.feed("https://other.example/rss", host="other.example")
    store.sync_feeds([make.feed(), other], make.NOW)
    store.record_polls([polls.outcome(make.feed(), [bare])], make.NOW)

    store.record_polls([polls.outcome(other, [told])], make.NOW)

    kept = reader.headline(bare.id)
    assert kept is not None
    assert (kept.title, kept.summary, kept.image) == (bare.title, told.summary, told.image)


def test_a_headline_recorded_and_changed_in_one_transaction_is_found_by_its_last_text(
    store: Store, reader: Reader, admin: Admin
) -> None:
    known, bare = polls.headline("a", "Old words"), polls.headline("b", "Strike announced")
    polls.record(store, known, feed=FEED)
    last = [replace(known, title="Ferry sinks"), replace(bare, title="Attack announced")]

    batch = [polls.outcome(FEED, [bare, known]), polls.outcome(OTHER, [replace(bare, summary="In the harbour.")])]
    store.record_polls([*batch, polls.outcome(FEED, last)], make.NOW)

    found = {word: len(reader.headlines(Question(search=word)).items) for word in ("ferry", "attack", "harbour", "old")}
    assert found == {"ferry": 1, "attack": 1, "harbour": 0, "old": 0}
    assert admin.check() == ()


def test_one_transaction_writes_one_segment_of_the_search_index(store: Store, reader: Reader) -> None:
    batch = [polls.outcome(feed, [polls.headline(f"{n}")]) for n, feed in enumerate([FEED, OTHER] * 5)]

    store.record_polls(batch, make.NOW)

    with reader._connection.question() as conn:  # type: ignore[attr-defined]
        assert conn.execute("select count(distinct segid) from headline_terms_idx").fetchone() == (1,)


def test_another_feed_adds_topics_and_changes_no_text(store: Store, reader: Reader) -> None:
    first = polls.headline("a", "Two killed", topics=make.topics("iran"))
    again = replace(first, title="TWO KILLED!", topics=make.topics("russia"))
    polls.record(store, first, feed=FEED)

    polls.record(store, again, feed=OTHER)

    assert reader.headline(first.id) == replace(first, topics=make.topics("iran", "russia"))
    assert [h.id for h in reader.headlines(Question(topic=make.topics("russia")[0])).items] == [first.id]


def test_the_feed_that_first_brought_a_headline_can_remove_topics(store: Store, reader: Reader) -> None:
    wrong = polls.headline("a", topics=make.topics("iran", "russia"))
    polls.record(store, wrong)

    polls.record(store, replace(wrong, topics=make.topics("russia")))

    assert not reader.headlines(Question(topic=make.topics("iran")[0])).items


def test_topics_added_by_another_feed_survive_an_edit_by_the_first(store: Store, reader: Reader) -> None:
    giving = replace(OTHER, topics=frozenset(make.topics("russia")))
    first = polls.headline("a", "Two killed", topics=make.topics("iran"))
    store.sync_feeds([FEED, giving], make.NOW)
    polls.record(store, first, feed=FEED)
    polls.record(store, replace(first, topics=make.topics("iran", "russia")), feed=giving)

    polls.record(store, replace(first, title="Three killed"), feed=FEED)

    assert reader.headline(first.id) == replace(first, title="Three killed", topics=make.topics("iran", "russia"))


def test_one_canonical_url_is_one_headline_whatever_its_id(store: Store, reader: Reader, admin: Admin) -> None:
    known = polls.headline("a")
    by_another_canonicaliser = replace(known, id=headline_id(CanonicalUrl("https://example.com/other-form")))
    polls.record(store, known)

    assert polls.record(store, by_another_canonicaliser, feed=OTHER) == 0

    assert reader.headline(by_another_canonicaliser.id) == known
    assert admin.check() == ()


def test_a_headline_that_moved_is_found_under_both_urls(store: Store, reader: Reader) -> None:
    before = polls.headline("a")
    url = CanonicalUrl("https://example.com/a-corrected")
    after = replace(before, url=url, link=url, canonical_url=url)
    polls.record(store, before)

    polls.record(store, after)

    assert reader.headline(url=url) == after
    assert reader.headline(url=before.canonical_url) == after


def moved_to(before: Headline, url: str) -> Headline:
    return replace(before, url=url, link=url, canonical_url=CanonicalUrl(url))


def test_a_headline_is_found_by_every_url_that_it_had(store: Store, reader: Reader) -> None:
    first = make.headline(title="Tanker seized")
    urls = [first.url, "https://example.com/second", "https://example.com/third"]
    for url in urls:
        polls.record(store, moved_to(first, url))

    found = [reader.headline(url=CanonicalUrl(url)) for url in urls]

    assert [one.url if one else None for one in found] == [urls[-1]] * 3
    assert polls.record(store, replace(make.headline(url=urls[1]), title="The same, by another feed"), feed=OTHER) == 0


def test_the_aliases_of_a_headline_whose_link_keeps_changing_are_bounded(store: Store, admin: Admin) -> None:
    first = make.headline(title="Tanker seized")
    for turn in range(30):
        polls.record(store, moved_to(first, f"https://example.com/a?turn={turn}"))

    assert admin.stats()["headline_aliases"] == 12


def test_a_headline_does_not_take_the_url_of_another(store: Store, reader: Reader) -> None:
    a, b = polls.headline("a"), polls.headline("b")
    polls.record(store, a, b)

    polls.record(store, replace(a, canonical_url=b.canonical_url, title="Moved"))

    assert reader.headline(url=b.canonical_url) == b
    assert reader.headline(a.id) == replace(a, title="Moved")


def test_sightings_are_found_by_entry_key_and_by_guid_within_their_feed_only(store: Store) -> None:
    a, b = polls.headline("a"), polls.headline("b")
    unwanted = replace(polls.sighting(b), headline_id=None)
    document = replace(polls.outcome(FEED, [a]), sightings=(polls.sighting(a), unwanted))
    store.record_polls([document], make.NOW)
    key, guid = polls.sighting(a).entry_key, polls.sighting(a).guid_key

    assert store.sighted(FEED.id, [key, 1], []) == (polls.sighting(a),)
    assert store.sighted(FEED.id, [], [guid]) == (polls.sighting(a),)
    assert set(store.sighted(FEED.id, [key, unwanted.entry_key], [])) == {polls.sighting(a), unwanted}
    assert store.sighted(OTHER.id, [key], [guid]) == ()
    assert store.sighted(make.feed("https://nobody.example/").id, [key], []) == ()


@pytest.mark.parametrize("entries", [1, SIGHTED_AT_ONCE - 1, SIGHTED_AT_ONCE, SIGHTED_AT_ONCE + 1, 3 * SIGHTED_AT_ONCE])
def test_every_entry_of_a_document_of_any_length_has_a_sighting(store: Store, entries: int) -> None:
    kept = polls.headline("a")
    keys = range(entries)
    for said in (7, 8):
        first = polls.sighting(kept, entry_key=0, fingerprint=said)
        rest = [Sighting(key, -key if key % 2 else None, None, said * key) for key in keys[1:]]
        document = replace(polls.outcome(FEED, [kept]), sightings=(first, *rest))
        store.record_polls([document], make.NOW)

        assert set(store.sighted(FEED.id, keys, [])) == {first, *rest}


def test_sightings_are_bounded_when_entries_change_their_link_at_each_poll(
    store: Store, reader: Reader, admin: Admin
) -> None:
    kept = polls.headline("a")
    for poll in range(9):
        again = polls.outcome(FEED, [kept], make.at(days=poll))
        seen = tuple(polls.sighting(kept, entry_key=10 * poll + n, guid_key=n) for n in range(3))
        store.record_polls([replace(again, sightings=seen)], make.at(days=poll))
    polls.record(store, polls.headline("b"), now=make.at(days=9))

    assert admin.stats()["sightings"] == 4
    assert reader.feeds()[0][3][-10:] == (1, 0, 0, 0, 0, 0, 0, 0, 0, 1), "what it brought a day"
    assert len(store.sighted(FEED.id, [], [0, 1, 2])) == 3


def test_a_link_that_moves_to_another_guid_keeps_its_sighting(store: Store) -> None:
    kept = polls.headline("a")
    for keys in ([(1, 7)], [(1, 8), (2, 7)]):
        seen = tuple(polls.sighting(kept, entry_key=entry, guid_key=guid) for entry, guid in keys)
        store.record_polls([replace(polls.outcome(FEED, [kept]), sightings=seen)], make.NOW)

    assert {(one.entry_key, one.guid_key) for one in store.sighted(FEED.id, [1, 2], [])} == {(1, 8), (2, 7)}


def test_a_sighting_under_an_alias_belongs_to_the_known_headline(store: Store) -> None:
    known = polls.headline("a")
    again = replace(known, id=headline_id(CanonicalUrl("https://example.com/other-form")))
    polls.record(store, known)

    polls.record(store, again, feed=OTHER)

    (sighting,) = store.sighted(OTHER.id, [polls.sighting(again).entry_key], [])
    assert sighting.headline_id == known.id


def test_a_changed_entry_updates_its_sighting(store: Store) -> None:
    a = polls.headline("a")
    polls.record(store, a)
    corrected = replace(a, title="Corrected")

    polls.record(store, corrected)

    assert store.sighted(FEED.id, [polls.sighting(a).entry_key], []) == (polls.sighting(corrected),)


def test_a_feed_counts_the_headlines_it_delivered_even_when_another_feed_was_first(store: Store) -> None:
    a, b = polls.headline("a"), polls.headline("b")
    polls.record(store, a, feed=FEED)

    polls.record(store, a, b, feed=OTHER, now=make.at(1))

    state = store.feed_states()[OTHER.id]
    assert (state.delivered, state.last_new_at) == (2, make.at(1))


def test_a_document_without_new_headlines_keeps_last_new_at(store: Store) -> None:
    a = polls.headline("a")
    polls.record(store, a)
    state = store.feed_states()[FEED.id]

    again = replace(polls.outcome(FEED, [a], make.at(1)), state=replace(state, document_at=make.at(1)))
    store.record_polls([again], make.at(1))

    assert store.feed_states()[FEED.id].last_new_at == make.NOW
    assert store.feed_states()[FEED.id].delivered == 1


def test_the_version_grows_with_changed_headlines_and_feed_health_and_otherwise_stays(
    store: Store, reader: Reader
) -> None:
    a = polls.headline("a")
    polls.record(store, a)
    known, changed_at = reader.version(), reader.changed_at()
    state = store.feed_states()[FEED.id]

    store.record_polls([polls.not_modified(FEED, make.at(1))], make.at(1))
    store.record_polls([replace(polls.outcome(FEED, [a], make.at(2)), state=state)], make.at(2))
    assert (reader.version(), reader.changed_at()) == (known, changed_at)

    polls.record(store, replace(a, title="Corrected"), now=make.at(3))
    assert (reader.version(), reader.changed_at()) == (known + 1, make.at(3))

    failed = make.state(FEED, reason=Reason.TIMEOUT, failures=1)
    store.record_polls([PollOutcome(FEED.id, PollStatus.FAILED, failed)], make.at(4))
    assert reader.version() == known + 2


def test_a_poll_of_a_feed_that_was_never_configured_is_ignored(store: Store, reader: Reader) -> None:
    stranger = make.feed("https://stranger.example/rss")

    (recorded,) = store.record_polls([polls.outcome(stranger, [polls.headline("a")])], make.NOW)

    assert recorded.headlines_new == 0
    assert reader.headlines(Question()).items == ()


def test_values_that_sqlite_cannot_store_do_not_undo_the_other_polls_of_the_batch(store: Store, reader: Reader) -> None:
    hostile = polls.headline("x", "cut \ud83d here", categories=("\udc00",), image=Image("https://x.example/", 10**30))
    known = {"etag": '"\xff"', "detail": "\udcff"}

    store.record_polls([polls.outcome(FEED, [hostile], **known), polls.outcome(OTHER, [polls.headline("a")])], make.NOW)

    assert [h.title.encode() for h in reader.headlines(Question(search="cut")).items] == ["cut \ufffd here".encode()]
    assert reader.headline(polls.headline("a").id)
    assert store.feed_states()[FEED.id].etag == '"\xff"'
    assert polls.record(store, hostile) == 0


def test_a_failed_batch_records_none_of_its_polls(store: Store, reader: Reader, admin: Admin) -> None:
    sound = polls.outcome(FEED, [polls.headline("a")], etag='"new"')
    broken = polls.outcome(OTHER, [replace(polls.headline("b"), first_seen_at=None)])  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        store.record_polls([sound, broken], make.NOW)

    assert reader.headlines(Question()).items == ()
    assert store.feed_states()[FEED.id].etag is None
    assert admin.check() == ()


words = st.text("abcдеهו '\"*", min_size=1, max_size=12)
entries = st.lists(st.tuples(st.integers(0, 5), words, words), max_size=8)


@settings(max_examples=12, deadline=None)
@given(entries)
def test_recording_the_same_headlines_twice_adds_nothing(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple]
) -> None:
    backend = open_store(str(tmp_path_factory.mktemp("twice") / "w.db"))
    store, reader, admin = backend.store(), backend.reader(), backend.admin()
    kept = {n: polls.headline(str(n), title, summary=summary) for n, title, summary in drawn}
    new = polls.record(store, *kept.values())
    before = reader.headlines(Question()), reader.version()

    again = polls.record(store, *kept.values(), now=make.at(1))

    assert (new, again) == (len(kept), 0)
    assert (reader.headlines(Question()), reader.version()) == before
    assert admin.check() == ()
    for face in (store, reader, admin):
        face.close()


def members_of(reader: Reader, story: StoryId) -> tuple[Member, ...]:
    found = reader.story(story)
    assert isinstance(found, StoryDetail)
    return found.members


def test_a_retitled_article_keeps_its_id_and_its_earlier_titles(store: Store, reader: Reader) -> None:
    first, titles = (
        polls.headline("a", "Five dead in ferry fire"),
        ["Nine dead in ferry fire", "Twelve dead in ferry fire"],
    )
    polls.record(store, first)
    story = polls.group(store, first)
    for hour, title in enumerate(titles, 1):
        polls.record(store, replace(first, title=title), now=make.at(hour))
    polls.record(store, replace(first, title=titles[-1], summary="A night in the harbour."), now=make.at(3))

    (member,) = members_of(reader, story)

    assert (member.headline.id, member.headline.title) == (first.id, titles[-1])
    assert member.earlier == (EarlierTitle(first.title, make.at(1)), EarlierTitle(titles[0], make.at(2)))


def test_the_earlier_titles_of_a_headline_that_changes_at_each_poll_are_bounded(
    store: Store, reader: Reader, admin: Admin
) -> None:
    first, other = polls.headline("a", "Title 0"), polls.headline("b", "Another title")
    polls.record(store, first, other)
    story, another = polls.group(store, first), polls.group(store, other)
    polls.record(store, replace(other, title="Yet another title"), now=make.NOW)
    for hour in range(1, 40):
        polls.record(store, replace(first, title=f"Title {hour % 30}"), now=make.at(hour))

    (member,) = members_of(reader, story)

    assert [one.title for one in member.earlier] == [f"Title {hour}" for hour in [27, 28, 29, *range(9)]]
    assert [one.title for one in members_of(reader, another)[0].earlier] == ["Another title"]
    assert admin.check() == ()
