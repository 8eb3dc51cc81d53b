"""The lexicon of all terms of all rules: which of them stand in a text, and where.

text -> folded words -> the patterns that each of them meets (`_patterns`) -> terms of one word, and phrases by their
rarest word -> places by group. What is found out about a word is cached (`Known`), since the words of news recur: two
headlines in three need a single set operation, which finds that all their words are dull: no term is looked up at them.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from wirekin.topics._forms import SPELT, parted, shown
from wirekin.topics._grammar import Found, Span
from wirekin.topics._patterns import ANY, ASCII_HEAD, SCRIPTS, Added, Beside, Patterns, Phrase, Phrases, bits

__all__ = ["REMEMBERED", "Known", "Lexicon", "Met", "Read", "Reason", "find", "found_of", "places"]

# Words in each of three caches: those that meet a pattern, the dull ones, and the previous generation of dull ones.
# 98 news and blog feeds of several languages have 22,000 words. With half the size, texts that come again took a sixth
# longer (2026-11-30). A dull word takes some 110 octets, 300 at most.
REMEMBERED = 1 << 15
LONGEST = 40  # letters of a word that is worth caching
NUMBERS = 1 << 24  # pattern numbers that each script has to itself, so that a number tells its script
_PARTS = ("", *SCRIPTS)


@dataclass(slots=True, eq=False)  # not frozen: that takes four times as long to make
class Word:
    """What a folded word means to the rules; never changed but for `_beside`, which is made on first use."""

    patterns: tuple[int, ...] = ()
    touches: int = 0  # bitmask of the groups that may have a term here
    groups: tuple[int, ...] = ()  # the groups that have this word alone as a term
    taken: tuple[int, ...] = ()  # the groups that exclude it
    phrases: tuple[Phrases, ...] = ()  # those whose anchor it is
    alone: int = 0  # bitmask of `groups`
    is_dull: bool = True  # no term is looked up here, though the word may continue a phrase
    _beside: tuple[tuple[int, Container[int]], ...] | None = None

    def beside(self) -> tuple[tuple[int, Container[int]], ...]:
        """For its phrases: the offset of their second word, and the patterns of which that word must meet one."""
        if self._beside is None:
            self._beside = tuple([beside for phrases in self.phrases for beside in phrases.beside().items()])
        return self._beside


NO_WORD = Word()


class Known(dict[str, Word]):
    """A cache of words that meet a pattern; `known[word]` adds a new one. None is removed, so threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        # Dull words meet no pattern, or none at which a term is looked up. A thousand feeds have more of them than are
        # worth the memory, so a full set is dropped; but first it is kept as the previous generation, as most recur.
        self.dull: set[str] = set()
        self._before: set[str] = set()
        self._lexicon = lexicon

    def __missing__(self, word: str) -> Word:
        lexicon = self._lexicon
        patterns: list[int] = []
        for part in lexicon.asked[word[:2]]:
            if met := part.met(word):
                patterns += met
        meaning = lexicon.meaning(patterns) if patterns else NO_WORD
        if patterns and len(word) <= LONGEST:
            self[word] = meaning
            if len(self) >= REMEMBERED and lexicon.known is self:
                lexicon.known = Known(lexicon)  # from the next text on
        return meaning

    def meet(self, words: Iterable[str]) -> None:
        """Classify the words that are neither dull nor known, so that `at` can look them up."""
        before = self._before
        heads, stubs = self._lexicon.beginnings
        dull: list[str] = []
        for word in words:
            if word in self or word in self.dull:
                continue
            # This test settles three new words in four, in a sixth of the time that `met` would take.
            begins_a_term = not word.isascii() or word[:ASCII_HEAD] in heads or word[:2] in stubs
            if word in before or not begins_a_term or self[word].is_dull:
                dull.append(word)
        self._remember(dull)

    def _remember(self, dull: Iterable[str]) -> None:
        self.dull.update([word for word in dull if len(word) <= LONGEST])
        if len(self.dull) >= REMEMBERED:
            self._before, self.dull = self.dull, set()  # a new set: threads may be reading the old one

    def near(self, words: Sequence[str]) -> int:
        """Bitmask of the groups that may have a term in a text; a phrase counts if a second word is in its place.

        "warns people" is looked up at each "warns". Of 2,864 texts of news and blog feeds 1,115 have the words that a
        rule needs, and 95 have them side by side (2026-11-30).
        """
        near, dull, get, count = 0, self.dull, self.get, len(words)
        places = [at for at, word in enumerate(words) if word not in dull]
        if None in [get(words[at]) for at in places]:
            self.meet([words[at] for at in places])
        for at in places:
            word = self.at(words[at])
            near |= word.alone
            for beside, patterns in word.beside():
                there = at + beside
                if 0 <= there < count and (other := get(words[there]) or self.at(words[there])).patterns:
                    for pattern in other.patterns:
                        if pattern in patterns:
                            near |= word.touches
        return near

    def at(self, word: str) -> Word:
        """Look up a word that `meet` has classified."""
        return self.get(word) or (NO_WORD if len(word) <= LONGEST else self[word])


class Asked(dict[str, tuple[Patterns, ...]]):
    """The first two letters of a word -> the `Patterns` that it may meet."""

    def __init__(self, part: Callable[[str], Patterns]) -> None:
        super().__init__()
        self._part = part

    def __missing__(self, start: str) -> tuple[Patterns, ...]:
        # Only words that begin with a letter of a script meet its terms.
        scripts = ["", *[name for name, letters in SCRIPTS.items() if letters.match(start)]]
        asked = tuple([part for part in map(self._part, scripts) if part.may_begin(start)])
        if len(self) >= REMEMBERED:
            self.clear()
        self[start] = asked
        return asked


Read = tuple[Sequence[str], int, Known]
"""The folded words of a text, where its title ends, and the cache of words. It is a plain tuple, since one is made for
every other headline and anything with named fields takes five times as long to make."""


Met = tuple[int, Mapping[int, list[Span]], Mapping[int, list[Span]]]
"""Where a text's title ends, and by group the places of its terms and of its exclusions."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A term that stands in a text."""

    words: str  # as the text spells them
    term: str  # as feeds.yml has it
    of: str  # the list that has it; "": it stands in the rule itself
    forms: tuple[str, ...]  # each folded word: clitics, stem and ending, with + between


class Lexicon:
    """The terms given to `add`, and the caches for them; once a text was read, threads may share it."""

    def __init__(self) -> None:
        self._added: list[Added] = []
        self._parts: dict[str, Patterns] = {}  # by script; "": the terms that may stand in a text of any
        self._meanings: dict[tuple[int, ...], Word] = {}  # by all the patterns that a word meets
        self.asked = Asked(self._part)
        self.known = Known(self)

    def add(self, terms: Added) -> None:
        """Add terms, before the first text is read."""
        self._added.append(terms)

    def _part(self, script: str) -> Patterns:
        """The patterns of a script, expanded at its first text: few commands read texts, few people read all scripts.

        Threads may do so at the same time, with the same result.
        """
        part = self._parts.get(script)
        if part is None:
            apart = [added.apart() for added in self._added if script in {"", added.script}]
            own = [inside if script else rest for inside, rest in apart]
            part = self._parts[script] = Patterns(own, _PARTS.index(script) * NUMBERS)
        return part

    def _owner(self, pattern: int) -> Patterns:
        """The `Patterns` that a pattern belongs to."""
        script = _PARTS[max(pattern, 0) // NUMBERS]
        return self._parts.get(script) or self._part(script)

    def forget(self) -> None:
        """Free the expanded terms, 15 MB, and the caches of words; both are made again on demand."""
        for memory in (self._parts, self._meanings, self.asked):
            memory.clear()
        self.known = Known(self)

    # --- words -----------------------------------------------------------------------------------------------------

    @property
    def beginnings(self) -> tuple[Container[str], Container[str]]:
        """What ASCII words that meet a pattern begin with, as in `Patterns.beginnings`."""
        return self._part("").beginnings

    def meaning(self, met: Sequence[int]) -> Word:
        """The one `Word` for all words that meet these patterns: after strike* any letters may stand."""
        patterns = tuple(met) if len(met) == 1 else tuple(sorted(set(met)))
        known = self._meanings.get(patterns)
        if known is not None:
            return known
        touches, groups, taken, phrases = self._owner(patterns[0]).anchored(patterns[0])
        for pattern in patterns[1:]:
            touched, own, lost, more = self._owner(pattern).anchored(pattern)
            touches |= touched
            groups, taken, phrases = (*groups, *own), (*taken, *lost), (*phrases, *more)
        if len(patterns) > 1:
            groups, taken = tuple(dict.fromkeys(groups)), tuple(dict.fromkeys(taken))
        is_dull = not (touches or taken or phrases)
        meaning = self._meanings[patterns] = Word(patterns, touches, groups, taken, phrases, bits(groups), is_dull)
        return meaning

    # --- a text ----------------------------------------------------------------------------------------------------

    def read(self, title: str, summary: str) -> Read:
        """Read a text, whatever its words mean to the rules."""
        known, words = self.known, parted(title).split()
        title_ends = len(words)
        words += parted(summary).split()
        known.meet(words)
        return words, title_ends, known

    @staticmethod
    def spelt(words: str) -> list[str]:
        """The words that `read` reads, as the text spells them."""
        if words.isascii():
            return words.encode().translate(SPELT).decode().split()
        return [*chain.from_iterable(map(shown, words.split()))]

    def reasons(self, title: str, summary: str, spans: Iterable[Span], lists: Mapping[int, str]) -> Iterator[Reason]:
        """The terms at these places, of the groups in `lists` (group -> name of its list). Slow: for people."""
        spelt, (words, title_ends, known) = self.spelt(f"{title} {summary}"), self.read(title, summary)
        terms = [term for part in list(self._parts.values()) for term in part.terms()]
        for start, end in sorted(set(spans)):
            for phrase, (groups, texts, _) in terms:
                if len(phrase) != end - start or not _stands(phrase, start, words, title_ends, known):
                    continue
                there = zip(words[start:end], phrase, strict=True)
                parts = tuple(self._owner(pattern).parts(word, pattern) for word, pattern in there)
                for group, written in zip(groups, texts, strict=True):
                    if group in lists:
                        yield Reason(" ".join(spelt[start:end]), written, lists[group], parts)


def find(words: Sequence[str], title_ends: int, known: Known) -> Found:
    """Find where the terms of each group stand in a text."""
    return found_of(places(words, title_ends, known))


def found_of(met: Met) -> Found:
    """The places of each group's terms, without those that an exclusion of the group covers."""
    title_ends, met_spans, taken = met
    spans = {**met_spans}
    for group, covers in taken.items():
        if group in spans:
            spans[group] = [span for span in spans[group] if not _covered(span, covers)]
    return Found(title_ends, spans)


def places(words: Sequence[str], title_ends: int, known: Known) -> Met:
    """Find the terms and the exclusions of each group; separately, since a part of the text may lack an exclusion."""
    spans: dict[int, list[Span]] = {}
    taken: dict[int, list[Span]] = {}
    dull = known.dull
    for at, written in enumerate(words):
        if written in dull:
            continue
        word = known[written]
        for group in word.groups:
            spans.setdefault(group, []).append((at, at + 1))
        for group in word.taken:
            taken.setdefault(group, []).append((at, at + 1))
        for phrases in word.phrases:
            for start, phrase in _around(at, phrases.beside(), words, title_ends, known):
                groups, _, lost = phrases.said[phrase]
                span = start, start + len(phrase)
                for group in groups:
                    spans.setdefault(group, []).append(span)
                for group in lost:
                    taken.setdefault(group, []).append(span)
    return title_ends, spans, taken


def _around(at: int, phrases: Beside, words: Sequence[str], title_ends: int, known: Known) -> list[tuple[int, Phrase]]:
    """The phrases that stand in the text with their anchor at a place, each with its start."""
    found: list[tuple[int, Phrase]] = []
    for beside, by_pattern in phrases.items():
        there = at + beside
        if not 0 <= there < len(words) or (at < title_ends) is not (there < title_ends):
            continue
        for pattern in known.at(words[there]).patterns:
            for anchor, phrase in by_pattern.get(pattern, ()):
                if len(phrase) == 2 or _stands(phrase, at - anchor, words, title_ends, known):
                    found.append((at - anchor, phrase))
    return found


def _stands(phrase: Phrase, start: int, words: Sequence[str], title_ends: int, known: Known) -> bool:
    end = start + len(phrase)
    if start < 0 or end > len(words) or start < title_ends < end:
        return False  # a phrase never crosses from the title to the summary
    there = zip(phrase, words[start:end], strict=True)
    return all(pattern == ANY or pattern in known.at(word).patterns for pattern, word in there)


def _covered(span: Span, covers: Sequence[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in covers)
