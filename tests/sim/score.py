"""The politeness scorecard (requirement G9): the offences that a strict publisher would find in a log.

It is written from the requirements (A1, A4, A5, A7, A10, A11) and shares no code with the poller. The floor, a host's
spacing and its holds bind at once; ttl, max-age and validators bind once the poll is recorded. After a kill, whatever
was not recorded is unknown, and only the floor and the spacing still bind.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit

from sim.log import Asked, Event, Recorded, Started
from sim.publishers import START

FLOOR = 300.0  # seconds, A4
SPACING = 1.0  # seconds between the end of one exchange with a host and the start of the next, A11
GRAIN = 1e-5  # seconds of tolerance: the clock of the log counts microseconds
LATE = 600.0  # seconds that a poll due before a skipped hour may be late, as other feeds of its host go first

Line = Literal[
    "unconditional", "too soon", "wrong validators", "too close", "hold disobeyed", "cookie", "referer",
    "query changed", "method", "user agent",
]  # fmt: skip
LINES: tuple[Line, ...] = get_args(Line)

Validators = tuple[str | None, str | None]


@dataclass
class _Page:
    """What is known of one URL."""

    asked_at: float = -FLOOR
    known: list[Validators] = field(default_factory=lambda: [(None, None)])  # two after a kill, until it shows which
    fresh_until: float = 0.0
    skips: frozenset[int] = frozenset()
    open: Asked | None = None  # the last exchange whose poll is not recorded yet


@dataclass
class _Host:
    free_at: float = -SPACING
    held_until: float = 0.0
    not_recorded: dict[str, float] = field(default_factory=dict)  # holds of unrecorded polls, by feed


class Scorecard:
    """Counts offences by line; `examples` has the first of each, and `asked` counts all requests."""

    def __init__(self, addresses: Iterable[str], agent: str) -> None:
        self._addresses = frozenset(addresses)
        self._agent = agent
        self._pages: dict[str, _Page] = defaultdict(_Page)
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        self._open: dict[str, set[str]] = defaultdict(set)  # URLs of unrecorded polls, by feed
        self.offences: Counter[Line] = Counter(dict.fromkeys(LINES, 0))
        self.examples: dict[Line, Asked] = {}
        self.asked = self.recorded = 0

    def read(self, events: Iterable[Event]) -> Scorecard:
        for event in events:
            match event:
                case Asked():
                    self._judge(event)
                    self._remember(event)
                case Recorded():
                    self._settle(event.feed)
                case Started():
                    self._forget()
        return self

    def _judge(self, asked: Asked) -> None:
        page, host = self._pages[asked.url], self._hosts[_host(asked.url)]
        sent = (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"))
        self.asked += 1
        if sent in page.known:
            page.known = [sent]
        else:
            self._blame("unconditional" if sent == (None, None) else "wrong validators", asked)
        if not asked.manual and _is_too_soon(asked, page):
            self._blame("too soon", asked)
        if asked.at < host.free_at + SPACING - GRAIN:
            self._blame("too close", asked)
        if asked.at < max(host.held_until, *host.not_recorded.values(), 0.0) - GRAIN:
            self._blame("hold disobeyed", asked)
        self._judge_manners(asked)

    def _judge_manners(self, asked: Asked) -> None:
        manners: tuple[tuple[Line, bool], ...] = (
            ("cookie", "cookie" in asked.headers),
            ("referer", "referer" in asked.headers),
            ("query changed", asked.url not in self._addresses),
            ("method", asked.method != "GET"),
            ("user agent", asked.headers.get("user-agent") != self._agent),
        )
        for line, is_bad in manners:
            if is_bad:
                self._blame(line, asked)

    def _blame(self, line: Line, asked: Asked) -> None:
        self.offences[line] += 1
        self.examples.setdefault(line, asked)

    def _remember(self, asked: Asked) -> None:
        page, host = self._pages[asked.url], self._hosts[_host(asked.url)]
        page.asked_at, page.open = asked.at, asked
        host.free_at = max(host.free_at, asked.until)
        if asked.held_until:
            host.not_recorded[asked.feed] = asked.held_until
        if asked.whole:
            page.known.append(_sendable(asked))
        self._open[asked.feed].add(asked.url)

    def _settle(self, feed: str) -> None:
        """Note that a poll was recorded: what its answers said binds from now on."""
        self.recorded += 1
        for url in self._open.pop(feed, ()):
            page, host = self._pages[url], self._hosts[_host(url)]
            asked = page.open
            assert asked
            page.known = page.known[-1:] if asked.whole else page.known[:1]
            page.fresh_until = asked.fresh_until
            page.skips = frozenset(asked.skips) or page.skips
            host.held_until = max(host.held_until, host.not_recorded.pop(feed, 0.0))

    def _forget(self) -> None:
        self._open.clear()
        for host in self._hosts.values():
            host.not_recorded.clear()


def _sendable(asked: Asked) -> Validators:
    """The validators that can be sent back unaltered (A1): an ETag that is not ASCII cannot."""
    etag = asked.etag if asked.etag and asked.etag.isascii() else None
    return etag, asked.modified


def _is_too_soon(asked: Asked, page: _Page) -> bool:
    if asked.at < max(page.asked_at + FLOOR, page.fresh_until) - GRAIN:
        return True
    begun = START + timedelta(seconds=asked.at - LATE)
    return {begun.hour, (START + timedelta(seconds=asked.at)).hour} <= page.skips


def _host(url: str) -> str:
    """The registrable domain: the towns have no deeper suffixes."""
    return ".".join((urlsplit(url).hostname or "").split(".")[-2:])
