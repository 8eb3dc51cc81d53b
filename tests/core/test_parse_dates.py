from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin.model import Precision
from wirekin.parse import _dates, _months


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("written", "expected", "precision"),
    [
        ("Sun, 22 Nov 2026 09:00:05 GMT", at(2026, 11, 22, 9, 0, 5), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00 +0330", at(2026, 11, 22, 5, 30), Precision.INSTANT),
        ("22 Nov 26 09:00 EST", at(2026, 11, 22, 14), Precision.INSTANT),
        ("sunday, 22 november 2026 9:00 pm CET", at(2026, 11, 22, 20), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00 GMT+02:00", at(2026, 11, 22, 7), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00 -0800 (PST)", at(2026, 11, 22, 17), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("Sun, 22 Nov 2026", at(2026, 11, 22), Precision.DAY),
        ("Sun Nov 22 09:00:00 PST 2026", at(2026, 11, 22, 17), Precision.INSTANT),
        ("November 22, 2026 at 9:05 am UTC", at(2026, 11, 22, 9, 5), Precision.INSTANT),
        ("Sunday, November 22, 2026 - 09:05", at(2026, 11, 22, 9, 5), Precision.LOCAL),
        ("Sun, 22 Nov 2026 - 09:05", at(2026, 11, 22, 9, 5), Precision.LOCAL),
        ("2026-11-22T09:00:00Z", at(2026, 11, 22, 9), Precision.INSTANT),
        ("2026-11-22T09:00:00.123+03:00", at(2026, 11, 22, 6), Precision.INSTANT),
        ("2026-11-22T09:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("2026-11-22 09:00:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("2026/11/22", at(2026, 11, 22), Precision.DAY),
        ("20261122", at(2026, 11, 22), Precision.DAY),
        ("20261122T090000Z", at(2026, 11, 22, 9), Precision.INSTANT),
        ("22.11.2026 09:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("2026-11-22T24:00:00Z", at(2026, 11, 23), Precision.INSTANT),
        ("2026-06-30T23:59:60Z", at(2026, 6, 30, 23, 59, 59), Precision.INSTANT),
    ],
)
def test_dates_are_read_with_their_precision(written: str, expected: datetime, precision: Precision) -> None:
    stamp = _dates.read_date(written)

    assert stamp is not None
    assert (stamp.at, stamp.precision) == (expected, precision)


@pytest.mark.parametrize(
    "written",
    [
        "0000-00-00",
        "0000-00-00T00:00:00Z",
        "2024-02-30",
        "30 Feb 2024 09:00:00 GMT",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "2026-13-01",
        "2026-11-22T25:00:00Z",
        "2026-11-22T09:61:00Z",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2026-11-22T09:00:00+99:00",
        "22 Foo 2026 09:00:00 GMT",
    ],
)
def test_what_cannot_be_is_no_date(written: str) -> None:
    stamp = _dates.read_date(written)

    assert stamp is not None
    assert stamp.at is None


@pytest.mark.parametrize("written", ["", "yesterday", "2 hours ago", "soon", "12/11/2026"])
def test_an_unknown_shape_is_left_to_other_readers(written: str) -> None:
    assert _dates.read_date(written) is None


@given(st.text(max_size=80))
def test_no_text_raises(written: str) -> None:
    _dates.read_date(written)
    _months.read_date(written)


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)))  # noqa: DTZ001 - a zone is added
def test_what_is_written_as_iso_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    stamp = _dates.read_date(moment.isoformat())

    assert stamp is not None
    assert stamp.at == moment


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("24 марта 2026, 08:22", at(2026, 3, 24, 8, 22)),
        ("16 de marzo de 2026", at(2026, 3, 16)),
        ("le 3 mars 2026 à 7h05", at(2026, 3, 3, 7, 5)),
        ("3. März 2026, 07:05 Uhr", at(2026, 3, 3, 7, 5)),
        ("10 مارس 2026 - 09:12", at(2026, 3, 10, 9, 12)),
        ("١٠ مارس ٢٠٢٦", at(2026, 3, 10)),
        ("10 במרץ 2026", at(2026, 3, 10)),
        ("10 Mart 2026", at(2026, 3, 10)),
        ("March 10, 2026", at(2026, 3, 10)),
        ("2026年3月10日 09:12", at(2026, 3, 10, 9, 12)),
        ("Stand: 25.03.2026", at(2026, 3, 25)),
        ("شنبه ۳۰ آبان ۱۴۰۵ ساعت ۰۸:۱۵", at(2026, 11, 21, 8, 15)),  # Iran's calendar
        ("1405/01/01", at(2026, 3, 21)),
        ("30 اسفند 1399", at(2021, 3, 20)),  # of a leap year
    ],
)
def test_dates_in_words_are_read(written: str, expected: datetime) -> None:
    stamp = _months.read_date(written)

    assert stamp is not None
    assert stamp.at == expected


@pytest.mark.parametrize("written", ["05/03/2026", "in March 2026", "30 اسفند 1405", "31 مهر 1405", "1405/13/01"])
def test_a_date_that_can_be_read_two_ways_or_cannot_be_stays_unread(written: str) -> None:
    stamp = _months.read_date(written)

    assert stamp is None or stamp.at is None


def test_parts_that_cannot_be_are_none() -> None:
    assert _dates.read_parts((2024, 2, 29, 1, 2, 3)) == at(2024, 2, 29, 1, 2, 3)
    assert _dates.read_parts((-1, 11, 30, 0, 0, 0)) is None
    assert _dates.read_parts(None) is None


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0530", "+2359", "+2400", "-9900"])
@pytest.mark.parametrize("date", ["02 Nov 2026 10:00:00", "31 Feb 2026 10:00:00", "02 Nov 2026 24:00:00",
                                  "02 Nov 2026 10:60:00", "02 Nov 2026 10:00:60", "01 Jan 0001 00:00:00",
                                  "31 Dec 9999 23:59:59", "01 Zok 2026 10:00:00"])  # fmt: skip
def test_the_common_shape_reads_as_the_general_one(date: str, zone: str) -> None:
    common, general = f"Mon, {date} {zone}", f"Mon , {date} {zone}"

    assert repr(_dates.read_date(common)) == repr(_dates.read_date(general))


@given(st.from_regex(_dates._COMMON, fullmatch=True))
def test_a_date_that_shows_its_shape_is_one_that_is_read(written: str) -> None:
    assert _dates.read_date(written) is not None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sun, 22 Nov 2026 09:00:05 GMT", True),
        ("22.11.2026", True),
        ("2004-05-25 \u110b 11:23:17", False),
        ("soon", False),
    ],
)
def test_whether_a_date_can_be_read_is_told_without_reading_it(written: str, expected: bool) -> None:
    assert _dates.is_read(written) is expected
