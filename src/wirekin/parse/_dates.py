"""Parse dates as publishers write them: RFC 822, ISO 8601, W3CDTF and their sloppy relatives, strictly validated.

A known format with impossible values (0000-00-00, 30 February, year 1 or 9999) gives a Stamp without an instant:
feedparser would return year -1 and 1 March (measured on 6.0.14). An unknown format gives None, so that the caller can
try another parser.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

from wirekin.model import Precision

EARLIEST = datetime(1970, 1, 3, tzinfo=UTC)  # after the epoch in any zone, which software writes for "not set"
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MAX_CHARS = 80  # the longest date of the corpus has 78 (2026-11)


class Stamp(NamedTuple):
    """A date in a known format. `at` is None if its values are impossible.

    `offset` is the UTC offset of the zone that it was written in.
    """

    at: datetime | None
    precision: Precision = Precision.INSTANT
    offset: timedelta = timedelta(0)


NO_DATE = Stamp(None)

# Hours east of UTC. The first two lines are RFC 822's own; the others are what news sites write.
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "et": -5, "ct": -6, "mt": -7, "pt": -8, "ast": -4, "adt": -3,
    "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "eet": 2, "eest": 3, "msk": 3, "trt": 3,
    "мск": 3, "idt": 3, "irst": 3.5, "pkt": 5, "sgt": 8, "hkt": 8, "awst": 8, "jst": 9, "kst": 9, "aest": 10,
    "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip
_MONTHS = {
    name: at
    for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}

_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{1,2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?(?![a-z]))?\s*(?P<zone>[a-z/ ]{0,30}?[+-]\d{1,2}:?\d{0,2}|[a-z]{1,5}|мск)?"
    r"(?:\s*\([^)]*\))?"
)
_DAY_NAME = r"(?:[a-z]{2,9}\.?(?:\s*,\s*|\s+))?"
_NUMERIC = rf"(?P<year>\d{{4}})([-/.]?)(?P<month>\d{{2}})\2(?P<day>\d{{2}})(?:[t_ ,]+{_CLOCK})?$"
_COMPACT = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[t ]?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?"
    r"(?P<half>x)?(?P<zone>z|[+-]\d{2}:?\d{0,2})?$"
)
_DAY_FIRST = (
    rf"{_DAY_NAME}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s./-]+(?P<name>[a-z]{{3,9}})\.?,?[\s./-]+"
    rf"(?P<year>\d{{4}}|\d{{2}})(?:,?\s+(?:(?:at|[-–])\s+)?{_CLOCK})?$"
)
_MONTH_FIRST = (
    rf"{_DAY_NAME}(?P<name>[a-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
    rf"(?:,?\s+(?:(?:at|[-–])\s+)?{_CLOCK})?$"
)
_ASCTIME = rf"{_DAY_NAME}(?P<name>[a-z]{{3}})\s+(?P<day>\d{{1,2}})\s+{_CLOCK}\s+(?P<year>\d{{4}})$"
_DOTTED = rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}})(?:,?\s+{_CLOCK})?$"
_SHAPES = tuple(map(re.compile, (_NUMERIC, _COMPACT, _DAY_FIRST, _MONTH_FIRST, _ASCTIME, _DOTTED)))

# RFC 822 and RFC 3339 in their usual forms: 990 of 1,029 dates of news feeds (2026-11).
_COMMON = re.compile(
    r"[A-Z][a-z]{2}, (?P<day>\d\d?) (?P<name>[A-Z][a-z]{2}) (?P<year>\d{4}) (?P<clock>\d\d:\d\d:\d\d) "
    r"(?P<zone>GMT|[+-]\d{4})|(?P<local>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?P<offset>Z|[+-]\d\d:\d\d)",
    re.ASCII,
)
_MONTH_NUMBERS = {name.capitalize(): f"{number:02d}" for name, number in _MONTHS.items()}


def read_date(value: str) -> Stamp | None:
    """Parse a written date.

    Returns:
        A stamp in UTC, or None for an unknown format. `at` is None for an impossible date. The precision tells what
        was written: a time with a zone (INSTANT), a time without one (LOCAL, taken as UTC), or a bare date (DAY, its
        midnight in UTC).

    """
    return _read(value[:MAX_CHARS])


def is_believable(at: datetime) -> bool:
    """Return whether an article may have been published then; false for dates that software writes for "not set"."""
    return EARLIEST <= at < LATEST


def is_read(value: str) -> bool:
    """Return whether `read_date` knows the format; for most dates this takes a tenth of its time."""
    return _COMMON.fullmatch(value) is not None or read_date(value) is not None


@lru_cache(maxsize=512)  # a feed's date is parsed several times: as published, as updated, and by the fast path's check
def _read(value: str) -> Stamp | None:
    found = _COMMON.fullmatch(value)
    if found and (stamp := _common(found)):
        return stamp
    words = " ".join(value.lower().split())
    for shape in _SHAPES:
        if found := shape.match(words):
            return _stamp(found.groupdict())
    return None


def _common(found: re.Match[str]) -> Stamp | None:
    """Parse a common format without trying the others; None if anything about it is unusual."""
    day, name, year, clock, zone, local, offset = found.groups()
    if not local:
        local, offset = f"{year}-{_MONTH_NUMBERS.get(name)}-{day.zfill(2)}T{clock}", "Z" if zone == "GMT" else zone
    try:
        wall = datetime.fromisoformat(local + offset)
        at = wall if wall.tzinfo is UTC else wall.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Stamp(at, Precision.INSTANT, _offset(wall)) if EARLIEST <= at < LATEST else None


def _offset(wall: datetime) -> timedelta:
    return wall.utcoffset() or timedelta(0)


def _stamp(part: dict[str, str | None]) -> Stamp:
    month = int(part["month"] or 0) if "month" in part else _MONTHS.get((part.get("name") or "")[:3], 0)
    year = int(part["year"] or 0)
    if len(part["year"] or "") == 2:
        year += 1900 if year >= 90 else 2000
    try:
        day = datetime(year, month, int(part["day"] or 0), tzinfo=UTC)
        return _bounded(day, part)
    except (ValueError, OverflowError):
        return NO_DATE


def _bounded(day: datetime, part: dict[str, str | None]) -> Stamp:
    if part["hour"] is None:
        stamp = Stamp(day, Precision.DAY)
    else:
        wall = day.replace(tzinfo=None) + _clock(part)
        zone = _zone((part["zone"] or "").replace(" ", ""))
        local = wall.replace(tzinfo=UTC if zone is None else zone)
        precision = Precision.LOCAL if zone is None else Precision.INSTANT
        stamp = Stamp(local.astimezone(UTC), precision, _offset(local))
    return stamp if stamp.at is not None and EARLIEST <= stamp.at < LATEST else NO_DATE


def _clock(part: dict[str, str | None]) -> timedelta:
    hour, minute, second = int(part["hour"] or 0), int(part["minute"] or 0), int(part["second"] or 0)
    half = (part["half"] or "")[:1]
    if half in {"a", "p"}:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
        raise ValueError("no such time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))  # 60 is a leap second


@lru_cache(maxsize=128)  # a feed uses one or two
def _zone(name: str) -> timezone | None:
    name = name.removeprefix("etc/")
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name]))
    # "-040" and "+053" are -0400 and +0530 without their last digit; "+330" is a whole zone.
    found = re.fullmatch(r"[a-z]*([+-])(0\d)(\d)", name) or re.fullmatch(r"[a-z]*([+-])(\d{1,2}):?(\d{2})?", name)
    if not found:
        return None
    sign = -1 if found[1] == "-" else 1
    return timezone(sign * timedelta(hours=int(found[2]), minutes=int((found[3] or "").ljust(2, "0"))))


def read_parts(parts: tuple[int, ...] | None) -> datetime | None:
    """Return the instant of (year, month, day, hour, minute, second ...) in UTC; None if it is impossible."""
    if not parts:
        return None
    try:
        at = datetime(*parts[:6], tzinfo=UTC)  # type: ignore[misc, arg-type]  # six ints of a struct_time
    except (ValueError, TypeError, OverflowError):  # TypeError: feedparser keeps an element <published_parsed> as text
        return None
    return at if EARLIEST <= at < LATEST else None
