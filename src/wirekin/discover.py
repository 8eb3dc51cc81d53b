"""Which feeds a site has: one address in, the feeds that were fetched and read out, the best first.

    the address itself a feed?   -> that one
    a page -> the feeds it announces [<link rel=alternate>]
           -> none of them works: the places where feeds usually are
           -> none there: the sitemaps that robots.txt names
           -> none either: the page itself, if it lists headlines

Each step is taken only if the one before found nothing, so that a site that announces its feed gets two requests.
Everything found on a page goes through robots.txt (A12) and the guarded fetcher (B4) like any other request.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from wirekin import urls
from wirekin.model import Clock, FeedKind, Fetched, FetchRequest, FetchResult, Parsed, ParseResult, feed_id

__all__ = ["Found", "discover"]

# Where feeds are when nobody says so: WordPress, Drupal and hand-made sites, Jekyll, JSON Feed, Hugo, Blogger.
USUAL_PATHS = (
    "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/feed.json", "/index.xml", "/feeds/posts/default",
)  # fmt: skip
MOST_ANNOUNCED = 10  # links tried; a page that announces hundreds (one a comment thread) names the main ones first
MOST_SITEMAPS = 3
FEWEST_HEADLINES = 5  # links a page must list to be taken for a list of headlines and not for an article
_COMMENTS = re.compile(r"\bcomments?\b|\bkommentar|\bкомментар", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

Fetch = Callable[[FetchRequest], Awaitable[FetchResult]]
Parse = Callable[..., Awaitable[ParseResult]]


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that answered and could be read."""

    url: str  # where it is, after permanent redirects
    kind: FeedKind
    title: str
    entries: int
    newest_at: datetime | None  # of its newest dated entry
    why: str  # how it was found, for a person


def _utc_now() -> datetime:
    return datetime.now(UTC)


async def discover(url: str, fetch: Fetch, parse: Parse, *, clock: Clock = _utc_now) -> tuple[Found, ...]:
    """The feeds of the site at `url`, the best first; empty where there is none or the site does not answer.

    `fetch` answers one request and keeps each host's spacing; `parse` is `Parsers.parse`.
    """
    search = _Search(fetch, parse, clock)
    itself = await search.read(url, named_by_user=True)
    if itself is None:
        return ()
    fetched, parsed = itself
    if parsed and parsed.kind != "page":
        return (_found(url, fetched, parsed, "the address itself is a feed"),)
    announced = parsed.feeds[:MOST_ANNOUNCED] if parsed else ()
    found = await search.try_all(announced, "announced by the page")
    if not found:
        usual = (urls.resolve(fetched.url, path) for path in USUAL_PATHS)
        found = await search.try_all(filter(None, usual), "found where feeds usually are", enough=1)
    if not found:
        found = await search.try_all(await search.sitemaps(fetched.url), "named by robots.txt")
    if not found and parsed and len(parsed.entries) >= FEWEST_HEADLINES:
        found = [_found(url, fetched, parsed, "no feed: the headlines of the page itself")]
    return tuple(sorted(found, key=_worth, reverse=True))


class _Search:
    """The requests of one discovery: none is made twice, and two addresses of one document count once."""

    def __init__(self, fetch: Fetch, parse: Parse, clock: Clock) -> None:
        self._fetch = fetch
        self._parse = parse
        self._clock = clock
        self._asked: set[str] = set()
        self._bodies: set[str] = set()

    async def read(self, url: str, *, named_by_user: bool = False) -> tuple[Fetched, Parsed | None] | None:
        """The document at `url` and what it says; None where there is none, or where we had it already."""
        if url in self._asked:
            return None
        self._asked.add(url)
        # Only requests for pages look at robots.txt; what the user names is fetched, what we found is asked for.
        kind = FeedKind.FEED if named_by_user else FeedKind.PAGE
        fetched = await self._fetch(FetchRequest(feed_id(url), url, kind))
        if not isinstance(fetched, Fetched) or fetched.body_hash in self._bodies:
            return None
        self._bodies.add(fetched.body_hash)
        parsed = await self._parse(
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            kind=FeedKind.PAGE if named_by_user else FeedKind.FEED,
            select=None,
            lang=None,
            now=self._clock(),
        )
        return fetched, parsed if isinstance(parsed, Parsed) else None

    async def try_all(self, addresses: Iterable[str], why: str, *, enough: int = MOST_ANNOUNCED) -> list[Found]:
        """Those of `addresses` that are feeds, until there are `enough`."""
        found: list[Found] = []
        for address in addresses:
            if len(found) >= enough:
                break
            answer = await self.read(address)
            if answer and answer[1]:
                found.append(_found(address, answer[0], answer[1], why))
        return found

    async def sitemaps(self, page: str) -> list[str]:
        """The sitemaps that robots.txt names, those for news first."""
        address = urls.resolve(page, "/robots.txt")
        if not address or address in self._asked:
            return []
        self._asked.add(address)
        answer = await self._fetch(FetchRequest(feed_id(address), address))
        text = answer.body.decode("utf-8-sig", "replace") if isinstance(answer, Fetched) else ""
        named = filter(None, (urls.resolve(address, line) for line in _SITEMAP_LINE.findall(text)))
        return sorted(dict.fromkeys(named), key=lambda sitemap: "news" not in sitemap)[:MOST_SITEMAPS]


def _found(asked: str, fetched: Fetched, parsed: Parsed, why: str) -> Found:
    kinds = {"sitemap": FeedKind.SITEMAP, "page": FeedKind.PAGE}
    dates = [entry.published_at or entry.updated_at for entry in parsed.entries]
    return Found(
        fetched.moved_to or asked,
        kinds.get(parsed.kind, FeedKind.FEED),
        parsed.title,
        len(parsed.entries),
        max(filter(None, dates), default=None),
        why,
    )


def _worth(found: Found) -> tuple[bool, bool, datetime, int]:
    """News before comments, entries before none, fresh before stale, many before few."""
    is_comments = bool(_COMMENTS.search(found.url) or _COMMENTS.search(found.title))
    return not is_comments, found.entries > 0, found.newest_at or _LONG_AGO, found.entries
