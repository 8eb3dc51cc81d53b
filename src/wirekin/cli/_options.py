"""The common options, which are taken before and after a command's name, and the click classes that add them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from wirekin import _log
from wirekin.cli._app import App, drop_stdout


def app_of(ctx: click.Context) -> App:
    """The one App of this run."""
    app = ctx.find_root().ensure_object(App)
    assert isinstance(app, App)  # noqa: S101 - tells mypy what ensure_object made
    return app


def _into(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """A callback that stores the option's value in the App, if one was given before or after the command."""

    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        if value not in (None, False, 0):
            setattr(app_of(ctx), name, value)

    return keep


def _louder(ctx: click.Context, param: click.Parameter, value: int) -> None:
    app_of(ctx).verbosity += value


def _quieter(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        app_of(ctx).verbosity = -1


def _option(*names: str, keep: Callable[[click.Context, click.Parameter, Any], None], env: bool, **more: Any) -> Any:
    """An option that its callback stores, so no command takes it; `env` reads it from WIREKIN_<LONG_NAME> too."""
    variable = f"WIREKIN_{names[-1].strip('-').replace('-', '_').upper()}" if env else None
    return click.Option(names, envvar=variable, expose_value=False, callback=keep, **more)


def _common(env: bool) -> list[click.Parameter]:
    """Fresh copies of the common options; `env` only at the root, so that variables are read once."""
    path, formats = click.Path(path_type=Path, dir_okay=False), click.Choice(["text", "json"])
    where = "The configuration (default: ./feeds.yml, else the XDG folder)."
    lines = "How log lines are written."
    store = "A path or sqlite:///path (default: data/wirekin.db beside feeds.yml)."
    return [
        _option("--config", keep=_into("config_path"), env=env, type=path, help=where),
        _option("--database", keep=_into("database"), env=env, metavar="URL", help=store),
        _option("-v", "--verbose", keep=_louder, env=env, count=True, help="Log what happens; twice: more."),
        _option("-q", "--quiet", keep=_quieter, env=env, is_flag=True, help="Only errors."),
        _option("--log-format", keep=_into("log_format"), env=env, type=formats, hidden=not env, help=lines),
    ]


def _shape(*, lines: bool, env: bool = False) -> list[click.Parameter]:
    as_json = _option("--json", keep=_into("json"), env=env, is_flag=True, help="Data as JSON.")
    said = "Data as JSON, one item a line."
    return [as_json, *([_option("--jsonl", keep=_into("jsonl"), env=env, is_flag=True, help=said)] if lines else [])]


_CLAUSE = re.compile(r"[:,](?= )(?![^(]*\))")  # where a sentence may be left, but for what is in brackets


class _Listed(click.Command):
    """A command whose line in the list of its group ends with a clause, and not in the midst of one with dots."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """As click's, but for what is too long, or comes after a semicolon."""
        found = super().get_short_help_str(limit)
        first = " ".join((self.help or "").split("\n\n")[0].split()).partition(";")[0]
        ends = [first[: clause.start()] for clause in _CLAUSE.finditer(f"{first}, ") if clause.start() <= limit]
        return ends[-1] if found.endswith("...") and ends else found.removesuffix(".")


class Command(_Listed):
    """A command with the common options; `shows` adds --json, `lists` adds --jsonl too."""

    def __init__(self, *args: Any, shows: bool = False, lists: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _common(env=False)
        if shows or lists:
            self.params += _shape(lines=lists)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; with -v, log to stderr."""
        app = app_of(ctx)
        if app.verbosity > 0:
            _log.set_up(_log.LogFormat(app.log_format), level=logging.DEBUG if app.verbosity > 1 else logging.INFO)
        return super().invoke(ctx)


class Group(_Listed, click.Group):
    """A group whose commands take the common options too."""

    command_class = Command

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += _common(env=False) + _shape(lines=True)


class RootGroup(click.Group):
    """The root group, which imports a command's module only when it is called (requirement fact 15)."""

    command_class = Command
    group_class = Group

    def __init__(self, *args: Any, lazy: dict[str, str], **kwargs: Any) -> None:
        """`lazy` maps a command's name to the module of this package that defines `<name>_command`."""
        super().__init__(*args, **kwargs)
        self._lazy = lazy
        self.params += _common(env=True) + _shape(lines=True, env=True)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order in which a newcomer needs them."""
        return list(self._lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of that command."""
        from importlib import import_module

        place = self._lazy.get(cmd_name)
        if place is None:
            return None
        found = getattr(import_module(f"wirekin.cli.{place}"), cmd_name.replace("-", "_") + "_command")
        assert isinstance(found, click.Command)  # noqa: S101 - tells mypy what getattr found
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; exit 0 where the reader closes the pipe early, as in `wirekin headlines | head`."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # caught here, because click would exit 1
            drop_stdout()
            raise click.exceptions.Exit(0) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve as click does; for an unknown command, suggest the nearest name."""
        if args and not args[0].startswith("-") and args[0] not in self._lazy:
            from wirekin.config import nearest

            raise click.UsageError(f"no command is called {args[0]!r}{nearest(args[0], self._lazy)}", ctx)
        return super().resolve_command(ctx, args)


def command(name: str, *, shows: bool = False, lists: bool = False, **kwargs: Any) -> Callable[[Any], Command]:
    """A top-level command."""
    return click.command(name, cls=Command, shows=shows, lists=lists, **kwargs)


def group(name: str, **kwargs: Any) -> Callable[[Any], Group]:
    """A top-level group."""
    return click.group(name, cls=Group, **kwargs)
