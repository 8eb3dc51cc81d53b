"""Where the headlines of a page stand: the shape of its list, and selectors that find it again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from wirekin import urls
from wirekin.model import Entry, Selectors
from wirekin.parse._dom import Element, Page
from wirekin.parse._selectors import selected_entries
from wirekin.parse._times import Times

MOST_PLACES = 20  # of one page; the busiest labelled page has nine
FEWEST_KNOWN = 3  # headlines that must be found again before a place is derived from them
MOST_LINKS = 60  # headlines that are climbed up from, of one page
LEVELS = 6  # elements around a link that may be a headline's item; the deepest labelled card has five
MOST_TRIED = 60  # selectors tried on one page, the commonest first
MAX_NAMED = 500  # characters of a class list; its first four names are asked for
LEAST_FIT = 0.5  # F1 against the wanted headlines below which nothing is proposed
_CLASS = re.compile(r"-?[A-Za-z_][A-Za-z0-9_-]*")
_MADE = re.compile(
    r"\d{2,}|(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{5,}$", re.IGNORECASE
)  # post-36268, css-1x2y3z: not for long
UNTIMED = Times(None)  # places are judged by links and titles
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def shape_of(page: Page, entries: Iterable[Entry]) -> tuple[str, ...]:
    """The places where the entries' links stand, the commonest first: tags and lasting classes of three elements."""
    wanted = {_tail(entry.link) for entry in entries}
    if not wanted:
        return ()
    places = Counter(_place(link) for link in page.root.inside("a") if _tail(link.href) in wanted)
    return tuple(sorted(places, key=lambda place: (-places[place], place))[:MOST_PLACES])


def propose(page: Page, base: str, wanted: Collection[str]) -> Selectors | None:
    """Selectors of feeds.yml that find the headlines with these canonical addresses; None where none do well.

    Every element around their links is a candidate item; kept is the one whose items hold most of them and least else.
    """
    links = _links_to(page, base, wanted)
    if len(links) < FEWEST_KNOWN:
        return None
    names = Counter(name for link in islice(links.values(), MOST_LINKS) for name in set(_names_around(link)))
    tried = [name for name, often in names.most_common(MOST_TRIED) if often >= FEWEST_KNOWN]
    fits = {name: _fit(selected_entries(page, base, Selectors(name), UNTIMED), links) for name in tried}
    # Of equally good ones one that is named, and the outermost, which has the picture and the time.
    best = max(tried, key=lambda name: (round(fits[name], 2), "." in name, _mean_size(page, name)), default=None)
    if best is None:
        return None
    found = _with_link(page, base, Selectors(best), links)
    fit = _fit(selected_entries(page, base, found, UNTIMED), links)
    return _with_title(page, base, found) if fit >= LEAST_FIT else None


def _tail(href: str) -> str:
    """The end of an address, equal for a link as written and as resolved: nothing is resolved for it."""
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
    """An element as CSS: by each of its lasting classes."""
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
    """Of each wanted address the link that says most."""
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
    """F1 by address."""
    right = sum(1 for entry in entries if urls.canonicalise(entry.link) in wanted)
    return 2 * right / (len(entries) + len(wanted)) if right else 0.0


def _mean_size(page: Page, name: str) -> float:
    items = page.select(name)
    return sum(item.size for item in items) / len(items) if items else 0.0


def _with_link(page: Page, base: str, select: Selectors, links: dict[str, Element]) -> Selectors:
    """With the selector of the link, where the item alone leads to another one (a section, an author)."""
    around = [f"{link.parent.tag} {link.tag}" for link in links.values() if link.parent is not None]
    named = [name for link in links.values() for name in _names(link)]
    options = [select, *(replace(select, link=name) for name, _ in Counter(around + named).most_common(8))]
    return max(options, key=lambda one: _fit(selected_entries(page, base, one, UNTIMED), links))


def _with_title(page: Page, base: str, select: Selectors) -> Selectors:
    """With the selector of the title, where the link's words are more, or others, than the heading's."""
    items = page.select(select.item)
    headings = Counter(next((part.tag for part in item.walk() if part.tag in _HEADINGS), "") for item in items)
    heading, often = headings.most_common(1)[0]
    if not heading or 2 * often < len(items):
        return select
    titled = replace(select, title=heading)
    plain, by_heading = selected_entries(page, base, select, UNTIMED), selected_entries(page, base, titled, UNTIMED)
    return titled if [one.title for one in plain] != [one.title for one in by_heading] else select
