"""Choose the picture of a card: the largest that is not too large for a screen, never a placeholder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from wirekin import urls
from wirekin.model import Image
from wirekin.parse import _images
from wirekin.parse.pages import _cards, _wording
from wirekin.parse.pages._dom import Element, Index
from wirekin.parse.pages._shapes import leads_to_person

MAX_BESIDE = 6  # siblings after a title that are searched for its picture
MAX_WIDTH = 1_600  # pixels; wider pictures are for print, and taken only if there is no other
_ENDS = frozenset({"hr", "table", "ul", *_cards.HEADINGS})  # after these, siblings no longer belong to the title
_INLINE = frozenset({"a", "b", "strong", "font", "i", "em", "span"})

_NO_PICTURE = re.compile(  # of an address in lower case: re.IGNORECASE takes four times as long
    r"placeholder|spacer|blank\.|transparent\.|pixel|(?<![\w-])1x1(?![a-z\d/-])|1x1\.(?:gif|png)|"
    r"loading\.|lazy\.|default[-_]?(?:img|image|thumb)|/icons?/|[-_/]icon[-_.]|logo|avatar|gravatar|favicon|sprite|"
    r"\.svg(?:$|\?)|emoji|badge|/ads?/|/banners?/|banner[-_]?\d|"
    r"(?<![a-z])no-?(?:image|photo|pic|thumb)\b|/smil(?:ey|ie)s?/|/buttons?/"
)
# Every match contains one of these, and hardly any other address does; searching for them takes a tenth of the time.
_SUSPICIOUS = (
    "placeholder", "spacer", "blank.", "transparent.", "pixel", "1x1", "loading.", "lazy.", "default", "icon", "logo",
    "avatar", "sprite", ".svg", "emoji", "badge", "/ad", "banner", "noimage", "no-image", "nophoto", "no-photo",
    "nopic", "no-pic", "nothumb", "no-thumb", "/smil", "/button",
)  # fmt: skip
# Such a word inside a long file name is part of the title: "film-icon-who-ruled-the-screen.jpg".
_ABOUT = re.compile(r"(?<=[^\W_][-_])(?:icon|logo|avatar|badge|emoji|pixel)s?(?=[-_][^\W\d_])", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_]{2,}")
MAX_ICON = 40  # pixels of both sides: an outlet's icon, or a portrait beside a name
MIN_NAME_WORDS = 6  # of a file name that is made of a title
_PLACEHOLDER_PATH = re.compile(r"^(?:data:|about:|#|javascript:)", re.IGNORECASE)
_BACKGROUND = re.compile(r"""background(?:-image)?\s*:[^;]*url\(\s*['"]?([^'")]+)""", re.IGNORECASE)
_BACKGROUNDS = ("data-bg", "data-background-image", "data-background", "data-src")  # on any element
_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-image", "data-url", "data-hi-res-src",
            "data-full", "data-echo", *_BACKGROUNDS)  # fmt: skip
_FILE = re.compile(r"^\s*\S+\.(?:jpe?g|png|webp|avif|gif)(?:[?#]\S*)?\s*$", re.IGNORECASE)
_PAINT = ("url(", "data-bg", "data-background", "data-src", ".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
_SHOWN = frozenset({"img", "source", "amp-img", "video", "picture"})
_SIZE = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)([wx])")
MAX_KEPT = 1_000  # longest attributes of an <img>, in characters, whose picture is cached
MAX_PARTS = 400  # addresses and sizes read per srcset


def images_of(card: Element, base: str) -> Iterator[Image]:
    """Yield the card's pictures in document order, without portraits of persons and placeholders."""
    person_until = -1  # the last element of a part that shows a person
    for one in card.walk():
        if one.order <= person_until:
            continue
        written = one.written
        if written and (_cards.is_person(one) or (one.tag == "a" and one.size and leads_to_person(one.href))):
            person_until = one.end if one is not card else -1
        elif (one.tag in _SHOWN or (written and _may_paint(written))) and (image := picture_of(one, base)):
            yield image
    if image := _beside(card, base):
        yield image


def _may_paint(written: str) -> bool:
    """Return False if the attributes certainly hold no picture's address; much cheaper than `attrs`."""
    if not (' style="' in written or " data-" in written):
        return False
    lower = written.lower()
    return any(mark in lower for mark in _PAINT)


def _beside(card: Element, base: str) -> Image | None:
    """Return the picture after a title that has no card element: up to the next rule, heading or link."""
    one = card.next if card.tag in _INLINE else None
    for _ in range(MAX_BESIDE):
        if one is None or one.tag in _ENDS or (one.tag == "a" and not _wording.is_generic(one.text())):
            return None
        if image := picture_of(one, base):
            return image
        one = one.next
    return None


def picture_of(one: Element, base: str) -> Image | None:
    """Return the picture that one element shows; a <picture> offers those of its sources and its <img>."""
    if one.tag not in _SHOWN:
        if one.tag in {"script", "iframe"}:
            return None
        return _first(_painted(one), base)
    if one.tag == "img" and len(one.written) <= MAX_KEPT:
        return _picture_of_img(one.written, base)
    # A nested <picture> is skipped, because it is read on its own: reading it for each outer one took 22 s for 800 KB.
    parts = [part for part in one.walk(_is_picture) if part.tag in _SHOWN] if one.tag == "picture" else [one]
    return _offered(parts, base)


@lru_cache(maxsize=2048)  # a story and its picture stay on the page for many polls
def _picture_of_img(written: str, base: str) -> Image | None:
    return _offered([Element("img", written, None, Index())], base)


def _offered(parts: list[Element], base: str) -> Image | None:
    """Return the best picture of these parts: the largest of stated width up to MAX_WIDTH, else any other."""
    sides = next((found for part in reversed(parts) if any(found := _sides(part))), (0, 0))
    if any(0 < side < _images.MIN_SIDE for side in sides) or 0 < min(sides) <= max(sides) <= MAX_ICON:
        return None
    sized = [found for part in parts if "srcset" in part.written for found in _sized(part)]
    for link, width in sorted(sized, key=lambda found: (found[1] > MAX_WIDTH, -min(found[1], 2 * MAX_WIDTH))):
        height = round(sides[1] * width / sides[0]) if sides[0] else 0
        if image := made(link, base, (width, height)):
            return image
    parts.sort(key=_is_for_phones)
    plain = (link for part in parts for link in (*_painted(part), *_plain(part)))
    return _first(plain, base, sides)


def _is_picture(one: Element) -> bool:
    return one.tag == "picture"


def _is_for_phones(one: Element) -> bool:
    return one.has("media") and "max-width" in one.attrs.get("media", "")


def _sides(one: Element) -> tuple[int, int]:
    return _images.side(one.attrs.get("width")), _images.side(one.attrs.get("height"))


def _painted(one: Element) -> Iterator[str]:
    """Yield the addresses that a style sheet or a script shows in this element."""
    if ' style="' in one.written and (background := _BACKGROUND.search(one.attrs.get("style", ""))):
        yield background[1]
    if " data-" not in one.written:
        return
    names = _SOURCES if one.tag in _SHOWN else _BACKGROUNDS
    yield from (one.attrs[name] for name in names if name in one.attrs)
    # An unknown data attribute whose value is a picture's file.
    yield from (value for name, value in one.attrs.items() if name.startswith("data-") and _FILE.match(value))


def _plain(one: Element) -> Iterator[str]:
    if "srcset" in one.written:  # sizes in "x": `src` is the smallest of them
        yield max(_candidates(one), key=lambda found: found[1], default=("", 0.0, ""))[0]
    if one.tag in {"img", "amp-img"}:
        yield one.attrs.get("src", "")
    yield one.attrs.get("poster", "")


def _sized(one: Element) -> Iterator[tuple[str, int]]:
    """Yield the candidates with a stated width, and the width in pixels."""
    yield from ((link, int(size)) for link, size, unit in _candidates(one) if unit == "w")


def _candidates(one: Element) -> Iterator[tuple[str, float, str]]:
    for name, value in one.attrs.items():
        if name.endswith("srcset"):
            yield from _listed(value.split(maxsplit=MAX_PARTS)[:MAX_PARTS])


def _listed(parts: list[str]) -> Iterator[tuple[str, float, str]]:
    """Yield address, size and unit ("w", "x" or "") of each candidate of a srcset that is split at blanks.

    An address may contain commas, and no blank need follow the comma after a size: "/w_320,c_fit/a.jpg 1x,/b.jpg".
    """
    link = ""
    for part in parts:
        if not link:
            link = "" if _SIZE.fullmatch(part) else part.lstrip(",")
            if link.endswith(","):
                yield link.rstrip(","), 1.0, ""
                link = ""
            continue
        said, _, rest = part.partition(",")
        size = _SIZE.fullmatch(said)
        yield link, float(size[1]) if size else 1.0, size[2] if size else ""
        link = rest
    if link:
        yield link.rstrip(","), 1.0, ""


def _first(links: Iterator[str], base: str, sides: tuple[int, int] = (0, 0)) -> Image | None:
    return next((image for link in links if (image := made(link, base, sides))), None)


def made(link: str, base: str, sides: tuple[int, int] = (0, 0)) -> Image | None:
    """Make an Image of an address as written; None for a placeholder."""
    link = link.strip()
    if not link or _PLACEHOLDER_PATH.match(link) or (_names_none(link.lower()) and not _is_about(link)):
        return None
    link = link.replace("\\/", "/").replace(
        "\\", "/"
    )  # JSON escapes slashes; in an address written by hand browsers read a backslash as a slash
    url = urls.resolve(base, link)
    return Image(url, *sides) if url else None


def _names_none(lower: str) -> bool:
    for part in _SUSPICIOUS:
        if part in lower:
            return _NO_PICTURE.search(lower) is not None
    return False


def _is_about(link: str) -> bool:
    """True if only the words of a long file name make the address look like a logo's."""
    path, slash, name = link.partition("?")[0].rpartition("/")
    if len(_NAME_WORD.findall(name)) < MIN_NAME_WORDS:
        return False
    return not _NO_PICTURE.search(f"{path}{slash}{_ABOUT.sub('', name)}".lower())
