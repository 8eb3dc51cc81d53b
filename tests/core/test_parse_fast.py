"""The fast path reads a feed exactly as the tolerant path does, or leaves it to that."""

from __future__ import annotations

import os
import pickle
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pytest

from wirekin.model import Entry, Parsed, ParseResult
from wirekin.parse import AT_ONCE_BYTES, _fast, _mend, _tolerant, _walk, _xml, parse_at_once, parse_document
from wirekin.parse._mend import MOST_PARTS, MOST_PREFIXES
from wirekin.parse._rules import MOST_ODD_DATES, MOST_TAGS

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "../shared/corpus"
URL = "https://feeds.example.com/dir/feed.xml"
ONE_IN = 1 if os.environ.get("WIREKIN_PROOF") else 3  # step through the corpus; all of its news feeds are read
MUTANTS = 20_000 if os.environ.get("WIREKIN_PROOF") else 300
LONGEST_MUTATED = 60_000  # bytes; longer feeds only repeat themselves
NOW = datetime(2026, 11, 22, tzinfo=UTC)
LEAST_NEWS = 0.97  # of the news feeds of the corpus that the gate lets through; 47 of 47, 2026-11


def fast_and_tolerant(body: bytes, charset: str = "") -> tuple[ParseResult | None, ParseResult]:
    """The results of the fast path and of the tolerant one for one document."""
    plain = _xml.plain_bytes(_xml.unpacked(body), charset) or b""
    root, root_at = _xml.root_of(plain)
    whole = _xml.is_whole(plain, root, root_at)
    given = {"url": URL, "root": root, "charset": charset, "whole": whole, "lang": None}
    return _fast.parse(plain, **given), _tolerant.parse(plain, **given)  # type: ignore[arg-type]


def marks(read: ParseResult) -> list[int]:
    """The marks of the entries, which `==` does not compare."""
    return [entry.mark for entry in read.entries] if isinstance(read, Parsed) else []


def rss(
    items: str = "", *, channel: str = "<title>Site</title><link>https://a.example/</link>", root: str = ""
) -> bytes:
    """An RSS 2.0 document with the given contents."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {NAMESPACES} {root}>'
        f"<channel>{channel}{items}</channel></rss>"
    ).encode()


def atom(entries: str, *, root: str = "") -> bytes:
    """An Atom 1.0 document with the given contents."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES} {root}><title>Site</title>{entries}</feed>'.encode()


NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:zork="urn:zork" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom"'
)
RDF = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    b'<channel rdf:about="https://a.example/"><title>S</title><link>https://a.example/</link><items><rdf:Seq>'
    b'<rdf:li rdf:resource="https://a.example/1"/></rdf:Seq></items></channel><image><title>P</title></image>'
    b'<item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1?a=1&amp;b=2</link></item>'
    b"</rdf:RDF>"
)

NAMELESS = (
    b"<rss><channel><title>S</title><atom:link href='https://b.example/' rel='alternate'/><item><link>https://a.example/1</link>"
    b"<media:content url='i.jpg'><media:title>M</media:title></media:content><dc:title>D</dc:title><og:Title>O</og:Title>"
    b"<content:encoded><![CDATA[<o:p>x</o:p>]]></content:encoded><dc:date>2026-11-02</dc:date></item></channel></rss>"
)

READ_FAST = {
    "a plain item": rss("<item><title>A &amp;amp; B</title><link> https://a.example/1 </link><guid>7</guid>"
                        "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item>"),
    "markup in CDATA": rss("<item><title><![CDATA[<b>A</b> &amp; B]]></title><description><![CDATA[<p>x<img src='/i.png'>"
                           "</p>]]></description></item>"),
    "a guid that stands for the link": rss("<item><title>A</title><guid>https://a.example/1</guid></item>"),
    "a guid that is no link": rss('<item><title>A</title><guid isPermaLink="false">7</guid></item>'),
    "two links, the second empty": rss("<item><link>https://a.example/1</link><link/></item>"),
    "a query with semicolons": rss("<item><link>https://a.example/?a=1&amp;b;=2&amp;amp;c=3</link></item>"),
    "a link that describes where it leads": rss(
        "<item><title>A</title><link>https://a.example/1</link><x><link url='/2' rel='related'><zork:title>B</zork:title>"
        "<title>C</title><enclosure url='i.png' type='image/png'/><url>u</url></link></x></item>"),
    "a describing link that is the entry's own": rss("<item><link href='/2' lang='fr'><title>C</title></link><title>A</title></item>"),
    "places of GeoRSS": rss("<item><title>A</title><georss:box>42.9 -71.0 43.0 -69.8</georss:box><georss:line>x</georss:line><georss:polygon/></item>",
                  root="xmlns:georss='http://www.georss.org/georss'"),
    "a namespace of two spellings": rss("<item><media:title xmlns:media='http://search.yahoo.com/mrss'>M</media:title></item>"
                                        "<item><media:content url='i.jpg'/></item>"),
    "four slashes": rss("<item><link>https:////a.example/1</link></item>"),
    "a relative link": rss("<item><link>/one</link></item>"),
    "a second description": rss("<item><description>a</description><description>b</description></item>"),
    "content before the description": rss("<item><content:encoded>c</content:encoded><description>d</description></item>"),
    "an itunes summary first": rss("<item><itunes:summary>s</itunes:summary><description>d</description></item>"),
    "a summary of the channel": rss("<item><description>d</description><description>e</description></item>",
                                    channel="<itunes:summary>s</itunes:summary><description>d</description>"),
    "two titles": rss("<item><title>A</title><title>B</title></item>"),
    "an empty title and another": rss("<item><title/><title>B</title></item>"),
    "the media title first": rss("<item><media:content url='i.jpg'><media:title>M</media:title></media:content>"
                                 "<title>A</title></item>"),
    "the media title last": rss("<item><title>A</title><media:title>M</media:title></item>"),
    "a title in another element": rss("<item><og><title>O</title></og><title>A</title></item>"),
    "a picture with a title between titles": rss("<item><title>A</title><image><title>P</title></image>"
                                                 "<title>B</title></item>"),
    "a caption in a picture": rss("<item><image><url>u</url><title>P</title><caption>c</caption><media:x/></image><title>B</title></item>"),
    "a title in an enclosure": rss("<item><enclosure url='i.png' type='image/png'><title>A</title><enclosure url='j.png'/></enclosure></item>"),
    "a date element": rss("<item><date>2026-11-02</date></item><item><date>Tuesday</date><updated>2026-11-03</updated></item>",
                            channel="<date>2026-11-01</date>"),
    "two publishers": rss("<item><publisher>p</publisher><dc:publisher>q</dc:publisher></item>"),
    "a site picture before a nested title": rss(channel="<title>S</title><image><title>P</title></image>"
                                                "<x><title>N</title></x>"),
    "pictures of every kind": rss("<item><media:group><media:content url='a.jpg' width='700' medium='image'/>"
                                  "<media:thumbnail>b.jpg</media:thumbnail></media:group><itunes:image href='c.jpg'/>"
                                  "<enclosure url='d.jpg' type='IMAGE/JPEG'/></item>"),
    "a thumbnail with the picture in it": atom("<entry><media:thumbnail url='a.jpg' width='66'> <img src='b.jpg' alt='x'/>"
                                              "<media:thumbnail/></media:thumbnail><title>T</title></entry>"),
    "categories": rss("<item><category domain='d'>a</category><category>a</category><dc:subject>b</dc:subject>"
                      "<media:keywords>c, d</media:keywords><itunes:category text='e'><itunes:category text='f'/>"
                      "</itunes:category></item>"),
    "a source": rss("<item><source url='https://b.example/feed'>B</source><title>A</title></item>"),
    "languages": rss("<item xml:lang='fr_FR'><title>A</title></item><item><title xml:lang=''>B</title></item>",
                     channel="<language>de-AT</language>", root="xml:lang='en'"),
    "two dates": rss("<item><pubDate>2026-11-02</pubDate><dc:date>2026-11-03T10:00:00Z</dc:date></item>"),
    "a date only feedparser reads": rss("<item><pubDate>2004-05-25 \u110b\u1169\u110c\u1165\u11ab 11:23:17</pubDate></item>"),
    "dates that neither reads": rss("<item><pubDate>22/11/2026 10:00</pubDate></item><item><pubDate>\u06f1\u06f4\u06f0\u06f5/\u06f0\u06f9</pubDate>"
                                   "<dc:date>yesterday</dc:date></item>"),
    "a date of no known shape and another": rss(
        "<item><pubDate>2004-05-25 \u110b\u1169\u110c\u1165\u11ab 11:23:17</pubDate><pubDate/></item>"
        "<item><pubDate>2026-11-02</pubDate><pubDate>2026326</pubDate></item>"
        "<item><pubDate>2026326</pubDate><pubDate>2026-11-02</pubDate></item>"),
    "a date that cannot be": rss("<item><pubDate>0000-00-00 00:00:00</pubDate></item>"),
    "UTF-8 that was encoded twice": rss("<item><title>Ã©tÃ©</title></item>"),
    "Windows-1252 as code points": rss("<item><title>It\x92s &#150; so</title></item>"),
    "an unknown namespace by a known prefix": rss("<item><dc:creator>c</dc:creator></item>").replace(
        b"http://purl.org/dc", b"https://purl.org/dc"),
    "an unknown element of a known name": rss("<item><zork:title>Z</zork:title><title>A</title></item>"),
    "a declared base": rss("<item><link>one</link></item>", root='xml:base="https://b.example/x/"'),
    "a comment and an instruction in a text": rss("<item><title>A<!-- c -->B<?p i?>C</title></item>"),
    "line ends": rss("<item><title>A\r\nB</title></item>"),
    "Atom": atom("<entry><title type='html'>A &lt;b>B&lt;/b></title><id>tag:a,1</id><updated>2026-11-02T10:00:00Z</updated>"
                 "<link rel='self' href='https://a.example/f'/><link href='https://a.example/1'/>"
                 "<summary>s</summary><content type='html'>c</content></entry>"),
    "Atom with an id for a link": atom("<entry><id>https://a.example/1</id><title>A</title></entry>"),
    "Atom with a base at its contents": atom("<entry><content xml:base='https://b.example/'>c</content></entry>"
                                             "<entry><link href='two'/><link rel='enclosure' href='i.png'/></entry>"),
    "Atom with bases at its entries": atom(
        "<entry xml:base='https://b.example/x/'><link href='one'/><content xml:base='https://c.example/'>c</content>"
        "<id>two</id></entry><link href='three'/><entry><link href='four'/></entry><entry xml:base='y/'><link href='five'/>"
        "</entry><link href='six'/>"
    ),
    "Atom with bases at its entries and one of its own": atom(
        "<entry xml:base='y/'><link href='one'/><content xml:base='https://c.example/'>c</content><id>two</id></entry>"
        "<entry xml:base='tag:z'><link href='three'/></entry><entry><link href='four'/></entry><link href='five'/>"
    ).replace(b"<feed", b"<feed xml:base='https://b.example/x/'"),
    "Atom with addresses that are none below a base": atom(
        "<entry><title>A</title><link href='http://[x'/><link rel='enclosure' href='http://[x/i.png'/></entry>",
        root="xml:base='https://b.example/x/'"),
    "RDF": RDF,
    "RDF with a picture before its channel": RDF.replace(b"<channel", b"<image><title>P</title></image><channel", 1),
    "Windows-1251": rss("<item><title>Да</title></item>").decode().replace("utf-8", "windows-1251").encode("cp1251"),
    "a byte order mark": b"\xef\xbb\xbf" + rss("<item><title>é</title></item>"),
    "a DOCTYPE": rss("<item><title>A</title></item>").replace(
        b"?><rss", b'?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss.dtd"><rss'),
    "a DOCTYPE on a line of its own": b"<!-- c -->\n <!DOCTYPE feed>\n" + atom("<entry><title>A</title></entry>"),
    "an encoding nobody knows": rss().replace(b'"utf-8"', b'"x-zork"'),
}  # fmt: skip

LEFT_TO_TOLERANT = {
    "a DOCTYPE with a subset": rss().replace(b"?><rss", b"?><!DOCTYPE rss [<!ELEMENT rss ANY>]><rss"),
    "a DOCTYPE within a line": rss().replace(b"?><rss", b"?><!-- c --><!DOCTYPE rss><rss"),
    "a DOCTYPE in small letters": rss().replace(b"?><rss", b"?><!doctype rss><rss"),
    "a DOCTYPE behind a comment with an element": b"<!-- <a> --><!DOCTYPE rss>" + rss().partition(b"?>")[2],
    "a DOCTYPE after its element": b"<rss version='2.0'><!DOCTYPE rss><channel/></rss>",
    "Netscape's DOCTYPE on another dialect": b'<!DOCTYPE feed SYSTEM "http://my.netscape.com/rss.dtd">' + atom(""),
    "a site's link too long for what is relative to it": rss("<item><title>A</title><link>b</link></item>",
                                                             channel=f"<link>https://a.example/{'a/' * 100}</link>"),
    "a reference in a picture's address beside a stray ampersand": rss(
        "<item><title>A & B</title><media:thumbnail>https://a.example/i.jpg?a=1&amp;b=2</media:thumbnail></item>"),
    "a line end in an address beside a stray ampersand": rss(
        "<item><title>A & B</title><link href='https://a.example/o\nne'/></item>"),
    "a line end in a picture's address beside a stray ampersand": rss(
        "<item><title>A & B</title><media:content url='https://a.example/o\nne.jpg'/></item>"),
    "a line end in the site's address beside a stray ampersand": rss(
        "<item><title>A & B</title></item>", channel="<link href='https://a.example/o\nne'/>"),
    "an address escaped twice beside a stray ampersand": rss(
        "<item><title>A & B</title><link>https://a.example/?a=1&amp;amp;b=2</link></item>"),
    "pictures in a picture in a thumbnail": atom(
        "<entry><media:thumbnail url='a.jpg'><media:thumbnail url='b.jpg'><img/></media:thumbnail></media:thumbnail></entry>"),
    "a text beside a picture in a thumbnail": atom(
        "<entry><media:thumbnail url='a.jpg'>b.jpg<media:thumbnail/></media:thumbnail></entry>"),
    "a picture in a thumbnail without an address": atom("<entry><media:thumbnail><img src='b.jpg'/></media:thumbnail></entry>"),
    "a link behind a caption in a picture": rss("<item><image><caption>c</caption><link>l</link></image></item>"),
    "an element in a caption": rss("<item><image><caption><b>c</b></caption></image></item>"),
    "a publisher with attributes": rss("<item><publisher url='u'>p</publisher></item>"),
    "a date element with attributes": rss("<item><date x='y'>2026-11-02</date></item>"),
    "a date element after another date": rss("<item><updated>2026-11-02</updated><date>Tuesday</date></item>"),
    "a date element beside a stray ampersand": rss("<item><title>A & B</title><date>2026-11-02</date></item>"),
    "an unbound prefix of an attribute": rss("<item><title a:b='c'>A</title></item>"),
    "more unbound prefixes than the limit": rss(
        "<item><title>A</title>" + "".join(f"<p{n}:x/>" for n in range(MOST_PREFIXES + 1)) + "</item>"),
    "keywords with a declaration beside a stray ampersand": rss(
        "<item><title>A & B</title><itunes:keywords xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'>a</itunes:keywords>"
        "</item>"),
    "an instruction with a bracket beside a stray ampersand": rss("<item><title>A & B<?p <s> ?>C</title></item>"),
    "a bracket in an attribute before a stray ampersand": rss(
        "<item><title>A</title><link title='a>b' href='https://a.example/?a=1&b=2'/></item>"),
    "a bracket in a picture's address beside a stray ampersand": rss(
        "<item><title>A & B</title><media:thumbnail>i.jpg?&lt;b</media:thumbnail></item>"),
    "a comment that looks like an empty element beside a stray ampersand": rss("<item><title>A & B<!--/> C --></title></item>"),
    "a CDATA section with the end of an empty element beside a stray ampersand": rss("<item><title>A & B</title><description><![CDATA[a/>b]]></description></item>"),
    "a name that begins with an underscore beside a stray ampersand": rss("<item xml:lang='fr'><_x>y</_x><title>A & B</title></item>"),
    "a quotation mark in a picture of a section beside a stray ampersand": rss(
        "<item><title>A & B</title><description><![CDATA[<img src='i&#39;j.jpg'>]]></description></item>"),
    "a reference that is resolved twice beside a stray ampersand": rss(
        "<item><title>A & B</title><description>&lt;img src=&#038;quot;i.jpg&#038;quot;&gt;</description></item>"),
    "RDF by another prefix beside a stray ampersand": RDF.replace(b"rdf:", b"r:").replace(b":rdf=", b":r=").replace(b">One<", b">A & B<"),
    "a reference to a slash beside a stray ampersand": rss("<item><title>A & B &amp;#x2f;&lt;br/&gt;C</title></item>"),
    "a declaration in a section beside a stray ampersand": rss(
        "<item><title>A & B</title><description>&lt;img src=<![CDATA[a<!x>]]></description></item>"),
    "a quotation mark in an escaped picture beside a stray ampersand": rss(
        "<item><title>A & B</title><description>&lt;img src=&amp;quot;b&gt;</description></item>"),
    "a reference in the section of a link beside a stray ampersand": rss(
        "<item><title>A & B</title><link><![CDATA[https://a.example/it&#39;s]]></link></item>"),
    "a tag that ends in a section beside a stray ampersand": rss(
        "<item><title>A & B</title><description>C &lt;b<![CDATA[<p/>]]>D</description></item>"),
    "a text input in an item": rss("<item><title>A</title><textInput><link>l</link></textInput></item>"),
    "a prefix in a picture beside a stray ampersand": rss(
        "<item><title>A & B</title><image><atom:link>https://a.example/</atom:link></image></item>"),
    "a language at a root with a prefix beside a stray ampersand":
        b"<a:feed xmlns:a='http://www.w3.org/2005/Atom' xml:lang='fr'><a:title>A & B</a:title></a:feed>",
    "a declaration of more octets than are looked at": rss().replace(b"?>", b" " * 400 + b"?>", 1),
    "an encoding that only one of the parsers finds": rss().replace(b"encoding=", b"encoding = "),
    "a byte order mark before bytes of another encoding":
        b"\xef\xbb\xbf" + rss("<item><title>Да</title></item>").decode().replace("utf-8", "windows-1251").encode("cp1251"),
    "a name that is not ASCII beside a stray ampersand": rss("<item><title>A & B</title><lin\u212a>b</lin\u212a></item>"),
    "bytes in no encoding": rss("<item><title>\x00</title></item>").replace(b"\x00", b"\xff"),
    "a reference in an attribute beside a stray ampersand": rss("<item><title>A & B</title><enclosure url='a?b&#38;c'/></item>"),
    "a reference in the site's link beside a stray ampersand": rss("<item><title>A & B</title></item>",
                                                                   channel="<link>https://a.example/?a=1&amp;b=2</link>"),
    "a guid for a link with a reference beside a stray ampersand": rss(
        "<item><title>A & B</title><guid>https://a.example/?a=1&amp;b=2</guid></item>"),
    "a bracket in a link": rss("<item><title>A & B</title><link>https://a.example/&lt;b</link></item>"),
    "a default namespace that is not a feed's beside a stray ampersand": atom(
        "<entry><title>A & B</title><updated xmlns='http://search.yahoo.com/mrss/'>2026-11-02T10:00:00Z</updated></entry>"),
    "a link in a category of the channel": rss(channel="<category><link href='https://b.example/'/>C</category>"),
    "more stray ampersands than the limit": rss(f"<item><title>{'& ' * (MOST_PARTS + 1)}</title></item>"),
    "an element that never closes beside a stray ampersand": rss("<item><title>A & B<b></title></item>"),
    "junk behind the root": rss() + b"<script/>",
    "markup inside a title": rss("<item><title>A <b>B</b></title></item>"),
    "xhtml content": atom("<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></content></entry>"),
    "xhtml by its type alone": atom("<entry><content type='xhtml'>x &lt; y</content></entry>"),
    "base64": atom("<entry><content type='image/png'>aGVsbG8=</content></entry>"),
    "a base on the item of a channel": rss("<item xml:base='https://b.example/'><link>one</link></item>"),
    "a long base": atom("<entry><link href='one'/></entry>").replace(b"<feed", b"<feed xml:base='https://a.example/%b'" % (b"a" * 200)),
    "bases that grow": atom("<entry xml:base='https://a.example/'/>" + "<entry xml:base='y/'/>" * 100),
    "what CDF writes at a channel": rss().replace(b"<channel", b"<channel lastmod='2026-11-02' href='https://b.example/'"),
    "a base on an element whose attributes are read": rss(
        "<item><enclosure xml:base='https://b.example/' url='i.png' type='image/png'/><link>one</link></item>"),
    "a base on the picture of RDF": RDF.replace(b"<image", b"<image xml:base='https://b.example/'").replace(
        b"<link>https://a.example/1?a=1&amp;b=2", b"<link>one"),
    "two bases in an entry": atom("<entry><content xml:base='https://b.example/'>c</content>"
                                  "<content xml:base='https://c.example/'>d</content><link href='one'/></entry>"),
    "a base on an element that is not read": rss("<item><zork:x xml:base='https://b.example/'/><link>one</link></item>"),
    "a base on an element inside another": rss("<item><author><name base='https://b.example/'>n</name></author></item>"),
    "a prefix of two meanings": rss("<item xmlns:dc='urn:other'><dc:title>A</dc:title></item>"),
    "a known prefix on another known namespace": rss("<item><media:title>A</media:title></item>").replace(
        b"http://search.yahoo.com/mrss/", b"http://www.itunes.com/dtds/podcast-1.0.dtd"),
    "an element that would overwrite what was read": rss("<item><title>A</title><links>x</links></item>"),
    "a date of no known shape beside a stray ampersand": rss("<item><title>A & B</title><pubDate>Tuesday</pubDate></item>"),
    "a long date of no known shape": rss(f"<item><pubDate>Tuesday{' ' * 80}.</pubDate></item>"),
    "many dates of no known shape": rss("<item><pubDate>Tuesday</pubDate></item>" * (MOST_ODD_DATES + 1)),
    "a deeper date of no known shape": rss("<item><pubDate>2026-11-02</pubDate><x><pubDate>Tuesday</pubDate></x></item>"),
    "an item in an item": rss("<item><title>A</title><item><title>B</title></item></item>"),
    "a second channel": rss().replace(b"</rss>", b"<channel><title>T</title></channel></rss>"),
    "an item beside the channel": rss().replace(b"</rss>", b"<item><title>A</title></item></rss>"),
    "a date of the channel on which feedparser fails": rss(channel="<pubDate>Fri, 2006/13/15 08:19:53 EDT</pubDate>"),
    "a date of expiry on which feedparser fails": rss("<item><expirationDate>Fri, 2006/13/15 08:19:53 EDT</expirationDate></item>"),
    "an Atom source": atom("<entry><title>A</title><source><title>S</title></source></entry>"),
    "Atom 0.3": b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>S</title></feed>',
    "RSS 1.0 elements in RSS 2.0": rss(root='xmlns:r="http://purl.org/rss/1.0/"'),
    "an attribute that looks like ours": rss("<item><enclosure zork:type='image/png' url='i'/></item>"),
}  # fmt: skip


# Documents that no XML parser accepts, and that feedparser reads with its fallback parser.
STRAY = {
    "alone": rss("<item><title>A & B</title><description>C &&& D&</description></item>"),
    "in a name": rss("<item><title>AT&T and Q&A</title><category>R&D</category></item>"),
    "in a query": rss("<item><link>https://a.example/?a=1&b=2&c=3</link><guid>https://a.example/?a=1&b_c=2</guid></item>"),
    "in a query with a name of HTML's": rss("<item><link>https://a.example/?a=1&copy=2</link></item>"),
    "in an attribute": rss("<item><title>A & B</title><enclosure url='i.png?a=1&amp;b=2&c=3' type='image/png'/></item>"),
    "entities of HTML": rss("<item><title>A&nbsp;B&eacute;&hellip;</title><description>&foo; &copy &#60;b> x</description></item>"),
    "without a semicolon": rss("<item><title>A &amp B &lt C</title></item>"),
    "beside sections and comments": rss("<item><!-- A & B --><title><![CDATA[A & B &amp; <b>C</b>]]></title>"
                                        "<description>A & &lt;b>B&lt;/b></description></item>"),
    "in Atom": atom("<entry><title type='html'>A & B &lt;i>C</title><link href='https://a.example/?a=1&b=2'/><id>tag:a,1</id>"
                    "<content type='html'>D &amp; &lt;p>E &nbsp; F</content></entry>"),
    "beside unbound prefixes": rss("<item><title>A & B</title><foaf:name>x</foaf:name></item>"),
    "beside the markup of Word": rss("<item><title>A & B</title><description><![CDATA[<xml:x/><o:p>y</o:p>]]></description></item>"),
    "none, but unbound prefixes": NAMELESS,
    "behind a DOCTYPE": b"<!DOCTYPE rss SYSTEM 'x.dtd'><rss><channel><title>A&nbsp;B</title></channel></rss>",
    "in Windows-1251": "<?xml version='1.0' encoding='windows-1251'?><rss><channel><title>\u0414\u0430 & \u043d\u0435\u0442</title></channel></rss>"
                       .encode("cp1251"),
}  # fmt: skip


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_ampersand_or_prefix_is_read_as_the_tolerant_path_reads_it(name: str) -> None:
    fast, slow = fast_and_tolerant(STRAY[name])

    assert isinstance(fast, Parsed)
    assert slow == fast


def test_an_apostrophe_without_a_semicolon_is_resolved_as_the_tolerant_path_does() -> None:
    """Its name is XML's, and none of HTML 4's. Unresolved it would change the mark, and a link would not be doubted."""
    fast, slow = fast_and_tolerant(rss("<item><title>A&apos B</title><description>C&apos</description></item>"))
    doubted, _ = fast_and_tolerant(rss("<item><title>A</title><link>https://a.example/?q=&apos</link></item>"))

    assert isinstance(fast, Parsed)
    assert slow == fast
    assert marks(slow) == marks(fast)
    assert doubted is None


@pytest.mark.parametrize("key", ["published", "updated", "created"])
def test_an_element_named_like_a_key_of_feedparser_costs_no_entry(key: str) -> None:
    """feedparser keeps its text where it keeps the parts of a date."""
    _, slow = fast_and_tolerant(rss(f"<item><title>A</title><{key}_parsed>2026</{key}_parsed></item>"))

    assert isinstance(slow, Parsed)
    assert [(entry.title, entry.published_at) for entry in slow.entries] == [("A", None)]


@pytest.mark.parametrize("name", READ_FAST)
def test_a_feed_is_read_as_the_tolerant_path_reads_it(name: str) -> None:
    fast, slow = fast_and_tolerant(READ_FAST[name])

    assert isinstance(fast, Parsed)
    assert slow == fast
    assert marks(slow) == marks(fast)


@pytest.mark.parametrize("name", LEFT_TO_TOLERANT)
def test_a_feed_in_doubt_is_left_to_the_tolerant_path(name: str) -> None:
    fast, _ = fast_and_tolerant(LEFT_TO_TOLERANT[name])

    assert fast is None


def test_a_document_too_deep_for_python_is_left_to_the_tolerant_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_walk.Reader, "read", Mock(side_effect=RecursionError))

    assert fast_and_tolerant(rss())[0] is None


def test_a_base_address_with_very_many_path_segments_is_left_to_the_tolerant_path() -> None:
    query = "q=" + "a" * 300
    site = rss("<item><title>A</title><link>b</link></item>", channel=f"<link>https://a.example/?{query}</link>")

    assert parse_at_once(site, url=f"{URL}?{query}")  # a long query is fine: links are not resolved against it
    assert parse_at_once(site, url=f"https://a.example/{'a/' * 100}") is None


@pytest.mark.parametrize("charset", ["", "utf-8", "windows-1251", "x-zork"])
def test_the_charset_of_the_response_applies_where_the_document_declares_none(charset: str) -> None:
    body = (
        rss("<item><title>Да</title></item>")
        .partition(b"?>")[2]
        .decode()
        .encode("cp1251" if "1251" in charset else "utf-8")
    )

    fast, slow = fast_and_tolerant(body, charset)

    assert fast in (slow, None)
    assert (fast is None) == (charset == "x-zork")


def test_white_space_before_the_xml_declaration_changes_nothing() -> None:
    body = rss("<item><title>A &lt; B</title><link>https://a.example/1</link></item>")

    assert parse_document(body, url=URL, now=NOW) == parse_document(b"\n\n " + body, url=URL, now=NOW)


def test_an_element_deeper_than_lxml_allows_is_left_to_the_tolerant_path() -> None:
    fast, slow = fast_and_tolerant(rss("<item><title>A</title>" + "<x>" * 300 + "</x>" * 300 + "</item>"))

    assert fast is None
    assert isinstance(slow, Parsed)


# --- in the process that polls ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READ_FAST)
def test_a_feed_read_at_once_is_read_as_by_parse_document(name: str) -> None:
    at_once = parse_at_once(READ_FAST[name], url=URL)

    assert at_once == parse_document(READ_FAST[name], url=URL, now=NOW)


LEFT_TO_A_WORKER = {
    "too long": rss("<item><title>A</title></item>" + "<!-- -->" * (AT_ONCE_BYTES // 8)),
    "entities": b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'b'>]><rss><channel/></rss>",
    "a sitemap": b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/</loc></url></urlset>",
    "a page": b"<html><body><a href='/a'>A headline of five words</a></body></html>",
    "JSON": b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    "cut short": rss("<item><title>A</title></item>")[:-20],
    "a tag too long": rss(f"<item><title x='{'y' * 70_000}'>A</title></item>"),
    "nothing": b"",
    "more categories than the limit":
        rss("<item>" + "".join(f"<category>c{n}</category>" for n in range(MOST_TAGS + 1)) + "</item>"),
    "in UTF-16": b"\xff\xfe<\x00r\x00s\x00s",
}  # fmt: skip


@pytest.mark.parametrize("name", [*LEFT_TO_TOLERANT, *LEFT_TO_A_WORKER])
def test_other_documents_are_left_to_a_worker(name: str) -> None:
    assert parse_at_once({**LEFT_TO_TOLERANT, **LEFT_TO_A_WORKER}[name], url=URL) is None


def test_a_lazy_entry_is_pickled_as_a_complete_entry() -> None:
    fast, slow = fast_and_tolerant(READ_FAST["pictures of every kind"])
    assert isinstance(fast, Parsed)
    assert isinstance(slow, Parsed)

    travelled = pickle.loads(pickle.dumps(fast))  # noqa: S301  # our own

    assert travelled == slow
    assert {type(entry) for entry in travelled.entries} == {Entry}
    with pytest.raises(AttributeError):
        fast.entries[0].colour  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    "changed",
    [
        "<title>B</title><description>d</description><pubDate>2026-11-02</pubDate>",
        "<title>A</title><description>e</description><pubDate>2026-11-02</pubDate>",
        "<title>A</title><description>d</description><pubDate>2026-11-03</pubDate>",
        "<title>A</title><description>d</description><pubDate>2026-11-02</pubDate><enclosure url='i.png'/>",
        "<title>A</title><description>d</description><pubDate>2026-11-02</pubDate><media:thumbnail url='i.png'/>",
    ],
)
def test_an_entry_with_changed_content_has_another_mark(changed: str) -> None:
    said = "<title>A</title><description>d</description><pubDate>2026-11-02</pubDate>"
    before, same, after = (parse_at_once(rss(f"<item>{item}</item>"), url=URL) for item in (said, said, changed))

    assert before is not None
    assert same is not None
    assert after is not None
    assert marks(before) == marks(same) != marks(after)


# --- mutations ----------------------------------------------------------------------------------------------

TAG = re.compile(rb"<[^<>]{1,200}>")
PIECES = (
    b"\xff",
    *map(
        str.encode,
        (
        "&amp;amp;", "<title>x</title>", "<link>http:///a.b//c</link>", "<guid isPermaLink='false'>g</guid>",
        "<description>d&lt;b&gt;</description>", "<image><url>u</url></image>", "<media:content url='a.jpg'/>",
        "<![CDATA[ <b>x</b> ]]>", "<source url='http://s'>S</source>", "Ã©", "\x92", "<dc:date>2020-01-01</dc:date>",
        "<category>c</category>", "<og><title>t</title></og>", "<id>7</id>", "<content:encoded>c</content:encoded>",
        "<updated>junk</updated>", "<language>de</language>", "&nbsp;", "<item/>", "<!-- c -->", "<?pi x?>", "\r\n",
        "<textInput><title>q</title></textInput>", "<summary>s</summary>", "<link href='http://h/'/>",
        "<itunes:image href='i.png'/>", "<enclosure url='e.png' type='image/png'/>", "<author><name>a</name></author>",
        "<tags>a,b</tags>", "<body>x</body>", "<links>1</links>", "<image><title>p</title></image>",
        "<media:title>m</media:title>", "A & B", "AT&T", "?a=1&b=2", "&copy 2", "&", "&foo;", "&#", "&#60;i>&",
        "<link>http://h/?a=1&amp;amp;b=2</link>", "<link href='http://h/\n3'><title>t</title></link>", "<pubDate>2026326</pubDate>",
        "<pubDate>22/11/2026</pubDate>", "<date>2026-11-02</date>", "<zork2:title>z</zork2:title>", "<publisher>p</publisher>",
        "<enclosure url='k.png'><title>e</title></enclosure>", "<caption>c</caption>", "<media:thumbnail url='t.jpg'><img src='u.jpg'/></media:thumbnail>",
        ),
    ),
)  # fmt: skip
ATTRIBUTES = (b" xml:lang='fr'", b" lang=''", b" xml:base='http://b/'", b" rel='self'", b" type='html'", b" type='xhtml'",
              b" href='http://h/2'", b" xmlns:dc='urn:x'", b" xmlns='http://search.yahoo.com/mrss/'", b" url='u'")  # fmt: skip
NAMES = (b"title", b"link", b"guid", b"description", b"pubDate", b"category", b"summary", b"content", b"image", b"source",
         b"media:title", b"dc:date", b"author", b"zork")  # fmt: skip


def mutated(body: bytes, drawn: random.Random) -> bytes:
    """The document after one to four random mutations."""
    mutations: list[Callable[[bytes, random.Random], bytes]]
    mutations = [_remove_a_tag, _insert_a_piece, _insert_an_attribute, _change_a_byte, _repeat_an_element, _remove_an_element,
                 _rename, _cut]  # fmt: skip
    for _ in range(drawn.choice((1, 1, 2, 4))):
        if TAG.search(body):
            body = drawn.choice(mutations)(body, drawn)
    return body


def _a_tag(body: bytes, drawn: random.Random) -> re.Match[bytes]:
    return drawn.choice(list(TAG.finditer(body)))


def _remove_a_tag(body: bytes, drawn: random.Random) -> bytes:
    tag = _a_tag(body, drawn)
    return body[: tag.start()] + body[tag.end() :]


def _insert_a_piece(body: bytes, drawn: random.Random) -> bytes:
    at = _a_tag(body, drawn).end()
    return body[:at] + drawn.choice(PIECES) + body[at:]


def _insert_an_attribute(body: bytes, drawn: random.Random) -> bytes:
    at = _a_tag(body, drawn).end() - 1
    return body[:at] + drawn.choice(ATTRIBUTES) + body[at:]


def _change_a_byte(body: bytes, drawn: random.Random) -> bytes:
    at = drawn.randrange(len(body))
    return body[:at] + bytes([drawn.randrange(256)]) + body[at + drawn.randrange(2) :]


def _an_element(body: bytes, drawn: random.Random) -> tuple[int, int]:
    tag = _a_tag(body, drawn)
    name = re.match(rb"<([\w:]+)", tag[0])
    end = body.find(b"</" + name[1] + b">", tag.end()) if name else -1
    return (tag.start(), end + len(name[1]) + 3) if name and end >= 0 else (tag.start(), tag.start())


def _repeat_an_element(body: bytes, drawn: random.Random) -> bytes:
    start, end = _an_element(body, drawn)
    at = _a_tag(body, drawn).end()
    return body[:at] + body[start:end] + body[at:]


def _remove_an_element(body: bytes, drawn: random.Random) -> bytes:
    start, end = _an_element(body, drawn)
    return body[:start] + body[end:]


def _rename(body: bytes, drawn: random.Random) -> bytes:
    old, new = drawn.choice(NAMES), drawn.choice(NAMES)
    return re.sub(rb"(</?)" + old + rb"(?=[\s>/])", rb"\1" + new, body, count=drawn.choice((0, 2)))


def _cut(body: bytes, drawn: random.Random) -> bytes:
    return body[: drawn.randrange(len(body))]


# --- the corpus ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def corpus(bench: ModuleType) -> list[tuple[str, str, bytes]]:
    """(class, path, body) of every feed of the corpus."""
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not beside the repository")
    return list(bench.documents())


class Differential:
    """Replaces the fast path, and compares its results with the tolerant path's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.accepted = self.declined = 0
        self.different: list[bytes] = []
        self._fast, self._mended = _fast.parse, _mend.mended
        self._is_mended = False
        monkeypatch.setattr(_fast, "parse", self.parse)
        monkeypatch.setattr(_mend, "mended", self.mended)

    def mended(self, body: bytes) -> bytes:
        self._is_mended = True
        return self._mended(body)

    def parse(self, body: bytes, **given: object) -> ParseResult | None:
        self._is_mended = False
        fast = self._fast(body, **given)  # type: ignore[arg-type]
        self.accepted += fast is not None
        self.declined += fast is None
        if fast is not None:
            tolerant = _tolerant.parse(body, **given)  # type: ignore[arg-type]
            # feedparser's fallback parser leaves some escapes in its text, and marks are computed from the source
            if tolerant != fast or (marks(tolerant) != marks(fast) and not self._is_mended):
                self.different.append(body)
        return fast


@pytest.mark.slow
@pytest.mark.proof
def test_every_corpus_feed_that_the_fast_path_accepts_is_read_as_by_the_tolerant_one(
    corpus: list[tuple[str, str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Differential(monkeypatch)

    for _, _, body in corpus[::ONE_IN]:
        parse_document(body, url=URL, now=NOW)

    assert found.different == []
    assert found.accepted > 1_900 / ONE_IN


def test_nearly_every_news_feed_is_accepted_and_read_as_by_the_tolerant_path(
    corpus: list[tuple[str, str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Differential(monkeypatch)

    for kind, _, body in corpus:
        if kind == "news":
            parse_document(body, url=URL, now=NOW)

    assert found.different == []
    assert found.accepted >= LEAST_NEWS * (found.accepted + found.declined)


@pytest.mark.slow
@pytest.mark.proof
def test_every_accepted_mutated_feed_is_read_as_by_the_tolerant_path(
    corpus: list[tuple[str, str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Differential(monkeypatch)
    drawn = random.Random(20261122)  # seeded, so that a failure can be repeated
    bodies = [body for _, _, body in corpus if len(body) < LONGEST_MUTATED]

    for _ in range(MUTANTS):
        parse_document(mutated(drawn.choice(bodies), drawn), url=URL, now=NOW)

    assert found.different == []
    assert found.accepted > MUTANTS // 6


@pytest.mark.parametrize("seed", range(3))
def test_every_accepted_mutated_sample_is_read_as_by_the_tolerant_path(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Differential(monkeypatch)
    drawn = random.Random(seed)  # as above
    bodies = [*READ_FAST.values(), *STRAY.values()]

    for _ in range(60):
        parse_document(mutated(drawn.choice(bodies), drawn), url=URL, now=NOW)

    assert found.different == []
    assert found.accepted > 0
