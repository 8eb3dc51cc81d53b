"""Feeds that move, over real HTTP: polled at the new address, merged where two meet, and back if it fails."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import make
from commands import Folder, rss
from fakes import Web, World
from fetching import fetcher
from make import at
from origin import Answer, Origin
from wirekin.model import Feed, FeedKind, FeedState, PollOutcome, PollStatus, Question, Reason
from wirekin.refresh import Poller, TurnReport
from wirekin.store import open_store

OLD, NEW = "127.0.0.2", "127.0.0.3"
NEWS = rss("Courier", "http://courier.example", ("Crew of 23 held after tanker seized", "http://courier.example/2", ""))
PAGE = b"<!doctype html><html><body><h1>This domain is for sale</h1></body></html>"


def feed(origin: Origin, path: str, host: str = OLD, **more: Any) -> Feed:
    known = {"name": path.strip("/"), "host": host, "allow_private": origin.netlocs, **more}
    return make.feed(origin.url(path, host=host), **known)


class Polling:
    """Forces polls on chosen days, with the real fetcher."""

    def __init__(self, world: World, poller: Poller) -> None:
        self.world = world
        self._poller = poller

    async def on(self, *days: float) -> TurnReport:
        for day in days:
            self.world.clock.now = at(days=day)
            report = await self._poller.turn(manual=True)
        return report

    async def put(self, feed: Feed, **state: Any) -> None:
        """Set the stored state of a feed."""
        outcome = PollOutcome(feed.id, PollStatus.OK, make.state(feed, **state))
        await self._poller.store.call(lambda store: store.record_polls([outcome], make.NOW))

    async def state(self, feed: Feed) -> FeedState:
        return (await self._poller.store.call(lambda store: store.feed_states()))[feed.id]


@asynccontextmanager
async def polling(folder: Path, feeds: Iterable[Feed]) -> AsyncIterator[Polling]:
    async with fetcher() as ours:
        world = World(folder, feeds, Web(), fetch_many=ours.fetch_many)
        async with world as poller:
            yield Polling(world, poller)


def requests_since_last_call(origin: Origin) -> list[tuple[str, str, str | None]]:
    """Host, path and validator of each request since the last call."""
    seen = [(request.host, request.path, request.header("if-none-match")) for request in origin.requests]
    origin.requests.clear()
    return seen


def redirect(origin: Origin, path: str, to: str, status: int = 301) -> None:
    origin.serve(path, status=status, headers={"Location": origin.url(to, host=NEW)})


async def test_a_permanently_moved_feed_is_polled_at_its_new_address_with_its_validators(tmp_path: Path) -> None:
    async with Origin(OLD, NEW) as origin:
        moved = feed(origin, "/old")
        origin.serve("/old", status=301, headers={"Location": "/older"})
        redirect(origin, "/older", "/new", 308)
        origin.serve("/new", NEWS, etag='"1"')
        async with polling(tmp_path, [moved]) as polls:
            await polls.on(0)
            assert requests_since_last_call(origin) == [(OLD, "/old", None), (OLD, "/older", None), (NEW, "/new", None)]
            await polls.on(1, 2, 3)
            assert requests_since_last_call(origin)[-1] == (NEW, "/new", '"1"')
            assert (await polls.state(moved)).address is None

            await polls.on(4)
            requests_since_last_call(origin)
            await polls.on(5)
            assert (await polls.state(moved)).address == origin.url("/new", host=NEW)
            assert requests_since_last_call(origin) == [(NEW, "/new", '"1"')]


async def test_the_move_of_a_feed_without_validators_is_believed_when_its_body_is_unchanged(tmp_path: Path) -> None:
    async with Origin(OLD, NEW) as origin:
        moved = feed(origin, "/old")
        redirect(origin, "/old", "/new")
        origin.serve("/new", NEWS)
        async with polling(tmp_path, [moved]) as polls:
            assert (await polls.on(0, 1, 2, 3, 4)).unchanged == 1

            assert (await polls.state(moved)).address == origin.url("/new", host=NEW)


async def test_a_moved_feed_returns_to_its_old_address_when_the_new_one_is_hijacked(tmp_path: Path) -> None:
    async with Origin(OLD, NEW) as origin:
        moved = feed(origin, "/old")
        redirect(origin, "/old", "/new")
        origin.serve("/new", NEWS, etag='"1"')
        async with polling(tmp_path, [moved]) as polls:
            await polls.on(0, 1, 2, 3, 4)
            origin.serve("/new", PAGE, content_type="text/html")
            origin.serve("/old", NEWS, etag='"1"')
            await polls.on(5)
            state = await polls.state(moved)
            assert (state.address, state.reason) == (None, Reason.NOT_A_FEED)
            requests_since_last_call(origin)

            await polls.on(6)
            assert requests_since_last_call(origin) == [(OLD, "/old", None)], (
                "a validator of another address is not sent"
            )
            assert (await polls.state(moved)).reason is None


async def test_two_feeds_at_one_address_are_merged_and_keep_the_topics_of_both(tmp_path: Path) -> None:
    iran, gulf = (frozenset(make.topics(slug)) for slug in ("iran", "gulf"))
    async with Origin(OLD, NEW) as origin:
        moved = feed(origin, "/old", topics=iran)
        home = feed(origin, "/new", NEW, topics=gulf, keep_unmatched=False)
        redirect(origin, "/old", "/new")
        origin.serve("/new", NEWS, etag='"1"')
        async with polling(tmp_path, [moved, home]) as polls:
            await polls.on(0, 1, 2, 3, 4)
            requests_since_last_call(origin)
            later = rss("Courier", "http://courier.example", ("A later report", "http://courier.example/3", ""))
            origin.serve("/new", later, etag='"2"')
            report = await polls.on(5)
            assert requests_since_last_call(origin) == [(NEW, "/new", None)], (
                "with the topics of both, everything is read once more"
            )
            assert (report.due, report.polled, report.headlines_new) == (1, 1, 1)
            await polls.on(6)
            assert requests_since_last_call(origin) == [(NEW, "/new", '"2"')]

        with closing(polls.world.backend.reader()) as reader:
            assert [set(one.topics) for one in reader.headlines(Question()).items] == [iran | gulf] * 2


async def test_a_public_feed_that_moved_to_a_private_address_is_not_polled_there(tmp_path: Path) -> None:
    async with Origin(NEW) as origin:
        public = make.feed("https://example.com/rss", allow_private=origin.netlocs)
        origin.serve("/new", NEWS)
        async with polling(tmp_path, [public]) as polls:
            await polls.put(public, address=origin.url("/new"))
            await polls.on(1)

            assert origin.requests == []
            assert (await polls.state(public)).address is None


async def test_a_page_that_moved_obeys_the_robots_txt_of_its_new_host(tmp_path: Path) -> None:
    async with Origin(OLD, NEW) as origin:
        moved = feed(origin, "/news", kind=FeedKind.PAGE)
        asks_us_not_to = Answer(b"User-agent: *\nDisallow: /", content_type="text/plain")
        origin.answer("/robots.txt", lambda request: asks_us_not_to if request.host == NEW else Answer(status=404))
        async with polling(tmp_path, [moved]) as polls:
            await polls.put(moved, address=origin.url("/news", host=NEW))
            await polls.on(1)

            assert requests_since_last_call(origin) == [(NEW, "/robots.txt", None)]
            state = await polls.state(moved)
            assert (state.address, state.reason) == (None, Reason.ROBOTS)


SHOWN: dict[str, tuple[dict[str, Any], str]] = {
    "one": (
        {"moved_to": "https://new.example/", "moved_polls": 3},
        "moves to https://new.example/, seen 3 of 5 polls",
    ),
    "two": (
        {"moved_to": "https://new.example/", "moved_polls": 7},
        "moves to https://new.example/, seen 7 polls, believed after 3 days",
    ),
    "three": ({"address": "https://new.example/"}, "now at https://new.example/: please correct feeds.yml"),
    "four": ({"address": "https://five.example/rss"}, "moved to https://five.example/rss, the same as five"),
    "five": ({}, ""),
    "six": ({"reason": Reason.GONE, "failing_since": at(-72), "failures": 3, "gone_days": 3}, "gone"),
}


def folder_with_shown_states(tmp_path: Path) -> Folder:
    """A folder whose feeds.yml and database have the feeds of SHOWN, one per line from line 2 on."""
    folder = Folder(tmp_path)
    feeds = {name: make.feed(f"https://{name}.example/rss", name=name, host=f"{name}.example") for name in SHOWN}
    folder.write("feeds:\n" + "".join(f"- {{url: {one.url}, name: {one.name}}}\n" for one in feeds.values()))
    with closing(open_store(str(tmp_path / "data" / "wirekin.db")).store()) as store:
        store.sync_feeds(list(feeds.values()), make.NOW)
        for name, (state, _) in SHOWN.items():
            known = make.state(feeds[name], last_polled_at=make.NOW, delivered=1, **state)
            store.record_polls([PollOutcome(feeds[name].id, PollStatus.OK, known)], make.NOW)
    return folder


@pytest.mark.slow
def test_feeds_list_shows_where_feeds_move_and_which_are_gone(tmp_path: Path) -> None:
    folder = folder_with_shown_states(tmp_path)

    table = folder.run("feeds", "list", COLUMNS="200").out
    lines = {line.split()[0]: " ".join(line.split()) for line in table.splitlines() if line.strip()}
    assert [name for name, (_, note) in SHOWN.items() if note not in lines[name]] == []
    assert lines["six"].split()[1] == "gone"

    listed = folder.run("feeds", "list", "--json").json
    schema = json.loads((Path(__file__).parents[2] / "docs/schemas/feeds-list.json").read_text())
    assert list(Draft202012Validator(schema).iter_errors(listed)) == []
    items = {item["name"]: item for item in listed["items"]}
    said = {name: (item["moves_to"], item["moves_polls"], item["address"]) for name, item in items.items()}
    assert said == {
        name: (state.get("moved_to"), state.get("moved_polls", 0), state.get("address"))
        for name, (state, _) in SHOWN.items()
    }
    assert {name: item["merged_into"] for name, item in items.items() if item["merged_into"]} == {
        "four": items["five"]["id"]
    }


def test_doctor_names_each_moved_feed_and_the_line_to_change(tmp_path: Path) -> None:
    ran = folder_with_shown_states(tmp_path).run("doctor", "--json")

    told = {f["what"]: (f["found"], f["ok"], f["mend"]) for f in ran.json["findings"] if f["what"].startswith("feed ")}
    found = {f"feed {name}": note for name, (_, note) in SHOWN.items() if "mov" in note or "now at" in note}
    unsure = "nothing yet; where you know it for certain, feeds.yml line"
    assert {name: (note, ok) for name, (note, ok, _) in told.items()} == {
        name: (note, False) for name, note in found.items()
    }
    assert {name: mend for name, (_, _, mend) in told.items()} == {
        "feed one": f"{unsure} 2: url: https://new.example/",
        "feed two": f"{unsure} 3: url: https://new.example/",
        "feed three": "feeds.yml line 4: url: https://new.example/",
        "feed four": "feeds.yml line 5: remove this feed, the other one is polled for both",
    }
