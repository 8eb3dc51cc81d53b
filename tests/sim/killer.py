"""Polls a town in child processes, and kills each with SIGKILL at a random instant (requirements A4, E2).

    python -m sim.killer FOLDER SEED FEEDS DAYS KILLS

The next child goes on at the last instant of the log. After each kill, every acknowledged poll must be in the database.
Prints the result as JSON. It is a process of its own that forks, so that a second of imports is spent only once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

from sim.log import Log, Recorded, events
from sim.loop import JumpingLoop, LoopClock, run
from sim.polling import simulation
from sim.publishers import START, Town, town
from wirekin.store import open_store

POLLS_PER_CHILD = 20  # on average, requirement A4
POLL_BYTES = 620  # of the log per poll: an Asked and a Recorded
LOOK_EVERY = 0.0005  # seconds between looks at the log
TICK = timedelta(minutes=1)


class Killer:
    """Starts children that poll, kills them, and checks that no acknowledged poll is lost."""

    def __init__(self, folder: Path, seed: int, feeds: int, days: float) -> None:
        self._folder = folder
        self._town = town(seed, feeds, days)
        self._days = days
        self._rng = random.Random(seed)
        self._log = folder / "asked.log"
        self._log.touch()
        self._checked = 0  # bytes of the log whose acknowledged polls were checked
        self._headlines: set[str] = set()
        self.kills = 0
        self.lost: list[str] = []

    def run_and_kill(self, kills: int) -> None:
        """Start and kill children until `kills` of them were killed or the days are over."""
        while self.kills < kills:
            child = os.fork()
            if child == 0:
                _poll_in_child(self._town, self._folder, self._log, _last_instant(self._log), self._days, self.kills)
            if not self._kill(child):
                break
            self.kills += 1
            _cut_off_half_line(self._log)
            self._check_acknowledged()
        self._check_headlines()

    def _kill(self, child: int) -> bool:
        """Kill the child after a random number of polls; False where it reached the end of the days first."""
        polls = 1 + self._rng.expovariate(1 / (POLLS_PER_CHILD - 1))
        enough = self._log.stat().st_size + polls * POLL_BYTES
        while self._log.stat().st_size < enough:
            done, status = os.waitpid(child, os.WNOHANG)
            if done:
                assert status == 0, f"a child failed by itself: {status}"
                return False
            time.sleep(LOOK_EVERY)
        time.sleep(self._rng.uniform(0, 0.003))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return True

    def _check_acknowledged(self) -> None:
        store = open_store(str(self._folder / "wirekin.db")).store()
        urls = {feed.id: feed.url for feed in self._town.feeds}
        states = {urls[key]: state for key, state in store.feed_states().items()}
        store.close()
        recorded = [event for event in events(self._log, self._checked) if isinstance(event, Recorded)]
        self._checked = self._log.stat().st_size
        self._headlines.update(*(event.headlines for event in recorded))
        for event in {event.feed: event for event in recorded}.values():  # the last poll of each feed
            state = states[event.feed]
            if str(state.last_polled_at) < event.polled_at:
                self.lost.append(f"the poll of {event.feed} at {event.polled_at}")
            elif str(state.last_polled_at) == event.polled_at and state.etag != event.etag:
                self.lost.append(f"the ETag of {event.feed} at {event.polled_at}")

    def _check_headlines(self) -> None:
        admin = open_store(str(self._folder / "wirekin.db")).admin()
        missing = self._headlines - {str(headline.id) for headline in admin.export()}
        self.lost += [f"headline {key}" for key in sorted(missing)] + list(admin.check())
        admin.close()


def _poll_in_child(of: Town, folder: Path, path: Path, started_at: float, days: float, child_number: int) -> None:
    """Poll in a child until it is killed or the days are over; exits instead of returning."""
    code = 1
    try:
        loop = JumpingLoop()
        clock = LoopClock(loop, START + timedelta(seconds=started_at))
        drawn = random.Random(child_number)

        async def main() -> None:
            async with simulation(of, folder, clock, Log(path), jitter=drawn.random) as it:
                await it.live(START + timedelta(days=days), TICK, drawn)

        run(loop, main())
        code = 0
    finally:
        os._exit(code)


def _last_instant(log: Path) -> float:
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 100_000))
        lines = file.read().splitlines()
    return float(json.loads(lines[-1])[1]) if lines else 0.0


def _cut_off_half_line(log: Path) -> None:
    """Cut off half a line: a kill may cut a write that spans two pages, and such an event was not acknowledged."""
    with log.open("rb+") as file:
        tail_at = file.seek(max(0, log.stat().st_size - 100_000))
        tail = file.read()
        file.truncate(tail_at + tail.rfind(b"\n") + 1)


def main() -> None:
    folder, seed, feeds, days, kills = sys.argv[1:]
    killer = Killer(Path(folder), int(seed), int(feeds), float(days))
    killer.run_and_kill(int(kills))
    last = _last_instant(killer._log)
    sys.stdout.write(json.dumps({"kills": killer.kills, "lost": killer.lost, "days": last / 86_400}) + "\n")


if __name__ == "__main__":
    main()
