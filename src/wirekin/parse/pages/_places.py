"""Describe where the headlines of a page are: the shape of their list, and CSS selectors that find them again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from wirekin import urls
from wirekin.model import Entry, Selectors
from wirekin.parse.pages._dom import Element, Page
from wirekin.parse.pages._selectors import selected_entries
from wirekin.parse.pages._times import Times

MOST_PLACES = 20  # per page; the busiest labelled page has nine
FEWEST_KNOWN = 3  # known headlines that must be on the page before selectors are derived from them
MOST_LINKS = 60  # headlines per page whose ancestors are examined
LEVELS = 6  # the link and its ancestors that may be a headline's item; the deepest labelled card has five
MOST_TRIED = 60  # selectors tried per page, the most frequent first
MAX_NAMED = 500  # characters of a class attribute; its first four names are used
LEAST_FIT = 0.5  # F1 against the wanted headlines, below which nothing is proposed
_CLASS = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
_MADE = re.compile(
    r"\d{2,}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{5,}$", re.IGNORECASE
)  # generated names that change: post-36268, css-1x2y3z
UNTIMED = Times(None)  # without relative times: selectors are judged by links and titles
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def shape_of(page: Page, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the places of the entries' links, the most frequent first: tags and stable classes of three elements."""
    wanted = {_tail(entry.link) for entry in entries}
    if not wanted:
        return ()
    places = Counter(_place(link) for link in page.root.inside("a") if _tail(link.href) in wanted)
    return tuple(sorted(places, key=lambda place: (-places[place], place))[:MOST_PLACES])


def propose(page: Page, base: str, wanted: Collection[str]) -> Selectors | None:
    """Propose selectors for feeds.yml that find the headlines with these canonical addresses; None if none does well.

    Every element around their links is a candidate for the item. The best has the highest F1 against these headlines.
    """
    links = _links_to(page, base, wanted)
    if len(links) < FEWEST_KNOWN:
        return None
    names = Counter(name for link in islice(links.values(), MOST_LINKS) for name in set(_names_around(link)))
    tried = [name for name, often in names.most_common(MOST_TRIED) if often >= FEWEST_KNOWN]
    fits = {name: _fit(selected_entries(page, base, Selectors(name), UNTIMED), links) for name in tried}
    # Of equally good candidates prefer one with a class, then the largest, which has the picture and the time.
    best = max(tried, key=lambda name: (round(fits[name], 2), "." in name, _mean_size(page, name)), default=None)
    if best is None:
        return None
    found = _with_link(page, base, Selectors(best), links)
    fit = _fit(selected_entries(page, base, found, UNTIMED), links)
    return _with_title(page, base, found) if fit >= LEAST_FIT else None


def _tail(href: str) -> str:
    """Return the last segment and query of an address, which are equal for a relative link and its resolved form."""
    if "#" in href:
        href = href.partition("#")[0]
    path, _, query = href.strip().partition("?")
    return path.rstrip("/").rpartition("/")[2] + query


def _place(link: Element) -> str:
    return " ".join([_named(one) for one in (link, *islice(link.ancestors(), 2))])


def _named(one: Element) -> str:
    names = _names(one)
    return names[0] if names else one.tag


def _names(one: Element) -> tuple[str, ...]:
    """Return CSS selectors of an element, one for each of its stable classes."""
    return _css_of(one.tag, one.named[:MAX_NAMED]) if one.has("class") else ()


@lru_cache(maxsize=4096)
def _css_of(tag: str, named: str) -> tuple[str, ...]:
    return tuple(f"{tag}.{name}" for name in named.split()[:4] if _lasts(name))


@lru_cache(maxsize=4096)
def _lasts(name: str) -> bool:
    return bool(_CLASS.fullmatch(name)) and not _MADE.search(name)


def _names_around(link: Element) -> Iterator[str]:
    for one in (link, *islice(link.ancestors(), LEVELS - 1)):
        if one.tag in {"body", "html", "main"}:
            return
        yield from _names(one)
        yield one.tag
        if one.parent is not None:
            yield from (f"{around} > {one.tag}" for around in _names(one.parent))


def _links_to(page: Page, base: str, wanted: Collection[str]) -> dict[str, Element]:
    """Return for each wanted address the link with the longest text."""
    found: dict[str, Element] = {}
    for link in page.select("a[href]"):
        resolved = urls.resolve(base, link.attrs["href"])
        canonical = urls.canonicalise(resolved) if resolved else None
        if (
            canonical
            and canonical in wanted
            and (canonical not in found or len(link.text()) > len(found[canonical].text()))
        ):
            found[canonical] = link
    return found


def _fit(entries: tuple[Entry, ...], wanted: Collection[str]) -> float:
    """Return the F1 of the entries' addresses against the wanted ones."""
    right = sum(1 for entry in entries if urls.canonicalise(entry.link) in wanted)
    return 2 * right / (len(entries) + len(wanted)) if right else 0.0


def _mean_size(page: Page, name: str) -> float:
    items = page.select(name)
    return sum(item.size for item in items) / len(items) if items else 0.0


def _with_link(page: Page, base: str, select: Selectors, links: dict[str, Element]) -> Selectors:
    """Add a selector for the link if the item alone gives another link (a section, an author)."""
    around = [f"{link.parent.tag} {link.tag}" for link in links.values() if link.parent is not None]
    named = [name for link in links.values() for name in _names(link)]
    options = [select, *(replace(select, link=name) for name, _ in Counter(around + named).most_common(8))]
    return max(options, key=lambda one: _fit(selected_entries(page, base, one, UNTIMED), links))


def _with_title(page: Page, base: str, select: Selectors) -> Selectors:
    """Add a selector for the title if the heading's words differ from the link's."""
    items = page.select(select.item)
    headings = Counter(next((part.tag for part in item.walk() if part.tag in _HEADINGS), "") for item in items)
    heading, often = headings.most_common(1)[0]
    if not heading or 2 * often < len(items):
        return select
    titled = replace(select, title=heading)
    plain, by_heading = selected_entries(page, base, select, UNTIMED), selected_entries(page, base, titled, UNTIMED)
    return titled if [one.title for one in plain] != [one.title for one in by_heading] else select
