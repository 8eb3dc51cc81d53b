"""The sample newsrooms as values: outlets, events and reports, read from the package's TOML files.

A report's age is given in hours, so that the same text is always fresh news. Everything is invented for wirekin;
places and states are real names used fictionally.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from wirekin.model import key_of

EVENT_FILES = ("campaign.toml", "iran.toml", "region.toml", "russia.toml", "elsewhere.toml")
MAX_SLUG_CHARS = 60  # what content systems commonly cut at (2026-11)


@dataclass(frozen=True, slots=True)
class OutletFeed:
    """One document that an outlet publishes; `style` names its renderer."""

    path: str
    name: str
    style: str
    sections: tuple[str, ...] = ()  # empty: all
    tracking: str = ""  # a query that is appended to each link
    amp: bool = False  # the links are the mobile variants
    max_age: int | None = None  # seconds, as Cache-Control says
    moved_from: str = ""  # the path where feeds.yml still looks; it answers 301
    closed: bool = False  # always 503


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented publisher."""

    key: str
    name: str
    domain: str
    country: str
    lang: str
    tz: float  # hours east of UTC
    colour: str
    motif: str
    tagline: str
    links: str  # the path of an article, with {section}, {slug} and {number}
    feeds: tuple[OutletFeed, ...]
    wire: bool = False
    suffix: str = ""  # appended to each title of its feeds
    credit: str = ""  # put before a reprinted text
    pictures: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence; `thread` ties it to those that it runs on from."""

    id: str
    thread: str
    topics: tuple[str, ...]
    section: str
    place: str


@dataclass(frozen=True)
class Report:
    """One outlet's article about an event."""

    id: str  # event/outlet, with /2 for its second report of that event
    event: Event
    outlet: Outlet
    age: timedelta  # below zero: not published yet when the demo starts
    title: str  # as the newsroom wrote it, without the suffix of the feed
    summary: str
    copy_of: str | None = None  # the id of the report whose text this is
    flags: frozenset[str] = frozenset()  # undated, live, em, ents

    @cached_property
    def number(self) -> int:
        """The outlet's own number of the article, of six digits."""
        return 100_000 + key_of("demo", self.id) % 900_000

    @cached_property
    def path(self) -> str:
        """Where the article is on its outlet's site."""
        return self.outlet.links.format(section=self.event.section, slug=slug(self.title), number=self.number)

    @property
    def published_title(self) -> str:
        """The title as the outlet's feed gives it."""
        return self.title + self.outlet.suffix


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole sample; reports newest first."""

    outlets: dict[str, Outlet]
    events: dict[str, Event]
    reports: tuple[Report, ...]


def slug(title: str) -> str:
    """The words of a Latin title, joined for a path."""
    words = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", title.lower())).strip("-")
    return words[:MAX_SLUG_CHARS].rstrip("-")


@cache
def load() -> Sample:
    """Read the sample (about 50 ms the first time).

    Raises: KeyError, ValueError when a file names an outlet or a root that is not there.
    """
    outlets = {raw["key"]: _outlet(raw) for raw in _toml("outlets.toml")["outlet"]}
    events: dict[str, Event] = {}
    reports: list[Report] = []
    for raw in (raw for name in EVENT_FILES for raw in _toml(name)["event"]):
        event = Event(raw["id"], raw["thread"], tuple(raw["topics"]), raw.get("section", "world"), raw["place"])
        if event.id in events:
            raise ValueError(f"two events are called {event.id}")
        events[event.id] = event
        reports.extend(_reports(event, outlets, raw["reports"]))
    return Sample(outlets, events, tuple(sorted(reports, key=lambda report: (report.age, report.id))))


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "sample" / name).read_text("utf-8"))


def _outlet(raw: dict[str, Any]) -> Outlet:
    feeds = tuple(OutletFeed(**{**feed, "sections": tuple(feed.get("sections", ()))}) for feed in raw["feeds"])
    return Outlet(**{**raw, "feeds": feeds})


def _reports(event: Event, outlets: dict[str, Outlet], rows: list[list[Any]]) -> Iterator[Report]:
    made: dict[str, Report] = {}
    for row in rows:
        outlet = outlets[row[0]]
        report = _report(event, outlet, row, made)
        made[report.id.removeprefix(f"{event.id}/")] = report
        yield report


def _report(event: Event, outlet: Outlet, row: list[Any], made: dict[str, Report]) -> Report:
    _, hours, title, summary, *rest = row
    flags = set(rest[0].split()) if rest else set()
    named = next((flag for flag in flags if flag.startswith("copy:")), None)
    root = made[named.removeprefix("copy:")] if named else None
    earlier = sum(key.partition("/")[0] == outlet.key for key in made)
    return Report(
        id=f"{event.id}/{outlet.key}" + (f"/{earlier + 1}" if earlier else ""),
        event=event,
        outlet=outlet,
        age=timedelta(hours=hours),
        title=title,
        summary=summary or (outlet.credit + root.summary if root else ""),
        copy_of=root.id if root else None,
        flags=frozenset(flags - {named}) if named else frozenset(flags),
    )
