"""Reading feeds and sitemaps of every dialect; cut, oversized and hostile documents."""

from __future__ import annotations

import codecs
import json
import random
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from make import NOW
from wirekin.model import Entry, FeedKind, Image, Parsed, ParseFailed, ParseResult, Precision, Reason, Source
from wirekin.parse import _xml, parse_at_once, parse_document, parse_opml

URL = "https://example.com/dir/feed.xml"


def read(body: str | bytes, **more: object) -> ParseResult:
    raw = body.encode() if isinstance(body, str) else body
    return parse_document(raw, **{"url": URL, "now": NOW, **more})  # type: ignore[arg-type]


def parsed(body: str | bytes, **more: object) -> Parsed:
    result = read(body, **more)
    assert isinstance(result, Parsed), result
    return result


def entry(body: str | bytes, **more: object) -> Entry:
    return parsed(body, **more).entries[0]


def reason(body: str | bytes, **more: object) -> Reason | None:
    result = read(body, **more)
    return result.reason if isinstance(result, ParseFailed) else None


def rss(*items: str, channel: str = "", root: str = "") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0"?><rss version="2.0" {root}><channel>{channel}{inside}</channel></rss>'


def atom(inside: str, root: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {root}><entry>{inside}</entry></feed>'


ITEM = "<title>Ship seized</title><link>https://example.com/a/1</link>"
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


# --- dialects ---------------------------------------------------------------------------------------------------


def test_every_element_of_an_rss_item_is_read() -> None:
    found = parsed(
        rss(
            "<title>Ship &amp;amp; crew &lt;b&gt;seized&lt;/b&gt;</title><link>https://example.com/a/1</link>"
            "<guid isPermaLink='false'>tag:1</guid><description>&lt;p&gt;In the strait.&lt;/p&gt;</description>"
            "<pubDate>Sun, 22 Nov 2026 09:00:00 +0300</pubDate><category>World</category><category>Iran</category>"
            "<source url='https://wire.example.org/rss'>The Wire</source>",
            channel="<title>Example</title><link>https://example.com/</link><language>en-GB</language>",
        )
    )

    assert (found.kind, found.title, found.link, found.lang) == ("rss", "Example", "https://example.com/", "en")
    assert found.entries == (
        Entry(
            link="https://example.com/a/1",
            title="Ship & crew seized",
            guid="tag:1",
            summary="In the strait.",
            published_at=datetime(2026, 11, 22, 6, tzinfo=UTC),
            offset=timedelta(hours=3),
            categories=("World", "Iran"),
            source=Source("The Wire", "https://wire.example.org/rss"),
        ),
    )


def test_an_atom_entry_without_published_is_dated_by_updated() -> None:
    one = entry(
        atom(
            '<title type="html">&lt;i&gt;Grain&lt;/i&gt; rises</title><link href="/a/1"/><id>urn:1</id>'
            "<updated>2026-11-22T09:00:00Z</updated><content type='html'>&lt;img src='/p.jpg'&gt;Text</content>",
            'xml:lang="de-AT"',
        )
    )

    assert (one.title, one.link, one.lang) == ("Grain rises", "https://example.com/a/1", "de")
    assert one.published_at == one.updated_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert one.image == Image("https://example.com/p.jpg")
    assert one.summary == "Text"


def test_rdf_items_beside_their_channel_are_read() -> None:
    found = parsed(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>C</title><link>https://c.example/</link>'
        f'</channel><item rdf:about="https://c.example/1">{ITEM}<dc:date>2026-11-22</dc:date></item></rdf:RDF>'
    )

    assert (found.kind, found.whole) == ("rdf", True)
    assert found.entries[0].published_at == datetime(2026, 11, 22, tzinfo=UTC)
    assert found.entries[0].precision is Precision.DAY


def test_a_json_feed_is_read_and_other_json_is_not_a_feed() -> None:
    item = {
        "id": 7,
        "url": "/a/1",
        "title": "Ship seized",
        "content_html": "<p>In the <b>strait</b></p>",
        "date_published": "2026-11-22T12:00:00+03:00",
        "tags": ["World", 3, "<b></b>", "World"],
        "image": "https://example.com/p.jpg",
    }
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "home_page_url": "https://example.com/",
        "items": [item, "garbage"],
    }
    found = parsed(json.dumps(document))

    assert (found.kind, found.title) == ("json", "J")
    assert found.entries == (
        Entry(
            link="https://example.com/a/1",
            title="Ship seized",
            guid="7",
            summary="In the strait",
            published_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
            offset=timedelta(hours=3),
            categories=("World",),
            image=Image("https://example.com/p.jpg"),
        ),
    )
    assert reason('{"error": "not found"}') is Reason.NOT_A_FEED
    assert reason("[" * 100_000) is Reason.NOT_A_FEED


def test_a_news_sitemap_gives_titles_and_a_plain_sitemap_the_words_of_its_links() -> None:
    found = parsed(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
        'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        "<url><loc>https://example.com/a/1</loc><news:news><news:publication><news:name>Example</news:name>"
        "<news:language>en</news:language></news:publication><news:publication_date>2026-11-22T09:00:00Z"
        "</news:publication_date><news:title>Ship &amp; crew seized</news:title></news:news>"
        "<image:image><image:loc>https://example.com/p.jpg</image:loc></image:image></url>"
        "<url><loc>https://example.com/world/ship-seized-in-the-strait-48213.html</loc><lastmod>2026-11-21</lastmod></url>"
        "<url><loc>https://example.com/world/ship-seized-again/</loc></url></urlset>",  # three words say too little
        kind=FeedKind.SITEMAP,
    )

    assert found.kind == "sitemap"
    assert [one.title for one in found.entries] == ["Ship & crew seized", "Ship seized in the strait"]
    assert found.entries[0].source == Source("Example")
    assert found.entries[0].image == Image("https://example.com/p.jpg")
    assert found.entries[1].precision is Precision.DAY


def test_a_sitemap_keeps_unescaped_ampersands() -> None:
    body = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        "<url><loc>https://a.example/story?a=1&b=2&copy=3&amp;d=4</loc><n:news>"
        "<n:title>AT&T caf&eacute;<![CDATA[ & AT&amp;T]]></n:title></n:news></url>"
        "<url><loc><![CDATA[https://a.example/ship-seized-in-strait?a=1&b=2]]></loc></url></urlset>"
    )

    found, other = parsed(body).entries
    assert (found.link, found.title) == ("https://a.example/story?a=1&b=2&copy=3&d=4", "AT&T café & AT&T")
    assert other.link == "https://a.example/ship-seized-in-strait?a=1&b=2"


def test_a_document_with_too_many_ampersands_is_not_escaped() -> None:
    body = b"&" * (_xml.MOST_AMPERSANDS + 1)

    assert _xml.with_escaped_ampersands(body) is body


def test_a_sitemap_index_announces_its_sitemaps() -> None:
    found = parsed("<sitemapindex><sitemap><loc>https://example.com/s1.xml</loc></sitemap></sitemapindex>")

    assert (found.entries, found.feeds) == ((), ("https://example.com/s1.xml",))


def test_a_sitemap_index_lists_news_sitemaps_first_and_then_the_newest() -> None:
    dated = {"posts-2024": "2024-12-31", "posts-2026": "2026-11-22", "news-b": "2026-01-01", "news-a": "2026-11-22"}
    listed = "".join(
        f"<sitemap><loc>https://example.com/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in dated.items()
    )
    found = parsed(f"<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap>{listed}</sitemapindex>")

    names = [one.rpartition("/")[2].removesuffix(".xml") for one in found.feeds]
    assert names == ["news-a", "news-b", "posts-2026", "posts-2024", "pages"]


@pytest.mark.parametrize(
    "body",
    [rss(), '<feed xmlns="http://www.w3.org/2005/Atom"/>', '{"version":"https://jsonfeed.org/version/1","items":[]}'],
)
def test_an_empty_feed_is_a_feed(body: str) -> None:
    assert parsed(body).entries == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", Reason.EMPTY),
        (" \r\n\t", Reason.EMPTY),
        ("<!DOCTYPE html><html><body><a href=/a>Log in</a></body></html>", Reason.NOT_A_FEED),
        ("not xml at all", Reason.NOT_A_FEED),
        ("<opml><body/></opml>", Reason.NOT_A_FEED),
        ("\x00\x01<urlset></urlset>", Reason.NOT_A_FEED),
        ("/etc/passwd", Reason.NOT_A_FEED),
        ("https://example.com/feed.xml", Reason.NOT_A_FEED),
    ],
)
def test_a_document_that_is_no_feed_fails_with_a_reason(body: str, expected: Reason) -> None:
    assert reason(body) is expected


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("<!doctype html><a href=/a>Log in</a>", "an HTML page"),
        ("not xml at all", "no XML element"),
        ("<opml><body/></opml>", "an XML document of <opml>"),
        ("<opml><body>", "an XML document of <opml>"),
    ],
)
def test_what_is_no_feed_says_what_it_is(body: str, detail: str) -> None:
    assert read(body) == ParseFailed(Reason.NOT_A_FEED, detail)


def test_a_damaged_gzip_file_is_taken_as_it_came() -> None:
    assert reason(b"\x1f\x8b\x08\xff" * 9) is Reason.NOT_A_FEED
    assert len(parsed(b"\x1f\x8b\x08\xff" + rss(ITEM).encode()).entries) == 1


@pytest.mark.parametrize("codec", ["hex", "rot13", "undefined", "idna"])
def test_what_decodes_no_text_is_no_encoding(codec: str) -> None:
    assert reason(rss(ITEM).replace('"1.0"', f'"1.0" encoding="{codec}"', 1) + "\n.\xe9") is Reason.NOT_A_FEED


@pytest.mark.parametrize("content_type", ["", "text/xml; charset=punycode"])
@pytest.mark.parametrize("declared", ["punycode", "Punycode", "idna"])
def test_an_encoding_of_host_names_is_never_decoded(declared: str, content_type: str) -> None:
    """Decoding punycode is quadratic, and the fast path is in the process that polls."""
    document = rss(ITEM).replace('"1.0"', f'"1.0" encoding="{declared}"', 1).encode() + b"<!-- -->"

    assert parse_at_once(document, url="https://example.com/", content_type=content_type) is None
    assert reason(document, content_type=content_type) is Reason.NOT_A_FEED


def test_a_header_that_names_an_encoding_of_host_names_says_nothing() -> None:
    assert len(parsed(rss(ITEM), content_type="text/xml; charset=punycode").entries) == 1


def test_a_root_in_a_comment_or_in_a_page_is_none() -> None:
    assert parsed("<!-- <rss> -->" + atom("<title>A</title>")).kind == "atom"
    assert read("<html><rss><channel/></rss></html>") == ParseFailed(Reason.NOT_A_FEED, "an HTML page")


def test_a_feed_after_a_printed_php_warning_is_read() -> None:
    assert len(parsed("<br />\n<b>Warning</b>: foo in bar.php\n" + rss(ITEM)).entries) == 1


# --- links, pictures, hints -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rss("<title>T</title><link>/a</link>"), "https://example.com/a"),
        (
            rss("<title>T</title><link>a</link>", channel="<link>https://site.example/x/</link>"),
            "https://site.example/x/a",
        ),
        (rss("<title>T</title><link>a</link>", root='xml:base="https://base.example/y/"'), "https://base.example/y/a"),
        (atom('<title>T</title><link href="a"/>'), "https://example.com/dir/a"),
        (
            atom('<title>T</title><link href="a"/>').replace(
                "<entry>", '<link href="https://site.example/x/"/><entry>'
            ),
            "https://example.com/dir/a",
        ),
        (rss("<title>T</title><guid>https://example.com/g</guid>"), "https://example.com/g"),
        (rss("<title>T</title><link>javascript:alert(1)</link>"), ""),
        (rss("<title>T</title><link>https://user:pass@example.com/a</link>"), ""),
        (rss("<title>T</title>"), ""),
    ],
)
def test_links_are_resolved_and_only_web_addresses_are_kept(body: str, expected: str) -> None:
    assert entry(body).link == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            '<media:content url="/s.jpg" width="120" medium="image"/><media:content url="/l.jpg" width="900" medium="image"/>',
            Image("https://example.com/l.jpg", 900),
        ),
        ('<media:thumbnail url="/t.jpg" width="140" height="90"/>', Image("https://example.com/t.jpg", 140, 90)),
        ('<enclosure url="/e.jpg" type="image/jpeg" length="1"/>', Image("https://example.com/e.jpg")),
        ('<media:thumbnail url="/t-681x1024.jpg"/>', Image("https://example.com/t-681x1024.jpg")),
        ('<media:thumbnail url="/count/1x1?id=4"/>', None),
        ("<image>https://example.com/i.jpg?w=9&amp;h=6</image>", Image("https://example.com/i.jpg?w=9&h=6")),
        ("<image><![CDATA[ https://example.com/i.jpg ]]></image>", Image("https://example.com/i.jpg")),
        ("<image>none</image>", None),
        ('<enclosure url="#" type="image/jpeg" length="1"/>', None),  # resolves to the feed's own address
        ('<enclosure url="?" type="image/jpeg" length="1"/>', None),
        ("<description>&lt;img src='#'&gt; Waiting for its script</description>", None),
        ('<enclosure url="/e.mp3" type="audio/mpeg" length="1"/>', None),
        ('<media:content url="/v.mp4" type="video/mp4"/>', None),
        ('<description>&lt;img src="/d.png"&gt;</description>', Image("https://example.com/d.png")),
        ('<description>&lt;img src="/d.png" width="1" height="1"&gt;</description>', None),
        ('<description>&lt;img src="https://feeds.feedburner.com/~r/x"&gt;</description>', None),
        ('<description>&lt;img src="https://ads.example.com/img.cgi?4"&gt;</description>', None),
        ('<description>&lt;img src="/counter" width="0" height="0"&gt;</description>', None),
        ('<description>&lt;img src="/f.gif" alt="Add to Facebook"&gt;</description>', None),
        ('<description>&lt;img src="/twitter_icon_large.png"&gt;</description>', None),
        ('<description>&lt;img src="/icons/a.gif"&gt;</description>', None),
        ('<description>&lt;img src="/img/emoticons/wink.png"&gt;</description>', None),
        ('<description>&lt;img src="/Avatars/writer.jpg"&gt;</description>', None),
        ('<description>&lt;img src="/about/badges/sponsor.gif"&gt;</description>', None),
        (
            '<description>&lt;img src="/a-style-icon-dies.jpg" alt="She wants to add to her list"&gt;</description>',
            Image("https://example.com/a-style-icon-dies.jpg"),
        ),
        ('<media:thumbnail url="/story_icon.png"/>', Image("https://example.com/story_icon.png")),
        (
            '<media:thumbnail url="https://ad.example/t.jpg"/>',
            Image("https://ad.example/t.jpg"),
        ),  # an outlet called "ad"
        (
            '<description>&lt;img src="/p.jpg" alt="Share on profits rises"&gt;</description>',
            Image("https://example.com/p.jpg"),
        ),
        (
            '<description>&lt;img src="/p.jpg" alt="Save on energy"&gt;</description>',
            Image("https://example.com/p.jpg"),
        ),
        ('<description>&lt;img src="/g.gif" alt="share via Google Reader"&gt;</description>', None),
    ],
)
def test_the_picture_is_the_largest_declared_one_and_no_icon_counter_or_button(
    item: str, expected: Image | None
) -> None:
    assert entry(rss("<title>T</title>" + item, root=MEDIA)).image == expected


@pytest.mark.parametrize(("base", "expected"), [("https://site.example/news/", "https://site.example/news/x.png"),
                                                ("/up/", "https://example.com/up/x.png")])  # fmt: skip
def test_a_picture_in_the_content_is_resolved_against_xml_base(base: str, expected: str) -> None:
    body = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{base}"><title>F</title><entry><title>T</title>
        <id>1</id><link href="a"/><content type="html">&lt;img src="x.png"&gt;</content></entry></feed>"""

    assert entry(body).image == Image(expected)


def test_hints_are_read_from_the_channel_and_invalid_ones_are_ignored() -> None:
    channel = (
        "<ttl>90</ttl><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>x</hour><hour>25</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>Blursday</day></skipDays>"
    )
    hints = parsed(rss(ITEM, channel=channel)).hints

    assert (hints.ttl, hints.skip_hours, hints.skip_days) == (timedelta(minutes=90), frozenset({0, 7}), frozenset({6}))
    for invalid in ("soon", "0", "-5", "9" * 39, "9" * 5_000, "\u0663"):
        assert parsed(rss(ITEM, channel=f"<ttl>{invalid}</ttl>")).hints.ttl is None
    assert parsed(rss(ITEM + "<ttl>5</ttl>")).hints.ttl is None


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("<ttl><![CDATA[ 90 ]]></ttl>", 90),
        ("<!-- <ttl>1440</ttl> -->", None),
        ("<!-- <ttl>1440</ttl> --><ttl>90</ttl><!-- -->", 90),
        ("<description><![CDATA[<ttl>1440</ttl>]]></description>", None),
        ("<description><![CDATA[one]]></description><ttl>90</ttl><copyright><![CDATA[two]]></copyright>", 90),
    ],
)
def test_a_hint_may_stand_in_cdata_but_not_in_a_comment(channel: str, minutes: int | None) -> None:
    ttl = parsed(rss(ITEM, channel=channel)).hints.ttl

    assert ttl == (None if minutes is None else timedelta(minutes=minutes))


def test_the_update_period_is_divided_by_the_frequency() -> None:
    channel = "<sy:updatePeriod> daily </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    root = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'

    assert parsed(rss(ITEM, channel=channel, root=root)).hints.ttl == timedelta(hours=6)


@pytest.mark.parametrize(
    ("frequency", "ttl", "hours"),
    [("4", "90", 6), ("24", "90", 1.5), ("0", "90", 1.5), ("-1", "90", 1.5), ("x", "0", None), ("", "", 24)],
)
def test_of_ttl_and_update_period_the_longer_valid_one_counts(frequency: str, ttl: str, hours: float | None) -> None:
    channel = (
        f"<ttl>{ttl}</ttl><sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>"
    )
    root = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'

    expected = None if hours is None else timedelta(hours=hours)
    assert parsed(rss(ITEM, channel=channel, root=root)).hints.ttl == expected


@pytest.mark.parametrize(
    ("written", "lang"),
    [
        ("en-GB", "en"),
        ("fa_IR", "fa"),
        ("epo", "epo"),
        ("eng", "en"),
        ("per", "fa"),
        ("iw-IL", "he"),
        ("English", "en"),
        ("Farsi", "fa"),
        ("und", None),
        ("language", None),
        ("en " + "x" * 1_000, None),
    ],
)
def test_language_codes_and_names_are_normalised(written: str, lang: str | None) -> None:
    assert parsed(rss(ITEM, channel=f"<language>{written}</language>")).lang == lang


def test_the_configured_language_wins() -> None:
    assert parsed(rss(ITEM, channel="<language>en-us</language>"), lang="ru").lang == "ru"


# --- completeness -----------------------------------------------------------------------------------------------

LONG = rss(*(f"<title>Headline number {n} of ten</title><link>https://example.com/{n}</link>" for n in range(10)))


@pytest.mark.parametrize("tail", ["", "\n", "<!-- cached -->", "<script>x()</script>"])
def test_a_document_with_a_closed_root_is_whole_whatever_follows(tail: str) -> None:
    assert parsed(LONG + tail).whole


def test_a_document_cut_anywhere_gives_only_complete_entries() -> None:
    every = [(one.title, one.link) for one in parsed(LONG).entries]
    for cut in range(1, len(LONG) - 6, 7):
        result = read(LONG[:cut])
        if isinstance(result, Parsed):
            assert not result.whole
            assert [(one.title, one.link) for one in result.entries] == every[: len(result.entries)]
            assert len(result.entries) == LONG[:cut].count("</item>")
        else:
            assert result.reason in {Reason.TRUNCATED, Reason.NOT_A_FEED}


def test_a_cut_json_feed_keeps_its_complete_items() -> None:
    items = [{"id": str(n), "url": f"https://example.com/{n}", "title": f"Headline {n}"} for n in range(5)]
    body = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})
    cut = parsed(body[: body.index('"Headline 3"') + 6])

    assert not cut.whole
    assert [one.title for one in cut.entries] == ["Headline 0", "Headline 1", "Headline 2"]
    assert reason(body[:60]) is Reason.TRUNCATED


def test_an_item_closed_only_inside_cdata_is_not_complete() -> None:
    cut = rss(ITEM, "<title>How RSS works</title><description><![CDATA[write </item> and </rss> then").removesuffix(
        "</item></channel></rss>"
    )

    assert [one.title for one in parsed(cut).entries] == ["Ship seized"]
    assert not parsed(cut).whole


@pytest.mark.parametrize(
    ("extra", "whole"),
    [
        ("<!-- until </channel></rss> -->", False),
        ("<!-- until </channel></rss>", False),
        ("<description><![CDATA[<!-- </rss> ]]></description>", False),
        ("<description><![CDATA[<!-- more ]]></description></item></channel></rss>", True),
    ],
)
def test_a_closing_tag_in_a_comment_closes_nothing(extra: str, whole: bool) -> None:
    assert parsed(rss(ITEM, f"<title>How comments work</title>{extra}").partition(extra)[0] + extra).whole is whole


def test_an_unclosed_document_is_truncated_only_if_it_is_a_feed() -> None:
    assert reason("<svg><g>") is Reason.NOT_A_FEED
    assert reason("<rss><channel>") is Reason.TRUNCATED


def test_a_cut_sitemap_keeps_its_complete_urls() -> None:
    one = "<url><loc>https://example.com/ship-seized-in-strait-%d</loc></url>"
    cut = parsed("<urlset>" + one % 1 + one % 2 + "<url><loc>https://example.com/ship-sei")

    assert (len(cut.entries), cut.whole) == (2, False)


# --- the gate ---------------------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE rss [<!ENTITY a "x">]>' + rss("<title>&a;</title>").removeprefix('<?xml version="1.0"?>')


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        BOMB.encode("utf-16-le"),
        BOMB.encode("utf-16-be"),
        BOMB.encode("utf-32"),
        BOMB.encode("utf-32-le"),
        b'<?xml version="1.0" encoding="utf-7"?>' + BOMB.encode("utf-7").replace(b"<", b"+ADw-"),
        b'<?xml version="1.0" encoding="utf-7"?>' + BOMB.replace("<!", "+ADwAIQ-").encode(),
        b'<?xml version="1.0" encoding="iso-2022-jp"?>' + BOMB.encode().replace(b"<!ENTITY", b"<!ENT\x1b(BITY"),
        BOMB.replace("<!DOCTYPE rss [", '<!DOCTYPE rss SYSTEM "a>b" [').encode(),
        BOMB.replace("<!DOCTYPE rss [", "<!DOCTYPE rss [<!-- ]> --><x>").encode(),
        BOMB.replace("<!DOCTYPE", "<!-- <rss> --><!doctype").replace("<!ENTITY", "<!entity").encode(),
        BOMB.replace('"x"', 'SYSTEM "file:///etc/passwd"').encode(),
        BOMB.replace("<!ENTITY a", "<!ENTITY % a").encode(),
        b"\xef\xbb\xbf" + BOMB.encode(),
        b"junk <br> " + BOMB.encode(),
        BOMB.replace("<!ENTITY a", "<!ATTLIST item a CDATA").encode(),
        BOMB.replace("<!ENTITY a", "<!ATTLIST item a CDATA").encode("utf-16"),
    ],
)
def test_a_document_that_declares_entities_is_refused(body: bytes) -> None:
    assert reason(body) is Reason.ENTITIES


def test_entities_are_found_in_utf_7_declared_by_the_header() -> None:
    assert reason(BOMB.replace("<!", "+ADwAIQ-"), content_type="text/xml; charset=utf-7") is Reason.ENTITIES


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">',
        '<!DOCTYPE rss SYSTEM "x">',
    ],
)
def test_a_doctype_without_declarations_is_accepted(doctype: str) -> None:
    assert len(parsed(doctype + rss(ITEM).removeprefix('<?xml version="1.0"?>')).entries) == 1


def test_an_entity_declaration_quoted_in_cdata_is_accepted() -> None:
    assert entry(rss("<title><![CDATA[What <!ENTITY does]]></title>")).title.startswith("What")


@pytest.mark.parametrize(
    "body",
    [
        rss("<a>" * 5_000 + "</a>" * 5_000),
        rss("<title " + " ".join(f"a{n}='1'" for n in range(20_000)) + ">T</title>"),
        rss("<title a='" + "x" * 66_000 + "'>T</title>"),  # only libxml2 would read it
        "<rss>" + "x" * (10 * 1024 * 1024),
    ],
)
def test_a_document_that_is_too_deep_too_wide_or_too_long_is_refused(body: str) -> None:
    assert reason(body) is Reason.TOO_LARGE


def test_no_more_entries_are_read_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wirekin.parse._xml.MAX_ENTRIES", 4)
    found = parsed(LONG)

    assert (len(found.entries), found.whole) == (4, True)


def test_the_entries_behind_the_last_that_is_taken_reach_no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[bytes] = []
    monkeypatch.setattr("wirekin.parse._xml.MAX_ENTRIES", 4)
    monkeypatch.setattr(feedparser, "parse", lambda stream, **_: given.append(stream.read()) or {})
    read(LONG)

    assert [body.count(b"<item>") for body in given] == [4]


def test_a_document_that_takes_all_memory_is_not_called_no_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedparser, "parse", Mock(side_effect=MemoryError))
    with pytest.raises(MemoryError):  # the worker says that it ran out of memory
        read(rss("<title>A <b>B</b></title>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-r", "utf-32", "utf-7"])
def test_declared_encodings_are_read(encoding: str) -> None:
    body = rss("<title>Судно задержано</title>").replace('"1.0"', f'"1.0" encoding="{encoding}"', 1)

    assert entry(body.encode(encoding)).title == "Судно задержано"


@pytest.mark.parametrize("said_by", ["document", "header"])
@pytest.mark.parametrize(
    ("name", "codec", "title"),
    [
        ("ISO-8859-8-I", "cp1255", "צה״ל: מכלית נתפסה".replace("״", "”")),
        ("x-mac-cyrillic", "mac-cyrillic", "Судно задержано"),
        ("windows-31j", "cp932", "日本の首相が辞任"),
    ],
)
def test_encodings_whose_names_only_browsers_know_are_read(name: str, codec: str, title: str, said_by: str) -> None:
    declared = rss(f"<title>{title}</title>").replace('"1.0"', f'"1.0" encoding="{name}"', 1)
    body = declared if said_by == "document" else rss(f"<title>{title}</title>")

    header = "text/xml" + (f"; charset={name}" if said_by == "header" else "")
    assert entry(body.encode(codec), content_type=header).title == title


@pytest.mark.parametrize("encoding", ["windows-1251", "iso-8859-1", "us-ascii"])
def test_a_utf_8_byte_order_mark_overrides_the_declared_encoding(encoding: str) -> None:
    body = rss("<title>Судно задержано</title>").replace('"1.0"', f'"1.0" encoding="{encoding}"', 1)

    assert entry(codecs.BOM_UTF8 + body.encode()).title == "Судно задержано"


def test_the_header_gives_the_encoding_of_a_document_that_declares_none() -> None:
    body = rss("<title>Судно задержано</title>").encode("windows-1251")

    assert entry(body, content_type="text/xml; charset=windows-1251").title == "Судно задержано"


def test_a_false_declaration_of_utf_16_is_ignored() -> None:
    assert entry(rss(ITEM).replace('"1.0"', '"1.0" encoding="utf-16"', 1)).title == "Ship seized"


def test_a_gzipped_sitemap_is_unpacked_up_to_the_size_limit() -> None:
    import gzip

    packed = gzip.compress(b"<urlset><url><loc>https://example.com/ship-seized-in-strait</loc></url></urlset>")
    bomb = gzip.compress(b"<urlset>" + b" " * (11 * 1024 * 1024))

    assert len(parsed(packed).entries) == 1
    assert reason(bomb) is Reason.TOO_LARGE
    assert len(_xml.unpacked(bomb)) == _xml.MAX_BODY_BYTES + 1


# --- hostile input ----------------------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.sampled_from(FeedKind))
@settings(max_examples=200, deadline=None)
def test_random_bytes_raise_nothing(body: bytes, kind: FeedKind) -> None:
    assert isinstance(read(body, kind=kind), Parsed | ParseFailed)


@pytest.mark.parametrize("seed", range(5))
def test_a_randomly_mutated_feed_raises_nothing(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        raw = bytearray(rss(ITEM + "<pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate>", root=MEDIA).encode())
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(raw))
            raw[at : at + chance.randint(0, 3)] = chance.choice(
                [b"<", b"&#x0;", b"]]>", b"\xff\xfe", b"<![CDATA[", b""]
            )
        assert isinstance(read(bytes(raw)), Parsed | ParseFailed)


def test_a_lone_surrogate_reference_costs_only_its_element() -> None:
    one = "<url><loc>https://example.com/ship-seized-in-strait-%d</loc>%s</url>"
    half = one % (1, "<lastmod>&#xD800;</lastmod>") + one % (2, "")
    outlines = '<outline xmlUrl="http://a.example/" text="&#xD800;"/><outline xmlUrl="http://b.example/"/>'

    assert len(parsed(f"<urlset>{half}</urlset>").entries) == 2
    assert parse_opml(f"<opml><body>{outlines}</body></opml>".encode()) == (("", "http://b.example/", FeedKind.FEED),)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("A &#xD83D;&#xDE00; b", "A \U0001f600 b"),
        ("A &#55357;&#56832; b", "A \U0001f600 b"),
        ("<![CDATA[A &#xd83d;&#56832; b]]>", "A \U0001f600 b"),
        ("A &#xD800;b &#56832;c &#57343;", "A b c"),
        ("A &#xDE00;&#xD83D; b", "A b"),
        ("A &#x110000;b&#1114112; &#" + "9" * 5_000 + ";c &#x0000000041;", "A b c A"),
        ("A&#x10FFFD;&#1114109;b", "A\U0010fffd\U0010fffdb"),
        ("A&#0;b&#1;c", "Abc"),
        ("&#55295;&#57344;&#xD7FF;&#xE000;", "\ud7ff\ue000\ud7ff\ue000"),
    ],
)
def test_surrogate_pairs_are_joined_and_invalid_character_references_dropped(written: str, expected: str) -> None:
    found = entry(rss(f"<title>{written}</title>"))

    assert found.title == expected


def test_a_json_feed_with_numbers_of_any_length_is_read() -> None:
    one, two = ('{"id": ' + number + ', "url": "/a", "title": "A"}' for number in ("9" * 100_000, "2"))
    found = parsed('{"version": "https://jsonfeed.org/version/1.1", "items": [' + f"{one}, {two}]}}")

    assert [entry.guid[:3] for entry in found.entries] == ["999", "2"]
    assert found.whole


def test_what_taking_half_a_character_out_makes_half_a_character_costs_its_address_only() -> None:
    one = "<url><loc>https://example.com/ship-seized-in-strait-%s</loc></url>"
    body = f"<urlset>{one % '1&amp;&&#xD800;#xD800;'}{one % '2'}</urlset>"

    assert [found.link[-2:] for found in parsed(body).entries] == ["-2"]


WORDS, MANY = "word " * 2_000, [f"word {number} " + "x" * 100 for number in range(99)]
WORDY = {
    "RSS": rss(
        f"<title>{WORDS}</title><link>/a</link><guid>{'g' * 5_000}</guid><description>{WORDS}</description>"
        + "".join(f"<category>{name}</category>" for name in MANY)
        + f"<source url='/b'>{WORDS}</source>",
        channel=f"<title>{WORDS}</title>",
    ),
    "JSON Feed": json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": WORDS,
            "items": [{"id": "g" * 5_000, "url": "/a", "title": WORDS, "summary": WORDS, "tags": MANY}],
        }
    ),
    "sitemap": '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/a</loc><n:news>'
    f"<n:publication><n:name>{WORDS}</n:name></n:publication><n:title>{WORDS}</n:title>"
    f"<n:keywords>{','.join(MANY)}</n:keywords></n:news></url></urlset>",
}


@pytest.mark.parametrize("dialect", WORDY)
def test_the_texts_of_an_entry_are_cut_at_their_caps_in_every_dialect(dialect: str) -> None:
    found = parsed(WORDY[dialect])
    (one,) = found.entries
    capped = [(found.title, 500), (one.title, 500), (one.summary, 1_000), (one.guid, 2_048)]
    capped += [(one.source.name, 200)] if one.source else []

    assert [cap for text, cap in capped if text and not cap - 10 < len(text) <= cap] == []
    assert (len(one.categories), max(map(len, one.categories))) == (20, 80)


@pytest.mark.parametrize("kind", FeedKind)
@pytest.mark.parametrize(
    "body", [rss(ITEM), atom(ITEM), "<urlset><url><loc>/a/ship-seized-in-strait</loc></url></urlset>"]
)
def test_a_feed_or_sitemap_is_read_whatever_was_expected(body: str, kind: FeedKind) -> None:
    found = parsed(body, kind=kind)

    assert found.kind != "page"
    assert len(found.entries) == 1


def test_a_processing_instruction_inside_a_page_is_skipped() -> None:
    headlines = "".join(
        f"<article><h2><a href='/{n}'>Headline number {n} of the ten</a></h2></article>" for n in range(9)
    )

    assert len(parsed(f"<html><body><?php echo 1 ?>{headlines}</body></html>", kind=FeedKind.PAGE).entries) == 9


def test_markup_and_direction_overrides_are_removed_from_a_title() -> None:
    one = entry(rss("<title>a\u202eb&#8238;&lt;script&gt;alert(1)&lt;/script&gt; ship</title>"))

    assert "<" not in one.title
    assert "\u202e" not in one.title
