"""CPU per feed of a first poll and of an all-304 re-poll: wirekin beside a naive poller, same bytes, same concurrency.

    python bench/poll.py [--feeds 600] [--entries 30] [--runs 3]

The naive poller is what anyone would write first: stock httpx with validators, feedparser, and an upsert by
sqlite-utils. Both ask one loopback origin (a process of its own), 64 exchanges at once, each feed on a host of its own.
The figure is user + system CPU of the poller and its children per feed, after imports; the median of the runs, taken
in turn. wirekin also canonicalises, matches three topics, indexes for search and groups into stories: its first poll
is shown with and without the grouping that the peer does not do.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOSTS_A_BLOCK = 250
REPOLLS = 5  # all-304 rounds measured together: what the first poll left to do is spread over them, as in life
SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er", "in", "or")]


def vocabulary(size: int = 8_000) -> tuple[list[str], list[float]]:
    """Made-up words, and how often each is used: as in news, a few often and most rarely (Zipf's law)."""
    rng = random.Random(1)
    words = list(dict.fromkeys("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(size)))
    return ["strait", "tanker", "talks", *words], [1 / (rank + 10) for rank in range(len(words) + 3)]


WORDS, WEIGHTS = vocabulary()


def host(number: int) -> str:
    """A loopback address of its own for each feed: politeness counts by host."""
    return f"127.1.{number // HOSTS_A_BLOCK}.{number % HOSTS_A_BLOCK + 1}"


def document(number: int, entries: int) -> bytes:
    """An RSS feed of news-like entries, the same for the same number: about 1,000 bytes an entry, as the BBC's."""
    rng = random.Random(number)
    items = []
    for entry in range(entries):
        title = " ".join(rng.choices(WORDS, WEIGHTS, k=9)).capitalize()
        body = " ".join(rng.choices(WORDS, WEIGHTS, k=45)).capitalize()
        link = f"http://{host(number)}/{number}/{entry}/{title.lower().replace(' ', '-')}?utm_source=rss"
        items.append(
            f"<item><title><![CDATA[{title}]]></title><description><![CDATA[<p>{body}.</p>]]></description>"
            f"<link>{link}</link><guid isPermaLink='false'>urn:bench:{number}:{entry}</guid>"
            f"<pubDate>Sat, 21 Nov 2026 {entry % 24:02}:10:00 GMT</pubDate>"
            f"<media:thumbnail width='240' height='135' url='http://{host(number)}/i/{entry}.jpg'/></item>"
        )
    head = f"<title>Bench {number}</title><link>http://{host(number)}/</link><description>Bench</description>"
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:media='http://search.yahoo.com/mrss/'>"
        f"<channel>{head}{''.join(items)}</channel></rss>"
    ).encode()


async def serve(entries: int) -> None:
    """Answer any feed number, 304 to its own validator; print the port and run until killed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                break
            number = int(head.split(b" ", 2)[1].strip(b"/").split(b".")[0] or 0)
            etag = b'"bench-%d"' % number
            if b"if-none-match: " + etag in head.lower():
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
            else:
                body = document(number, entries)
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nETag: %b\r\nContent-Length: %d\r\n\r\n%b"
                    % (etag, len(body), body)
                )
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)  # noqa: S104 - 127.x of this machine
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def tree_cpu() -> float:
    """User and system seconds of this process and all its descendants, the dead ones included."""
    ticks = os.sysconf("SC_CLK_TCK")
    rows = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        rows[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    mine = {os.getpid()}
    while more := {pid for pid, (parent, _) in rows.items() if parent in mine} - mine:
        mine |= more
    return sum(used for pid, (_, used) in rows.items() if pid in mine) / ticks


async def ours(port: int, feeds: int, folder: Path) -> dict[str, float]:
    """Wirekin's own composition, as `wirekin refresh` makes it."""
    from wirekin.cli._app import App
    from wirekin.cli._compose import poller_of

    listed = "\n".join(
        f"  - url: http://{host(n)}:{port}/{n}.xml\n    allow_private: ['{host(n)}:{port}']" for n in range(feeds)
    )
    topics = (
        "topics:\n  strait: {name: Strait, rule: [strait, tanker*]}\n  talks: {name: Talks, rule: [talks, treaty]}\n"
    )
    config = folder / "feeds.yml"
    config.write_text(f"settings: {{unmatched: keep}}\n{topics}feeds:\n{listed}\n")
    app = App(config_path=config, database=str(folder / "bench.db"))
    figures = {}
    async with poller_of(app) as poller:
        grouping = poller.grouper.group

        async def no_grouping(*_: object, **__: object) -> int:
            return 0

        poller.grouper.group = no_grouping  # measured by itself below
        before = tree_cpu()
        report = await poller.turn(manual=True)
        figures["first poll"] = tree_cpu() - before
        if report.failed or report.headlines_new == 0:
            sys.exit(f"bench: {report.failed} feeds failed: {report.failures[:3]}")
        before = tree_cpu()
        await grouping(poller.clock())
        figures["grouping"] = tree_cpu() - before
        before = tree_cpu()
        for _ in range(REPOLLS):
            report = await poller.turn(manual=True)
            if report.not_modified != feeds:
                sys.exit(f"bench: {report.not_modified} of {feeds} were not modified")
        figures["all 304"] = (tree_cpu() - before) / REPOLLS
    app.close()
    return figures


async def naive(port: int, feeds: int, folder: Path) -> dict[str, float]:
    """Stock httpx with validators, feedparser, an upsert a feed."""
    import feedparser
    import httpx
    import sqlite_utils

    db = sqlite_utils.Database(folder / "naive.db")
    db.enable_wal()
    limit = asyncio.Semaphore(64)

    async def poll(client: httpx.AsyncClient, number: int) -> int:
        url = f"http://{host(number)}:{port}/{number}.xml"
        known = next(iter(db.query("select etag from feeds where url = ?", [url])), None)
        async with limit:
            answer = await client.get(url, headers={"If-None-Match": known["etag"]} if known else {})
        if answer.status_code == 304:
            return 304
        parsed = feedparser.parse(answer.content)
        db["entries"].upsert_all(
            (
                {
                    "id": e.get("id") or e.link,
                    "feed": url,
                    "title": e.title,
                    "link": e.link,
                    "summary": e.get("summary"),
                    "published": e.get("published"),
                }
                for e in parsed.entries
            ),
            pk="id",
        )
        db["feeds"].upsert({"url": url, "etag": answer.headers.get("etag")}, pk="url")
        return 200

    db["feeds"].create({"url": str, "etag": str}, pk="url")
    figures = {}
    async with httpx.AsyncClient(timeout=30, limits=httpx.Limits(max_connections=64)) as client:
        for step, wanted, times in (("first poll", 200, 1), ("all 304", 304, REPOLLS)):
            before = tree_cpu()
            for _ in range(times):
                statuses = await asyncio.gather(*(poll(client, n) for n in range(feeds)))
                if set(statuses) != {wanted}:
                    sys.exit(f"bench: the naive poller got {set(statuses)}")
            figures[step] = (tree_cpu() - before) / times
    return figures


def measured(role: str, port: int, feeds: int) -> dict[str, float]:
    """One run of one poller in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, __file__, "--role", role, "--port", str(port), "--feeds", str(feeds)]
        done = subprocess.run([*command, "--folder", folder], stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=600)
    options.add_argument("--entries", type=int, default=30)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--role", choices=["ours", "naive", "origin"], help=argparse.SUPPRESS)
    options.add_argument("--port", type=int, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.role == "origin":
        asyncio.run(serve(given.entries))
    elif given.role:
        poller = ours if given.role == "ours" else naive
        print(json.dumps(asyncio.run(poller(given.port, given.feeds, given.folder))))
    else:
        compare(given.feeds, given.entries, given.runs)


def compare(feeds: int, entries: int, runs: int) -> None:
    """The two in turn, and the table."""
    command = [sys.executable, __file__, "--role", "origin", "--entries", str(entries)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as origin:
        port = int(origin.stdout.readline())
        try:
            rows = [{role: measured(role, port, feeds) for role in ("ours", "naive")} for _ in range(runs)]
        finally:
            origin.kill()

    def median(role: str, step: str) -> float:
        return statistics.median(row[role][step] for row in rows) / feeds * 1000

    print(f"{feeds} feeds of {entries} entries, median of {runs} runs, CPU ms a feed\n")
    print("| work | wirekin | naive httpx + feedparser + sqlite-utils | naive / wirekin |\n|---|---|---|---|")
    for step in ("first poll", "all 304"):
        mine, theirs = median("ours", step), median("naive", step)
        print(f"| {step} | {mine:.2f} | {theirs:.2f} | {theirs / mine:.2f} |")
    print(f"| grouping into stories, not done by the peer | {median('ours', 'grouping'):.2f} | - | - |")


if __name__ == "__main__":
    main()
