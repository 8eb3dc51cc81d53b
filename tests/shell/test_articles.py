"""Article pages over real HTTP: fetched politely, once, a bounded number per turn, and never at the cost of a poll."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import make
from commands import Folder, rss
from fakes import Clock
from origin import Answer, Origin
from polling import feed_at, polling
from wirekin.articles import Articles
from wirekin.model import Feed, Fetched, FetchRequest, FetchResult, Headline, Image, Parsed, ParseResult
from wirekin.parse import parse_article
from wirekin.publishers import Directory, PublisherSpec
from wirekin.refresh import Poller

FEED_HOST, NEWS_HOST, OTHER_HOST = "127.0.0.1", "127.0.0.2", "127.0.0.3"
PAGE = (
    '<!doctype html><html><head><meta property="og:title" content="{title}">'
    '<meta property="og:image" content="/p{path}.jpg">'
    '<meta property="article:published_time" content="2026-11-22T08:30:00Z"></head><body><h1>x</h1></body></html>'
)
AT = make.at(-1.5)


class SkippingClock(Clock):
    """A clock that advances two seconds at each reading, so that no host's spacing of a second is waited for."""

    def __call__(self) -> datetime:
        self.move(timedelta(seconds=2))
        return self.now


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin(FEED_HOST, NEWS_HOST, OTHER_HOST) as origin:
        yield origin


def serve_feed(origin: Origin, *paths: str, host: str = NEWS_HOST, details: int = 5, **more: Any) -> Feed:
    """A feed of these articles without dates, each titled after its path."""
    items = [(f"Tidings of the {path[1:]} harbour…", origin.url(path, host=host), "") for path in paths]
    url = origin.serve("/rss", rss("Herald", origin.url("/"), *items))
    return feed_at(url, origin.netlocs, article_details=details, **more)


def serve_pages(origin: Origin, *paths: str) -> None:
    for path in paths:
        title = f"Tidings of the {path[1:]} harbour and its boats"
        origin.serve(path, PAGE.format(title=title, path=path), content_type="text/html")


def pages_asked(origin: Origin) -> list[str]:
    return [path for path in origin.paths if path not in {"/rss", "/robots.txt"}]


async def headlines_by_path(poller: Poller, feed: Feed) -> dict[str, Headline]:
    """The feed's headlines by path, as grouping has them."""
    rows = await poller.store.call(lambda store: store.window(make.at(days=-9)))
    return {"/" + row.headline.url.rpartition("/")[2]: row.headline for row in rows}


async def read_here(fetched: Fetched) -> ParseResult:
    """Read an article in this process, without starting a worker."""
    return parse_article(fetched.body, url=fetched.url)


@pytest.mark.slow
async def test_headlines_get_image_time_and_full_title_from_their_article_pages(origin: Origin, tmp_path: Path) -> None:
    feed = serve_feed(origin, "/a", "/b")
    serve_pages(origin, "/a", "/b")

    async with polling(tmp_path / "w.db", [feed], SkippingClock()) as poller:
        report = await poller.turn()
        found = await headlines_by_path(poller, feed)

    assert (report.failed, report.headlines_new) == (0, 2)
    assert {path: each.title for path, each in found.items()} == {
        "/a": "Tidings of the a harbour and its boats",
        "/b": "Tidings of the b harbour and its boats",
    }
    assert [each.published_at for each in found.values()] == [AT, AT]
    assert found["/a"].image == Image(origin.url("/p/a.jpg", host=NEWS_HOST))
    assert origin.paths[:2] == ["/rss", "/robots.txt"]
    assert sorted(pages_asked(origin)) == ["/a", "/b"]


async def test_no_article_page_is_fetched_unless_the_feed_is_configured_for_it(origin: Origin, tmp_path: Path) -> None:
    feed = serve_feed(origin, "/a", details=0)

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        await poller.turn()

    assert origin.paths == ["/rss"]


async def test_an_article_page_that_robots_txt_forbids_is_not_fetched_nor_tried_again(
    origin: Origin, tmp_path: Path
) -> None:
    feed = serve_feed(origin, "/a")
    serve_pages(origin, "/a")
    origin.serve("/robots.txt", "User-agent: *\nDisallow: /a", content_type="text/plain")

    clock = SkippingClock()
    for _ in range(2):
        async with polling(tmp_path / "w.db", [feed], clock, read=read_here) as poller:
            report = await poller.turn(manual=True)

    assert report.failed == 0
    assert origin.paths == ["/rss", "/robots.txt", "/rss"]


@pytest.mark.parametrize("answer", [Answer(b"", 404), Answer(b"", 500), Answer(b"no page at all")])
async def test_no_article_page_is_fetched_twice_whatever_it_answers_and_over_restarts(
    origin: Origin, tmp_path: Path, answer: Answer
) -> None:
    feed = serve_feed(origin, "/a", "/b")
    for path in ("/a", "/b"):
        origin.serve_each(path, [answer])

    clock = SkippingClock()
    for _ in range(3):
        async with polling(tmp_path / "w.db", [feed], clock, read=read_here) as poller:
            report = await poller.turn(manual=True)
            assert report.failed == 0

    assert sorted(pages_asked(origin)) == ["/a", "/b"]


async def test_a_turn_fetches_no_more_article_pages_than_the_feed_allows(origin: Origin, tmp_path: Path) -> None:
    paths = [f"/n{n}" for n in range(7)]
    feed = serve_feed(origin, *paths, details=3)
    serve_pages(origin, *paths)
    asked_by: list[int] = []

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        for _ in range(4):
            await poller.turn(manual=True)
            asked_by.append(len(pages_asked(origin)))

    assert asked_by == [3, 6, 7, 7]


async def test_no_article_pages_are_fetched_for_a_feed_that_failed(origin: Origin, tmp_path: Path) -> None:
    feed = serve_feed(origin, "/a", "/b", details=1)
    serve_pages(origin, "/a", "/b")

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        await poller.turn()
        before = pages_asked(origin)
        origin.serve_each("/rss", [Answer(b"", 500)])
        report = await poller.turn(manual=True)

    assert report.failed == 1
    assert (len(before), pages_asked(origin)) == (1, before)


async def test_a_title_and_an_image_from_the_feed_are_never_overwritten(origin: Origin, tmp_path: Path) -> None:
    link = origin.url("/a", host=NEWS_HOST)
    item = (
        f'<item><title>Own words…</title><link>{link}</link><enclosure url="{link}/own.jpg" type="image/jpeg"/></item>'
    )
    origin.serve("/rss", f'<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>{item}</channel></rss>')
    feed = feed_at(origin.url("/rss"), origin.netlocs, article_details=5)
    serve_pages(origin, "/a")

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        await poller.turn()
        (found,) = (await headlines_by_path(poller, feed)).values()

    assert (found.title, found.image, found.published_at) == ("Own words…", Image(f"{link}/own.jpg"), AT)


@pytest.mark.slow
async def test_a_hanging_article_page_ends_at_the_time_limit_and_delays_no_other_host(
    origin: Origin, tmp_path: Path
) -> None:
    items = [
        ("Tidings of the slow harbour…", origin.url("/slow", host=NEWS_HOST), ""),
        ("Tidings of the late harbour…", origin.url("/late", host=NEWS_HOST), ""),
        ("Tidings of the quick harbour…", origin.url("/quick", host=OTHER_HOST), ""),
    ]
    feed = feed_at(origin.serve("/rss", rss("Herald", origin.url("/"), *items)), origin.netlocs, article_details=5)
    serve_pages(origin, "/quick")
    for path in ("/slow", "/late"):
        origin.serve(path, b"x", delay=3600.0)

    async with polling(
        tmp_path / "w.db", [feed], SkippingClock(), read=read_here, articles_within=timedelta(seconds=1.5)
    ) as poller:
        report = await asyncio.wait_for(poller.turn(), 20)
        found = await headlines_by_path(poller, feed)
        left = await poller.store.call(lambda store: store.incomplete(feed.id, 20))

    assert (report.polled, report.failed, report.headlines_new, len(found)) == (1, 0, 3, 3)
    assert found["/quick"].image is not None
    assert len(left) == 1  # the second article of the host that hung is left to the next turn


async def test_a_429_for_an_article_page_holds_its_host(
    origin: Origin, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    feed = serve_feed(origin, "/a", "/b")
    for path in ("/a", "/b"):
        origin.serve(path, status=429, headers={"Retry-After": "3600"})

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        await poller.turn()
        free_at = await poller.store.call(lambda store: store.take_host(NEWS_HOST, make.at(0.5)))

    assert len(pages_asked(origin)) == 1
    assert free_at is not None
    assert free_at > make.at(0.9)
    assert not [record.message for record in caplog.records if record.exc_info], "an answer is no accident"


async def test_an_article_page_at_a_private_address_that_the_feed_may_not_dial_is_not_fetched(
    origin: Origin, tmp_path: Path
) -> None:
    link = origin.url("/a", host=OTHER_HOST)
    url = origin.serve("/rss", rss("Herald", origin.url("/"), ("Tidings of a harbour…", link, "")))
    feed = feed_at(url, [f"{FEED_HOST}:{origin.port}"], article_details=5)
    serve_pages(origin, "/a")

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        report = await poller.turn()

    assert (report.failed, origin.paths) == (0, ["/rss"])


async def test_a_turn_that_is_told_to_stop_fetches_no_further_article_page(origin: Origin, tmp_path: Path) -> None:
    feed = serve_feed(origin, "/a", "/b", details=1)

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        await poller.turn()
        before = pages_asked(origin)
        poller.stopping.set()
        assert poller.details
        await poller.details([feed], (), poller.stopping)

    assert len(before) == 1
    assert pages_asked(origin) == before


async def test_the_publisher_names_cut_from_page_titles_are_those_of_the_current_configuration(
    origin: Origin, tmp_path: Path
) -> None:
    feed = serve_feed(origin, "/a", "/b", details=1)
    for path in ("/a", "/b"):
        title = f"Tidings of the {path[1:]} harbour and its boats - Strand"
        origin.serve(path, PAGE.format(title=title, path=path), content_type="text/html")

    clock = SkippingClock()
    async with polling(tmp_path / "w.db", [feed], clock, read=read_here) as poller:
        await poller.turn()
        poller.rules = replace(poller.rules, directory=Directory([PublisherSpec("Strand", ("strand.example",))]))
        clock.move(timedelta(days=1))
        await poller.turn()
        found = await headlines_by_path(poller, feed)

    assert sorted(each.title.partition(" - ")[2] for each in found.values()) == ["", "Strand"]


async def test_an_exception_while_reading_a_page_affects_neither_the_turn_nor_the_next_page(
    origin: Origin, tmp_path: Path
) -> None:
    feed = serve_feed(origin, "/a", "/b")
    serve_pages(origin, "/a", "/b")
    bodies: list[bytes] = []
    named: set[str | None] = set()

    async def fetch(request: FetchRequest) -> FetchResult:
        named.add(request.named_url)
        return Fetched(request.feed_id, request.url, b"x", "hash")

    async def read(fetched: Fetched) -> ParseResult:
        bodies.append(fetched.body)
        if len(bodies) == 1:
            raise RuntimeError("nobody thought of this")
        return Parsed("article", (make.entry(image=Image("https://example.com/p.jpg")),))

    async with polling(tmp_path / "w.db", [feed], SkippingClock(), read=read_here) as poller:
        poller.details = Articles(poller.store, fetch, read, poller.clock).ask
        report = await poller.turn()
        found = await headlines_by_path(poller, feed)
        free_at = await poller.store.call(lambda store: store.take_host(NEWS_HOST, make.at(1)))

    assert (report.failed, report.headlines_new, len(bodies)) == (0, 2, 2)
    assert sum(1 for each in found.values() if each.image) == 1
    assert free_at is None  # the slot was given back
    assert named == {feed.url}  # articles may dial what the feed may, and no more (requirement B3)


@pytest.mark.slow
def test_refresh_fetches_the_article_pages_that_feeds_yml_allows(tmp_path: Path) -> None:
    with Origin(FEED_HOST, NEWS_HOST) as origin:
        serve_feed(origin, "/a")
        serve_pages(origin, "/a")
        folder = Folder(tmp_path)
        folder.write(
            f"settings: {{unmatched: keep, allow_private: ['{FEED_HOST}:{origin.port}', '{NEWS_HOST}:{origin.port}']}}\n"
            f"feeds:\n  - url: {origin.url('/rss')}\n    article_details: 1\n"
        )

        ran = folder.run("refresh", "--json")

        (found,) = folder.run("headlines", "--json").json["items"]
        assert (ran.code, ran.json["failed"], ran.json["headlines_new"]) == (0, 0, 1)
        assert found["title"] == "Tidings of the a harbour and its boats"
        assert found["published_at"] == "2026-11-22T08:30:00Z"
        assert found["image"]["url"] == origin.url("/p/a.jpg", host=NEWS_HOST)
        assert pages_asked(origin) == ["/a"]
