"""Why a headline stands in its story: the words that another headline of it says too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from wirekin.model import HeadlineId, Member
from wirekin.text import terms

MOST_SHARED: Final = 4  # words a headline; with these most lines of a page stay on one row, 2026-11
MOST_EXPLAINED: Final = 200  # headlines of a story: beyond, nobody reads why, and each costs 0.024 ms, 2026-11
_SIGNS: Final = ".,:;!?\"'«»“”‘’()[]…–—-،؛؟"


def shares_of(members: Sequence[Member]) -> dict[HeadlineId, tuple[str, ...]]:
    """Of each headline that is no copy the words, as it writes them, that another of them says too.

    Headlines after the first MOST_EXPLAINED have none.
    """
    own = [member.headline for member in members if member.copy_of is None][:MOST_EXPLAINED]
    said = Counter(term for headline in own for term in set(terms(headline.title)))
    return {headline.id: _shared(headline.title, said) for headline in own}


def _shared(title: str, said: Mapping[str, int]) -> tuple[str, ...]:
    words = (word.strip(_SIGNS) for word in title.split())
    shared = {word: None for word in words if word and any(said[term] > 1 for term in terms(word))}
    return tuple(shared)[:MOST_SHARED]
