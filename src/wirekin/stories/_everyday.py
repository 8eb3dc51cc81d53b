"""Everyday words among index terms: they say little about a story.

In a large store their frequency shows that. In a small one, or for an unusual query, "first" and "year" look
significant, and whatever shares them would be an answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from wirekin.text import everyday_words, terms_of


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """All everyday words as index terms, with the numbers below 100 and the years of our time."""
    figures = [f"{n}" for n in (*range(100), *range(1900, 2100))]  # ages, scores, days of the month, years
    return frozenset((*terms_of(everyday_words()), *figures))


def everyday(among: Iterable[str]) -> frozenset[str]:
    """The index terms in `among` that are in the `vocabulary`."""
    return vocabulary().intersection(among)
