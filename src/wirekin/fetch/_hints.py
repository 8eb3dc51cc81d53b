"""What an answer's headers say about the next request (RFC 9110, RFC 9111)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from wirekin.model import HttpHints

NO_HINTS = HttpHints()
MAX_RETRY_AFTER = timedelta(days=7)  # requirement A5: no server may silence a feed for longer
MAX_SECONDS = 2**31  # RFC 9111 1.2.2: the value of a delta-seconds that is too large to hold

_MAX_AGE = re.compile(r'(?:^|[,\s])max-age\s*=\s*"?(\d+)', re.IGNORECASE)
_SAYS_NOTHING = re.compile(r"(?:^|[,\s])no-(?:store|cache)(?:$|[,\s])", re.IGNORECASE)


def hints_of(headers: Mapping[str, str], now: datetime) -> HttpHints:
    """The hints in the headers (names in lower case) of an answer that came at `now`."""
    control = headers.get("cache-control", "")
    if not control and "expires" not in headers and "retry-after" not in headers:
        return NO_HINTS
    max_age = _max_age(control, _age(headers))
    fresh_by_date = max_age is None and "expires" in headers and not _SAYS_NOTHING.search(control)
    return HttpHints(
        max_age=max_age,
        expires_in=_expires_in(headers, now) if fresh_by_date else None,  # RFC 9111 5.3: max-age overrides Expires
        retry_after=_retry_after(headers.get("retry-after", ""), now),
    )


def _max_age(control: str, age: timedelta) -> timedelta | None:
    """How long the answer stays fresh from now on.

    no-store and no-cache make any max-age beside them moot (they ask caches, not pollers, and say nothing of when
    there will be news); s-maxage speaks to shared caches.
    """
    found = _MAX_AGE.search(control)
    if found is None or _SAYS_NOTHING.search(control):
        return None
    return max(_seconds(found[1]) - age, timedelta())


def _expires_in(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    expires = _date(headers.get("expires", ""))
    if expires is None:
        return None  # RFC 9111 5.3: "0" and other garbage mean expired already
    sent_at = _date(headers.get("date", "")) or now  # the server's own clock, where it tells it
    left = expires - sent_at - _age(headers)
    return left if left > timedelta() else None


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """RFC 9110 10.2.3: seconds, or a date; None for garbage, zero for a date in the past."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        wait = _seconds(value)
    else:
        until = _date(value)
        if until is None:
            return None
        wait = until - now
    return min(max(wait, timedelta()), MAX_RETRY_AFTER)


def _age(headers: Mapping[str, str]) -> timedelta:
    value = headers.get("age", "").strip()
    return _seconds(value) if value.isascii() and value.isdigit() else timedelta()


def _seconds(digits: str) -> timedelta:
    # The length first: int() of more than 4,300 digits raises.
    return timedelta(seconds=min(int(digits), MAX_SECONDS) if len(digits) <= 10 else MAX_SECONDS)


def _date(value: str) -> datetime | None:
    """An HTTP date of any of the three forms of RFC 9110 5.6.7; None for garbage."""
    if len(value) < 8 or len(value) > 60:
        return None
    try:
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None
