"""A store on a thread of its own, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from wirekin.store import Backend, Store

T = TypeVar("T")


class StoreThread:
    """One writer connection, opened, used and closed on one thread; calls run in the order they were made."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="wirekin-store")
        self._store: Store | None = None

    async def call(self, work: Callable[[Store], T]) -> T:
        """Run `work` with the store on its thread; what it raises is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[Store], T]) -> T:
        if self._store is None:
            self._store = self._backend.store()
        return work(self._store)

    async def close(self) -> None:
        """Close the connection and end the thread, after the calls already made."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
