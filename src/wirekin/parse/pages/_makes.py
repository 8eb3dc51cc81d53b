"""Compute the make of a link: a signature that the links of one list share, and those of other lists do not."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from wirekin.parse.pages._dom import Element
from wirekin.parse.pages._shapes import shape_of
from wirekin.parse.pages._stories import Story, best_link

MAX_CHILDREN = 20  # siblings of a link, elements and texts, that are checked
MAX_BESIDE = 4  # elements in a box whose places count; a list of links has more
# Numbers and hashes in class names: post-36268, ssrcss-3ab863c3-Promo. The lookbehind lets a match start only at the
# first hex digit: without it 60 kB took 42 s.
_HASHES = re.compile(r"(?:[_-]|(?<![0-9a-f]))[0-9a-f]*\d[0-9a-f]*")


def make_of(story: Story) -> str:
    """Return the make of a story's link, cached in the story."""
    story.make = story.make or _made(story)
    return story.make


def _made(story: Story) -> str:
    """Join tag and class of a link and of three ancestors, without numbers and hashes.

    Among a few links side by side the place counts too: "Title (site.example)" is a headline and a link to its site.
    """
    link = best_link(story)
    parts = [link, *islice(link.ancestors(), 3)]
    numbered = "N" if shape_of(story.url) else ""  # a menu may look like the news, but has no numbers
    return f"{numbered}{_place_of(link)}:" + ">".join(f"{one.tag}.{_without_hashes(one.marks)}" for one in parts)


def _place_of(link: Element) -> int | str:
    """Return the position of a link among a few siblings; "" among many."""
    around = link.parent
    if around is None:
        return ""
    if around.size == link.size + 1 and link.first_word - around.first_word < MAX_CHILDREN:
        return 0  # the only child, as in most headings
    beside = [one for one in around.children[:MAX_CHILDREN] if isinstance(one, Element)]
    return beside.index(link) if link in beside and len(beside) <= MAX_BESIDE else ""


@lru_cache(maxsize=4096)
def _without_hashes(marks: str) -> str:
    return _HASHES.sub("", marks)[:40]
