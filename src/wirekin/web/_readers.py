"""A small pool of readers, each on its own thread, because a connection must not cross threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from wirekin.errors import StoreError
from wirekin.store import Backend, Reader

T = TypeVar("T")

THREADS = 4  # SQLite reads in parallel; more threads only contend for the GIL (2 cores, 2026-11)
QUEUE = 256  # requests that may wait for a reader; the next one gets a 503


class Overloaded(Exception):
    """More requests wait for a reader than will be served in good time."""


class _Slot:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._reader: Reader | None = None
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="wirekin-reader")

    def call(self, work: Callable[[Reader], T]) -> T:
        if self._reader is None:
            self._reader = self._backend.reader()
        try:
            return work(self._reader)
        except StoreError:
            self.close()  # the file may have been replaced: the next call opens it again
            raise

    def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()


class Readers:
    """Runs work on one of a few reader threads; the event loop never waits for a disk.

    Create it inside the event loop that uses it. Readers are taken last in, first out, so that an idle server opens
    only one connection.
    """

    def __init__(self, backend: Backend, threads: int = THREADS, queue: int = QUEUE) -> None:
        self._slots = [_Slot(backend) for _ in range(threads)]
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
            return await asyncio.get_running_loop().run_in_executor(slot.thread, slot.call, work)
        finally:
            # Safe even after a cancellation: the slot's only thread finishes its work before it starts the next.
            self._free.put_nowait(slot)

    async def close(self) -> None:
        """Close every connection on its own thread."""
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(slot.thread, slot.close) for slot in self._slots))
        for slot in self._slots:
            slot.thread.shutdown()
