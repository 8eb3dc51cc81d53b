"""Our own feeds: one `FeedDocument`, written as JSON Feed 1.1, Atom (RFC 4287), RSS 2.0; and OPML 2.0 of what we poll.

XML is made by the stdlib's element tree, which escapes; what XML 1.0 cannot hold is dropped before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from wirekin.model import Feed, FeedKind, Headline, RelatedAnswer, Story, StoryDetail
from wirekin.parse import OPML_KIND, OPML_NAMES, OPML_NAMESPACE
from wirekin.render._json import Json, stamp
from wirekin.render._links import safe_link, story_url

_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2

register_namespace("atom", _ATOM)
register_namespace("dc", _DC)
register_namespace("wirekin", OPML_NAMESPACE)


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item: the id is a story's where the feed tells each event once, else a headline's."""

    id: str
    headline: Headline
    story: str = ""  # address of the story's page


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed of ours before it is written; `home` is its page, `itself` its own address without suffix and query."""

    title: str
    home: str
    itself: str
    changed_at: datetime
    items: tuple[FeedItem, ...]
    query: str = ""  # of its own address: without it, that of another feed

    def address(self, suffix: str) -> str:
        """Where this feed is, in the format of that suffix."""
        return f"{self.itself}.{suffix}" + (f"?{self.query}" if self.query else "")


def topic_feed(name: str, home: str, stories: Sequence[Story], *, base_url: str, changed_at: datetime) -> FeedDocument:
    """Each event once, newest first, by the headline that stands for it."""
    newest = sorted(stories, key=lambda story: (story.opened_at, story.id), reverse=True)
    items = tuple(FeedItem(story.id, story.lead, story_url(base_url, story.id)) for story in newest)
    return FeedDocument(name, home, home, changed_at, items)


def story_feed(detail: StoryDetail, *, base_url: str) -> FeedDocument:
    """The headlines of one story without its copies, newest first."""
    home = story_url(base_url, detail.story.id)
    members = [member.headline for member in reversed(detail.members) if member.copy_of is None]
    items = tuple(FeedItem(headline.id, headline, home) for headline in members)
    return FeedDocument(detail.story.lead.title, home, home, detail.story.seen_at, items)


def related_feed(answer: RelatedAnswer, *, base_url: str, query: str = "") -> FeedDocument:
    """/related.json: the footer as a feed; `query` is what was asked, as it stands in an address."""
    items = tuple(
        FeedItem(item.headline.id, item.headline, story_url(base_url, item.story.id)) for item in answer.items
    )
    return FeedDocument("Related stories", base_url + "/", base_url + "/related", answer.changed_at, items, query)


def json_feed(document: FeedDocument) -> Json:
    """JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": document.title,
        "home_page_url": document.home,
        "feed_url": document.address("json"),
        "items": [_json_item(item) for item in document.items],
    }


def _json_item(item: FeedItem) -> Json:
    headline = item.headline
    fields: Json = {
        "id": item.id,
        "url": safe_link(headline.url) or item.story,
        "title": headline.title,
        "content_text": headline.summary or headline.title,
        "image": safe_link(headline.image.url) if headline.image else None,
        "date_published": stamp(headline.happened_at),
        "authors": [{"name": headline.publisher.name}],
        "language": headline.lang,
        "tags": list(headline.topics) or None,
    }
    return {name: value for name, value in fields.items() if value is not None and value != ""}


def atom(document: FeedDocument) -> bytes:
    """Atom 1.0 (RFC 4287)."""
    root = Element(f"{{{_ATOM}}}feed")
    _atom_text(root, "title", document.title)
    _atom_text(root, "id", document.address("atom"))
    _atom_text(root, "updated", stamp(document.changed_at))
    SubElement(root, f"{{{_ATOM}}}link", rel="self", href=document.address("atom"))
    SubElement(root, f"{{{_ATOM}}}link", rel="alternate", href=document.home)
    for item in document.items:
        _atom_entry(root, item)
    return _written(root)


def _atom_entry(root: Element, item: FeedItem) -> None:
    headline = item.headline
    entry = SubElement(root, f"{{{_ATOM}}}entry")
    if headline.lang:
        entry.set("{http://www.w3.org/XML/1998/namespace}lang", headline.lang)
    _atom_text(entry, "title", headline.title)
    _atom_text(entry, "id", f"urn:x-wirekin:{item.id}")
    _atom_text(entry, "updated", stamp(headline.happened_at))
    _atom_text(entry, "published", stamp(headline.happened_at))
    SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=safe_link(headline.url) or item.story)
    _atom_text(SubElement(entry, f"{{{_ATOM}}}author"), "name", headline.publisher.name)
    if headline.summary:
        _atom_text(entry, "summary", headline.summary)
    for topic in headline.topics:
        SubElement(entry, f"{{{_ATOM}}}category", term=topic)


def _atom_text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, f"{{{_ATOM}}}{tag}").text = _xml(text)


def rss(document: FeedDocument) -> bytes:
    """RSS 2.0 (https://www.rssboard.org/rss-specification), the publisher as dc:creator."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    SubElement(channel, "title").text = _xml(document.title)
    SubElement(channel, "link").text = document.home
    SubElement(channel, "description").text = _xml(document.title)
    SubElement(channel, "lastBuildDate").text = _rfc_2822(document.changed_at)
    SubElement(channel, f"{{{_ATOM}}}link", rel="self", href=document.address("rss"), type="application/rss+xml")
    for item in document.items:
        _rss_item(channel, item)
    return _written(root)


def _rss_item(channel: Element, item: FeedItem) -> None:
    headline = item.headline
    entry = SubElement(channel, "item")
    SubElement(entry, "title").text = _xml(headline.title)
    SubElement(entry, "link").text = safe_link(headline.url) or item.story
    SubElement(entry, "guid", isPermaLink="false").text = item.id
    SubElement(entry, "pubDate").text = _rfc_2822(headline.happened_at)
    SubElement(entry, f"{{{_DC}}}creator").text = _xml(headline.publisher.name)
    if headline.summary:
        SubElement(entry, "description").text = _xml(escape(headline.summary))  # readers take it as HTML


def opml(feeds: Iterable[Feed]) -> bytes:
    """OPML 2.0 of the feeds we poll, as other readers import it.

    Pages and sitemaps are links and no feeds there, so that no reader subscribes to them; an attribute of ours says to
    `parse_opml` which they are, and another that names are text and no markup.
    """
    root = Element("opml", {"version": "2.0", OPML_NAMES: "plain"})
    SubElement(SubElement(root, "head"), "title").text = "wirekin feeds"
    body = SubElement(root, "body")
    for feed in feeds:
        name, url = _xml(feed.name), _xml(feed.url)
        if feed.kind is FeedKind.FEED:
            SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=url)
        else:
            SubElement(body, "outline", {"type": "link", "text": name, "url": url, OPML_KIND: feed.kind.value})
    return _written(root)


def _rfc_2822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _written(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
