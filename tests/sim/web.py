"""The fake transport between the real Fetcher and the publishers of a Town: httpx's interface, on simulated time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx

from sim.log import Asked, Log
from sim.publishers import HOUR, START, Publication, Spell, Town, document
from wirekin.model import Clock

HINT_CAP = timedelta(hours=24)  # requirement A5, repeated here: the scorecard shares no code with the poller
RETRY_AFTER_CAP = timedelta(days=7)
HOLD_429 = timedelta(hours=4)  # requirement A7
SILENCE = 3600.0  # seconds: longer than any client waits
GIVES_UP = 30.0  # seconds, requirement C3
LOGGED = ("user-agent", "if-none-match", "if-modified-since", "cookie", "referer")  # request headers to log

Headers = list[tuple[bytes, bytes]]


class Wire(httpx.AsyncBaseTransport):
    """Answers as the town does, and logs each request before its answer."""

    def __init__(self, town: Town, clock: Clock, log: Log) -> None:
        self._town = town
        self._clock = clock
        self._log = log
        self.manual = False  # whether a person forces the present polls

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = str(request.url)
        publication = self._town.by_url.get(url)
        asked = self._asked(request, url, publication)
        if publication is None:
            self._log.write(asked)
            return httpx.Response(404, stream=httpx.ByteStream(b""))
        asked, headers, body = self._answer(asked, publication)
        self._log.write(asked)
        await asyncio.sleep(publication.latency if asked.status else SILENCE)
        return httpx.Response(asked.status, headers=headers, stream=httpx.ByteStream(body))

    def _asked(self, request: httpx.Request, url: str, publication: Publication | None) -> Asked:
        at = (self._clock() - START).total_seconds()
        sent = {name: request.headers[name] for name in LOGGED if name in request.headers}
        until = at + (publication.latency if publication else 0.0)
        return Asked(at, until, request.method, url, publication.url if publication else "", sent, self.manual, 404)

    def _answer(self, asked: Asked, publication: Publication) -> tuple[Asked, Headers, bytes]:
        passed = timedelta(seconds=asked.at)
        if publication.moved_to and asked.url == publication.moved_to:
            return self._document(asked, publication, passed)
        spell = publication.spell(passed)
        if spell:
            return _outage(asked, spell)
        if publication.moved_to:
            return replace(asked, status=302), [(b"location", publication.moved_to.encode())], b""
        return self._document(asked, publication, passed)

    def _document(self, asked: Asked, publication: Publication, passed: timedelta) -> tuple[Asked, Headers, bytes]:
        entries = publication.entries(passed)
        etag, modified = _validators(publication, entries, asked.at)
        hints = (publication.ttl, publication.max_age, publication.expires)
        fresh = max((min(hint, HINT_CAP) for hint in hints if hint), default=timedelta(0))
        answered = replace(
            asked,
            fresh_until=asked.until + fresh.total_seconds() if fresh else 0.0,
            skips=publication.skip_hours,
        )
        headers = _headers(publication, etag, modified, passed)
        if _is_current(asked, etag, modified):
            return replace(answered, status=304), headers, b""
        body = document(publication, entries)
        headers += [(b"content-length", b"%d" % len(body)), (b"set-cookie", b"visitor=1")]
        return replace(answered, status=200, etag=etag, modified=modified, whole=True), headers, body


def _is_current(asked: Asked, etag: str | None, modified: str | None) -> bool:
    """RFC 9110 13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
    if "if-none-match" in asked.headers:
        return asked.headers["if-none-match"] == etag
    return modified is not None and asked.headers.get("if-modified-since") == modified


def _validators(publication: Publication, entries: int, at: float) -> tuple[str | None, str | None]:
    modified = publication.modified(entries)
    match publication.validators:
        case "both":
            return f'W/"{entries}"', modified
        case "etag":
            return f'"{entries}"', None
        case "date":
            return None, modified
        case "shifting":
            return f'"{entries}-{at}"', modified
        case "raw":
            return f'"é{entries}"', None
        case _:
            return None, None


def _headers(publication: Publication, etag: str | None, modified: str | None, passed: timedelta) -> Headers:
    slow = START + passed - HOUR  # the publisher's own clock; only its distance to Expires counts
    pairs = (
        (b"etag", etag),
        (b"last-modified", modified),
        (b"cache-control", publication.max_age and f"public, max-age={publication.max_age // timedelta(seconds=1)}"),
        (b"date", publication.expires and format_datetime(slow, usegmt=True)),
        (b"expires", publication.expires and format_datetime(slow + publication.expires, usegmt=True)),
    )
    return [(name, value.encode("latin-1")) for name, value in pairs if value]


def _outage(asked: Asked, spell: Spell) -> tuple[Asked, Headers, bytes]:
    if spell.status == 0:
        return replace(asked, status=0, until=asked.at + GIVES_UP), [], b""
    if spell.status == 200:
        body = b"<html>Service notice</html>"
        return replace(asked, status=200), [(b"content-length", b"%d" % len(body)), (b"etag", b'"notice"')], body
    held, headers = 0.0, []
    if spell.retry_after is not None:
        until = START + timedelta(seconds=asked.until) + spell.retry_after
        value = format_datetime(until, usegmt=True) if spell.as_date else str(spell.retry_after // timedelta(seconds=1))
        headers = [(b"retry-after", value.encode())]
        # a date has whole seconds
        held = asked.until + min(spell.retry_after, RETRY_AFTER_CAP).total_seconds() - (1.0 if spell.as_date else 0.0)
    elif spell.status == 429:
        held = asked.until + HOLD_429.total_seconds()
    return replace(asked, status=spell.status, held_until=held), headers, b""
