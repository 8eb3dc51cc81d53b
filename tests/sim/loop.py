"""An event loop on which waiting takes no time: when there is nothing to do, it jumps to its next timer."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    """Asks the operating system without waiting, and lets the loop's clock run on by the time not waited."""

    slept = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready:
            assert timeout is not None, "everybody waits, and for nothing that time brings"
            self.slept += timeout
        return ready


class JumpingLoop(asyncio.SelectorEventLoop):
    """`time()` starts at nought and moves by what sleeps and timeouts ask for, and by nothing else."""

    def __init__(self) -> None:
        self._jumping = _Selector()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-6  # the default of a nanosecond is less than a float can tell apart after months

    def time(self) -> float:
        return self._jumping.slept


class LoopClock:
    """The clock of a JumpingLoop: `start` and the seconds that it slept."""

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
