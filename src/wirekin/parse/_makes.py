"""The make of a link: what those of one list share, and those of another have not."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from wirekin.parse._dom import Element
from wirekin.parse._shapes import shape_of
from wirekin.parse._stories import Story, best_link

MAX_CHILDREN = 20  # elements and texts beside a link that are looked at
MAX_BESIDE = 4  # elements in one box; a list of links has more
# In class names: post-36268, ssrcss-3ab863c3-Promo. Only from the first of its signs: 60 kB took 42 s.
_HASHES = re.compile(r"(?:[_-]|(?<![0-9a-f]))[0-9a-f]*\d[0-9a-f]*")


def make_of(story: Story) -> str:
    """The make of a story's link."""
    story.make = story.make or _made(story)
    return story.make


def _made(story: Story) -> str:
    """What a link looks like: its tag and class and those of what is around it, numbers and hashes left out.

    Of a few links side by side the place counts too: "Title (site.example)" is a headline and a link to its site.
    """
    link = best_link(story)
    parts = [link, *islice(link.ancestors(), 3)]
    numbered = "N" if shape_of(story.url) else ""  # a menu may look like the news, but has no numbers
    return f"{numbered}{_place_of(link)}:" + ">".join(f"{one.tag}.{_without_hashes(one.marks)}" for one in parts)


def _place_of(link: Element) -> int | str:
    """Which of a few elements a link is; "" among many."""
    around = link.parent
    if around is None:
        return ""
    if around.size == link.size + 1 and link.first_word - around.first_word < MAX_CHILDREN:
        return 0  # as in most headings
    beside = [one for one in around.children[:MAX_CHILDREN] if isinstance(one, Element)]
    return beside.index(link) if link in beside and len(beside) <= MAX_BESIDE else ""


@lru_cache(maxsize=4096)
def _without_hashes(marks: str) -> str:
    return _HASHES.sub("", marks)[:40]
