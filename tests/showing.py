"""Parsers of small pages, for tests of what counts as a headline."""

from __future__ import annotations

from collections.abc import Callable

from make import NOW
from wirekin.model import Entry, FeedKind, Parsed
from wirekin.parse import parse_document

TITLES = (
    "Ambassadors recalled as fisheries row deepens",
    "Baltic states finish joining their power grids",
    "City council votes to close the old market square",
)


def address(title: str) -> str:
    """The path of a news article, as its site links to it."""
    return f"/world/2026/11/22/{title.lower().replace(' ', '-')}"


def read_at(site: str) -> tuple[Callable[..., tuple[Entry, ...]], Callable[..., list[str]]]:
    """Two functions that parse the body of a page at `site` (or `url`): one gives entries, one their titles."""

    def entries(inside: str, url: str = site) -> tuple[Entry, ...]:
        found = parse_document(f"<body>{inside}</body>".encode(), url=url, kind=FeedKind.PAGE, now=NOW)
        assert isinstance(found, Parsed)
        return found.entries

    def titles(inside: str, url: str = site) -> list[str]:
        return [one.title for one in entries(inside, url)]

    return entries, titles
