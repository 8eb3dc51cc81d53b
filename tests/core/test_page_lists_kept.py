"""Headlines, pictures and times that the rules tested in `test_page_lists` must not drop or change."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from make import NOW
from showing import TITLES, address, read_at
from wirekin.model import FeedKind, Parsed
from wirekin.parse import parse_document
from wirekin.parse.pages._listing import MAX_HEADER
from wirekin.parse.pages._rails import MOST_NAVS
from wirekin.parse.pages._times import Times, is_date, read_relative

SITE = "https://news.example.com/"

entries, titles = read_at(SITE)


def card(title: str, after: str = "", named: str = "") -> str:
    return f"<div class=card><h3><a{named} href='{address(title)}'>{title}</a></h3>{after}</div>"


STORIES = "".join(map(card, TITLES))


def titles_of(page: str) -> list[str]:
    found = parse_document(page.encode(), url=SITE, kind=FeedKind.PAGE, now=NOW)
    assert isinstance(found, Parsed)
    return [one.title for one in found.entries]


@pytest.mark.parametrize("page_lang", ["en", "fr"])
def test_headlines_linked_with_another_hreflang_than_the_page_are_kept(page_lang: str) -> None:
    cards = "".join(card(one, named=f" hreflang={'en' if at % 2 else 'ta'}") for at, one in enumerate(TITLES))

    assert titles_of(f"<html lang={page_lang}><body>{cards}</body></html>") == list(TITLES)


@pytest.mark.parametrize("hreflang", ["fr", "en"])
def test_plain_links_are_kept_where_every_link_has_an_hreflang(hreflang: str) -> None:
    listed = (*TITLES, "Ferry crew found alive after two nights")
    rows = "".join(
        f"<li><a hreflang={hreflang if at else 'en'} href='{address(one)}'>{one}</a></li>"
        for at, one in enumerate(listed)
    )

    assert titles_of(f"<html lang=fr><body><ul>{rows}</ul></body></html>") == list(listed)


@pytest.mark.parametrize(
    "partnership",
    [
        "in collaborazione con IrpiMedia",
        "En partenariat avec Radio Ouest",
        "In Kooperation mit der Frankfurter Zeitung",
    ],
)
def test_a_card_with_a_co_production_label_is_a_headline(partnership: str) -> None:
    title = "The trail of the missing wheat"

    assert titles(STORIES + card(title, f"<em>{partnership}</em>")) == [*TITLES, title]


def test_obituaries_are_headlines_on_an_obituary_page() -> None:
    names = ("Jan Olsen, sailor who crossed the Arctic", "Ruth Adeyemi, judge and reformer", "Tom Reilly, night voice")
    rows = "".join(
        f"<li><a href='/obituary/2026/11/2{at}/{one.lower().replace(',', '').replace(' ', '-')}'>{one}</a></li>"
        for at, one in enumerate(names)
    )

    assert titles(f"<main><h1>Obituary</h1><ul>{rows}</ul></main>") == list(names)


def test_a_picture_shared_by_two_articles_and_their_comment_links_is_kept() -> None:
    image = "<img src=/photos/vote.jpg>"
    shown = "".join(
        f"<article><a href='{at}'>{image}</a><h2><a href='{at}'>{one}</a></h2><a href='{at}#comments'>{image}</a></article>"
        for one, at in ((one, address(one)) for one in TITLES[:2])
    )

    assert [one.image is not None for one in entries(shown)] == [True, True]


@pytest.mark.parametrize("written", ["20 نوفمبر 2026 م 10:30", "20/11/2026 م 10:30", "20 November 2026 | Team 10:30"])
def test_letters_before_a_time_that_do_not_mean_am_or_pm_do_not_change_it(written: str) -> None:
    assert Times(None).read(written).at == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)


def test_the_word_team_before_12_30_is_not_read_as_am() -> None:
    assert Times(None).read("20 November 2026 | Team 12:30").at == datetime(2026, 11, 20, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("April 1, 2005 2:35 PM ET", 19),
        ("April 3, 2005 2:35 PM ET", 18),
        ("October 29, 2005 2:35 PM ET", 18),
        ("October 30, 2005 2:35 PM ET", 19),
        ("March 10, 2007 2:35 PM ET", 19),
        ("March 12, 2007 2:35 PM ET", 18),
    ],
)
def test_us_daylight_saving_time_follows_the_rules_of_its_year(written: str, hour: int) -> None:
    at = Times(None).read(written).at

    assert at is not None
    assert at.hour == hour


@pytest.mark.parametrize(
    "words",
    [
        "3日午前",
        "20日午前",
        "3日以前",
        "3일오전",
        "for 2 weeks",
        "for 90 min",
        "noin 2 tuntia",
        "kb. 2 óra",
        "om lag 2 timar",
    ],
)
def test_a_half_of_a_day_or_a_duration_is_no_relative_time(words: str) -> None:
    assert read_relative(words, NOW).at is None
    assert not is_date(words)


@pytest.mark.parametrize("words", ["3日前", "3일전", "for 3 dager siden", "noin 3 päivää sitten"])
def test_a_duration_with_a_word_for_ago_is_a_relative_time(words: str) -> None:
    at = read_relative(words, NOW).at

    assert at is not None
    assert (NOW.date() - at.date()).days == 3


@pytest.mark.parametrize("price", ["12.50 €", "€ 12.50", "19.20 ₺"])
def test_goods_with_a_price_that_resembles_a_time_are_no_headlines(price: str) -> None:
    goods = "".join(
        f"<li><a href='/p/{one.lower().replace(' ', '-')}-3310{at}'><img src=/i/{at}.jpg></a>"
        f"<a href='/p/{one.lower().replace(' ', '-')}-3310{at}'>{one}</a><span>{price}</span></li>"
        for at, one in enumerate(("Blue cotton shirt", "Red scarf", "Green linen trousers", "Grey felt hat"))
    )

    assert titles(f"<main>{goods}</main>") == []


def test_fixtures_with_kick_off_times_are_no_headlines() -> None:
    games = "".join(
        f"<li><span>1{8 - at}:30</span> <a href='/match/{one.lower().replace(' ', '-')}-45{at}10'>{one}</a></li>"
        for at, one in enumerate(("Arsenal v Leeds", "Spurs v Everton", "Ajax v PSV Eindhoven"))
    )

    assert titles(f"<main><ul>{games}</ul></main>") == []


@pytest.mark.parametrize(("day", "read"), [("(12 March 2026)", True), ("(12 December 2027)", False)])
def test_a_bare_date_in_the_future_is_no_publication_date(day: str, read: bool) -> None:
    rows = "".join(
        f"<li><a href='/news/a-story-of-many-words-510{at}'>{one}</a> {day}</li>" for at, one in enumerate(TITLES)
    )

    assert [one.published_at is not None for one in entries(f"<ul>{rows}</ul>")] == [read] * len(TITLES)


def test_many_json_objects_referring_to_one_long_text_are_read_in_under_a_second() -> None:
    known = {"ROOT_QUERY": {}, "A": {"name": " " * 1_000_000 + "x"}}
    state = known | {"all": [{"title": {"__ref": "A"}, "url": f"/2026/11/22/a-slug-{at}"} for at in range(5_000)]}
    page = f"<script type='application/json'>{json.dumps(state)}</script>"

    begun = time.process_time()
    assert titles(page) == []
    assert time.process_time() - begun < 1.0  # 3 s if the text were read for each object


def test_rails_are_looked_for_only_among_the_first_menus() -> None:
    def below(menus: int) -> list[str]:
        return titles("<nav></nav>" * menus + f"<nav class=related>{STORIES}</nav>")

    assert below(10) == list(TITLES)
    assert below(MOST_NAVS) == []


@pytest.mark.parametrize(("others", "found"), [(10, True), (MAX_HEADER, False)])
def test_a_ticker_is_looked_for_only_in_a_header_of_limited_size(others: int, found: bool) -> None:
    flashes = ("Fog closes the port early", "Mayor resigns over the bridge", "Dollar opens flat again")
    ticker = "".join(f"<a href='{address(one)}'>{one}</a>" for one in flashes)
    header = f"<header><div class=ticker>{ticker}</div>{'<b></b>' * others}</header>"

    assert (titles(header + STORIES) == [*flashes, *TITLES]) == found
