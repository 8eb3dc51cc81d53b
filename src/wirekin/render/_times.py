"""Format instants and spans independently of the locale."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(instant: datetime, day_only: bool = False) -> str:
    """22 Nov 2026, 10:00 UTC."""
    utc = instant.astimezone(UTC)
    return f"{day(instant)} {utc.year}" if day_only else f"{day(instant)} {utc.year}, {utc:%H:%M} UTC"


def clock_time(instant: datetime, day_only: bool = False) -> str:
    """2026-11-22 10:00 UTC, or 2026-11-22: for languages other than English."""
    return f"{instant.astimezone(UTC):{'%Y-%m-%d' if day_only else '%Y-%m-%d %H:%M UTC'}}"


def day(instant: datetime) -> str:
    """22 Nov."""
    utc = instant.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1]}"


def lag(span: timedelta) -> str:
    """Write a span in at most two units: "12 min later", "1 h 5 min later", "3 days later"."""
    minutes = int(span.total_seconds()) // 60
    hours = minutes // 60
    if minutes < 1:
        return "within a minute"
    if minutes < 60:
        return f"{minutes} min later"
    if hours >= 48:
        return f"{hours // 24} days later"
    return f"{hours} h later" if hours >= 12 or minutes % 60 == 0 else f"{hours} h {minutes % 60} min later"
