"""Parse JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1); a truncated document keeps its complete items."""

from __future__ import annotations

import json
import re
from typing import Any

from wirekin import text, urls
from wirekin.model import Entry, Hub, Image, Parsed, ParseFailed, ParseResult, Reason
from wirekin.parse import _dates, _entries, _images, _xml

_ITEMS = re.compile(r'"items"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_HUB_TYPES = frozenset({"websub", "pubsubhubbub"})  # the protocol's name, and its name until 2017


def parse(body: bytes, *, url: str, lang: str | None) -> ParseResult:
    """Read a JSON Feed; any other JSON is NOT_A_FEED."""
    written = body.decode("utf-8-sig", "replace")
    try:
        document = json.loads(written, parse_int=_integer)
        whole = True
    except (ValueError, RecursionError):
        document, whole = {"items": _complete_items(written)}, False
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or not _is_feed(document, written):
        return ParseFailed(Reason.NOT_A_FEED, "JSON, but not a JSON Feed")
    if not whole and not items:
        return ParseFailed(Reason.TRUNCATED, "JSON cut short before its first complete item")
    home = urls.resolve(url, _string(document, "home_page_url")) or ""
    found = (item for item in items[: _xml.MAX_ENTRIES] if isinstance(item, dict))
    return Parsed(
        kind="json",
        entries=tuple(_entry(item, home or url) for item in found),
        title=text.clean(_string(document, "title"), _entries.MAX_TITLE_CHARS),
        link=home,
        lang=lang or _entries.primary_lang(document.get("language")),
        whole=whole,
        hub=_hub(document, url),
    )


def _hub(document: dict[str, Any], url: str) -> Hub | None:
    """Return the WebSub hub among `hubs`; the feed's topic there is its `feed_url`."""
    hubs = document.get("hubs")
    named = [hub for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    found = urls.safest(url, (_string(hub, "url") for hub in named if _string(hub, "type").lower() in _HUB_TYPES))
    return Hub(found, urls.safest(url, [_string(document, "feed_url")]) or "") if found else None


def _is_feed(document: dict[str, Any], written: str) -> bool:
    if "jsonfeed.org/version" in str(document.get("version", "")) or "jsonfeed.org/version" in written[:2_000]:
        return True
    return any(isinstance(one, dict) and ("url" in one or "content_html" in one) for one in document["items"])


def _complete_items(written: str) -> list[Any]:
    found = _ITEMS.search(written)
    items: list[Any] = []
    if found is None:
        return items
    decoder, at = json.JSONDecoder(parse_int=_integer), found.end()
    while len(items) < _xml.MAX_ENTRIES:
        between = _BETWEEN.match(written, at)
        try:
            item, at = decoder.raw_decode(written, between.end() if between else at)
        except (ValueError, RecursionError):
            return items
        items.append(item)
    return items


def _integer(written: str) -> int | str:
    """Convert a JSON integer. An id may be long: int() raises over 4,300 digits, and the later items would be lost."""
    return int(written) if len(written) <= 20 else written


def _string(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _entry(item: dict[str, Any], base: str) -> Entry:
    published, updated = (_dates.read_date(_string(item, f"date_{name}")) for name in ("published", "modified"))
    first = next((stamp for stamp in (published, updated) if stamp and stamp.at), _dates.NO_DATE)
    summary = _string(item, "summary") or _string(item, "content_text") or _string(item, "content_html")
    tags = item.get("tags")
    return Entry(
        link=urls.resolve(base, _string(item, "url") or _string(item, "external_url")) or "",
        title=text.clean(_string(item, "title"), _entries.MAX_TITLE_CHARS),
        guid=text.clean(_string(item, "id"), _entries.MAX_GUID_CHARS),
        summary=text.clean(summary, _entries.MAX_SUMMARY_CHARS),
        published_at=first.at,
        precision=first.precision,
        offset=first.offset,
        updated_at=updated.at if updated else None,
        categories=_categories(tags if isinstance(tags, list) else []),
        image=_image(item, base),
        lang=_entries.primary_lang(item.get("language")),
    )


def _categories(tags: list[Any]) -> tuple[str, ...]:
    names = (text.clean(tag, 80) for tag in tags[: _entries.MAX_CATEGORIES] if isinstance(tag, str))
    return tuple(dict.fromkeys(filter(None, names)))


def _image(item: dict[str, Any], base: str) -> Image | None:
    linked = urls.resolve(base, _string(item, "image") or _string(item, "banner_image"))
    return Image(linked) if linked else _images.in_html(_string(item, "content_html"), base)
