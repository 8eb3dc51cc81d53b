"""The demo's sample has the content that it promises, and each of its documents can be read."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from html import unescape
from urllib.parse import parse_qsl

import feedparser
import pytest
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from make import NOW
from wirekin.demo import _documents, _pages, _pictures, _review
from wirekin.demo._documents import STYLES, Channel, Item
from wirekin.demo._sample import Outlet, OutletFeed, Report, load, slug
from wirekin.demo._site import Site, amp_path

SEEDS = {
    "talks-offer": "Iran Wants To Negotiate After Crippling Israeli Strikes",
    "defense-ministry": "Israel targets Iran's Defense Ministry headquarters as Tehran unleashes",
    "new-phase": "Israel’s Operation To Destroy Iran’s Nuclear Program Enters New Phase",
}
# Real outlets whose names one might invent by chance; the sample may have none of them (2026-11).
REAL = """abc news; al arabiya; al jazeera; al-manar; anadolu; ansa; associated press; axios; bbc; bild; bloomberg; cnn;
daily caller; daily mail; deutsche welle; financial times; fox news; france 24; guardian; haaretz; hill; independent;
interfax; irna; isna; israel hayom; itar-tass; iran international; jerusalem post; kommersant; kyiv independent;
le monde; los angeles times; mehr; meduza; moscow times; nbc news; new york post; new york times; newsweek; nhk; npr;
politico; press tv; radio farda; rbc; reuters; ria novosti; sky news; spiegel; sputnik; tasnim; tass; tehran times;
telegraph; time; times; times of israel; usa today; vedomosti; wall street journal; walla; washington examiner;
washington post; xinhua; ynet; известия; интерфакс; коммерсантъ; медуза; риа новости; тасс; ایرنا; ایسنا; تسنیم;
مهر; فارس; الجزيرة; العربية; المنار; النهار; الشرق الأوسط; הארץ; ידיעות אחרונות; ישראל היום; מעריב; גלי צה״ל; כאן"""

OUTLETS = tuple(load().outlets.values())
FEEDS = [(outlet, feed) for outlet in OUTLETS for feed in outlet.feeds if not feed.closed]
HOMES = {outlet.key: f"http://127.0.1.{at}:8041" for at, outlet in enumerate(OUTLETS, 1)}


def site(outlet: Outlet, *, hours: float = 0) -> Site:
    """An outlet's site, this many hours after the demo began."""
    return Site(outlet, load(), HOMES, NOW, lambda: NOW + timedelta(hours=hours))


def document(outlet: Outlet, feed: OutletFeed) -> tuple[list[Item], bytes]:
    ours = site(outlet)
    items = ours.items(feed)
    return items, ours.respond(feed.path, {}).body


def report(key: str) -> Report:
    return next(one for one in load().reports if one.id == key)


def article(of: Report) -> bytes:
    path, _, query = of.path.partition("?")
    return site(of.outlet).respond(path, dict(parse_qsl(query))).body


def plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())


# --- content ---------------------------------------------------------------------------------------------------------


def test_the_sample_has_enough_publishers_languages_reports_and_events() -> None:
    sample = load()

    assert len({outlet.name for outlet in OUTLETS}) == len(OUTLETS) >= 14
    assert {one.outlet.lang for one in sample.reports} == {"en", "ru", "fa", "ar", "he"}
    assert 290 <= len(sample.reports) <= 340
    assert 55 <= len(sample.events) <= 80


def test_each_topic_has_enough_events_and_enough_events_match_none() -> None:
    counts = Counter(topic for event in load().events.values() for topic in event.topics or ("none",))

    assert counts["iran"] >= 20
    assert counts["israel-strikes"] >= 14
    assert counts["russia"] >= 14
    assert counts["none"] >= 12


def test_the_reports_span_five_to_six_days_and_a_few_are_still_to_come() -> None:
    ages = [one.age for one in load().reports]

    assert timedelta(days=5) < max(ages) < timedelta(days=6)
    assert 5 <= sum(age < timedelta() for age in ages) <= 15
    assert min(ages) > -timedelta(hours=1)


def test_the_three_seed_headlines_belong_to_three_widely_reported_events() -> None:
    for event, title in SEEDS.items():
        reports = [one for one in load().reports if one.event.id == event]

        assert title in {one.title for one in reports}
        assert len(reports) >= 8
        assert len({one.outlet.lang for one in reports}) >= 4


def test_no_publisher_has_the_name_of_a_real_one() -> None:
    real = {name.strip() for name in REAL.replace("\n", " ").split(";")}

    for outlet in OUTLETS:
        name = outlet.name.casefold().removeprefix("the ").strip("«»")
        assert name not in real
        assert outlet.domain.endswith(".example")


def test_no_text_names_a_real_publisher() -> None:
    article = _review.text()
    texts = " ".join(
        (
            *(f"{one.title} {one.summary}" for one in load().reports),
            article.title,
            article.standfirst,
            *article.paragraphs,
        )
    )

    for name in ("Reuters", "Associated Press", "BBC", "CNN", "Daily Caller", "TASS", "IRNA", "Al Jazeera", "Haaretz"):
        assert name not in texts


def test_a_copy_has_its_originals_language_event_and_text_and_appears_later() -> None:
    copies = [one for one in load().reports if one.copy_of]

    assert len(copies) >= 20
    for copy in copies:
        root = report(copy.copy_of or "")
        assert (copy.event, copy.outlet.lang) == (root.event, root.outlet.lang)
        assert root.age > copy.age
        assert root.copy_of is None
        assert root.summary in copy.summary


def test_the_sample_has_the_irregularities_of_real_feeds() -> None:
    reports = load().reports
    flags = {flag for one in reports for flag in one.flags}

    assert {"undated", "live", "em", "ents"} <= flags
    assert any(one.title.startswith("UPDATE 1-") for one in reports)
    assert any(one.title.startswith("BREAKING:") for one in reports)
    assert any(one.summary.startswith("(Meridian Wire) - ") for one in reports)
    assert any(outlet.suffix.startswith(" | ") for outlet in OUTLETS)
    assert any("utm_source" in feed.tracking for _, feed in FEEDS)
    assert any(feed.amp for _, feed in FEEDS)


def test_titles_and_summaries_are_short_printable_and_without_stray_spaces() -> None:
    for one in load().reports:
        for text in (one.title, one.summary):
            assert text == " ".join(text.split())
            assert text.isprintable() or "\u200c" in text  # isprintable() is false for Persian's zero-width non-joiner
        assert one.summary or one.copy_of
        assert len(one.title) <= 110
        assert len(one.summary) <= 240


def test_every_report_is_written_in_its_outlets_script() -> None:
    letters = {"en": "A-Za-z", "ru": "А-Яа-яё", "fa": "\u0600-\u06ff", "ar": "\u0600-\u06ff", "he": "\u05d0-\u05ea"}
    for one in load().reports:
        own = len(re.findall(f"[{letters[one.outlet.lang]}]", one.title))

        assert own > 0.7 * sum(letter.isalpha() for letter in one.title)


def test_persian_and_arabic_use_their_own_yeh_and_kaf() -> None:
    for one in load().reports:
        text = one.title + one.summary + one.outlet.name + one.outlet.tagline
        if one.outlet.lang == "fa":
            assert not re.search("[يك]", text), one.id
        if one.outlet.lang == "ar":
            assert not re.search("[یکگپچ]", text), one.id


def test_no_two_articles_of_a_publisher_share_a_path() -> None:
    paths = Counter((one.outlet.key, one.path) for one in load().reports)

    assert paths.most_common(1)[0][1] == 1


def test_a_report_keeps_its_path_after_a_restart() -> None:
    read_anew = load.__wrapped__()

    assert [one.path for one in read_anew.reports] == [one.path for one in load().reports]


def test_a_slug_is_at_most_60_characters_of_plain_latin_words() -> None:
    assert slug("‘We Took the Cat’: Israel’s 9% & more") == "we-took-the-cat-israels-9-more"
    assert slug("Удар") == ""
    assert len(slug("word " * 40)) <= 60


def test_the_demo_article_names_iran_and_russia_and_fits_into_a_text_query() -> None:
    article = _review.text()

    assert "Iran" in article.title
    assert "Russia" in article.title
    assert (
        2500 < len(article.standfirst + "\n\n".join(article.paragraphs)) < 4000
    )  # `text=` takes up to 4,000 characters


# --- documents -------------------------------------------------------------------------------------------------------

XML_STYLES = sorted(set(STYLES) - {"json", "sitemap"})


def test_every_style_is_used_by_a_publisher() -> None:
    assert {feed.style for _, feed in FEEDS} == set(STYLES) | {"front", "cards"}


@pytest.mark.parametrize(("outlet", "feed"), [pair for pair in FEEDS if pair[1].style in XML_STYLES])
def test_a_feed_is_well_formed_and_feedparser_finds_every_report_in_it(outlet: Outlet, feed: OutletFeed) -> None:
    items, body = document(outlet, feed)
    etree.fromstring(body)
    found = feedparser.parse(io.BytesIO(body))

    assert not found.bozo or isinstance(found.bozo_exception, feedparser.CharacterEncodingOverride)
    assert [plain(item.title) for item in items] == [plain(entry.title) for entry in found.entries]
    assert [item.link for item in items] == [entry.link for entry in found.entries]
    if feed.style != "rss-source":
        assert [item.report.summary for item in items] == [plain(entry.summary) for entry in found.entries]


@pytest.mark.parametrize(
    ("outlet", "feed"),
    [
        pair
        for pair in FEEDS
        if pair[1].style in {"rss", "rss-media", "rss-cp1251", "rss092", "rss-dc", "rdf", "atom", "atom03"}
    ],
)
def test_a_dated_feed_gives_each_report_its_publication_time(outlet: Outlet, feed: OutletFeed) -> None:
    items, body = document(outlet, feed)
    entries = feedparser.parse(io.BytesIO(body)).entries

    for item, entry in zip(items, entries, strict=True):
        parsed = entry.get("published_parsed") or ("undated" not in item.report.flags and entry.get("updated_parsed"))
        if item.at is None:
            assert not parsed
        else:
            assert datetime(*parsed[:6], tzinfo=UTC) == item.at
            assert item.at == (NOW - item.report.age).replace(microsecond=0)


def test_the_russian_agency_declares_windows_1251_only_in_its_xml_declaration() -> None:
    outlet = load().outlets["farvater"]
    answer = site(outlet).respond(outlet.feeds[0].path, {})

    assert answer.body.startswith(b'<?xml version="1.0" encoding="windows-1251"?>')
    assert "Фарватер".encode("cp1251") in answer.body
    assert "charset" not in answer.content_type


def test_rss_0_92_has_no_guids_and_no_dates_for_undated_reports() -> None:
    outlet = load().outlets["northgate"]
    items, body = document(outlet, outlet.feeds[0])

    assert b'version="0.92"' in body
    assert b"<guid" not in body
    assert body.count(b"<pubDate>") == sum(item.at is not None for item in items) < len(items)


def test_the_aggregator_names_the_source_of_each_item() -> None:
    outlet = load().outlets["roundhouse"]
    items, body = document(outlet, outlet.feeds[0])
    sources = [(one.text, one.get("url")) for one in etree.fromstring(body).iter("source")]

    assert len(sources) == len(items) >= 20
    assert sources == [(item.report.outlet.name, HOMES[item.report.outlet.key]) for item in items]


@pytest.mark.parametrize("key", ["examiner", "alon"])
def test_a_json_feed_has_the_fields_that_its_specification_requires(key: str) -> None:
    outlet = load().outlets[key]
    items, body = document(outlet, outlet.feeds[0])
    feed = json.loads(body)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert len(feed["items"]) == len(items)
    for item, entry in zip(items, feed["items"], strict=True):
        assert entry["id"]
        assert (entry["url"], entry["title"], entry["summary"]) == (item.link, item.title, item.report.summary)
        assert datetime.fromisoformat(entry["date_published"]) == item.at


def test_the_news_sitemap_names_publication_title_and_time() -> None:
    outlet = load().outlets["lantern"]
    items, body = document(outlet, outlet.feeds[0])
    news = "{http://www.google.com/schemas/sitemap-news/0.9}"
    urls = etree.fromstring(body).findall("{*}url")

    assert [one.findtext("{*}loc") for one in urls] == [item.link for item in items]
    assert [one.findtext(f".//{news}title") for one in urls] == [item.title for item in items]
    assert {one.findtext(f".//{news}name") for one in urls} == {"Gulf Lantern"}
    assert all(one.findtext(f".//{news}publication_date") for one in urls)


def test_the_front_page_shows_each_report_in_a_heading_with_link_time_and_picture() -> None:
    outlet = load().outlets["levant"]
    items, body = document(outlet, outlet.feeds[0])
    cards = LexborHTMLParser(body).css("article.card")

    assert [card.css_first("h2 a").text() for card in cards] == [item.report.title for item in items]
    assert [card.css_first("h2 a").attributes["href"] for card in cards] == [item.link for item in items]
    assert all(card.css_first("time").attributes["datetime"] for card in cards)
    assert all(card.css_first("img").attributes["src"] for card in cards)


def test_the_selectors_for_feeds_yml_find_headlines_outside_headings() -> None:
    outlet = load().outlets["kite"]
    items, body = document(outlet, outlet.feeds[0])
    page = LexborHTMLParser(body)
    found = page.css(_pages.SELECT["item"])

    assert not page.css("h1, h2, h3")
    assert [one.css_first(_pages.SELECT["title"]).text() for one in found] == [item.report.title for item in items]
    assert [one.css_first(_pages.SELECT["link"]).attributes["href"] for one in found] == [item.link for item in items]
    assert all(one.css_first(_pages.SELECT[name]) for one in found for name in ("image", "time"))


def test_a_mobile_feed_lists_the_same_articles_under_other_links() -> None:
    outlet = load().outlets["tidewater"]
    world, mobile = (site(outlet).items(feed) for feed in outlet.feeds)

    assert {item.report.id for item in world} <= {item.report.id for item in mobile}
    assert all(item.link.endswith(".amp.html") for item in mobile)
    assert all("utm_source=feed" in item.link for item in world)


def test_the_mobile_variant_of_a_path_opens_the_same_article() -> None:
    ours = site(load().outlets["tidewater"])
    path = report("talks-offer/tidewater").path

    assert amp_path("/a/b.html") == "/a/b.amp.html"
    assert amp_path("/a/b/") == "/a/b/amp"
    assert ours.respond(amp_path(path), {}).body == ours.respond(path, {}).body


def test_a_report_appears_at_its_publication_time() -> None:
    outlet = load().outlets["meridian"]
    raid = report("night-raid/meridian")
    feed = outlet.feeds[0]

    assert raid.title.encode() not in site(outlet).respond(feed.path, {}).body
    assert raid.title.encode() in site(outlet, hours=0.25).respond(feed.path, {}).body
    assert site(outlet).respond(raid.path, {}).status == 404
    assert site(outlet, hours=0.25).respond(raid.path, {}).status == 200


def test_an_unchanged_feed_has_the_same_bytes() -> None:
    for outlet, feed in FEEDS:
        assert document(outlet, feed)[1] == site(outlet, hours=0.05).respond(feed.path, {}).body


def test_dates_have_the_time_zone_of_the_outlet() -> None:
    tehran = site(load().outlets["sepidar"])

    assert tehran.at(report("talks-offer/sepidar")).tzinfo == timezone(timedelta(hours=3, minutes=30))


# --- pages and pictures ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.key)
def test_every_page_says_that_it_is_invented_in_the_language_of_the_outlet(outlet: Outlet) -> None:
    ours = site(outlet)
    own = [one for one in ours.published() if one.outlet.key == outlet.key]

    for body in [ours.respond("/", {}).body, *map(article, own[:3])]:
        tree = LexborHTMLParser(body)
        assert tree.css_first("p.note").text() == _pages.NOTES[outlet.lang]
        assert tree.css_first("html").attributes["dir"] == ("rtl" if outlet.lang in _pages.RTL else "ltr")
        assert not tree.css("script, style, [style], [onclick]")


def test_an_article_page_has_title_text_time_and_more_of_the_same_thread() -> None:
    offer = report("talks-offer/albion")
    page = LexborHTMLParser(article(offer))

    assert page.css_first("h1").text() == offer.title
    assert offer.summary in page.css_first("article").text()
    assert page.css_first("time").attributes["datetime"]
    assert report("inspectors-return/albion").title in page.css_first(".more").text()


def test_markup_in_a_text_is_escaped_in_every_document() -> None:
    outlet = load().outlets["courant"]
    hostile = Report(
        "x/y", report("ballet/kite").event, outlet, timedelta(hours=1), "<script>&\"'</script>]]>", "<b>]]>"
    )
    item = Item(hostile, f"{HOMES['courant']}/x", NOW, picture="/img/1")
    channel = Channel(outlet, outlet.feeds[0], HOMES["courant"], NOW)

    assert b"<script>" not in _pages.article(item, NOW, [hostile])
    assert b"<script>" not in _pages.front(channel, [item])
    for style in XML_STYLES:
        etree.fromstring(STYLES[style][0](channel, [item]))
    assert feedparser.parse(io.BytesIO(_documents.rss_media(channel, [item]))).entries[0].title.startswith("<script>")


def test_a_picture_is_an_svg_of_the_declared_size() -> None:
    svg = etree.fromstring(_pictures.draw(report("first-wave/tidewater")))

    assert (svg.get("width"), svg.get("height")) == (str(_pictures.WIDTH), str(_pictures.HEIGHT))


def test_every_report_can_be_drawn_and_outlets_differ_in_colour() -> None:
    drawn = {one.id: _pictures.draw(one) for one in load().reports}

    assert drawn["first-wave/tidewater"] != drawn["first-wave/albion"]
    assert drawn["first-wave/tidewater"] == _pictures.draw(report("first-wave/tidewater"))
    for svg in drawn.values():
        etree.fromstring(svg)
        assert len(svg) < 6_000
