"""Evaluation of grouping, ranking and topics against labels; and grouping of plain rows.

rows (recognised by their keys) -> headlines as a poll makes them -> stories, copies, related, topics -> figures, each
with a bootstrap interval and the seed that repeats it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from wirekin.evaluate import _baselines, _figures
from wirekin.evaluate._figures import Figure
from wirekin.evaluate._related import Shelf, answer, related_figures, same_story_figures, sound_queries
from wirekin.evaluate._rows import (
    UNDATED,
    FileKind,
    Row,
    Sample,
    group_rows,
    group_samples,
    kind_of,
    read_rows,
    samples,
    text_of,
)
from wirekin.model import Headline, HeadlineId, Publisher, Semantic, TopicSlug
from wirekin.stories import alike
from wirekin.text import clean, guess_lang, split_wire
from wirekin.topics import Told, TopicRules

__all__ = [
    "Figure",
    "FileKind",
    "Report",
    "Row",
    "Sample",
    "Shelf",
    "answer",
    "evaluate",
    "feed_like",
    "group_rows",
    "kind_of",
    "read_rows",
    "related_figures",
    "same_story_figures",
    "samples",
    "text_of",
]

Run = tuple[Sequence[Hashable], Sequence[Hashable]]  # the gold and the found group of each labelled sample
ONLINE = "online alone"  # marks story figures without the regrouping
# The feed-like protocol, for labelled headlines without times of their own, as in uci.
SEEDS = 5  # shufflings, over all of which the figures are taken
CUT = 20  # headlines of a story at most
STRANGERS = 600  # headlines of other stories, each alone
SAME_OVERALL = 2.0  # SemEval-2022 task 8: 1 the same .. 4 unrelated; up to 2 counts as the same story


@dataclass(frozen=True, slots=True)
class Report:
    """The figures, how they were measured, and what could not be read."""

    figures: tuple[Figure, ...]
    rows: int
    seed: int
    resamples: int
    problems: tuple[str, ...] = ()


def evaluate(
    rows: Sequence[Row],
    queries: Sequence[Row] | None = None,
    topics: TopicRules | None = None,
    *,
    seed: int = 1,
    resamples: int = 200,
    baselines: bool = False,
    strangers: Sequence[Sample] = (),
    semantic: Semantic = False,
) -> Report:
    """Every figure that the labels of these rows allow.

    Labelled headlines give figures of stories (regrouped, and by the joins alone: "online alone"; undated ones by the
    feed-like protocol) and of copies, with `queries` of related items, with `topics` of topics. Labelled pairs give an
    AUC, topic cases give topic figures. `strangers` are labelled headlines of other stories that the feed-like protocol
    puts between. With `semantic` vectors help; the extra for them must be installed.
    """
    kind = kind_of(rows)
    if kind is FileKind.PAIRS:
        figures = _pair_figures(rows, resamples, seed, baselines=baselines, semantic=semantic)
        return Report(tuple(figures), len(rows), seed, resamples)
    if kind is FileKind.TOPIC_CASES:
        rows = [{**row, "title": row.get("text")} for row in rows]
    found, problems = samples(rows)
    figures = []
    if any(sample.story for sample in found):
        dated = any(text_of(row, "published_at") for row in rows)
        runs = [found] if dated else [feed_like(found, seed=seed + run, strangers=strangers) for run in range(SEEDS)]
        figures += _story_figures(runs, resamples, seed, baselines=baselines, semantic=semantic)
    if any(sample.copy_of for sample in found):
        figures += _copy_figures(found, resamples, seed, baselines=baselines, semantic=semantic)
    if queries:
        queries, unsound = sound_queries(queries)
        problems += unsound
        figures += related_figures(found, queries, topics, resamples, seed, semantic=semantic)
    if topics is not None and any(sample.topics is not None for sample in found):
        figures += _topic_figures(found, topics, resamples, seed)
    return Report(tuple(figures), len(rows), seed, resamples, problems)


def feed_like(found: Sequence[Sample], *, seed: int, strangers: Iterable[Sample] = ()) -> tuple[Sample, ...]:
    """Undated rows as feeds would bring them: stories cut to 1..20 headlines, strangers between them, shuffled.

    `strangers` are headlines of other stories, of which at most 600 are taken. If none are given and the rows hold more
    than 700 stories, one headline each of 600 stories is taken instead.
    """
    draw = random.Random(seed)  # noqa: S311 - a seeded shuffle
    by_story: dict[str, list[Sample]] = defaultdict(list)
    for sample in found:
        by_story[sample.story or sample.key].append(sample)
    stories = sorted(by_story)
    draw.shuffle(stories)
    apart = sorted(strangers, key=lambda sample: sample.key)
    if not apart and len(stories) > STRANGERS + 100:
        apart = [draw.choice(by_story[story]) for story in stories[:STRANGERS]]
        stories = stories[STRANGERS:]
    chosen = [*draw.sample(apart, min(STRANGERS, len(apart)))]
    for story in stories:
        members = by_story[story]
        chosen += draw.sample(members, min(len(members), draw.randint(1, CUT)))
    draw.shuffle(chosen)
    return tuple(chosen)


# --- stories and copies -----------------------------------------------------------------------------------------


def story_runs(runs: Sequence[Sequence[Sample]], group: Callable[[Sequence[Sample]], Sequence[Hashable]]) -> list[Run]:
    """Gold and found group of every labelled sample, a pair of lists for each run."""
    pairs: list[Run] = []
    for run in runs:
        groups = group(run)
        labelled = [(s.story, g) for s, g in zip(run, groups, strict=True) if s.story]
        pairs.append(([story for story, _ in labelled], [found for _, found in labelled]))
    return pairs


def ours(run: Sequence[Sample], *, semantic: Semantic = False, online: bool = False) -> list[Hashable]:
    """The story that wirekin gives to each sample: with `online` as each comes, else after a regrouping."""
    groups = group_samples(run, semantic=semantic, online=online)
    return [groups[sample.headline.id][0] for sample in run]


def _story_figures(
    runs: Sequence[Sequence[Sample]], resamples: int, seed: int, *, baselines: bool, semantic: Semantic
) -> list[Figure]:
    group = partial(ours, semantic=semantic)
    online = partial(ours, semantic=semantic, online=True)
    figures = _grouping("stories", story_runs(runs, group), resamples, seed)
    figures += _grouping("stories", story_runs(runs, online), resamples, seed, of=ONLINE)
    if baselines:
        for name, baseline in _baselines.STORIES.items():
            figures += _grouping("stories", story_runs(runs, baseline), resamples, seed, of=name)
    languages = sorted({sample.headline.lang or "" for run in runs for sample in run} - {""})
    for lang in languages if len(languages) > 1 else ():
        spoken = [[sample for sample in run if sample.headline.lang == lang] for run in runs]
        figures += _grouping("stories", story_runs(spoken, group), resamples, seed, of=lang)
        figures += _grouping("stories", story_runs(spoken, online), resamples, seed, of=f"{lang}, {ONLINE}")
    return figures


def _grouping(name: str, runs: Sequence[Run], resamples: int, seed: int, of: str = "") -> list[Figure]:
    figures = []
    for measure_name, measure in (("b-cubed", _figures.b_cubed), ("pairwise", _figures.pairwise)):
        units = [unit for gold, found in runs for unit in measure(gold, found)]
        for part, (value, low, high) in _figures.interval(units, resamples, seed).items():
            figures.append(Figure(f"{name} {measure_name} {part}", value, low, high, len(units), of))
    return figures


def _copy_figures(
    found: Sequence[Sample], resamples: int, seed: int, *, baselines: bool, semantic: Semantic
) -> list[Figure]:
    groups = group_samples(found, semantic=semantic)
    gold = [sample.copy_of or sample.key for sample in found]
    roots = [groups[sample.headline.id][1] or sample.headline.id for sample in found]
    figures = _grouping("copies", [(gold, roots)], resamples, seed)
    for name, baseline in _baselines.COPIES.items() if baselines else ():
        figures += _grouping("copies", [(gold, baseline(found))], resamples, seed, of=name)
    return figures


# --- topics and pairs -------------------------------------------------------------------------------------------


def _topic_figures(found: Sequence[Sample], topics: TopicRules, resamples: int, seed: int) -> list[Figure]:
    said = [frozenset(topics.about(sample.headline.title, sample.headline.summary)) for sample in found]
    figures = _topic_rates("topics", found, said, topics.slugs, resamples, seed)
    if any(sample.story for sample in found):
        told = _with_lent(found, said, topics)
        figures += _topic_rates("topics with those the story lends", found, told, topics.slugs, resamples, seed)
    return figures


def _with_lent(
    found: Sequence[Sample], said: Sequence[frozenset[TopicSlug]], topics: TopicRules
) -> list[frozenset[TopicSlug]]:
    """The topics that each headline has by itself, and those that its story, as grouped here, lends it."""
    groups = group_samples(found)
    stories: dict[HeadlineId, list[int]] = defaultdict(list)
    for place, sample in enumerate(found):
        stories[groups[sample.headline.id][0]].append(place)
    told = list(said)
    for places in stories.values():
        story = [Told.of(found[place].headline, said[place]) for place in places]
        for place, given in zip(places, topics.lent(story), strict=True):
            told[place] |= given.keys()
    return told


def _topic_rates(
    name: str,
    found: Sequence[Sample],
    said: Sequence[frozenset[TopicSlug]],
    slugs: Sequence[TopicSlug],
    resamples: int,
    seed: int,
) -> list[Figure]:
    units: dict[str, list[_figures.Counts]] = defaultdict(list)
    for sample, about in zip(found, said, strict=True):
        if sample.topics is None:
            continue
        for slug in slugs:
            hit, put, labelled = slug in about & sample.topics, slug in about, slug in sample.topics
            unit = (float(hit), float(put), float(hit), float(labelled))
            for of in ("", f"{sample.headline.lang or '?'}", f"topic {slug}"):
                units[of].append(unit)
    return [
        Figure(f"{name} {part}", value, low, high, len(units[of]), of)
        for of in sorted(units)
        for part, (value, low, high) in _figures.interval(units[of], resamples, seed).items()
    ]


def _pair_figures(
    rows: Sequence[Row], resamples: int, seed: int, *, baselines: bool, semantic: Semantic
) -> list[Figure]:
    pairs = [(_half(row, "a", place), _half(row, "b", place)) for place, row in enumerate(rows)]
    scores = alike(pairs, semantic=semantic)
    same = [_same(row) for row in rows]
    languages = [_pair_language(row) for row in rows]
    figures = []
    for of in ["", *sorted(set(languages))]:
        chosen = [i for i, lang in enumerate(languages) if of in ("", lang)]
        labels = [same[i] for i in chosen]
        if any(labels) and not all(labels):
            spread = _figures.auc_interval([scores[i] for i in chosen], labels, resamples, seed)
            figures.append(Figure("pairs auc", *spread, len(chosen), of))
    if not baselines or not figures:
        return figures
    plain = {name: [likeness(a, b) for a, b in pairs] for name, likeness in _baselines.PAIRS.items()}
    for name, scores in {**plain, "tf-idf": _baselines.tf_idf(pairs)}.items():
        figures.append(Figure("pairs auc", *_figures.auc_interval(scores, same, resamples, seed), len(pairs), name))
    return figures


def _pair_language(row: Row) -> str:
    two = (text_of(row, "lang1"), text_of(row, "lang2"))
    return text_of(row, "lang") or "-".join(dict.fromkeys(filter(None, two)))


def _same(row: Row) -> bool:
    overall = row.get("overall")
    if isinstance(overall, int | float):
        return overall <= SAME_OVERALL
    return row.get("y") in (1, True, "OK", "1")


def _half(row: Row, side: str, place: int) -> Headline:
    title, summary, _ = split_wire(clean(text_of(row, side)), clean(text_of(row, f"s{side}")))
    return Headline(
        id=HeadlineId(f"{place}{side}"),
        url="",
        title=title,
        summary=summary,
        publisher=Publisher("", ""),
        first_seen_at=UNDATED,
        lang=text_of(row, "lang") or guess_lang(f"{title} {summary}"),
    )
