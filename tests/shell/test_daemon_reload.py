"""What a reload of feeds.yml changes at once, what needs a restart, and what is retried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from idling import Idle, ticking, until
from wirekin import config, daemon
from wirekin.cli._run import Current
from wirekin.errors import StoreBusy


class Machine(Idle):
    """An idle machine with a store whose `prune` records its `keep`."""

    def __init__(self) -> None:
        super().__init__()
        self.days = 1
        self.kept: list[timedelta] = []
        self.reloads = 0
        self.busy_for = 0

    def keep(self) -> timedelta:
        return timedelta(days=self.days)

    async def call(self, work: Callable[[Any], object]) -> object:
        return work(self)

    def prune(self, _now: datetime, keep: timedelta, *, stopping: Callable[[], bool]) -> int:
        assert not stopping()
        self.kept.append(keep)
        return 0

    def daemon_seen(self, _now: datetime) -> None:
        pass

    async def reload(self) -> None:
        self.reloads += 1
        if self.reloads <= self.busy_for:
            raise StoreBusy("another process writes")


async def test_pruning_uses_the_keep_of_the_current_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon, "HOUSEKEEPING", timedelta())
    machine = Machine()
    async with ticking(machine):
        machine.days = 365

        await until(lambda: machine.kept[-1:] == [timedelta(days=365)])


async def test_it_prunes_at_its_first_tick_and_then_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = 1_000.0
    monkeypatch.setattr(daemon, "time", SimpleNamespace(monotonic=lambda: seconds))
    monkeypatch.setattr(daemon.Daemon, "_skew", lambda _: 0.0)
    machine = Machine()
    async with ticking(machine):
        for passed, prunes in ((0, 1), (3_599, 1), (1, 2)):
            seconds += passed
            turns = machine.turns
            await until(lambda before=turns: machine.turns > before + 2)

            assert len(machine.kept) == prunes


async def test_systemd_is_told_when_a_reload_begins_and_when_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    machine = Machine()
    async with ticking(machine) as worker:
        monkeypatch.setattr(daemon, "_notify", said.append)
        worker.ask_reload()
        await until(lambda: machine.reloads == 1 and len(said) > 1)

    assert [line.partition("=")[0] for line in said[0].splitlines()] == ["RELOADING", "MONOTONIC_USEC"]
    assert said[1] == "READY=1"


async def test_a_reload_that_fails_on_a_busy_database_is_retried() -> None:
    machine = Machine()
    async with ticking(machine) as worker:
        machine.busy_for = 2
        worker.ask_reload()

        await until(lambda: machine.reloads == 3)
        turns = machine.turns
        await until(lambda: machine.turns > turns + 2)

        assert machine.reloads == 3


def test_settings_that_a_reload_cannot_change_are_named_as_waiting_for_a_restart() -> None:
    def config_with(settings: str) -> config.Config:
        return config.parse_config(f"settings: {{{settings}}}\nfeeds: []\n", Path("feeds.yml"))

    current = Current(config_with("keep: 30d"))
    current.use(config_with("keep: 300d, images: proxy, contact: me@example.org"))

    assert (current.keep(), current.context().keep) == (timedelta(days=300), timedelta(days=300))
    assert current.at_next_start() == ["contact", "images"]
    assert not current.context().images, "nothing is there that brings pictures"


def test_turning_the_picture_proxy_off_needs_no_restart() -> None:
    def config_with(images: str) -> config.Config:
        return config.parse_config(f"settings: {{images: {images}}}\nfeeds: []\n", Path("feeds.yml"))

    current = Current(config_with("proxy"))
    current.use(config_with("link"))

    assert (current.context().images, current.at_next_start()) == (False, [])
