"""Walk a feed's elements, one rule per element, and fill the dicts that feedparser would fill.

    _fast.parse -> Reader.read -> walk: element -> its name in feedparser's spelling -> its rule (_rules) -> Reader.raw

The results are those of feedparser 6.0.14 (mixin.py, parsers/strict.py), as far as we keep them, and so is the Reader's
state. The tables of namespaces and handlers are feedparser's own. A rule that is not certain raises Doubt; `_fast`
decides which documents may be read this way.
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
_SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")  # feedparser's repair of http:////host
# UTF-8 lead byte of U+0080 to U+00BF. Every text that was encoded twice has it, and every match of _C1.
_MENDABLE = b"\xc2"
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_CP1252 = {chr(at): bytes([at]).decode("cp1252", "ignore") or chr(at) for at in range(0x80, 0xA0)}
# Attributes that some rule reads. In another namespace they raise Doubt, because feedparser confuses the two.
_MEANING = frozenset(
    "rel "  # noqa: SIM905  # quotes and commas would hide the names
    "type href url uri term scheme domain label text ispermalink lang base width height medium src mode lastmod "
    "about".split()
)
# The usual attribute names, in feedparser's spelling.
_ORDINARY = _MEANING - {"base"} | {"length", "filesize", "bitrate", "duration", "expression", "version", "role"}
KNOWN = {uri.lower(): prefix.lower() for uri, prefix in StrictFeedParser.namespaces.items()}
_WITH_RULES = {  # elements for which feedparser has a handler: without a rule of ours they raise Doubt
    name.removeprefix("_start_").removeprefix("_end_")
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
}
# Keys under which feedparser stores values. An unknown element with such a name would overwrite one.
_KEPT = set(FeedParserDict.keymap) | set(
    "link "  # noqa: SIM905  # quotes and commas would hide the names
    "links title title_detail id guidislink summary summary_detail subtitle subtitle_detail content published "
    "published_parsed updated updated_parsed created created_parsed expired expired_parsed validity_start "
    "validity_end tags media_content media_thumbnail media_credit media_rating media_license media_restriction image "
    "source author authors author_detail publisher publishers publisher_detail contributor contributors license where "
    "cloud generator_detail language textinput category feed entries href psc_chapters geometry".split()
)


# `urljoin` splits the base into path segments for each link: 3,000 links against a base of 60 kB took 12 s, 5,000
# against a site's link of 2 kB took 1 s (2026-11). The longest base of the corpus has 145 characters.
MOST_BASE_CHARS = 200


class Doubt(Exception):
    """Raised for anything that only feedparser is certain to read right."""


Rule = Callable[["Reader", Any, int, str | None], None]  # (reader, element, depth, inherited language)


class Reader:
    """The part of feedparser's parsing state on which the values that we keep depend.

    `raw` is the open feed or entry, under feedparser's keys. `depths` maps each key to the depth at which its value
    was found: a deeper value never replaces a shallower one. `title_at` is the depth of the title that no later one at
    that depth or deeper replaces, -1 if the next one counts. `has_content` means that content was read: a further
    description is then a summary again. `base` is the current base address, `outer` the one in force when the
    feed or entry began. `is_mended` means that feedparser would use its lenient parser. `odd_dates` counts dates of
    shapes that only feedparser may know. `rules` maps tags to rules; it is shared by documents with the same prefixes,
    and grows.
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
        """Walk the document and return its version as feedparser names it; it tells only the dialect."""
        name = self.name_of(top.tag)
        lang = lang_of(top, None)
        self.base = self.outer = self.base_in(spelt(top))
        if name in {"rss", "feed"} and lang:
            if self.is_mended and top.prefix:
                raise Doubt  # the lenient parser takes a language only from the names "rss" and "feed" as written
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
        """Return the base address inside an element with these attributes: its own, resolved, or the outer one."""
        own = without_slashes(found.get("xml:base", found.get("base", "")))
        if not own:
            return self.base
        base = make_safe_absolute_uri(self.base, own) or self.base
        if len(base) > MOST_BASE_CHARS or (make_safe_absolute_uri(base, base) or base) != base:
            raise Doubt  # too long, or not stable when resolved against itself, as each inner element does
        return base

    def address(self, value: str) -> str:
        """Resolve an address as feedparser does."""
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
                # The title of a picture beside the channel is as deep as the channel's own, and replaces it.
                self.by_name[name](self, one, 2 if name == "item" else 1, lang)

    def walk(self, parent: Any, depth: int, lang: str | None) -> None:
        """Apply its rule to each child; the children are `depth` elements deep in the document."""
        rules = self.rules
        for one in parent[:]:  # a list takes 0.97 of the time that the walk takes with an iterator (2026-11)
            tag = one.tag
            rule = rules.get(tag)
            if rule is None:
                rule = rules[tag] = self.rule_of(tag)
            rule(self, one, depth, lang)

    def name_of(self, tag: str) -> str:
        """Return an element's name in feedparser's spelling: prefix_local in lower case, with the usual prefix."""
        if not tag.isascii() or ":" in tag.rpartition("}")[2]:
            raise Doubt
        uri, _, local = tag.rpartition("}")
        uri = uri[1:]
        known = meaning_of(uri)
        prefix = self.prefixes.get(uri, "") if known is None else known
        return f"{prefix}_{local}".lower() if prefix else local.lower()

    def rule_of(self, tag: str) -> Rule:
        """Return the rule of an element; `unknown` for one that means nothing to feedparser either."""
        name = self.name_of(tag)
        rule = self.by_name.get(name)
        if rule is None and (name in _WITH_RULES or name in _KEPT):
            raise Doubt
        return rule or unknown

    def keep(self, key: str, value: str, depth: int) -> bool:
        """Store a value unless a shallower one is there; return whether it was stored."""
        if self.in_entry:
            if depth > self.depths.setdefault(key, depth):
                return False
            self.depths[key] = depth
        self.raw[key] = value
        return True


def meaning_of(uri: str) -> str | None:
    """Return feedparser's prefix of a namespace: "" for the feed's own, None for one that feedparser does not know."""
    lower = uri.lower()
    return "" if "backend.userland.com/rss" in lower else KNOWN.get(lower)


def attributes(one: Any) -> dict[str, str]:
    """Return the attributes in feedparser's spelling. Raise Doubt for a base address and for misleading names."""
    found = spelt(one)
    if found and ("base" in found or "xml:base" in found):
        raise Doubt
    return found


def named(one: Any) -> Any:
    """Return an object to `get` attributes from: the element itself if all its names are usual, else `attributes`."""
    return one if _ORDINARY.issuperset(one.keys()) else attributes(one)


def spelt(one: Any) -> dict[str, str]:
    """Return the attributes in feedparser's spelling, including a base address."""
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
    """Raise Doubt if an element has one of these attributes."""
    if one.keys() and not attributes(one).keys().isdisjoint(names):
        raise Doubt


def stored(value: str) -> str:
    """Repair a value as feedparser does: UTF-8 that was encoded twice, and Windows-1252 bytes as code points."""
    value = value.strip()
    if value.isascii() or _MENDABLE not in (octets := value.encode()):
        return value
    latin = value.encode("iso-8859-1", "ignore")  # "strict" would raise for most values, and that takes longer
    if len(latin) == len(value):
        with suppress(UnicodeError):
            value, octets = latin.decode(), latin
    if _C1.search(octets):
        for char, meant in _CP1252.items():  # a twentieth of the time of `translate`, which looks up each character
            value = value.replace(char, meant)
    return value


def lang_of(one: Any, inherited: str | None) -> str | None:
    """Return the language of an element: its own or the inherited one."""
    return lang_in(spelt(one), inherited) if one.keys() else inherited


def lang_in(found: Mapping[str, str], inherited: str | None) -> str | None:
    """Return the language of an element with these attributes: its own or the inherited one."""
    lang = found.get("xml:lang", found.get("lang"))
    return inherited if lang is None else lang or None


def check_leaf(one: Any) -> None:
    """Raise Doubt if an element has child elements, or attributes that `check_names` rejects."""
    if len(one):
        raise Doubt
    if names := one.keys():
        check_names(names)


def check_names(names: Iterable[str]) -> None:
    """Raise Doubt if an attribute's name is not ASCII, which not every parser allows, or sets a base address."""
    for name in names:
        if name not in _ORDINARY and (not name.isascii() or name.rpartition("}")[2].lower() == "base"):
            raise Doubt


class Unread:
    """The text of a leaf, read and repaired on demand: of ten full texts in a feed hardly one is asked for."""

    __slots__ = ("_one",)

    def __init__(self, one: Any) -> None:
        self._one = one

    def get(self, _key: str) -> str:
        """Return the text, whatever the key."""
        return stored(self._one.text or "")


def text_of(one: Any) -> str:
    """Return the text of an element as it is stored. Raise Doubt as `check_leaf` does."""
    if len(one) or one.keys():
        check_leaf(one)
    return stored(one.text or "")


def text_in(one: Any) -> str:
    """Return the text of an element whose attributes are already checked. Raise Doubt if it has child elements."""
    if len(one):
        raise Doubt
    return stored(one.text or "")


def without_slashes(value: str) -> str:
    """Reduce the slashes of `http:////host` to two, as feedparser does."""
    return _SLASHES.sub(r"\1\3", value) if ":///" in value else value


def unknown(reader: Reader, one: Any, depth: int, lang: str | None) -> None:
    """Apply no rule to the element itself, but read its children as if they stood in its place."""
    if names := one.keys():
        check_names(names)
    if len(one):
        reader.walk(one, depth + 1, lang_of(one, lang))
