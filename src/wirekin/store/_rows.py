"""Convert values to rows and rows to values: the only place that knows the column order.

An instant is INTEGER microseconds since 1970 UTC, exact both ways; an enumeration is its text; a set is a sorted
JSON array, so that equal values are equal rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeVar

from wirekin.model import (
    Canary,
    CanonicalUrl,
    Feed,
    FeedId,
    FeedKind,
    FeedState,
    Headline,
    HeadlineId,
    Image,
    Precision,
    Publisher,
    Reason,
    Selectors,
    TopicSlug,
)

Row = tuple[Any, ...]  # what sqlite3 returns: the column lists below give the types
A = TypeVar("A")
B = TypeVar("B")

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_INT64: Final = 1 << 63  # SQLite's limit; an image may claim a larger width
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Convert an aware instant to microseconds since 1970 UTC."""
    return (instant - EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """Convert microseconds since 1970 UTC to an aware instant: the inverse of `micros`."""
    return EPOCH + value * _MICROSECOND


def _micros_of(duration: timedelta) -> int:
    return duration // _MICROSECOND


def _duration(value: int) -> timedelta:
    return timedelta(microseconds=value)


def storable(text: str) -> str:
    """Replace lone surrogates by U+FFFD: UTF-8 cannot encode them, and one would roll back a whole batch of polls."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _storable_row(*values: Any) -> Row:
    return tuple(
        [
            v if v is None else storable(v) if isinstance(v, str) else _int64(v) if isinstance(v, int) else v
            for v in values
        ]
    )


def _int64(value: int) -> int:
    return value if -_INT64 <= value < _INT64 else min(max(value, -_INT64), _INT64 - 1)


def _maybe(convert: Callable[[A], B], value: A | None) -> B | None:
    return None if value is None else convert(value)


_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # `dumps` makes one at each call


@lru_cache(4096)  # a database has few combinations of topics, categories and languages
def strings(text: str) -> tuple[str, ...]:
    """The strings of a JSON array."""
    return tuple(json.loads(text))


@lru_cache(1024)  # most feeds skip nothing
def numbers(text: str) -> frozenset[int]:
    """The numbers of a JSON array."""
    return frozenset(json.loads(text)) if text != "[]" else frozenset()


def json_strings(values: Sequence[str]) -> str:
    """A JSON array of strings."""
    return _json(list(values)) if values else "[]"


# --- feeds -----------------------------------------------------------------------------------------------------


def feed_config(feed: Feed) -> str:
    """A feed as the JSON of `feeds.config`."""
    return _json(
        {
            "id": feed.id,
            "url": feed.url,
            "kind": feed.kind,
            "name": feed.name,
            "host": feed.host,
            "every": _micros_of(feed.every),
            "publisher": _maybe(asdict, feed.publisher),
            "topics": sorted(feed.topics),
            "keep_unmatched": feed.keep_unmatched,
            "lang": feed.lang,
            "select": _maybe(asdict, feed.select),
            "allow_private": sorted(feed.allow_private),
            "article_details": feed.article_details,
            "rules_hash": feed.rules_hash,
        }
    )


@lru_cache(4096)  # read at each claim, but changed only by hand
def feed_from(config: str) -> Feed:
    """The feed that `feed_config` wrote."""
    row = json.loads(config)
    return Feed(
        id=FeedId(row["id"]),
        url=row["url"],
        kind=FeedKind(row["kind"]),
        name=row["name"],
        host=row["host"],
        every=_duration(row["every"]),
        publisher=_maybe(lambda fields: Publisher(**fields), row["publisher"]),
        topics=frozenset(row["topics"]),
        keep_unmatched=row["keep_unmatched"],
        lang=row["lang"],
        select=_maybe(lambda fields: Selectors(**fields), row["select"]),
        allow_private=frozenset(row["allow_private"]),
        article_details=row.get("article_details", 0),  # missing in databases from before 2026-11-25
        rules_hash=row["rules_hash"],
    )


STATE_WRITTEN: Final = (
    's.next_poll_at, s.etag, s.last_modified, s.body_hash, s.rules_hash, s."interval", s.hold_until, s.failures, '
    "s.failing_since, s.reason, s.detail, s.gone_days, s.moved_to, s.last_polled_at, s.last_ok_at, s.last_new_at, "
    "s.document_at, s.entries, s.delivered, s.missed_polls, s.ttl, s.skip_hours, "
    "s.skip_days, s.document_url, s.moved_since, s.moved_polls, s.address, s.canary"
)
"""The columns of `feed_states as s` that `state_row` holds, in this order."""

STATE_COLUMNS: Final = STATE_WRITTEN + ", s.merged_into"
"""The columns that `state_from` reads; only the store itself writes merged_into, never a poll."""


def state_row(state: FeedState) -> Row:
    """Convert a state to a row in the order of STATE_WRITTEN."""
    return _storable_row(
        micros(state.next_poll_at),
        state.etag,
        state.last_modified,
        state.body_hash,
        state.rules_hash,
        _maybe(_micros_of, state.interval),
        _maybe(micros, state.hold_until),
        state.failures,
        _maybe(micros, state.failing_since),
        state.reason,
        state.detail,
        state.gone_days,
        state.moved_to,
        _maybe(micros, state.last_polled_at),
        _maybe(micros, state.last_ok_at),
        _maybe(micros, state.last_new_at),
        _maybe(micros, state.document_at),
        state.entries,
        state.delivered,
        state.missed_polls,
        _maybe(_micros_of, state.ttl),
        _json(sorted(state.skip_hours)) if state.skip_hours else "[]",
        _json(sorted(state.skip_days)) if state.skip_days else "[]",
        state.document_url,
        _maybe(micros, state.moved_since),
        state.moved_polls,
        state.address,
        _canary_text(state.canary),
    )


def state_from(feed_id: FeedId, row: Row) -> FeedState:
    """Convert a row of STATE_COLUMNS to the state of a feed."""
    return FeedState(
        feed_id=feed_id,
        next_poll_at=instant(row[0]),
        etag=row[1],
        last_modified=row[2],
        body_hash=row[3],
        rules_hash=row[4],
        interval=_maybe(_duration, row[5]),
        hold_until=_maybe(instant, row[6]),
        failures=row[7],
        failing_since=_maybe(instant, row[8]),
        reason=_maybe(Reason, row[9]),
        detail=row[10],
        gone_days=row[11],
        moved_to=row[12],
        last_polled_at=_maybe(instant, row[13]),
        last_ok_at=_maybe(instant, row[14]),
        last_new_at=_maybe(instant, row[15]),
        document_at=_maybe(instant, row[16]),
        entries=row[17],
        delivered=row[18],
        missed_polls=row[19],
        ttl=_maybe(_duration, row[20]),
        skip_hours=numbers(row[21]),
        skip_days=numbers(row[22]),
        document_url=row[23],
        moved_since=_maybe(instant, row[24]),
        moved_polls=row[25],
        address=row[26],
        canary=_canary_from(row[27]) if row[27] else Canary(),
        merged_into=_maybe(FeedId, row[28]),
    )


def _canary_text(canary: Canary) -> str | None:
    if canary == Canary():
        return None
    changed_at = _maybe(micros, canary.changed_at)
    return _json([canary.counts, canary.shape, canary.fallen, canary.found, changed_at])


def has_changed(canary: str | None) -> bool:
    """Return whether a row's canary says that the page's layout has changed."""
    return canary is not None and _canary_from(canary).changed_at is not None


def _canary_from(text: str) -> Canary:
    counts, shape, fallen, found, changed_at = json.loads(text)
    return Canary(tuple(counts), shape, fallen, found, _maybe(instant, changed_at))


# --- headlines -------------------------------------------------------------------------------------------------

HEADLINE_COLUMNS: Final = (
    "h.id, h.url, h.title, h.publisher_name, h.publisher_domain, h.publisher_wire, h.first_seen_at, h.link, "
    "h.canonical_url, h.summary, h.lang, h.published_at, h.precision, h.image_url, h.image_width, h.image_height, "
    "h.topics, h.categories, h.wire, h.voice"
)
"""The columns of `headlines as h` that `headline_from` reads and `headline_row` writes, in this order."""

HEADLINE_WIDTH: Final = HEADLINE_COLUMNS.count(",") + 1

ROW_OF_ID: Final = (
    "coalesce((select n from headlines where id = :id), (select headline_n from headline_aliases where alias = :id))"
)
"""The row number of the headline with this id or alias."""

HAS_TOPIC: Final = (
    "exists (select 1 from headline_topics as t "
    "where t.topic = :topic and t.happened_at = h.happened_at and t.headline_n = h.n)"
)
"""Whether `headlines as h` is about :topic."""


def headline_row(headline: Headline) -> Row:
    """Convert a headline to a row in the order of HEADLINE_COLUMNS."""
    image = headline.image or Image("")
    return _storable_row(
        headline.id,
        headline.url,
        headline.title,
        headline.publisher.name,
        headline.publisher.domain,
        int(headline.publisher.wire),
        micros(headline.first_seen_at),
        headline.link,
        headline.canonical_url,
        headline.summary,
        headline.lang,
        _maybe(micros, headline.published_at),
        headline.precision,
        image.url or None,
        image.width,
        image.height,
        json_strings(headline.topics),
        json_strings(headline.categories),
        headline.wire,
        headline.voice,
    )


_PRECISIONS: Final = {each.value: each for each in Precision}  # `Precision(value)` takes ten times as long


@lru_cache(4096)
def _publisher(name: str, domain: str, wire: int) -> Publisher:
    return Publisher(name, domain, bool(wire))


def headline_from(row: Row) -> Headline:
    """Convert the first columns of a row, HEADLINE_COLUMNS, to a headline; further columns are the caller's."""
    return Headline(
        id=HeadlineId(row[0]),
        url=row[1],
        title=row[2],
        publisher=_publisher(row[3], row[4], row[5]),
        first_seen_at=instant(row[6]),
        link=row[7],
        canonical_url=_maybe(CanonicalUrl, row[8]),
        summary=row[9],
        lang=row[10],
        published_at=_maybe(instant, row[11]),
        precision=_PRECISIONS[row[12]],
        image=Image(row[13], row[14], row[15]) if row[13] else None,
        topics=tuple(map(TopicSlug, strings(row[16]))),
        categories=strings(row[17]),
        wire=row[18],
        voice=row[19],
    )
