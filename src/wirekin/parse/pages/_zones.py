"""North American zones that do not name the season: "14:35 ET" is UTC-4 in summer and UTC-5 in winter."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

_ZONE = re.compile(r"\b([ECMP])T(?=\W*$)")  # Eastern, Central, Mountain, Pacific
_SUNDAY = 6
_NEW_RULE = 2007


def names_no_season(written: str) -> bool:
    """True for a time that ends with one of these zones."""
    return _ZONE.search(written) is not None


def in_season(written: str, *, summer: bool) -> str:
    """Replace the zone by that of the season: "14:35 ET" -> "14:35 EDT"."""
    return _ZONE.sub(r"\1DT" if summer else r"\1ST", written)


def is_summer(wall: datetime) -> bool:
    """True from the second Sunday of March to the first Sunday of November, each at two in the morning.

    This holds since 2007 (Energy Policy Act of 2005). From 1987 on it was the first Sunday of April to the last of
    October.
    """
    day = (wall - timedelta(hours=2)).date()
    if day.year < _NEW_RULE:
        return _sunday(day.year, 4, 1) <= day < _sunday(day.year, 11, 1) - timedelta(days=7)
    return _sunday(day.year, 3, 2) <= day < _sunday(day.year, 11, 1)


def _sunday(year: int, month: int, which: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (which - 1))
