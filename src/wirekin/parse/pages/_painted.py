"""Find pictures that the page's own style sheet shows: <style>.card-4107{background-image:url(...)}</style>.

Some software writes one such rule for each story, numbered as the story is. A rule for one element that is part of a
story's card gives its picture. Rules for several elements, for pseudo-elements and for states are decoration. So are
rules without a number (a category's mark), those that name a person or a mark, and those that share one address.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from wirekin.model import Entry
from wirekin.parse.pages import _cards, _pictures
from wirekin.parse.pages._dom import Element, Page

FEWEST_PAINTED = 3  # stories; a single rule may be the background of a box that has one story
MOST_RULES = 2_000  # read per page
MOST_SAID = 1_000  # characters of a rule that are read; a gradient before the picture has some 100
MOST_OF_ONE_PICTURE = 2  # rules, of a story that is listed twice; more share a sprite

_LAST = re.compile(r"[{>/]")  # before a selector: the end of <style>, of "@media all {" or of a comment
_SELECTOR = re.compile(r"\w*\.([\w-]+)(?:\s+\w*\.[\w-]+)*")  # ".card-4107", or ".card-4107 .thumb"
_NUMBERED = re.compile(r"\d|^(?:css|sc)-")  # or a number in letters, as Emotion writes it: "css-tnohfw"
_ROUND = re.compile(r"border-radius\s*:\s*50%")  # a portrait
_MARK = re.compile(r"(?:^|[-\s])(?:avatar|user|face|icon|ico|logo|flag|stars?|rating|badge|sprite|button|btn)s?\b")
_PICTURE = re.compile(r"""background(?:-image)?\s*:[^;]*?url\(\s*['"]?([^'")]+)""", re.IGNORECASE)


def with_painted(entries: list[Entry], cards: Iterable[Iterable[Element]], page: Page, base: str) -> list[Entry]:
    """Give the entries without a picture the one that the style sheet shows in their cards."""
    links = _links(page.markup) if any(one.image is None for one in entries) else {}
    shown = _elements(page, links) if len(links) >= FEWEST_PAINTED else {}
    if len(shown) < FEWEST_PAINTED:
        return entries
    orders = sorted(shown)
    seen = [None if one.image else next(_in(some, orders), None) for one, some in zip(entries, cards, strict=True)]
    if len({at for at in seen if at is not None}) < FEWEST_PAINTED:
        return entries
    return [
        one if at is None else replace(one, image=_pictures.made(shown[at], base))
        for one, at in zip(entries, seen, strict=True)
    ]


def _links(markup: bytes) -> dict[str, str]:
    """Return the picture of each class, by its first rule: a later one is for the dark or for a small screen."""
    links: dict[str, str] = {}
    for name, link in _rules(markup):
        links.setdefault(name, link)
    often = Counter(links.values())
    return {name: link for name, link in links.items() if often[link] <= MOST_OF_ONE_PICTURE}


def _rules(markup: bytes) -> Iterator[tuple[str, str]]:
    """Yield the numbered class and the address of the rules that show a picture in one kind of element."""
    rules = (rule for sheet in _sheets(markup) for rule in sheet.split(b"}") if b"url(" in rule)
    for rule in islice(rules, MOST_RULES):
        before, _, said = rule.decode("utf-8", "replace").rpartition("{")
        selector = _SELECTOR.fullmatch(_LAST.split(before)[-1].strip())
        if selector is None or not _NUMBERED.search(selector[1]) or _is_mark(selector[0]):
            continue
        picture = _PICTURE.search(said, 0, MOST_SAID)
        if picture and not _ROUND.search(said):
            yield selector[1], picture[1]


def _is_mark(named: str) -> bool:
    """True for names of what shows a person, an outlet or a kind of news, not the news."""
    words = named.lower().replace(".", " ").replace("_", "-")
    return bool(_MARK.search(words)) or _cards.names_person(words)


def _sheets(markup: bytes) -> Iterator[bytes]:
    """Yield the style sheets that name an address; a page is mostly other things, which are not copied."""
    begin = markup.find(b"<style")
    while begin >= 0:
        end = markup.find(b"</style", begin)
        end = end if end >= 0 else len(markup)
        if markup.find(b"url(", begin, end) >= 0:
            yield markup[begin:end]
        begin = markup.find(b"<style", end)


def _elements(page: Page, links: dict[str, str]) -> dict[int, str]:
    """Return the order of each element that alone has one of these classes, and the address of its picture."""
    found: dict[str, int] = {}
    for one in page.root.walk():
        for name in one.named.split() if one.has("class") else ():
            if name in links:
                found[name] = -1 if name in found or _is_mark(one.named) else one.order
    return {order: links[name] for name, order in found.items() if order >= 0}


def _in(cards: Iterable[Element], orders: list[int]) -> Iterator[int]:
    """Yield the first of these elements in each card."""
    for card in cards:
        at = bisect_left(orders, card.order)
        if at < len(orders) and orders[at] <= card.end:
            yield orders[at]
