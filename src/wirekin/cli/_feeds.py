"""`wirekin feeds`: what is polled, how it does, and how to add more."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from wirekin import config, moves, parse, render, urls
from wirekin.cli._app import App, age, clock
from wirekin.cli._options import app_of, group
from wirekin.digest import digest
from wirekin.discover import Found, discover
from wirekin.errors import BadRequest
from wirekin.model import (
    Claim,
    Feed,
    FeedKind,
    FeedReport,
    FeedState,
    Fetched,
    FetchRequest,
    FetchResult,
    Page,
    ParseFailed,
    ParseResult,
    PollOutcome,
    PollStatus,
    feed_id,
)
from wirekin.refresh import request_of

Fetch = Callable[[FetchRequest], Awaitable[FetchResult]]
Parse = Callable[..., Awaitable[ParseResult]]


@group("feeds")
def feeds_command() -> None:
    """List, check, find and add feeds."""


@feeds_command.command("list", lists=True)
@click.pass_context
def list_feeds(ctx: click.Context) -> None:
    """List the feeds with their health: by what they deliver, not by their status code."""
    app = app_of(ctx)
    reports = feed_reports(app)
    app.show(render.feeds_json(Page(reports), details=True), lambda: _show_reports(app, reports))


def feed_reports(app: App) -> tuple[FeedReport, ...]:
    """Every configured feed with its state; one that was never polled too."""
    now = clock()
    held = {feed.id: (state, kept, recent) for feed, state, kept, recent in app.reader.feeds()}
    rows = [(feed, *held.get(feed.id, (FeedState(feed.id, now), 0, ()))) for feed in app.config.feeds]
    return moves.reports(rows, app.reader.subscriptions(), now)


def _show_reports(app: App, reports: tuple[FeedReport, ...]) -> None:
    now = clock()
    rows = [
        (
            report.feed.name,
            report.health.value,
            str(report.headlines),
            str(report.state.missed_polls or ""),
            age(report.state.last_new_at, now),
            age(None if report.state.merged_into else report.state.next_poll_at, now),
            "; ".join(filter(None, (_trouble(report.state), render.move_note(report)))),
        )
        for report in reports
    ]
    names = ("Feed", "Health", "Headlines", "Missed", "Newest", "Next poll", "Trouble")
    app.table(*names, rows=rows, right=(2, 3, 4, 5), grow=6)


def _trouble(state: FeedState) -> str:
    """What the last poll met, and how often in a row; "" where it went well."""
    if state.reason is None or state.merged_into:
        return ""
    often = f" ({state.failures} times)" if state.failures > 1 else ""
    return f"{state.reason.value}: {state.detail or 'no more is known'}{often}"


@feeds_command.command("check", shows=True)
@click.argument("url", required=False)
@click.option("--page", is_flag=True, help="URL is a news page, not a feed.")
@click.option("--sitemap", is_flag=True, help="URL is a news sitemap.")
@click.pass_context
def check(ctx: click.Context, url: str | None, page: bool, sitemap: bool) -> None:
    """Fetch one feed (or all configured ones) and show what would be stored; nothing is."""
    app = app_of(ctx)
    kind = FeedKind.PAGE if page else FeedKind.SITEMAP if sitemap else FeedKind.FEED
    feeds = (_configured_or_new(app, url, kind),) if url else app.config.feeds
    checked = asyncio.run(_check_all(app, feeds))
    data = [_checked_json(feed, outcome) for feed, outcome in checked]
    app.show(data[0] if url else {"items": data, "next": None}, lambda: _show_checked(app, checked))
    ctx.exit(1 if any(outcome.status is PollStatus.FAILED for _, outcome in checked) else 0)


def _configured_or_new(app: App, url: str, kind: FeedKind) -> Feed:
    for feed in app.config.feeds:
        if url in (feed.name, feed.url):
            return feed
    settings = app.config.settings
    return Feed(
        id=feed_id(url),
        url=url,
        kind=kind,
        name=urls.hostname(url),
        host=urls.host_key(url),
        every=settings.poll_every,
        keep_unmatched=settings.unmatched is config.Unmatched.KEEP or not app.config.topics.slugs,
        allow_private=settings.allow_private,
    )


async def _check_all(app: App, feeds: tuple[Feed, ...]) -> list[tuple[Feed, PollOutcome]]:
    async with fetch_and_parse(app) as (fetch, parse_body):
        return [(feed, await _check(app, feed, fetch, parse_body)) for feed in feeds]


async def _check(app: App, feed: Feed, fetch: Fetch, parse_body: Parse) -> PollOutcome:
    now = clock()
    claim = Claim(feed, FeedState(feed.id, now), now, manual=True)
    result = await fetch(request_of(claim))
    parsed = None
    if isinstance(result, Fetched):
        parsed = await parse_body(
            result.body,
            url=result.url,
            content_type=result.content_type,
            kind=feed.kind,
            select=feed.select,
            lang=feed.lang,
            now=now,
        )
    return digest(claim, result, parsed, (), app.rules, now, 0.0)


def _checked_json(feed: Feed, outcome: PollOutcome) -> dict[str, Any]:
    return {
        "feed": feed.name,
        "url": feed.url,
        "status": outcome.status.value,
        "reason": outcome.state.reason.value if outcome.state.reason else None,
        "detail": outcome.state.detail,
        "entries": len(outcome.sightings),
        "headlines": [render.export_row(headline) for headline in outcome.headlines],
    }


def _show_checked(app: App, checked: list[tuple[Feed, PollOutcome]]) -> None:
    for feed, outcome in checked:
        reason = f": {outcome.state.reason.value} {outcome.state.detail}" if outcome.state.reason else ""
        kept = f"{len(outcome.headlines)} of {len(outcome.sightings)} entries would be kept"
        app.out.print(f"{feed.name}: {outcome.status.value}{reason or ', ' + kept}", markup=False, style="bold")
        if len(checked) == 1:
            rows = [(h.title, h.publisher.name, " ".join(h.topics), h.url) for h in outcome.headlines]
            app.table("Headline", "Publisher", "Topics", "Link", rows=rows, grow=0)


@feeds_command.command("discover", lists=True)
@click.argument("url")
@click.pass_context
def discover_feeds(ctx: click.Context, url: str) -> None:
    """Find the feeds of a site, the best first, and say why."""
    app = app_of(ctx)
    found = asyncio.run(_discover(app, url))
    items = [
        {
            "url": one.url,
            "kind": one.kind.value,
            "title": one.title,
            "entries": one.entries,
            "newest_at": render.exact_stamp(one.newest_at) if one.newest_at else None,
            "why": one.why,
        }
        for one in found
    ]

    def show() -> None:
        now = clock()
        rows = [(f.url, f.kind.value, str(f.entries), age(f.newest_at, now), f.why) for f in found]
        app.table("Address", "Kind", "Entries", "Newest", "Why", rows=rows, right=(2, 3), grow=4)
        app.say(f"Add the best: wirekin feeds add {found[0].url}" if found else f"No feed was found at {url}.")

    app.show({"items": items, "next": None}, show)
    ctx.exit(0 if found else 1)


async def _discover(app: App, url: str) -> tuple[Found, ...]:
    async with fetch_and_parse(app) as (fetch, parse_body):
        return await discover(url, fetch, parse_body)


@feeds_command.command("add")
@click.argument("url")
@click.option("--name", help="What to call it (default: its own title).")
@click.option("--page", is_flag=True, help="URL is a news page without a feed.")
@click.option("--sitemap", is_flag=True, help="URL is a news sitemap.")
@click.option("--unchecked", is_flag=True, help="Add it without fetching it first.")
@click.pass_context
def add(ctx: click.Context, url: str, name: str | None, page: bool, sitemap: bool, unchecked: bool) -> None:
    """Add a feed to feeds.yml; for a site's address, the best feed that the site announces."""
    app = app_of(ctx)
    kind = FeedKind.PAGE if page else FeedKind.SITEMAP if sitemap else FeedKind.FEED
    title = ""
    if not unchecked and kind is FeedKind.FEED:
        found = asyncio.run(_discover(app, url))
        if not found:
            raise BadRequest(f"no feed was found at {url}: --page follows its links, --unchecked adds it as it is")
        url, kind, title = found[0].url, found[0].kind, found[0].title
    config.add_feed(app.path, url, kind=kind, name=name or title or None)
    app.say(f"Added {url} to {app.path}. Next: wirekin refresh {url}")


@feeds_command.command("remove")
@click.argument("feed")
@click.pass_context
def remove(ctx: click.Context, feed: str) -> None:
    """Take a feed, by name or URL, out of feeds.yml; its headlines stay until they are pruned."""
    app = app_of(ctx)
    config.remove_feed(app.path, app.feed_named(feed).url)
    app.say(f"Removed {feed} from {app.path}.")


@feeds_command.command("import")
@click.argument("file", metavar="OPML", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def import_opml(ctx: click.Context, file: str) -> None:
    """Add the feeds of an OPML file to feeds.yml, those that are there already left out."""
    app = app_of(ctx)
    body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    listed = parse.parse_opml(body)
    if isinstance(listed, ParseFailed):
        raise BadRequest(f"{file}: {listed.reason.value}: {listed.detail}")
    added = config.import_feeds(app.path, listed)
    app.say(f"Added {added} of {len(listed)} feeds to {app.path}.")


@feeds_command.command("export")
@click.pass_context
def export_opml(ctx: click.Context) -> None:
    """Print the feeds as OPML."""
    click.echo(render.opml(app_of(ctx).config.feeds).decode())


@asynccontextmanager
async def fetch_and_parse(app: App) -> AsyncIterator[tuple[Fetch, Parse]]:
    """Fetch with the guards of a poll and parse in a process that may die, for commands that store nothing."""
    from wirekin.cli._compose import lone_fetch
    from wirekin.workers import Parsers

    configured = app.config if app.path.exists() else None
    allowed = configured.settings.allow_private if configured else frozenset()
    async with lone_fetch(configured) as fetch_spaced, Parsers(1) as parsers:

        async def fetch(request: FetchRequest) -> FetchResult:
            return await fetch_spaced(replace(request, allow_private=request.allow_private | allowed))

        yield fetch, parsers.parse
