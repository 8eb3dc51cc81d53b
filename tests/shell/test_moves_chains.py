"""600 generated redirect chains, polled for weeks: exactly the moves that should be believed are believed (A9).

The poller, the fetcher and the database are real; the HTTP client and the clock are fakes. The oracle is `Judge`, which
uses the scripts of the chains and the log of polls, but no code of ours.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chains import Chain, Walk, Wire, generated, walked
from fakes import Clock, Web, World
from fetching import Names, Slots
from make import NOW
from wirekin.fetch import Fetcher, FetchPolicy
from wirekin.model import Feed, FeedId, FetchRequest, FetchResult

CHAINS = 600 if os.environ.get("WIREKIN_PROOF") else 60
STEPS = 60  # about 25 days
GAPS = [timedelta(hours=hours) for hours in (0.6, 2, 6, 13, 26)]
THREE_DAYS = timedelta(days=3)
TURN = timedelta(hours=0.5)  # longer than any turn takes on the ticking clock


class Ticking(Clock):
    """A clock that advances a second at each reading, so that no host is waited for in real time."""

    def __call__(self) -> datetime:
        self.move(timedelta(seconds=1))
        return self.now


def instants(rng: random.Random) -> list[datetime]:
    """The starts of the turns; no two are so close to three days apart that a feed's place in its turn matters."""
    found = [NOW]
    while len(found) < STEPS:
        at = found[-1] + rng.choice(GAPS)
        if all(abs(at - earlier - THREE_DAYS) > TURN for earlier in found):
            found.append(at)
    return found


@dataclass
class FeedHistory:
    """What should be believed of one feed, derived from all of its polls."""

    feed: Feed
    address: str | None = None
    told: list[tuple[datetime, Walk]] = field(default_factory=list)  # polls since the last decision
    silent_since: datetime | None = None
    believed: int = 0
    given_up: int = 0

    @property
    def asked_at(self) -> str:
        return self.address or self.feed.url

    def poll(self, now: datetime, walk: Walk) -> bool:
        """Add a poll; returns whether it shows that the address asked has failed."""
        self.told.append((now, walk))
        if walk.end in ("read", "cut"):
            self.silent_since = None
            self._believe()
            return False
        self.silent_since = self.silent_since or now
        failed = walk.end == "bad" or now - self.silent_since >= THREE_DAYS
        if failed and self.address:
            self.go_home()
        return failed

    def go_home(self) -> None:
        self.address, self.told = None, []
        self.given_up += 1

    def _believe(self) -> None:
        """Believe a move if the latest polls, at least five reads over three days, all led there."""
        target, proofs = self.told[-1][1].moved_to, list[datetime]()
        for at, walk in reversed(self.told):
            if walk.end == "silent":
                continue
            if walk.end == "bad" or target is None or walk.moved_to != target:
                break
            if walk.end == "read":
                proofs.append(at)
        if len(proofs) >= 5 and proofs[0] - proofs[-1] >= THREE_DAYS:
            self.address, self.told = None if target == self.feed.url else target, []
            self.believed += 1


class Judge:
    """The oracle of one chain: what to believe of its feeds, and which one rests because the other is polled for it."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.lives = [FeedHistory(feed) for feed in chain.feeds]

    def resting(self) -> FeedHistory | None:
        """The feed that has moved to the other's address; the younger where both have."""
        if len(self.lives) < 2:
            return None
        elder, younger = self.lives
        if younger.address in (elder.feed.url, elder.address) and younger.address:
            return younger
        return elder if elder.address in (younger.feed.url, younger.address) and elder.address else None

    def step(self, number: int, now: datetime, asked: dict[FeedId, str]) -> list[str]:
        """Check one turn, in which these feeds were asked at these addresses; returns what was wrong."""
        resting = self.resting()
        wanted = {life.feed.id: life.asked_at for life in self.lives if life is not resting}
        wrong = [] if not asked or asked == wanted else [f"asked {asked}, wanted {wanted}"]
        for life in self.lives:
            url = asked.get(life.feed.id)
            if url and life.poll(now, walked(self.chain, url, number)) and resting and resting is not life:
                resting.go_home()
        return wrong


class Proof:
    """All chains in one database."""

    def __init__(self, folder: Path, count: int) -> None:
        rng = random.Random(20261122)
        self.chains = [generated(number, rng, STEPS) for number in range(count)]
        self.instants = instants(rng)
        self.wire = Wire(self.chains)
        self.asked: dict[FeedId, str] = {}
        feeds = [feed for chain in self.chains for feed in chain.feeds]
        self.world = World(folder, feeds, Web(), fetch_many=self._fetch_many)
        self.world.clock = Ticking()
        slots = Slots()
        self._fetcher = Fetcher(
            FetchPolicy(spacing=timedelta()),
            take_host=slots.take,
            give_back_host=slots.give_back,
            clock=self.world.clock,
            resolver=Names({}),
        )
        self._fetcher._client = self.wire  # type: ignore[assignment]

    async def _fetch_many(self, requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        for request in requests:
            assert request.feed_id not in self.asked, "asked twice in one turn"
            self.asked[request.feed_id] = request.url
            yield await self._fetcher.fetch(request)

    async def run(self) -> tuple[list[str], Counter[str]]:
        """Poll for weeks; returns what was wrong, and counts of what happened."""
        judges, wrong, counts = [Judge(chain) for chain in self.chains], list[str](), Counter[str]()
        async with self.world as poller:
            for step, now in enumerate(self.instants):
                self.world.clock.now, self.wire.step, self.asked = now, step, {}
                due = [chain for chain in self.chains if step in chain.polled]
                only = frozenset(feed.id for chain in due for feed in chain.feeds)
                await asyncio.wait_for(poller.turn(only=only, manual=True), 60)
                assert self.world.clock.now - now < TURN
                states = await self.world.store.call(lambda store: store.feed_states())
                for judge in judges:
                    asked = {
                        life.feed.id: self.asked[life.feed.id] for life in judge.lives if life.feed.id in self.asked
                    }
                    wrong += judge.step(step, now, asked)
                    believed = [(life.feed.name, states[life.feed.id].address) for life in judge.lives]
                    right = [(life.feed.name, life.address) for life in judge.lives]
                    wrong += [] if believed == right else [f"step {step}: believed {believed}, right {right}"]
                    counts["polls"] += len(asked)
                    counts["rests"] += step in judge.chain.polled and judge.resting() is not None
        for judge in judges:
            counts["believed"] += sum(life.believed for life in judge.lives)
            counts["given up"] += sum(life.given_up for life in judge.lives)
            counts["chains that moved"] += any(life.believed for life in judge.lives)
        return wrong, counts


@pytest.mark.slow
@pytest.mark.proof
async def test_of_600_redirect_chains_exactly_the_right_moves_are_believed(tmp_path: Path) -> None:
    wrong, counts = await Proof(tmp_path, CHAINS).run()

    assert wrong == [], counts
    assert counts["chains that moved"] > CHAINS // 4
    assert counts["given up"] > CHAINS // 30
    assert counts["rests"] > CHAINS // 20
