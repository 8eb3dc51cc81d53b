"""Redirects take one host slot at a time, in the order of asking, and never wait while holding one (A11)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from fetching import asking
from make import NOW, at
from origin import Origin
from running import PATIENCE
from wirekin.fetch import Fetcher, FetchPolicy
from wirekin.fetch._hosts import LOOKS
from wirekin.model import FeedId, Fetched, FetchFailed, FetchRequest, FetchResult, Reason


@dataclass
class HeldSlots:
    """Host slots that are held until they are given back; polls hold those in `claimed`."""

    claimed: set[str]
    taken: set[str] = field(default_factory=set)
    busy_until: datetime = NOW
    seconds: float = 0  # until a refusal is answered
    had: list[str] = field(default_factory=list)  # hosts taken by redirects, in order

    async def take(self, host: str) -> datetime | None:
        if host in self.claimed | self.taken:
            await asyncio.sleep(self.seconds)
            return self.busy_until
        self.taken.add(host)
        self.had.append(host)
        return None

    async def give_back(self, host: str) -> None:
        self.taken.remove(host)

    async def leave(self, host: str, feed: FeedId) -> bool:
        left = host in self.claimed
        self.claimed.discard(host)
        return left


def serve_round_trip(origin: Origin, path: str) -> str:
    """An address on the first host that redirects to the second, and from there back to the first."""
    origin.serve(path, status=302, headers={"Location": origin.url(f"{path}/2", host="127.0.0.2")})
    origin.serve(f"{path}/2", status=302, headers={"Location": origin.url(f"{path}/3")})
    origin.serve(f"{path}/3", b"x")
    return origin.url(path)


async def fetched_with(held: HeldSlots, *requests: FetchRequest, patience: float = 2) -> list[FetchResult]:
    policy = FetchPolicy(spacing=timedelta(seconds=0), patience=timedelta(seconds=patience))
    slots = {"take_host": held.take, "give_back_host": held.give_back, "leave_host": held.leave}
    async with Fetcher(policy, **slots, clock=lambda: NOW) as ours:
        return await asyncio.gather(*map(ours.fetch, requests))


async def test_two_polls_that_redirect_to_each_others_hosts_do_not_block_each_other() -> None:
    held = HeldSlots({"127.0.0.1", "127.0.0.2"})
    async with Origin("127.0.0.1", "127.0.0.2") as origin:
        origin.serve("/a", status=302, headers={"Location": origin.url("/x", host="127.0.0.2")})
        origin.serve("/b", status=302, headers={"Location": origin.url("/x")})
        origin.serve("/x", b"x")
        urls = (origin.url("/a"), origin.url("/b", host="127.0.0.2"))
        results = await fetched_with(held, *(asking(url, *origin.netlocs) for url in urls))

    assert [type(result) for result in results] == [Fetched, Fetched]
    assert not held.claimed | held.taken


async def test_redirects_to_one_host_follow_each_other_as_soon_as_it_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("wirekin.fetch._hosts.LOOKS", (0.01, 3600))  # no periodic retry in time
    held = HeldSlots(set(), busy_until=at(minutes=1))
    async with Origin("127.0.0.1", "127.0.0.2") as origin, asyncio.timeout(PATIENCE):
        origin.serve("/b", b"x")
        urls = [
            origin.serve(f"/{n}", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
            for n in range(5)
        ]
        results = await fetched_with(held, *(asking(url, *origin.netlocs) for url in urls), patience=3600)

    assert [type(result) for result in results] == [Fetched] * 5
    assert held.taken == set()


async def test_redirects_that_queue_for_a_host_on_hold_all_fail_with_its_retry_after() -> None:
    held = HeldSlots({"127.0.0.2"}, busy_until=at(hours=2), seconds=0.2)
    async with Origin("127.0.0.1", "127.0.0.2") as origin, asyncio.timeout(PATIENCE):
        urls = [
            origin.serve(f"/{n}", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
            for n in range(3)
        ]
        results = await fetched_with(held, *(asking(url, *origin.netlocs) for url in urls), patience=60)

    assert [result.hints.retry_after for result in results] == [timedelta(hours=2)] * 3


@dataclass
class Awaited(HeldSlots):
    """Host slots that nobody has before `free` is set."""

    free: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, host: str) -> datetime | None:
        await self.free.wait()
        return await super().take(host)


async def test_a_hop_that_waits_too_long_behind_another_is_told_so() -> None:
    held = Awaited(set())
    policy = FetchPolicy(spacing=timedelta(seconds=0), patience=timedelta(seconds=0.1))
    async with (
        Origin("127.0.0.1", "127.0.0.2") as origin,
        Fetcher(policy, take_host=held.take, give_back_host=held.give_back, clock=lambda: NOW) as ours,
    ):
        origin.serve("/b", b"x")
        to = {"Location": origin.url("/b", host="127.0.0.2")}
        urls = [origin.serve(f"/{n}", status=302, headers=to) for n in range(2)]
        fetching = [asyncio.create_task(ours.fetch(asking(url, *origin.netlocs))) for url in urls]
        done, others = await asyncio.wait(fetching, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
        held.free.set()
        await asyncio.wait(others, timeout=PATIENCE)

    (late,), (first,) = ([task.result() for task in tasks] for tasks in (done, others))
    assert isinstance(first, Fetched)
    assert isinstance(late, FetchFailed)
    assert (late.reason, late.detail) == (Reason.RESTING, "leads to 127.0.0.2, where other polls went first for 0.1 s")


async def test_a_busy_host_is_looked_at_now_and_then_and_not_all_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []
    held = HeldSlots({"127.0.0.2"})
    take = held.take
    monkeypatch.setattr(held, "take", lambda host: looks.append(host) or take(host))
    async with Origin("127.0.0.1", "127.0.0.2") as origin:
        url = origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        await fetched_with(held, asking(url, *origin.netlocs), patience=4 * LOOKS[0])

    assert 1 < len(looks) <= 6


@pytest.mark.parametrize("claimed", [True, False])  # False: the slot of an article or a picture, which is not left
async def test_a_redirect_back_to_the_first_host_takes_it_again_if_it_was_given_back(claimed: bool) -> None:
    held = HeldSlots({"127.0.0.1"} if claimed else set())
    async with Origin("127.0.0.1", "127.0.0.2") as origin:
        if not claimed:
            held.taken.add("127.0.0.1")
        (result,) = await fetched_with(held, asking(serve_round_trip(origin, "/a"), *origin.netlocs))

    assert isinstance(result, Fetched), result
    assert held.had == (["127.0.0.2", "127.0.0.1"] if claimed else ["127.0.0.2"])
    assert held.claimed | held.taken == (set() if claimed else {"127.0.0.1"})


async def test_redirects_that_stay_on_a_host_keep_it() -> None:
    held = HeldSlots({"127.0.0.1"})
    async with Origin("127.0.0.1", "127.0.0.2") as origin:
        url = origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        origin.serve("/b", status=302, headers={"Location": "/c"})
        origin.serve("/c", b"x")
        (result,) = await fetched_with(held, asking(url, *origin.netlocs))

    assert isinstance(result, Fetched), result
    assert held.had == ["127.0.0.2"]


@dataclass
class SlowSlots(HeldSlots):
    """Like a store on a thread: it finishes what it began even if its caller is cancelled, and reports its steps."""

    at: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def take(self, host: str) -> datetime | None:
        free_at = await super().take(host)
        self.at.put_nowait("taking")
        await asyncio.sleep(0.05)
        return free_at

    async def give_back(self, host: str) -> None:
        self.at.put_nowait("giving back")
        await asyncio.sleep(0.05)
        await super().give_back(host)


@pytest.mark.parametrize("step", ["taking", "giving back"])
async def test_a_fetch_cancelled_while_it_takes_a_host_or_gives_it_back_leaves_it_free(step: str) -> None:
    held = SlowSlots(set())
    async with Origin("127.0.0.1", "127.0.0.2") as origin, asyncio.timeout(PATIENCE):
        url = origin.serve("/a", status=302, headers={"Location": origin.url("/b", host="127.0.0.2")})
        origin.serve("/b", b"x")
        task = asyncio.create_task(fetched_with(held, asking(url, *origin.netlocs)))
        while await held.at.get() != step:
            pass
        task.cancel()
        await asyncio.wait({task})

    assert task.cancelled()
    assert held.taken == set()
