"""What every command shares: the options, the configuration, the database, and how things are shown.

Data go to stdout, messages and progress to stderr; no colour and no bar where there is no terminal.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from wirekin.errors import BadRequest, ConfigError, StoreError

if TYPE_CHECKING:
    from rich.console import Console

    from wirekin.config import Config, Settings
    from wirekin.digest import Rules
    from wirekin.model import Feed, FeedId
    from wirekin.store import Admin, Backend, Older, Reader


# Time limit of a query from the command line. The web's 200 ms are too few: `--limit 1000` takes 0.17 s with 20,000
# headlines (2026-11).
AT_HAND = timedelta(minutes=1)
ENDLESS = 100_000  # console width where stdout is no terminal, so that no line is cut


def clock() -> datetime:
    """The present: the one place of the command line that reads the clock."""
    return datetime.now(UTC)


@dataclass
class App:
    """One run of the command: its options, and the configuration and database, each opened once, on first use."""

    config_path: Path | None = None
    database: str | None = None
    verbosity: int = 0
    json: bool = False
    jsonl: bool = False
    log_format: str = "text"
    _closing: list[Callable[[], None]] = field(default_factory=list)

    # --- configuration -------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        """Where the configuration is, or would be."""
        from wirekin import config

        return config.find(self.config_path, os.environ, Path.cwd())

    @cached_property
    def config(self) -> Config:
        """The configuration; raises ConfigError where there is none or it is wrong."""
        from wirekin import config

        if not self._is_written:
            raise ConfigError([f"{self.path}: no such file: `wirekin init` writes one, --config names another"])
        return config.load(self.path)

    @property
    def settings(self) -> Settings:
        """The configuration's settings; the defaults where --database is given and there is no configuration."""
        from wirekin.config import Settings

        return Settings() if self.database and not self.has_config else self.config.settings

    @property
    def has_config(self) -> bool:
        """Whether a configuration is named or found. A named one that is missing is an error once it is read."""
        return self.config_path is not None or self._is_written

    @property
    def _is_written(self) -> bool:
        """Whether the file exists. True where its folder may not be searched: reading the file reports the error."""
        from wirekin.config import is_there

        return is_there(self.path, unseen=True)

    @property
    def rules(self) -> Rules:
        """Topics and publishers of the configuration."""
        return rules_of(self.config)

    def rules_or_none_given(self) -> Rules:
        """As `rules`, but empty without a configuration; for commands that store nothing."""
        from wirekin.digest import Rules
        from wirekin.publishers import Directory
        from wirekin.topics import compile_rules

        if not self.has_config:
            return Rules(compile_rules([]), Directory([]))
        return self.rules

    def feed_named(self, name: str) -> Feed:
        """The configured feed with that name or URL; raises BadRequest where none or several have it."""
        from wirekin.config import nearest

        found = self.feeds_called(name)
        if len(found) > 1:
            raise BadRequest(f"{len(found)} feeds are called {name!r}: name one by its URL, as {found[0].url}")
        if not found:
            near = nearest(name, [f.name for f in self.config.feeds]) or ": `wirekin feeds list` shows their names"
            address = "; an address begins with https://" if "." in name and "://" not in name else ""
            raise BadRequest(f"no feed is called {name!r}{near}{address}")
        return found[0]

    def feeds_called(self, name: str) -> list[Feed]:
        """The configured feeds with that URL or id; else with that name; else with an equivalent URL (sameness)."""
        from wirekin import urls
        from wirekin.config import sameness

        feeds = self.config.feeds
        found = [feed for feed in feeds if name in (feed.url, feed.id)] or [feed for feed in feeds if feed.name == name]
        if found or urls.resolve(name, name) is None:
            return found
        return [feed for feed in feeds if sameness(feed.url) == sameness(name)]

    def feeds_named(self, names: Iterable[str]) -> frozenset[FeedId] | None:
        """The ids of the feeds with these names or URLs; None where none was given, which means every feed."""
        names = tuple(names)
        return frozenset(self.feed_named(name).id for name in names) if names else None

    # --- database ------------------------------------------------------------------------------------------

    @property
    def database_url(self) -> str:
        """The database in use: --database, else data/wirekin.db beside feeds.yml."""
        return self.database or str(self.path.parent / "data" / "wirekin.db")

    @property
    def database_file(self) -> Path | None:
        """The file of that database; None where it is not SQLite's."""
        from wirekin.store import sqlite_file

        return sqlite_file(self.database_url)

    @property
    def missing_file(self) -> Path | None:
        """The file of that database if it is not there; None where it is."""
        file = self.database_file
        return file if file is not None and not file.exists() else None

    @cached_property
    def backend(self) -> Backend:
        """The open database, created and migrated where needed; not beneath the daemon of an older wirekin."""
        return self._opened()

    def bring_up_to_date(self) -> None:
        """Open the database and migrate it, whoever holds its lock: the daemon does, once it holds the lock itself."""
        self.backend = self._opened(older="migrate")

    def needs_database(self) -> None:
        """Refuse a --database file that does not exist: opening it would create it, and show it empty.

        Raises: StoreError.
        """
        file = self.missing_file
        if self.database and file:
            mend = f"--database names another, `{self.typed('refresh')}` makes it"
            raise StoreError(f"{file}: there is no such database: {mend}")

    def _opened(self, query_limit: timedelta | None = None, older: Older = "spare") -> Backend:
        from wirekin.store import open_store

        if self.database is None and not self._is_written:  # in a wrong folder everything would look empty
            mend = "`wirekin init` writes one, --config names another, --database a database without one"
            raise ConfigError([f"{self.path}: no such file, and no database beside it is opened: {mend}"])
        return open_store(self.database_url, query_limit=query_limit, older=older)

    @cached_property
    def reader(self) -> Reader:
        """A read-only connection whose queries may take longer (AT_HAND) than the web's."""
        self.needs_database()
        reader = self._opened(AT_HAND).reader()
        self._closing.append(reader.close)
        return reader

    def holds(self) -> dict[str, datetime]:
        """The hosts that asked for rest, and until when; read without a migration, for every schema has them."""
        reader = self._opened(older="keep").reader()
        try:
            return reader.holds(clock())
        finally:
            reader.close()

    @cached_property
    def admin(self) -> Admin:
        """Import, backup and repair for this command."""
        admin = self.backend.admin()
        self._closing.append(admin.close)
        return admin

    def looking(self, older: Older = "spare") -> Admin:
        """Backup, checks and export: as `admin`, but `older` says what happens to a database of an older schema."""
        admin = self._opened(older=older).admin()
        self._closing.append(admin.close)
        return admin

    def close(self) -> None:
        """Close what was opened, last first."""
        while self._closing:
            self._closing.pop()()

    def typed(self, *words: str) -> str:
        """A command for the person to type next, with the --config and --database that this one was given."""
        given = {"CONFIG": self.config_path, "DATABASE": self.database}
        told = {name: str(value) for name, value in given.items() if value is not None}
        options = [
            part
            for name, value in told.items()
            if value != os.environ.get(f"WIREKIN_{name}")  # the next command reads the same variable
            for part in (f"--{name.lower()}", value)
        ]
        return shlex.join(["wirekin", *options, *words])

    # --- showing -------------------------------------------------------------------------------------------

    @cached_property
    def out(self) -> Console:
        """Data for a person, on stdout; wide and plain where it is no terminal, so that nothing is cut in a pipe."""
        from rich.console import Console

        console = Console(highlight=False, emoji=False, force_terminal=_forced(sys.stdout))
        if console.is_terminal:
            return console
        return Console(highlight=False, emoji=False, force_terminal=False, width=ENDLESS, no_color=True)

    @cached_property
    def err(self) -> Console:
        """Messages and progress, on stderr."""
        from rich.console import Console

        forced = _forced(sys.stderr)
        return Console(stderr=True, highlight=False, emoji=False, quiet=self.verbosity < 0, force_terminal=forced)

    @property
    def draws(self) -> bool:
        """Whether a bar may move on stderr: on a terminal, without NO_COLOR, and without -q and -v."""
        return self.verbosity == 0 and not os.environ.get("NO_COLOR") and sys.stderr.isatty()

    @contextmanager
    def working(self, on: str) -> Iterator[Callable[[str], None]]:
        """Show on stderr what is being worked on; the yielded function replaces the text."""
        if not self.draws:
            yield lambda _: None
            return
        with self.err.status(on) as status:
            yield status.update

    def say(self, message: str) -> None:
        """A message for a person; silent with -q."""
        if self.verbosity >= 0:
            click.echo(message, err=True)  # not by rich, whose import costs 15 ms

    def say_address(self, address: str) -> None:
        """Tell where the pages are; with --log-format json as a log line, so that stderr stays JSON."""
        if self.log_format == "json":
            from wirekin import _log

            _log.logger("web").info("listening", extra=_log.fields(address=address))
            return
        self.say(f"wirekin is at {address} (Ctrl-C stops it)")

    def show(self, data: Any, human: Callable[[], None]) -> None:
        """Print the data as JSON where --json or --jsonl (one item a line) asks for it; else call `human`.

        `data` may be a function, which is called for JSON only.
        """
        if (self.jsonl or self.json) and callable(data):
            data = data()
        if self.jsonl:
            rows = data.get("items", [data]) if isinstance(data, dict) else data
            for row in rows:
                write_json_line(row)
        elif self.json:
            click.echo(json.dumps(data, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))
        else:
            human()

    def table(self, *columns: str, rows: Iterable[Sequence[str]], right: Iterable[int] = (), grow: int = -1) -> None:
        """Print rows under columns; `right` lists the right-aligned columns, `grow` is the one that shrinks first."""
        from wirekin.cli._tables import plain_text, print_rows

        print_rows(self.out, columns, [[plain_text(cell) for cell in row] for row in rows], set(right), grow)


def _forced(stream: TextIO) -> bool | None:
    """What rich is told of a stream: a pipe is no terminal, whatever FORCE_COLOR says, which builders often set."""
    return None if stream.isatty() else False


def rules_of(config: Config) -> Rules:
    """The topics, publishers and semantic setting of a configuration."""
    from wirekin.digest import Rules

    return Rules(config.topics, config.publishers, config.settings.semantic)


def write_json_line(row: Any) -> None:
    """One JSON object a line."""
    click.echo(json.dumps(row, ensure_ascii=False))


def drop_stdout() -> None:
    """Point stdout at /dev/null, so that Python's flush at exit does not fail a second time."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def age(then: datetime | None, now: datetime) -> str:
    """How long ago, in one unit: 5 min, 3 h, 2 d."""
    if then is None:
        return "-"
    seconds = (now - then).total_seconds()
    ahead = "in " if seconds < 0 else ""
    seconds = abs(seconds)
    for length, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= length:
            return f"{ahead}{seconds // length:.0f} {unit}"
    return f"{ahead}{seconds:.0f} s"


def next_try(at: datetime, now: datetime) -> str:
    """When something is tried next: "now", "in 5 min", or "never" of a feed that is gone."""
    from wirekin.schedule import NEVER

    if at <= now:
        return "now"
    return "never" if at - now > NEVER / 2 else age(at, now)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 story", "1,024 stories"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


class Duration(click.ParamType[timedelta]):
    """`45m`, `24h`, `14d` -> timedelta."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Parse a duration; fail with a usage error that says how one is written."""
        from wirekin import config

        if isinstance(value, timedelta):
            return value
        found = config.duration(value)
        if found is not None and found > config.LONGEST:  # a longer one overflows datetime
            self.fail(f"{value!r} is too long: at most {config.LONGEST.days}d", param, ctx)
        return found or self.fail(f"{value!r} is no duration: write 45m, 24h or 14d", param, ctx)


class Language(click.ParamType[str]):
    """`fa`, `pt-BR`: a code, as in feeds.yml; the web takes longer words too, for pages that call theirs `english`."""

    name = "language"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check a code; fail with a usage error that says how one is written."""
        from wirekin.text import is_language_tag

        if value and not (is_language_tag(value) and len(value.partition("-")[0]) <= 3):
            self.fail(f"{value!r} is no language: write its code, as fa or pt-BR", param, ctx)
        return str(value)


DURATION, LANGUAGE = Duration(), Language()
