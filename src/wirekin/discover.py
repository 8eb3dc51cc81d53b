"""Feed discovery: one address in; out come the feeds that could be fetched and read, the best first.

    the address itself a feed?   -> that one
    a page -> the feeds it announces [<link rel=alternate>, or a Link header that says so]
           -> none of them works: those that its visible links lead to, by their address or their text
           -> none of them either: the places where feeds usually are
           -> none there: the sitemaps that the page or robots.txt names, of an index those for news or the newest
           -> it names none: those for news where they usually are
           -> none either: the page itself, if it lists headlines

Each step is taken only if the ones before found no news, so that a site that announces its feed gets two requests, and
none gets more than MOST_REQUESTS. A feed of comments, or an empty one, is no news. Where the address itself is refused
or does not exist, the usual places of its site are tried.
Everything found on a page goes through robots.txt (A12) and the guarded fetcher (B4) like any other request.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from wirekin import urls
from wirekin.model import (
    Clock,
    FeedKind,
    Fetched,
    FetchFailed,
    FetchRequest,
    FetchResult,
    Parsed,
    ParseResult,
    Reason,
    feed_id,
)

# Where feeds are when nobody says so: WordPress, Substack and Medium, Ghost and hand-made sites, Drupal, Jekyll,
# JSON Feed, Hugo, Blogger, Joomla, and WordPress without pretty addresses.
USUAL_PATHS = (
    "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/feed.json", "/index.xml", "/feeds/posts/default",
    "/?format=feed&type=rss", "/?feed=rss2",
)  # fmt: skip
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap_news.xml")  # Yoast's, and made by hand
MOST_REQUESTS = 24  # in one discovery, robots.txt aside: half a minute with a second between two to one host
MOST_LINKED = 5  # visible links to feeds that are tried; a page of feeds lists the main ones first
MOST_ANNOUNCED = 10  # links tried; a page that announces hundreds (one a comment thread) names the main ones first
MOST_SITEMAPS = 3  # tried of those that robots.txt names, and of those that an index lists
FEWEST_HEADLINES = 5  # links a page must list to be taken for a list of headlines and not for an article
_COMMENTS = re.compile(r"\bcomments?\b|\bkommentar|\bкомментар", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# The end of an address, as feeds have it: .../feed/, .../rss, .../atom.xml, ...?format=rss.
_FEED_LIKE = re.compile(
    r"(?:[/.](?:feeds?|rss2?|atom|rdf)(?:\.xml|\.php|\.json)?|/index\.xml|[?&][^=]*=(?:rss2?|atom))/?$", re.IGNORECASE
)
# "/rss/all", "/news_rss.xml": may be feeds; tried after the addresses that end like one.
_MAYBE_FEED = re.compile(r"[/._-](?:rss2?|feeds?|atom)(?:[/._-][\w./-]{1,60})?$", re.IGNORECASE)
_LINK = re.compile(  # an address and its link text
    rb"""<a\s(?:[^>]{0,300}?\s)?href\s*=\s*["']?([^"'\s>]{1,500})(?:[^>]{0,300}>\s{0,20}([^<]{0,60}))?""", re.IGNORECASE
)
_CALLED = re.compile(rb"\b(?:rss|atom)\b|\b(?:news-?|rss-?)?feeds?\b", re.IGNORECASE)
_XML_FILE = re.compile(r"\.(?:xml|rdf|rss|atom)$", re.IGNORECASE)
_REFRESH = re.compile(rb"""<meta\s[^>]{0,80}?refresh["'\s][^>]{0,80}?url\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)
_BASE = re.compile(rb"""<base\s[^>]{0,200}?href\s*=\s*["']?([^"'\s>]{1,500})""", re.IGNORECASE)
_NARROW = re.compile(r"/(?:tags?|topics?|categor(?:y|ies)|authors?|search)/|\bpodcasts?\b", re.IGNORECASE)
_CHANNEL = re.compile(r"/channel/(UC[\w-]{22})(?:/|$)")
FRESH = timedelta(days=2)  # the newest entry of a newspaper's feed is younger; that of a section's may be older
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_REFUSED = frozenset({Reason.DENIED, Reason.NOT_FOUND, Reason.GONE, Reason.CLIENT_ERROR})  # said by a site that works

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
    merits: tuple[str, ...] = field(default=(), compare=False)  # what speaks for it and against it, for a person
    rank: tuple[bool | int, ...] = field(default=(), compare=False)  # the greater, the better

    @property
    def is_news(self) -> bool:
        """False for a feed of comments, and for an empty one."""
        return all(self.rank[:2])


def addresses_of(place: str) -> tuple[str, ...]:
    """What to ask for `example.org` as people write it: https first, then http; a whole address is itself."""
    return (place,) if "://" in place else (f"https://{place}", f"http://{place}")


async def discover(
    url: str,
    fetch: Fetch,
    parse: Parse,
    *,
    clock: Clock,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Found, ...]:
    """The feeds of the site at `url`, the best first; empty where there is none or the site does not answer.

    `fetch` answers one request and keeps each host's spacing; `parse` is `Parsers.parse`; `progress` is
    told each address before it is asked for.
    """
    search = _Search(fetch, parse, clock, progress)
    itself = await search.read(url, named_by_user=True)
    if itself is None:
        return await _around(search, url) if search.refused else ()
    fetched, parsed = itself
    if parsed and parsed.is_index:
        return tuple(await search.listed(parsed, fetched.url, "listed by the sitemap index"))
    if parsed and parsed.kind != "page":
        return (search.found(url, fetched, parsed, "the address itself is a feed"),)
    if parsed and not parsed.entries and not _announced(*itself) and (onward := _onward(fetched)):
        url, (fetched, parsed) = onward, await search.read(onward, as_page=True) or itself
    search.lang = parsed.lang if parsed else None
    found = await search.try_all(_announced(fetched, parsed), "announced by the page")
    if not _has_news(found):
        found += await search.linked(fetched)
    if not _has_news(found):
        found += await search.try_all(_usual(fetched.url), "found where feeds usually are", enough=1)
    if not _has_news(found):
        found += await search.sitemaps(fetched.url, parsed.sitemaps if parsed else ())
    if not _has_news(found) and parsed and len(parsed.entries) >= FEWEST_HEADLINES:
        found.append(search.found(url, fetched, parsed, "no feed: the headlines of the page itself"))
    return tuple(sorted(found, key=lambda one: one.rank, reverse=True))


async def _around(search: _Search, url: str) -> tuple[Found, ...]:
    """The feeds of the site around an address that is refused or not there."""
    found = await search.try_all(_usual(url), "found where feeds usually are", enough=1)
    found = found or await search.sitemaps(url)
    return tuple(replace(one, why=f"{one.why}, as the address itself cannot be read") for one in found)


def _has_news(found: Iterable[Found]) -> bool:
    return any(one.is_news for one in found)


def _announced(page: Fetched, parsed: Parsed | None) -> list[str]:
    """The feeds that a page announces, in its own head first."""
    return list(dict.fromkeys((*(parsed.feeds if parsed else ()), *page.feeds)))[:MOST_ANNOUNCED]


def _onward(page: Fetched) -> str | None:
    """The address on its own site to which a page redirects by <meta http-equiv=refresh>, as one for each language."""
    sent = _REFRESH.search(page.body[:4096])
    onward = urls.resolve(page.url, sent[1].decode("utf-8", "replace").replace("&amp;", "&")) if sent else None
    return onward if onward and urls.host_key(onward) == urls.host_key(page.url) else None


class _Search:
    """The requests of one discovery: none is made twice, and two addresses of one document count once."""

    def __init__(self, fetch: Fetch, parse: Parse, clock: Clock, progress: Callable[[str], None]) -> None:
        self.lang: str | None = None  # the page's
        self.refused = False  # whether the address that the user named is refused or does not exist
        self._progress = progress
        self._fetch = fetch
        self._parse = parse
        self._clock = clock
        self._asked: set[str] = set()
        self._bodies: set[str] = set()

    async def read(
        self, url: str, *, named_by_user: bool = False, as_page: bool = False
    ) -> tuple[Fetched, Parsed | None] | None:
        """The document at `url`, raw and parsed; None where there is none, or where we had it already.

        What the user named may be a page too, and is read as one.
        """
        if url in self._asked or len(self._asked) >= MOST_REQUESTS:
            return None
        self._asked.add(url)
        self._progress(url)
        # Only a request for a page obeys robots.txt: it holds for what we found, not for what the user named.
        kind = FeedKind.FEED if named_by_user else FeedKind.PAGE
        fetched = await self._fetch(FetchRequest(feed_id(url), url, kind))
        if isinstance(fetched, FetchFailed):
            self.refused = named_by_user and fetched.reason in _REFUSED
        if not isinstance(fetched, Fetched) or fetched.body_hash in self._bodies:
            return None
        self._bodies.add(fetched.body_hash)
        parsed = await self._parse(
            fetched.body,
            url=fetched.url,
            content_type=fetched.content_type,
            kind=FeedKind.PAGE if named_by_user or as_page else FeedKind.FEED,
            now=self._clock(),
        )
        return fetched, parsed if isinstance(parsed, Parsed) else None

    def found(self, asked: str, fetched: Fetched, parsed: Parsed, why: str) -> Found:
        """What answered, and how good it is."""
        return _found(asked, fetched, parsed, why, self.lang, self._clock())

    async def try_all(self, addresses: Iterable[str], why: str, *, enough: int = MOST_ANNOUNCED) -> list[Found]:
        """Those of `addresses` that are feeds, until there are `enough`."""
        found: list[Found] = []
        for address in addresses:
            if len(found) >= enough:
                break
            fetched, parsed = await self.read(address) or (None, None)
            if fetched is None or parsed is None:
                continue
            if parsed.is_index:
                found += await self.listed(parsed, fetched.url, f"{why}, in a sitemap index")
            else:
                found.append(self.found(address, fetched, parsed, why))
        return found

    async def listed(self, index: Parsed, place: str, why: str, *, deeper: bool = True) -> list[Found]:
        """The sitemaps of an index that have headlines: a few of its own site, in its order.

        Where none of them has any, but some are indexes, those of these; no deeper.
        """
        own = [child for child in index.feeds if urls.host_key(child) == urls.host_key(place)]
        found: list[Found] = []
        inner: list[tuple[Parsed, str]] = []
        for child in own[:MOST_SITEMAPS]:
            fetched, parsed = await self.read(child) or (None, None)
            if fetched is not None and parsed is not None and parsed.entries:
                found.append(self.found(child, fetched, parsed, why))
            elif fetched is not None and parsed is not None and parsed.is_index:
                inner.append((parsed, fetched.url))
        for one, address in inner if deeper and not found else ():
            found += await self.listed(one, address, why, deeper=False)
        return found

    async def linked(self, page: Fetched) -> list[Found]:
        """The feeds that visible links of the page's own site lead to, and those on a page that is called "RSS"."""
        found: list[Found] = []
        for address in _linked(page):
            fetched, parsed = await self.read(address) or (None, None)
            if fetched is not None and parsed is not None:
                found.append(self.found(address, fetched, parsed, "linked on the page"))
            elif fetched is not None and not found:
                found += await self.try_all(_linked(fetched, _XML_FILE), "listed on the site's page of feeds")
        return found

    async def sitemaps(self, page: str, announced: Sequence[str] = ()) -> list[Found]:
        """The sitemaps that the page and robots.txt name, those for news first; else those of the usual names."""
        named = dict.fromkeys(announced, "announced by the page")
        named |= dict.fromkeys(await self._named(page), "named by robots.txt")
        if named:
            best = sorted(named, key=_is_general)[:MOST_SITEMAPS]
            return [one for address in best for one in await self.try_all([address], named[address])]
        usual = filter(None, (urls.resolve(page, place) for place in USUAL_SITEMAPS))
        return await self.try_all(usual, "found where sitemaps for news usually are", enough=1)

    async def _named(self, page: str) -> list[str]:
        """The sitemaps that robots.txt names, those for news first."""
        address = urls.resolve(page, "/robots.txt")
        if not address or address in self._asked:
            return []
        self._asked.add(address)
        answer = await self._fetch(FetchRequest(feed_id(address), address))
        text = answer.body.decode("utf-8-sig", "replace") if isinstance(answer, Fetched) else ""
        named = filter(None, (urls.resolve(address, line) for line in _SITEMAP_LINE.findall(text)))
        return sorted(dict.fromkeys(named), key=_is_general)[:MOST_SITEMAPS]


def _is_general(sitemap: str) -> bool:
    """True for a sitemap that is not called one for news; its site may be."""
    return "news" not in urlsplit(sitemap).path.lower()


def _linked(page: Fetched, also: re.Pattern[str] = _FEED_LIKE) -> list[str]:
    """The page's links to its own site whose address or text looks like that of a feed."""
    base_at = _BASE.search(page.body)
    base = urls.resolve(page.url, base_at[1].decode("utf-8", "replace")) if base_at else None
    host = urls.host_key(page.url)
    own: dict[str, bool] = {}  # address -> whether a link's text calls it a feed
    for match in _LINK.finditer(page.body):
        link = urls.resolve(base or page.url, match[1].decode("utf-8", "replace").replace("&amp;", "&"))
        if link and urls.host_key(link) == host:
            own[link] = own.get(link, False) or bool(match[2] and _CALLED.search(match[2]))
    likely = [link for link in own if _FEED_LIKE.search(link) or also.search(link)]
    called = [link for link, is_called in own.items() if is_called or _MAYBE_FEED.search(link)]
    return list(dict.fromkeys((*likely, *called)))[:MOST_LINKED]


def _usual(page: str) -> list[str]:
    """Where feeds usually are: of a section (WordPress, Reddit), a channel (YouTube), a person (Medium), the site."""
    path = urlsplit(page).path.rstrip("/")
    person = [f"/feed{path}", f"{path}.rss"] if path.startswith("/@") else []
    narrow = [f"{path}/feed/", f"{path}/.rss", *person] if path else []
    channel = _CHANNEL.search(path)
    if channel:
        narrow = [f"/feeds/videos.xml?channel_id={channel[1]}"]
    resolved = (urls.resolve(page, place) for place in (*narrow, *USUAL_PATHS))
    return [address for address in resolved if address]


def _found(asked: str, fetched: Fetched, parsed: Parsed, why: str, lang: str | None, now: datetime) -> Found:
    kinds = {"sitemap": FeedKind.SITEMAP, "page": FeedKind.PAGE}
    address = fetched.moved_to or asked
    dates = [when for entry in parsed.entries if (when := entry.published_at or entry.updated_at)]
    newest = max(dates, default=None)
    total = len(parsed.entries)
    is_comments = bool(_COMMENTS.search(address) or _COMMENTS.search(parsed.title))
    is_foreign = bool(lang and parsed.lang and parsed.lang.partition("-")[0] != lang.partition("-")[0])
    is_narrow = bool(_NARROW.search(address))
    is_dated = 2 * len(dates) > total
    told = 2 * sum(1 for entry in parsed.entries if entry.summary) > total
    is_fresh = newest is not None and now - newest <= FRESH
    merits = (
        "comments, not news" if is_comments else "",
        f"in another language ({parsed.lang})" if is_foreign else "",
        "of one topic, author or show" if is_narrow else "",
        "" if total else "empty",
        "fresh" if is_fresh else "stale" if newest else "",
        "dated" if is_dated else "without dates" if total else "",
        "with summaries" if told else "",
    )
    day = ((newest or _LONG_AGO) - _LONG_AGO).days
    rank = (not is_comments, total > 0, not is_foreign, is_fresh, not is_narrow, is_dated, day, told, total)
    kind = kinds.get(parsed.kind, FeedKind.FEED)
    return Found(address, kind, parsed.title, total, newest, why, tuple(filter(None, merits)), rank)
