"""Thirty days of five hundred feeds, as their publishers saw them (requirements G9, A1, A4, A7, A8, A10)."""

from __future__ import annotations

import itertools
import os
import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fakes import parse_here
from sim.log import Asked, Log, events
from sim.loop import JumpingLoop, LoopClock, run
from sim.polling import AGENT, simulate, simulation
from sim.publishers import DAY, HOUR, NEVER_ENDS, START, Publication, Spell, Town, town
from sim.score import GRAIN, LINES, Scorecard
from wirekin.model import FeedState, Health
from wirekin.schedule import health
from wirekin.store import open_store

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
FEEDS, DAYS = (500, 30) if PROOF else (40, 4)
TICK = timedelta(minutes=5)  # between turns; with the daemon's five seconds each turn would only have fewer polls
POLLS = 1_000  # requirements A1 and A3
CLEAN = dict.fromkeys(LINES, 0)

ONE = Publication("https://one.example/feed", per_day=0.0)


def scored(of: Town, log: Path) -> Scorecard:
    return Scorecard(of.by_url, AGENT).read(events(log))


def requests_to(log: Path, url: str = "") -> list[Asked]:
    return [event for event in events(log) if isinstance(event, Asked) and event.url.startswith(url)]


def states(folder: Path) -> dict[str, FeedState]:
    store = open_store(str(folder / "wirekin.db")).store()
    found = dict(store.feed_states())
    store.close()
    return found


@pytest.mark.slow
@pytest.mark.proof
def test_polling_many_feeds_for_weeks_commits_no_politeness_offence(tmp_path: Path) -> None:
    everybody = town(2026, FEEDS, DAYS)

    log = simulate(everybody, tmp_path, DAYS, tick=TICK, forced=random.Random(2026))

    card = scored(everybody, log)
    assert card.examples == {}
    assert dict(card.offences) == CLEAN
    assert card.asked > FEEDS * DAYS * 5  # a healthy feed is polled at least 12 times a day
    assert card.recorded > 0.9 * card.asked  # a redirect is two requests, but one recorded poll


def test_a_feed_that_never_changes_is_requested_unconditionally_and_parsed_only_once(tmp_path: Path) -> None:
    parsed: list[str] = []

    async def counting(fetched, feed, now):  # type: ignore[no-untyped-def]  # as parse_here
        parsed.append(feed.url)
        return await parse_here(fetched, feed, now)

    several = [replace(ONE, url=f"https://{n}.example/feed", validators=kind) for n, kind in enumerate(KINDS)]
    log = simulate(Town(tuple(several)), tmp_path, POLLS / 12 / len(KINDS) + 1, tick=TICK, parse=counting)

    card = scored(Town(tuple(several)), log)
    assert card.asked >= POLLS
    assert sorted(parsed) == sorted(publication.url for publication in several)
    conditional = [p.url for p in several if p.validators in {"both", "etag", "date", "shifting"}]
    assert [sum(1 for a in requests_to(log, url) if not _is_conditional(a)) for url in conditional] == [1] * len(
        conditional
    )


KINDS = ("both", "etag", "date", "shifting", "none", "raw")


def _is_conditional(request: Asked) -> bool:
    return bool({"if-none-match", "if-modified-since"} & set(request.headers))


# --- holds, A7 -------------------------------------------------------------------------------------------------

CROWD = 50 if PROOF else 12
HOLDS = {
    "429 without Retry-After": (Spell(DAY, DAY + HOUR, 429), 4 * HOUR),
    "429 with Retry-After of two hours": (Spell(DAY, DAY + HOUR, 429, 2 * HOUR), 2 * HOUR),
    "429 with Retry-After as a date": (
        Spell(DAY, DAY + HOUR, 429, 3 * HOUR, as_date=True),
        3 * HOUR - timedelta(seconds=1),
    ),
    "503 with Retry-After of six hours": (Spell(DAY, DAY + HOUR, 503, 6 * HOUR), 6 * HOUR),
}


@pytest.mark.proof
@pytest.mark.parametrize("name", HOLDS)
def test_a_429_or_503_holds_every_feed_of_its_host_and_no_other_host(name: str, tmp_path: Path) -> None:
    spell, hold = HOLDS[name]
    crowd = [Publication(f"https://crowd.example/{n}", spells=(spell,)) for n in range(CROWD)]
    others = [Publication(f"https://other{n}.example/") for n in range(10)]
    both = Town((*crowd, *others))

    log = simulate(both, tmp_path, 1.5, forced=random.Random(1))

    card = scored(both, log)
    refused = [a for a in requests_to(log, "https://crowd.example/") if a.status == spell.status]
    again = [a for a in requests_to(log, "https://crowd.example/") if a.at > refused[0].at]
    assert dict(card.offences) == CLEAN
    assert len(refused) == 1
    assert again[0].at - refused[0].until >= hold.total_seconds() - GRAIN
    assert {_latest_wait(log, other.url) <= 2.3 * HOUR for other in others} == {True}  # two hours, jitter, a tick


def _latest_wait(log: Path, url: str) -> timedelta:
    instants = [a.at for a in requests_to(log, url)]
    return timedelta(seconds=max(later - sooner for sooner, later in itertools.pairwise(instants)))


# --- failures, A8 ----------------------------------------------------------------------------------------------


def hours_between(log: Path, url: str, status: int) -> list[float]:
    """Hours from each answer with that status to the next request of that URL."""
    requests = requests_to(log, url)
    pairs = itertools.pairwise(requests)
    return [round((later.at - sooner.at) / 3600, 1) for sooner, later in pairs if sooner.status == status]


FAILING = [
    # status -> hours between the requests; the last one repeats
    (500, [0.5, 1, 2, 4, 8, 16, 24, 24]),
    (403, [1, 2, 4, 8, 16, 24, 24]),
    (404, [4, 8, 16, 24, 24]),
]


@pytest.mark.parametrize(("status", "expected"), FAILING)
def test_the_delay_of_a_failing_feed_doubles_to_a_day_then_a_week_until_it_succeeds(
    status: int, expected: list[float], tmp_path: Path
) -> None:
    failing = replace(ONE, url="https://sick.example/feed", spells=(Spell(HOUR, 40 * DAY, status),))

    log = simulate(Town((failing,)), tmp_path, 48, tick=timedelta(minutes=1), jitter=lambda: 0.0)

    waits = hours_between(log, failing.url, status)
    assert waits[: len(expected)] == pytest.approx(expected, abs=0.1)
    assert set(waits[len(expected) : 10]) == {24.0}
    assert waits[-2:] == [168.0, 168.0]
    assert next(a.status for a in requests_to(log, failing.url) if a.at > 40 * DAY.total_seconds()) in {200, 304}
    ((_, after),) = states(tmp_path).items()
    assert (after.failures, after.reason, after.failing_since) == (0, None, None)


def test_a_feed_that_has_failed_for_weeks_is_shown_as_dead(tmp_path: Path) -> None:
    failing = replace(ONE, spells=(Spell(HOUR, NEVER_ENDS, 0),))

    simulate(Town((failing,)), tmp_path, 20, tick=TICK)

    ((_, after),) = states(tmp_path).items()
    assert health(after, START + 20 * DAY) is Health.DEAD


def test_a_feed_that_answers_410_on_three_days_is_not_polled_again(tmp_path: Path) -> None:
    gone = replace(ONE, spells=(Spell(HOUR, NEVER_ENDS, 410),))

    log = simulate(Town((gone,)), tmp_path, 300, tick=TICK)

    refused = [timedelta(seconds=a.at) for a in requests_to(log) if a.status == 410]
    ((_, after),) = states(tmp_path).items()
    assert len(refused) == 3
    assert len({(START + at).date() for at in refused}) == 3
    assert health(after, START + 300 * DAY) is Health.GONE


def test_a_feed_that_was_gone_is_polled_again_after_a_successful_forced_poll(tmp_path: Path) -> None:
    gone = replace(ONE, spells=(Spell(HOUR, 10 * DAY, 410),))
    loop, log = JumpingLoop(), Log(tmp_path / "asked.log")
    clock = LoopClock(loop, START)

    async def main() -> None:
        async with simulation(Town((gone,)), tmp_path, clock, log) as it:
            await it.live(START + 60 * DAY, TICK)
            await it.force(gone.feed.id)
            await it.live(START + 61 * DAY, TICK)

    run(loop, main())
    log.close()
    last_days = [a for a in requests_to(log.path) if a.at > 10 * DAY.total_seconds()]
    assert [a.manual for a in last_days[:2]] == [True, False]
    assert last_days[0].at >= 60 * DAY.total_seconds()
    assert len(last_days) > 10


# --- a clock that goes back, E10 ------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [HOUR, DAY])
def test_a_clock_that_goes_back_keeps_minimum_intervals_and_delays_polls_by_one_at_most(
    back: timedelta, tmp_path: Path
) -> None:
    several = Town(tuple(Publication(f"https://{n % 6}.example/{n}", validators=KINDS[n % 6]) for n in range(24)))

    def jumping(now: datetime) -> datetime:
        return now - back if now > START + DAY else now

    log = simulate(several, tmp_path, 3, tick=TICK, wrong=jumping)

    assert dict(scored(several, log).offences) == CLEAN
    assert max(_latest_wait(log, publication.url) for publication in several.publications) < 2 * 2.3 * HOUR
