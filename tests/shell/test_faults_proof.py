"""Thousands of random faults of growing feeds, against a poller in a process of its own (requirement G1).

`make test` injects a seeded sample; WIREKIN_PROOF=1 (`make proof`) all of it, and prints the figures.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import make
import polling_child
from faults import CATALOGUE, Fault, FeedOrigin, ServedFeed
from polling import titles_by_feed
from wirekin.model import feed_id

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
FAULTS = 10_000 if PROOF else 150
FEEDS = 200 if PROOF else 50
WARM_UP = 12 if PROOF else 2  # turns before memory is counted
SHARE = 0.6  # of the polls have a fault
STEP = timedelta(hours=26)  # between turns: longer than any back-off, except holds of a week and feeds long dead
HEALING_TURNS = 9  # of STEP: longer than those too
DEADLINE = 1.0  # seconds for an exchange
MEMORY_MIB = 32  # that the process may grow by
DIALECTS = ("rss", "rss", "atom", "json")

# A feed may lose its links or its guids over its life, but not both: nobody can recognise an item that lacks first the
# one and then the other, and wirekin stores it twice rather than losing it. (A relative link is another address where a
# dialect resolves it against the document, RFC 4287.)
LINKS_GO = {"no_links", "javascript_links", "file_links", "relative_links"}
GUIDS_GO = {"guid_churn", "guids_by_place", "one_guid_for_all", "no_guids", "items_twice_new_guids"}
FAULTS_OF = [[fault for name, fault in CATALOGUE.items() if name not in gone] for gone in (LINKS_GO, GUIDS_GO)]

pytestmark = [pytest.mark.slow, pytest.mark.proof]


@dataclass
class Child:
    """The polling process, and its reports."""

    process: asyncio.subprocess.Process
    pids: set[int] = field(default_factory=set)
    kib: list[int] = field(default_factory=list)
    peak_kib: list[int] = field(default_factory=list)

    async def turn(self, step: timedelta = STEP, force: list[str] | None = None) -> dict[str, str]:
        """Run one turn; returns the outcome of each polled feed by URL."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"hours": step / timedelta(hours=1), "force": force or []}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        line = await self.process.stdout.readline()
        assert line, f"the process ended with code {await self.process.wait()}"
        report: dict[str, Any] = json.loads(line)
        self.pids.add(report["pid"])
        self.kib.append(report["kib"])
        self.peak_kib.append(report["peak_kib"])
        return report["polled"]

    def grown_mib(self) -> float:
        """How much its memory peak rose after the warm-up, in MiB."""
        return (self.peak_kib[-1] - self.peak_kib[WARM_UP]) / 1024


@asynccontextmanager
async def polling_apart(folder: Path, feeds: list[ServedFeed]) -> AsyncIterator[Child]:
    """Run a child that polls these feeds into folder/wirekin.db."""
    listed = folder / "feeds.json"
    listed.write_text(json.dumps([{"url": feed.url, "netlocs": sorted(feed.netlocs)} for feed in feeds]))
    script = Path(polling_child.__file__)
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(folder / "wirekin.db"), str(listed), str(DEADLINE),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**22,
        env={**os.environ, "PYTHONPATH": f"{script.parents[1] / 'src'}:{script.parent}"},
    )  # fmt: skip
    try:
        yield Child(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


@dataclass
class Campaign:
    """Random faults of growing feeds, and the outcome of each."""

    origin: FeedOrigin
    child: Child
    rng: random.Random
    now: datetime = make.NOW
    injected: Counter[str] = field(default_factory=Counter)
    healthy: int = 0
    otherwise: Counter[tuple[str, str]] = field(default_factory=Counter)  # (fault, outcome) that contradict its truth
    last: dict[str, str] = field(default_factory=dict)

    async def turn(self, share: float) -> None:
        """Give each feed up to two new items, and a fault with probability `share`; then poll what is due."""
        self.now += STEP
        for feed in self.origin.feeds:
            feed.add_items(self.rng.choice((0, 0, 1, 2)), self.now)
            fault = self.rng.choice(FAULTS_OF[feed.number % 2]) if self.rng.random() < share else None
            await self.origin.inject(feed, fault)
        self.count(await self.child.turn())

    def count(self, polled: dict[str, str]) -> None:
        for feed in self.origin.feeds:
            if (outcome := polled.get(feed.url)) is None:
                continue
            self.last[feed.url] = outcome
            if feed.fault is None:
                self.healthy += 1
            else:
                self.injected[feed.fault.name] += 1
            if outcome not in expected(feed.fault) and feed.document.dialect != "json":  # the truths are of XML
                self.otherwise[feed.fault.name if feed.fault else "none", outcome] += 1

    async def heal(self) -> None:
        """Heal every feed and poll on; force those that said 410 on three days once, as a person would."""
        for _ in range(HEALING_TURNS):
            await self.turn(share=0.0)
        left = [feed.url for feed in self.origin.feeds if self.last.get(feed.url) != "ok"]
        if left:
            self.count(await self.child.turn(force=left))


SLOW = ("timeout", "parse_timeout")  # possible outcomes of any poll on a busy machine


def expected(fault: Fault | None) -> set[str]:
    """The possible outcomes of a poll with this fault; a busy machine may exceed DEADLINE on any."""
    if fault is None:
        return {"ok", *SLOW}
    truths = [fault.truth, fault.first or fault.truth]
    reasons = {reason for truth in truths for reason in (truth.outcome, *truth.or_fails)}
    well = {"ok", "unchanged", "not_modified"} & {reason.value for reason in reasons}
    return {*SLOW, *(reason.value for reason in reasons), *(["ok", "truncated"] if well else [])}


@dataclass(frozen=True)
class Verdict:
    """The database compared with all items that the feeds ever had."""

    published: int
    lost: int
    invented: int
    duplicated: int


def verdict(origin: FeedOrigin, database: Path) -> Verdict:
    kept = titles_by_feed(database)
    counts = Counter[str]()
    for feed in origin.feeds:
        own = kept[feed_id(feed.url)]
        also = CATALOGUE["another_feed"].truth.also(feed.document)
        counts["published"] += len(feed.document.titles)
        counts["lost"] += len(feed.document.titles - own.keys())
        counts["invented"] += len(own.keys() - feed.document.titles - also)
        counts["duplicated"] += sum(own.values()) - len(own)
    return Verdict(**{key: counts[key] for key in ("published", "lost", "invented", "duplicated")})


async def test_thousands_of_faults_lose_invent_or_duplicate_no_headline(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    async with FeedOrigin(keep_heads=False) as origin:
        for number in range(FEEDS):
            await origin.add(make.NOW, dialect=DIALECTS[number % len(DIALECTS)])
        async with polling_apart(tmp_path, origin.feeds) as child:
            campaign = Campaign(origin, child, random.Random(2026))
            while campaign.injected.total() < FAULTS:
                await campaign.turn(SHARE)
            await campaign.heal()

        found = verdict(origin, tmp_path / "wirekin.db")
        tell(
            f"{campaign.injected.total()} faults of {len(campaign.injected)} kinds and {campaign.healthy} healthy polls "
            f"of {FEEDS} feeds in {len(child.kib)} turns: {found}, {len(child.pids) - 1} restarts, at most "
            f"{child.peak_kib[-1] / 1024:.0f} MiB, {child.grown_mib():+.1f} since turn {WARM_UP}"
        )

    assert (found.lost, found.invented, found.duplicated) == (0, 0, 0)
    assert campaign.otherwise == {}
    assert set(campaign.last.values()) == {"ok"}
    assert len(child.pids) == 1
    assert child.grown_mib() <= MEMORY_MIB or not PROOF  # the two warm-up turns of `make test` are too few
