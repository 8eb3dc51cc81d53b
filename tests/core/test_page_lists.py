"""News lists without headings: by the hour, below a lead, in a ticker; and their dates and badges."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from make import NOW
from showing import TITLES, address, read_at
from wirekin.model import FeedKind, Parsed, Precision
from wirekin.parse import parse_document
from wirekin.parse.pages._times import Times, is_date, read_relative

SITE = "https://news.example.com/"
FLASHES = ("Fog closes the port early", "Mayor resigns over the bridge", "Dollar opens flat again")

entries, titles = read_at(SITE)


def card(title: str, after: str = "") -> str:
    return f"<div class=card><h3><a href='{address(title)}'>{title}</a></h3>{after}</div>"


def flash(title: str) -> str:
    """An address that tells little: a file named with one word."""
    return f"/flash/26_mar_12/{title.split(maxsplit=1)[0].lower()}-news.shtml"


STORIES = "".join(map(card, TITLES))


# --- by the hour ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hour", ["17:{}", "17h{}", "(17.{})", "5:{} pm", "17:{} Uhr"])
def test_titles_beside_a_time_of_day_are_headlines(hour: str) -> None:
    rows = "".join(
        f"<tr><td><font size=1>{hour.format(42 - at)}</font></td><td><a href='{flash(one)}'>{one}</a></td></tr>"
        for at, one in enumerate(FLASHES)
    )

    assert titles(f"<table>{rows}</table>") == list(FLASHES)


@pytest.mark.parametrize("beside", ["17", "0:42", "17 km", "99:42"])
def test_titles_beside_another_number_are_not(beside: str) -> None:
    rows = "".join(
        f"<tr><td><font size=1>{beside}</font></td><td><a href='{flash(one)}'>{one}</a></td></tr>"
        for at, one in enumerate(FLASHES)
    )

    assert titles(f"<table>{rows}</table>") == []


def test_places_with_the_hours_of_a_day_are_no_news() -> None:
    places = ("Museum of the sea and ships", "Market hall at the old harbour", "Baths by the western city gate")
    rows = "".join(
        f"<p><i>17:{40 + at}</i> <a href='/city/{one.split()[0]}'>{one}</a></p>" for at, one in enumerate(places)
    )

    assert titles(f"<div>{rows}</div>") == []


def test_one_word_that_leads_to_a_section_is_none_among_dated_headlines() -> None:
    addresses = {one: address(one) for one in TITLES} | {"Harbour": "/city/harbour"}
    rows = "".join(
        f"<div class=item><time datetime='2026-03-12'>12 March</time> <a href='{at}'>{one}</a></div>"
        for one, at in addresses.items()
    )

    assert titles(f"<div class=feed>{rows}</div>") == list(TITLES)


def test_one_word_among_the_news_of_the_day_is_a_headline() -> None:
    told = ("Snowstorm", *FLASHES, "Ice drifts down the river")
    rows = "".join(
        f"<div class=item><span class=hour>17:{40 - at}</span> <a href='/russia/2012/03/15/n{at}/'>{one}</a></div>"
        for at, one in enumerate(told)
    )

    assert titles(f"<div class=feed>{rows}</div>") == list(told)


def test_one_word_alone_in_what_is_called_a_title_is_a_headline() -> None:
    told = (*TITLES, "Parking")
    rows = "".join(
        f"<div class=views-row><div class=views-field-title><span class=content><a href='/news/{one.split()[0]}'>{one}</a>"
        f"</span></div><div class=created><span>Friday, March 6, 2026 - 11:25</span></div></div>"
        for one in told
    )

    assert titles(f"<div class=view>{rows}</div>") == list(told)


# --- pictures, leads and tickers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("at", "found"), [("/photo/2012/03/15/{}/", True), ("/photo/{}/", False)])
def test_a_few_words_below_their_picture_are_a_headline_at_a_dated_address(at: str, found: bool) -> None:
    url = at.format("ice")
    cells = f"<td><a href='{url}'><img src=/i/ice.jpg></a><br><a href='{url}'>Ice drifting south</a> (14 photos)</td>"

    assert titles(f"{STORIES}<table><tr>{cells}</tr></table>") == [*TITLES, *["Ice drifting south"] * found]


def lead(items: str) -> str:
    return (
        f"<div class=media><div>{card('Harbour wall will cost a billion more')}<ul class=more>{items}</ul></div></div>"
    )


def test_titles_listed_below_a_headline_in_its_box_are_headlines() -> None:
    more = ("The papers: errors known for years", "Minister: nobody had warned us")
    items = "".join(
        f"<li class=one><a href='/cronache/26_marzo_12/{one.split()[1]}-wall-{at}c1d.shtml'>{one}</a></li>"
        for at, one in enumerate(more)
    )

    assert titles(lead(items)) == ["Harbour wall will cost a billion more", *more]


def test_topics_listed_below_a_headline_are_none() -> None:
    items = "<li><a href='/topic/harbour'>All about the harbour wall</a></li><li><a href='/cities/genoa'>Genoa and its port</a></li>"

    assert titles(lead(items)) == ["Harbour wall will cost a billion more"]


def test_short_names_listed_below_a_headline_are_none() -> None:
    items = "".join(
        f"<li><a href='/places/{one}-2026{at}.html'>{one} at sea</a></li>" for at, one in enumerate(("Genoa", "Pisa"))
    )

    assert titles(lead(items)) == ["Harbour wall will cost a billion more"]


def test_a_list_below_many_headlines_is_of_none_of_them() -> None:
    items = "".join(
        f"<li class=help><a href='/desk/reach-newsroom-{at}.html'>{one}</a></li>"
        for at, one in enumerate(("Reach the newsroom by tram", "Reach the newsroom by boat"))
    )

    assert titles(f"<div><div>{STORIES}<ul>{items}</ul></div></div>") == list(TITLES)


MENU = "<nav><a href=/world/>World</a></nav>"


def ticker(name: str, some: tuple[str, ...]) -> str:
    items = "".join(
        f"<li><a href='/flash/{one.lower().replace(' ', '-')}-4299{at}'>{one}</a></li>" for at, one in enumerate(some)
    )
    return f"<header>{MENU}<p><a href='/join-our-club-of-readers-now-10'>Join our club of readers today</a></p><div class='{name}'><ul>{items}</ul></div></header>"


def test_a_ticker_at_the_top_of_a_page_tells_news_and_what_is_around_it_does_not() -> None:
    assert titles(ticker("son-dakika", FLASHES) + STORIES) == [*FLASHES, *TITLES]


def test_a_box_of_sections_with_one_story_is_no_ticker() -> None:
    sections = "".join(f"<a href='/{one}/'>The {one} we live in</a>" for one in ("world", "city", "arts"))
    bar = f"<header><div class=breaking><a href='{address(FLASHES[0])}'>{FLASHES[0]}</a>{sections}</div></header>"

    assert titles(bar + STORIES) == list(TITLES)


@pytest.mark.parametrize(("name", "some"), [("tools", FLASHES), ("ticker", ("Shares", "Metals", "Oil and gas"))])
def test_what_is_no_ticker_by_its_name_or_its_titles_is_none(name: str, some: tuple[str, ...]) -> None:
    assert titles(ticker(name, some) + STORIES) == list(TITLES)


def test_a_heading_in_a_widget_of_that_name_heads_no_section_where_its_card_is_dated_and_pictured() -> None:
    cards = "".join(
        f"<div class=loop-{at}><div class=pic><a href='/{one.split()[0].lower()}-news/'><img src=/i/{at}.jpg></a></div>"
        f"<div class=elementor-widget-heading><h6 class=heading-title><a href='/{one.split()[0].lower()}-news/'>{one}</a></h6></div>"
        f"<time datetime='2026-03-1{at}'>{at} March</time></div>"
        for at, one in enumerate(TITLES)
    )

    assert titles(cards) == list(TITLES)


# --- badges and dates -----------------------------------------------------------------------------------------------


def test_a_badge_with_a_title_of_its_own_is_not_the_headline() -> None:
    badge = "<span class=key title='For subscribers of the paper'>For subscribers of the paper</span>"
    items = "".join(f"<li><a href='{address(one)}'>{badge}<h3>{one}</h3></a></li>" for one in TITLES)

    assert titles(f"<ul>{items}</ul>") == list(TITLES)


@pytest.mark.parametrize("live", ["<b>LIVE</b><i>Live. </i>", "<b>Live</b> <i>Watch</i>"])
def test_labels_for_the_eye_and_the_ear_go(live: str) -> None:
    first = f"<h2><a href='{address(TITLES[0])}'><span class=x1>{live}</span>{TITLES[0]}</a></h2>"

    assert titles(first + STORIES) == list(TITLES)


def test_names_before_a_title_stay() -> None:
    first = "<h2><a href='/world/2026/11/22/video'><span class=x1><b>Video</b> <i>games</i></span> sell better than films</a></h2>"

    assert titles(first + STORIES)[0] == "Video games sell better than films"


def test_the_date_of_a_microformat_is_exact() -> None:
    stamp = "<p><small><abbr class=published title='2026-03-03T10:00:00Z'>3 mars 2026</abbr></small></p>"

    assert entries(card(TITLES[0], stamp) + STORIES)[0].published_at == datetime(2026, 3, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize("day", ["14 juin 2005", "14 giugno 2005", "June 14, 2005", "14.06.2005", "14 июня 2005"])
def test_a_summary_may_begin_with_its_date(day: str) -> None:
    first = entries(card(TITLES[0], f"<p>{day} - The council met last night and talked at length.</p>") + STORIES)[0]

    assert (first.published_at, first.precision) == (datetime(2005, 6, 14, tzinfo=UTC), Precision.DAY)


@pytest.mark.parametrize("begin", ["On 14 June 2005 the wall fell - and", "14 of 2005 - ", "Since 14 June 2005 - "])
def test_a_summary_that_tells_of_a_day_has_no_date(begin: str) -> None:
    assert entries(card(TITLES[0], f"<p>{begin} nobody came to see it.</p>") + STORIES)[0].published_at is None


@pytest.mark.parametrize("day", ["12 juin 2005", "12 giugno 2005", "12. Juni 2005", "12 junho 2005"])
def test_a_page_without_a_language_says_its_months_in_any(day: str) -> None:
    first = entries(card(TITLES[0], f"<span class=date>{day}</span>") + STORIES)[0]

    assert first.published_at == datetime(2005, 6, 12, tzinfo=UTC)


# --- rails marked up as navigation, and picture buttons --------------------------------------------------------------


def rail(tag: str, heading: str = "") -> str:
    items = "".join(f"<li><a href='{address(one)}'>{one}</a></li>" for one in TITLES)
    return f"<nav {tag}>{heading}<ul>{items}</ul></nav>"


@pytest.mark.parametrize(
    ("tag", "heading"),
    [
        ("class='article__related' role=navigation", ""),
        ("id=readNext", ""),
        ("aria-label='Sur le même sujet'", ""),
        ("class=x", "<h2>Mehr zum Thema</h2>"),
        ("class=x", "<div class=head><h3><span>Más noticias</span></h3></div>"),
    ],
)
def test_navigation_that_is_called_a_rail_is_one(tag: str, heading: str) -> None:
    assert titles(MENU + rail(tag, heading) + MENU) == list(TITLES)


@pytest.mark.parametrize("footer", ["<footer class=related>{}</footer>", "<footer><h3>Mehr zum Thema</h3>{}</footer>"])
def test_a_footer_that_is_a_rail_is_read(footer: str) -> None:
    story = f"<article><h1>Council meets late again</h1>{'<p>The debate went on for hours in a full hall.</p>' * 9}</article>"
    menu = (
        "<p><a href=/imprint>Imprint of the paper</a><a href=/privacy>Privacy and cookies</a><a href=/ads/>Ads</a></p>"
    )
    page = f"{SITE}world/2026/11/22/council-meets-late-again"
    items = "".join(f"<li><a href='{address(one)}'>{one}</a></li>" for one in TITLES)

    assert titles(story + footer.format(items), page) == list(TITLES)
    assert titles(story + footer.format(items + menu), page) == []
    assert titles(f"{story}<footer>{items}</footer>", page) == []


@pytest.mark.parametrize("tag", ["class=main", "class=related-topics", "aria-label=Sections"])
def test_other_navigation_is_none(tag: str) -> None:
    assert titles(rail(tag, "<h2>Sections</h2>") + STORIES.replace("/world/", "/city/")) == list(TITLES)
    assert not titles(rail(tag))


def test_a_picture_in_links_to_four_articles_is_a_button() -> None:
    pictured = (True, False, True, False)
    told = (*TITLES, "Ferries stop for the night")
    cards = "".join(
        f"<div class=card>{f'<img src=/photos/{at}.jpg>' if has else ''}<h3><a href='{address(one)}'>{one}</a></h3>"
        f"<a href='{address(one)}'><img src=/images/mas.gif></a></div>"
        for at, (one, has) in enumerate(zip(told, pictured, strict=True))
    )

    assert [one.image is not None for one in entries(cards)] == list(pictured)


def test_a_picture_that_two_articles_share_is_theirs() -> None:
    picture = "<a href='{}'><img src=/photos/harbour.jpg></a>"
    cards = "".join(card(one, picture.format(address(one))) for one in TITLES[:2]) + card(TITLES[2])

    assert [one.image is not None for one in entries(cards)] == [True, True, False]


# --- how long ago ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ago",
    [
        "3時間前", "3小时前", "3시간 전", "3 uur geleden", "för 3 timmar sedan", "3 godz. temu", "před 3 hodinami",
        "3 години тому", "πριν από 3 ώρες", "3 घंटे पहले", "3 jam lalu", "3 giờ trước", "acum 3 ore", "3 órája",
        "3 tuntia sitten", "for 3 timer siden", "3 ชั่วโมงที่แล้ว", "fa 3 hores", "3 ч назад", "há 3 horas",
    ],
)  # fmt: skip
def test_hours_ago_are_read_in_many_languages(ago: str) -> None:
    assert read_relative(ago, datetime(2026, 11, 22, 12, 30, tzinfo=UTC)).at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert is_date(ago)


@pytest.mark.parametrize(
    "words", ["3時間", "3 uur", "for 3 years", "3 minutes", "60日前後", "Sedan 3 dagar", "90分前半"]
)
def test_a_length_of_time_is_no_date(words: str) -> None:
    assert read_relative(words, datetime(2026, 11, 22, 12, 30, tzinfo=UTC)).at is None
    assert not is_date(words)


# --- written dates --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("12 مارس 2026 02:35 م", 14), ("12 مارس 2026 02:35 ص", 2), ("12 مارس 2026 - 2:35 مساءً", 14),
        ("12 Mart 2026 02:35 ÖS", 14), ("12 de marzo de 2026 2:35 p. m.", 14), ("Thursday 12 March 2026 2.35pm", 14),
        ("2026年3月12日 午後2時35分", 14), ("2026年3月12日 下午2:35", 14), ("2026년 3월 12일 오후 2:35", 14),
        ("2026年3月12日 午前2時35分", 2), ("12 मार्च 2026 02:35 PM", 14), ("12 mars 2026 14:35 pm", 14),
        ("12 de marzo de 2026 12:35 a. m.", 0), ("12 de marzo de 2026 12:35 p. m.", 12), ("12 mars 2026 2:35 mardi", 2),
        ("12 مارس 2026 02:35 مقتل", 2), ("12 مارس 2026 14:35 ص", 14),
    ],
)  # fmt: skip
def test_the_half_of_a_day_is_read_in_many_languages(written: str, hour: int) -> None:
    assert Times(None).read(written).at == datetime(2026, 3, 12, hour, 35, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("Mar 12, 2026, 14:35 ET", 18), ("Mar 8, 2026, 01:35 ET", 6), ("Mar 8, 2026, 03:35 ET", 7),
        ("Nov 1, 2026, 01:35 ET", 5), ("Nov 1, 2026, 03:35 ET", 8), ("Jan 12, 2026, 2:35 PM PT", 22),
    ],
)  # fmt: skip
def test_a_zone_without_its_season_has_that_of_the_day(written: str, hour: int) -> None:
    at = Times(None).read(written).at

    assert at is not None
    assert (at.hour, at.minute) == (hour, 35)


@pytest.mark.parametrize(
    "date",
    ["<span title='Mar 12, 2026'>Mar 12</span>", "(12-03-2026)", "<b>by</b> 12 March 2026", "<br>12.03.2026<br>"],
)
def test_a_date_may_be_shown_when_pointed_at_or_stand_beside_the_link(date: str) -> None:
    date = date.replace("12-03", "13-03") if "(" in date else date
    items = "".join(f"<li><a href='{address(one)}'>{one}</a> {date}</li>" for one in TITLES)
    days = {one.published_at for one in entries(f"<ul>{items}</ul>")}

    assert days == {datetime(2026, 3, 13 if "13" in date else 12, tzinfo=UTC)}


@pytest.mark.parametrize(
    "days",
    ["17.-20.06.2024", "12-14 March 2026", "since 12 March 2026, as ever", "2026", "12 March 2026 was a long day"],
)
def test_the_days_of_an_event_are_no_date(days: str) -> None:
    items = "".join(f"<li><a href='{address(one)}'>{one}</a><br>{days}</li>" for one in TITLES)

    assert {one.published_at for one in entries(f"<ul>{items}</ul>")} == {None}


# --- titles in parts, and data --------------------------------------------------------------------------------------


def test_a_title_in_two_parts_that_are_called_so_is_one() -> None:
    def told(begin: str, end: str) -> str:
        parts = f"<span class=BlockTitle_first__d4>{begin}</span> <span class=BlockTitle_second__e5>{end}</span>"
        return f"<div class=card><a href='/2026/03/12/{len(begin)}-of-the-ice'><h2>{parts}</h2></a></div>"

    assert titles(told("The ice is gone.", "Here is what was below it") + STORIES)[0] == (
        "The ice is gone. Here is what was below it"
    )
    assert titles(told("Why eggs cost more once again.", "And will they stay dear?") + STORIES)[0] == (
        "Why eggs cost more once again. And will they stay dear?"
    )


def test_a_kicker_and_a_title_that_are_numbered_are_not_one() -> None:
    heads = "".join(
        f"<li><a href='{address(one)}'><h2><span class=dh1>Patents at court</span> <span class=dh2>{one}</span></h2></a></li>"
        for one in TITLES
    )

    assert titles(f"<ul>{heads}</ul>") == list(TITLES)


def test_pictures_that_apollos_cache_refers_to_are_the_articles() -> None:
    state: dict[str, object] = {"ROOT_QUERY": {"articles": [{"__ref": f"Article:{at}"} for at in range(3)]}}
    for at, one in enumerate(TITLES):
        state[f"Article:{at}"] = {"headline": one, "url": address(one), "mainImage": {"__ref": f"Image:{at}"}}
        state[f"Image:{at}"] = {"url": f"/photos/{at}.jpg"}
    found = entries(f"<div id=root></div><script>window.__APOLLO_STATE__={json.dumps(state)};</script>")

    assert [one.title for one in found] == list(TITLES)
    assert [one.image.url for one in found if one.image] == [f"{SITE}photos/{at}.jpg" for at in range(3)]


# --- other links among the news --------------------------------------------------------------------------------------


def test_what_a_station_plays_at_which_time_is_no_news() -> None:
    songs = ("The Waves - A summer", "Nora Bell - Once more", "Trio Sel - Wind")
    rows = "".join(
        f"<li><i>14:3{at}</i> <a href='/music/track/f6e{at}c9'>{one}</a></li>" for at, one in enumerate(songs)
    )

    assert titles(f"{STORIES}<section><ul>{rows}</ul></section>") == list(TITLES)


@pytest.mark.parametrize(
    ("url", "title"),
    [
        ("/concours/win-your-seats", "Win your seats for the festival of the sea"),
        ("/events/town-hall-on-rent", "Join us: a town hall on rent, 20 March"),
        ("/shopping/bags", "Ten bags for the spring from our editors"),
    ],
)
def test_an_invitation_among_the_news_is_none(url: str, title: str) -> None:
    pictured = card(title, "<img src=/photos/e.jpg>").replace(address(title), url)

    assert titles(STORIES + pictured) == list(TITLES)


@pytest.mark.parametrize(
    "label", ["in collaborazione con LuxSkin", "En partenariat avec la Banque", "בשיתוף בנק הגליל"]
)
def test_a_card_made_with_who_pays_for_it_is_none(label: str) -> None:
    assert titles(STORIES + card("A cream that everybody speaks of", f"<span>{label}</span>")) == list(TITLES)


@pytest.mark.parametrize(("lang", "found"), [("en", True), ("en-GB", True), ("pt", False)])
def test_a_link_to_another_language_is_a_translation(lang: str, found: bool) -> None:
    link = f"<p><a hreflang={lang} href='/2026/03/12/a-mina-que-ninguem-pediu/'>A mina que ninguém pediu</a></p>"
    page = f"<html lang=en-US><body>{STORIES}{link}</body></html>".encode()
    parsed = parse_document(page, url=SITE, kind=FeedKind.PAGE, now=NOW)

    assert isinstance(parsed, Parsed)
    assert len(parsed.entries) == len(TITLES) + found


def test_one_word_in_a_heading_before_a_sentence_is_a_title() -> None:
    linked = "<a href='/2026/03/12/linux-kernel'><header><h2>Linux</h2></header><p>The makers told their customers of it.</p></a>"

    assert "Linux" in titles(STORIES + f"<article>{linked}</article>")


def box(some: dict[str, str]) -> str:
    return (
        "<div class=box><ul>"
        + "".join(f"<li><a href='{at}'>{one}</a></li>" for one, at in some.items())
        + "</ul></div>"
    )


@pytest.mark.parametrize(
    ("few", "at", "found"),
    [
        ("Why skip breakfast?", "/news/550900", True),
        ("Why", "/news/550900", False),
        ("Why skip breakfast?", "/why", False),
    ],
)
def test_a_few_words_in_a_list_of_headlines_at_addresses_of_one_make_are_one(few: str, at: str, found: bool) -> None:
    told = {
        "A talk with the last locksmith of town": "/news/550871",
        "The day on which the river came back": "/news/550850",
        "A goal in the last minute of play": "/news/550849",
    }
    links = {f"Homes for {one}": f"https://{one}.example.org/" for one in ("all", "us", "you", "them")}

    assert titles(STORIES + box({few: at} | told) + box(links)) == [*TITLES, *[few] * found, *told]


def test_a_notice_that_was_paid_for_is_none() -> None:
    notice = card("Prices for the new houses by the lake", "<span>İLAN</span>")

    assert titles(STORIES + notice) == list(TITLES)


@pytest.mark.parametrize("place", ["obituaries", "vacancies", "death-notices"])
def test_a_name_in_a_place_of_notices_is_no_headline(place: str) -> None:
    names = ("Harold J. Pruitt", "Mary Ellen Sousa", "Ada Bell Kern")
    notices = "".join(
        f"<article class=x><h3 class=y><a href='/{place}/p-{at}/article_5487{at}d1a.html'>{one}</a></h3></article>"
        for at, one in enumerate(names)
    )

    assert titles(f"{STORIES}<aside>{notices}</aside>") == list(TITLES)
