"""Receives and records pushes until it is killed; prints the number of each push once it is acknowledged.

    pushing_child.py DATABASE TOKEN FIRST

It does the web's and the daemon's part: it receives each push, and before every third it digests and records those that
wait. So few wait that none is dropped as a flood.
"""

from __future__ import annotations

import asyncio
import sys
from itertools import count

import make
from commands import rss
from wirekin._turns import turn_by_turn
from wirekin.digest import Rules, digesting_push, keys_to_look_up
from wirekin.model import Parsed, Push, PushOutcome
from wirekin.parse import parse_document
from wirekin.publishers import Directory
from wirekin.store import Store, open_store
from wirekin.topics import compile_rules

RULES = Rules(compile_rules([]), Directory())


def title(n: int) -> str:
    return f"Report number {n} of the strait"


def document(n: int) -> bytes:
    return rss("Herald", "http://herald.example", (title(n), f"http://herald.example/{n}", ""))


def outcome(store: Store, push: Push) -> PushOutcome:
    parsed = parse_document(push.body, url=push.feed.url, now=make.NOW)
    assert isinstance(parsed, Parsed)
    sighted = store.sighted(push.feed.id, *keys_to_look_up(parsed.entries))
    return asyncio.run(turn_by_turn(digesting_push(push, parsed, sighted, RULES, make.NOW)))


def main() -> None:
    backend = open_store(sys.argv[1])
    store, face = backend.store(), backend.subscriptions()
    first = int(sys.argv[3])
    for n in count(first):
        if (n - first) % 3 == 0:
            face.record_pushes([outcome(store, push) for push in face.pushes(10)], make.NOW)
        if face.receive(sys.argv[2], document(n), "application/rss+xml", make.NOW):
            sys.stdout.write(f"{n}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
