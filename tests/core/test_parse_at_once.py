"""The fast path, in the process that polls, takes time linear in a document's length, even for hostile ones (C7).

The documents are read in a process of its own, which the kernel kills after too many CPU seconds; no clock is read.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from wirekin.parse import AT_ONCE_BYTES, _fast, parse_at_once
from wirekin.urls import canonicalise

URL = "https://example.com/feed.xml"
LENGTH = 100_000  # of the repeated piece: quadratic code takes minutes
CPU_SECONDS = 15  # for all documents together, which take 3
FEED = b"<rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'><channel><title>T</title></channel></rss>"
PIECES = (
    b"<?", b"<!--", b"<!-- -->", b"<![CDATA[", b"]]>", b"<a ", b"</", b"</a", b"<!doctype '", b"<rss ", b"<x:", b"\x00", b"\xff",
    b"<rss xmlns:a='b' ", b"xmlns='", b"xmlns  ", b"<link rel='hub' ", b"<ttl>", b"<skipHours>", b"<sy:updatePeriod>",
    b"<item", b"</item", b"encoding='a' ", b" ", b"\n", b"&a;", b"?>", b"base =", b"lang  ", b"<\x00",
    b"&", b"& <x>", b"&nbsp;", b"<a b='&'>", b"xmlns:",
)  # fmt: skip
TEXTS = (
    b"&amp;", b"&lt;", b"&lt;a href='x'>", b"&lt;img src='a' alt=\"b", b"&lt;a  ", b"&amp;#x41", b" - ", b" | ", b"1,", b"a.",
    b"\xd9\x85 ", b"\xe2\x80\x8c", b"/", b" ", "".join(map(chr, range(0x80, 0xA0))).encode(),
)  # fmt: skip
# Values are cut to a length, in which these are at worst quadratic; a document has as many such entries as fit.
OPENED = tuple(
    b"<item><%b>%b</%b></item>" % (name, (start + piece * length)[: length - 4] + b"&gt;", name)
    for name, length in ((b"guid", 43_000), (b"title", 11_000), (b"description", 20_000), (b"category", 1_700))
    for start, piece in ((b"", b"&lt;![CDATA["), (b"&lt;img ", b"a"), (b"&lt;img a='", b"a"), (b"&lt;a ", b"a-"))
) + tuple(
    b"<item><link>%b</link></item>" % (b"http://a.example/" + piece * (2_000 // len(piece)))
    for piece in (b"index.html/", b"default.aspx/", b".amp", b"amp/", b"../", b";sid=1", b"%41", b"a=1&amp;")
)
ELEMENTS = (
    b"<category>a</category>", b"<media:content url='a.jpg'/>", b"<enclosure url='a.jpg' type='image/png'/>", b"<x/>",
    b"<link>http://a.example/</link>", b"<title>a</title>", b"</item><item>", b"<x xmlns:a='b'/>", b"<description>a</description>",
)  # fmt: skip

ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'%b>%b</feed>"
RELATIVE = (b"<entry><link href='a'/></entry>" * 4_000, b"<entry xml:base='y/'><link href='a'/></entry>" * 4_000)


def documents() -> list[bytes]:
    """Documents with each piece repeated, in every place where a document may have it."""
    found = []
    for piece in PIECES:
        many = piece * (LENGTH // len(piece))
        found += [many + FEED, b"<?xml version='1.0'?>" + many + FEED, b"<?xml " + many + FEED, FEED + many]
        found += [FEED.replace(b"<title>", many + b"<title>"), FEED.replace(b"<channel>", b"<channel " + many + b">")]
        found += [FEED.replace(b">T<", b"><![CDATA[" + many + b"]]><"), FEED.replace(b">T<", b"><!--" + many + b"--><")]
    for piece in TEXTS:
        many = piece * (LENGTH // len(piece))
        names = (b"title", b"description", b"link", b"guid", b"pubDate", b"category", b"ttl")
        found += [_with(b"<%b>%b</%b>" % (name, many, name)) for name in names]
    found += [FEED.replace(b"</channel>", one * (AT_ONCE_BYTES // len(one) - 1) + b"</channel>") for one in OPENED]
    found += [ATOM % (b" xml:base='http://a.example/" + b"a/" * 30_000 + b"'", many) for many in RELATIVE]
    found += [ATOM % (b"", b"<entry xml:base='http://a.example/'/>" + many) for many in RELATIVE]
    return found + [_with(piece * (LENGTH // len(piece))) for piece in ELEMENTS]


def _with(item: bytes) -> bytes:
    return FEED.replace(b"</channel>", b"<item>" + item + b"</item></channel>")


def read_all() -> None:
    for document in documents():
        read = parse_at_once(document, url=URL)
        for entry in read.entries[:500] if read else ():
            repr(entry)  # evaluates every lazy value
            canonicalise(entry.link)


@pytest.mark.slow
def test_four_hundred_repetitive_documents_are_read_in_linear_time() -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))

    here = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r}); import test_parse_at_once; test_parse_at_once.read_all()"
    done = subprocess.run([sys.executable, "-c", code], preexec_fn=limited, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_fast_path_declines_an_unclosed_xml_declaration() -> None:
    assert parse_at_once(b"<?xml encoding='utf-8' " + FEED, url=URL) is None
    assert parse_at_once(b"<?xml encoding='utf-8'?>" + FEED, url=URL) is not None


def test_prefix_rules_are_not_cached_for_many_or_long_unknown_elements() -> None:
    head = b'<rss version="2.0" xmlns:own="https://own.example/%d"><channel><title>Site</title><item><title>One</title>'
    flood = b"".join(b"<own:e%d/>" % number for number in range(1_000))

    def remembered(items: bytes, publisher: int) -> int:
        document = head % publisher + items + b"</item></channel></rss>"
        assert parse_at_once(document, url="https://own.example/feed") is not None
        return len(_fast._prefixes(document, "rss", is_mended=False)[1])

    assert remembered(b"<own:e1/>", 1) == 3  # title, item, and the unknown one
    assert remembered(b"<own:e2/>", 1) == 4
    assert remembered(flood, 1) == 0
    long = b'<own:e xmlns:far="https://own.example/' + b"x" * 10_000 + b'"/>'
    assert remembered(long, 2) == 0
