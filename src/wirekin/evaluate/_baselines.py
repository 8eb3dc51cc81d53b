"""Baselines to beat: plain ways to tell whether two headlines are of one story, or of one article.

A likeness and a threshold make a grouping: each headline joins the group of the earlier one that is most like it. To be
fair to each, the thresholds are the best of those tried on the uci protocol (2026-11).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b

from wirekin.evaluate._rows import Sample
from wirekin.model import Headline
from wirekin.text import fold, terms

Grouping = Callable[[Sequence[Sample]], list[int]]
Likeness = Callable[[Headline, Headline], float]

CENTROID_JOIN = 0.25  # cosine, of 0.15..0.5
JACCARD_JOIN = 0.2  # of 0.12..0.5
SIMHASH_JOIN = 0.75  # of 0.65..0.85
SIMHASH_COPY = 1 - 3 / 64  # three bits of 64 for near-duplicates: Manku, Jain and Das Sarma, 2007
SIMHASH_BITS = 64
HELD = 10_000  # headlines whose terms and fingerprints are cached: each is compared with hundreds
OVERLAP_JOIN, OVERLAP_WORDS = 0.6, 3  # a reader's rule: three words in common, and three in five of the shorter title's


def exact_title(a: Headline, b: Headline) -> float:
    """1 if the folded titles are equal, else 0."""
    return float(fold(a.title) == fold(b.title))


def jaccard(a: Headline, b: Headline) -> float:
    """The Jaccard index of the terms of title and summary."""
    left, right = _bag(a.title, a.summary), _bag(b.title, b.summary)
    return len(left & right) / max(1, len(left | right))


def overlap(a: Headline, b: Headline) -> float:
    """The share of the shorter title's terms that the other holds; 0 if these are fewer than three."""
    left, right = _bag(a.title, ""), _bag(b.title, "")
    shared = len(left & right)
    return shared / min(len(left), len(right)) if shared >= OVERLAP_WORDS else 0.0


def simhash(a: Headline, b: Headline) -> float:
    """The share of equal bits in the fingerprints of title and summary (Charikar, 2002), 0..1."""
    return 1 - (_fingerprint(a.title, a.summary) ^ _fingerprint(b.title, b.summary)).bit_count() / SIMHASH_BITS


@lru_cache(maxsize=HELD)
def _bag(title: str, summary: str) -> frozenset[str]:
    return frozenset(terms(title, summary))


@lru_cache(maxsize=HELD)
def _fingerprint(title: str, summary: str) -> int:
    sums = [0] * SIMHASH_BITS
    for term in terms(title, summary):
        hashed = int.from_bytes(blake2b(term.encode(), digest_size=SIMHASH_BITS // 8).digest(), "big")
        for bit in range(SIMHASH_BITS):
            sums[bit] += 1 if hashed >> bit & 1 else -1
    return sum(1 << bit for bit, total in enumerate(sums) if total > 0)


def nearest(likeness: Likeness, least: float) -> Grouping:
    """Single pass: each headline joins the group of the most similar earlier one with a shared term, or opens one."""

    def group(found: Sequence[Sample]) -> list[int]:
        index: dict[str, list[int]] = defaultdict(list)
        groups: list[int] = []
        for place, sample in enumerate(found):
            held = _bag(sample.headline.title, sample.headline.summary) or {fold(sample.headline.title)}
            near = sorted({other for term in held for other in index[term]})
            scored = [(likeness(sample.headline, found[other].headline), -other) for other in near]
            score, other = max(scored, default=(0.0, 0))
            groups.append(groups[-other] if score >= least else place)
            for term in held:
                index[term].append(place)
        return groups

    return group


def centroid(found: Sequence[Sample]) -> list[int]:
    """Single pass: join the story with the nearest TF-IDF centroid of title and summary terms, or open one."""
    vectors = _tf_idf([sample.headline for sample in found])
    sums: list[dict[str, float]] = []
    index: dict[str, set[int]] = defaultdict(set)
    groups = []
    for vector in vectors:
        near = {group for term in vector for group in index[term]}
        score, group = max(((_cosine(vector, sums[group]), group) for group in near), default=(0.0, -1))
        if score < CENTROID_JOIN:
            group = len(sums)
            sums.append({})
        for term, weight in vector.items():
            sums[group][term] = sums[group].get(term, 0.0) + weight
            index[term].add(group)
        groups.append(group)
    return groups


def tf_idf(pairs: Sequence[tuple[Headline, Headline]]) -> list[float]:
    """The TF-IDF cosine of each pair; document frequencies are those of all the pairs."""
    vectors = _tf_idf([headline for pair in pairs for headline in pair])
    return [_cosine(a, b) for a, b in zip(vectors[::2], vectors[1::2], strict=True)]


def _tf_idf(headlines: Sequence[Headline]) -> list[dict[str, float]]:
    bags = [Counter(terms(headline.title, headline.summary)) for headline in headlines]
    frequency = Counter(term for bag in bags for term in bag)
    idf = {term: math.log(len(bags) / count + 1) for term, count in frequency.items()}
    return [_unit({term: count * idf[term] for term, count in bag.items()}) for bag in bags]


def _unit(vector: dict[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / norm for term, weight in vector.items()}


def _cosine(unit: dict[str, float], other: dict[str, float]) -> float:
    norm = math.sqrt(sum(weight * weight for weight in other.values())) or 1.0
    return sum(weight * other.get(term, 0.0) for term, weight in unit.items()) / norm


STORIES: Mapping[str, Grouping] = {
    "exact title": nearest(exact_title, 1.0),
    "jaccard": nearest(jaccard, JACCARD_JOIN),
    "overlap rule": nearest(overlap, OVERLAP_JOIN),
    "simhash": nearest(simhash, SIMHASH_JOIN),
    "tf-idf centroid": centroid,
}
COPIES: Mapping[str, Grouping] = {
    "exact title": nearest(exact_title, 1.0),
    "overlap rule": nearest(overlap, OVERLAP_JOIN),
    "simhash": nearest(simhash, SIMHASH_COPY),
}
PAIRS: Mapping[str, Likeness] = {
    "exact title": exact_title,
    "jaccard": jaccard,
    "overlap rule": overlap,
    "simhash": simhash,
}
