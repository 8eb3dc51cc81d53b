"""What a poll finds out about a feed's hub, and what a push changes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import make
from make import NOW, at
from wirekin._turns import turn_by_turn
from wirekin.digest import READ_AT_ONCE, Rules, digest, digesting_push, keys_of
from wirekin.model import (
    Claim,
    Entry,
    FeedKind,
    Fetched,
    Hub,
    NotModified,
    Parsed,
    ParseFailed,
    PollOutcome,
    Push,
    Pushed,
    PushOutcome,
    Reason,
    Sighting,
)
from wirekin.publishers import Directory
from wirekin.topics import compile_rules

RULES = Rules(compile_rules([]), Directory())
FEED = make.feed()
ONE, TWO = make.entry(), make.entry("Crew of 23 held", "https://example.com/a/2")
HEADER, INSIDE = Hub("https://header.example/", "https://example.com/h"), Hub("https://inside.example/")
PUSHED = Pushed(at(days=9))


def polled(*entries: Entry, hub: Hub | None = None, header: Hub | None = None, **claim: object) -> PollOutcome:
    known = make.state(FEED, document_at=at(-1), last_ok_at=at(-1), entries=1)
    fetched = Fetched(FEED.id, "https://example.com/moved.xml", b"x", "hash", hub=header)
    claimed = Claim(FEED, known, **claim)  # type: ignore[arg-type]  # of Claim
    return digest(claimed, fetched, Parsed("rss", entries, hub=hub), (), RULES, NOW, 0.0)


def push(parsed: Parsed | ParseFailed, *sighted: Sighting, **state: object) -> PushOutcome:
    waiting = Push(7, FEED, make.state(FEED, **state), b"")
    return asyncio.run(turn_by_turn(digesting_push(waiting, parsed, sighted, RULES, NOW)))


def known(entry: Entry) -> Sighting:
    return push(Parsed("rss", (entry,))).sightings[0]


def test_a_push_of_many_entries_is_digested_in_slices() -> None:
    entries = [make.entry(f"Port {n} shut", f"https://example.com/a/{n}") for n in range(2 * READ_AT_ONCE + 1)]
    waiting = Push(7, FEED, make.state(FEED), b"")

    slices = digesting_push(waiting, Parsed("rss", tuple(entries)), (), RULES, NOW)

    assert len(list(slices)) == 2
    assert push(Parsed("rss", tuple(entries))).news == len(entries)


# --- which hub -------------------------------------------------------------------------------------------------


def test_the_hub_in_the_headers_wins_over_that_in_the_document() -> None:
    assert polled(ONE, hub=INSIDE, header=HEADER).announced == (HEADER,)


def test_a_hub_topic_without_a_self_link_is_the_address_of_the_response() -> None:
    assert polled(ONE, hub=INSIDE).announced == (replace(INSIDE, topic="https://example.com/moved.xml"),)


def test_a_whole_document_without_a_hub_announces_none() -> None:
    assert polled(ONE).announced == ()


def test_a_page_and_a_sitemap_have_no_hub() -> None:
    page = make.feed(kind=FeedKind.PAGE)
    fetched = Fetched(page.id, page.url, b"x", "hash", hub=HEADER)

    outcome = digest(Claim(page, make.state(page)), fetched, Parsed("page", (ONE,)), (), RULES, NOW, 0.0)

    assert outcome.announced == ()


def test_cut_unchanged_and_not_modified_answers_leave_the_known_hub_alone() -> None:
    claim = Claim(FEED, make.state(FEED, body_hash="hash"))
    fetched = Fetched(FEED.id, FEED.url, b"x", "hash")
    cut = digest(claim, replace(fetched, whole=False), Parsed("rss", (ONE,)), (), RULES, NOW, 0.0)
    not_modified = digest(claim, NotModified(FEED.id), None, (), RULES, NOW, 0.0)
    unchanged = digest(claim, fetched, None, (), RULES, NOW, 0.0)
    unchanged_with_header = digest(claim, replace(fetched, hub=HEADER), None, (), RULES, NOW, 0.0)

    assert [cut.announced, not_modified.announced, unchanged.announced] == [None] * 3
    assert unchanged_with_header.announced == (HEADER,)


# --- how polls check the hub -----------------------------------------------------------------------------------


def test_a_second_poll_that_finds_unpushed_entries_ends_the_slow_polling() -> None:
    first = polled(ONE, pushed=PUSHED)
    second = polled(ONE, pushed=replace(PUSHED, misses=1))

    assert (first.unpushed, second.unpushed) == (True, True)
    assert first.state.next_poll_at == NOW + 4 * FEED.every
    assert second.state.next_poll_at <= NOW + FEED.every


def test_a_poll_without_new_entries_keeps_the_slow_polling() -> None:
    claim = Claim(FEED, make.state(FEED, document_at=at(-1), entries=1), pushed=PUSHED)
    fetched = Fetched(FEED.id, FEED.url, b"x", "hash")

    outcome = digest(claim, fetched, Parsed("rss", (ONE,)), (known(ONE),), RULES, NOW, 0.0)
    not_modified = digest(claim, NotModified(FEED.id), None, (), RULES, NOW, 0.0)

    assert not outcome.unpushed
    assert not not_modified.unpushed
    assert outcome.state.next_poll_at == not_modified.state.next_poll_at == NOW + 4 * FEED.every


def test_a_poll_of_a_feed_without_a_hub_reports_nothing_unpushed() -> None:
    assert not polled(ONE).unpushed


# --- what a push changes ---------------------------------------------------------------------------------------


def test_the_entries_of_a_push_are_recorded_and_the_new_ones_counted() -> None:
    outcome = push(Parsed("rss", (ONE, TWO)), known(ONE))

    assert (outcome.n, outcome.feed_id, outcome.taken, outcome.news) == (7, FEED.id, True, 1)
    assert [headline.title for headline in outcome.headlines] == [TWO.title]
    assert [sighting.entry_key for sighting in outcome.sightings] == [entry for entry, _ in keys_of((ONE, TWO))]


def test_an_entry_has_the_same_keys_and_id_by_push_and_by_poll() -> None:
    by_poll, by_push = polled(ONE), push(Parsed("rss", (ONE,)))

    assert by_push.sightings == by_poll.sightings
    assert by_push.headlines == by_poll.headlines


def test_a_cut_push_keeps_its_entries_and_is_a_hint() -> None:
    outcome = push(Parsed("rss", (ONE,), whole=False))

    assert (outcome.taken, outcome.news) == (False, 1)


def test_a_push_without_entries_is_a_hint() -> None:
    assert push(Parsed("rss", ())) == PushOutcome(7, FEED.id, taken=False)


def test_an_unreadable_push_is_a_hint_and_harmful_only_if_it_broke_its_parser() -> None:
    outcomes = {reason: push(ParseFailed(reason)) for reason in Reason}

    assert not any(outcome.taken or outcome.sightings for outcome in outcomes.values())
    assert {reason for reason, outcome in outcomes.items() if outcome.harmful} == {
        Reason.PARSE_CRASHED,
        Reason.PARSE_TIMEOUT,
    }
