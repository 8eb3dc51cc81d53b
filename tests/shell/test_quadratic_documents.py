"""Documents on which parsers take quadratic time are refused before parsing, or read in linear time (requirement C7).

The tests count work where they can: a refused document reaches no parser. For patterns of ours that were quadratic, the
document is so large that it would take minutes, more than a worker's ten seconds.
"""

from __future__ import annotations

import json

import feedparser
import nh3
import pytest
from lxml import etree

from make import NOW
from wirekin import text
from wirekin.model import FeedKind, Parsed, ParseFailed, ParseResult, Reason
from wirekin.parse import _fast, parse_document
from wirekin.parse.pages import _dom, _pictures
from wirekin.parse.pages._page import MOST_PICTURES
from wirekin.workers import Parsers

MIB = 1024 * 1024
ITEM = "<item><title>Ship seized</title><link>https://a.example/1</link></item>"
URL = "https://a.example/"


def read(body: str, kind: FeedKind = FeedKind.FEED) -> ParseResult:
    return parse_document(body.encode(), url=URL, kind=kind, now=NOW)


@pytest.fixture
def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every parser fail the test when called, except lxml on the fast path (see below)."""

    def reached(*args: object, **more: object) -> None:
        pytest.fail("a parser was given the document")

    monkeypatch.setattr(_fast, "parse", lambda *_, **__: None)
    monkeypatch.setattr(feedparser, "parse", reached)
    monkeypatch.setattr(_dom, "LexborHTMLParser", reached)
    monkeypatch.setattr("wirekin.parse._sitemap.etree.fromstring", reached)
    monkeypatch.setattr(json, "loads", reached)


def attributes(count: int) -> str:
    return " ".join(f"a{number}='{number}'" for number in range(count))


TOO_MUCH = {
    "elements inside one another": (f"<rss>{'<a>' * 5_000}{'</a>' * 5_000}</rss>", FeedKind.FEED),
    "elements inside one another, of a sitemap": (f"<urlset>{'<a>' * 5_000}</urlset>", FeedKind.FEED),
    "elements inside one another, of a page": ("<html>" + "<div>" * 100_000, FeedKind.PAGE),
    "formatting inside one another, of a page": ("<html>" + "<b><font>" * 50_000, FeedKind.PAGE),
    "a long tag": (f"<rss><channel><a {attributes(9_000)}/>{ITEM}</channel></rss>", FeedKind.FEED),
    "a long tag of a sitemap": (f"<urlset {attributes(9_000)}></urlset>", FeedKind.FEED),
    "attributes of a page": (f"<html><a {attributes(100_000)}>", FeedKind.PAGE),
    "attributes of a page, without values": (f"<html><a {'/a' * 100_000}>", FeedKind.PAGE),
    "size": ("<rss>" + "x" * (10 * MIB), FeedKind.FEED),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_an_excessive_document_is_refused_before_any_parser_sees_it(name: str, no_parser: None) -> None:
    body, kind = TOO_MUCH[name]

    result = read(body, kind)

    assert isinstance(result, ParseFailed)
    assert result.reason is Reason.TOO_LARGE


def test_a_data_url_in_an_attribute_does_not_count_as_many_attributes() -> None:
    picture = "<img src='data:image/svg+xml," + "a b/c " * 20_000 + "'>"
    page = "<html>" + picture + "<article><h2><a href='/1'>Ship seized in the strait of Hormuz</a></h2></article>" * 3

    assert isinstance(read(page, FeedKind.PAGE), Parsed)


def test_paragraphs_and_breaks_that_nobody_closes_are_no_depth() -> None:
    page = "<html>" + "<article><h2><a href='/1'>Ship seized in the strait of Hormuz</a></h2></article>" * 3

    assert isinstance(read(page + "<p>One<br>two" * 3_000, FeedKind.PAGE), Parsed)


def test_only_a_bounded_part_of_a_text_reaches_the_html_cleaner(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[int] = []
    real = nh3.clean
    monkeypatch.setattr(nh3, "clean", lambda markup, **more: given.append(len(markup)) or real(markup, **more))

    text.clean("<div>" * 100_000 + "deep", 500)
    text.clean("&lt;div&gt;" * 100_000 + "deep", 500)

    assert given
    assert max(given) <= 8_000


def test_only_a_bounded_number_of_pictures_per_card_is_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[object] = []
    real = _pictures.picture_of
    monkeypatch.setattr(_pictures, "picture_of", lambda one, base: looked.append(one) or real(one, base))
    pictures = "".join(f"<img src=/{number}.jpg width=600 height=400>" for number in range(100))
    cards = "".join(
        f"<article>{pictures}<h2><a href='/2026/11/gate-{number}-of-the-harbour-opens'>Gate {number} of the harbour opens"
        f" to ships again</a></h2></article>"
        for number in range(8)
    )

    result = read(f"<main>{cards}</main>", FeedKind.PAGE)

    assert isinstance(result, Parsed)
    assert [entry.image for entry in result.entries] == [None] * 8
    assert 0 < len(looked) <= 8 * MOST_PICTURES


SLOW_ONCE = {  # shapes that once took a pattern of ours minutes, or a parser more than its deadline
    "a ttl of spaces": f"<rss><channel><ttl>{' ' * 300_000}<a/></channel></rss>",
    "skipHours in a comment": f"<rss><channel><!-- {'<skipHours>' * (8 * MIB // 11)} -->{ITEM}</channel></rss>",
    "an unclosed doctype": "<!doctype '" * (8 * MIB // 11),
    "a name without end": "<" + "a" * (8 * MIB),
    "ends of entries": f"<rss><channel>{ITEM}{'</item ' * 200_000}</channel></rss>",
    "arrays inside one another": '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * MIB,
    "objects cut short": '{"version": "https://jsonfeed.org/version/1.1", "items": [' + '{"id": "a"},' * 200_000,
    "a number without end": '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": '
    + "9" * (8 * MIB)
    + "}]}",
    "one text": f"<rss><channel><item><title>{'a ' * (4 * MIB)}</title></item></channel></rss>",
    "categories": f"<rss><channel><item>{'<category>a</category>' * 100_000}</item></channel></rss>",
    "namespaces": f"<rss {' '.join(f'xmlns:n{n}=' + repr(str(n)) for n in range(3_000))}><channel>{ITEM * 9}</channel></rss>",
    "ampersands of a sitemap": f"<urlset><url><loc>https://a.example/{'&a' * MIB}</loc></url></urlset>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SLOW_ONCE)
async def test_documents_that_were_once_slow_are_read_within_the_time_of_a_worker(name: str) -> None:
    async with Parsers(1) as parsers:
        result = await parsers.parse(SLOW_ONCE[name].encode(), url=URL, now=NOW)

    if isinstance(result, ParseFailed):
        assert result.reason not in {Reason.PARSE_TIMEOUT, Reason.PARSE_CRASHED}, result


def test_lxml_itself_refuses_deep_nesting_which_the_fast_path_does_not_check() -> None:
    # the fast path comes before the depth scan: lxml itself stops at 256 nested elements
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(b"<a>" * 300 + b"</a>" * 300, etree.XMLParser(huge_tree=False))
