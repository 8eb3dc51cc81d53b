"""`wirekin topics`: list the topics of feeds.yml, and show why a text matches them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime

import click

from wirekin import render, text
from wirekin.cli._app import LANGUAGE, App, age, clock
from wirekin.cli._options import app_of, group
from wirekin.model import Page, TopicCount
from wirekin.topics import Explained


@group("topics")
def topics_command() -> None:
    """List topics, or test a text against them."""


@topics_command.command("list", lists=True)
@click.pass_context
def list_topics(ctx: click.Context) -> None:
    """List the topics with what the store holds of each."""
    app = app_of(ctx)
    counts = topic_counts(app, clock() - app.config.settings.keep)
    base = app.config.settings.base
    app.show(lambda: render.topics_json(Page(counts), base), lambda: _show(app, counts))


@topics_command.command("test", shows=True)
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
@click.option("--lang", type=LANGUAGE, help="The text's language, where it is known.")
@click.option("--why", is_flag=True, help="Show each term and its form, and what kept a topic from matching.")
@click.pass_context
def test_text(ctx: click.Context, words: tuple[str, ...], lang: str | None, *, why: bool) -> None:
    """Say which topics a TEXT is about, and the terms that say so."""
    app = app_of(ctx)
    said = text.clean(" ".join(words), 4_000)
    matches = app.config.topics.match(said, "", lang or text.guess_lang(said))
    data = {"topics": [{"slug": match.slug, "matched": list(match.terms)} for match in matches]}
    explained = app.config.topics.explain(said) if why else ()
    if why:
        data["why"] = [asdict(one) for one in explained]

    def show() -> None:
        for match in matches:
            app.out.print(f"{match.slug}: {', '.join(match.terms)}", markup=False)
        if not matches:
            app.say("No topic matches.")
        for one in explained:
            app.out.print("\n".join(_why(one)), markup=False)

    app.show(data, show)


def _why(one: Explained) -> Iterator[str]:
    yield f"{one.slug} {'matches' if one.matches else 'does not match'}:"
    for said, reasons in (("", one.reasons), ("but ", one.against)):
        for reason in reasons:
            place = f"@{reason.of}" if reason.of else "its rule"
            yield f"  {said}{reason.words} [{' '.join(reason.forms)}] is {reason.term!r} of {place}"
    if not (one.matches or one.against):
        yield "  but not where NEAR or title: wants them"


def topic_counts(app: App, since: datetime) -> tuple[TopicCount, ...]:
    """Every configured topic with its counts, also those without headlines."""
    held = {count.slug: count for count in app.reader.topics(since)}
    names = app.config.topics.names
    return tuple(replace(held.get(slug, TopicCount(slug, name)), name=name) for slug, name in names.items())


def _show(app: App, counts: tuple[TopicCount, ...]) -> None:
    now = clock()
    rows = [(c.slug, c.name, str(c.headlines), str(c.stories), age(c.last_at, now)) for c in counts]
    app.table("Topic", "Name", "Headlines", "Stories", "Newest", rows=rows, right=(2, 3, 4), grow=1)
    if not rows:
        app.say("No topics: every headline is kept. docs/configuration.md shows how a rule is written.")
