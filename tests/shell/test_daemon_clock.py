"""A clock that is put ahead makes every feed due at once, and none of them is asked before its floor (A4, E10)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from idling import Idle
from wirekin.daemon import Daemon
from wirekin.refresh import Poller
from wirekin.websub import Subscriber

TICK = timedelta(milliseconds=20)


class Machine(Idle):
    """With a clock that runs on by itself and can be put ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.ahead = timedelta()

    def clock(self) -> datetime:
        self.asked += 1
        return datetime.now(UTC) + self.ahead  # near apscheduler's own, which makes up for each tick missed since

    async def call(self, _: Callable[..., object]) -> int:
        return 0

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():  # noqa: ASYNC110 - what it waits for is counted in three places
            await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def ticking() -> AsyncIterator[Machine]:
    async def reload() -> None: ...

    machine = Machine()
    daemon = Daemon(
        cast("Poller", machine),
        cast("Subscriber", machine),
        clock=machine.clock,
        keep=lambda: timedelta(days=1),
        reload=reload,
        tick=TICK,
    )
    running = asyncio.create_task(daemon.run())
    await machine.until(lambda: machine.turns >= 2)
    yield machine
    daemon.stop()
    await running


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)])
async def test_after_a_leap_of_the_clock_nobody_is_polled_for_a_floor(ahead: timedelta) -> None:
    async with ticking() as machine:
        machine.ahead = ahead
        before, asked = machine.turns, machine.asked
        await machine.until(lambda: machine.asked > asked + 60)

        assert machine.turns <= before + 1, "the one that had begun"


async def test_a_clock_that_is_set_right_by_seconds_stops_nothing() -> None:
    async with ticking() as machine:
        machine.ahead = timedelta(seconds=20)
        before = machine.turns

        await machine.until(lambda: machine.turns > before + 5)
