"""`wirekin extract`: the headlines of one page, feed or sitemap, nothing stored."""

from __future__ import annotations

import asyncio
import shlex
import sys
from pathlib import Path

import click

from wirekin import parse, render, urls
from wirekin.cli._app import App, clock, counted
from wirekin.cli._mends import mend_of
from wirekin.cli._options import app_of, command
from wirekin.errors import BadRequest
from wirekin.model import (
    FeedKind,
    Fetched,
    FetchFailed,
    FetchRequest,
    Parsed,
    ParseFailed,
    ParseResult,
    Selectors,
    feed_id,
)
from wirekin.parse import Explained

FILE_BYTES = 10 * 1024 * 1024  # as the fetcher's cap on a decoded body (requirement C1)
_KINDS = {
    "rss": "an RSS feed",
    "rdf": "an RSS 1.0 feed",
    "atom": "an Atom feed",
    "json": "a JSON Feed",
    "sitemap": "a sitemap",
}
MOST_OFFERED = 10  # feeds that are printed of a page or an index; the best come first, and an index may name 50,000
SELECT_KEYS = ("item", "link", "title", "image", "time")


@command("extract", lists=True)
@click.argument("place", metavar="URL-or-FILE")
@click.option("--base-url", default="", metavar="U", help="What links of a FILE are relative to.")
@click.option(
    "--select",
    multiple=True,
    metavar="CSS",
    help="A selector of each headline's element; or item=CSS, link=CSS, title=CSS, image=CSS, time=CSS.",
)
@click.option("--why", is_flag=True, help="Say of every link why it is a headline or is none, and propose selectors.")
@click.pass_context
def extract_command(ctx: click.Context, place: str, base_url: str, select: tuple[str, ...], why: bool) -> None:
    """Print the headlines of one page, feed or sitemap; nothing is stored."""
    app = app_of(ctx)
    selectors = selectors_of(select)
    if base_url and urls.resolve(base_url, base_url) is None:
        raise click.UsageError("--base-url must be a whole http or https address", ctx)
    if place.lower().startswith(("http://", "https://")):
        parsed, url = asyncio.run(_fetched(app, place, selectors, why=why))
    else:
        url = base_url or "http://localhost/"
        read = parse.explain_document if why else parse.parse_document
        parsed = read(_read(place), url=url, kind=FeedKind.PAGE, select=selectors, now=clock())
    if isinstance(parsed, ParseFailed):
        raise BadRequest(
            f"{place}: {parsed.reason.value}: {parsed.detail or 'no feed, sitemap or page with headlines'}"
        )
    data = render.extract_json(parsed, url)
    if why:
        explained = parsed if isinstance(parsed, Explained) else Explained(parsed.kind, ())
        data |= {"why": render.why_json(explained.why), "select": render.select_json(explained.proposal)}
    app.show(
        {**data, "items": data["headlines"]} if app.jsonl else data,
        lambda: _show(app, parsed, why=why),
    )


def selectors_of(select: tuple[str, ...]) -> Selectors | None:
    """`.card`, or `item=.card title=h3`, as Selectors."""
    if not select:
        return None
    named: dict[str, str] = {}
    for part in select:
        key, is_named, css = part.partition("=")
        if not (is_named and key.strip() in SELECT_KEYS):
            key, css = "item", part
        if key.strip() in named:
            raise click.UsageError(f"--select names {key.strip()} twice; h2, h3 finds either")
        if parse.css_complaint(css.strip()):
            parts = ", ".join(f"{part}=" for part in SELECT_KEYS)
            raise click.UsageError(f"--select: {css.strip()!r} is no CSS selector (before one may stand {parts})")
        named[key.strip()] = css.strip()
    if "item" not in named:
        raise click.UsageError("--select needs an item: --select .card, or --select item=.card")
    return Selectors(**named)


def _read(place: str) -> bytes:
    if place == "-":
        return sys.stdin.buffer.read(FILE_BYTES)
    path = Path(place)
    if path.is_dir():
        raise BadRequest(f"{place}: a folder: name a file or an http(s) address")
    if not path.exists():  # not is_file(): `wirekin extract <(curl ...)` names a pipe
        raise BadRequest(f"{place}: no such file, and no address: one begins with https://")
    with path.open("rb") as file:
        return file.read(FILE_BYTES)


async def _fetched(app: App, url: str, selectors: Selectors | None, *, why: bool) -> tuple[ParseResult, str]:
    """Fetch with the guards of a poll, and parse in a process of its own, which may die."""
    from wirekin.cli._feeds import fetch_and_parse

    async with fetch_and_parse(app) as (fetch, parse_body):
        answer = await fetch(FetchRequest(feed_id(url), url, FeedKind.PAGE))
        if isinstance(answer, FetchFailed):
            raise BadRequest(f"{url}: {answer.reason.value}: {answer.detail}{mend_of(answer.reason, url)}")
        if not isinstance(answer, Fetched):
            raise BadRequest(f"{url}: not modified, although nothing was known of it")
        parsed = await parse_body(
            answer.body,
            url=answer.url,
            content_type=answer.content_type,
            kind=FeedKind.PAGE,
            select=selectors,
            now=clock(),
            known=frozenset() if why else None,
        )
        return parsed, answer.url


def _show(app: App, parsed: Parsed, *, why: bool) -> None:
    rows = [
        (
            str(place),
            entry.title,
            entry.source.name if entry.source else "-",
            urls.clean_link(entry.link) if entry.link else "-",  # as the JSON has it
        )
        for place, entry in enumerate(parsed.entries, 1)
    ]
    app.table("", "Headline", "Publisher", "Link", rows=rows, right=(0,), grow=1)
    app.say(f"{counted(len(rows), 'headline')} of {_KINDS.get(parsed.kind, 'a page')}.")
    for address in parsed.feeds[:MOST_OFFERED]:
        what = "index names a sitemap" if parsed.kind == "sitemap" else "page has a feed"
        app.say(f"This {what}: {address} (follow it: wirekin feeds add {shlex.quote(address)})")
    if len(parsed.feeds) > MOST_OFFERED:
        app.say(f"And {len(parsed.feeds) - MOST_OFFERED} more: --json lists them all.")
    for address in parsed.sitemaps:
        app.say(f"This page has a sitemap: {address} (look into it: wirekin feeds discover {shlex.quote(address)})")
    if why and isinstance(parsed, Explained):
        _show_why(app, parsed)


def _show_why(app: App, parsed: Explained) -> None:
    """Print each candidate with its verdict, and proposed selectors."""
    from wirekin.cli._feeds import show_proposal

    rows = [
        ("yes" if one.accepted else "no", one.title or one.url, one.reason, one.container or "-") for one in parsed.why
    ]
    app.out.print()
    app.table("Headline?", "Candidate", "Why", "Where", rows=rows, grow=1)
    if parsed.proposal:
        show_proposal(app, parsed.proposal)
