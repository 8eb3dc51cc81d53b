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
from wirekin.discover import MOST_REQUESTS, Found, _is_general, addresses_of, discover
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


async def test_the_url_of_a_feed_finds_that_feed_alone(origin: Origin, find: Any) -> None:
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
    assert "/feed" not in origin.paths  # usual addresses are not tried on a site that announces its feeds


async def test_feeds_announced_only_by_the_link_header_are_found_too(origin: Origin, find: Any) -> None:
    links = {
        "Link": '</api>; rel="alternate"; type="application/json", <news.xml>; rel="alternate"; type="application/rss+xml"'
    }
    origin.serve("/press/", page("/old.xml"), content_type="text/html", headers=links)
    origin.serve("/old.xml", rss("Old", 1))
    origin.serve("/press/news.xml", rss("News", 20, 21))

    found = await find("/press/")

    assert [(one.title, one.why) for one in found] == [(t, "announced by the page") for t in ("News", "Old")]
    assert "/api" not in origin.paths


async def test_a_site_that_announces_no_feed_is_tried_at_the_usual_paths(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/feed"), content_type="text/html")
    origin.serve("/atom.xml", rss("Quiet", 20))

    found = await find()

    assert [(one.url, one.why) for one in found] == [(origin.url("/atom.xml"), "found where feeds usually are")]
    assert "/feed.json" not in origin.paths  # one is enough
    assert origin.paths.count("/feed") == 1  # announced but gone, and not asked for again


async def test_a_site_that_answers_everything_with_its_front_page_has_no_feed(origin: Origin, find: Any) -> None:
    for path in ("/", "/feed", "/rss", "/rss.xml", "/atom.xml"):
        origin.serve(path, page(), content_type="text/html")

    assert await find() == ()


async def test_two_urls_of_one_document_are_one_feed(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/a.xml", "/b.xml"), content_type="text/html")
    origin.serve("/a.xml", rss("News", 20))
    origin.serve("/b.xml", rss("News", 20))

    assert [one.url for one in await find()] == [origin.url("/a.xml")]


async def test_without_feeds_the_news_sitemap_of_robots_txt_is_found(origin: Origin, find: Any) -> None:
    origin.serve("/", page(), content_type="text/html")
    empty_lines = "\n" * 200_000  # a search for the next line from each of them would take minutes
    named = f"sitemap: {origin.url('/news-sitemap.xml')}\n"
    robots = f"\ufeffSitemap: /pages.xml\n{empty_lines}User-agent: *\nDisallow: /x\n{named}"
    origin.serve("/robots.txt", robots, content_type="text/plain")
    origin.serve("/news-sitemap.xml", SITEMAP)

    assert [(one.url, one.kind, one.entries) for one in await find()] == [
        (origin.url("/news-sitemap.xml"), FeedKind.SITEMAP, 1)
    ]
    assert "/pages.xml" in origin.paths  # from the line after the byte order mark


def index(*places: str) -> bytes:
    listed = "".join(f"<sitemap><loc>{place}</loc></sitemap>" for place in places)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'.encode()


async def test_a_sitemap_index_is_followed_on_its_own_site_and_no_deeper_than_to_headlines(
    origin: Origin, find: Any
) -> None:
    others = [f"/old-{at}.xml" for at in range(5)]
    origin.serve("/", page(), content_type="text/html")
    origin.serve("/robots.txt", f"Sitemap: {origin.url('/sitemap_index.xml')}\n", content_type="text/plain")
    origin.serve("/sitemap_index.xml", index("https://elsewhere.example/news.xml", *others, "/news-sitemap.xml"))
    origin.serve("/news-sitemap.xml", SITEMAP)
    origin.serve("/old-0.xml", index("/deeper-news.xml"))
    origin.serve("/deeper-news.xml", SITEMAP + b"<!-- -->")

    found = await find()

    assert [(one.url, one.why) for one in found] == [
        (origin.url("/news-sitemap.xml"), "named by robots.txt, in a sitemap index")
    ]
    assert not {"/old-2.xml", "/old-3.xml", "/old-4.xml", "/deeper-news.xml"} & set(origin.paths)


async def test_the_url_of_a_sitemap_index_finds_its_sitemaps(origin: Origin, find: Any) -> None:
    origin.serve("/", index("/news-sitemap.xml"))
    origin.serve("/news-sitemap.xml", SITEMAP)

    assert [(one.url, one.entries) for one in await find()] == [(origin.url("/news-sitemap.xml"), 1)]


async def test_without_any_feed_a_page_of_headlines_is_offered_itself(origin: Origin, find: Any) -> None:
    origin.serve("/", page(headlines=8), content_type="text/html")

    found = await find()

    assert [(one.url, one.kind, one.entries) for one in found] == [(origin.url("/"), FeedKind.PAGE, 8)]


async def test_a_feed_that_robots_txt_forbids_is_not_requested(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/private/rss.xml"), content_type="text/html")
    origin.serve("/robots.txt", "User-agent: *\nDisallow: /private/\n", content_type="text/plain")
    origin.serve("/private/rss.xml", rss("Private", 20))

    assert await find() == ()
    assert "/private/rss.xml" not in origin.paths


async def test_a_missing_page_on_a_site_without_feeds_finds_nothing(origin: Origin, find: Any) -> None:
    assert await find("/nothing") == ()


@pytest.mark.parametrize("path", ["/our/rss-all", "/rss/world", "/news_rss.xml"])
async def test_a_link_whose_path_looks_like_a_feed_is_tried(origin: Origin, find: Any, path: str) -> None:
    origin.serve("/", page() + f'<a href="{path}">RSS</a>'.encode(), content_type="text/html")
    origin.serve(path, rss("News", 20))

    assert [one.url for one in await find()] == [origin.url(path)]


async def test_a_visible_link_to_a_feed_is_followed_where_none_is_announced(origin: Origin, find: Any) -> None:
    links = '<a class="x" href="/news/rss.xml">RSS</a><a href="https://elsewhere.example/feed">F</a><a href="/feeding">x</a>'
    origin.serve("/", page() + links.encode(), content_type="text/html")
    origin.serve("/news/rss.xml", rss("News", 20))

    found = await find()

    assert [(one.url, one.why) for one in found] == [(origin.url("/news/rss.xml"), "linked on the page")]
    assert "/feeding" not in origin.paths


async def test_links_are_relative_to_the_base_of_the_page(origin: Origin, find: Any) -> None:
    body = b'<html><head><base href="/paper/"></head><body><a href="rss">RSS</a></body></html>'
    origin.serve("/", body, content_type="text/html")
    origin.serve("/paper/rss", rss("News", 20))

    assert [one.url for one in await find()] == [origin.url("/paper/rss")]


async def test_a_sections_own_feed_comes_before_that_of_the_site(origin: Origin, find: Any) -> None:
    origin.serve("/world/asia", page(), content_type="text/html")
    origin.serve("/world/asia/feed/", rss("Asia", 20))
    origin.serve("/feed", rss("All", 20))

    assert [one.title for one in await find("/world/asia")] == ["Asia"]


async def test_a_general_feed_ranks_before_one_topic_and_a_fresh_feed_before_a_stale_one(
    origin: Origin, find: Any
) -> None:
    origin.serve("/", page("/tag/ships/feed", "/all.xml", "/old.xml"), content_type="text/html")
    origin.serve("/tag/ships/feed", rss("Ships", 21))
    origin.serve("/all.xml", rss("All", 21, 20))
    origin.serve("/old.xml", rss("Old", 1, 2, 3, 4, 5))

    found = await find()

    assert [(one.title, one.merits) for one in found] == [
        ("All", ("fresh", "dated")),
        ("Ships", ("of one topic, author or show", "fresh", "dated")),
        ("Old", ("stale", "dated")),
    ]


async def test_discovery_makes_a_bounded_number_of_requests(origin: Origin, find: Any) -> None:
    links = "".join(f'<a href="/{n}/rss.xml">RSS</a>' for n in range(200))
    origin.serve("/deep/page", page(*(f"/{n}.xml" for n in range(200))) + links.encode(), content_type="text/html")

    assert await find("/deep/page") == ()
    asked = [path for path in origin.paths if path != "/robots.txt"]
    assert len(asked) <= MOST_REQUESTS
    assert len(set(asked)) == len(asked)


def test_a_site_named_without_a_scheme_is_tried_over_https_first() -> None:
    assert addresses_of("example.org/news") == ("https://example.org/news", "http://example.org/news")
    assert addresses_of("http://example.org") == ("http://example.org",)


async def test_a_feed_of_comments_or_an_empty_one_does_not_end_the_search(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/home/feed/", "/comments/feed/", headlines=6), content_type="text/html")
    origin.serve("/home/feed/", rss("Comments on Home"))
    origin.serve("/comments/feed/", rss("Comments for the paper", 20, 21))
    origin.serve("/feed", rss("The paper", 20, 21))

    found = await find()

    assert [one.title for one in found] == ["The paper", "Comments for the paper", "Comments on Home"]
    assert found[0].why == "found where feeds usually are"


async def test_a_page_of_headlines_ranks_before_an_empty_feed(origin: Origin, find: Any) -> None:
    origin.serve("/", page(headlines=6), content_type="text/html")
    origin.serve("/rss.xml", rss("The paper"))

    found = await find()

    assert [(one.url, one.entries) for one in found] == [(origin.url("/"), 6), (origin.url("/rss.xml"), 0)]


async def test_a_link_labelled_as_a_feed_is_followed_whatever_its_url(origin: Origin, find: Any) -> None:
    origin.serve("/", b'<html><body><a href="/?type=9818">Our RSS feed</a></body></html>', content_type="text/html")
    origin.serve("/?type=9818", rss("Town hall", 20, 21))

    assert [(one.title, one.why) for one in await find()] == [("Town hall", "linked on the page")]


async def test_the_feeds_on_a_sites_page_of_feeds_are_found(origin: Origin, find: Any) -> None:
    origin.serve("/", b'<html><body><a class=foot href="/service/abo">RSS</a></body></html>', content_type="text/html")
    origin.serve("/service/abo", b'<a href="/xml/sport.xml">Sport</a> <a href="/xml/top.xml">Top stories</a>')
    origin.serve("/xml/sport.xml", rss("Sport", 19))
    origin.serve("/xml/top.xml", rss("Top stories", 20, 21))

    found = await find()

    assert [one.title for one in found] == ["Top stories", "Sport"]
    assert {one.why for one in found} == {"listed on the site's page of feeds"}


async def test_a_sitemap_for_news_is_found_where_robots_txt_names_none(origin: Origin, find: Any) -> None:
    origin.serve("/", page(headlines=6), content_type="text/html")
    origin.serve("/news-sitemap.xml", SITEMAP)

    assert [(one.kind, one.why) for one in await find()] == [
        (FeedKind.SITEMAP, "found where sitemaps for news usually are")
    ]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
async def test_for_a_refused_or_missing_page_the_usual_paths_of_its_site_are_tried(
    origin: Origin, find: Any, status: int
) -> None:
    origin.serve("/blog/", b"<html>Not for you</html>", content_type="text/html", status=status)
    origin.serve("/feed", rss("The paper", 20, 21))

    assert [(one.title, one.why) for one in await find("/blog/")] == [
        ("The paper", "found where feeds usually are, as the address itself cannot be read")
    ]


async def test_after_a_503_no_further_request_is_made(origin: Origin, find: Any) -> None:
    origin.serve("/", b"", status=503)

    assert (await find(), origin.paths) == ((), ["/"])


async def test_a_meta_refresh_to_a_language_version_is_followed_on_the_same_site(origin: Origin, find: Any) -> None:
    origin.serve("/", b'<meta http-equiv="refresh" content="0; url=/de/">', content_type="text/html")
    origin.serve("/de/", page(headlines=6), content_type="text/html")

    assert [(one.url, one.entries) for one in await find()] == [(origin.url("/de/"), 6)]


async def test_a_meta_refresh_to_where_robots_txt_forbids_is_not_followed(origin: Origin, find: Any) -> None:
    origin.serve("/", b'<meta http-equiv="refresh" content="0; url=/private/">', content_type="text/html")
    origin.serve("/private/", page(headlines=6), content_type="text/html")
    origin.serve("/robots.txt", "User-agent: *\nDisallow: /private/\n", content_type="text/plain")

    assert await find() == ()
    assert "/private/" not in origin.paths


async def test_a_meta_refresh_is_not_followed_when_the_link_header_announces_a_feed(origin: Origin, find: Any) -> None:
    meta, links = (
        b'<meta http-equiv="refresh" content="0; url=/de/">',
        '</a.xml>; rel=alternate; type="application/rss+xml"',
    )
    origin.serve("/", meta, content_type="text/html", headers={"Link": links})
    origin.serve("/de/", page(headlines=6), content_type="text/html")
    origin.serve("/a.xml", rss("The paper", 20, 21))

    assert [one.title for one in await find()] == ["The paper"]
    assert "/de/" not in origin.paths


async def test_a_meta_refresh_to_another_site_is_not_followed(origin: Origin, find: Any) -> None:
    origin.serve("/", b'<meta http-equiv="refresh" content="0; url=http://other.invalid/">', content_type="text/html")
    origin.serve("/feed", rss("The paper", 20, 21))

    assert [one.title for one in await find()] == ["The paper"]


async def test_a_news_feed_ranks_before_a_podcast(origin: Origin, find: Any) -> None:
    origin.serve("/", page("/podcast.xml", "/news.xml"), content_type="text/html")
    origin.serve("/podcast.xml", rss("The show", 18, 19, 20, 21))
    origin.serve("/news.xml", rss("The paper", 20, 21))

    assert [one.title for one in await find()] == ["The paper", "The show"]


async def test_a_sitemap_that_the_page_announces_is_read_if_there_is_no_feed(origin: Origin, find: Any) -> None:
    head = b'<link rel="sitemap" type="application/xml" href="/maps/articles.xml">'
    origin.serve("/", page().replace(b"</head>", head + b"</head>"), content_type="text/html")
    origin.serve("/maps/articles.xml", SITEMAP)

    (one,) = await find()
    assert (one.url, one.kind, one.why) == (
        origin.url("/maps/articles.xml"),
        FeedKind.SITEMAP,
        "announced by the page",
    )
    assert "/feed" in origin.paths  # a feed has summaries, so its usual places come first


async def test_a_news_sitemap_of_robots_txt_comes_before_the_sitemap_of_all_pages_that_the_page_announces(
    origin: Origin, find: Any
) -> None:
    start = page().replace(b"</head>", b'<link rel="sitemap" href="/all.xml"><link rel="sitemap" href="/b.xml"></head>')
    origin.serve("/", start, content_type="text/html")
    origin.serve("/robots.txt", "Sitemap: /c.xml\nSitemap: /news.xml", content_type="text/plain")
    origin.serve("/news.xml", SITEMAP)
    origin.serve("/all.xml", SITEMAP.replace(b"2026-11-21", b"2026-11-01"))

    assert [(one.url, one.why) for one in await find()] == [
        (origin.url("/news.xml"), "named by robots.txt"),
        (origin.url("/all.xml"), "announced by the page"),
    ]
    assert next(path for path in origin.paths if path in {"/all.xml", "/b.xml", "/c.xml", "/news.xml"}) == "/news.xml"


async def test_an_index_of_indexes_is_followed_to_the_second_level_and_no_further(origin: Origin, find: Any) -> None:
    origin.serve("/", page(), content_type="text/html")
    origin.serve("/robots.txt", "Sitemap: /all.xml\n", content_type="text/plain")
    origin.serve("/all.xml", index("/2026.xml", "/2025.xml"))
    origin.serve("/2026.xml", index("/november.xml"))
    origin.serve("/2025.xml", index("/december.xml"))
    origin.serve("/november.xml", SITEMAP)
    origin.serve("/december.xml", index("/days.xml"))
    origin.serve("/days.xml", SITEMAP + b"<!-- -->")

    assert [one.url for one in await find()] == [origin.url("/november.xml")]
    assert "/days.xml" not in origin.paths


async def test_a_mastodon_profile_has_its_feed_beside_it(origin: Origin, find: Any) -> None:
    origin.serve("/@jo", page(), content_type="text/html")
    origin.serve("/@jo.rss", rss("posts", 21, 22))

    assert [one.url for one in await find("/@jo")] == [origin.url("/@jo.rss")]


def test_a_news_sitemap_is_told_by_its_path_and_not_by_the_name_of_the_site() -> None:
    addresses = ["https://thenews.example/pages.xml", "https://thenews.example/NEWS.xml"]

    assert sorted(addresses, key=_is_general) == addresses[::-1]


@pytest.mark.parametrize(
    ("page_at", "feed_at"),
    [
        *(("/", path) for path in (
            "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/feed.json", "/index.xml", "/feeds/posts/default",
            "/?format=feed&type=rss", "/?feed=rss2",
        )),
        ("/world/", "/world/feed/"),
        ("/r/news", "/r/news/.rss"),
        ("/@jo", "/feed/@jo"),
        ("/channel/UC1234567890123456789012", "/feeds/videos.xml?channel_id=UC1234567890123456789012"),
    ],
)  # fmt: skip
async def test_each_system_is_asked_where_it_has_its_feeds(
    origin: Origin, find: Any, page_at: str, feed_at: str
) -> None:
    origin.serve(page_at, page(), content_type="text/html")
    origin.serve(feed_at, rss("news", 21, 22))

    assert [one.url for one in await find(page_at)] == [origin.url(feed_at)]


async def test_a_feed_in_the_language_of_the_page_ranks_before_one_in_another(origin: Origin, find: Any) -> None:
    start = page("/fr", "/en").replace(b"<html>", b"<html lang=en-GB>")
    origin.serve("/", start, content_type="text/html")
    for at, lang in (("/fr", b"fr"), ("/en", b"en-us")):
        tagged = rss(at[1:], 21, 22).replace(b"<link>", b"<language>" + lang + b"</language><link>", 1)
        origin.serve(at, tagged)

    found = await find()
    assert [one.url for one in found] == [origin.url("/en"), origin.url("/fr")]
    assert "in another language (fr)" in found[1].merits
