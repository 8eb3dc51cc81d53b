"""kill -9 at random instants while another process regroups, checked against a log of what it had acknowledged."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import grouping_child
import make
from grouping_child import corrections_of, events, story_ids
from wirekin.grouping import Grouper
from wirekin.model import HeadlineId, StoryId
from wirekin.store import Backend
from wirekin.store.threads import StoreThread

KILLS = 200 if os.environ.get("WIREKIN_PROOF") else 4
LIFE = 1.0  # seconds that a child lives at most after its first line; a regrouping takes it 0.1 or more
HOURS = 6  # between children: the window has twenty of them
UNDISTURBED = 10  # kills between two regroupings that are left to finish

pytestmark = [pytest.mark.slow, pytest.mark.proof]


@dataclass
class Log:
    """All that children ever acknowledged."""

    rounds: dict[int, float] = field(default_factory=dict)  # number -> hours
    stored: set[HeadlineId] = field(default_factory=set)
    corrected: set[tuple[HeadlineId, HeadlineId, bool]] = field(default_factory=set)
    story_ids: dict[HeadlineId, StoryId] = field(default_factory=dict)
    cut_short: int = 0  # kills during a regrouping

    def take(self, lines: list[dict[str, Any]], hours: float) -> int:
        """Add a child's lines; returns the number of the next round."""
        for line in lines:
            self.rounds[line["round"]] = hours
            self.stored.update(line.get("stored", ()))
            self.corrected.update((a, b, must) for a, b, must in line.get("corrected", ()))
            self.story_ids.update(line.get("story_ids", {}))
        self.cut_short += "corrected" in lines[-1]
        return int(lines[-1]["round"]) + 2  # part of the next round may be stored without being printed


def killed(database: Path, first: int, hours: float, instant: float) -> list[dict[str, Any]]:
    """The lines of a child that is killed `instant` seconds after its first one."""
    script = Path(grouping_child.__file__)
    env = {**os.environ, "PYTHONPATH": str(script.parents[1] / "src")}
    command = [sys.executable, str(script), str(database), str(first), str(hours)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout
        printed = [child.stdout.readline()]
        time.sleep(instant)
        child.kill()
        printed += child.stdout.read().splitlines()
    return [json.loads(line) for line in printed if line.endswith(("}", "}\n"))]


def assert_kept(backend: Backend, log: Log) -> None:
    """Assert that nothing in the log is lost: headlines, corrections, headlines' stories and stories' aliases."""
    store, admin, reader = backend.store(), backend.admin(), backend.reader()
    assert admin.check() == ()
    assert log.stored <= {headline.id for headline in admin.export()}
    assert log.corrected <= {(c.a, c.b, c.must) for c in store.corrections()}
    assert [story for story in set(log.story_ids.values()) if reader.story(story) is None] == []
    assert story_ids(backend, list(log.story_ids)) == log.story_ids
    for face in (store, admin, reader):
        face.close()


async def assert_grouped(backend: Backend, log: Log, following: int, hours: float) -> None:
    """Regroup undisturbed; assert that every event is one story, except as corrected, and note the stories."""
    grouping_child.store_round(backend, following, hours)  # its new headline makes the grouper regroup
    store = StoreThread(backend)
    await Grouper(store, grouping_child.WINDOW, lone=True).group(make.at(hours=hours + 3))
    await store.close()
    while log.rounds:
        number, hours = log.rounds.popitem()
        pairs = events(number, hours)
        story = story_ids(backend, [headline.id for pair in pairs for headline in pair])
        apart, one, other, plain = ([story[headline.id] for headline in pair] for pair in pairs)
        corrected = [(c.a, c.b, c.must) in log.corrected for c in corrections_of(pairs)]
        assert None not in story.values()
        assert len(set(apart)) == 2 or not corrected[0]
        assert len({*one, *other}) == 1 or not corrected[1]
        assert len(set(plain)) == 1
        log.story_ids.update({key: name for key, name in story.items() if name})


async def test_a_killed_regrouping_loses_no_headline_no_correction_and_no_story_id(
    tmp_path: Path, tell: Callable[[str], None]
) -> None:
    database, rng, log, following = tmp_path / "w.db", random.Random(2026), Log(), 0
    backend = grouping_child.opened(database)
    for kill in range(KILLS):
        hours = kill * HOURS
        following = log.take(killed(database, following, hours, rng.uniform(0, LIFE)), hours)
        assert_kept(backend, log)
        if (kill + 1) % UNDISTURBED == 0 or kill + 1 == KILLS:
            await assert_grouped(backend, log, following, hours)
            following += 1

    assert_kept(backend, log)
    tell(
        f"{KILLS} kill -9, {log.cut_short} of them in a grouping: {len(log.stored)} headlines, {len(log.corrected)} corrections "
        f"and {len(set(log.story_ids.values()))} stories acknowledged, all of them there"
    )
