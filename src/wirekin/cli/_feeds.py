"""`wirekin feeds`: list, check, find, add and remove feeds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from wirekin import canary, config, moves, parse, render, urls
from wirekin.cli._app import App, age, clock, next_try
from wirekin.cli._mends import mend_of
from wirekin.cli._options import app_of, group
from wirekin.cli._tables import plain_text
from wirekin.digest import digest
from wirekin.discover import Fetch, Found, Parse, addresses_of, discover
from wirekin.errors import BadRequest, WirekinError
from wirekin.model import (
    Canary,
    Claim,
    Feed,
    FeedKind,
    FeedReport,
    FeedState,
    Fetched,
    FetchFailed,
    FetchRequest,
    FetchResult,
    Page,
    ParseFailed,
    ParseResult,
    PollOutcome,
    PollStatus,
    Question,
    Reason,
    Selectors,
    feed_id,
)
from wirekin.parse import Explained
from wirekin.refresh import request_of

KNOWN_AGAIN = 200  # latest headlines of a page to look for in its changed markup


@group("feeds")
def feeds_command() -> None:
    """List, check, find and add feeds."""


@feeds_command.command("list", lists=True)
@click.pass_context
def list_feeds(ctx: click.Context) -> None:
    """List the feeds with their health: by what they deliver, not by their status code."""
    app = app_of(ctx)
    reports = feed_reports(app)
    app.show(lambda: render.feeds_json(Page(reports), details=True), lambda: _show_reports(app, reports))


def feed_reports(app: App) -> tuple[FeedReport, ...]:
    """Every configured feed with its state, also those never polled."""
    now = clock()
    held = {feed.id: (state, kept, recent) for feed, state, kept, recent in app.reader.feeds()}
    rows = [(feed, *held.get(feed.id, (FeedState(feed.id, now), 0, ()))) for feed in app.config.feeds]
    return moves.reports(rows, app.reader.subscriptions(), now)


def _next_poll(state: FeedState, now: datetime) -> str:
    return "-" if state.merged_into else next_try(state.next_poll_at, now)


def _show_reports(app: App, reports: tuple[FeedReport, ...]) -> None:
    now = clock()
    rows = [
        (
            report.feed.name,
            report.health.value,
            str(report.headlines),
            str(report.state.missed_polls or ""),
            age(report.state.last_new_at, now),
            _next_poll(report.state, now),
            "; ".join(filter(None, (_trouble(report.state), render.page_note(report), render.move_note(report)))),
        )
        for report in reports
    ]
    names = ("Feed", "Health", "Headlines", "Missed", "Newest", "Next poll", "Trouble")
    app.table(*names, rows=rows, right=(2, 3, 4, 5), grow=6)


def _trouble(state: FeedState) -> str:
    """Why the last poll failed, and how many times in a row; "" after a success."""
    if state.reason is None or state.merged_into:
        return ""
    often = f" ({state.failures} times)" if state.failures > 1 else ""
    return f"{state.reason.value}: {state.detail or 'no more is known'}{often}"


@feeds_command.command("check", lists=True, short_help="Fetch one feed, or all, and show what would be stored")
@click.argument("url", required=False)
@click.option("--page", is_flag=True, help="URL is a news page, not a feed.")
@click.option("--sitemap", is_flag=True, help="URL is a news sitemap.")
@click.pass_context
def check(ctx: click.Context, url: str | None, page: bool, sitemap: bool) -> None:
    """Fetch one feed (or all configured ones) and show what would be stored; nothing is."""
    app = app_of(ctx)
    kind = _kind_of(ctx, page=page, sitemap=sitemap)
    feeds = (_configured_or_new(app, url, kind),) if url else app.config.feeds
    checked = asyncio.run(_check_all(app, feeds))
    data = [_checked_json(one) for one in checked]
    app.show(data[0] if url else {"items": data, "next": None}, lambda: _show_checked(app, checked))
    ctx.exit(1 if any(one.outcome.status is PollStatus.FAILED for one in checked) else 0)


def _kind_of(ctx: click.Context, *, page: bool, sitemap: bool) -> FeedKind:
    if page and sitemap:
        raise click.UsageError("--page or --sitemap: it cannot be both", ctx)
    return FeedKind.PAGE if page else FeedKind.SITEMAP if sitemap else FeedKind.FEED


def _configured_or_new(app: App, url: str, kind: FeedKind) -> Feed:
    if not urls.hostname(url) or app.feeds_called(url):
        return app.feed_named(url)  # complains where there is none, and names the nearest
    settings = app.config.settings
    return Feed(
        id=feed_id(url),
        url=url,
        kind=kind,
        name=urls.hostname(url),
        host=urls.host_key(url),
        every=settings.poll_every,
        keep_unmatched=app.config.keep_unmatched,
        allow_private=settings.allow_private,
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """One feed, fetched and parsed but not stored."""

    feed: Feed
    outcome: PollOutcome
    changed: str = ""  # how the page changed, in words
    proposal: Selectors | None = None  # where the page changed or gives no headlines


async def _check_all(app: App, feeds: tuple[Feed, ...]) -> list[Checked]:
    async with fetch_and_parse(app) as (fetch, parse_body):
        return [await _check(app, feed, fetch, parse_body) for feed in feeds]


async def _check(app: App, feed: Feed, fetch: Fetch, parse_body: Parse) -> Checked:
    now = clock()
    known = _known_of(app, feed)
    claim = Claim(feed, FeedState(feed.id, now), manual=True)
    result = await fetch(request_of(claim))
    parsed: ParseResult | None = None
    if isinstance(result, Fetched):
        parsed = await parse_body(
            result.body,
            url=result.url,
            content_type=result.content_type,
            kind=feed.kind,
            select=feed.select,
            lang=feed.lang,
            now=now,
            known=known.addresses if feed.kind is FeedKind.PAGE else None,
        )
    outcome = digest(claim, result, parsed, (), app.rules, now, 0.0)
    if not isinstance(parsed, Explained):
        return Checked(feed, outcome)
    watched = canary.on_document(known.canary, len(parsed.entries), parsed.shape, now, same_rules=True)
    report = canary.note(replace(watched, changed_at=watched.changed_at or now)) if watched.fallen else ""
    return Checked(feed, outcome, report, parsed.proposal if report or not parsed.entries else None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database remembers of a page."""

    canary: Canary
    addresses: frozenset[str]  # canonical URLs of its latest headlines


def _known_of(app: App, feed: Feed) -> _Known:
    """What is remembered of a page feed; nothing where there is no database, for a check must not create one."""
    path = app.database_file
    if feed.kind is not FeedKind.PAGE or path is None or not path.exists():
        return _Known(Canary(), frozenset())
    states = {row[0].id: row[1] for row in app.reader.feeds()}
    if feed.id not in states:
        return _Known(Canary(), frozenset())
    listed = app.reader.headlines(Question(feed=feed.id, limit=KNOWN_AGAIN)).items
    addresses = frozenset(str(one.canonical_url) for one in listed if one.canonical_url)
    return _Known(states[feed.id].canary, addresses)


def _checked_json(checked: Checked) -> dict[str, Any]:
    feed, outcome = checked.feed, checked.outcome
    return {
        "feed": feed.name,
        "url": feed.url,
        "status": outcome.status.value,
        "reason": outcome.state.reason.value if outcome.state.reason else None,
        "detail": outcome.state.detail,
        "entries": len(outcome.sightings),
        "headlines": [render.export_row(headline) for headline in outcome.headlines],
        "changed": checked.changed or None,
        "select": render.select_json(checked.proposal),
    }


def _show_checked(app: App, checked: list[Checked]) -> None:
    for one in checked:
        feed, outcome = one.feed, one.outcome
        reason = f": {outcome.state.reason.value} {outcome.state.detail}" if outcome.state.reason else ""
        kept = f"{len(outcome.headlines)} of {len(outcome.sightings)} entries would be kept"
        app.out.print(f"{feed.name}: {outcome.status.value}{reason or ', ' + kept}", markup=False, style="bold")
        if mend := mend_of(outcome.state.reason, feed.url):
            app.say(f"What to do{mend}")
        if len(checked) == 1 and outcome.headlines:
            rows = [(h.title, h.publisher.name, " ".join(h.topics), h.url) for h in outcome.headlines]
            app.table("Headline", "Publisher", "Topics", "Link", rows=rows, grow=0)
        if one.changed:
            app.out.print(f"{feed.name}: {one.changed}", markup=False, style="bold")
        if one.proposal:
            show_proposal(app, one.proposal, replacing=feed.select is not None)


def show_proposal(app: App, proposal: Selectors, *, replacing: bool = False) -> None:
    """Print selectors on stdout as lines to paste into feeds.yml, and on stderr what they are for."""
    where = "in the place of its `select:`" if replacing else "below its `page:`"
    app.say(f"These selectors find the page's headlines; paste them {where} in feeds.yml:")
    for line in render.select_lines(proposal):
        click.echo(line)


@feeds_command.command("discover", lists=True)
@click.argument("url")
@click.pass_context
def discover_feeds(ctx: click.Context, url: str) -> None:
    """Find the feeds of a site, the best first, and say why."""
    app = app_of(ctx)
    found, trouble = asyncio.run(_discover(app, _site(ctx, url)))
    items = [
        {
            "url": one.url,
            "kind": one.kind.value,
            "title": one.title,
            "entries": one.entries,
            "newest_at": render.exact_stamp(one.newest_at) if one.newest_at else None,
            "why": one.why,
            "merits": list(one.merits),
        }
        for one in found
    ]

    def show() -> None:
        if not found:
            app.say(f"No feed was found at {url}{trouble}.")
            return
        now = clock()
        rows = [(f.url, f.kind.value, str(f.entries), age(f.newest_at, now), _reasons(f)) for f in found]
        app.table("Address", "Kind", "Entries", "Newest", "Why", rows=rows, right=(2, 3), grow=4)
        app.say(f"Add the best: {app.typed('feeds', 'add', found[0].url)}")

    app.show({"items": items, "next": None}, show)
    ctx.exit(0 if found else 1)


def _opening(reason: Reason) -> str:
    """How to allow an address that the guard refused; "" for other reasons."""
    return mend_of(reason, "") if reason in {Reason.BAD_URL, Reason.FORBIDDEN_ADDRESS} else ""


def _reasons(found: Found) -> str:
    return "; ".join(filter(None, (found.why, ", ".join(found.merits))))


def _site(ctx: click.Context, place: str) -> str:
    """`place` itself; a usage error where it is neither an address nor a site as people write it."""
    if any(urls.resolve(address, address) is None for address in addresses_of(place)):
        raise click.UsageError("URL must be an http or https address, or a site such as example.org", ctx)
    return place


async def _discover(app: App, place: str) -> tuple[tuple[Found, ...], str]:
    """The feeds of a site, which may be named without a scheme, and " (why)" where it did not answer."""
    trouble = ""
    async with fetch_and_parse(app) as (ask, parse_body):

        async def fetch(request: FetchRequest) -> FetchResult:
            nonlocal trouble
            answer = await ask(request)
            if isinstance(answer, FetchFailed) and request.url in addresses_of(place):
                trouble = f" ({answer.reason.value}: {answer.detail}{_opening(answer.reason)})"
            return answer

        with app.working(f"Looking for the feeds of {plain_text(place)}") as update:
            for url in addresses_of(place):
                found = await discover(
                    url, fetch, parse_body, clock=clock, progress=lambda at: update(f"Reading {plain_text(at)}")
                )
                if found:
                    return found, ""
    return (), trouble


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
    _refuse_known(app, addresses_of(_site(ctx, url))[0])
    kind = _kind_of(ctx, page=page, sitemap=sitemap)
    title = ""
    if not unchecked and kind is FeedKind.FEED:
        found, trouble = asyncio.run(_discover(app, url))
        if not found:
            raise BadRequest(
                f"no feed was found at {url}{trouble}: --page follows its links, --unchecked adds it as it is"
            )
        app.say(_choice(found))
        url, kind, title = found[0].url, found[0].kind, found[0].title
    url = addresses_of(url)[0]
    _refuse_known(app, url)
    config.add_feed(app.path, url, kind=kind, name=name or title)
    app.say(f"Added {url} to {config.shown(app.path)}. Next: {app.typed('refresh', url)}")


def _refuse_known(app: App, url: str) -> None:
    known = next((feed for feed in app.config.feeds if config.sameness(feed.url) == config.sameness(url)), None)
    if known is not None:
        raise BadRequest(f"{known.url} is in {config.shown(app.path)} already, as {known.name!r}")


def _choice(found: tuple[Found, ...]) -> str:
    """Which feed was chosen, and why."""
    best, others = found[0], len(found) - 1
    over = f", the best of {len(found)}" if others else ""
    what = "the page itself" if best.kind is FeedKind.PAGE else f"the {best.kind.value} {best.title or best.url}"
    return f"Found {what}{over}: {_reasons(best)}; {best.entries} entries."


@feeds_command.command("remove")
@click.argument("feed")
@click.pass_context
def remove(ctx: click.Context, feed: str) -> None:
    """Take a feed, by name or URL, out of feeds.yml; its headlines stay until they are pruned."""
    app = app_of(ctx)
    config.remove_feed(app.path, app.feed_named(feed).url)
    app.say(f"Removed {feed} from {config.shown(app.path)}.")


@feeds_command.command("import")
@click.argument("file", metavar="OPML", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.pass_context
def import_opml(ctx: click.Context, file: str) -> None:
    """Add the feeds of an OPML file, or of one with an address a line, to feeds.yml, but for those that are there."""
    app = app_of(ctx)
    body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    listed = parse.parse_opml(body)
    if isinstance(listed, ParseFailed) and listed.reason is Reason.NOT_A_FEED:
        listed = parse.parse_lines(body) or replace(listed, detail=f"{listed.detail}, nor an address a line")
    if isinstance(listed, ParseFailed):
        raise BadRequest(f"{file}: {listed.reason.value}: {listed.detail}")
    is_whole = parse.is_whole_opml(body)
    if not listed and not is_whole:
        raise BadRequest(f"{file}: it breaks off before its first feed: export it again")
    added = config.import_feeds(app.path, listed)
    refused = [name for name, address, _ in listed if not address]
    known = len(listed) - len(refused) - added
    there = f" {known} {'was' if known == 1 else 'were'} there already." if known else ""
    app.say(f"Added {added} of {len(listed) - len(refused)} feeds to {config.shown(app.path)}.{there}")
    if not is_whole:
        app.say(f"{file} breaks off before its end: it may have named more feeds.")
    if refused:
        app.say(f"Left out, for their addresses are not http or https: {_some(refused)}.")


def _some(names: Sequence[str], most: int = 10) -> str:
    """Names joined by commas; those after the first `most` are only counted."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(repr(name) for name in names[:most]) + more


@feeds_command.command("export")
@click.pass_context
def export_opml(ctx: click.Context) -> None:
    """Print the feeds as OPML."""
    click.echo(render.opml(app_of(ctx).config.feeds).decode(), nl=False)


def _holds(app: App) -> dict[str, datetime]:
    """The hosts that asked for rest and until when, as the database has them; {} where it cannot be read."""
    try:
        return {} if app.missing_file else app.holds()
    except WirekinError:  # damaged, newer than this wirekin, or in `~nobody`: not this command's to report
        return {}


@asynccontextmanager
async def fetch_and_parse(app: App) -> AsyncIterator[tuple[Fetch, Parse]]:
    """Fetch with the guards of a poll, and parse in a process of its own; for commands that store nothing."""
    from wirekin.cli._compose import lone_fetch
    from wirekin.workers import Parsers

    configured = app.config if app.has_config else None
    allowed = configured.settings.allow_private if configured else frozenset()
    async with lone_fetch(configured, _holds(app)) as fetch_spaced, Parsers(1) as parsers:

        async def fetch(request: FetchRequest) -> FetchResult:
            return await fetch_spaced(replace(request, allow_private=request.allow_private | allowed))

        async def parse_body(body: bytes, *, known: frozenset[str] | None = None, **about: Any) -> ParseResult:
            return await (parsers.parse(body, **about) if known is None else parsers.explain(body, known, **about))

        yield fetch, parse_body
