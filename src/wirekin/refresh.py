"""One turn of polling: ask all feeds that are due, record what they answered, then group the new headlines.

::

    due = the feeds that are due now
    while due or anything is under way:
        claim_due          one transaction; moves next_poll_at and takes the hosts' slots
        fetch_many         results as they finish
        parse              unless not modified or unchanged
        sighted, digest    what this poll changes
        record_polls       one transaction for all that finished meanwhile
    details                article pages, a bounded number, for what headlines lack (articles.py)
    rest                   where no turn follows: end the parsers' processes
    group                  grouping.py: new headlines join stories; from time to time the window is clustered again

This is only the order of the steps. HTTP is in `fetch`, parsing in `workers`, what a poll changes in `digest`, SQL in
`store`. The caller hands them over as a `Poller`, so tests can hand over fakes.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import shlex
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from logging import INFO
from typing import Protocol

from wirekin import _metrics, canary
from wirekin._heap import give_back
from wirekin._log import fields, logger
from wirekin._turns import turn_by_turn
from wirekin.digest import Rules, digest, digesting, is_unchanged, keys_to_look_up
from wirekin.grouping import Grouper
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
    Parsed,
    ParseResult,
    PollOutcome,
    PollStatus,
    Reason,
    Sighting,
)
from wirekin.store.threads import StoreThread

log = logger(__name__)

IN_FLIGHT = 64  # concurrent HTTP exchanges, over all hosts (requirement A11)
CLAIM_AHEAD = 32  # claim again once this many places are free: one transaction serves many claims
RECORD_AT_ONCE = 64  # outcomes per transaction, if that many arrive in time: a commit costs as much as ten outcomes
RECORD_WITHIN = timedelta(milliseconds=100)  # the first outcome of a batch waits at most this long for the others
READ_BYTES = 1024 * 1024  # of documents parsed but not yet digested: twenty news feeds; adds 1 MB to peak memory
HOST_WAIT = timedelta(seconds=90)  # how long a turn waits for a host's slot before it leaves the feed to the next turn
# Time between two looks within HOST_WAIT: another process frees a host long before its lease of a minute ends.
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

    def __call__(self, feeds: Collection[Feed], outlets: Collection[str], stopping: asyncio.Event) -> Awaitable[None]:
        """Fetch article pages for what these feeds' headlines lack; `outlets` may end titles. Raises nothing."""
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
    grouped: int = 0  # headlines assigned to stories so far, plus those that a regrouping has compared again
    stories_new: int = 0
    took: timedelta = timedelta()
    failures: list[Failure] = field(default_factory=list)

    @property
    def unreachable(self) -> bool:
        """Whether feeds were polled and not one could be reached."""
        return self.polled > 0 and all(f.reason in UNREACHABLE for f in self.failures) and self.failed == self.polled

    def count(self, feed: Feed, outcome: PollOutcome) -> None:
        """Add one outcome; what our own politeness stopped is left to the next turn, as where the feed's host rests."""
        if outcome.status is PollStatus.FAILED and outcome.state.reason is Reason.RESTING:
            return
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
    rest: Callable[[], Awaitable[None]] | None = None  # ends the parsers' processes; None where another turn needs them
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    read_bytes: int = field(default=0, init=False)  # of documents parsed but not yet digested

    @contextlib.contextmanager
    def holding(self, document: Fetched) -> Iterator[None]:
        """Count a document in `read_bytes` within the context; above READ_BYTES, `_read` parses no other."""
        size = _size_of(document)
        self.read_bytes += size
        try:
            yield
        finally:
            self.read_bytes -= size

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
            progress: called with the running report after each recorded batch, and during grouping.

        """
        _spare_what_was_imported()
        started_at = self.clock()
        report = TurnReport(feeds=len(self.feeds))
        due = set(await self.store.call(lambda store: store.due(started_at, only=only, manual=manual)))
        report.due = len(due)
        progress(report)
        narrow = manual or only is not None
        polling = _Polling(self, due, narrow=narrow, manual=manual, report=report, progress=progress)
        await polling.run()
        if self.details and polling.wanting:  # before grouping, so that stories are made of whole titles
            await self.details(polling.wanting, self.rules.directory.names, self.stopping)
        if self.rest:
            await self.rest()
        if report.polled:
            give_back()  # what the documents took, before grouping takes more

        def grouped(more: int) -> None:
            report.grouped += more
            progress(report)

        report.stories_new = await self.grouper.group(self.clock(), grouped)
        report.took = max(self.clock() - started_at, timedelta())  # the clock may have been put back
        _metrics.stories_opened(report.stories_new)
        _metrics.turn_ended(report.took.total_seconds())
        progress(report)
        return report


@cache
def _spare_what_was_imported() -> None:
    """Keep imported modules out of the cycle collector, once a process: scanning them is a tenth of a turn of 304s.

    Freeze without collecting first: a collection takes 40 ms and finds 5 to 500 objects to free (2026-11).
    """
    gc.freeze()


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
        self._narrow = narrow  # claim these feeds only; else claim whatever is due, which needs no list of ids
        self._manual = manual
        self._report = report
        self._progress = progress
        self._in_flight = 0
        self.wanting: list[Feed] = []  # feeds that answered, and whose article pages may be fetched
        self._outcomes: list[tuple[Claim, PollOutcome]] = []  # not yet recorded
        self._wanted = 1  # outcomes that `_record` waits for: waking it for each costs 3 us more a feed
        self._enough = asyncio.Event()

    async def run(self) -> None:
        """Claim, poll and record until nothing is due; a stop ends the claiming, never a poll under way.

        Raises: the error that ended the turn, unwrapped from its ExceptionGroup: the daemon catches StoreFull by name.
        """
        try:
            async with asyncio.TaskGroup() as rounds:
                await self._claim_and_record(rounds)
        except ExceptionGroup as several:
            raise _first_of(several) from several

    async def _claim_and_record(self, rounds: asyncio.TaskGroup) -> None:
        while True:
            claims = await self._claim()
            if claims:
                self._in_flight += len(claims)
                rounds.create_task(self._round(claims))
            if self._in_flight:
                await self._record()
            elif not await self._wait_for_host():
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
                claim = by_feed.pop(result.feed_id)
                if _document_of(claim, result):  # parsing it may wait for a worker
                    answers.create_task(self._answer(claim, result))
                else:  # decided without waiting for anything
                    await self._answer(claim, result)
        if by_feed:
            raise RuntimeError(f"fetch_many left {len(by_feed)} requests without an answer")

    async def _answer(self, claim: Claim, result: FetchResult) -> None:
        outcome = await poll_outcome(self._poller, claim, result)
        self._outcomes.append((claim, outcome))  # look the list up after the await: `_record` swaps it
        if len(self._outcomes) >= self._wanted:
            self._enough.set()

    async def _come(self, count: int) -> None:
        """Return once `count` outcomes wait to be recorded."""
        self._wanted = count
        if len(self._outcomes) < count:
            self._enough.clear()
            await self._enough.wait()

    async def _record(self) -> None:
        """Wait for some outcomes and write them in one transaction."""
        await self._come(1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(RECORD_WITHIN.total_seconds()):
                await self._come(min(RECORD_AT_ONCE, self._in_flight))
        batch, self._outcomes = self._outcomes, []
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


def _first_of(several: ExceptionGroup[Exception]) -> Exception:
    """The exception raised first: it cancelled the other tasks."""
    first = several.exceptions[0]
    return _first_of(first) if isinstance(first, ExceptionGroup) else first


async def poll_outcome(poller: Poller, claim: Claim, result: FetchResult) -> PollOutcome:
    """Parse and digest one answer."""
    now = poller.clock()
    parsed: ParseResult | None = None
    sighted: Iterable[Sighting] = ()
    if document := _document_of(claim, result):
        parsed = await _read(poller, document, claim.feed, now)
        if isinstance(parsed, Parsed) and claim.state.document_at is not None:  # a first document has no past
            sighted = await _sighted(poller, claim, parsed)
    try:
        slices = digesting(claim, result, parsed, sighted, poller.rules, now, poller.jitter())
        if document is None:  # one slice
            return await turn_by_turn(slices)
        with poller.holding(document):
            return await turn_by_turn(slices)
    except Exception as error:  # one bad document must not end the turn for the other feeds
        log.exception("digest failed", extra=fields(feed=claim.feed.name, url=claim.feed.url))
        failed = FetchFailed(claim.feed.id, Reason.PARSE_CRASHED, f"digest: {type(error).__name__}: {error}"[:200])
        return digest(claim, failed, None, (), poller.rules, now, poller.jitter())


async def _read(poller: Poller, document: Fetched, feed: Feed, now: datetime) -> ParseResult:
    """Parse a document, then let the others that have arrived be parsed before this one is digested.

    Parsing and digesting evict each other from the CPU's caches: alternating them for each document cost a first poll
    an eighth more CPU than parsing some ten documents and then digesting them (2026-11-30).
    """
    size = _size_of(document)
    while poller.read_bytes and poller.read_bytes + size > READ_BYTES:  # noqa: ASYNC110 - they are digested soon
        await asyncio.sleep(0)
    parsed = await poller.parse(document, feed, now)
    with poller.holding(document):
        await asyncio.sleep(0)
    return parsed


def _size_of(document: Fetched) -> int:
    """The octets that it counts in `read_bytes`: of a large one, which is still packed, all that there is room for."""
    return READ_BYTES if document.unpack else len(document.octets)


def _document_of(claim: Claim, result: FetchResult) -> Fetched | None:
    """The document to parse; None for a failure, a 304, or bytes that we know."""
    return result if isinstance(result, Fetched) and not is_unchanged(claim, result) else None


async def _sighted(poller: Poller, claim: Claim, parsed: Parsed) -> tuple[Sighting, ...]:
    keys = keys_to_look_up(parsed.entries)
    return await poller.store.call(lambda store: store.sighted(claim.feed.id, *keys))


def request_of(claim: Claim) -> FetchRequest:
    """The request for a claim: conditional if the state holds validators, which changed rules have cleared."""
    return FetchRequest(
        feed_id=claim.feed.id,
        url=claim.state.address or claim.feed.url,
        kind=claim.feed.kind,
        etag=claim.state.etag,
        last_modified=claim.state.last_modified,
        allow_private=claim.feed.allow_private,
        document_url=claim.state.document_url,
        named_url=claim.feed.url,
    )


def _tell(claim: Claim, outcome: PollOutcome, new: int) -> None:
    failed = outcome.status is PollStatus.FAILED  # a cut document has a reason too, but counts as an answer
    _metrics.poll_ended(outcome.status, outcome.state.reason if failed else None, new)
    if log.isEnabledFor(INFO):
        polled = fields(
            feed=claim.feed.name,
            url=claim.feed.url,
            status=outcome.status,
            reason=outcome.state.reason,
            entries=len(outcome.sightings),
            new=new,
            manual=claim.manual or None,
            next_poll_at=outcome.state.next_poll_at.isoformat(timespec="seconds"),
        )
        log.info("feed polled", extra=polled)
    _tell_of_page(claim, outcome)
    before, after = claim.state.address, outcome.state.address
    if after != before:
        moved = fields(feed=claim.feed.name, url=claim.feed.url, before=before, now=after)
        log.warning("feed moved" if after else "feed is asked again where feeds.yml says", extra=moved)


def _tell_of_page(claim: Claim, outcome: PollOutcome) -> None:
    before, after = claim.state.canary.changed_at, outcome.state.canary.changed_at
    if before == after:
        return
    about = fields(feed=claim.feed.name, url=claim.feed.url)
    if after and not before:
        found = canary.note(outcome.state.canary).partition(": ")[2]
        mend = f"wirekin feeds check {shlex.quote(claim.feed.url)}"
        log.warning(canary.CHANGED, extra={**about, **fields(found=found, proposals=mend)})
    elif before and not after:
        log.info("the page is read as before", extra=about)
