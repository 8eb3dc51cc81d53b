"""Records polls until it is killed or SECONDS are over; prints the number of each batch once it is acknowledged.

    recording_child.py DATABASE FIRST [SECONDS]

A batch is three polls with five headlines each; every poll has the batch's number as its ETag.
"""

from __future__ import annotations

import sys
import time
from itertools import count

import make
import polls
from wirekin.store import open_store

FEEDS = [make.feed(f"https://f{n}.example/rss", host=f"f{n}.example") for n in range(3)]
HEADLINES = 5


def main() -> None:
    first = int(sys.argv[2])
    end = time.monotonic() + float(sys.argv[3]) if len(sys.argv) > 3 else float("inf")
    store = open_store(sys.argv[1]).store()
    for batch in count(first):
        if time.monotonic() > end:
            break
        outcomes = [
            polls.outcome(
                feed, [polls.headline(f"{batch}-{i}", domain=feed.host) for i in range(HEADLINES)], etag=str(batch)
            )
            for feed in FEEDS
        ]
        store.record_polls(outcomes, make.NOW)
        sys.stdout.write(f"{batch}\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main()
