"""`wirekin refresh`: run one turn by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from wirekin.cli._app import App, clock, counted, next_try
from wirekin.cli._options import app_of, command
from wirekin.model import FeedId
from wirekin.refresh import TurnReport


@command("refresh", shows=True)
@click.argument("feeds", nargs=-1)
@click.option("--force", is_flag=True, help="Poll what is not due too; Retry-After holds stay.")
@click.option("--strict", is_flag=True, help="Exit 1 if any feed failed.")
@click.pass_context
def refresh_command(ctx: click.Context, feeds: tuple[str, ...], force: bool, strict: bool) -> None:
    """Poll what is due (or the named FEEDs), then group.

    A FEED is a name or a URL of feeds.yml. Works beside a running daemon.
    """
    app = app_of(ctx)
    only = app.feeds_named(feeds)
    report = asyncio.run(_turn(app, only, manual=force))
    app.show(report_json(report), lambda: _tell(app, report, force=force))
    ctx.exit(exit_code(report, strict=strict))


def exit_code(report: TurnReport, *, strict: bool) -> int:
    """69 where no feed could be reached; with `strict`, 1 where any failed; else 0."""
    from wirekin.cli import FAILED, OK, UNREACHABLE

    if report.unreachable:
        return UNREACHABLE
    return FAILED if strict and report.failed else OK


async def _turn(app: App, only: frozenset[FeedId] | None, *, manual: bool) -> TurnReport:
    from wirekin.cli._compose import poller_of
    from wirekin.daemon import on_signals

    async with poller_of(app) as poller:
        on_signals(None, poller.stopping.set)
        with progress_bar(app) as advance:
            report = await poller.turn(only=only, manual=manual, progress=advance)
        if poller.stopping.is_set():
            raise KeyboardInterrupt
        return report


@contextmanager
def progress_bar(app: App) -> Iterator[Callable[[TurnReport], None]]:
    """A bar on stderr that follows the running report; silent where there is no terminal."""
    if not app.draws:
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[new]} new headlines"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=app.err, transient=True) as progress:
        task = progress.add_task("Polling", total=None, new=0)
        grouping = progress.add_task("Grouping", total=None, new=0, visible=False)

        def advance(report: TurnReport) -> None:
            progress.update(task, total=report.due, completed=report.polled, new=report.headlines_new)
            if report.grouped:
                progress.update(task, visible=False)
                progress.update(grouping, completed=report.grouped, new=report.headlines_new, visible=True)

        yield advance


def report_json(report: TurnReport) -> dict[str, Any]:
    """The report in the contract's words."""
    return {
        "feeds": report.feeds,
        "due": report.due,
        "polled": report.polled,
        "not_modified": report.not_modified,
        "unchanged": report.unchanged,
        "failed": report.failed,
        "headlines_seen": report.headlines_seen,
        "headlines_new": report.headlines_new,
        "stories_new": report.stories_new,
        "took_seconds": round(report.took.total_seconds(), 3),
        "failures": [
            {
                "feed": failure.feed.name,
                "url": failure.feed.url,
                "reason": failure.reason.value,
                "detail": failure.detail,
                "next_poll_at": failure.next_poll_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
            for failure in report.failures
        ],
    }


def summary_line(report: TurnReport) -> str:
    """One line of what a turn did."""
    return (
        f"{report.polled} of {report.feeds} feeds polled ({report.not_modified} not modified, "
        f"{report.unchanged} unchanged, {report.failed} failed): {counted(report.headlines_new, 'new headline')}, "
        f"{counted(report.stories_new, 'new story', 'new stories')} in {report.took.total_seconds():.1f} s"
    )


def _tell(app: App, report: TurnReport, *, force: bool) -> None:
    click.echo(summary_line(report))
    if report.failures:
        now = clock()
        rows = [
            (failure.feed.name, failure.reason.value, failure.detail, next_try(failure.next_poll_at, now))
            for failure in sorted(report.failures, key=lambda f: f.feed.name)
        ]
        app.table("Failed feed", "Reason", "Detail", "Next try", rows=rows, grow=2)
    elif report.feeds == 0:
        app.say("There are no feeds yet: `wirekin feeds add URL`.")
    elif report.due == 0 and force:
        app.say(
            "Nothing may be polled yet: the publishers asked us to wait (Retry-After, 429 or 503), or what was named "
            "is polled as another feed since it moved (`wirekin feeds list`)."
        )
    elif report.due == 0:
        app.say("Nothing is due. `wirekin refresh --force` polls all the same.")
    elif report.polled < report.due:
        left = "1 feed is" if report.due - report.polled == 1 else f"{report.due - report.polled} feeds are"
        app.say(f"{left} left to the next turn: their hosts asked for rest, or are being polled by another process.")
    elif report.headlines_new:
        app.say(f"Next: `{app.typed('stories')}`, or `{app.typed('run')}` to keep polling and serve the pages.")
