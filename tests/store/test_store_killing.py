"""kill -9 at random instants, and concurrent writers: nothing acknowledged is lost, nothing is half written."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import make
import recording_child
from wirekin.store import open_store

KILLS = 1_000 if os.environ.get("WIREKIN_PROOF") else 5  # requirement E2
WRITERS_SECONDS = 60 if os.environ.get("WIREKIN_PROOF") else 1  # requirement E3
CHECKS_EVERY = (
    25 if os.environ.get("WIREKIN_PROOF") else 1
)  # kills between full checks, which take seconds as the database grows
PER_BATCH = len(recording_child.FEEDS) * recording_child.HEADLINES


def start(database: Path, first: int, *more: str) -> subprocess.Popen[str]:
    script = Path(recording_child.__file__)
    env = {**os.environ, "PYTHONPATH": f"{script.parents[1] / 'src'}{os.pathsep}{os.environ['PYTHONPATH']}"}
    command = [sys.executable, str(script), str(database), str(first), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)


def acknowledged_until_killed(child: subprocess.Popen[str], instant: float) -> int | None:
    """The last batch that the child acknowledged before it was killed; None where there was none."""
    with child:
        assert child.stdout
        first = child.stdout.readline()
        time.sleep(instant)
        child.kill()
        lines = [first, *child.stdout.read().split("\n")]
    numbers = [int(line) for line in lines if line.strip()]
    return numbers[-1] if numbers else None


@pytest.mark.slow
@pytest.mark.proof
def test_a_killed_writer_loses_no_acknowledged_batch_and_leaves_no_partial_one(tmp_path: Path) -> None:
    database, rng, following = tmp_path / "w.db", random.Random(2026), 0
    store = open_store(str(database)).store()
    store.sync_feeds(recording_child.FEEDS, make.NOW)
    for kill in range(KILLS):
        said = acknowledged_until_killed(start(database, following), rng.uniform(0, 0.05))

        etags = {state.etag for state in store.feed_states().values()}
        admin = open_store(str(database)).admin()
        headlines = sum(1 for _ in admin.export())
        assert len(etags) == 1, "a batch is half there"
        last = int(etags.pop() or -1)
        assert headlines == (last + 1) * PER_BATCH
        assert said is not None
        assert last in (said, said + 1), "the batch under way may be there, the acknowledged ones must be"
        assert kill % CHECKS_EVERY or admin.check() == ()
        admin.close()
        following = last + 1
    store.close()


@pytest.mark.slow
@pytest.mark.proof
def test_four_concurrent_writers_never_fail_on_a_locked_database(tmp_path: Path) -> None:
    database = tmp_path / "w.db"
    store = open_store(str(database)).store()
    store.sync_feeds(recording_child.FEEDS, make.NOW)

    children = [start(database, n * 1_000_000, str(WRITERS_SECONDS)) for n in range(4)]
    answers = [child.communicate(timeout=WRITERS_SECONDS + 60) for child in children]

    assert [(child.returncode, err) for child, (_, err) in zip(children, answers, strict=True)] == [(0, "")] * 4
    batches = sum(len(out.split()) for out, _ in answers)
    admin = open_store(str(database)).admin()
    assert sum(1 for _ in admin.export()) == batches * PER_BATCH
    assert admin.check() == ()
    admin.close()
    store.close()
