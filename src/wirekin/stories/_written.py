"""A cache of the words of headlines as written: index terms, synonyms, prefixes and cross-language features.

A text is split at its spaces, and each piece is looked up as it stands, with capital and comma. That is sound because
`text` neither folds nor tokenises across a space. A piece that was met before is not folded and tokenised again: a
headline is analysed 1.5 times as fast as with its tokens and a cache for each kind of feature (36 us for 54, medians of
pairs, 2026-11-30).
"""

from __future__ import annotations

from sys import intern
from typing import NamedTuple

from wirekin.stories._concepts import concepts, names, synonyms
from wirekin.text import terms_of, tokens

# Lengths of the prefixes that are features beside the word, in letters. Until 2026-11-29 all runs of four letters were
# compared, twice as many features. With them uci has .876, not .875 (joins alone .858, not .856), SemEval's pairs an
# AUC of .817, not .814, and 27 sets a mean F1 of .933, not .935 (joins alone .918 both ways). Ten other choices
# (lengths from 3 to 8, every second or third run, samples of the runs by hash) were no better at the price.
STARTS = (4, 5, 7)
REMEMBERED = 1 << 16  # words; 100,000 headlines of bench/group.py have as many
WORDS = 4  # most terms of a cached piece: in scripts without spaces a piece is a sentence, and never comes again


class Written(NamedTuple):
    """The features of one piece of text between two spaces, mostly one word; a stop word has no terms."""

    terms: tuple[str, ...]
    said: tuple[str, ...]  # the terms, each as the first of its synonyms
    starts: tuple[str, ...]  # prefixes, marked by a "_" that no word of `text` has
    wide: tuple[str, ...]  # concepts, names, figures


class _Memory(dict[str, Written]):
    """The pieces met so far; a look-up takes half the time of lru_cache's.

    A full cache is emptied, but its entries are kept as a second generation until it is full again. When all were
    dropped, the next 5,000 headlines took 125 us each to analyse, not 54 (bench/group.py's stream, 2026-11-30).
    """

    def __init__(self) -> None:
        super().__init__()
        self._before: dict[str, Written] = {}

    def __missing__(self, written: str) -> Written:
        found = self._before.get(written) or _read(written)
        if len(found.terms) <= WORDS:
            if len(self) >= REMEMBERED:
                self._before = dict(self)
                self.clear()
            self[written] = found
        return found


WRITTEN = _Memory()


def _read(written: str) -> Written:
    words = tokens(written)
    terms = terms_of(words)
    starts = dict.fromkeys([intern(f"_{word[:length]}") for word in words for length in STARTS])
    return Written(terms, synonyms(terms), tuple(starts), tuple(sorted(concepts(terms) | names(written, words))))
