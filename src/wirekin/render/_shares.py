"""Explain why a headline is in its story: the words that it shares with other headlines of the story."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from wirekin.model import HeadlineId, Member
from wirekin.text import fold, terms

MOST_SHARED: Final = 4  # words per headline; with four most of them fit one line of the page, 2026-11
MOST_EXPLAINED: Final = 200  # headlines per story: nobody reads further reasons, and each costs 0.024 ms, 2026-11
_SIGNS: Final = ".,:;!?\"'«»“”‘’()[]…–—-،؛؟"


def shares_of(members: Sequence[Member]) -> dict[HeadlineId, tuple[str, ...]]:
    """Return, for each headline that is no copy, its words that another of them has, too, as written in its title.

    Headlines after the first MOST_EXPLAINED are left out.
    """
    own = [member.headline for member in members if member.copy_of is None][:MOST_EXPLAINED]
    said = Counter(term for headline in own for term in set(terms(headline.title)))
    return {headline.id: _shared(headline.title, said) for headline in own}


def _shared(title: str, said: Mapping[str, int]) -> tuple[str, ...]:
    words = (word.strip(_SIGNS) for word in title.split())
    return tuple(dict.fromkeys(part for word in words if word for part in _parts(word, said)))[:MOST_SHARED]


def _parts(word: str, said: Mapping[str, int]) -> Iterator[str]:
    """Yield a word if it is shared; if its terms are pairs of characters (Chinese), each run of shared pairs."""
    own = terms(word)
    shared = {term for term in own if said[term] > 1}
    folded = fold(word) if shared and len(own) > 1 else ""
    pairs = [folded[at : at + 2] for at in range(len(folded) - 1)]
    if len(folded) != len(word) or not set(own) <= set(pairs):
        yield from [word] if shared else []
        return
    firsts = [at for at, pair in enumerate(pairs) if pair in shared]
    while firsts:
        length = next((n for n, at in enumerate(firsts) if at != firsts[0] + n), len(firsts))
        yield word[firsts[0] : firsts[length - 1] + 2]
        firsts = firsts[length:]
