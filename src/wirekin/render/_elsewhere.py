"""The footer in other formats: schema.org's ItemList, Jetpack's related posts, oEmbed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, tostring

from wirekin.model import Image, RelatedAnswer, RelatedItem
from wirekin.render._html import NAMELESS, Names, why
from wirekin.render._json import Json, stamp
from wirekin.render._links import safe_link
from wirekin.render._times import clock_time, moment
from wirekin.render._words import ENGLISH, Words, words_in

HEADING_ROOM = 44  # height in px of the heading in /embed/related, by embed.css at 16 px per rem
CARD_ROOM = 132  # height in px of a card there with a headline of three lines, the most that it shows


def json_ld(answer: RelatedAnswer, heading: str) -> Json:
    """Make schema.org's ItemList of NewsArticles (https://schema.org/ItemList), for search engines."""
    elements = [
        {"@type": "ListItem", "position": number, "item": _news_article(item)}
        for number, item in enumerate(answer.items, start=1)
    ]
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": heading,
        "itemListOrder": "https://schema.org/ItemListOrderDescending",
        "numberOfItems": len(elements),
        "itemListElement": elements,
    }


def _news_article(item: RelatedItem) -> Json:
    headline = item.headline
    fields: Json = {
        "@type": "NewsArticle",
        "headline": headline.title,
        "url": safe_link(headline.url),
        "datePublished": stamp(headline.happened_at),
        "inLanguage": headline.lang,
        "image": _source(headline.image),
        "publisher": {"@type": "Organization", "name": headline.publisher.name},
    }
    return {name: value for name, value in fields.items() if value}


def jetpack_json(answer: RelatedAnswer, heading: str, lang: str = "en", topics: Names = NAMELESS) -> Json:
    """Make Jetpack's related posts, in the form that its script requests from WordPress with `?relatedposts=1`.

    The script inserts the texts into the page as HTML, so they are escaped here. Ids are strings, because ours are.
    """
    return {
        "version": "3",
        "show_thumbnails": any(_source(item.headline.image) for item in answer.items),
        "show_date": True,
        "show_context": True,
        "layout": "grid",
        "headline": f'<h3 class="jp-relatedposts-headline"><em>{escape(heading)}</em></h3>',
        "items": [_post(position, item, words_in(lang), topics) for position, item in enumerate(answer.items)],
    }


def _post(position: int, item: RelatedItem, words: Words, topics: Names) -> Json:
    headline = item.headline
    source = _source(headline.image)
    return {
        "id": headline.id,
        "url": safe_link(headline.url),
        "url_meta": {"origin": "wirekin", "position": position},
        "title": escape(headline.title),
        "author": escape(headline.publisher.name),
        "date": (moment if words is ENGLISH else clock_time)(headline.happened_at, day_only=True),
        "format": False,
        "excerpt": escape(headline.summary),
        "rel": "noopener external",
        "context": escape(why(item.reason, words, topics)),
        "img": {"alt_text": "", "src": source, "width": 350, "height": 200} if source else [],
        "classes": [],
    }


def _source(image: Image | None) -> str:
    return safe_link(image.url) if image else ""


def frame_room(limit: int, width: int) -> int:
    """Return the height in px of an iframe of /embed/related for `limit` items at that width (two columns from 584)."""
    columns = 2 if width >= 584 else 1
    return HEADING_ROOM + CARD_ROOM * -(-limit // columns)


def frame_html(address: str, title: str, width: int | str, height: int) -> str:
    """The iframe that shows /embed/related, as a site owner pastes it."""
    # frameborder is deprecated, but a strict Content-Security-Policy of the page forbids style="border: 0".
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{height}" '
        'loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox '
        'allow-top-navigation-by-user-activation" frameborder="0"></iframe>'
    )


def embed_address(base_url: str, params: Mapping[str, str]) -> str:
    """The address of /embed/related with these parameters."""
    return f"{base_url}/embed/related?{urlencode(params)}"


def oembed_json(address: str, title: str, home: str, *, width: int, height: int) -> Json:
    """Make an oEmbed 1.0 answer of type rich (https://oembed.com, 2.3.4.4)."""
    return {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": "wirekin",
        "provider_url": home,
        "cache_age": 3600,
        "width": width,
        "height": height,
        "html": frame_html(address, title, width, height),
    }


def oembed_xml(answer: Json) -> bytes:
    """Convert an oEmbed answer to XML (oEmbed 1.0, 2.3.4)."""
    root = Element("oembed")
    for name, value in answer.items():
        SubElement(root, name).text = str(value)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One way to embed the footer: the code that a site owner pastes."""

    key: str  # id of the element on the page
    name: str
    when: str  # for whom it is suitable
    code: str


_FRAME_SUITS = (
    "Where scripts of others are not wanted. As high as two columns need; on a phone it scrolls, unless your page "
    "follows the height that it posts."
)


def snippets(base_url: str, asked: Mapping[str, str]) -> tuple[Snippet, ...]:
    """Return every way to embed the footer with these parameters, which include `url`."""
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in asked.items())
    loader = f'<script async src="{escape(base_url)}/widget.js"'
    own = '<a href="/archive">More in the archive</a>'
    element = f"<related-stories{attributes}>\n  {own}\n</related-stories>\n{loader}></script>"
    room = frame_room(int(asked.get("limit", "6")), 600)
    heading = asked.get("heading") or words_in(asked.get("lang", "")).related
    frame = frame_html(embed_address(base_url, asked), heading, "100%", room)
    query = escape(urlencode({name: value for name, value in asked.items() if name != "theme"}))
    include = f'<esi:include src="{escape(base_url)}/fragment/related?{query}"/>'
    address = f"{base_url}/oembed?{urlencode({'url': asked['url']})}"
    return (
        Snippet("script", "One line", "Put it where the footer shall be.", f"{loader}{attributes}></script>"),
        Snippet("element", "With links of your own", "They stay where no answer comes, and without script.", element),
        Snippet("iframe", "Iframe", _FRAME_SUITS, frame),
        Snippet("include", "Server-side include", "No script; your own styles apply.", include),
        Snippet("oembed", "oEmbed", "For editors that take an address.", address),
    )
