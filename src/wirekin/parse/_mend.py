"""Ampersands that begin no reference of XML, prefixes that nothing binds, as feedparser's lenient parser takes them.

One in 47 news feeds and one in 51 blogs has such ampersands and is well-formed but for them (2026-11): "AT&T", a query
in a link, an entity of HTML. feedparser reads the whole of these by sgmllib then, in ten times the time of lxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html.entities import name2codepoint
from typing import Any

from wirekin.parse._walk import Doubt

MOST_PARTS = 5_000  # looked at in one document: 10 ms of the process that polls
_PART = re.compile(
    rb"""<!\[CDATA\[.*?(?:\]\]>|\Z) | <!--.*?(?:-->|\Z) | <\?.*?(?:\?>|\Z)
    | <(?P<tag>[A-Za-z/_][^<>&]*&[^<>]*>)
    | &(?!(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)(?:(?P<name>[A-Za-z][-.A-Za-z0-9]*);?)?""",
    re.DOTALL | re.VERBOSE,
)
MOST_PREFIXES = 20  # of no meaning; a news feed has ten with one
_PREFIX = re.compile(rb"<((?!xml)[A-Za-z][\w-]{0,30}):[A-Za-z]")
_BOUND = re.compile(rb"xmlns(?<=\sxmlns):([\w-]+)\s*=")
_ROOT = re.compile(rb"<[A-Za-z][\w:-]*")
_REFERENCE = re.compile(rb"&(?!amp;)(?:\#|[A-Za-z][-.A-Za-z0-9]*;)")  # in a tag, where that parser leaves it
# A declaration is an attribute to that parser, and what has no handler for its start is read only without attributes.
_DECLARING = re.compile(rb"<(?:[\w-]+:)?(?:keywords|publisher)\s[^<>]{0,400}?xmlns", re.IGNORECASE)
_XML = {"amp", "lt", "gt", "quot", "apos"}  # which want nothing but a semicolon
_REFERABLE = frozenset("&<>\"'")  # what a reference may stand for


def mended(body: bytes) -> bytes:
    """A document without stray ampersands. Raises: Doubt where feedparser would not read them so."""
    whole, parts = _PART.subn(_part, body, MOST_PARTS + 1)
    if parts > MOST_PARTS or _DECLARING.search(body):
        raise Doubt
    return whole


def bound(body: bytes) -> bytes:
    """A document with a meaning for each prefix that nothing binds: to that parser a prefix means what it is called."""
    missing = sorted(set(_PREFIX.findall(body)).difference(_BOUND.findall(body)))
    root = _ROOT.search(body)
    if not root or len(missing) > MOST_PREFIXES:
        raise Doubt
    meanings = b"".join(b' xmlns:%b="urn:%b"' % (prefix, prefix) for prefix in missing)
    return body[: root.end()] + meanings + body[root.end() :]


def _part(found: re.Match[bytes]) -> bytes:
    part: bytes = found[0]
    if found["tag"]:
        if _REFERENCE.search(part):
            raise Doubt
        return part.replace(b"&amp;", b"&").replace(b"&", b"&amp;")
    if not part.startswith(b"&"):
        return part
    name = (found["name"] or b"").decode("ascii")
    if name in _XML:
        return f"&{name};".encode()
    if name in name2codepoint:
        return f"&#{name2codepoint[name]};".encode()
    return f"&amp;{name};".encode() if name else b"&amp;"


def check(feed: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> None:
    """A doubt where that parser may have left an address as it was written.

    It leaves references there, but for &amp; in a link, and the line ends in an attribute, which XML makes blanks of.
    """
    if _REFERABLE.intersection(_address_of(feed)) or _has_blank(feed):
        raise Doubt
    for entry in entries:
        if _REFERABLE.intersection(_address_of(entry)) - {"&"} or _has_blank(entry):
            raise Doubt


def _address_of(raw: Mapping[str, Any]) -> str:
    return f"{raw.get('link') or ''} {raw.get('id') or ''}"


def _has_blank(raw: Mapping[str, Any]) -> bool:
    return any(" " in address.strip() for address in _addresses_of(raw))


def _addresses_of(raw: Mapping[str, Any]) -> Iterator[str]:
    """The addresses of a feed or entry that may have been attributes."""
    yield raw.get("link") or ""
    for key in ("links", "media_content", "media_thumbnail"):
        yield from (one.get("url") or one.get("href") or "" for one in raw.get(key, ()))
    yield from (raw.get(key, {}).get("href") or "" for key in ("image", "source"))
