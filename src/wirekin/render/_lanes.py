"""The chart of a story: one lane per publisher, one mark per headline, with time from left to right.

This module computes geometry and labels; templates/_charts.html makes the SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from unicodedata import east_asian_width

from wirekin.model import Headline, HeadlineId, Member, Precision
from wirekin.render._times import day, lag, moment

MOST_LANES: Final = 12  # the chart fits one screen of a phone: 12 lanes of 30 px, 2026-11
MOST_TICKS: Final = 4  # at a width of 320 px a clock time takes an eighth
NAME_WIDTH: Final = 18  # letters; name and lag fit two thirds of the 288 px of a small phone, at 12 px

_EDGE: Final = 1.5  # percent of the width left free on either side, so that no mark is cut off
_GRAIN: Final = 0.5  # percent: closer marks are merged, so that a lane has at most some 200
_STEPS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160, 40_320)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A headline in its lane."""

    at: float  # percent of the width
    kind: str  # own; copy: another publisher's text; seen: undated, placed at the time when we first saw it


@dataclass(frozen=True, slots=True)
class Lane:
    """The reports of one publisher; the last lane may have those of all remaining publishers."""

    name: str
    lag: str  # behind the first report; "first" for the first report itself
    marks: tuple[Mark, ...]  # oldest first, at least one

    @property
    def begins(self) -> float:
        """The position of its first mark, in percent of the width."""
        return self.marks[0].at

    @property
    def anchor(self) -> str:
        """The SVG text-anchor of its label at that position, which leaves two thirds of the width for the label."""
        return "start" if self.begins < 33 else "middle" if self.begins < 67 else "end"

    @property
    def short(self) -> str:
        """The name, shortened to NAME_WIDTH letters."""
        return _short(self.name)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The chart: lanes in the order of their first reports, and the ticks of the time axis."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]  # (percent of the width, label)
    days: str  # the day of the first report and, if it differs, that of the last

    @property
    def has_copies(self) -> bool:
        """Whether any mark is a copy."""
        return any(mark.kind == "copy" for lane in self.lanes for mark in lane.marks)

    @property
    def said(self) -> str:
        """The chart in words, for screen readers."""
        return "; ".join(f"{lane.name}: {lane.lag}" for lane in self.lanes) + "."


def reported_at(headline: Headline) -> datetime | None:
    """Return when it was reported; None if the publisher gave only the day."""
    published = headline.published_at
    if headline.precision == Precision.DAY and published is not None and published <= headline.first_seen_at:
        return None
    return headline.happened_at


def behind_first(members: Sequence[Member]) -> dict[HeadlineId, timedelta]:
    """Return each headline's lag behind the first report, without headlines of unknown time."""
    timed = _timed(members)
    return {member.headline.id: instant - timed[0][0] for instant, member in timed}


def lags_of(members: Sequence[Member]) -> dict[HeadlineId, str]:
    """Return each headline's lag behind the first report in words: "first", "12 min later", "seen 2 h later"."""
    timed = _timed(members)
    if not timed:
        return {}
    start, first = timed[0]
    words = {member.headline.id: _seen(member.headline) + lag(instant - start) for instant, member in timed}
    words[first.headline.id] = f"{_seen(first.headline).strip()} first".strip() if len(timed) > 1 else ""
    return words


def first_two(members: Sequence[Member]) -> tuple[Headline | None, Headline | None]:
    """Return the first report, and the first of another publisher that is no copy; None for one that is missing."""
    timed = [member for _, member in _timed(members)]
    if not timed:
        return None, None
    first = timed[0].headline
    own = (member.headline for member in timed if member.copy_of is None)
    return first, next((one for one in own if one.publisher.name != first.publisher.name), None)


def lanes_of(members: Sequence[Member]) -> Lanes | None:
    """Make the chart of a story; None if it would be pointless: a single publisher, or all at one instant."""
    timed = _timed(members)
    if not timed or timed[0][0] == timed[-1][0]:
        return None
    start, span = timed[0][0], timed[-1][0] - timed[0][0]
    told: dict[str, list[tuple[float, Member]]] = {}
    for instant, member in timed:
        place = _EDGE + (100 - 2 * _EDGE) * ((instant - start) / span)
        told.setdefault(member.headline.publisher.name, []).append((place, member))
    if len(told) < 2:
        return None
    lags = lags_of(members)
    lanes = [Lane(name, lags[marks[0][1].headline.id], _marks(marks)) for name, marks in _fewer(told).items()]
    days = dict.fromkeys(moment(instant, day_only=True) for instant in (start, start + span))
    return Lanes(tuple(lanes), _ticks(start, span), " – ".join(days))


def _timed(members: Sequence[Member]) -> list[tuple[datetime, Member]]:
    timed = [(instant, member) for member in members if (instant := reported_at(member.headline)) is not None]
    return sorted(timed, key=lambda one: one[0])


def _seen(headline: Headline) -> str:
    return "seen " if _is_undated(headline) else ""


def _is_undated(headline: Headline) -> bool:
    return headline.published_at is None or headline.published_at > headline.first_seen_at


def _fewer(told: dict[str, list[tuple[float, Member]]]) -> dict[str, list[tuple[float, Member]]]:
    """Limit the lanes to MOST_LANES: the publishers that came last share one."""
    if len(told) <= MOST_LANES:
        return told
    names = list(told)
    late = names[MOST_LANES - 1 :]
    rest = sorted((one for name in late for one in told[name]), key=lambda one: one[0])
    return {**{name: told[name] for name in names[: MOST_LANES - 1]}, f"{len(late)} more": rest}


def _marks(told: Sequence[tuple[float, Member]]) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for place, member in told:
        if not marks or place - marks[-1].at >= _GRAIN:
            kind = "copy" if member.copy_of is not None else "seen" if _is_undated(member.headline) else "own"
            marks.append(Mark(round(place, 2), kind))
    return tuple(marks)


def _short(name: str) -> str:
    width, kept = 0, ""
    for char in name:
        width += 2 if east_asian_width(char) in "WF" else 1
        if width > NAME_WIDTH:
            return kept[:-1].rstrip() + "…"
        kept += char
    return kept


def _ticks(start: datetime, span: timedelta) -> tuple[tuple[float, str], ...]:
    """Return ticks at round instants in the span, at most MOST_TICKS, none so near an edge that its label is cut."""
    # A span beyond all steps comes from a forged date: it gets a few ticks, labelled with years.
    step = next((step for step in _STEPS if span / step <= MOST_TICKS), timedelta(days=span.days // MOST_TICKS + 1))
    midnight = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    number = (start - midnight) // step + 1
    ticks: list[tuple[float, str]] = []
    while (instant := midnight + number * step) < start + span:
        place = _EDGE + (100 - 2 * _EDGE) * ((instant - start) / span)
        if 7 <= place <= 93:
            ticks.append((round(place, 2), _label(instant) if step <= _STEPS[-1] else f"{instant.year}"))
        number += 1
    return tuple(ticks)


def _label(instant: datetime) -> str:
    """Return the clock time of a tick, or the day if it is midnight."""
    at_midnight = (instant.hour, instant.minute) == (0, 0)
    return day(instant) if at_midnight else f"{instant:%H:%M}"
