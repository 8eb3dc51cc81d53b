"""When the daemon reports that nothing is polled, and what it leaves undone when it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import errno
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
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
async def running_daemon(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Daemon]:
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


async def test_the_daemon_is_idle_until_its_first_turn_has_polled_a_feed(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.held = asyncio.Event()
    async with running_daemon(machine, monkeypatch) as worker:
        machine.tell(TurnReport(due=1))
        assert worker.idle() == "the daemon has not ticked yet"

        machine.tell(TurnReport(due=1, polled=1))
        assert worker.idle() == ""


async def test_a_long_turn_does_not_count_as_idle_but_a_stuck_one_does(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.held = asyncio.Event()
    async with running_daemon(machine, monkeypatch) as worker:
        machine.tell(TurnReport(polled=1))
        machine.seconds += SILENT.total_seconds()
        assert worker.idle() == ""

        machine.seconds += 1
        assert worker.idle() == "the daemon has not ticked for three intervals"


async def test_the_watchdog_is_notified_while_a_turn_groups_and_not_while_it_is_stuck(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(daemon, "_notify", said.append)
    monkeypatch.setattr(daemon, "CLOCK_CHECK", timedelta(milliseconds=5))
    machine.held = asyncio.Event()
    async with running_daemon(machine, monkeypatch):
        machine.seconds += SILENT.total_seconds() + 1
        await asyncio.sleep(0.05)
        said.clear()
        await asyncio.sleep(0.05)
        assert said == []

        machine.tell(TurnReport())
        await until(lambda: "WATCHDOG=1" in said)


async def test_the_daemon_goes_on_when_too_many_open_files_prevent_a_watchdog_notification(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", "@wirekin-nobody-listens")
    monkeypatch.setattr(daemon, "CLOCK_CHECK", timedelta(milliseconds=5))
    async with running_daemon(machine, monkeypatch):
        monkeypatch.setattr("socket.socket", Mock(side_effect=OSError(errno.EMFILE, "too many open files")))
        before = machine.turns
        await until(lambda: machine.turns > before + 3)


async def test_the_daemon_is_idle_when_every_tick_fails(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_daemon(machine, monkeypatch) as worker:
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
    async with running_daemon(machine, monkeypatch) as worker:
        worker.stop()

    assert (machine.turns, machine.hubs_asked, machine.calls) == (1, 0, 1), "what is called is daemon_seen"


async def test_a_tick_after_the_stop_polls_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_daemon(machine, monkeypatch) as worker:
        worker.stop()
        turns = machine.turns

        await worker._tick()

        assert machine.turns == turns


async def test_a_tick_reads_pushes_before_it_polls_and_asks_hubs_after(monkeypatch: pytest.MonkeyPatch) -> None:
    machine, order = Machine(), list[str]()
    for step in ("read_pushes", "turn", "ask_hubs"):
        taken = getattr(machine, step)

        async def noted(step: str = step, taken: Callable[..., Any] = taken, **more: object) -> object:
            order.append(step)
            return await taken(**more)

        monkeypatch.setattr(machine, step, noted)

    async with ticking(machine):
        await until(lambda: len(order) >= 3)

    assert order[:3] == ["read_pushes", "turn", "ask_hubs"]


async def test_who_waits_for_the_first_turn_is_woken_by_a_stop_that_prevents_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C in the first seconds of `wirekin demo` left it waiting for ever, deaf to SIGTERM."""
    machine.trouble = RuntimeError("no turn comes to its end")
    async with running_daemon(machine, monkeypatch) as worker:
        await until(lambda: machine.turns > 0)
        assert not worker.first_turn_done.is_set()

    async with asyncio.timeout(5):
        await worker.first_turn_done.wait()
