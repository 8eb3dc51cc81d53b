"""Parse RSS 0.9x to 2.0, RDF and Atom with feedparser, which repairs nearly everything, and make entries of the result.

feedparser neither fetches nor opens anything here (it is given a stream). It does not sanitise: its sanitiser can be
bypassed and takes half of its time. It resolves nothing but xml:base. `text.clean` and `urls.resolve` do the rest.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import feedparser

from wirekin import text, urls
from wirekin.model import Entry, FeedHints, Parsed, ParseFailed, ParseResult, Reason
from wirekin.parse import _entries, _hub, _xml

_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # hours; RSS 1.0 syndication
_DAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_BASE = re.compile(
    rb"""<(?:[\w.-]+:)?(?:feed|rss|channel|rdf)\s[^<>]*\bxml:base\s*=\s*["']([^"'<>]{1,2048})["']""", re.IGNORECASE
)
# What is commented out asks for nothing. CDATA without tags is a value like any other; with tags it only tells of them.
_MARKED = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[cdata\[([^<]*?)\]\]>|<!\[cdata\[.*?(?:\]\]>|\Z)", re.DOTALL)
_ITEM_START = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ITEM_LAST_END = re.compile(rb".*</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE | re.DOTALL)


def parse(body: bytes, *, url: str, root: str, charset: str, whole: bool, lang: str | None) -> ParseResult:
    """Parse an XML feed that passed the gate.

    Args:
        body: ASCII-compatible bytes; a truncated document is already closed again.
        url: the document's address after redirects.
        root: the name of its root element.
        charset: the charset of Content-Type; used only if the document declares none.
        whole: whether the document arrived complete.
        lang: the configured language; it overrides the document's own.

    Returns:
        Parsed, or ParseFailed where feedparser finds no feed or raises.

    """
    headers = {} if _xml.declared_encoding(body) or not charset else {"content-type": f"text/xml; charset={charset}"}
    try:
        read: dict[str, Any] = dict(
            feedparser.parse(
                io.BytesIO(_xml.on_one_line(body)),
                response_headers=headers,
                sanitize_html=False,
                resolve_relative_uris=False,
            )
        )
        read["feed"] = dict(read["feed"])
        read["entries"] = [dict(entry) for entry in read["entries"][: _xml.MAX_ENTRIES]]  # a FeedParserDict is slow
        return parsed_of(read, _entries.made, body, url=url, root=root, whole=whole, lang=lang)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # it raises eight kinds on mutated feeds (requirement fact 5)
        return ParseFailed(Reason.NOT_A_FEED, f"no reader makes sense of it (feedparser: {type(error).__name__})")


def parsed_of(
    read: Mapping[str, Any],
    make: Callable[[_entries.Raw, str], Entry],
    body: bytes,
    *,
    url: str,
    root: str,
    whole: bool,
    lang: str | None,
) -> ParseResult:
    """Convert feedparser's result, or the fast path's, to a ParseResult; `make` makes each entry, at once or lazily."""
    kind = _kind(str(read.get("version") or ""), root)
    if not kind:
        return ParseFailed(Reason.NOT_A_FEED, f"an XML document of <{root[:40]}>" if root else "no XML element")
    feed = read["feed"]
    link = urls.resolve(url, str(feed.get("link") or "")) or ""
    around = around_entries(body)
    # RFC 4287 resolves links against the document. RSS specifies nothing, and its publishers write links relative to
    # the site. Links are already resolved against xml:base here, but the pictures in a text are not.
    stated = _stated_base(around, url)
    base = stated or (url if kind == "atom" else link or url)
    entries = tuple([make(raw, base) for raw in read["entries"]])
    return Parsed(
        kind=kind,
        entries=entries,
        title=text.clean(str(feed.get("title") or ""), _entries.MAX_TITLE_CHARS),
        link=link,
        lang=lang or _entries.primary_lang(feed.get("language")),
        hints=hints_of(around),
        whole=whole,
        hub=_hub.hub_of(around, stated or url),
    )


def _stated_base(around: bytes, url: str) -> str:
    """Return the first xml:base before the first entry, resolved; "" if there is none."""
    found = _BASE.search(around) if b"xml:base" in around else None
    return urls.resolve(url, html.unescape(found[1].decode("utf-8", "replace"))) or "" if found else ""


def _kind(version: str, root: str) -> str:
    if version.startswith("atom"):
        return "atom"
    if version in {"rss090", "rss10"}:
        return "rdf"
    if version:
        return "rss"
    return {"rss": "rss", "rdf": "rdf", "feed": "atom"}.get(_xml.local_name(root), "")


def around_entries(body: bytes) -> bytes:
    """Return the bytes before the first entry and after the last one, where the channel describes itself."""
    start = _ITEM_START.search(body)
    end = _ITEM_LAST_END.match(body) if start else None
    return body[: start.start() if start else None] + (body[end.end() :] if end else b"")


def hints_of(around: bytes) -> FeedHints:
    """Read the channel's hints for the next request: ttl, sy:update*, skipHours, skipDays. Garbage is ignored."""
    lower = around.lower()
    if not any(name in lower for name in (b"ttl", b"updateperiod", b"skip")):
        return FeedHints()  # six of ten feeds (2026-11)
    if b"<!" in lower:
        lower = _MARKED.sub(rb"\1", lower)
    waits = [wait for wait in (_ttl(lower), _update_period(lower)) if wait]
    return FeedHints(
        ttl=max(waits, default=None),
        skip_hours=frozenset(int(hour) % 24 for hour in _listed(lower, b"skiphours", b"hour") if _is_hour(hour)),
        skip_days=frozenset(_DAYS[day] for day in _listed(lower, b"skipdays", b"day") if day in _DAYS),
    )


def _is_hour(value: str) -> bool:
    return value.isdigit() and int(value[:3]) <= 24  # RSS 0.91 counts 1..24, RSS 2.0 counts 0..23


def _value(lower: bytes, name: bytes) -> str:
    # Each part is bounded and starts with a character that the part before cannot end with. Otherwise the match
    # backtracks: 16,000 spaces take 7.5 s (2026-11).
    value = rb"[^<>]{0,200}>\s{0,200}([^<\s](?:[^<]{0,38}[^<\s])?)\s{0,200}</"
    found = re.search(rb"<(?:[\w.-]+:)?" + name + value, lower)
    return found[1].decode("ascii", "replace") if found else ""


def _listed(lower: bytes, outer: bytes, inner: bytes) -> Iterator[str]:
    _, _, listed = lower.partition(rb"<" + outer + rb">")
    inside, end, _ = listed[:4_000].partition(rb"</" + outer + rb">")
    for one in re.findall(rb"<" + inner + rb">\s*(\w{1,10})\s*</", inside if end else b""):
        yield one.decode("ascii", "replace")


def _ttl(lower: bytes) -> timedelta | None:
    minutes = _value(lower, b"ttl")
    return timedelta(minutes=int(minutes)) if minutes.isdigit() and 0 < int(minutes) < 10**6 else None


def _update_period(lower: bytes) -> timedelta | None:
    hours = _PERIODS.get(_value(lower, b"updateperiod"))
    frequency = _value(lower, b"updatefrequency") or "1"
    if not hours or not frequency.isdigit() or not 0 < int(frequency) < 10**6:
        return None
    return timedelta(hours=hours) / int(frequency)
