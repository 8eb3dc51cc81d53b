"""Stories, topics and related items as JSON Feed, Atom and RSS, and lists of feeds as OPML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fakes_reader import fresh_feeds, headline_by, story_with
from make import NOW, feed, headline, topics
from wirekin.model import (
    FeedKind,
    Image,
    Member,
    RelatedAnswer,
    RelatedItem,
    RelatedKind,
    RelatedQuery,
    RelatedReason,
    StoryRef,
)
from wirekin.parse import parse_opml
from wirekin.render import FeedDocument, atom, json_feed, opml, related_feed, rss, story_feed, topic_feed

BASE = "https://news.example"
ATOM = "{http://www.w3.org/2005/Atom}"


def tree(document: bytes) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 -- a document that we wrote


def topic_document(*titles: str) -> FeedDocument:
    stories = [
        story_with(Member(headline_by(title, "Harbor & Sons", 9 - n, topics=topics("iran")))).story
        for n, title in enumerate(titles)
    ]
    return topic_feed("Iran", f"{BASE}/topics/iran", stories, base_url=BASE, changed_at=NOW)


def test_a_topic_feed_has_each_story_once_newest_first():
    actual = json_feed(topic_document("Older", "Newer"))

    assert actual["version"] == "https://jsonfeed.org/version/1.1"
    assert (actual["title"], actual["home_page_url"]) == ("Iran", f"{BASE}/topics/iran")
    assert actual["feed_url"] == f"{BASE}/topics/iran.json"
    assert [item["title"] for item in actual["items"]] == ["Newer", "Older"]
    assert actual["items"][0]["authors"] == [{"name": "Harbor & Sons"}]
    assert actual["items"][0]["tags"] == ["iran"]
    assert all(item["id"] and item["url"].startswith("https://") for item in actual["items"])


def test_a_story_feed_leaves_its_copies_out():
    first = Member(headline_by("One", "Harbor", 3))
    again = Member(headline_by("One", "North", 2), first.headline.id)
    last = Member(headline_by("Two", "Lakeside", 1))

    actual = json_feed(story_feed(story_with(first, again, last), base_url=BASE))

    assert [item["title"] for item in actual["items"]] == ["Two", "One"]


def test_a_story_feed_changes_at_the_time_its_last_headline_was_first_seen():
    late = headline(first_seen_at=NOW, published_at=NOW - timedelta(days=9))

    assert story_feed(story_with(Member(late)), base_url=BASE).changed_at == NOW


def test_related_items_are_also_given_as_feeds_that_keep_the_query():
    found = headline(image=Image("javascript:alert(1)"))
    item = RelatedItem(found, StoryRef(found.id), 0.5, RelatedReason(RelatedKind.SIMILAR))
    asked = RelatedAnswer(RelatedQuery(title="x"), (item,), NOW)

    actual = json_feed(related_feed(asked, base_url=BASE))

    assert actual["feed_url"] == f"{BASE}/related.json"
    again = related_feed(asked, base_url=BASE, query="title=x&limit=2")
    assert json_feed(again)["feed_url"] == f"{BASE}/related.json?title=x&limit=2"
    assert f"{BASE}/related.atom?title=x&amp;limit=2</".encode() in atom(again)
    assert f'href="{BASE}/related.rss?title=x&amp;limit=2"'.encode() in rss(again)
    assert "image" not in actual["items"][0]


def test_an_item_without_a_link_leads_to_its_story():
    lone = story_with(Member(headline_by("Words", "Harbor", 1, url=""))).story
    document = topic_feed("Iran", BASE, [lone], base_url=BASE, changed_at=NOW)

    assert json_feed(document)["items"][0]["url"] == f"{BASE}/stories/{lone.id}"
    assert f"<link>{BASE}/stories/{lone.id}</link>".encode() in rss(document)


def test_atom_has_the_elements_that_rfc_4287_requires():
    root = tree(atom(topic_document("A < B & C")))
    entry = root.find(f"{ATOM}entry")

    assert [root.find(ATOM + tag) is not None for tag in ("id", "title", "updated")] == [True] * 3
    assert [entry.find(ATOM + tag) is not None for tag in ("id", "title", "updated", "author")] == [True] * 4
    assert entry.findtext(f"{ATOM}title") == "A < B & C"
    assert entry.find(f"{ATOM}link").get("href").startswith("https://harborsons.example/")
    assert [(link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")] == [
        ("self", f"{BASE}/topics/iran.atom"),
        ("alternate", f"{BASE}/topics/iran"),
    ]
    assert entry.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_rss_escapes_its_description_twice_because_readers_take_it_as_html():
    story = story_with(Member(headline_by("Words", "Harbor", 1, summary="1 < 2 <b>"))).story
    root = tree(rss(topic_feed("Iran", BASE, [story], base_url=BASE, changed_at=NOW)))

    assert root.findtext("channel/item/description") == "1 &lt; 2 &lt;b&gt;"
    assert root.findtext("channel/item/pubDate") == "Sun, 22 Nov 2026 09:00:00 GMT"
    assert root.findtext("channel/item/link") == story.lead.url
    assert root.findtext("channel/item/guid") == story.id


@pytest.mark.parametrize("write", [atom, rss])
@given(title=st.text())
def test_any_title_makes_well_formed_xml(write, title: str):
    root = tree(write(topic_document(title)))

    assert root is not None


def test_opml_lists_the_feeds_by_name_and_address():
    root = tree(opml(feed for feed, *_ in fresh_feeds()))

    outlines = root.findall("body/outline")
    assert [outline.get("xmlUrl") for outline in outlines] == [feed.url for feed, *_ in fresh_feeds()]
    assert outlines[0].get("text") == "Harbor Courier: world"


@given(name=st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]), min_size=1, max_size=120))
@example("A & <B>")
@example("&amp; <i>so</i> &#60;  \u200c\u202e\u2026")
def test_names_of_feeds_survive_opml_export_and_import_unchanged(name: str):
    name = name.strip() or "A"
    feeds = [
        replace(feed("https://a.example/rss"), name=name),
        replace(feed("https://b.example/", kind=FeedKind.PAGE), name=name),
    ]

    assert parse_opml(opml(feeds)) == tuple((one.name, one.url, one.kind) for one in feeds)


def test_kinds_of_feeds_survive_opml_export_and_import_and_only_feeds_have_type_rss():
    feeds = [
        feed("https://a.example/rss"),
        feed("https://b.example/news", kind=FeedKind.PAGE),
        feed("https://c.example/map.xml", kind=FeedKind.SITEMAP),
    ]

    written = opml(feeds)

    assert [outline.get("xmlUrl") for outline in tree(written).findall("body/outline[@type='rss']")] == [feeds[0].url]
    assert parse_opml(written) == tuple((one.name, one.url, one.kind) for one in feeds)
    assert parse_opml(b"<opml><body><outline type='link' text='A blog' url='https://d.example/'/></body></opml>") == ()
