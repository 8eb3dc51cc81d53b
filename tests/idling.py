"""A daemon whose poller and subscriber have nothing to do: what every test of its ticks starts from."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from running import PATIENCE
from wirekin.daemon import Daemon
from wirekin.refresh import Poller, TurnReport
from wirekin.websub import Subscriber

TICK = timedelta(milliseconds=20)


class Idle:
    """Stands for a poller and a subscriber, counts the turns, and is its own store: a `call` is for the test to add."""

    def __init__(self) -> None:
        self.turns = 0
        self.stopping = asyncio.Event()
        self.store = self

    async def turn(self, **_: object) -> TurnReport:
        """Poll nothing."""
        self.turns += 1
        return TurnReport()

    async def read_pushes(self) -> int:
        """Find none."""
        return 0

    async def ask_hubs(self) -> int:
        """Ask none."""
        return 0

    async def reload(self) -> None:
        """Find everything as it was."""

    def keep(self) -> timedelta:
        """Keep what was seen today."""
        return timedelta(days=1)

    def clock(self) -> datetime:
        """The time."""
        return datetime.now(UTC)  # near apscheduler's own, which makes up for each tick missed since


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in a daemon."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what it waits for is counted in several places
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def ticking(machine: Idle) -> AsyncIterator[Daemon]:
    """A daemon that ticks, from its first turn on until it is stopped."""
    poller, subscriber = cast("Poller", machine), cast("Subscriber", machine)
    worker = Daemon(poller, subscriber, clock=machine.clock, keep=machine.keep, reload=machine.reload, tick=TICK)
    running = asyncio.create_task(worker.run())
    await until(lambda: machine.turns > 0)
    try:
        yield worker
    finally:
        worker.stop()
        await running
