"""robots.txt is asked before pages are, and obeyed (requirement A12, RFC 9309)."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest

from faults import OK, FaultOrigin
from fetching import Slots, asking, fetcher
from make import NOW
from origin import Answer, Origin
from wirekin.fetch._robots import KEPT_FOR, MAX_ORIGINS, PARSED_BYTES, RobotsCache, rules_of
from wirekin.model import FeedKind, Fetched, FetchFailed, FetchRequest, FetchResult, Reason


def page(url: str, *opened: str) -> FetchRequest:
    return asking(url, *opened, kind=FeedKind.PAGE)


async def ask_twice(origin: Origin, path: str = "/news") -> tuple[FetchResult, FetchResult]:
    async with fetcher() as ours:
        return await ours.fetch(page(origin.url(path))), await ours.fetch(page(origin.url(path)))


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        (b"", "/news", True),
        (b"User-agent: *\nDisallow: /", "/news", False),
        (b"User-agent: *\nDisallow: /\nAllow: /news", "/news", True),
        (b"User-agent: *\nDisallow: /\n\nUser-agent: wirekin\nDisallow: /private", "/news", True),
        (b"User-agent: WireKin\nDisallow: /news", "/news", False),
        (b"User-agent: x\nuser-agent: Wirekin/0.1.0 # as in the log\nDisallow: /news", "/news", False),
        (b"User-agent: wirekinder\nDisallow: /news", "/news", True),
        (b"User-agent: otherbot\nDisallow: /", "/news", True),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/news", False),
        (b"User-agent: *\nDisallow: /*.html$", "/a.html", False),
        (b"User-agent: *\nDisallow: /*?", "/news?page=2", False),
        (b"\xff\xfe\x00 not a text at all", "/news", True),
        (b"<html>Sorry</html>", "/news", True),
    ],
)
async def test_a_page_is_fetched_only_where_robots_txt_allows_it(robots: bytes, path: str, allowed: bool) -> None:
    async with Origin() as origin:
        origin.serve("/robots.txt", robots, content_type="text/plain")
        origin.serve(path, b"x")
        first, second = await ask_twice(origin, path)

        assert isinstance(first, Fetched if allowed else FetchFailed)
        assert isinstance(second, Fetched if allowed else FetchFailed)
        assert origin.paths == ["/robots.txt", path, path][: 3 if allowed else 1]  # fetched once, kept for a day
        if isinstance(first, FetchFailed):
            assert first.reason is Reason.ROBOTS


@pytest.mark.parametrize("path", ["", "?page=1", "/?page=1", "/a?b=/c"])
async def test_robots_txt_is_requested_at_the_root_whatever_the_url_of_the_page(path: str) -> None:
    async with Origin() as origin, fetcher() as ours:
        origin.serve("/robots.txt", b"User-agent: *\nDisallow: /", content_type="text/plain")
        origin.serve("/", b"x")

        await ours.fetch(page(origin.url(path), *origin.netlocs))

        assert origin.paths == ["/robots.txt"]


@pytest.mark.parametrize(
    ("status", "allowed"), [(400, True), (401, True), (403, True), (404, True), (410, True), (500, False), (503, False)]
)
async def test_a_missing_robots_txt_allows_everything_and_a_server_error_nothing(status: int, allowed: bool) -> None:
    async with Origin() as origin:
        origin.serve("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
        origin.serve("/news", b"x")
        result, _ = await ask_twice(origin)

        assert isinstance(result, Fetched if allowed else FetchFailed)


@pytest.mark.parametrize(("status", "reason"), [(429, Reason.RATE_LIMITED), (503, Reason.UNAVAILABLE)])
async def test_a_429_or_503_for_robots_txt_fails_the_page_with_its_retry_after(status: int, reason: Reason) -> None:
    async with Origin() as origin:
        origin.serve("/robots.txt", status=status, headers={"Retry-After": "60"})
        result, _ = await ask_twice(origin)

        assert isinstance(result, FetchFailed)
        assert (result.reason, result.hints.retry_after) == (reason, timedelta(minutes=1))


async def test_a_truncated_robots_txt_fails_the_page() -> None:
    async with FaultOrigin() as faulty, fetcher() as ours:
        faulty.serve("/robots.txt", OK + b"Content-Length: 100\r\n\r\nUser-agent: *\nDisallow: /pri")
        news = faulty.serve("/news", OK + b"Content-Length: 1\r\n\r\nx")
        result = await ours.fetch(page(news))

    assert isinstance(result, FetchFailed)
    assert (result.reason, result.detail) == (Reason.TRUNCATED, "robots.txt is cut short")


async def test_a_page_on_an_unreachable_host_fails_as_connect() -> None:
    async with Origin() as origin:
        url = origin.url("/news")
    async with fetcher() as ours:
        result = await ours.fetch(page(url))

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.CONNECT


async def test_a_configured_feed_is_fetched_without_asking_robots_txt() -> None:
    async with Origin() as origin, fetcher() as ours:
        origin.serve("/robots.txt", b"User-agent: *\nDisallow: /")
        await ours.fetch(asking(origin.serve("/rss.xml", b"x")))

        assert origin.paths == ["/rss.xml"]


async def test_robots_txt_may_redirect_to_another_host() -> None:
    slots = Slots()
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher(slots=slots) as ours:
        there = origin.url("/r", host="127.0.0.2")
        origin.serve("/robots.txt", status=301, headers={"Location": there})
        origin.serve("/r", b"User-agent: *\nDisallow: /news")
        result = await ours.fetch(page(origin.url("/news"), *origin.netlocs))

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.ROBOTS
        assert slots.log == ["take 127.0.0.2", "give back 127.0.0.2"]


async def test_a_redirect_checks_the_robots_txt_of_the_next_host_too() -> None:
    async with Origin("127.0.0.1", "127.0.0.2") as origin, fetcher() as ours:
        there = origin.url("/there", host="127.0.0.2")
        origin.serve("/here", status=302, headers={"Location": there})
        origin.answer("/robots.txt", lambda _: Answer(b"User-agent: *\nDisallow: /there"))
        result = await ours.fetch(page(origin.url("/here"), *origin.netlocs))

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.ROBOTS
        assert [(seen.host, seen.path) for seen in origin.requests] == [
            ("127.0.0.1", "/robots.txt"),
            ("127.0.0.1", "/here"),
            ("127.0.0.2", "/robots.txt"),
        ]


async def test_robots_txt_and_the_page_are_spaced_on_their_host() -> None:
    async with Origin() as origin, fetcher(spacing=timedelta(seconds=0.2)) as ours:
        await ours.fetch(page(origin.serve("/news", b"x")))

        robots, news = origin.requests
        assert news.at - robots.at >= 0.2


def test_as_much_of_robots_txt_is_read_as_rfc_9309_asks_for() -> None:
    assert PARSED_BYTES >= 500 * 1024  # its section 2.5


@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_only_the_beginning_of_an_oversized_robots_txt_counts(coding: str) -> None:
    text = b"User-agent: *\nDisallow: /news\n" + b"# filler\n" * (PARSED_BYTES // 8)
    async with Origin() as origin:
        body, headers = (gzip.compress(text), {"Content-Encoding": coding}) if coding else (text, {})
        origin.serve("/robots.txt", body, headers=headers)
        origin.serve("/news", b"x")
        result, _ = await ask_twice(origin)

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.ROBOTS


def test_an_incomplete_last_line_of_robots_txt_is_ignored() -> None:
    rules = b"User-agent: *\nDisallow: /private\n"
    cut = b"Disallow: /" + b"n" * 40
    text = rules + b"#" * (PARSED_BYTES - len(rules) - 12) + b"\n" + cut

    assert text[:PARSED_BYTES].endswith(b"Disallow: /")
    assert rules_of(200, text[:PARSED_BYTES]).allow("https://news.example/news")
    assert not rules_of(200, text[:PARSED_BYTES]).allow("https://news.example/private")


async def test_a_redirect_loop_of_robots_txt_allows_nothing() -> None:
    async with Origin() as origin:
        origin.serve("/robots.txt", status=301, headers={"Location": "/robots.txt?again"})
        origin.serve("/robots.txt?again", status=301, headers={"Location": "/robots.txt"})
        origin.serve("/news", b"x")
        result, _ = await ask_twice(origin)

        assert isinstance(result, FetchFailed)
        assert result.reason is Reason.REDIRECTS
        assert "/news" not in origin.paths


async def test_pages_keep_the_crawl_delay_of_robots_txt_and_feeds_do_not() -> None:
    async with Origin() as origin, fetcher() as ours:
        origin.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 0.3")
        for path in ("/one", "/two", "/rss.xml"):
            origin.serve(path, b"x")
        for path in ("/one", "/two"):
            await ours.fetch(page(origin.url(path), *origin.netlocs))
        await ours.fetch(asking(origin.url("/rss.xml")))

        _, one, two, feed = origin.requests
        assert two.at - one.at >= 0.3
        assert feed.path == "/rss.xml"


@pytest.mark.parametrize(
    ("said", "seconds"), [("2.5", 2.5), ("10", 10), ("86400", 10), ("1e300", 10), ("-1", 0), ("nan", 0), ("soon", 0)]
)
def test_a_crawl_delay_is_at_most_ten_seconds_and_an_invalid_one_is_zero(said: str, seconds: float) -> None:
    assert rules_of(200, f"User-agent: *\nCrawl-delay: {said}".encode()).delay == timedelta(seconds=seconds)


def test_cached_rules_expire_and_the_oldest_are_dropped_when_there_are_too_many() -> None:
    cache, rules = RobotsCache(), rules_of(404, b"")
    for number in range(MAX_ORIGINS + 1):
        cache.put(f"http://{number}.example:80", rules, NOW)

    assert cache.get("http://0.example:80", NOW) is None
    assert cache.get("http://1.example:80", NOW + KEPT_FOR - timedelta(seconds=1)) is rules
    assert cache.get("http://1.example:80", NOW + KEPT_FOR) is None


def test_rules_are_cached_for_a_day_and_after_a_server_error_for_an_hour() -> None:
    assert [rules_of(status, b"").kept_for for status in (200, 404, 500)] == [KEPT_FOR, KEPT_FOR, timedelta(hours=1)]


def test_cached_rules_that_are_fetched_again_count_as_the_newest() -> None:
    cache, rules = RobotsCache(), rules_of(404, b"")
    for number in [*range(MAX_ORIGINS), 0, MAX_ORIGINS]:
        cache.put(f"http://{number}.example:80", rules, NOW)

    assert cache.get("http://0.example:80", NOW) is rules
    assert cache.get("http://1.example:80", NOW) is None
