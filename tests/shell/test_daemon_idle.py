"""When the daemon says that nothing is polled, and what it leaves undone when it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from idling import Idle
from running import PATIENCE
from wirekin import daemon
from wirekin.daemon import SILENT, Daemon
from wirekin.refresh import Poller, TurnReport
from wirekin.websub import Subscriber

TICK = timedelta(milliseconds=20)


class Machine(Idle):
    """With turns that a test holds up, and seconds that pass when it says so."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 1_000.0
        self.trouble: Exception | None = None
        self.held: asyncio.Event | None = None
        self.tell: Callable[[TurnReport], None] = lambda _: None
        self.hubs_asked = self.calls = 0

    async def turn(self, *, progress: Callable[[TurnReport], None], **_: object) -> TurnReport:  # type: ignore[override]
        self.turns += 1
        self.tell = progress
        if self.trouble:
            raise self.trouble
        if self.held:
            await self.held.wait()
        return TurnReport()

    async def ask_hubs(self) -> int:
        self.hubs_asked += 1
        return 0

    async def call(self, _: Callable[..., object]) -> int:
        self.calls += 1
        return 0

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - what it waits for is counted in several places
                await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def ticking(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Daemon]:
    async def reload() -> None: ...

    stood = SimpleNamespace(monotonic=lambda: machine.seconds)
    monkeypatch.setattr(daemon, "time", stood)
    worker = Daemon(
        cast("Poller", machine),
        cast("Subscriber", machine),
        clock=lambda: datetime.now(UTC),
        keep=lambda: timedelta(days=1),
        reload=reload,
        tick=TICK,
    )
    monkeypatch.setattr(worker, "_skew", lambda: 0.0)
    running: asyncio.Task[Any] = asyncio.create_task(worker.run())
    await machine.until(lambda: machine.turns > 0)
    try:
        yield worker
    finally:
        worker.stop()
        if machine.held:
            machine.held.set()
        await running


@pytest.fixture
def machine() -> Machine:
    return Machine()


async def test_it_is_idle_until_its_first_turn_records_something(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.held = asyncio.Event()
    async with ticking(machine, monkeypatch) as worker:
        machine.tell(TurnReport(due=1))
        assert worker.idle() == "the daemon has not ticked yet"

        machine.tell(TurnReport(due=1, polled=1))
        assert worker.idle() == ""


async def test_a_long_turn_is_not_idle_but_a_stuck_one_is(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.held = asyncio.Event()
    async with ticking(machine, monkeypatch) as worker:
        machine.tell(TurnReport(polled=1))
        machine.seconds += SILENT.total_seconds()
        assert worker.idle() == ""

        machine.seconds += 1
        assert worker.idle() == "the daemon has not ticked for three intervals"


async def test_the_watchdog_is_patted_while_a_turn_groups_and_not_when_it_is_stuck(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(daemon, "_notify", said.append)
    monkeypatch.setattr(daemon, "CLOCK_CHECK", timedelta(milliseconds=5))
    machine.held = asyncio.Event()
    async with ticking(machine, monkeypatch):
        machine.seconds += SILENT.total_seconds() + 1
        await asyncio.sleep(0.05)
        said.clear()
        await asyncio.sleep(0.05)
        assert said == []

        machine.tell(TurnReport())
        await machine.until(lambda: "WATCHDOG=1" in said)


async def test_a_process_that_may_open_no_more_files_pats_later_and_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "@wirekin-nobody-listens")
    monkeypatch.setattr(daemon, "CLOCK_CHECK", timedelta(milliseconds=5))
    async with ticking(machine, monkeypatch):
        monkeypatch.setattr("socket.socket", Mock(side_effect=OSError(errno.EMFILE, "too many open files")))
        before = machine.turns
        await machine.until(lambda: machine.turns > before + 3)


async def test_ticks_that_fail_are_idle_though_they_come(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ticking(machine, monkeypatch) as worker:
        await machine.until(lambda: machine.turns > 1)
        assert worker.idle() == ""

        machine.trouble = RuntimeError("nobody thought of this")
        failed = machine.turns + 2
        await machine.until(lambda: machine.turns > failed)
        machine.seconds += 3 * TICK.total_seconds() + 0.001

        await machine.until(lambda: worker.idle() == "the daemon has not ticked for three intervals")


async def test_a_stop_during_a_turn_asks_no_hub_and_prunes_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.held = asyncio.Event()
    async with ticking(machine, monkeypatch) as worker:
        worker.stop()

    assert (machine.turns, machine.hubs_asked, machine.calls) == (1, 0, 1), "what is called is daemon_seen"
