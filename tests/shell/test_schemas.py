"""Every command that prints JSON prints exactly what docs/schemas says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator

from commands import Folder, rss
from origin import Origin
from wirekin.cli import root
from wirekin.model import FeedKind, Health, PollStatus, Reason, RelatedKind

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
NAMES = sorted(path.stem for path in SCHEMAS.glob("*.json"))
FETCHING = {"feeds-check", "feeds-discover"}  # slow: a parser process, and a second between requests
LINES = {"group", "export"}  # these always print JSON, one object per line, and so have no --json
TANKER = ("Tanker seized in Hormuz strait, 23 crew held", "http://herald.example/1?utm_source=x", "Boarded near Qeshm.")
CUP = ("The swimming club of Hormuz has won the county cup", "http://herald.example/3", "A first in forty years.")
TANKER_TOO = ("Crew of 23 held after tanker seized in Hormuz", "http://courier.example/2", "The Aldgate is off Qeshm.")
TOPICS = "topics:\n  gulf: {name: The Gulf, rule: [hormuz, tanker*]}\nsettings: {allow_private: ['127.0.0.41:PORT']}"
LABELLED = [
    {"id": "a", "title": TANKER[0], "url": TANKER[1], "story": "1", "copy_of": None, "topics": ["gulf"]},
    {"id": "b", "title": TANKER_TOO[0], "url": TANKER_TOO[1], "story": "1", "copy_of": None, "topics": ["gulf"]},
    {"id": "c", "title": CUP[0], "url": CUP[1], "story": "2", "copy_of": None, "topics": []},
]


def schema_of(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))


def complaints(name: str, answer: Any) -> list[str]:
    return [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema_of(name)).iter_errors(answer)
    ]


def commands(found: click.Command, context: click.Context, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that is not a group, under the name of its schema."""
    if not isinstance(found, click.Group):
        yield "-".join(path), found
        return
    for name in found.list_commands(context):
        inner = found.get_command(context, name)
        assert inner is not None
        yield from commands(inner, context, *path, name)


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """The schema and every schema inside it."""
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from parts(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from parts(value)


# --- the files -----------------------------------------------------------------------------------------------------


def test_every_command_with_json_has_a_schema_and_every_schema_a_command() -> None:
    known = dict(commands(root, click.Context(root)))
    shows = {name for name, one in known.items() if any("--json" in option.opts for option in one.params)}

    assert set(NAMES) == shows | LINES
    assert set(known) > LINES


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_allows_no_unlisted_property(name: str) -> None:
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    objects = [part for part in parts(schema) if "properties" in part and part.get("type") == "object"]

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:wirekin:schema:{name}"
    assert name.replace("-", " ") in schema["title"]
    assert schema["description"].endswith(".")
    assert [part for part in objects if part["additionalProperties"] is not False] == []
    assert [part for part in objects if set(part["required"]) != set(part["properties"])] == []


def test_a_shared_definition_is_the_same_in_every_schema() -> None:
    said: dict[str, set[str]] = {}
    for name in NAMES:
        for key, definition in schema_of(name).get("$defs", {}).items():
            said.setdefault(key, set()).add(json.dumps(definition, sort_keys=True))

    assert [key for key, versions in said.items() if len(versions) > 1] == []


def test_the_enums_of_the_model_are_enums_of_the_schemas() -> None:
    sets = {frozenset(part["enum"]) for name in NAMES for part in parts(schema_of(name)) if "enum" in part}

    assert {frozenset(one) for one in (FeedKind, Health, PollStatus, Reason, RelatedKind)} <= sets


# --- what the commands print ---------------------------------------------------------------------------------------


class Polled:
    """A folder after its first turn, with two feeds that answer and one that does not."""

    def __init__(self, folder: Folder, origin: Origin) -> None:
        self.folder = folder
        self.url = origin.url("/herald")
        self.refreshed = folder.run("refresh", "--json").json
        self.story = folder.run("stories", "--search", "tanker", "--json").json["items"][0]["id"]

    def answer(self, name: str) -> Any:
        """The JSON that the command of that schema prints in this folder."""
        asked: dict[str, tuple[str, ...]] = {
            "related": ("related", "--title", "Tanker crew held in Hormuz"),
            "story-show": ("story", "show", self.story),
            "feeds-check": ("feeds", "check", "herald"),
            "feeds-discover": ("feeds", "discover", self.url),
            "topics-test": ("topics", "test", "A tanker near Hormuz"),
            "extract": ("extract", "feed.xml"),
            "import": ("import", "rows.jsonl", "--database", "elsewhere.db"),
            "eval": ("eval", "labels.jsonl", "--resamples", "10"),
            "db-migrate": ("db", "migrate", "--database", "fresh.db"),
        }
        if name == "refresh":
            return self.refreshed
        return self.folder.run(*asked.get(name, tuple(name.split("-"))), "--json").json


def dated_and_pictured() -> bytes:
    at = format_datetime(datetime.now(UTC), usegmt=True)
    picture = '<enclosure url="http://courier.example/2.jpg" type="image/jpeg" length="1"/>'
    return f"<pubDate>{at}</pubDate>{picture}</item>".encode()


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Polled]:
    folder = Folder(tmp_path_factory.mktemp("schemas"))
    with Origin("127.0.0.41", "127.0.0.42", "127.0.0.43") as origin:
        origin.serve("/herald", rss("Herald", "http://herald.example", TANKER, CUP), etag='"h1"')
        courier = rss("Courier", "http://courier.example", TANKER_TOO).replace(b"</item>", dated_and_pictured())
        origin.serve("/courier", courier, etag='"c1"')
        folder.feeds(origin, "/herald", "/courier", "/missing", more=TOPICS.replace("PORT", str(origin.port)))
        rows = [*LABELLED, {"title": "no link"}]
        (folder.path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
        (folder.path / "feed.xml").write_bytes(courier)
        (folder.path / "labels.jsonl").write_text("\n".join(map(json.dumps, LABELLED)))
        yield Polled(folder, origin)


def empty_lists(answer: Any, at: str = "$") -> Iterator[str]:
    """The paths of empty lists in an answer, which leave the schema of their items untested."""
    if isinstance(answer, list) and not answer:
        yield at
    inner = answer.items() if isinstance(answer, dict) else enumerate(answer) if isinstance(answer, list) else ()
    for key, value in inner:
        yield from empty_lists(value, f"{at}.{'[]' if isinstance(key, int) else key}")


# lists that are rightly empty in this folder
MAY_BE_EMPTY = {
    "db-check": {"$.complaints"},
    "db-migrate": {"$.ran"},
    "eval": {"$.[].problems"},
    "extract": {"$.feeds"},
    "stories": {"$.items.[].others"},
    "story-show": {"$.members.[].earlier_titles"},
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name in FETCHING)) for name in NAMES if name not in LINES],
)
def test_the_json_of_a_command_is_valid_by_its_schema(polled: Polled, name: str) -> None:
    answer = polled.answer(name)

    assert complaints(name, answer) == []
    assert set(empty_lists(answer)) <= MAY_BE_EMPTY.get(name, set())


def test_the_json_of_topics_test_why_is_valid_by_its_schema(polled: Polled) -> None:
    answer = polled.folder.run("topics", "test", "A tanker near Hormuz", "--why", "--json").json

    assert complaints("topics-test", answer) == []
    assert [reason["words"] for reason in answer["why"][0]["reasons"]] == ["tanker", "Hormuz"]


def test_the_json_of_story_show_why_is_valid_by_its_schema(polled: Polled) -> None:
    answer = polled.folder.run("story", "show", polled.story, "--why", "--json").json

    assert complaints("story-show", answer) == []
    assert answer["why"] == []


@pytest.mark.slow
def test_the_json_of_extract_why_is_valid_by_its_schema(polled: Polled) -> None:
    cards = "".join(
        f'<p><b><a href="/2026/{n}/a-ship">Ship number {n} seized in the strait</a></b></p>' for n in range(5)
    )
    (polled.folder.path / "page.html").write_text(f"<html><main>{cards}</main></html>", encoding="utf-8")

    answer = polled.folder.run("extract", "page.html", "--why", "--json").json

    assert complaints("extract", answer) == []
    assert [one["accepted"] for one in answer["why"]] == [True] * 5
    assert answer["select"] is not None


def test_feeds_check_without_a_feed_checks_all_of_them_including_one_that_fails(polled: Polled) -> None:
    answer = polled.folder.run("feeds", "check", "--json").json

    assert complaints("feeds-check", answer) == []
    assert [item["status"] for item in answer["items"]] == ["ok", "ok", "failed"]


@pytest.mark.parametrize(("name", "stdin"), [("export", ""), ("group", "\n".join(map(json.dumps, LABELLED)))])
def test_each_line_of_export_and_group_is_valid_by_its_schema(polled: Polled, name: str, stdin: str) -> None:
    rows = polled.folder.run(name, stdin=stdin).rows

    assert len(rows) == 3
    assert [complaint for row in rows for complaint in complaints(name, row)] == []


def test_jsonl_prints_the_items_of_the_schema_one_per_line(polled: Polled) -> None:
    listed = schema_of("headlines")
    item = Draft202012Validator({**listed["properties"]["items"]["items"], "$defs": listed["$defs"]})

    rows = polled.folder.run("headlines", "--jsonl").rows

    assert len(rows) == 3
    assert [error.message for row in rows for error in item.iter_errors(row)] == []
