"""Where a feed lives now: a permanent redirect is believed once it has proved itself, for as long as it works.

::

    a permanent redirect to what could be read -> watched: which target, since when, for how many polls in a row
    5 such polls over 3 days                   -> believed: from now on the feed is asked there
    any other answer in between                -> from the beginning
    a temporary failure                        -> as though there had been no poll
    a believed address fails                   -> asked again where feeds.yml says

Neither feeds.yml nor the id of a feed ever changes. Sources: RFC 9110 sections 15.4.2 and 15.4.9 (301 and 308 are
permanent, and a client may use the new address), requirement A9.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from wirekin import urls
from wirekin.model import Feed, FeedHints, FeedId, FeedReport, FeedState, Subscription
from wirekin.schedule import FLOOR, Severity, health, out_of_skips, severity

PROOF_POLLS = 5  # in a row (A9): a site in trouble redirects everything for an afternoon
PROOF_TIME = timedelta(days=3)  # A9; as long as the longest holiday on which nobody mends a server


def on_answer(feed: Feed, state: FeedState, moved_to: str | None, *, read: bool, now: datetime) -> FeedState:
    """The state after a 200 or a 304.

    Args:
        state: as the schedule left it; its `moved_*` fields are still those of before this poll.
        moved_to: where the redirects led, if every hop was permanent; else None.
        read: whether the target was read whole, now or (by a 304, or by the same bytes) when it was last fetched.

    """
    target = moved_to if moved_to and not _is_downgrade(feed, state, moved_to) else None
    if target is None or (target != state.moved_to and not read):
        return _unwatched(state)
    if not read:  # a body cut short proves nothing, and denies nothing
        return state
    if target != state.moved_to or state.moved_since is None:
        return state.but(moved_to=target, moved_since=now, moved_polls=1)
    polls = state.moved_polls + 1
    if polls < PROOF_POLLS or now - state.moved_since < PROOF_TIME:
        return state.but(moved_polls=polls)
    is_home = urls.request_key(target) == urls.request_key(feed.url)
    return _unwatched(state).but(address=None if is_home else target)


def on_failure(feed: Feed, state: FeedState, now: datetime) -> FeedState:
    """The state after a poll that failed, as the schedule left it.

    Where the believed address is given up, the configured one is asked soon, but for skipHours and skipDays: it has not
    failed.
    """
    if state.address is not None and has_failed(state, now):
        soon = max(now + max(feed.every, FLOOR), state.hold_until or now)
        skipped = FeedHints(skip_hours=state.skip_hours, skip_days=state.skip_days)
        return _unwatched(state).but(address=None, next_poll_at=out_of_skips(soon, skipped))
    return state if state.reason is None or severity(state.reason) is Severity.TEMPORARY else _unwatched(state)


def has_failed(state: FeedState, now: datetime) -> bool:
    """Whether a believed address is to be given up: its failure is not temporary, or has lasted for PROOF_TIME."""
    if state.reason is None or state.failing_since is None:
        return False
    return severity(state.reason) is not Severity.TEMPORARY or now - state.failing_since >= PROOF_TIME


def _is_downgrade(feed: Feed, state: FeedState, target: str) -> bool:
    """Whether the move leads from https to http, where others may listen unnoticed."""
    asked = (feed.url, state.address or "")
    return not target.startswith("https:") and any(url.lower().startswith("https:") for url in asked)


def _unwatched(state: FeedState) -> FeedState:
    if state.moved_to is None and state.moved_since is None and not state.moved_polls:
        return state  # as for nearly every poll; a copy takes 2 us
    return state.but(moved_to=None, moved_since=None, moved_polls=0)


# --- feeds that meet ----------------------------------------------------------------------------------------------


def same_feeds(feeds: Sequence[tuple[Feed, str | None]]) -> dict[FeedId, FeedId]:
    """Which feeds have become one: merged feed -> the feed that is polled in its place.

    Kept is the feed that is configured at the address where the others live now, else the eldest of them. Two pages
    with different selectors are not the same.

    Args:
        feeds: the configured ones, the eldest first, each with its believed address.

    """
    turn = {feed.id: place for place, (feed, _) in enumerate(feeds)}
    owners = {_reading(feed.url, feed): feed.id for feed, _ in reversed(feeds)}
    leads = {feed.id: _reading(address, feed) for feed, address in feeds if address}
    eldest = {reading: key for key, reading in reversed(leads.items())}

    def kept(key: FeedId) -> FeedId:
        way = [key]
        while (reading := leads.get(way[-1])) is not None:
            following = owners.get(reading)
            if following is None:
                return eldest[reading]
            if following in way:  # they point to one another in a circle: the eldest is kept
                return min(way[way.index(following) :], key=turn.__getitem__)
            way.append(following)
        return way[-1]

    return {key: other for key in leads if (other := kept(key)) != key}


def joined(feed: Feed, merged: Collection[Feed]) -> Feed:
    """The feed as it is polled for merged ones too: it keeps what each of them would, under the topics of all."""
    if not merged:
        return feed
    return replace(
        feed,
        every=min(feed.every, *(other.every for other in merged)),
        article_details=max(feed.article_details, *(other.article_details for other in merged)),
        topics=feed.topics.union(*(other.topics for other in merged)),
        keep_unmatched=feed.keep_unmatched or any(other.keep_unmatched for other in merged),
        rules_hash="+".join([feed.rules_hash, *sorted(other.rules_hash for other in merged)]),
    )


def reports(
    rows: Sequence[tuple[Feed, FeedState, int, tuple[int, ...]]],
    pushed: Mapping[FeedId, Subscription],
    now: datetime,
) -> tuple[FeedReport, ...]:
    """The report on each feed; a merged feed has the health of the one that is polled in its place.

    Args:
        rows: feed, state, headlines kept now, new ones a day; as `Reader.feeds` gives them.
        pushed: our subscriptions at hubs.

    """
    kept = {feed.id: (feed.name, state) for feed, state, *_ in rows}
    found = []
    for feed, state, headlines, recent in rows:
        name, polled = kept.get(state.merged_into or feed.id, ("", state))
        same_as = name if state.merged_into else ""
        push = pushed.get(feed.id)
        found.append(FeedReport(feed, state, health(polled, now), headlines, recent, push, same_as))
    return tuple(found)


def _reading(url: str, feed: Feed) -> tuple[str, object]:
    return urls.request_key(url), feed.select
