"""A daemon whose poller and subscriber have nothing to do, for tests of its ticks."""

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
    """A fake poller, subscriber and store in one, which counts turns; a test that needs `store.call` adds it."""

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
        return datetime.now(UTC)  # close to apscheduler's clock, else it makes up for ticks missed since


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - several kinds of fakes are waited for, none of which has an event
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def ticking(machine: Idle) -> AsyncIterator[Daemon]:
    """A running daemon, from the end of its first turn until the block ends."""
    poller, subscriber = cast("Poller", machine), cast("Subscriber", machine)
    worker = Daemon(poller, subscriber, clock=machine.clock, keep=machine.keep, reload=machine.reload, tick=TICK)
    running = asyncio.create_task(worker.run())
    await until(lambda: machine.turns > 0)
    try:
        yield worker
    finally:
        worker.stop()
        await running
