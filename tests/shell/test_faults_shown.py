"""A feed that hangs, bombs or lies is listed with what it did and when it is tried next; others are unaffected."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import hasty_wirekin
from commands import Folder, Ran
from faults import CATALOGUE, FeedOrigin

SHOWN = {  # fault -> reason, words of its detail, health
    "silent": ("timeout", "not done after 3 s", "failing"),
    "stops_mid_body": ("timeout", "not done after 3 s", "failing"),
    "gzip_bomb": ("too_large", "the decoded body is larger than the cap", "failing"),
    "entity_bomb": ("entities", "the document declares entities or attributes of its own", "failing"),
    "deep_nesting": ("too_large", "50002 elements inside one another", "failing"),
    "length_too_long": ("truncated", "cut short: 8 whole entries kept", "ok"),
    "cut_to_length": ("truncated", "cut short: 2 whole entries kept", "ok"),
    "status_below_all": ("protocol", "no status is 099", "failing"),
    "a_thousand_headers": ("protocol", "more than 256 headers", "failing"),
    "nul_in_a_header": ("protocol", "a control octet in a header", "failing"),
    "redirect_inside": ("forbidden_address", "port 80 may not be dialled", "failing"),
}
HEALTHY = 3


class HastyFolder(Folder):
    """A folder whose commands have a fetch deadline of three seconds."""

    forks = False

    def command(self, *words: str) -> list[str]:
        return [sys.executable, hasty_wirekin.__file__, *words]


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[HastyFolder]:
    """A folder that polls the feeds of SHOWN and some healthy ones."""
    found = HastyFolder(tmp_path)
    async with FeedOrigin() as origin:
        for name in [*SHOWN, *[None] * HEALTHY]:
            await origin.inject(await origin.add(datetime.now(UTC)), CATALOGUE[name] if name else None)
        feeds = [
            {
                "url": feed.url,
                "name": feed.fault.name if feed.fault else f"healthy-{feed.number}",
                "allow_private": sorted(feed.netlocs),
            }
            for feed in origin.feeds
        ]
        found.write(json.dumps({"settings": {"unmatched": "keep"}, "feeds": feeds}))  # JSON is YAML
        yield found


async def run(folder: Folder, *words: str) -> Ran:
    return await asyncio.to_thread(folder.run, *words)


def shown(feed: dict[str, Any]) -> tuple[str | None, str | None, str]:
    return feed["reason"], feed["detail"], feed["health"]


async def test_a_failing_feed_is_listed_with_its_reason_detail_and_next_poll(folder: HastyFolder) -> None:
    before = datetime.now(UTC)
    report = (await run(folder, "refresh", "--json")).json
    table = (await run(folder, "feeds", "list")).out
    listed = {feed["name"]: feed for feed in (await run(folder, "feeds", "list", "--json")).json["items"]}

    assert report["polled"] == len(SHOWN) + HEALTHY
    assert {name: shown(listed[name])[::2] for name in SHOWN} == {name: SHOWN[name][::2] for name in SHOWN}
    assert {n: listed[n]["detail"] for n, (_, words, _) in SHOWN.items() if words not in listed[n]["detail"]} == {}
    assert all(shown(feed) == (None, None, "ok") for name, feed in listed.items() if name.startswith("healthy"))
    assert all(datetime.fromisoformat(feed["next_poll_at"]) > before for feed in listed.values())
    for name, (reason, words, health) in SHOWN.items():
        (line,) = (line for line in table.splitlines() if line.startswith(f"{name} "))
        assert health in line
        assert f"{reason}: " in line
        assert words in line
        assert " in " in line.partition(reason)[0]  # "in 30 min"
    assert {failure["feed"] for failure in report["failures"]} == {n for n in SHOWN if SHOWN[n][2] == "failing"}


async def test_a_repeated_failure_is_counted(folder: HastyFolder) -> None:
    await run(folder, "refresh", "entity_bomb")
    await run(folder, "refresh", "entity_bomb", "--force")

    table = (await run(folder, "feeds", "list")).out

    assert "or attributes of its own (2 times)" in table
