"""The hub that a feed announces in its head, its JSON or the response headers (WebSub section 4); feeds in headers."""

from __future__ import annotations

import json

import pytest

import make
from wirekin import parse, urls
from wirekin.fetch._links import feeds_of, hub_of
from wirekin.model import Hub, Parsed

URL = "https://courier.example/feed"
HUB = "https://hub.example/"
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
ITEM = "<item><title>One</title><link>https://courier.example/1</link></item>"


def rss(head: str, tail: str = "") -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0" {ATOM}><channel><title>C</title>{head}{ITEM}{tail}</channel></rss>'.encode()


def found(body: bytes) -> Hub | None:
    parsed = parse.parse_document(body, url=URL, now=make.NOW)
    assert isinstance(parsed, Parsed)
    return parsed.hub


@pytest.mark.parametrize(
    ("head", "hub"),
    [
        (f'<atom:link rel="hub" href="{HUB}"/>', Hub(HUB)),
        (f'<atom:link rel="hub" href="{HUB}"/><atom:link rel="self" href="/feed?x=1&amp;y=2"/>',
         Hub(HUB, "https://courier.example/feed?x=1&y=2")),
        (f"<atom:link href='{HUB}'\n rel='HUB self'/>", Hub(HUB, HUB)),
        (f'<atom:link rel="hub" href="http://plain.example/"/><atom:link rel="hub" href="{HUB}"/>', Hub(HUB)),
        ('<atom:link rel="hub" href="http://plain.example/"/>', Hub("http://plain.example/")),
        ('<atom:link rel="hub" href="/hub"/>', Hub("https://courier.example/hub")),
        ('<atom:link rel="hub" href="javascript:alert(1)"/>', None),
        ('<atom:link rel="hub" href="ftp://hub.example/"/>', None),
        ('<atom:link rel="hub" href="https://me:word@hub.example/"/>', None),
        ('<atom:link rel="hub"/>', None),
        (f'<!-- <atom:link rel="hub" href="{HUB}"/> -->', None),
        (f'<description><![CDATA[<link rel="hub" href="{HUB}"/>]]></description>', None),
        ("<description>our hub</description>", None),
        (f'<atom:linked rel="hub" href="{HUB}"/>', None),
        (f'<atom:link rel="github" href="{HUB}"/>', None),
    ],
)  # fmt: skip
def test_the_hub_of_an_rss_feed_is_read_from_its_channel(head: str, hub: Hub | None) -> None:
    assert found(rss(head)) == hub


def test_a_hub_after_the_last_entry_is_found_and_one_inside_an_entry_is_not() -> None:
    link = f'<atom:link rel="hub" href="{HUB}"/>'

    assert found(rss("", link)) == Hub(HUB)
    assert found(rss("", ITEM.replace("</item>", f"{link}</item>"))) is None


def test_the_hub_of_an_atom_feed_is_found_with_its_self_link() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>C</title><link rel="self" href="https://courier.example/atom"/>'
        f'<link rel="hub" href="{HUB}"/><entry><title>One</title><id>urn:1</id><link href="/1"/></entry></feed>'
    )

    assert found(body.encode()) == Hub(HUB, "https://courier.example/atom")


def test_relative_hub_and_self_links_are_resolved_against_xml_base() -> None:
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://courier.example/news/"><link rel="self" href="atom"/>'
        '<link rel="hub" href="/hub"/><entry><title>One</title><id>urn:1</id><link href="/1"/></entry></feed>'
    )

    assert found(body.encode()) == Hub("https://courier.example/hub", "https://courier.example/news/atom")


@pytest.mark.parametrize(
    ("more", "hub"),
    [
        ({"hubs": [{"type": "WebSub", "url": HUB}], "feed_url": "https://courier.example/feed.json"},
         Hub(HUB, "https://courier.example/feed.json")),
        ({"hubs": [{"type": "rssCloud", "url": "https://cloud.example/"}, {"type": "WebSub", "url": HUB}]}, Hub(HUB)),
        ({"hubs": [{"type": "rssCloud", "url": HUB}]}, None),
        ({"hubs": "https://hub.example/"}, None),
        ({"hubs": [HUB, None, {"type": ["WebSub"], "url": HUB}, {"type": "WebSub"}]}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_the_hub_of_a_json_feed_is_the_websub_one_among_its_hubs(more: dict[str, object], hub: Hub | None) -> None:
    document = {"version": "https://jsonfeed.org/version/1.1", "title": "C", "items": [{"id": "1", "url": URL}], **more}

    assert found(json.dumps(document).encode()) == hub


@pytest.mark.parametrize(
    ("header", "hub"),
    [
        (f'<{HUB}>; rel="hub"', Hub(HUB)),
        (f"<{HUB}>; rel=hub, <{URL}>; rel=self", Hub(HUB, URL)),
        (f"<{HUB}>; rel=hub, <{URL}>; rel=self, <{URL}/old>; rel=self", Hub(HUB, URL)),
        (f'<{HUB}>;REL="hub preload" ; as="x, y; z", <{URL}> ;rel = "self"', Hub(HUB, URL)),
        (f'<{HUB}>; title="a \\"hub\\"; rel=self"; rel=hub', Hub(HUB)),
        (f'<http://plain.example/>; rel="hub", <{HUB}>; rel="hub"', Hub(HUB)),
        (f', ,<{HUB}>; rel="hub"; rel="next",', Hub(HUB)),
        ('</hub>; rel="hub", </feed>; rel="self"', Hub("https://courier.example/hub", URL)),
        (f'<{HUB}>; rel="next"; rel="hub"', None),
        (f'<{HUB}>; rel="hub"; anchor="https://elsewhere.example/"', None),
        (f'<{HUB}>; rel="self"; title="hub"', None),
        ('<javascript:hub>; rel="hub"', None),
        ("hub", None),
        (f'<{HUB}; rel="hub"', None),
        ("", None),
    ],
)
def test_the_hub_of_a_response_is_read_from_its_link_header(header: str, hub: Hub | None) -> None:
    assert hub_of({"link": header}, URL) == hub


def test_a_response_without_a_link_header_announces_no_hub() -> None:
    assert hub_of({}, URL) is None


RSS = 'rel="alternate"; type="application/rss+xml"'


@pytest.mark.parametrize(
    ("header", "feeds"),
    [
        (f"</rss>; {RSS}", ["https://courier.example/rss"]),
        (f'<../a>; {RSS}; title="a, <b>; rel=\\"next\\"", <//b.example/f?x=1,2&y>; {RSS}',
         ["https://courier.example/a", "https://b.example/f?x=1,2&y"]),
        ("</rss>; rel=alternate; type=application/atom+xml", ["https://courier.example/rss"]),
        ('</f>; type="Application/Feed+JSON;charset=utf-8" ;REL="home ALTERNATE"', ["https://courier.example/f"]),
        (f"</rss>; {RSS}, </rss>; {RSS}", ["https://courier.example/rss"]),
        (f"</f\xc3\xbcr>; {RSS}, </\xfc>; {RSS}", ["https://courier.example/für", "https://courier.example/ü"]),
        ('</wp-json/>; rel="https://api.w.org/", </wp-json/1>; rel="alternate"; type="application/json"', []),
        ('</fr/>; rel="alternate"; hreflang="fr"', []),
        ('</a.js>; rel="preload"; title="alternate"; type="application/rss+xml"', []),
        (f'</rss>; {RSS}; anchor="/elsewhere"', []),
        (f"<javascript:a>; {RSS}, <http://u:p@b.example/>; {RSS}", []),
        (f"</rss; {RSS}", []),
        ("alternate", []),
    ],
)  # fmt: skip
def test_the_feeds_of_a_page_are_read_from_its_link_header(header: str, feeds: list[str]) -> None:
    assert list(feeds_of({"link": header}, URL)) == feeds


def test_among_alternative_links_the_first_https_one_is_preferred() -> None:
    assert urls.safest(URL, ["mailto:x", "http://a.example/", "https://b.example/"]) == "https://b.example/"
    assert urls.safest(URL, ["http://a.example/", "http://b.example/"]) == "http://a.example/"
    assert urls.safest(URL, []) is None
