"""Documents of every dialect, and random mutations of bytes and text, seeded so that a failure can be repeated."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator, Sequence

from wirekin.model import FeedKind

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Daily</title><link>https://a.example/</link>
<ttl>60</ttl><skipHours><hour>3</hour></skipHours><sy:updatePeriod>daily</sy:updatePeriod><language>en-us</language>
<item><title>Ship seized in the strait - Daily</title><link>https://a.example/1?utm_source=rss</link><guid>g1</guid>
<pubDate>Sun, 22 Nov 2026 09:00:00 GMT</pubDate><description>&lt;p&gt;A &amp;amp; b&lt;/p&gt;</description>
<media:content url="https://a.example/1.jpg" width="640"/><category>World</category></item>
<item><title><![CDATA[Судно <b>задержано</b>]]></title><link>/2</link><dc:date>2026-11-22T08:00:00+03:00</dc:date></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="he" xml:base="https://a.example/"><title>Daily</title>
<entry><id>tag:a,1</id><title type="html">A &lt;i&gt;ship&lt;/i&gt; seized</title><link href="3?a=1&amp;b=2"/>
<updated>2026-11-22T09:00:00Z</updated><summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">x</div></summary>
<source><title>Other</title><link href="https://b.example/"/></source></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
<channel rdf:about="https://a.example/"><title>Daily</title><link>https://a.example/</link></channel>
<item rdf:about="https://a.example/4"><title>نفت‌کش توقیف شد</title><link>https://a.example/4</link></item></rdf:RDF>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "home_page_url": "https://a.example/",
"items": [{"id": "1", "url": "https://a.example/5", "title": "Ship seized", "date_published": "2026-11-22T09:00:00Z",
"tags": ["World"], "image": "/5.png"}, {"id": 2, "external_url": "https://b.example/6", "content_html": "<p>x</p>"}]}"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/7</loc><news:news>
<news:publication><news:name>Daily</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-11-22</news:publication_date><news:title>Ship seized</news:title></news:news></url>
<url><loc>https://a.example/ship-seized-in-the-strait-8</loc><lastmod>2026-11-22</lastmod></url></urlset>"""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Daily</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ship seized", "url": "/9"}</script></head><body>
<article><h2><a href="/9">Ship seized in the strait of Hormuz</a></h2><time datetime="2026-11-22T09:00">1 hour ago</time>
<img src="/9.jpg" srcset="/9.jpg 1x, /9b.jpg 2x"></article><article><h2><a href="/10">Oil price rises after seizure of
tanker</a></h2></article><article><h2><a href="/11">Talks go on in Geneva over the tanker</a></h2></article></body></html>"""
DOCUMENTS = [text.encode() for text in (RSS, ATOM, RDF, JSON, SITEMAP, PAGE)]
KINDS = tuple(FeedKind)

TOKENS = [
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?", b"?>", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3",
    b"&#0;", b"&#x110000;", b"&#xD800;", b"&lt;", b"&amp;amp;", b"&nbsp;", b"&zork;", b"<item>", b"</item>", b"<entry>",
    b"</channel>", b"<script>", b'"', b"'", b"\\u0000", b"\\ud800", b"{", b"[" * 50, b"}", b"]", b"null", b"1e999", b"-1",
    b"9" * 30, b"0000-00-00", b"9999-12-31T23:59:60Z", b"Thu, 30 Feb 2026 25:61:61 +9999", b"javascript:alert(1)",
    b"http://[::1", b"//", b"\\", b"\x1b(B", b"\xe2\x80\xae", b"\xed\xa0\x80", b"<!DOCTYPE x>", b'<a b="' + b"x" * 300,
    b'xmlns="', b"<div>" * 40, b"=", b"\r", b"\t", b" " * 40, b"\x85", b"\xe2\x80\xa8", b'encoding="utf-16"', b"/",
]  # fmt: skip
ENCODINGS = ["utf-16", "utf-32", "utf-7", "utf-16-le", "cp037", "windows-1251", "shift_jis", "iso2022_jp", "gb18030"]

Spoil = Callable[[bytes, random.Random], bytes]


def _span(body: bytes, drawn: random.Random) -> slice:
    first = drawn.randrange(len(body) + 1)
    return slice(first, min(len(body), first + drawn.choice([1, 3, 10, 60, 400])))


def _lose(body: bytes, drawn: random.Random) -> bytes:
    span = _span(body, drawn)
    return body[: span.start] + body[span.stop :]


def _repeat(body: bytes, drawn: random.Random) -> bytes:
    span = _span(body, drawn)
    return body[: span.stop] + body[span] * drawn.choice([1, 1, 2, 30]) + body[span.stop :]


def _gain(body: bytes, drawn: random.Random) -> bytes:
    at = drawn.randrange(len(body) + 1)
    return body[:at] + drawn.choice(TOKENS) + body[at:]


def _overwrite(body: bytes, drawn: random.Random) -> bytes:
    span = _span(body, drawn)
    return body[: span.start] + drawn.randbytes(span.stop - span.start) + body[span.stop :]


def _change_a_bit(body: bytes, drawn: random.Random) -> bytes:
    raw = bytearray(body or b" ")
    raw[drawn.randrange(len(raw))] ^= 1 << drawn.randrange(8)
    return bytes(raw)


def _cut(body: bytes, drawn: random.Random) -> bytes:
    return body[: drawn.randrange(len(body) + 1)]


def _swap(body: bytes, drawn: random.Random) -> bytes:
    one, other = sorted((_span(body, drawn), _span(body, drawn)), key=lambda span: span.start)
    between = body[one.stop : other.start]
    return body[: one.start] + body[other] + between + body[one] + body[other.stop :]


def _graft(body: bytes, drawn: random.Random) -> bytes:
    other = drawn.choice(DOCUMENTS)
    at = drawn.randrange(len(body) + 1)
    return body[:at] + other[drawn.randrange(len(other)) :]


def _recode(body: bytes, drawn: random.Random) -> bytes:
    return body.decode("utf-8", "replace").encode(drawn.choice(ENCODINGS), "replace")


def _pack(body: bytes, drawn: random.Random) -> bytes:
    return gzip.compress(body, compresslevel=drawn.choice([0, 1]), mtime=0)


SPOILS: Sequence[Spoil] = (_lose, _repeat, _gain, _gain, _gain, _overwrite, _change_a_bit, _cut, _swap, _graft)
ONCE: Sequence[Spoil] = (_recode, _pack)


def spoiled(body: bytes, drawn: random.Random) -> bytes:
    """The bytes after one to five random mutations."""
    for _ in range(drawn.randint(1, 5)):
        body = drawn.choice(SPOILS)(body, drawn)
    return drawn.choice(ONCE)(body, drawn) if drawn.random() < 0.1 else body


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """`count` mutated documents."""
    drawn = random.Random(seed)
    for _ in range(count):
        yield spoiled(drawn.choice(DOCUMENTS), drawn)


LETTERS = (
    "abcXYZ019 \t\n\r\0\x07\x1b\x7f\x85 <>&;\"'`/\\#?=%+@:.,-_()[]{}|~!*^$\u00ad\u200b\u200c\u200d\u200e\u202e\u2066\u2028"
    "\ufeff\ufffe\ufdd0\ud800\udfff\U0001f600\U000e0041éßİıſ\u0301\u0338\u037e\u1fef\u212b北京日本אבגשָׁلاإيـ١٢یкёЁйñ①ﬁ∞"
)
PIECES = [
    "&lt;", "&amp;", "&amp;amp;lt;", "&#60;", "&#x3C", "&#0;", "&lt", "<b>", "</b>", "<script>", "<!--", "-->", "<img src=x",
    "javascript:", "JaVa\tScRiPt:", "data:text/html,", "http://", "https://", "//", "www.", ".com", ":443", "user:pw@",
    "%00", "%2e%2e", "%zz", "../", "./", "?utm_source=x", "&amp;", "#top", "[::1]", "127.0.0.1", "0x7f.1", "xn--", "xn--a",
    "google.com/amp/s/", "AND", "OR", "NOT", "NEAR(", "*", '"', '""', "title:", "^", "العربية", "в Иране", "breaking:",
    "(Reuters) -", " - The Daily Example", "|", "–", "a" * 300, " " * 50, "ا" * 70, "é" * 70, "&" * 40, "<" * 40,
]  # fmt: skip

WORDS = [  # for searches: words of stored headlines (in the store and web tests), and syntax of the query language
    "seized", "Ship", "пролив", "کشتی", '"ship"', "ship*", "NEAR(", "AND", "-seized", "title:ship", "'", ";drop table",
]  # fmt: skip


def texts(count: int, seed: int, *more: str) -> Iterator[str]:
    """`count` strings of unusual characters and of PIECES, to which `more` adds."""
    drawn = random.Random(seed)
    pieces = [*PIECES, *more]
    for _ in range(count):
        parts = [
            drawn.choice(pieces) if drawn.random() < 0.5 else "".join(drawn.choices(LETTERS, k=drawn.randint(1, 6)))
            for _ in range(drawn.randint(1, 8))
        ]
        yield "".join(parts)
