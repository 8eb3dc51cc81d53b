"""All terms of all rules, looked up by the words of a text: what each word may begin, and what stands where.

text -> folded words -> the patterns that each of them meets -> terms. What was found out about a word is remembered,
since the words of news recur: most words of a headline cost one look into a dict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from wirekin.topics._forms import SPELT, normal, parted, shown
from wirekin.topics._grammar import Found, Span
from wirekin.topics._patterns import ANY, SCRIPTS, Added, Patterns, Term

__all__ = ["Lexicon", "Memo", "Reason", "Word", "find", "standing"]

REMEMBERED = 1 << 14  # keys of a memory; then all are forgotten and met anew. Three of twice as many held 18 MB, and a
# first poll of 1,000 feeds was no faster for it, 2026-11-29
LONGEST = 40  # letters of a word that is worth remembering
NUMBERS = 1 << 24  # of patterns that the terms of one script may have
_PARTS = ("", *SCRIPTS)

K = TypeVar("K", bound=Collection[object])
V = TypeVar("V")


class Memo(dict[K, V]):
    """What was found out about keys; `memo[key]` finds it out where it is new."""

    def __init__(self, find: Callable[[K], V]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: K) -> V:
        found = self._find(key)
        if len(key) <= LONGEST:
            self.learn({key: found})
        return found

    def learn(self, found: Mapping[K, V]) -> None:
        """Remember what was found out elsewhere."""
        if len(self) >= REMEMBERED:
            self.clear()
        self.update(found)


@dataclass(slots=True, eq=False)  # not frozen: that takes four times as long to make
class Word:
    """What a folded word is to the rules; never changed."""

    patterns: frozenset[int]
    touches: tuple[int, ...] = ()  # the groups that may have a term here
    groups: tuple[int, ...] = ()  # those that have one of this word alone
    taken: tuple[int, ...] = ()  # those from which it is taken away
    phrases: tuple[tuple[int, Mapping[int, Sequence[Term]]], ...] = ()
    """Those whose anchor it is: by how far away another word of theirs stands, then by that word's pattern."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A term that stands in a text."""

    words: str  # as the text spells them
    term: str  # as feeds.yml has it
    of: str  # the list that has it; "": it stands in the rule itself
    forms: tuple[str, ...]  # each folded word: clitics, stem and ending, parted by +


class Lexicon:
    """Given terms by `add`; once a text was read it only answers, and may be shared by threads."""

    def __init__(self) -> None:
        self._added: list[Added] = []
        self._parts: dict[str, Patterns] = {}  # by script; "": the terms that may stand in a text of any
        self._meanings: dict[frozenset[int], Word] = {}  # by all the patterns that a word meets
        self._words = Memo(self._word)
        self._spelt = Memo(shown)

    def add(self, terms: Added) -> None:
        """Take terms, before the first text comes."""
        self._added.append(terms)

    def _asked(self, folded: str) -> list[Patterns]:
        """The terms that may stand in a text, by the scripts that it is written in."""
        if folded.isascii():
            return [self._part("")]
        return [self._part(""), *[self._part(name) for name, letter in SCRIPTS.items() if letter.search(folded)]]

    def _part(self, script: str) -> Patterns:
        """The terms of a script, expanded when its first text comes: few commands bring any, and few people read all.

        Threads may do it at once, and find the same.
        """
        part = self._parts.get(script)
        if part is None:
            apart = [added.apart() for added in self._added]
            own = [inside if script else rest for name, inside, rest in apart if script in {"", name}]
            part = self._parts[script] = Patterns(own, _PARTS.index(script) * NUMBERS)
        return part

    def _owner(self, pattern: int) -> Patterns:
        """Whose a pattern is."""
        return self._part(_PARTS[max(pattern, 0) // NUMBERS])

    def forget(self) -> None:
        """Give back the terms as they are expanded, 15 MB, and what is remembered of words: both are made anew."""
        self._parts.clear()
        for memory in (self._meanings, self._words, self._spelt):
            memory.clear()

    # --- a word ----------------------------------------------------------------------------------------------------

    def _word(self, word: str) -> Word | None:
        """None for a word that meets no pattern."""
        patterns = frozenset[int]().union(*[part.met(word) for part in self._asked(word)])
        if not patterns:
            return None
        # Words that meet the same patterns are one: after strike* any letters may stand, and each is 3 KB of phrases.
        meaning = self._meanings.get(patterns)
        if meaning is None:
            meaning = self._meanings[patterns] = self._meaning(patterns)
        return meaning

    def _meaning(self, patterns: frozenset[int]) -> Word:
        terms = [term for pattern in patterns for term in self._owner(pattern).anchored(pattern)]
        if not terms:  # a further word of phrases
            return Word(patterns)
        if len(terms) == 1 and not terms[0].beside:
            return Word(patterns, terms[0].groups, terms[0].groups, terms[0].taken)
        touches: set[int] = set()
        groups: set[int] = set()
        taken: set[int] = set()
        phrases: dict[int, dict[int, list[Term]]] = {}
        for term in terms:
            touches.update(term.groups)
            if term.beside:
                by_pattern = phrases.setdefault(term.beside, {})
                by_pattern.setdefault(term.patterns[term.anchor + term.beside], []).append(term)
            else:
                groups.update(term.groups)
                taken.update(term.taken)
        return Word(patterns, tuple(touches), tuple(groups), tuple(taken), tuple(phrases.items()))

    # --- a text ----------------------------------------------------------------------------------------------------

    def read(self, words: str) -> list[Word | None]:
        """What each word of a text is to the rules."""
        folded = parted(words).split()
        if new := [word for word in folded if word not in self._words]:
            self._find_strangers(new)
        return [*map(self._words.__getitem__, folded)]

    def _find_strangers(self, words: Sequence[str]) -> None:
        """Remember the words that meet no pattern: together, for one by one they take longer."""
        folded = " ".join(words)
        strangers: dict[str, Word | None] = dict.fromkeys(words)
        for word in self._may_meet(folded):
            strangers.pop(word, None)
        if len(folded) > LONGEST and any(len(word) > LONGEST for word in words):
            strangers = {word: None for word in strangers if len(word) <= LONGEST}
        self._words.learn(strangers)

    def _may_meet(self, folded: str) -> set[str]:
        if folded.isascii():
            return self._part("").may_meet(folded)
        first, *others = [part.may_meet(folded) for part in self._asked(folded)]
        return first.union(*others) if others else first

    def sifted(self, words: str) -> list[Word | None]:
        """What `read` gives; nothing for a text without a word at which a term is looked up, as nine in ten are."""
        folded = parted(words)
        hopeful = self._may_meet(folded)
        if not [word for word in map(self._words.__getitem__, hopeful) if word is not None and word.touches]:
            return []
        return [self._words[word] if word in hopeful else None for word in folded.split()]

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
            for term in chain.from_iterable(part.terms() for part in list(self._parts.values())):
                if len(term.patterns) != end - start or not _stands(term, start + term.anchor, words, title_ends):
                    continue
                there = zip(folded[start:end], term.patterns, strict=True)
                parts = tuple(self._owner(pattern).parts(word, pattern) for word, pattern in there)
                for group, written in zip(term.groups, term.written, strict=True):
                    if group in lists:
                        yield Reason(" ".join(spelt[start:end]), written, lists[group], parts)


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


def standing(words: Sequence[Word | None], title_ends: int) -> frozenset[int]:
    """The groups of which a term stands in a text, taken away or not: a part of the text may be without what takes."""
    groups: set[int] = set()
    for at, word in enumerate(words):
        if word is not None:
            groups.update(word.groups)
            for term in _phrases(word, at, words, title_ends) if word.phrases else ():
                groups.update(term.groups)
    return frozenset(groups)


def _phrases(word: Word, at: int, words: Sequence[Word | None], title_ends: int) -> list[Term]:
    """The phrases whose anchor stands at a place, and all their other words around it."""
    found: list[Term] = []
    for beside, by_pattern in word.phrases:
        there = at + beside
        other = words[there] if 0 <= there < len(words) else None
        if other is None or (at < title_ends) is not (there < title_ends):
            continue
        for pattern in other.patterns:
            if pattern in by_pattern:
                terms = by_pattern[pattern]
                found += [term for term in terms if len(term.patterns) == 2 or _stands(term, at, words, title_ends)]
    return found


def _stands(term: Term, at: int, words: Sequence[Word | None], title_ends: int) -> bool:
    start = at - term.anchor
    end = start + len(term.patterns)
    if start < 0 or end > len(words) or start < title_ends < end:
        return False  # a phrase never crosses from the title to the summary
    for pattern, word in zip(term.patterns, words[start:end], strict=True):
        if pattern != ANY and (word is None or pattern not in word.patterns):
            return False
    return True


def _covered(span: Span, covers: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in covers)
