"""News that the rules for forums, partners, offers, counts and the page's own title must not take away."""

from __future__ import annotations

from typing import Any

import pytest

from make import NOW
from showing import TITLES, address, read_at
from wirekin.parse import explain_page
from wirekin.parse.pages import _cards, _paid, _rails
from wirekin.parse.pages._cards import bare

SITE = "https://news.example.com/"
STORIES = "".join(f"<h3><a href='{address(one)}'>{one}</a></h3>" for one in TITLES)
OTHERS = tuple(f"Match of the day number {at} ends in a draw" for at in range(4))
MORE = "".join(f"<h3><a href='{address(one)}'>{one}</a></h3>" for one in OTHERS)

entries, titles = read_at(SITE)


def beside(inside: str, url: str = SITE) -> list[str]:
    """The headlines of `inside` on a page that has others."""
    return [one for one in titles(STORIES + inside, url) if one not in TITLES]


def linked(title: str, place: str) -> str:
    return f"<h3><a href='{place}'>{title}</a></h3>"


# --- partners -------------------------------------------------------------------------------------------------------


def listed(host: str) -> tuple[str, list[str]]:
    """A list of links to one host, and their titles."""
    told = [f"{one} abroad" for one in TITLES]
    return "<ul>" + "".join(
        f"<li><a href='https://{host}{address(one)}'>{one}</a></li>" for one in told
    ) + "</ul>", told


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
def test_a_list_that_leads_to_the_same_house_is_no_partners(page: str, host: str, kept: bool) -> None:
    rows, told = listed(host)

    assert titles(STORIES + MORE + rows, page) == [*TITLES, *OTHERS, *(told if kept else [])]


def test_a_page_of_one_other_sites_news_has_no_partners() -> None:
    """Links of many words to the site's own rules made it a site with news of its own, and all headlines were lost."""
    about = ("Our history since the year 1890", "How we check facts before printing", "The people who make this paper")
    own = "".join(f"<p><a href='/x{at}'>{one}</a></p>" for at, one in enumerate((*about, "What readers should know")))
    rows, told = listed("www.other.example")

    assert titles(f"<div>{own}</div>{rows}", "https://portal.example/") == told


# --- forums and offers ----------------------------------------------------------------------------------------------


def test_an_aggregator_keeps_what_forums_of_others_tell() -> None:
    told = {
        "A spreadsheet that compiles to SQL queries": "a.example/sheet",
        "The rise of small farms in Fargo county": "www.inforum.example/news/the-rise-of-small-farms",
        "Editor adds a new model for large files": "forum.editor.example/t/editor-adds-new-model/1234",
        "Kernel drops the old floppy driver at last": "b.example/kernel-drops-floppy",
    }
    rows = "".join(linked(one, f"https://{place}") for one, place in told.items())

    assert titles(rows, "https://links.example.net/") == list(told)


def test_an_essay_of_a_desk_called_forum_is_news_and_a_thread_is_none() -> None:
    essay, thread = "Why the city must act on floods now", "Does anybody know a plumber in town"

    assert beside(linked(essay, "/opinion/forum/why-the-city-must-act-on-floods-now")) == [essay]
    assert beside(linked(thread, "/community/forum/does-anybody-know-a-plumber-in-town-48213")) == []


@pytest.mark.parametrize("heading", ["Новости с форума", "News from the forum", "Nouvelles du Forum"])
def test_dated_news_of_a_congress_is_no_readers(heading: str) -> None:
    rows = "".join(f"<li><a href='{address(one)}'>{one} again</a></li>" for one in TITLES)

    assert titles(f"{MORE}<div><h3>{heading}</h3><ul>{rows}</ul></div>") == [
        *OTHERS,
        *(f"{one} again" for one in TITLES),
    ]


@pytest.mark.parametrize(
    "page", ["https://praca.example.pl/", "https://concorsi.gov.it/", "https://www.lavoro.gov.it/"]
)
def test_a_site_about_work_is_read(page: str) -> None:
    told = ("Praca zdalna wraca do urzędów w Polsce", "Bezrobocie spadło w listopadzie do pięciu procent")
    rows = "".join(linked(one, f"/wiadomosci/praca-zdalna-wraca-do-domu-{at}") for at, one in enumerate(told))

    assert titles(rows, page) == list(told)


def test_a_question_about_advertisements_is_no_job() -> None:
    asked = "Was bedeutet (m/w/d) in Stellenanzeigen?"

    assert beside(linked(asked, "/2026/11/22/was-bedeutet-das-in-anzeigen")) == [asked]
    assert beside(linked(f"{asked[:-1]} Ingenieur", "/2026/11/22/was-bedeutet-das-in-anzeigen")) == []


# --- titles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "11. September: Zeugen erinnern sich",
        "17. listopadu si lidé připomněli v Praze",
        "2. Bundesliga: Kiel siegt klar",
    ],
)
def test_an_ordinal_is_no_rank(title: str) -> None:
    assert bare(title) == title
    assert bare(f"3. {title}") == title


@pytest.mark.parametrize(("said", "name"), [("On Point", "On Point"), ("on Deadspin", "Deadspin")])
def test_a_publisher_may_begin_with_on(said: str, name: str) -> None:
    rows = "".join(f"<article>{linked(one, address(one))}<b class=source>{said}</b></article>" for one in TITLES)

    assert [one.source and one.source.name for one in entries(rows)] == [name] * len(TITLES)


@pytest.mark.parametrize("title", ["What happens when you call main()", "How to flatten an array[]"])
def test_brackets_of_a_program_stay(title: str) -> None:
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
def test_numbers_of_the_title_stay(inside: str) -> None:
    told = inside.replace("<b>", "").replace("</b>", "").replace("</span>", "").replace("<span class=said>", "")

    assert beside(linked(inside, "/2026/11/22/some-article-of-the-day")) == [told.replace("<span class=nobr>", "")]


def test_a_count_behind_capitals_goes() -> None:
    told = "STORM CLOSES THE HARBOUR AGAIN"

    assert beside(linked(f"{told}<span class=said>17</span>", "/2026/11/22/storm-closes-the-harbour")) == [told]


def test_a_label_in_capitals_goes_before_a_small_letter() -> None:
    assert beside(linked("<b>LIVE</b> rescue under way on the north face", "/2026/11/22/rescue-on-the-north-face")) == [
        "rescue under way on the north face"
    ]


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
def test_a_titles_line_is_told_from_others(inside: str) -> None:
    rows = "".join(
        f"<article class=card><a href='{address(one)}'>{inside.replace('TITLE', ' '.join(one.split()[:3]))}</a><time datetime=2026-11-21></time></article>"
        for one in TITLES
    )

    assert titles(rows) == [" ".join(one.split()[:3]) for one in TITLES]


@pytest.mark.parametrize("behind", [": live updates | Ledger", "'s gates are shut | Ledger", ", islands cut off"])
def test_a_title_that_the_pages_own_goes_on_from_is_a_headline(behind: str) -> None:
    told = "Storm closes the harbour"
    row = linked(told, address(told))

    assert titles(f"<title>{told}{behind}</title>{STORIES}{row}") == [*TITLES, told]
    assert titles(f"<title>{told} | Ledger</title>{STORIES}{row}") == list(TITLES)


# --- reasons --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "reason"),
    [
        ("<a href='/img/17-deeds.png/940x540'>Icons and deeds of the commons</a>", "a picture's file"),
        ("<a rel=tag href='/harbour'>All that happens in the harbour</a>", "a tag or an author, by its rel"),
        ("<a href='https://jobs.example.com/17'>Printer</a>", "only 1 words, address of a service"),
    ],
)
def test_why_a_link_is_left_out_is_told_truly(link: str, reason: str) -> None:
    body = f"<body>{STORIES}<p>{link}</p>".encode()

    assert explain_page(body, url=SITE, now=NOW)[-1].reason.startswith(reason)


# --- memory ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "cached"),
    [
        (_cards.weight, _cards._weight),
        (_cards.is_generic, _cards._is_generic),
        (_rails.heads_rail, _rails._begins_rail),
        (_paid.is_paid_label, _paid._is_label_of_paid),
    ],
)
def test_no_cache_keeps_a_long_text(asked: Any, cached: Any) -> None:
    """A worker lives on, so each page of 2 MB of words took 2 MB of its 1 GiB for good."""
    words = f"{'Fishing talks end without a deal ' * 1_000}again"
    asked(words)
    hits = cached.cache_info().hits
    cached(words)

    assert cached.cache_info().hits == hits
    cached.cache_clear()
