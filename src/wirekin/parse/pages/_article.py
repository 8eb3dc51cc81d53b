"""Read title, picture and publication time from an article's own page, for a headline that lacks one of them.

The title and the picture are those that the page offers to sites that link to it (Open Graph, https://ogp.me). The
time is the first of: article:published_time, the page's own JSON-LD, a <time> that must be this article's. A page of
several articles, or one with two different times, gives none.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from wirekin import text, urls
from wirekin.model import Entry, Parsed, ParseFailed, ParseResult, Reason
from wirekin.parse import _dates, _entries, _images
from wirekin.parse.pages import _dom, _embedded, _markup
from wirekin.parse.pages._dom import Element, Page
from wirekin.parse.pages._page import base_of

_PUBLISHED = ("article:published_time", "og:article:published_time", "datepublished")
_ARTICLES = ("article", "blogposting", "report")  # endings of schema.org's types: NewsArticle, LiveBlogPosting
_ELSEWHERE = frozenset({"aside", "nav", "footer"})  # a <time> in them belongs to another article


def parse(body: bytes, *, url: str, charset: str) -> ParseResult:
    """Parse an article's page into one entry of the kind "article"; fields that the page does not state are empty.

    Args:
        body: ASCII-compatible bytes.
        url: the page's address after redirects; the picture's address is resolved against it.
        charset: the charset of Content-Type.

    Returns:
        Parsed with one entry, or ParseFailed (TOO_LARGE).

    """
    if too_much := _markup.excess(body):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    if not urlsplit(url).path.strip("/"):  # a redirect to the front page, whose metadata is not the article's
        return Parsed("article", (Entry(link=url, title=""),), link=url)
    page = _dom.read(_markup.utf8(body, charset), whole=False)
    meta, base = _meta(page), base_of(page, url)
    site = text.clean(meta.get("og:site_name", ""), _entries.MAX_TITLE_CHARS)
    title, _ = text.split_outlet(text.clean(meta.get("og:title", ""), _entries.MAX_TITLE_CHARS), (site,))
    sides = (meta.get("og:image:width", ""), meta.get("og:image:height", ""))
    stamp = next((one for one in _stamps(page, meta, base) if one.at is not None), _dates.NO_DATE)
    entry = Entry(
        link=url,
        title=title,
        published_at=stamp.at,
        precision=stamp.precision,
        offset=stamp.offset,
        image=_images.made(meta.get("og:image", "") or meta.get("og:image:url", ""), base, *sides),
    )
    return Parsed("article", (entry,), title=site, link=url)


def _meta(page: Page) -> dict[str, str]:
    """Return the content of the page's <meta> elements by name in lower case; the first of several wins."""
    said: dict[str, str] = {}
    for one in page.root.inside("meta"):
        if content := one.attrs.get("content", "").strip():
            for key in ("property", "name", "itemprop"):
                if name := one.attrs.get(key, "").strip().lower():
                    said.setdefault(name, content)
    return said


def _stamps(page: Page, meta: dict[str, str], base: str) -> Iterator[_dates.Stamp]:
    for name in _PUBLISHED:
        yield _stamp(meta.get(name, ""))
    yield _only(_in_json(page, base))
    yield _only(_in_times(page))


def _stamp(written: str) -> _dates.Stamp:
    return _dates.read_date(written.strip()) or _dates.NO_DATE


def _only(written: list[str]) -> _dates.Stamp:
    """Return the only time; none if two differ, because one of them is another article's."""
    return _stamp(written[0]) if len(set(written)) == 1 else _dates.NO_DATE


def _in_json(page: Page, base: str) -> list[str]:
    """Return the times of the articles in the page's JSON-LD: of those that name this page, else of all."""
    own, others = urls.canonicalise(base), list[str]()
    named: list[str] = []
    for one in _embedded.objects(page, ("application/ld+json",)):
        said = one.get("datePublished")
        if isinstance(said, str) and said.strip() and _is_article(one.get("@type")):
            address = one.get("url") or one.get("mainEntityOfPage")
            address = address.get("@id") if isinstance(address, dict) else address
            link = urls.resolve(base, address) if isinstance(address, str) else None
            (named if link and urls.canonicalise(link) == own else others).append(said)
    return named or others


def _is_article(kinds: object) -> bool:
    return any(str(kind).lower().endswith(_ARTICLES) for kind in (kinds if isinstance(kinds, list) else [kinds]))


def _in_times(page: Page) -> list[str]:
    """Return the times marked as publication; else those in the same <article> as the only <h1>, else all."""
    times = [one for one in page.root.inside("time") if one.attrs.get("datetime", "").strip()]
    times = [one for one in times if not _is_of_change(one) and not any(up.tag in _ELSEWHERE for up in one.ancestors())]
    marked = [one for one in times if one.attrs.get("itemprop", "") == "datePublished" or "pubdate" in one.attrs]
    headings = page.root.inside("h1")
    inside = [one for one in times if len(headings) == 1 and _article_of(headings[0]) is _article_of(one)]
    return [one.attrs["datetime"].strip() for one in marked or inside or times]


def _article_of(one: Element) -> Element | None:
    return next((up for up in one.ancestors() if up.tag == "article"), None)


def _is_of_change(one: Element) -> bool:
    """True if its class, id or itemprop names it the time of the last change."""
    return one.attrs.get("itemprop", "") == "dateModified" or "updated" in one.marks or "modified" in one.marks
