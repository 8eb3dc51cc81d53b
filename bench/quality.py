"""Every quality figure of docs/quality.md, measured on the labelled headlines in ../shared/stories.

    python bench/quality.py [--stories DIR] [--config feeds.yml] [--resamples 200] [--baselines] [--quick | --long]

Topics are measured twice: on all labelled texts, and on those only that name a country, as by the rules of the labels
the others count neither way (bench/_countries.py says what names one).

Where the extra `semantic` or `multilingual` is installed, files are measured with its vectors too: headlines by the
first, pairs by the second where there are at most MANY; with --long all are by both, and the demo's sample is added,
and the speed of joining.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from _countries import names_a_country
from _measure import keep, options, skip
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
ENCODED = 20  # one headline in so many is encoded to measure the speed of `multilingual`: all would take minutes
MANY = 1_000  # most pairs of a file that `multilingual` reads without --long: SemEval's 3,671 take it minutes
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


def vectors(kind: FileKind | None, rows: int, size: str) -> list[Semantic]:
    """The vectors that a file is measured with: all with --long, else those that the issues ask for its kind."""
    chosen: tuple[Semantic, ...] = (False, True, "multilingual")
    if size != "long" and kind is FileKind.HEADLINES:
        chosen = (False, True)
    elif size != "long":
        chosen = (False, "multilingual") if kind is FileKind.PAIRS and rows <= MANY else (False,)
    return [semantic for semantic in chosen if not semantic_missing(semantic)]


def named(semantic: Semantic) -> str:
    return f", {'multilingual' if semantic == 'multilingual' else 'semantic'}" if semantic else ""


def table(title: str, figures: Iterable[Figure], name: str = "") -> None:
    """Print the figures; those with a `name` are recorded for the table of `make bench`."""
    print(f"\n### {title}\n\n| figure | of | value | 95 % | units |\n|---|---|---|---|---|")
    for figure in figures:
        spread = f"{figure.low:.3f}..{figure.high:.3f}"
        print(f"| {figure.name} | {figure.of or 'all'} | {figure.value:.3f} | {spread} | {figure.units} |")
        if name:
            keep(f"{name}: {figure.name} {figure.of}".rstrip(), figure.value)


def topics_where_named(rows: Sequence[Row], topics: TopicRules) -> list[Figure]:
    """The topics' figures on the texts that name a country."""
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


@dataclass(frozen=True)
class Part:
    """One file measured in one way: what another process needs to know of it."""

    path: Path
    semantic: Semantic
    given: argparse.Namespace


def parts(given: argparse.Namespace) -> Iterator[Part]:
    for path in sorted(given.stories.rglob("*.jsonl")):
        rows = rows_of(path)
        kind = kind_of(rows)
        if kind not in (None, FileKind.QUERIES):
            yield from (Part(path, semantic, given) for semantic in vectors(kind, len(rows), given.size))


@cache
def shipped_topics(path: Path) -> TopicRules | None:
    """The topics of a feeds.yml, read once a process."""
    return topics_of(path)


def measure(part: Part) -> tuple[str, str, list[Figure]]:
    """The title of its table, the name of its figures, and these."""
    path, semantic, given = part.path, part.semantic, part.given
    rows, topics = rows_of(path), shipped_topics(given.config)
    kind = kind_of(rows)
    beside = [other for other in sorted(path.parent.glob("*queries*.jsonl")) if other != path]
    queries = [row for other in beside for row in rows_of(other) if kind is FileKind.HEADLINES] or None
    apart = strangers(given.stories) if kind is FileKind.HEADLINES and "published_at" not in rows[0] else ()
    where = "written for the project" if WRITTEN in str(path.parent) else "published"
    began = time.process_time()
    report = evaluate(
        rows,
        queries,
        topics,
        seed=1,
        resamples=given.resamples,
        baselines=given.baselines and not semantic,
        strangers=apart,
        semantic=semantic,
    )
    figures = list(report.figures)
    if apart:
        run = feed_like(samples(rows)[0], seed=1, strangers=apart)
        figures += same_story_figures(run, given.resamples, 1, semantic=semantic)
    if topics is not None and not semantic:
        figures += topics_where_named(rows, topics)
    how = named(semantic)
    print(f"{path.name}{how}: {time.process_time() - began:.1f} s of CPU", file=sys.stderr, flush=True)
    name = f"{path.parent.name}/{path.name}"
    return f"{name} ({where}, {len(rows)} rows{how})", name + how, figures


def sample_world() -> list[Row]:
    with Publishers("http://127.0.0.1:1", lambda: datetime.now(UTC)) as publishers:
        return sorted(map(json.loads, publishers.labels_jsonl()), key=lambda row: str(row["published_at"]))


def demo(given: argparse.Namespace) -> None:
    """The demo's sample, whose authors did not write the grouping; thresholds were chosen with it in view."""
    rows, topics = sample_world(), shipped_topics(given.config)
    for semantic in vectors(FileKind.HEADLINES, len(rows), given.size):
        baselines = given.baselines and not semantic
        report = evaluate(rows, None, topics, seed=1, resamples=given.resamples, baselines=baselines, semantic=semantic)
        table(f"the demo's sample (written for the project, {len(rows)} rows{named(semantic)})", report.figures)


def speed(folder: Path, size: str) -> None:
    """Headlines grouped in a second of CPU, with a window that holds all the others."""
    rows = [row for path in sorted(folder.rglob("*.jsonl")) for row in titles(rows_of(path))]
    found = [sample.headline for sample in samples(rows)[0]]
    for semantic in vectors(None, len(rows), size):
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
    parser = options(__doc__)
    parser.add_argument("--stories", type=Path, default=ROOT / "../shared/stories")
    parser.add_argument("--config", type=Path, default=ROOT / "feeds.yml")
    parser.add_argument("--resamples", type=int, default=200)
    parser.add_argument("--baselines", action="store_true")
    given = parser.parse_args()
    if not given.stories.is_dir():
        skip("*.jsonl*", f"no labelled headlines at {given.stories}")
        return
    for semantic, how in ((True, "semantic"), ("multilingual", "multilingual")):
        if reason := semantic_missing(semantic):
            skip(f"*, {how}: *", f"{how} {reason}")
    # As many at once as there are cores: nothing here is a figure of speed. The longest come first.
    asked = sorted(parts(given), key=lambda part: (part.semantic != "multilingual", -part.path.stat().st_size))
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for title, name, figures in pool.map(measure, asked):
            table(title, figures, name)
    if given.size == "long":
        demo(given)
        speed(given.stories, given.size)


if __name__ == "__main__":
    main()
