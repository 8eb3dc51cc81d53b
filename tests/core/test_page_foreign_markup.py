"""Markup of pages by other authors that our own pages lacked: share links, topics among tags, titles in lines, shops."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from showing import TITLES, address, read_at
from wirekin.model import Image

SITE = "https://news.example.com/"
PAGE = f"{SITE}world/2026/11/22/ferries-stop-for-the-night"

entries, titles = read_at(PAGE)


def card(title: str, within: str = "", after: str = "") -> str:
    return f"<div class=card>{within}<h3><a href='{address(title)}'>{title}</a></h3>{after}</div>"


STORIES = "".join(map(card, TITLES))


# --- links that are no headlines -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "share",
    [
        f"https://marks.example.org/entry/{PAGE}",
        f"https://notes.example.org/save?u={PAGE}&t=ferries",
        f"https://notes.example.org/save?t=1&u={PAGE.replace(':', '%3A').replace('/', '%2F')}",
    ],
)
def test_a_link_whose_address_ends_with_the_pages_own_is_a_share_button(share: str) -> None:
    button = f"<p><a href='{share}'><img src=/b.png alt='Add this entry to the bookmarks of yours'></a></p>"

    assert titles(STORIES + button) == list(TITLES)


@pytest.mark.parametrize("named", ["ref", "utm_source"])
def test_a_link_with_a_referrer_parameter_is_no_share_button(named: str) -> None:
    rows = "".join(
        f"<li><a href='https://a.example{address(one)}?{named}=news.example.com'>{one}</a>" for one in TITLES
    )

    assert titles(f"<ul>{rows}</ul>", SITE) == list(TITLES)


def test_archived_headlines_are_read_and_links_to_other_captures_of_the_page_are_not() -> None:
    captures = "https://captures.example.org"
    page = f"{captures}/web/20261122120000/{SITE}"
    stories = "".join(f"<h3><a href='{page}{address(one)[1:]}'>{one}</a></h3>" for one in TITLES)
    words = "Show all captures and screenshots of this page"
    bar = f"<div><a href='{captures}/screenshot/{SITE}' title='{words}'><img src=/b.png alt='{words}'></a></div>"

    assert titles(bar + stories, page) == list(TITLES)


def test_a_link_to_the_page_of_a_picture_file_is_no_headline() -> None:
    lightbox = (
        "<p>The band plays on in the rain at the harbour, as it did last year, and sells its records after the show.</p>"
        "<a href='/img/docs/1171/226/html/e190222_o.jpg.html'><img src=/e.jpg alt='The band plays on in the rain'></a>"
    )

    assert titles(STORIES + lightbox) == list(TITLES)


def test_a_caption_that_ends_with_a_picture_credit_is_no_headline() -> None:
    photo = (
        "<div class=photo><a href='/harbour/r~a1838afa3af5/r~8fa032ba3add/'><div><img src=/1.jpg alt=Band></div>"
        "<div class=desc>The band after its show in the rain at the harbour. | {}: Reuters</div></a></div>"
    )

    assert titles(STORIES + photo.format("Photo")) == list(TITLES)
    assert titles(STORIES + photo.format("Foto")) == list(TITLES)


def test_a_linked_time_of_a_live_blog_entry_is_no_headline() -> None:
    live = "".join(
        f"<li><header><time datetime='2026-11-22T1{at}:20'><a href='{PAGE}?entry={at}'>1{at}:20 Uhr</a></time></header></li>"
        for at in range(3)
    )

    assert titles(f"{STORIES}<ul>{live}</ul>") == list(TITLES)


def test_a_link_in_a_list_of_tags_is_no_headline_however_long_its_text() -> None:
    topics = (
        "<div class=trending><h2>Trending</h2><ul><li><a class=t href='/tag/river-war/'>River war</a></li>"
        "<li><a class=t href='/where/quayland/'>The minister’s threats to Quayland</a></li></ul></div>"
    )

    assert titles(topics + STORIES, SITE) == list(TITLES)


def test_an_item_on_a_shops_host_is_no_headline_but_one_on_a_workshops_host_may_be() -> None:
    offer = "<article><a href='https://www.{}.example.net/item/991122'><h3>Large television at a small price</h3></a></article>"

    assert titles(STORIES + offer.format("quayshops"), SITE) == list(TITLES)
    assert len(titles(STORIES + offer.format("workshop"), SITE)) == 4
    assert len(titles(STORIES + offer.format("quayideals"), SITE)) == 4


def test_a_brand_studio_article_is_a_headline_only_on_the_brand_studios_own_page() -> None:
    paid = "<article><a href='/brandstudio/how-to-choose-a-car_0_zzyy1122.html'><h3>How to choose a car this year</h3></a></article>"

    assert titles(STORIES + paid, SITE) == list(TITLES)
    assert titles(STORIES + paid, f"{SITE}brandstudio/") == [*TITLES, "How to choose a car this year"]


def test_a_lone_picture_linked_to_another_host_is_a_banner_and_no_headline() -> None:
    banner = (
        "<section class=widget><div align=center><a href='{}article/2026/09/30-must-read-blogs-of-the-year'>"
        "<img src=/b.png width=220 alt='Thirty blogs that must be read this year'></a></div></section>"
    )

    assert titles(STORIES + banner.format("https://awards.example.org/"), SITE) == list(TITLES)
    assert len(titles(STORIES + banner.format(SITE), SITE)) == 4


@pytest.mark.parametrize(
    "sold",
    [
        "<div class=item itemscope itemtype='https://schema.org/Product'>{}<b>29,99 €</b></div>",
        "<div class=item>{}<span class=item__price>29,99 €</span></div>",
        "<div class=item>{}<span class=price>from $ 1,299</span></div>",
    ],
)
def test_a_product_with_a_price_is_no_headline(sold: str) -> None:
    thing = (
        "<img src=/k.jpg><h3><a href='/kettle-of-steel-with-a-lid-p-118201.html'>Kettle of steel with a lid</a></h3>"
    )

    assert titles(STORIES + sold.format(thing), SITE) == list(TITLES)
    assert len(titles(STORIES + f"<div class=item>{thing}<p class=price>Prices rise</p></div>", SITE)) == 4
    assert len(titles(STORIES + f"<div class=item>{thing}<p class=ticker-price>$412.10</p></div>", SITE)) == 4
    assert titles("".join(card(one, "<p class=price>$ 412.10</p>") for one in TITLES)) == list(TITLES)


def test_links_in_sentences_do_not_make_an_aggregator_of_an_article() -> None:
    shop = "https://clicks.example.org/servlet/referral?sid=2926524&pid=882898549&to=album"
    albums = "<br>".join(f"Band {n}/<a href='{shop}{n}'>The long night album of {n} songs</a>" for n in range(6))

    assert titles(f"<p>Out this week, in our order: {albums}</p>{STORIES}") == list(TITLES)


# --- links that are headlines ----------------------------------------------------------------------------------------


def test_a_home_page_in_an_aggregators_list_is_a_headline() -> None:
    links = (
        ("A spreadsheet that compiles to queries", "https://grid.example.dev/"),
        ("The fault that only appears on Tuesdays", "https://blog.kestrel.example.org/tuesday-fault"),
        ("Why the smallest database uses bytecode", "https://lite.example.net/whybytecode.html"),
        ("Notes on keeping notes for ten years", "https://ada.example.com/2026/notes-on-notes"),
    )
    rows = "".join(
        f"<tr><td class=title><span class=line><a href='{url}'>{title}</a></span></td></tr>" for title, url in links
    )

    assert titles(f"<table>{rows}</table>", "https://links.example.net/") == [title for title, _ in links]


def test_a_column_in_its_authors_box_is_a_headline_but_links_of_a_biography_are_not() -> None:
    name = "<a href='/columnists/ada-kern/' class=author-name>Ada Kern</a>"
    column = "<a href='/columnists/ada-kern/why-the-trains-are-late-again-4300998'>Why the trains are late</a>"

    assert titles(f"{STORIES}<div class=author-box>{name}{column}</div>", SITE) == [*TITLES, "Why the trains are late"]
    more = "<a href='/columnists/ada-kern/'>All that Ada Kern has ever written for us</a>"
    assert titles(f"{STORIES}<div class=author-box>{more}{column}</div>", SITE) == list(TITLES)


def test_a_one_word_heading_linked_to_an_articles_address_is_a_headline() -> None:
    row = "<div class=item><a href='/magazine/2026/11/10/snow-fiction'>{}</a><p>By Jo Reed, 22 November 2026</p></div>"

    assert titles(STORIES + row.format("<h3>Snow</h3>"), SITE) == [*TITLES, "Snow"]
    assert titles(STORIES + row.format("Snow"), SITE) == list(TITLES)


def test_a_rail_with_a_heading_is_read_even_if_its_class_says_pager() -> None:
    rail = "".join(
        f"<article class=teaser><a href='/{path}'><h3>{title}</h3></a></article>"
        for path, title in (
            ("politics/2026-11/blackout-faq", "What is known of the blackout"),
            ("society/2026-11/blackout-report", "Three hours in a lift of glass"),
        )
    )

    found = titles(f"{STORIES}<section class=article-pager><h2>Mehr zum Thema</h2>{rail}</section>", SITE)

    assert found == [*TITLES, "What is known of the blackout", "Three hours in a lift of glass"]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("\\sport\\tigers-win-again\\881180", f"{SITE}sport/tigers-win-again/881180"),
        (f"http://{SITE}sport/tigers-win-again/881180", f"{SITE}sport/tigers-win-again/881180"),
        (f"{SITE}sport/881180?by=http://a.example", f"{SITE}sport/881180?by=http://a.example"),
    ],
)
def test_an_address_with_backslashes_or_a_doubled_scheme_is_corrected(href: str, url: str) -> None:
    found = entries(
        f"{STORIES}<div class=card><h3><a href='{href}'>Tigers win again in the rain at home</a></h3></div>"
    )

    assert [one.link for one in found][3:] == [url]


@pytest.mark.parametrize(("name", "kept"), [("colsAD", True), ("has-ads", True), ("col-ad", False)])
def test_headlines_are_kept_in_a_layout_with_room_for_adverts_but_not_in_an_advert_column(
    name: str, kept: bool
) -> None:
    more = ("State sells a part of its share", "Taxes ate what people earned", "Debts are looked at anew")
    rail = "".join(f"<li><a href='/economy/2026/11/21/a-{n}.html'>{one}</a></li>" for n, one in enumerate(more))

    found = titles(f"{STORIES}<div class={name}><div><p>The editors advise</p><ul>{rail}</ul></div></div>", SITE)

    assert found == [*TITLES, *(more if kept else ())]


# --- titles, pictures, times -----------------------------------------------------------------------------------------


def test_a_title_in_two_numbered_lines_is_joined() -> None:
    lines = "<a href='/videos/0_f4lfqd8l/'><span class=video-title-1>Model explains to all </span><span class=video-title-2>why they sing</span></a>"

    assert titles(f"{STORIES}<ul><li>{lines}</li></ul>") == [*TITLES, "Model explains to all why they sing"]
    sized = (
        "<a href='/videos/0_f4lfqd8l/'><h3 class=title-1>Model explains to all</h3><h4 class=title-2>She sings</h4></a>"
    )
    assert titles(f"{STORIES}<ul><li>{sized}</li></ul>") == [*TITLES, "Model explains to all"]


@pytest.mark.parametrize("named", ["class=title id=post-{}", "class=title-{}"])
def test_titles_with_numbered_classes_or_ids_stay_separate_headlines(named: str) -> None:
    headings = "".join(
        f"<h3 {named.format(at)}><a href='{address(one)}'>{one}</a></h3>" for at, one in enumerate(TITLES)
    )

    assert titles(f"<div class=list>{headings}</div>") == list(TITLES)


def test_an_element_with_the_same_word_at_the_end_of_three_titles_is_a_label() -> None:
    def row(title: str, label: str) -> str:
        return f"<li><a href='{address(title)}'>{title}<span class=mark>{label}</span></a></li>"

    assert titles("<ul>" + "".join(row(one, "Original") for one in TITLES) + "</ul>") == list(TITLES)
    searched = "".join(card(f"{one} in <em class=hl>Quayland</em>") for one in TITLES)
    assert titles(searched) == [f"{one} in Quayland" for one in TITLES]
    differing = titles("<ul>" + "".join(map(row, TITLES, ("Old", "Young", "Grey"))) + "</ul>")
    assert differing == ["Ambassadors recalled as fisheries row deepensOld", *differing[1:]]


def test_the_picture_after_a_button_that_all_cards_show_is_the_cards_picture() -> None:
    cards = "".join(card(one, f"<img src=/pin.png><img src=/{at}.jpg>") for at, one in enumerate(TITLES))
    bare = "".join(card(one, "<img src=/pin.png>") for one in TITLES)

    assert [one.image for one in entries(cards)] == [Image(f"{SITE}{at}.jpg") for at in range(3)]
    assert [one.image for one in entries(bare)] == [None] * 3


@pytest.mark.parametrize(
    "line", ["Автор: <a href='/u/ada'>ada</a> | Дата: {} | <a href='#c'>Мнения (4)</a>", "Ada · {} · 5 min"]
)
def test_a_date_between_separators_is_the_publication_date(line: str) -> None:
    cards = "".join(card(one, after=f"<p>{line.format('20.11.2026 10:01')}</p>") for one in TITLES)

    assert [one.published_at for one in entries(cards)] == [datetime(2026, 11, 20, 10, 1, tzinfo=UTC)] * 3
