"""A story as a picture: a lane a publisher, a mark a headline, left to right in time.

Geometry and words; the SVG is made by templates/_charts.html.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from unicodedata import east_asian_width

from wirekin.model import Headline, HeadlineId, Member, Precision
from wirekin.render._times import day, lag, moment

MOST_LANES: Final = 12  # a picture that fits one screen of a phone: 12 lanes of 30 px, 2026-11
MOST_TICKS: Final = 4  # at 320 px a clock time takes an eighth of the width
NAME_WIDTH: Final = 18  # letters; with the lag they fit two thirds of the 288 px of a small phone, at 12 px

_EDGE: Final = 1.5  # percent that stay free on either side, so that no mark is cut
_GRAIN: Final = 0.5  # percent: marks nearer than this are one, so that a lane has at most some 200
_STEPS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160, 40_320)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A headline in its lane."""

    at: float  # percent of the width
    kind: str  # own; copy: another's text; seen: undated, so that we know only when we saw it


@dataclass(frozen=True, slots=True)
class Lane:
    """What one publisher reported, or, at the end, all that have no lane of their own."""

    name: str
    lag: str  # behind the first report; "first" of that itself
    marks: tuple[Mark, ...]  # oldest first, at least one

    @property
    def begins(self) -> float:
        """Where its first mark is: percent of the width."""
        return self.marks[0].at

    @property
    def anchor(self) -> str:
        """How its label stands to that, so that two thirds of the width are free for it: start, middle, end."""
        return "start" if self.begins < 33 else "middle" if self.begins < 67 else "end"

    @property
    def short(self) -> str:
        """Its name in NAME_WIDTH letters."""
        return _short(self.name)


@dataclass(frozen=True, slots=True)
class Lanes:
    """The picture: lanes in the order of their first reports, and (percent, label) of the hours or days."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    days: str  # the day of the first report and, where it is another, that of the last

    @property
    def has_copies(self) -> bool:
        """Whether a mark stands for somebody else's text."""
        return any(mark.kind == "copy" for lane in self.lanes for mark in lane.marks)

    @property
    def said(self) -> str:
        """The picture in words, for those who do not see it."""
        return "; ".join(f"{lane.name}: {lane.lag}" for lane in self.lanes) + "."


def reported_at(headline: Headline) -> datetime | None:
    """When it was reported, as far as a clock time is known: None where the publisher gave only the day."""
    published = headline.published_at
    if headline.precision == Precision.DAY and published is not None and published <= headline.first_seen_at:
        return None
    return headline.happened_at


def behind_first(members: Sequence[Member]) -> dict[HeadlineId, timedelta]:
    """How long after the first report each headline came; without those whose clock time nobody gave."""
    timed = _timed(members)
    return {member.headline.id: instant - timed[0][0] for instant, member in timed}


def lags_of(members: Sequence[Member]) -> dict[HeadlineId, str]:
    """How long after the first report each headline came, in words: "first", "12 min later", "seen 2 h later"."""
    timed = _timed(members)
    if not timed:
        return {}
    start, first = timed[0]
    words = {member.headline.id: _seen(member.headline) + lag(instant - start) for instant, member in timed}
    words[first.headline.id] = f"{_seen(first.headline).strip()} first".strip() if len(timed) > 1 else ""
    return words


def first_two(members: Sequence[Member]) -> tuple[Headline | None, Headline | None]:
    """The first report, and the first that another publisher wrote itself; None where there is none with a time."""
    timed = [member for _, member in _timed(members)]
    if not timed:
        return None, None
    first = timed[0].headline
    own = (member.headline for member in timed if member.copy_of is None)
    return first, next((one for one in own if one.publisher.name != first.publisher.name), None)


def lanes_of(members: Sequence[Member]) -> Lanes | None:
    """The picture of a story; None where it would say nothing: one publisher only, or all at one instant."""
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
    """The same in at most MOST_LANES lanes: those that came last share one."""
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
    """Round instants within the span, at most MOST_TICKS of them; none so near an edge that its label is cut."""
    # Beyond the steps a forged date is at work: however old it is, there are a few ticks, and they say the year.
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
    """A clock time, but of a midnight its day."""
    at_midnight = (instant.hour, instant.minute) == (0, 0)
    return day(instant) if at_midnight else f"{instant:%H:%M}"
