"""The log of a simulation: one JSON line per event, in order.

The web writes `Asked` before it answers. `Recorded` follows the return of `record_polls`, which acknowledges a poll.
Each process that polls writes `Started`. The file is opened for appending, so it survives killed processes.
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
    """One request as its publisher saw it, and its answer. Instants are seconds since START."""

    at: float
    until: float  # when the answer was sent, or the client gave up
    method: str
    url: str
    feed: str  # the URL of the polled feed, before redirects; "" for an unknown address
    headers: dict[str, str]  # names in lower case
    manual: bool  # forced by a person
    status: int  # 0: no answer
    etag: str | None = None  # validators of a complete document
    modified: str | None = None
    whole: bool = False  # a complete, readable document
    fresh_until: float = 0.0  # from ttl, max-age and Expires, capped at a day
    held_until: float = 0.0  # after 429 and 503: no request to this host before
    skips: tuple[int, ...] = ()  # skipHours (GMT)


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
    """A process began to poll; what the previous one had not recorded is lost."""

    at: float


Event = Asked | Recorded | Started
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Asked, Recorded, Started)}


class Log:
    """The file. An event is in it, whole, when `write` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, event: Event) -> None:
        fields = [getattr(event, name) for name in event.__slots__]
        os.write(self._file, (json.dumps([type(event).__name__, *fields], ensure_ascii=False) + "\n").encode())

    def close(self) -> None:
        os.close(self._file)


def events(path: Path, since: int = 0) -> Iterator[Event]:
    """The events of a log from byte `since` on, oldest first."""
    with path.open("rb") as lines:
        lines.seek(since)
        for line in lines:
            kind, *fields = json.loads(line)
            yield _KINDS[kind](*fields)
