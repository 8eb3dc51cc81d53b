"""/search shows what its form asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from fakes_reader import World, fresh_feeds, headline_by, story_with
from make import NOW
from serving import ask, serving
from wirekin.model import Member, TopicSlug

IRAN = (TopicSlug("iran"),)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    world = World(feeds=fresh_feeds())
    world.stories = [
        story_with(Member(headline_by("Tanker seized in the strait", "Harbor", 2, topics=IRAN)),
             Member(headline_by("Crew of seized tanker safe, owner says", "North", 1, topics=IRAN))),
        story_with(Member(headline_by("Strait tanker traffic resumes after seizure", "Lakeside", 5, topics=IRAN))),
    ]  # fmt: skip
    with serving(world, now=NOW) as at:
        yield at


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("topic=iran&q=tanker", 3),
        ("publisher=Harbor", 1),
        ("publisher=NORTH.example", 1),
        ("publisher=nobody", 0),
        ("lang=en", 3),
        ("lang=en-GB", 3),
        ("lang=fa", 0),
        ("from=2026-11-22&until=2026-11-22", 3),
        ("until=2026-11-21", 0),
        ("q=&topic=&publisher=&lang=&from=&until=", 0),
        ("q=crew&from=&publisher=+", 1),
        ("q=crew&limit=&cursor=", 1),
        ("utm_source=mail&publisher=Harbor", 1),
    ],
)
def test_a_search_is_filtered_as_its_form_says(address: str, query: str, found: int):
    answer = ask(address, "/search?" + query)

    assert (answer.status, answer.text.count('<p class="headline">')) == (200, found)


def test_a_found_headline_links_to_its_story_if_that_has_other_headlines(address: str):
    page = ask(address, "/search?q=tanker").text

    assert len(re.findall(r'<a class="onward" dir="ltr" href="/stories/[^"]+">2 headlines</a>', page)) == 2
    assert page.count("onward") == 2


@pytest.mark.parametrize(
    "query",
    [
        "topic=nothing", "from=yesterday", "from=2026-13-01", "until=2026-02-30", "from=0001-01-01", "from=2026-1-1",
        "from=٢٠٢٦-11-22", "until=2026-11-22T00:00", "from=2026-11-23&until=2026-11-22", "lang=" + "x" * 36, "publisher=" + "x" * 201,
        "q=a&q=b",
    ],
)  # fmt: skip
def test_an_invalid_filter_is_refused(address: str, query: str):
    assert ask(address, "/search?" + quote(query, safe="=&")).status == 400


def test_the_next_page_of_a_search_keeps_its_filters(address: str):
    page = ask(address, "/search?lang=en&limit=1&from=2026-11-22").text

    assert 'href="/search?lang=en&amp;limit=1&amp;from=2026-11-22&amp;cursor=1"' in page


def test_the_form_offers_the_publishers_of_the_feeds(address: str):
    assert '<datalist id="publishers"><option value="Harbor Courier"></option>' in ask(address, "/search").text
