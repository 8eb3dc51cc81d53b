"""What the outside saw, one JSON line an event, in the order in which it happened.

`Asked` is written by the web before it answers; `Recorded` once `record_polls` has returned, which is when a poll counts
as acknowledged; `Started` by each process that polls. The file is opened for appending and outlives whoever is killed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as its publisher saw it, and what it was answered. Instants are seconds since START."""

    at: float
    until: float  # when the answer was out, or the asker gave up
    method: str
    url: str
    feed: str  # the URL of the feed that this is about, before redirects; "" where it is no address of ours
    headers: dict[str, str]  # names in lower case
    manual: bool  # forced by a person
    status: int  # 0: silence
    etag: str | None = None  # what a whole document gives for the next time
    modified: str | None = None
    whole: bool = False  # a document that a reader can use
    fresh_until: float = 0.0  # what ttl, max-age and Expires ask for, capped at a day
    held_until: float = 0.0  # 429 and 503: nothing of this host before
    skips: tuple[int, ...] = ()  # hours (GMT) in which it does not want to be asked


@dataclass(frozen=True, slots=True)
class Recorded:
    """A poll that was acknowledged."""

    at: float
    feed: str
    polled_at: str
    etag: str | None
    headlines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Started:
    """A process began to poll: what the one before it had not recorded is forgotten."""

    at: float


Event = Asked | Recorded | Started
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Asked, Recorded, Started)}


class Log:
    """The file; each event is there, whole, when `write` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, event: Event) -> None:
        fields = [getattr(event, name) for name in event.__slots__]
        os.write(self._file, (json.dumps([type(event).__name__, *fields], ensure_ascii=False) + "\n").encode())

    def close(self) -> None:
        os.close(self._file)


def events(path: Path, since: int = 0) -> Iterator[Event]:
    """Everything in a log from that byte on, oldest first."""
    with path.open("rb") as lines:
        lines.seek(since)
        for line in lines:
            kind, *fields = json.loads(line)
            yield _KINDS[kind](*fields)
