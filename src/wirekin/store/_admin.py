"""Import, corrections, backup, checks, and the lock of the one daemon."""

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
from wirekin.store._connection import Writer, open_reader, translated
from wirekin.store._headlines import Changes, HeadlineWriter
from wirekin.store._locks import holder_of, lock_file, try_lock
from wirekin.store._rows import HAS_TOPIC, HEADLINE_COLUMNS, headline_from, micros

_EXPORT = f"""
select {HEADLINE_COLUMNS} from headlines as h
where (:since is null or h.happened_at >= :since) and (:topic is null or {HAS_TOPIC})
order by h.happened_at, h.n
"""

_UNFINISHED = re.compile(r".+\.[1-9]\d*\.unfinished(?:-journal|-wal|-shm)?")
GLANCE: Final = (
    0.2  # seconds after which the daemon's lock is tried again: who only looks whether it is free is gone then
)
ABANDONED: Final = 12 * 3_600  # seconds without a write; a backup that runs writes, then checks for minutes

# Each finds rows that break a law of ours, and says which.
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
        """Add headlines as though polled, each with an alias for its imported id; returns how many were new."""
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
        """Every headline, copies too, oldest first, streamed from one snapshot."""
        with translated(self._path), closing(open_reader(self._path)) as conn:
            values = {"topic": topic, "since": micros(since) if since else None}
            yield from map(headline_from, conn.execute(_EXPORT, values))

    def correct(self, correction: Correction, now: datetime) -> None:
        """Keep a person's word, the last one where there are two; the next grouping replays it."""
        a, b = correction.a, correction.b  # in this order: of a cannot-link the second is who was taken out
        with self._writing() as conn:
            conn.execute("delete from corrections where (a, b) in ((?, ?), (?, ?))", (a, b, b, a))
            conn.execute(
                "insert into corrections (a, b, must, said_at) values (?, ?, ?, ?)",
                (a, b, int(correction.must), micros(now)),
            )

    def withdraw(self, key: HeadlineId) -> int:
        """Forget every correction that names a headline; returns how many there were."""
        with self._writing() as conn:
            return conn.execute("delete from corrections where ? in (a, b)", (key,)).rowcount

    def make_due(self, now: datetime, *, only: frozenset[FeedId] | None = None) -> int:
        """Let the next tick poll these configured feeds (None: all); returns how many were brought forward.

        Past intervals and back-off, never past a hold; what is being polled, or was in the last minute, stays.
        """
        with self._writing() as conn:
            return _claims.make_due(conn, now, only)

    # --- the daemon --------------------------------------------------------------------------------------------

    @contextmanager
    def hold_daemon(self) -> Iterator[None]:
        """Be the one daemon of this database until the block or the process ends.

        Raises: StoreBusy, naming the process that is it already.
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
        """A whole copy while others write: one snapshot, written beside `target`, checked, then renamed over it.

        Raises: StoreError, StoreDamaged, StoreFull; `target` is then as it was.
        """
        target = target.absolute()
        if target.exists() and target.samefile(self._path):
            raise StoreError(f"{target} is the database itself: name another file")
        unfinished = target.with_name(f"{target.name}.{os.getpid()}.unfinished")
        try:
            _clear_away(target.parent)
            with translated(target), closing(sqlite3.connect(unfinished)) as copy:
                self._conn.backup(copy)  # all pages in one step: a copy in steps begins anew at every foreign write
                (verdict,) = copy.execute("pragma quick_check(1)").fetchone()
                if verdict != "ok":
                    raise StoreDamaged(f"{self._path} is damaged: {target} is as it was; see `wirekin db check`")
            _sync(unfinished)
            unfinished.replace(target)
            _sync(target.parent)
        except OSError as error:
            raise StoreError(f"{target}: {error.strerror}: check the folder and its rights") from error
        finally:
            unfinished.unlink(missing_ok=True)

    def check(self) -> tuple[str, ...]:
        """Every complaint of the integrity, foreign key and full-text checks, and of our own laws; empty when sound."""
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
        """Rows of each table, bytes, schema version."""
        with translated(self._path):
            (version,) = self._conn.execute("pragma user_version").fetchone()
            names = [
                name
                for (name,) in self._conn.execute("select name from sqlite_schema where type = 'table' order by name")
                if not name.startswith(("sqlite_", "_sqlite", "headline_terms", "term_frequencies"))
            ]
            rows = {name: self._conn.execute(f'select count(*) from "{name}"').fetchone()[0] for name in names}
        log = self._path.with_name(self._path.name + "-wal")
        sizes = {"bytes": self._path.stat().st_size, "log_bytes": log.stat().st_size if log.exists() else 0}
        return {**rows, **sizes, "schema": version, "sqlite": sqlite3.sqlite_version, "path": str(self._path)}


def _clear_away(folder: Path) -> None:
    """Remove what backups into this folder left that were killed: each is as large as the database.

    By its age: whether its writer runs cannot be asked where machines or containers share the folder. What cannot be
    removed, somebody else's or gone already, is no reason not to back up.
    """
    for file in folder.iterdir():
        with suppress(OSError):
            if _UNFINISHED.fullmatch(file.name) and time.time() - file.stat().st_mtime > ABANDONED:
                file.unlink()


def _sync(path: Path) -> None:
    """Make a file or a folder's entries survive a power cut."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
