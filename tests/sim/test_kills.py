"""kill -9 about every twenty polls, for two weeks: minimum intervals are kept, no acknowledged poll is lost (A4)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim import killer
from sim.log import events
from sim.polling import AGENT
from sim.publishers import town
from sim.score import LINES, Scorecard

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
FEEDS, DAYS, KILLS = (500, 14, 100_000) if PROOF else (60, 3, 12)
SEED = 2026
ROOT = Path(killer.__file__).parents[2]


@pytest.mark.slow
@pytest.mark.proof
def test_a_killed_daemon_keeps_minimum_intervals_and_loses_no_acknowledged_poll(tmp_path: Path) -> None:
    words = [tmp_path, SEED, FEEDS, DAYS, KILLS]
    path = os.pathsep.join(map(str, (ROOT / "src", ROOT / "tests")))

    ran = subprocess.run(
        [sys.executable, "-m", "sim.killer", *map(str, words)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    reported = json.loads(ran.stdout)
    everybody = town(SEED, FEEDS, DAYS)
    card = Scorecard(everybody.by_url, AGENT).read(events(tmp_path / "asked.log"))
    assert reported["lost"] == []
    assert card.examples == {}
    assert dict(card.offences) == dict.fromkeys(LINES, 0)
    assert reported["days"] > DAYS - 0.1 or reported["kills"] == KILLS
    assert card.recorded > reported["kills"]
