"""The similarity of two headlines: how much of one's title the other tells, by rare words and by their prefixes.

headline -> `Document`: words, prefixes, what survives translation -> weights by rarity (`Rarity`) -> a cosine, within a
language of words and prefixes, between two languages of what survives translation.

Titles put an event in different ways and summaries are cut at different places. So the title of one is compared with
the title and summary of the other, both ways, and the better way counts: on Russian pairs the AUC is 0.84, and 0.79 if
title and summary are compared with title and summary (tgcontest, bench/quality.py, 2026-11).

Words are the index terms of `text`, with synonyms as one word. Prefixes catch what stems miss (cases, compounds, most
transliterations). Concepts, names and figures (`_concepts`) survive translation. All are weighted by their rarity in
the window, which is learned as headlines come.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import chain, combinations, repeat
from types import MappingProxyType

from wirekin.model import Headline, HeadlineId, StoryId
from wirekin.stories._concepts import (
    COMMON,
    coincidences,
    kinds,
    no_war,
    quoted,
    states,
    telling,
    towns,
    usual,
)
from wirekin.stories._everyday import vocabulary
from wirekin.stories._vectors import Vector
from wirekin.stories._written import WRITTEN, Written

PRIOR = 1_000  # empty headlines added to the count: keeps a young window from taking its words for common, 2026-11
# Of the PRIOR headlines so many hold a given word of the dictionary, or a given everyday word: of 10,392 titles of uci
# and SemEval 8 and 6 in a thousand hold the one that a title holds. Without it a window of five takes a ferry's crew
# for a tanker's, and a quake near one town for a storm near another. The mean F1 of 27 sets is .933 with and without
# it, uci's .876 and .869, and that of the joins alone .919 and .914, 2026-11-29.
USUAL = 8
# Least number of headlines by which `commonness` divides: in a window of fifty a single story may be a tenth. From 50
# to 400 the average precision of pairs on sets left out is within .002.
LEAST_TALK = 300
WORDS_SHARE = 0.5  # weight of words in the similarity, prefixes have the rest; 0.3..1.0 differed by 0.01, 2026-11
# How much the similarity of prefixes may exceed that of words, for upper bounds. Of the 30,900 pairs that are likely
# enough to join when all sets of bench/quality.py are grouped, regrouped and not, 4 exceed it, and of 48,600 of
# bench/group.py none; with .2 every story is the same and nothing is faster, 2026-11-29.
BEGINNINGS_MORE = 0.3
MORE = (1 - WORDS_SHARE) * BEGINNINGS_MORE  # how much the similarity may then exceed that of words
LEAST_WIDE = 2  # concepts, names and figures that two languages must share: one is a coincidence, 2026-11
# Factor of the cosine between languages. With 14 log-odds per unit of similarity .8 was right: at 1 events of the demo,
# which nobody tuned on, were merged. `_evidence.LIKENESS` has changed since.
ACROSS_SHARE = 0.9
# Two countries belong together if so many of the headlines that name the rarer one name both; .05 to .34 group alike,
# 2026-11-29.
TOGETHER = 0.1
# Characters of a summary that are compared. No labelled one is longer (240 in tgcontest, 162 in written sets), so only
# the cost of more is known: 5 of the 25 ms a feed that bench/poll.py spends on grouping with all of it, 2026-11-30.
SUMMARY = 320
NO_CAPITALS = frozenset({"ar", "fa", "he"})
NO_WORDS: Iterable[Iterable[str]] = ((),) * len(Written._fields)
NOTHING: Mapping[str, float] = MappingProxyType({})  # shared by all documents
EMPTY: frozenset[str] = frozenset()  # likewise: each new one would take 232 bytes


@dataclass(slots=True, eq=False)
class Document:
    """A headline as the window holds it; `story` and `root` change when corrections move it."""

    id: HeadlineId
    story: StoryId
    root: HeadlineId | None  # the headline that it is a copy of
    score: float  # probability with which it joined its story; 1 for openers and copies
    happened_at: datetime
    at: float  # the same in seconds since 1970: subtracting floats takes a tenth of the time of datetimes
    publisher: str  # domain
    lang: str | None
    title: tuple[str, ...]  # index terms
    summary: tuple[str, ...]
    said: tuple[str, ...]  # the title's terms, each once, as the first of its synonyms
    more: tuple[str, ...]  # the same of the summary, without those of the title
    title_starts: tuple[str, ...]  # prefixes of the title's words, each once; a set of all would be 2 kB instead of .4
    more_starts: tuple[str, ...]  # the same of the summary, without those of the title
    wide: tuple[str, ...]  # concepts, names, figures: what survives translation; a set is 400 bytes
    states: frozenset[str]  # countries that it names, itself or by a place
    kinds: frozenset[str]  # kinds of news, by the concepts of its title
    towns: frozenset[str]  # places in its title, without countries
    quoted: int  # whether its title names what markets quote, and how that moved (`_concepts.quoted`)
    alone: bool  # a round-up, live page or opinion piece: a story of its own
    cut: bool  # the title ends in an ellipsis
    place: int = -1  # its number in the order of arrival; copies have none
    vector: Vector | None = None  # of a semantic window, in the languages that its extra helps
    word_norm: float = 1.0  # this and the next four: lengths of its vectors of weights, set by `Rarity.norms`
    title_norm: float = 1.0
    start_norm: float = 1.0
    title_start_norm: float = 1.0
    wide_norm: float = 1.0
    weights: Mapping[str, float] = field(default_factory=dict)  # of its features, while it is being placed; then empty
    word_set: frozenset[str] = EMPTY  # as above
    title_set: frozenset[str] = EMPTY  # as above
    title_start_set: frozenset[str] = EMPTY  # as above
    wide_set: frozenset[str] = EMPTY  # as above
    rare_set: frozenset[str] = EMPTY  # as above: `wide` without commonplaces

    def placed(self) -> None:
        """Drop what is needed only while it is compared with others."""
        self.weights = NOTHING
        self.word_set = self.title_set = self.title_start_set = self.wide_set = self.rare_set = EMPTY

    @property
    def words(self) -> tuple[str, ...]:
        """The terms of title and summary, each once."""
        return self.said + self.more

    @property
    def features(self) -> tuple[str, ...]:
        """All features that have a weight."""
        return self.said + self.more + self.title_starts + self.more_starts + self.wide

    @property
    def order(self) -> tuple[datetime, HeadlineId]:
        """The sort key of the window: time, then id."""
        return self.happened_at, self.id


Met = tuple[Document, frozenset[str], frozenset[str]]
"""A headline to compare with another: itself, the words of the other in its title, and those in title or summary."""


def document_of(headline: Headline, *, alone: bool, vector: Vector | None = None) -> Document:
    """Extract the features of a headline that is in no story yet."""
    terms, synonyms, starts, named = _columns(headline.title)
    more_terms, more_synonyms, more_starts, more_named = _columns(_beginning(headline.summary))
    title, said, title_starts = tuple(terms), _each_once(synonyms), _each_once(starts)
    wide, told = _each_once(chain(named, more_named)), kinds(title)
    if not_meant := no_war(wide):
        wide, told = tuple([feature for feature in wide if feature not in not_meant]), told - {"@war"}
    return Document(
        id=headline.id,
        story=StoryId(headline.id),
        root=None,
        score=1.0,
        happened_at=headline.happened_at,
        at=headline.happened_at.timestamp(),
        publisher=headline.publisher.domain,
        lang=headline.lang,
        title=title,
        summary=tuple(more_terms),
        said=title if said == title else said,  # the same object, to save memory
        more=_each_once(chain(said, more_synonyms))[len(said) :],
        title_starts=title_starts,
        more_starts=_each_once(chain(title_starts, more_starts))[len(title_starts) :],
        wide=wide,
        states=states(wide),
        kinds=told,
        towns=towns(title),
        quoted=quoted(title),
        alone=alone,
        cut=headline.title.rstrip().endswith(("…", "...")),
        vector=vector,
    )


def _beginning(summary: str) -> str:
    return summary if len(summary) <= SUMMARY else summary[:SUMMARY].rsplit(None, 1)[0]


def _columns(text: str) -> Iterable[Iterable[str]]:
    """The fields of `Written` over a whole text: terms, synonyms, prefixes and what survives translation."""
    words = map(WRITTEN.__getitem__, text.split())
    return list(map(chain.from_iterable, zip(*words, strict=True))) or NO_WORDS


def _each_once(features: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(features))


def _counted(document: Document) -> Iterator[str]:
    """All features that are counted: those with a weight, and countries and pairs of them, which have none."""
    return chain(document.features, _together(document.states))


@lru_cache(maxsize=1 << 12)
def _together(named: frozenset[str]) -> tuple[str, ...]:
    return (*map(_alone, named), *(_pair(one, two) for one, two in combinations(named, 2)))


def _alone(state: str) -> str:
    return f"+{state}"


def _pair(one: str, two: str) -> str:
    return f"+{min(one, two)}+{max(one, two)}"


class _ByCount(dict[int, float]):
    """Number of headlines that hold a feature -> its weight, computed on first use."""

    documents = 0

    def __missing__(self, count: int) -> float:
        idf = math.log((self.documents + PRIOR) / (count + 0.5))
        weight = self[count] = idf * idf
        return weight


class Rarity:
    """The rarity of each feature among the headlines counted so far; weights are squared inverse frequencies."""

    __slots__ = ("_by_count", "_counts", "_weighed")

    def __init__(self) -> None:
        self._counts = Counter(dict.fromkeys(usual() | vocabulary(), USUAL))
        self._counts.update(coincidences())
        self._by_count = _ByCount()
        self._weighed = 0  # documents when the weights were last dropped

    @property
    def documents(self) -> int:
        """How many headlines are counted."""
        return self._by_count.documents

    def count(self, document: Document) -> None:
        """Count one more headline."""
        self._counts.update(_counted(document))
        self._by_count.documents += 1
        self._age()

    def uncount(self, document: Document) -> None:
        """Take one headline out of the count."""
        for feature in _counted(document):
            left = self._counts[feature] - 1
            if left > 0:
                self._counts[feature] = left
            else:
                del self._counts[feature]
        self._by_count.documents -= 1
        self._age()

    def _age(self) -> None:
        """Drop the computed weights when the number of headlines has changed by more than a sixteenth since."""
        documents = self._by_count.documents
        if abs(documents - self._weighed) * 16 > self._weighed:
            self._by_count.clear()
            self._weighed = documents

    def frequency(self, feature: str) -> int:
        """The number of headlines that hold a feature."""
        return self._counts.get(feature, 0)

    def commonness(self, a: Document, shared: frozenset[str]) -> float:
        """How common the words in common are: the share of other headlines with each, averaged by the words' weights.

        `a` must have its weights (`norms`).
        """
        if not shared:
            return 0.0
        weights, held = a.weights, self._counts.get
        others = total = 0.0
        for word in shared:
            weight = weights[word]
            others += weight * (held(word, 1) - 1)
            total += weight
        return others / (total * max(self._by_count.documents, LEAST_TALK))

    def elsewhere(self, a: Document, b: Document) -> bool:
        """Whether two headlines name different countries, and none that other headlines name together.

        Reports of one raid may name the country that flies it or the one that is hit, and some name both. The
        countries of two elections are not named together.
        """
        if not a.states or not b.states or not a.states.isdisjoint(b.states):
            return False
        held = self._counts.get
        return all(
            held(_pair(one, two), 0) < max(1.0, TOGETHER * min(held(_alone(one), 0), held(_alone(two), 0)))
            for one in a.states
            for two in b.states
        )

    def norms(self, document: Document) -> None:
        """Set the document's weights, sets and norms by the present counts; norms go stale slowly, at under 0.01 F1."""
        features, words = document.features, document.words
        found = list(map(self._by_count.__getitem__, map(self._counts.get, features, repeat(0))))
        document.weights = dict(zip(features, found, strict=True))
        document.word_set, document.title_set = frozenset(words), frozenset(document.said)
        document.title_start_set = frozenset(document.title_starts)
        document.wide_set = frozenset(document.wide)
        document.rare_set = document.wide_set - COMMON
        starts, more = len(words), len(words) + len(document.title_starts)
        wide = more + len(document.more_starts)
        document.title_norm, document.word_norm = _length(found[: len(document.said)]), _length(found[:starts])
        document.title_start_norm, document.start_norm = _length(found[starts:more]), _length(found[starts:wide])
        document.wide_norm = _length(found[wide:])


def _length(weights: Sequence[float]) -> float:
    """The length of a vector of features, given their squared weights; 1 without any."""
    return math.sqrt(sum(weights)) or 1.0


def across(a: Document, b: Document) -> bool:
    """Whether two headlines are known to be in different languages."""
    return a.lang != b.lang and bool(a.lang and b.lang)


def met(a: Document, others: Iterable[Document]) -> list[Met]:
    """Pair each of the others with the words of `a` that its title holds, and those that its title or summary holds.

    `a` must have its weights (`Rarity.norms`).
    """
    words = a.word_set
    found = []
    for other in others:
        shared = said = words.intersection(other.said)
        if not words.isdisjoint(other.more):
            shared = said.union(words.intersection(other.more))
        found.append((other, said, shared))
    return found


def shares(a: Document, b: Document, said: frozenset[str], shared: frozenset[str]) -> tuple[float, float]:
    """How much of the title of `a` the words of `b` tell, and the other way, 0..1; `said`, `shared` as in `met`."""
    if not shared:
        return 0.0, 0.0
    weights, title = a.weights, a.title_set
    one = other = 0.0
    for word in shared:  # two or three words: summing over sets takes twice as long
        weight = weights[word]
        if word in title:
            one += weight
        if word in said:
            other += weight
    return one / (a.title_norm * b.word_norm), other / (a.word_norm * b.title_norm)


def similarity(a: Document, b: Document) -> float:
    """How well one tells the title of the other, 0..1; between two languages, how much survives translation.

    `a` must have its weights (`Rarity.norms`).
    """
    if across(a, b):
        return similarity_abroad(a, b)
    ((_, said, shared),) = met(a, [b])
    return similar(a, b, *shares(a, b, said, shared))


def similar(a: Document, b: Document, one: float, other: float) -> float:
    """`similarity` within a language, given that of the words one way and the other (`shares`)."""
    start, start_back = _beginnings(a, b)
    told = WORDS_SHARE * one + (1 - WORDS_SHARE) * start
    back = WORDS_SHARE * other + (1 - WORDS_SHARE) * start_back
    return min(1.0, max(told, back))


def _beginnings(a: Document, b: Document) -> tuple[float, float]:
    """`shares` by prefixes instead of words."""
    weights, title = a.weights, a.title_start_set
    one = other = 0.0
    for start in b.title_starts:
        if start in weights:
            other += weights[start]
            if start in title:
                one += weights[start]
    one += sum(map(weights.__getitem__, title.intersection(b.more_starts)))
    return one / (a.title_start_norm * b.start_norm), other / (a.start_norm * b.title_start_norm)


def similarity_abroad(a: Document, b: Document) -> float:
    """`similarity` between two languages."""
    shared = a.wide_set.intersection(b.wide)
    if len(shared) < LEAST_WIDE or not telling(shared):
        return 0.0
    return min(1.0, ACROSS_SHARE * sum(map(a.weights.__getitem__, shared)) / (a.wide_norm * b.wide_norm))


def shared_rarest(a: Document, b: Document) -> float:
    """Inverse document frequency of the rarest concept, name or figure that both hold, commonplaces aside.

    0 where there is none. Commonplaces are left out because a country or a night in common says little of what
    happened. In a language without capitals any word may be a name, so names are no evidence there.
    `a` must have its weights (`Rarity.norms`).
    """
    weights, rare = a.weights, a.rare_set
    sounds = a.lang != b.lang or a.lang not in NO_CAPITALS
    most = 0.0
    for feature in b.wide:
        if feature in rare and weights[feature] > most and (sounds or feature[0] != "~"):
            most = weights[feature]
    return math.sqrt(most)


def rarest_of(a: Document) -> float:
    """Upper bound of `shared_rarest`, whatever the other headline holds."""
    return math.sqrt(max(map(a.weights.__getitem__, a.rare_set), default=0.0))


def two_rarest(a: Document, shared: frozenset[str]) -> tuple[float, float]:
    """Inverse document frequencies of the two rarest of the words that `a` shares with another, everyday ones aside.

    0 where there is none. Everyday words are left out: in a window of five, "near" joined a quake near one town to a
    storm near another.
    `a` must have its weights (`Rarity.norms`).
    """
    if not shared:
        return 0.0, 0.0
    weights, everyday = a.weights, vocabulary()
    rarest = second = 0.0
    for word in shared:  # two or three words: sorting them takes twice as long
        weight = weights[word]
        if weight > second and word not in everyday:
            rarest, second = (weight, rarest) if weight > rarest else (rarest, weight)
    return math.sqrt(rarest), math.sqrt(second)
