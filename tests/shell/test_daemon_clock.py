"""A clock that jumps ahead makes every feed due at once, but none is polled before its minimum interval (A4, E10)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from idling import Idle, ticking, until
from wirekin import daemon


class Machine(Idle):
    """An idle machine with a running clock that can be put ahead."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.ahead = timedelta()

    def clock(self) -> datetime:
        self.asked += 1
        return super().clock() + self.ahead

    async def call(self, _: Callable[..., object]) -> int:
        return 0


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)])
async def test_after_the_clock_jumps_ahead_no_turn_begins_for_a_minimum_interval(
    machine: Machine, ahead: timedelta
) -> None:
    async with ticking(machine):
        await until(lambda: machine.turns > 1)
        machine.ahead = ahead
        before, asked = machine.turns, machine.asked
        await until(lambda: machine.asked > asked + 60)

        assert machine.turns <= before + 1, "the one that had begun"


@pytest.mark.parametrize(("seconds", "wakes"), [(-3600, 1), (3600, 1), (-20, 0), (20, 0)])
async def test_a_jump_of_the_clock_wakes_the_scheduler_once_lest_it_sleep_for_an_hour(
    machine: Machine, seconds: float, wakes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "CLOCK_CHECK", timedelta(milliseconds=5))
    woken: list[int] = []
    async with ticking(machine) as worker:
        watching = asyncio.create_task(worker._watch_clock(lambda: woken.append(1)))
        await asyncio.sleep(0)
        machine.ahead = timedelta(seconds=seconds)
        asked = machine.asked
        await until(lambda: machine.asked > asked + 60)

        assert len(woken) == wakes
    await watching


async def test_a_clock_adjusted_by_seconds_does_not_pause_polling(machine: Machine) -> None:
    async with ticking(machine):
        machine.ahead = timedelta(seconds=20)
        before = machine.turns

        await until(lambda: machine.turns > before + 5)
