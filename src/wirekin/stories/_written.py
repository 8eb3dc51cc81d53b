"""What each written word of a headline says, worked out once: its index terms, their synonyms, beginnings and features.

A text is cut at its spaces and each piece looked up as it stands, capital and comma included: `text` folds no letter
across a space, and takes no token from two sides of one. So nothing is folded and cut again that was met before: a
headline is taken apart 1.5 times as fast as by its tokens and a memory of each single answer (36 us for 54, medians of
pairs, 2026-11-30).
"""

from __future__ import annotations

from sys import intern
from typing import NamedTuple

from wirekin.stories._concepts import concepts, names, synonyms
from wirekin.text import terms_of, tokens

# Letters of a word's beginning that are features, beside the word. All runs of four letters, twice as many, which were
# compared until 2026-11-29, give uci .876 for .875 (joins alone .858 for .856) and SemEval's pairs an AUC of .817 for
# .814; over 27 sets the mean F1 is .933 for .935, of the joins alone .918 for .918. Ten other choices of lengths from 3
# to 8, every second or third run, and samples of the runs by their hashes were no better at the price.
STARTS = (4, 5, 7)
REMEMBERED = 1 << 16  # words; 100,000 headlines of bench/group.py have as many
WORDS = 4  # of a piece that is worth remembering: where no spaces are written, a piece is a sentence that comes once


class Written(NamedTuple):
    """What one piece of a text between two spaces says; most are one word, and stop words nothing."""

    terms: tuple[str, ...]
    said: tuple[str, ...]  # the terms, a synonym for all of its kind
    starts: tuple[str, ...]  # how its words begin, and no word of one (`text` has none with a "_")
    wide: tuple[str, ...]  # concepts, names, figures


class _Memory(dict[str, Written]):
    """The words met; a look-up takes half the time of lru_cache's.

    Full, it begins again, and what it held it holds until it is full once more: when it forgot all, the 5,000 headlines
    that followed took 125 us each to take apart, not 54 (bench/group.py's stream, 2026-11-30).
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
