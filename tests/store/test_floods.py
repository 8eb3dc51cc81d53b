"""A flooding feed leads with one story at most (requirement C11), and a date moves no headline ahead (C10)."""

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


def say(store: Store, feed: Feed, headlines: list[Headline], minutes: float) -> None:
    """Record one poll of these headlines, each in a story of its own."""
    now = make.at(minutes=minutes)
    store.record_polls([polls.outcome(feed, headlines, now)], now)
    for first in range(0, len(headlines), SLICE):
        part = headlines[first : first + SLICE]
        store.save_assignments([polls.Assignment(one.id, polls.StoryId(one.id), None, 1.0) for one in part], now)


def told(name: str, minutes: float, domain: str, **more: object) -> Headline:
    return polls.headline(
        name, f"Ship {name} seized in the strait", domain, first_seen_at=make.at(minutes=minutes), **more
    )


def cut_short(writing: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a transaction so that it fails at its end."""

    @contextmanager
    def failing(*args: Any) -> Iterator[Any]:
        with writing(*args) as conn:
            yield conn
            raise StoreFull("no room")

    return failing


def others(store: Store, minutes: float = 0) -> None:
    """Record one story by each of twelve other publishers, an hour apart, the newest at `minutes`."""
    feeds = [make.feed(f"https://p{n}.example/rss", host=f"p{n}.example") for n in range(OTHERS)]
    store.sync_feeds([FLOODING, *feeds], make.NOW)
    for number, feed in enumerate(feeds):
        then = minutes - 60 * number
        say(store, feed, [told(f"other{number}", then, f"p{number}.example")], then)


def of_the_flood(reader: Reader) -> dict[str, int]:
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


ONE = {"stories": 1, "latest": 1, "related": 1}


@pytest.mark.slow
def test_five_thousand_entries_at_once_take_one_place_of_ten(store: Store, reader: Reader) -> None:
    others(store)
    say(store, FLOODING, [told(f"flood{n}", 1, f"d{n}.flood.example") for n in range(5_000)], 1)

    assert of_the_flood(reader) == ONE


@pytest.mark.slow
def test_so_does_a_flood_that_was_there_first(store: Store, reader: Reader) -> None:
    store.sync_feeds([FLOODING], make.NOW)
    say(store, FLOODING, [told(f"flood{n}", 1, f"d{n}.flood.example") for n in range(1_000)], 1)
    others(store, minutes=60 * 4)

    assert all(taken <= 1 for taken in of_the_flood(reader).values())


@pytest.mark.slow
def test_five_hundred_entries_a_poll_take_one_place_of_ten_after_every_poll(store: Store, reader: Reader) -> None:
    others(store)
    for poll in range(6):
        minutes = 1 + 5 * poll
        say(store, FLOODING, [told(f"flood{poll}x{n}", minutes, "flood.example") for n in range(500)], minutes)

        assert of_the_flood(reader) == ONE


def test_a_flood_that_rises_slowly_is_set_back_once_it_is_one(store: Store, reader: Reader) -> None:
    others(store)
    for poll in range(4):
        minutes = 1 + 5 * poll
        say(store, FLOODING, [told(f"flood{poll}x{n}", minutes, "flood.example") for n in range(FLOOD // 3)], minutes)

    assert of_the_flood(reader) == ONE


def test_a_flood_is_set_back_though_the_slice_that_showed_it_could_not_be_saved(
    store: Store, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    others(store)
    for poll in range(3):
        part = [told(f"flood{poll}x{n}", poll, "flood.example") for n in range(FLOOD // 3)]
        say(store, FLOODING, part, poll)
    last = [told(f"last{n}", 5, "flood.example") for n in range(FLOOD // 3)]
    polls.record(store, *last, feed=FLOODING, now=make.at(minutes=5))
    slice_ = [polls.Assignment(one.id, polls.StoryId(one.id), None, 1.0) for one in last]
    with monkeypatch.context() as full:
        full.setattr(_connection, "writing", cut_short(_connection.writing))
        with pytest.raises(StoreFull):
            store.save_assignments(slice_, make.at(minutes=5))

    store.save_assignments(slice_, make.at(minutes=5))

    assert of_the_flood(reader) == ONE


def test_a_busy_feed_is_no_flood(store: Store, reader: Reader) -> None:
    others(store)
    say(store, FLOODING, [told(f"flood{n}", 1, "flood.example") for n in range(FLOOD)], 1)

    assert of_the_flood(reader)["stories"] == 10


def test_what_others_report_too_is_not_set_back(store: Store, reader: Reader) -> None:
    others(store)
    flood = [told(f"flood{n}", 1, "flood.example") for n in range(FLOOD + 50)]
    say(store, FLOODING, flood, 1)
    shared = told("shared", 2, "p0.example")
    polls.record(store, shared, feed=make.feed("https://p0.example/rss", host="p0.example"), now=make.at(minutes=2))
    polls.group(store, flood[-1], shared)

    leading = reader.stories(Question(limit=2)).items
    assert polls.StoryId(flood[-1].id) in {story.id for story in leading}


def test_a_flood_stays_in_the_list_behind_what_is_three_days_younger(store: Store, reader: Reader) -> None:
    others(store)
    flood = [told(f"flood{n}", 1, "flood.example") for n in range(FLOOD + 50)]
    say(store, FLOODING, flood, 1)

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
def test_a_date_ahead_or_none_leads_no_list(store: Store, reader: Reader, published: datetime | None) -> None:
    others(store)
    older = told("forged", -600, "p5.example", published_at=published)
    say(store, make.feed("https://p5.example/rss", host="p5.example"), [older], -600)

    question = Question(limit=3)
    lists = {
        "headlines": [one.link for one in reader.headlines(question).items],
        "stories": [story.lead.link for story in reader.stories(question).items],
        "latest": [one.headline.link for one in reader.latest(topic=None, since=make.at(days=-3), limit=3).candidates],
    }
    assert all(older.link not in links for links in lists.values())


def test_a_date_of_1970_is_old_news(store: Store, reader: Reader) -> None:
    others(store)
    say(store, FLOODING, [told("flood", 5, "flood.example", published_at=datetime(1970, 1, 1, tzinfo=UTC))], 5)

    assert "flood" in reader.headlines(Question(limit=50)).items[-1].link
    assert "flood" in reader.stories(Question(limit=50)).items[-1].lead.link
