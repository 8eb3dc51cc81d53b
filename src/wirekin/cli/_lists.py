"""`related`, `headlines` and `stories`: query the store from the command line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from wirekin import render, urls
from wirekin.cli._app import DURATION, LANGUAGE, App, age, clock, counted
from wirekin.cli._options import app_of, command
from wirekin.config import nearest
from wirekin.errors import UnknownId
from wirekin.model import Headline, Page, Question, RelatedAnswer, RelatedItem, RelatedQuery, Story, TopicSlug
from wirekin.related import related_to

TEXT_BYTES = 1_000_000  # read of an article's text; a book's chapter has 50,000


@command("related", lists=True)
@click.argument("url", required=False, default="")
@click.option("--title", default="", help="The article's title.")
@click.option(
    "--text-file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), help="Its text; - reads stdin."
)
@click.option("--topic", help="Only stories of this topic.")
@click.option("--limit", type=click.IntRange(1, 50), default=6, show_default=True)
@click.option("--since", type=DURATION, help="How far back (default 14d).")
@click.option("--why", is_flag=True, help="Show the terms and topics in common.")
@click.option("--html", is_flag=True, help="The footer as an HTML fragment.")
@click.pass_context
def related_command(
    ctx: click.Context,
    url: str,
    title: str,
    text_file: str | None,
    topic: str | None,
    limit: int,
    since: timedelta | None,
    why: bool,
    html: bool,
) -> None:
    """Show what else is being said about an article: the footer as a table.

    The article is named by its URL, its title or its text; it need not be in the store, and nothing is fetched.
    """
    app = app_of(ctx)
    query = RelatedQuery(
        url=url.strip(),
        title=title.strip(),
        text=_text_of(text_file),
        topic=topic_slug(app, topic),
        limit=limit,
        since=since,
    )
    if not (query.url or query.title or query.text.strip()):
        raise click.UsageError("name an article: a URL, --title or --text-file", ctx)
    if query.url and urls.resolve(query.url, query.url) is None:
        raise click.UsageError("URL must be a whole http or https address", ctx)
    _refuse_beyond_keep(app, since)
    rules, settings = app.rules_or_none_given(), app.settings
    answer = related_to(app.reader, query, rules=rules, keep=settings.keep)
    if html:
        click.echo(render.related_html(answer, "Related stories", topics=rules.topics.names))
        return
    app.show(lambda: render.related_json(answer, settings.base), lambda: show_related(app, answer, why=why))


def _text_of(name: str | None) -> str:
    if name is None:
        return ""
    if name == "-":
        return sys.stdin.buffer.read(TEXT_BYTES).decode("utf-8", "replace")
    with Path(name).open(encoding="utf-8", errors="replace") as file:
        return file.read(TEXT_BYTES)


def show_related(app: App, answer: RelatedAnswer, *, why: bool = False) -> None:
    """Print the footer as a table."""
    if not answer.items:
        app.say("Nothing related is known. `wirekin refresh` brings more; --since reaches further back.")
        return
    app.table(
        "Score",
        "Headline",
        "Publisher",
        "Age",
        "Told by",
        *(("Why",) if why else ()),
        rows=[_related_row(item, why=why) for item in answer.items],
        right=(0, 3),
        grow=1,
    )


def _related_row(item: RelatedItem, *, why: bool) -> tuple[str, ...]:
    publishers = item.story.publishers
    row = (
        f"{item.score:.2f}",
        item.headline.title,
        item.headline.publisher.name,
        age(item.headline.happened_at, clock()),
        counted(publishers, "publisher"),
    )
    shared = ", ".join((*item.reason.terms, *(f"topic {slug}" for slug in item.reason.topics)))
    return (*row, f"{item.reason.kind.value.replace('_', ' ')}: {shared}") if why else row


def _list_options(function: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--cursor", help="Go on after an answer: its `next`, as --json prints it."),
        click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True),
        click.option("--lang", type=LANGUAGE, default="", help="Only this language."),
        click.option("--publisher", default="", help="Only this publisher: a name or a domain."),
        click.option("--search", default="", metavar="WORDS", help="Only what has these words."),
        click.option("--since", type=DURATION, help="How far back, as in 24h."),
        click.option("--feed", help="Only this feed: its name or URL."),
        click.option("--topic", help="Only this topic."),
    ):
        function = option(function)
    return function


@command("headlines", lists=True)
@_list_options
@click.pass_context
def headlines_command(ctx: click.Context, /, **asked: Any) -> None:
    """List headlines, newest first."""
    app = app_of(ctx)
    asks = question(app, **asked)
    page, base = app.reader.headlines(asks), app.settings.base
    _refuse_unknown(app, page, asks)

    def data() -> render.Json:
        return render.headlines_json(page, app.reader.stories_of(headline.id for headline in page.items), base)

    app.show(data, lambda: show_headlines(app, page.items, asks))


@command("stories", lists=True)
@_list_options
@click.pass_context
def stories_command(ctx: click.Context, /, **asked: Any) -> None:
    """List stories, the leading ones first: each event once, with who reported it."""
    app = app_of(ctx)
    asks = question(app, **asked)
    page, base = app.reader.stories(asks), app.settings.base
    _refuse_unknown(app, page, asks)
    app.show(lambda: render.stories_json(page, base), lambda: show_stories(app, page.items, asks))


def question(
    app: App,
    *,
    topic: str | None,
    feed: str | None,
    since: timedelta | None,
    search: str,
    publisher: str,
    lang: str,
    limit: int,
    cursor: str | None,
) -> Question:
    """The options as a question to the store."""
    _refuse_beyond_keep(app, since)
    return Question(
        topic=topic_slug(app, topic),
        feed=app.feed_named(feed).id if feed else None,
        publisher=publisher.strip(),
        lang=lang,
        search=search.strip(),
        since=clock() - since if since else None,
        limit=limit,
        cursor=cursor,
    )


def _refuse_beyond_keep(app: App, since: timedelta | None) -> None:
    """Refuse a --since beyond `keep`, as HTTP answers 400: a list that pruning cut would look like a quiet time."""
    keep = app.settings.keep  # read first, so that a mistake in feeds.yml is told with or without --since
    if since and since > keep:
        raise click.UsageError("--since reaches further back than headlines are kept: see `keep` in feeds.yml")


def topic_slug(app: App, topic: str | None) -> TopicSlug | None:
    """The configured topic with that slug; raises UnknownId, which names the nearest one."""
    if topic is None:
        return None
    known = app.config.topics.slugs
    if topic not in known:
        near = nearest(topic, known) or ": `wirekin topics list` shows their slugs"
        raise UnknownId(f"no topic is called {topic!r}{near}")
    return TopicSlug(topic)


def _refuse_unknown(app: App, page: Page[Any], asks: Question) -> None:
    """Raise UnknownId, with the nearest name, where the answer is empty because no publisher has that name."""
    name = asks.publisher
    if page.items or not name:
        return
    feeds, directory = app.config.feeds if app.has_config else (), app.rules_or_none_given().directory
    named = {feed.publisher.name for feed in feeds if feed.publisher}
    if name.casefold() in map(str.casefold, named) or directory.knows(name):
        return
    if not app.reader.headlines(Question(publisher=name, limit=1)).items:
        near = nearest(name, named | {*directory.names}) or ": give a name, or a domain"
        raise UnknownId(f"no publisher is called {name!r}{near}")


def _say_none(app: App, what: str, asks: Question) -> None:
    match = " match" if asks != Question(limit=asks.limit) else ""
    app.say(f"No {what}{match}. `wirekin refresh` polls the feeds that are due.")


def show_headlines(app: App, headlines: tuple[Headline, ...], asks: Question) -> None:
    """Print headlines as a table."""
    if not headlines:
        _say_none(app, "headlines", asks)
        return
    now = clock()
    rows = [(age(h.happened_at, now), h.title, h.publisher.name, " ".join(h.topics)) for h in headlines]
    app.table("Age", "Headline", "Publisher", "Topics", rows=rows, right=(0,), grow=1)


def show_stories(app: App, stories: tuple[Story, ...], asks: Question) -> None:
    """Print stories as a table: the lead, and how many headlines and publishers tell it."""
    if not stories:
        _say_none(app, "stories", asks)
        return
    now = clock()
    rows = [
        (
            age(story.last_at, now),
            story.lead.title,
            story.lead.publisher.name,
            str(story.ref.headlines),
            str(story.ref.publishers),
            " ".join(story.langs),
            story.id,
        )
        for story in stories
    ]
    app.table(
        "Age", "Story", "Lead by", "Headlines", "Publishers", "Languages", "Id", rows=rows, right=(0, 3, 4), grow=1
    )
