"""Realistic publishers: the content, answers and outages of each, as a function of the seed and the time.

They are stateless: requests of a process that was killed do not change what its successor is answered.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache

import make
from wirekin import urls
from wirekin.model import Feed

START = datetime(2026, 11, 1, tzinfo=UTC)  # the simulations begin here
LISTED = 10  # entries in a document
BUSY_HOST = 20  # feeds of the first host, as a news agency has them
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NEVER_ENDS = timedelta(days=1000)


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which a publisher answers with `status` instead: 0 for no answer, 200 for a body that is no feed."""

    since: timedelta
    until: timedelta
    status: int
    retry_after: timedelta | None = None
    as_date: bool = False  # Retry-After as an HTTP date


@dataclass(frozen=True, slots=True)
class Publication:
    """One feed of one publisher."""

    url: str
    per_day: float = 8.0  # new entries
    validators: str = "both"  # both, etag, date, none; shifting: a new ETag in each answer; raw: an ETag not in ASCII
    ttl: timedelta | None = None
    max_age: timedelta | None = None
    expires: timedelta | None = None  # after Date, from a clock that is an hour slow
    skip_hours: tuple[int, ...] = ()
    spells: tuple[Spell, ...] = ()
    moved_to: str | None = None  # the feed's address; `url` answers 302
    latency: float = 0.3  # seconds

    def entries(self, passed: timedelta) -> int:
        """How many entries it has published by then; it starts with LISTED."""
        return LISTED + int(self.per_day * (passed / DAY))

    def modified(self, entries: int) -> str:
        """Last-Modified: when the newest entry was published."""
        return format_datetime(START + DAY * ((entries - LISTED) / self.per_day if self.per_day else 0), usegmt=True)

    def spell(self, passed: timedelta) -> Spell | None:
        return next((spell for spell in self.spells if spell.since <= passed < spell.until), None)

    @property
    def feed(self) -> Feed:
        return make.feed(self.url, name=self.url, host=urls.host_key(self.url), keep_unmatched=self.per_day < 2)


@dataclass(frozen=True, slots=True)
class Town:
    """All publishers of a simulation, by address."""

    publications: tuple[Publication, ...]
    by_url: dict[str, Publication] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for publication in self.publications:
            self.by_url[publication.url] = publication
            if publication.moved_to:
                self.by_url[publication.moved_to] = publication

    @property
    def feeds(self) -> tuple[Feed, ...]:
        return tuple(publication.feed for publication in self.publications)


def town(seed: int, count: int, days: float) -> Town:
    """`count` feeds on fewer hosts, for `days`, with every kind of publisher and outage among them."""
    drawn = random.Random(seed)
    hosts = [f"agency{seed}.example"] * min(BUSY_HOST, count // 4)
    while len(hosts) < count:
        hosts += [f"paper{len(hosts)}.example"] * drawn.choice((1, 1, 1, 1, 2, 4))
    troubles = {host: _host_spells(drawn, days) for host in dict.fromkeys(hosts)}
    return Town(tuple(_publication(drawn, n, hosts[n], troubles[hosts[n]], days) for n in range(count)))


def _publication(drawn: random.Random, number: int, host: str, spells: tuple[Spell, ...], days: float) -> Publication:
    hints = drawn.choice(("none", "none", "none", "ttl", "max_age", "expires", "skips", "all"))
    wait = drawn.choice((timedelta(minutes=10), HOUR, 3 * HOUR, 60 * DAY))
    asks = hints == "all"
    return Publication(
        f"https://www.{host}/feed/{number}?format=rss",
        per_day=drawn.choice((0.0, 0.5, 1.0, 1.5, 8.0, 24.0)),
        validators=drawn.choice(("both", "both", "both", "etag", "date", "none", "shifting", "raw")),
        ttl=wait if asks or hints == "ttl" else None,
        max_age=wait if asks or hints == "max_age" else None,
        expires=wait if asks or hints == "expires" else None,
        skip_hours=(22, 23, 0, 1, 2, 3, 4) if asks or hints == "skips" else (),
        spells=(*_feed_spells(drawn, days), *spells),
        moved_to=f"https://cdn{number % 7}.example/{number}" if drawn.random() < 0.05 else None,
        latency=drawn.choice((0.05, 0.3, 0.3, 2.0, 8.0)),
    )


def _host_spells(drawn: random.Random, days: float) -> tuple[Spell, ...]:
    """Spells of all feeds of a host at once: an outage, maintenance, a request limit."""
    if drawn.random() < 0.5:
        return ()
    since = drawn.random() * days * DAY
    waits = (None, timedelta(minutes=2), 2 * HOUR, 9 * DAY)
    status = drawn.choice((429, 429, 503, 503, 500, 0))
    wait = drawn.choice(waits) if status in {429, 503} else None
    return (Spell(since, since + drawn.uniform(0.2, 60) * HOUR, status, wait, drawn.random() < 0.5),)


def _feed_spells(drawn: random.Random, days: float) -> tuple[Spell, ...]:
    """Spells of one feed: some break for hours, some are removed for good."""
    fate, since = drawn.random(), drawn.random() * days * DAY
    if fate < 0.03:
        return (Spell(since, NEVER_ENDS, 410),)
    if fate < 0.06:
        return (Spell(since, NEVER_ENDS, 404),)
    if fate < 0.5:
        status = drawn.choice((0, 200, 403, 404, 410, 429, 500, 503))
        return (Spell(since, since + drawn.uniform(0.1, 48) * HOUR, status),)
    return ()


@lru_cache(4096)
def document(publication: Publication, entries: int) -> bytes:
    """The feed's document after this many entries."""
    ttl = f"<ttl>{publication.ttl // timedelta(minutes=1)}</ttl>" if publication.ttl else ""
    hours = "".join(f"<hour>{hour}</hour>" for hour in publication.skip_hours)
    items = "".join(
        f"<item><title>Entry {n} of {publication.url}</title><link>{publication.url}&amp;n={n}</link></item>"
        for n in range(entries, entries - LISTED, -1)
    )
    head = f"<title>Site</title><link>{publication.url}</link>{ttl}{f'<skipHours>{hours}</skipHours>' if hours else ''}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()
