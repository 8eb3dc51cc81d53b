"""Fetches addresses one by one and prints for each how it ended and by how many KiB the memory of its process grew.

    bombed_child.py HOST:PORT FEED-URL... page:PAGE-URL...

The peak is that of this process alone, set back before each fetch (proc(5), clear_refs): in the process of the tests an
earlier peak would hide it. The first address is fetched once more beforehand, so that imports are not counted.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import timedelta
from pathlib import Path

from fetching import fetcher
from wirekin.model import FeedKind, FetchFailed, FetchRequest, FetchResult, feed_id

DEADLINE = timedelta(seconds=4)  # what is never counted as a body (extensions of chunks) ends by it


def peak_kib() -> int:
    """The most resident memory that this process ever had since the peak was set back."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def set_back() -> int:
    """Let the peak begin where the memory is now; returns it."""
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
            before = set_back()
            result = await ours.fetch(FetchRequest(feed_id(url), plain, kind, allow_private=frozenset({netloc})))
            sys.stdout.write(f"{ending(result)} {peak_kib() - before}\n")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
