"""Fetches URLs one by one and prints for each how it ended and by how many KiB the memory of this process grew.

    bombed_child.py HOST:PORT FEED-URL... page:PAGE-URL...
    bombed_child.py --together HOST:PORT FEED-URL...   all at once, keeping what came: one growth for all

A process of its own, for in that of the tests an earlier memory peak would hide the growth. The peak is reset before
each fetch (proc(5), clear_refs). The first URL is fetched once beforehand, so that imports are not counted.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import timedelta
from pathlib import Path

from fetching import fetcher
from wirekin.model import FeedKind, FetchFailed, FetchRequest, FetchResult, feed_id

DEADLINE = timedelta(seconds=4)  # ends what no byte cap counts as body, such as chunk extensions


def peak_kib() -> int:
    """Peak resident memory of this process since the last reset, in KiB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def reset_peak() -> int:
    """Reset the peak to the present resident memory; returns it in KiB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_kib()


def ending(result: FetchResult) -> str:
    return result.reason.value if isinstance(result, FetchFailed) else type(result).__name__


async def main(netloc: str, *urls: str) -> None:
    async with fetcher(deadline=DEADLINE) as ours:
        for url in (urls[0], *urls):
            kind = FeedKind.PAGE if url.startswith("page:") else FeedKind.FEED
            plain = url.removeprefix("page:")
            before = reset_peak()
            result = await ours.fetch(FetchRequest(feed_id(url), plain, kind, allow_private=frozenset({netloc})))
            sys.stdout.write(f"{ending(result)} {peak_kib() - before}\n")


async def together(netloc: str, *urls: str) -> None:
    async with fetcher(spacing=timedelta()) as ours:
        asked = [FetchRequest(feed_id(url), url, allow_private=frozenset({netloc})) for url in urls]
        await ours.fetch(asked[0])
        before = reset_peak()
        kept = [result async for result in ours.fetch_many(asked)]
        sys.stdout.write("\n".join([*map(ending, kept), f"{peak_kib() - before}\n"]))


if __name__ == "__main__":
    do, arguments = (together, sys.argv[2:]) if sys.argv[1] == "--together" else (main, sys.argv[1:])
    asyncio.run(do(*arguments))
