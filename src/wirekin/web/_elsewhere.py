"""The footer in other formats: JSON-LD, Jetpack's related posts, oEmbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

from wirekin.errors import BadRequest, UnknownId
from wirekin.model import StoryDetail, StoryId
from wirekin.render import dump, embed_address, frame_room, jetpack_json, json_ld, oembed_json, oembed_xml
from wirekin.store import Reader
from wirekin.web._api import answer_of
from wirekin.web._context import Answer, Ask
from wirekin.web._params import (
    EMBED,
    MAX_URL,
    check_url,
    heading_of,
    lang_of,
    limit_of,
    look_of,
    number_of,
    related_query_of,
    words_of,
)

USUAL_WIDTH = 600  # px, unless the consumer sets a smaller maxwidth: an article's column, 2026-11
MOST_PIXELS = 9_999  # of maxwidth and maxheight


def related_as_json_ld(reader: Reader, ask: Ask) -> Answer:
    """/related.jsonld."""
    return Answer(dump(json_ld(answer_of(reader, ask), heading_of(ask.params))), "application/ld+json")


def related_as_jetpack(reader: Reader, ask: Ask) -> Answer:
    """/related.jetpack."""
    said = jetpack_json(answer_of(reader, ask), heading_of(ask.params), lang_of(ask.params), ask.context.topics)
    return Answer(dump(said))


def oembed(reader: Reader, ask: Ask) -> Answer:
    """/oembed: an iframe with the items related to an address, one of ours or of any article."""
    written = ask.params.get("format", "json")
    if written not in {"json", "xml"}:
        raise BadRequest("format must be json or xml.")
    asked = _asked_about(reader, ask)
    related_query_of(replace(ask, params=asked))  # checked here, so that nobody pastes a frame that shows an error
    look_of(asked)
    heading = heading_of(asked)
    width = min(USUAL_WIDTH, number_of(ask.params, "maxwidth", USUAL_WIDTH, MOST_PIXELS))
    height = frame_room(limit_of(asked, 6), width)
    height = min(height, number_of(ask.params, "maxheight", height, MOST_PIXELS))
    address = embed_address(ask.base_url, asked)
    answer = oembed_json(address, heading, ask.base_url + "/", width=width, height=height)
    return Answer(oembed_xml(answer), "text/xml; charset=utf-8") if written == "xml" else Answer(dump(answer))


def _asked_about(reader: Reader, ask: Ask) -> Mapping[str, str]:
    """Return the parameters of /embed/related for `url`: an embed of ours, a story's page, or an article."""
    url = words_of(ask.params, "url", MAX_URL)
    check_url(url)
    ours, parts = urlsplit(ask.base_url), urlsplit(url)
    if parts.netloc != ours.netloc or not f"{parts.path}/".startswith(f"{ours.path}/"):
        return {"url": url}
    path = parts.path.removeprefix(ours.path)
    if path == "/embed/related":
        return {name: value for name, value in parse_qsl(parts.query) if name in EMBED}
    return _lead_of(reader, path)


def _lead_of(reader: Reader, path: str) -> Mapping[str, str]:
    key = StoryId(path.removeprefix("/stories/"))
    found = reader.story(key) if path.startswith("/stories/") else None
    if isinstance(found, str):
        found = reader.story(found)
    if not isinstance(found, StoryDetail):
        raise UnknownId("Nothing at that address can be embedded.")
    return {"url": found.story.lead.url, "title": found.story.lead.title}
