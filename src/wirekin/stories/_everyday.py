"""Everyday words among index terms: they tell little of a story.

A large store knows them by how common they are. A small one, or a rare question, takes "first" and "year" for telling,
and answers a stranger with whatever shares them.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from wirekin.text import everyday_words, terms_of


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """All everyday words, as index terms, with figures of two digits and the years of our time."""
    figures = [f"{n}" for n in (*range(100), *range(1900, 2100))]  # ages, scores, days of the month, years
    return frozenset((*terms_of(everyday_words()), *figures))


def everyday(among: Iterable[str]) -> frozenset[str]:
    """Those of these index terms that are such a word, a figure of two digits or a year of our time."""
    return vocabulary().intersection(among)
