"""No hostile link gets in or out (requirement C9): over two hundred payloads, each in every place for a link."""

from __future__ import annotations

import html
import itertools
import json
import re
from datetime import UTC, datetime

import pytest

import make
from wirekin import render, urls
from wirekin.model import (
    Image,
    Member,
    Parsed,
    RelatedAnswer,
    RelatedItem,
    RelatedKind,
    RelatedQuery,
    RelatedReason,
    Story,
    StoryDetail,
    StoryId,
    StoryRef,
)
from wirekin.parse import parse_document, parse_lines, parse_opml
from wirekin.render import Site, safe_link

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SCHEMES = [
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
]
DISGUISED = [  # schemes that browsers read, but that are disguised from filters
    "{}", " {}", "\t{}", "\n{}", "\r\n{}", "\x00{}", "\x01{}", "\x0b{}", "\x1f{}", "\u00a0{}", "\ufeff{}", "\u200b{}", "\u2028{}",
    "&#106;{}", "{}//", "{}?http://a.example/", "{}#https://a.example/", "{};//http://a.example/", "feed:{}", "view-source:{}",
    "%20{}", "\u202e{}", "\ufdd0{}",
]  # fmt: skip
INSIDE = [
    "\t",
    "\n",
    "\r",
    "\x00",
    "\x01",
    " ",
    "\u00ad",
    "\u200b",
    "\u2060",
    "\ufeff",
    "&Tab;",
    "&#9;",
    "&NewLine;",
    "&#x0A;",
    "\\",
]
OTHERS = [
    "javascript://a.example/%0aalert(1)", "vbscript://a.example/", "data://a.example/text/html,a", "file://a.example/a",
    "JaVaScRiPt:alert(1)", "JAVASCRIPT:alert(1)", "ｊavascript:alert(1)", "javascript&colon;alert(1)", "javascript&#58;alert(1)",
    "javascript&#x3A;alert(1)", "javascript\uff1aalert(1)", "jav&#x09;ascript:alert(1)", "java%0ascript:alert(1)", "javascript:",
    "blob:https://a.example/1", "about:blank", "about:srcdoc", "mailto:a@a.example", "tel:1", "sms:1", "ftp://a.example/",
    "ws://a.example/", "wss://a.example/", "intent://a.example/#Intent;end", "magnet:?xt=1", "mhtml:http://a.example/", "x:y",
    "chrome://settings", "resource://a", "jar:http://a.example!/", "ldap://a.example/", "gopher://a.example/", "ssh://a.example/",
    "http:", "https:", "http://", "https:///", "http://?a", "http://#a", "http:///a.example/", "http:////a.example/", "http://:80/",
    "http://user@a.example/", "http://user:pw@a.example/", "https://a.example@b.example/", "http://@a.example/", "http://:@a.example/",
    "//user@a.example/", "http://a.example\\@b.example/", "http://a.example:80\\@b.example/", "http:\\\\a.example\\b",
    "\\\\a.example\\share", "\\/a.example", "/\\a.example", "http:/\\a.example", "https:\\/a.example", "\\",
    "http://a.example:99999/", "http://a.example:-1/", "http://a.example:x/", "http://a.example:0/", "http://[::1", "http://[::g]/",
    "http://[v1.x]/", "http://[::1].a.example/", "http://]/", "http://a[::1]/", "http://[::1]a/", "http://a b/", "http://a\tb\x00/", "http://a\x7f/", "http://a.example/\x00b",
    "http://a.example/\x1b[31m", "http://a.example/\x85", "http://a.example/\ud800", "http://a.example/\ufffe", "http://%00/",
    "http://%6aavascript/", "http://a<b>/",  'http://a"b/', "http://a..b/", "http://-a.example/\x00b", "http://" + "a" * 64 + ".example/",
    "http://" + ".".join(["a" * 60] * 5) + "/", "http://a.example/" + "a" * 2032, "https://a.example/?" + "a" * 2030,
    "http://1.1.1.1.1/", "http://256.1.1.1/", "http://0x1ffffffff/", "http://1..1/", "http://.../",
    "http://\u2025/", "http://\u2100.example/", "http://a\uff20b.example/", "http://a\uff0fb.example@c/", "http://a\u2215b@c.example/",
]  # fmt: skip


def payloads() -> list[str]:
    disguised = [frame.format(scheme) for scheme, frame in itertools.product(SCHEMES, DISGUISED)]
    split = [f"java{inside}script:alert(1)" for inside in INSIDE] + [
        f"javascript{inside}:alert(1)" for inside in INSIDE
    ]
    return list(dict.fromkeys([*SCHEMES, *disguised, *split, *OTHERS]))


PAYLOADS = payloads()


WEB_LINK = re.compile(  # not the filter's own: a scheme, a plain host without user, no delimiter or hidden character
    r"https?://(?:\[[0-9a-f:.]+\]|[\w.-]+)(?::[0-9]{1,5})?(?:[/?#][^\s\"<>`\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]*)?",
    re.IGNORECASE,
)


def is_harmless(link: str) -> bool:
    """Whether a link is empty or a harmless web link, such as a hostile one that became a path of the site."""
    return link == "" or (len(link) <= 2048 and WEB_LINK.fullmatch(link) is not None)


def xml(text: str) -> str:
    return html.escape(text.encode("utf-8", "replace").decode().replace("\x00", ""))


def links_of(parsed: object) -> list[str]:
    if not isinstance(parsed, Parsed):
        return []
    images = [entry.image.url for entry in parsed.entries if entry.image]
    return [*(entry.link for entry in parsed.entries), *images, parsed.link, *parsed.feeds]


def documents_with(payload: str) -> dict[str, bytes]:
    """Documents with the payload in every place for a link."""
    escaped, item = xml(payload), json.dumps(payload)
    media = 'xmlns:media="http://search.yahoo.com/mrss/"'
    return {
        "RSS": f"<rss {media}><channel><link>{escaped}</link><item><title>t</title><link>{escaped}</link><guid>{escaped}</guid>"
               f"<enclosure url='{escaped}' type='image/png'/><media:thumbnail url='{escaped}'/></item></channel></rss>".encode(),
        "CDATA": f"<rss><channel><item><title>t</title><link><![CDATA[{payload}]]></link></item></channel></rss>".encode("utf-8", "replace"),
        "Atom": f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>{escaped}</id><title>t</title><link href='{escaped}'/></entry></feed>".encode(),
        "RDF": f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
               f"<item rdf:about='{escaped}'><title>t</title><link>{escaped}</link></item></rdf:RDF>".encode(),
        "JSON": f'{{"version": "https://jsonfeed.org/version/1.1", "home_page_url": {item}, "items": '
                f'[{{"id": "1", "title": "t", "url": {item}, "image": {item}}}]}}'.encode(),
        "sitemap": f"<urlset><url><loc>{escaped}</loc></url></urlset>".encode(),
        "index": f"<sitemapindex><sitemap><loc>{escaped}</loc></sitemap></sitemapindex>".encode(),
        "page": ("<link rel=alternate type=application/rss+xml href='{0}'>" + "<article><h2><a href='{0}'>Ship number one is seized in "
                 "the strait</a></h2><img src='{0}'></article>" * 4).format(escaped).encode(),
    }  # fmt: skip


def test_there_are_at_least_two_hundred_payloads() -> None:
    assert len(PAYLOADS) >= 200


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_link_is_read_from_no_document(payload: str) -> None:
    site = "https://site.example/dir/page"

    assert is_harmless(urls.resolve(site, payload) or "")
    assert urls.resolve("", payload) is None
    assert urls.canonicalise(payload) is None
    for place, document in documents_with(payload).items():
        for kind in make.FeedKind:
            found = links_of(parse_document(document, url=site, kind=kind, now=NOW))
            assert all(map(is_harmless, found)), (place, kind, found)
    outline = f"<opml><body><outline xmlUrl='{xml(payload)}'/></body></opml>"
    assert all(is_harmless(address) for _, address, _ in parse_opml(outline.encode()))
    assert all(is_harmless(address) for _, address, _ in parse_lines(payload.encode("utf-8", "replace")))


# --- going out --------------------------------------------------------------------------------------------------

SITE = Site("https://me.example", {}, make.NOW, "1")


@pytest.mark.parametrize("char", list('\u202e\u2066\u200f\x85\x7f\ufeff\ud800 \t"<>`\\'))
def test_a_link_with_a_hidden_or_delimiting_character_is_not_written(char: str) -> None:
    assert safe_link(f"https://a.example/{char}gpj.exe") == ""
    assert safe_link("https://a.example/gpj.exe") != ""


OWN = re.compile(r"#content|/(?:[a-z0-9][\w./?=&;%-]*)?")  # our own paths


def output_with(payload: str) -> dict[str, str]:
    """All our output for a headline whose links are the payload, as though it had got in."""
    bad = make.headline("Words", url=payload, link=payload, image=Image(payload))
    ref = StoryRef(StoryId(bad.id), 3, 2, 2)
    detail = StoryDetail(Story(ref, bad, make.NOW, make.NOW, make.NOW, others=(bad,)), (Member(bad),))
    items = (RelatedItem(bad, ref, 0.5, RelatedReason(RelatedKind.SIMILAR)),)
    answer = RelatedAnswer(RelatedQuery(title="x"), items, make.NOW)
    feed = render.story_feed(detail, base_url=SITE.base_url)
    return {
        "related": json.dumps(render.related_json(answer, base_url=SITE.base_url)),
        "feed": json.dumps(render.json_feed(feed)),
        "Atom": render.atom(feed).decode(),
        "RSS": render.rss(feed).decode(),
        "page": render.story_page(SITE, detail, items),
        "fragment": render.related_html(answer, "More"),
    }


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_link_is_written_to_no_output(payload: str) -> None:
    assert is_harmless(safe_link(payload))
    for place, document in output_with(payload).items():
        links = re.findall(
            r"""(?:href|src|action)=["']([^"']*)|"(?:url|image|external_url)": "([^"]*)|<link>([^<]*)""", document
        )
        for link in filter(None, itertools.chain.from_iterable(links)):
            assert is_harmless(link) or OWN.fullmatch(link), (place, link)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://feeds.example/rss.xml", "https://feeds.example/rss.xml"),
        ("https://reader:secret@feeds.example:8443/rss.xml", "https://feeds.example:8443/rss.xml"),
        ("https://feeds.example/rss?key=a1&format=rss", "https://feeds.example/rss?key=***&format=rss"),
        ("https://feeds.example/rss?access_token=a1;API-Key=b", "https://feeds.example/rss?access_token=***;API-Key=***"),
        ("https://feeds.example/rss?t=" + "0f" * 16, "https://feeds.example/rss?t=***"),
        ("https://feeds.example/rss?u=5d2c1f0e-5f0a-4c1e-9d7a-0f1e2d3c4b5a#top", "https://feeds.example/rss?u=***#top"),
        ("https://feeds.example/rss?s=" + "aB3%2F" * 8 + "%3D%3D", "https://feeds.example/rss?s=***"),
        ("https://feeds.example/rss?keywords=iran&author=me", "https://feeds.example/rss?keywords=iran&author=me"),
        ("https://feeds.example/v?channel_id=UC16niRr50-MSBwiO3YDb3RA", "https://feeds.example/v?channel_id=UC16niRr50-MSBwiO3YDb3RA"),
        ("https://feeds.example/rss?q=crew+of+the+seized+tanker+held+for+9+days", "https://feeds.example/rss?q=crew+of+the+seized+tanker+held+for+9+days"),
        ("https://feeds.example/rss?q=F35+MiG29+Su57+J20+B2+in+one+air+show", "https://feeds.example/rss?q=F35+MiG29+Su57+J20+B2+in+one+air+show"),
        ("https://feeds.example/rss?v=a1B2c3D4", "https://feeds.example/rss?v=a1B2c3D4"),
        ("https://feeds.example/rss?q=us-election-2026-results-and-analysis-live", "https://feeds.example/rss?q=us-election-2026-results-and-analysis-live"),
        ("https://feeds.example/v?playlist_id=PLillGF-RfqbYeckUaD1z6nviTp31GLTH8", "https://feeds.example/v?playlist_id=PLillGF-RfqbYeckUaD1z6nviTp31GLTH8"),
        ("https://feeds.example/rss?p=news%2Fworld%2F2026%2Fmiddle-east%2Foil", "https://feeds.example/rss?p=news%2Fworld%2F2026%2Fmiddle-east%2Foil"),
        ("https://feeds.example/rss?" + "0f" * 16, "https://feeds.example/rss?***"),
        ("https://feeds.example/rss?key=a?b", "https://feeds.example/rss?key=***"),
        ("https://bridge.example/?url=https://feeds.example/rss?key=a1&v=2", "https://bridge.example/?url=***&v=2"),
        ("https://bridge.example/?url=https%3A%2F%2Ffeeds.example%2Frss%3Fkey%3Da1", "https://bridge.example/?url=***"),
        ("https://bridge.example/?url=https%3A%2F%2Fme%3Ahush%40feeds.example%2Frss", "https://bridge.example/?url=***"),
        ("https://bridge.example/?url=https%3A%2F%2Ffeeds.example%2Frss%3Fv%3D2", "https://bridge.example/?url=https%3A%2F%2Ffeeds.example%2Frss%3Fv%3D2"),
        ("https://feeds.example/a//b@c.xml", "https://feeds.example/a//b@c.xml"),
        ("https://feeds.example/rss?key=", "https://feeds.example/rss?key="),
    ],
)  # fmt: skip
def test_the_public_address_of_a_feed_has_no_secrets(address: str, shown: str):
    assert render.public_address(address) == shown
