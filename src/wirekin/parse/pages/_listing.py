"""Tell what a box of a page lists: articles, the site's own articles, news, or a news ticker."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from wirekin.parse.pages._dom import Element
from wirekin.parse.pages._shapes import address_score, anywhere, is_dated, shape_of
from wirekin.parse.pages._wording import is_generic, weight

SURE = 2.0  # `address_score` of a certain article: more than a slug of many words
WITH_SLUG = 1.5  # `address_score` of an address with a slug of many words, or with a date
MOST_LINKS = 40  # checked per list
MAX_HEADER = 4_000  # elements in a header that may have a ticker; the largest of 65 real pages has 3,781 (2026-11)
MOST_TICKERS = 12  # candidates per header
MIN_TICKED_WORDS = 3  # in a ticker's item, whose address is an article's: "Dollar opens flat"

_TICKER = re.compile(
    r"\b(?:breaking(?:-?news)?|(?:news-?)?ticker|news-?flash|flash-?news|just-?in|son-?dakika|ultim-?ora|ultima-?hora)\b"
)
# Every match of _TICKER contains one of these, in any spelling.
_TICKING = ("breaking", "ticker", "flash", "just-in", "just_in", "justin", "dakika", "ultim")


def lists_news(one: Element) -> bool:
    """True for a list of at least three links, most of them certain articles; short ones (a card's section) count less.

    A certain article has an article's address that is also dated or numbered ("apply-for-a-permit.aspx" is neither), or
    a title too long for a menu.
    """
    longest = longest_words(one) if one.counts("a") >= 3 else {}
    telling = [(href, words) for href, words in longest.items() if words >= 3]
    if len(longest) < 3 or len(telling) * 3 < len(longest):  # a menu; its addresses need no check
        return False
    told = 0
    for href, words in telling:
        url = anywhere(href)
        address = address_score(url)
        told += address >= 1.5 and (words >= 6 or address > SURE or (words >= 5 and shape_of(url) != ""))
    return told > 0.6 * len(telling) and told * 3 >= len(longest)


def longest_words(one: Element) -> dict[str, int]:
    """Return the number of words of the longest link to each address, without "More ..."; at most MOST_LINKS links."""
    longest: dict[str, int] = {}
    for link in one.inside("a", MOST_LINKS):
        href, words = link.href, link.text()
        if href and words and not is_generic(words):
            href = href.partition("#")[0]
            longest[href] = max(longest.get(href, 0), weight(words))
    return longest


def lists_articles(one: Element, share: float = 0.6, least: float = 1.0) -> bool:
    """True if more than `share` of the links, without "More ...", have a title and an address of at least `least`."""
    longest = longest_words(one)
    told = [href for href, words in longest.items() if words > 3 and address_score(anywhere(href)) >= least]
    return len(told) > share * len(longest)


def lists_dated(one: Element) -> bool:
    """True for a list whose links to articles are all dated: news, and nothing that readers write."""
    told = [href for href, words in longest_words(one).items() if words > 3]
    return bool(told) and all(is_dated(anywhere(href)) for href in told)


def lists_own(one: Element) -> bool:
    """True for a list of articles whose links are all relative: the site's own."""
    return lists_articles(one) and all(href[:1] == "/" != href[1:2] for href in longest_words(one))


def ticker_in(header: Element) -> Element | None:
    """Return the first news ticker in a page's header, recognised by its name and its links."""
    if header.size > MAX_HEADER:
        return None
    said = "".join(one.written for one in header.walk()).lower()
    if not any(word in said for word in _TICKING):
        return None
    named = (one for one in header.walk() if one.marks and _names_ticker(one.marks))
    return next((one for one in islice(named, MOST_TICKERS) if _ticks(one)), None)


@lru_cache(maxsize=4096)
def _names_ticker(marks: str) -> bool:
    return bool(_TICKER.search(marks))


def _ticks(one: Element) -> bool:
    longest = longest_words(one)
    told = [href for href, words in longest.items() if words >= MIN_TICKED_WORDS]
    sure = [href for href in told if address_score(anywhere(href)) >= WITH_SLUG]
    return len(sure) > 0.6 * len(longest)
