"""Two pollers on one database and one clock: a daemon and another, or a daemon and a person's `refresh` (A4, A11)."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from pathlib import Path

from sim.log import Asked, Log, events
from sim.loop import JumpingLoop, LoopClock, run
from sim.polling import AGENT, simulation
from sim.publishers import HOUR, START, Publication, Town, town
from sim.score import LINES, Scorecard

DAYS = 1.5
TICKS = (timedelta(minutes=3), timedelta(minutes=7))


def test_two_pollers_together_are_as_polite_as_one(tmp_path: Path) -> None:
    everybody = town(7, 40, DAYS)
    loop, log = JumpingLoop(), Log(tmp_path / "asked.log")
    clock = LoopClock(loop, START)

    async def poll(tick: timedelta) -> int:
        async with simulation(everybody, tmp_path, clock, log) as it:
            return await it.live(START + timedelta(days=DAYS), tick, random.Random(7))

    async def both() -> list[int]:
        return await asyncio.gather(*map(poll, TICKS))

    polls = run(loop, both())
    log.close()
    card = Scorecard(everybody.by_url, AGENT).read(events(log.path))
    assert card.examples == {}
    assert dict(card.offences) == dict.fromkeys(LINES, 0)
    assert min(polls) > 50  # both polled


def test_a_manual_refresh_beside_a_daemon_polls_only_what_is_due(tmp_path: Path) -> None:
    several = Town(tuple(Publication(f"https://{n}.example/feed") for n in range(20)))
    loop, log = JumpingLoop(), Log(tmp_path / "asked.log")
    clock = LoopClock(loop, START)

    async def main() -> None:
        async with (
            simulation(several, tmp_path, clock, log) as daemon,
            simulation(several, tmp_path, clock, log) as hand,
        ):
            await daemon.live(START + HOUR, timedelta(minutes=5))
            asked = _requests(log.path)
            report = await hand.poller.turn()
            due = sum(1 for event in events(log.path) if isinstance(event, Asked)) - asked
            assert report.polled == due
            await daemon.live(START + 2 * HOUR, timedelta(minutes=5))

    run(loop, main())
    log.close()
    assert dict(Scorecard(several.by_url, AGENT).read(events(log.path)).offences) == dict.fromkeys(LINES, 0)


def _requests(log: Path) -> int:
    return sum(1 for event in events(log) if isinstance(event, Asked))
