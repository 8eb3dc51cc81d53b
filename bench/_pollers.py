"""The pollers that bench/poll.py compares, each in a process of its own:

    ours     wirekin as `wirekin refresh --force` composes it, with the shipped topics
    naive    what anyone would write first: stock httpx with validators, feedparser, an upsert by sqlite-utils
    stock    httpx with validators and nothing else

A poller warms up by two feeds that are not counted, so that its imports and the start of its processes are left out;
then it polls every feed once, once more REPOLLS times while the origin says 304, and REPOLLS times while it says 200
with the bytes of before. Seconds of CPU are those of the process and all its descendants.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import _origin
from _measure import tree_cpu

REPOLLS = 3  # rounds measured together: what the first poll left to do is spread over them, as in life
AT_ONCE = 64
SHIPPED = Path(__file__).resolve().parents[1] / "feeds.yml"
FIRST, SAME, UNCHANGED, GROUPING = "first poll", "all 304", "unchanged 200", "grouping"
_FEEDS = re.compile(r"(?ms)^feeds:.*?(?=^\w)")


def feeds_yml(port: int, feeds: int, *, keep_all: bool) -> str:
    """The shipped configuration, its publishers, topics and terms as they are, with the origin's feeds in it."""
    listed = "\n".join(
        f"  - {{url: '{_origin.url(n, port)}', name: Feed {n}, allow_private: ['{_origin.host(n)}:{port}']}}"
        for n in range(feeds)
    )
    text = _FEEDS.sub(f"feeds:\n{listed}\n\n", SHIPPED.read_text(encoding="utf-8"), count=1)
    return text.replace("settings:\n", "settings:\n  unmatched: keep\n", 1) if keep_all else text


class Watch:
    """Takes the CPU of one piece of work after the other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    async def time(self, name: str, work: Callable[[], Awaitable[object]], times: int = 1) -> None:
        """Seconds of `work`, the mean of so many times."""
        before = tree_cpu()
        for _ in range(times):
            await work()
        self.seconds[name] = (tree_cpu() - before) / times


async def ours(port: int, feeds: int, folder: Path, *, keep_all: bool, grouped: bool) -> dict[str, float]:
    """Wirekin's own composition; grouping is measured apart, for no peer does it."""
    from wirekin.cli._app import App
    from wirekin.cli._compose import poller_of
    from wirekin.refresh import TurnReport

    config = folder / "feeds.yml"
    config.write_text(feeds_yml(port, feeds + _origin.WARM_UPS, keep_all=keep_all), encoding="utf-8")
    app = App(config_path=config, database=str(folder / "wirekin.db"))
    ids = [feed.id for feed in app.config.feeds]
    measured, warm = frozenset(ids[:feeds]), frozenset(ids[feeds:])
    watch = Watch()
    async with poller_of(app) as poller:
        group = poller.grouper.group

        async def no_grouping(*_: object, **__: object) -> int:
            return 0

        async def turn() -> TurnReport:
            report = await poller.turn(only=measured, manual=True)
            if report.failed or report.polled != feeds:
                sys.exit(f"bench: {report.polled} of {feeds} feeds polled, {report.failures[:3]}")
            return report

        async def turn_of_304() -> None:
            if (await turn()).not_modified != feeds:
                sys.exit("bench: not every feed was answered by 304")

        async def turn_of_200() -> None:
            if (await turn()).unchanged != feeds:
                sys.exit("bench: not every feed was found unchanged")

        poller.grouper.group = no_grouping
        await poller.turn(only=warm)
        await watch.time(FIRST, turn)
        if grouped:
            await watch.time(GROUPING, lambda: group(poller.clock()))
        await watch.time(SAME, turn_of_304, REPOLLS)
        _origin.validators(port, "off")
        await watch.time(UNCHANGED, turn_of_200, REPOLLS)
    app.close()
    return watch.seconds


async def naive(port: int, feeds: int, folder: Path) -> dict[str, float]:
    """An ordinary poller in one process: whatever is not a 304 is parsed and upserted."""
    import feedparser
    import httpx
    import sqlite_utils

    db = sqlite_utils.Database(folder / "naive.db")
    db.enable_wal()
    db["feeds"].create({"url": str, "etag": str, "modified": str}, pk="url")
    limit = asyncio.Semaphore(AT_ONCE)

    async def poll(client: httpx.AsyncClient, url: str) -> int:
        known = next(iter(db.query("select etag, modified from feeds where url = ?", [url])), {})
        headers = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("modified")}
        async with limit:
            answer = await client.get(url, headers={name: value for name, value in headers.items() if value})
        if answer.status_code == 304:
            return 304
        parsed = feedparser.parse(answer.content)
        rows = (
            {
                "id": entry.get("id") or entry.get("link") or entry.get("title"),
                "feed": url,
                "title": entry.get("title"),
                "link": entry.get("link"),
                "summary": entry.get("summary"),
                "published": entry.get("published"),
            }
            for entry in parsed.entries
        )
        db["entries"].upsert_all(rows, pk="id")
        modified = answer.headers.get("last-modified")
        db["feeds"].upsert({"url": url, "etag": answer.headers.get("etag"), "modified": modified}, pk="url")
        return answer.status_code

    urls = [_origin.url(n, port) for n in range(feeds + _origin.WARM_UPS)]
    watch = Watch()
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=AT_ONCE)) as client:

        async def turn(wanted: int) -> None:
            statuses = await asyncio.gather(*(poll(client, url) for url in urls[:feeds]))
            if set(statuses) != {wanted}:
                sys.exit(f"bench: the naive poller got {set(statuses)}")

        await asyncio.gather(*(poll(client, url) for url in urls[feeds:]))
        await watch.time(FIRST, lambda: turn(200))
        await watch.time(SAME, lambda: turn(304), REPOLLS)
        _origin.validators(port, "off")
        await watch.time(UNCHANGED, lambda: turn(200), REPOLLS)
    return watch.seconds


async def stock(port: int, feeds: int) -> dict[str, float]:
    """Conditional requests, and nothing kept, parsed or decided."""
    import httpx

    limit = asyncio.Semaphore(AT_ONCE)
    watch = Watch()
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=AT_ONCE)) as client:

        async def ask(number: int) -> int:
            known = {"If-None-Match": f'"bench-{number}"', "If-Modified-Since": _origin.MODIFIED}
            async with limit:
                return (await client.get(_origin.url(number, port), headers=known)).status_code

        async def turn() -> None:
            statuses = await asyncio.gather(*map(ask, range(feeds)))
            if set(statuses) != {304}:
                sys.exit(f"bench: stock httpx got {set(statuses)}")

        await asyncio.gather(*map(ask, range(feeds, feeds + _origin.WARM_UPS)))
        await watch.time(SAME, turn, REPOLLS)
    return watch.seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("role", choices=["ours", "naive", "stock"])
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--feeds", type=int, required=True)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--keep-all", action="store_true", help="ours: keep headlines that match no topic")
    options.add_argument("--grouped", action="store_true", help="ours: group what came, too")
    given = options.parse_args()
    _origin.validators(given.port, "on")
    if given.role == "ours":
        work = ours(given.port, given.feeds, given.folder, keep_all=given.keep_all, grouped=given.grouped)
    elif given.role == "naive":
        work = naive(given.port, given.feeds, given.folder)
    else:
        work = stock(given.port, given.feeds)
    print(json.dumps(asyncio.run(work)))


if __name__ == "__main__":
    main()
