"""Politeness on the way of one fetch: one request a host at a time, a second apart, through hops and robots.txt (A11).

The slots themselves are leases in the store, so that two processes share one answer; this module only asks and waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Self

from wirekin.fetch._failure import Failure
from wirekin.fetch._policy import FetchPolicy
from wirekin.model import Clock, FeedId, HttpHints, Reason

TakeHost = Callable[[str], Awaitable[datetime | None]]
"""As HostSlots.take_host, now: None and the host is ours, or the instant at which to ask again."""
GiveBackHost = Callable[[str], Awaitable[None]]
LeaveOwn = Callable[[], Awaitable[bool]]
LeaveHost = Callable[[str, FeedId], Awaitable[bool]]
"""As HostSlots.leave_host, now."""

# Seconds until a slot is asked for again: one that is said to be free in the past not in a spin; and a poll gives it
# back when it ends, long before its lease of a minute does.
LOOKS = (0.05, 2.0)


class Errand:
    """The host that one fetch has, and the seconds of network time that it has left.

    The caller took `own` before and gives it back after; other hosts are taken where a hop leads to them. Before one
    is waited for, the one before is given back: `own` by `leave_own`, and where that is False it is kept. Two polls
    that held one another's next host waited a minute for each other (2026-11).
    """

    def __init__(
        self,
        own: str,
        policy: FetchPolicy,
        clock: Clock,
        take_host: TakeHost,
        give_back_host: GiveBackHost,
        leave_own: LeaveOwn | None = None,
    ) -> None:
        self._policy = policy
        self._clock = clock
        self._take_host = take_host
        self._give_back_host = give_back_host
        self._leave_own = leave_own
        self._own = own  # "" once it was left: then it is a host like any other
        self._taken = ""  # by a hop
        self._asked: set[str] = set()
        self.seconds_left = policy.deadline.total_seconds()
        self.at = own  # the host asked last

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._taken:
            await self._give_back_host(self._taken)

    async def arrive(self, host: str) -> None:
        """Return when `host` may be asked.

        Raises: Failure(TIMEOUT) where other polls, or a hold, keep it for longer than the patience.
        """
        if host not in {self._own, self._taken}:
            await self._leave()
            await self._take(host)
            self._taken = host
        elif host in self._asked:
            await asyncio.sleep(self._policy.spacing.total_seconds())
        self._asked.add(host)
        self.at = host

    async def _leave(self) -> None:
        if self._taken:
            taken, self._taken = self._taken, ""
            await self._give_back_host(taken)
        elif self._own and self._leave_own is not None and await self._leave_own():
            self._own = ""

    async def _take(self, host: str) -> None:
        loop, patience = asyncio.get_running_loop(), self._policy.patience.total_seconds()
        until = loop.time() + patience
        while (free_at := await self._take_host(host)) is not None:
            wait = (free_at - self._clock()).total_seconds()
            if wait > patience:  # no poll has it for so long: it asked for rest, and till then we need not ask either
                hints = HttpHints(retry_after=timedelta(seconds=wait))
                detail = f"leads to {host}, which is not to be asked before {free_at:%FT%TZ}"
                raise Failure(Reason.TIMEOUT, detail, hints=hints)
            if loop.time() >= until:
                raise Failure(Reason.TIMEOUT, f"leads to {host}, where other polls went first for {patience:.3g} s")
            await asyncio.sleep(min(max(wait, LOOKS[0]), LOOKS[1]))
