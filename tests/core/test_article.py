"""What an article's own page says about it, and which parts of that a headline takes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import make
from wirekin.articles import completed
from wirekin.model import Entry, Image, Parsed, ParseFailed, Precision, Reason
from wirekin.parse import parse_article
from wirekin.parse._xml import MAX_BODY_BYTES
from wirekin.text import is_cut_from

URL = "https://news.example/2026/11/harbour"
AT = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


def read(markup: str, content_type: str = "") -> Entry:
    parsed = parse_article(markup.encode(), url=URL, content_type=content_type)
    assert isinstance(parsed, Parsed)
    (entry,) = parsed.entries
    return entry


def article_with(head: str = "", body: str = "<h1>The harbour</h1>") -> Entry:
    return read(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>")


def ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_an_article_page_gives_its_open_graph_title_and_first_picture() -> None:
    entry = article_with(
        '<meta property="og:title" content="The harbour opens again &amp; the ferry sails | Herald">'
        '<meta property="og:site_name" content="Herald">'
        '<meta property="og:image" content="/p/harbour.jpg"><meta property="og:image:width" content="1200">'
        '<meta property="og:image:height" content="630"><meta property="og:image" content="/p/second.jpg">'
    )

    assert entry.title == "The harbour opens again & the ferry sails"
    assert entry.image == Image("https://news.example/p/harbour.jpg", 1200, 630)


@pytest.mark.parametrize(
    "picture", ["", "javascript:alert(1)", "data:image/gif;base64,R0lGOD", "https://x.example/pixel.gif", "http://["]
)
def test_an_unusable_picture_address_gives_no_picture(picture: str) -> None:
    assert article_with(f'<meta property="og:image" content="{picture}">').image is None


@pytest.mark.parametrize(
    "page",
    [
        ('<meta property="article:published_time" content="2026-11-21T08:30:00Z">',),
        ('<meta name="article:published_time" content="2026-11-21T10:30:00+02:00">',),
        ('<meta itemprop="datePublished" content="2026-11-21T08:30:00+00:00">',),
        (ld('{"@type": "NewsArticle", "datePublished": "2026-11-21T08:30:00Z"}'),),
        (ld('{"@graph": [{"@type": ["BlogPosting"], "datePublished": "2026-11-21T08:30:00Z"}]}'),),
        (
            ld('{"@type": "NewsArticle", "url": "/other", "datePublished": "2020-01-01T00:00:00Z"}')
            + ld(
                f'{{"@type": "Article", "mainEntityOfPage": {{"@id": "{URL}"}}, "datePublished": "2026-11-21T08:30Z"}}'
            ),
        ),
        ("", '<h1>The harbour</h1><time datetime="2026-11-21T08:30Z">today</time>'),
        (
            "",
            '<article><h1>The harbour</h1><time datetime="2026-11-21T08:30Z">then</time></article><article><h2>Else</h2><time datetime="2025-01-01">long ago</time></article>',
        ),
        (
            "",
            '<h1>The harbour</h1><time itemprop="datePublished" datetime="2026-11-21T08:30Z">then</time><time class="updated" datetime="2026-11-22T08:30Z">now</time><time datetime="2024-01-01">x</time>',
        ),
        (
            "",
            '<time datetime="2026-11-21T08:30Z">then</time><aside><time datetime="2026-11-20">other</time></aside>',
        ),
    ],
)
def test_the_publication_time_is_read_from_metadata_json_ld_or_a_time_element(page: tuple[str, ...]) -> None:
    assert article_with(*page).published_at == AT


@pytest.mark.parametrize(
    "page",
    [
        ("",),
        ('<meta property="article:published_time" content="soon">',),
        ('<meta property="article:modified_time" content="2026-11-21T08:30:00Z">',),
        (ld('{"@type": "NewsArticle", "datePublished": '),),
        (ld('{"@type": "Organization", "datePublished": "2026-11-21T08:30:00Z"}'),),
        (ld('{"@type": "NewsArticle", "datePublished": 20261121}'),),
        (
            ld(
                '[{"@type": "NewsArticle", "datePublished": "2026-11-20"}, {"@type": "Article", "datePublished": "2026-11-21"}]'
            ),
        ),
        ("", '<h2><time datetime="2026-11-20">a</time></h2><h2><time datetime="2026-11-21">b</time></h2>'),
        ("", '<time class="updated" datetime="2026-11-21T08:30Z">now</time>'),
        ("", '<nav><time datetime="2026-11-21T08:30Z">today is</time></nav>'),
        ("", "<h1>The harbour</h1><p>21 November 2026</p>"),
    ],
)
def test_an_unreadable_or_ambiguous_time_gives_no_publication_time(page: tuple[str, ...]) -> None:
    assert article_with(*page).published_at is None


def test_a_date_without_a_time_has_day_precision() -> None:
    entry = article_with('<meta property="article:published_time" content="2026-11-21">')

    assert entry.precision is Precision.DAY


@pytest.mark.parametrize("body", [b"", b"\x00\xff\x00", b"%PDF-1.7 \xe2\xe3", b"{}", b"<rss/>", b"<html>" * 50])
def test_a_document_that_is_no_article_fails_or_gives_an_empty_entry(body: bytes) -> None:
    parsed = parse_article(body, url=URL)

    assert isinstance(parsed, ParseFailed) or parsed.entries == (Entry(link=URL, title=""),)


@pytest.mark.parametrize("url", ["https://news.example/", "https://news.example", "https://news.example/?moved=1"])
def test_an_article_redirected_to_the_front_page_gives_an_empty_entry(url: str) -> None:
    page = b'<meta property="og:image" content="/logo.png"><time datetime="2026-11-21">today</time>'

    assert parse_article(page, url=url) == Parsed("article", (Entry(link=url, title=""),), link=url)


def test_a_page_nested_too_deeply_is_refused() -> None:
    assert isinstance(parse_article(b"<div>" * 5_000, url=URL), ParseFailed)


def test_what_is_in_no_encoding_is_refused() -> None:
    found = parse_article(b"\xff\xfe\x00", url=URL)

    assert isinstance(found, ParseFailed)
    assert found.reason is Reason.NOT_A_FEED


def test_what_is_too_large_is_refused() -> None:
    found = parse_article(b"<title>A</title>" + b" " * MAX_BODY_BYTES, url=URL)

    assert isinstance(found, ParseFailed)
    assert found.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("short", "whole", "cut"),
    [
        ("The harbour opens…", "The harbour opens again after the storm", True),
        ("The harbour opens ...", "the Harbour opens again after the storm", True),
        ("The harbour ope…", "The harbour opens again", True),
        ("The harbour opens", "The harbour opens again after the storm", False),  # not cut
        ("The harbour opens…", "A harbour opens again after the storm", False),
        ("The harbour opens…", "The harbour opens", False),
        ("The harbour opens…", "The harbour opens again aft…", False),  # cut as well
        ("The…", "The harbour opens again after the storm", False),  # three letters are too few to match by
        ("…", "The harbour opens again after the storm", False),
        ("", "", False),
    ],
)
def test_a_title_ending_in_an_ellipsis_is_cut_from_one_that_begins_with_its_words(
    short: str, whole: str, cut: bool
) -> None:
    assert is_cut_from(short, whole) is cut


def test_a_headline_takes_from_its_article_page_only_what_it_lacks() -> None:
    page = Entry(URL, "The harbour opens again - Herald", published_at=AT, precision=Precision.DAY, image=Image("p"))
    bare = make.headline("The harbour opens…")
    full = make.headline("The harbour", published_at=make.at(-1), image=Image("own"))

    whole = completed(bare, page, ["Herald"], make.NOW)

    assert (whole.title, whole.published_at, whole.precision) == ("The harbour opens again", AT, Precision.DAY)
    assert whole.image == Image("p")
    assert completed(full, page, ["Herald"], make.NOW) == full


def test_a_publication_time_in_the_future_is_clamped_to_now() -> None:
    page = Entry(URL, "", published_at=make.at(days=400))

    assert completed(make.headline(), page, [], make.NOW).published_at == make.NOW
