"""Figures: how well a grouping, a ranking, a set of topics or a score agrees with labels, each with its spread.

B-cubed: Bagga and Baldwin, 1998; nDCG with gains 2^grade - 1: Burges et al., 2005; AUC as the share of ordered pairs.
Intervals are percentile bootstraps over the units that were labelled together (stories, queries, pairs), seeded.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number: `low`..`high` holds 95 % of the resamples; `units` were resampled."""

    name: str  # as in "stories b-cubed f1"
    value: float
    low: float
    high: float
    units: int
    of: str = ""  # the language, topic or method that it is about; "" for everything


Counts = tuple[float, float, float, float]  # precision sum, its weight, recall sum, its weight


def f1(precision: float, recall: float) -> float:
    """The harmonic mean of precision and recall; 0 if both are 0."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def interval(units: Sequence[Counts], resamples: int, seed: int) -> dict[str, tuple[float, float, float]]:
    """precision, recall and f1, each with low and high, from sums over units drawn with replacement."""
    draw = random.Random(seed)  # noqa: S311 - a seeded bootstrap, nothing secret
    drawn = [_rates(units)] + [_rates(draw.choices(units, k=len(units))) for _ in range(resamples if units else 0)]
    names = ("precision", "recall", "f1")
    return {name: spread([rates[i] for rates in drawn]) for i, name in enumerate(names)}


def mean_interval(values: Sequence[float], resamples: int, seed: int) -> tuple[float, float, float]:
    """The mean with low and high."""
    draw = random.Random(seed)  # noqa: S311 - as above
    if not values:
        return 0.0, 0.0, 0.0
    n = len(values)
    means = [sum(values) / n] + [sum(draw.choices(values, k=n)) / n for _ in range(resamples)]
    return spread(means)


def spread(drawn: Sequence[float]) -> tuple[float, float, float]:
    """The first value, and the bounds of the middle 95 % of the others."""
    rest = sorted(drawn[1:]) or [drawn[0]]
    cut = int(len(rest) * (1 - CONFIDENCE) / 2)
    return drawn[0], rest[cut], rest[-1 - cut]


def _rates(units: Sequence[Counts]) -> tuple[float, float, float]:
    hits, predicted, found, labelled = (sum(column) for column in zip(*units, strict=True)) if units else (0.0,) * 4
    precision = hits / predicted if predicted else 1.0
    recall = found / labelled if labelled else 1.0
    return precision, recall, f1(precision, recall)


def b_cubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> list[Counts]:
    """For each gold group: the sums of its items' precision and recall, each with the number of items."""
    both, gold_size, found_size = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (label, group), count in both.items():
        sums[label][0] += count * count / found_size[group]
        sums[label][1] += count * count / gold_size[label]
    return [(p, gold_size[label], r, gold_size[label]) for label, (p, r) in sums.items()]


def pairwise(gold: Sequence[Hashable], found: Sequence[Hashable]) -> list[Counts]:
    """For each gold group: ordered pairs of its items that were put together, and that should have been."""
    both, gold_size, found_size = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    sums: dict[Hashable, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for (label, group), count in both.items():
        sums[label][0] += count * (count - 1)
        sums[label][1] += count * (found_size[group] - 1)
    return [(hits, put, hits, gold_size[label] * (gold_size[label] - 1)) for label, (hits, put) in sums.items()]


def ndcg(grades: Sequence[float], ideal: Sequence[float]) -> float:
    """Discounted cumulative gain of a ranking's first ten grades, over that of the best order of all grades."""
    best = _gain(sorted(ideal, reverse=True)[:10])
    return _gain(grades[:10]) / best if best else 0.0


def _gain(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def average_precision(hits: Sequence[bool], relevant: int) -> float:
    """The sum of the precision at each hit, over the number of relevant items."""
    right, total = 0, 0.0
    for place, hit in enumerate(hits, 1):
        right += hit
        total += right / place if hit else 0.0
    return total / relevant if relevant else 0.0


def auc(scores: Sequence[float], positive: Sequence[bool]) -> float:
    """The probability that a positive scores above a negative, ties counted half; 0.5 without both kinds."""
    negatives = sorted(score for score, is_positive in zip(scores, positive, strict=True) if not is_positive)
    positives = [score for score, is_positive in zip(scores, positive, strict=True) if is_positive]
    if not negatives or not positives:
        return 0.5
    below = sum(bisect_left(negatives, score) + bisect_right(negatives, score) for score in positives)
    return below / (2 * len(negatives) * len(positives))


def auc_interval(
    scores: Sequence[float], positive: Sequence[bool], resamples: int, seed: int
) -> tuple[float, float, float]:
    """The AUC with low and high, over resampled pairs."""
    draw = random.Random(seed)  # noqa: S311 - as above
    places = range(len(scores))
    drawn = [auc(scores, positive)]
    for _ in range(resamples):
        chosen = draw.choices(places, k=len(scores))
        drawn.append(auc([scores[i] for i in chosen], [positive[i] for i in chosen]))
    return spread(drawn)
