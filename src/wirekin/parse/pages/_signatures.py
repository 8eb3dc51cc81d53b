"""Find the publisher that a card names, or that signs its title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from wirekin import text, urls
from wirekin.model import Source
from wirekin.parse.pages import _times
from wirekin.parse.pages._cards import is_person
from wirekin.parse.pages._dom import Element
from wirekin.parse.pages._times import is_date

MAX_PUBLISHER_WORDS = 6
_NO_NAMES = frozenset({"source", "img", "article", "section", "time", "figcaption"})
_PUBLISHER = re.compile(
    r"\b(?:source|publisher|outlet|provider|site-?name|publication|agency|quelle|fuente|istochnik)\b"
)
_PUBLISHER_LAST = re.compile(
    r"(?:^|[\s-])(?:src|media|press|writing|newspaper)$"
)  # so common that they count only for elements with little in them
# Names of picture credits and of dates: "photo-source", "publication-date".
_BESIDE = re.compile(
    r"\b(?:image|img|photo|foto|picture|figure|credits?|copyright)\b|publication-?(?:date|time)|(?:date|time)-of-publication"
)
_CREDIT = re.compile(r"(?:photo|foto|image|bild|picture|фото)\w*\s*(?::|/|by\b|von\b)|©|\(c\)", re.IGNORECASE)
_BEFORE = re.compile(
    r"^(?:source|quelle|fuente|fonte|kaynak|źródło|источник)\s*:\s*|^(?:(?-i:on)|via|by|from)\s+|^by:?$", re.IGNORECASE
)


def publisher_of(card: Element, base: str, link: str = "") -> Source | None:
    """Return the publisher that a card names (an aggregator's "Reuters"); never a person.

    A link to the home page of the site that `link` leads to names it, too: "Northwire: Memory maker halts plant".
    """
    host = urls.host_key(link) if link else ""
    if host and host != urls.host_key(base):
        for one in card.inside("a"):
            home = urls.resolve(base, one.href) if one.href else None
            name = text.clean(one.text(), 80) if home and home.rstrip("/").count("/") == 2 else ""
            if home and name and urls.host_key(home) == host and len(name.split()) <= MAX_PUBLISHER_WORDS:
                return Source(name, home)
    for one in card.walk():
        if not (written := one.written):
            continue
        brief, long = _names_publisher(one.marks)
        named = long or (brief and one.end - one.order < 3) or ' itemprop="publisher"' in written
        if not named or one.tag in _NO_NAMES or any(map(is_person, one.walk())):
            continue
        name = _BEFORE.sub("", text.clean(one.text(_is_time), 80).strip(" ·⋅•|-–—,:"))
        if 0 < len(name.split()) <= MAX_PUBLISHER_WORDS and not _tells_else(name):
            return Source(name, urls.resolve(base, one.attrs.get("href", "")) or "" if one.tag == "a" else "")
    return _beside_its_icon(card)


def _tells_else(name: str) -> bool:
    return name.isdigit() or is_date(name) or _CREDIT.match(name) is not None


@lru_cache(maxsize=4096)
def _names_publisher(marks: str) -> tuple[bool, bool]:
    """Return whether class and id name a publisher: in an element with little in it, and in any element."""
    if _BESIDE.search(marks):
        return False, False
    return bool(_PUBLISHER_LAST.search(marks)), bool(_PUBLISHER.search(marks))


def _beside_its_icon(card: Element) -> Source | None:
    """Return the outlet named after the icon of its site, as aggregators show it."""
    for icon in card.inside("img"):
        if "favicon" in icon.attrs.get("src", ""):
            after = icon.next or (icon.parent and icon.parent.next)
            name = text.clean(after.text(), 80) if after else ""
            if name and len(name.split()) <= MAX_PUBLISHER_WORDS:
                return Source(name)
    return None


def signed_by(title: str, words: Iterable[str]) -> Source | None:
    """Return the outlet that signs the title in one of these texts (a link's, an alt text): "Title | The Courant"."""
    folded = title.casefold()
    for one in words:
        if one == title:
            continue
        said = text.clean(one)
        if folded not in said.casefold():
            continue
        plain, outlet = text.split_outlet(said)
        if outlet and plain.casefold().endswith(folded):
            return Source(outlet)
    return None


def _is_time(one: Element) -> bool:
    return one.tag in {"time", "img", "svg"} or _times.is_dated(one)
