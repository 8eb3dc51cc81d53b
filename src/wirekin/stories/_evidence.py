"""How likely two headlines tell one event: what they share, weighed against time, and what that says of two stories.

Log-odds, as a logistic regression over pairs has them: 0 is as likely as not. A headline is judged against a story by
the same measure as a story against another: by their likest pair, tempered by the others, so that chains do not drift.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

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

# A regression over the pairs of newsdesk (five languages), the demo, uci and the sets of tests/data/stories, each of
# one weight, then the nearest values that group as well on all of them, 2026-11-30. Learnt on all sets but the one that
# it is judged on, the average precision of pairs within a language is .868 by the terms of 2026-11-29, .870 where the
# worth of likeness falls with time (FADING) and .873 with COMMON_TALK; between languages .883, .884, .886. Forty other
# terms (the other way's likeness, titles or summaries alone, all words against all, sums and numbers of what is shared,
# figures that agree or differ, what both do (condemn, resign, investigate), quotations, a country in common, how each
# stands among the other's neighbours) do not help on the set that was left out, or less than .003.
LIKENESS = 15.0  # a unit of similarity, at once
# And each e-fold of the hours between: the next event of a kind is told in the same words. Without it the first set has
# .04 F1 less and the demo .035.
FADING = -2.2
RAREST = 0.27  # a unit of inverse frequency of the rarest concept, name or figure that both hold, commonplaces aside
# The same of the rarest word. Twice as much costs uci .006 and the demo .03: a rare word may be chance. Without it the
# third set has .02 less.
WORD = 0.1
SECOND = 0.14  # the same of the second rarest word
# Where every headline of the window holds the words that two share (`Rarity.commonness`): in a week of one war they say
# little. Of 0, -4, -8 and -12 the demo has .899, .913, .928 and .938, newsdesk .919, .917, .917 and .914, 2026-11-30.
COMMON_TALK = -8.0
# Both name countries, other ones (`Rarity.elsewhere`): without it the first set has .01 less, 2026-11-30.
ELSEWHERE = -2.8
# Their titles tell of other kinds of news (`_concepts.kinds`): a raid and the price that it moved. Without it newsdesk
# has .004 less and the demo .006, the third set .007 more, 2026-11-30.
OTHER_KIND = -0.55
ABROAD = 0.3  # in two languages, which share few words that could be rare; of .1 to .9 the mean F1 is within .005
DAYS = -1.5  # each day between
CROWD = -1.7  # each tenfold of the headlines between: the odds fall with the number that a pair was picked from
ONE_VOICE = -2.5  # a publisher seldom tells one event twice under two unlike headlines; without it pairs have .01 less
UNTOLD = -5.0  # where the times say nothing; at -5.4 uci has .008 less, at -4.7 .004
PRIOR = -0.1  # at .1 the demo loses .013, at -.3 the second set and the third .01
MOST_CROWD = 999  # headlines: beyond a thousand, rarer words tell more than time does; by judgement
MOST_CROWD_WORTH = CROWD * math.log10(1 + MOST_CROWD)
ONE_TURN = 1.0  # seconds: stamps of one poll or one import, not the times of events; dates count in seconds
A_DAY = 24  # headlines that a day is taken to have besides those of the window: a young window knows no crowd

STRANGERS = -3.4  # log-odds from which a pair is not worth remembering; from -4 nothing groups better, 2026-11-29
JOIN = -0.25  # of 0, -.25, -.4 and -.5, on all sets: newsdesk gains .01 on 0, the demo is as good, uci flat, 2026-11-29
BEST_SHARE = 0.45  # of the likest pair between a headline and a story, the rest of all; at .35 newsdesk loses .014
COMPARED = 20  # of a large story that a headline is expected to be like: a story of hundreds must stay joinable

DAY, HOUR = 86_400.0, 3_600.0  # seconds


class Link(NamedTuple):
    """What the pairs between two groups of headlines say, in log-odds."""

    likest: float  # of the likest pair
    total: float  # of all that were compared
    apart: float  # of the same pairs, if they shared nothing
    compared: int = 1

    @classmethod
    def of(cls, told: Sequence[float], apart: Sequence[float]) -> Link:
        """What pairs between two groups say together: the log-odds of each, and of each if it shared nothing."""
        return cls(max(told), sum(told), sum(apart), len(told))

    def joined(self, other: Link) -> Link:
        """Add what other pairs between the same groups say."""
        total, apart = self.total + other.total, self.apart + other.apart
        return Link(max(self.likest, other.likest), total, apart, self.compared + other.compared)

    def log_odds(self, left: int, right: int) -> float:
        """Log-odds that two groups of so many headlines, copies left out, tell one event; below JOIN they do not.

        The more headlines the smaller group has, the less its one best pair counts: separate events of one campaign
        have a pair that is like, a headline that strayed has nothing else.
        """
        smaller, larger = (left, right) if left < right else (right, left)
        missing = max(0, smaller * min(larger, COMPARED) - self.compared)
        mean = (self.total + self.apart / self.compared * missing) / (self.compared + missing)
        share = BEST_SHARE / math.sqrt(smaller)
        return share * self.likest + (1 - share) * mean


class Glance(NamedTuple):
    """What is known of two headlines before the beginnings of their words are compared, in log-odds."""

    other: Document
    shared: frozenset[str]  # words
    one: float  # 0..1: how much of the title of one the other says, by words
    back: float  # and the other way
    apart: float  # if they shared nothing
    worth: float  # of a unit of similarity
    named: float  # for the rare things that both hold, and for countries that only one names
    alike: float  # 0..1, at most
    most: float  # that the evidence can be


def glances(window: Window, a: Document, others: Iterable[Met], least: float) -> list[Glance]:
    """A first look at those met, but for stories of which no pair could be above `least`, whatever else both hold.

    Four pairs in ten are left out so before what both name is looked at (bench/group.py's stream, 20,000 in the window,
    2026-11-30). `a` must have its weights (`Rarity.norms`).
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
        if most + named_most > least:  # not `most > least - named_most`: that is rounded otherwise
            hopeful.add(b.story)
        found.append((b, shared, one, back, apart, worth, words, alike, most))
    return [
        Glance(b, shared, one, back, apart, worth, words + named, alike, most + named)
        for b, shared, one, back, apart, worth, words, alike, most in found
        if b.story in hopeful
        for named in [_named(window, a, b)]
    ]


def _named(window: Window, a: Document, b: Document) -> float:
    """What the rarest thing says that both hold, the countries that they name, and the kinds of news they tell."""
    named = RAREST * shared_rarest(a, b)
    if a.states and b.states and window.rarity.elsewhere(a, b):
        named += ELSEWHERE
    if a.kinds and b.kinds and a.kinds.isdisjoint(b.kinds):
        named += OTHER_KIND
    return named


def evidence(window: Window, a: Document, seen: Glance) -> Link:
    """What two headlines say. `a` must have its weights (`Rarity.norms`).

    Args:
        window: counts what happened between the two.
        a: one of them.
        seen: its glance at the other.

    """
    b = seen.other
    said = seen.alike if across(a, b) else similar(a, b, seen.one, seen.back)
    if window.meanings.semantic:
        scale = window.meanings.scale
        if seen.apart + seen.worth * scale.most(said) + seen.named > STRANGERS:  # numpy's calls are dear: not in vain
            said = scale.blended(said, window.closeness(a, b))
    told = seen.apart + seen.worth * said + seen.named
    if told > STRANGERS and not across(a, b):  # it only takes, and from strangers in vain
        told += COMMON_TALK * window.rarity.commonness(a, seen.shared)
    return Link(told, told, seen.apart)


def _when(window: Window, a: Document, b: Document, busy: float) -> tuple[float, float]:
    """What the times of two headlines and their publishers say, and a unit of similarity then, in log-odds.

    From `busy` to the first of them MOST_CROWD headlines happened.
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
    """0..1, and below 1, which is for headlines that need no evidence: openers and copies."""
    return min(0.9999, 1 / (1 + math.exp(-log_odds)))
