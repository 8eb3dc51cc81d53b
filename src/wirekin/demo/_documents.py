"""The dialects of the sample feeds: items in, one document out. Pages are in `_pages`.

The markup differs on purpose, as it does in the field: CDATA here, entities there, three ways to date an entry, titles
that end with the outlet's name, texts with HTML inside.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from wirekin.demo._pictures import HEIGHT, MEDIA_TYPE, WIDTH
from wirekin.demo._sample import Outlet, OutletFeed, Report


@dataclass(frozen=True, slots=True)
class Item:
    """A report as one document lists it."""

    report: Report
    link: str  # absolute, with the tracking that this feed adds
    at: datetime | None  # in the outlet's own zone; None: the document does not say
    picture: str = ""  # absolute; "" where there is none
    source: tuple[str, str] | None = None  # name and home of the outlet an aggregator took it from

    @property
    def title(self) -> str:
        """The title as text, or as HTML where the report asks for it."""
        title = self.report.published_title if self.source is None else self.report.title
        if "em" in self.report.flags:
            first, _, rest = html.escape(title, quote=False).partition(" ")
            return f"<em>{first}</em> {rest}"
        return html.escape(title) if "ents" in self.report.flags else title


@dataclass(frozen=True, slots=True)
class Channel:
    """A document's frame."""

    outlet: Outlet
    feed: OutletFeed
    home: str  # scheme, host and port of the outlet's site
    at: datetime  # of its newest item


Renderer = Callable[[Channel, Sequence[Item]], bytes]


def _tag(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text)}</{name}>" if text else ""


def _cdata(name: str, markup: str) -> str:
    return f"<{name}><![CDATA[{markup.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"


def _empty(name: str, **attributes: object) -> str:
    pairs = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{pairs}/>"


def _lines(*lines: str, encoding: str = "utf-8") -> bytes:
    """A document of XML from its lines."""
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    return "\n".join((declared, *lines, "")).encode(encoding, "xmlcharrefreplace")


# --- RSS 2.0 and 0.92 ------------------------------------------------------------------------------------------------

_NAMESPACES = (
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
)


def _rss(
    channel: Channel,
    items: Sequence[Item],
    fields: Callable[[Item], list[str]],
    *,
    encoding: str = "utf-8",
    version: str = "2.0",
) -> bytes:
    head = [
        _tag("title", channel.feed.name),
        _tag("link", f"{channel.home}/"),
        _tag("description", channel.outlet.tagline),
        _tag("language", channel.outlet.lang),
    ]
    if version == "2.0":
        head += [_tag("lastBuildDate", format_datetime(channel.at)), "<ttl>5</ttl>"]
    rows = ["<item>" + "".join(fields(item)) + "</item>" for item in items]
    opened = f'<rss version="{version}"{_NAMESPACES if version == "2.0" else ""}><channel>'
    return _lines(opened, *head, *rows, "</channel></rss>", encoding=encoding)


def _named(item: Item) -> list[str]:
    guid = f"{item.report.outlet.domain}/{item.report.number}"
    return [_tag("title", item.title), _tag("link", item.link), _tag("guid", guid, ' isPermaLink="false"')]


def _enclosed(item: Item) -> list[str]:
    return [_empty("enclosure", url=item.picture, type=MEDIA_TYPE, length=0)] if item.picture else []


def _dated(item: Item) -> list[str]:
    return [_tag("pubDate", format_datetime(item.at))] if item.at else []


def rss(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 2.0, plain."""
    return _rss(channel, items, lambda item: [*_named(item), _tag("description", item.report.summary), *_dated(item)])


def rss_cp1251(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 2.0 in windows-1251, as Russian agencies wrote it for twenty years."""

    def fields(item: Item) -> list[str]:
        return [*_named(item), _tag("description", item.report.summary), *_dated(item), *_enclosed(item)]

    return _rss(channel, items, fields, encoding="windows-1251")


def rss_media(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 2.0 with CDATA, content:encoded and media:content; the mobile variant has a guid of its own."""

    def fields(item: Item) -> list[str]:
        summary = html.escape(item.report.summary, quote=False)
        text = f'<p>{summary}</p><p><a href="{html.escape(item.link)}">{html.escape(item.report.outlet.name)}</a></p>'
        picture = _empty("media:content", url=item.picture, medium="image", type=MEDIA_TYPE, width=WIDTH, height=HEIGHT)
        return [
            _cdata("title", item.title),
            _tag("link", item.link),
            _tag("guid", item.link.partition("?")[0], ' isPermaLink="true"'),
            _tag("dc:creator", item.report.outlet.name),
            _tag("category", item.report.event.section),
            _cdata("description", f"<p>{summary}</p>"),
            _cdata("content:encoded", text),
            picture if item.picture else "",
            *_dated(item),
        ]

    return _rss(channel, items, fields)


def rss_enclosure(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 2.0 whose pictures are enclosures and whose descriptions are escaped HTML."""

    def fields(item: Item) -> list[str]:
        markup = f"{html.escape(item.report.summary)}&nbsp;<br/>"
        return [*_named(item), _tag("description", markup), *_dated(item), *_enclosed(item)]

    return _rss(channel, items, fields)


def rss_dc(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 2.0 dated by dc:date, without guids."""

    def fields(item: Item) -> list[str]:
        dated = [_tag("dc:date", item.at.isoformat())] if item.at else []
        return [_tag("title", item.title), _tag("link", item.link), _tag("description", item.report.summary), *dated]

    return _rss(channel, items, fields)


def rss_source(channel: Channel, items: Sequence[Item]) -> bytes:
    """An aggregator's RSS 2.0: each item says in <source> whose it is."""

    def fields(item: Item) -> list[str]:
        name, home = item.source or ("", "")
        return [*_named(item), *_dated(item), _tag("source", name, f" url={quoteattr(home)}")]

    return _rss(channel, items, fields)


def rss092(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 0.92: no guid, no namespaces, and the pubDate that it borrowed from 2.0."""

    def fields(item: Item) -> list[str]:
        named = [_tag("title", item.title), _tag("link", item.link), _tag("description", item.report.summary)]
        return [*named, *_dated(item)]

    return _rss(channel, items, fields, version="0.92")


# --- RDF, Atom, JSON Feed, sitemap -----------------------------------------------------------------------------------

_RDF_NAMESPACES = (
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_SITEMAP_NAMESPACES = (
    ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def rdf(channel: Channel, items: Sequence[Item]) -> bytes:
    """RSS 1.0, which is RDF."""
    listed = "".join(_empty("rdf:li", resource=item.link) for item in items)
    rows = [
        f"<item rdf:about={quoteattr(item.link)}>"
        + _tag("title", item.title)
        + _tag("link", item.link)
        + _tag("description", item.report.summary)
        + (_tag("dc:date", item.at.isoformat()) if item.at else "")
        + "</item>"
        for item in items
    ]
    head = _tag("title", channel.feed.name) + _tag("link", f"{channel.home}/")
    head += _tag("description", channel.outlet.tagline) + _tag("dc:language", channel.outlet.lang)
    return _lines(
        f"<rdf:RDF{_RDF_NAMESPACES}>",
        f"<channel rdf:about={quoteattr(channel.home + channel.feed.path)}>",
        f"{head}<items><rdf:Seq>{listed}</rdf:Seq></items></channel>",
        *rows,
        "</rdf:RDF>",
    )


def atom(channel: Channel, items: Sequence[Item]) -> bytes:
    """Atom 1.0 (RFC 4287) with HTML summaries and relative links against xml:base."""

    def row(item: Item) -> str:
        stamp = (item.at or channel.at).isoformat()
        link = item.link.removeprefix(channel.home)
        summary = f"<p>{html.escape(item.report.summary, quote=False)}</p>"
        if item.picture:
            picture = item.picture.removeprefix(channel.home)
            summary = f'<img src="{picture}" width="{WIDTH}" height="{HEIGHT}" alt="">{summary}'
        return "".join(
            [
                "<entry>",
                _tag("id", f"tag:{channel.outlet.domain},2026:{item.report.number}"),
                _tag("title", item.title, ' type="html"' if item.report.flags & {"em", "ents"} else ""),
                _empty("link", rel="alternate", type="text/html", href=link),
                _tag("published", stamp) if item.at else "",
                _tag("updated", stamp),
                _empty("category", term=item.report.event.section),
                _tag("summary", summary, ' type="html"'),
                "</entry>",
            ]
        )

    return _lines(
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.outlet.lang}" xml:base="{channel.home}/">',
        _tag("id", f"tag:{channel.outlet.domain},2026:feed"),
        _tag("title", channel.feed.name),
        _tag("updated", channel.at.isoformat()),
        f"<author>{_tag('name', channel.outlet.name)}</author>",
        _empty("link", rel="self", href=channel.home + channel.feed.path),
        *map(row, items),
        "</feed>",
    )


def atom03(channel: Channel, items: Sequence[Item]) -> bytes:
    """Atom 0.3, as some servers have been giving it since 2004."""

    def row(item: Item) -> str:
        stamp = (item.at or channel.at).isoformat()
        dated = _tag("issued", stamp) + _tag("modified", stamp) if item.at else ""
        link = _empty("link", rel="alternate", type="text/html", href=item.link)
        summary = _tag("summary", html.escape(item.report.summary), ' type="text/html" mode="escaped"')
        return f"<entry>{_tag('title', item.title)}{link}{_tag('id', item.link)}{dated}{summary}</entry>"

    return _lines(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#">',
        _tag("title", channel.feed.name),
        _empty("link", rel="alternate", type="text/html", href=f"{channel.home}/"),
        _tag("modified", channel.at.isoformat()),
        *map(row, items),
        "</feed>",
    )


def json_feed(channel: Channel, items: Sequence[Item]) -> bytes:
    """JSON Feed 1.1."""

    def row(item: Item) -> dict[str, Any]:
        fields = {
            "id": str(item.report.number),
            "url": item.link,
            "title": item.title,
            "content_html": f"<p>{html.escape(item.report.summary, quote=False)}</p>",
            "summary": item.report.summary,
            "date_published": item.at.isoformat() if item.at else None,
            "image": item.picture or None,
            "tags": [item.report.event.section],
        }
        return {name: value for name, value in fields.items() if value}

    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.feed.name,
        "home_page_url": f"{channel.home}/",
        "feed_url": channel.home + channel.feed.path,
        "language": channel.outlet.lang,
        "items": [row(item) for item in items],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def sitemap(channel: Channel, items: Sequence[Item]) -> bytes:
    """A Google news sitemap: titles and times, no summaries."""

    def row(item: Item) -> str:
        named = _tag("news:name", channel.outlet.name) + _tag("news:language", channel.outlet.lang)
        dated = _tag("news:publication_date", item.at.isoformat()) if item.at else ""
        news = f"<news:publication>{named}</news:publication>{dated}{_tag('news:title', item.title)}"
        image = f"<image:image>{_tag('image:loc', item.picture)}</image:image>" if item.picture else ""
        return f"<url>{_tag('loc', item.link)}<news:news>{news}</news:news>{image}</url>"

    return _lines(f"<urlset{_SITEMAP_NAMESPACES}>", *map(row, items), "</urlset>")


STYLES: dict[str, tuple[Renderer, str]] = {
    "rss": (rss, "application/rss+xml; charset=utf-8"),
    "rss-media": (rss_media, "application/rss+xml; charset=utf-8"),
    "rss-enclosure": (rss_enclosure, "text/xml; charset=utf-8"),
    "rss-dc": (rss_dc, "application/xml"),
    "rss-source": (rss_source, "application/rss+xml"),
    "rss-cp1251": (rss_cp1251, "text/xml"),  # the charset is in the declaration only
    "rss092": (rss092, "text/xml"),
    "rdf": (rdf, "application/rdf+xml"),
    "atom": (atom, "application/atom+xml; charset=utf-8"),
    "atom03": (atom03, "application/xml"),
    "json": (json_feed, "application/feed+json"),
    "sitemap": (sitemap, "application/xml"),
}
"""Each style's renderer and the Content-Type it is sent with."""
