"""`wirekin topics`: what feeds.yml looks for, and why a text matches."""

from __future__ import annotations

from datetime import datetime

import click

from wirekin import render, text
from wirekin.cli._app import App, age, clock
from wirekin.cli._options import app_of, group
from wirekin.model import Page, TopicCount


@group("topics")
def topics_command() -> None:
    """List topics, or test a text against them."""


@topics_command.command("list", lists=True)
@click.pass_context
def list_topics(ctx: click.Context) -> None:
    """List the topics with what the store holds of each."""
    app = app_of(ctx)
    counts = topic_counts(app, clock() - app.config.settings.keep)
    app.show(render.topics_json(Page(counts), app.config.settings.public_url or ""), lambda: _show(app, counts))


@topics_command.command("test", shows=True)
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
@click.option("--lang", help="The text's language, where it is known.")
@click.pass_context
def test_text(ctx: click.Context, words: tuple[str, ...], lang: str | None) -> None:
    """Say which topics a TEXT is about, and the terms that say so."""
    app = app_of(ctx)
    said = text.clean(" ".join(words), 4_000)
    matches = app.config.topics.match(said, "", lang or text.guess_lang(said))
    data = {"topics": [{"slug": match.slug, "matched": list(match.terms)} for match in matches]}

    def show() -> None:
        for match in matches:
            app.out.print(f"{match.slug}: {', '.join(match.terms)}", markup=False)
        if not matches:
            app.say("No topic matches.")

    app.show(data, show)


def topic_counts(app: App, since: datetime) -> tuple[TopicCount, ...]:
    """Every configured topic with its counts; a topic without headlines too."""
    held = {count.slug: count for count in app.reader.topics(since)}
    names = app.config.topics.names
    return tuple(
        TopicCount(slug, names[slug], held[slug].headlines, held[slug].stories, held[slug].last_at)
        if slug in held
        else TopicCount(slug, names[slug])
        for slug in app.config.topics.slugs
    )


def _show(app: App, counts: tuple[TopicCount, ...]) -> None:
    now = clock()
    rows = [(c.slug, c.name, str(c.headlines), str(c.stories), age(c.last_at, now)) for c in counts]
    app.table("Topic", "Name", "Headlines", "Stories", "Newest", rows=rows, right=(2, 3, 4), grow=1)
    if not rows:
        app.say("No topics: every headline is kept. docs/configuration.md shows how a rule is written.")
