"""Run a face of the database on its own thread, so that the event loop never waits for a disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final, Generic, Protocol, TypeVar

from wirekin._turns import to_its_end
from wirekin.model import Clock, FetchFailed
from wirekin.schedule import HOST_HOLDS, hold_of
from wirekin.store import Admin, Backend, Store, Subscriptions
from wirekin.store._claims import HOST_LEASE

# Shortest and longest wait, in seconds, before a slot is requested again. The first avoids a busy loop if the slot was
# due in the past. The second is shorter than a lease: a poll frees its slot when it ends, mostly within a second.
_LOOKS: Final = (0.05, 2.0)


class _Face(Protocol):
    def close(self) -> None: ...


T = TypeVar("T")
F = TypeVar("F", bound=_Face)


class OwnThread(Generic[F]):
    """One connection that is opened, used and closed on one thread; calls run in the order in which they were made."""

    def __init__(self, open_face: Callable[[], F], name: str) -> None:
        self._open = open_face
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._face: F | None = None

    async def call(self, work: Callable[[F], T]) -> T:
        """Run `work` with the face on its thread; return its result or raise its exception."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def _run(self, work: Callable[[F], T]) -> T:
        if self._face is None:
            self._face = self._open()
        return work(self._face)

    async def rest(self) -> None:
        """Close the connection after the calls already made, which frees its caches; the next call opens a new one."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)

    async def close(self) -> None:
        """Close the connection and end the thread after the calls already made."""
        await self.rest()
        self._thread.shutdown()

    def _close(self) -> None:
        face, self._face = self._face, None
        if face is not None:
            face.close()


class StoreThread(OwnThread[Store]):
    """The store for polling and grouping."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend.store, "wirekin-store")

    @contextlib.asynccontextmanager
    async def slot(
        self, host: str, clock: Clock, *, within: float, stopping: asyncio.Event | None = None
    ) -> AsyncIterator[bool]:
        """Hold a host's slot for the block: one request at a time, a second apart, shared with the polls (A11).

        Yields False if the slot did not become free within `within` seconds or before `stopping`, and at once if the
        host is held.
        """
        if not await self._take(host, clock, within, stopping or asyncio.Event()):
            yield False
            return
        try:
            yield True
        finally:
            await to_its_end(self._give_back(host, clock))

    async def _give_back(self, host: str, clock: Clock) -> None:
        await self.call(lambda store: store.give_back_host(host, clock()))

    async def heed(self, failed: FetchFailed, host: str, now: datetime) -> None:
        """Hold the host that answered 429 or 503 (A7): `host`, or the one that a redirect led to."""
        if failed.reason in HOST_HOLDS:
            until = now + hold_of(failed.reason, failed.hints)
            await self.call(lambda store: store.hold_host(failed.said_by or host, until))

    async def _take(self, host: str, clock: Clock, within: float, stopping: asyncio.Event) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + within

        async def undo(free_at: datetime | None) -> None:
            if free_at is None:
                await self._give_back(host, clock)

        while loop.time() < until and not stopping.is_set():
            free_at = await to_its_end(self.call(lambda store: store.take_host(host, clock())), undo)
            if free_at is None:
                return True
            wait = free_at - clock()
            if wait > HOST_LEASE:
                return False
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), min(max(wait.total_seconds(), _LOOKS[0]), _LOOKS[1]))
        return False


class SubscriptionsThread(OwnThread[Subscriptions]):
    """The state of WebSub."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend.subscriptions, "wirekin-websub")


class AdminThread(OwnThread[Admin]):
    """Corrections and commands of people over HTTP."""

    def __init__(self, backend: Backend) -> None:
        super().__init__(backend.admin, "wirekin-admin")
