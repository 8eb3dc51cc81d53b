"""Extract a page's headlines by the CSS selectors of feeds.yml."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from wirekin import text, urls
from wirekin.model import Entry, Selectors
from wirekin.parse.pages import _cards, _pictures, _signatures
from wirekin.parse.pages._dom import Element, Page
from wirekin.parse.pages._times import Times
from wirekin.parse.pages._trace import Judgement, Trace, path_of


def css_complaint(css: str) -> str:
    """Say what is wrong with a CSS selector; "" for a valid one."""
    try:
        LexborHTMLParser("<p></p>").css(css)
    except (SelectolaxError, ValueError) as error:
        return str(error) or "not understood"
    return ""


def selected_entries(
    page: Page, base: str, select: Selectors, times: Times, trace: Trace | None = None
) -> tuple[Entry, ...]:
    """Return the headlines that the selectors find; `trace` gets the verdict on each item, and on each other link."""
    entries: dict[str, Entry] = {}
    told: list[tuple[int, Judgement]] = []  # with the place on the page
    items = page.select(select.item)
    for item in items:
        link, title = _link_and_title(page, base, select, item)
        key = urls.canonicalise(link) or link
        refusal = _refusal(link, title, key in entries)
        if not refusal:
            entries[key] = _entry(page, base, select, times, item, link, title)
        if trace is not None:
            reason = refusal or f"selector: {select.item}"
            told.append((item.order, Judgement(not refusal, link, title, reason, path_of(item))))
    if trace is not None:
        told += _outside(page, base, select.item, items)
        trace += [one for _, one in sorted(told, key=lambda one: one[0])]
    return tuple(entries.values())


def _link_and_title(page: Page, base: str, select: Selectors, item: Element) -> tuple[str, str]:
    """Return the address and the title of an item; "" for each that it lacks."""
    link = _linked(_first(page, select.link, item) if select.link else item)
    titled = _first(page, select.title, item) if select.title else None
    resolved = urls.resolve(base, link.attrs.get("href", "")) if link is not None else None
    return resolved or "", _cards.title_of(titled or link or item)


def _refusal(link: str, title: str, known: bool) -> str:
    if not link:
        return "selected, but without a link"
    if not title:
        return "selected, but without a title"
    return "repeats the headline above" if known else ""


def _entry(page: Page, base: str, select: Selectors, times: Times, item: Element, link: str, title: str) -> Entry:
    timed = _first(page, select.time, item) if select.time else None
    stamp = times.of(timed) if timed is not None else times.of(item, title)
    pictured = _first(page, select.image, item) if select.image else item
    return Entry(
        link=link,
        title=title,
        published_at=stamp.at,
        precision=stamp.precision,
        offset=stamp.offset,
        image=next(_pictures.images_of(pictured, base), None) if pictured is not None else None,
        source=_signatures.publisher_of(item, base),
    )


def _outside(page: Page, base: str, css: str, items: list[Element]) -> Iterator[tuple[int, Judgement]]:
    """Yield the verdict on each link outside of the items, with its place on the page."""
    ends = list(accumulate((item.end for item in items), max))
    starts = [item.order for item in items]
    for link in page.root.inside("a"):
        at = bisect_right(starts, link.order) - 1
        if "href" in link.attrs and (at < 0 or link.order > ends[at]):
            url = urls.resolve(base, link.attrs["href"]) or link.attrs["href"][:200]
            yield link.order, Judgement(False, url, text.clean(link.text(), 300), f"not inside {css}", path_of(link))


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
