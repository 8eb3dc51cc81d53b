"""StoreThread: the store's calls on a thread of its own."""

from __future__ import annotations

import asyncio
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from threading import Event

import pytest

import make
import polls
from running import PATIENCE
from wirekin.model import FetchFailed, HttpHints, Reason
from wirekin.store import Store, _claims, open_store
from wirekin.store.threads import StoreThread


async def test_a_host_slot_is_freed_after_an_error_and_not_awaited_during_a_hold_or_a_stop(tmp_path: Path) -> None:
    thread = StoreThread(open_store(str(tmp_path / "w.db")))
    with suppress(OSError):
        async with thread.slot("a.example", lambda: make.NOW, within=9) as ours:
            assert ours
            raise OSError
    assert await thread.call(lambda store: store.take_host("a.example", make.at(minutes=0.5))) is None

    await thread.call(lambda store: store.hold_host("b.example", make.at(1)))
    async with thread.slot("b.example", lambda: make.NOW, within=1e9) as ours:
        assert not ours
    stopping = asyncio.Event()
    stopping.set()
    async with thread.slot("c.example", lambda: make.NOW, within=9, stopping=stopping) as ours:
        assert not ours
    assert await thread.call(lambda store: store.take_host("c.example", make.NOW)) is None
    await thread.close()


@pytest.mark.parametrize(
    ("reason", "said_by", "left"),
    [
        (Reason.RATE_LIMITED, "", {"a.example": make.at(2)}),
        (Reason.UNAVAILABLE, "led.example", {"led.example": make.at(2)}),
        (Reason.TIMEOUT, "a.example", {}),
    ],
)
async def test_a_retry_after_holds_the_host_that_sent_it_and_no_other(
    tmp_path: Path, reason: Reason, said_by: str, left: dict[str, datetime]
) -> None:
    backend = open_store(str(tmp_path / "w.db"))
    thread = StoreThread(backend)
    failed = FetchFailed(make.feed().id, reason, hints=HttpHints(retry_after=timedelta(hours=2)), said_by=said_by)

    await thread.heed(failed, "a.example", make.NOW)

    with closing(backend.reader()) as reader:
        assert reader.holds(make.NOW) == left
    await thread.close()


async def test_after_a_rest_the_next_call_opens_a_new_connection_to_the_same_database(tmp_path: Path) -> None:
    thread = StoreThread(open_store(str(tmp_path / "w.db")))
    met: list[Store] = []
    await thread.call(met.append)
    await thread.call(lambda store: polls.record(store, make.headline("A headline", "https://example.com/a")))

    await thread.rest()
    kept = await thread.call(lambda store: met.append(store) or store.ungrouped(9))
    await thread.rest()
    await thread.close()

    assert [headline.title for headline in kept] == ["A headline"]
    assert met[0] is not met[1]


async def test_a_host_slot_granted_to_a_task_that_was_cancelled_meanwhile_is_freed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = StoreThread(open_store(str(tmp_path / "w.db")))
    at_work, go_on, real = Event(), Event(), _claims.take_host

    def slow(conn: Connection, host: str, now: datetime) -> datetime | None:
        taken = real(conn, host, now)
        at_work.set()
        assert go_on.wait(PATIENCE)
        return taken

    async def hold_slot() -> None:
        async with thread.slot("a.example", lambda: make.NOW, within=9):
            raise AssertionError("who was cancelled has nothing")

    monkeypatch.setattr(_claims, "take_host", slow)
    task = asyncio.create_task(hold_slot())
    await asyncio.to_thread(at_work.wait, PATIENCE)
    task.cancel()
    await asyncio.sleep(0)  # lets the cancellation arrive
    go_on.set()
    await asyncio.wait({task})

    assert task.cancelled()
    assert await thread.call(lambda store: store.take_host("a.example", make.at(minutes=0.5))) is None


async def test_a_host_slot_is_freed_although_its_owner_is_cancelled_while_giving_it_back(
    tmp_path: Path,
) -> None:
    thread, go_on, held_up = StoreThread(open_store(str(tmp_path / "w.db"))), Event(), asyncio.Event()

    async def hold_slot() -> None:
        async with thread.slot("a.example", lambda: make.NOW, within=9):
            busy.append(asyncio.ensure_future(thread.call(lambda _: go_on.wait(PATIENCE))))
            await asyncio.sleep(0)
            held_up.set()

    busy: list[asyncio.Future[bool]] = []
    task = asyncio.create_task(hold_slot())
    await held_up.wait()
    await asyncio.sleep(0.05)  # by now the task gives its slot back, and waits for the store
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.wait({task})

    assert task.cancelled()
    assert await thread.call(lambda store: store.take_host("a.example", make.at(minutes=0.5))) is None
