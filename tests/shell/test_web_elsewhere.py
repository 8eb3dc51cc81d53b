"""The footer in other formats: JSON-LD, Jetpack's answer, feeds and oEmbed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import etree

from fakes_reader import World, context, headline_by, picture, story_with
from serving import ask, serving
from wirekin.model import Member, StoryId

HOSTILE = 'Tanker seized <b>& "bold" </script><script>alert(1)</script>'
LEAD = headline_by("Tanker seized in the strait", "Harbor", 2, image=picture("a"))
STORY = story_with(Member(LEAD), Member(headline_by("Crew of seized tanker safe", "North", 1)))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    world = World(
        stories=[STORY, story_with(Member(headline_by(HOSTILE, "<i>Evil</i>", 5)))],
        merged={StoryId("old"): STORY.story.id},
    )
    with serving(world) as address:
        yield address


def answered(address: str, path: str):
    reply = ask(address, path)
    assert reply.status == 200, reply.text
    return json.loads(reply.body)


ASKED = "title=tanker+seized+strait+bold+script+alert"


def test_json_ld_is_an_item_list_in_the_order_of_the_footer(address: str):
    answer, footer = (
        answered(address, f"/related.jsonld?{ASKED}&heading=More"),
        answered(address, f"/v1/related?{ASKED}"),
    )

    assert (answer["@type"], answer["name"], answer["numberOfItems"]) == ("ItemList", "More", len(footer["items"]))
    assert [one["position"] for one in answer["itemListElement"]] == [1, 2]
    assert [one["item"]["url"] for one in answer["itemListElement"]] == [item["url"] for item in footer["items"]]
    assert {one["item"]["@type"] for one in answer["itemListElement"]} == {"NewsArticle"}


def test_the_jetpack_format_has_its_fields_and_only_harmless_html(address: str):
    reply = ask(address, f"/related.jetpack?{ASKED}&heading=More")
    answer = json.loads(reply.body)

    assert answer["headline"] == '<h3 class="jp-relatedposts-headline"><em>More</em></h3>'
    assert {unescape(item["title"]) for item in answer["items"]} == {LEAD.title, HOSTILE}
    assert [item["url_meta"]["position"] for item in answer["items"]] == [0, 1]
    assert [key for item in answer["items"] for key, value in item.items() if "<" in str(value)] == []


@pytest.mark.parametrize(("suffix", "tag"), [("atom", "{http://www.w3.org/2005/Atom}entry"), ("rss", "item")])
def test_related_headlines_are_available_as_atom_and_rss(address: str, suffix: str, tag: str):
    reply = ask(address, f"/related.{suffix}?{ASKED}")

    assert suffix in reply.headers["content-type"]
    assert len(list(etree.fromstring(reply.body).iter(tag))) == 2


def test_a_feed_of_related_headlines_names_its_own_url_and_a_unique_id(address: str):
    """A feed reader subscribes to the feed's own address, and an Atom id must name one feed only."""
    asked = "title=Strait+tanker%2C+seized&limit=2"
    feed = json.loads(ask(address, f"/related.json?{asked}&utm_source=mail").body)
    ids = [
        etree.fromstring(ask(address, f"/related.atom?title={title}").body).findtext("{http://www.w3.org/2005/Atom}id")
        for title in ("tanker", "strait")
    ]

    assert urlsplit(feed["feed_url"]).query == asked
    assert json.loads(ask(address, "/related.json?" + urlsplit(feed["feed_url"]).query).body) == feed
    assert len(set(ids)) == 2


# --- oEmbed ----------------------------------------------------------------------------------------------------------


def framed(answer: dict[str, object]) -> dict[str, list[str]]:
    """The query that the iframe in an answer sends to /embed/related."""
    (frame,) = etree.fromstring(f"<x>{answer['html']}</x>")
    assert urlsplit(frame.get("src", "")).path == "/embed/related"
    return parse_qs(urlsplit(frame.get("src", "")).query)


def test_oembed_of_any_article_frames_its_related_headlines(address: str):
    answer = answered(address, "/oembed?url=" + quote('https://me.example/a?b="c>&d', safe=""))

    assert (answer["version"], answer["type"], answer["width"]) == ("1.0", "rich", 600)
    assert framed(answer) == {"url": ['https://me.example/a?b="c>&d']}


def test_oembed_accepts_articles_on_the_host_of_public_url_outside_its_path():
    ours = replace(context(), public_url="https://paper.example/news")

    with serving(World(), current=lambda: ours) as address:
        theirs = ask(address, f"/oembed?url={quote('https://paper.example/newsroom/bridge', safe='')}")
        nowhere = ask(address, f"/oembed?url={quote('https://paper.example/news/room', safe='')}")

    assert (theirs.status, nowhere.status) == (200, 404)


def test_oembed_of_a_story_frames_the_headlines_related_to_its_lead(address: str):
    wanted = {"url": [LEAD.url], "title": [LEAD.title]}

    for key in (STORY.story.id, "old"):
        assert framed(answered(address, f"/oembed?url={address}/stories/{key}")) == wanted


def test_oembed_of_an_embed_keeps_its_parameters(address: str):
    embed = quote(f"{address}/embed/related?title=tanker&limit=2&heading=More&utm_source=x", safe="")
    answer = answered(address, f"/oembed?url={embed}")

    assert framed(answer) == {"title": ["tanker"], "limit": ["2"], "heading": ["More"]}
    assert answer["title"] == "More"


def test_oembed_stays_within_maxwidth_and_maxheight(address: str):
    answer = answered(address, "/oembed?url=https://me.example/a&maxwidth=400&maxheight=300")

    assert (answer["width"], answer["height"]) == (400, 300)
    assert 'width="400" height="300"' in answer["html"]


def test_oembed_in_xml_has_the_same_content(address: str):
    plain = answered(address, "/oembed?url=https://me.example/a")
    reply = ask(address, "/oembed?url=https://me.example/a&format=xml")

    assert reply.headers["content-type"] == "text/xml; charset=utf-8"
    assert {one.tag: one.text for one in etree.fromstring(reply.body)} == {k: str(v) for k, v in plain.items()}


def test_a_story_page_links_to_its_oembed(address: str):
    page = ask(address, f"/stories/{STORY.story.id}").text
    (link,) = (line for line in page.splitlines() if "application/json+oembed" in line)
    where = unescape(link.partition('href="')[2].partition('"')[0])

    assert framed(answered(address, where.removeprefix(address))) == {"url": [LEAD.url], "title": [LEAD.title]}


@pytest.mark.parametrize(("path", "status"), [
    ("/oembed", 400), ("/oembed?url=ftp://x.example", 400), ("/oembed?url=https://me.example&format=yaml", 400),
    ("/oembed?url=https://me.example&maxwidth=0", 400), ("/oembed?url=https://me.example&maxheight=wide", 400),
    ("/oembed?url={}/embed/related", 400), ("/oembed?url={}/embed/related%3Ftitle=a%26topic=none", 400),
    ("/oembed?url={}/embed/related%3Ftitle=a%26theme=pink", 400),
    ("/oembed?url={}/stories/none", 404), ("/oembed?url={}/feeds", 404),
])  # fmt: skip
def test_oembed_refuses_what_it_cannot_frame(address: str, path: str, status: int):
    assert ask(address, path.format(address)).status == status
