"""Work on the event loop: in slices, so that the web and signals need not wait for the end of it; or to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
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


async def to_its_end(step: Awaitable[Made], undo: Callable[[Made], Awaitable[object]] | None = None) -> Made:
    """What `step` gives; who is cancelled meanwhile waits for that, and undoes it, before the cancel goes on.

    A thread goes on with what it has begun, and never begins what was cancelled before: a slot that was taken so, or
    not given back, was nobody's for the minute of its lease (2026-11).
    """
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        made = await task
        if undo is not None:
            await undo(made)
        raise
