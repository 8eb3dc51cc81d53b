"""Articles that a page lists as data: JSON-LD, and the state that script-built pages carry with them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from wirekin import urls
from wirekin.model import Entry, Image, Precision, Source
from wirekin.parse import _cards, _dates
from wirekin.parse._dom import Page
from wirekin.parse._shapes import address_score

MAX_JSON_CHARS = 4_000_000  # of one script
MAX_OBJECTS = 50_000  # looked at in one page

_SCRIPTS = ("", "text/javascript", "application/javascript")
_STATE = re.compile(
    r"(?:window|self|globalThis)\s*(?:\.\s*\w+|\[[\"']\w+[\"']\])\s*=\s*(?=\{)|\bvar\s+__\w+\s*=\s*(?=\{)"
)
_PUSHED = re.compile(r"\s*(?:self|window)\.__next_f\.push\(")
_ROW = re.compile(r"^[0-9a-f]+:(?=[\[{])(.*)$", re.MULTILINE)  # of that stream: a number and JSON
_TITLES = ("headline", "title", "name", "headlines", "shortTitle")
_LINKS = ("url", "link", "href", "canonicalUrl", "canonical_url", "webUrl", "permalink", "path", "website_url", "uri")
_TIMES = (
    "datePublished",
    "publishedAt",
    "published_at",
    "publishDate",
    "firstPublished",
    "published",
    "date",
    "display_date",
)
_PICTURES = ("image", "thumbnail", "thumbnailUrl", "lead_image", "leadImage", "promo_image", "img", "photo", "picture")
_OTHER_TYPES = (
    "organization",
    "person",
    "webpage",
    "website",
    "breadcrumb",
    "imageobject",
    "collectionpage",
)


def listed(page: Page, base: str) -> dict[str, Entry]:
    """The articles of the page's JSON-LD by canonical URL: they know times that cards leave out."""
    found: dict[str, Entry] = {}
    for one in objects(page, ("application/ld+json",)):
        entry = _entry(one, base)
        canonical = urls.canonicalise(entry.link) if entry else None
        if entry and canonical:
            found.setdefault(canonical, entry)
    return found


def entries(page: Page, base: str) -> tuple[Entry, ...]:
    """The articles of a page that shows none as links, in the order of its data."""
    found: dict[str, Entry] = {}
    for one in objects(page, ("application/ld+json", "application/json", *_SCRIPTS)):
        entry = _entry(one, base)
        if entry and _is_told(entry) and (key := urls.canonicalise(entry.link)):
            found.setdefault(key, entry)
    own = urls.canonicalise(base)
    return tuple(entry for key, entry in found.items() if key != own and address_score(entry.link) >= 0)


def _is_told(entry: Entry) -> bool:
    """True for a title of an article's length, or a short one that has an article's address and time."""
    words = _cards.weight(entry.title)
    return words > 3 or (words > 1 and entry.published_at is not None and address_score(entry.link) >= 1)


def objects(page: Page, kinds: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every object in the page's scripts of these types, at most MAX_OBJECTS, in the order of the page."""
    return islice((one for value in _values(page, kinds) for one in _walk(value)), MAX_OBJECTS)


def _values(page: Page, kinds: tuple[str, ...]) -> Iterator[object]:
    streamed: list[str] = []
    for kind, written in page.scripts(kinds):
        if kind and "javascript" not in kind:
            yield _loaded(written)
        elif pushed := _PUSHED.match(written):
            streamed.append(_chunk_of(written[pushed.end() :]))
        else:
            yield _state_of(written)
    yield from (_loaded(row[1]) for row in _ROW.finditer("".join(streamed)[:MAX_JSON_CHARS]))


def _chunk_of(written: str) -> str:
    """What one script adds to the stream of React's server components: self.__next_f.push([1, "..."])."""
    try:
        chunk = json.JSONDecoder().raw_decode(written)[0]
    except (ValueError, RecursionError):
        return ""
    return chunk[1] if isinstance(chunk, list) and len(chunk) > 1 and isinstance(chunk[1], str) else ""


def _loaded(written: str) -> object:
    try:
        return json.loads(written) if len(written) <= MAX_JSON_CHARS else None
    except (ValueError, RecursionError):
        return None


def _state_of(written: str) -> object:
    """The object that a script sets `window.__STATE__` or the like to; None where it is no plain JSON."""
    found = _STATE.search(written[:2_000]) if len(written) <= MAX_JSON_CHARS else None
    try:
        return json.JSONDecoder().raw_decode(written, found.end())[0] if found else None
    except (ValueError, RecursionError):
        return None


def _walk(value: object) -> Iterator[dict[str, Any]]:
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            if one.get("@type") == "BreadcrumbList":  # its items have names and addresses too
                continue
            yield one
            todo.extend(reversed(list(one.values())))
        elif isinstance(one, list):
            todo.extend(reversed(one))


def _entry(one: dict[str, Any], base: str) -> Entry | None:
    if str(one.get("@type", "")).lower() in _OTHER_TYPES:
        return None
    title = _cards.bare(_string(one, _TITLES))
    link = urls.resolve(base, _string(one, _LINKS)) if title else None
    if not link:
        return None
    stamp = _dates.read_date(_string(one, _TIMES)) or _dates.NO_DATE
    image = urls.resolve(base, _string(one, _PICTURES))
    source = _string(one, ("source", "publisher", "sourceName"))
    return Entry(
        link=link,
        title=title,
        published_at=stamp.at,
        precision=stamp.precision if stamp.at else Precision.INSTANT,
        image=Image(image) if image else None,
        source=Source(source) if source and "@type" not in one else None,
    )


def _string(one: dict[str, Any], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = one.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = next(
                (value[name] for name in ("url", "src", "href", "basic", "name", "text", "@id") if name in value), ""
            )
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
