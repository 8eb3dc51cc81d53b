"""Lists, search and neighbours, over a read-only connection."""

from __future__ import annotations

import base64
import json
import sqlite3
import time
from contextlib import AbstractContextManager, closing
from contextlib import nullcontext as does_not_raise
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import make
import polls
from wirekin.errors import BadRequest
from wirekin.model import (
    CanonicalUrl,
    FeedId,
    Headline,
    HeadlineId,
    Page,
    Question,
    StoryId,
    StoryRef,
    TopicCount,
    TopicSlug,
    headline_id,
)
from wirekin.store import Admin, Backend, Reader, Store, _connection, _counts, open_store
from wirekin.store._questions import match_of
from wirekin.store._reader import SqliteReader
from wirekin.store._rows import micros
from wirekin.store._sqlite import open_sqlite
from wirekin.text import terms

IRAN, RUSSIA = make.topics("iran", "russia")
EPOCH = make.at(days=-365 * 56)


def hourly_headlines(count: int, **more) -> list[Headline]:
    """`count` headlines, an hour apart, newest first."""
    return [polls.headline(str(n), first_seen_at=make.at(-n), **more) for n in range(count)]


def all_pages(ask, question: dict) -> list:
    """All items of a list, page by page."""
    items, cursor = [], None
    while True:
        page: Page = ask(Question(**question, cursor=cursor))
        items += page.items
        cursor = page.next
        if cursor is None:
            return items


def test_an_empty_database_answers_every_query(reader: Reader) -> None:
    assert reader.version() == 0
    assert reader.changed_at().year == 1970
    assert reader.headline(HeadlineId("x")) is None
    assert reader.headline(url=CanonicalUrl("https://x.example/")) is None
    assert reader.story(StoryId("x")) is None
    assert reader.story_of(HeadlineId("x")) is None
    assert reader.headlines(Question()) == reader.stories(Question()) == Page(())
    assert reader.neighbours(["iran"], since=EPOCH).candidates == ()
    assert reader.latest(topic=None, since=EPOCH, limit=6).candidates == ()
    assert reader.topics(EPOCH) == reader.feeds() == ()


def test_headlines_come_newest_first_and_pages_neither_overlap_nor_skip(store: Store, reader: Reader) -> None:
    kept = hourly_headlines(7)
    polls.record(store, *kept[3:], *kept[:3])

    assert all_pages(reader.headlines, {"limit": 3}) == kept
    assert reader.headlines(Question(limit=7)).next is None


def test_a_headline_that_arrives_between_two_pages_neither_repeats_nor_hides_another(
    store: Store, reader: Reader
) -> None:
    kept = hourly_headlines(4)
    polls.record(store, *kept)
    first = reader.headlines(Question(limit=2))
    polls.record(store, polls.headline("new", first_seen_at=make.at(1)))

    assert first.items + reader.headlines(Question(limit=2, cursor=first.next)).items == tuple(kept)


def test_a_story_that_opens_between_two_pages_neither_repeats_nor_hides_another(store: Store, reader: Reader) -> None:
    kept = hourly_headlines(5)
    polls.record(store, *kept)
    stories = [polls.group(store, headline) for headline in kept]
    first = reader.stories(Question(limit=2))
    new = [polls.headline(f"new{n}", first_seen_at=make.at(n)) for n in (1, 2)]
    polls.record(store, *new)
    for headline in new:
        polls.group(store, headline)

    after = reader.stories(Question(limit=9, cursor=first.next))
    assert [story.id for story in first.items + after.items] == stories


def test_stories_are_found_by_the_ids_of_their_headlines(store: Store, reader: Reader) -> None:
    a, b, alone, loose = (polls.headline(name) for name in ("a", "b", "alone", "loose"))
    polls.record(store, a, b, alone, loose)
    both, one = polls.group(store, a, b), polls.group(store, alone)

    told = reader.stories_of([b.id, alone.id, loose.id, HeadlineId("none")])

    assert {key: (ref.id, ref.headlines) for key, ref in told.items()} == {b.id: (both, 2), alone.id: (one, 1)}
    assert reader.stories_of([]) == {}


def test_headlines_of_the_same_instant_are_all_listed(store: Store, reader: Reader) -> None:
    kept = [polls.headline(str(n)) for n in range(5)]
    polls.record(store, *kept)

    assert sorted(h.id for h in all_pages(reader.headlines, {"limit": 2})) == sorted(h.id for h in kept)


def test_lists_are_filtered_by_topic_publisher_language_feed_and_time(store: Store, reader: Reader) -> None:
    feed = make.feed("https://other.example/rss")
    a = polls.headline("a", domain="one.example", topics=(IRAN,), first_seen_at=make.at(-1))
    b = polls.headline(
        "b", "Report on tankers", "two.example", topics=(IRAN, RUSSIA), first_seen_at=make.at(-2), lang="fa"
    )
    polls.record(store, a)
    polls.record(store, b, feed=feed)
    a_story, b_story = polls.group(store, a), polls.group(store, b)
    questions = {
        "topic": ({"topic": RUSSIA}, [b]),
        "both of a topic": ({"topic": IRAN}, [a, b]),
        "publisher by domain": ({"publisher": "one.example"}, [a]),
        "publisher by domain in capitals": ({"publisher": "ONE.example"}, [a]),
        "publisher by name": ({"publisher": "tWO"}, [b]),
        "language": ({"lang": "fa"}, [b]),
        "language of a country": ({"lang": "FA-ir"}, [b]),
        "feed": ({"feed": feed.id}, [b]),
        "since": ({"since": make.at(-1)}, [a]),
        "until": ({"until": make.at(-2)}, [b]),
        "topic and since": ({"topic": IRAN, "since": make.at(-1)}, [a]),
        "topic and language": ({"topic": IRAN, "lang": "en"}, [a]),
        "search": ({"search": "tankers"}, [b]),
        "search and topic": ({"search": "report", "topic": RUSSIA}, [b]),
        "search and until": ({"search": "report", "until": make.at(-2)}, [b]),
        "nothing": ({"topic": TopicSlug("none"), "feed": FeedId("none")}, []),
    }
    stories = {a.id: a_story, b.id: b_story}

    for name, (question, wanted) in questions.items():
        assert all_pages(reader.headlines, {"limit": 1, **question}) == wanted, name
        found = [story.id for story in all_pages(reader.stories, {"limit": 1, **question})]
        assert sorted(found) == sorted(stories[h.id] for h in wanted), name


def test_stories_come_leading_first_and_pages_neither_overlap_nor_skip(store: Store, reader: Reader) -> None:
    kept = hourly_headlines(5)
    polls.record(store, *kept)
    stories = [polls.group(store, headline) for headline in kept]

    assert [story.id for story in all_pages(reader.stories, {"limit": 2})] == stories


def test_a_listed_story_shows_a_few_more_headlines_those_of_other_publishers_first(
    store: Store, reader: Reader
) -> None:
    lead = polls.headline("lead", first_seen_at=make.at(-9))
    same = [polls.headline(f"same{n}", first_seen_at=make.at(-8 + n)) for n in range(4)]
    other = [polls.headline(f"o{n}", domain=f"o{n}.example", first_seen_at=make.at(n)) for n in range(3)]
    polls.record(store, lead, *same, *other)
    polls.group(store, lead, *same, *other)

    (story,) = reader.stories(Question()).items

    assert story.lead == lead
    assert story.others == (*other, same[0])


def test_a_search_matches_all_its_words_in_every_script_and_inflection(store: Store, reader: Reader) -> None:
    texts = {
        "ru": "Ещё один удар по порту",
        "ar": "غارات إسرائيلية على إيران",
        "he": "תקיפה בישראל הלילה",
        "en": "Iran's ships leave the Strait",
    }
    kept = {lang: polls.headline(lang, title, lang=lang) for lang, title in texts.items()}
    polls.record(store, *kept.values())
    queries = {"ru": "еще удар", "ar": "إيران", "he": "ישראל", "en": "STRAIT ship"}

    for lang, query in queries.items():
        assert reader.headlines(Question(search=query)).items == (kept[lang],), lang
    assert reader.headlines(Question(search="strait mountain")).items == ()


def test_search_results_come_best_match_first_over_several_pages(store: Store, reader: Reader) -> None:
    kept = [polls.headline(str(n), "strait " * (n + 1) + "calm day today") for n in range(5)]
    polls.record(store, *kept)

    found = all_pages(reader.headlines, {"search": "strait", "limit": 2})

    assert found == list(reversed(kept))


@settings(max_examples=150, deadline=None)
@given(query=st.one_of(st.text(max_size=60), st.text("\"*()^:-'+{}NOTANDORNEAR \0", max_size=30)))
def test_no_search_text_is_an_error(searched: Reader, query: str) -> None:
    assert isinstance(searched.headlines(Question(search=query)), Page)
    assert isinstance(searched.stories(Question(search=query)), Page)
    assert searched.neighbours([query, "iran"], since=EPOCH).documents == 1


def test_search_terms_are_quoted_and_split_where_the_index_splits_them() -> None:
    assert (
        match_of(['a"b', "o'neil", "x\0y", "", "NEAR(z)"], "OR")
        == '"a" OR "b" OR "o" OR "neil" OR "x" OR "y" OR "NEAR(z)"'
    )


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory):
    backend = open_store(str(tmp_path_factory.mktemp("search") / "w.db"))
    store, reader = backend.store(), backend.reader()
    polls.record(store, polls.headline("a", "NOT AND OR NEAR Iran's"))
    yield reader
    store.close()
    reader.close()


def encoded_key(*key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "!" * 500, "bm90IGpzb24", encoded_key(), encoded_key("newest", 1), encoded_key("newest", True, 1),
     encoded_key("newest", 1 << 63, 1), encoded_key("leading", 1, "x"), encoded_key("match", float("nan"), 1), encoded_key("newest", "1", 1),
     base64.urlsafe_b64encode(b"[" * 90).decode()],
)  # fmt: skip
def test_an_invalid_cursor_is_refused(reader: Reader, cursor: str) -> None:
    with pytest.raises(BadRequest):
        reader.headlines(Question(cursor=cursor))
    with pytest.raises(BadRequest):
        reader.headlines(Question(search="strait", cursor=cursor))


@pytest.mark.parametrize("rank", [float("nan"), float("inf"), -float("inf")])
def test_a_cursor_with_a_rank_that_is_no_number_is_refused(store: Store, reader: Reader, rank: float) -> None:
    polls.record(store, *(polls.headline(name) for name in ("a", "b")))
    cursor = reader.headlines(Question(search="report", limit=1)).next
    assert cursor is not None
    of, _, n = json.loads(base64.urlsafe_b64decode(cursor + "=="))

    with pytest.raises(BadRequest):
        reader.headlines(Question(search="report", limit=1, cursor=encoded_key(of, rank, n).rstrip("=")))


def test_the_cursor_of_one_list_is_refused_by_another(store: Store, reader: Reader) -> None:
    kept = hourly_headlines(2)
    polls.record(store, *kept)
    for headline in kept:
        polls.group(store, headline)
    cursor = reader.stories(Question(limit=1)).next

    assert reader.stories(Question(limit=1, cursor=cursor)).items
    with pytest.raises(BadRequest):
        reader.headlines(Question(cursor=cursor))


@pytest.mark.parametrize(
    "other",
    [{}, {"topic": RUSSIA}, {"feed": FeedId("f")}, {"publisher": "X"}, {"lang": "en"}, {"search": "strait"},
     {"until": make.at(9)}, {"topic": IRAN, "search": "strait"}],
)  # fmt: skip
@pytest.mark.parametrize("asked", [{"topic": IRAN}, {"search": "headline"}])
def test_a_cursor_is_refused_with_filters_other_than_its_own(
    store: Store, reader: Reader, asked: dict, other: dict
) -> None:
    kept = hourly_headlines(3, title="Headline of it", topics=(IRAN,))
    polls.record(store, *kept)
    for headline in kept:
        polls.group(store, headline)

    for ask in (reader.headlines, reader.stories):
        cursor = ask(Question(**asked, limit=1)).next
        assert len(ask(Question(**asked, limit=1, cursor=cursor)).items) == 1
        assert len(ask(Question(**asked, cursor=cursor, since=make.at(-9))).items) == 2
        with pytest.raises(BadRequest, match="ask for the same"):
            ask(Question(**other, cursor=cursor))


def test_neighbours_share_terms_and_come_with_the_term_frequencies(store: Store, reader: Reader) -> None:
    near = polls.headline("near", "Tanker seized in the strait of Hormuz")
    far = polls.headline("far", "Strait talks resume")
    polls.record(store, near, far, polls.headline("none", "Cup final tonight"))
    story = polls.group(store, near)

    found = reader.neighbours(terms("Hormuz strait: tanker crew freed"), since=EPOCH)

    assert [c.headline for c in found.candidates] == [near, far]
    assert [c.story for c in found.candidates] == [StoryRef(story), StoryRef(StoryId(far.id))]
    assert found.documents == 3
    (strait,), (crew,) = terms("strait"), terms("crew")
    assert (found.frequencies[strait], found.frequencies[crew]) == (2, 0)


def test_neighbours_older_than_since_are_left_out(store: Store, reader: Reader) -> None:
    new = polls.headline("new", "strait", first_seen_at=make.at(0))
    late = polls.headline("late", "strait", first_seen_at=make.at(0), published_at=make.at(-9))
    old = polls.headline("old", "strait", first_seen_at=make.at(-9))
    polls.record(store, new, old, late)

    found = reader.neighbours(terms("strait"), since=make.at(-5))

    assert [candidate.headline for candidate in found.candidates] == [new]
    assert reader.neighbours(terms("strait"), since=make.at(1)).candidates == ()


def test_one_big_story_does_not_crowd_out_the_neighbours(store: Store, reader: Reader) -> None:
    big = [polls.headline(f"big{n}", "strait strait strait") for n in range(20)]
    small = polls.headline("small", "strait and many other things on a long day")
    polls.record(store, small, *big)  # newest first among equals
    polls.group(store, *big)

    found = reader.neighbours(terms("strait"), since=EPOCH, limit=10)

    assert small in [candidate.headline for candidate in found.candidates]


def test_the_neighbours_of_a_long_text_are_found_by_its_frequent_terms(store: Store, reader: Reader) -> None:
    about = polls.headline("about", "strait")
    chance = [polls.headline(f"c{n}", f"word{n:03}zz") for n in range(100)]
    polls.record(store, about, *chance, *[polls.headline(f"s{n}", "strait again") for n in range(5)])

    found = reader.neighbours(["strait"] * 30 + [f"word{n:03}zz" for n in range(100)], since=EPOCH)

    assert about in [candidate.headline for candidate in found.candidates]


def test_the_latest_headlines_are_one_per_story_newest_first(store: Store, reader: Reader) -> None:
    kept = hourly_headlines(4, topics=(IRAN,))
    polls.record(store, *kept, polls.headline("else", first_seen_at=make.at(1)))
    polls.group(store, kept[1], kept[0])

    found = reader.latest(topic=IRAN, since=EPOCH, limit=2)

    assert [candidate.headline for candidate in found.candidates] == [kept[0], kept[2]]
    assert reader.latest(topic=IRAN, since=make.at(1), limit=2).candidates == ()


def test_topics_count_headlines_and_stories_since(store: Store, reader: Reader) -> None:
    a, b = hourly_headlines(2, topics=(IRAN,))
    c = polls.headline("c", topics=(IRAN, RUSSIA), first_seen_at=make.at(-20))
    polls.record(store, a, b, c)
    polls.group(store, b, a)
    polls.group(store, c)

    assert reader.topics(make.at(-21)) == (
        TopicCount(IRAN, "iran", 3, 2, make.at(0)),
        TopicCount(RUSSIA, "russia", 1, 1, make.at(-20)),
    )
    assert reader.topics(make.at(-2)) == (TopicCount(IRAN, "iran", 2, 1, make.at(0)),)
    polls.record(store, polls.headline("d", topics=(TopicSlug("ferries"),)))  # has no story yet
    assert reader.topics(make.at(-2))[0] == TopicCount(TopicSlug("ferries"), "ferries", 1, 0, make.at(0))


COUNTED_ONE_BY_ONE = """
select h.topic, count(*), max(h.happened_at),
    (select count(*) from stories as s where s.newest_at >= :since
        and exists (select 1 from json_each(s.topics) as each where each.value = h.topic))
from headline_topics as h where h.happened_at >= :since group by h.topic order by h.topic
"""


@pytest.mark.parametrize("hours", [-99, -30, -20, -19.5, -15, -12, -10, -9, -3, 0, 1])
def test_topic_counts_equal_those_of_a_plain_query_for_any_since(
    store: Store, reader: Reader, backend: Backend, hours: float
) -> None:
    kinds = [(IRAN,), (RUSSIA,), (IRAN, RUSSIA), (), (TopicSlug("zoo"),)]
    kept = [polls.headline(str(n), first_seen_at=make.at(-n), topics=kinds[n * n % 5]) for n in range(21)]
    polls.record(store, *kept)
    for first in range(0, 18, 3):
        polls.group(store, *kept[first : first + 3])
    since = make.at(hours)

    with closing(sqlite3.connect(backend.url)) as conn:
        expected = conn.execute(COUNTED_ONE_BY_ONE, {"since": micros(since)}).fetchall()
    found = [(one.slug, one.headlines, micros(one.last_at), one.stories) for one in reader.topics(since)]
    assert found == expected


def test_counting_topics_scans_no_table_but_that_of_topics(reader: Reader) -> None:
    with reader._connection.question() as conn:
        plan = [row[3] for row in conn.execute(f"explain query plan {_counts._HELD}", {"since": 0})]

    assert [step for step in plan if step.startswith("SCAN") and not step.endswith(" topics")] == []


def test_feeds_are_reported_with_their_state_and_their_headlines_per_day(store: Store, reader: Reader) -> None:
    one, two = make.feed(), make.feed("https://two.example/rss", name="Two")
    store.sync_feeds([one, two], make.NOW)
    polls.record(store, polls.headline("a"), feed=one, now=make.at(days=-2))
    polls.record(store, polls.headline("a"), polls.headline("b"), polls.headline("c"), feed=one)

    (first, state, headlines, recent), (second, _, none, _) = reader.feeds()

    assert reader.configured() == (first, second) == (one, two)
    assert none == 0
    assert state == store.feed_states()[one.id]
    assert headlines == 3
    assert recent == (0,) * 11 + (1, 0, 2)
    store.sync_feeds([two], make.NOW)
    assert reader.configured() == (two,)


def test_the_reported_next_poll_of_a_feed_is_not_before_the_hold_of_its_host_ends(store: Store, reader: Reader) -> None:
    one, two = make.feed(), make.feed("https://two.example/rss", host="two.example")
    store.sync_feeds([one, two], make.NOW)
    store.hold_host("example.com", make.at(hours=2))
    store.hold_host("two.example", make.at(hours=-2))  # an expired hold

    (_, held, *_), (_, free, *_) = reader.feeds()

    assert (held.next_poll_at, free.next_poll_at) == (make.at(hours=2), make.NOW)
    assert (reader.holds(make.NOW), reader.holds(make.at(hours=2))) == ({"example.com": make.at(hours=2)}, {})


def test_a_headline_and_its_story_are_found_by_an_imported_id(store: Store, reader: Reader, admin: Admin) -> None:
    a = polls.headline("a")
    admin.import_headlines([a], ["their-17"], make.NOW)
    story = polls.group(store, a)

    assert reader.headline(HeadlineId("their-17")) == a
    assert reader.story_of(HeadlineId("their-17")) == reader.story_of(a.id) == story


def test_a_reader_cannot_write(reader: Reader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._connection._conn.execute("delete from feeds")


def test_a_query_over_its_time_limit_is_a_bad_request_and_the_next_one_is_answered(tmp_path: Path) -> None:
    backend = open_sqlite(str(tmp_path / "w.db"), query_limit=timedelta(microseconds=1))
    admin, reader = backend.admin(), backend.reader()
    many = [polls.headline(str(n), "strait") for n in range(3_000)]
    admin.import_headlines(many, [None] * len(many), make.NOW)

    with pytest.raises(BadRequest, match="too long"):
        reader.headlines(Question(search="strait"))

    assert reader.headline(headline_id(CanonicalUrl("https://example.com/1"))) == many[1]
    reader.close()
    admin.close()


COUNTING = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) select count(*) from n"


@pytest.mark.parametrize(("times", "expected"), [(10, does_not_raise()), (0, pytest.raises(BadRequest))])
def test_time_spent_waiting_has_a_limit_of_its_own_and_is_not_counted_as_query_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int, expected: AbstractContextManager[object]
) -> None:
    path = tmp_path / "w.db"
    open_sqlite(str(path)).store().close()
    monkeypatch.setattr(_connection, "_WAITING", times)
    connection = _connection.LimitedConnection(path)

    with expected, connection.question() as asked:
        time.sleep(1.25 * _connection.QUERY_LIMIT.total_seconds())
        assert asked.execute(COUNTING).fetchone() == (20_000,)

    connection.close()


def test_the_report_of_all_feeds_has_a_longer_time_limit_than_a_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seconds = tmp_path / "w.db", count()  # a fake clock: each reading takes a second
    with closing(open_sqlite(str(path)).store()) as store:
        store.sync_feeds([make.feed()], make.NOW)
    monkeypatch.setattr(_connection, "_STEPS", 1)
    monkeypatch.setattr(_connection, "time", SimpleNamespace(thread_time=seconds.__next__, monotonic=lambda: 0.0))

    def taken(limit: float) -> int:
        with closing(SqliteReader(path, limit=timedelta(seconds=limit))) as reader:
            before = next(seconds)
            assert len(reader.feeds()) == 1
            return next(seconds) - before

    assert taken(limit=taken(limit=10_000) // 2) > 0
