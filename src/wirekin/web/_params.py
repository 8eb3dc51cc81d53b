"""Parse query parameters strictly: a wrong value raises BadRequest, whose message states the rule, not the input."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from wirekin.errors import BadRequest
from wirekin.model import FeedId, Page, Question, RelatedKind, RelatedQuery, TopicSlug
from wirekin.render import words_in
from wirekin.text import is_language_tag
from wirekin.urls import canonicalise
from wirekin.web._context import Ask, WebContext

T = TypeVar("T")

LIST = frozenset({"limit", "cursor"})
HEADLINES = LIST | {"topic", "feed", "publisher", "lang", "search", "since"}
STORIES = LIST | {"topic", "lang", "since"}
FILTERS = ("topic", "publisher", "lang", "from", "until")
SEARCH = LIST | {"q", *FILTERS}
RELATED = frozenset({"url", "title", "text", "topic", "limit", "since", "exclude_publisher", "fallback"})
LOOK = frozenset({"heading", "theme", "images", "lang"})
EMBED = RELATED | LOOK

SHAPED = RELATED | {"heading", "lang"}
BUILDER = LOOK | {"url", "topic", "limit"}
OEMBED = frozenset({"url", "format", "maxwidth", "maxheight"})

LISTED = 20  # default limit of headlines and stories
MAX_LIMIT = 50  # docs/design: /v1/related limit=1..50, lists alike, 2026-11
MAX_TEXT = 4_000  # characters of text=; the command line takes longer texts, 2026-11
MAX_WORDS = 500  # characters of title= and search=: ten times a long headline, 2026-11
MAX_URL = 2_048  # characters, as at ingest (requirement C9)

_SINCE = re.compile(r"([1-9][0-9]{0,5})([mhdw])")
_DAY = re.compile(r"(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def read_params(pairs: Iterable[tuple[str, str]], allowed: frozenset[str], *, strict: bool) -> dict[str, str]:
    """Return the parameters that are in `allowed`.

    Raises: BadRequest for one given twice and, if `strict`, for one that is not in `allowed`.
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        if name not in allowed:
            if strict:
                known = ", ".join(sorted(allowed)) or "none"
                raise BadRequest(f"There is a parameter that is not known here. Known: {known}.")
            continue
        if name in found:
            raise BadRequest(f"The parameter {name} is given twice.")
        found[name] = value
    return found


def limit_of(params: Mapping[str, str], default: int) -> int:
    """Parse `limit`, 1..50."""
    return number_of(params, "limit", default, MAX_LIMIT)


def number_of(params: Mapping[str, str], name: str, default: int, most: int) -> int:
    """Parse a number, 1..`most`, of no more digits than `most` has."""
    value = params.get(name, str(default))
    # isascii: int() accepts digits of every script, and a cache must not store one answer under many URLs.
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(most)) and 1 <= int(value) <= most):
        raise BadRequest(f"{name} must be a number from 1 to {most}.")
    return int(value)


def since_of(params: Mapping[str, str], keep: timedelta) -> timedelta | None:
    """Parse `since` (90m, 24h, 14d or 2w), at most `keep`; None if it is not given."""
    if "since" not in params:
        return None
    match = _SINCE.fullmatch(params["since"])
    if match is None:
        raise BadRequest("since must be a number and a unit: 90m, 24h, 14d or 2w.")
    span = int(match[1]) * UNITS[match[2]]
    if span > keep:
        raise BadRequest(f"since can be at most {_written(keep)}: headlines are not kept for longer.")
    return span


def _written(span: timedelta) -> str:
    """Write a duration in the form of `since`: 90d, or 36h."""
    unit = next((unit for unit in "dh" if not span % UNITS[unit]), "m")
    return f"{span // UNITS[unit]}{unit}"


def topic_of(params: Mapping[str, str], context: WebContext) -> TopicSlug | None:
    """Parse `topic`, a slug of feeds.yml; None if it is not given."""
    if "topic" not in params:
        return None
    slug = TopicSlug(params["topic"])
    if slug not in context.topics:
        raise BadRequest("There is no such topic: /v1/topics lists them.")
    return slug


def days_of(params: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """Return the first instant of `from` and the last of `until`, two days in UTC; None for one that is not given."""
    first, last = _day_of(params, "from"), _day_of(params, "until")
    if first and last and first > last:
        raise BadRequest("from must not be after until.")
    return first, last + timedelta(days=1, microseconds=-1) if last else None


def _day_of(params: Mapping[str, str], name: str) -> datetime | None:
    if name not in params:
        return None
    with suppress(ValueError):
        if _DAY.fullmatch(params[name]):  # only plausible years: 0001 is a date too, and no instant is before that
            return datetime.fromisoformat(params[name]).replace(tzinfo=UTC)
    raise BadRequest(f"{name} must be a day: 2026-11-22.")


def words_of(params: Mapping[str, str], name: str, most: int = MAX_WORDS) -> str:
    """Return a parameter of free text without control characters; "" if it is not given."""
    value = params.get(name, "")
    if len(value) > most:
        raise BadRequest(f"{name} can have at most {most:,} characters.")
    return "".join(char if char.isprintable() else " " for char in value).strip()


@dataclass(frozen=True, slots=True)
class Look:
    """The appearance of the footer."""

    heading: str = ""  # "": as the language has it
    theme: str = "auto"
    images: bool = True
    lang: str = "en"


def look_of(params: Mapping[str, str]) -> Look:
    """Parse `heading`, `theme`, `images` and `lang`."""
    theme, images = params.get("theme", "auto"), params.get("images", "yes")
    if theme not in {"auto", "light", "dark"}:
        raise BadRequest("theme must be auto, light or dark.")
    if images not in {"yes", "no"}:
        raise BadRequest("images must be yes or no.")
    return Look(words_of(params, "heading", 100), theme, images == "yes", lang_of(params))


def heading_of(params: Mapping[str, str]) -> str:
    """Return `heading`, the text above the footer, or its default in `lang`."""
    return words_of(params, "heading", 100) or words_in(lang_of(params)).related


def lang_of(params: Mapping[str, str], default: str = "en") -> str:
    """Parse `lang`, a tag of RFC 5646: the language of the footer's own words, or of headlines."""
    lang = params.get("lang") or default
    if lang and not is_language_tag(lang):
        raise BadRequest("lang must be a language: fa, or pt-BR.")
    return lang


def question_of(ask: Ask) -> Question:
    """Make the Question of a list. `since` counts from now."""
    params, context = ask.params, ask.context
    span = since_of(params, context.keep)
    return Question(
        topic=topic_of(params, context),
        feed=FeedId(params["feed"]) if params.get("feed") else None,
        publisher=words_of(params, "publisher"),
        lang=lang_of(params, ""),
        search=words_of(params, "search"),
        since=ask.now - span if span else None,
        limit=limit_of(params, LISTED),
        cursor=params.get("cursor") or None,
    )


def related_query_of(ask: Ask) -> RelatedQuery:
    """Make the query of /v1/related, the fragment and the embed."""
    params, context = ask.params, ask.context
    url, title, text = words_of(params, "url", MAX_URL), words_of(params, "title"), _text_of(params)
    if not (url or title or text.strip()):
        raise BadRequest("Say what the article is: url=, title= or text=.")
    if url:
        check_url(url)
    if params.get("fallback", "latest") != "latest":
        raise BadRequest("fallback can only be latest.")
    excluded = (name.strip() for name in words_of(params, "exclude_publisher").split(","))
    return RelatedQuery(
        url=url,
        title=title,
        text=text,
        topic=topic_of(params, context),
        limit=limit_of(params, 6),
        since=since_of(params, context.keep),
        exclude_publishers=frozenset(name for name in excluded if name),
        fallback=RelatedKind.LATEST if "fallback" in params else None,
    )


def check_url(url: str) -> None:
    """Check that `url` is a whole http or https address.

    Raises: BadRequest.
    """
    if canonicalise(url) is None:
        raise BadRequest("url must be a whole http or https address.")


def _text_of(params: Mapping[str, str]) -> str:
    text = params.get("text", "")
    if len(text) > MAX_TEXT:
        raise BadRequest(
            f"text can have at most {MAX_TEXT:,} characters: send the title, or ask `wirekin related --text-file`."
        )
    return text


def part_of(items: tuple[T, ...], ask: Ask, key: Callable[[T], str]) -> Page[T]:
    """Return a page of a list that the store returns whole. The cursor is the encoded key of the last item before."""
    first = _first_of(ask.params.get("cursor", ""), [key(item) for item in items])
    following = first + limit_of(ask.params, MAX_LIMIT)
    cursor = _wrapped(key(items[following - 1])) if following < len(items) else None
    return Page(items[first:following], cursor)


def _wrapped(key: str) -> str:
    return urlsafe_b64encode(b"k" + key.encode()).decode().rstrip("=")


def _first_of(cursor: str, keys: list[str]) -> int:
    """Return the index after the item that a cursor names, even if a reload of feeds.yml has moved it."""
    if not cursor:
        return 0
    place = next((place for place, key in enumerate(keys) if _wrapped(key) == cursor), None)
    if place is None:
        raise BadRequest("The cursor is not one of this list: start again without it.")
    return place + 1
