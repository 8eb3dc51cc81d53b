"""Every quality figure of docs/quality.md, measured on the labelled headlines in ../shared/stories.

python bench/quality.py [--stories DIR] [--config feeds.yml] [--resamples 200] [--baselines]

Topics are measured twice: as labelled, and of the texts that name a country alone, for the others count neither way
(../shared/stories/README.md; bench/_countries.py says what names one).

Where the extra `semantic` or `multilingual` is installed, each table is followed by the same one with its vectors.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from _countries import names_a_country
from _measure import keep
from wirekin.demo import Publishers
from wirekin.evaluate import (
    Figure,
    FileKind,
    Row,
    Sample,
    evaluate,
    feed_like,
    kind_of,
    read_rows,
    same_story_figures,
    samples,
)
from wirekin.model import Semantic
from wirekin.stories import Window, assign, semantic_missing
from wirekin.topics import TopicRules

ROOT = Path(__file__).parents[1]
ENCODED = 20  # of so many headlines one is read by the multilingual encoder when speed is measured: all take minutes
WRITTEN = "newsdesk"  # folders of rows that were written for the project; everything else was published


def rows_of(path: Path) -> tuple[Row, ...]:
    with path.open(encoding="utf-8") as lines:
        rows, problems = read_rows(lines)
    for problem in problems:
        print(f"{path.name}: {problem}", file=sys.stderr)
    return rows


def topics_of(path: Path | None) -> TopicRules | None:
    if path is None or not path.exists():
        return None
    from wirekin.config import load

    return load(path).topics


def strangers(folder: Path) -> list[Sample]:
    """English headlines of pairs that are not one story: strangers between the uci stories."""
    found: list[Row] = []
    for path in sorted(folder.glob("*pairs.jsonl")):
        rows = rows_of(path)
        found += [
            {"id": f"stranger-{i}", "title": row["a"], "lang": "en", "story": f"stranger-{i}"}
            for i, row in enumerate(rows)
            if row.get("lang1") == row.get("lang2") == "en" and not row.get("same")
        ]
    return list(samples(found)[0])


@lru_cache(maxsize=1)
def vectors() -> list[Semantic]:
    every: tuple[Semantic, ...] = (False, True, "multilingual")
    for semantic in every:
        if semantic_missing(semantic):
            print(f"\nLeft out{named(semantic)}: it {semantic_missing(semantic)}.")
    return [semantic for semantic in every if not semantic_missing(semantic)]


def named(semantic: Semantic) -> str:
    return f", {'multilingual' if semantic == 'multilingual' else 'semantic'}" if semantic else ""


def table(title: str, figures: Iterable[Figure], name: str = "") -> None:
    """Print the figures, and put those that are called something where the table of `make bench` finds them."""
    print(f"\n### {title}\n\n| figure | of | value | 95 % | units |\n|---|---|---|---|---|")
    for figure in figures:
        spread = f"{figure.low:.3f}..{figure.high:.3f}"
        print(f"| {figure.name} | {figure.of or 'all'} | {figure.value:.3f} | {spread} | {figure.units} |")
        if name:
            keep(f"{name}: {figure.name} {figure.of}".rstrip(), figure.value)


def topics_where_named(rows: Sequence[Row], topics: TopicRules) -> list[Figure]:
    """What the rules say of the texts that name a country, nothing else being measured."""
    parts = ("title", "text", "summary")
    named = [
        {key: row.get(key) for key in ("lang", "topics", *parts) if key in row}
        for row in rows
        if "topics" in row and names_a_country(" ".join(str(row.get(part) or "") for part in parts), str(row["lang"]))
    ]
    figures = evaluate(named, None, topics, seed=1).figures if named else ()
    return [
        replace(figure, name=figure.name.replace("topics", "topics where a country is named")) for figure in figures
    ]


def measure(path: Path, others: Sequence[Row], topics: TopicRules | None, options: argparse.Namespace) -> None:
    rows = rows_of(path)
    kind = kind_of(rows)
    if kind in (None, FileKind.QUERIES):
        return
    queries = [row for row in others if kind is FileKind.HEADLINES] or None
    apart = strangers(options.stories) if kind is FileKind.HEADLINES and "published_at" not in rows[0] else ()
    where = "written for the project" if WRITTEN in str(path.parent) else "published"
    for semantic in vectors():
        began = time.process_time()
        report = evaluate(
            rows,
            queries,
            topics,
            seed=1,
            resamples=options.resamples,
            baselines=options.baselines and not semantic,
            strangers=apart,
            semantic=semantic,
        )
        figures = list(report.figures)
        if apart:
            run = feed_like(samples(rows)[0], seed=1, strangers=apart)
            figures += same_story_figures(run, options.resamples, 1, semantic=semantic)
        if topics is not None and not semantic:
            figures += topics_where_named(rows, topics)
        how = named(semantic)
        name = f"{path.parent.name}/{path.name}"
        table(f"{name} ({where}, {len(rows)} rows{how})", figures, name + how)
        print(f"{path.name}{how}: {time.process_time() - began:.1f} s", file=sys.stderr)


def sample_world() -> list[Row]:
    with Publishers(datetime.now(UTC), "http://127.0.0.1:1") as publishers:
        return sorted(map(json.loads, publishers.labels_jsonl()), key=lambda row: str(row["published_at"]))


def demo(topics: TopicRules | None, options: argparse.Namespace) -> None:
    """The demo's sample, whose authors did not write the grouping; thresholds were chosen with it in view."""
    rows = sample_world()
    for semantic in vectors():
        baselines = options.baselines and not semantic
        report = evaluate(
            rows, None, topics, seed=1, resamples=options.resamples, baselines=baselines, semantic=semantic
        )
        how = named(semantic)
        table(f"the demo's sample (written for the project, {len(rows)} rows{how})", report.figures)


def speed(folder: Path) -> None:
    """Headlines grouped in a second of CPU, with a window that holds all the others."""
    rows = [row for path in sorted(folder.rglob("*.jsonl")) for row in titles(rows_of(path))]
    found = [sample.headline for sample in samples(rows)[0]]
    for semantic in vectors():
        chosen = found[::ENCODED] if semantic == "multilingual" else found
        window = Window(semantic=semantic)
        began = time.process_time()
        for start in range(0, len(chosen), 500):
            assign(window, chosen[start : start + 500])
        rate = len(chosen) / (time.process_time() - began)
        how = named(semantic)
        print(f"\nGrouping{how}: {rate:,.0f} headlines a CPU second, {len(window):,} in the window.")


def titles(rows: Sequence[Row]) -> list[Row]:
    if kind_of(rows) is FileKind.HEADLINES:
        return list(rows)
    if kind_of(rows) is FileKind.PAIRS:
        return [{"title": row[side], "summary": row.get(f"s{side}", "")} for row in rows for side in ("a", "b")]
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=Path, default=ROOT / "../shared/stories")
    parser.add_argument("--config", type=Path, default=ROOT / "feeds.yml")
    parser.add_argument("--resamples", type=int, default=200)
    parser.add_argument("--baselines", action="store_true")
    options = parser.parse_args()
    topics = topics_of(options.config)
    for path in sorted(options.stories.rglob("*.jsonl")):
        beside = [other for other in sorted(path.parent.glob("*queries*.jsonl")) if other != path]
        measure(path, [row for other in beside for row in rows_of(other)], topics, options)
    demo(topics, options)
    speed(options.stories)


if __name__ == "__main__":
    main()
