"""The entries of a page, feed or sitemap, as `wirekin extract` prints them: nothing added, nothing derived."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import timezone
from typing import TYPE_CHECKING

from wirekin.model import Entry, Parsed, Precision, Selectors
from wirekin.render._json import Json
from wirekin.urls import clean_link

if TYPE_CHECKING:
    from wirekin.parse import Judgement


def extract_json(parsed: Parsed, url: str) -> Json:
    """`wirekin extract --json`: publisher is null if none is shown, times are as precise as in the document."""
    return {
        "kind": parsed.kind,
        "url": url,
        "headlines": [_said(entry) for entry in parsed.entries],
        "feeds": [*parsed.feeds, *parsed.sitemaps],
    }


def why_json(why: Iterable[Judgement]) -> list[Json]:
    """`why` of `wirekin extract --why --json`: each candidate, in page order."""
    return [
        {
            "accepted": one.accepted,
            "url": one.url or None,
            "title": one.title,
            "reason": one.reason,
            "container": one.container or None,
        }
        for one in why
    ]


def select_json(select: Selectors | None) -> Json | None:
    """Return selectors in the form of feeds.yml; None if there are none."""
    return asdict(select) if select else None


def select_lines(select: Selectors) -> list[str]:
    """Return selectors as YAML lines, to be pasted below a page's entry in feeds.yml."""
    said = [(key, css) for key, css in asdict(select).items() if css]
    return ["    select:", *(f"      {key}: {json.dumps(css, ensure_ascii=False)}" for key, css in said)]


def _said(entry: Entry) -> Json:
    return {
        "title": entry.title,
        "url": clean_link(entry.link) if entry.link else None,
        "image": entry.image.url if entry.image else None,
        "published_at": _when(entry),
        "publisher": entry.source.name if entry.source else None,
    }


def _when(entry: Entry) -> str | None:
    """Write the time with the precision and the UTC offset of the document."""
    at = entry.published_at
    if at is None:
        return None
    if entry.precision is Precision.DAY:
        return at.date().isoformat()
    if entry.precision is Precision.LOCAL:
        return at.replace(tzinfo=None).isoformat()
    return at.astimezone(timezone(entry.offset)).isoformat().replace("+00:00", "Z")
