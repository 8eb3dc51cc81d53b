"""`init`, `config check`, `paths` and `completion`: setting wirekin up."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from wirekin.cli._app import App, counted
from wirekin.cli._options import app_of, command, group


@command("init", short_help="Write a commented feeds.yml and name the next command")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.pass_context
def init_command(ctx: click.Context, file: Path | None, force: bool) -> None:
    """Write a commented feeds.yml (or FILE, or --config) and name the next command."""
    from wirekin import config

    app = app_of(ctx)
    file = file or app.config_path or Path("feeds.yml")
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already: edit it, or --force replaces it", ctx)
    file.parent.mkdir(parents=True, exist_ok=True)
    config.replace_file(file, config.template())
    is_found = config.find(None, os.environ, Path.cwd()).resolve() == file.resolve()
    named = "" if is_found else f"--config {shlex.quote(str(file))} "
    app.say(f"Wrote {file}. Put your address into `contact:`, choose feeds, then: wirekin {named}refresh")


@group("config")
def config_command() -> None:
    """Look at the configuration."""


@config_command.command("check", shows=True)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Read feeds.yml and report every error at once (exit 78)."""
    from wirekin.config import shown

    app = app_of(ctx)
    config = app.config
    found = {
        "path": str(app.path),
        "feeds": len(config.feeds),
        "topics": len(config.topics.slugs),
        "publishers": len(
            {*config.publishers.names} | {feed.publisher.name for feed in config.feeds if feed.publisher}
        ),
    }
    sizes = f"{counted(len(config.feeds), 'feed')}, {counted(len(config.topics.slugs), 'topic')}"
    app.show(found, lambda: app.say(f"{shown(app.path)} is sound: {sizes}."))


@command("paths", shows=True)
@click.pass_context
def paths_command(ctx: click.Context) -> None:
    """Say which files are in use."""
    app = app_of(ctx)
    found = paths_of(app)
    app.show(found, lambda: app.table("What", "Where", rows=list(found.items())))


def paths_of(app: App) -> dict[str, str]:
    """The files in use, absolute."""
    file = app.database_file
    scheme, _, rest = app.database_url.partition("://")
    return {
        "config": str(app.path.resolve()),
        "database": str(file.resolve()) if file else f"{scheme}://{rest.split('@')[-1]}",
        "package": str(Path(__file__).parent.parent),
    }


@command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion_command(shell: str) -> None:
    """Print the completion script of a SHELL: `source <(wirekin completion bash)`."""
    from click.shell_completion import get_completion_class

    from wirekin.cli import root

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(root, {}, "wirekin", "_WIREKIN_COMPLETE").source())
