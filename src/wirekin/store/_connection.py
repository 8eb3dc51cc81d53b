"""Connections: how a file is opened, how a write begins, what each SQLite error means, and who checkpoints.

Writers: WAL, synchronous FULL, foreign keys, BEGIN IMMEDIATE (a deferred begin gave 313,866 "database is locked" in
a minute of four writers, IMMEDIATE none: requirement fact 9). Readers: mode=ro and query_only, with a time limit.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

from wirekin.errors import BadRequest, StoreBusy, StoreDamaged, StoreError, StoreFull
from wirekin.store import Older
from wirekin.store._locks import lock, lock_file, try_lock
from wirekin.store._schema import SCHEMA_VERSION, bring_up_to_date, refuse_stump, version_of

BUSY: Final = timedelta(seconds=10)  # a writer waits this long for another; a batch of 100 polls takes 30 ms, 2026-11
QUERY_LIMIT: Final = timedelta(milliseconds=200)  # requirement D2: of work; a busy machine is not the reader's fault
_WAITING: Final = 10  # times as long by the clock: who waits for the disk or for others must end, too

_STEPS: Final = 2_000  # virtual machine steps between looks at the clock: about 0.1 ms apart, 2026-11
_WAL_BYTES: Final = 4 << 20  # checkpoint when the log has grown to this: SQLite's own default of 1,000 pages
_CHECKPOINT_WAIT: Final = timedelta(milliseconds=250)  # longer than public queries take on a machine that has time
_CACHE_KIB: Final = 16_384  # page cache of a connection; SQLite's 2 MiB does not hold the indexes of 100,000 headlines


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into ours, each with the mend in its sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, path) from error


def _ours(error: sqlite3.Error, path: Path) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code; the rest tells where it happened
    match code:
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return StoreFull(f"{path}: {error}: free some disk space; nothing was written")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(f"{path}: another process kept it locked for {BUSY.seconds} s: try again")
        case sqlite3.SQLITE_NOTADB:
            return StoreDamaged(f"{path} is not a SQLite database: name another --database, or restore a backup")
        case sqlite3.SQLITE_CORRUPT:
            return StoreDamaged(f"{path} is damaged ({error}): restore a backup, or see `wirekin db check`")
        case sqlite3.SQLITE_INTERRUPT:
            return BadRequest("the question took too long: ask for less, with rarer words or a shorter time")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return StoreError(f"{path}: {error}: check the owner and the rights of the file and its folder")
        case _:
            return StoreError(f"{path}: {error}")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # check_same_thread is off because one caller at a time may come from a pool of threads; SQLite itself is
    # built serialised. isolation_level None: Python must not begin transactions of its own.
    return sqlite3.connect(
        f"file:{quote(bytes(path))}?mode={mode}",
        uri=True,
        timeout=BUSY.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def open_writer(path: Path) -> sqlite3.Connection:
    """A connection that writes, to a file that `prepare` has seen.

    Raises: StoreError, StoreDamaged.
    """
    with translated(path):
        conn = _connect(path, "rw")
        for pragma in (
            "synchronous = full",
            "foreign_keys = on",
            "wal_autocheckpoint = 0",  # see Checkpointer
            f"journal_size_limit = {4 * _WAL_BYTES}",
            f"cache_size = -{_CACHE_KIB}",
            "temp_store = memory",
        ):
            conn.execute(f"pragma {pragma}")
        return conn


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads.

    Raises: StoreError, StoreDamaged.
    """
    with translated(path):
        conn = _connect(path, "ro")
        conn.execute("pragma query_only = on")
        conn.execute(f"pragma cache_size = -{_CACHE_KIB}")
        return conn


def prepare(path: Path, older: Older = "migrate") -> tuple[str, ...]:
    """Make the file where there is none and bring its schema up to date; the names of the migrations that ran.

    Raises: StoreDamaged and StoreTooNew, with the file untouched; StoreError where it cannot be made, or where a daemon
    holds a file of an older schema that is to be spared.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            path.touch(exist_ok=False)
        refuse_stump(path)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}: check the folder, or name another --database") from error
    with closing(open_reader(path)) as conn, translated(path):
        version = version_of(conn, path)
    if version == SCHEMA_VERSION or (version and older == "keep"):
        return ()
    if version and older == "spare":
        with try_lock(lock_file(path)) as is_free:
            if not is_free:
                raise StoreError(
                    f"{path} is in use by the daemon of an older wirekin (schema {version}, ours is {SCHEMA_VERSION}): "
                    "restart the daemon with this version, which brings the database up to date"
                )
    # the lock, because the switch to WAL does not wait for others by itself
    with lock(lock_file(path, "migrate")), translated(path), closing(_connect(path, "rw")) as conn:
        conn.execute("pragma journal_mode = wal")
        return bring_up_to_date(conn, path)


@contextmanager
def writing(conn: sqlite3.Connection, path: Path) -> Iterator[None]:
    """One IMMEDIATE transaction: committed at the end, rolled back whole on any exception.

    Raises: StoreFull, StoreBusy, StoreDamaged, StoreError.
    """
    with translated(path):
        conn.execute("begin immediate")
        try:
            yield
            conn.execute("commit")
        except BaseException:
            if conn.in_transaction:  # SQLITE_FULL and others have rolled back by themselves
                conn.execute("rollback")
            raise


class Checkpointer:
    """Moves the write-ahead log into the database, one process at a time and never beside a commit.

    SQLite before 3.51.3 can lose pages when a commit restarts the log while a second checkpoint runs ("WAL-reset
    bug", requirement fact 9). Automatic checkpoints are off; this one holds a lock of ours against other
    checkpoints, and the mode TRUNCATE holds SQLite's write lock against commits.
    """

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self._conn, self._lock = conn, lock_file(path, "checkpoint")
        self._log = path.with_name(path.name + "-wal")
        self._threshold = _WAL_BYTES

    def after_commit(self) -> None:
        """Checkpoint where the log has grown enough; a reader that is in the way postpones it until it doubles."""
        with suppress(OSError):  # no file can be opened now: the commit stands all the same, and the next one tries
            size = self._log.stat().st_size
            if size < self._threshold:
                return
            with try_lock(self._lock) as mine:
                if mine:
                    self._threshold = _WAL_BYTES if self._truncate() else 2 * size

    def _truncate(self) -> bool:
        self._conn.execute(f"pragma busy_timeout = {_CHECKPOINT_WAIT // timedelta(milliseconds=1)}")
        try:
            busy, _, _ = self._conn.execute("pragma wal_checkpoint(truncate)").fetchone()
        except sqlite3.Error:
            return False  # the commit stands and the log keeps everything; the next one tries again
        finally:
            self._conn.execute(f"pragma busy_timeout = {BUSY // timedelta(milliseconds=1)}")
        return not busy


class Writer:
    """A face of the database that writes: one connection of its own, and its turn at the checkpoints."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._conn = open_writer(path)
        self._checkpointer = Checkpointer(self._conn, path)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with writing(self._conn, self._path):
            yield self._conn
        self._checkpointer.after_commit()

    def close(self) -> None:
        """Give everything back."""
        self._conn.close()


class LimitedConnection:
    """A read-only connection on which each question sees one snapshot and has a time limit.

    The limit is of the thread's own work: at a load of 8 on two cores a footer that takes 40 ms on an idle machine took
    more than 200 by the clock, and its reader got a 400 (2026-11).
    """

    def __init__(self, path: Path, limit: timedelta = QUERY_LIMIT) -> None:
        self._path, self._limit = path, limit.total_seconds()
        self._work_until = self._deadline = float("inf")
        self._conn = open_reader(path)
        self._conn.set_progress_handler(self._is_late, _STEPS)

    def _is_late(self) -> bool:
        return time.thread_time() > self._work_until or time.monotonic() > self._deadline

    @contextmanager
    def question(self, times: int = 1) -> Iterator[sqlite3.Connection]:
        """One snapshot for all the queries inside, which may work for so many limits.

        Raises: BadRequest after the limit; StoreError and its kin.
        """
        with translated(self._path):
            self._conn.execute("begin")
            self._work_until = time.thread_time() + times * self._limit
            self._deadline = time.monotonic() + _WAITING * times * self._limit
            try:
                yield self._conn
            finally:
                self._work_until = self._deadline = float("inf")
                if self._conn.in_transaction:
                    self._conn.execute("rollback")

    def close(self) -> None:
        """Give the connection back."""
        self._conn.close()
