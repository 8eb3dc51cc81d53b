"""Round trips of rows and cursors, and the locks: property tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import make
from wirekin.errors import BadRequest
from wirekin.model import Feed, FeedKind, Headline, Image, Precision, Publisher, Selectors
from wirekin.store._cursor import cursor_of, key_after
from wirekin.store._locks import holder_of, lock, lock_file, try_lock
from wirekin.store._rows import feed_config, feed_from, headline_from, headline_row, instant, micros, storable

instants = st.datetimes(timezones=st.just(UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(instants)
def test_an_instant_is_kept_to_the_microsecond(at: datetime) -> None:
    assert instant(micros(at)) == at


@given(instants, st.timedeltas(timedelta(), timedelta(hours=14)))
def test_stored_instants_sort_in_the_order_of_time(at: datetime, more: timedelta) -> None:
    later = at + more if at.year < 9999 else at

    assert (micros(later) > micros(at)) == (later > at)


@given(
    st.builds(
        Feed,
        id=st.just(make.feed().id),
        url=texts,
        kind=st.sampled_from(FeedKind),
        name=texts,
        host=texts,
        every=st.timedeltas(timedelta(), timedelta(days=999)),
        publisher=st.none() | st.builds(Publisher, texts, texts, st.booleans()),
        topics=st.frozensets(texts, max_size=3),
        keep_unmatched=st.booleans(),
        lang=st.none() | texts,
        select=st.none() | st.builds(Selectors, texts, st.none() | texts),
        allow_private=st.frozensets(texts, max_size=2),
        rules_hash=texts,
    )
)
def test_every_feed_survives_a_round_trip(feed: Feed) -> None:
    assert feed_from(feed_config(feed)) == feed


@given(
    st.builds(
        Headline,
        id=st.just(make.headline().id),
        url=texts,
        title=texts,
        publisher=st.builds(Publisher, texts, texts, st.booleans()),
        first_seen_at=instants,
        link=texts,
        canonical_url=st.none() | texts,
        summary=texts,
        lang=st.none() | texts,
        published_at=st.none() | instants,
        precision=st.sampled_from(Precision),
        image=st.none() | st.builds(Image, st.text("a/:.", min_size=1), st.integers(0, 9999), st.integers(0, 9999)),
        topics=st.lists(texts, max_size=3).map(tuple),
        categories=st.lists(texts, max_size=3).map(tuple),
        wire=st.none() | texts,
    )
)
def test_every_headline_survives_a_round_trip(headline: Headline) -> None:
    assert headline_from(headline_row(headline)) == headline


@given(st.text())
def test_any_text_becomes_encodable_as_utf8_and_valid_text_is_unchanged(text: str) -> None:
    kept = storable(text)

    kept.encode()
    assert kept == text or any("\ud800" <= letter <= "\udfff" for letter in text)


@given(
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text("0123456789abcdef", max_size=20),
)
def test_a_cursor_decodes_to_the_key_it_was_made_from(number: int, score: float, name: str) -> None:
    key = (number, score, name)

    assert key_after(cursor_of("list", key), "list", int, float, str) == key


@given(st.text())
def test_arbitrary_text_as_a_cursor_is_a_bad_request(text: str) -> None:
    with pytest.raises(BadRequest, match="use `next`"):
        key_after(text, "list", int, int)


def test_without_a_cursor_a_list_starts_at_its_beginning() -> None:
    assert key_after(None, "list", int) is None


def test_a_lock_file_names_its_holder_and_nothing_of_a_longer_earlier_name(tmp_path: Path) -> None:
    file = lock_file(tmp_path / "w.db", "group")
    assert file.name == "w.db.group.lock"
    assert holder_of(file) == "another process"

    with try_lock(file, note="pid 1234567 since long ago") as first:
        assert first
        assert holder_of(file) == "pid 1234567 since long ago"
    with try_lock(file, note="pid 1") as second:
        assert second
        assert holder_of(file) == "pid 1"
        with try_lock(file, note="pid 2") as third:
            assert not third
        assert holder_of(file) == "pid 1"


def test_a_lock_that_is_held_cannot_be_taken_by_try_lock(tmp_path: Path) -> None:
    file = lock_file(tmp_path / "w.db", "migrate")

    with lock(file), try_lock(file) as mine:
        assert not mine
