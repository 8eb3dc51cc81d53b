"""All terms of all rules, looked up by the words of a text: what each word may begin, and what stands where.

text -> folded words -> the patterns that each of them meets -> terms. What was found out about a word is remembered,
since the words of news recur: most words of a headline cost one look into a dict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, filterfalse

from wirekin.topics._forms import SPELT, normal, parted, shown
from wirekin.topics._grammar import Found, Span
from wirekin.topics._patterns import ANY, SCRIPTS, Added, Patterns, Term, bits

__all__ = ["Known", "Lexicon", "Reason", "Word", "find", "standing"]

REMEMBERED = 1 << 14  # words of a memory; then all are forgotten and met anew. Three of twice as many held 18 MB, and a
# first poll of 1,000 feeds was no faster for it, 2026-11-29
LONGEST = 40  # letters of a word that is worth remembering
NUMBERS = 1 << 24  # of patterns that the terms of one script may have
_PARTS = ("", *SCRIPTS)

Phrases = dict[int, dict[int, list[Term]]]
"""By how far away from their anchor another word of theirs stands, then by that word's pattern."""


@dataclass(slots=True, eq=False)  # not frozen: that takes four times as long to make
class Word:
    """What a folded word is to the rules; never changed, but that its phrases are told when they are asked for."""

    patterns: frozenset[int]
    touches: int = 0  # the groups that may have a term here, a bit each
    groups: tuple[int, ...] = ()  # those that have one of this word alone
    taken: tuple[int, ...] = ()  # those from which it is taken away
    anchors: Callable[[], Phrases] | None = None  # the phrases whose anchor it is; None: it is of none
    _phrases: Phrases | None = None

    @property
    def phrases(self) -> Phrases:
        """The phrases whose anchor it is: of most no text ever asks."""
        if self._phrases is None:
            self._phrases = self.anchors() if self.anchors else {}
        return self._phrases


@dataclass(slots=True, eq=False)
class Known:
    """What was found out about words. Nothing leaves it, so that threads may share it: a full one is replaced."""

    dull: set[str] = field(default_factory=set)  # words at which no term is looked up, some of which go on a phrase
    words: dict[str, Word] = field(default_factory=dict)  # those that meet a pattern; there before they are dull


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
        self.known = Known()

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
        self._meanings.clear()
        self.known = Known()

    # --- words -----------------------------------------------------------------------------------------------------

    def _learn(self, known: Known, new: Sequence[str]) -> Mapping[str, Word]:
        """Find out what words are. All that are known to meet a pattern, and those of them too long to remember."""
        together = " ".join(new)
        met = self._met(new, together)
        words = {word: self._meanings.get(patterns) or self._meaning(patterns) for word, patterns in met.items()}
        dull = [word for word in new if word not in words or not words[word].touches] if words else new
        if len(known.dull) + len(known.words) + len(new) > REMEMBERED:
            self.known = Known()  # from the next text on
        long: dict[str, Word] = {}
        if len(together) > LONGEST and len(max(new, key=len)) > LONGEST:
            long = {word: words.pop(word) for word in met if len(word) > LONGEST}
            dull = [word for word in dull if len(word) <= LONGEST]
        known.words.update(words)
        known.dull.update(dull)
        return {**known.words, **long} if long else known.words

    def _met(self, new: Sequence[str], together: str) -> dict[str, frozenset[int]]:
        """The patterns of words that meet any."""
        first, *others = self._asked(together)
        met = first.met(new)
        for part in others:
            for word, patterns in part.met(new).items():
                met[word] = met[word] | patterns if word in met else patterns
        return met

    def _meaning(self, patterns: frozenset[int]) -> Word:
        """What words are that meet the same patterns: they are one, after strike* any letters may stand."""
        touches, anchors = 0, False
        groups: tuple[int, ...] = ()
        taken: tuple[int, ...] = ()
        for pattern in patterns:
            touched, own, lost, has_phrases = self._owner(pattern).anchored(pattern)
            touches, anchors = touches | touched, anchors or has_phrases
            groups, taken = groups + own, taken + lost
        if len(patterns) > 1:
            groups, taken = tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(taken))
        phrases = partial(self._phrases, patterns) if anchors else None
        meaning = self._meanings[patterns] = Word(patterns, touches, groups, taken, phrases)
        return meaning

    def _phrases(self, patterns: frozenset[int]) -> Phrases:
        phrases: Phrases = {}
        for term in chain.from_iterable(self._owner(pattern).phrases(pattern) for pattern in patterns):
            by_pattern = phrases.setdefault(term.beside, {})
            by_pattern.setdefault(term.patterns[term.anchor + term.beside], []).append(term)
        return phrases

    # --- a text ----------------------------------------------------------------------------------------------------

    def sift(self, folded: Sequence[str]) -> tuple[int, Mapping[str, Word]]:
        """The groups that the words of a text touch, and what words are that meet a pattern: its own and others."""
        known = self.known
        telling = [*filterfalse(known.dull.__contains__, folded)]
        words: Mapping[str, Word] = known.words
        meant = [*map(words.get, telling)]
        if None in meant:
            words = self._learn(known, [word for word in telling if word not in words])
            meant = [*map(words.get, telling)]
        touches = 0
        for word in filter(None, meant):
            touches |= word.touches
        return touches, words

    def read(self, words: str) -> list[Word | None]:
        """What each word of a text is to the rules; None for one that meets no pattern."""
        folded = parted(words).split()
        return [*map(self.sift(folded)[1].get, folded)]

    @staticmethod
    def spelt(words: str) -> list[str]:
        """The words that `read` reads, as the text spells them."""
        if words.isascii():
            return words.translate(SPELT).split()
        return [*chain.from_iterable(map(shown, words.split()))]

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
        for term in _phrases(word, at, words, title_ends) if word.anchors else ():
            span = at - term.anchor, at - term.anchor + len(term.patterns)
            for group in term.groups:
                spans.setdefault(group, []).append(span)
            for group in term.taken:
                taken.setdefault(group, []).append(span)
    for group, covers in taken.items():
        if group in spans:
            spans[group] = [span for span in spans[group] if not _covered(span, covers)]
    return Found(title_ends, spans)


def standing(words: Sequence[Word | None], title_ends: int) -> int:
    """The groups of which a term stands in a text, taken away or not: a part of the text may be without what takes."""
    groups: set[int] = set()
    for at, word in enumerate(words):
        if word is not None:
            groups.update(word.groups)
            for term in _phrases(word, at, words, title_ends) if word.anchors else ():
                groups.update(term.groups)
    return bits(tuple(groups))


def _phrases(word: Word, at: int, words: Sequence[Word | None], title_ends: int) -> list[Term]:
    """The phrases whose anchor stands at a place, and all their other words around it."""
    found: list[Term] = []
    for beside, by_pattern in word.phrases.items():
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
