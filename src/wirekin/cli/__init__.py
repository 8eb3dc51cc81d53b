"""The `wirekin` command: the composition root and the exit codes; each command group is a module of this package.

0 done; 1 failed; 2 usage; 69 no feed could be reached; 75 another daemon holds this database; 78 bad configuration;
130 interrupted. 69, 75 and 78 are the numbers of sysexits.h.
"""

from __future__ import annotations

import errno
import os
import sys
from io import TextIOWrapper

import click

from wirekin import __version__
from wirekin._heap import look_hardly
from wirekin.cli._app import drop_stdout
from wirekin.cli._options import RootGroup, app_of
from wirekin.errors import ConfigError, StoreBusy, WirekinError

OK, FAILED, UNREACHABLE, BUSY, BAD_CONFIG, INTERRUPTED = 0, 1, 69, 75, 78, 130
LEAST_FILES = 32  # required limit on open files: with 16 `wirekin run` of one feed failed, with 20 not (2026-11-30)

COMMANDS = {
    "init": "_setup",
    "refresh": "_refresh",
    "related": "_lists",
    "headlines": "_lists",
    "stories": "_lists",
    "story": "_story",
    "feeds": "_feeds",
    "topics": "_topics",
    "extract": "_extract",
    "group": "_rows",
    "import": "_rows",
    "export": "_rows",
    "eval": "_eval",
    "run": "_run",
    "daemon": "_run",
    "serve": "_run",
    "healthcheck": "_run",
    "demo": "_demo",
    "doctor": "_doctor",
    "config": "_setup",
    "paths": "_setup",
    "completion": "_setup",
    "db": "_db",
    "token": "_token",
}


@click.group(
    "wirekin",
    cls=RootGroup,
    lazy=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "WIREKIN"},
    epilog="Start: `wirekin init`, `wirekin refresh`, `wirekin stories`. See it work on sample feeds: `wirekin demo`.",
)
@click.version_option(__version__, prog_name="wirekin")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Poll feeds and news pages, tell each event once, answer: what else is being said about this?"""
    app = app_of(ctx)
    ctx.call_on_close(app.close)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main() -> None:
    """Run the command and exit with its code; an error is one sentence on stderr."""
    look_hardly()
    _open_what_is_closed()
    _write_utf8()
    try:
        _may_open_files()
        code = root.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else OK)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except UnicodeEncodeError as error:  # an argument that is not UTF-8 holds lone surrogates; no database stores them
        click.echo(f"wirekin: not UTF-8: {ascii(error.object)[:80]}", err=True)
        sys.exit(click.UsageError.exit_code)
    except OSError as error:  # a full disk under stdout, a folder that may not be written
        from wirekin.cli._mends import told  # imported late: a command that succeeds may not need it

        drop_stdout()
        click.echo(f"wirekin: {told(error)}", err=True)
        sys.exit(FAILED)
    except WirekinError as error:
        click.echo(f"wirekin: {error}" if not isinstance(error, ConfigError) else str(error), err=True)
        sys.exit(code_of(error))


def _may_open_files() -> None:
    """Refuse a low limit on open files: with it an import, the event loop or the database would fail at some point.

    Raises: OSError.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= most < LEAST_FILES:  # RLIM_INFINITY is -1
        raise OSError(errno.EMFILE, f"only {most} files may be open here, and wirekin wants {LEAST_FILES}")


def _write_utf8() -> None:
    """Write UTF-8 to files and pipes, whatever cron's locale says; a terminal keeps its own encoding.

    Characters that the encoding lacks are escaped with backslashes. In UTF-8 these are lone surrogates, from
    undecodable file names or broken JSON; escaped, they are still valid JSON.
    """
    out = sys.stdout
    if isinstance(out, TextIOWrapper):
        out.reconfigure(encoding=None if out.isatty() else "utf-8", errors="backslashreplace")


def _open_what_is_closed() -> None:
    """Open /dev/null as each standard stream that `<&-`, `>&-`, `2>&-` or a supervisor closed.

    So `-` reads as empty, and what nobody wants to read stops no command. Python gives None for such a stream. The
    lowest free descriptor is the closed one's own, so that no database is opened where messages are written; processes
    that we start inherit it.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            flags = os.O_RDONLY if mode == "r" else os.O_WRONLY
            place = os.open(os.devnull, flags)
            os.set_inheritable(place, True)
            setattr(sys, name, open(place, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - to the end


def code_of(error: WirekinError) -> int:
    """The exit code of an error."""
    if isinstance(error, ConfigError):
        return BAD_CONFIG
    return BUSY if isinstance(error, StoreBusy) else FAILED
