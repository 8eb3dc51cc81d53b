"""A small pool of readers, each on its own thread, because a connection must not cross threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from wirekin.errors import StoreError
from wirekin.store import Backend, Reader
from wirekin.store.threads import OwnThread

T = TypeVar("T")

THREADS = 4  # SQLite reads in parallel; more threads only contend for the GIL (2 cores, 2026-11)
QUEUE = 256  # requests that may wait for a reader; the next one gets a 503


class Overloaded(Exception):
    """More requests wait for a reader than will be served in good time."""


class _Slot(OwnThread[Reader]):
    def _run(self, work: Callable[[Reader], T]) -> T:
        try:
            return super()._run(work)
        except StoreError:
            self._close()  # the file may have been replaced: the next call opens it again
            raise


class Readers:
    """Runs work on one of a few reader threads; the event loop never waits for a disk.

    Create it inside the event loop that uses it. Readers are taken last in, first out, so that an idle server opens
    only one connection.
    """

    def __init__(self, backend: Backend, threads: int = THREADS, queue: int = QUEUE) -> None:
        self._slots = [_Slot(backend.reader, "wirekin-reader") for _ in range(threads)]
        self._free: asyncio.LifoQueue[_Slot] = asyncio.LifoQueue()
        self._waiting = 0
        self._queue = queue
        for slot in self._slots:
            self._free.put_nowait(slot)

    async def run(self, work: Callable[[Reader], T]) -> T:
        """Run `work(reader)` on a reader's thread and return its result.

        Raises: Overloaded, and whatever `work` raises.
        """
        if self._waiting >= self._queue:
            raise Overloaded
        self._waiting += 1
        try:
            slot = await self._free.get()
        finally:
            self._waiting -= 1
        try:
            return await slot.call(work)
        finally:
            # Safe even after a cancellation: the slot's only thread finishes its work before it starts the next.
            self._free.put_nowait(slot)

    async def close(self) -> None:
        """Close every connection on its own thread."""
        await asyncio.gather(*(slot.close() for slot in self._slots))
