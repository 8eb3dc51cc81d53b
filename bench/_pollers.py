"""The pollers that bench/poll.py compares, each in a process of its own.

    ours     wirekin as `wirekin refresh --force` composes it, with the shipped topics
    naive    what anyone would write first: stock httpx with validators, feedparser, an upsert by sqlite-utils
    stock    httpx with validators and nothing else

A poller warms up by two feeds that are not counted, so that its imports and the start of its processes are left out;
then it polls every feed once, `--repolls` times more while the origin says 304, as often while it also closes each
connection, and once while it says 200 with the same bytes. CPU seconds are those of the process and all its
descendants. `--whole` is one plain turn of the naive poller, whose whole process bench/peers.py measures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import _origin
from _measure import tree_cpu

AT_ONCE = 64
SPACING = 1.1  # seconds between two turns of wirekin, so that none waits for a host, asked once a second at most
SHIPPED = Path(__file__).resolve().parents[1] / "feeds.yml"
FIRST, SAME, CLOSED = "first poll", "all 304", "all 304, connections closed by the origin"
UNCHANGED, GROUPING = "unchanged 200", "grouping"
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
    """Measures the CPU of one piece of work after the other, and has the origin hang up after each."""

    def __init__(self, given: argparse.Namespace, pause: float = 0.1) -> None:
        self._port, self._repolls, self._pause = given.port, given.repolls, pause
        self.seconds: dict[str, float] = {}

    async def time(self, name: str, work: Callable[[], Awaitable[object]], times: int = 1) -> None:
        """Measure `work`, the mean of `times` runs: what the first poll left to do is spread over them."""
        before = tree_cpu()
        for _ in range(times):
            await work()
            _origin.tell(self._port, "hang-up")  # as after half an hour; noticing it is the poller's work too
            await asyncio.sleep(self._pause)
        self.seconds[name] = (tree_cpu() - before) / times

    async def repolls(self, work: Callable[[], Awaitable[object]]) -> None:
        """Turns that are answered by 304 only, over persistent connections and over closed ones."""
        await self.time(SAME, work, self._repolls)
        _origin.tell(self._port, "closing-on")
        await self.time(CLOSED, work, self._repolls)
        _origin.tell(self._port, "closing-off")

    async def unchanged(self, work: Callable[[], Awaitable[object]]) -> None:
        """A turn that brings the same bytes again."""
        _origin.tell(self._port, "validators-off")
        await self.time(UNCHANGED, work)


async def ours(given: argparse.Namespace) -> dict[str, float]:
    """Wirekin's own composition; grouping is measured apart, for no peer does it."""
    from wirekin.cli._app import App
    from wirekin.cli._compose import poller_of
    from wirekin.refresh import TurnReport

    feeds = given.feeds
    config = given.folder / "feeds.yml"
    text = feeds_yml(given.port, feeds + _origin.WARM_UPS, keep_all=given.keep_all)
    config.write_text(text, encoding="utf-8")
    app = App(config_path=config, database=str(given.folder / "wirekin.db"))
    ids = [feed.id for feed in app.config.feeds]
    measured, warm = frozenset(ids[:feeds]), frozenset(ids[feeds:])
    watch = Watch(given, SPACING)
    async with poller_of(app) as poller:
        poller.rest = None  # parsers live on from turn to turn, as in a daemon: their start is left out
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
        await watch.repolls(turn_of_304)
        await watch.unchanged(turn_of_200)
        if given.grouped:
            await watch.time(GROUPING, lambda: group(poller.clock()))
    app.close()
    return watch.seconds


class Naive:
    """An ordinary poller in one process: whatever is not a 304 is parsed and upserted."""

    def __init__(self, client: Any, folder: Path) -> None:
        import sqlite_utils

        self._client = client
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._db = sqlite_utils.Database(folder / "naive.db")
        self._db.enable_wal()
        self._db["feeds"].create({"url": str, "etag": str, "modified": str}, pk="url", if_not_exists=True)

    async def turn(self, urls: Iterable[str]) -> set[int]:
        """Poll all of these; returns the statuses that came."""
        return set(await asyncio.gather(*map(self._poll, urls)))

    async def _poll(self, url: str) -> int:
        import feedparser

        known = next(iter(self._db.query("select etag, modified from feeds where url = ?", [url])), {})
        headers = {"If-None-Match": known.get("etag"), "If-Modified-Since": known.get("modified")}
        async with self._limit:
            answer = await self._client.get(url, headers={name: value for name, value in headers.items() if value})
        if answer.status_code == 304:
            return 304
        entries = feedparser.parse(answer.content).entries
        self._db["entries"].upsert_all((_row(url, entry) for entry in entries), pk="id")
        self._db["feeds"].upsert(
            {"url": url, "etag": answer.headers.get("etag"), "modified": answer.headers.get("last-modified")}, pk="url"
        )
        return int(answer.status_code)


def _row(url: str, entry: Any) -> dict[str, Any]:
    return {
        "id": entry.get("id") or entry.get("link") or entry.get("title"),
        "feed": url,
        "title": entry.get("title"),
        "link": entry.get("link"),
        "summary": entry.get("summary"),
        "published": entry.get("published"),
    }


async def naive(given: argparse.Namespace) -> dict[str, float]:
    """The naive poller, measured; or with `whole` one turn of it and nothing else."""
    import httpx

    urls = [_origin.url(n, given.port) for n in range(given.feeds + _origin.WARM_UPS)]
    watch = Watch(given)
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=AT_ONCE)) as client:
        poller = Naive(client, given.folder)

        async def turn(wanted: int) -> None:
            if (statuses := await poller.turn(urls[: given.feeds])) != {wanted}:
                sys.exit(f"bench: the naive poller got {statuses}")

        if given.whole:
            await poller.turn(urls[: given.feeds])
            return {}
        await poller.turn(urls[given.feeds :])
        await watch.time(FIRST, lambda: turn(200))
        await watch.repolls(lambda: turn(304))
        await watch.unchanged(lambda: turn(200))
    return watch.seconds


async def stock(given: argparse.Namespace) -> dict[str, float]:
    """Conditional requests, and nothing kept, parsed or decided."""
    import httpx

    limit = asyncio.Semaphore(AT_ONCE)
    watch = Watch(given)
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=AT_ONCE)) as client:

        async def ask(number: int) -> int:
            known = {"If-None-Match": f'"bench-{number}"', "If-Modified-Since": _origin.MODIFIED}
            async with limit:
                return (await client.get(_origin.url(number, given.port), headers=known)).status_code

        async def turn() -> None:
            statuses = await asyncio.gather(*map(ask, range(given.feeds)))
            if set(statuses) != {304}:
                sys.exit(f"bench: stock httpx got {set(statuses)}")

        await asyncio.gather(*map(ask, range(given.feeds, given.feeds + _origin.WARM_UPS)))
        await watch.repolls(turn)
    return watch.seconds


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("role", choices=["ours", "naive", "stock"])
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--feeds", type=int, required=True)
    options.add_argument("--folder", type=Path, required=True)
    options.add_argument("--repolls", type=int, default=3)
    options.add_argument("--keep-all", action="store_true", help="ours: keep headlines that match no topic")
    options.add_argument("--grouped", action="store_true", help="ours: group what came, too")
    options.add_argument("--whole", action="store_true", help="naive: one turn, unmeasured")
    given = options.parse_args()
    _origin.tell(given.port, "validators-on", "closing-off")
    work = {"ours": ours, "naive": naive, "stock": stock}[given.role]
    print(json.dumps(asyncio.run(work(given))))


if __name__ == "__main__":
    main()
