"""The fast path declines a document with invalid UTF-8 in any place; feedparser reads it in some other encoding.

Only libxml2 decodes most of a document (`_fast._in_utf8`), so it has to refuse all that Python's decoder refuses.
"""

from __future__ import annotations

import pytest

from wirekin.parse import parse_at_once

URL = "https://feeds.example.com/dir/feed.xml"
NOT_UTF_8 = (b"\x80", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80", b"\xe2\x80", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\xff")
PLACES = {
    "a text": b"<rss><channel><title>A $ B</title></channel></rss>",
    "a long text": b"<rss><channel><title>" + b"A" * 5_000 + b"\xd1\x8f$</title></channel></rss>",
    "CDATA": b"<rss><channel><item><description><![CDATA[A $ B]]></description></item></channel></rss>",
    "an attribute": b"<rss><channel><item><enclosure url='a$.png'/></item></channel></rss>",
    "an attribute that is not read": b"<rss xmlns:z='urn:z'><channel><item><z:x y='$'/></item></channel></rss>",
    "a namespace": b"<rss xmlns:z='urn:$'><channel/></rss>",
    "a name": b"<rss><channel><x$>A</x$></channel></rss>",
    "a comment": b"<rss><channel><!-- $ --></channel></rss>",
    "an instruction": b"<rss><channel><?x $ ?></channel></rss>",
    "the declaration": b"<?xml version='1.0' x='$'?><rss><channel/></rss>",
    "a comment before": b"<!-- $ --><rss><channel/></rss>",
    "a DOCTYPE": b"<!DOCTYPE rss SYSTEM '$'><rss><channel/></rss>",
    "a comment behind": b"<rss><channel/></rss><!-- $ -->",
    "the end": b"<rss><channel/></rss>$",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("octets", NOT_UTF_8)
def test_a_document_with_invalid_utf_8_is_left_to_the_tolerant_path(place: str, octets: bytes) -> None:
    assert parse_at_once(PLACES[place].replace(b"$", octets), url=URL) is None


@pytest.mark.parametrize("place", ["a text", "CDATA", "an attribute", "a comment", "a comment before", "a DOCTYPE"])
def test_the_same_document_in_valid_utf_8_is_read_by_the_fast_path(place: str) -> None:
    assert parse_at_once(PLACES[place].replace(b"$", "\u044f".encode()), url=URL) is not None
