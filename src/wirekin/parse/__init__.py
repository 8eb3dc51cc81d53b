"""Every dialect of feed, sitemap and list page: bytes in, entries out, nothing opened and nothing raised.

    parse_document: unpack -> sniff -> gate (size, encoding, entities, depth, wholeness) -> one of
        _fast      RSS 0.9x-2.0, RDF, Atom (lxml), or where in doubt
        _tolerant  the same by feedparser                    _jsonfeed  JSON Feed 1.0 and 1.1
        _sitemap   sitemaps and news sitemaps (lxml)         _page      HTML lists of headlines (lexbor)

Whether a document came whole is judged here, because only here is its root known (requirement A2): one that was cut
short keeps its complete entries and says `whole=False`, so that the poll keeps the old validators.
"""

from __future__ import annotations

import re
from datetime import datetime

from wirekin.model import FeedKind, ParseFailed, ParseResult, Reason, Selectors
from wirekin.parse import _fast, _jsonfeed, _page, _sitemap, _tolerant, _xml
from wirekin.parse._opml import parse_opml

__all__ = ["parse_document", "parse_opml"]

_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_SITEMAPS = {"urlset", "sitemapindex"}
_FEEDS = {"rss", "rdf", "feed"}


def parse_document(
    body: bytes,
    *,
    url: str,
    content_type: str = "",
    kind: FeedKind = FeedKind.FEED,
    select: Selectors | None = None,
    lang: str | None = None,
    now: datetime,
) -> ParseResult:
    """Read one document of any dialect; the content decides which, never the Content-Type.

    Args:
        body: the decoded body (a gzip file such as sitemap.xml.gz is unpacked here).
        url: where it came from, after redirects; relative links are resolved against it.
        content_type: the header; only its charset is used, and only where the document names none.
        kind: what is expected. HTML is read as a page only for PAGE; feeds and sitemaps are read for every kind.
        select: CSS selectors for a page; they win over the automatic extraction.
        lang: the configured language: it wins over the document's own.
        now: what relative dates on a page count from.

    Returns:
        Parsed, possibly with no entries (an empty feed is a valid one), or ParseFailed with the reason.

    """
    body = _xml.unpacked(body)
    if len(body) > _xml.MAX_BODY_BYTES:
        return ParseFailed(Reason.TOO_LARGE, f"more than {_xml.MAX_BODY_BYTES} bytes")
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return ParseFailed(Reason.EMPTY, "nothing but white space")
    found = _CHARSET.search(content_type)
    charset = found[1] if found else ""
    if body[:64].lstrip(b"\xef\xbb\xbf\t\r\n ").startswith((b"{", b"[")):
        return _jsonfeed.parse(body, url=url, lang=lang)
    plain = _xml.plain_bytes(body, charset)
    if plain is None:
        return ParseFailed(Reason.NOT_A_FEED, "the bytes are not in the encoding that the document declares")
    if plain[:1].isspace() and plain.lstrip().startswith(b"<?xml"):
        plain = plain.lstrip()  # XML forbids it before the declaration; publishers do it (7 of 2,619 feeds, 2026-11)
    root, root_at = _xml.root_of(plain)
    if _xml.local_name(root) in _FEEDS | _SITEMAPS:
        return _parse_xml(plain, root, root_at, url=url, charset=charset, lang=lang)
    return _parse_other(plain, root, root_at, url=url, charset=charset, kind=kind, select=select, lang=lang, now=now)


def _parse_other(
    body: bytes,
    root: str,
    root_at: int,
    *,
    url: str,
    charset: str,
    kind: FeedKind,
    select: Selectors | None,
    lang: str | None,
    now: datetime,
) -> ParseResult:
    if kind is FeedKind.PAGE:
        return _page.parse(body, url=url, charset=charset, select=select, lang=lang, now=now)
    if _xml.local_name(root) == "html" or b"<!doctype html" in body[:2048].lower():
        return ParseFailed(Reason.NOT_A_FEED, "an HTML page")
    return _parse_xml(body, root, root_at, url=url, charset=charset, lang=lang)


def _parse_xml(body: bytes, root: str, root_at: int, *, url: str, charset: str, lang: str | None) -> ParseResult:
    if not root:
        return ParseFailed(Reason.NOT_A_FEED, "no XML element")
    if _xml.declares_entities(body, root_at):
        return ParseFailed(Reason.ENTITIES, "the document declares entities of its own")
    urls = _xml.local_name(root) in _SITEMAPS
    whole = _xml.is_whole(body, root, root_at)
    many = _xml.entry_count(body, urls=urls) > _xml.MAX_ENTRIES
    if whole and not many and not urls and not _xml.has_long_tag(body):
        # lxml is linear in what is left, and refuses more than 256 elements inside one another by itself.
        fast = _fast.parse(body, url=url, root=root, charset=charset, whole=whole, lang=lang)
        if fast is not None:
            return fast
    if too_much := _xml.excess(body):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    if not whole or many:
        body = _xml.first_entries(body, root, limit=_xml.MAX_ENTRIES, urls=urls)
        if not body and _xml.local_name(root) not in _FEEDS | _SITEMAPS:
            return ParseFailed(Reason.NOT_A_FEED, f"an XML document of <{root[:40]}>")
        if not body:
            return ParseFailed(Reason.TRUNCATED, f"<{root[:40]}> never closes, and no entry in it is complete")
    if urls:
        return _sitemap.parse(body, url=url, whole=whole, lang=lang)
    return _tolerant.parse(body, url=url, root=root, charset=charset, whole=whole, lang=lang)
