"""All terms of all rules, looked up by the words of a text: what each word may begin, and what stands where.

text -> folded words -> the patterns that each of them meets -> terms. What was found out about a word is remembered,
since the words of news recur: two headlines in three end with one question to a set, whether it holds all their words.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from wirekin.topics._forms import SPELT, parted, shown
from wirekin.topics._grammar import Found, Span
from wirekin.topics._patterns import ANY, ASCII_HEAD, SCRIPTS, Added, Beside, Patterns, Phrase, Phrases, bits

__all__ = ["REMEMBERED", "Known", "Lexicon", "Met", "Read", "Reason", "find", "found_of", "places"]

# Words of each of three memories: those that meet a pattern, the dull, and the dull before these were full. 98 news and
# blog feeds of several languages have 22,000: with half as many as here, texts that come again took a sixth longer
# (2026-11-30). A dull word is some 110 octets, 300 at most.
REMEMBERED = 1 << 15
LONGEST = 40  # letters of a word that is worth remembering
NUMBERS = 1 << 24  # of patterns that the terms of one script may have
_PARTS = ("", *SCRIPTS)


@dataclass(slots=True, eq=False)  # not frozen: that takes four times as long to make
class Word:
    """What a folded word is to the rules; never changed but for `_beside`, made when first asked for."""

    patterns: tuple[int, ...] = ()
    touches: int = 0  # the groups that may have a term here, a bit each
    groups: tuple[int, ...] = ()  # those that have one of this word alone
    taken: tuple[int, ...] = ()  # those from which it is taken away
    phrases: tuple[Phrases, ...] = ()  # those whose anchor it is
    alone: int = 0  # `groups`, a bit each
    is_dull: bool = True  # no term is looked up here; yet it may go on a phrase
    _beside: tuple[tuple[int, Container[int]], ...] | None = None

    def beside(self) -> tuple[tuple[int, Container[int]], ...]:
        """Of its phrases, how far away a second word of them stands, and the patterns that it may meet there."""
        if self._beside is None:
            self._beside = tuple([beside for phrases in self.phrases for beside in phrases.beside().items()])
        return self._beside


NO_WORD = Word()


class Known(dict[str, Word]):
    """Words that meet a pattern; `known[word]` finds a new one out. None of them leaves it: threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        # Those at which no term is looked up, and all that meet no pattern; and what these were before they were full,
        # for most of them recur: a thousand feeds have more words than are worth their memory.
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
        """Find out about the words that are neither dull nor known: from then on `at` knows them."""
        before = self._before
        heads, stubs = self._lexicon.beginnings
        dull: list[str] = []
        for word in words:
            if word in self or word in self.dull:
                continue
            # Three new words in four end with this question, which `met` would take six times as long to ask.
            begins_a_term = not word.isascii() or word[:ASCII_HEAD] in heads or word[:2] in stubs
            if word in before or not begins_a_term or self[word].is_dull:
                dull.append(word)
        self._remember(dull)

    def _remember(self, dull: Iterable[str]) -> None:
        self.dull.update([word for word in dull if len(word) <= LONGEST])
        if len(self.dull) >= REMEMBERED:
            self._before, self.dull = self.dull, set()  # another one: threads may be reading this

    def near(self, words: Sequence[str]) -> int:
        """The groups that may have a term in a text, a bit each; a phrase counts where a second word is in its place.

        "warns people" is looked up at each "warns": of 2,864 texts of news and blog feeds 1,115 have the words for a
        rule, and 95 have these side by side (2026-11-30).
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
        """Any word of a text that was met."""
        return self.get(word) or (NO_WORD if len(word) <= LONGEST else self[word])


class Asked(dict[str, tuple[Patterns, ...]]):
    """By the first two letters of a word the terms of which it may be."""

    def __init__(self, part: Callable[[str], Patterns]) -> None:
        super().__init__()
        self._part = part

    def __missing__(self, start: str) -> tuple[Patterns, ...]:
        # A term of a script is met by words alone that begin with a letter of it.
        scripts = ["", *[name for name, letters in SCRIPTS.items() if letters.match(start)]]
        asked = tuple([part for part in map(self._part, scripts) if part.may_begin(start)])
        if len(self) >= REMEMBERED:
            self.clear()
        self[start] = asked
        return asked


Read = tuple[Sequence[str], int, Known]
"""The folded words of a text, where its title ends, and what is known of words. A tuple is made in a fifth of the time
of anything that has names, and one is made for every other headline."""


Met = tuple[int, Mapping[int, list[Span]], Mapping[int, list[Span]]]
"""Where a text's title ends, where the terms of each group stand in it, and what is taken away from each."""


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
        self._meanings: dict[tuple[int, ...], Word] = {}  # by all the patterns that a word meets
        self.asked = Asked(self._part)
        self.known = Known(self)

    def add(self, terms: Added) -> None:
        """Take terms, before the first text comes."""
        self._added.append(terms)

    def _part(self, script: str) -> Patterns:
        """The terms of a script, expanded when its first text comes: few commands bring any, and few people read all.

        Threads may do it at once, and find the same.
        """
        part = self._parts.get(script)
        if part is None:
            apart = [added.apart() for added in self._added if script in {"", added.script}]
            own = [inside if script else rest for inside, rest in apart]
            part = self._parts[script] = Patterns(own, _PARTS.index(script) * NUMBERS)
        return part

    def _owner(self, pattern: int) -> Patterns:
        """Whose a pattern is."""
        script = _PARTS[max(pattern, 0) // NUMBERS]
        return self._parts.get(script) or self._part(script)

    def forget(self) -> None:
        """Give back the terms as they are expanded, 15 MB, and what is remembered of words: both are made anew."""
        for memory in (self._parts, self._meanings, self.asked):
            memory.clear()
        self.known = Known(self)

    # --- words -----------------------------------------------------------------------------------------------------

    @property
    def beginnings(self) -> tuple[Container[str], Container[str]]:
        """With what words of ASCII begin that may meet a pattern, as `Patterns.beginnings` has it."""
        return self._part("").beginnings

    def meaning(self, met: Sequence[int]) -> Word:
        """What words are that meet the same patterns: they are one, after strike* any letters may stand."""
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
        """A text, whatever its words are to the rules."""
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
        """Which terms of these groups, each with the name of its list, stand at these places. Slow: for people."""
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
    """Where the terms of each group stand."""
    return found_of(places(words, title_ends, known))


def found_of(met: Met) -> Found:
    """Where the terms of each group stand but where they are taken away."""
    title_ends, met_spans, taken = met
    spans = {**met_spans}
    for group, covers in taken.items():
        if group in spans:
            spans[group] = [span for span in spans[group] if not _covered(span, covers)]
    return Found(title_ends, spans)


def places(words: Sequence[str], title_ends: int, known: Known) -> Met:
    """Where the terms of each group stand, and what takes them away: a part of the text may be without that."""
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
    """The phrases of which the anchor stands at a place, and all other words around it; and where they begin."""
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
