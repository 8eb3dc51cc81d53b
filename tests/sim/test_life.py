"""Random lives of one feed: the real poller against a reference scheduler of some fifty lines (requirement G2).

The reference is written from the requirements A1 to A8 only. After each step both must agree on the next poll, the
hold, the health and the validators. Jitter is zero; the interval is the default of half an hour.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import make
from commands import rss
from fakes import Clock, parse_here
from sim.loop import JumpingLoop
from sim.polling import RULES, HereStore, Ungrouped
from wirekin.model import Fetched, FetchFailed, FetchRequest, FetchResult, HttpHints, NotModified, Reason
from wirekin.refresh import Poller
from wirekin.schedule import health
from wirekin.store import open_store

LIVES, STEPS = (1_000, 80) if os.environ.get("WIREKIN_PROOF") else (40, 40)  # 2.5 s of CPU
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FLOOR, EVERY = 5 * MINUTE, 30 * MINUTE
LISTED = 10  # entries in a document
NEVER = 36_525 * DAY
AGES = st.sampled_from([timedelta(), HOUR, 30 * DAY])  # max-age
MANUAL = st.booleans()
TIMES = st.sampled_from([1, 1, 2, 4, 9])  # repetitions in a row, which single random steps would hardly ever make

# The back-off of each failure: the base wait, and how often it is already doubled at the first failure.
KINDS = {
    Reason.TIMEOUT: (EVERY, 0), Reason.SERVER_ERROR: (EVERY, 0), Reason.RATE_LIMITED: (EVERY, 0),
    Reason.UNAVAILABLE: (EVERY, 0), Reason.DENIED: (EVERY, 1), Reason.NOT_A_FEED: (EVERY, 1),
    Reason.NOT_FOUND: (4 * HOUR, 0), Reason.GONE: (DAY, 0),
}  # fmt: skip
OWN_HOLDS = {Reason.RATE_LIMITED: 4 * HOUR, Reason.UNAVAILABLE: HOUR}


@dataclass
class Reference:
    """The reference scheduler, from A1 to A8; instants are counted from NOW."""

    due: timedelta = timedelta()
    hold: timedelta = timedelta()
    interval: timedelta = EVERY
    ok_at: timedelta | None = None
    ever_polled: bool = False
    failing_since: timedelta | None = None
    failures: int = 0
    gone_on: list[int] = field(default_factory=list)  # days
    polled_on: int = -1  # the day of the last poll
    ttl: timedelta = timedelta()
    etag: str | None = None
    entries: frozenset[int] = frozenset()
    brought_at: timedelta | None = None  # when the last new headline came

    def may_be_asked(self, now: timedelta, *, manual: bool) -> bool:
        return now >= self.hold and (manual or now >= self.due)

    def claimed(self, now: timedelta) -> None:
        self.due = max(self.due, now + 10 * MINUTE)

    def answered(self, now: timedelta, share: float | None, max_age: timedelta) -> None:
        gap = None if self.ok_at is None else now - self.ok_at
        if share is not None and gap is not None:
            if share <= 0.1 and gap >= self.interval / 2:
                self.interval = self.interval * 5 / 4
            elif share == 1 and gap <= self.interval * 2:
                self.interval /= 2
            elif 0.1 < share < 1 and self.interval > EVERY:
                self.interval = (self.interval + EVERY) / 2
            self.interval = min(max(self.interval, FLOOR), 4 * EVERY)
        self.due = now + max(self.interval, min(self.ttl, DAY), min(max_age, DAY))
        self.hold, self.ok_at, self.failing_since, self.failures, self.gone_on = timedelta(), now, None, 0, []
        self._polled(now)

    def failed(self, now: timedelta, reason: Reason, retry_after: timedelta | None) -> None:
        first, doubled = KINDS[reason]
        wait = min(first * 2 ** min(self.failures + doubled, 10), DAY)
        asked = min(retry_after, 7 * DAY) if retry_after else OWN_HOLDS.get(reason, timedelta())
        hold = max(asked, FLOOR) if asked else asked
        self.failures += 1
        self.failing_since = now if self.failing_since is None else self.failing_since
        today = _day(now)
        if reason is Reason.GONE and (not self.gone_on or self.polled_on != today):
            self.gone_on.append(today)
        dead = now - self.failing_since >= 14 * DAY
        self.due = now + (NEVER if len(self.gone_on) >= 3 else max(wait, hold, 7 * DAY if dead else wait))
        self.hold = now + hold if hold else timedelta()
        self._polled(now)

    def _polled(self, now: timedelta) -> None:
        self.ever_polled, self.polled_on = True, _day(now)

    def health(self, now: timedelta) -> str:
        if not self.ever_polled:
            return "new"
        if len(self.gone_on) >= 3:
            return "gone"
        if self.failing_since is not None:
            return "dead" if now - self.failing_since >= 14 * DAY else "failing"
        if self.brought_at is None:
            return "empty"
        return "stale" if now - self.brought_at >= 14 * DAY else "ok"


def _day(now: timedelta) -> int:
    return (make.NOW + now).toordinal()


class OneFeedsLife(RuleBasedStateMachine):
    """The rules are the events of a feed's life; after each, the poller and the reference must be in the same state."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._feed = make.feed()
        self._clock = Clock()
        self._expected = Reference()
        self._newest = LISTED
        self._next: FetchResult | None = None
        self._asked: list[FetchRequest] = []
        self._loop = JumpingLoop()
        self._open()

    @initialize()
    def configure(self) -> None:
        self._sync()

    def _open(self) -> None:
        self._store = HereStore(open_store(str(Path(self._folder.name) / "w.db")))
        self._run(self._store.call(lambda it: it._conn.execute("pragma synchronous = off")))  # as in sim.polling

    def _sync(self) -> None:
        self._run(self._store.call(lambda store: store.sync_feeds([self._feed], self._clock())))

    def _run(self, main):  # type: ignore[no-untyped-def]  # a coroutine and its result
        return self._loop.run_until_complete(main)

    @property
    def _now(self) -> timedelta:
        return self._clock() - make.NOW

    async def _fetch_many(self, requests: Iterable[FetchRequest]) -> AsyncGenerator[FetchResult, None]:
        for request in requests:
            self._asked.append(request)
            assert self._next
            yield self._next

    def _turn(self, result: FetchResult, *, manual: bool) -> bool:
        """Run a turn with this answer; returns whether the poller asked, which must be as the reference says."""
        self._next, self._asked = result, []
        feeds = {self._feed.id: self._feed}
        poller = Poller(self._store, self._fetch_many, parse_here, Ungrouped(), RULES, feeds, self._clock, lambda: 0.0)
        may = self._expected.may_be_asked(self._now, manual=manual)
        self._run(poller.turn(manual=manual))
        assert len(self._asked) == may
        if may:
            assert self._asked[0].etag == self._expected.etag  # the validator known at the request
        return may

    # --- events ---

    @rule(minutes=st.integers(1, 90) | st.sampled_from([4 * 60, 24 * 60, 8 * 24 * 60, 20 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self._clock.move(minutes * MINUTE)

    @rule()
    def it_falls_due(self) -> None:
        self._wait(True)

    def _wait(self, promptly: bool) -> None:
        """With `promptly`, move the clock to the next due time, if there is one within 100 days."""
        if promptly and self._now < self._expected.due < 100 * DAY + self._now:
            self._clock.now = make.NOW + self._expected.due

    @rule(
        new=st.integers(0, LISTED + 3),
        ttl=st.sampled_from([0, 60, 3 * 24 * 60]),
        age=AGES,
        promptly=st.booleans(),
        manual=MANUAL,
        times=TIMES,
    )
    def documents_come(self, new: int, ttl: int, age: timedelta, promptly: bool, manual: bool, times: int) -> None:
        for _ in range(times):
            self._wait(promptly)
            self._document_comes(new, ttl, age, manual)
            self._checked()

    def _document_comes(self, new: int, ttl: int, age: timedelta, manual: bool) -> None:
        self._newest += new
        listed = frozenset(range(self._newest - LISTED, self._newest))
        hint = f"<ttl>{ttl}</ttl>" if ttl else ""
        body = rss("Site", f"https://example.com/</link>{hint}<link>", *map(_item, sorted(listed, reverse=True)))
        etag = f'"{self._newest}/{ttl}"'
        hints = HttpHints(max_age=age)
        expected = self._expected
        unchanged = expected.etag == etag
        if not self._turn(Fetched(self._feed.id, self._feed.url, body, etag, etag=etag, hints=hints), manual=manual):
            return
        share = len(listed - expected.entries) / LISTED if expected.entries else None
        if not unchanged:
            expected.ttl = ttl * MINUTE
        expected.etag, expected.entries = etag, expected.entries | listed
        expected.answered(self._now, 0.0 if unchanged else share, age)
        if share is None or share:
            expected.brought_at = self._now

    @rule(age=AGES, promptly=st.booleans(), manual=MANUAL, times=TIMES)
    def it_says_not_modified(self, age: timedelta, promptly: bool, manual: bool, times: int) -> None:
        not_modified = NotModified(self._feed.id, hints=HttpHints(max_age=age))
        for _ in range(times if self._expected.etag else 0):
            self._wait(promptly)
            if self._turn(not_modified, manual=manual):
                self._expected.answered(self._now, 0.0, age)
            self._checked()

    @rule(manual=MANUAL)
    def garbage_comes(self, manual: bool) -> None:
        garbage = Fetched(self._feed.id, self._feed.url, b"\x00\x01 nothing", "garbage", etag='"garbage"')
        if self._turn(garbage, manual=manual):
            self._expected.failed(self._now, Reason.NOT_A_FEED, None)

    @rule(
        reason=st.sampled_from([reason for reason in KINDS if reason is not Reason.NOT_A_FEED]),
        retry_after=st.none() | st.sampled_from([MINUTE, 2 * HOUR, 30 * DAY]),
        promptly=st.booleans(),
        manual=MANUAL,
        times=TIMES,
    )
    def it_fails(self, reason: Reason, retry_after: timedelta | None, promptly: bool, manual: bool, times: int) -> None:
        failure = FetchFailed(self._feed.id, reason, hints=HttpHints(retry_after=retry_after))
        for _ in range(times):
            self._wait(promptly)
            if self._turn(failure, manual=manual):
                self._expected.failed(self._now, reason, retry_after)
            self._checked()

    @rule(manual=MANUAL)
    def the_process_dies_between_claim_and_answer(self, manual: bool) -> None:
        claims = self._run(self._store.call(lambda store: store.claim_due(self._clock(), limit=9, manual=manual)))
        assert len(claims) == self._expected.may_be_asked(self._now, manual=manual)
        if claims:
            self._expected.claimed(self._now)
        self._reopen()
        self._clock.move(MINUTE)  # until the lease of the host's slot ends

    @rule()
    def the_process_starts_again(self) -> None:
        self._reopen()

    def _reopen(self) -> None:
        self._run(self._store.close())
        self._open()

    @rule()
    def its_rules_change(self) -> None:
        self._feed = replace(self._feed, rules_hash=self._feed.rules_hash + "x")
        self._sync()
        self._expected.etag = None

    # --- checks ---

    @invariant()
    def both_say_the_same(self) -> None:
        states = self._run(self._store.call(lambda store: store.feed_states()))
        state = states[self._feed.id]
        expected = self._expected
        holds = state.hold_until is not None and state.hold_until > self._clock()
        assert state.next_poll_at == make.NOW + expected.due
        assert (state.hold_until if holds else None) == _instant(expected.hold, self._now)
        assert health(state, self._clock()).value == expected.health(self._now)
        known = state.etag if state.rules_hash == self._feed.rules_hash else None
        assert known == expected.etag

    @invariant()
    def hosts_are_free_a_second_after(self) -> None:
        self._clock.move(timedelta(seconds=1))

    def _checked(self) -> None:
        """Run the invariants within a rule, as Hypothesis does after one."""
        self.both_say_the_same()
        self.hosts_are_free_a_second_after()

    def teardown(self) -> None:
        self._run(self._store.close())
        self._loop.close()
        self._folder.cleanup()


def _instant(hold: timedelta, now: timedelta) -> datetime | None:
    return make.NOW + hold if hold > now else None


def _item(number: int) -> tuple[str, str, str]:
    return f"Entry number {number}", f"https://example.com/{number}", ""


TestOneFeedsLife = OneFeedsLife.TestCase
TestOneFeedsLife.settings = settings(max_examples=LIVES, stateful_step_count=STEPS, deadline=None)
