"""An event loop on which waiting takes no time: when there is nothing to do, it jumps to its next timer."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    """Polls the operating system without waiting, and advances the loop's clock by the timeout instead."""

    slept = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "every task waits, and no timer will wake one"
            self.slept += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` starts at zero and advances only by sleeps and timeouts."""

    def __init__(self) -> None:
        self._jumping = _Selector()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-6  # after months, a float cannot resolve the default of a nanosecond

    def time(self) -> float:
        return self._jumping.slept


class LoopClock:
    """The clock of a JumpingLoop: `start` plus the loop's time."""

    def __init__(self, loop: JumpingLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start

    def __call__(self) -> datetime:
        return self._start + timedelta(seconds=self._loop.time())


def run(loop: JumpingLoop, main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end on the loop and close it."""
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()
