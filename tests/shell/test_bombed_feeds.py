"""Documents that crash, hang or bloat the parser, among good ones: every good one is stored (requirements C4, C5)."""

from __future__ import annotations

import asyncio
import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import make
import poison
from commands import rss
from fakes import Web, World
from mutants import mutants
from wirekin.model import Feed, Fetched, ParseResult, Reason
from wirekin.workers import Parsers

FEEDS, BOMBS = (1_000, 100) if os.environ.get("WIREKIN_PROOF") else (30, 4)
SPOILED = 2_000 if os.environ.get("WIREKIN_PROOF") else 60
KILLING = [b"segfault", b"hang", b"memory", b"exit"]  # bodies that poison.read obeys

pytestmark = [pytest.mark.slow, pytest.mark.proof]


def feed(number: int) -> Feed:
    host = f"f{number}.example"
    return make.feed(f"https://{host}/rss", host=host, name=host)


def good(number: int) -> bytes:
    """A feed with one headline of its own; its unclosed "<b>" sends it to the workers, where the bombs go off."""
    link = f"https://f{number}.example/{number}"
    return rss(f"Daily <b>{number}", link, (f"Ship number {number} is seized in the strait", link, "A ship."))


async def stored(world: World) -> set[str]:
    """The links of all headlines that the store has."""
    admin = world.backend.admin()
    rows = await asyncio.to_thread(lambda: [headline.link for headline in admin.export()])
    admin.close()
    return set(rows)


async def test_documents_that_kill_their_parser_do_not_affect_good_feeds(tmp_path: Path) -> None:
    drawn = random.Random(5)
    bombs = {
        number: KILLING[place % len(KILLING)] + b" " * place
        for place, number in enumerate(drawn.sample(range(FEEDS), BOMBS))
    }
    web = Web({feed(n).url: bombs.get(n) or good(n) for n in range(FEEDS)})
    world = World(tmp_path, [feed(n) for n in range(FEEDS)], web)
    async with Parsers(2, timeout_seconds=0.5, read=poison.read) as parsers, world as poller:

        async def parse(fetched: Fetched, polled: Feed, now: datetime) -> ParseResult:
            return await parsers.parse(fetched.body, url=fetched.url, kind=polled.kind, now=now)

        poller.parse = parse
        report = await poller.turn()
        world.clock.move(timedelta(days=2))
        again = await poller.turn()

        reasons = {failure.feed.name: failure.reason for failure in report.failures}
        kept = await stored(world)
        assert (report.polled, again.polled) == (FEEDS, FEEDS)

    assert kept == {f"https://f{n}.example/{n}" for n in range(FEEDS) if n not in bombs}
    assert set(reasons) == {f"f{n}.example" for n in bombs}
    assert set(reasons.values()) == {Reason.PARSE_TIMEOUT, Reason.PARSE_CRASHED}
    assert again.headlines_new == 0


async def test_mutated_documents_fail_with_a_reason_and_do_not_affect_good_feeds(tmp_path: Path) -> None:
    # parsed in this process: an exception would end the turn, and with it the polls of all other feeds
    bodies = {feed(n).url: body for n, body in enumerate(mutants(SPOILED, seed=4))}
    goods = range(SPOILED, SPOILED + 20)
    bodies |= {feed(n).url: good(n) for n in goods}
    world = World(tmp_path, [feed(n) for n in range(SPOILED + 20)], Web(bodies))
    async with world as poller:
        report = await poller.turn()
        kept = await stored(world)

    assert report.polled == SPOILED + 20
    assert {f"https://f{n}.example/{n}" for n in goods} <= kept
    assert {failure.reason for failure in report.failures} <= set(Reason) - {Reason.PARSE_CRASHED, Reason.PARSE_TIMEOUT}
