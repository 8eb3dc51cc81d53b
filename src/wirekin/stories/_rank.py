"""What to read next: candidates of the store weighed against one article, best first, one a story.

The article is a bag of weighed terms (a title, or two thousand words of text); a candidate scores by how much of its
own weight the article speaks of, and how much of the article's it answers.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wirekin.model import (
    Candidate,
    Headline,
    HeadlineId,
    Neighbourhood,
    RelatedItem,
    RelatedKind,
    RelatedQuery,
    RelatedReason,
    StoryId,
    TopicSlug,
)
from wirekin.text import fold, readable, terms

__all__ = ["rank"]

LEAST_SCORE = 0.12  # below it the dev queries find more strangers than kin, bench/quality.py, 2026-11
PER_PUBLISHER = 2  # docs/design contract: at most two a publisher, the rest of it last
QUERY_TERMS = 60  # heaviest terms of a long text that take part: the tail of a text is about everything
SUMMARY_SHARE = 0.5  # weight of a term that only the summary holds, against one in the title
SATURATION = 1.0  # tf / (tf + 1): a word said ten times is not ten times as telling (BM25 without its length term)
TOPIC_BONUS = 0.15  # of what is missing to 1, for sharing a topic of the article
FADE = timedelta(days=4)  # after it recency is worth 1/e
FRESH_SHARE = 0.15  # of the score that recency may take away
OTHER_LANGUAGE = 0.6  # of the score: readers of a footer want their own language
SHOWN_TERMS = 4  # shared terms named as the reason


@dataclass(frozen=True, slots=True)
class _Scored:
    candidate: Candidate
    score: float
    reason: RelatedReason

    @property
    def order(self) -> tuple[bool, float, float, str]:
        """Own story first, then by score, then newest, then id."""
        headline = self.candidate.headline
        own = self.reason.kind is RelatedKind.SAME_STORY
        return not own, -self.score, -headline.first_seen_at.timestamp(), headline.id


def rank(
    query: RelatedQuery,
    terms: Sequence[str],
    neighbourhood: Neighbourhood,
    *,
    article: Headline | None,
    article_story: StoryId | None,
    article_copies: frozenset[HeadlineId],
    topics: frozenset[TopicSlug],
    now: datetime,
    lang: str | None,
) -> tuple[RelatedItem, ...]:
    """Related items, best first, at most `query.limit`; fewer rather than filler.

    Args:
        query: what was asked; `limit`, `topic` and `exclude_publishers` are obeyed.
        terms: `text.terms` of the article's title or text, duplicates kept.
        neighbourhood: what the store found for these terms.
        article: the article itself where the store has it: never an item.
        article_story: its story: other headlines of it are SAME_STORY.
        article_copies: its copies, its root and their copies: never items.
        topics: of the article.
        now: when the content last changed; recency counts from first_seen_at to it.
        lang: of the article; other languages stand back.

    """
    weights = _query_weights(terms, neighbourhood)
    banned = article_copies | ({article.id} if article else set())
    excluded = {fold(name) for name in query.exclude_publishers}
    scored = []
    for candidate in neighbourhood.candidates:
        if candidate.headline.id in banned or candidate.copy_of in banned or _excluded(candidate.headline, excluded):
            continue
        if query.topic is not None and query.topic not in candidate.headline.topics:
            continue
        found = _scored(candidate, weights, neighbourhood, article_story, topics, now, lang)
        if found is not None:
            scored.append(found)
    chosen = _spread(_one_a_story(sorted(scored, key=lambda item: item.order)), query.limit)
    return tuple(
        RelatedItem(headline=s.candidate.headline, story=s.candidate.story, score=round(s.score, 4), reason=s.reason)
        for s in chosen
    )


def _excluded(headline: Headline, excluded: set[str]) -> bool:
    return bool(excluded) and not excluded.isdisjoint({fold(headline.publisher.name), fold(headline.publisher.domain)})


def _rarity(term: str, neighbourhood: Neighbourhood) -> float:
    """Inverse document frequency, 0..1 of the rarest possible."""
    documents = max(neighbourhood.documents, 1)
    frequency = neighbourhood.frequencies.get(term, 0)
    return math.log((documents + 1) / (frequency + 0.5)) / math.log((documents + 1) / 0.5)


def _query_weights(terms: Iterable[str], neighbourhood: Neighbourhood) -> dict[str, float]:
    counts = Counter(terms)
    weights = {
        term: count / (count + SATURATION) * _rarity(term, neighbourhood)
        for term, count in counts.items()
        # A term that no headline holds can match nothing; it must not make the article look badly answered.
        if not neighbourhood.frequencies or neighbourhood.frequencies.get(term, 0) > 0
    }
    heaviest = sorted(weights, key=lambda term: (-weights[term], term))[:QUERY_TERMS]
    return {term: weights[term] for term in heaviest if weights[term] > 0}


def _candidate_weights(headline: Headline, neighbourhood: Neighbourhood) -> dict[str, float]:
    weights = dict.fromkeys(terms(headline.summary), SUMMARY_SHARE) if headline.summary else {}
    weights.update(dict.fromkeys(terms(headline.title), 1.0))
    return {term: share * _rarity(term, neighbourhood) for term, share in weights.items()}


def _scored(
    candidate: Candidate,
    query: Mapping[str, float],
    neighbourhood: Neighbourhood,
    article_story: StoryId | None,
    topics: frozenset[TopicSlug],
    now: datetime,
    lang: str | None,
) -> _Scored | None:
    headline = candidate.headline
    own = _candidate_weights(headline, neighbourhood)
    shared = query.keys() & own.keys()
    alike = _alike(query, own, shared)
    same_story = article_story is not None and candidate.story.id == article_story
    common = topics & frozenset(headline.topics)
    if common and shared:
        alike += TOPIC_BONUS * (1 - alike)
    if lang and headline.lang and lang != headline.lang:
        alike *= OTHER_LANGUAGE
    score = min(1.0, alike * _freshness(headline.first_seen_at, now))
    if score < LEAST_SCORE and not same_story:
        return None
    kind = RelatedKind.SAME_STORY if same_story else RelatedKind.SAME_TOPIC if common else RelatedKind.SIMILAR
    return _Scored(candidate, score, RelatedReason(kind, _shown(headline, query, own, shared), tuple(sorted(common))))


def _alike(query: Mapping[str, float], own: Mapping[str, float], shared: Iterable[str]) -> float:
    dot = sum(query[term] * own[term] for term in shared)
    if not dot:
        return 0.0
    # The article's norm grows with its length; its square root keeps a long text from drowning every candidate.
    norm = math.sqrt(sum(weight * weight for weight in query.values()))
    return min(1.0, dot / (math.sqrt(norm) * math.sqrt(sum(weight * weight for weight in own.values()))))


def _freshness(seen_at: datetime, now: datetime) -> float:
    age = max(now - seen_at, timedelta())
    return 1 - FRESH_SHARE * (1 - math.exp(-age / FADE))


def _shown(
    headline: Headline, query: Mapping[str, float], own: Mapping[str, float], shared: Iterable[str]
) -> tuple[str, ...]:
    words = readable(headline.title, headline.summary)
    best = sorted(shared, key=lambda term: (-query[term] * own[term], term))[:SHOWN_TERMS]
    return tuple(words.get(term, term) for term in best)


def _one_a_story(scored: Iterable[_Scored]) -> list[_Scored]:
    first: dict[StoryId, _Scored] = {}
    for item in scored:
        first.setdefault(item.candidate.story.id, item)
    return list(first.values())


def _spread(scored: Sequence[_Scored], limit: int) -> list[_Scored]:
    """At most two a publisher, unless the list would stay short: then the rest of that publisher come last."""
    counts: Counter[str] = Counter()
    front: list[_Scored] = []
    rest: list[_Scored] = []
    for item in scored:
        domain = item.candidate.headline.publisher.domain
        counts[domain] += 1
        (front if counts[domain] <= PER_PUBLISHER else rest).append(item)
    return (front + rest)[:limit]
