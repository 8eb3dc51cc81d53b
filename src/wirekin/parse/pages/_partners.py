"""Lists of another site's articles on the page of a site that has news of its own: partners' news."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from itertools import islice

from wirekin import urls
from wirekin.parse.pages._dom import Element
from wirekin.parse.pages._stories import Story, best_link

FEWEST_OF_PARTNER = 3  # links of one list to one other site; one or two are stories that this site tells of
_LISTS = frozenset({"ul", "ol", "dl", "table"})


def of_partners(stories: Collection[Story], url: str) -> list[Story]:
    """The stories in lists that lead to one other site alone; "bbc.com" and "bbc.co.uk" are one.

    None where they are most of the page's headlines: such a page has no news of its own.
    """
    lists = defaultdict(list)
    for story in stories:
        lists[list_around(best_link(story))].append(story)
    own = urls.host_key(url)
    found = [story for some in lists.values() if _is_one_others(some, own) for story in some]
    return found if 2 * len(found) <= len(stories) else []


def _is_one_others(stories: list[Story], own: str) -> bool:
    return (
        len(stories) >= FEWEST_OF_PARTNER
        and len(names := {_name_of(one.url) for one in stories}) == 1
        and _name_of(own) not in names
        and not all(_is_kept_for(own, one.url) for one in stories)
    )


def _name_of(url: str) -> str:
    """The name that a site is registered by: "sun" for "thesun.co.uk" and "the-sun.com"."""
    return urls.host_key(url).partition(".")[0].replace("-", "").removeprefix("the")


def _is_kept_for(own: str, url: str) -> bool:
    """True for a copy of this site's page on another host: "www-example-com.cdn.example.net/c/www.example.com/"."""
    return bool(_spelled(own).search(url.partition("?")[0]))


@lru_cache(maxsize=16)  # called with one page for all its links
def _spelled(own: str) -> re.Pattern[str]:
    """A host as copies spell it, with other signs between its words: "far--ledger-example"."""
    return re.compile(r"\b" + "[.-]+".join(map(re.escape, re.split(r"[.-]", own))) + r"\b")


def list_around(link: Element) -> int:
    """The order of the list that a link stands in, or of what is two elements above it."""
    above = list(islice(link.ancestors(), 4))
    return next((up.order for up in above if up.tag in _LISTS), above[:2][-1].order if above else -1)
