"""Evaluation of related items: queries against the labelled headlines of one file, graded 2 and 1.

An answer holds one headline per story, so gains and ideals are counted by story: a second headline of a labelled story
adds nothing, and the grade of a story is the best of its headlines'.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from wirekin.evaluate._figures import Figure, average_precision, mean_interval, ndcg
from wirekin.evaluate._rows import Row, Sample, group_samples, text_of
from wirekin.model import (
    Candidate,
    Headline,
    HeadlineId,
    Neighbourhood,
    RelatedItem,
    RelatedQuery,
    Semantic,
    StoryId,
    StoryRef,
    TopicSlug,
)
from wirekin.stories import Asked, kin, neighbours_for, rank
from wirekin.text import guess_lang, terms
from wirekin.topics import TopicRules

DEPTH = 50  # items asked for: the contract's largest limit
MAX_GRADE = 10  # of a headline for a query: nDCG raises 2 to its power


class Shelf:
    """Labelled headlines as a store would offer them: grouped, and found by the rarer terms of a query."""

    def __init__(
        self, found: Sequence[Sample], topics: TopicRules | None = None, *, semantic: Semantic = False
    ) -> None:
        groups = group_samples(found, semantic=semantic)
        self.semantic = semantic
        self._terms = [frozenset(terms(sample.headline.title, sample.headline.summary)) for sample in found]
        self._frequencies = Counter(term for held in self._terms for term in held)
        self._candidates = [
            Candidate(
                headline=_with_topics(sample, topics),
                story=StoryRef(StoryId(groups[sample.headline.id][0])),
                copy_of=groups[sample.headline.id][1],
            )
            for sample in found
        ]

    def each_alone(self) -> Shelf:
        """Make every headline a story of its own and no copy; return self."""
        self._candidates = [
            replace(candidate, story=StoryRef(StoryId(candidate.headline.id)), copy_of=None)
            for candidate in self._candidates
        ]
        return self

    @property
    def latest(self) -> datetime:
        """When the newest headline was seen."""
        return max(candidate.headline.first_seen_at for candidate in self._candidates)

    def neighbours(self, asked: Sequence[str], limit: int) -> Neighbourhood:
        """The headlines that share the rarest terms, then those that name the same concepts in other words."""
        counts = Counter(asked)
        weights = {term: (1 + math.log(uses)) * self._rarity([term]) for term, uses in counts.items()}
        near = self._nearest([(frozenset([term]), weight) for term, weight in weights.items()])
        known = set(near)
        groups = [(frozenset(group), self._rarity(group)) for group in kin(asked)]
        further = [place for place in self._nearest(groups) if place not in known]
        return Neighbourhood(
            candidates=tuple(self._candidates[place] for place in near[:limit] + further[:limit]),
            frequencies={term: self._frequencies[term] for term in counts},
            documents=len(self._candidates),
        )

    def _rarity(self, group: Iterable[str]) -> float:
        held = sum(self._frequencies[term] for term in group)
        return math.log(1 + len(self._candidates) / held) if held else 0.0

    def _nearest(self, groups: Sequence[tuple[frozenset[str], float]]) -> list[int]:
        """Indices of the headlines that hold a term of any group, the highest sum of such groups' weights first."""
        weights = [sum(weight for group, weight in groups if not held.isdisjoint(group)) for held in self._terms]
        return sorted((place for place, weight in enumerate(weights) if weight), key=lambda place: -weights[place])


def _with_topics(sample: Sample, topics: TopicRules | None) -> Headline:
    headline = sample.headline
    if topics is None:
        return headline
    matches = topics.match(headline.title, headline.summary, headline.lang)
    return replace(headline, topics=tuple(match.slug for match in matches))


def answer(
    shelf: Shelf,
    row: Row,
    topics: TopicRules | None = None,
    limit: int = DEPTH,
    without: frozenset[HeadlineId] = frozenset(),
) -> tuple[RelatedItem, ...]:
    """The related items of one query row, which has a `title` or `text`; `without` are headlines of that article."""
    title, text = text_of(row, "title"), text_of(row, "text")
    lang = text_of(row, "lang") or guess_lang(title or text)
    slugs: frozenset[TopicSlug] = frozenset()
    if topics is not None:
        slugs = frozenset(match.slug for match in topics.match(title, text, lang))
    asked = Asked(terms(title, text), f"{title} {text}", slugs, lang, texts=without)
    near = shelf.neighbours(asked.terms, neighbours_for(limit))
    query = RelatedQuery(title=title, text=text, limit=limit)
    return rank(query, asked, near, now=shelf.latest, semantic=shelf.semantic)


def related_figures(
    found: Sequence[Sample],
    queries: Sequence[Row],
    topics: TopicRules | None,
    resamples: int,
    seed: int,
    *,
    semantic: Semantic = False,
) -> list[Figure]:
    """P@5, MAP and nDCG@10 over the queries that have something to find.

    A query row made from a headline of the same file lists that headline and its copies under `without`.
    """
    shelf = Shelf(found, topics, semantic=semantic)
    rows = {sample.headline.id: sample for sample in found}
    ids = {sample.key: sample.headline.id for sample in found}
    columns: dict[str, dict[str, list[float]]] = {}
    for row in queries:
        grades = _grades(row)
        ideal = _by_story(found, grades)
        if not ideal:
            continue
        held = row.get("without")
        without = frozenset(ids[key] for key in held if key in ids) if isinstance(held, list) else frozenset()
        gains = _gains([rows[item.headline.id] for item in answer(shelf, row, topics, without=without)], ideal)
        hits = [gain > 0 for gain in gains]
        for of in ("", text_of(row, "lang") or "?"):
            column = columns.setdefault(of, {"p@5": [], "map": [], "ndcg@10": []})
            column["p@5"].append(sum(hits[:5]) / min(5, len(ideal)))
            column["map"].append(average_precision(hits, min(len(ideal), DEPTH)))
            column["ndcg@10"].append(ndcg(gains, list(ideal.values())))
    return [
        Figure(f"related {name}", *mean_interval(values, resamples, seed), len(values), of)
        for of, column in sorted(columns.items())
        for name, values in column.items()
    ]


def same_story_figures(
    run: Sequence[Sample], resamples: int, seed: int, *, most: int = 500, semantic: Semantic = False
) -> list[Figure]:
    """P@5 if the title of each headline of a story is a query, and the others of the story are relevant.

    It is given twice: of five, or as many as the story has others; and of five always, which no story of fewer than six
    can fill. Every headline is offered as a story of its own. Of more than `most` queries a seeded sample is asked.
    """
    shelf = Shelf(run, semantic=semantic).each_alone()
    stories = {sample.headline.id: sample.story for sample in run}
    sizes = Counter(sample.story for sample in run)
    asking = [sample for sample in run if sample.story and sizes[sample.story] > 1]
    chosen = random.Random(seed).sample(asking, min(most, len(asking)))  # noqa: S311 - a seeded sample
    values, of_five = list[float](), list[float]()
    for sample in chosen:
        row = {"title": sample.headline.title, "lang": sample.headline.lang or ""}
        found = answer(shelf, row, limit=6)  # the asking headline itself may be among them
        others = [item.headline.id for item in found if item.headline.id != sample.headline.id][:5]
        hits = sum(stories[key] == sample.story for key in others)
        values.append(hits / min(5, sizes[sample.story] - 1))
        of_five.append(hits / 5)
    return [
        Figure(f"related p@5 of the same story{how}", *mean_interval(each, resamples, seed), len(each))
        for how, each in (("", values), (", of five always", of_five))
    ]


def sound_queries(rows: Sequence[Row]) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The queries that can be graded, and complaints about the others."""
    said = f"'relevant' must be ids, each with a grade from 0 to {MAX_GRADE}, and 'without' a list of ids"
    problems = (
        f"queries, line {row.get('line', place)}: {said}" for place, row in enumerate(rows, 1) if not _is_sound(row)
    )
    return tuple(filter(_is_sound, rows)), tuple(problems)


def _is_sound(row: Row) -> bool:
    relevant, without = row.get("relevant"), row.get("without") or []
    if not (isinstance(relevant, dict | list) and isinstance(without, list)):
        return False
    grades = relevant.values() if isinstance(relevant, dict) else ()
    are_grades = all(isinstance(grade, int | float) and 0 <= grade <= MAX_GRADE for grade in grades)
    return are_grades and not any(isinstance(one, dict | list) for one in without)


def _grades(row: Row) -> dict[str, float]:
    relevant = row.get("relevant")
    if isinstance(relevant, dict):
        return {str(key): float(grade) for key, grade in relevant.items()}
    return {str(key): 1.0 for key in relevant} if isinstance(relevant, list) else {}


def _by_story(found: Sequence[Sample], grades: Mapping[str, float]) -> dict[str, float]:
    best: dict[str, float] = {}
    for sample in found:
        grade = grades.get(sample.key, 0.0)
        if grade > 0:
            story = sample.story or sample.key
            best[story] = max(best.get(story, 0.0), grade)
    return best


def _gains(ranked: Sequence[Sample], ideal: Mapping[str, float]) -> list[float]:
    seen: set[str] = set()
    gains = []
    for sample in ranked:
        story = sample.story or sample.key
        gains.append(0.0 if story in seen else ideal.get(story, 0.0))
        seen.add(story)
    return gains
