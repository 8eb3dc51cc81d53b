"""Polls for a test in a process of its own: reads one line of JSON per turn and answers it with one line.

argv: database, feeds (a JSON file of {"url", "netlocs"}), fetch deadline in seconds
in:   {"hours": 26}                       move the clock on and poll what is due
      {"hours": 0, "force": [url, ...]}   poll these, due or not
out:  {"pid", "polled": {url: reason or "ok"}, "kib": resident memory, "peak_kib": its peak}
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any


def resident(kind: str) -> int:
    """VmRSS or VmHWM of this process in KiB."""
    found = re.search(rf"^{kind}:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


async def main(database: Path, feeds: list[dict[str, Any]], deadline: float) -> None:
    from fakes import Clock
    from fetching import PLAIN
    from polling import feed_at, polling

    listed = [feed_at(**given) for given in feeds]
    policy = replace(PLAIN, deadline=timedelta(seconds=deadline))
    clock = Clock()
    async with polling(database, listed, clock, policy) as poller:
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            clock.move(timedelta(hours=order["hours"]))
            forced = [feed.id for feed in listed if feed.url in order.get("force", ())]
            await poller.turn(only=frozenset(forced) if forced else None, manual=bool(forced))
            states = await poller.store.call(lambda store: store.feed_states())
            polled = {
                feed.url: states[feed.id].reason.value if states[feed.id].reason else "ok"
                for feed in listed
                if states[feed.id].last_polled_at == clock()
            }
            report: dict[str, Any] = {"pid": os.getpid(), "polled": polled}
            sys.stdout.write(json.dumps(report | {"kib": resident("VmRSS"), "peak_kib": resident("VmHWM")}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    database, feeds, deadline = sys.argv[1:]
    asyncio.run(main(Path(database), json.loads(Path(feeds).read_text()), float(deadline)))
