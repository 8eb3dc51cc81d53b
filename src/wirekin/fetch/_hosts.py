"""Politeness within one fetch: one request a host at a time, a second apart, over redirects and robots.txt (A11).

The slots themselves are leases in the store, so that all processes share them; this module only asks and waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Self
from weakref import WeakValueDictionary

from wirekin._turns import to_its_end
from wirekin.fetch._failure import Failure
from wirekin.fetch._policy import FetchPolicy
from wirekin.model import Clock, FeedId, HttpHints, Reason

TakeHost = Callable[[str], Awaitable[datetime | None]]
"""`HostSlots.take_host` at the present instant: None if the host is ours, else the instant at which to ask again."""
GiveBackHost = Callable[[str], Awaitable[None]]
LeaveOwn = Callable[[], Awaitable[bool]]
LeaveHost = Callable[[str, FeedId], Awaitable[bool]]
"""`HostSlots.leave_host` at the present instant."""

Queues = WeakValueDictionary[str, asyncio.Lock]
"""For each host, a FIFO queue of this process's hops: giving the host back wakes the next one.

While each hop looked for itself, all looked at the same moments: of 70 feeds that led to one host, 37 had it within a
minute, and 67 since (2026-11).
"""

# Bounds of the seconds until a slot is asked for again: no spin where it should be free already, and no long sleep,
# since a poll gives it back when it ends, long before its lease of a minute does.
LOOKS = (0.05, 2.0)


class Errand:
    """The host that one fetch holds, and the seconds of network time that it has left.

    The caller takes `own` before and gives it back after; another host is taken when a hop leads to it. The host held
    is given back first: two polls that held each other's next host waited a minute for each other (2026-11). `own` is
    given back by `leave_own`; where that returns False, it is kept.
    """

    def __init__(
        self,
        own: str,
        policy: FetchPolicy,
        clock: Clock,
        take_host: TakeHost,
        give_back_host: GiveBackHost,
        queues: Queues,
        leave_own: LeaveOwn | None = None,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._take_host = take_host
        self._give_back_host = give_back_host
        self._queues = queues
        self._leave_own = leave_own
        self._own = own  # "" once it was left: then it is a host like any other
        self._taken = ""  # the host that a hop has taken
        self._turn: asyncio.Lock | None = None  # that host's queue among the hops of this process
        self._asked: set[str] = set()
        self.seconds_left = policy.deadline.total_seconds()
        self.at = own  # the host asked last

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._taken:
            await self._give_back()

    async def arrive(self, host: str) -> None:
        """Return when `host` may be asked.

        Raises: Failure(RESTING) where other polls, or a hold, keep it for longer than the patience.
        """
        if host not in {self._own, self._taken}:
            await self._leave()
            await self._take(host)
        elif host in self._asked:
            await asyncio.sleep(self._policy.spacing.total_seconds())
        self._asked.add(host)
        self.at = host

    async def _leave(self) -> None:
        if self._taken:
            await self._give_back()
        elif self._own and self._leave_own is not None and await self._leave_own():
            self._own = ""

    async def _give_back(self) -> None:
        taken, self._taken = self._taken, ""
        try:
            await to_its_end(self._give_back_host(taken))
        finally:
            if self._turn is not None:
                self._turn.release()

    async def _take(self, host: str) -> None:
        until = asyncio.get_running_loop().time() + self._policy.patience.total_seconds()
        self._turn = self._queues.setdefault(host, asyncio.Lock())
        try:
            async with asyncio.timeout_at(until):
                await self._turn.acquire()
        except TimeoutError as error:
            raise self._late(host) from error
        try:
            await self._take_slot(host, until)
        except BaseException:
            self._turn.release()
            raise
        self._taken = host

    async def _take_slot(self, host: str, until: float) -> None:
        """Take the slot, for which this host's polls and other processes compete."""

        async def undo(free_at: datetime | None) -> None:
            if free_at is None:
                await self._give_back_host(host)

        while (free_at := await to_its_end(self._take_host(host), undo)) is not None:
            wait = (free_at - self._clock()).total_seconds()
            if wait > self._policy.patience.total_seconds():  # longer than any poll takes: a hold
                hints = HttpHints(retry_after=timedelta(seconds=wait))  # until then the redirect need not be asked for
                detail = f"leads to {host}, which is not to be asked before {free_at:%FT%TZ}"
                raise Failure(Reason.RESTING, detail, hints=hints)
            if asyncio.get_running_loop().time() >= until:
                raise self._late(host)
            await asyncio.sleep(min(max(wait, LOOKS[0]), LOOKS[1]))

    def _late(self, host: str) -> Failure:
        patience = self._policy.patience.total_seconds()
        return Failure(Reason.RESTING, f"leads to {host}, where other polls went first for {patience:.3g} s")
