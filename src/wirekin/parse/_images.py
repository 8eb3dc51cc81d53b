"""Which picture goes with an entry: the publisher's own choice first, then the first real picture of the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape
from typing import Any

from wirekin import urls
from wirekin.model import Image

MIN_SIDE = 32  # pixels; anything smaller is an icon or a counter
MAX_HTML_CHARS = 20_000  # of an entry's text that is searched for a picture

_IMG_TAG = re.compile(r"<[iI][mM][gG]\b[^<>]*>")  # `re.IGNORECASE` would look at every character, not at every "<"
_ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|bmp)(?:$|[?#])", re.IGNORECASE)
# Counters, avatars, smileys and share buttons: pictures that say nothing about the story.
_NO_PICTURE = re.compile(
    r"(?:feedburner|feedsportal|doubleclick|gravatar|/pixel|pixel\.|blank\.|spacer|1x1|/emoji/|/smil(?:ey|ies)/"
    r"|stats\.wordpress|feeds\.wordpress|b\.scorecardresearch|/ads?/|tracking|beacon|share[-_]?button)",
    re.IGNORECASE,
)
# One of these is in whatever the expression finds: looking for them first takes a tenth of its time.
_SUSPICIOUS = (
    "feed", "doubleclick", "gravatar", "pixel", "blank.", "spacer", "1x1", "/emoji/", "/smil", "stats.wordpress",
    "scorecardresearch", "/ad", "tracking", "beacon", "share",
)  # fmt: skip


def of_entry(entry: Mapping[str, Any], base: str) -> Image | None:
    """The picture of an entry as feedparser gives it: media:content, media:thumbnail, enclosure, itunes:image, text."""
    return (
        _largest(_media(entry), base)
        or _largest(_thumbnails(entry), base)
        or _largest(_enclosures(entry), base)
        or made((entry.get("image") or {}).get("href", ""), base)
        or in_html(_html_of(entry), base)
    )


def in_html(markup: str, base: str) -> Image | None:
    """The first <img> of a text that is a picture and no counter."""
    for tag in _IMG_TAG.finditer(markup[:MAX_HTML_CHARS]):
        values = {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(tag[0])}
        source = values.get("data-src") or values.get("data-lazy-src") or values.get("src", "")
        image = made(source, base, values.get("width", ""), values.get("height", ""))
        if image:
            return image
    return None


def side(value: object) -> int:
    """Pixels of a width or height as written; 0 where it is not a number of them."""
    if value is None:
        return 0
    found = re.match(r"\s*(\d{1,5})(?:px)?\s*$", str(value or ""))
    return int(found[1]) if found else 0


def made(href: object, base: str, width: object = "", height: object = "") -> Image | None:
    """The picture at an address as written; None where it is none, an icon or a counter."""
    url = urls.resolve(base, str(href).strip()) if href else None
    if url is None or _says_nothing(url):
        return None
    wide, high = side(width), side(height)
    if 0 < wide < MIN_SIDE or 0 < high < MIN_SIDE:
        return None
    return Image(url, wide, high)


def _says_nothing(url: str) -> bool:
    lower = url.lower()
    if lower.isascii() and not any(part in lower for part in _SUSPICIOUS):
        return False
    return _NO_PICTURE.search(url) is not None


def _largest(found: Iterable[Mapping[str, Any]], base: str) -> Image | None:
    """The widest that is a picture; of two as wide, the first. Seven sizes of one are usual, and one is looked at."""
    by_width = sorted(found, key=lambda one: -side(one.get("width")))
    pictures = (made(one.get("url") or one.get("href"), base, one.get("width"), one.get("height")) for one in by_width)
    return next((image for image in pictures if image), None)


def _media(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [one for one in entry.get("media_content") or () if _is_picture(one)]


def _is_picture(one: Mapping[str, Any]) -> bool:
    kind = f"{one.get('medium', '')} {one.get('type', '')}".lower()
    if "image" in kind:
        return True
    return not kind.strip() and bool(_PICTURE_FILE.search(str(one.get("url", ""))))


def _thumbnails(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(entry.get("media_thumbnail") or ())


def _enclosures(entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    linked = [one for one in entry.get("links") or () if one.get("rel") == "enclosure"]
    return [one for one in linked if "image" in str(one.get("type", "")) or _PICTURE_FILE.search(one.get("href", ""))]


def _html_of(entry: Mapping[str, Any]) -> str:
    texts = [str(entry.get("summary") or "")]
    texts += [str(one.get("value") or "") for one in entry.get("content") or ()]
    return " ".join(text[:MAX_HTML_CHARS] for text in texts)
