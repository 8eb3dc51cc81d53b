"""Stores headlines, corrects and regroups until it is killed; prints a line of JSON for each acknowledged step.

    grouping_child.py DATABASE FIRST HOURS

A round stores four events of two headlines, each headline in a story of its own, and corrections of three events. Then
a new headline makes the grouper regroup, with one transaction for each move. FIRST is the number of the first round;
rounds happen HOURS after NOW.

    {"round": 7, "stored": [headline, ...]}         headlines
    {"round": 7, "corrected": [[a, b, must], ...]}  corrections
    {"round": 7, "story_ids": {headline: story}}    regrouped to the end
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import make
import polls
from wirekin import grouping
from wirekin.model import Assignment, Headline, HeadlineId, StoryId
from wirekin.store import Backend, Correction
from wirekin.store._sqlite import open_sqlite
from wirekin.store.threads import StoreThread

EVENTS = 4  # in a round: corrections split the first, and merge the second and third
WINDOW = timedelta(days=4)


def opened(database: Path) -> Backend:
    """The database, with a query limit that a busy machine does not reach."""
    return open_sqlite(str(database), query_limit=timedelta(minutes=1))


def events(number: int, hours: float) -> list[tuple[Headline, Headline]]:
    """The events of a round: two headlines each, that share seven of eight invented words."""
    rng = random.Random(number)
    found = []
    for event in range(EVENTS):
        words = [
            "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(3)).title() for _ in range(9)
        ]
        titles = [" ".join(words[:8]), " ".join([*words[1:8], words[8]])]
        a, b = (
            polls.headline(
                f"{number}/{event}", title=title, domain=f"p{side}.example", lang="en",
                first_seen_at=make.at(hours=hours, minutes=number % 100 + side),
            )
            for side, title in enumerate(titles)
        )  # fmt: skip
        found.append((a, b))
    return found


def corrections_of(pairs: list[tuple[Headline, Headline]]) -> list[Correction]:
    """The corrections of a round."""
    apart, one, other, _ = pairs
    return [Correction(apart[0].id, apart[1].id, must=False), Correction(one[0].id, other[1].id, must=True)]


def story_ids(backend: Backend, keys: list[HeadlineId]) -> dict[str, StoryId | None]:
    """The story of each headline; None where it has none."""
    reader = backend.reader()
    try:
        return {key: reader.story_of(key) for key in keys}
    finally:
        reader.close()


def print_line(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def store_round(backend: Backend, number: int, hours: float) -> list[HeadlineId]:
    """Store a round, its corrections and a new headline; returns the ids of the round's headlines."""
    pairs = events(number, hours)
    every = [headline for pair in pairs for headline in pair]
    store, admin = backend.store(), backend.admin()
    polls.record(store, *every)
    store.save_assignments([Assignment(one.id, StoryId(one.id)) for one in every], make.NOW)
    print_line(round=number, stored=[one.id for one in every])
    for correction in corrections_of(pairs):
        admin.correct(correction, make.NOW)
    print_line(round=number, corrected=[[c.a, c.b, c.must] for c in corrections_of(pairs)])
    newcomer = polls.headline(f"{number}/new", title=f"Newcomer {number}", first_seen_at=every[-1].first_seen_at)
    polls.record(store, newcomer)
    store.close()
    admin.close()
    return [one.id for one in every]


async def main(database: Path, first: int, hours: float) -> None:
    grouping.GROUP_SLICE = 1
    grouping.REGROUP_LEAST = 1
    grouping.REGROUP_AFTER = timedelta(0)
    backend = opened(database)
    store = StoreThread(backend)
    grouper = grouping.Grouper(store, WINDOW)
    for number in count(first):
        keys = store_round(backend, number, hours)
        await grouper.group(make.at(hours=hours + 3))
        print_line(round=number, story_ids=story_ids(backend, keys))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
