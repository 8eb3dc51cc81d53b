"""Repair stray ampersands and undeclared prefixes, with the meaning that feedparser's lenient parser gives them.

One in 47 news feeds and one in 51 blogs is well-formed except for such ampersands (2026-11): "AT&T", a query in a link,
an HTML entity. feedparser falls back to sgmllib for the whole document then, which takes ten times as long as lxml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html.entities import name2codepoint
from typing import Any

from wirekin.parse._walk import Doubt

MOST_PARTS = 5_000  # matches of _PART per document: 10 ms of the polling process
_PART = re.compile(
    rb"""<!\[CDATA\[.*?(?:\]\]>|\Z) | <!--.*?(?:-->|\Z) | <\?.*?(?:\?>|\Z)
    | <(?P<tag>[A-Za-z/_][^<>&]*&[^<>]*>)
    | &(?!(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|amp|lt|gt|quot|apos);)(?:(?P<name>[A-Za-z][-.A-Za-z0-9]*);?)?""",
    re.DOTALL | re.VERBOSE,
)
MOST_PREFIXES = 20  # undeclared ones in a document; a news feed declares ten
_PREFIX = re.compile(rb"<((?!xml)[A-Za-z][\w-]{0,30}):[A-Za-z]")
_BOUND = re.compile(rb"xmlns(?<=\sxmlns):([\w-]+)\s*=")
_ROOT = re.compile(rb"<[A-Za-z][\w:-]*")
_REFERENCE = re.compile(rb"&(?!amp;)(?:\#|[A-Za-z][-.A-Za-z0-9]*;)")  # the lenient parser does not resolve it in a tag
# To the lenient parser a namespace declaration is an attribute, and it ignores these elements if they have attributes.
_DECLARING = re.compile(rb"<(?:[\w-]+:)?(?:keywords|publisher)\s[^<>]{0,400}?xmlns", re.IGNORECASE)
# What the lenient parser, or the replacements that feedparser makes before it, read otherwise than XML does. Searched
# for one by one, each by its first octets: in one expression they take three times as long (2026-11-30).
_READ_OTHERWISE = (
    rb"""=\s*(?:"[^"<>]*>|'[^'<>]*>)""",  # _PART takes this ">" for the tag's end, and "&" behind it for text
    rb"<!(?:--|\[CDATA\[)[^<>\s]*\s*/>",  # taken for an empty element
    rb"<_",  # taken for text
    rb"<[iI][mM][gG]\b[^<>]*&#3[49];",  # a quotation mark, which ends the value
    rb"&(?:#(?:0+38|[xX]0+26);(?=#|(?:lt|gt|amp|quot|apos);)|amp;#x2[fF];)",  # resolved twice
    rb"<!(?!--|\[|[dD][oO][cC][tT][yY][pP][eE])",  # escaped
)
_ODD = tuple(map(re.compile, _READ_OTHERWISE))
# A tag that begins in a text with a reference and ends in the CDATA section behind it, where <p/> is made <p></p>. Only
# searched for if a section begins behind a text: else it would take a fifth of the time of mending.
_LATE_SECTION = re.compile(rb"<!\[CDATA\[(?<!><!\[CDATA\[)")
_INTO_SECTION = re.compile(rb">(?=[^<>&]*&)[^<>]*<!\[CDATA\[")
# &amp;quot; is resolved twice, too, and ends the value in a picture's tag.
_ESCAPED_PICTURE = re.compile(rb"&(?:lt|\#60|\#x3[cC]);[iI][mM][gG]\b.*?(?:&gt;|[<>]|\Z)", re.DOTALL)
_CODES = {**name2codepoint, "apos": 39}  # HTML 4 does not name &apos;, but XML and the lenient parser know it
REFERABLE = frozenset("&<>\"'")  # characters that a reference may stand for


def mended(body: bytes) -> bytes:
    """Escape the stray ampersands of a document. Raise Doubt where feedparser would read one otherwise."""
    whole, parts = _PART.subn(_part, body, MOST_PARTS + 1)
    if parts > MOST_PARTS or _DECLARING.search(body) or any(odd.search(body) for odd in _ODD):
        raise Doubt
    if _LATE_SECTION.search(body) and _INTO_SECTION.search(body):
        raise Doubt
    if any(b"&amp;quot;" in tag or b"&amp;apos;" in tag for tag in _ESCAPED_PICTURE.findall(body)):
        raise Doubt
    return whole


def bound(body: bytes) -> bytes:
    """Declare each undeclared prefix as a namespace of its own name, since the lenient parser goes by prefixes."""
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
    if part.startswith(b"<?") and b">" in part[:-2]:
        raise Doubt  # to the lenient parser an instruction ends at its first ">", and the rest is text
    if not part.startswith(b"&"):
        return part
    name = (found["name"] or b"").decode("ascii")
    if name in _CODES:
        return f"&#{_CODES[name]};".encode()
    return f"&amp;{name};".encode() if name else b"&amp;"


def check(feed: Mapping[str, Any], entries: Iterable[Mapping[str, Any]]) -> None:
    """Raise Doubt if an address may differ from what the lenient parser reads.

    That parser resolves no reference in an address except &amp; in a link, and keeps line ends in attributes, which
    XML turns into blanks.
    """
    if REFERABLE.intersection(_address_of(feed)) or _has_blank(feed):
        raise Doubt
    for entry in entries:
        if REFERABLE.intersection(_address_of(entry)) - {"&"} or _has_blank(entry):
            raise Doubt


def _address_of(raw: Mapping[str, Any]) -> str:
    return f"{raw.get('link') or ''} {raw.get('id') or ''}"


def _has_blank(raw: Mapping[str, Any]) -> bool:
    return any(" " in address.strip() for address in _addresses_of(raw))


def _addresses_of(raw: Mapping[str, Any]) -> Iterator[str]:
    """Yield the addresses of a feed or entry that may come from attributes."""
    yield raw.get("link") or ""
    for key in ("links", "media_content", "media_thumbnail"):
        yield from (one.get("url") or one.get("href") or "" for one in raw.get(key, ()))
    yield from (raw.get(key, {}).get("href") or "" for key in ("image", "source"))
