"""`wirekin demo`: the main job on sample publishers, by the same code as `run`; only the addresses differ."""

from __future__ import annotations

import asyncio
import json
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

import wirekin
from wirekin.cli._app import App, clock
from wirekin.cli._options import app_of, command
from wirekin.demo import Publishers
from wirekin.errors import WirekinError
from wirekin.model import Question
from wirekin.refresh import TurnReport
from wirekin.urls import netloc

STORIES_SHOWN = 5  # per topic: three topics and the footer then fit a terminal of 40 lines
PAGE_BYTES = 1_000_000


@command("demo")
@click.option("--once", is_flag=True, help="End after the first turn: exit 0 only if the footer was served.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_context
def demo_command(ctx: click.Context, once: bool, host: str, port: int) -> None:
    """Poll invented publishers on this machine, tell each event once, and serve the footer under a sample article.

    Nothing leaves the machine and nothing is kept: the database is in a temporary folder.
    """
    app = app_of(ctx)
    with tempfile.TemporaryDirectory(prefix="wirekin-demo-") as folder, _publishers(host, port) as publishers:
        config = Path(folder) / "feeds.yml"
        config.write_text(publishers.feeds_yml(shipped_topics()), encoding="utf-8")
        inner = App(
            config_path=config,
            database=str(Path(folder) / "wirekin.db"),
            verbosity=app.verbosity - 1 if not app.verbosity else app.verbosity,
        )
        try:
            served = asyncio.run(_run(app, inner, publishers, host, port, once=once))
        finally:
            inner.close()
    ctx.exit(0 if served else 1)


@contextmanager
def _publishers(host: str, port: int) -> Iterator[Publishers]:
    with ExitStack() as open_sites:
        try:
            publishers = open_sites.enter_context(Publishers(f"http://{netloc(host, port)}", clock))
        except OSError as error:
            raise WirekinError(f"the sample publishers cannot listen on loopback: {error.strerror}") from error
        yield publishers


def shipped_topics() -> str:
    """The `topics:` and `terms:` of the feeds.yml that wirekin ships: from the wheel, else from the checkout."""
    packed = files("wirekin.demo") / "feeds.yml"
    checkout = Path(wirekin.__file__).parents[2] / "feeds.yml"
    kept: list[str] = []
    wanted = False
    for line in (packed if packed.is_file() else checkout).read_text(encoding="utf-8").splitlines():
        if line[:1].isalpha():
            wanted = line.startswith(("topics:", "terms:"))
        if wanted:
            kept.append(line)
    return "\n".join(kept)


async def _run(app: App, inner: App, publishers: Publishers, host: str, port: int, *, once: bool) -> bool:
    from wirekin.cli._run import run_both

    served = False
    app.say(f"{len(publishers.homes)} sample publishers are on this machine; all their text is invented.")
    with first_turn_bar(app) as advance:
        base = ""

        def ready(address: str) -> None:
            nonlocal base
            base = address
            publishers.point_to(address)

        async def show() -> bool:
            nonlocal served
            advance(None)
            _show_topics(app, inner)
            served = await asyncio.to_thread(_show_footer, app, publishers, base)
            if not once:
                app.say(f"\nOpen {base} for the front page, {publishers.article_url} for the article. Ctrl-C ends it.")
            return not once

        await run_both(inner, [(host, port)], ready=ready, progress=advance, after_first_turn=show)
    return served


@contextmanager
def first_turn_bar(app: App) -> Iterator[Callable[[TurnReport | None], None]]:
    """Show a progress bar for the first turn; calling the yielded function with None ends it."""
    from wirekin.cli._refresh import progress_bar

    with ExitStack() as bar:
        step = bar.enter_context(progress_bar(app))

        def advance(report: TurnReport | None) -> None:
            nonlocal step
            if report is None:
                bar.close()
                step = lambda _: None  # noqa: E731 - later turns have no bar
            else:
                step(report)

        yield advance


def _show_topics(app: App, inner: App) -> None:
    """Print the leading stories of each topic: each event once, with who told it."""
    reader = inner.backend.reader()
    try:
        since = clock() - timedelta(days=14)
        for slug, name in inner.config.topics.names.items():
            page = reader.stories(Question(topic=slug, since=since, limit=STORIES_SHOWN))
            app.out.print(f"\n{name}", style="bold", markup=False)
            rows = [
                (one.lead.title, one.lead.publisher.name, str(one.ref.publishers), " ".join(one.langs))
                for one in page.items
            ]
            app.table("Story", "Lead by", "Publishers", "Languages", rows=rows, right=(2,), grow=0)
    finally:
        reader.close()


def _show_footer(app: App, publishers: Publishers, base: str) -> bool:
    """Ask for the footer over HTTP, as a site does, and print it; return whether the article carries it."""
    query = urlencode({"url": publishers.article_url, "title": publishers.article_title})
    answer = json.loads(_get(f"{base}/v1/related?{query}"))
    app.out.print(f"\nRelated stories under “{publishers.article_title}”", style="bold", markup=False)
    rows = [
        (f"{item['score']:.2f}", item["title"], item["publisher"]["name"], _in_common(item["reason"]))
        for item in answer["items"]
    ]
    app.table("Score", "Headline", "Publisher", "In common", rows=rows, right=(0,), grow=1)
    page = _get(publishers.article_url).decode("utf-8", "replace")
    return bool(rows) and "/widget.js" in page and all(item["url"] in page for item in answer["items"][:1])


def _in_common(reason: dict[str, Any]) -> str:
    return ", ".join(reason["terms"][:4]) or str(reason["kind"]).replace("_", " ")


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own loopback addresses
        body: bytes = answer.read(PAGE_BYTES)
        return body
