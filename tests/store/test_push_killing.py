"""kill -9 at random instants while pushes are received and read: acknowledged ones are kept, none is half written."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import make
import polls
import pushing_child
from wirekin.model import Hub
from wirekin.store import Backend, open_store

KILLS = 300 if os.environ.get("WIREKIN_PROOF") else 5
TOPIC = "https://example.com/rss.xml"


def subscribed(database: Path) -> tuple[Backend, str]:
    """A database with an active subscription, and the subscription's token."""
    backend = open_store(str(database))
    store, face = backend.store(), backend.subscriptions()
    store.sync_feeds([make.feed()], make.NOW)
    hub = Hub("https://hub.example/", TOPIC)
    store.record_polls([replace(polls.outcome(make.feed()), announced=(hub,))], make.NOW)
    (request,) = face.claim_requests(
        make.NOW, base="https://us.example", limit=1, draw=iter(["token", "secret"]).__next__
    )
    face.confirm(request.token, "subscribe", TOPIC, timedelta(days=10), make.NOW)
    store.close()
    face.close()
    return backend, request.token


def acknowledged(database: Path, token: str, first: int, instant: float) -> list[int]:
    """The pushes acknowledged by a child that is killed `instant` seconds after its first one."""
    script = Path(pushing_child.__file__)
    env = {**os.environ, "PYTHONPATH": str(script.parents[1] / "src")}
    command = [sys.executable, str(script), str(database), token, str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout
        said = [child.stdout.readline()]
        time.sleep(instant)
        child.kill()
        said += child.stdout.read().split("\n")
    return [int(line) for line in said if line.strip()]


@pytest.mark.slow
@pytest.mark.proof
def test_after_kill_9_every_acknowledged_push_is_either_waiting_or_recorded(tmp_path: Path) -> None:
    database, rng, following, told = tmp_path / "w.db", random.Random(2026), 0, set[int]()
    backend, token = subscribed(database)
    for _ in range(KILLS):
        numbers = acknowledged(database, token, following, rng.uniform(0, 0.05))
        told.update(numbers)
        following = max(numbers) + 2  # the next one may have been received without being printed

        face, admin = backend.subscriptions(), backend.admin()
        waiting = {push.body for push in face.pushes(1_000)}
        recorded = {headline.title for headline in admin.export()}
        face.close()
        assert admin.check() == ()
        admin.close()
        both_or_neither = [
            n for n in told if (pushing_child.document(n) in waiting) == (pushing_child.title(n) in recorded)
        ]
        assert both_or_neither == []

    assert len(told) >= KILLS
