"""Our requests as a publisher sees them: the content of each, and the spacing between processes."""

from __future__ import annotations

import itertools
import os
import signal
from datetime import timedelta
from pathlib import Path

import pytest

from commands import Folder, rss
from origin import Answer, Origin, Request
from running import until
from wirekin.cli._app import clock
from wirekin.cli._compose import lone_fetch
from wirekin.fetch import user_agent
from wirekin.model import Fetched, FetchFailed, FetchRequest, feed_id

NEIGHBOURS = 200 if os.environ.get("WIREKIN_PROOF") else 3  # feeds of one host, requirement A11
SPACING = 1.0  # seconds, requirement A11
GRAIN = 0.002  # seconds: two processes and the origin read clocks that tick in milliseconds
DELAY = 0.1  # seconds that an answer takes
AGENT = user_agent("https://example.org/bot")
DATE = "Sun, 22 Nov 2026 09:00:00 GMT"
SET_COOKIE = {"Set-Cookie": "visitor=1; Path=/"}

pytestmark = pytest.mark.slow


def document(number: int = 0) -> bytes:
    return rss(f"Feed {number}", "http://herald.example", (f"Tidings {number}", f"http://herald.example/{number}", ""))


def manners(request: Request) -> tuple[str, str | None, str | None, bool, bool]:
    """Method, User-Agent, codings, and whether it has a cookie and a Referer."""
    return (
        request.method,
        request.header("user-agent"),
        request.header("accept-encoding"),
        request.header("cookie") is not None,
        request.header("referer") is not None,
    )


def test_every_request_is_a_get_with_our_user_agent_the_whole_query_and_no_cookie(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    paths = ["/plain?format=rss&b=2", "/moved", "/limited", "/page"]
    with Origin(*(f"127.0.0.{41 + n}" for n in range(len(paths)))) as origin:
        origin.serve(paths[0], document(), etag='"1"', last_modified=DATE, headers=SET_COOKIE)
        origin.serve("/moved", status=302, headers={"Location": "/there?x=1", **SET_COOKIE})
        origin.serve("/there?x=1", document(1), headers=SET_COOKIE)
        origin.serve("/limited", status=429, headers=SET_COOKIE)
        origin.serve("/page", b"<html><a href='/a'>nothing here</a></html>", content_type="text/html")
        folder.feeds(origin, *paths, more="settings: {unmatched: keep, contact: 'https://example.org/bot'}")
        page = origin.url("/page", host=origin.hosts[3])
        folder.write(folder.config.read_text().replace(f"url: {page}", f"page: {page}"))

        folder.run("refresh")
        folder.run("refresh", "--force")

        assert {manners(request) for request in origin.requests} == {("GET", AGENT, "gzip", False, False)}
        assert set(origin.paths) == {*paths, "/there?x=1", "/robots.txt"}
        assert origin.paths.count("/limited") == 1  # held, by force or not
        again = [request for request in origin.requests if request.path == paths[0]][1]
        assert (again.header("if-none-match"), again.header("if-modified-since")) == ('"1"', DATE)


async def test_a_command_that_stores_nothing_spaces_its_requests_to_a_host_too() -> None:
    with Origin("127.0.0.52") as origin:
        opened = frozenset({origin.netloc})
        async with lone_fetch(None) as fetch:
            for path in ("/a", "/b"):
                url = origin.serve(path, document())
                assert isinstance(await fetch(FetchRequest(feed_id(url), url, allow_private=opened)), Fetched)

        first, second = origin.requests
        assert second.at - first.at >= SPACING - GRAIN


@pytest.mark.parametrize(("status", "asked"), [(429, 1), (503, 1), (500, 2)])
async def test_a_command_that_stores_nothing_asks_a_host_no_more_after_a_429_or_503(status: int, asked: int) -> None:
    with Origin("127.0.0.53") as origin:
        opened = frozenset({origin.netloc})
        async with lone_fetch(None) as fetch:
            for path in ("/a", "/b"):
                url = origin.serve(path, status=status)
                answer = await fetch(FetchRequest(feed_id(url), url, allow_private=opened))
                assert isinstance(answer, FetchFailed)
                assert (answer.feed_id, answer.status) == (feed_id(url), status)

        assert len(origin.requests) == asked


async def test_a_command_that_stores_nothing_follows_no_redirect_to_a_host_after_its_429() -> None:
    with Origin("127.0.0.53", "127.0.0.54") as origin:
        resting = origin.serve("/rest", status=429).replace("127.0.0.53", "127.0.0.54")
        async with lone_fetch(None) as fetch:
            for path in ("/a", "/b"):
                url = origin.serve(path, status=302, headers={"Location": resting})
                answer = await fetch(FetchRequest(feed_id(url), url, allow_private=origin.netlocs))
                assert isinstance(answer, FetchFailed)

        assert origin.paths == ["/a", "/rest", "/b"]


async def test_a_command_that_stores_nothing_respects_the_holds_of_earlier_polls() -> None:
    with Origin("127.0.0.53", "127.0.0.54") as origin:
        over, soon = clock() - timedelta(seconds=1), clock() + timedelta(seconds=90)
        url = origin.serve("/a", document())
        there = origin.serve("/b", status=302, headers={"Location": origin.url("/a", host="127.0.0.54")})
        async with lone_fetch(None, {"127.0.0.53": over, "127.0.0.54": soon}) as fetch:
            asked, led, told = [
                await fetch(FetchRequest(feed_id(one), one, allow_private=origin.netlocs))
                for one in (url, there, origin.url("/a", host="127.0.0.54"))
            ]

        assert isinstance(asked, Fetched)
        assert [one.detail[-30:] for one in (led, told)] == [f"asked before {soon:%FT%TZ}"[-30:]] * 2
        assert origin.paths == ["/a", "/b"]


@pytest.mark.proof
def test_a_daemon_and_a_refresh_request_one_host_in_turn_and_a_second_apart(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with Origin("127.0.0.51") as origin:
        paths = [f"/feed{number}" for number in range(NEIGHBOURS)]
        for number, path in enumerate(paths):
            answer = Answer(document(number), delay=DELAY, etag='"1"')
            origin.answer(path, lambda _, answer=answer: answer)
        folder.feeds(origin, *paths)

        daemon = folder.start("daemon")
        until(lambda: origin.requests)  # else the refresh may poll them all before the daemon has started
        ran = folder.run("refresh", "--force", "--json", timeout=PATIENCE)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=PATIENCE)

        starts = [request.at for request in origin.requests]
        gaps = [later - (sooner + DELAY) for sooner, later in itertools.pairwise(starts)]
        assert (ran.code, ran.json["failed"]) == (0, 0)
        assert set(origin.paths) == set(paths)
        assert len(starts) > NEIGHBOURS  # both processes polled
        assert origin.open_at_once == 1
        assert min(gaps) >= SPACING - GRAIN


PATIENCE = 60 + 4 * NEIGHBOURS  # seconds until the test gives up
