"""A daemon's poller and subscriber with nothing to do: what every test of its ticks starts from."""

from __future__ import annotations

import asyncio

from wirekin.refresh import TurnReport


class Idle:
    """Stands for a poller and a subscriber, counts the turns, and is its own store: a `call` is for the test to add."""

    def __init__(self) -> None:
        self.turns = 0
        self.stopping = asyncio.Event()
        self.store = self

    async def turn(self, **_: object) -> TurnReport:
        """Poll nothing."""
        self.turns += 1
        return TurnReport()

    async def read_pushes(self) -> int:
        """Find none."""
        return 0

    async def ask_hubs(self) -> int:
        """Ask none."""
        return 0
