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
from wirekin.model import Clock, HttpHints, Reason

TakeHost = Callable[[str], Awaitable[datetime | None]]
"""As HostSlots.take_host, now: None and the host is ours, or the instant at which to ask again."""
GiveBackHost = Callable[[str], Awaitable[None]]

# Seconds until a slot is asked for again: one that is said to be free in the past not in a spin; and a poll gives it
# back when it ends, long before its lease of a minute does.
LOOKS = (0.05, 2.0)


class Errand:
    """The hosts that one fetch has, and the seconds of network time that it has left.

    The caller took `own` before and gives it back after; what hops took is given back at the end of the block.
    """

    def __init__(
        self, own: str, policy: FetchPolicy, clock: Clock, take_host: TakeHost, give_back_host: GiveBackHost
    ) -> None:
        self._own = own
        self._policy = policy
        self._clock = clock
        self._take_host = take_host
        self._give_back_host = give_back_host
        self._taken: list[str] = []
        self._asked: set[str] = set()
        self.seconds_left = policy.deadline.total_seconds()
        self.at = own  # the host asked last

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        while self._taken:
            await self._give_back_host(self._taken.pop())

    async def arrive(self, host: str) -> None:
        """Return when `host` may be asked.

        Raises: Failure(TIMEOUT) where other polls, or a hold, keep it for longer than the patience.
        """
        if host in self._asked:
            await asyncio.sleep(self._policy.spacing.total_seconds())
        elif host != self._own:
            await self._take(host)
        self._asked.add(host)
        self.at = host

    async def _take(self, host: str) -> None:
        loop, patience = asyncio.get_running_loop(), self._policy.patience.total_seconds()
        until = loop.time() + patience
        while (free_at := await self._take_host(host)) is not None:
            wait = (free_at - self._clock()).total_seconds()
            if (
                wait > patience
            ):  # no poll has it for so long: its publisher asked for rest, and till then we need not ask
                hints = HttpHints(retry_after=timedelta(seconds=wait))
                detail = f"leads to {host}, which is not to be asked before {free_at:%FT%TZ}"
                raise Failure(Reason.TIMEOUT, detail, hints=hints)
            if loop.time() >= until:
                raise Failure(Reason.TIMEOUT, f"leads to {host}, where other polls went first for {patience:.3g} s")
            await asyncio.sleep(min(max(wait, LOOKS[0]), LOOKS[1]))
        self._taken.append(host)
