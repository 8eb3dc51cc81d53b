"""The HTML pages, the embed page and the footer: contents, escaping and link previews."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes_reader import fresh_feeds, headline_by, picture, story_with
from make import NOW, at, feed, headline, publisher, state
from wirekin.model import (
    FeedReport,
    Health,
    Image,
    Member,
    Page,
    Precision,
    Reason,
    RelatedAnswer,
    RelatedItem,
    RelatedKind,
    RelatedQuery,
    RelatedReason,
    StoryId,
    StoryRef,
    TopicSlug,
)
from wirekin.render import (
    Filters,
    Section,
    Site,
    embed_page,
    error_page,
    feeds_page,
    front_page,
    jetpack_json,
    related_html,
    search_page,
    story_page,
    topic_page,
)

SITE = Site("https://news.example", {TopicSlug("iran"): "Iran"}, NOW, "0.0.0")
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7177 }}{% raw %}",
    "</title><script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "javascript:alert(1)",
    "<!-- --!><script>alert(1)</script>",
)  # fmt: skip


def answer(*titles: str, **more) -> RelatedAnswer:
    reason = RelatedReason(RelatedKind.SIMILAR)
    found = [headline(title, f"https://example.com/{n}", **more) for n, title in enumerate(titles)]
    items = tuple(RelatedItem(h, StoryRef(StoryId(h.id), 3, 2, 2), 0.5, reason) for h in found)
    return RelatedAnswer(RelatedQuery(url="https://me.example/a"), items, NOW)


class _Elements(HTMLParser):
    """Collects everything in a page that could run."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        ours = tag == "svg" and (given.get("class"), given.get("role")) in {("lanes", "img"), ("bars", "img")}
        if tag in {"use", "set", "animate", "foreignobject"}:
            self.faults.append(f"<{tag}>, which our pictures have none of")
        if (
            tag in {"script", "svg", "img", "iframe"}
            and not ours
            and not (given.get("src") or "").startswith(("/static/", "https:"))
        ):
            self.faults.append(f"<{tag}> of an unknown source")
        self.faults += [name for name in given if name.startswith("on") or name == "style"]
        links = [given.get(name) or "" for name in ("href", "src", "action")]
        self.faults += [link for link in links if link.lower().startswith("javascript:")]


def faults_of(page: str) -> list[str]:
    elements = _Elements()
    elements.feed(page)
    return elements.faults


def every_page(member: Member, query: str = "") -> dict[str, str]:
    detail = story_with(member, replace(member, headline=headline_by("Another", "North", 1)))
    site = replace(SITE, query=query)
    return {
        "front": front_page(site, [Section(TopicSlug("iran"), "Iran", (detail.story,))]),
        "topic": topic_page(site, TopicSlug("iran"), Page((detail.story,))),
        "story": story_page(site, detail, answer(member.headline.title).items),
        "search": search_page(site, Page((member.headline,))),
        "embed": embed_page(site, answer(member.headline.title), query),
        "fragment": related_html(answer(member.headline.title), query),
        "error": error_page(site, 404, query, query),
    }


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_escaped_on_every_page(words: str):
    bad = headline(
        words,
        "https://example.com/?q=" + words,
        summary=words,
        publisher=publisher(words, "evil.example"),
        image=Image("https://example.com/" + words),
        wire=words,
        lang=words,
    )

    for name, page in every_page(Member(bad), words).items():
        assert faults_of(page) == [], name
        assert "50239" not in page, f"{name} ran a template of a headline"


def test_no_page_has_inline_script_or_style():
    for name, page in every_page(Member(headline_by("Words", "Harbor", 2))).items():
        assert not re.search(r"<script(?![^>]*\ssrc=)", page), name
        assert "<style" not in page, name
        assert " style=" not in page, name


def test_a_title_with_an_unsafe_link_is_shown_without_a_link():
    page = search_page(SITE, Page((headline("Just words", "javascript:alert(1)"),)))

    assert "Just words</span>" in page
    assert "javascript:" not in page


def test_each_headline_says_its_language_and_direction():
    detail = story_with(
        Member(headline_by("Latin first: تنگه", "Harbor", 2, "fa")), Member(headline_by("Words", "North", 1))
    )

    page = front_page(SITE, [Section(TopicSlug("iran"), "Iran", (detail.story,))])

    assert 'lang="fa" dir="rtl">Latin first' in page
    assert 'lang="en" dir="auto">Words' in page


def test_headlines_with_the_same_title_are_folded_below_the_first():
    papers = [Member(headline_by("The same words", paper, 2)) for paper in ("Harbor", "North", "Lakeside")]

    page = front_page(SITE, [Section(TopicSlug("iran"), "Iran", (story_with(*papers).story,))])

    assert page.count("The same words") == 1
    assert re.findall(r"<bdi>(\w+)</bdi></a>", page.split("Same text:")[1])[:2] == ["North", "Lakeside"]


def test_copies_are_listed_below_their_original_in_the_timeline():
    first = Member(headline_by("The first report", "Harbor", 3))
    again = Member(headline_by("The first report, reprinted", "North", 2), first.headline.id)

    page = story_page(SITE, story_with(first, again))

    assert "The first report, reprinted" not in page
    assert "<bdi>North</bdi>" in page.split("Same text:")[1]


def test_a_copy_whose_original_is_gone_has_its_own_line_in_the_timeline():
    orphan = Member(headline_by("Left alone", "North", 2), headline().id)

    assert "Left alone" in story_page(SITE, story_with(orphan)).split("As it was told")[1]


def test_the_first_report_is_marked_and_the_others_show_their_score():
    page = story_page(
        SITE, story_with(Member(headline_by("One", "Harbor", 3)), Member(headline_by("Two", "North", 2), score=0.834))
    )

    assert page.count(">first<") == 1
    assert "fits 83%" in page


def test_times_are_absolute_and_machine_readable():
    page = search_page(SITE, Page((headline(published_at=at(-26)),)))

    assert '<time dir="ltr" datetime="2026-11-21T08:00:00Z">21 Nov 2026, 08:00 UTC</time>' in page


def test_a_publication_date_without_a_time_is_shown_without_one():
    page = search_page(SITE, Page((headline(published_at=at(-10), precision=Precision.DAY),)))

    assert '<time dir="ltr" datetime="2026-11-22">22 Nov 2026</time>' in page


def test_an_undated_headline_shows_when_it_was_first_seen():
    page = search_page(SITE, Page((headline(published_at=None),)))

    assert ">seen 22 Nov 2026, 10:00 UTC<" in page


def test_a_future_publication_date_is_replaced_by_the_time_first_seen():
    page = search_page(SITE, Page((headline(published_at=at(days=400)),)))

    assert "22 Nov 2026, 10:00 UTC" in page.split("found")[1]
    assert "2027" not in page


@pytest.mark.parametrize(
    ("page", "next_step"),
    [
        (front_page(SITE, [Section(TopicSlug("iran"), "Iran", ())]), "wirekin refresh"),
        (front_page(SITE, []), "wirekin refresh"),
        (topic_page(SITE, TopicSlug("iran"), Page(())), "wirekin refresh"),
        (feeds_page(SITE, []), "wirekin feeds add"),
        (feeds_page(SITE, [], configured=2), "2 feeds in <code>feeds.yml</code>, not polled yet"),
        (search_page(replace(SITE, query="nothing"), Page(())), "Try fewer or other words"),
    ],
)
def test_an_empty_page_says_what_to_do_next(page: str, next_step: str):
    assert next_step in page


def test_a_page_has_a_title_a_description_a_canonical_link_and_its_feeds():
    page = topic_page(replace(SITE, path="/topics/iran"), TopicSlug("iran"), Page(()))

    assert "<title>Iran · wirekin</title>" in page
    assert '<link rel="canonical" href="https://news.example/topics/iran">' in page
    assert '<meta name="description"' in page
    assert re.findall(r'type="application/(\S+)"', page) == ["feed+json", "atom+xml", "rss+xml"]
    assert 'aria-current="page"' in page


def test_our_links_begin_with_the_path_of_the_public_url():
    page = topic_page(Site("https://x.example/news", SITE.topics, NOW, "0"), TopicSlug("iran"), Page(()))

    assert 'href="/news/static/wirekin.css"' in page
    assert 'href="/news/topics/iran"' in page


def test_pictures_load_lazily_without_a_referrer():
    shown = topic_page(
        SITE, TopicSlug("iran"), Page((story_with(Member(headline_by("Words", "North", 1, image=picture("a")))).story,))
    )

    assert 'loading="eager" decoding="async" referrerpolicy="no-referrer" width="1200" height="675"' in shown


@pytest.mark.parametrize(
    ("width", "height", "shown"), [(1200, 675, 99), (600, 600, 176), (0, 0, 99), (5000, 1, 1), (1200, 0, 99)]
)
def test_a_picture_in_the_footer_has_width_and_height_even_if_its_size_is_unknown(width: int, height: int, shown: int):
    fragment = related_html(answer("Words", image=Image("https://example.com/a.jpg", width, height)))

    assert f'loading="lazy" decoding="async" referrerpolicy="no-referrer" width="176" height="{shown}">' in fragment


def test_the_fragment_is_empty_without_related_items():
    assert related_html(answer(), "Related stories") == ""


def test_the_fragment_links_each_headline_to_its_publisher_and_nothing_else():
    fragment = related_html(answer("Words"), "Related stories")

    assert '<h2 dir="auto">Related stories</h2>' in fragment
    assert 'href="https://example.com/0"' in fragment
    assert fragment.count("href=") == 1
    assert '<span class="story">2 publishers</span>' in fragment


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (RelatedReason(RelatedKind.SAME_STORY, ("crew",)), "Same event"),
        (
            RelatedReason(RelatedKind.SAME_TOPIC, ("crew",), (TopicSlug("israel-strikes"),)),
            "Same topic: israel strikes",
        ),
        (RelatedReason(RelatedKind.SIMILAR, ("crew", "held", "hormuz", "tanker")), "Shares: crew, held, hormuz"),
        (RelatedReason(RelatedKind.LATEST), "Latest"),
        (RelatedReason(RelatedKind.SIMILAR), None),
    ],
)
def test_the_fragment_gives_the_reason_of_each_item(reason: RelatedReason, words: str | None):
    related = replace(answer("Words"), items=(replace(answer("Words").items[0], reason=reason),))

    assert re.findall("</span>(?: · )?(.*)</bdi></p>\n</li>", related_html(related, "Related")) == [words or ""]


def test_the_footer_shows_a_topics_configured_name():
    reason = RelatedReason(RelatedKind.SAME_TOPIC, ("crew",), (TopicSlug("israel-strikes"),))
    related = replace(answer("Words"), items=(replace(answer("Words").items[0], reason=reason),))
    names = {TopicSlug("israel-strikes"): "Israel's strikes & raids"}

    assert "Same topic: Israel&#39;s strikes &amp; raids" in related_html(related, topics=names)
    assert "Same topic: Israel&#39;s strikes &amp; raids" in embed_page(replace(SITE, topics=names), related)
    assert jetpack_json(related, "More", topics=names)["items"][0]["context"] == escape(
        "Same topic: Israel's strikes & raids"
    )


def test_the_feeds_page_lists_failing_feeds_first():
    healths = (Health.OK, Health.FAILING, Health.NEW)
    reports = [
        FeedReport(f, s, health, kept, recent)
        for (f, s, kept, recent), health in zip(fresh_feeds(), healths, strict=True)
    ]

    page = feeds_page(SITE, reports)

    assert page.index("North Wire") < page.index("Quiet Quarterly") < page.index("Harbor Courier")
    assert "10.0.0.7" not in page
    assert "111 new headlines in 14 days" in page


def test_a_page_of_an_empty_store_shows_no_time_of_change():
    empty = replace(SITE, changed_at=datetime(1970, 1, 1, tzinfo=UTC))

    assert "Updated <time" in feeds_page(SITE, [])
    assert "1970" not in feeds_page(empty, [])


def test_the_feeds_page_sorts_names_without_case_and_numbers_by_value():
    names = ["Channel 10", "channel 9", "9 News", "Ü", "Channel"]
    reports = [FeedReport(feed(name=name), state(), Health.OK, 1, ()) for name in names]

    page = feeds_page(SITE, reports)

    assert sorted(names, key=page.index) == ["9 News", "Channel", "channel 9", "Channel 10", "Ü"]


def test_a_topic_no_longer_configured_is_not_linked():
    story = story_with(Member(headline_by("Tanker seized", "Harbor", 1)), topics=("gone", "iran"))

    page = story_page(SITE, story)

    assert "/topics/iran" in page
    assert "gone" not in page


def test_the_feeds_page_shows_moves_and_merged_feeds():
    moving = state(moved_to='https://new.example/"<b>', moved_polls=2)
    merged = state(address="https://new.example/", merged_into=feed().id, reason=Reason.TIMEOUT)
    reports = [FeedReport(feed(), moving, Health.OK), FeedReport(feed(), merged, Health.OK, same_as="<i>Kept</i>")]

    page = feeds_page(SITE, reports)

    assert "moves to https://new.example/&#34;&lt;b&gt;, seen 2 of 5 polls" in page
    assert "moved to https://new.example/, the same as &lt;i&gt;Kept&lt;/i&gt;" in page
    assert "timeout" not in page, "it is not polled: its last trouble says nothing"


def test_the_feeds_page_shows_the_next_poll_of_a_failing_feed_and_never_for_a_gone_one():
    ill = state(reason=Reason.TIMEOUT, failures=2, next_poll_at=at(2))
    gone = state(reason=Reason.GONE, failures=3, gone_days=3, next_poll_at=at(days=36_000))

    page = feeds_page(SITE, [FeedReport(feed(), ill, Health.FAILING), FeedReport(feed(), gone, Health.GONE)])

    assert page.count("timeout, again <time") == 1
    assert "2125" not in page
    assert page.count(">never</td>") == 5  # last new and last answer of both, and the next poll of the gone one


def test_the_feeds_page_says_how_many_polls_missed_something():
    reports = [FeedReport(feed(), state(missed_polls=missed), Health.OK) for missed in (0, 3)]

    assert feeds_page(SITE, reports).count("missed some") == 1
    assert "missed some 3×" in feeds_page(SITE, reports)


def test_the_theme_of_an_embed_page_is_its_html_class():
    assert '<html lang="en" dir="ltr" class="dark">' in embed_page(SITE, answer("Words"), "Related", "dark")


@given(st.text(max_size=60))
def test_any_heading_of_the_fragment_is_escaped(heading: str):
    fragment = related_html(answer("Words"), heading)

    assert fragment.count("<h2") == fragment.count("</h2>") == 1
    assert fragment.count("<script") == 0


def test_a_lead_without_a_picture_shows_that_of_another_report():
    detail = story_with(
        Member(headline_by("One", "Harbor", 3)), Member(headline_by("Two", "North", 2, image=picture("borrowed")))
    )

    shown = front_page(SITE, [Section(TopicSlug("iran"), "Iran", (detail.story,))])

    assert shown.count("borrowed.svg") == 1
    assert story_page(SITE, detail).count('borrowed.svg" alt=""') == 1


def test_up_to_three_copies_are_listed_and_more_are_folded_with_their_number():
    first = Member(headline_by("The first report", "Harbor", 30))
    again = [Member(headline_by(f"Reprint {n}", f"Paper {n}", 29 - n), first.headline.id) for n in range(14)]

    assert "<details" not in story_page(SITE, story_with(first, *again[:3]))
    page = story_page(SITE, story_with(first, *again))
    assert '<details class="same" dir="ltr"><summary>Same text: 14 papers</summary>' in page
    assert page.count("<bdi>Paper 13</bdi>") == 1


def test_a_list_of_stories_counts_the_publishers_with_the_same_text():
    detail = story_with(Member(headline_by("One", "Harbor", 3)), Member(headline_by("Two", "North", 2)))
    many = replace(detail.story, ref=replace(detail.story.ref, headlines=16, publishers=16, independent=2))

    page = front_page(SITE, [Section(TopicSlug("iran"), "Iran", (many,))])

    assert '16 headlines from 16 publishers</a> <span class="reprints">same text: 14 papers</span>' in page
    assert "same text:" not in front_page(SITE, [Section(TopicSlug("iran"), "Iran", (detail.story,))])


def test_search_results_with_the_same_title_are_folded_below_the_earliest():
    found = tuple(headline_by("The same words", paper, hours) for hours, paper in enumerate(["Harbor", "North"], 1))

    page = search_page(SITE, Page(found))

    assert page.count("The same words") == 1
    first, others = page.split("Same text:")
    assert "<bdi>North</bdi>" in first, "the earliest leads, though a later one matched first"
    assert "<bdi>Harbor</bdi>" in others


def test_the_search_form_keeps_the_query_and_offers_other_filters():
    asked = {"topic": "iran", "publisher": '"><b>', "lang": "xx", "from": "2026-11-20"}
    page = search_page(replace(SITE, query="strait"), Page(()), Filters(asked, ["Harbor", "<i>North"], ["ps"]))

    assert '<option value="iran" selected>Iran</option>' in page
    assert 'name="publisher" value="&#34;&gt;&lt;b&gt;"' in page
    assert '<option value="xx" selected>xx</option>' in page
    assert '<option value="fa" lang="fa">فارسی</option>' in page
    assert '<option value="ps">ps</option>' in page
    assert 'type="date" value="2026-11-20"' in page
    assert '<option value="&lt;i&gt;North"></option>' in page
    assert "No headline with these words passes these filters." in page


def test_the_chart_of_all_feeds_adds_up_their_days():
    reports = [FeedReport(f, s, Health.OK, kept, recent) for f, s, kept, recent in fresh_feeds()]

    page = feeds_page(SITE, reports)

    assert 'aria-label="114 new headlines of all feeds in 14 days, at most 14 a day"' in page
    assert "<small>3, at most 3 a day</small>" in page
    assert page.count("<rect") == 14 + 14 + 1  # a day without headlines has no bar


def test_link_previews_have_absolute_addresses_and_are_left_out_without_a_public_url():
    detail = story_with(
        Member(headline_by('A "seized" tanker', "Harbor", 3, summary="Its crew is safe.", image=picture("tanker")))
    )

    shown = story_page(SITE, detail)
    tags = dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', shown))
    assert tags["og:title"] == "A &#34;seized&#34; tanker"
    assert tags["og:description"] == "Its crew is safe."
    assert tags["og:url"] == SITE.base_url + SITE.path
    assert tags["og:image"].endswith("tanker.svg")
    assert 'property="og:title" content="Iran"' in topic_page(SITE, TopicSlug("iran"), Page(()))
    assert "og:" not in story_page(replace(SITE, base_url=""), detail)


def test_only_the_first_picture_of_a_page_is_loaded_eagerly():
    top, other = (story_with(Member(headline_by(name, name, 3, image=picture(name)))).story for name in ("One", "Two"))

    assert front_page(SITE, [Section(TopicSlug("iran"), "Iran", (other,))], top).count('loading="eager"') == 1
    assert front_page(SITE, [Section(TopicSlug("iran"), "Iran", (other,))], top).count('fetchpriority="high"') == 1
    assert front_page(SITE, [Section(TopicSlug("iran"), "Iran", (other,))]).count('loading="eager"') == 1


def test_a_story_page_shows_the_reason_of_related_items_and_the_languages_of_its_headlines():
    reason = RelatedReason(RelatedKind.SAME_TOPIC, (), (TopicSlug("iran"),))
    beside = [replace(item, reason=reason) for item in answer("Beside").items]
    tellers = (("Tanker", "Harbor", 4, "en"), ("Танкер", "Порт", 3, "ru"), ("Танкер в порту", "Север", 2, "ru"))
    shown = story_page(SITE, story_with(*(Member(headline_by(*teller)) for teller in tellers)), beside)

    assert '<p class="why" dir="ltr">Same topic: Iran</p>' in shown
    assert re.findall('<bdi class="tongue" lang="(..)">|told in <bdi lang="(..)">', shown) == [
        ("en", ""),
        ("ru", ""),
        ("ru", ""),
    ]
    strangers = (("Tanker", "Harbor", 4, "en"), ("Crew safe", "North", 3, "en"), ("Судно", "Порт", 2, "ru"))
    shown = story_page(SITE, story_with(*(Member(headline_by(*teller)) for teller in strangers)))
    assert re.findall('<bdi class="tongue" lang="(..)">|told in <bdi lang="(..)">', shown) == [
        ("en", ""),
        ("en", ""),
        ("", "ru"),
    ]
    assert '"tongue"' not in story_page(
        SITE, story_with(Member(headline_by("Tanker", "Harbor", 4)), Member(headline_by("Ship", "North", 3)))
    )


def test_a_story_page_of_one_headline_shows_no_counts_or_times():
    alone, two = (
        story_page(SITE, story_with(*(Member(headline_by(f"Tanker {n}", f"P{n}", n)) for n in range(many))))
        for many in (1, 2)
    )

    facts = "<dt>([^<]*)</dt>"
    assert re.findall(facts, alone) == ["Reported by", "Languages", "Topics"]
    assert re.findall(facts, two) == [
        "Reported by",
        "With a text of their own",
        "Headlines",
        "First",
        "Languages",
        "Topics",
    ]
