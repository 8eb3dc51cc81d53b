"""docs/http.md names every route, parameter, status and widget attribute, and its sample answers are valid."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from jsonschema import Draft202012Validator
from starlette.routing import Route

from fakes import Clock
from fakes_reader import World, backend, context
from wirekin import web
from wirekin.tokens import Scope
from wirekin.web import _admin, _params
from wirekin.web._headers import _ALWAYS, PUBLIC_CACHE, TITLES
from wirekin.web._openapi import _WRITING

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "http.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^##+ (.+?)\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE))
TEXTS = {path: text for heading, text in SECTIONS.items() for path in re.findall(r"`(/[^`]*)`", heading)}
KNOWN = {path: known for path, _, known in web._ROUTES}
SCHEMAS = {
    "/v1/related": "related",
    "/v1/headlines": "headlines",
    "/v1/stories": "stories",
    "/v1/stories/{id}": "story-show",
    "/v1/topics": "topics-list",
    "/v1/feeds": "feeds-list",
}


def rows(text: str) -> list[str]:
    """The names in the first column of a section's tables."""
    return re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)


def test_exactly_the_existing_routes_are_documented() -> None:
    app = web.create_app(backend(World()), current=context, clock=Clock())
    served = [cast("Route", route).path for route in app.routes]

    assert sorted(TEXTS) == sorted(served)


@pytest.mark.parametrize("path", TEXTS)
def test_exactly_the_parameters_of_a_route_are_documented(path: str) -> None:
    as_of = re.search(r"Parameters as of\s+`(/[^`]+)`", TEXTS[path])
    inherited = rows(TEXTS[as_of[1]]) if as_of else []
    own = [name for name in rows(TEXTS[path]) if not name.startswith("data-")]

    assert sorted(inherited + own) == sorted(KNOWN.get(path, ()))


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_example_of_a_json_answer_fits_its_schema(path: str) -> None:
    schema = json.loads((DOCS / "schemas" / f"{SCHEMAS[path]}.json").read_text(encoding="utf-8"))
    (example,) = examples(TEXTS[path])

    assert f"(schemas/{SCHEMAS[path]}.json)" in TEXTS[path]
    assert [error.message for error in Draft202012Validator(schema).iter_errors(example)] == []
    assert example.get("items", ["a story"])


def examples(text: str) -> list[Any]:
    return [json.loads(shown) for shown in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]


def test_every_json_route_has_an_example_that_is_checked() -> None:
    assert {*SCHEMAS, *_WRITING} == {path for path in TEXTS if path.startswith("/v1/")}


@pytest.mark.parametrize("path", _WRITING)
def test_the_examples_of_a_writing_route_fit_its_request_and_response_schemas(path: str) -> None:
    _, _, taken, answered = _WRITING[path]
    *sent, answer = examples(TEXTS[path])

    assert [one for one in sent if not Draft202012Validator(taken).is_valid(one)] == []
    assert len(sent) >= len(taken.get("oneOf", [taken]))
    assert Draft202012Validator(answered).is_valid(answer)


def test_the_documented_limits_and_scopes_of_writing_routes_are_those_of_the_code() -> None:
    admin = SECTIONS["Admin"]

    assert [f"{n:,}" for n in (_admin.MAX_BODY, _admin.A_MINUTE) if f" {n:,} " not in admin] == []
    assert [path for path, (_, scope) in _admin._WORK.items() if f"Scope `{scope}`" not in TEXTS[path]] == []
    assert {scope for _, scope in _admin._WORK.values()} == set(Scope)


def test_every_route_but_the_pages_shows_an_answer() -> None:
    pages = {*re.findall(r"^### `(/[^`]*)`$", PAGE.partition("\n## Pages\n")[2].partition("\n## ")[0], re.MULTILINE)}

    assert [path for path in TEXTS if path not in pages and "```" not in TEXTS[path]] == []


def test_every_error_status_and_every_common_header_is_documented() -> None:
    statuses = re.findall(r"^\| (\d+) \|", SECTIONS["Errors"], re.MULTILINE)
    (problem,) = examples(SECTIONS["Errors"])
    headers = {name.lower() for name in rows(SECTIONS["What every answer has"])}

    assert {int(status) for status in statuses} == {304, 308, *TITLES}
    assert problem["title"] == TITLES[problem["status"]]
    assert headers == {*_ALWAYS, "content-security-policy", "cache-control"}
    assert f"`{PUBLIC_CACHE}`" in SECTIONS["What every answer has"]


def test_the_documented_limits_of_parameters_are_those_of_the_code() -> None:
    related = TEXTS["/v1/related"]

    assert [f"{n:,}" for n in (_params.MAX_URL, _params.MAX_WORDS, _params.MAX_TEXT) if f" {n:,} " not in related] == []
    assert set(re.findall(r"(?<!pixels, )1 to (\d+)", PAGE)) == {str(_params.MAX_LIMIT)}


def test_exactly_the_attributes_of_the_widget_are_documented() -> None:
    script = (files("wirekin.web") / "static" / "widget.js").read_text(encoding="utf-8")
    read = set(re.findall(r'read\(\w+, "(\w+)"\)', script))

    assert sorted(rows(TEXTS["/widget.js"])) == sorted(f"data-{name}" for name in read)
