"""What a page, feed or sitemap says, as `wirekin extract` prints it: nothing added, nothing derived."""

from __future__ import annotations

from datetime import datetime

from wirekin.model import Entry, Parsed, Precision
from wirekin.render._json import Json
from wirekin.urls import clean_link


def extract_json(parsed: Parsed, url: str) -> Json:
    """`wirekin extract --json`: publisher null where none is shown, times as exact as the document gives them."""
    return {
        "kind": parsed.kind,
        "url": url,
        "headlines": [_said(entry) for entry in parsed.entries],
        "feeds": list(parsed.feeds),
    }


def _said(entry: Entry) -> Json:
    return {
        "title": entry.title,
        "url": clean_link(entry.link) if entry.link else None,
        "image": entry.image.url if entry.image else None,
        "published_at": _when(entry.published_at, entry.precision),
        "publisher": entry.source.name if entry.source else None,
    }


def _when(at: datetime | None, precision: Precision) -> str | None:
    """The zone or the bare date that the document gives."""
    if at is None:
        return None
    if precision is Precision.DAY:
        return at.date().isoformat()
    if precision is Precision.LOCAL:
        return at.replace(tzinfo=None).isoformat()
    return at.isoformat().replace("+00:00", "Z")
