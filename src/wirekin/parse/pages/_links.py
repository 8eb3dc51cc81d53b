"""Where a page's link leads, and which story that is."""

from __future__ import annotations

import re
from functools import lru_cache

from wirekin import urls
from wirekin.parse.pages._dom import Element
from wirekin.parse.pages._listing import SURE
from wirekin.parse.pages._shapes import address_score, is_dated, is_part_of, is_picture, is_share

MAX_KEPT = 500  # longest address, in characters, whose `_place` is cached

_TWO_SCHEMES = re.compile(r"^\s*https?:/*(?=https?:/)", re.IGNORECASE)
# Query parameters that select a language: "?lang=fr" and "?lang=de" are different texts with different headlines.
_LANGUAGE = re.compile(r"(?:^|&)(?:lang|language|locale|lng|hl|langue|idioma|lingua|sprache)=", re.IGNORECASE)


def is_tag(link: Element, url: str) -> bool:
    """True for a link whose `rel` says that it leads to a tag or an author.

    Some themes write rel="tag" on every link: a link to a dated address, or with rel="bookmark" too, is an article's.
    """
    said = link.attrs.get("rel", "").lower().split() if ' rel="' in link.written else ()
    return "author" in said or ("tag" in said and "bookmark" not in said and not is_dated(url))


def place_of(base: str, href: str, url: str) -> tuple[str, str] | None:
    """Return a link's address and the key of its story; None if it leads to no other page that may be news."""
    return (_place if len(href) <= MAX_KEPT else _place.__wrapped__)(base, href, url)


@lru_cache(maxsize=4096)  # a page links to an article two or three times, and again at its next poll
def _place(base: str, href: str, url: str) -> tuple[str, str] | None:
    resolved = urls.resolve(base, as_meant(href))
    if resolved is None or is_part_of(resolved, url) or is_share(resolved, url) or is_picture(resolved):
        return None
    canonical = urls.canonicalise(resolved)
    return (resolved, _without_origin(canonical)) if canonical else None


def _without_origin(canonical: str) -> str:
    """Remove a query without digits from an article's address: it tells where readers come from ("?from=most_read")."""
    path, _, query = canonical.partition("?")
    named = query != "" and not any(map(str.isdigit, query)) and not _LANGUAGE.search(query)
    named = named and address_score(path) >= SURE
    named = named and path.rpartition("/")[2].count("-") > 2  # not of a script: "/2026/11/view.php?story=snow"
    return path if named else canonical


def as_meant(href: str) -> str:
    """Repair an address written by hand: backslashes become slashes, as in browsers, and a doubled scheme one."""
    if "\\" in href:
        address, mark, query = href.partition("?")
        href = address.replace("\\", "/") + mark + query
    return _TWO_SCHEMES.sub("", href) if href.count("http", 0, 16) > 1 else href
