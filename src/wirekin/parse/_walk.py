"""One walk over a feed's elements, a rule an element: feedparser's state as far as what we keep depends on it.

The answers are those of feedparser 6.0.14 (mixin.py, parsers/strict.py); `_rules` says what each element does, `_fast`
decides what may be read so at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

from feedparser.api import StrictFeedParser
from feedparser.urls import make_safe_absolute_uri
from feedparser.util import FeedParserDict

ATOM = "http://www.w3.org/2005/Atom"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")  # as feedparser mends http:////host
_MENDABLE = b"\xc2"  # in UTF-8, of U+0080 to U+00BF: in whatever was encoded twice, and in whatever _C1 finds
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_CP1252 = {chr(at): bytes([at]).decode("cp1252", "ignore") or chr(at) for at in range(0x80, 0xA0)}
# Attributes that some rule reads: of another namespace they are a doubt, because feedparser mixes the two up.
_MEANING = frozenset(
    "rel "  # noqa: SIM905  # quotes and commas would hide the names
    "type href url uri term scheme domain label text ispermalink lang base width height medium src mode lastmod "
    "about".split()
)
# What attributes are usually called, spelt as feedparser spells them.
_ORDINARY = _MEANING - {"base"} | {"length", "filesize", "bitrate", "duration", "expression", "version", "role"}
KNOWN = {uri.lower(): prefix.lower() for uri, prefix in StrictFeedParser.namespaces.items()}
_WITH_RULES = {
    name.removeprefix("_start_").removeprefix("_end_")
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
}
# Names under which feedparser keeps what it has read: an unknown element of such a name would overwrite it.
_KEPT = set(FeedParserDict.keymap) | set(
    "link "  # noqa: SIM905  # quotes and commas would hide the names
    "links title title_detail id guidislink summary summary_detail subtitle subtitle_detail content published "
    "published_parsed updated updated_parsed created created_parsed expired expired_parsed validity_start "
    "validity_end tags media_content media_thumbnail media_credit media_rating media_license media_restriction image "
    "source author authors author_detail publisher publishers publisher_detail contributor contributors license where "
    "cloud generator_detail language textinput category feed entries href psc_chapters geometry".split()
)


# Links are resolved against each step of it: 3,000 of them against 60 kB took 12 s, 5,000 against a site's link of 2 kB
# one second, 2026-11. The corpus's longest has 145.
MOST_BASE_CHARS = 200


class Doubt(Exception):
    """Something that only feedparser reads for certain."""


Rule = Callable[["Reader", Any, int, str | None], None]


class Reader:
    """Feedparser's state while it reads, as far as anything that we keep depends on it.

    `raw` is the feed or the entry that is open, under feedparser's keys; `depths` says how deep in the document each
    of its values was found: a deeper one never replaces a shallower. `base` is the base address, and `outer` the one
    that the feed or entry began with. `is_mended`: by its lenient parser. `rules` by tag, as documents with the same
    prefixes had them, are added to. `odd_dates`: how many dates had shapes that only feedparser may know.
    """

    __slots__ = (
        "base",
        "by_name",
        "depths",
        "entries",
        "feed",
        "has_content",
        "in_entry",
        "is_mended",
        "odd_dates",
        "outer",
        "prefixes",
        "raw",
        "rules",
        "title_at",
    )

    def __init__(
        self, by_name: Mapping[str, Rule], prefixes: Mapping[str, str], rules: dict[str, Rule], *, is_mended: bool
    ) -> None:
        self.by_name = by_name
        self.prefixes = prefixes
        self.is_mended = is_mended
        self.rules = rules
        self.feed: dict[str, Any] = {}
        self.entries: list[dict[str, Any]] = []
        self.raw = self.feed
        self.depths: dict[str, int] = {}
        self.in_entry = self.has_content = False
        self.title_at = -1
        self.odd_dates = 0
        self.base = self.outer = ""

    def read(self, top: Any) -> str:
        """Walk the document; its version in feedparser's words, as far as the dialect goes."""
        name = self.name_of(top.tag)
        lang = lang_of(top, None)
        self.base = self.outer = self.base_in(spelt(top))
        if name in {"rss", "feed"} and lang:
            self.feed["language"] = lang.replace("_", "-")
        if name == "rss":
            self._read_channel(top, lang, only=True)
            return "rss20"
        if top.tag == f"{{{_RDF}}}RDF":
            self._read_channel(top, lang, only=False)
            return "rss10"
        if top.tag == f"{{{ATOM}}}feed":
            self.walk(top, 1, lang)
            return "atom10"
        raise Doubt

    def base_in(self, found: Mapping[str, str]) -> str:
        """The base address inside an element of such attributes: its own, from the one around it, or that."""
        own = without_slashes(found.get("xml:base", found.get("base", "")))
        if not own:
            return self.base
        base = make_safe_absolute_uri(self.base, own) or self.base
        if len(base) > MOST_BASE_CHARS or (make_safe_absolute_uri(base, base) or base) != base:
            raise Doubt  # too long, or it changes from element to element
        return base

    def address(self, value: str) -> str:
        """An address as feedparser resolves it."""
        if not self.base:
            return without_slashes(value)
        try:
            return urljoin(self.base, without_slashes(value))
        except ValueError:
            return ""

    def _read_channel(self, top: Any, lang: str | None, *, only: bool) -> None:
        channels = 0
        for one in top:
            name = self.name_of(one.tag)
            check_names(one.keys())
            if name == "channel" and not channels:
                channels += 1
                no_attributes(one, "lastmod", "href")
                self.walk(one, 2, lang_of(one, lang))
            elif only or name not in {"item", "image", "textinput"}:
                raise Doubt
            else:
                # A picture's title beside the channel is as deep as the channel's own, and takes its place before it.
                self.by_name[name](self, one, 2 if name == "item" else 1, lang)

    def walk(self, parent: Any, depth: int, lang: str | None) -> None:
        """Apply to each child, found `depth` elements deep, the rule of its name."""
        rules = self.rules
        for one in parent[:]:  # with their list a walk takes 0.97 of what it takes with an iterator, 2026-11
            tag = one.tag
            rule = rules.get(tag)
            if rule is None:
                rule = rules[tag] = self.rule_of(tag)
            rule(self, one, depth, lang)

    def name_of(self, tag: str) -> str:
        """An element's name as feedparser spells it: prefix_local in lower case, prefixes in their usual spelling."""
        if not tag.isascii() or ":" in tag.rpartition("}")[2]:
            raise Doubt
        uri, _, local = tag.rpartition("}")
        uri = uri[1:]
        known = meaning_of(uri)
        prefix = self.prefixes.get(uri, "") if known is None else known
        return f"{prefix}_{local}".lower() if prefix else local.lower()

    def rule_of(self, tag: str) -> Rule:
        """The rule of an element; `unknown` for what says nothing to feedparser either."""
        name = self.name_of(tag)
        rule = self.by_name.get(name)
        if rule is None and (name in _WITH_RULES or name in _KEPT):
            raise Doubt
        return rule or unknown

    def keep(self, key: str, value: str, depth: int) -> bool:
        """Store a value unless a shallower one is there; False where it is not stored."""
        if self.in_entry:
            if depth > self.depths.setdefault(key, depth):
                return False
            self.depths[key] = depth
        self.raw[key] = value
        return True


def meaning_of(uri: str) -> str | None:
    """The prefix of a namespace that feedparser knows, "" for the feed's own; None for one that it does not know."""
    lower = uri.lower()
    return "" if "backend.userland.com/rss" in lower else KNOWN.get(lower)


def attributes(one: Any) -> dict[str, str]:
    """The attributes as feedparser spells them; one that only looks like ours, or sets a base address, is a doubt."""
    found = spelt(one)
    if found and ("base" in found or "xml:base" in found):
        raise Doubt
    return found


def named(one: Any) -> Any:
    """The same to `get` from: the element itself where feedparser spells all its attributes so, as it mostly does."""
    return one if _ORDINARY.issuperset(one.keys()) else attributes(one)


def spelt(one: Any) -> dict[str, str]:
    """The attributes, a base address among them."""
    found: dict[str, str] = dict(one.items())
    if not found:
        return found
    if not found.keys() <= _ORDINARY:
        found = {_attribute_name(name): value for name, value in found.items()}
    for name in ("rel", "type"):
        if name in found:
            found[name] = found[name].lower()
    return found


@lru_cache(maxsize=512)  # documents share a few dozen names
def _attribute_name(key: str) -> str:
    name = key.lower()
    if key[0] == "{":
        uri, _, local = name[1:].rpartition("}")
        prefix = KNOWN.get(uri, "?")
        if prefix in {"", "?"} and local in _MEANING:
            raise Doubt
        name = f"{prefix}:{local}"
    if not key.isascii():
        raise Doubt
    return name


def no_attributes(one: Any, *names: str) -> None:
    """A doubt where an element has one of these attributes."""
    if one.keys() and not attributes(one).keys().isdisjoint(names):
        raise Doubt


def stored(value: str) -> str:
    """A value as feedparser stores it: UTF-8 that was encoded twice, and Windows-1252 as code points, mended."""
    value = value.strip()
    if value.isascii() or _MENDABLE not in (octets := value.encode()):
        return value
    latin = value.encode("iso-8859-1", "ignore")  # an exception would take longer
    if len(latin) == len(value):
        with suppress(UnicodeError):
            value, octets = latin.decode(), latin
    if _C1.search(octets):
        for char, meant in _CP1252.items():  # in a twentieth of `translate`, which looks all characters up
            value = value.replace(char, meant)
    return value


def lang_of(one: Any, inherited: str | None) -> str | None:
    """The language of an element: its own, or of what it stands in."""
    return lang_in(spelt(one), inherited) if one.keys() else inherited


def lang_in(found: Mapping[str, str], inherited: str | None) -> str | None:
    """The same of an element with such attributes."""
    lang = found.get("xml:lang", found.get("lang"))
    return inherited if lang is None else lang or None


def check_leaf(one: Any) -> None:
    """A doubt where elements stand in an element, or its attributes are such as `check_names` doubts."""
    if len(one):
        raise Doubt
    if names := one.keys():
        check_names(names)


def check_names(names: Iterable[str]) -> None:
    """A doubt where names of attributes are not such as every parser allows, or one is that of a base address."""
    for name in names:
        if name not in _ORDINARY and (not name.isascii() or name.rpartition("}")[2].lower() == "base"):
            raise Doubt


class Unread:
    """The text of a leaf, read and mended when it is asked for: of ten full texts in a feed hardly one is."""

    __slots__ = ("_one",)

    def __init__(self, one: Any) -> None:
        self._one = one

    def get(self, _key: str) -> str:
        """The text, under whatever key feedparser would keep it."""
        return stored(self._one.text or "")


def text_of(one: Any) -> str:
    """The text of an element as it is stored; elements inside it are a doubt."""
    if len(one) or one.keys():
        check_leaf(one)
    return stored(one.text or "")


def text_in(one: Any) -> str:
    """The same of an element whose attributes were looked at."""
    if len(one):
        raise Doubt
    return stored(one.text or "")


def without_slashes(value: str) -> str:
    """`http:////host` with two slashes, as feedparser mends it."""
    return _SLASHES.sub(r"\1\3", value) if ":///" in value else value


def unknown(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    """An element that says nothing to us; what stands in it is read as though it stood outside."""
    if names := one.keys():
        check_names(names)
    if len(one):
        reader.walk(one, depth + 1, lang_of(one, lang))
