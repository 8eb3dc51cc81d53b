"""Groupings that ours must beat: one story a title, and plain TF-IDF against a story's centroid."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from wirekin.evaluate._rows import Sample
from wirekin.text import fold, terms

__all__ = ["centroid", "exact_title"]

CENTROID_JOIN = 0.25  # cosine; the best of 0.15..0.5 on the uci protocol, to give the baseline its due, 2026-11


def exact_title(found: Sequence[Sample]) -> list[str]:
    """A story is a folded title."""
    return [fold(sample.headline.title) for sample in found]


def centroid(found: Sequence[Sample]) -> list[int]:
    """Single pass: join the story with the nearest centroid over title and summary terms, or open one."""
    bags = [Counter(terms(sample.headline.title, sample.headline.summary)) for sample in found]
    frequency = Counter(term for bag in bags for term in bag)
    sums: list[dict[str, float]] = []
    index: dict[str, set[int]] = defaultdict(set)
    groups = []
    for bag in bags:
        vector = _unit({term: count * math.log(len(bags) / frequency[term] + 1) for term, count in bag.items()})
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


def _unit(vector: dict[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / norm for term, weight in vector.items()}


def _cosine(unit: dict[str, float], other: dict[str, float]) -> float:
    norm = math.sqrt(sum(weight * weight for weight in other.values())) or 1.0
    return sum(weight * other.get(term, 0.0) for term, weight in unit.items()) / norm
