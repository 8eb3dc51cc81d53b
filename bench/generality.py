"""How far the quality figures hold: halves of the events apart, titles from elsewhere, every headline as a question.

    python bench/generality.py [--stories DIR] [--config feeds.yml] [--resamples 200] [--quick | --long]

None of these figures has a goal: `make bench` runs this with --long only. --quick leaves the demo's sample out.

Halves: events are split by their names, so that a word list or a constant that fits one half shows on the other.
Titles from elsewhere should get no related item. Every dated headline asks once by its title and once by all its words,
where something of its event (grade 2) or thread (1) is to be found; it and its copies are no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from _measure import options
from quality import ROOT, rows_of, sample_world, strangers, table, topics_of
from wirekin.evaluate import Figure, FileKind, Row, Sample, Shelf, answer, evaluate, kind_of, related_figures, samples
from wirekin.topics import TopicRules

ASKED = 500  # titles from elsewhere in each of two parts: while a threshold is chosen, only the first is looked at
SHOWN = ("stories b-cubed f1", "topics f1", "topics with those the story lends f1")


def half_of(row: Row) -> int:
    """0 or 1, by the name of the event: the same in every run and file."""
    return hashlib.blake2b(str(row.get("story")).encode(), digest_size=1).digest()[0] & 1


def halves(name: str, rows: Sequence[Row], apart: Sequence[Sample], topics: TopicRules | None, resamples: int) -> None:
    strangers_between = [] if "published_at" in rows[0] else apart
    for half in (0, 1):
        chosen = [row for row in rows if half_of(row) == half]
        report = evaluate(chosen, None, topics, seed=1, resamples=resamples, strangers=strangers_between)
        table(f"{name}, half {half + 1} of the events ({len(chosen)} rows)", shown(report.figures))


def shown(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.name in SHOWN]


def questions(rows: Sequence[Row]) -> list[Row]:
    """One query for the title and one for all words of each headline that is no copy."""
    labelled = [row for row in rows if row.get("id") and row.get("title")]
    found: list[Row] = []
    for row in labelled:
        if row.get("copy_of"):
            continue
        itself = [str(other["id"]) for other in labelled if row["id"] in (other["id"], other.get("copy_of"))]
        relevant = {str(o["id"]): grade for o in labelled if str(o["id"]) not in itself and (grade := grade_of(row, o))}
        asked: Row = {"lang": row.get("lang") or "", "relevant": relevant, "without": itself}
        if relevant:
            found.append({**asked, "title": row["title"]})
            if row.get("summary"):
                found.append({**asked, "text": f"{row['title']}. {row['summary']}"})
    return found


def grade_of(row: Row, other: Row) -> int:
    if row.get("story") == other.get("story"):
        return 2
    return int(bool(row.get("storyline")) and row.get("storyline") == other.get("storyline"))


def elsewhere(name: str, shelf: Shelf, titles: Sequence[Sample], topics: TopicRules | None) -> None:
    """How many titles from elsewhere get a related item, and how many items, in two parts."""
    for start in (0, ASKED):
        part = titles[start : start + ASKED]
        found = [len(answer(shelf, {"title": sample.headline.title, "lang": "en"}, topics)) for sample in part]
        got, items = sum(map(bool, found)), sum(found)
        print(f"\n{name}: of {len(part)} from elsewhere {got} get an answer ({got / len(part):.1%}), {items} items")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--stories", type=Path, default=ROOT / "../shared/stories")
    parser.add_argument("--config", type=Path, default=ROOT / "feeds.yml")
    parser.add_argument("--resamples", type=int, default=200)
    given = parser.parse_args()
    topics, apart = topics_of(given.config), strangers(given.stories)
    files = {f"{path.parent.name}/{path.name}": rows_of(path) for path in sorted(given.stories.rglob("*.jsonl"))}
    if given.size != "quick":
        files["the demo's sample"] = tuple(sample_world())
    for name, rows in files.items():
        if kind_of(rows) is not FileKind.HEADLINES:
            continue
        halves(name, rows, apart, topics, given.resamples)
        asked = questions(rows) if "published_at" in rows[0] else []
        if asked:
            found = samples(rows)[0]
            figures = related_figures(found, asked, topics, given.resamples, 1)
            table(f"{name}, every headline as a question ({len(asked)})", figures)
            elsewhere(name, Shelf(found, topics), apart, topics)


if __name__ == "__main__":
    main()
