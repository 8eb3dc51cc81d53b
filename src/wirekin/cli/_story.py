"""`wirekin story`: show one story, or correct it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import click

from wirekin import corrections, render
from wirekin.cli._app import App, age, clock, counted
from wirekin.cli._options import app_of, group
from wirekin.errors import UnknownId
from wirekin.model import Headline, StoryDetail, TopicSlug
from wirekin.store import Correction
from wirekin.topics import Told


@group("story")
def story_command() -> None:
    """Show one story, or correct it."""


@story_command.command("show", shows=True)
@click.argument("story_id", metavar="ID")
@click.option("--why", is_flag=True, help="Show which topics the story lends to headlines that do not name them.")
@click.pass_context
def show(ctx: click.Context, story_id: str, *, why: bool) -> None:
    """Show a story with all its headlines, and why each is there; it may be named by a headline's id or URL, too."""
    app = app_of(ctx)
    detail = corrections.story_about(app.reader, story_id)
    lent = _lent(app, detail) if why else ()
    says = [{"headline": headline.id, "topic": topic, "publishers": list(names)} for headline, topic, names in lent]
    story = render.story_json(detail, app.settings.base)
    data = {"id": detail.story.id, "why": says} if why else story

    def shown() -> None:
        show_story(app, detail)
        for headline, topic, names in lent:
            app.out.print(f"{topic} is lent to {headline.title!r} by {', '.join(names)}", markup=False)

    app.show(data, shown)


def _lent(app: App, detail: StoryDetail) -> tuple[tuple[Headline, TopicSlug, tuple[str, ...]], ...]:
    headlines = [member.headline for member in detail.members]
    given = app.rules_or_none_given().topics.lent([Told.of(headline) for headline in headlines])
    return tuple(
        (headline, topic, names)
        for headline, topics in zip(headlines, given, strict=True)
        for topic, names in topics.items()
    )


@story_command.command("merge")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.pass_context
def merge(ctx: click.Context, first: str, second: str) -> None:
    """Say that stories A and B tell one event; kept, and replayed at every regrouping."""
    app = app_of(ctx)
    _keep(app, corrections.merging(app.reader, first, second))
    app.say(f"Merged: `{app.typed('story', 'show', corrections.story_named(app.reader, first).story.id)}`.")


@story_command.command("split")
@click.argument("headline_id", metavar="HEADLINE")
@click.pass_context
def split(ctx: click.Context, headline_id: str) -> None:
    """Say that a headline does not tell its story's event; kept, and replayed at every regrouping."""
    app = app_of(ctx)
    _keep(app, corrections.splitting(app.reader, headline_id))
    app.say(f"Split: it is in story {corrections.grouped(app.reader, headline_id)[1]} now.")


def _keep(app: App, said: Correction) -> None:
    """Store a correction and replay it; do neither without a valid feeds.yml, which says how to group."""
    _ = app.config
    app.admin.correct(said, clock())
    regroup(app)


@story_command.command("pin")
@click.argument("headline_id", metavar="HEADLINE")
@click.pass_context
def pin(ctx: click.Context, headline_id: str) -> None:
    """Say that a headline does tell its story's event: no regrouping takes it out."""
    app = app_of(ctx)
    said = corrections.pinning(app.reader, headline_id)  # before admin, which would migrate beneath an older daemon
    app.admin.correct(said, clock())
    app.say(f"Pinned: it stays in story {corrections.grouped(app.reader, headline_id)[1]}.")


@story_command.command("unpin")
@click.argument("headline_id", metavar="HEADLINE")
@click.pass_context
def unpin(ctx: click.Context, headline_id: str) -> None:
    """Take back every pin, split and merge that names a headline; it stays where it is until it is grouped anew."""
    app = app_of(ctx)
    headline, _ = corrections.grouped(app.reader, headline_id)
    taken_back = app.admin.withdraw(headline.id)
    if not taken_back:
        raise UnknownId("nothing was said of that headline: `wirekin story pin`, `split` and `merge` say something")
    app.say(f"Taken back: {counted(taken_back, 'correction')}.")


def regroup(app: App, progress: Callable[[int], None] = lambda _: None) -> int:
    """Group headlines that have no story and replay corrections; where a daemon is grouping, its next turn does it.

    Returns how many stories were opened.
    """
    from wirekin.grouping import Grouper
    from wirekin.store.threads import StoreThread

    async def run() -> int:
        store, settings = StoreThread(app.backend), app.config.settings
        try:
            return await Grouper(store, settings.window, semantic=settings.semantic, lone=True).group(clock(), progress)
        finally:
            await store.close()

    return asyncio.run(run())


def show_story(app: App, detail: StoryDetail) -> None:
    """Print a story as a table of its headlines."""
    ref = detail.story.ref
    app.out.print(detail.story.lead.title, style="bold", markup=False)
    app.out.print(
        f"{counted(ref.headlines, 'headline')}, {counted(ref.publishers, 'publisher')}, {ref.independent} independent; "
        f"languages: {', '.join(detail.story.langs) or '-'}; topics: {', '.join(detail.story.topics) or '-'}",
        markup=False,
    )
    now, lags, shares = clock(), render.lags_of(detail.members), render.shares_of(detail.members)
    rows = [
        (
            age(member.headline.happened_at, now),
            lags.get(member.headline.id, ""),
            member.headline.title,
            member.headline.publisher.name,
            "copy" if member.copy_of else f"{member.score:.2f}",
            ", ".join(shares.get(member.headline.id, ())),
            member.headline.id,
        )
        for member in detail.members
    ]
    app.table("Age", "After first", "Headline", "Publisher", "Fits", "Shares", "Id", rows=rows, right=(0, 1), grow=2)
