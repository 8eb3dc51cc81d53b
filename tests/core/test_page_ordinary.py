"""News that the rules for forums, partners, offers, counts and the page's own title must not take away."""

from __future__ import annotations

from typing import Any

import pytest

from make import NOW
from showing import TITLES, address, read_at
from wirekin.model import FeedKind, Parsed
from wirekin.parse import explain_page, parse_document
from wirekin.parse.pages import _paid, _rails, _wording
from wirekin.parse.pages._cards import bare

SITE = "https://news.example.com/"
STORIES = "".join(f"<h3><a href='{address(one)}'>{one}</a></h3>" for one in TITLES)
OTHERS = tuple(f"Match of the day number {at} ends in a draw" for at in range(4))
MORE = "".join(f"<h3><a href='{address(one)}'>{one}</a></h3>" for one in OTHERS)

entries, titles = read_at(SITE)


def further_titles(inside: str, url: str = SITE) -> list[str]:
    """The headlines of `inside` on a page that has others, without those others."""
    return [one for one in titles(STORIES + inside, url) if one not in TITLES]


def heading_link(title: str, place: str) -> str:
    return f"<h3><a href='{place}'>{title}</a></h3>"


# --- partners -------------------------------------------------------------------------------------------------------


def listed(host: str) -> tuple[str, list[str]]:
    """A list of links to one host, and their titles."""
    abroad = [f"{one} abroad" for one in TITLES]
    return "<ul>" + "".join(
        f"<li><a href='https://{host}{address(one)}'>{one}</a></li>" for one in abroad
    ) + "</ul>", abroad


@pytest.mark.parametrize(
    ("page", "host", "kept"),
    [
        ("https://www.thesun.co.uk/", "www.the-sun.com", True),
        ("https://news.ledger.example/", "news-ledger-example.cdn.copies.example", True),
        ("https://far-ledger.example/", "far--ledger-example.cdn.copies.example", True),
        ("https://news.ledger.example/", "cdn.copies.example/c/s/news.ledger.example", True),
        ("https://news.ledger.example/", "partner.example", False),
        ("https://www.ft.example/", "www.microsoft.example", False),
    ],
)
def test_a_list_of_links_to_another_host_of_the_same_publisher_is_kept(page: str, host: str, kept: bool) -> None:
    rows, listed_titles = listed(host)

    assert titles(STORIES + MORE + rows, page) == [*TITLES, *OTHERS, *(listed_titles if kept else [])]


def test_a_page_that_lists_only_one_other_sites_articles_keeps_them() -> None:
    """Such a page once lost all its headlines: long links to its own rules were taken for news of its own."""
    about = ("Our history since the year 1890", "How we check facts before printing", "The people who make this paper")
    own = "".join(f"<p><a href='/x{at}'>{one}</a></p>" for at, one in enumerate((*about, "What readers should know")))
    rows, listed_titles = listed("www.other.example")

    assert titles(f"<div>{own}</div>{rows}", "https://portal.example/") == listed_titles


# --- forums and offers ----------------------------------------------------------------------------------------------


def test_an_aggregator_keeps_links_to_forums_of_other_sites() -> None:
    places = {
        "A spreadsheet that compiles to SQL queries": "a.example/sheet",
        "The rise of small farms in Fargo county": "www.inforum.example/news/the-rise-of-small-farms",
        "Editor adds a new model for large files": "forum.editor.example/t/editor-adds-new-model/1234",
        "Kernel drops the old floppy driver at last": "b.example/kernel-drops-floppy",
    }
    rows = "".join(heading_link(one, f"https://{place}") for one, place in places.items())

    assert titles(rows, "https://links.example.net/") == list(places)


def test_an_essay_in_an_opinion_section_named_forum_is_a_headline_and_a_thread_is_not() -> None:
    essay, thread = "Why the city must act on floods now", "Does anybody know a plumber in town"

    assert further_titles(heading_link(essay, "/opinion/forum/why-the-city-must-act-on-floods-now")) == [essay]
    assert further_titles(heading_link(thread, "/community/forum/does-anybody-know-a-plumber-in-town-48213")) == []


@pytest.mark.parametrize("heading", ["Новости с форума", "News from the forum", "Nouvelles du Forum"])
def test_dated_articles_under_a_heading_that_mentions_a_forum_are_headlines(heading: str) -> None:
    rows = "".join(f"<li><a href='{address(one)}'>{one} again</a></li>" for one in TITLES)

    assert titles(f"{MORE}<div><h3>{heading}</h3><ul>{rows}</ul></div>") == [
        *OTHERS,
        *(f"{one} again" for one in TITLES),
    ]


@pytest.mark.parametrize(
    "page", ["https://praca.example.pl/", "https://concorsi.gov.it/", "https://www.lavoro.gov.it/"]
)
def test_a_site_about_work_gives_headlines(page: str) -> None:
    articles = ("Praca zdalna wraca do urzędów w Polsce", "Bezrobocie spadło w listopadzie do pięciu procent")
    rows = "".join(heading_link(one, f"/wiadomosci/praca-zdalna-wraca-do-domu-{at}") for at, one in enumerate(articles))

    assert titles(rows, page) == list(articles)


def test_a_question_about_job_adverts_is_a_headline_and_a_job_advert_is_not() -> None:
    question = "Was bedeutet (m/w/d) in Stellenanzeigen?"

    assert further_titles(heading_link(question, "/2026/11/22/was-bedeutet-das-in-anzeigen")) == [question]
    assert further_titles(heading_link(f"{question[:-1]} Ingenieur", "/2026/11/22/was-bedeutet-das-in-anzeigen")) == []


# --- titles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "11. September: Zeugen erinnern sich",
        "17. listopadu si lidé připomněli v Praze",
        "2. Bundesliga: Kiel siegt klar",
    ],
)
def test_an_ordinal_at_the_start_of_a_title_is_no_rank(title: str) -> None:
    assert bare(title) == title
    assert bare(f"3. {title}") == title


@pytest.mark.parametrize(("text", "name"), [("On Point", "On Point"), ("on Deadspin", "Deadspin")])
def test_a_publishers_name_may_begin_with_on(text: str, name: str) -> None:
    rows = "".join(f"<article>{heading_link(one, address(one))}<b class=source>{text}</b></article>" for one in TITLES)

    assert [one.source and one.source.name for one in entries(rows)] == [name] * len(TITLES)


@pytest.mark.parametrize("title", ["What happens when you call main()", "How to flatten an array[]"])
def test_empty_brackets_of_program_code_stay_in_a_title(title: str) -> None:
    assert bare(title) == title
    assert bare(f"{title} ( )") == title


@pytest.mark.parametrize(
    "inside",
    [
        "The best films of the year <span class=said>(2026)</span>",
        "Boat sinks off the coast, many dead <b>(17)</b>",
        "New variant of COVID-<span class=nobr>19</span>",
        "Germany beat Spain in U<span class=nobr>21</span>",
    ],
)
def test_numbers_that_belong_to_a_title_stay(inside: str) -> None:
    words = inside.replace("<b>", "").replace("</b>", "").replace("</span>", "").replace("<span class=said>", "")

    assert further_titles(heading_link(inside, "/2026/11/22/some-article-of-the-day")) == [
        words.replace("<span class=nobr>", "")
    ]


def test_a_count_after_a_title_in_capitals_is_removed() -> None:
    title = "STORM CLOSES THE HARBOUR AGAIN"

    assert further_titles(
        heading_link(f"{title}<span class=said>17</span>", "/2026/11/22/storm-closes-the-harbour")
    ) == [title]


def test_a_label_in_capitals_before_a_lower_case_title_is_removed() -> None:
    assert further_titles(
        heading_link("<b>LIVE</b> rescue under way on the north face", "/2026/11/22/rescue-on-the-north-face")
    ) == ["rescue under way on the north face"]


@pytest.mark.parametrize(
    "inside",
    [
        "<h2>TITLE</h2><h4 class=section-title>World News</h4>",
        "<h2>TITLE</h2><h5 class=author-title>Ada Ledger</h5>",
        "<h4 class=category-title>World News</h4><h2>TITLE</h2>",
        "<h3 class=list-title>TITLE</h3><h5 class=day>21 November 2026</h5>",
        "<h3 class=section-name>TITLE</h3><p class=x>Heavy rain is expected over all of the hills by Monday noon</p>",
        "<img src=/7.jpg><p class=t>TITLE</p><p class=x>Heavy rain is expected on Monday.</p>",
    ],
)
def test_the_title_of_a_card_is_told_apart_from_section_author_and_date_lines(inside: str) -> None:
    rows = "".join(
        f"<article class=card><a href='{address(one)}'>{inside.replace('TITLE', ' '.join(one.split()[:3]))}</a><time datetime=2026-11-21></time></article>"
        for one in TITLES
    )

    assert titles(rows) == [" ".join(one.split()[:3]) for one in TITLES]


@pytest.mark.parametrize("behind", [": live updates | Ledger", "'s gates are shut | Ledger", ", islands cut off"])
def test_a_link_with_only_the_beginning_of_the_pages_own_title_is_a_headline(behind: str) -> None:
    beginning = "Storm closes the harbour"
    row = heading_link(beginning, address(beginning))

    assert titles(f"<title>{beginning}{behind}</title>{STORIES}{row}") == [*TITLES, beginning]
    assert titles(f"<title>{beginning} | Ledger</title>{STORIES}{row}") == list(TITLES)


# --- reasons --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("<a href='/img/17-deeds.png/940x540'>Icons and deeds of the commons</a>", "a picture's file"),
        ("<a rel=tag href='/harbour'>All that happens in the harbour</a>", "a tag or an author, by its rel"),
        ("<a href='https://jobs.example.com/17'>Printer</a>", "only 1 words, address of a service"),
    ],
)
def test_the_trace_gives_the_true_reason_why_a_link_is_no_headline(link: str, reason: str) -> None:
    body = f"<body>{STORIES}<p>{link}</p>".encode()

    assert explain_page(body, url=SITE, now=NOW)[-1].reason.startswith(reason)


# --- times ----------------------------------------------------------------------------------------------------------


def dated(inside: str, lang: str = "en", beside: str = "") -> str | None:
    """The time of three cards that each show `inside`, on a page in `lang`."""
    listed = "".join(f"<li><a href='{address(one)}'>{one}</a>{inside}</li>" for one in TITLES)
    page = f"<html lang={lang}><body><ul>{listed}</ul>{beside}"
    found = parse_document(page.encode(), url=SITE, kind=FeedKind.PAGE, now=NOW)
    assert isinstance(found, Parsed)
    (at,) = {one.published_at for one in found.entries}
    return at and at.isoformat()[:16].removesuffix("T00:00")


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("2 hours ago", "2026-11-22T08:00"),
        ("World | 2 hours ago", "2026-11-22T08:00"),
        ("Tagung · vor 2 Stunden", "2026-11-22T08:00"),
        ("vor ungefähr 2 Stunden", "2026-11-22T08:00"),
        ("an hour ago", "2026-11-22T09:00"),
        ("час назад", "2026-11-22T09:00"),
        ("منذ ساعتين", "2026-11-22T08:00"),
        ("Minister vor Gericht", None),
        ("2 Minister vor Gericht", None),
        ("Tagung vor Ort", None),
        ("3 Tage vor Wahl", None),
        ("Tagesschau vor 20 Jahren", None),
        ("Díaz hace historia", None),
        ("يوم قبل المباراة", None),
        ("Died 2 days ago", None),
        ("Commented 2 hours ago", None),
        ("Active 2 hours ago", None),
        ("hours ago", None),
        ("1,200 hours ago", None),
        ("12.5 hours ago", None),
        ("2-3 days ago", None),
    ],
)
def test_only_a_relative_time_alone_is_a_time(words: str, at: str | None) -> None:
    assert dated(f"<p>{words}</p><b>4</b>") == at


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("Reporter Jo Reed wrote this 2 hours ago", "2026-11-22T08:00"),
        ("1 hour, 30 minutes ago", "2026-11-22T09:00"),
        ("Tagung · vor 2 Stunden", "2026-11-22T08:00"),
        ("לפני שעתיים", "2026-11-22T08:00"),
        ("Minister vor Gericht", None),
        ("3 Tage vor Wahl", None),
        ("half an hour ago", None),
        ("1,200 hours ago", None),
        ("12.5 hours ago", None),
        ("hace días", None),
    ],
)
def test_in_an_element_that_is_called_a_time_it_may_have_words_beside_it(words: str, at: str | None) -> None:
    assert dated(f"<p class=prime-time>{words}</p><b>4</b>") == at


@pytest.mark.parametrize("name", ["comment", "latest-comments", "reply"])
def test_the_time_of_a_comment_is_not_its_articles(name: str) -> None:
    assert dated(f"<div class={name}><b>Ada</b><p>Very good.</p><span>2 hours ago</span></div>") is None
    assert dated(f"<div class={name}><b>Ada</b><p>Very good.</p><time>3 May 2026</time></div>") is None
    assert dated(f"<span class={name}-date>2 hours ago</span>") is None
    assert dated(f"<div class=date-{name}><i>2 hours ago</i> <i>3 comments</i></div>") == "2026-11-22T08:00"


@pytest.mark.parametrize(
    ("lang", "words", "at"),
    [
        ("es", "05/03/2026", "2026-03-05"),
        ("de-CH", "05/03/2026", "2026-03-05"),
        ("ca", "05/03/2026", "2026-03-05"),
        ("ar", "٠٥/٠٣/٢٠٢٦", "2026-03-05"),
        ("fr-CA", "05/03/2026", None),
        ("es-US", "05/03/2026", None),
        ("es_PR", "Publicado el 05/03/2026", None),
        ("es", "05/12/2026", None),  # in the future if the day is first
        ("es", "05/12/2025", "2025-12-05"),
        ("de", "3.5.26", "2026-05-03"),
        ("de", "Stand: 3.5.26", "2026-05-03"),
        ("ko", "26.03.05", None),  # the fifth of March, with its year first
        ("hu", "26.03.05", None),
        ("en-US", "03.05.14", None),
        ("en", "Version 2.4.10", None),
        ("de", "Kernel 6.1.12", None),
        ("de", "v2.4.12", None),
        ("en", "2024-10-12345", None),
        ("en", "2024-10-12-5", None),
        ("fr", "05/03/2026-07/03/2026", None),
        ("fr", "05/03/2026 - 11:30", "2026-03-05T11:30"),
    ],
)
def test_a_date_of_numbers_is_read_only_if_it_is_one_day(lang: str, words: str, at: str | None) -> None:
    assert dated(f"<p class=date>{words}</p>", lang) == at


def test_one_date_with_its_month_first_tells_how_a_page_writes_them() -> None:
    assert dated("<p class=date>05/03/2026</p>", "es", "<p>Actualizado 05/13/2026</p>") is None
    assert dated("<p class=date>05/03/2026</p>", "es", "<p>Actualizado 13/05/2026</p>") == "2026-03-05"


# --- pictures -------------------------------------------------------------------------------------------------------


def test_the_marks_of_categories_are_no_pictures_of_news() -> None:
    rules = "".join(f".cat-{one}{{background:url(/{one}.jpg)}}" for one in ("sport", "world", "local"))
    listed = "".join(
        f"<li><b class='cat cat-{name}'></b><h3><a href='{address(one)}'>{one}</a></h3></li>"
        for name, one in zip(("sport", "world", "local"), TITLES, strict=True)
    )

    assert [one.image for one in entries(f"<style>{rules}</style><ul>{listed}</ul>")] == [None] * 3


@pytest.mark.parametrize(("named", "shown"), [("css-tnohf{}", 3), ("css-tno{} avatar", 0)])
def test_a_class_may_be_numbered_in_letters_but_not_be_a_portraits(named: str, shown: int) -> None:
    listed, rules = "", ""
    for letter, one in zip("abc", TITLES, strict=True):
        name = named.format(letter)
        rules += f".{name.split()[0]}{{background:url(/{letter}.jpg)}}"
        listed += f"<li><b class='{name}'></b>{heading_link(one, address(one))}</li>"

    assert sum(one.image is not None for one in entries(f"<style>{rules}</style><ul>{listed}</ul>")) == shown


@pytest.mark.parametrize("name", ["casino-thumb", "volcano-photo-2", "piano-image"])
def test_a_word_that_ends_in_no_says_not_that_there_is_no_picture(name: str) -> None:
    listed = "".join(
        f"<li><img src='/{at}/{name}.jpg'>{heading_link(one, address(one))}</li>" for at, one in enumerate(TITLES)
    )

    assert all(one.image for one in entries(f"<ul>{listed}</ul>"))


# --- memory ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "cached"),
    [
        (_wording.weight, _wording._weight),
        (_wording.is_generic, _wording._is_generic),
        (_rails.heads_rail, _rails._begins_rail),
        (_paid.is_paid_label, _paid._is_label_of_paid),
    ],
)
def test_a_long_text_is_not_cached(asked: Any, cached: Any) -> None:
    """A worker is kept, so that each page with 2 MB of words would take 2 MB of its 1 GiB for good."""
    words = f"{'Fishing talks end without a deal ' * 1_000}again"
    asked(words)
    hits = cached.cache_info().hits
    cached(words)

    assert cached.cache_info().hits == hits
    cached.cache_clear()


# --- dates of other things ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "The verdict of the court, published on 12 March 2026",
        "Le rapport de la commission, publié le 12/03/2026",
        "Das Buch, veröffentlicht am 12.03.2026 um 08:15 Uhr",
        "Доклад комиссии о реке, опубликован 12.03.2026",
        "Her diary of the long siege: Published on 12 March 2026",
        "The report – published on 12.03.2026 – blames the ministry",
        "Das Gutachten – veröffentlicht am 12.03.2026 – belastet den Minister",
    ],
)
def test_the_day_on_which_a_report_was_published_is_not_its_news(line: str) -> None:
    told = entries(f"<article>{heading_link(TITLES[0], address(TITLES[0])[22:])}<div class=x>{line}</div></article>")

    assert [one.published_at for one in told] == [None]


@pytest.mark.parametrize(
    ("term", "is_day"),
    [
        ("20 November 2026", True),
        ("Friday 20 November 2026", True),
        ("Пятница, 20 ноября 2026", True),
        ("יום שישי, 20 בנובמבר 2026", True),
        ("The storm of 20 November 2026", False),
        ("Events until 20 November 2026", False),
        ("Born 3 May 1998", False),
        ("Deadline 20.11.2026", False),
    ],
)
def test_a_day_heads_its_stories_and_the_name_of_another_thing_does_not(term: str, is_day: bool) -> None:
    told = "".join(f"<dd><a href='/article.asp?id={4400 + at}'>{one}</a></dd>" for at, one in enumerate(TITLES))

    later = [one.published_at for one in entries(f"<dl><dt>{term}</dt>{told}</dl>")][1:]

    assert [when is not None for when in later] == [is_day] * 2


@pytest.mark.parametrize(
    "place",
    [
        "/2026/11/22/boutique/incendie-au-centre-de-paris",
        "/2026/11/22/ilan/meclis-karari-yayinlandi",
        "/economia/tienda/cierra-tras-cien-anos-la-tienda-de-juguetes",
        "/panorama/raetsel/warum-der-tote-wal-von-sylt-kam",
        "/economie/abonnement/netflix-augmente-encore-ses-prix-en-france",
        "/salud/beneficios/cuales-son-los-beneficios-de-dormir-bien",
    ],
)
def test_news_on_a_desk_that_is_named_like_an_offer_is_kept(place: str) -> None:
    listed = "".join(f"<li><a href='{address(one)}'>{one}</a></li>" for one in TITLES)
    told = f"<li><a href='{place}'>{OTHERS[0]}</a></li>"

    assert titles(f"<ul>{listed}{told}</ul>") == [*TITLES, OTHERS[0]]
