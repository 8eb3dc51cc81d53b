"""Parse sitemaps (sitemaps.org/protocol.html) and Google news sitemaps; an index announces the sitemaps in it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml import etree

from wirekin import text, urls
from wirekin.model import Entry, Parsed, ParseFailed, ParseResult, Reason, Source
from wirekin.parse import _dates, _entries, _images, _xml

# In the path of a sitemap of recent articles; "https://thenews.example/" has such a word in every address.
_NEWS = re.compile(r"news|latest|today|breaking", re.IGNORECASE)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)(?=[\s/>])", re.IGNORECASE)
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]*):")
# A page that is mainly a video has Google's elements for videos, and often no others.
_TITLES = ("{*}news/{*}title", "{*}video/{*}title")
_DATES = ("{*}news/{*}publication_date", "{*}video/{*}publication_date")
_PICTURES = ("{*}image/{*}loc", "{*}video/{*}thumbnail_loc")
MOST_PREFIXES = 20  # that are looked for in the whole document; Google defines five (news, image, video, mobile, xhtml)
MIN_SLUG_WORDS = 4  # a last path segment with fewer is a section, a tag or a person


def parse(body: bytes, *, url: str, whole: bool, lang: str | None) -> ParseResult:
    """Parse a sitemap that passed the gate.

    A plain sitemap has no titles. The words of the link's last path segment are used instead, and a link with fewer
    than MIN_SLUG_WORDS is left out.
    """
    # No network, no entities, no huge trees; `recover` continues after any other error of well-formedness.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(_with_declared_prefixes(_xml.with_escaped_ampersands(body)), parser)
    except etree.XMLSyntaxError as error:
        return ParseFailed(Reason.NOT_A_FEED, f"sitemap: {type(error).__name__}")
    if root is None:
        return ParseFailed(Reason.NOT_A_FEED, "a sitemap without elements")
    return Parsed(
        kind="sitemap",
        entries=_entries_of(root, url)[: _xml.MAX_ENTRIES],
        lang=lang,
        whole=whole,
        feeds=_children(root, url),
    )


def _with_declared_prefixes(body: bytes) -> bytes:
    """Declare prefixes that are used without xmlns: for lxml <news:title> would be an element of that whole name."""
    used = set(_PREFIX.findall(body))
    if len(used) > MOST_PREFIXES:
        return body
    undeclared = [prefix for prefix in sorted(used) if b"xmlns:%s=" % prefix not in body]
    root = _ROOT.search(body) if undeclared else None
    if root is None:
        return body
    declared = b"".join(b' xmlns:%s="urn:undeclared:%s"' % (prefix, prefix) for prefix in undeclared)
    return body[: root.end()] + declared + body[root.end() :]


def _entries_of(root: etree._Element, url: str) -> tuple[Entry, ...]:
    """Return the entries in order, each address once: the first entry wins."""
    entries: dict[str, Entry] = {}
    for one in root.iterfind("{*}url"):
        if entry := _entry(one, url):
            entries.setdefault(entry.link, entry)
    return tuple(entries.values())


def _children(index: etree._Element, url: str) -> tuple[str, ...]:
    """Return the sitemaps that an index lists: news sitemaps first, then by date, newest first; undated ones last."""
    listed = []
    for one in index.iterfind("{*}sitemap"):
        if child := urls.resolve(url, _string(one, "{*}loc")):
            stamp = _dates.read_date(_string(one, "{*}lastmod"))
            age = -stamp.at.timestamp() if stamp and stamp.at else 0.0
            listed.append((_NEWS.search(urlsplit(child).path) is None, age, child))
    listed.sort(key=lambda one: one[:2])
    return tuple(child for *_, child in listed)[: _xml.MAX_ENTRIES]


def _string(element: etree._Element, path: str) -> str:
    try:
        return (element.findtext(path) or "").strip()
    except UnicodeDecodeError:  # `recover` lets a reference to a lone surrogate through (&#xD800;)
        return ""


def _entry(element: etree._Element, base: str) -> Entry | None:
    link = urls.resolve(base, _string(element, "{*}loc"))
    if link is None:
        return None
    titles = (text.clean(_string(element, path), _entries.MAX_TITLE_CHARS) for path in _TITLES)
    title = next(filter(None, titles), "") or slug_title(link)
    if not title:
        return None
    updated = _dates.read_date(_string(element, "{*}lastmod"))
    stamps = (*(_dates.read_date(_string(element, path)) for path in _DATES), updated)
    first = next((stamp for stamp in stamps if stamp and stamp.at), _dates.NO_DATE)
    pictures = (_images.made(_string(element, path), base) for path in _PICTURES)
    name = text.clean(_string(element, "{*}news/{*}publication/{*}name"), 200)
    keywords = _string(element, "{*}news/{*}keywords").split(",")[: _entries.MAX_CATEGORIES]
    return Entry(
        link=link,
        title=title,
        published_at=first.at,
        precision=first.precision,
        offset=first.offset,
        updated_at=updated.at if updated else None,
        categories=tuple(word for word in (text.clean(one, 80) for one in keywords) if word),
        image=next(filter(None, pictures), None),
        source=Source(name) if name else None,
        lang=_entries.primary_lang(_string(element, "{*}news/{*}publication/{*}language")),
    )


def slug_title(link: str) -> str:
    """Make a title of the words of the link's last path segment; "" if they are fewer than MIN_SLUG_WORDS."""
    words = [word for word in urls.slug_words(link).split() if not word.isdigit()]
    if len(words) < MIN_SLUG_WORDS:
        return ""
    title = " ".join(words)
    return title[:1].upper() + title[1:]
