"""When the daemon reports that nothing is polled, and what it leaves undone when it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from idling import TICK, Idle, ticking, until
from wirekin import daemon
from wirekin.daemon import SILENT, Daemon
from wirekin.refresh import TurnReport


class Machine(Idle):
    """An idle machine whose turns a test holds up, and whose seconds pass when the test says so."""

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


@contextlib.asynccontextmanager
async def held(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Daemon]:
    """A daemon on the machine's clock; its turns are released at the end."""
    monkeypatch.setattr(daemon, "time", SimpleNamespace(monotonic=lambda: machine.seconds))
    monkeypatch.setattr(Daemon, "_skew", lambda _: 0.0)
    async with ticking(machine) as worker:
        try:
            yield worker
        finally:
            worker.stop()
            if machine.held:
                machine.held.set()


@pytest.fixture
def machine() -> Machine:
    return Machine()


async def test_it_is_idle_until_its_first_turn_records_something(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.held = asyncio.Event()
    async with held(machine, monkeypatch) as worker:
        machine.tell(TurnReport(due=1))
        assert worker.idle() == "the daemon has not ticked yet"

        machine.tell(TurnReport(due=1, polled=1))
        assert worker.idle() == ""


async def test_a_long_turn_is_not_idle_but_a_stuck_one_is(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.held = asyncio.Event()
    async with held(machine, monkeypatch) as worker:
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
    async with held(machine, monkeypatch):
        machine.seconds += SILENT.total_seconds() + 1
        await asyncio.sleep(0.05)
        said.clear()
        await asyncio.sleep(0.05)
        assert said == []

        machine.tell(TurnReport())
        await until(lambda: "WATCHDOG=1" in said)


async def test_a_process_that_may_open_no_more_files_pats_later_and_goes_on(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "@wirekin-nobody-listens")
    monkeypatch.setattr(daemon, "CLOCK_CHECK", timedelta(milliseconds=5))
    async with held(machine, monkeypatch):
        monkeypatch.setattr("socket.socket", Mock(side_effect=OSError(errno.EMFILE, "too many open files")))
        before = machine.turns
        await until(lambda: machine.turns > before + 3)


async def test_ticks_that_fail_are_idle_though_they_come(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with held(machine, monkeypatch) as worker:
        await until(lambda: machine.turns > 1)
        assert worker.idle() == ""

        machine.trouble = RuntimeError("nobody thought of this")
        failed = machine.turns + 2
        await until(lambda: machine.turns > failed)
        machine.seconds += 3 * TICK.total_seconds() + 0.001

        await until(lambda: worker.idle() == "the daemon has not ticked for three intervals")


async def test_a_stop_during_a_turn_asks_no_hub_and_prunes_nothing(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.held = asyncio.Event()
    async with held(machine, monkeypatch) as worker:
        worker.stop()

    assert (machine.turns, machine.hubs_asked, machine.calls) == (1, 0, 1), "what is called is daemon_seen"


async def test_who_waits_for_the_first_turn_is_woken_by_a_stop_that_prevents_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the first seconds of `wirekin demo` left it waiting for ever, deaf to SIGTERM."""
    machine.trouble = RuntimeError("no turn comes to its end")
    async with held(machine, monkeypatch) as worker:
        await until(lambda: machine.turns > 0)
        assert not worker.first_turn_done.is_set()

    async with asyncio.timeout(5):
        await worker.first_turn_done.wait()
