"""Content that pages hide, repeat or mix in (tabs, prints, portraits, short titles, jobs); each case once failed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from make import NOW
from showing import TITLES, address, read_at
from wirekin.model import FeedKind, Parsed
from wirekin.parse import parse_document

SITE = "https://news.example.com/"
OTHERS = ("Lighthouse keeper retires after forty years", "Ten walks along the harbour for a wet Sunday")

entries, titles = read_at(SITE)


def card(title: str, within: str = "", hidden: str = "") -> str:
    return f"<div class=card{hidden}>{within}<h3><a href='{address(title)}'>{title}</a></h3></div>"


def items(some: tuple[str, ...]) -> str:
    return "<ol>" + "".join(f"<li><a href='{address(one)}'>{one}</a></li>" for one in some) + "</ol>"


STORIES = "".join(map(card, TITLES))


# --- content behind a click -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", [" hidden", " style='display: none'"])
def test_lists_behind_tabs_are_read_where_one_of_them_is_shown(hidden: str) -> None:
    tabs = f"<div><div id=read>{items(TITLES)}</div><div id=week{hidden}>{items(OTHERS)}</div></div>"

    assert titles(tabs) == [*TITLES, *OTHERS]


def test_a_hidden_list_beside_no_shown_list_gives_no_headlines() -> None:
    drawer = f"<div><div>Search the whole site</div><div hidden>{items(OTHERS)}</div></div>"

    assert titles(STORIES + drawer) == list(TITLES)


def test_a_hidden_box_of_one_link_is_no_tab() -> None:
    boxes = f"<div><div id=a>{items(OTHERS[:1])}</div><div id=b hidden>{items(OTHERS[1:])}</div></div>"

    assert titles(STORIES + boxes) == [*TITLES, OTHERS[0]]


def test_hidden_cards_beside_shown_ones_are_read() -> None:
    more = "".join(card(one, hidden=" style='display:none'") for one in OTHERS)

    assert titles(f"<div>{STORIES}{more}</div>") == [*TITLES, *OTHERS]


# --- headlines and other links --------------------------------------------------------------------------------------


@pytest.mark.parametrize("copy", ["/print.html", "/comments"])
def test_a_print_or_comments_page_of_the_article_is_no_headline(copy: str) -> None:
    page = f"{SITE}world/2026/11/22/ferries-stop-for-the-night"
    button = f"<p><a href='{page}{copy}'>A view of this article for your printer</a></p>"

    assert titles(STORIES + button, page) == list(TITLES)


def test_a_link_with_the_articles_own_file_name_is_no_headline() -> None:
    page = f"{SITE}health/article/ferries-stop-for-the-night-4510136.php"
    button = "<p><a href='/health/articleComments/ferries-stop-for-the-night-4510136.php?at=1'>What our readers say of it</a></p>"

    assert titles(STORIES + button, page) == list(TITLES)


def test_a_one_word_path_below_a_sections_address_may_be_an_article() -> None:
    essays = "".join(f"<li><h3><a href='/essays/{one.split()[0].lower()}'>{one}</a></h3></li>" for one in TITLES)

    assert titles(f"<ul>{essays}</ul>", f"{SITE}essays") == list(TITLES)


def test_a_link_to_a_days_archive_is_no_headline() -> None:
    day = "<p class=line><a href='/tag/date/20261120' title='All of this day'>20 NOV 2026 - 12:14 CET</a></p>"

    assert titles(STORIES + day) == list(TITLES)


def test_a_feed_link_in_the_heading_of_a_list_is_no_headline() -> None:
    head = "<div class=head><h3>Photo galleries</h3><div class=rss><a href='/lists/photo-galleries-focus-23488.php'><img src=/r.png alt='Click to view RSS Feed'></a></div></div>"

    assert titles(head + STORIES) == list(TITLES)


def test_a_list_of_jobs_gives_no_headlines() -> None:
    offers = ("Service delivery manager for the north wanted", "Lawrence Harvey is urgently seeking a consultant")
    jobs = "".join(
        f"<h4><a href='https://work.example.org/seek/{one.replace(' ', '-')}-5668634{at}'>{one}</a></h4>"
        for at, one in enumerate(offers)
    )

    assert titles(f"{STORIES}<div class=job_description_list>{jobs}</div>") == list(TITLES)


def test_a_link_through_a_redirector_is_no_headline() -> None:
    paper = "<li><h3><a href='https://go.example.org/redir?tag=wp&cval=32890091&dest=x'>Cold air containment in data centres</a></h3></li>"

    assert titles(STORIES + paper) == list(TITLES)


def test_a_heading_with_rel_tag_to_an_article_is_a_headline_and_a_link_to_a_tag_is_not() -> None:
    cards = "".join(
        f"<h2><a rel='{rel}' href='{address(one)}'>{one}</a></h2><a rel=tag href='/tag/river-life-and-wildlife/'>River life and wildlife</a>"
        for rel, one in zip(("tag", "tag bookmark", "bookmark"), TITLES, strict=True)
    )

    assert titles(cards) == list(TITLES)


def test_icons_beside_titles_do_not_make_a_box_of_topics_a_menu() -> None:
    rows = "".join(
        f"<li><div class=HotTopics><a href='{address(one)}'>{one}</a><a href='/video.aspx?ID=0'><img src=/spacer.gif></a></div></li>"
        for one in TITLES
    )

    assert titles(f"<ul>{rows}</ul>") == list(TITLES)


def test_a_short_title_spelled_out_in_its_address_is_a_headline_among_others() -> None:
    known = [*TITLES, "Mud is forever"]
    rows = "".join(
        f"<article><h1><a href='https://{at}.example.org/{one.lower().replace(' ', '-')}'>{one}</a></h1></article>"
        for at, one in zip("abcd", known, strict=True)
    )

    assert titles(rows) == known


def test_a_number_and_one_word_in_an_address_are_those_of_an_article() -> None:
    more = "".join(
        f"<li><a href='/latest/{at}-{one.split()[-1].lower()}'>{one}</a></li>"
        for at, one in ((408, "Thanks to all who gave for the new engine"), (407, "Badge in gold passed"))
    )

    assert titles(f"<h3>Latest</h3><ol>{more}</ol>") == [
        "Thanks to all who gave for the new engine",
        "Badge in gold passed",
    ]


def test_weather_warnings_are_headlines() -> None:
    rows = "".join(
        f"<div class=card><h3><a href='/weather/{one.lower().replace(' ', '-')}-2026112{at}'>{one}</a></h3></div>"
        for at, one in enumerate(("Gale warning", "Snow before noon on all roads"))
    )

    assert titles(rows + STORIES) == ["Gale warning", "Snow before noon on all roads", *TITLES]


def test_an_article_linked_from_several_places_is_one_headline() -> None:
    most = "".join(f"<li><a href='{address(one)}?box=most_read'>{one} and more of it</a></li>" for one in TITLES)

    assert titles(f"{STORIES}<h3>Most read</h3><ul>{most}</ul>") == list(TITLES)


def test_an_address_in_two_language_versions_is_two_headlines() -> None:
    french = "Le port ferme ses portes aux cargos en grève"
    rows = "".join(f"<li><h3><a href='{address(TITLES[0])}?lang={lang}'>{one}</a></h3></li>"
                   for lang, one in (("fr", french), ("en", TITLES[0])))  # fmt: skip

    assert titles(f"<ul>{rows}</ul>") == [french, TITLES[0]]


# --- titles, times and pictures -------------------------------------------------------------------------------------


def test_a_date_after_the_link_in_a_heading_is_not_part_of_the_title() -> None:
    rows = "".join(f"<li><h6><a href='{address(one)}'>{one}</a> (July 18, 2013)</h6></li>" for one in TITLES)

    assert titles(f"<ul>{rows}</ul>") == list(TITLES)


def test_a_listen_label_and_a_duration_after_titles_are_removed() -> None:
    rows = "".join(
        f"<p><a href='{address(one)}'>{one}<img src=/{at}.jpg alt=''><span class=cta><span>Listen</span><span class=duration>05:0{at}</span></span></a></p>"
        for at, one in enumerate(TITLES)
    )

    assert titles(rows) == list(TITLES)


@pytest.mark.parametrize("name", ["data-wcm", "data-tippy-content"])
def test_an_exact_time_is_read_from_an_attribute_of_any_name(name: str) -> None:
    made = card(TITLES[0]).replace(
        "</div>", f"<span class=moment-time {name}='2026-11-22T06:30:11.000Z'>x</span></div>"
    )

    assert entries(made + card(TITLES[1]))[0].published_at == datetime(2026, 11, 22, 6, 30, 11, tzinfo=UTC)


def test_a_portrait_linked_to_an_author_is_no_picture_of_the_headline() -> None:
    face = "<a href='/by/noor-aziz-h1a'><img src=/faces/noor.png alt='Noor Aziz'></a>"
    found = entries("".join(card(one, face.replace("noor.png", f"{at}.png")) for at, one in enumerate(TITLES)))

    assert [one.image for one in found] == [None] * 3


def test_a_favicon_is_no_picture() -> None:
    sign = "<img src='https://t.example/favicon?u=northpost' alt=''>"

    assert [one.image for one in entries("".join(card(one, sign) for one in TITLES[:2]))] == [None, None]


def test_rows_of_short_titles_keep_their_own_dates() -> None:
    rows = "".join(
        f"<tr><td><img src=/{at}.jpg width=80 height=60></td><td><font>{at}.03.2005</font><br><a href='article.php?id=447{at}'><b>{one}</b></a></td></tr>"
        for at, one in ((14, "Treasurer is elected again"), (13, "Flood waters go down"), (12, "Derby lost once more"))
    )
    found = entries(f"<table><tr><td><table>{rows}</table></td></tr></table>")

    assert [one.published_at and one.published_at.day for one in found] == [14, 13, 12]
    assert [one.image and one.image.url[-6:] for one in found] == ["14.jpg", "13.jpg", "12.jpg"]


def test_a_title_in_two_styled_parts_is_joined_and_a_kicker_is_not_part_of_it() -> None:
    first, *rest = TITLES
    parts = "<div class=card><a href='{}'><h2><span class=font-x>{}</span> <span class=color-y>{}</span></h2></a></div>"
    made = parts.format(address(first), "Ambassadors", first.partition(" ")[2])
    kicked = parts.format(address(rest[0]), "Energy", rest[0])

    assert titles(made + kicked + card(rest[1])) == list(TITLES)


def test_a_label_without_a_space_after_a_title_is_removed() -> None:
    rows = "".join(
        f"<div class=c><a href='{address(one)}'>{one}<em>{label}</em></a></div>"
        for one, label in zip(TITLES, ("", "фото", "video"), strict=True)
    )

    assert titles(rows) == list(TITLES)


def test_a_subscriber_mark_after_the_link_is_not_part_of_the_title() -> None:
    rows = "".join(
        f"<div class=c><h2><a href='{address(one)}'>{one}</a> <span class=plus>+</span></h2></div>" for one in TITLES
    )

    assert titles(rows) == list(TITLES)


def test_an_address_with_a_slug_before_a_number_is_that_of_an_article() -> None:
    rows = "".join(
        f"<tr class=topic-list-item><td><a class=raw href='/t/{one.lower().replace(' ', '-')}/881{at}'>{one}</a><a href='/c/news/5'>News</a><a href='/tag/x'>x</a></td></tr>"
        for at, one in enumerate(TITLES)
    )

    assert titles(f"<table class=topic-list>{rows}</table>", "https://forum.example.org/c/news/5") == list(TITLES)


def test_a_radio_stations_articles_are_headlines_and_its_programme_guide_is_not() -> None:
    news = "".join(
        f"<li><article><h2><a href='/item/{one.lower().replace(' ', '-')}'>{one}</a></h2></article></li>"
        for one in TITLES
    )
    guide = "<section class=schedule><ul><li><a href='/program/3737'>Voices of nature in all the land</a></li></ul></section>"

    assert titles(f"<ul>{news}</ul>{guide}", "https://radio.example.com/news") == list(TITLES)


def test_a_year_of_the_thai_calendar_is_read() -> None:
    rows = "".join(card(one).replace("</div>", f"<span>2{at} พ.ย. 2569</span></div>") for at, one in enumerate(TITLES))
    found = parse_document(f"<html lang=th><body>{rows}</body></html>".encode(), url=SITE, kind=FeedKind.PAGE, now=NOW)

    assert isinstance(found, Parsed)
    assert [one.published_at and one.published_at.date().isoformat() for one in found.entries] == [
        "2026-11-20",
        "2026-11-21",
        "2026-11-22",
    ]


def test_a_bold_title_and_its_linked_summary_in_one_paragraph_are_one_headline() -> None:
    summary = "More on the affair that has kept all of the country awake for weeks"
    rows = "".join(
        f"<li><p><strong><a href='{address(one)}'>{one}</a></strong><a href='{address(one)}'><span>{summary}</span></a><small>18:20</small></p></li>"
        for one in ("Suspect held at the airport", "Court turns down the appeal", "Witness tells of his way out")
    )

    assert titles(f"<ul>{rows}</ul>") == [
        "Suspect held at the airport",
        "Court turns down the appeal",
        "Witness tells of his way out",
    ]


def test_an_advert_label_at_the_top_of_a_column_does_not_hide_the_column() -> None:
    banner = "<div id=top><div class=adTitle>ADVERTISEMENT</div><div id=slot></div></div>"
    other = "".join(f"<a href='/section/{at}'>{at}</a>" for at in range(20))

    assert titles(f"<div class=container>{banner}{STORIES}</div><div>{other}</div>") == list(TITLES)


def test_a_section_headed_jobs_gives_no_headlines() -> None:
    offers = "".join(
        f"<li><a href='/careers/science/31{at}657-{one.lower().replace(' ', '-')}'>{one}</a></li>"
        for at, one in enumerate(
            ("PhD studentships in the north", "Associate chief scientist wanted for the institute")
        )
    )

    assert titles(f"{STORIES}<section><h2>Science jobs</h2><ul>{offers}</ul></section>") == list(TITLES)


def test_a_you_may_like_box_gives_headlines_only_for_the_sites_own_links() -> None:
    own = "".join(f"<div><a href='{address(one)}'>{one}</a></div>" for one in OTHERS)
    sold = own.replace("href='/", "href='https://sold.example.net/")
    box = "<div class=box><h4>You May Like</h4>{}</div>"

    assert titles(STORIES + box.format(own)) == [*TITLES, *OTHERS]
    assert titles(STORIES + box.format(sold)) == list(TITLES)


def test_a_link_to_more_stories_of_a_section_is_no_headline() -> None:
    more = "<div class=card><h2><a href='/news/science_and_environment/'>More science and nature stories</a></h2></div>"

    assert titles(STORIES + more) == list(TITLES)


def test_gallery_captions_beside_many_headlines_are_no_headlines() -> None:
    words = ("Saturn and the earth in one view", "The rings as seen from the north", "A storm on the far side")
    gallery = "".join(f"<li><img src='/g/{at}.jpg' alt='{one}'><p>{one}</p></li>" for at, one in enumerate(words))
    many = "".join(
        map(
            card,
            (*TITLES, *OTHERS, "Rail union accepts offer after nine weeks", "Ferry fares frozen until next summer"),
        )
    )

    assert len(titles(f"<ul>{gallery}</ul>")) == 3
    assert len(titles(f"<ul>{gallery}</ul>{many}")) == 7


@pytest.mark.parametrize("heading", ["Contents", "Newsletter archive", "Kommentare", "Авторы", "Social affairs"])
def test_the_articles_of_an_issue_are_headlines_whatever_their_heading(heading: str) -> None:
    rows = "".join(
        f"<div class=item><h3><a href='/issues/2026-11/{one.lower().replace(' ', '-')}'>{one}</a></h3><p>by <a href='/authors/{at}'>Author {at}</a></p></div>"
        for at, one in enumerate(TITLES)
    )
    menu = "<nav>" + "".join(f"<a href='/section/{at}'>{at}</a>" for at in range(30)) + "</nav>"

    assert titles(f"{menu}<section class=issue><h2>{heading}</h2>{rows}</section>") == list(TITLES)


def test_a_comment_section_of_the_editors_is_read_and_readers_comments_are_not() -> None:
    desk = "".join(
        f"<div class=tile><h3><a href='/comment/2026/11/22/{one.lower().replace(' ', '-')}/'>{one}</a></h3></div>"
        for one in TITLES
    )
    talk = f"<section class=latest-comments>{items(OTHERS)}</section>"

    assert titles(f"<section class=section-comment>{desk}</section>{talk}") == list(TITLES)


@pytest.mark.parametrize("written", ["2026. 11. 21.", "21. 11. 2026. 08:15"])
def test_a_date_with_spaces_after_its_full_stops_is_read(written: str) -> None:
    found = entries("".join(card(one).replace("</div>", f"<span class=date>{written}</span></div>") for one in TITLES))

    assert {one.published_at and one.published_at.day for one in found} == {21}


@pytest.mark.parametrize("name", ["staff-picks", "legal-news"])
def test_articles_in_a_box_named_staff_picks_or_legal_news_are_headlines(name: str) -> None:
    two = "".join(
        f"<h3><a href='/legal/{one.split()[0].lower()}-and-the-law-5512{at}'>{one}</a></h3>"
        for at, one in enumerate(OTHERS)
    )

    assert titles(f"{STORIES}<section class={name}>{two}</section>") == [*TITLES, *OTHERS]


def test_a_header_that_holds_one_article_is_read_and_one_with_a_menu_is_not() -> None:
    hero = f"<header class=hero><h2><a href='{address(OTHERS[0])}'>{OTHERS[0]}</a></h2></header>"
    masthead = "<header><h1><a href=/>News</a></h1><a href=/p/>Politics</a><a href='/how-we-report-on-the-law/'>How we report on the law</a></header>"

    assert titles(masthead + hero + STORIES) == [OTHERS[0], *TITLES]


@pytest.mark.parametrize("name", ["author", "legal", "top-bar", "share-market", "ad-free", "commercial-property"])
def test_two_dated_headings_are_headlines_whatever_the_class_of_their_box(name: str) -> None:
    menu = "".join(f"<a href='/section/{at}'>{at}</a>" for at in range(30))
    two = "".join(map(card, OTHERS))

    assert titles(f"<div>{menu}</div><section class={name}>{two}</section>") == list(OTHERS)


# --- content that these rules must leave alone ----------------------------------------------------------------------


def test_articles_told_apart_only_by_a_query_parameter_are_separate_headlines() -> None:
    rows = "".join(
        card(one).replace(address(one), f"/2026/11/22/view.php?story={one.split()[0].lower()}") for one in TITLES
    )

    assert titles(rows) == list(TITLES)


@pytest.mark.parametrize("page", ["magazine/volume-12-issue-4-winter", "news-and-press-releases", "edition/20261122"])
def test_a_one_word_path_below_a_list_with_a_long_name_is_an_article(page: str) -> None:
    rows = "".join(f"<li><h3><a href='/{page}/{one.split()[0].lower()}'>{one}</a></h3></li>" for one in TITLES)

    assert titles(f"<ul>{rows}</ul>", SITE + page) == list(TITLES)


@pytest.mark.parametrize("name", ["comment-list", "comment-body", "comment", "news-comments"])
def test_links_in_readers_comments_are_no_headlines(name: str) -> None:
    assert titles(
        f"{STORIES}<div class={name}>{items((*OTHERS, 'Museum reopens its east wing after all'))}</div>"
    ) == list(TITLES)


@pytest.mark.parametrize("label", ["Sponsored", "From our partners"])
def test_a_divider_beside_an_advert_label_does_not_end_the_advert_box(label: str) -> None:
    head = f"<div class=head><span>{label}</span><div class=line></div></div>"

    assert titles(f"{STORIES}<div class=box>{head}{''.join(map(card, OTHERS))}</div>") == list(TITLES)


@pytest.mark.parametrize("place", ["jobs", "careers", "deals", "company"])
def test_jobs_and_deals_with_numbered_addresses_are_no_headlines(place: str) -> None:
    offers = "".join(
        f"<li><a href='/{place}/{one.lower().replace(' ', '-')}-4881{at}'>{one}</a></li>"
        for at, one in enumerate(("Senior data engineer for the north", "Deputy editor for the night desk"))
    )

    assert titles(f"{STORIES}<h4>Join us</h4><ul>{offers}</ul>") == list(TITLES)


@pytest.mark.parametrize("heading", ["Jobs", "Steve Jobs", "Green jobs"])
def test_articles_under_a_heading_that_mentions_jobs_are_headlines(heading: str) -> None:
    menu = "<nav>" + "".join(f"<a href='/section/{at}'>{at}</a>" for at in range(30)) + "</nav>"
    desk = "".join(map(card, (*OTHERS, "Museum reopens its east wing after all")))

    assert len(titles(f"{menu}{STORIES}<section class=s><h2>{heading}</h2>{desk}</section>")) == 6
    assert len(titles(f"{menu}{STORIES}<section class=jobs>{desk}</section>")) == 6


@pytest.mark.parametrize("name", ["author-news", "author-stories"])
def test_a_column_below_its_author_is_a_headline_in_a_box_named_author_news(name: str) -> None:
    box = f"<div class={name}><a href='/by/ada-kern'>Ada Kern</a><a href='{address(OTHERS[0])}'>{OTHERS[0]}</a></div>"

    assert titles(STORIES + box) == [*TITLES, OTHERS[0]]


@pytest.mark.parametrize("title", ["White paper delays pension reform", "More rain is bad news"])
def test_a_title_that_begins_like_a_label_for_white_papers_or_more_is_a_headline(title: str) -> None:
    made = f"<div class=tease><h3><a href='/politics/{title.split()[1].lower()}-1'>{title}</a></h3><p>Some summary.</p></div>"

    assert titles(STORIES + made) == [*TITLES, title]


def test_a_lower_case_start_and_a_marked_word_stay_part_of_a_title() -> None:
    kicked = f"<div class=card><a href='{address('x')}'><h2><span class=k>Tech</span> <span class=t>iPhone sales fall again</span></h2></a></div>"
    found = f"<div class=card><h3><a href='{address('y')}'>Thousands gather to watch it <mark class=hit>live</mark></a></h3></div>"

    assert titles(STORIES + kicked + found)[3:] == ["iPhone sales fall again", "Thousands gather to watch it live"]


def test_the_picture_of_an_article_about_a_person_is_kept() -> None:
    card_of = "<div class=card><a href='{0}'><img src='/{1}.jpg' width=600></a><h3><a href='{0}'>{2}</a></h3></div>"
    rows = "".join(
        card_of.format(f"/people/2026/11/22/{one.lower().replace(' ', '-')}", at, one) for at, one in enumerate(TITLES)
    )

    assert [one.image and one.image.url[-5:] for one in entries(rows)] == ["0.jpg", "1.jpg", "2.jpg"][: len(TITLES)]


def test_articles_that_share_a_file_name_such_as_index_html_are_separate_headlines() -> None:
    page = f"{SITE}world/2026/11/22/index.html"
    rows = "".join(
        f"<li><h3><a href='/city/2026/11/2{at}/index.html'>{one}</a></h3></li>" for at, one in enumerate(TITLES)
    )

    assert titles(f"<ul>{rows}</ul>", page) == list(TITLES)
