"""What a box of a page lists: articles, the site's own, news that no menu has the room for, a ticker."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from wirekin.parse._cards import is_generic, weight
from wirekin.parse._dom import Element
from wirekin.parse._shapes import address_score, anywhere, shape_of

SURE = 2.0  # of an address alone: more than a slug of many words
WITH_SLUG = 1.5  # of an address alone: with a slug of many words, or dated
MOST_LINKS = 40  # of a list, when it is asked what it lists
MAX_HEADER = 4_000  # elements that may hold a ticker: the largest of 65 real pages has 3,781 in all, 2026-11
MOST_TICKERS = 12  # of one header that are looked at
MIN_TICKED_WORDS = 3  # of one, whose address is surely an article's: "Dollar opens flat"

_TICKER = re.compile(
    r"\b(?:breaking(?:-?news)?|(?:news-?)?ticker|news-?flash|flash-?news|just-?in|son-?dakika|ultim-?ora|ultima-?hora)\b"
)
_TICKING = ("breaking", "ticker", "flash", "just-in", "just_in", "justin", "dakika", "ultim")  # one is in each of these


def lists_news(one: Element) -> bool:
    """True for a list of three links or more, most of them surely articles; short ones (sections of cards) count less.

    Surely: an article's address that is dated or numbered ("apply-for-a-permit.aspx" is neither), or a title that no
    menu has the room for.
    """
    longest = longest_words(one) if one.counts("a") >= 3 else {}
    telling = [(href, words) for href, words in longest.items() if words >= 3]
    if len(longest) < 3 or len(telling) * 3 < len(longest):  # menus: their addresses need no look
        return False
    told = 0
    for href, words in telling:
        url = anywhere(href)
        address = address_score(url)
        told += address >= 1.5 and (words >= 6 or address > SURE or (words >= 5 and shape_of(url) != ""))
    return told > 0.6 * len(telling) and told * 3 >= len(longest)


def longest_words(one: Element) -> dict[str, int]:
    """How many words the longest link to each address in it has; "More ..." aside, at most MOST_LINKS links."""
    longest: dict[str, int] = {}
    for link in one.inside("a", MOST_LINKS):
        href, words = link.href, link.text()
        if href and words and not is_generic(words):
            href = href.partition("#")[0]
            longest[href] = max(longest.get(href, 0), weight(words))
    return longest


def lists_articles(one: Element, share: float = 0.6, least: float = 1.0) -> bool:
    """True where most addresses that it links to are an article's and have the words of one; "More ..." aside."""
    longest = longest_words(one)
    told = [href for href, words in longest.items() if words > 3 and address_score(anywhere(href)) >= least]
    return len(told) > share * len(longest)


def lists_own(one: Element) -> bool:
    """True for articles alone whose addresses name no host: the site's own."""
    return lists_articles(one) and all(href[:1] == "/" != href[1:2] for href in longest_words(one))


def ticker_in(header: Element) -> Element | None:
    """The first box of the latest news in a page's header, by its name and by what it lists."""
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
