"""The OpenAPI document is valid and matches the code; schemathesis finds no difference."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import timedelta
from string import ascii_lowercase
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode

from fakes_reader import World
from sample_world import sample_world
from serving import ask, serving
from wirekin import web
from wirekin.web._openapi import OPERATIONS, since_pattern, up_to

PROOF = bool(os.environ.get("WIREKIN_PROOF"))
EXAMPLES = 1_000 if PROOF else 12  # cases per operation and mode


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[str, World]]:
    world = sample_world()
    with serving(world) as address:
        yield address, world


@pytest.fixture(scope="module")
def document(served) -> dict[str, Any]:
    return json.loads(ask(served[0], "/openapi.json").body)


def test_every_path_of_the_api_and_every_parameter_is_in_the_document(document):
    routes = {path: known for path, _, known in web._ROUTES if path.startswith("/v1/")}
    described = {
        path: {one["name"] for one in methods["get"]["parameters"] if one["in"] == "query"}
        for path, methods in document["paths"].items()
    }

    assert described == routes


def test_every_answer_is_valid_by_its_schema_and_the_schemas_allow_nothing_else(served, document):
    address, world = served
    paths = {
        "/v1/related": "/v1/related?title=Tanker+seized+in+the+strait",
        "/v1/stories/{id}": f"/v1/stories/{world.stories[0].story.id}",
    }
    for path, methods in document["paths"].items():
        schema = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = {**schema, "components": document["components"]}
        answer = json.loads(ask(address, paths.get(path, path)).body)

        assert [error.message for error in Draft202012Validator(whole).iter_errors(answer)] == []
        assert answer.get("items", ["one"])
    assert all(
        one["additionalProperties"] is False
        for name, one in document["components"]["schemas"].items()
        if name != "Problem"
    )


@given(st.integers(1, 200_000), st.integers(0, 300_000))
def test_the_pattern_for_numbers_up_to_a_maximum_is_exact(most: int, number: int):
    assert bool(re.fullmatch(up_to(most), str(number))) == (1 <= number <= most)


@given(st.integers(1, 400), st.integers(0, 600_000), st.sampled_from("mhdw"))
def test_the_pattern_of_since_matches_exactly_the_accepted_values(days: int, number: int, unit: str):
    span = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}[unit]

    assert bool(re.fullmatch(since_pattern(timedelta(days=days)), f"{number}{unit}")) == (
        timedelta(0) < number * span <= timedelta(days=days)
    )


# --- schemathesis ----------------------------------------------------------------------------------------------------


def _addresses() -> st.SearchStrategy[str]:
    words = st.text(ascii_lowercase, min_size=1, max_size=12)
    return st.builds("{}://{}.example/{}?{}={}".format, st.sampled_from(("http", "https")), words, words, words, words)


def _askable(case: Any) -> Any:
    """Add what OpenAPI cannot express: a cursor must be ours, and /v1/related needs a url, a title or a text."""
    query = case.query if isinstance(case.query, dict) else {}
    query.pop("cursor", None)
    if case.operation.path == "/v1/related" and not any(
        str(query.get(name, "")).strip().isprintable() and str(query.get(name, "")).strip()
        for name in ("url", "title", "text")
    ):
        query["title"] = "Tanker seized in the strait"
    case.query = query
    return case


@pytest.mark.slow
@pytest.mark.proof
@pytest.mark.parametrize(
    ("path", "mode"),
    [(one.path, "positive") for one in OPERATIONS] + [(one.path, "negative") for one in OPERATIONS if one.known],
)  # any text may be an id: /v1/stories/{id} forbids nothing
def test_schemathesis_finds_no_fault_with_all_its_checks(served, document, path: str, mode: str):
    schemathesis.openapi.format("uri", _addresses())
    schema = schemathesis.openapi.from_url(served[0] + "/openapi.json")
    operation = schema[path]["GET"]
    generation = GenerationMode.POSITIVE if mode == "positive" else GenerationMode.NEGATIVE

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=not PROOF,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=generation))
    def run(case):
        (_askable(case) if mode == "positive" else case).call_and_validate()

    run()
