"""One turn: what is polled, what is left to the next turn, and what is never waited for."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncGenerator, Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

import make
from commands import rss
from fakes import Clock, Web, World
from wirekin import digest, grouping, refresh
from wirekin.digest import Slices
from wirekin.model import (
    Claim,
    Entry,
    Feed,
    Fetched,
    FetchRequest,
    FetchResult,
    Headline,
    HeadlineId,
    ParseResult,
    PollOutcome,
    Question,
)
from wirekin.refresh import TurnReport
from wirekin.store import Grouped


def feeds(count: int, host: str = "{n}.example") -> tuple[Feed, ...]:
    return tuple(make.feed(f"https://{n}.example/rss", name=f"Feed {n}", host=host.format(n=n)) for n in range(count))


def web(of: Iterable[Feed]) -> Web:
    """A web in which each feed has one item of its own."""
    return Web({f.url: rss(f.name, f.url, (f"Tidings from {f.name} today", f"{f.url}/1", "")) for f in of})


class Ticking(Clock):
    """A clock that advances a fifth of a second at each reading."""

    def __call__(self) -> datetime:
        self.move(timedelta(seconds=0.2))
        return self.now


async def test_feeds_of_one_host_are_polled_one_after_the_other(tmp_path: Path) -> None:
    neighbours = feeds(3, host="shared.example")
    world = World(tmp_path, neighbours, web(neighbours))
    world.clock = Ticking()
    asked: list[int] = []

    async def counting(requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        batch = list(requests)
        asked.append(len(batch))
        async for result in world.web.fetch_many(batch):
            yield result

    world._fetch_many = counting
    async with world as poller:
        report = await asyncio.wait_for(poller.turn(), 30)

    assert (report.polled, asked) == (3, [1, 1, 1])


async def test_the_parsers_rest_after_all_documents_are_read_and_before_grouping(
    tmp_path: Path,
) -> None:
    some, order = feeds(2), list[str]()
    async with World(tmp_path, some, web(some)) as poller:
        group = poller.grouper.group

        async def rest() -> None:
            order.append("rest")

        async def grouping(*about: Any) -> int:
            order.append("group")
            return await group(*about)

        poller.rest, poller.grouper.group = rest, grouping  # type: ignore[method-assign]
        report = await poller.turn(progress=lambda so_far: order.append("polled") if so_far.polled == 2 else None)

    assert report.headlines_new == 2
    assert list(dict.fromkeys(order)) == ["polled", "rest", "group"]


async def test_a_hanging_feed_delays_no_other(tmp_path: Path) -> None:
    many = feeds(refresh.IN_FLIGHT * 2)
    world = World(tmp_path, many, web(many))
    release, others_done = asyncio.Event(), asyncio.Event()
    polled: list[str] = []

    async def fetch_many(requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        slow = []
        for request in requests:
            if request.url == many[0].url:
                slow.append(request)
                continue
            async for result in world.web.fetch_many([request]):
                yield result
            polled.append(request.url)
            if len(polled) == len(many) - 1:
                others_done.set()
        if slow:
            await release.wait()
            async for result in world.web.fetch_many(slow):
                yield result

    world._fetch_many = fetch_many
    async with world as poller:
        turn = asyncio.create_task(poller.turn())
        async with asyncio.timeout(30):
            await others_done.wait()
        release.set()
        report = await turn

    assert (report.polled, report.failed) == (len(many), 0)


async def test_at_most_64_exchanges_are_under_way_at_once(tmp_path: Path) -> None:
    many = feeds(100)
    world = World(tmp_path, many, web(many))
    full, release = asyncio.Event(), asyncio.Event()
    asked: list[str] = []

    async def fetch_many(requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        held = list(requests)
        asked.extend(request.url for request in held)
        if len(asked) >= 64:
            full.set()
        await release.wait()
        async for result in world.web.fetch_many(held):
            yield result

    world._fetch_many = fetch_many
    async with world as poller:
        turn = asyncio.create_task(poller.turn())
        async with asyncio.timeout(30):
            await full.wait()
        await asyncio.sleep(0.1)
        under_way = len(asked)
        release.set()
        report = await turn

    assert (under_way, report.polled) == (64, 100), "requirement A11"


@pytest.mark.parametrize(("hours", "took"), [(-1, timedelta()), (1, timedelta(hours=1))])
async def test_a_turn_during_which_the_clock_goes_back_takes_zero_and_not_negative_time(
    hours: int, took: timedelta, tmp_path: Path
) -> None:
    one = feeds(1)
    world = World(tmp_path, one, web(one))
    moved: list[TurnReport] = []

    def passing(so_far: TurnReport) -> None:
        if so_far.polled and not moved:
            moved.append(so_far)
            world.clock.move(timedelta(hours=hours))

    async with world as poller:
        report = await poller.turn(progress=passing)

    assert (report.polled, report.took) == (1, took)


async def test_a_document_parsed_while_others_are_recorded_is_recorded_after_them(tmp_path: Path) -> None:
    two = feeds(2)
    recorded = asyncio.Event()
    async with World(tmp_path, two, web(two)) as poller:
        parse = poller.parse

        async def parse_slowly(fetched: Fetched, feed: Feed, now: datetime) -> ParseResult:
            if feed.id != two[0].id:
                await recorded.wait()
            return await parse(fetched, feed, now)

        poller.parse = parse_slowly
        async with asyncio.timeout(30):
            report = await poller.turn(progress=lambda so_far: recorded.set() if so_far.polled else None)

    assert (report.polled, report.headlines_new) == (2, 2)


async def test_a_stop_ends_the_claiming_and_records_the_polls_under_way(tmp_path: Path) -> None:
    many = feeds(refresh.IN_FLIGHT + 40)
    world = World(tmp_path, many, web(many))

    async with world as poller:

        async def stop_after_the_first(requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
            async for result in world.web.fetch_many(requests):
                poller.stopping.set()
                yield result

        poller.fetch_many = stop_after_the_first
        report = await poller.turn()
        poller.stopping.clear()
        poller.fetch_many = world.web.fetch_many
        rest = await poller.turn()

    assert 0 < report.polled <= refresh.IN_FLIGHT
    assert report.polled + rest.polled == len(many)
    assert report.headlines_new + rest.headlines_new == len(many)


async def test_a_host_on_hold_is_left_to_a_later_turn(tmp_path: Path) -> None:
    world = World(tmp_path, feeds(1, host="one.example"), Web())

    async with world as poller:
        await poller.store.call(lambda store: store.hold_host("one.example", world.clock() + timedelta(hours=1)))
        report = await asyncio.wait_for(poller.turn(), 10)

    assert (report.due, report.polled) == (1, 0)


async def test_a_stop_ends_the_wait_for_a_host_that_another_process_has(tmp_path: Path) -> None:
    world = World(tmp_path, feeds(1, host="one.example"), Web())

    async with world as poller:
        await poller.store.call(lambda store: store.take_host("one.example", world.clock()))
        turn = asyncio.create_task(poller.turn())
        await asyncio.sleep(0.1)
        assert not turn.done()
        poller.stopping.set()
        report = await asyncio.wait_for(turn, 10)

    assert report.polled == 0


async def test_a_host_that_another_process_gives_back_early_is_polled_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refresh, "HOST_LOOK", timedelta(seconds=0.02))
    one = feeds(1, host="one.example")
    world = World(tmp_path, one, web(one))

    async with world as poller:
        await poller.store.call(lambda store: store.take_host("one.example", world.clock()))
        turn = asyncio.create_task(poller.turn())
        await asyncio.sleep(0.1)
        await poller.store.call(lambda store: store.give_back_host("one.example", world.clock()))
        world.clock.move(timedelta(seconds=1))
        report = await asyncio.wait_for(turn, 10)

    assert report.polled == 1


async def test_a_fetcher_that_leaves_a_request_unanswered_raises(tmp_path: Path) -> None:
    world = World(tmp_path, feeds(2), Web())

    async def forgetful(requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        async for result in world.web.fetch_many(list(requests)[:1]):
            yield result

    world._fetch_many = forgetful
    async with world as poller:
        with pytest.raises(RuntimeError, match="left 1 requests without an answer"):
            await poller.turn()


async def test_a_second_grouper_carries_on_where_the_first_stopped(tmp_path: Path) -> None:
    two = feeds(2)
    first, second = (
        rss("A", "https://0.example", ("Tanker seized in Hormuz strait with crew of 23", "https://0.example/1", "")),
        rss("B", "https://1.example", ("Crew of 23 held on tanker seized in Hormuz strait", "https://1.example/1", "")),
    )
    world = World(tmp_path, two, Web({two[0].url: first}))
    async with world as poller:
        await poller.turn()
    world.web.documents[two[1].url] = second
    world.clock.move(timedelta(days=1))
    async with world as poller:  # as in a new process: the window is read back from the store
        await poller.turn()
    reader = world.backend.reader()

    assert [story.ref.headlines for story in reader.stories(Question()).items] == [2]
    reader.close()


async def test_a_large_window_is_kept_out_of_the_garbage_collector(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "SPARED_FROM", 4)
    many = feeds(8)
    world = World(tmp_path, many, web(many))
    before = gc.get_freeze_count()
    try:
        async with world as poller:
            await poller.turn()

        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()


def dated_feed(name: str, title: str, link: str, at: datetime) -> bytes:
    """A feed of one dated item."""
    date = f"<pubDate>{format_datetime(at)}</pubDate></item>"
    return rss(name, link, (title, link, "")).replace(b"</item>", date.encode())


async def test_a_headline_that_arrives_late_joins_the_story_of_its_date(tmp_path: Path) -> None:
    early, late = feeds(2)
    event = make.NOW - timedelta(hours=2)
    body = dated_feed("A", "Tanker seized in Hormuz strait with crew of 23", "https://0.example/1", event)
    world = World(tmp_path, (early, late), Web({early.url: body}))
    async with world as poller:
        await poller.turn()
        world.clock.move(timedelta(days=40))
        world.web.documents[late.url] = dated_feed(
            "B", "Crew of 23 held on tanker seized in Hormuz strait", "https://1.example/1", event
        )
        report = await poller.turn()
    reader = world.backend.reader()

    assert (report.headlines_new, report.stories_new) == (1, 0)
    assert [story.ref.headlines for story in reader.stories(Question()).items] == [2]
    reader.close()


async def test_a_headline_dated_far_back_loads_only_the_headlines_around_its_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    stretch_load = grouping._Stretch._load

    def counting(self: grouping._Stretch, rows: Iterable[Grouped]) -> None:
        rows = tuple(rows)
        loaded.append(len(rows))
        stretch_load(self, rows)

    monkeypatch.setattr(grouping._Stretch, "_load", counting)
    (one,) = feeds(1)
    world = World(tmp_path, (one,), Web())
    began = world.clock.now
    async with world as poller:
        for day in range(0, 100, 10):  # one item of the day, long after the previous one
            world.clock.now = began + timedelta(days=day)
            link = f"https://0.example/{day}"
            world.web.documents[one.url] = dated_feed("A", f"Tidings number {day} of the year", link, world.clock.now)
            await poller.turn()
        loaded.clear()
        world.clock.move(timedelta(days=10))
        old = dated_feed("A", "An old tale told again", "https://0.example/old", began)
        new = dated_feed("A", "Late news", "https://0.example/new", world.clock.now - timedelta(days=5))
        item = new[new.index(b"<item>") : new.index(b"</channel>")]
        world.web.documents[one.url] = old.replace(b"</channel>", item + b"</channel>")
        report = await poller.turn()

    assert report.headlines_new == 2
    assert sum(loaded) <= 2  # of ten: only those near the first one in time


async def test_an_exception_in_digest_fails_only_the_poll_of_its_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = feeds(2)
    world = World(tmp_path, both, web(both))
    honest = refresh.digesting

    def breaking(claim: Claim, result: FetchResult, *known: Any) -> Slices[PollOutcome]:
        if claim.feed.id == both[0].id and isinstance(result, Fetched):
            raise ZeroDivisionError("an entry from hell")
        return honest(claim, result, *known)

    monkeypatch.setattr(refresh, "digesting", breaking)
    async with world as poller:
        report = await poller.turn()

    assert (report.polled, report.failed, report.headlines_new) == (2, 1, 1)
    assert report.failures[0].detail == "digest: ZeroDivisionError: an entry from hell"


@pytest.mark.parametrize("turns", [0, 1, 4])
async def test_a_long_document_is_digested_in_slices_and_recorded_at_once(
    turns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, entries = feeds(1)[0], turns * digest.READ_AT_ONCE + 3
    items = [(f"Tidings number {n} from afar", f"https://0.example/{n}", "") for n in range(entries)]
    world = World(tmp_path, (one,), Web({one.url: rss(one.name, one.url, *items)}))
    reading, others, batches = False, list[int](), list[int]()
    honest = digest._Reading.headline

    def headline(self: digest._Reading, entry: Entry, known: HeadlineId | None = None) -> Headline | None:
        nonlocal reading
        reading = int(entry.link.rsplit("/", 1)[1]) < entries - 1
        return honest(self, entry, known)

    async def other() -> None:
        while True:
            if reading:
                others.append(world_poller.read_bytes)
            await asyncio.sleep(0)

    monkeypatch.setattr(digest._Reading, "headline", headline)
    async with world as world_poller:
        beside = asyncio.create_task(other())
        report = await world_poller.turn(progress=lambda report: batches.append(report.headlines_new))
        beside.cancel()

    assert (len(others), report.headlines_new, {*batches} - {0}) == (turns, entries, {entries})
    assert {*others} <= {len(world.web.documents[one.url])}  # it counts against the cap all the while


async def test_no_other_document_is_parsed_while_a_large_one_waits_to_be_digested(tmp_path: Path) -> None:
    packed, plain = (
        Fetched(feeds(1)[0].id, feeds(1)[0].url, b"1234", "", unpack=unpack) for unpack in (bytes.upper, None)
    )

    async with World(tmp_path, feeds(1), web(feeds(1))) as poller:
        with poller.holding(plain):
            assert poller.read_bytes == 4
        with poller.holding(packed):
            assert poller.read_bytes == refresh.READ_BYTES


async def test_simultaneous_outcomes_are_recorded_in_batches(tmp_path: Path) -> None:
    many = feeds(refresh.IN_FLIGHT)
    world = World(tmp_path, many, web(many))
    batches: list[int] = []

    async with world as poller:
        await poller.turn(progress=lambda report: batches.append(report.polled))

    assert len(set(batches)) <= 1 + refresh.IN_FLIGHT // refresh.RECORD_AT_ONCE
    assert batches[-1] == refresh.IN_FLIGHT


@pytest.mark.parametrize(
    ("documents", "order"),
    [(6, "rrrrrrdddddd"), (2, "rrddrrddrrdd"), (0, "rdrdrdrdrdrd")],
    ids=["all", "two", "even one is too large"],
)
async def test_simultaneous_documents_are_parsed_and_digested_in_batches_within_a_byte_cap(
    documents: int, order: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some, done = feeds(6), list[str]()
    world = World(tmp_path, some, web(some))
    size = max(map(len, world.web.documents.values()))
    monkeypatch.setattr(refresh, "READ_BYTES", documents * size)
    honest = refresh.digesting

    def digesting(claim: Claim, result: FetchResult, *known: Any) -> Slices[PollOutcome]:
        done.append("d")
        return honest(claim, result, *known)

    monkeypatch.setattr(refresh, "digesting", digesting)
    async with world as poller:
        parse = poller.parse

        async def reading(fetched: Fetched, feed: Feed, now: datetime) -> ParseResult:
            done.append("r")
            return await parse(fetched, feed, now)

        poller.parse = reading
        await poller.turn()

    assert "".join(done) == order
