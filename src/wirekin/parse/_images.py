"""Choose an entry's picture: the publisher's own choice first, then the first real picture of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from html import unescape
from typing import Any

from wirekin import urls
from wirekin.model import Image

MIN_SIDE = 32  # pixels; anything smaller is an icon or a counter
MAX_HTML_CHARS = 20_000  # of an entry's text that are searched for a picture

_IMG_TAG = re.compile(r"<[iI][mM][gG]\b[^<>]*>")  # with `re.IGNORECASE` re cannot skip from one "<" to the next
_TELLING = {"src", "data-src", "data-lazy-src", "width", "height", "alt"}
_SIDE = re.compile(r"\s*(\d{1,5})(?:px)?\s*$")
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"']++))""")
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif|gif|bmp)(?:$|[?#])", re.IGNORECASE)
# Counters, avatars, smileys, adverts and share buttons: pictures that do not show the story.
_NO_PICTURE = re.compile(
    r"(?:feedburner|feedsportal|doubleclick|gravatar|/pixel|pixel\.|blank\.|spacer|(?<![\w-])1x1(?![a-z\d/-])|"
    r"1x1\.(?:gif|png)|/emoji/|/smil(?:ey|ies)/|"
    r"stats\.wordpress|feeds\.wordpress|b\.scorecardresearch|/ads?/|//ads?\d{0,2}\.[^/.]+\.|tracking|beacon|share[-_]?button)",
    re.IGNORECASE,
)
# Every ASCII match of _NO_PICTURE contains one of these; searching for them first takes a tenth of its time.
_SUSPICIOUS = (
    "feed", "doubleclick", "gravatar", "pixel", "blank.", "spacer", "1x1", "/emoji/", "/smil", "stats.wordpress",
    "scorecardresearch", "/ad", "tracking", "beacon", "share",
)  # fmt: skip
# For pictures in a text only: alt texts of share buttons, and names of icons. A picture that the publisher chose for
# the entry may have such a name.
# A service is one word, or several with capitals: "Share on profits rises" and "Save on energy" are captions.
_SHARES = re.compile(
    r"\s*(?i:add|share|save|post|submit)(?i: this| it)? (?i:to|on|via)(?<!(?i:save on)) "
    r"(?:[\w.+]{1,20}|[A-Z][\w.+]{0,20}(?: [A-Z+][\w.+]{0,20}){1,2})\s*$"
)
_ICON = re.compile(r"/(?:icon|emoticon|avatar|badge)s?/|[-_]icon(?:[-_]\w{1,8})?\.(?:gif|png|svg)\b")
_ICON_WORDS = ("icon", "avatar", "badge")  # every match of _ICON contains one; searching for them first is faster


def of_entry(entry: Mapping[str, Any], base: str) -> Image | None:
    """Choose a picture from feedparser's entry: media:content, media:thumbnail, enclosure, itunes:image, then text."""
    return (
        _largest([one for one in entry.get("media_content", ()) if _is_picture(one)], base)
        or _largest(entry.get("media_thumbnail", ()), base)
        or _largest([one for one in entry.get("links", ()) if _is_enclosed_picture(one)], base)
        or made((entry.get("image") or {}).get("href"), base)
        or _in_text(entry, base)
    )


def _in_text(entry: Mapping[str, Any], base: str) -> Image | None:
    """The first picture of the summary, else of the content."""
    left = MAX_HTML_CHARS
    for markup in _texts_of(entry):
        image = in_html(markup[:left], base)
        left -= len(markup)
        if image or left <= 0:
            return image
    return None


def _texts_of(entry: Mapping[str, Any]) -> Iterator[str]:
    yield str(entry.get("summary") or "")
    yield from (str(one.get("value") or "") for one in entry.get("content", ()))


def in_html(markup: str, base: str) -> Image | None:
    """Return the first <img> of a text that is a picture of the story, not a counter or a button."""
    if "<i" not in markup and "<I" not in markup:
        return None
    for tag in _IMG_TAG.finditer(markup[:MAX_HTML_CHARS]):
        found = _ATTRIBUTE.findall(tag[0])
        values = {name: unescape(a or b or c) for one, a, b, c in found if (name := one.lower()) in _TELLING}
        source = values.get("data-src") or values.get("data-lazy-src") or values.get("src", "")
        if _is_button(values, source):
            continue
        image = made(source, base, values.get("width", ""), values.get("height", ""))
        if image:
            return image
    return None


def _is_button(values: Mapping[str, str], source: str) -> bool:
    """True for a button, an icon, or a counter with a side of 0, which `made` would take for an unknown side."""
    if "0" in {values.get("width"), values.get("height")} or _SHARES.match(values.get("alt", "")):
        return True
    lower = source.lower()
    return any(word in lower for word in _ICON_WORDS) and _ICON.search(lower) is not None


def side(value: object) -> int:
    """Parse a width or height in pixels; 0 if it is not a number of pixels."""
    return _pixels(str(value)[:40]) if value else 0


@lru_cache(maxsize=256)  # a site has a few sizes
def _pixels(written: str) -> int:
    found = _SIDE.match(written)
    return int(found[1]) if found else 0


def made(href: object, base: str, width: object = "", height: object = "") -> Image | None:
    """Make an Image of an address as written, resolved; None for an icon, a counter or an invalid address."""
    url = urls.resolve(base, str(href).strip()) if href else None
    if url is None or url.partition("#")[0] == base or _says_nothing(url):  # base: src="#", before a script runs
        return None
    wide, high = side(width), side(height)
    if 0 < wide < MIN_SIDE or 0 < high < MIN_SIDE:
        return None
    return Image(url, wide, high)


def _says_nothing(url: str) -> bool:
    lower = url.lower()
    for part in _SUSPICIOUS:
        if part in lower:
            return _NO_PICTURE.search(url) is not None
    return not lower.isascii() and _NO_PICTURE.search(url) is not None


def _largest(found: Sequence[Mapping[str, Any]], base: str) -> Image | None:
    """Return the widest real picture, the first of equals. Seven sizes of one are usual, and mostly one is checked."""
    for one in sorted(found, key=_width, reverse=True) if len(found) > 1 else found:
        image = made(one.get("url") or one.get("href"), base, one.get("width"), one.get("height"))
        if image:
            return image
    return None


def _width(one: Mapping[str, Any]) -> int:
    return side(one.get("width"))


def _is_picture(one: Mapping[str, Any]) -> bool:
    if one.get("medium") == "image":
        return True
    kind = f"{one.get('medium', '')} {one.get('type', '')}".lower()
    if "image" in kind:
        return True
    return not kind.strip() and bool(_PICTURE_FILE.search(str(one.get("url", ""))))


def _is_enclosed_picture(one: Mapping[str, Any]) -> bool:
    if one.get("rel") != "enclosure":
        return False
    return "image" in str(one.get("type", "")) or _PICTURE_FILE.search(one.get("href", "")) is not None
