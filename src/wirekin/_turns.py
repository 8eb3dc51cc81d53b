"""Work on the event loop: in slices, so that the web and signals need not wait for it; or to its end, if cancelled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator
from typing import TypeVar, cast

Made = TypeVar("Made")


async def turn_by_turn(slices: Generator[None, None, Made]) -> Made:
    """Run `slices` to its result; other tasks run wherever it yields."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return cast("Made", end.value)
        await asyncio.sleep(0)


async def to_its_end(step: Awaitable[Made], undo: Callable[[Made], Awaitable[object]] | None = None) -> Made:
    """The result of `step`; if cancelled meanwhile, wait for it all the same, undo it, and only then raise.

    A cancelled await does not stop a thread's call that has begun, and drops one that has not: a host's slot taken or
    not given back in this way was lost for the minute of its lease (2026-11).
    """
    task = asyncio.ensure_future(step)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        made = await task
        if undo is not None:
            await undo(made)
        raise
