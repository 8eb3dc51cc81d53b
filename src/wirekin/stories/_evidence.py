"""The evidence that two headlines, or two stories, report one event: what they share, weighed against time.

two headlines -> a first look, by words (`glances`) -> prefixes and vectors, where that may still suffice (`evidence`)
-> all pairs of two groups together (`Link`). All in log-odds, as a logistic regression over pairs gives them: 0 is as
likely as not. A headline is judged against a story as a story is against another: by their likeliest pair, tempered by
the other pairs, so that chains do not drift (docs/adr/0006).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from wirekin.stories._concepts import MOVED, commonplaces
from wirekin.stories._everyday import vocabulary
from wirekin.stories._similarity import (
    MORE,
    Document,
    Met,
    across,
    rarest_of,
    shared_rarest,
    shares,
    similar,
    similarity_abroad,
    two_rarest,
)
from wirekin.stories._window import Window

# The weights are those of a logistic regression over the pairs of newsdesk (five languages), the demo, uci and the sets
# of tests/data/stories, each set weighing the same, moved to the nearest values that group as well on all of them,
# 2026-11-30. Learnt on all sets but the one that it is judged on, the average precision of pairs within a language is
# .868 by the terms of 2026-11-29, .870 with FADING and .873 with COMMON_TALK; between languages .883, .884, .886. Forty
# other terms (the other way's likeness, titles or summaries alone, all words against all, sums and numbers of what is
# shared, figures that agree or differ, what both do (condemn, resign, investigate), quotations, a country in common,
# how each ranks among the other's neighbours) do not help on the set that was left out, or by less than .003.
# Below, the figures of a set are the F1 of its stories; the first set, the second and so on are in tests/data/stories.
LIKENESS = 15.0  # per unit of similarity, with no time between
# Per unit of similarity, and per e-fold of the hours between: the next event of a kind is reported in the same words.
# Without it the first set has .04 less and the demo .035.
FADING = -2.2
RAREST = 0.27  # per unit of inverse frequency of the rarest concept, name or figure in common, commonplaces aside
# The same for the rarest word in common. Twice as much costs uci .006 and the demo .03, since a rare word may be
# chance. Without it the third set has .02 less.
WORD = 0.1
SECOND = 0.14  # the same for the second rarest word in common
# Only commonplaces (a country) and everyday words in common, in an empty window; less in proportion until it holds
# YOUNG headlines, whose counts tell that a word is common. Without it all 18 pairs like "France raises retirement age
# after long debate" and "France beats Spain in handball final" join, an hour apart and alone in the window; with it
# none. Once regrouped newsdesk, uci, the demo and the six sets of tests/data/stories are as before, 2026-12-01.
COMMONPLACE = -4.0
# Within a language newsdesk, the second and the fifth set have up to .023 less F1 at 100, where the pairs join no less.
YOUNG = 40
# If all headlines of the window hold the words in common, else in proportion (`Rarity.commonness`): in a week of one
# war such words say little. At 0, -4, -8 and -12 the demo has .899, .913, .928 and .938, newsdesk .919, .917, .917 and
# .914, 2026-11-30.
COMMON_TALK = -8.0
# The two name different countries (`Rarity.elsewhere`). Without it the first set has .01 less, 2026-11-30.
ELSEWHERE = -2.8
# The titles are different kinds of news (`_concepts.kinds`), such as a raid and the price that it moved. Without it
# newsdesk has .004 less and the demo .006, the third set .007 more, 2026-11-30.
OTHER_KIND = -0.55
# Both titles name towns, and neither headline one of the other's. With it the mean F1 of nine sets is .002 more within
# a language and the same together, the first set's and the third's .003 less; -.6 and -1.5 the same, 2026-12-01. With
# the encoder's vectors the average precision of picked pairs is .004 more, and more in eight of nine sets (uci names no
# towns); -.5 and -2 gain .003, 2026-11-30. Names and figures that differ tell nothing, or point the wrong way.
OTHER_TOWN = -1.0
# One title tells how a price moved, the other names nothing that markets quote: a decision, and the market's answer.
# The mean F1 of nine sets is .002 more together and within a language, at -1 and at -5 as well; uci has .001 more at
# -2, nothing at -3, 2026-12-01.
MARKET = -2.5
ABROAD = 0.3  # for two languages, which share few words that could be rare; from .1 to .9 the mean F1 is within .005
DAYS = -1.5  # per day between
CROWD = -1.7  # per tenfold of the headlines between: the odds fall with the number that a pair was picked from
ONE_VOICE = -2.5  # one publisher seldom reports an event under two unlike headlines; without it pairs have .01 less
UNTOLD = -5.0  # in place of time and publisher, if both were stamped at once; at -5.4 uci has .008 less, at -4.7 .004
PRIOR = -0.1  # intercept; at .1 the demo loses .013, at -.3 the second set and the third .01
MOST_CROWD = 999  # headlines that CROWD counts: beyond a thousand, rare words tell more than time does; by judgement
MOST_CROWD_WORTH = CROWD * math.log10(1 + MOST_CROWD)
ONE_TURN = 1.0  # seconds; stamps as close as this are of one poll or import, not of events (dates count in seconds)
A_DAY = 24  # headlines a day that CROWD counts besides those of the window: a young window holds few

STRANGERS = -3.4  # log-odds up to which a pair is dropped; with -4 nothing groups better, 2026-11-29
# Log-odds that a join must exceed. Of 0, -.25, -.4 and -.5, on all sets: newsdesk has .01 more than at 0, the demo and
# uci the same, 2026-11-29.
JOIN = -0.25
BEST_SHARE = 0.45  # weight of the likeliest pair of a headline and a story against the mean; at .35 newsdesk loses .014
COMPARED = 20  # headlines of a large story that another must be like: a story of hundreds must stay joinable

DAY, HOUR = 86_400.0, 3_600.0  # seconds


class Link(NamedTuple):
    """The evidence of the pairs between two groups of headlines, in log-odds."""

    likest: float  # of the likeliest pair
    total: float  # sum over the pairs that were compared
    apart: float  # the sum that they would have if they shared nothing
    compared: int = 1  # pairs

    @classmethod
    def of(cls, told: Sequence[float], apart: Sequence[float]) -> Link:
        """Combine pairs: `told` are their log-odds, `apart` those that each would have if it shared nothing."""
        return cls(max(told), sum(told), sum(apart), len(told))

    def joined(self, other: Link) -> Link:
        """Add the evidence of other pairs between the same groups."""
        total, apart = self.total + other.total, self.apart + other.apart
        return Link(max(self.likest, other.likest), total, apart, self.compared + other.compared)

    def log_odds(self, left: int, right: int) -> float:
        """Log-odds that two groups of `left` and `right` headlines, copies left out, report one event.

        To be merged they need more than JOIN. They are a weighted mean of the likeliest pair and of all pairs, in which
        a pair that was not compared counts as if it shared nothing. The more headlines the smaller group has, the less
        the likeliest pair counts: separate events of one campaign have such a pair, a stray headline has nothing else.
        """
        smaller, larger = (left, right) if left < right else (right, left)
        missing = max(0, smaller * min(larger, COMPARED) - self.compared)
        mean = (self.total + self.apart / self.compared * missing) / (self.compared + missing)
        share = BEST_SHARE / math.sqrt(smaller)
        return share * self.likest + (1 - share) * mean


class Glance(NamedTuple):
    """What is known of a pair of headlines before the prefixes of their words are compared; in log-odds."""

    other: Document
    shared: frozenset[str]  # words in common
    one: float  # 0..1: how much of the first one's title the other says, by words
    back: float  # 0..1: the same the other way round
    apart: float  # the evidence if they shared nothing
    worth: float  # per unit of similarity
    named: float  # for rare words and names in common, against different places and kinds of news
    alike: float  # upper bound of the similarity; between languages the similarity itself
    most: float  # upper bound of the evidence


def glances(window: Window, a: Document, others: Iterable[Met], least: float) -> list[Glance]:
    """Take a first look at `a` and others; leave out stories of which no pair could be above `least`.

    That drops four pairs in ten before the names in common are looked up (bench/group.py's stream, 20,000 in the
    window, 2026-11-30). `a` must have its weights (`Rarity.norms`).
    """
    busy = window.busy_since(a.at, MOST_CROWD)
    scale = window.meanings.scale if window.meanings.semantic else None
    named_most = RAREST * rarest_of(a)
    found, hopeful = [], set()
    for b, said, shared in others:
        apart, worth = _when(window, a, b, busy)
        one = back = 0.0
        if across(a, b):
            apart += ABROAD
            alike = similarity_abroad(a, b)
        else:
            one, back = shares(a, b, said, shared)
            alike = max(one, back) + MORE
        rarest, second = two_rarest(a, shared)
        words = WORD * rarest + SECOND * second
        most = apart + worth * (scale.most(alike) if scale else alike) + words
        if most + named_most > least:  # not `most > least - named_most`, which rounds differently
            hopeful.add(b.story)
        found.append((b, shared, one, back, apart, worth, words, alike, most))
    return [
        Glance(b, shared, one, back, apart, worth, words + named, alike, most + named)
        for b, shared, one, back, apart, worth, words, alike, most in found
        if b.story in hopeful
        for named in [_named(window, a, b, shared)]
    ]


def _named(window: Window, a: Document, b: Document, shared: frozenset[str]) -> float:
    """Log-odds for the rarest concept, name or figure in common, and against different places and kinds of news."""
    rarest = shared_rarest(a, b)
    named = RAREST * rarest
    if shared and not rarest and window.rarity.documents < YOUNG and shared <= _saying_little():
        named += COMMONPLACE * (1 - window.rarity.documents / YOUNG)
    if a.states and b.states and window.rarity.elsewhere(a, b):
        named += ELSEWHERE
    if a.kinds and b.kinds and a.kinds.isdisjoint(b.kinds):
        named += OTHER_KIND
    if other_towns(a, b):
        named += OTHER_TOWN
    if abs(a.quoted - b.quoted) == MOVED:
        named += MARKET
    return named


def other_towns(a: Document, b: Document) -> bool:
    """Whether both titles name towns, and neither headline one of the other's: forecasts for two towns read alike."""
    return bool(a.towns and b.towns) and a.towns.isdisjoint(b.wide) and b.towns.isdisjoint(a.wide)


@lru_cache(maxsize=1)
def _saying_little() -> frozenset[str]:
    return commonplaces() | vocabulary()


def evidence(window: Window, a: Document, seen: Glance) -> Link:
    """Compare two headlines in full. `a` must have its weights (`Rarity.norms`).

    Args:
        window: knows how common words are, and what headlines mean if it is semantic.
        a: the first headline.
        seen: the first look at it and the other.

    """
    b = seen.other
    said = seen.alike if across(a, b) else similar(a, b, seen.one, seen.back)
    if window.meanings.semantic:
        scale = window.meanings.scale
        if seen.apart + seen.worth * scale.most(said) + seen.named > STRANGERS:  # else numpy's costly calls are in vain
            said = scale.blended(said, window.closeness(a, b))
    told = seen.apart + seen.worth * said + seen.named
    if told > STRANGERS and not across(a, b):  # it only lowers, which strangers do not need
        told += COMMON_TALK * window.rarity.commonness(a, seen.shared)
    return Link(told, told, seen.apart)


def _when(window: Window, a: Document, b: Document, busy: float) -> tuple[float, float]:
    """Log-odds by the times and publishers of two headlines, and the log-odds per unit of similarity at that distance.

    `busy` is the instant since which MOST_CROWD headlines happened up to `a`; before it nothing need be counted.
    """
    gap = abs(a.at - b.at)
    if gap <= ONE_TURN:
        return PRIOR + UNTOLD, LIKENESS
    crowd = MOST_CROWD_WORTH
    if b.at > busy:
        between = window.between(min(a.at, b.at), max(a.at, b.at), MOST_CROWD)
        crowd = CROWD * math.log10(1 + min(between + A_DAY * (gap / DAY), MOST_CROWD))
    one_voice = ONE_VOICE if a.publisher == b.publisher and a.publisher else 0.0
    worth = LIKENESS + FADING * math.log1p(gap / HOUR)
    return PRIOR + DAYS * gap / DAY + crowd + one_voice, worth if worth > 0 else 0.0


def likelihood(log_odds: float) -> float:
    """Convert log-odds to a probability, kept below 1: that is for openers and copies, which need no evidence."""
    return min(0.9999, 1 / (1 + math.exp(-log_odds)))
