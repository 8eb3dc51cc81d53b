"""The scorecard works: a poller that commits one kind of offence is reported for that kind (requirement G9)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from sim.log import events
from sim.polling import AGENT, simulate
from sim.publishers import DAY, Publication, Spell, Town
from sim.score import LINES, Line, Scorecard

RATE_LIMITED = 429
SHORTLY = 2.0  # seconds


class ImpoliteTransport(httpx.AsyncBaseTransport):
    """A transport between the real poller and the wire that commits one kind of offence."""

    def __init__(self, wire: httpx.AsyncBaseTransport, offence: Line) -> None:
        self._wire = wire
        self._offence = offence

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._offence == "too close":
            await self._wire.handle_async_request(request)
        answer = await self._wire.handle_async_request(self._impolite(request))
        if self._offence == "too soon" or (self._offence == "hold disobeyed" and answer.status_code == RATE_LIMITED):
            await asyncio.sleep(SHORTLY)
            return await self._wire.handle_async_request(request)
        return answer

    def _impolite(self, request: httpx.Request) -> httpx.Request:
        method, url, headers = request.method, request.url, request.headers.copy()
        match self._offence:
            case "unconditional":
                headers.pop("if-none-match", None)
                headers.pop("if-modified-since", None)
            case "wrong validators":
                headers["if-none-match"] = '"made up"'
            case "cookie":
                headers["cookie"] = "visitor=1"
            case "referer":
                headers["referer"] = "https://reader.example/"
            case "query changed":
                url = url.copy_add_param("_", "1753")
            case "method":
                method = "HEAD"
            case "user agent":
                headers["user-agent"] = "Mozilla/5.0"
        return httpx.Request(method, url, headers=headers)


TOWN = Town(
    (
        Publication("https://one.example/feed?format=rss"),
        Publication("https://two.example/feed", spells=(Spell(DAY / 2, DAY, RATE_LIMITED),)),
    )
)


def offences(folder: Path, offence: Line | None) -> dict[Line, int]:
    through = (lambda wire: ImpoliteTransport(wire, offence)) if offence else (lambda wire: wire)
    log = simulate(TOWN, folder, 1, through=through)
    return dict(Scorecard(TOWN.by_url, AGENT).read(events(log)).offences)


@pytest.mark.parametrize("offence", LINES)
def test_the_scorecard_detects_each_kind_of_offence(offence: Line, tmp_path: Path) -> None:
    assert offences(tmp_path, offence)[offence] > 0


def test_the_scorecard_counts_no_offence_of_a_polite_poller(tmp_path: Path) -> None:
    assert offences(tmp_path, None) == dict.fromkeys(LINES, 0)
