"""The real Poller, SQLite store and Fetcher on simulated time, with turns as the daemon has them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from fakes import parse_here
from sim.log import Log, Recorded, Started
from sim.loop import JumpingLoop, LoopClock, run
from sim.publishers import START, Town
from sim.web import Wire
from wirekin.digest import Rules
from wirekin.fetch import Fetcher, FetchPolicy, user_agent
from wirekin.model import Clock, FeedId, PollOutcome
from wirekin.model import Recorded as Written
from wirekin.publishers import Directory
from wirekin.refresh import Parser, Poller
from wirekin.store import Store, open_store
from wirekin.store.threads import StoreThread
from wirekin.topics import compile_rules

AGENT = user_agent("https://example.org/bot")
RULES = Rules(compile_rules([]), Directory())

T = TypeVar("T")


class Ungrouped:
    """A fake Grouper: these tests need no stories, and grouping would take most of the time."""

    async def group(self, now: datetime, progress: object = None) -> int:
        return 0


class HereStore(StoreThread):
    """The store on the loop's own thread, for another thread would run in real time."""

    async def call(self, work: Callable[[Store], T]) -> T:
        return self._run(work)

    async def close(self) -> None:
        self._close()


class Acknowledging:
    """A store that logs each poll once it is recorded."""

    def __init__(self, store: Store, town: Town, log: Log, clock: Clock) -> None:
        self._store = store
        self._urls = {feed.id: feed.url for feed in town.feeds}
        self._log = log
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def record_polls(self, outcomes: Sequence[PollOutcome], now: datetime) -> tuple[Written, ...]:
        written = self._store.record_polls(outcomes, now)
        at = (self._clock() - START).total_seconds()
        for outcome in outcomes:
            ids = tuple(str(headline.id) for headline in outcome.headlines)
            polled_at = str(outcome.state.last_polled_at)
            self._log.write(Recorded(at, self._urls[outcome.feed_id], polled_at, outcome.state.etag, ids))
        return written


@dataclass(frozen=True, slots=True)
class Simulation:
    """One poller among the publishers of a town."""

    poller: Poller
    wire: Wire
    clock: Clock

    async def live(self, until: datetime, tick: timedelta, forced: random.Random | None = None) -> int:
        """Poll as the daemon does until then, with turns at least a `tick` apart; returns the number of unforced polls.

        With `forced`, a random feed is forced about every third hour.
        """
        polls = 0
        while self.clock() < until:
            polls += (await self.poller.turn()).polled
            await self.poller.store.call(lambda store: store.daemon_seen(self.poller.clock()))
            now = self.clock()
            if forced and forced.random() < tick / timedelta(hours=3):
                await self.force(forced.choice(list(self.poller.feeds)))
            due_at = await self.poller.store.call(lambda store: store.next_due_at(self.poller.clock()))
            due_in = due_at - self.poller.clock() if due_at else until - now
            await asyncio.sleep(max(tick, min(due_in, until - now)).total_seconds())
        return polls

    async def force(self, feed: FeedId) -> None:
        """Poll as `wirekin refresh FEED --force` does."""
        self.wire.manual = True
        await self.poller.turn(only=frozenset({feed}), manual=True)
        self.wire.manual = False


WrapTransport = Callable[[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport]


@asynccontextmanager
async def simulation(
    town: Town,
    folder: Path,
    clock: Clock,
    log: Log,
    *,
    parse: Parser = parse_here,
    through: WrapTransport = lambda wire: wire,
    jitter: Callable[[], float] | None = None,
    wrong: Callable[[datetime], datetime] = lambda now: now,
) -> AsyncIterator[Simulation]:
    """A poller over `folder`'s database.

    `through` wraps the transport; `wrong` is the clock of the poller's machine, where it differs from the true time.
    """
    log.write(Started((clock() - START).total_seconds()))

    def shown() -> datetime:
        return wrong(clock())

    backend = open_store(str(folder / "wirekin.db"))
    opened = backend.store
    store = HereStore(replace(backend, store=lambda: Acknowledging(opened(), town, log, clock)))
    # Without fsync, SQLite loses nothing when a process is killed, only when the machine stops.
    await store.call(lambda it: it._conn.execute("pragma synchronous = off"))
    await store.call(lambda it: it.sync_feeds(town.feeds, shown()))

    async def take_host(host: str) -> datetime | None:
        return await store.call(lambda it: it.take_host(host, shown()))

    async def give_back_host(host: str) -> None:
        await store.call(lambda it: it.give_back_host(host, shown()))

    wire = Wire(town, clock, log)

    async def leave_host(host: str, feed: FeedId) -> bool:
        return await store.call(lambda it: it.leave_host(host, feed, shown()))

    slots = {"take_host": take_host, "give_back_host": give_back_host, "leave_host": leave_host}
    fetcher = Fetcher(FetchPolicy(AGENT), **slots, clock=shown)
    fetcher._client._public = through(wire)
    feeds = {feed.id: feed for feed in town.feeds}
    async with fetcher:
        poller = Poller(
            store, fetcher.fetch_many, parse, Ungrouped(), RULES, feeds, shown, jitter or random.Random(1).random
        )
        yield Simulation(poller, wire, clock)
    await store.close()


def simulate(
    town: Town,
    folder: Path,
    days: float,
    *,
    tick: timedelta = timedelta(minutes=1),
    forced: random.Random | None = None,
    **more: Any,
) -> Path:
    """Poll the town for `days`; returns the path of the log."""
    loop, log = JumpingLoop(), Log(folder / "asked.log")
    clock = LoopClock(loop, START)

    async def main() -> None:
        async with simulation(town, folder, clock, log, **more) as it:
            await it.live(START + timedelta(days=days), tick, forced)

    run(loop, main())
    log.close()
    return log.path
