"""Reading headlines, pictures, times and publishers from the list page of a news site."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from make import NOW
from wirekin.model import Entry, FeedKind, Image, Parsed, ParseFailed, Precision, Reason, Selectors, Source
from wirekin.parse import explain_page, parse_document
from wirekin.parse.pages import _dom
from wirekin.parse.pages._times import Times

URL = "https://news.example.com/world/"
DATA = Path(__file__).resolve().parents[1] / "data"
TITLES = (
    "Ambassadors recalled as fisheries row deepens",
    "Baltic states finish joining their power grids",
    "City council votes to close the old market square",
)


def read(markup: str | bytes, url: str = URL, select: Selectors | None = None, content_type: str = "") -> Parsed:
    body = markup.encode() if isinstance(markup, str) else markup
    found = parse_document(body, url=url, kind=FeedKind.PAGE, select=select, content_type=content_type, now=NOW)
    assert isinstance(found, Parsed), found
    return found


def titles(markup: str | bytes, **more: str) -> list[str]:
    return [one.title for one in read(markup, **more).entries]


def page(inside: str, head: str = "") -> str:
    return f"<!doctype html><html lang=en><head><title>World</title>{head}</head><body>{inside}</body></html>"


def cards(make: str, wrap: str = "<main>{}</main>") -> str:
    """Three cards of one template, in which {n} is the number, {t} the title and {u} the address."""
    made = (
        make.format(n=n, t=title, u=f"/world/2026/11/22/{title.lower().replace(' ', '-')}")
        for n, title in enumerate(TITLES)
    )
    return page(wrap.format("".join(made)))


# --- the page that started the project --------------------------------------------------------------------------------

SEED = [
    "Iran Wants To Negotiate After Crippling Israeli Strikes",
    "Israel targets Iran's Defense Ministry headquarters as Tehran unleashes",
    "Israel’s Operation To Destroy Iran’s Nuclear Program Enters New Phase",
]


@pytest.mark.parametrize("name", ["seed_page", "seed_page_unlinked", "seed_page_loose", "seed_page_captions"])
def test_the_seed_page_gives_its_three_headlines_and_nothing_else(name: str) -> None:
    found = read((DATA / f"{name}.html").read_bytes(), "https://papers.example.net/caspian-freight")

    assert [one.title for one in found.entries] == SEED
    assert [one.source.name if one.source else None for one in found.entries][1:] == [None, None]
    assert found.entries[0].source == Source("The Daily Caller")  # from the title's suffix
    assert len({one.link for one in found.entries}) == 3
    assert all(one.link.startswith("https://") and one.image for one in found.entries)
    assert found.feeds == ("https://papers.example.net/feed.xml",)


CAPTION = "The ferry leaves the northern quay at dawn"


def test_a_captioned_picture_among_paragraphs_is_not_a_headline() -> None:
    figure = f'<figure><img src="/p.jpg" alt="{CAPTION}"><figcaption>{CAPTION}</figcaption></figure>'
    text = "<p>" + "Dredging is dear and winters are long. " * 10 + "</p>"

    assert titles(page(text + figure + text + figure.replace("dawn", "dusk") + text)) == []


# --- cards ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        "<article><h2><a href='{u}'>{t}</a></h2><p>A summary of it.</p></article>",
        "<article><a href='{u}'><img src='/{n}.jpg' alt=''></a><h3><a href='{u}'>{t}</a></h3></article>",
        "<div class=card><a href='{u}'><h3>{t}</h3><p>A summary that is longer than the title of the card is.</p></a></div>",
        "<div class=card><a href='{u}'><span class=kicker>World</span><span class=card__title>{t}</span></a></div>",
        "<div class=card><h2>{t}</h2><p>A summary of it.</p><a href='{u}'>Read more</a></div>",
        "<li><a href='{u}'>{t}</a></li>",
        "<li><b>{n}.</b> <a href='{u}' title='{t} | The Daily Caller'>{t} | The Daily Caller</a></li>",
        "<article><h2><a href='{u}'><span>LIVE</span> {t}</a></h2></article>",
        "<article><h2><a href='{u}'><span class=k1>Politics</span><span class=t1>{t}</span></a></h2></article>",
        "<article><h2><a href='{u}'>{t}</a></h2><a href='{u}#comments'>Leave a reply on this story please</a></article>",
        "<tr><td><a href='{u}'><font>{t}</font></a></td></tr>",
        "<div class=promo><a href='{u}'><p><span class=visually-hidden>Video, 00:01:42</span><span>{t}</span></p></a></div>",
    ],
)
def test_each_kind_of_card_gives_its_title_once(make: str) -> None:
    assert titles(cards(make)) == list(TITLES)


FURNITURE = "<a href='/about/how-we-report-on-local-government'>How we report on our local government</a>"


@pytest.mark.parametrize(
    "furniture",
    [
        "<nav>{}</nav>",
        "<header>{}</header>",
        "<footer>{}</footer>",
        "<div class=main-nav__list>{}</div>",
        "<ul class=breadcrumbs><li>{}</li></ul>",
        "<div class='cookie-banner'>{}</div>",
        "<section class=newsletter>{}</section>",
        "<div class=author-box><h3>{}</h3></div>",
        "<section class=comments>{}</section>",
        "<div class=sponsored><h3>{}</h3></div>",
        "<article data-sponsored=true><h3>{}</h3></article>",
        "<section><h3>From around the web</h3>{}</section>",
        "<section><h3>Новости партнёров</h3>{}</section>",
        "<div><div class=hed>Sponsor posts</div><h3>{}</h3></div>",
        "<article><span class=flag>Anzeige</span><h3>{}</h3></article>",
        "<p>It was said yesterday, as we wrote in our long report on the matter, that {} would be read by all.</p>",
        "<div hidden><h3>{}</h3></div>",
    ],
)
def test_navigation_adverts_and_other_page_furniture_give_no_headlines(furniture: str) -> None:
    inside = furniture.format(FURNITURE.replace("/about/how", "/2026/11/22/how"))
    stories = "".join(
        f"<article><h2><a href='/2026/11/22/story-{n}'>{t}</a></h2></article>" for n, t in enumerate(TITLES)
    )

    assert titles(page(f"<main>{stories}</main>{inside}")) == list(TITLES)


@pytest.mark.parametrize("name", ["paywall", "subscriber-only", "article-footer", "show-if-partner"])
def test_class_names_such_as_paywall_or_article_footer_hide_no_headlines(name: str) -> None:
    rest = "".join(f"<a href='/s/{n}'>Section</a>" for n in range(9))
    make = "<div class=card><h3><a href='{u}'>{t}</a></h3></div>"

    assert titles(cards(make, f"<nav>{rest}</nav><div class={name}>{{}}</div>")) == list(TITLES)


def test_the_part_of_a_link_that_its_title_attribute_repeats_is_the_headline() -> None:
    make = "<h3><a href='{u}' title='{t}'><span class=a>A long word before it</span><span class=b>{t}</span></a></h3>"

    assert titles(cards(make)) == list(TITLES)


@pytest.mark.parametrize(
    "href",
    [
        "/author/nadia-ferrow-science-correspondent",
        "/tag/nuclear-negotiations-in-the-capital",
        "/subscribe/digital-offer-for-new-readers",
        "https://facebook.com/sharer?u=https://news.example.com/a",
        "/reports/audit-of-the-ports-2026.pdf",
        "mailto:desk@example.com",
        "javascript:void(0)",
        "#top-of-the-page",
        "/archive/2026-11-18",
        "/world/",
    ],
)
def test_links_to_authors_tags_files_and_the_like_are_no_headlines(href: str) -> None:
    assert titles(page(f"<main><h3><a href='{href}'>Everything about it in one long line</a></h3></main>")) == []


def test_the_headlines_of_an_aggregator_link_to_other_sites() -> None:
    items = "".join(
        f"<tr><td class=title><a href='https://site{n}.example/x{n}'>{title}</a> (<a href='from?site=s{n}'>site{n}</a>)</td></tr>"
        f"<tr><td>by <a href='user?id=u{n}'>u{n}</a> | <a href='item?id={n}99'>{n}4 comments</a></td></tr>"
        for n, title in enumerate(TITLES)
    )
    found = read(page(f"<table>{items}</table>"))

    assert [(one.title, one.link) for one in found.entries] == [
        (title, f"https://site{n}.example/x{n}") for n, title in enumerate(TITLES)
    ]


def test_headlines_in_a_table_layout_are_read() -> None:
    rows = "".join(
        f"<table><tr><td><img src='pics/{n}.jpg' width=80 height=60></td><td><b><a href='article.php?id={n}842'>{title}</a></b>"
        f"<br>Text of it. <a href='article.php?id={n}842'>more...</a></td></tr></table>"
        for n, title in enumerate(TITLES)
    )
    menu = "<td><a href='index.php?s=1'>World</a><br><a href='index.php?s=2'>Politics and business</a></td>"
    found = read(page(f"<table><tr>{menu}<td>{rows}</td></tr></table>"))

    assert [one.title for one in found.entries] == list(TITLES)
    assert [one.image.url[-10:] for one in found.entries if one.image] == ["pics/0.jpg", "pics/1.jpg", "pics/2.jpg"]


def test_an_address_repeated_with_a_tracking_parameter_is_one_headline() -> None:
    inside = "".join(
        f"<article><h2><a href='/2026/11/22/story-{n}{query}'>{title}</a></h2></article>"
        for query in ("", "?itid=most-read")
        for n, title in enumerate(TITLES)
    )

    assert titles(page(inside)) == list(TITLES)


def test_a_cut_title_is_completed_from_the_alt_text_of_its_picture() -> None:
    make = "<div class=item><a href='{u}'><img src='/{n}.jpg' alt='{t}'></a><p><a href='{u}'>{t:.20}…</a></p></div>"

    assert titles(cards(make)) == list(TITLES)


def test_a_page_without_headlines_gives_none() -> None:
    topics = "".join(f"<a class=chip href='/topics/{n}'>Energy prices and household bills</a>" for n in range(5))

    assert titles(page(f"<main><h1>Left-handed astronauts</h1>{topics}</main>")) == []


# --- pictures, times, publishers --------------------------------------------------------------------------------------


def card(inside: str) -> Entry:
    article = f"<article>{inside}<h2><a href='/2026/11/22/grids-joined'>{TITLES[1]}</a></h2></article>"
    return read(page(f"<main>{article}</main>")).entries[0]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<img src='/p.jpg'>", "/p.jpg"),
        ("<img src='data:image/gif;base64,R0lG' data-src='/p.jpg'>", "/p.jpg"),
        ("<img src='/static/placeholder.png' data-lazy-src='/p.jpg'>", "/p.jpg"),
        ("<img srcset='/s.jpg 320w, /p.jpg 640w'>", "/p.jpg"),
        ("<picture><source data-srcset='/p.jpg 1x'><img src='data:,'></picture>", "/p.jpg"),
        ("<div style=\"background-image:url('/p.jpg')\"></div>", "/p.jpg"),
        ("<div class=lazy data-bg='/p.jpg'></div>", "/p.jpg"),
        ("<img src='/logo.png'>", None),
        ("<img src='/p.gif' width=1 height=1>", None),
        ("<span class=author-avatar><img src='/nadia.jpg'></span>", None),
        ("", None),
    ],
)
def test_the_picture_of_a_headline_is_that_of_its_card(markup: str, expected: str | None) -> None:
    image = card(markup).image

    assert (image.url if image else None) == ("https://news.example.com" + expected if expected else None)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("markup", "expected", "precision"),
    [
        ("<time datetime='2026-11-22T09:00:00+03:00'>2h ago</time>", at(6), Precision.INSTANT),
        ("<time datetime='2026-11-22'>yesterday</time>", at(0), Precision.DAY),
        ("<span class=rail__date>22 ноября 2026, 08:22</span>", at(8, 22), Precision.LOCAL),
        (
            "<abbr class=published title='2026-11-22T09:00:00Z'>09:00</abbr>",
            at(9),
            Precision.INSTANT,
        ),
        ("<meta itemprop=datePublished content='2026-11-22T09:00:00Z'>", at(9), Precision.INSTANT),
    ],
)
def test_a_time_is_read_with_the_precision_that_the_page_gives(
    markup: str, expected: datetime, precision: Precision
) -> None:
    one = card(markup)

    assert (one.published_at, one.precision) == (expected, precision)


# NOW is 2026-11-22 10:00 UTC.
@pytest.mark.parametrize(
    ("words", "expected", "precision"),
    [
        ("2 hours ago", at(8), Precision.INSTANT),
        ("25 min ago", at(9, 35), Precision.INSTANT),
        ("3 часа назад", at(7), Precision.INSTANT),
        ("۴ ساعت پیش", at(6), Precision.INSTANT),
        ("منذ ساعتين", at(8), Precision.INSTANT),
        ("לפני 5 דקות", at(9, 55), Precision.INSTANT),
        ("il y a 3 heures", at(7), Precision.INSTANT),
        ("yesterday", datetime(2026, 11, 21, tzinfo=UTC), Precision.DAY),
        ("вчера", datetime(2026, 11, 21, tzinfo=UTC), Precision.DAY),
        ("2 days ago", datetime(2026, 11, 20, tzinfo=UTC), Precision.DAY),
        ("Yesterday at 14:30", datetime(2026, 11, 21, tzinfo=UTC), Precision.DAY),
        ("Gestern, 14.30 Uhr", datetime(2026, 11, 21, tzinfo=UTC), Precision.DAY),
        ("昨日 14時30分", datetime(2026, 11, 21, tzinfo=UTC), Precision.DAY),
        ("Today, 9:30 am", at(0), Precision.DAY),
        ("сегодня в 14:30", at(0), Precision.DAY),
    ],
)
def test_a_relative_time_counts_from_the_now_that_is_passed_in(
    words: str, expected: datetime, precision: Precision
) -> None:
    one = card(f"<time>{words}</time>")

    assert (one.published_at, one.precision) == (expected, precision)


@pytest.mark.parametrize("words", ["Today", "14:30", "tomorrow, 14:30", "every day at 14:30"])
def test_today_alone_and_a_time_of_day_alone_give_no_day(words: str) -> None:
    assert card(f"<time>{words}</time>").published_at is None


@pytest.mark.parametrize("markup", ["<span class=date>Just now</span>", "<span class=date>14:32</span>", ""])
def test_a_time_without_a_day_is_no_time(markup: str) -> None:
    assert card(markup).published_at is None


def test_without_a_now_a_relative_time_is_no_time() -> None:
    assert Times(None).of(_dom.read(b"<time>2 hours ago</time>").root).at is None


@pytest.mark.parametrize(
    ("lang", "words", "expected"),
    [
        ("hi", "21 नवंबर 2026", 21),
        ("th", "20 กรกฎาคม 2026", 20),
        ("pl", "19 listopada 2026", 19),
        ("ko", "2026년 11월 18일", 18),
    ],
)
def test_dates_are_read_in_the_language_of_the_page(lang: str, words: str, expected: int) -> None:
    found = Times(None, lang).read(words)

    assert found.at is not None
    assert (found.at.year, found.at.day, found.precision) == (2026, expected, Precision.DAY)


def test_a_time_missing_from_the_card_is_taken_from_json_ld() -> None:
    data = (
        '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Grids","url":"/2026/11/22/grids-joined",'
        '"datePublished":"2026-11-22T09:00:00Z"}</script>'
    )

    assert card(data).published_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_a_publisher_on_a_card_is_its_source_and_a_byline_is_not() -> None:
    assert card("<span class=source>The Highland Echo</span>").source == Source("The Highland Echo")
    assert card("<span class='byline source-author'>Nadia Ferrow</span>").source is None


def test_headlines_that_are_only_in_embedded_json_are_read() -> None:
    data = (
        (
            '<script id="__NEXT_DATA__" type="application/json">{"props":{"items":[{"title":"%s","url":"/story/1",'
            '"publishedAt":"2026-11-22T09:00:00Z"},{"title":"%s","url":"/story/2"}]}}</script>'
        )
        .replace("%s", TITLES[0], 1)
        .replace("%s", TITLES[1], 1)
    )
    entries = read(page("<div id=__next></div>" + data)).entries

    assert [(one.title, one.link) for one in entries] == [
        (TITLES[0], "https://news.example.com/story/1"),
        (TITLES[1], "https://news.example.com/story/2"),
    ]
    assert entries[0].published_at == datetime(2026, 11, 22, 9, tzinfo=UTC)


# --- the document -----------------------------------------------------------------------------------------------------


def test_links_are_resolved_against_the_base_element() -> None:
    markup = cards("<article><h2><a href='s/{n}-a-slug-of-words'>{t}</a></h2></article>").replace(
        "<title>", "<base href='https://other.news.example.com/x/'><title>"
    )

    assert read(markup).entries[0].link == "https://other.news.example.com/x/s/0-a-slug-of-words"


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("windows-1251", "<meta charset=windows-1251>", ""),
        ("windows-1251", "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>", ""),
        ("windows-1251", "", "text/html; charset=windows-1251"),
        ("windows-1251", "", ""),
        ("windows-1251", "<meta charset=utf-8>", ""),
        ("utf-8", "<meta charset=windows-1251>", ""),
        ("utf-16", "", ""),
    ],
)
def test_pages_are_decoded_as_browsers_would(encoding: str, declared: str, header: str) -> None:
    title = "Цены на гречку впервые за полгода пошли вниз"
    body = page(f"<main><article><h2><a href='/2026/1/grechka'>{title}</a></h2></article></main>", declared)

    assert titles(body.encode(encoding), content_type=header) == [title]


def test_a_hebrew_page_in_iso_8859_8_i_is_read() -> None:
    title = "המכלית שנתפסה בהורמוז שוחררה אמש"
    body = page(f"<main><article><h2><a href='/2026/1/mehalit'>{title}</a></h2></article></main>")

    assert titles(body.encode("cp1255"), content_type="text/html; charset=iso-8859-8-i") == [title]


@pytest.mark.parametrize("declared", ["", "<meta charset=utf-8>"])
@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("koi8-r", "На набережной нашли старинный якорь"),
        ("shift_jis", "港の旧倉庫、来春に図書館へ改修される見通し"),
        ("euc-kr", "항만 노동자들 새벽부터 일손 놓았다"),
        ("gb18030", "冬季候鸟比往年提前两周抵达湿地公园"),
        ("cp1252", "L’été à Besançon sera plus chaud que prévu"),
    ],
)
def test_the_encoding_is_detected_where_it_is_declared_wrongly_or_not_at_all(
    encoding: str, title: str, declared: str
) -> None:
    body = page(f"<main><article><h2><a href='/2026/1/story-of-it'>{title}</a></h2></article></main>", declared)

    assert titles(body.encode(encoding)) == [title]


def test_a_page_declared_as_latin_1_is_read_as_windows_1252() -> None:
    title = "L’été à Besançon sera plus chaud que prévu"
    body = page(
        f"<main><article><h2><a href='/2026/1/ete'>{title}</a></h2></article></main>", "<meta charset=iso-8859-1>"
    )

    assert titles(body.encode("cp1252")) == [title]


def test_the_feeds_and_sitemaps_that_a_page_announces_are_found() -> None:
    head = (
        "<link rel=alternate type=application/rss+xml href=/feed><link rel='alternate' type='application/feed+json' href=/f.json>"
        "<link rel=alternate hreflang=de href=/de><link rel=alternate type=application/json href=/wp-json/x>"
        "<link rel=alternate type=application/xml href=/x.xml><link rel=feed href=/y.xml>"
        "<link rel=alternate type=text/xml hreflang=de href=/de.xml>"
        "<link rel=sitemap href=/map.xml><link rel=stylesheet href=/sitemap.css>"
    )
    paths = ("feed", "f.json", "x.xml", "y.xml")

    found = read(page("", head))
    assert found.feeds == tuple(f"https://news.example.com/{path}" for path in paths)
    assert found.sitemaps == ("https://news.example.com/map.xml",)


def test_a_feed_behind_a_page_address_is_read_as_a_feed() -> None:
    body = "<rss><channel><item><title>Ship seized</title><link>https://example.com/1</link></item></channel></rss>"

    assert read(body).kind == "rss"


def test_configured_selectors_replace_the_heuristics() -> None:
    markup = page(
        "<div class=x><a href=/1>One</a><i class=y>First of the two</i><img src=/1.jpg><b>2026-11-22</b></div>"
        "<div class=x><a href=/2>Two</a></div><h2><a href=/2026/11/22/a-long-slug-of-words>Not selected at all here</a></h2>"
    )
    entries = read(markup, select=Selectors(item="div.x", link="a", title=".y", image="img", time="b")).entries

    assert [(one.link, one.title) for one in entries] == [
        ("https://news.example.com/1", "First of the two"),
        ("https://news.example.com/2", "Two"),
    ]
    assert entries[0].image == Image("https://news.example.com/1.jpg")
    assert [one.title for one in read(markup, select=Selectors(item="div.x")).entries] == ["One", "Two"]


def test_an_invalid_selector_is_reported() -> None:
    found = parse_document(b"<html><p>x</html>", url=URL, kind=FeedKind.PAGE, select=Selectors(item="a[["), now=NOW)

    assert isinstance(found, ParseFailed)
    assert "selector" in found.detail


def test_a_page_nested_too_deeply_is_refused() -> None:
    found = parse_document(b"<html>" + b"<div>" * 100_000, url=URL, kind=FeedKind.PAGE, now=NOW)

    assert isinstance(found, ParseFailed)
    assert found.reason is Reason.TOO_LARGE


@pytest.mark.parametrize("charset", ["idna", "punycode", "undefined", "unicode_escape", "rot13", "base64", "x-zork"])
def test_an_unusable_charset_raises_nothing(charset: str) -> None:
    body = (
        b"<html><meta charset=%b><title>caf\xe9</title>" % charset.encode()
        + b"<article><h2><a href='/1'>Ship seized in the strait</a></h2></article>" * 3
    )
    for content_type in ("text/html", f"text/html; charset={charset}"):
        parse_document(body, url=URL, content_type=content_type, kind=FeedKind.PAGE, now=NOW)


@given(st.text(alphabet="<>/ ahrefdivp123='\"&;é", max_size=200))
@settings(max_examples=150, deadline=None)
def test_random_markup_raises_nothing(markup: str) -> None:
    parse_document(b"<html>" + markup.encode(), url=URL, kind=FeedKind.PAGE, now=NOW)


# --- the trace --------------------------------------------------------------------------------------------------------


def test_the_trace_says_of_every_link_whether_it_is_a_headline_and_why() -> None:
    markup = page(
        "<nav><a href='/sport'>Sport</a></nav><main>"
        "<article><h2><a href='/2026/11/22/grids-are-joined-at-last'>Baltic states finish joining grids</a></h2>"
        "<a href='/2026/11/22/grids-are-joined-at-last'>Read more</a></article>"
        "<div class=sponsored><a href='/x'>Ten ways to save on your next bed</a></div>"
        "<a href='/author/nadia-ferrow'>Nadia Ferrow</a></main>"
    )
    explained = explain_page(markup.encode(), url=URL, now=NOW)

    assert [(one.accepted, one.reason.partition(" (")[0]) for one in explained] == [
        (False, "navigation: inside <nav>"),
        (True, "a heading, a title of 5 words, an article's address"),
        (False, "sponsored: inside <div sponsored>"),
        (False, "only 2 words, address of a person"),
    ]
    assert explained[1].container == "main > article"
    assert [one.url for one in explained if one.accepted] == [one.link for one in read(markup).entries]
