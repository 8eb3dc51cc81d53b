"""Each fault of the catalogue costs its own poll and nothing else (requirement G1).

Each fault hits one feed at its first poll, and one that was polled before and has new items since; then the feed heals.
Sockets, Fetcher, parser processes, SQLite and the turn are real; only the clock is fake.
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

DEADLINE = timedelta(seconds=0.4)  # of polls with a slow fault; others have the default
FRESH = 9  # new items since the first poll

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Stage:
    """The origin and the pollers that the tests of this module share; each test has its own feed."""

    origin: FeedOrigin
    poller: Poller
    hasty: Poller  # the same poller, but with DEADLINE
    clock: Clock
    database: Path
    feeds: dict[tuple[str, bool], ServedFeed]

    async def poll(self, feed: ServedFeed, *, hasty: bool = False) -> PollStatus | Reason:
        """Move the clock to when this feed is due, and poll it alone."""
        before = await self.state(feed)
        self.clock.now = max(self.clock.now, before.next_poll_at, before.hold_until or before.next_poll_at)
        report = await (self.hasty if hasty else self.poller).turn(only=frozenset([feed_id(feed.url)]))
        return outcome_of(report)

    async def state(self, feed: ServedFeed) -> FeedState:
        """What the store knows of this feed."""
        return (await self.poller.store.call(lambda store: store.feed_states()))[feed_id(feed.url)]

    def titles(self, feed: ServedFeed) -> Counter[str]:
        """The stored titles of this feed, with their counts."""
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
    await inject_and_heal(stage, CATALOGUE[name], first=True)


@pytest.mark.parametrize("name", CATALOGUE)
async def test_a_fault_at_a_later_poll_costs_that_poll_and_no_headline(stage: Stage, name: str) -> None:
    await inject_and_heal(stage, CATALOGUE[name], first=False)


async def inject_and_heal(stage: Stage, fault: Fault, *, first: bool) -> None:
    feed = stage.feeds[fault.name, first]
    feed.document = document(feed.number, ITEMS, stage.clock())  # fresh items: old ones make grouping reload its window
    if not first:
        assert await stage.poll(feed) is PollStatus.OK
        feed.add_items(FRESH, stage.clock())

    await stage.origin.inject(feed, fault)
    before, known = await stage.state(feed), stage.titles(feed)
    outcome = await stage.poll(feed, hasty=fault.slow)
    await assert_ground_truth(stage, fault, outcome, before, known)

    await stage.origin.inject(feed, None)
    assert isinstance(await stage.poll(feed), PollStatus)
    assert await stage.poll(feed) is PollStatus.NOT_MODIFIED
    healed = await stage.state(feed)
    assert (healed.etag, healed.reason, healed.failures) == (feed.document.etag, None, 0)
    also = fault.truth_of(first=first).also(feed.document) if not fault.truth.garbles else ()
    assert stage.titles(feed) == Counter([*feed.document.titles, *also])
    assert all(is_clean(head) for head in feed.heads)


async def assert_ground_truth(
    stage: Stage, fault: Fault, outcome: PollStatus | Reason, before: FeedState, known: Counter[str]
) -> None:
    """Assert that the store's state after the poll with the fault is the fault's ground truth."""
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
    """Whether it is a GET with one User-Agent, and nothing by which a publisher could track us (requirement A10)."""
    names = [line.partition(b":")[0].lower() for line in head.split(b"\r\n")[1:] if line]
    return head.startswith(b"GET ") and names.count(b"user-agent") == 1 and not {b"cookie", b"referer"} & set(names)
