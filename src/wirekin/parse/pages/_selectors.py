"""Extract a page's headlines by the CSS selectors of feeds.yml."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from wirekin import urls
from wirekin.model import Entry, Selectors
from wirekin.parse.pages import _cards, _pictures, _signatures
from wirekin.parse.pages._dom import Element, Page
from wirekin.parse.pages._times import Times


def css_complaint(css: str) -> str:
    """Say what is wrong with a CSS selector; "" for a valid one."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except (SelectolaxError, ValueError) as error:
        return str(error) or "not understood"
    return ""


def selected_entries(page: Page, base: str, select: Selectors, times: Times) -> tuple[Entry, ...]:
    entries: dict[str, Entry] = {}
    for item in page.select(select.item):
        link = _linked(_first(page, select.link, item) if select.link else item)
        resolved = urls.resolve(base, link.attrs.get("href", "")) if link is not None else None
        titled = _first(page, select.title, item) if select.title else None
        title = _cards.title_of(titled or link or item)
        if not resolved or not title:
            continue
        timed = _first(page, select.time, item) if select.time else None
        stamp = times.of(timed) if timed is not None else times.of(item, title)
        pictured = _first(page, select.image, item) if select.image else item
        entry = Entry(
            link=resolved,
            title=title,
            published_at=stamp.at,
            precision=stamp.precision,
            offset=stamp.offset,
            image=next(_pictures.images_of(pictured, base), None) if pictured is not None else None,
            source=_signatures.publisher_of(item, base),
        )
        entries.setdefault(urls.canonicalise(resolved) or resolved, entry)
    return tuple(entries.values())


def _first(page: Page, css: str, item: Element) -> Element | None:
    return next(iter(page.select(css, item)), None)


def _linked(named: Element | None) -> Element | None:
    """Return the link that a selector names: the element itself, else the one inside it, else the one around it."""
    if named is None or named.attrs.get("href"):
        return named
    return _own_link(named) or next((up for up in named.ancestors() if up.tag == "a" and up.href), None)


def _own_link(item: Element) -> Element | None:
    links = [part for part in item.inside("a") if part.attrs.get("href")]
    return max(links, key=lambda link: (_cards.is_strong(link), len(link.text())), default=None)
