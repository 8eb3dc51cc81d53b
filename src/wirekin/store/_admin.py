"""Import, corrections, backup, checks, and the lock of the only daemon."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from wirekin.errors import StoreBusy, StoreDamaged, StoreError
from wirekin.model import FeedId, Headline, HeadlineId, TopicSlug
from wirekin.store import Correction, _claims
from wirekin.store._connection import Writer, log_file, open_reader, translated
from wirekin.store._headlines import Changes, HeadlineWriter
from wirekin.store._locks import GLANCE, holder_of, lock_file, try_lock
from wirekin.store._rows import HAS_TOPIC, HEADLINE_COLUMNS, headline_from, micros

_EXPORT = f"""
select {HEADLINE_COLUMNS} from headlines as h
where (:since is null or h.happened_at >= :since) and (:topic is null or {HAS_TOPIC})
order by h.happened_at, h.n
"""

_UNFINISHED = re.compile(r".+\.[1-9]\d*\.unfinished(?:-journal|-wal|-shm)?")
ABANDONED: Final = 12 * 3_600  # seconds without a write; a running backup writes, then checks for some minutes

# Invariants of the schema: each query counts the rows that break one.
_LAWS = {
    "headlines without index terms": """
        select count(*) from headlines where n not in (select rowid from headline_terms)""",
    "index terms without a headline": """
        select count(*) from headline_terms where rowid not in (select n from headlines)""",
    "documents miscounted": """
        select abs(documents - (select count(*) from headlines)) from meta""",
    "stories miscounted": """
        select count(*) from stories as s
        where s.headlines = 0 or s.headlines <> (select count(*) from headlines where story_id = s.id)""",
    "stories that live and lead elsewhere": """
        select count(*) from stories where id in (select alias from story_aliases)""",
    "headlines whose topics disagree": """
        select count(*) from headlines as h
        where json_array_length(h.topics) <> (select count(*) from headline_topics where headline_n = h.n)""",
}


class SqliteAdmin(Writer):
    """Import, corrections, backup, checks."""

    # --- headlines ---------------------------------------------------------------------------------------------

    def import_headlines(self, headlines: Sequence[Headline], aliases: Sequence[str | None], now: datetime) -> int:
        """Add headlines as if polled, each with an alias for its imported id; return how many were new."""
        with self._writing() as conn:
            writer = HeadlineWriter(conn, Changes(conn, micros(now)))
            new = sum([writer.put(headline, None) for headline in headlines])
            for headline, alias in zip(headlines, aliases, strict=True):
                n = writer.row_of(headline.id) if alias and alias != headline.id else None
                if alias and n is not None:
                    writer.alias(alias, n)
            writer.finish()
        return new

    def export(self, *, topic: TopicSlug | None = None, since: datetime | None = None) -> Iterable[Headline]:
        """Yield every headline, including copies, oldest first, from one snapshot."""
        with translated(self._path), closing(open_reader(self._path)) as conn:
            values = {"topic": topic, "since": micros(since) if since else None}
            yield from map(headline_from, conn.execute(_EXPORT, values))

    def correct(self, correction: Correction, now: datetime) -> None:
        """Store a person's correction, replacing an earlier one of this pair; the next grouping applies it."""
        a, b = correction.a, correction.b  # the order matters: of a cannot-link the second headline was taken out
        with self._writing() as conn:
            conn.execute("delete from corrections where (a, b) in ((?, ?), (?, ?))", (a, b, b, a))
            conn.execute(
                "insert into corrections (a, b, must, said_at) values (?, ?, ?, ?)",
                (a, b, int(correction.must), micros(now)),
            )

    def withdraw(self, key: HeadlineId) -> int:
        """Delete every correction that names a headline; return how many there were."""
        with self._writing() as conn:
            return conn.execute("delete from corrections where ? in (a, b)", (key,)).rowcount

    def make_due(self, now: datetime, *, only: frozenset[FeedId] | None = None) -> int:
        """Make these configured feeds (None: all) due at the next tick; return how many were brought forward.

        This overrides intervals and back-off, but never a hold or the floor: a feed that was polled a moment ago is due
        when the floor is over. A feed that is being polled keeps its time.
        """
        with self._writing() as conn:
            return _claims.make_due(conn, now, only)

    # --- the daemon --------------------------------------------------------------------------------------------

    @contextmanager
    def hold_daemon(self) -> Iterator[None]:
        """Be the only daemon of this database until the block or the process ends.

        Raises: StoreBusy, naming the process that is the daemon already.
        """
        file = lock_file(self._path)
        note = f"pid {os.getpid()} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
        with try_lock(file, note=note) as mine:
            if mine:
                yield
                return
        time.sleep(GLANCE)
        with try_lock(file, note=note) as mine:
            if not mine:
                raise StoreBusy(f"another daemon holds {self._path} ({holder_of(file)}): stop it, or use its web")
            yield

    # --- repair ------------------------------------------------------------------------------------------------

    def backup(self, target: Path) -> None:
        """Write a complete copy while others write: one snapshot, written beside `target`, checked, then renamed to it.

        Raises: StoreError, StoreDamaged, StoreFull; `target` is unchanged then.
        """
        target = target.absolute()
        _refuse_what_a_copy_would_break(target, self._path)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.unfinished")
        try:
            _clear_away(target.parent)
            with translated(target), closing(sqlite3.connect(unfinished)) as copy:
                self._conn.backup(copy)  # all pages in one step: each write by others would restart a copy in steps
                (verdict,) = copy.execute("pragma quick_check(1)").fetchone()
                if verdict != "ok":
                    raise StoreDamaged(f"{self._path} is damaged: {target} is as it was; see `wirekin db check`")
            _sync(unfinished)
            unfinished.replace(target)
            _sync(target.parent)
        except OSError as error:
            raise StoreError(f"{target}: {error.strerror}: check the folder and its rights") from error
        finally:
            with suppress(OSError):  # where there is no such folder, the error above says more
                unfinished.unlink()

    def check(self) -> tuple[str, ...]:
        """Return every complaint of the integrity, foreign key and full-text checks and of our own invariants."""
        try:
            return tuple(self._complaints())
        except sqlite3.DatabaseError as error:
            return (f"the check itself failed: {error}",)

    def _complaints(self) -> Iterator[str]:
        yield from (line for (line,) in self._conn.execute("pragma integrity_check") if line != "ok")
        for table, row, parent, _ in self._conn.execute("pragma foreign_key_check"):
            yield f"{table} row {row} refers to a missing row of {parent}"
        try:
            self._conn.execute("insert into headline_terms (headline_terms) values ('integrity-check')")
        except sqlite3.DatabaseError as error:
            yield f"the full-text index is damaged: {error}"
        for law, ask in _LAWS.items():
            (broken,) = self._conn.execute(ask).fetchone()
            if broken:
                yield f"{law}: {broken}"

    def stats(self) -> dict[str, int | str]:
        """Return the rows of each table, the size in bytes, and the schema version."""
        with translated(self._path):
            (version,) = self._conn.execute("pragma user_version").fetchone()
            names = [
                name
                for (name,) in self._conn.execute("select name from sqlite_schema where type = 'table' order by name")
                if not name.startswith(("sqlite_", "_sqlite", "headline_terms", "term_frequencies"))
            ]
            rows = {name: self._conn.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}
        log = log_file(self._path)
        sizes = {"bytes": self._path.stat().st_size, "log_bytes": log.stat().st_size if log.exists() else 0}
        return {**rows, **sizes, "schema": version, "sqlite": sqlite3.sqlite_version, "path": str(self._path)}


def _refuse_what_a_copy_would_break(target: Path, database: Path) -> None:
    """Raise StoreError if a copy must not take the place of `target`, not even with --force."""
    if target.exists() and not target.is_file():  # root may replace /dev/null, and did
        raise StoreError(f"{target} is no ordinary file: name another one")
    # A symbolic link is replaced itself. realpath fails for no circle of links, but Path.resolve does.
    place = Path(os.path.realpath(target.parent)) / target.name
    if place == database.resolve() or (target.exists() and target.samefile(database)):
        raise StoreError(f"{target} is the database itself: name another file")
    if any(_is_beside(place, path) for path in (database.absolute(), database.resolve())):
        raise StoreError(f"{target} belongs to the database: name another file")
    for log in (place.with_name(f"{place.name}{end}") for end in ("-wal", "-journal")):
        if _is_pending(log):  # SQLite would replay it over the copy, or roll the copy back
            raise StoreError(f"{target} is in use, or was not closed ({log.name} is there): name another file")


def _is_pending(log: Path) -> bool:
    """Return whether SQLite would use this log: one that is empty, or begins with zeros, is done with."""
    if not log.is_file():
        return False
    with log.open("rb") as file:
        return any(file.read(8))


def _is_beside(file: Path, database: Path) -> bool:
    """Return whether SQLite or our locks keep this file beside the database."""
    end = file.name.removeprefix(database.name)
    kept = end in {"-wal", "-shm", "-journal"} or end.endswith(".lock")
    return kept and file == database.with_name(f"{database.name}{end}")


def _clear_away(folder: Path) -> None:
    """Delete the unfinished files of killed backups from this folder: each is as large as the database.

    Only their age decides, because machines or containers that share a folder cannot see each other's processes. A
    file that cannot be deleted, another user's or gone already, must not stop the backup.
    """
    for file in folder.iterdir():
        with suppress(OSError):
            if _UNFINISHED.fullmatch(file.name) and time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()


def _sync(path: Path) -> None:
    """Sync a file, or a folder's entries, so that they survive a power cut."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
