"""Parse every dialect of feed, sitemap and list page: bytes in, entries out. Does no I/O, and raises nothing.

    parse_document: unpack -> sniff -> gate (size, encoding, entities, depth, wholeness) -> by the content one of
        _fast      RSS 0.9x-2.0, RDF, Atom (lxml)            _jsonfeed  JSON Feed 1.0 and 1.1
        _tolerant  the same by feedparser, if _fast doubts   _sitemap   sitemaps and news sitemaps (lxml)
                                                             pages      HTML lists of headlines (lexbor)
    parse_at_once: gate -> _fast or None, for the polling process; the rest is for a worker that may die
    parse_article: an article's own page (pages)             parse_opml, parse_lines: lists of feeds (_opml)

Whether a document is whole is decided here, because only here is its root element known (requirement A2). A truncated
document keeps its complete entries and has `whole=False`, so that the poll keeps the old validators.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from wirekin import urls
from wirekin.model import FeedKind, Parsed, ParseFailed, ParseResult, Reason, Selectors
from wirekin.parse import _fast, _jsonfeed, _sitemap, _tolerant, _xml
from wirekin.parse._dates import is_believable
from wirekin.parse._opml import OPML_KIND, OPML_NAMES, OPML_NAMESPACE, is_whole_opml, parse_lines, parse_opml
from wirekin.parse.pages._trace import Judgement, Trace

__all__ = [
    "AT_ONCE_BYTES",
    "OPML_KIND",
    "OPML_NAMES",
    "OPML_NAMESPACE",
    "Explained",
    "Judgement",
    "css_complaint",
    "explain_document",
    "explain_page",
    "is_believable",
    "is_whole_opml",
    "parse_article",
    "parse_at_once",
    "parse_document",
    "parse_lines",
    "parse_opml",
]

_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# Longer documents go to a worker. 512 KiB block the polling process for 10 ms, a typical news feed for 1 ms; none of
# 98 real feeds is longer (2026-11).
AT_ONCE_BYTES = 512 * 1024
_NO_TEXT = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|!--)", re.IGNORECASE)
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
    """Parse one document of any dialect. The content decides which dialect it is, never the Content-Type.

    Args:
        body: the decoded body (a gzip file such as sitemap.xml.gz is unpacked here).
        url: the document's address after redirects; relative links are resolved against it.
        content_type: the header; only its charset is used, and only if the document declares none.
        kind: what is expected. HTML is read as a page only for PAGE; feeds and sitemaps are read for every kind.
        select: CSS selectors for a page; they override the automatic extraction.
        lang: the configured language; it overrides the document's own.
        now: the instant that relative dates on a page ("2 hours ago") count from.

    Returns:
        Parsed, possibly without entries (an empty feed is valid), or ParseFailed with the reason.

    """
    return _parse(body, url=url, content_type=content_type, kind=kind, select=select, lang=lang, now=now)


def explain_page(
    body: bytes, *, url: str, content_type: str = "", select: Selectors | None = None, now: datetime
) -> tuple[Judgement, ...]:
    """Explain, in page order, why each link of a page is a headline or not; empty if the document is not a page.

    Takes the arguments of `parse_document`. The links accepted here are the entries that it returns.
    """
    trace: Trace = []
    _parse(body, url=url, content_type=content_type, kind=FeedKind.PAGE, select=select, lang=None, now=now, trace=trace)
    return tuple(trace)


@dataclass(frozen=True, slots=True)
class Explained(Parsed):
    """A parsed page, the judgement of each link, and the selectors proposed for feeds.yml (None if there are none)."""

    why: tuple[Judgement, ...] = ()
    proposal: Selectors | None = None


def explain_document(
    body: bytes,
    *,
    known: Collection[str] = (),
    url: str,
    content_type: str = "",
    select: Selectors | None = None,
    now: datetime,
    kind: FeedKind = FeedKind.PAGE,
    lang: str | None = None,
) -> ParseResult:
    """Parse as `parse_document` does, but return `Explained` for a page.

    Args:
        known: canonical addresses of the page's earlier headlines. If enough of them are still on the page, the
            proposed selectors find these; otherwise they find what the automatic extraction finds.

    """
    parsed = parse_document(body, url=url, content_type=content_type, kind=kind, select=select, lang=lang, now=now)
    if not isinstance(parsed, Parsed) or parsed.kind != "page":
        return parsed
    why = explain_page(body, url=url, content_type=content_type, select=select, now=now)
    looked = parsed if select is None else parse_document(body, url=url, content_type=content_type, kind=kind, now=now)
    entries = looked.entries if isinstance(looked, Parsed) else ()
    accepted = {urls.canonicalise(entry.link) or entry.link for entry in entries}
    proposal = _proposal(body, url, content_type, (known, accepted))
    return Explained(**{each.name: getattr(parsed, each.name) for each in fields(Parsed)}, why=why, proposal=proposal)


def parse_article(body: bytes, *, url: str, content_type: str = "") -> ParseResult:
    """Parse the metadata of an article's own page into one entry; a field that the page does not state is empty.

    Args:
        body: the decoded body.
        url: the page's address after redirects.
        content_type: the header; only its charset is used.

    Returns:
        Parsed with one entry, or ParseFailed with the reason.

    """
    if len(body) > _xml.MAX_BODY_BYTES:
        return ParseFailed(Reason.TOO_LARGE, f"more than {_xml.MAX_BODY_BYTES} bytes")
    document = _opened(body, content_type)
    if document is None:
        return ParseFailed(Reason.NOT_A_FEED, "the bytes are not in the encoding that the document declares")
    from wirekin.parse.pages import _article

    return _article.parse(document.body, url=url, charset=document.charset)


def css_complaint(css: str) -> str:
    """Say what is wrong with a CSS selector; "" for a valid one. Imports lexbor only when called."""
    from wirekin.parse.pages import _selectors

    return _selectors.css_complaint(css)


def _proposal(body: bytes, url: str, content_type: str, wanted: Iterable[Collection[str]]) -> Selectors | None:
    """Propose selectors for the first set of addresses in `wanted` for which the page has any."""
    from wirekin.parse.pages import _dom, _markup, _page, _places

    document = _opened(_xml.unpacked(body), content_type)
    if document is None:
        return None
    page = _dom.read(_markup.utf8(document.body, document.charset))
    base = _page.base_of(page, url)
    return next(filter(None, (_places.propose(page, base, each) for each in wanted)), None)


def _parse(
    body: bytes,
    *,
    url: str,
    content_type: str,
    kind: FeedKind,
    select: Selectors | None,
    lang: str | None,
    now: datetime,
    trace: Trace | None = None,
) -> ParseResult:
    body = _xml.unpacked(body)
    if len(body) > _xml.MAX_BODY_BYTES:
        return ParseFailed(Reason.TOO_LARGE, f"more than {_xml.MAX_BODY_BYTES} bytes")
    if not body.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        return ParseFailed(Reason.EMPTY, "nothing but white space")
    if body[:64].lstrip(b"\xef\xbb\xbf\t\r\n ").startswith((b"{", b"[")):
        return _jsonfeed.parse(body, url=url, lang=lang)
    document = _opened(body, content_type)
    if document is None:
        return ParseFailed(Reason.NOT_A_FEED, "the bytes are not in the encoding that the document declares")
    if _xml.local_name(document.root) in _FEEDS | _SITEMAPS:
        return _parse_xml(document, url=url, lang=lang)
    if kind is FeedKind.PAGE:
        if _is_binary(document.body):
            return ParseFailed(Reason.NOT_A_FEED, "neither a page nor a feed: a PDF, a picture or another file")
        from wirekin.parse.pages import _page

        return _page.parse(
            document.body, url=url, charset=document.charset, select=select, lang=lang, now=now, trace=trace
        )
    return _parse_other(document, url=url, lang=lang)


def parse_at_once(body: bytes, *, url: str, content_type: str = "", lang: str | None = None) -> Parsed | None:
    """Parse a feed on the fast path: the result of `parse_document`, or None where the fast path is not certain of it.

    Fast and safe enough for the polling process: linear scans as the gate, lxml without entities, at most
    AT_ONCE_BYTES. Everything else goes to a worker process that may die. Takes the arguments of `parse_document`.
    """
    if len(body) > AT_ONCE_BYTES:
        return None
    document = _opened(body, content_type)
    if document is None or _xml.local_name(document.root) not in _FEEDS:
        return None
    if _xml.declares_entities(document.body, document.root_at):
        return None
    return _parse_fast(document, url=url, lang=lang)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A document at the gate: ASCII-compatible bytes, Content-Type's charset, the root element's name and offset."""

    body: bytes
    charset: str
    root: str
    root_at: int


def _opened(body: bytes, content_type: str) -> _Opened | None:
    """Normalise a document for every later scan; None if its bytes are not valid in its encoding."""
    found = _CHARSET.search(content_type)
    charset = found[1] if found and not _xml.is_of_names(found[1]) else ""
    plain = _xml.plain_bytes(body, charset)
    if plain is None:
        return None
    if plain is not body:
        charset = ""  # decoding once more with this charset could reveal markup that the gate has not seen
    if plain[:1].isspace() and plain.lstrip().startswith(b"<?xml"):
        plain = plain.lstrip()  # XML forbids white space before the declaration; 7 of 2,619 feeds have it (2026-11)
    plain = _xml.with_whole_characters(_xml.with_enclosed_pictures(plain))
    return _Opened(plain, charset, *_xml.root_of(plain))


def _is_binary(body: bytes) -> bool:
    """True for a PDF, or for bytes that no text has (MIME Sniffing Standard, section 7.1) where no markup begins."""
    head = body[:1445]  # as far as browsers look
    return head.startswith(b"%PDF-") or (head.translate(None, _NO_TEXT) != head and not _MARKUP.search(head))


def _parse_other(document: _Opened, *, url: str, lang: str | None) -> ParseResult:
    body = document.body
    if _xml.local_name(document.root) == "html" or b"<!doctype html" in body[:2048].lower():
        return ParseFailed(Reason.NOT_A_FEED, "an HTML page")
    return _parse_xml(document, url=url, lang=lang)


def _parse_fast(document: _Opened, *, url: str, lang: str | None) -> Parsed | None:
    """Parse a feed on the fast path. Only long tags are checked: lxml refuses truncation and depths over 256 itself."""
    body, root = document.body, document.root
    if _xml.has_long_tag(body):
        return None
    return _fast.parse(body, url=url, root=root, charset=document.charset, whole=True, lang=lang)


def _parse_xml(document: _Opened, *, url: str, lang: str | None) -> ParseResult:
    body, root = document.body, document.root
    if not root:
        return ParseFailed(Reason.NOT_A_FEED, "no XML element")
    if _xml.declares_entities(body, document.root_at):
        return ParseFailed(Reason.ENTITIES, "the document declares entities or attributes of its own")
    urls = _xml.local_name(root) in _SITEMAPS
    fast = None if urls else _parse_fast(document, url=url, lang=lang)
    if fast is not None:
        return fast
    whole = _xml.is_whole(body, root, document.root_at)
    if too_much := _xml.excess(body):
        return ParseFailed(Reason.TOO_LARGE, too_much)
    if not whole or _xml.has_many(body, urls=urls):
        if urls:
            body = _xml.newest_urls(body, root, document.root_at, limit=_xml.MAX_ENTRIES)
        else:
            body = _xml.first_entries(body, root, limit=_xml.MAX_ENTRIES)
        if not body and _xml.local_name(root) not in _FEEDS | _SITEMAPS:
            return ParseFailed(Reason.NOT_A_FEED, f"an XML document of <{root[:40]}>")
        if not body:
            return ParseFailed(Reason.TRUNCATED, f"<{root[:40]}> never closes, and no entry in it is complete")
    if urls:
        return _sitemap.parse(body, url=url, whole=whole, lang=lang)
    return _tolerant.parse(body, url=url, root=root, charset=document.charset, whole=whole, lang=lang)
