"""The words of all terms, expanded: which patterns a folded word meets, and which terms are looked up at each pattern.

terms -> words -> the shapes of each (`_forms`) -> stems, indexed by their prefixes. A pattern is a number that stands
for all shapes of a term's word; a term is a tuple of patterns. Of the 22,698 shipped terms, those for texts in Latin
letters take 0.04 s to expand, Cyrillic 0.03, Hebrew 0.02, Arabic and Persian 0.04 (2026-11-30).
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

# Length of the prefixes by which ASCII stems are indexed, shorter stems with what may follow them: 8,000 prefixes. A
# quarter of the words of headlines begin with one and go on to be looked up, a fifth meet a pattern; with 4 letters
# nearly half go on, 2026-11-30.
ASCII_HEAD = 5
HEAD = 4  # the same for other stems; those of three letters are indexed by all three
ANY = -1  # the pattern of a lone *
COMMON = 100  # letters taken off a common word in `_rarity`, so that it is rarer only than others of its kind
_ASCII = ("", *"0123456789_abcdefghijklmnopqrstuvwxyz")  # what may follow the stem of an ASCII word
ZWNJ = "\u200c"  # stands between the letters of a Persian word; folding drops it


# The letters of each script after folding. _FOREIGN finds what a term of the script alone cannot have: letters that
# fold to others, and marks that fold to letters, as № and ™ do.
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
"""The groups of a term, how it is written in each, and the groups that exclude it."""
_UNSAID: Said = ((), (), ())

Spelt = tuple[str, Sequence[str], str | None, bool]
"""A term as written, its words as `_forms.words_of` marks them, the language of its list, and whether it counts: if
not, it excludes what it covers from its group."""


class Added(NamedTuple):
    """Terms of a group as they were given."""

    terms: Sequence[str]
    lang: str | None  # of their list
    group: int
    doubtful: Sequence[int] = ()  # indices of the terms that are not certainly sound

    @classmethod
    def checked(cls, terms: Sequence[str], lang: str | None, group: int) -> Added:
        """Make it, and check it before the first text is read. Raises: RuleError, with the term's index in `where`."""
        added = cls(terms, lang, group, [at for at, term in enumerate(terms) if not is_sound(term)])
        deque(added._doubted(), maxlen=0)
        return added

    @property
    def script(self) -> str:
        """The script of their list's language, if it is one of SCRIPTS; else ""."""
        return SCRIPT_OF.get(self.lang or "", "")

    def apart(self) -> tuple[Added, Added]:
        """Split the terms into those written wholly in the script, and the rest.

        A text without a letter of the script can hold none of the first, and a word without one is part of none.
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
        """Yield the words of each term; not cached, since those of the shipped topics are 5 MB and needed once."""
        terms, lang, doubtful = self.terms, self.lang, frozenset(self.doubtful)
        for at, folded in enumerate(folded_terms(terms)):
            if at not in doubtful:  # folded, it is just its words with spaces between, and marked
                counts = folded[0] != "-"
                yield terms[at], (folded if counts else folded[1:]).split(" "), lang, counts
        yield from self._doubted()

    def _doubted(self) -> Iterator[Spelt]:
        """`spelt` for the terms that are not certainly sound, which `words_of` checks. Raises: RuleError."""
        terms = [self.terms[at] for at in self.doubtful]
        counting = [not (term.startswith("-") and len(term) > 1) for term in terms]
        bare = [term if counts else term[1:] for term, counts in zip(terms, counting, strict=True)]
        for at, folded in enumerate(folded_terms(bare)):
            try:
                words = words_of(bare[at], folded)
            except RuleError as error:
                raise RuleError(str(error), error.at + (not counting[at]), (self.doubtful[at],)) from None
            yield terms[at], words, self.lang, counting[at]
            if ZWNJ in bare[at]:  # some desks write a space instead: خامنه‌ای, خامنه ای
                apart = bare[at].replace(ZWNJ, " ")
                yield terms[at], words_of(apart, *folded_terms([apart])), "fa", counting[at]


@lru_cache(1 << 12)  # bounded: in the order of a text's words there are as many as texts, over months of polling
def bits(groups: tuple[int, ...]) -> int:
    """The bitmask of some groups; cached, since a few sets recur."""
    return sum(1 << group for group in groups)


Phrase = tuple[int, ...]
"""The patterns of its words in order."""

Beside = dict[int, dict[int, list[tuple[int, Phrase]]]]
"""The offset of another word from the anchor -> its pattern -> phrases, each with the index of its anchor."""


@dataclass(slots=True, eq=False)
class Phrases:
    """The phrases that are looked up at a pattern, indexed on first use: for most patterns no text asks."""

    said: Mapping[Phrase, Said]
    _all: Sequence[Phrase]
    _anchor: Callable[[Phrase], tuple[int, int]]
    _beside: Beside | None = None

    def beside(self) -> Beside:
        """The index of the phrases."""
        if self._beside is None:
            found: Beside = {}
            for phrase in self._all:
                anchor, other = self._anchor(phrase)
                found.setdefault(other - anchor, {}).setdefault(phrase[other], []).append((anchor, phrase))
            self._beside = found
        return self._beside


class _PatternOf(dict[str, int]):
    """Marked word -> its pattern, for the lists of one language."""

    def __init__(self, find: Callable[[str, str | None], int], lang: str | None) -> None:
        super().__init__()
        self._find, self._lang = find, lang

    def __missing__(self, marked: str) -> int:
        pattern = self[marked] = self._find(marked, self._lang)
        return pattern


class Patterns:
    """The patterns of some terms, made at once and then read only; they are numbered from `first` on."""

    def __init__(self, added: Iterable[Added], first: int = 0) -> None:
        self._first = first
        # A term by the patterns of its words: its groups, how it is written in each, the groups that exclude it.
        self._said: dict[tuple[int, ...], Said] = {}
        self._phrases: dict[int, tuple[tuple[int, ...], ...]] = {}  # by the anchor's pattern
        self._rarity = {ANY: -2 * COMMON}  # by pattern: the length of its stem, COMMON less for a common word
        self._shapes: dict[str, tuple[tuple[Endings, Openings, int], ...]] = {}  # by stem
        self._heads: dict[str, tuple[int, ...]] = {}  # prefix of a word -> possible lengths of its stem
        self._stubs: dict[str, tuple[int, ...]] = {}  # the same by two letters, for short stems with many endings
        # Needed only while it is made, and freed afterwards: 1.2 MB for the shipped topics, 2026-11.
        self._numbers: dict[WordForms, int] = {}
        self._same: dict[tuple[int, ...], tuple[int, ...]] = {}  # equal tuples of groups or lengths are one: 2 MB less
        self._opened: set[Openings] = set()  # the sets of openings met: a language has one or two
        self._make(added)
        self._openings = frozenset[str]().union(*self._opened) - PLAIN
        self._open_with = {opening[0] for opening in self._openings}
        self._starts = {stem[:2] for stem in self._shapes} | self._open_with
        self._longest = max(map(len, self._shapes), default=0)
        self._opening_lengths = range(1, 1 + max(map(len, self._openings), default=0))
        self._numbers, self._same, self._opened = {}, {}, set()

    # --- asking ----------------------------------------------------------------------------------------------------

    def anchored(self, pattern: int) -> tuple[int, tuple[int, ...], tuple[int, ...], tuple[Phrases, ...]]:
        """Look a pattern up: a mask of all groups, those that have it alone, those that exclude it, phrases."""
        said = self._said
        groups, _, taken = said.get((pattern,), _UNSAID)
        touched, phrases = bits(groups), self._phrases.get(pattern)
        if not phrases:
            return touched, groups, taken, ()
        for others in {said[phrase][0] for phrase in phrases}:
            touched |= bits(others)
        return touched, groups, taken, (Phrases(said, phrases, self._anchor),)

    def terms(self) -> Iterable[tuple[Phrase, Said]]:
        """All terms, by the patterns of their words."""
        return self._said.items()

    def may_begin(self, start: str) -> bool:
        """Whether a word that begins with these two letters may meet a pattern."""
        return start in self._starts or start[:1] in self._starts

    @property
    def beginnings(self) -> tuple[Container[str], Container[str]]:
        """What ASCII words that meet a pattern begin with: their first ASCII_HEAD letters, or the first two."""
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
        """The possible lengths of the stem at the start of a word."""
        if word[:1] < "\x80":  # F-16s, iPhoneа: letters of two scripts are rare
            return range(1, min(len(word), self._longest) + 1)
        head = self._heads.get
        return head(word[:HEAD], ()) + head(word[:3], ()) + self._stubs.get(word[:2], ())

    def _behind(self, opening: str, word: str, lengths: Iterable[int]) -> list[int]:
        """The patterns that a word meets after an opening, with stems of these lengths."""
        met, shapes_of = [], self._shapes
        for length in lengths:
            stem = word[:length]
            if stem in shapes_of:
                for endings, openings, pattern in shapes_of[stem]:
                    if (endings is None or word[length:] in endings) and opening in openings:
                        met.append(pattern)
        return met

    def parts(self, word: str, pattern: int) -> str:
        """A word with a + between its clitics, stem and ending: "ול+איראן"."""
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
        """Index the lengths of the stems by their prefixes."""
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
        """The indices of a phrase's two rarest words: the anchor, by which it is looked up, and the one to check next.

        The longest word is nearly always the rarest, unless it is a common one: "warns people" is looked up by "warns".
        Of 2,864 texts of news and blog feeds 1,139 hold no word by which anything is looked up, and 951 if length alone
        decides (2026-11-30). Of two equally long words it is the later one, for the first may be "in".
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
    """Whether a word may be in texts about anything: a letter, a figure, or a common word of some language."""
    return len(word) == 1 or word.isdigit() or word in text.common_words()
