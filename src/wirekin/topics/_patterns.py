"""The words of all terms, expanded: which patterns a folded word meets, and which terms are looked up at each pattern.

A pattern is what a word of a term may look like (`_forms`), as a number. Of the 22,698 shipped terms, those that
stand in texts of Latin letters take 0.04 s, Cyrillic 0.03, Hebrew 0.02, Arabic and Persian 0.04 (2026-11-30).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, count
from typing import NamedTuple

from wirekin import text
from wirekin.errors import RuleError
from wirekin.topics._forms import PLAIN, Endings, Openings, WordForms, folded_terms, forms, is_sound, words_of

__all__ = ["ANY", "Added", "Beside", "Patterns", "Phrase", "Phrases", "bits"]

ASCII_HEAD = 5  # letters by which stems of ASCII are parted: with what may follow the shorter ones they are 8,000; a
# quarter of the words of headlines go on to be looked up, a fifth meet a pattern (with 4 letters near half, 2026-11-30)
HEAD = 4  # letters by which others are, and three where a stem is shorter
ANY = -1  # the pattern of a lone *
COMMON = 100  # letters that a common word counts for less than it has: it is rarer than none but others of its kind
_ASCII = ("", *"0123456789_abcdefghijklmnopqrstuvwxyz")  # what may follow the stem of an ASCII word
ZWNJ = "\u200c"  # parts the letters of a Persian word, and is dropped where words are folded


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

    @property
    def script(self) -> str:
        """That of their list's language, where it is one of SCRIPTS; else ""."""
        return SCRIPT_OF.get(self.lang or "", "")

    def apart(self) -> tuple[Added, Added]:
        """The terms of which each word is written in the script, and the rest.

        No text without a letter of that script can hold one of them, and no word without one is part of any.
        """
        if not self.script:
            return self._replace(terms=(), doubtful=()), self
        foreign = _FOREIGN[self.script]
        rest = {at for at, term in enumerate(self.terms) if foreign.search(term)}
        return self._picked(lambda at: at not in rest), self._picked(rest.__contains__)

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


@lru_cache(1 << 12)  # in the order of a text's words there are as many as texts, in a poller that runs for months
def bits(groups: tuple[int, ...]) -> int:
    """Groups as a bit each of one number; few sets of them recur."""
    return sum(1 << group for group in groups)


Phrase = tuple[int, ...]
"""The patterns of its words in order."""

Beside = dict[int, dict[int, list[tuple[int, Phrase]]]]
"""Phrases, each with the place of its anchor: by how far away from that another word stands, and by its pattern."""


@dataclass(slots=True, eq=False)
class Phrases:
    """The phrases that are looked up at a pattern: put in order when a text first asks, for most none does."""

    said: Mapping[Phrase, Said]
    _all: Sequence[Phrase]
    _anchor: Callable[[Phrase], tuple[int, int]]
    _beside: Beside | None = None

    def beside(self) -> Beside:
        """Them in order."""
        if self._beside is None:
            found: Beside = {}
            for phrase in self._all:
                anchor, other = self._anchor(phrase)
                found.setdefault(other - anchor, {}).setdefault(phrase[other], []).append((anchor, phrase))
            self._beside = found
        return self._beside


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
        self._rarity = {ANY: -2 * COMMON}  # by pattern: the length of its stem, COMMON less where it is a common word
        self._shapes: dict[str, tuple[tuple[Endings, Openings, int], ...]] = {}  # by stem
        self._heads: dict[str, tuple[int, ...]] = {}  # how long the stems are of words that begin with these letters;
        self._stubs: dict[str, tuple[int, ...]] = {}  # by two letters the short stems that much may follow
        # Asked for by the making alone, and given back after it: 1.2 MB of the shipped topics, 2026-11.
        self._numbers: dict[WordForms, int] = {}
        self._same: dict[tuple[int, ...], tuple[int, ...]] = {}  # groups and lengths recur: one tuple each, 2 MB less
        self._opened: set[Openings] = set()  # a language has one or two
        self._make(added)
        self._openings = frozenset[str]().union(*self._opened) - PLAIN
        self._open_with = {opening[0] for opening in self._openings}
        self._starts = {stem[:2] for stem in self._shapes} | self._open_with
        self._longest = max(map(len, self._shapes), default=0)
        self._opening_lengths = range(1, 1 + max(map(len, self._openings), default=0))
        self._numbers, self._same, self._opened = {}, {}, set()

    # --- asking ----------------------------------------------------------------------------------------------------

    def anchored(self, pattern: int) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[Phrases, ...]]:
        """What is looked up at a pattern: all groups, a bit each, those that have it alone or lose it, and phrases."""
        said = self._said
        groups, _, taken = said.get((pattern,), _UNSAID)
        touched, phrases = bits(groups), self._phrases.get(pattern)
        if not phrases:
            return touched, groups, taken, ()
        for others in {said[phrase][0] for phrase in phrases}:
            touched |= bits(others)
        return touched, groups, taken, (Phrases(said, phrases, self._anchor),)

    def terms(self) -> Iterable[tuple[Phrase, Said]]:
        """All of them, by the patterns of their words."""
        return self._said.items()

    def may_begin(self, start: str) -> bool:
        """Whether a word that begins with two letters may meet a pattern."""
        return start in self._starts or start[:1] in self._starts

    @property
    def beginnings(self) -> tuple[Container[str], Container[str]]:
        """With what words of ASCII begin that may meet a pattern: their first ASCII_HEAD letters, or the first two."""
        return self._heads, self._stubs

    def met(self, word: str) -> Sequence[int]:
        """The patterns that a folded word meets."""
        if word.isascii():
            lengths = self._heads.get(word[:ASCII_HEAD], ())
            if word[:2] in self._stubs:
                lengths = (*lengths, *self._stubs[word[:2]])
            return self._behind("", word, lengths) if lengths else ()
        possible = self._lengths(word)
        met = self._behind("", word, possible) if possible else []
        if word[0] in self._open_with:
            for length in self._opening_lengths:
                if word[:length] in self._openings:
                    rest = word[length:]
                    met += self._behind(word[:length], rest, self._lengths(rest))
        return met

    def _lengths(self, word: str) -> Sequence[int]:
        """How long the stems may be that a word begins with."""
        if word[:1] < "\x80":  # F-16s, iPhoneа: letters of two scripts are rare
            return range(1, min(len(word), self._longest) + 1)
        head = self._heads.get
        return head(word[:HEAD], ()) + head(word[:3], ()) + self._stubs.get(word[:2], ())

    def _behind(self, opening: str, word: str, lengths: Iterable[int]) -> list[int]:
        """The patterns that a word meets behind an opening, by stems of some lengths."""
        met, shapes_of = [], self._shapes
        for length in lengths:
            stem = word[:length]
            if stem in shapes_of:
                for endings, openings, pattern in shapes_of[stem]:
                    if (endings is None or word[length:] in endings) and opening in openings:
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
        for stem, shapes in self._shapes.items():
            if not stem.isascii():
                is_stub = len(stem) < 3 and any(endings is not PLAIN for endings, _, _ in shapes)
                self._note(self._stubs if is_stub else self._heads, stem[: 2 if is_stub else HEAD], len(stem))
            elif len(stem) >= ASCII_HEAD:
                self._note(self._heads, stem[:ASCII_HEAD], len(stem))
            elif not any(endings is None for endings, _, _ in shapes):
                for ending in {ending for endings, _, _ in shapes for ending in endings or ()}:
                    self._note(self._heads, (stem + ending)[:ASCII_HEAD], len(stem))
            elif len(stem) == ASCII_HEAD - 1:
                for letter in _ASCII:
                    self._note(self._heads, stem + letter, len(stem))
            else:
                self._note(self._stubs, stem[:2], len(stem))

    def _note(self, lengths: dict[str, tuple[int, ...]], head: str, length: int) -> None:
        if head not in lengths:
            lengths[head] = self._one((length,))
        elif length not in lengths[head]:
            lengths[head] = self._one((*lengths[head], length))

    def _one(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        return self._same.setdefault(numbers, numbers)

    def _anchor(self, patterns: tuple[int, ...]) -> tuple[int, int]:
        """The word of a phrase that it is looked up by, and the one that is asked for next: the two that are rarest.

        The longest is nearly always the rarest, but for what all texts have: "warns people" is looked up by "warns".
        Of 2,864 texts of news and blog feeds 1,139 hold no word by which anything is, and 951 by length alone
        (2026-11-30). Of two as long it is the later one, for the first may be "in".
        """
        rarity = self._rarity
        if len(patterns) == 2:
            return (0, 1) if rarity[patterns[0]] > rarity[patterns[1]] else (1, 0)
        *_, (_, other), (_, anchor) = sorted(zip(map(rarity.__getitem__, patterns), count(), strict=False))
        return anchor, other

    def _pattern(self, marked: str, lang: str | None) -> int:
        shapes = forms(marked, lang)
        if not shapes:
            return ANY
        pattern = self._numbers.setdefault(shapes, self._first + len(self._numbers))
        if pattern not in self._rarity:
            self._rarity[pattern] = len(shapes[0][1]) - (COMMON if _is_common(marked.strip("=*")) else 0)
            for openings, stem, endings in shapes:
                shape = (endings, openings, pattern)
                self._shapes[stem] = (*self._shapes[stem], shape) if stem in self._shapes else (shape,)
                self._opened.add(openings)
        return pattern


def _is_common(word: str) -> bool:
    """Whether texts have a word whatever they are about: a letter, a figure, one of those in any language."""
    return len(word) == 1 or word.isdigit() or word in text.common_words()
