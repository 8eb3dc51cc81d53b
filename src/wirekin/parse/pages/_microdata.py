"""Read the articles that a page marks up as microdata or RDFa Lite, in the form in which JSON-LD has them.

    <div itemscope itemtype="https://schema.org/NewsArticle">   {"@type": "NewsArticle",
      <link itemprop="url" href="/a"><b itemprop="headline">  ->  "url": "/a", "headline": "..."}

RDFa Lite says `typeof`, `property` and `resource` for `itemtype`, `itemprop` and `itemid`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from wirekin.parse.pages._dom import Element, Page

MAX_UP = 4  # ancestors of a list item that are searched for the list
MAX_CHARS = 1_000  # of a value: 2,000 nested elements with a long text would take seconds
MAX_LEVELS = 2  # of items in items that are followed: the file of an article's picture
_ARTICLES = ("article", "blogposting", "report", "listitem")  # endings of schema.org's types, in lower case
_VALUES = ("content", "href", "src", "datetime", "resource")  # attributes that hold a value, the most exact first


def objects(page: Page) -> Iterator[dict[str, Any]]:
    """Yield the articles and list items of the page, in page order."""
    for one in page.root.walk():
        if _is_item(one) and (kind := _type_of(one)).endswith(_ARTICLES) and not _is_crumb(one):
            yield {"@type": kind, **_properties(one, MAX_LEVELS)}


def _is_crumb(one: Element) -> bool:
    return any(_is_item(up) and _type_of(up) == "breadcrumblist" for up in islice(one.ancestors(), MAX_UP))


def _is_item(one: Element) -> bool:
    return one.has("itemscope") or one.has("typeof")


def _type_of(item: Element) -> str:
    """Return the last part of the item's first type, in lower case: "newsarticle"."""
    named = (item.attrs.get("itemtype") or item.attrs.get("typeof") or "").split()
    return named[0].rpartition("/")[2].rpartition(":")[2].lower() if named else ""


def _properties(item: Element, levels: int) -> dict[str, Any]:
    """Return the item's properties by name; of several values the first."""
    own = item.attrs.get("itemid") or item.attrs.get("resource") or item.attrs.get("about")
    said: dict[str, Any] = {"@id": own} if own else {}
    for one in item.walk(_is_item):
        _tell(said, one, "" if one is item else _value(one))
    for one in _inner(item) if levels else ():
        _tell(said, one, _properties(one, levels - 1))
    return said


def _tell(said: dict[str, Any], one: Element, value: Any) -> None:
    named = one.attrs.get("itemprop") or one.attrs.get("property") or "" if value else ""
    for name in named.split():
        said.setdefault(name.rpartition(":")[2], value)


def _inner(item: Element) -> Iterator[Element]:
    """Yield the items in an item, but not those inside them."""
    at = item.order + 1
    while at <= item.end:
        one = item.index.flat[at]
        if _is_item(one):
            yield one
        at = one.end + 1 if _is_item(one) else at + 1


def _value(one: Element) -> str:
    if not (one.has("itemprop") or one.has("property")):
        return ""
    said = next(filter(None, map(one.attrs.get, _VALUES)), "")
    return said or ("" if one.is_longer(MAX_CHARS) else one.text())
