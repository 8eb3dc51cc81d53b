"""A flooding feed gets at most one of the first ten places (requirement C11), and no date moves a headline up (C10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import make
import polls
from wirekin import stories
from wirekin.errors import StoreFull
from wirekin.model import Feed, Headline, Question, RelatedQuery
from wirekin.store import Reader, Store, _connection
from wirekin.store._stories import FLOOD, SET_BACK
from wirekin.text import terms

OTHERS = 12
SLICE = 200  # headlines that the grouper saves at once
FLOODING = make.feed("https://flood.example/rss", host="flood.example")


def record_and_group(store: Store, feed: Feed, headlines: list[Headline], minutes: float) -> None:
    """Record one poll of these headlines, each in a story of its own."""
    now = make.at(minutes=minutes)
    store.record_polls([polls.outcome(feed, headlines, now)], now)
    for first in range(0, len(headlines), SLICE):
        part = headlines[first : first + SLICE]
        store.save_assignments([polls.Assignment(one.id, polls.StoryId(one.id), None, 1.0) for one in part], now)


def ship_headline(name: str, minutes: float, domain: str, **more: object) -> Headline:
    return polls.headline(
        name, f"Ship {name} seized in the strait", domain, first_seen_at=make.at(minutes=minutes), **more
    )


def failing_at_end(writing: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a transaction so that it fails at its end."""

    @contextmanager
    def failing(*args: Any) -> Iterator[Any]:
        with writing(*args) as conn:
            yield conn
            raise StoreFull("no room")

    return failing


def record_other_publishers(store: Store, minutes: float = 0) -> None:
    """Record one story by each of twelve other publishers, an hour apart, the newest at `minutes`."""
    feeds = [make.feed(f"https://p{n}.example/rss", host=f"p{n}.example") for n in range(OTHERS)]
    store.sync_feeds([FLOODING, *feeds], make.NOW)
    for number, feed in enumerate(feeds):
        then = minutes - 60 * number
        record_and_group(store, feed, [ship_headline(f"other{number}", then, f"p{number}.example")], then)


def flood_places(reader: Reader) -> dict[str, int]:
    """How many of the first ten items of each ranked list come from the flood."""
    since, limit = make.at(days=-3), 10
    near = reader.neighbours(terms("Ship seized in the strait"), since=since)
    related = stories.rank(
        RelatedQuery(title="Ship seized in the strait", limit=limit),
        stories.Asked(terms("Ship seized in the strait"), "Ship seized in the strait", lang="en"),
        near,
        now=reader.changed_at(),
    )
    lists = {
        "stories": [story.lead for story in reader.stories(Question(limit=limit)).items],
        "latest": [one.headline for one in reader.latest(topic=None, since=since, limit=limit).candidates],
        "related": [item.headline for item in related],
    }
    assert {name: len(found) for name, found in lists.items()} == dict.fromkeys(lists, limit)
    return {name: sum("flood" in one.link for one in found) for name, found in lists.items()}


ONE_PLACE_EACH = {"stories": 1, "latest": 1, "related": 1}


@pytest.mark.slow
def test_a_feed_that_publishes_5000_entries_at_once_gets_one_of_the_first_ten_places(
    store: Store, reader: Reader
) -> None:
    record_other_publishers(store)
    record_and_group(store, FLOODING, [ship_headline(f"flood{n}", 1, f"d{n}.flood.example") for n in range(5_000)], 1)

    assert flood_places(reader) == ONE_PLACE_EACH


@pytest.mark.slow
def test_a_flood_recorded_before_other_feeds_gets_at_most_one_of_the_first_ten_places(
    store: Store, reader: Reader
) -> None:
    store.sync_feeds([FLOODING], make.NOW)
    record_and_group(store, FLOODING, [ship_headline(f"flood{n}", 1, f"d{n}.flood.example") for n in range(1_000)], 1)
    record_other_publishers(store, minutes=60 * 4)

    assert all(taken <= 1 for taken in flood_places(reader).values())


@pytest.mark.slow
def test_a_feed_with_500_new_entries_at_each_poll_always_gets_one_of_the_first_ten_places(
    store: Store, reader: Reader
) -> None:
    record_other_publishers(store)
    for poll in range(6):
        minutes = 1 + 5 * poll
        record_and_group(
            store, FLOODING, [ship_headline(f"flood{poll}x{n}", minutes, "flood.example") for n in range(500)], minutes
        )

        assert flood_places(reader) == ONE_PLACE_EACH


def test_a_flood_that_builds_up_over_several_polls_is_demoted_too(store: Store, reader: Reader) -> None:
    record_other_publishers(store)
    for poll in range(4):
        minutes = 1 + 5 * poll
        record_and_group(
            store,
            FLOODING,
            [ship_headline(f"flood{poll}x{n}", minutes, "flood.example") for n in range(FLOOD // 3)],
            minutes,
        )

    assert flood_places(reader) == ONE_PLACE_EACH


def test_a_flood_is_demoted_when_saving_succeeds_only_at_the_second_try(
    store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_other_publishers(store)
    for poll in range(3):
        part = [ship_headline(f"flood{poll}x{n}", poll, "flood.example") for n in range(FLOOD // 3)]
        record_and_group(store, FLOODING, part, poll)
    last = [ship_headline(f"last{n}", 5, "flood.example") for n in range(FLOOD // 3)]
    polls.record(store, *last, feed=FLOODING, now=make.at(minutes=5))
    slice_ = [polls.Assignment(one.id, polls.StoryId(one.id), None, 1.0) for one in last]
    with monkeypatch.context() as full:
        full.setattr(_connection, "writing", failing_at_end(_connection.writing))
        with pytest.raises(StoreFull):
            store.save_assignments(slice_, make.at(minutes=5))

    store.save_assignments(slice_, make.at(minutes=5))

    assert flood_places(reader) == ONE_PLACE_EACH


def test_a_feed_at_the_flood_threshold_is_not_demoted(store: Store, reader: Reader) -> None:
    record_other_publishers(store)
    record_and_group(store, FLOODING, [ship_headline(f"flood{n}", 1, "flood.example") for n in range(FLOOD)], 1)

    assert flood_places(reader)["stories"] == 10


def test_a_story_of_a_flooding_feed_that_another_publisher_reports_too_is_not_demoted(
    store: Store, reader: Reader
) -> None:
    record_other_publishers(store)
    flood = [ship_headline(f"flood{n}", 1, "flood.example") for n in range(FLOOD + 50)]
    record_and_group(store, FLOODING, flood, 1)
    shared = ship_headline("shared", 2, "p0.example")
    polls.record(store, shared, feed=make.feed("https://p0.example/rss", host="p0.example"), now=make.at(minutes=2))
    polls.group(store, flood[-1], shared)

    leading = reader.stories(Question(limit=2)).items
    assert polls.StoryId(flood[-1].id) in {story.id for story in leading}


def test_a_flood_is_demoted_by_three_days_and_every_story_stays_in_the_list(store: Store, reader: Reader) -> None:
    record_other_publishers(store)
    flood = [ship_headline(f"flood{n}", 1, "flood.example") for n in range(FLOOD + 50)]
    record_and_group(store, FLOODING, flood, 1)

    listed, cursor = [], None
    while True:
        page = reader.stories(Question(limit=50, cursor=cursor))
        listed += [story.id for story in page.items]
        cursor = page.next
        if cursor is None:
            break

    assert len(listed) == len(set(listed)) == OTHERS + len(flood)
    assert timedelta(days=3) == SET_BACK


@pytest.mark.parametrize("published", [make.at(days=900), make.at(days=1), make.at(minutes=1), None])
def test_a_future_or_missing_date_does_not_put_an_old_headline_first(
    store: Store, reader: Reader, published: datetime | None
) -> None:
    record_other_publishers(store)
    older = ship_headline("forged", -600, "p5.example", published_at=published)
    record_and_group(store, make.feed("https://p5.example/rss", host="p5.example"), [older], -600)

    question = Question(limit=3)
    lists = {
        "headlines": [one.link for one in reader.headlines(question).items],
        "stories": [story.lead.link for story in reader.stories(question).items],
        "latest": [one.headline.link for one in reader.latest(topic=None, since=make.at(days=-3), limit=3).candidates],
    }
    assert all(older.link not in links for links in lists.values())


def test_a_headline_dated_1970_comes_last_in_every_list(store: Store, reader: Reader) -> None:
    record_other_publishers(store)
    record_and_group(
        store, FLOODING, [ship_headline("flood", 5, "flood.example", published_at=datetime(1970, 1, 1, tzinfo=UTC))], 5
    )

    assert "flood" in reader.headlines(Question(limit=50)).items[-1].link
    assert "flood" in reader.stories(Question(limit=50)).items[-1].lead.link
