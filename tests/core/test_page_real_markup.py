"""Markup found on real pages new to us: kickers in headings, counts, numbered classes, readers' offers."""

from __future__ import annotations

import pytest

from make import NOW
from showing import TITLES, address, read_at
from wirekin.model import Entry, FeedKind, Parsed
from wirekin.parse import parse_document
from wirekin.parse.pages import _dom
from wirekin.parse.pages._cards import bare
from wirekin.parse.pages._times import Times

SITE = "https://news.example.com/"
STORIES = "".join(f"<h3><a href='{address(one)}'>{one}</a></h3>" for one in TITLES)
PLAIN = "".join(f"<li><a href='{address(one)}'>{one}</a></li>" for one in TITLES)

SHORT = [" ".join(one.split()[:5]) for one in TITLES]

entries, titles = read_at(SITE)


def cards(inside: str) -> str:
    """One card per title: "TITLE" in `inside` becomes the title, "NAME" and "7" become unique to the card."""
    names = ("Ada", "Melanie", "Jo")
    made = (
        f"<li class=card><a href='{address(one)}'>{inside.replace('7', str(at + 4)).replace('NAME', name).replace('TITLE', one)}</a></li>"
        for at, (one, name) in enumerate(zip(TITLES, names, strict=True))
    )
    return f"<ul>{''.join(made)}</ul>"


# --- other text in a title's link -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        "<h4 class=gameName>Harbour Wars</h4><h3 class=itemTitle>TITLE</h3>",
        "<h2 class=pre>Feature story (9 pages)</h2><h1 class=heading>TITLE</h1>",
        "<strong class=best>Best of the week:</strong> TITLE",
        "TITLE<br><span class=writer>NAME Ledger</span>",
        "TITLE <span>(10,817)</span>",
        "TITLE<span class=said>17</span>",
        "TITLE <span class=extra>7 comentários</span>",
        "RELATED: TITLE",
    ],
)
def test_kickers_writers_and_counts_are_removed_from_titles(inside: str) -> None:
    assert titles(cards(inside)) == list(TITLES)


def test_a_number_in_bold_at_the_end_of_a_title_stays() -> None:
    assert titles(cards("TITLE, and what comes <b>15</b>"))[0].endswith("what comes 15")


def test_the_sentences_below_a_persons_name_are_the_title() -> None:
    lines = "<p class=who>Stephen Ledger</p><p class=what>They came for us. We said no.</p>"

    assert titles(f"{STORIES}<div><a href='{address('islands came no said')}'>{lines}</a></div>")[-1] == (
        "They came for us. We said no."
    )


def test_a_leading_zero_is_part_of_a_title_because_it_is_no_rank() -> None:
    assert bare("0 votes for the bridge") == "0 votes for the bridge"
    zero = f"<h3><a href='{address('zero votes for bridge')}'><span>0</span> votes were cast for the bridge</a></h3>"

    assert titles(STORIES + zero)[-1] == "0 votes were cast for the bridge"


# --- cards ----------------------------------------------------------------------------------------------------------


def test_empty_links_over_cards_with_numbered_classes_get_their_cards_titles() -> None:
    bars = "".join(
        f"<div class='bar bar-{at}'><a class=over href='{address(one)}'>&nbsp;</a><div class=title>{one}</div></div>"
        for at, one in enumerate(TITLES)
    )

    assert titles(f"<div class=list>{bars}</div>") == list(TITLES)


def test_a_class_named_date_of_publication_gives_no_publisher() -> None:
    dated = "<div class=date-of-publication><span>Published</span></div>"
    rows = "".join(f"<article><h3><a href='{address(one)}'>{one}</a></h3>{dated}</article>" for one in TITLES)

    assert [one.source for one in entries(rows)] == [None] * len(TITLES)


@pytest.mark.parametrize("name", ["article article-ad-marker", "article category-werbung"])
def test_an_article_with_an_advert_class_gives_no_headlines(name: str) -> None:
    text = f"<h1>Ferries stop for the night</h1><p>{'The wind has grown since noon. ' * 60}</p>"
    beside = "<ul class=links>" + "<li><a href='/about/'>About us</a></li>" * 9 + "</ul>"

    assert titles(f"{beside}<article class='{name}'>{text}<ul>{PLAIN}</ul></article>") == list(TITLES)


# --- links that are no news -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    ["Последние объявления", "Najnoviji oglasi", "Classifieds", "Relevant Sailing forum posts", "Najnovije sa foruma"],
)
def test_lists_headed_classifieds_or_forum_posts_give_no_headlines(heading: str) -> None:
    offers = ("Lifting and moving, with our own lorries", "House by the sea for sale, six rooms")
    rows = "".join(
        f"<li><a href='/offer/{12331 + at}-lorry-house.html'>{one}</a></li>" for at, one in enumerate(offers)
    )

    assert titles(f"{STORIES}<div><h3>{heading}</h3><ul>{rows}</ul></div>") == list(TITLES)


@pytest.mark.parametrize(
    "host", ["praca.example.com", "oglasi.example.com", "www.sailingforums.example", "forum.example.com"]
)
def test_links_to_hosts_of_classifieds_and_forums_are_no_headlines(host: str) -> None:
    offers = (
        "Junior printer wanted in the north, full time",
        "Why do I find new rocks each year",
        "Lorry for sale, red",
    )
    rows = "".join(
        f"<h4><a href='https://{host}/{one.lower().replace(' ', '-')}-148829{at}'>{one}</a></h4>"
        for at, one in enumerate(offers)
    )

    assert titles(f"{STORIES}<div class=rows>{rows}</div>") == list(TITLES)


def test_a_date_linked_to_its_calendar_page_is_no_title() -> None:
    day = "<h2>Ferries stop for the night</h2><div class=at><a href='/newsroom/2026-08-03/calendar.html'>2026-08-03 09:05</a></div><img src=/a.jpg>"

    assert titles(f"{STORIES}<div class=area>{day}</div>") == list(TITLES)


def test_a_link_to_a_resized_picture_is_no_headline() -> None:
    seen = "<figure><a href='/img/17-deeds.png/940x540/24.482.309'><img src=/a.png alt='Icons and deeds of the commons'></a><figcaption>Icons and deeds of the commons</figcaption></figure>"

    assert titles(STORIES + seen) == list(TITLES)


# --- rails ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Najnovije vesti", "Saistītie raksti", "주요기사", "เรื่องที่เกี่ยวข้อง", "你可能会喜欢"])
def test_a_rail_is_recognised_by_its_heading_in_several_languages(heading: str) -> None:
    few = "".join(f"<li><a href='/{63309 + len(one)}/{one[:4]}/'>{one}</a></li>" for one in SHORT)

    assert titles(f"<div><h3>{heading}</h3><ul>{few}</ul></div>") == SHORT


def test_a_rail_is_recognised_by_its_class() -> None:
    few = "".join(f"<li><a href='/{63309 + len(one)}/{one[:4]}/'>{one}</a></li>" for one in SHORT)

    assert titles(f"<div class=inline-recirc><ul>{few}</ul></div>") == SHORT


# --- from more pages ------------------------------------------------------------------------------------------------


def test_markup_comments_may_contain_the_start_of_another_comment() -> None:
    hidden = "<div><!-- <div><a href='/old/'>Old</a><!--<span class=excerpt></span>--> <!-- </div></div> --></div>"

    assert titles(f"<div><div>{2 * hidden}</div></div>{STORIES}") == list(TITLES)


def test_brackets_left_empty_by_a_removed_count_are_removed_from_a_title() -> None:
    assert titles(cards("<strong>TITLE</strong> (<span class=comments>7</span>)")) == list(TITLES)


def test_a_share_zone_is_kept_around_an_article_and_dropped_around_share_links() -> None:
    others = 30 * "<p><a href='/about/'>About</a></p>"
    tags = "".join(f"<a href='/tag/{at}/'>Tag</a>" for at in range(12))
    text = f"<p>{'The wind has grown since noon. ' * 60}</p>"

    assert titles(f"{others}<div class=share-zone>{text}{tags}<ul>{PLAIN}</ul></div>") == list(TITLES)
    assert titles(
        f"{STORIES}<div class=share-zone><a href='/2026/11/22/send-a-friend-this-page'>{TITLES[0]}, a link</a></div>"
    ) == list(TITLES)


def test_the_alt_text_of_a_picture_is_no_second_headline() -> None:
    rows = "".join(
        f"<div class=post><a href='{address(one)}'><p>{one}, today</p><div><img src='/{at}.jpg' alt='{one}'></div></a></div>"
        for at, one in enumerate(TITLES)
    )

    assert titles(rows) == [f"{one}, today" for one in TITLES]


def test_long_titles_under_the_address_of_a_show_are_headlines() -> None:
    long = (
        "Taking the floor: when is to speak to act",
        "What campaigns become in the age of networks",
        "Facing the present: how language is in crisis",
    )
    rows = "".join(
        f"<p class=bloc><a href='/emissions/the-ideas/{one.lower().replace(' ', '-').replace(':', '')}'>{one}</a></p>"
        for one in long
    )

    assert titles(f"<div class=bloc-topics>{rows}</div>{STORIES}") == [*long, *TITLES]


def test_a_list_of_links_to_an_unrelated_site_is_dropped_except_on_an_aggregator() -> None:
    """Only lists of three such links; one or two among others are stories that this site reports on."""
    abroad = [f"{one} abroad" for one in TITLES]
    rows = [f"<li><a href='https://www.other.example{address(one)}'>{one}</a></li>" for one in abroad]
    beside = "".join(
        f"<h3><a href='/sport/2026/11/22/match-of-day-number-{at}'>Match of the day number {at}</a></h3>"
        for at in range(4)
    )
    own = [*TITLES, *(f"Match of the day number {at}" for at in range(4))]

    assert titles(f"{STORIES}{beside}<ul>{''.join(rows)}</ul>") == own
    assert titles(f"<ul>{''.join(rows)}</ul>", "https://links.example.net/") == abroad
    same_publisher = "".join(rows).replace("www.other.example", "www.example.co.uk")
    assert titles(f"{STORIES}{beside}<ul>{same_publisher}</ul>") == [*own, *abroad]


def test_a_link_to_an_authors_page_is_no_headline() -> None:
    more = "<aside class=recirculation><a href='/autores/alberto-reed/'>Más artículos de Alberto Reed</a></aside>"

    assert titles(STORIES + more) == list(TITLES)


@pytest.mark.parametrize("place", ["/tart/forum?fid=3&tid=", "/foren/showthread.php?t=", "/threads/"])
def test_forum_threads_are_headlines_only_on_a_page_of_forum_threads(place: str) -> None:
    posts = ("What do you make of the new ferry timetable", "Moving to another town at fifty, any advice")
    rows = "".join(f"<h3><a href='{place}53168{at}'>{one}</a></h3>" for at, one in enumerate(posts))

    assert titles(STORIES + rows) == list(TITLES)
    assert titles(rows) == list(posts)


def test_a_first_word_with_a_class_of_its_own_stays_in_the_title() -> None:
    inside = "<h3><span class=whole><span class=firstword>{}</span> {}</span></h3>"
    rows = (("New", "wave of fraud reaches the harbour"), ("AT&amp;T", "opens its fibre to the islands"))
    made = "".join(f"<a href='{address(' '.join(one))}'>{inside.format(*one)}</a>" for one in rows)

    assert titles(made) == ["New wave of fraud reaches the harbour", "AT&T opens its fibre to the islands"]
    assert titles(cards("<span class=flag>LIVE</span> TITLE")) == list(TITLES)


def test_a_refused_card_is_not_read_from_the_alt_text_of_its_picture() -> None:
    paid = ("Casino launches a spin that counts", "Airtel players have a new paybill number")
    rows = "".join(
        f"<article><a href='/sponsored/{at}-casino-and-players'><img src='/{at}.jpg' alt='{one}'><h3>{one.title()}</h3></a></article>"
        for at, one in enumerate(paid)
    )

    assert titles(STORIES + rows) == list(TITLES)


@pytest.mark.parametrize(("text", "name"), [("on Deadspin", "Deadspin"), ("by:", None), ("Ledger ⋅", "Ledger")])
def test_words_such_as_on_and_by_are_removed_from_a_publishers_name(text: str, name: str | None) -> None:
    rows = "".join(
        f"<article><h3><a href='{address(one)}'>{one}</a></h3><b class=source>{text}</b></article>" for one in TITLES
    )

    assert [one.source and one.source.name for one in entries(rows)] == [name] * len(TITLES)


def test_an_event_is_no_headline_and_a_file_name_is_no_title() -> None:
    event = "<h3><a href='/event/mtb-mechanics-course'>A course in mechanics for all riders</a></h3>"
    shown = "<h3><a href='/2026/11/22/can-the-boom-survive-oil-at-65'><img src=/a.jpg alt='1202_oil-boom for the sillo'></a></h3>"

    assert titles(STORIES + event + shown) == list(TITLES)


@pytest.mark.parametrize("behind", ["_Harbour Ledger", "-world-Harbour Ledger", " | Harbour Ledger"])
def test_a_link_with_the_pages_own_title_is_no_headline(behind: str) -> None:
    own = "Fishing talks end without a deal again"
    row = f"<h3><a href='{address(own)}'>{own}</a></h3>"

    assert titles(f"<title>{own}{behind}</title>{STORIES}{row}") == list(TITLES)
    assert titles(f"<title>{own}st them{behind}</title>{STORIES}{row}") == [*TITLES, own]


@pytest.mark.parametrize("query", ["?n_cid=NARAN1002", "?utm_source=top&utm_campaign=4107", "?campaign_id=4107"])
def test_a_link_to_a_home_page_with_tracking_parameters_is_no_headline(query: str) -> None:
    named = (
        "The daily for all who run a company",
        "The front of technology in one place",
        "For women who work, every day",
    )
    rows = "".join(
        f"<li><a href='https://other{at}.example.com/{query}'><img src='/{at}.jpg' alt='{one}'></a></li>"
        for at, one in enumerate(named)
    )

    assert titles(f"{STORIES}<div class=related><ul>{rows}</ul></div>") == list(TITLES)


@pytest.mark.parametrize("query", ["do=rss&type=newcontent&days=120", "type=RSS2&forumids=780"])
def test_a_link_to_a_feed_made_by_a_script_is_no_headline(query: str) -> None:
    feed = f"<h3>News <a href='/external.php?{query}'><img src='/rss.png' alt='The feed of all that is new'></a></h3>"

    assert titles(STORIES + feed) == list(TITLES)


def test_a_card_with_byline_in_its_class_gives_a_headline() -> None:
    rows = "".join(
        f"<div class='slot byline-white'><a href='{address(one)}'><h4>{one}</h4><p class=byline>by Jo Reed</p></a></div>"
        for one in TITLES
    )

    assert titles(f"<section>{rows}</section>") == list(TITLES)


def test_a_picture_in_a_data_attribute_of_a_span_is_read() -> None:
    shown = "<span data-thumbnail='//img.example.com/7.jpg'></span>TITLE"

    assert [one.image and one.image.url for one in entries(cards(shown))] == [
        f"https://img.example.com/{at}.jpg" for at in (4, 5, 6)
    ]


@pytest.mark.parametrize("place", ["smilies", "smiley", "buttons"])
def test_smileys_and_buttons_are_no_pictures(place: str) -> None:
    assert [one.image for one in entries(cards(f"<img src='/images/{place}/7.gif'>TITLE"))] == [None] * 3


# --- what stands beside news, and what only looks like an advert ----------------------------------------------------


@pytest.mark.parametrize("name", ["td_with_ajax_pagination", "block_has_footer", "list no-comments"])
def test_a_box_that_is_named_after_what_is_beside_its_news_shows_news(name: str) -> None:
    two = "".join(f"<p><a href='{address(one)}'><img src=/a.jpg>{one}</a></p>" for one in TITLES[:2])
    menu = "".join(f"<a href='/help/{at}'>Help on the tides of this coast {at}</a>" for at in range(9))

    assert titles(f"<div class='{name}'>{two}</div><div>{menu}</div>")[:2] == list(TITLES[:2])


@pytest.mark.parametrize("label", ["Advertisement", "- Advertisement -", "[Werbung]"])
def test_the_label_of_an_empty_slot_heads_nothing_else(label: str) -> None:
    slot = f"<div class=slot><span>{label}</span><div><img src=/x.gif></div></div>"
    menu = "".join(f"<a href='/help/{at}'>Help on the tides of this coast {at}</a>" for at in range(9))

    assert titles(f"<div class=side><div>{slot}<div>{STORIES}</div></div></div><div>{menu}</div>")[:3] == list(TITLES)


def test_a_picture_that_says_there_is_none_is_none() -> None:
    assert [one.image for one in entries(cards("<img src='/theme/no-thumb/size_7.png'>TITLE"))] == [None] * 3


# --- pictures in the page's own style sheet -------------------------------------------------------------------------


def painted(rule: str, before: str = "") -> list[str | None]:
    """The pictures of three cards, each with an element of the class card-7, when each has such a rule."""
    sheet = "".join(rule.replace("7", str(at)) for at in (4, 5, 6))
    page = f"<style>@media all{{{sheet}}}</style>{before}{cards('<b class=card-7></b>TITLE')}"
    return [one.image and one.image.url for one in entries(page)]


PAINTED = [f"https://news.example.com/{at}.jpg" for at in (4, 5, 6)]


@pytest.mark.parametrize(
    "rule",
    [
        ".card-7{width:9px;background-image:url(/7.jpg)}",
        "div.card-7 .thumb{background:#eee url('/7.jpg') no-repeat}",
        '.card-7 { color: red; background-image: url("/7.jpg"); }',
        "/* story 7 */ .card-7{background-image:linear-gradient(rgba(0,0,0,.5),#000),url(/7.jpg)}",
        ".card-7{background-image:url(/7.jpg)} @media (prefers-color-scheme:dark){.card-7{background:url(/dark-7.jpg)}}",
    ],
)
def test_a_rule_for_one_element_shows_the_picture_of_its_card(rule: str) -> None:
    assert painted(rule) == PAINTED


@pytest.mark.parametrize(
    "rule",
    [
        ".card-7:hover{background-image:url(/7.jpg)}",
        ".card-7::before{background-image:url(/7.jpg)}",
        ".card-7,.other{background-image:url(/7.jpg)}",
        ".card-7{background-image:url(/icons/7.png)}",
        ".card-7{background-image:url(data:image/png;base64,AAAA)}",
        ".card-7 .avatar{background-image:url(/7.jpg)}",
        ".card-7 .author-photo{background-image:url(/7.jpg)}",
        ".card-7{background-image:url(/7.jpg);border-radius: 50%}",
        ".card-7{background:url(/all.jpg) 0 -7px}",
    ],
)
def test_what_it_shows_on_the_way_or_in_several_is_decoration(rule: str) -> None:
    assert painted(rule) == [None] * 3


def test_nor_is_a_picture_of_many_elements_or_of_a_single_card_a_storys() -> None:
    rule = ".card-7{background-image:url(/7.jpg)}"

    assert painted(rule, "<b class='card-4 card-5 card-6'></b>") == [None] * 3
    assert painted(rule.replace("card-7", "card-4")) == [None] * 3


def test_a_picture_in_the_card_itself_comes_first() -> None:
    sheet = "".join(f".card-{at}{{background-image:url(/{at}.jpg)}}" for at in (4, 5, 6))
    own = cards("<b class=card-7></b><img src=/own-7.jpg>TITLE").replace("<img src=/own-4.jpg>", "", 1)

    shown = [one.image and one.image.url for one in entries(f"<style>{sheet}</style>{own}")]

    assert shown == [None, "https://news.example.com/own-5.jpg", "https://news.example.com/own-6.jpg"]


# --- times ----------------------------------------------------------------------------------------------------------


def shown_at(inside: str) -> list[str | None]:
    return [one.published_at and one.published_at.isoformat() for one in entries(cards(inside))]


@pytest.mark.parametrize(
    "when", ["2 hours ago", "Posted 2 hours ago", "il y a 2 heures", "vor 2 Stunden", "2時間前", "2 часа назад"]
)
@pytest.mark.parametrize("tag", ["span class=_3brJw", "p class='small low'", "td"])
def test_a_relative_time_needs_no_name_that_says_so(when: str, tag: str) -> None:
    at = f"<table><tr><{tag}>{when}</table>" if tag == "td" else f"<{tag}>{when}</{tag.split(maxsplit=1)[0]}>"

    assert shown_at(f"TITLE{at}") == ["2026-11-22T08:00:00+00:00"] * 3


@pytest.mark.parametrize(
    "said",
    [
        "A walk of 2 hours",
        "2 min read",
        "Last reply 2 hours ago",
        "Ratified-by-all-of-them 2 hours ago",
        "Recharacterisations 2 hours ago",
        "2 years ago",
    ],
)
def test_other_words_of_an_hour_are_none(said: str) -> None:
    assert shown_at(f"TITLE<p>{said}</p>") == [None] * 3


def test_the_date_of_a_title_may_be_its_definition() -> None:
    terms = "".join(
        f"<dt><a href='{address(one)}'>{one}</a></dt><dd class=entry-date>Sonntag, Juni  {at} 2019</dd>"
        for at, one in enumerate(TITLES, 3)
    )

    assert [one.published_at and one.published_at.isoformat()[:10] for one in entries(f"<dl>{terms}</dl>")] == [
        "2019-06-03",
        "2019-06-04",
        "2019-06-05",
    ]


@pytest.mark.parametrize("lang", ["pt", "es", "fr", "id", "ar", "tr"])
def test_the_language_of_a_page_says_whether_the_day_is_first(lang: str) -> None:
    def read(spoken: str | None) -> str | None:
        at = Times(None, spoken).of(_dom.read("<time>05/03/2026 • 11:37</time>".encode()).root).at
        return at and at.isoformat()

    assert read(lang) == "2026-03-05T11:37:00+00:00"
    assert [read(other) for other in ("en", "ja", None)] == [None] * 3


def test_a_date_in_burmese_is_read() -> None:
    assert shown_at("TITLE<p class=date>31 အောက်တိုဘာ 2018</p>") == ["2018-10-31T00:00:00+00:00"] * 3


# --- what readers write ---------------------------------------------------------------------------------------------


def said(to: str, words: str = "Waves that nobody had seen before") -> str:
    return f"<h3><a href='{address(words)}{to}'>{words}</a></h3>"


@pytest.mark.parametrize("to", ["#comment-41", "#comments-2", "#reply41", "?message=4107#comment4107"])
def test_a_link_into_comments_is_no_headline(to: str) -> None:
    assert titles(STORIES + said(to)) == list(TITLES)
    assert len(titles(STORIES + said("#post-41"))) == 4  # of a live blog


def test_the_article_itself_is_one_wherever_it_stands() -> None:
    words = "Waves that nobody had seen before"

    assert titles(said("?message=4107#comment4107") + STORIES + said("")) == [*TITLES, words]
    assert titles(STORIES + said("") + said("#comments")) == [*TITLES, words]
    assert titles(STORIES + said("#comments")) == [*TITLES, words]  # the most discussed


def test_on_the_page_of_a_forum_what_readers_write_is_kept_in_its_place() -> None:
    words = "Waves that nobody had seen before"

    assert titles(said("#comment-41") + STORIES, f"{SITE}forum/") == [words, *TITLES]


# --- other languages, updates of live pages, what is paid for ------------------------------------------------------


def whole(markup: str) -> tuple[Entry, ...]:
    found = parse_document(markup.encode(), url=SITE, kind=FeedKind.PAGE, now=NOW)
    assert isinstance(found, Parsed)
    return found.entries


@pytest.mark.parametrize(
    ("lang", "day"), [("es", "2026-03-05"), ("ru-RU", "2026-03-05"), ("en", None), ("zh", None), ("", None)]
)
def test_a_date_of_numbers_alone_is_read_in_the_order_of_the_language(lang: str, day: str | None) -> None:
    rows = "".join(f"<li><a href='{address(one)}'>{one}</a> <span class=date>05/03/2026</span></li>" for one in TITLES)
    found = whole(f"<html lang='{lang}'><body><ul>{rows}</ul></body>")

    assert [one.published_at and one.published_at.date().isoformat() for one in found] == [day] * len(TITLES)


def test_an_update_of_a_live_page_is_no_headline_beside_it() -> None:
    live = "/world/2026/11/22/talks-on-the-ferry-strike-go-on"
    lead = f"<h3><a href='{live}'>Talks on the ferry strike go on</a></h3>"
    update = f"<li><a href='{live}?page=with:block-77#block-77'>Union leaders arrive for the talks</a></li>"

    assert titles(f"{STORIES}{lead}<ul>{update}</ul>") == [*TITLES, "Talks on the ferry strike go on"]
    assert "Union leaders arrive for the talks" in titles(f"{STORIES}<ul>{update}</ul>")


@pytest.mark.parametrize(("short", "told"), [("Why we keep", True), ("Why silent", False), ("our silent town", False)])
def test_one_of_two_columns_may_have_a_short_title(short: str, told: bool) -> None:
    rows = "".join(
        f"<div class=op><a href='/opinions/article/opn{at}hh97'><img src='/{at}.jpg'><span class=title>{one}</span></a></div>"
        for at, one in enumerate((short, "The budget is a gamble"))
    )

    assert titles(f"{STORIES}<div class=opinions>{rows}</div>") == [*TITLES, *[short] * told, "The budget is a gamble"]


@pytest.mark.parametrize(
    "label", ["Ofrecido por Solaria", "Oferecido por Solaria", "Paid for by Halden", "Paid for by"]
)
def test_a_label_of_what_is_paid_for_stands_above_its_title(label: str) -> None:
    paid = f"<li><span>{label}</span><h3><a href='/2026/11/22/a-house-without-bills'>A house without any bills</a></h3></li>"

    assert titles(f"{STORIES}<ul>{paid}</ul>") == list(TITLES)


def test_a_publisher_may_stand_beside_its_icon() -> None:
    said = "<span class=src><img src='/fav/7.ico' width=16><a href='/source/7'>The Courant</a></span>"
    rows = "".join(f"<li><h3><a href='{address(one)}'>{one}</a></h3>{said}</li>" for one in TITLES)

    assert [one.source and one.source.name for one in entries(f"<ul>{rows}</ul>")] == ["The Courant"] * len(TITLES)


@pytest.mark.parametrize("place", ["evento", "eventi", "eventos", "veranstaltung", "stellenanzeigen"])
def test_an_event_or_a_job_is_none_in_other_languages_too(place: str) -> None:
    event = f"<li><h3><a href='/{place}/cheese-fair-on-the-alp'>The cheese fair on the alp</a></h3></li>"

    assert titles(f"{STORIES}<ul>{event}</ul>") == list(TITLES)


def test_all_similar_news_is_no_headline() -> None:
    more = "<li><a class=all href='/cluster/5521'>مشاهده همه ۱۷ خبر مشابه</a></li>"

    assert titles(f"{STORIES}<ul class=related>{PLAIN}{more}</ul>") == list(TITLES)


def test_the_data_of_a_page_may_have_keys_in_its_own_language() -> None:
    rows = ",".join(
        f'{{"surtitre": "Social", "titre": "{one}", "lien": {{"path": "{address(one)}"}}, "publication": 1773316800000, '
        f'"visuel": {{"legende": "DR", "formats": {{"paysage": "/i/{at}.jpg", "carre": "/i/{at}s.jpg"}}}}}}'
        for at, one in enumerate(TITLES)
    )
    paid = (
        '{"surtitre": "Contenu partenaire", "titre": "Sept raisons de lui parler", "lien": "/2026/sept-raisons-de-a"}'
    )
    also = '{"title": "Five reasons to talk to him", "url": "/2026/five-reasons-to-talk", "isSponsored": true}'
    data = f'<script id="__NEXT_DATA__" type="application/json">{{"zones": [{rows}, {paid}, {also}]}}</script>'
    found = whole(f"<html lang=fr><body><div id=__next></div>{data}</body>")

    assert [one.title for one in found] == list(TITLES)
    assert [one.image and one.image.url for one in found] == [f"{SITE}i/{at}.jpg" for at in range(len(TITLES))]
    assert {str(one.published_at) for one in found} == {"2026-03-12 12:00:00+00:00"}


def test_a_video_is_as_old_as_its_upload() -> None:
    data = (
        f'{{"@type": "VideoObject", "name": "{one}", "url": "{address(one)}", "uploadDate": "2026-03-12T17:00:00Z"}}'
        for one in TITLES
    )
    told = f'<script type="application/ld+json">[{",".join(data)}]</script>'

    assert {str(one.published_at) for one in entries(told + STORIES)} == {"2026-03-12 17:00:00+00:00"}
