"""Lists of another site's articles on the page of a site that has news of its own: partners' news."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from wirekin import urls
from wirekin.parse._dom import Element
from wirekin.parse._stories import Story, best_link

FEWEST_OF_PARTNER = 3  # links of one list to one other site; one or two are stories that this site tells of
_LISTS = frozenset({"ul", "ol", "dl", "table"})


def of_partners(stories: Iterable[Story], url: str) -> list[Story]:
    """The stories in lists that lead to one other site alone; "bbc.com" and "bbc.co.uk" are one."""
    lists = defaultdict(list)
    for story in stories:
        lists[list_around(best_link(story))].append(story)
    own = _name_of(url)
    return [story for some in lists.values() if _is_one_others(some, own) for story in some]


def _is_one_others(stories: list[Story], own: str) -> bool:
    return (
        len(stories) >= FEWEST_OF_PARTNER
        and len(names := {_name_of(one.url) for one in stories}) == 1
        and own not in names
    )


def _name_of(url: str) -> str:
    """The name that a site is registered by."""
    return urls.host_key(url).partition(".")[0]


def list_around(link: Element) -> int:
    """The order of the list that a link stands in, or of what is two elements above it."""
    above = list(islice(link.ancestors(), 4))
    return next((up.order for up in above if up.tag in _LISTS), above[:2][-1].order if above else -1)
