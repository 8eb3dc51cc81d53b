"""Finding a site's feeds, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from fetching import fetcher
from make import NOW
from origin import Origin
from wirekin.discover import Found, discover
from wirekin.model import FeedKind, FetchRequest, FetchResult, ParseResult
from wirekin.parse import parse_document


def rss(title: str, *days: int) -> bytes:
    items = "".join(
        f"<item><title>Ship {day} seized in the strait</title><link>https://example.com/{title}/{day}</link>"
        f"<pubDate>{day:02d} Nov 2026 10:00:00 GMT</pubDate></item>"
        for day in days
    )
    return f'<rss version="2.0"><channel><title>{title}</title><link>https://example.com/</link>{items}</channel></rss>'.encode()


SITEMAP = (
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    b"<url><loc>https://example.com/a</loc><news:news><news:title>Ship seized</news:title>"
    b"<news:publication_date>2026-11-21T10:00:00Z</news:publication_date></news:news></url></urlset>"
)


def page(*feeds: str, headlines: int = 0) -> bytes:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)
    cards = "".join(
        f'<article><h2><a href="/2026/11/{n}/ship-{n}-seized-in-the-strait">Ship number {n} seized in the strait</a></h2>'
        f"<p>What happened to ship number {n} on its way.</p></article>"
        for n in range(headlines)
    )
    return f"<!doctype html><html><head><title>A paper</title>{links}</head><body><main>{cards}</main></body></html>".encode()


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        yield origin


@pytest.fixture
async def find(origin: Origin) -> AsyncIterator[Any]:
    async with fetcher() as open_fetcher:

        async def fetch(request: FetchRequest) -> FetchResult:
            return await open_fetcher.fetch(replace(request, allow_private=origin.netlocs))

        async def parse(body: bytes, **more: Any) -> ParseResult:
            return parse_document(body, **more)

        async def find(path: str = "/") -> tuple[Found, ...]:
            return await discover(origin.url(path), fetch, parse, clock=lambda: NOW)

        yield find


async def test_a_feeds_own_address_is_the_answer(origin: Origin, find: Any) -> None:
    origin.serve("/rss.xml", rss("News", 20, 21))

    assert await find("/rss.xml") == (
        Found(
            origin.url("/rss.xml"),
            FeedKind.FEED,
            "News",
            2,
            datetime(2026, 11, 21, 10, tzinfo=UTC),
            "the address itself is a feed",
        ),
    )
    assert origin.paths == ["/rss.xml"]


async def test_announced_feeds_are_read_and_the_freshest_news_comes_first(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/old.xml", "/comments/feed", "/new.xml", "/gone.xml", "/new.xml"), content_type="text/html")
    origin.serve("/old.xml", rss("Old", 1, 2, 3))
    origin.serve("/new.xml", rss("New", 20, 21))
    origin.serve("/comments/feed", rss("Comments", 22))

    found = await find()

    assert [one.title for one in found] == ["New", "Old", "Comments"]
    assert {one.why for one in found} == {"announced by the page"}
    assert "/feed" not in origin.paths  # a site that says where its feeds are is not searched


async def test_a_silent_site_is_tried_where_feeds_usually_are(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/feed"), content_type="text/html")
    origin.serve("/atom.xml", rss("Quiet", 20))

    found = await find()

    assert [(one.url, one.why) for one in found] == [(origin.url("/atom.xml"), "found where feeds usually are")]
    assert "/feed.json" not in origin.paths  # one is enough
    assert origin.paths.count("/feed") == 1  # announced, gone, and not asked for again


async def test_a_site_that_answers_everything_with_its_front_page_has_no_feed(origin: Origin, find: Any) -> None:
    for path in ("/", "/feed", "/rss", "/rss.xml", "/atom.xml"):
        origin.serve(path, page(), content_type="text/html")

    assert await find() == ()


async def test_two_addresses_of_one_document_are_one_feed(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/a.xml", "/b.xml"), content_type="text/html")
    origin.serve("/a.xml", rss("News", 20))
    origin.serve("/b.xml", rss("News", 20))

    assert [one.url for one in await find()] == [origin.url("/a.xml")]


async def test_without_feeds_the_news_sitemap_of_robots_txt_is_found(origin: Origin, find: Any) -> None:
    origin.serve("/", page(), content_type="text/html")
    empty_lines = "\n" * 200_000  # looking for the next line from each of them would take minutes
    named = f"sitemap: {origin.url('/news-sitemap.xml')}\n"
    robots = f"\ufeffSitemap: /pages.xml\n{empty_lines}User-agent: *\nDisallow: /x\n{named}"
    origin.serve("/robots.txt", robots, content_type="text/plain")
    origin.serve("/news-sitemap.xml", SITEMAP)

    assert [(one.url, one.kind, one.entries) for one in await find()] == [
        (origin.url("/news-sitemap.xml"), FeedKind.SITEMAP, 1)
    ]
    assert "/pages.xml" in origin.paths  # the line behind the byte order mark


async def test_without_anything_else_the_page_itself_is_offered(origin: Origin, find: Any) -> None:
    origin.serve("/", page(headlines=8), content_type="text/html")

    found = await find()

    assert [(one.url, one.kind, one.entries) for one in found] == [(origin.url("/"), FeedKind.PAGE, 8)]


async def test_what_robots_txt_keeps_to_itself_is_not_asked_for(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/private/rss.xml"), content_type="text/html")
    origin.serve("/robots.txt", "User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    origin.serve("/private/rss.xml", rss("Private", 20))

    assert await find() == ()
    assert "/private/rss.xml" not in origin.paths


async def test_a_site_that_does_not_answer_has_no_feeds(origin: Origin, find: Any) -> None:
    assert await find("/nothing") == ()
