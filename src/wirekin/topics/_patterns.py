"""The words of all terms, expanded: which patterns a folded word meets, and which terms are looked up at each pattern.

A pattern is what a word of a term may look like (`_forms`), as a number. Of the 20,897 shipped terms, those that
stand in texts of Latin letters take 0.05 s, Cyrillic 0.07, Hebrew 0.03, Arabic and Persian 0.06 (2026-11-30).
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, count
from typing import NamedTuple

from wirekin.errors import RuleError
from wirekin.topics._forms import PLAIN, Endings, Openings, WordForms, folded_terms, forms, is_sound, words_of

__all__ = ["ANY", "Added", "Patterns", "Term"]

HEAD = 4  # letters of a stem by which stems are parted; so long a stem makes a word worth a look, whatever follows it,
SHORT = 3  # and so long a one if it has many openings or endings: spelt out they were 40,000, 0.03 s and 2.5 MB more
MANY = 10
LONGEST_STEM = 40  # of which the lengths are one tuple each; longer ones are no words
ANY = -1  # the pattern of a lone *
ZWNJ = "\u200c"  # parts the letters of a Persian word, and is dropped where words are folded

_NO_OPENING = ("",)

# The letters of a script as folding leaves them, and what its own terms are written with: letters that fold to these
# alone, and marks that fold to no letter, as № and ™ do.
SCRIPTS = {
    "cyrillic": re.compile("[\u0400-\u052f]"),
    "hebrew": re.compile("[\u05d0-\u05ea]"),
    "arabic": re.compile("[\u0620-\u06ff]"),
}
_MARKS = " *='\"\u05f3\u05f4\u2019\u201d\u200c-"
_FOREIGN = {
    "cyrillic": re.compile(f"[^\u0400-\u0481\u048a-\u052f{_MARKS}]"),
    "hebrew": re.compile(f"[^\u05d0-\u05ea{_MARKS}]"),
    "arabic": re.compile(f"[^\u0622-\u063a\u0641-\u064a\u0671-\u0674\u0679-\u06d3{_MARKS}]"),
}
SCRIPT_OF = {"ru": "cyrillic", "he": "hebrew", "ar": "arabic", "fa": "arabic"}


Said = tuple[tuple[int, ...], tuple[str, ...], tuple[int, ...]]
"""The groups of a term, how it is written in each, and those it is taken from."""
_UNSAID: Said = ((), (), ())

Spelt = tuple[str, Sequence[str], str | None, bool]
"""A term as written, its words marked as `_forms.words_of` marks them, the language of its list, and whether it counts:
else it takes away from its group what it covers."""


class Added(NamedTuple):
    """Terms of a group as they were given."""

    terms: Sequence[str]
    lang: str | None  # of their list
    group: int
    doubtful: Sequence[int] = ()  # the places of terms that are not certainly sound

    @classmethod
    def checked(cls, terms: Sequence[str], lang: str | None, group: int) -> Added:
        """Find a mistake before the first text comes. Raises: RuleError, with the place of the term in `where`."""
        added = cls(terms, lang, group, [at for at, term in enumerate(terms) if not is_sound(term)])
        deque(added._doubted(), maxlen=0)
        return added

    def apart(self) -> tuple[str, Added, Added]:
        """A script, the terms of which each word is written in it, and the rest.

        No text without a letter of that script can hold one of them, and no word without one is part of any.
        """
        script = SCRIPT_OF.get(self.lang or "", "")
        if not script:
            return "", self._replace(terms=(), doubtful=()), self
        foreign = _FOREIGN[script]
        rest = {at for at, term in enumerate(self.terms) if foreign.search(term)}
        return script, self._picked(lambda at: at not in rest), self._picked(rest.__contains__)

    def _picked(self, wanted: Callable[[int], bool]) -> Added:
        places = [at for at in range(len(self.terms)) if wanted(at)]
        doubtful = frozenset(self.doubtful)
        return self._replace(
            terms=[self.terms[at] for at in places],
            doubtful=[new for new, at in enumerate(places) if at in doubtful],
        )

    def spelt(self) -> Iterator[Spelt]:
        """Their words, made anew each time: kept, those of the shipped topics are 5 MB that are asked for once."""
        terms, lang, doubtful = self.terms, self.lang, frozenset(self.doubtful)
        for at, folded in enumerate(folded_terms(terms)):
            if at not in doubtful:  # folded, it is its words with a space between, and marked as written
                counts = folded[0] != "-"
                yield terms[at], (folded if counts else folded[1:]).split(" "), lang, counts
        yield from self._doubted()

    def _doubted(self) -> Iterator[Spelt]:
        terms = [self.terms[at] for at in self.doubtful]
        counting = [not (term.startswith("-") and len(term) > 1) for term in terms]
        bare = [term if counts else term[1:] for term, counts in zip(terms, counting, strict=True)]
        for at, folded in enumerate(folded_terms(bare)):
            try:
                words = words_of(bare[at], folded)
            except RuleError as error:
                raise RuleError(str(error), error.at + (not counting[at]), (self.doubtful[at],)) from None
            yield terms[at], words, self.lang, counting[at]
            if ZWNJ in bare[at]:  # desks that do without it write a space: خامنه‌ای, خامنه ای
                apart = bare[at].replace(ZWNJ, " ")
                yield terms[at], words_of(apart, *folded_terms([apart])), "fa", counting[at]


@cache
def bits(groups: tuple[int, ...]) -> int:
    """Groups as a bit each of one number; few sets of them recur."""
    return sum(1 << group for group in groups)


@dataclass(slots=True, eq=False)
class Term:
    """A word or phrase, and whose it is."""

    patterns: tuple[int, ...]  # of its words in order
    anchor: int  # which of them it is looked up by
    beside: int  # how far from the anchor a word stands that is asked for next; 0 where it has one word
    groups: tuple[int, ...] = ()  # those whose term it is
    written: tuple[str, ...] = ()  # as it stands in each of them
    taken: tuple[int, ...] = ()  # those that have it as -term: it takes away what it covers


class _PatternOf(dict[str, int]):
    """The patterns of marked words in lists of one language."""

    def __init__(self, find: Callable[[str, str | None], int], lang: str | None) -> None:
        super().__init__()
        self._find, self._lang = find, lang

    def __missing__(self, marked: str) -> int:
        pattern = self[marked] = self._find(marked, self._lang)
        return pattern


class Patterns:
    """Made of all its terms at once; then it only answers. Its patterns are numbered from `first` on."""

    def __init__(self, added: Iterable[Added], first: int = 0) -> None:
        self._first = first
        # Whose a term is, by the patterns of its words: its groups, how it is written in each, those it is taken from.
        self._said: dict[tuple[int, ...], Said] = {}
        self._phrases: dict[int, tuple[tuple[int, ...], ...]] = {}  # by the anchor's pattern
        self._stem_lengths = {ANY: 0}  # by pattern
        self._shapes: dict[str, tuple[tuple[Endings, Openings, int], ...]] = {}  # by stem
        self._lengths: dict[str, tuple[int, ...]] = {}  # of the stems that begin with these letters, HEAD at most
        self._stubs: dict[str, tuple[int, ...]] = {}  # of the stems of two letters that have endings
        self._openings: dict[str, set[str]] = defaultdict(lambda: {""})  # by the first letter of a word
        # Asked for by the making alone, and given back after it: 1.2 MB of the shipped topics, 2026-11.
        self._numbers: dict[WordForms, int] = {}
        self._same: dict[tuple[int, ...], tuple[int, ...]] = {}  # groups and lengths recur: one tuple each, 2 MB less
        self._opened: set[Openings] = set()  # those in _openings
        self._make(added)
        self._numbers, self._same, self._opened = {}, {}, set()

    # --- asking ----------------------------------------------------------------------------------------------------

    def anchored(self, pattern: int) -> tuple[int, tuple[int, ...], tuple[int, ...], bool]:
        """Of the terms that are looked up at a pattern: the groups, a bit each; those that have it alone, and those
        that it is taken from; and whether there are phrases.
        """
        said = self._said
        groups, _, taken = said.get((pattern,), _UNSAID)
        touched, phrases = bits(groups), self._phrases.get(pattern, ())
        for phrase in phrases:
            touched |= bits(said[phrase][0])
        return touched, groups, taken, bool(phrases)

    def phrases(self, pattern: int) -> list[Term]:
        """The phrases that are looked up at a pattern; made when a text asks, for of most none does."""
        return [*map(self._phrase, self._phrases.get(pattern, ()))]

    def terms(self) -> Iterator[Term]:
        """All of them."""
        for patterns, said in self._said.items():
            yield self._phrase(patterns) if len(patterns) > 1 else Term(patterns, 0, 0, *said)

    def _phrase(self, patterns: tuple[int, ...]) -> Term:
        anchor, other = self._anchor(patterns)
        return Term(patterns, anchor, other - anchor, *self._said[patterns])

    def met(self, words: Iterable[str]) -> dict[str, frozenset[int]]:
        """The patterns that folded words meet, for those that meet any."""
        lengths, stubs, openings = self._lengths, self._stubs, self._openings
        hopeful = [
            word
            for word in words
            if word[:HEAD] in lengths or word[:3] in lengths or word[:2] in stubs or word[:1] in openings
        ]
        return {word: frozenset(met) for word in hopeful if (met := self._met(word))} if hopeful else {}

    def _met(self, word: str) -> list[int]:
        met: list[int] = []
        lengths, stubs, shapes = self._lengths, self._stubs, self._shapes
        for opening in self._openings.get(word[:1], _NO_OPENING):
            if not word.startswith(opening):
                continue
            rest = word[len(opening) :] if opening else word
            for length in (*lengths.get(rest[:HEAD], ()), *lengths.get(rest[:3], ()), *stubs.get(rest[:2], ())):
                for endings, openings, pattern in shapes.get(rest[:length], ()):
                    if (endings is None or rest[length:] in endings) and opening in openings:
                        met.append(pattern)
        return met

    def parts(self, word: str, pattern: int) -> str:
        """A word with its clitics and ending parted from its stem: "ול+איראן"."""
        for start, end in combinations(range(len(word) + 1), 2):
            before, stem, after = word[:start], word[start:end], word[end:]
            for endings, openings, number in self._shapes.get(stem, ()):
                if number == pattern and before in openings and (endings is None or after in endings):
                    return "+".join(filter(None, (before, stem, after)))
        return word  # any word: *

    # --- making ----------------------------------------------------------------------------------------------------

    def _make(self, added: Iterable[Added]) -> None:
        known: dict[str | None, _PatternOf] = {}  # by the language of a list
        said = self._said
        for listed in added:
            group, only = listed.group, self._one((listed.group,))
            for written, words, lang, counts in listed.spelt():
                pattern_of = known.get(lang) or known.setdefault(lang, _PatternOf(self._pattern, lang))
                patterns = tuple([pattern_of[word] for word in words])
                if patterns not in said:
                    said[patterns] = (only, (written,), ()) if counts else ((), (), only)
                    if len(patterns) > 1:
                        at = patterns[self._anchor(patterns)[0]]
                        self._phrases[at] = (*self._phrases[at], patterns) if at in self._phrases else (patterns,)
                    continue
                groups, texts, taken = said[patterns]
                if counts and group not in groups:
                    said[patterns] = self._one((*groups, group)), (*texts, written), taken
                elif not counts and group not in taken:
                    said[patterns] = groups, texts, self._one((*taken, group))
        self._index_stems()

    def _index_stems(self) -> None:
        """Note how long the stems are that begin alike."""
        lengths, tuples = self._lengths, [(length,) for length in range(LONGEST_STEM)]
        for stem, shapes in self._shapes.items():
            length = len(stem)
            head = stem[:HEAD]
            if length < 3 and any(endings is not PLAIN for endings, _, _ in shapes):
                self._stubs[head] = tuples[length]
            elif head not in lengths:
                lengths[head] = tuples[length] if length < LONGEST_STEM else (length,)
            elif length not in lengths[head]:
                lengths[head] = self._one((*lengths[head], length))

    def _one(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return self._same.setdefault(numbers, numbers)

    def _anchor(self, patterns: tuple[int, ...]) -> tuple[int, int]:
        """The word of a phrase that it is looked up by, and the one that is asked for next.

        The longest is nearly always the rarest; of two as long the later, for the first may be "in".
        """
        lengths = self._stem_lengths
        if len(patterns) == 2:
            return (0, 1) if lengths[patterns[0]] > lengths[patterns[1]] else (1, 0)
        *_, (_, other), (_, anchor) = sorted(zip(map(lengths.__getitem__, patterns), count(), strict=False))
        return anchor, other

    def _pattern(self, marked: str, lang: str | None) -> int:
        shapes = forms(marked, lang)
        if not shapes:
            return ANY
        pattern = self._numbers.setdefault(shapes, self._first + len(self._numbers))
        if pattern not in self._stem_lengths:
            self._stem_lengths[pattern] = len(shapes[0][1])
            for openings, stem, endings in shapes:
                shape = (endings, openings, pattern)
                self._shapes[stem] = (*self._shapes[stem], shape) if stem in self._shapes else (shape,)
                if openings is not PLAIN and openings not in self._opened:  # a language has one or two
                    self._opened.add(openings)
                    for opening in openings:
                        self._openings[opening[:1]].add(opening)
        return pattern
