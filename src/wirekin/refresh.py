"""The order of things: one turn polls all that is due, then groups what came.

::

    due = the feeds that are due now
    while due or anything is under way:
        claim_due          one transaction; moves next_poll_at and takes the hosts' slots
        fetch_many         results as they finish
        parse              unless not modified or unchanged
        sighted, digest    what this poll changes
        record_polls       one transaction for all that finished meanwhile
    details                article pages, a bounded number, for what headlines lack (articles.py)
    group                  in slices: ungrouped -> assign -> save_assignments

Nothing here knows news, HTTP or SQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from wirekin import _metrics, canary, stories
from wirekin._log import fields, logger
from wirekin.digest import Rules, digest, is_unchanged, keys_of
from wirekin.model import (
    Claim,
    Clock,
    Feed,
    FeedId,
    Fetched,
    FetchFailed,
    FetchMany,
    FetchRequest,
    FetchResult,
    Headline,
    Parsed,
    ParseResult,
    PollOutcome,
    PollStatus,
    Reason,
    Semantic,
    Sighting,
)
from wirekin.store import Correction, Grouped, Store
from wirekin.store._thread import StoreThread

log = logger(__name__)

IN_FLIGHT = 64  # exchanges at once in all (requirement A11)
CLAIM_AHEAD = 32  # claim more as soon as so many places are free: one transaction for many claims
RECORD_AT_ONCE = 64  # outcomes in one transaction where so many come in time: a commit costs as much as ten outcomes
RECORD_WITHIN = timedelta(milliseconds=100)  # and the first of them waits no longer than this for the others
GROUP_SLICE = (
    200  # headlines assigned in one transaction: about 0.1 s of CPU, short enough for the web to answer between
)
LATE = timedelta(days=1)  # headlines that happened longer ago are grouped among those of their time
SPARED_FROM = 1_000  # headlines in the window from which the cycle collector is kept away from it
HOST_WAIT = timedelta(seconds=90)  # how long a turn waits for a host's slot before it leaves the feed to the next turn
# Of that wait, how long until it looks again: another process gives a host back long before its lease of a minute ends.
HOST_LOOK = timedelta(seconds=2)
UNREACHABLE = frozenset(
    {
        Reason.BAD_URL,
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.TIMEOUT,
        Reason.PROTOCOL,
        Reason.FORBIDDEN_ADDRESS,
    }
)


class Parser(Protocol):
    """`workers.Parsers.parse`, or a fake."""

    def __call__(self, fetched: Fetched, feed: Feed, now: datetime) -> Awaitable[ParseResult]:
        """Parse a body in a process that may die."""
        ...


class Details(Protocol):
    """`articles.Articles.ask`, or a fake."""

    def __call__(self, feeds: Collection[Feed], stopping: asyncio.Event) -> Awaitable[None]:
        """Ask article pages for what headlines of these feeds lack; raises nothing."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """A feed that failed in a turn."""

    feed: Feed
    reason: Reason
    detail: str
    next_poll_at: datetime


@dataclass(slots=True)
class TurnReport:
    """What one turn did; counts, and the failures with their next try."""

    feeds: int = 0
    due: int = 0
    polled: int = 0
    not_modified: int = 0
    unchanged: int = 0
    failed: int = 0
    headlines_seen: int = 0
    headlines_new: int = 0
    stories_new: int = 0
    took: timedelta = timedelta()
    failures: list[Failure] = field(default_factory=list)

    @property
    def unreachable(self) -> bool:
        """Whether feeds were polled and not one could be reached."""
        return self.polled > 0 and all(f.reason in UNREACHABLE for f in self.failures) and self.failed == self.polled

    def count(self, feed: Feed, outcome: PollOutcome) -> None:
        """Add one outcome."""
        self.polled += 1
        self.headlines_seen += sum(1 for s in outcome.sightings if s.headline_id)
        match outcome.status:
            case PollStatus.NOT_MODIFIED:
                self.not_modified += 1
            case PollStatus.UNCHANGED:
                self.unchanged += 1
            case PollStatus.FAILED:
                self.failed += 1
                reason = outcome.state.reason or Reason.PROTOCOL
                self.failures.append(Failure(feed, reason, outcome.state.detail, outcome.state.next_poll_at))
            case PollStatus.OK:
                pass


def _freeze() -> None:
    """Keep all that lives now out of Python's cycle collector, but for the cycles that are garbage already."""
    gc.collect()
    gc.freeze()


class _Stretch:
    """The stories of a stretch of time in memory, brought up to date from the store."""

    def __init__(self, span: timedelta, *, semantic: Semantic) -> None:
        self.window = stories.Window(span, semantic=semantic)
        self.saved = -1  # the change sequence of our own last slice: the window has it already
        self._span = span
        self._since: datetime | None = None
        self._until: datetime | None = None
        self._sequence = 0

    def reach(self, store: Store, since: datetime, until: datetime | None = None) -> None:
        """Load what others assigned since the last time; all of it the first time, and where it begins earlier."""
        if self._since is None or since < self._since:
            self.window, self._sequence = stories.Window(self._span, semantic=self.window.meanings.semantic), 0
            self._load(store.window(since, until=until))
        else:
            self._load(store.window(since, until=self._until, after=self._sequence))
            if self._until and until and until > self._until:
                self._load(store.window(max(self._until, since), until=until))
        self._since, self._until = since, until
        self.window.forget(since)

    def _load(self, rows: Iterable[Grouped]) -> None:
        for row in rows:
            if row.assignment and row.sequence != self.saved:
                self.window.add(row.headline, row.assignment)
            self._sequence = max(self._sequence, row.sequence)


class Grouper:
    """Brings headlines into stories: one at a time over processes, with the open window in memory.

    Headlines that are told late (an import of last month's news, a feed that dates its items back) are grouped aside,
    among those of their own time: else one old date would bring the whole past into memory, turn after turn.
    """

    def __init__(self, store: StoreThread, span: timedelta, *, semantic: Semantic = False) -> None:
        self._store = store
        self._span = span
        self._semantic = semantic
        self._at_once = GROUP_SLICE // 8 if semantic == "multilingual" else GROUP_SLICE  # its encoder reads 70 a second
        self._open = _Stretch(span, semantic=semantic)
        self._past: _Stretch | None = None  # kept from one late slice to the next
        self._spared = SPARED_FROM // 2  # headlines in the window when the collector was last told
        self._said: tuple[Correction, ...] = ()  # the corrections replayed so far: a new one is work without headlines

    async def group(self, now: datetime, progress: Callable[[int], None] = lambda _: None) -> int:
        """Assign all that has no story; returns how many stories were opened."""
        opened = 0
        while (done := await self._store.call(lambda store: self._slice(store, now))) is not None:
            opened += done[1]
            progress(done[0])
        self._past = None
        self._spare_the_collector()
        return opened

    def _spare_the_collector(self) -> None:
        """Keep the window out of Python's cycle collector: it holds no cycles, and a pass over it stops everything.

        With 9,000 headlines in the window a full pass takes 0.3 s (bench/poll.py, 2026-11), during which neither the
        web answers nor a feed is polled. Done anew when the window has doubled.
        """
        if len(self._open.window) >= 2 * self._spared:
            _freeze()
            self._spared = max(len(self._open.window), SPARED_FROM)

    def _slice(self, store: Store, now: datetime) -> tuple[int, int] | None:
        """One slice on the store's thread: (headlines assigned, stories opened); None when there is nothing to do."""
        with store.exclusively("group") as mine:
            if not mine:
                return None
            fresh, said = store.ungrouped(self._at_once), store.corrections()
            if not fresh and said == self._said:
                return None
            fresh, stretch = self._placed(store, fresh, now - LATE)
            must = [(c.a, c.b) for c in said if c.must]
            cannot = [(c.a, c.b) for c in said if not c.must]
            assignments = stories.assign(stretch.window, fresh, must=must, cannot=cannot)
            stretch.saved = store.save_assignments(assignments, now)
            if stretch is self._open:
                self._said = said
        new = {headline.id for headline in fresh}
        opened = sum(1 for a in assignments if a.headline_id in new and str(a.story_id) == str(a.headline_id))
        return len(fresh), opened

    def _placed(
        self, store: Store, fresh: tuple[Headline, ...], late: datetime
    ) -> tuple[tuple[Headline, ...], _Stretch]:
        """The headlines of this slice, and the stretch of time that they belong to: the late ones come first."""
        if not fresh or fresh[0].happened_at >= late:
            self._open.reach(store, late - self._span)
            return fresh, self._open
        first = fresh[0].happened_at
        last = min(first + self._span, late)
        self._past = self._past or _Stretch(self._span, semantic=self._semantic)
        self._past.reach(store, first - self._span, last + self._span)
        return tuple(headline for headline in fresh if headline.happened_at <= last), self._past


@dataclass(slots=True)
class Poller:
    """Everything that a turn needs, composed by the command line."""

    store: StoreThread
    fetch_many: FetchMany
    parse: Parser
    grouper: Grouper
    rules: Rules
    feeds: dict[FeedId, Feed]
    clock: Clock
    jitter: Callable[[], float]
    details: Details | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def turn(
        self,
        *,
        only: frozenset[FeedId] | None = None,
        manual: bool = False,
        progress: Callable[[TurnReport], None] = lambda _: None,
    ) -> TurnReport:
        """Poll all that is due, then group.

        Args:
            only: these feeds and no others.
            manual: poll what is not due too; holds and the spacing of hosts stay.
            progress: called with the running report after each recorded batch.

        """
        if not gc.get_freeze_count():
            _freeze()  # all that was imported and configured: looking it through takes a tenth of a turn of 304s
        started_at = self.clock()
        report = TurnReport(feeds=len(self.feeds))
        due = await self._due(started_at, only, manual=manual)
        report.due = len(due)
        progress(report)
        narrow = manual or only is not None
        polling = _Polling(self, due, narrow=narrow, manual=manual, report=report, progress=progress)
        await polling.run()
        if self.details and polling.wanting:  # before grouping, so that stories are made of whole titles
            await self.details(polling.wanting, self.stopping)
        report.stories_new = await self.grouper.group(self.clock())
        report.took = self.clock() - started_at
        _metrics.stories_opened(report.stories_new)
        _metrics.turn_ended(report.took.total_seconds())
        progress(report)
        return report

    async def _due(self, now: datetime, only: frozenset[FeedId] | None, *, manual: bool) -> set[FeedId]:
        due = await self.store.call(lambda store: store.due(now, only=only, manual=manual))
        return {key for key in due if key in self.feeds}


class _Polling:
    """The polling half of one turn."""

    def __init__(
        self,
        poller: Poller,
        due: set[FeedId],
        *,
        narrow: bool,
        manual: bool,
        report: TurnReport,
        progress: Callable[[TurnReport], None],
    ) -> None:
        self._poller = poller
        self._due = due
        self._narrow = narrow  # claim these feeds and no others; else whatever is due, which costs no list of ids
        self._manual = manual
        self._report = report
        self._progress = progress
        self._in_flight = 0
        self.wanting: list[Feed] = []  # those that answered, and whose articles may be asked for details
        self._outcomes: asyncio.Queue[tuple[Claim, PollOutcome]] = asyncio.Queue()

    async def run(self) -> None:
        """Claim, poll and record until nothing is due; a stop ends the claiming, never a poll under way."""
        async with asyncio.TaskGroup() as rounds:
            while True:
                claims = await self._claim()
                if claims:
                    self._in_flight += len(claims)
                    rounds.create_task(self._round(claims))
                if self._in_flight:
                    await self._record()
                elif not claims and not await self._wait_for_host():
                    return

    async def _claim(self) -> tuple[Claim, ...]:
        room = IN_FLIGHT - self._in_flight
        if not self._due or room < CLAIM_AHEAD or self._poller.stopping.is_set():
            return ()
        now = self._poller.clock()
        only = frozenset(self._due) if self._narrow else None
        claims = await self._poller.store.call(
            lambda store: store.claim_due(now, limit=room, only=only, manual=self._manual)
        )
        self._due.difference_update(claim.feed.id for claim in claims)
        return claims

    async def _wait_for_host(self) -> bool:
        """Sleep until the next due feed's host is free; False when there is nothing left to wait for."""
        if not self._due or self._poller.stopping.is_set():
            return False
        now = self._poller.clock()
        only = frozenset(self._due)
        next_at = await self._poller.store.call(lambda store: store.next_due_at(now, only=only, manual=self._manual))
        if next_at is None or next_at - now > HOST_WAIT:
            return False
        wait = min(max((next_at - now).total_seconds(), 0.01), HOST_LOOK.total_seconds())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._poller.stopping.wait(), wait)
        return True

    async def _round(self, claims: tuple[Claim, ...]) -> None:
        """Fetch one batch of claims; each answer is parsed and digested as it comes."""
        by_feed = {claim.feed.id: claim for claim in claims}
        async with asyncio.TaskGroup() as answers:
            async for result in self._poller.fetch_many(request_of(claim) for claim in claims):
                answers.create_task(self._answer(by_feed.pop(result.feed_id), result))
        if by_feed:
            raise RuntimeError(f"fetch_many left {len(by_feed)} requests without an answer")

    async def _answer(self, claim: Claim, result: FetchResult) -> None:
        self._outcomes.put_nowait((claim, await poll_outcome(self._poller, claim, result)))

    async def _record(self) -> None:
        """Wait for some outcomes and write them in one transaction."""
        batch = [await self._outcomes.get()]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RECORD_WITHIN.total_seconds()):
                while len(batch) < min(RECORD_AT_ONCE, self._in_flight):
                    batch.append(await self._outcomes.get())
        now = self._poller.clock()
        recorded = await self._poller.store.call(lambda store: store.record_polls([o for _, o in batch], now))
        new = {row.feed_id: row.headlines_new for row in recorded}
        for claim, outcome in batch:
            self._in_flight -= 1
            self._report.count(claim.feed, outcome)
            if claim.feed.article_details and outcome.status is not PollStatus.FAILED:
                self.wanting.append(claim.feed)
            self._report.headlines_new += new.get(claim.feed.id, 0)
            _tell(claim, outcome, new.get(claim.feed.id, 0))
        self._progress(self._report)


async def poll_outcome(poller: Poller, claim: Claim, result: FetchResult) -> PollOutcome:
    """Parse and digest one answer."""
    now = poller.clock()
    parsed: ParseResult | None = None
    sighted: Iterable[Sighting] = ()
    if isinstance(result, Fetched) and not is_unchanged(claim, result):
        parsed = await poller.parse(result, claim.feed, now)
        if isinstance(parsed, Parsed) and claim.state.document_at is not None:  # a first document has no past
            sighted = await _sighted(poller, claim, parsed)
    try:
        return digest(claim, result, parsed, sighted, poller.rules, now, poller.jitter())
    except Exception as error:  # nothing that one document provokes may end the turn of the others
        log.exception("digest failed", extra=fields(feed=claim.feed.name, url=claim.feed.url))
        failed = FetchFailed(claim.feed.id, Reason.PARSE_CRASHED, f"digest: {type(error).__name__}: {error}"[:200])
        return digest(claim, failed, None, (), poller.rules, now, poller.jitter())


async def _sighted(poller: Poller, claim: Claim, parsed: Parsed) -> tuple[Sighting, ...]:
    keys = keys_of(parsed.entries)
    entry_keys = [entry for entry, _ in keys]
    guid_keys = [guid for _, guid in keys if guid is not None]
    return await poller.store.call(lambda store: store.sighted(claim.feed.id, entry_keys, guid_keys))


def request_of(claim: Claim) -> FetchRequest:
    """What to ask the publisher for: conditional where we know something whole under the same rules."""
    same_rules = claim.state.rules_hash == claim.feed.rules_hash
    return FetchRequest(
        feed_id=claim.feed.id,
        url=claim.state.address or claim.feed.url,
        kind=claim.feed.kind,
        etag=claim.state.etag if same_rules else None,
        last_modified=claim.state.last_modified if same_rules else None,
        allow_private=claim.feed.allow_private,
        document_url=claim.state.document_url,
        named_url=claim.feed.url,
    )


def _tell(claim: Claim, outcome: PollOutcome, new: int) -> None:
    failed = outcome.status is PollStatus.FAILED  # a cut document has a reason too, and is an answer
    _metrics.poll_ended(outcome.status, outcome.state.reason if failed else None, new)
    log.info(
        "feed polled",
        extra=fields(
            feed=claim.feed.name,
            url=claim.feed.url,
            status=outcome.status,
            reason=outcome.state.reason,
            entries=len(outcome.sightings),
            new=new,
            manual=claim.manual or None,
            next_poll_at=outcome.state.next_poll_at.isoformat(timespec="seconds"),
        ),
    )
    _tell_of_page(claim, outcome)
    before, after = claim.state.address, outcome.state.address
    if after != before:
        moved = fields(feed=claim.feed.name, url=claim.feed.url, before=before, now=after)
        log.warning("feed moved" if after else "feed is asked again where feeds.yml says", extra=moved)


def _tell_of_page(claim: Claim, outcome: PollOutcome) -> None:
    before, after = claim.state.canary.changed_at, outcome.state.canary.changed_at
    about = fields(feed=claim.feed.name, url=claim.feed.url)
    if after and not before:
        found = canary.note(outcome.state.canary).partition(": ")[2]
        mend = f"wirekin feeds check {claim.feed.url}"
        log.warning(canary.CHANGED, extra={**about, **fields(found=found, proposals=mend)})
    elif before and not after:
        log.info("the page is read as before", extra=about)
