"""All terms of all rules, looked up by the words of a text: what each word may begin, and what stands where.

token -> folded words -> the patterns that each of them meets -> terms. What was found out about a token is remembered,
since the words of news recur: most tokens of a headline cost one look into a dict.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from wirekin.topics._forms import Shape, WordForms, normal, shown
from wirekin.topics._grammar import Found, Span

__all__ = ["Lexicon"]

REMEMBERED = 1 << 15  # tokens, 5 MB; then all are forgotten and met anew
LONGEST = 40  # letters of a token that is worth remembering

_ANY = -1  # the pattern of a lone *

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
    groups: list[int] = field(default_factory=list)  # those whose term it is
    taken: list[int] = field(default_factory=list)  # those that it was written into as -term: it takes away what it covers


@dataclass(frozen=True, slots=True)
class _Word:
    """What a folded word is to the rules."""

    patterns: frozenset[int] = frozenset()
    terms: tuple[_Term, ...] = ()  # of this word alone
    phrases: tuple[tuple[int, Mapping[int, Sequence[_Term]]], ...] = ()  # those whose anchor it is
    """By how far away another word of theirs stands, then by that word's pattern."""

    def all_terms(self) -> Iterator[_Term]:
        """Those that may stand where the word does."""
        yield from self.terms
        for _, by_pattern in self.phrases:
            yield from chain.from_iterable(by_pattern.values())


_NO_WORD = _Word()


class Lexicon:
    """Filled with `add`; then it only answers, and may be shared by threads."""

    def __init__(self) -> None:
        self._patterns: dict[WordForms, int] = {}
        self._terms: dict[tuple[int, ...], _Term] = {}
        self._anchored: dict[int, list[_Term]] = defaultdict(list)  # by the anchor's pattern
        self._shapes: dict[str, list[tuple[Shape, int]]] = defaultdict(list)  # by stem
        self._lengths: dict[str, tuple[int, ...]] = {}  # of the stems that begin with these two letters
        self._openings: dict[str, frozenset[str]] = {}  # by the first letter of a word
        self._words = _Memo(self._word)
        self._tokens = _Memo(lambda token: tuple(self._words[word] for word in normal(token)))
        self._touched = _Memo(self._groups)
        self._spelt = _Memo(shown)

    def add(self, words: Sequence[WordForms], group: int, *, counts: bool) -> None:
        """Make a word or phrase a term of a group; or, where it does not count, what takes terms away from it."""
        patterns = tuple(self._pattern(forms) for forms in words)
        term = self._terms.get(patterns)
        if term is None:
            # the longest word is the rarest, nearly always; then the next longest
            anchor, *others = sorted(range(len(words)), key=lambda at: -len(words[at][0].stem) if words[at] else 0)
            term = self._terms[patterns] = _Term(patterns, anchor, others[0] - anchor if others else 0)
            self._anchored[patterns[anchor]].append(term)
        groups = term.groups if counts else term.taken
        if group not in groups:
            groups.append(group)

    def _pattern(self, forms: WordForms) -> int:
        if not forms:
            return _ANY
        known = self._patterns.get(forms)
        if known is not None:
            return known
        pattern = self._patterns[forms] = len(self._patterns)
        for shape in forms:
            self._shapes[shape.stem].append((shape, pattern))
            head = shape.stem[:2]
            self._lengths[head] = tuple(sorted({*self._lengths.get(head, ()), len(shape.stem)}))
            for opening in shape.openings:
                first = opening[:1]
                self._openings[first] = self._openings.get(first, frozenset()) | {opening}
        return pattern

    # --- what a string is to the rules: found out once -------------------------------------------------------------

    def _groups(self, token: str) -> tuple[int, ...]:
        words = self._tokens[token]
        return tuple({group for word in words for term in word.all_terms() for group in term.groups})

    def _word(self, word: str) -> _Word:
        patterns = frozenset(self._met(word))
        if not patterns:
            return _NO_WORD
        terms = [term for pattern in patterns for term in self._anchored.get(pattern, ())]
        phrases: dict[int, dict[int, list[_Term]]] = defaultdict(lambda: defaultdict(list))
        for term in terms:
            if term.beside:
                phrases[term.beside][term.patterns[term.anchor + term.beside]].append(term)
        return _Word(patterns, tuple(term for term in terms if not term.beside), tuple(phrases.items()))

    def _met(self, word: str) -> Iterable[int]:
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

    def touched(self, title: str, summary: str) -> set[int]:
        """The groups that a word of the text may belong to: no other group has a term in it."""
        return set().union(*filter(None, map(self._touched.__getitem__, f"{title} {summary}".split())))

    def find(self, title: str, summary: str) -> Found:
        """Where the terms of each group stand."""
        words = [*chain.from_iterable(map(self._tokens.__getitem__, title.split()))]
        title_ends = len(words)
        words += chain.from_iterable(map(self._tokens.__getitem__, summary.split()))
        spans: dict[int, list[Span]] = {}
        taken: dict[int, list[Span]] = {}
        for at, word in enumerate(words):
            for term in chain(word.terms, _phrases(word, at, words, title_ends)) if word.phrases else word.terms:
                start = at - term.anchor
                span = start, start + len(term.patterns)
                for group in term.groups:
                    spans.setdefault(group, []).append(span)
                for group in term.taken:
                    taken.setdefault(group, []).append(span)
        for group, covers in taken.items():
            if group in spans:
                spans[group] = [span for span in spans[group] if not _covered(span, covers)]
        return Found(title_ends, spans)

    def spelt(self, words: str) -> list[str]:
        """The words that places count, as the text spells them."""
        return [*chain.from_iterable(map(self._spelt.__getitem__, words.split()))]


def _phrases(word: _Word, at: int, words: Sequence[_Word], title_ends: int) -> Iterator[_Term]:
    """The phrases whose anchor stands at a place, and all their other words beside it."""
    for beside, by_pattern in word.phrases:
        if 0 <= at + beside < len(words):
            for pattern in words[at + beside].patterns:
                for term in by_pattern.get(pattern, ()):
                    if _stands(term, at, words, title_ends):
                        yield term


def _stands(term: _Term, at: int, words: Sequence[_Word], title_ends: int) -> bool:
    start = at - term.anchor
    end = start + len(term.patterns)
    if start < 0 or end > len(words) or start < title_ends < end:
        return False  # a phrase never crosses from the title to the summary
    return all(
        pattern == _ANY or pattern in word.patterns
        for pattern, word in zip(term.patterns, words[start:end], strict=True)
    )


def _covered(span: Span, covers: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in covers)
