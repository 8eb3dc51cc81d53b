"""A full disk: the turn ends with that reason, and the daemon waits before it tries again (E4)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

import make
from commands import rss
from fakes import Web, World
from idling import Idle, until
from wirekin import daemon
from wirekin.daemon import Daemon
from wirekin.errors import StoreFull
from wirekin.refresh import Poller
from wirekin.websub import Subscriber

FEED = make.feed()
MANY = rss(
    "Feed", "https://herald.example", *((f"Tidings {n} today", f"https://herald.example/{n}", "") for n in range(200))
)


def limit_growth(store: Any, pages: int) -> None:
    """Limit the database's growth to this many pages, as a full disk would."""
    (now,) = store._conn.execute("pragma page_count").fetchone()
    store._conn.execute(f"pragma max_page_count = {now + pages}")


@pytest.fixture
async def poller(tmp_path: Path) -> AsyncIterator[Poller]:
    """A poller of a feed with more headlines than fit the database."""
    async with World(tmp_path, [FEED], Web({FEED.url: MANY})) as made:
        await made.store.call(lambda store: limit_growth(store, 2))
        yield made


async def test_a_turn_on_a_full_disk_fails_as_store_full(poller: Poller) -> None:
    with pytest.raises(StoreFull, match="free some disk space"):
        await poller.turn()


async def test_the_daemon_waits_before_its_next_turn_on_a_full_disk(
    poller: Poller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "FULL_PAUSE", timedelta(hours=1))
    ticks, turns = 0, list[object]()

    def clock() -> datetime:
        nonlocal ticks
        ticks += 1
        return datetime.now(UTC)

    worker = Daemon(
        poller,
        cast("Subscriber", Idle()),
        clock=clock,
        keep=lambda: timedelta(days=90),
        reload=Idle().reload,
        progress=turns.append,
        tick=timedelta(milliseconds=20),
    )
    running = asyncio.create_task(worker.run())
    await until(lambda: ticks >= 60)

    assert len(turns) == 1, "the one that met the full disk"
    worker.stop()
    await running
