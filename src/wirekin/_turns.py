"""Work on the event loop that is done in slices, so that the web and signals need not wait for the end of it."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import TypeVar, cast

Made = TypeVar("Made")


async def turn_by_turn(slices: Generator[None, None, Made]) -> Made:
    """What `slices` makes in the end; all else that waits has a turn wherever it yields."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return cast("Made", end.value)
        await asyncio.sleep(0)
