"""All terms of all rules, looked up by the words of a text: what each word may begin, and what stands where.

text -> folded words -> the patterns that each of them meets -> terms. What was found out about a word is remembered,
since the words of news recur: most words of a headline cost one look into a dict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from wirekin.topics._forms import FOLDED, SPELT, Shape, WordForms, normal, shown
from wirekin.topics._grammar import Found, Span

__all__ = ["Lexicon", "Reason", "Word", "find"]

REMEMBERED = 1 << 15  # strings of a memory; then all are forgotten and met anew. Three full ones held 18 MB
LONGEST = 40  # letters of a word that is worth remembering
HEAD = 4  # letters by which nine in ten of the words that meet no pattern are told

_ANY = -1  # the pattern of a lone *
_UNKNOWN = (None,)  # what a token of one word that meets no pattern says

V = TypeVar("V")


class _Memo(dict[str, V]):
    """What was found out about strings; `memo[string]` finds it out where it is new."""

    def __init__(self, find: Callable[[str], V]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, string: str) -> V:
        found = self._find(string)
        if len(string) <= LONGEST:
            if len(self) >= REMEMBERED:
                self.clear()
            self[string] = found
        return found


@dataclass(slots=True, eq=False)
class _Term:
    """A word or phrase, and whose it is."""

    patterns: tuple[int, ...]  # of its words in order
    anchor: int  # which of them it is looked up by
    beside: int  # how far from the anchor a word stands that is asked for next; 0 where it has one word
    groups: tuple[int, ...] = ()  # those whose term it is
    written: tuple[str, ...] = ()  # as it stands in each of them
    taken: tuple[int, ...] = ()  # those that have it as -term: it takes away what it covers


@dataclass(frozen=True, slots=True)
class Word:
    """What a folded word is to the rules."""

    patterns: frozenset[int]
    touches: tuple[int, ...]  # the groups that may have a term here
    groups: tuple[int, ...]  # those that have one of this word alone
    taken: tuple[int, ...]  # those from which it is taken away
    phrases: tuple[tuple[int, Mapping[int, Sequence[_Term]]], ...]
    """Those whose anchor it is: by how far away another word of theirs stands, then by that word's pattern."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A term that stands in a text."""

    words: str  # as the text spells them
    term: str  # as feeds.yml has it
    of: str  # the list that has it; "": it stands in the rule itself
    forms: tuple[str, ...]  # each folded word: clitics, stem and ending, parted by +


class Lexicon:
    """Filled with `add`; then it only answers, and may be shared by threads."""

    def __init__(self) -> None:
        self._patterns: dict[WordForms, int] = {}
        self._terms: dict[tuple[int, ...], _Term] = {}
        self._anchored: dict[int, list[_Term]] = defaultdict(list)  # by the anchor's pattern
        self._shapes: dict[str, list[tuple[Shape, int]]] = defaultdict(list)  # by stem
        self._lengths: dict[str, set[int]] = defaultdict(set)  # of the stems that begin with these two letters
        self._openings: dict[str, set[str]] = defaultdict(set)  # by the first letter of a word
        self._heads: set[str] = set()  # the first letters, HEAD at most, of all words that meet a pattern,
        self._stubs: set[str] = set()  # but for those of which fewer are certain
        self._meanings: dict[frozenset[int], Word] = {}  # by all the patterns that a word meets
        self._words = _Memo(self._word)
        self._tokens = _Memo(self._token)
        self._spelt = _Memo(shown)

    # --- filling it ------------------------------------------------------------------------------------------------

    def add(self, written: str, words: Sequence[WordForms], group: int, *, counts: bool) -> None:
        """Make a word or phrase a term of a group; or, where it does not count, what takes terms away from it."""
        patterns = tuple(self._pattern(forms) for forms in words)
        term = self._terms.get(patterns)
        if term is None:
            # the longest word is nearly always the rarest; then the next longest
            anchor, *others = sorted(range(len(words)), key=lambda at: -len(words[at][0].stem) if words[at] else 0)
            term = self._terms[patterns] = _Term(patterns, anchor, others[0] - anchor if others else 0)
            self._anchored[patterns[anchor]].append(term)
        if counts and group not in term.groups:
            term.groups += (group,)
            term.written += (written,)
        elif not counts and group not in term.taken:
            term.taken += (group,)

    def _pattern(self, forms: WordForms) -> int:
        if not forms:
            return _ANY
        known = self._patterns.get(forms)
        if known is not None:
            return known
        pattern = self._patterns[forms] = len(self._patterns)
        for shape in forms:
            self._shapes[shape.stem].append((shape, pattern))
            self._lengths[shape.stem[:2]].add(len(shape.stem))
            for opening in shape.openings:
                self._openings[opening[:1]].add(opening)
                self._expect(opening + shape.stem, shape.endings)
        return pattern

    def _expect(self, certain: str, endings: frozenset[str] | None) -> None:
        if len(certain) >= HEAD:
            self._heads.add(certain[:HEAD])
        elif endings is None:
            self._stubs.add(certain)
        else:
            self._heads.update((certain + ending)[:HEAD] for ending in endings)

    # --- a word ----------------------------------------------------------------------------------------------------

    def _token(self, token: str) -> tuple[Word | None, ...]:
        words = tuple(map(self._words.__getitem__, normal(token)))
        return _UNKNOWN if words == _UNKNOWN else words  # most are: 20,000 tuples of them were 1 MB

    def _word(self, word: str) -> Word | None:
        """None for a word that meets no pattern."""
        if not (word[:HEAD] in self._heads or word[:3] in self._stubs or word[:2] in self._stubs):
            return None
        patterns = frozenset(self._met(word))
        if not patterns:
            return None
        # Words that meet the same patterns are one: after strike* any letters may stand, and each is 3 KB of phrases.
        meaning = self._meanings.get(patterns)
        if meaning is None:
            meaning = self._meanings[patterns] = self._meaning(patterns)
        return meaning

    def _meaning(self, patterns: frozenset[int]) -> Word:
        terms = [term for pattern in patterns for term in self._anchored.get(pattern, ())]
        alone = [term for term in terms if not term.beside]
        phrases: dict[int, dict[int, list[_Term]]] = defaultdict(lambda: defaultdict(list))
        for term in terms:
            if term.beside:
                phrases[term.beside][term.patterns[term.anchor + term.beside]].append(term)
        return Word(
            patterns,
            tuple({group for term in terms for group in term.groups}),
            tuple({group for term in alone for group in term.groups}),
            tuple({group for term in alone for group in term.taken}),
            tuple(phrases.items()),
        )

    def _met(self, word: str) -> Iterator[int]:
        for opening in ("", *self._openings.get(word[:1], ())):
            start = len(opening)
            if not word.startswith(opening):
                continue
            for length in self._lengths.get(word[start : start + 2], ()):
                end = start + length
                for shape, pattern in self._shapes.get(word[start:end], ()):
                    if opening in shape.openings and (shape.endings is None or word[end:] in shape.endings):
                        yield pattern

    # --- a text ----------------------------------------------------------------------------------------------------

    def read(self, words: str) -> list[Word | None]:
        """What each word of a text is to the rules."""
        if words.isascii():
            return [*map(self._words.__getitem__, words.translate(FOLDED).split())]
        return [*chain.from_iterable(map(self._tokens.__getitem__, words.split()))]

    def spelt(self, words: str) -> list[str]:
        """The words that `read` reads, as the text spells them."""
        if words.isascii():
            return words.translate(SPELT).split()
        return [*chain.from_iterable(map(self._spelt.__getitem__, words.split()))]

    def reasons(self, title: str, summary: str, spans: Iterable[Span], lists: Mapping[int, str]) -> Iterator[Reason]:
        """Which terms of these groups, each with the name of its list, stand at these places. Slow: for people."""
        folded = [word for token in f"{title} {summary}".split() for word in normal(token)]
        spelt, words, title_ends = self.spelt(f"{title} {summary}"), self.read(title), len(self.read(title))
        words += self.read(summary)
        for start, end in sorted(set(spans)):
            for term in self._terms.values():
                if len(term.patterns) != end - start or not _stands(term, start + term.anchor, words, title_ends):
                    continue
                parts = tuple(map(self._parts, folded[start:end], term.patterns))
                for group, written in zip(term.groups, term.written, strict=True):
                    if group in lists:
                        yield Reason(" ".join(spelt[start:end]), written, lists[group], parts)

    def _parts(self, word: str, pattern: int) -> str:
        """A word with its clitics and ending parted from its stem: "ול+איראן"."""
        forms = next((forms for forms, number in self._patterns.items() if number == pattern), ())
        for shape in forms:
            for opening in sorted(shape.openings, key=len):
                ending = word.removeprefix(opening + shape.stem)
                if word == opening + shape.stem + ending and (shape.endings is None or ending in shape.endings):
                    return "+".join(filter(None, (opening, shape.stem, ending)))
        return word  # any word: *


def find(words: Sequence[Word | None], title_ends: int) -> Found:
    """Where the terms of each group stand."""
    spans: dict[int, list[Span]] = {}
    taken: dict[int, list[Span]] = {}
    for at, word in enumerate(words):
        if word is None:
            continue
        for group in word.groups:
            spans.setdefault(group, []).append((at, at + 1))
        for group in word.taken:
            taken.setdefault(group, []).append((at, at + 1))
        for term in _phrases(word, at, words, title_ends) if word.phrases else ():
            span = at - term.anchor, at - term.anchor + len(term.patterns)
            for group in term.groups:
                spans.setdefault(group, []).append(span)
            for group in term.taken:
                taken.setdefault(group, []).append(span)
    for group, covers in taken.items():
        if group in spans:
            spans[group] = [span for span in spans[group] if not _covered(span, covers)]
    return Found(title_ends, spans)


def _phrases(word: Word, at: int, words: Sequence[Word | None], title_ends: int) -> list[_Term]:
    """The phrases whose anchor stands at a place, and all their other words around it."""
    found: list[_Term] = []
    for beside, by_pattern in word.phrases:
        other = words[at + beside] if 0 <= at + beside < len(words) else None
        for pattern in other.patterns if other is not None else ():
            if pattern in by_pattern:
                found += [term for term in by_pattern[pattern] if _stands(term, at, words, title_ends)]
    return found


def _stands(term: _Term, at: int, words: Sequence[Word | None], title_ends: int) -> bool:
    start = at - term.anchor
    end = start + len(term.patterns)
    if start < 0 or end > len(words) or start < title_ends < end:
        return False  # a phrase never crosses from the title to the summary
    for pattern, word in zip(term.patterns, words[start:end], strict=True):
        if pattern != _ANY and (word is None or pattern not in word.patterns):
            return False
    return True


def _covered(span: Span, covers: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in covers)
