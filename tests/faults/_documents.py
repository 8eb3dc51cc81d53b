"""Healthy feeds: growing documents in three dialects, in which every item has a unique title.

The titles show damage easily: they have letters of several scripts, entities, CDATA, and tag names in the text.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from typing import Literal

Dialect = Literal["rss", "atom", "json"]

_WHO = (
    "Harbour office", "Côté jardin", "Порт Ладога", "بلدية المدينة", "עיריית הנמל", "Smith & Sons", "O’Neill’s crew",
    "Ministry", "Night ferry", "Signal box", "Łódź council", "Observatory", "Grain board", "River pilots",
)  # fmt: skip
_DOES = (
    "reopens", "says farewell to", "counts", "repairs", "hides", "measures", "sells", "defends", "paints", "loses",
    "inherits", "questions", "moves", "insures",
)  # fmt: skip
_WHAT = (
    "the drawbridge", "forty lanterns", "a map of 1703", "its oldest crane", "the tide tables", "winter timetables",
    "naïve murals", "the «Аврора» archive", "two lighthouses", "a channel of item tags", "the café’s windows",
    "ropes & pulleys", "the fish market", "a comet",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a feed."""

    title: str
    link: str
    guid: str
    summary: str
    at: datetime


def item_of(feed: int, place: int, at: datetime) -> Item:
    """Item number `place` of feed number `feed`: always the same, and unlike any other."""
    draw = random.Random(f"{feed}/{place}")
    who, does, what = (draw.choice(words) for words in (_WHO, _DOES, _WHAT))
    return Item(
        title=f"Notice {feed}.{place}: {who} {does} {what}",
        link=f"https://feed-{feed}.example/{at:%Y}/notice-{place}",
        guid=f"tag:feed-{feed}.example,2026:{place}",
        summary=f"{who} {does} {what}, and {draw.choice(_WHO)} {draw.choice(_DOES)} {draw.choice(_WHAT)}.",
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Document:
    """The present document of a feed, newest item first."""

    number: int
    items: tuple[Item, ...]
    dialect: Dialect = "rss"

    @property
    def titles(self) -> frozenset[str]:
        """The headlines of this document."""
        return frozenset(item.title for item in self.items)

    @property
    def etag(self) -> str:
        """A strong ETag of the items."""
        told = "\n".join(item.guid for item in self.items)
        return f'"{blake2b(told.encode(), digest_size=8).hexdigest()}"'

    @property
    def last_modified(self) -> str:
        """The time of the newest item."""
        return format_datetime(self.items[0].at, usegmt=True)

    @property
    def kind(self) -> str:
        """Its Content-Type."""
        return f"application/{'feed+json' if self.dialect == 'json' else self.dialect + '+xml'}"

    def octets(self, items: tuple[Item, ...] | None = None, *, encoding: str = "utf-8", prolog: str = "") -> bytes:
        """The document as bytes, if need be with other `items`, in another encoding, with `prolog` before its root."""
        told = self.items if items is None else items
        if self.dialect == "json":
            return _json(self.number, told)
        text = (_atom if self.dialect == "atom" else _rss)(self.number, told)
        return f'<?xml version="1.0" encoding="{encoding}"?>{prolog}{text}'.encode(encoding, "xmlcharrefreplace")


def document(number: int, count: int, start: datetime, dialect: Dialect = "rss") -> Document:
    """The document of feed `number` with `count` items, a minute apart, the newest at about `start`."""
    places = range(count - 1, -1, -1)
    items = (item_of(number, place, start - timedelta(minutes=count - place)) for place in places)
    return Document(number, tuple(items), dialect)


def _rss(number: int, items: tuple[Item, ...]) -> str:
    told = "".join(
        f"<item>{_rss_title(item)}<link>{escape(item.link)}</link>"
        + (f'<guid isPermaLink="false">{escape(item.guid)}</guid>' if item.guid else "")
        + f"<description>{escape(item.summary)}</description>"
        f"<pubDate>{format_datetime(item.at, usegmt=True)}</pubDate></item>\n"
        for item in items
    )
    home = f"https://feed-{number}.example/"
    return f'<rss version="2.0"><channel><title>Gazette {number}</title><link>{home}</link>\n{told}</channel></rss>\n'


def _rss_title(item: Item) -> str:
    if len(item.title) % 3:  # two of three titles use entities, the third CDATA
        return f"<title>{escape(item.title)}</title>"
    return f"<title><![CDATA[{item.title}]]></title>"


def _atom(number: int, items: tuple[Item, ...]) -> str:
    told = "".join(
        f'<entry><title>{escape(item.title)}</title><link href="{escape(item.link)}"/><id>{escape(item.guid)}</id>'
        f"<updated>{item.at:%Y-%m-%dT%H:%M:%SZ}</updated><summary>{escape(item.summary)}</summary></entry>\n"
        for item in items
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette {number}</title>\n{told}</feed>\n'


def _json(number: int, items: tuple[Item, ...]) -> bytes:
    told = [
        {
            "id": item.guid,
            "url": item.link,
            "title": item.title,
            "content_text": item.summary,
            "date_published": f"{item.at:%Y-%m-%dT%H:%M:%SZ}",
        }
        for item in items
    ]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": f"Gazette {number}", "items": told}, ensure_ascii=False).encode()
