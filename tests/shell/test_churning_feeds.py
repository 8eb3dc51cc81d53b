"""Feeds that rename their entries at every poll make no headline twice (requirement C11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import make
from fakes import Web, World

POLLS = 100
ENTRIES = 15
FEED = make.feed("https://churn.example/rss", host="churn.example")

Entry = Callable[[int, int], str]
"""(number of the entry, number of the poll) -> an item."""


def item(link: str, guid: str, number: int, date: str = "") -> str:
    title = f"<title>Ship number {number} is seized in the strait</title>"
    return f"<item>{title}<link>{link}</link><guid isPermaLink='false'>{guid}</guid>{date}</item>"


def link(number: int) -> str:
    return f"https://churn.example/news/{number}"


CHURNS: dict[str, Entry] = {
    "guids": lambda n, poll: item(link(n), f"{poll}-{n}", n),
    "guids that move on to the next entry": lambda n, poll: item(link(n), str(1000 + n + poll), n),
    "one guid for all": lambda n, poll: item(link(n), f"same-{poll}", n),
    "tracking parameters": lambda n, poll: item(f"{link(n)}?utm_source=rss&amp;utm_term={poll}", f"g{n}", n),
    "guids and tracking parameters": lambda n, poll: item(f"{link(n)}?utm_term={poll}", f"{poll}-{n}", n),
    "guids, sessions and fragments": lambda n, poll: item(
        f"{link(n)};jsessionid={poll:032x}#p{poll}", f"{poll}-{n}", n
    ),
    "guids and the scheme": lambda n, poll: item(
        link(n).replace("https", ("http", "https")[poll % 2]), f"{poll}-{n}", n
    ),
    "guids and the order": lambda n, poll: item(link((n + poll) % ENTRIES), f"{poll}-{n}", (n + poll) % ENTRIES),
    "guids and dates": lambda n, poll: item(
        link(n), f"{poll}-{n}", n, f"<pubDate>Sun, 22 Nov 2026 {poll % 24:02}:00:{n:02} GMT</pubDate>"
    ),
    "links under guids that stay": lambda n, poll: item(f"https://churn.example/{poll}/{n}", f"stays-{n}", n),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHURNS)
async def test_a_feed_that_renames_its_entries_at_each_poll_makes_no_headline_twice(name: str, tmp_path: Path) -> None:
    web = Web()
    world = World(tmp_path, [FEED], web)
    news = []
    async with world as poller:
        for poll in range(POLLS):
            entries = "".join(CHURNS[name](number, poll) for number in range(ENTRIES))
            web.documents[FEED.url] = f"<rss><channel><title>Churn</title>{entries}</channel></rss>".encode()
            report = await poller.turn(manual=True)
            news.append(report.headlines_new)
            assert (report.polled, report.failed) == (1, 0)
            world.clock.move(timedelta(hours=1))
        admin = world.backend.admin()
        kept = list(admin.export())
        admin.close()

    assert news == [ENTRIES] + [0] * (POLLS - 1)
    assert len(kept) == ENTRIES
