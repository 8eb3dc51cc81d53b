"""Header hints about the next request, from servers that lie, err and exaggerate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from make import NOW
from wirekin.fetch._hints import MAX_RETRY_AFTER, hints_of
from wirekin.model import HttpHints

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
AT_TEN = "Sun, 22 Nov 2026 10:00:00 GMT"
AT_ELEVEN = "Sun, 22 Nov 2026 11:00:00 GMT"


@pytest.mark.parametrize(
    ("control", "age", "max_age"),
    [
        ("max-age=60", "", MINUTE),
        ("public, MAX-AGE = 60, s-maxage=900", "", MINUTE),
        ('max-age="60"', "", MINUTE),
        ("max-age=60, max-age=900", "", MINUTE),
        ("max-age=60", "20", timedelta(seconds=40)),
        ("max-age=60", "90", timedelta()),
        ("max-age=60", "soon", MINUTE),
        ("max-age=60", "\u00b2", MINUTE),  # a digit for str.isdigit, but not for int
        ("max-age=0", "", timedelta()),
        ("s-maxage=60", "", None),
        ("x-max-age=60", "", None),
        ("max-age=-1", "", None),
        ("max-age=soon", "", None),
        ("no-cache, max-age=60", "", None),
        ("max-age=60, no-store", "", None),
        ("max-age=" + "9" * 5000, "", timedelta(seconds=2**31)),
    ],
)
def test_max_age_is_reduced_by_age(control: str, age: str, max_age: timedelta | None) -> None:
    assert hints_of({"cache-control": control, "age": age}, NOW).max_age == max_age


@pytest.mark.parametrize(
    ("expires", "date", "control", "left"),
    [
        (AT_ELEVEN, AT_TEN, "", HOUR),
        (AT_ELEVEN, "", "", HOUR),  # relative to our clock
        (AT_ELEVEN, "Sun, 22 Nov 2026 10:59:00 GMT", "", MINUTE),  # relative to theirs, which differs
        ("Sunday, 22-Nov-26 11:00:00 GMT", AT_TEN, "", HOUR),
        ("Sun Nov 22 11:00:00 2026", AT_TEN, "", HOUR),
        ("Sun, 22 Nov 2026 13:00:00 +0200", AT_TEN, "", HOUR),
        (AT_TEN, AT_ELEVEN, "", None),
        ("0", AT_TEN, "", None),
        ("-1", AT_TEN, "", None),
        ("Sun, 31 Feb 2026 11:00:00 GMT", AT_TEN, "", None),
        ("Sun, 22 Nov 99999999999 11:00:00 GMT", AT_TEN, "", None),
        (AT_ELEVEN, AT_TEN, "no-cache", None),
        (AT_ELEVEN, AT_TEN, "max-age=60", None),  # RFC 9111 5.3: max-age overrides
    ],
)
def test_expires_is_relative_to_date(expires: str, date: str, control: str, left: timedelta | None) -> None:
    headers = {"expires": expires, "date": date, "cache-control": control}

    assert hints_of(headers, NOW).expires_in == left


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("60", MINUTE),
        (" 60 ", MINUTE),
        ("0", timedelta()),
        (AT_ELEVEN, HOUR),
        ("Sun, 22 Nov 2026 09:00:00 GMT", timedelta()),
        ("604801", MAX_RETRY_AFTER),
        ("9" * 5000, MAX_RETRY_AFTER),
        ("Sun, 22 Nov 2099 11:00:00 GMT", MAX_RETRY_AFTER),
        ("-60", None),
        ("1.5", None),
        ("٣", None),
        ("", None),
        ("tomorrow", None),
        ("Sun, 22 Nov 2026", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_at_most_a_week(value: str, wait: timedelta | None) -> None:
    assert hints_of({"retry-after": value}, NOW).retry_after == wait


def test_without_hint_headers_there_are_no_hints() -> None:
    assert hints_of({"content-type": "text/xml", "age": "5"}, NOW) == HttpHints()


@given(
    st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age", "retry-after"]), st.text(max_size=70))
)
def test_arbitrary_headers_never_raise_and_give_bounded_hints(headers: dict[str, str]) -> None:
    hints = hints_of(headers, NOW)

    assert hints.retry_after is None or timedelta() <= hints.retry_after <= MAX_RETRY_AFTER
    assert hints.max_age is None or hints.max_age >= timedelta()
    assert hints.expires_in is None or hints.expires_in > timedelta()
