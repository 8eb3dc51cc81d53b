"""`wirekin token`: who may write over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wirekin.cli._options import app_of, group
from wirekin.errors import ConfigError
from wirekin.tokens import Scope, hash_of


@group("token")
def token_command() -> None:
    """Make tokens for /v1/admin/."""


@token_command.command("new")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    help="What it is good for; may be given twice. Without it, all.",
)
@click.pass_context
def new(ctx: click.Context, name: str, scopes: tuple[str, ...]) -> None:
    """Print a new token, shown this once, and its hash for feeds.yml; NAME is what the log calls its holder."""
    from secrets import token_urlsafe

    from wirekin.config import parse_config

    token = token_urlsafe(32)  # 256 random bits in 43 characters
    good_for = ", ".join(scope.value for scope in Scope if not scopes or scope.value in scopes)
    # YAML reads JSON's quoting, so any name stays one string
    quoted = json.dumps(name, ensure_ascii=False)
    entry = f'    - {{name: {quoted}, scopes: [{good_for}], hash: "{hash_of(token)}"}}'
    try:
        parse_config(f"settings:\n  admin_tokens:\n{entry}\n", Path("feeds.yml"))
    except ConfigError as error:
        raise click.UsageError("NAME must be one line of 1 to 120 characters", ctx) from error
    app = app_of(ctx)
    click.echo(token)
    app.err.print("Keep it now: it is shown this once. Add its hash to feeds.yml, under `settings:`", markup=False)
    app.err.print("  admin_tokens:", markup=False, highlight=False)
    app.err.print(entry, markup=False, highlight=False, soft_wrap=True)
