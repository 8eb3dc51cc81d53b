"""The words of all terms, expanded: which patterns a folded word meets, and which terms are looked up at each pattern.

A pattern is what a word of a term may look like (`_forms`), as a number. Those of the 20,897 shipped terms take 0.25 s.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, count
from typing import NamedTuple

from wirekin.errors import RuleError
from wirekin.topics._forms import Shape, WordForms, folded_terms, forms, is_sound, words_of

__all__ = ["ANY", "Added", "Patterns", "Term"]

HEAD = 4  # letters of a stem by which stems are parted; so long a stem makes a word worth a look, whatever follows it,
SHORT = 3  # and so long a one if it has many openings or endings: spelt out they were 40,000, 0.03 s and 2.5 MB more
MANY = 10
ANY = -1  # the pattern of a lone *
ZWNJ = "\u200c"  # parts the letters of a Persian word, and is dropped where words are folded

_NO_OPENING = ("",)

Openings = frozenset[str]
Endings = frozenset[str] | None


class Spelt(NamedTuple):
    """A term, and its words."""

    written: str
    words: Sequence[str]  # marked as `_forms.words_of` marks them
    lang: str | None  # of its list
    counts: bool  # else it takes away from its group what it covers


class Added(NamedTuple):
    """Terms of a group as they were given."""

    terms: Sequence[str]
    lang: str | None  # of their list
    group: int

    def check(self) -> None:
        """Find a mistake before the first text comes. Raises: RuleError, as `spelt`."""
        doubtful = [at for at, term in enumerate(self.terms) if not is_sound(term)]
        try:
            deque(self._replace(terms=[self.terms[at] for at in doubtful]).spelt(), maxlen=0)
        except RuleError as error:
            where = tuple(doubtful[at] for at in error.where if isinstance(at, int))
            raise RuleError(str(error), error.at, where) from None

    def spelt(self) -> Iterator[Spelt]:
        """Their words, made anew each time: kept, those of the shipped topics are 5 MB that are asked for once.

        Raises: RuleError, with the place of the term in `where`.
        """
        counting = [not (term.startswith("-") and len(term) > 1) for term in self.terms]
        bare = [term if counts else term[1:] for term, counts in zip(self.terms, counting, strict=True)]
        for at, folded in enumerate(folded_terms(bare)):
            try:
                words = words_of(bare[at], folded)
            except RuleError as error:
                raise RuleError(str(error), error.at + (not counting[at]), (at,)) from None
            yield Spelt(self.terms[at], words, self.lang, counting[at])
            if ZWNJ in bare[at]:  # desks that do without it write a space: خامنه‌ای, خامنه ای
                apart = bare[at].replace(ZWNJ, " ")
                yield Spelt(self.terms[at], words_of(apart, *folded_terms([apart])), "fa", counting[at])


@dataclass(slots=True, eq=False)
class Term:
    """A word or phrase, and whose it is."""

    patterns: tuple[int, ...]  # of its words in order
    anchor: int  # which of them it is looked up by
    beside: int  # how far from the anchor a word stands that is asked for next; 0 where it has one word
    groups: tuple[int, ...] = ()  # those whose term it is
    written: tuple[str, ...] = ()  # as it stands in each of them
    taken: tuple[int, ...] = ()  # those that have it as -term: it takes away what it covers


class Patterns:
    """Made of all terms at once; then it only answers."""

    def __init__(self, added: Iterable[Added]) -> None:
        self.anchored: dict[int, tuple[Term, ...]] = {}  # by the anchor's pattern; a list is twice a tuple of one
        self._shapes: dict[str, tuple[tuple[Endings, Openings, int], ...]] = {}  # by stem
        self._lengths: dict[str, tuple[int, ...]] = {}  # of the stems that begin with these letters, HEAD at most
        self._openings: dict[str, set[str]] = defaultdict(lambda: {""})  # by the first letter of a word
        # Asked for by the making alone, and given back after it: 1.2 MB of the shipped topics, 2026-11.
        self._numbers: dict[WordForms, int] = {}
        self._stem_lengths = {ANY: 0}  # by pattern
        self._terms: dict[tuple[int, ...], Term] = {}
        self._same: dict[tuple[int, ...], tuple[int, ...]] = {}  # groups and lengths recur: one tuple each, 2 MB less
        self._opened: set[Openings] = set()  # those in _openings
        self._make(added)
        from ahocorasick_rs import AhoCorasick, Implementation  # when the first text comes: few commands bring any

        self._stems = AhoCorasick(set(self._found_by()), implementation=Implementation.ContiguousNFA)
        self._numbers, self._stem_lengths, self._terms, self._same, self._opened = {}, {}, {}, {}, set()

    # --- asking ----------------------------------------------------------------------------------------------------

    def may_meet(self, words: str) -> set[str]:
        """Of a text's words, as `_forms.parted` gives them, those in which a stem stands where it may: only they do."""
        around = f" {words} "
        found = set()
        for _, start, _ in self._stems.find_matches_as_indexes(around, overlapping=True):
            first = around.rindex(" ", 0, start + 1) + 1
            found.add(around[first : around.index(" ", first)])
        return found

    def met(self, word: str) -> set[int]:
        """The patterns that a folded word meets."""
        met: set[int] = set()
        lengths, shapes = self._lengths, self._shapes
        for opening in self._openings.get(word[:1], _NO_OPENING):
            if not word.startswith(opening):
                continue
            rest = word[len(opening) :] if opening else word
            for length in (*lengths.get(rest[:HEAD], ()), *lengths.get(rest[:2], ())):
                for endings, openings, pattern in shapes.get(rest[:length], ()):
                    if (endings is None or rest[length:] in endings) and opening in openings:
                        met.add(pattern)
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
        pattern_of = cache(self._pattern)  # words recur: 16,082 of the shipped topics are 10,679
        for listed in added:
            group = listed.group
            for written, words, lang, counts in listed.spelt():
                term = self._term(tuple([pattern_of(word, lang) for word in words]))
                if counts and group not in term.groups:
                    term.groups = self._one((*term.groups, group))
                    term.written += (written,)
                elif not counts and group not in term.taken:
                    term.taken = self._one((*term.taken, group))

    def _one(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return self._same.setdefault(numbers, numbers)

    def _term(self, patterns: tuple[int, ...]) -> Term:
        term = self._terms.get(patterns)
        if term is None:
            anchor = other = 0
            if len(patterns) > 1:
                # the longest word is nearly always the rarest; of two as long the later, for the first may be "in"
                lengths = map(self._stem_lengths.__getitem__, patterns)
                *_, (_, other), (_, anchor) = sorted(zip(lengths, count(), strict=False))
            term = self._terms[patterns] = Term(patterns, anchor, other - anchor)
            self.anchored[patterns[anchor]] = (*self.anchored.get(patterns[anchor], ()), term)
        return term

    def _pattern(self, marked: str, lang: str | None) -> int:
        shapes = forms(marked, lang)
        if not shapes:
            return ANY
        known = self._numbers.get(shapes)
        if known is not None:
            return known
        pattern = self._numbers[shapes] = len(self._numbers)
        self._stem_lengths[pattern] = len(shapes[0].stem)
        for shape in shapes:
            self._shape(shape, pattern)
        return pattern

    def _shape(self, shape: Shape, pattern: int) -> None:
        openings, stem, endings = shape
        length = len(stem)
        self._shapes[stem] = (*self._shapes.get(stem, ()), (endings, openings, pattern))
        head = stem[: HEAD if length >= HEAD else 2]
        if length not in (lengths := self._lengths.get(head, ())):
            self._lengths[head] = self._one((*lengths, length))
        if openings not in self._opened:  # a language has one or two
            self._opened.add(openings)
            for opening in openings:
                self._openings[opening[:1]].add(opening)

    def _found_by(self) -> Iterator[str]:
        """What tells that a word may meet a pattern, with the spaces around it where it begins or ends the word."""
        for stem, shapes in self._shapes.items():
            for endings, openings, _ in shapes:
                if len(openings) > 1:
                    yield from [stem] if len(stem) >= SHORT else [f" {opening}{stem}" for opening in openings]
                elif endings is None or len(stem) >= (SHORT if len(endings) >= MANY else HEAD):
                    yield from [f" {opening}{stem}" for opening in openings]
                else:
                    yield from [f" {opening}{stem}{ending} " for opening in openings for ending in endings]
