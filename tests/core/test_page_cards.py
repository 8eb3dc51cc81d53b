"""Cards of a page: which picture size and which words are taken, and which cards are marked as paid for."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from make import NOW
from wirekin.model import Entry, FeedKind, Image, Parsed
from wirekin.parse import explain_page, parse_document
from wirekin.parse.pages._times import is_date

SITE = "https://news.example.com/"
TITLES = (
    "Ambassadors recalled as fisheries row deepens",
    "Baltic states finish joining their power grids",
    "City council votes to close the old market square",
)


def entries(inside: str) -> tuple[Entry, ...]:
    body = f"<!doctype html><html lang=en><body>{inside}</body></html>".encode()
    found = parse_document(body, url=f"{SITE}world/", kind=FeedKind.PAGE, now=NOW)
    assert isinstance(found, Parsed)
    return found.entries


def titles(inside: str) -> list[str]:
    return [one.title for one in entries(inside)]


def card(title: str, within: str = "", attributes: str = "") -> str:
    address = f"/world/2026/11/22/{title.lower().replace(' ', '-')}"
    return f"<div class=card {attributes}>{within}<h3><a href='{address}'>{title}</a></h3></div>"


STORIES = "".join(map(card, TITLES))


@pytest.mark.parametrize("state", ["live", "exclusive", "card-breaking"])
@pytest.mark.parametrize("title", ["<span class='{0}'>{1}</span>", "<div class='{0}'>{1}</div>", "<h3><span class='{0}'>{1}</span></h3>",
                                   "<span class='{0}'>LIVE</span><div>{1}</div>", "<h3><b class='{0}'>LIVE</b> {1}</h3>"])  # fmt: skip
def test_a_title_with_a_class_such_as_live_is_preferred_to_the_summary_beside_it(state: str, title: str) -> None:
    cards = [
        f"<article><a href='/world/2026/11/22/{words.lower().replace(' ', '-')}'>{title.format(state, words)}"
        f"<p>The ministry said on Sunday that it would answer, and soon enough, in round {turn}.</p></a></article>"
        for turn, words in enumerate(TITLES)
    ]

    assert titles("".join(cards)) == list(TITLES)


# --- pictures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<img srcset='/s.jpg 320w, /p.jpg 640w' width=300 height=200>", Image(f"{SITE}p.jpg", 640, 427)),
        ("<img srcset='/s.jpg 320w,/p.jpg 640w,/m.jpg 480w' src='/s.jpg'>", Image(f"{SITE}p.jpg", 640)),
        ("<img srcset='/s.jpg 800w, /print.jpg 5000w'>", Image(f"{SITE}s.jpg", 800)),
        ("<img srcset='/print.jpg 5000w'>", Image(f"{SITE}print.jpg", 5000)),
        ("<img srcset='/c_fill,w_320/a.jpg 1x,/c_fill,w_640/a.jpg 2x'>", Image(f"{SITE}c_fill,w_640/a.jpg")),
        ("<img src='/1.jpg' srcset='/1.jpg 1x, /2.jpg 2x, /3.jpg 1.5x'>", Image(f"{SITE}2.jpg")),
        ("<picture><source srcset='/w.webp 900w'><img src='/p.jpg' width=300></picture>", Image(f"{SITE}w.webp", 900)),
        (
            "<picture><source media='(max-width:9em)' srcset=/s.jpg><source srcset=/p.jpg><img src=/s.jpg></picture>",
            Image(f"{SITE}p.jpg"),
        ),
        ("<img src='/p.jpg' width=300 height=200>", Image(f"{SITE}p.jpg", 300, 200)),
    ],
)
def test_the_largest_picture_size_that_is_not_for_print_is_taken(markup: str, expected: Image) -> None:
    assert entries(card(TITLES[0], markup) + card(TITLES[1]))[0].image == expected


def test_a_headline_without_a_picture_takes_that_of_another_card_with_its_link() -> None:
    address = "/world/2026/11/22/" + TITLES[0].lower().replace(" ", "-")
    ticker = f"<div class=ticker><h4><a href='{address}'>{TITLES[0]}</a></h4></div>"
    found = entries(f"{ticker}<main>{card(TITLES[0], '<img src=/p.jpg>')}{card(TITLES[1])}</main>")

    assert [(one.title, one.image) for one in found] == [(TITLES[0], Image(f"{SITE}p.jpg")), (TITLES[1], None)]


@pytest.mark.parametrize(("shared", "others", "kept"), [(3, 6, 6), (3, 9, 12), (4, 30, 30)])
def test_a_picture_shared_by_many_cards_is_no_headlines_picture(shared: int, others: int, kept: int) -> None:
    pictures = ["/site.jpg"] * shared + [f"/{n}.jpg" for n in range(others)]
    stories = "".join(card(f"{TITLES[0]} {n}", f"<img src={one}>") for n, one in enumerate(pictures))

    assert sum(one.image is not None for one in entries(f"<main>{stories}</main>")) == kept


@pytest.mark.parametrize(("name", "shown"), [("rank-profile-media-small", True), ("card-profile", False)])
def test_a_profile_picture_is_dropped_but_not_one_whose_class_only_contains_the_word(name: str, shown: bool) -> None:
    found = entries(card(TITLES[0], f"<figure class={name}><img src=/p.jpg></figure>") + card(TITLES[1]))

    assert (found[0].image is not None) is shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("7-film-icon-who-ruled-the-silver-screen.jpg", True),
        ("2_BANNER-Ambulance.jpg", True),
        ("the-daily-news-of-harbour-logo.png", False),
        ("banner_300x250.jpg", False),
        ("harbour-681x1024.jpg", True),
        ("large1x1-306-306/harbour.jpg", True),
        ("harbour_1x1.jpg", True),
        ("1x1.jpg", False),
        ("clear1x1.gif", False),
    ],
)
def test_logos_banners_and_dots_are_dropped_but_not_what_is_named_like_them(name: str, shown: bool) -> None:
    found = entries(card(TITLES[0], f"<img src=/pictures/{name}>") + card(TITLES[1]))

    assert (found[0].image is not None) is shown


# --- paid content -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "advert",
    [
        card("Seven ways to pay for a new loft", attributes="data-native-ad=true"),
        card("Seven ways to pay for a new loft", attributes="aria-label=Sponsored"),
        card("Seven ways to pay for a new loft", "<span class=mark>Ad</span>"),
        card("Seven ways to pay for a new loft", "<span>Presented by Birchwood Bank</span>"),
        card("Seven ways to pay for a new loft").replace("<a ", "<a rel='sponsored nofollow' "),
        f"<section><h2><a href=/brand-studio/>Ideas</a></h2>{card('Seven ways to pay for a new loft')}</section>",
        "<h3><a href='https://adserver.example.net/click?u=1'>Seven ways to pay for a new loft</a></h3>",
    ],
)
def test_an_advert_in_the_markup_of_a_news_card_is_no_headline(advert: str) -> None:
    assert titles(f"<main>{STORIES}{advert}</main>") == list(TITLES)


@pytest.mark.parametrize(
    "attributes", ["data-native-ad=false", "data-sponsored=0", "aria-label='Ad hoc committee meets'"]
)
def test_an_advert_attribute_with_a_negative_value_hides_no_headline(attributes: str) -> None:
    extra = card("Committee meets once more in the capital", attributes=attributes)

    assert len(titles(f"<main>{STORIES}{extra}</main>")) == len(TITLES) + 1


@pytest.mark.parametrize(
    "label",
    ["Annonsørinnhold fra Fjordbanken", "Annoncørbetalt indhold", "Anzeige von Alpenwerk", "Платена публикация",
     "Новини компаній", "Plaćeni oglas", "Contingut patrocinat", "Sisuturundus", "Präsentiert von", "বিজ্ঞাপন", "اشتہار", "Գովազդ",
     "Paid Partnership", "Sponsored story", "Ad feature", "Sponsored · Acme", "Promoted by Acme", "– Anzeige –",
     "Sonderveröffentlichung", "Gesponserter Beitrag", "Publi-rédactionnel", "Sponsorisé par Acme", "Branded content",
     "Patrocinado por Acme", "Sponsorizzato da Acme", "Реклама. ООО «Ромашка»", "Реклама 16+", "Artykuł sponsorowany",
     "Gesponsorde inhoud", "محتوى إعلاني", "תוכן פרסומי", "פרסומת", "تبلیغات", "赞助", "タイアップ", "제휴콘텐츠"],
)  # fmt: skip
def test_a_card_with_an_advert_label_in_any_language_is_no_headline(label: str) -> None:
    advert = card("Seven ways to pay for a new loft", f"<span class=mark>{label}</span>")

    assert titles(f"<main>{STORIES}{advert}</main>") == list(TITLES)


@pytest.mark.parametrize("label", ["Advertising", "Реклама на ТВ дорожает", "Adoption", "Promotion"])
def test_a_label_about_advertising_does_not_make_a_card_an_advert(label: str) -> None:
    story = card("Seven ways to pay for a new loft", f"<span class=mark>{label}</span>")

    assert len(titles(f"<main>{STORIES}{story}</main>")) == len(TITLES) + 1


@pytest.mark.parametrize(
    ("names", "count"),
    [("tag-advertising", 4), ("category-commercial", 4), ("category-sponsored", 3), ("tag-native-advertising", 3)],
)
def test_an_article_about_advertising_is_no_advert(names: str, count: int) -> None:
    post = f"<article class='post {names}'>{card('Ad spending falls for the third year')}</article>"

    assert len(titles(f"<main>{STORIES}{post}</main>")) == count


def test_a_crossword_link_in_a_list_of_articles_does_not_make_it_a_menu() -> None:
    rows = [
        *((title, f"/2026/11/22/arts/{at}-of-it.html") for at, title in enumerate(TITLES)),
        ("Crossword", "/2026/11/22/crosswords/1.html"),
        ("Corrections", "/2026/11/22/corrections.html"),
    ]
    listed = "".join(
        f"<li><a href='{address}'>{title}</a> <span>A{at}</span></li>" for at, (title, address) in enumerate(rows)
    )

    assert titles(f"<h2>Today's paper</h2><ul>{listed}</ul>") == list(TITLES)


@pytest.mark.parametrize("job", ["Ingenieur für Nachrichtentechnik (m/w/d)", "Ingénieur réseau et sécurité (H/F)"])
def test_a_job_advert_is_no_headline(job: str) -> None:
    assert titles(STORIES + card(job)) == list(TITLES)


def test_a_link_to_read_the_article_in_the_app_is_no_headline() -> None:
    invited = "<a href='/world/2026/11/22/more-of-it'>Lire l’article dans l’application</a>"

    assert titles(STORIES + f"<div class=card>{invited}</div>") == list(TITLES)


def test_an_advert_class_that_every_card_has_hides_no_headline() -> None:
    stories = "".join(card(one).replace("class=card", "class='node node--promoted'") for one in TITLES)

    assert titles(f"<main>{stories}</main>") == list(TITLES)


@pytest.mark.parametrize("names", ["ad-notes", "branded-content wide"])
def test_a_list_with_an_advert_class_is_dropped_but_not_one_inside_a_class_like_shadow_badge(names: str) -> None:
    paid = "".join(
        f"<li><a href='/ideas/{n}-ways-to-pay-for-a-new-loft-471{n}'>{n}0 ways to pay</a></li>" for n in "1234"
    )
    other = "".join(f"<p><a href='/more/{n}'>More</a></p>" for n in range(9))
    page = f"<div class=head><div class=shadow-badge><main class=loaded>{STORIES}{other}</main></div></div>"

    assert titles(f"{page}<aside class={names!r}><ul>{paid}</ul></aside>") == list(TITLES)


def test_links_to_an_advert_server_are_no_headlines() -> None:
    clicks = "".join(
        f"<li class=note><a href='https://ads.doubleclick.net/clk?id={n}4711'>{n}0 ways to pay for a new loft</a></li>"
        for n in "123456789"
    )

    assert titles(f"<main>{STORIES}</main><ul>{clicks}</ul>") == list(TITLES)


@pytest.mark.parametrize("names", ["g-col s-adv-x", "list list--most-viewed-by-partners"])
def test_a_column_with_an_advert_slot_and_a_most_viewed_list_give_headlines(names: str) -> None:
    slot = "<div class=s-adv><div data-slot=top></div></div>"
    other = "".join(f"<p><a href='/more/{n}'>More</a></p>" for n in range(9))

    assert titles(f"<main>{other}</main><aside class={names!r}>{slot}{STORIES}</aside>") == list(TITLES)


# --- lists with the names of page furniture ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["list-menu", "nav nav-tabs", "footer-section", "td-block with-ajax-pagination"])
def test_a_list_of_news_with_a_class_like_menu_nav_or_footer_is_read(name: str) -> None:
    sections = "".join(f"<a href='/s/{n}'>Section</a>" for n in range(9))

    assert titles(f"<div class={name!r}>{STORIES}</div><div>{sections}</div>") == list(TITLES)


def test_a_menu_of_services_with_long_names_gives_no_headlines() -> None:
    services = ("apply-for-a-berth-permit.aspx", "ask-for-a-copy-of-a-record.aspx", "board-and-governance.aspx")
    links = "".join(f"<li><a href='/{one}'>{one[:-5].replace('-', ' ').capitalize()}</a></li>" for one in services)

    assert titles(f"<main>{STORIES}</main><ul class=list-menu>{links}</ul>") == list(TITLES)


def test_a_directory_with_a_few_long_link_texts_gives_no_headlines() -> None:
    long = (
        "Who is a rich man in this country",
        "How long a kettle should last you",
        "What the sea air does to your sleep",
    )
    long_links = "".join(
        f"<li><a href='/guides/{one.lower().replace(' ', '-')}-20190614'>{one}</a></li>" for one in long
    )
    rest = "".join(f"<li><a href='/guides/{one}'>{one}</a></li>" for one in ("Loans", "Law", "Homes", "Wine", "Trips"))

    assert titles(f"<main>{STORIES}</main><div><h4>More from us</h4><ul>{long_links}{rest}</ul></div>") == list(TITLES)


def test_a_list_of_news_is_read_beside_a_menu_with_the_same_markup() -> None:
    menu = "".join(
        f"<li><a href='/{n}'>{n}</a></li>" for n in ("Home", "World", "Sport", "Money", "Culture", "Travel", "Us")
    )
    news = "".join(f"<li><a href='/2026/11/22/{t.lower().replace(' ', '-')}'>{t}</a></li>" for t in TITLES)

    assert titles(f"<div><ul>{menu}</ul></div><div><ul>{news}</ul></div>") == list(TITLES)


def test_links_listed_below_a_lead_are_headlines_unless_the_whole_article_is_shown() -> None:
    below = "<ul><li><a href='/us/what-the-eel-means-for-us'>What the eel means for us</a></li></ul>"
    lead = (
        f"<article><h3><a href='/us/2026/11/22/dredging-ends'>Harbour dredging ends at last</a></h3>{below}</article>"
    )
    text = "<p>The eel was seen by three men, and two of them had seen none before.</p>" * 30
    expected = [*TITLES, "Harbour dredging ends at last"]

    assert titles(f"<main>{STORIES}{lead}</main>") == [*expected, "What the eel means for us"]
    assert titles(f"<main>{STORIES}{lead.replace('</h3>', f'</h3>{text}')}</main>") == expected  # an article's own text


def test_the_page_number_of_a_slide_is_no_title() -> None:
    slides = "".join(f"<div><a href='/a-{n}-4711'><img alt='{t}' src=/{n}.jpg></a></div>" for n, t in enumerate(TITLES))
    pager = "".join(f"<a href='/a-{n}-4711'>{n + 1}</a>" for n in range(len(TITLES)))

    assert titles(f"<div>{slides}</div><div>{pager}</div>") == list(TITLES)


def test_a_comment_on_an_article_is_no_headline() -> None:
    comments = "".join(
        f"<li>Jo on <a href='/2026/11/22/{n}-a-ferry-again/comment-page-1/'>{t}, again</a></li>"
        for n, t in enumerate(TITLES)
    )

    assert titles(f"<main>{STORIES}</main><ul>{comments}</ul>") == list(TITLES)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "link",
    [
        "<a href='{u}'>{t}<span style='clip:rect(0 0 0 0);position:absolute'>, article with video</span></a>",
        "<a href='{u}'><em>{t}</em><span class=key>For members</span><span class=time>(11/22 18:00)</span></a>",
        "<a href='{u}'>{t}</a><a href='{u}'>What the vote of the council means for those who trade there every week of the year</a>",
        "<a href='{u}'><span>{t}</span><span>14:32</span></a>",
        "<a href='{u}'><span class=x7><span class=x8>The state of the project itself</span>{t}</span></a>",
        "<a href='{u}'><p>22 November 2026, 08:22</p><p>{t}</p></a>",
        "<div class=sub-title><a href='{u}'>What the vote means for them</a></div><b class=title><a href='{u}'>{t}</a></b>",
    ],
)
def test_the_title_is_told_apart_from_labels_times_and_summaries_in_its_link(link: str) -> None:
    rows = (f"<li>{link.format(u=f'/world/2026/11/22/story-{n}-{4711 + n}', t=t)}</li>" for n, t in enumerate(TITLES))

    assert titles(f"<main><ul>{''.join(rows)}</ul></main>") == list(TITLES)


def test_a_title_is_not_cut_where_only_a_style_class_contains_kicker() -> None:
    link = "<a href='/2026/11/22/a-{n}'><h3><span class='text-[--kicker-color]'>{a}</span> <span class=pe>{b}</span></h3></a>"
    halves = [(" ".join(t.split()[:5]), " ".join(t.split()[5:])) for t in TITLES]

    assert titles("".join(link.format(n=n, a=a, b=b) for n, (a, b) in enumerate(halves))) == list(TITLES)


def test_a_short_title_under_a_kicker_is_a_headline() -> None:
    kicked = "<div><a href='/a-new-law/47111/'><img src=/p.jpg><p class=over>A new law for harbours</p><p class=headline>Snow at last</p></a></div>"

    assert titles(f"<main>{STORIES}{kicked}</main>") == [*TITLES, "Snow at last"]


def test_an_article_linked_from_a_sentence_and_a_list_gets_the_title_in_the_list() -> None:
    link = "<a href='/world/2026/11/22/ferry-runs-again-4711'>{}</a>"
    inside = f"<p>The council was told {link.format('that the ferry to the island would run again from May')} of the year after, and was glad of it.</p>"
    listed = f"<ul><li>{link.format('Ferry to the island runs again')}</li></ul>"

    assert titles(f"<main>{inside}{STORIES}{listed}</main>") == ["Ferry to the island runs again", *TITLES]


def test_a_rank_is_removed_from_a_title_but_a_number_that_belongs_to_it_stays() -> None:
    ranked = "".join(
        f"<li><a href='/world/2026/11/22/story-{4711 + n}'><span>{n + 1}</span> {t}</a></li>"
        for n, t in enumerate(TITLES)
    )
    number = "<h3><a href='/world/2026/11/22/story-4720'><span>12</span> villages cut off by the snow</a></h3>"

    assert titles(f"<main><ol>{ranked}</ol>{number}</main>") == [*TITLES, "12 villages cut off by the snow"]


@pytest.mark.parametrize(
    "title",
    [
        "More rain on the way for the coast",
        "Comment un fleuve est devenu vert",
        "Next stop: Mars",
        "Share prices tumble",
        "Learn English in London",
        "View from the bridge: a crisis foretold",
        "Zum Artikel 5 des Vertrags",
        "Leggi elettorale, ecco la riforma",
        "المزيد من الضحايا في غزة اليوم",
        "بیشتر از ۱۰۰ کشته در هند",
        "更多外资进入中国市场",
        "もっと雨が降る見込み 気象庁",
    ],
)
def test_a_title_that_begins_like_a_button_label_is_a_headline(title: str) -> None:
    assert titles(f"<main>{STORIES}{card(title)}</main>") == [*TITLES, title]


@pytest.mark.parametrize(
    "words",
    ["Read the full story", "View all of the latest news", "Zum Artikel", "Leggi tutto l'articolo", "Leggi",
     "اقرأ المزيد", "المزيد من الأخبار", "ادامه خبر را بخوانید", "עוד בנושא", "更多新闻", "查看更多", "もっと見る",
     "続きを読む", "더보기"],
)  # fmt: skip
def test_a_button_label_is_no_headline(words: str) -> None:
    found = titles(f"<main>{STORIES}<p><a href='/world/2026/11/22/story-471100'>{words}</a></p></main>")

    assert found == list(TITLES)


@pytest.mark.parametrize(
    "title",
    ["Author Anne Rice dies at 80", "Comments by minister anger teachers", "Anzeige gegen Polizisten nach Einsatz"],
)
def test_a_title_that_begins_like_an_author_comment_or_advert_label_is_a_headline(title: str) -> None:
    assert titles(f"<main>{STORIES}{card(title)}</main>") == [*TITLES, title]


@pytest.mark.parametrize("heading", ["Promoted: sleep well at night", "Sponsored posts"])
def test_a_heading_that_says_promoted_or_sponsored_is_no_headline(heading: str) -> None:
    assert titles(f"<main>{STORIES}{card(heading)}</main>") == list(TITLES)


def test_a_link_inside_a_sentence_is_no_headline() -> None:
    inline = (
        "<div>They have <a href='/world/2026/11/01/child-4711'>announced they are expecting a third child</a>.</div>"
    )

    assert titles(f"<main>{STORIES}{inline}</main>") == list(TITLES)


# --- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "hour"),
    [
        ("<span d-time=1795338000>3 jam lalu</span>", 9),
        ("<relative-time datetime='2026-11-22T08:00:00Z'></relative-time>", 8),
        ("<i data-published-at='2026-11-22T07:00:00Z'></i>", 7),
        ("<small>11/22/2026</small>", 0),
        ("<a href=/2026/11/22/>22-11-2026, 13:10</a>", 13),
    ],
)
def test_a_time_is_read_from_unusual_attributes_elements_and_links(markup: str, hour: int) -> None:
    found = entries(card(TITLES[0], markup) + card(TITLES[1]))[0].published_at

    assert found is not None
    assert found.replace(minute=0) == datetime(2026, 11, 22, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Elections on 3 May 2027", False),
        ("Wahlen am 3. Mai 2027", False),
        ("Posted on 3 May 2027", True),
        ("By Jo Reed on 3 May 2027", True),
        ("Veröffentlicht am 3. Mai 2027", True),
        ("Sat, 3 May 2027", True),
        ("3 hours ago", True),
        ("Published about 3 hours ago", True),
        ("3 months ago", True),
        ("il y a 2 ans", True),
        ("hace 5 minutos", True),
        ("منذ 3 أيام", True),
        ("۳ ساعت پیش", True),
        ("Bayern vor dem Aus: 3 Gründe", False),
        ("Tiger-Panzer vor 80 Jahren", False),
        ("Así se hace: 10 consejos", False),
        ("Há 3 mortos no acidente", False),
        ("قبل 3 أيام من القمة روسيا تهدد", False),
        ("انتخابات 2026 المقبلة في العراق", False),
        ("پیش‌بینی ۳ استاد", False),
        ("منذ 5 ساعات والمدينة بلا ماء", False),
    ],
)
def test_words_are_a_date_only_if_they_say_when_something_was_published(words: str, expected: bool) -> None:
    assert is_date(words) is expected


@pytest.mark.parametrize(
    "title", ["Born on 4 July 1976", "9 November 1989: the wall falls", "Wahl am 23. Februar 2025"]
)
def test_a_date_inside_a_title_is_not_its_publication_date(title: str) -> None:
    dated = card(TITLES[0], "<small>20 November 2026</small>")

    assert [one.published_at and one.published_at.year for one in entries(card(title) + dated)] == [None, 2026]


@pytest.mark.parametrize("title", ["Bayern vor dem Aus: 3 Gründe", "انتخابات 2026 المقبلة في العراق"])
def test_a_title_that_resembles_a_relative_time_is_kept_as_the_title(title: str) -> None:
    summary = "A decision that nobody expected came late at night"
    link = f"<a href='/2026/11/20/story-471200'><span class=t>{title}</span> <span class=s>{summary}</span></a>"

    assert title in titles(f"<main>{STORIES}<article>{link}</article></main>")


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<span class=source>Source: The Courant</span>", "The Courant"),
        ("<div class=source-date>The Courant <time>2 hours ago</time></div>", "The Courant"),
        ("<span class=source>Photo: The Courant</span>", None),
        ("<span class=photo-source>The Courant</span>", None),
        ("<figcaption class=image-agency>The Courant</figcaption>", None),
        ("<span class=source>© The Courant</span>", None),
        ("<span class=publication>29.11.2026</span>", None),
        ("<time class=publication>29 Nov</time>", None),
    ],
)
def test_a_picture_credit_or_a_publication_date_is_no_publisher(markup: str, expected: str | None) -> None:
    source = entries(card(TITLES[0], markup) + card(TITLES[1]))[0].source

    assert (source and source.name) == expected


# --- the trace --------------------------------------------------------------------------------------------------------


def test_the_trace_lists_menu_links_in_page_order() -> None:
    page = f"<header><nav class=top><a href=/a>A</a></nav></header><main>{STORIES}</main><nav><a href=/z>Z</a></nav>"
    traced = explain_page(f"<html><body>{page}</body></html>".encode(), url=SITE, now=NOW)

    assert [(one.title, one.accepted) for one in traced] == [
        ("A", False),
        *((one, True) for one in TITLES),
        ("Z", False),
    ]
    assert (traced[0].reason, traced[0].container) == ("navigation: inside <nav top>", "header > nav")


# --- data in scripts --------------------------------------------------------------------------------------------------

KNOWN = [{"title": title, "url": f"/world/2026/11/22/{n}-story-of-words"} for n, title in enumerate(TITLES)]
STATE = f"<script>window.__STATE__ = {json.dumps({'stories': KNOWN})}</script>"
HIDDEN = "<noscript><ul>{}</ul></noscript>".format(
    "".join(f"<li><a href='{one['url']}'>{one['title']}</a></li>" for one in KNOWN)
)


@pytest.mark.parametrize("published", [1795338000, 1795338000000, "1795338000", "2026-11-22T09:00:00Z"])
def test_a_numeric_or_iso_time_in_script_data_is_read(published: object) -> None:
    known = [{**one, "publishedAt": published} for one in KNOWN]
    found = entries(f"<div id=app></div><script>window.__STATE__ = {json.dumps({'stories': known})}</script>")

    assert [one.published_at for one in found] == [datetime(2026, 11, 22, 9, tzinfo=UTC)] * 3


@pytest.mark.parametrize("hidden", [STATE, HIDDEN])
@pytest.mark.parametrize(("text", "expected"), [("", list(TITLES)), ("<p>The ferry sailed at dawn.</p>" * 50, [])])
def test_script_data_and_noscript_lists_are_used_only_where_the_page_shows_no_text(
    hidden: str, text: str, expected: list[str]
) -> None:
    assert titles(f"<article>{text}</article>{hidden}") == expected


@pytest.mark.parametrize(
    "script",
    [
        'window.__CONFIG__={"a":1};window.__STATE__=%s',
        "window.__STATE__ = JSON.parse(%s)",
        "App.state = {'not': json}; App.cache = %s; App.rest = function () {}",
    ],
)
def test_script_data_is_found_whatever_the_assignment_looks_like(script: str) -> None:
    state = json.dumps({"stories": KNOWN})
    written = script % (json.dumps(state) if "parse" in script else state)

    assert titles(f"<div id=app></div><script>{written}</script>") == list(TITLES)


@pytest.mark.parametrize(
    "name", ["class", "id", "href", "alt", "title", "data-testid", "datetime", "aria-label", "style"]
)
def test_attribute_syntax_inside_another_attributes_value_is_ignored(name: str) -> None:
    odd = f"x=' {name}='"
    cards = "".join(
        f"<article {odd}><a {odd} aria-labelledby='t' href='/world/2026/11/2{n}/story-of-many-words'><h3 {odd}>{title}</h3>"
        f"<time {odd}>1 h</time><img {odd} src='/{n}.jpg'></a></article>"
        for n, title in enumerate(TITLES)
    )

    assert titles(cards) == list(TITLES)


@pytest.mark.parametrize("name", ["more-from-author", "more-from-this-author"])
def test_a_rail_of_two_articles_by_the_same_author_gives_headlines(name: str) -> None:
    more = ("Library keeps its cats", "Bridge to be named after a ferryman")
    rail = "".join(f"<p><a href='/2026/11/21/{n}-by-one'><b>{title}</b></a></p>" for n, title in enumerate(more))

    assert titles(f"<main>{STORIES}</main><section class={name}>{rail}</section>") == [*TITLES, *more]
