"""What one poll changes, given everything known: (claim, answer, document, sightings, rules, now) -> PollOutcome.

A pure function between what was gathered (fetch, parse, sightings) and what is applied (`store.record_polls`). A
sighting is what the store remembers of an entry of a feed: its keys, its fingerprint, and its headline if it has one::

    failed            -> the schedule backs off; nothing else changes
    304               -> the schedule moves on; validators stay
    the same bytes    -> as 304, and the new validators are kept
    a document        -> per entry: known and unchanged -> a sighting
                                    known and changed   -> a sighting and the headline again
                                    new                 -> canonicalise, match topics -> a sighting, a headline
    a cut document    -> its complete entries, and the old validators, so that the next poll brings the rest (A2)
                         (cut: the framing ends early, or the root element does not close)
    a push            -> the same for the entries of a part of the document; the feed's state is left alone
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, assert_never, cast

from wirekin import canary, moves, schedule, text, urls
from wirekin.model import (
    CanonicalUrl,
    Claim,
    Entry,
    Feed,
    FeedHints,
    FeedKind,
    FeedState,
    Fetched,
    FetchFailed,
    FetchResult,
    Headline,
    HeadlineId,
    HttpHints,
    Hub,
    NotModified,
    Parsed,
    ParseFailed,
    ParseResult,
    PollOutcome,
    PollStatus,
    Publisher,
    Push,
    PushOutcome,
    Reason,
    Semantic,
    Sighting,
    TopicSlug,
    headline_id,
    key_of,
    unlinked_headline_id,
)
from wirekin.publishers import Directory
from wirekin.topics import Met, TopicRules

POSITION_GUID_LENGTH = 3  # "1", "02", "117": some feeds number list positions, so a guid moves to another article

LEAST_KIN = 0.3  # of the shorter title's terms: "5 dead in blast" and "Death toll of blast rises" share a third
# Entries digested between two yields to the event loop. 50 hostile ones take 85 ms, at 1.7 ms each (60 title words and
# 300 summary words that topics may want); digesting 5,000 without a yield blocked the web for nine seconds
# (2026-11-30). 94 of 97 news and blog feeds of the corpus have at most 50: one slice, which is fastest (docs/adr/0009).
READ_AT_ONCE = 50
UNTITLED_LENGTH = 100  # characters of an untitled post's text that serve as its title; a headline has 40 to 110


Made = TypeVar("Made")
Slices = Generator[None, None, Made]
"""A generator that returns what it made of a document; it yields between slices, so that other tasks can run."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the configuration says about every feed and question."""

    topics: TopicRules
    directory: Directory
    semantic: Semantic = False  # word vectors help to answer what is related


def is_unchanged(claim: Claim, fetched: Fetched) -> bool:
    """Whether a 200 brought the very bytes that we know, under the same rules: nothing to parse (A3)."""
    return claim.state.body_hash == fetched.body_hash and claim.state.rules_hash == claim.feed.rules_hash


def keys_of(entries: Iterable[Entry]) -> tuple[tuple[int, int | None], ...]:
    """(entry key, guid key) of each entry; the guid key is None where the guid cannot identify."""
    entries = tuple(entries)
    shared = _shared_guids(entries)
    return tuple(
        [
            (
                key_of(entry.link or entry.guid or entry.title),
                key_of("guid", entry.guid) if _identifies(entry.guid) and entry.guid not in shared else None,
            )
            for entry in entries
        ]
    )


def _shared_guids(entries: Sequence[Entry]) -> frozenset[str]:
    """The guids that entries with different links share."""
    if len({entry.guid for entry in entries}) == len(entries):
        return frozenset()  # as in most documents
    uses = Counter(guid for guid, _ in {(entry.guid, entry.link or entry.title) for entry in entries})
    return frozenset(guid for guid, count in uses.items() if count > 1)


def keys_to_look_up(entries: Iterable[Entry]) -> tuple[list[int], list[int]]:
    """The entry keys and the guid keys under which the store may have sightings of these entries."""
    keys = keys_of(entries)
    return [entry for entry, _ in keys], [guid for _, guid in keys if guid is not None]


def digest(
    claim: Claim,
    result: FetchResult,
    parsed: ParseResult | None,
    sighted: Iterable[Sighting],
    rules: Rules,
    now: datetime,
    jitter: float,
) -> PollOutcome:
    """What this poll changes: `digesting` in one go."""
    return _at_once(digesting(claim, result, parsed, sighted, rules, now, jitter))


def digesting(
    claim: Claim,
    result: FetchResult,
    parsed: ParseResult | None,
    sighted: Iterable[Sighting],
    rules: Rules,
    now: datetime,
    jitter: float,
) -> Slices[PollOutcome]:
    """What this poll changes.

    Args:
        claim: the feed and its state as claimed.
        result: how the fetch ended.
        parsed: the document; None unless `result` is `Fetched` and not `is_unchanged`.
        sighted: the sightings that the store has under `keys_of` this document's entries.
        jitter: 0..1, drawn by the shell; it only ever makes the next poll later.

    """
    poll = _Poll(claim, now, jitter)
    match result:
        case FetchFailed():
            failed = poll.failed(result.reason, result.detail, result.hints)
            return replace(failed, said_by=result.said_by)
        case NotModified():
            answered = poll.same(result.hints)
            moved = moves.on_answer(claim.feed, answered, result.moved_to, read=True, now=now)
            return PollOutcome(claim.feed.id, PollStatus.NOT_MODIFIED, moved)
        case Fetched():
            return (yield from _fetched(poll, result, parsed, tuple(sighted), rules))
        case _:
            assert_never(result)


def headline_of(entry: Entry, feed: Feed, rules: Rules, now: datetime) -> Headline | None:
    """The headline that a lone entry of `feed` makes, as though polled; None where no topic wants it."""
    return _Reading(feed, Parsed("entry", (entry,)), rules, now, same_rules=False).headline(entry)


def digesting_push(
    push: Push, parsed: ParseResult, sighted: Iterable[Sighting], rules: Rules, now: datetime
) -> Slices[PushOutcome]:
    """What a push changes: it holds a part of the feed's document, and nothing is known of the rest.

    Args:
        push: the feed and its state when the push was taken up.
        parsed: what was pushed.
        sighted: the sightings that the store has under `keys_of` its entries.

    """
    if isinstance(parsed, ParseFailed):
        harmful = parsed.reason in {Reason.PARSE_CRASHED, Reason.PARSE_TIMEOUT}
        return PushOutcome(push.n, push.feed.id, taken=False, harmful=harmful)
    same_rules = push.state.rules_hash == push.feed.rules_hash
    reading = _Reading(push.feed, parsed, rules, now, same_rules=same_rules)
    readings = yield from _in_slices(reading.entries(tuple(sighted)))
    return PushOutcome(
        push.n,
        push.feed.id,
        taken=parsed.whole and bool(readings),
        headlines=_headlines(readings),
        sightings=tuple(seen.sighting for seen in readings),
        news=sum(1 for seen in readings if seen.is_new),
    )


def _at_once(slices: Slices[Made]) -> Made:
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return cast("Made", end.value)


def _in_slices(entries: Iterable[_Seen]) -> Slices[tuple[_Seen, ...]]:
    readings: list[_Seen] = []
    for seen in entries:
        readings.append(seen)
        if len(readings) % READ_AT_ONCE == 0:
            yield
    return tuple(readings)


class _Poll(NamedTuple):
    """A claim, and the instant and jitter of its poll: what the schedule needs, however the poll ended."""

    claim: Claim
    now: datetime
    jitter: float

    def answered(
        self,
        hints: HttpHints,
        document: FeedHints | None = None,
        new_share: float | None = None,
        *,
        unpushed: bool = False,
    ) -> FeedState:
        """The state after an answer."""
        return schedule.on_answer(
            self.claim.feed,
            self.claim.state,
            http=hints,
            document=document,
            new_share=new_share,
            now=self.now,
            jitter=self.jitter,
            pushed_until=schedule.slow_until(self.claim.pushed, unpushed=unpushed),
        )

    def same(self, hints: HttpHints) -> FeedState:
        """The state after an answer that confirms what we know: a 304, or the same bytes."""
        state = self.answered(hints)
        return state.but(canary=canary.on_same(state.canary, self.now)) if state.canary.fallen else state

    def failed(self, reason: Reason, detail: str, hints: HttpHints) -> PollOutcome:
        """The outcome of a poll that brought nothing."""
        feed, before = self.claim.feed, self.claim.state
        state = schedule.on_failure(
            feed, before, reason=reason, detail=detail, http=hints, now=self.now, jitter=self.jitter
        )
        return PollOutcome(feed.id, PollStatus.FAILED, moves.on_failure(feed, state, self.now))


def _fetched(
    poll: _Poll, fetched: Fetched, parsed: ParseResult | None, sighted: tuple[Sighting, ...], rules: Rules
) -> Slices[PollOutcome]:
    claim, now = poll.claim, poll.now
    if parsed is None:
        state, said = poll.same(fetched.hints), _validators(fetched, claim.feed.rules_hash)
        if any(getattr(state, name) != value for name, value in said.items()):  # rare; a copy takes 2 us
            state = state.but(**said)
        state = moves.on_answer(claim.feed, state, fetched.moved_to, read=True, now=now)
        announced = _announced(claim.feed, fetched, None) if fetched.hub else None
        return PollOutcome(claim.feed.id, PollStatus.UNCHANGED, state, announced=announced)
    if isinstance(parsed, ParseFailed):
        return poll.failed(parsed.reason, parsed.detail, fetched.hints)
    if parsed.is_index:  # its sitemaps come and go; a person has to say which of them has the news
        mend = f"a sitemap index; poll one of its sitemaps: wirekin feeds discover {shlex.quote(claim.feed.url)}"
        return poll.failed(Reason.NOT_A_FEED, mend, fetched.hints)
    # HTTP framing proves only that we have all that was sent; the server itself may have broken off. So the root must
    # close, too. That wrongs no sound feed: of the corpus none leaves it open (0 of 2,616, 2026-11).
    whole = parsed.whole and fetched.whole is not False
    if not whole and not parsed.entries:
        return poll.failed(Reason.TRUNCATED, "cut short before its first entry", fetched.hints)
    reading = _Reading(claim.feed, parsed, rules, now, same_rules=claim.state.rules_hash == claim.feed.rules_hash)
    readings = yield from _in_slices(reading.entries(sighted))
    return _document(poll, fetched, parsed, readings, whole=whole)


def _document(
    poll: _Poll, fetched: Fetched, parsed: Parsed, readings: tuple[_Seen, ...], *, whole: bool
) -> PollOutcome:
    claim, now = poll.claim, poll.now
    known_before = claim.state.document_at is not None and claim.state.entries > 0
    new = sum(1 for seen in readings if seen.is_new)
    # Of a cut document only the beginning is here, where new entries stand. The known ones may be in the lost part, so
    # it proves no loss and says nothing of the pace.
    new_share = new / len(readings) if readings and known_before and whole else None
    unpushed = claim.pushed is not None and new > 0
    state = poll.answered(fetched.hints, parsed.hints, new_share, unpushed=unpushed)
    state = moves.on_answer(claim.feed, state, fetched.moved_to, read=whole, now=now)
    news: dict[str, Any] = {"entries": len(readings), "document_at": now}  # for one copy of the state: each takes 2 us
    if new_share == 1.0:  # no entry in common with the last document: what was published in between is lost
        news["missed_polls"] = state.missed_polls + 1
    if whole:
        state = _watched(claim.feed, state, parsed, now)
        news |= _validators(fetched, claim.feed.rules_hash)
    else:  # counts as an answer; the reason is shown
        kept = "1 whole entry" if len(readings) == 1 else f"{len(readings)} whole entries"
        news |= {"reason": Reason.TRUNCATED, "detail": f"cut short: {kept} kept"}
    state = state.but(**news)
    return PollOutcome(
        claim.feed.id,
        PollStatus.OK,
        state,
        headlines=_headlines(readings),
        sightings=tuple(seen.sighting for seen in readings),
        announced=_announced(claim.feed, fetched, parsed) if whole else None,
        unpushed=unpushed,
    )


def _watched(feed: Feed, state: FeedState, parsed: Parsed, now: datetime) -> FeedState:
    """The state with the canary's view of a page's list; `state` still has the rules of the document before."""
    if feed.kind is not FeedKind.PAGE or parsed.kind != "page":
        return state
    same_rules = state.rules_hash == feed.rules_hash
    seen = canary.on_document(state.canary, len(parsed.entries), parsed.shape, now, same_rules=same_rules)
    return state.but(canary=seen)


def _headlines(readings: tuple[_Seen, ...]) -> tuple[Headline, ...]:
    """The headlines to write, each once, in document order."""
    headlines = {seen.headline.id: seen.headline for seen in reversed(readings) if seen.headline}
    return tuple(reversed(headlines.values()))


def _announced(feed: Feed, fetched: Fetched, parsed: Parsed | None) -> tuple[Hub, ...]:
    """The hub that the feed announces now; the headers win over the document (WebSub section 4)."""
    hub = fetched.hub or (parsed.hub if parsed else None)
    if hub is None or feed.kind is not FeedKind.FEED:
        return ()
    return (replace(hub, topic=hub.topic or fetched.url),)


def _validators(fetched: Fetched, rules_hash: str) -> dict[str, Any]:
    """What a state keeps of a whole answer for the next conditional request."""
    return {
        "rules_hash": rules_hash,
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": fetched.body_hash,
        "document_url": fetched.url,
    }


class _Seen(NamedTuple):
    sighting: Sighting
    headline: Headline | None  # None: nothing to write
    is_new: bool


class _Reading:
    """One document being read against what is known of its feed."""

    def __init__(self, feed: Feed, parsed: Parsed, rules: Rules, now: datetime, *, same_rules: bool) -> None:
        self._feed = feed
        self._parsed = parsed
        self._rules = rules
        self._now = now
        self._same_rules = same_rules

    def _outlets(self) -> Iterator[str]:
        """Outlet names that titles may end with; lazy: computed only where a title may end with one."""
        yield from self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The names, computed once per document."""
        suffix = text.repeated_suffix([entry.title for entry in self._parsed.entries])
        publisher = self._feed.publisher
        names = [self._feed.name, self._parsed.title, suffix or "", publisher.name if publisher else ""]
        return tuple(filter(None, names)) + self._rules.directory.names

    def entries(self, sighted: tuple[Sighting, ...]) -> Iterator[_Seen]:
        """Each entry once, in the document's order."""
        by_entry = {s.entry_key: s for s in sighted}
        by_guid = {s.guid_key: s for s in sighted if s.guid_key is not None}
        done: set[int] = set()
        for entry, (entry_key, guid_key) in zip(self._parsed.entries, keys_of(self._parsed.entries), strict=True):
            if entry_key in done or not _title_of(entry):
                continue
            done.add(entry_key)
            known = by_entry.get(entry_key) or self._by_guid(entry, guid_key, by_guid)
            yield self._seen(entry, entry_key, guid_key, known)

    @staticmethod
    def _by_guid(entry: Entry, guid_key: int | None, by_guid: dict[int, Sighting]) -> Sighting | None:
        """The sighting under this guid, unless the feed has reused the guid for another article.

        A new link with a title that shares less than LEAST_KIN of its terms is another article: a duplicate headline
        is better than a lost one.
        """
        known = by_guid.get(guid_key) if guid_key is not None else None
        if known is None or not known.title:
            return known
        then, now = set(text.terms(known.title)), set(text.terms(_title_of(entry)))
        return known if len(then & now) >= LEAST_KIN * min(len(then), len(now)) else None

    def _seen(self, entry: Entry, entry_key: int, guid_key: int | None, known: Sighting | None) -> _Seen:
        fingerprint = entry.mark or _fingerprint(entry)
        if known and guid_key is None:  # a guid that is missing today, or shared, may be back tomorrow
            guid_key = known.guid_key
        if known and self._same_rules and known.fingerprint == fingerprint and known.entry_key == entry_key:
            return _Seen(known if known.guid_key == guid_key else replace(known, guid_key=guid_key), None, is_new=False)
        headline = self.headline(entry, known.headline_id if known else None)
        sighting = Sighting(entry_key, guid_key, headline.id if headline else None, fingerprint)
        return _Seen(sighting, headline, is_new=known is None)

    def headline(self, entry: Entry, known: HeadlineId | None = None) -> Headline | None:
        """The headline of an entry: cleaned, dated and attributed; None where no topic wants it."""
        written = _title_of(entry)
        met = self._rules.topics.touching(written, entry.summary)
        if self._drops_unmatched and met is None:
            return None  # nine in ten entries of a news feed, with the shipped topics, are done here
        title, summary, wire = text.split_wire(written, entry.summary, self._rules.directory.wires)
        title, outlet = text.split_outlet(title, self._outlets())
        if (title, summary) != (written, entry.summary):  # match again only if changed: 50 us of a headline's 220
            met = self._rules.topics.touching(title, summary)
        topics = self._topics(met)
        if not topics and self._drops_unmatched:
            return None
        link, canonical = self._link(entry)
        made = headline_id(canonical) if canonical else unlinked_headline_id(self._feed.id, entry.guid or entry.title)
        publisher = self._publisher(entry, outlet)
        voice = self._rules.directory.voice(publisher, wire)
        return Headline(
            id=known or made,
            url=urls.clean_link(link) if link else "",
            link=link,
            canonical_url=canonical,
            title=title,
            summary=summary,
            publisher=publisher,
            lang=self._lang(entry),
            published_at=min(entry.published_at, self._now) if entry.published_at else None,  # C10
            precision=entry.precision,
            first_seen_at=self._now,
            image=entry.image,
            topics=topics,
            categories=entry.categories,
            wire=wire,
            voice="" if voice == publisher.name else voice,
        )

    def _link(self, entry: Entry) -> tuple[str, CanonicalUrl | None]:
        """The entry's link and canonical URL; neither where it leads to the feed, whose address may hold a secret."""
        canonical = urls.canonicalise(entry.link) if entry.link else None
        return ("", None) if canonical is not None and canonical == self._own else (entry.link, canonical)

    @cached_property
    def _own(self) -> CanonicalUrl | None:
        return urls.canonicalise(self._feed.url) if self._feed.kind is FeedKind.FEED else None

    @property
    def _drops_unmatched(self) -> bool:
        return not (self._feed.keep_unmatched or self._feed.topics)

    def _topics(self, met: Met | None) -> tuple[TopicSlug, ...]:
        return tuple(sorted({*(self._rules.topics.said_by(met) if met else ()), *self._feed.topics}))

    def _publisher(self, entry: Entry, outlet: str | None) -> Publisher:
        directory = self._rules.directory
        if self._feed.publisher:
            return self._feed.publisher
        if entry.source and (found := directory.of_source(entry.source)):
            return found if found.domain else replace(found, domain=directory.of_url(entry.link).domain)
        if outlet and (found := directory.of_name(outlet)):
            return found
        return directory.of_url(entry.link or self._feed.url)

    def _lang(self, entry: Entry) -> str | None:
        # Trust the script over a CMS's default: many Russian and Arabic feeds say <language>en-us</language>.
        said = self._feed.lang or entry.lang or self._parsed.lang
        guessed = text.guess_lang(entry.title)
        if self._feed.lang or guessed in (None, "en"):
            return said.split("-")[0].split("_")[0].lower() if said else guessed
        return guessed


def _title_of(entry: Entry) -> str:
    """The entry's title; micro-posts have none, and their first words stand for it."""
    return entry.title or text.clean(entry.summary, UNTITLED_LENGTH)


def _identifies(guid: str) -> bool:
    return bool(guid) and not (len(guid) <= POSITION_GUID_LENGTH and guid.isdecimal())


def _fingerprint(entry: Entry) -> int:
    when = entry.published_at.isoformat() if entry.published_at else ""
    return key_of(entry.title, entry.summary, entry.image.url if entry.image else "", when)
