"""`wirekin db`: the state."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from wirekin.cli._app import DURATION, App, clock
from wirekin.cli._options import app_of, group
from wirekin.config import LEAST_KEEP
from wirekin.errors import BadRequest


@group("db")
def db_command() -> None:
    """Look after the database."""


@db_command.command("migrate", shows=True)
@click.pass_context
def migrate(ctx: click.Context) -> None:
    """Bring the schema up to date (opening the database does so too)."""
    app = app_of(ctx)
    ran = app.backend.migrated
    app.show({"ran": list(ran)}, lambda: app.say(f"Ran {', '.join(ran)}." if ran else "The schema is up to date."))


@db_command.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.pass_context
def backup(ctx: click.Context, file: Path, force: bool) -> None:
    """Copy the whole database to FILE while others write."""
    app = app_of(ctx)
    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already: --force replaces it", ctx)
    if missing := app.missing_file:
        raise BadRequest(f"{missing}: no such database: nothing was written")
    app.looking("keep").backup(file)
    app.say(f"Wrote {file} ({file.stat().st_size:,} bytes).")


@db_command.command("check", shows=True)
@click.pass_context
def check(ctx: click.Context) -> None:
    """Check pages, references and the full-text index; exit 1 on any complaint."""
    app = app_of(ctx)
    app.needs_database()
    complaints = app.looking().check()

    def show() -> None:
        for complaint in complaints:
            app.out.print(complaint, markup=False)
        app.say("Restore a backup, or `wirekin export` what can be read." if complaints else "The database is sound.")

    app.show({"sound": not complaints, "complaints": list(complaints)}, show)
    ctx.exit(1 if complaints else 0)


@db_command.command("prune", shows=True)
@click.option("--keep", type=DURATION, help="How long to keep (default: settings.keep).")
@click.pass_context
def prune(ctx: click.Context, keep: timedelta | None) -> None:
    """Delete headlines that no feed has shown for longer than `keep`."""
    app = app_of(ctx)
    if keep is not None and keep < LEAST_KEEP:  # 3m means three minutes, not months, and pruning is final
        raise click.UsageError("--keep is at least 1d, as in feeds.yml: what is pruned never comes back", ctx)
    # The default `keep` may be shorter than the one this database is kept by.
    if keep is None and app.database and not app.has_config:
        raise click.UsageError(
            "say --keep, for there is no feeds.yml whose `keep` holds: what is pruned never comes back"
        )
    keep = keep or app.settings.keep  # before the database is opened, so that a mistake in feeds.yml is told first
    app.needs_database()
    store = app.backend.store()
    try:
        pruned = store.prune(clock(), keep)
    finally:
        store.close()
    app.show({"pruned": pruned}, lambda: app.say(f"Pruned {pruned:,} headlines."))


@db_command.command("stats", shows=True)
@click.pass_context
def stats(ctx: click.Context) -> None:
    """Count what the database holds."""
    app = app_of(ctx)
    app.needs_database()
    found = app.looking("keep").stats()
    app.show(found, lambda: _show(app, found))


def _show(app: App, found: dict[str, int | str]) -> None:
    rows = [(name, f"{value:,}" if isinstance(value, int) else value) for name, value in found.items()]
    app.table("What", "How much", rows=rows, right=(1,))
