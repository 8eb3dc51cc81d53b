"""/openapi.json and /docs: the JSON API, described by the types of its answers (`render._shapes`), and as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wirekin.render import api_page, dump, shape_schemas
from wirekin.store import Reader
from wirekin.text import LANGUAGE_TAG
from wirekin.web import _params
from wirekin.web._admin import MAX_ID, REFRESH, STORIES
from wirekin.web._context import Answer, Ask, WebContext
from wirekin.web._pages import HTML, site_of

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One path of the API."""

    path: str
    name: str  # its operationId
    summary: str
    answer: str  # the shape of its answer, or of an item if it is a list
    known: frozenset[str]
    listed: bool = True
    default: int = 50  # of limit


OPERATIONS = (
    Operation("/v1/related", "related", "What else is being said about an article", "RelatedAnswerShape",
              _params.RELATED, listed=False, default=6),
    Operation("/v1/headlines", "headlines", "Headlines, newest first; with search the best match first",
              "ListedHeadline", _params.HEADLINES, default=_params.LISTED),
    Operation("/v1/stories", "stories", "Stories, the leading ones first: each event once", "StoryShape",
              _params.STORIES, default=_params.LISTED),
    Operation("/v1/stories/{id}", "story", "One story with all its headlines, oldest first", "StoryDetailShape",
              frozenset(), listed=False),
    Operation("/v1/topics", "topics", "The topics in the order of feeds.yml", "TopicShape", _params.LIST | {"since"}),
    Operation("/v1/feeds", "feeds", "The feeds in the order of feeds.yml, each by what it delivers", "FeedShape",
              _params.LIST),
)  # fmt: skip

_SAID = {
    "url": "The article's address, http or https. /v1/related needs url, title or text.",
    "title": "The article's title.",
    "text": "The article's text.",
    "topic": "Only this topic.",
    "limit": "How many, at most.",
    "since": "How far back: 90m, 24h, 14d or 2w; at most as long as headlines are kept.",
    "exclude_publisher": "Names or domains, with commas between them.",
    "fallback": "Fill up with the newest stories, each labelled so.",
    "feed": "Only this feed: an id of /v1/feeds.",
    "publisher": "Only this publisher: a name or a domain.",
    "lang": "Only this language.",
    "search": "Only what has these words.",
    "cursor": "`next` of the answer before.",
}


def document(context: WebContext, base_url: str) -> Schema:
    """Make the OpenAPI 3.1 document of the API; paths that write are included only if feeds.yml has tokens."""
    found: Schema = {
        "openapi": "3.1.0",
        "info": {
            "title": "wirekin",
            "version": context.version,
            "description": "Related stories, headlines, stories, topics and feeds. Everything is read with GET.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": base_url or "/"}],
        "paths": {operation.path: {"get": _described(operation, context)} for operation in OPERATIONS},
        "components": {"schemas": {**shape_schemas(), "Problem": _PROBLEM}},
    }
    if context.admin_tokens:
        found["paths"] |= {path: {"post": _writing(*told)} for path, told in _WRITING.items()}
        found["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return found


def openapi(_reader: Reader, ask: Ask) -> Answer:
    """/openapi.json."""
    return Answer(dump(document(ask.context, ask.base_url)))


def docs(reader: Reader, ask: Ask) -> Answer:
    """/docs: the same as a page; there is no script to vendor."""
    page = api_page(site_of(reader, ask), document(ask.context, ask.base_url))
    return Answer(page.encode("utf-8", "replace"), HTML)


def _described(operation: Operation, context: WebContext) -> Schema:
    named: list[Schema] = [
        {"name": name, "in": "query", "description": _SAID[name], "schema": _value(name, operation, context)}
        for name in sorted(operation.known)
    ]
    if operation.path.endswith("{id}"):
        said = "The story's id; those of merged ones live on."
        key = {"type": "string", "minLength": 1}
        named.append({"name": "id", "in": "path", "required": True, "description": said, "schema": key})
    answers: Schema = {"200": _success(operation), "304": {"description": "You have it already: If-None-Match."}}
    if operation.path.endswith("{id}"):
        answers["308"] = {"description": "The story was merged; Location says where it is told now."}
    answers["412"] = _refusal("It is another one now: If-Match.")
    answers["default"] = _refusal(
        "Refused: a wrong value, an unknown or a repeated parameter, an unknown id, or our fault."
    )
    return {"operationId": operation.name, "summary": operation.summary, "parameters": named, "responses": answers}


def _value(name: str, operation: Operation, context: WebContext) -> Schema:
    match name:
        case "limit":
            return {"type": "integer", "minimum": 1, "maximum": _params.MAX_LIMIT, "default": operation.default}
        case "topic":
            return {"type": "string", "enum": list(context.topics)}
        case "fallback":
            return {"type": "string", "enum": ["latest"]}
        case "since":
            return {"type": "string", "pattern": since_pattern(context.keep), "examples": ["14d"]}
        case "url":
            return {"type": "string", "format": "uri", "maxLength": _params.MAX_URL}
        case "text":
            return {"type": "string", "maxLength": _params.MAX_TEXT}
        case "lang":
            return {"type": "string", "pattern": f"^({LANGUAGE_TAG})?$"}
        case "feed" | "cursor":
            return {"type": "string"}
        case _:
            return {"type": "string", "maxLength": _params.MAX_WORDS}


def _success(operation: Operation) -> Schema:
    reference = {"$ref": f"#/components/schemas/{operation.answer}"}
    shape: Schema = reference
    if operation.listed:
        shape = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": reference},
                "next": {"type": ["string", "null"], "description": "The cursor of what follows; null at the end."},
            },
        }
    headers = {"ETag": {"description": "Of these bytes.", "schema": {"type": "string"}}}
    if operation.listed:
        headers["Link"] = {"description": 'rel="next", where more follows.', "schema": {"type": "string"}}
    return {"description": "The answer.", "headers": headers, "content": {"application/json": {"schema": shape}}}


_ID: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_ID}


def _exactly(**properties: Schema) -> Schema:
    return {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": False}


# path -> operationId, summary, schema of the request, schema of the answer
_WRITING: Mapping[str, tuple[str, str, Schema, Schema]] = {
    REFRESH: (
        "refresh",
        "Let the next tick of the daemon poll all feeds, or these",
        {**_exactly(feeds={"type": "array", "minItems": 1, "items": _ID}), "required": []},
        _exactly(feeds={"type": "integer", "minimum": 0, "description": "How many were brought forward."}),
    ),
    STORIES: (
        "correct",
        "Say what belongs together; the next grouping replays it",
        {
            "oneOf": [
                _exactly(merge={"type": "array", "minItems": 2, "maxItems": 2, "items": _ID}),
                *(_exactly(**{verb: _ID}) for verb in ("split", "pin", "unpin")),
            ]
        },
        _exactly(
            did={"type": "string", "enum": ["merge", "split", "pin", "unpin"]},
            corrections={"type": "integer", "minimum": 0, "description": "How many were kept, or taken back."},
        ),
    ),
}


def _writing(name: str, summary: str, sent: Schema, answered: Schema) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "security": [{"token": []}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": sent}}},
        "responses": {
            "202": {"description": "It is kept.", "content": {"application/json": {"schema": answered}}},
            "401": _refusal("No token, or none of ours."),
            "403": _refusal("A token that is not good for this."),
            "default": _refusal("Refused: no JSON, a wrong or unknown id, too large, too often, or our fault."),
        },
    }


_PROBLEM: Schema = {
    "type": "object",
    "description": "RFC 9457. What was sent is never said back.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def _refusal(description: str) -> Schema:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": description, "content": content}


def since_pattern(keep: timedelta) -> str:
    """Return a regular expression for `since`: a number and a unit, together at most `keep`."""
    units: Mapping[str, timedelta] = _params.UNITS
    spans = [f"(?:{up_to(min(keep // span, 999_999))}){unit}" for unit, span in units.items() if keep >= span]
    return f"^(?:{'|'.join(spans)})$"


def up_to(most: int) -> str:
    """Return a regular expression for the numbers 1..most without leading zeros; `most` is at least 1."""
    digits = str(most)
    found = [f"[1-9][0-9]{{{length - 1}}}" if length > 1 else "[1-9]" for length in range(1, len(digits))]
    for place, digit in enumerate(digits):
        least, rest = (1 if place == 0 else 0), len(digits) - place - 1
        if int(digit) > least:
            found.append(f"{digits[:place]}[{least}-{int(digit) - 1}]" + ("[0-9]" * rest))
    return "|".join([*found, digits])
