"""`group`, `import` and `export`: headlines as JSON lines, in and out."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import IO, Any

import click

from wirekin import render, text, urls
from wirekin.cli._app import DURATION, App, clock, counted, write_json_line
from wirekin.cli._lists import topic_slug
from wirekin.cli._options import app_of, command
from wirekin.cli._story import regroup
from wirekin.digest import Rules, headline_of
from wirekin.evaluate import Row, group_rows, read_rows
from wirekin.evaluate import text_of as said
from wirekin.model import (
    Entry,
    Feed,
    FeedKind,
    Headline,
    Image,
    Precision,
    Publisher,
    feed_id,
)
from wirekin.parse import is_believable
from wirekin.parse._entries import primary_lang
from wirekin.publishers import domain_named

BATCH = 500  # rows written in one transaction
PROBLEMS_SHOWN = 20
MAX_NAME = 120  # characters of a publisher's name, as in feeds.yml
IMPORT = "wirekin:import"  # URL of the pseudo-feed of imported rows; no real feed can have it

Lines = IO[str]


@command("group", lists=True)
@click.argument("file", type=click.File(encoding="utf-8-sig", errors="replace"), default="-")
@click.pass_context
def group_command(ctx: click.Context, file: Lines) -> None:
    """Group headlines (JSONL in FILE or on stdin) into stories; nothing is stored.

    One line out for each good one in, in the same order: {"id", "story", "copy_of", "topics"}.
    """
    app = app_of(ctx)
    rows, problems = read_rows(file)
    answers, more = group_rows(rows, app.rules_or_none_given().topics)
    _write(app, map(dict, answers))
    for problem in sorted((*problems, *more), key=_line_of):  # all of them: stdout has answers only
        app.say(f"skipped {problem}")
    ctx.exit(1 if (problems or more) and not answers else 0)


@dataclass(slots=True)
class Imported:
    """What an import did."""

    rows: int = 0
    new: int = 0
    unwanted: int = 0  # matched no topic
    problems: list[str] = field(default_factory=list)
    stories: int = 0


@command("import", shows=True)
@click.argument("file", type=click.File(encoding="utf-8-sig", errors="replace"))
@click.pass_context
def import_command(ctx: click.Context, file: Lines) -> None:
    """Take in headlines from JSONL as though polled, then group them.

    A line is {"title", "url", and maybe "id", "summary", "publisher", "lang", "published_at", "image"}. Bad lines are
    skipped and named; exit 1 only if none was good.
    """
    app = app_of(ctx)
    with _bar(app, "Importing", _bytes_of(file)) as advance:
        done = import_rows(app, _batches(file, advance))
    with _bar(app, "Grouping", None) as advance:
        done.stories = regroup(app, advance)
    found = {
        "rows": done.rows,
        "headlines_new": done.new,
        "unmatched": done.unwanted,
        "stories_new": done.stories,
        "problems": done.problems,
    }
    app.show(found, lambda: _tell_import(app, done))
    ctx.exit(1 if done.rows == 0 and done.problems else 0)


@command("export", lists=True)
@click.option("--topic", help="Only this topic.")
@click.option("--since", type=DURATION, help="How far back, as in 24h.")
@click.pass_context
def export_command(ctx: click.Context, topic: str | None, since: timedelta | None) -> None:
    """Print every headline, copies too, as JSONL with the link as published."""
    app = app_of(ctx)
    start = clock() - since if since else None
    app.needs_database()
    _write(app, map(render.export_row, app.looking().export(topic=topic_slug(app, topic), since=start)))


def _write(app: App, rows: Iterable[Any]) -> None:
    """Write rows as JSON lines, with --json as one list; both row by row, for an export may have a million."""
    if app.jsonl or not app.json:
        for row in rows:
            write_json_line(row)
        return
    before = '{"items": ['
    for row in rows:
        click.echo(before + json.dumps(row, ensure_ascii=False), nl=False)
        before = ",\n"
    click.echo(("" if before == ",\n" else before) + '], "next": null}')


def import_rows(app: App, batches: Iterable[list[str]]) -> Imported:
    """Read, clean and store the rows, in one transaction per batch."""
    done, line = Imported(), 0
    feed = _import_feed(app)
    for batch in batches:
        rows, bad = read_rows(batch)
        problems = [(_line_of(problem), problem) for problem in bad]
        headlines: list[Headline] = []
        aliases: list[str | None] = []
        for row in rows:
            problem = _problem(row)
            if problem:
                problems.append((_line(row), f"line {_line(row)}: {problem}"))
                continue
            done.rows += 1
            headline = headline_of_row(row, feed, app.rules, clock())
            if headline is None:
                done.unwanted += 1
                continue
            headlines.append(headline)
            aliases.append(said(row, "id") or None)
        done.problems += [_moved(problem, line) for _, problem in sorted(problems)]
        done.new += app.admin.import_headlines(headlines, aliases, clock())
        line += len(batch)
    return done


def headline_of_row(row: Row, feed: Feed, rules: Rules, now: datetime) -> Headline | None:
    """The headline of a row; None where it matches no topic and unmatched ones are not kept."""
    url, pictured = said(row, "url"), _told(row, "image", "url")
    image = urls.resolve(url, pictured) if pictured else None
    published_at, precision = _time(said(row, "published_at"))
    if published_at and not is_believable(published_at):
        published_at = None  # Go and .NET write year 1 for "not set"
    entry = Entry(
        link=url,
        title=text.clean(said(row, "title")),
        summary=text.clean(said(row, "summary")),
        guid=said(row, "id"),
        published_at=published_at,
        precision=precision,
        image=Image(image) if image else None,
        lang=primary_lang(said(row, "lang")),
    )
    publisher = _publisher(text.clean(_told(row, "publisher", "name"), MAX_NAME), url, rules)
    return headline_of(entry, replace(feed, publisher=publisher), rules, now)


def _told(row: Row, key: str, part: str) -> str:
    """The text at `key`, or its `part` where the value is an object, as in the JSON of our own lists."""
    given = row.get(key)
    return said(given, part) if isinstance(given, dict) else said(row, key)


def _publisher(name: str, url: str, rules: Rules) -> Publisher | None:
    """The publisher of that name; None for "", which leaves it to the URL."""
    if not name:
        return None
    return rules.directory.of_name(name) or Publisher(name, domain_named(name) or urls.host_key(url))


def _import_feed(app: App) -> Feed:
    return Feed(
        id=feed_id(IMPORT),
        url=IMPORT,
        kind=FeedKind.FEED,
        name="",
        host="",
        every=app.config.settings.poll_every,
        keep_unmatched=app.config.keep_unmatched,
    )


def _problem(row: Row) -> str:
    if not text.clean(said(row, "title")):
        return "a headline needs a 'title'"
    url = said(row, "url")
    if not url or urls.resolve(url, url) is None:
        return "a headline needs an http(s) 'url'"
    if any("\ud800" <= char <= "\udfff" for char in said(row, "id")):
        return "an 'id' must not be cut in the midst of a letter"
    if row.get("published_at") not in (None, "") and _time(said(row, "published_at"))[0] is None:
        return "'published_at' must be like 2026-11-22T10:00:00Z"
    return ""


def _time(value: str) -> tuple[datetime | None, Precision]:
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            return at.replace(tzinfo=UTC), Precision.DAY if len(value) <= len("2026-11-22") else Precision.LOCAL
        return at.astimezone(UTC), Precision.INSTANT
    except (ValueError, OverflowError):
        return None, Precision.INSTANT


def _line(row: Row) -> int:
    number = row.get("line", 0)
    return number if isinstance(number, int) else 0


def _line_of(problem: str) -> int:
    """The number in `line 3: ...`."""
    return int(problem.removeprefix("line ").partition(":")[0])


def _moved(problem: str, by: int) -> str:
    """`line 3: ...` of a batch, renumbered by the lines before the batch."""
    return f"line {_line_of(problem) + by}:{problem.partition(':')[2]}"


def _batches(file: Lines, advance: Callable[[int], None]) -> Iterator[list[str]]:
    batch: list[str] = []
    for line in file:
        batch.append(line)
        if len(batch) == BATCH:
            yield batch
            advance(sum(len(row.encode()) for row in batch))
            batch = []
    if batch:
        yield batch


def _bytes_of(file: Lines) -> int | None:
    found = os.fstat(file.fileno())
    return found.st_size if stat.S_ISREG(found.st_mode) else None


@contextmanager
def _bar(app: App, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.progress import Progress

    with Progress(console=app.err, transient=True, disable=not app.draws) as progress:
        task = progress.add_task(label, total=total)
        yield lambda size: progress.advance(task, size)


def _tell_import(app: App, done: Imported) -> None:
    app.out.print(
        f"{counted(done.rows, 'row')} read: {counted(done.new, 'new headline')}, "
        f"{counted(done.stories, 'new story', 'new stories')}, "
        f"{done.unwanted:,} matched no topic, {counted(len(done.problems), 'bad line')}",
        markup=False,
    )
    for problem in done.problems[:PROBLEMS_SHOWN]:
        app.say(f"skipped {problem}")
    if len(done.problems) > PROBLEMS_SHOWN:
        app.say(f"and {len(done.problems) - PROBLEMS_SHOWN} more; --json lists all")
