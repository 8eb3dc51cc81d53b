"""Each fault of the catalogue costs its own poll and nothing else (requirement G1).

The fault meets a feed at its first poll, and a feed that was polled before and has told something new since; then it
heals. Everything is real: sockets, Fetcher, killable parsers, SQLite, the turn; only the clock is the test's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

import make
from fakes import Clock
from faults import CATALOGUE, ITEMS, Fault, FeedOrigin, ServedFeed, Shown, document
from fetching import PLAIN
from polling import feed_at, polling, titles_of
from wirekin.cli._compose import fetcher_of
from wirekin.model import FeedState, PollStatus, Reason, feed_id
from wirekin.refresh import Poller, TurnReport
from wirekin.schedule import FLOOR

DEADLINE = timedelta(seconds=0.4)  # of the poll that meets a slow fault; every other has the default
FRESH = 9  # items told since the first poll

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Stage:
    """The origin and the poller that the tests of this module share; each test has a feed of its own."""

    origin: FeedOrigin
    poller: Poller
    hasty: Poller  # the same with DEADLINE
    clock: Clock
    database: Path
    feeds: dict[tuple[str, bool], ServedFeed]

    async def poll(self, feed: ServedFeed, *, hasty: bool = False) -> PollStatus | Reason:
        """Poll this feed alone, when it is due."""
        before = await self.state(feed)
        self.clock.now = max(self.clock.now, before.next_poll_at, before.hold_until or before.next_poll_at)
        report = await (self.hasty if hasty else self.poller).turn(only=frozenset([feed_id(feed.url)]))
        return outcome_of(report)

    async def state(self, feed: ServedFeed) -> FeedState:
        """What the store knows of this feed."""
        return (await self.poller.store.call(lambda store: store.feed_states()))[feed_id(feed.url)]

    def titles(self, feed: ServedFeed) -> Counter[str]:
        """The headlines that this feed brought, with how often each is there."""
        return titles_of(self.database, feed_id(feed.url))


def outcome_of(report: TurnReport) -> PollStatus | Reason:
    assert report.polled == 1
    if report.failures:
        return report.failures[0].reason
    if report.not_modified:
        return PollStatus.NOT_MODIFIED
    return PollStatus.UNCHANGED if report.unchanged else PollStatus.OK


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    database, clock = tmp_path_factory.mktemp("faults") / "wirekin.db", Clock()
    async with FeedOrigin() as origin:
        served = {(name, first): await origin.add(make.NOW) for name in CATALOGUE for first in (True, False)}
        feeds = [feed_at(feed.url, feed.netlocs) for feed in origin.feeds]
        async with (
            polling(database, feeds, clock) as poller,
            fetcher_of(replace(PLAIN, deadline=DEADLINE), poller.store, clock) as hasty,
        ):
            yield Stage(origin, poller, replace(poller, fetch_many=hasty.fetch_many), clock, database, served)


@pytest.mark.parametrize("name", CATALOGUE)
async def test_a_fault_at_the_first_poll_costs_that_poll_and_no_headline(stage: Stage, name: str) -> None:
    await meets_and_heals(stage, CATALOGUE[name], first=True)


@pytest.mark.parametrize("name", CATALOGUE)
async def test_a_fault_at_a_later_poll_costs_that_poll_and_no_headline(stage: Stage, name: str) -> None:
    await meets_and_heals(stage, CATALOGUE[name], first=False)


async def meets_and_heals(stage: Stage, fault: Fault, *, first: bool) -> None:
    feed = stage.feeds[fault.name, first]
    feed.document = document(feed.number, ITEMS, stage.clock())  # fresh news: old ones would bring the window back
    if not first:
        assert await stage.poll(feed) is PollStatus.OK
        feed.tell(FRESH, stage.clock())

    await stage.origin.inject(feed, fault)
    before, known = await stage.state(feed), stage.titles(feed)
    outcome = await stage.poll(feed, hasty=fault.slow)
    await meets_its_truth(stage, fault, outcome, before, known)

    await stage.origin.inject(feed, None)
    assert isinstance(await stage.poll(feed), PollStatus)
    assert await stage.poll(feed) is PollStatus.NOT_MODIFIED
    healed = await stage.state(feed)
    assert (healed.etag, healed.reason, healed.failures) == (feed.document.etag, None, 0)
    also = fault.truth_of(first=first).also(feed.document) if not fault.truth.garbles else ()
    assert stage.titles(feed) == Counter([*feed.document.titles, *also])
    assert all(is_clean(head) for head in feed.heads)


async def meets_its_truth(
    stage: Stage, fault: Fault, outcome: PollStatus | Reason, before: FeedState, known: Counter[str]
) -> None:
    """What the store knows after the poll that met the fault is its ground truth."""
    feed = stage.feeds[fault.name, before.last_polled_at is None]
    truth = fault.truth_of(first=before.last_polled_at is None).of(outcome)
    after, seen = await stage.state(feed), stage.titles(feed)

    assert (outcome, after.detail) == (truth.outcome, after.detail)
    assert (after.reason is Reason.TRUNCATED and after.failures == 0) == truth.cut
    assert (after.reason is None) == (isinstance(truth.outcome, PollStatus) and not truth.cut)
    assert after.next_poll_at - stage.clock() >= max(FLOOR, truth.held)
    assert (after.hold_until or stage.clock()) - stage.clock() >= truth.held
    if truth.keeps:
        assert (after.etag, after.last_polled_at) == (feed.said_etag, stage.clock())
    else:
        assert (after.etag, after.last_modified, after.body_hash) == (
            before.etag, before.last_modified, before.body_hash,
        )  # fmt: skip

    allowed = feed.document.titles | truth.also(feed.document)
    assert max(seen.values(), default=1) == 1
    assert truth.garbles or seen.keys() <= allowed
    match truth.shown:
        case Shown.ALL:
            assert len(seen) >= len(feed.document.items)
        case Shown.SOME:
            assert known.keys() < seen.keys() < allowed
        case Shown.NONE:
            assert seen.keys() == known.keys() | truth.also(feed.document)


def is_clean(head: bytes) -> bool:
    """One GET with one User-Agent, and nothing that a publisher could know us again by (requirement A10)."""
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:] if line]
    return head.startswith(b"GET ") and names.count(b"user-agent") == 1 and not {b"cookie", b"referer"} & set(names)
