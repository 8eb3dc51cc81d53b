"""Connections: open files, begin transactions, translate SQLite's errors, and checkpoint the log.

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
from wirekin.store._locks import GLANCE, lock, lock_file, try_lock
from wirekin.store._schema import SCHEMA_VERSION, bring_up_to_date, refuse_stump, version_of

BUSY: Final = timedelta(seconds=10)  # a writer waits this long for another; a batch of 100 polls takes 30 ms, 2026-11
# SQLite's busy handler sleeps ever longer, up to 100 ms, and seldom meets a lock that is free for an instant: of four
# processes that write without a rest one waited 17 s. Its back-off starts anew after this, and none waited over 2.5 s
# (25 s on two cores with a load of 8, 2026-11-30).
_LOOK_ANEW: Final = timedelta(milliseconds=50)
QUERY_LIMIT: Final = timedelta(milliseconds=200)  # requirement D2; CPU time, so that a busy machine fails no query
_WAITING: Final = 10  # limit of wall-clock time, in query limits: waiting for the disk or for others must end, too

_LOOKS: Final = 3  # at the daemon's lock: a daemon migrates within milliseconds of taking it, a slow machine's later
_STEPS: Final = 2_000  # virtual machine steps between checks of the limit: about 0.1 ms (2026-11)
_WAL_BYTES: Final = 4 << 20  # size of the log that starts a checkpoint: SQLite's own default of 1,000 pages
_CHECKPOINT_WAIT: Final = timedelta(milliseconds=250)  # longer than public queries take on an idle machine
_CACHE_KIB: Final = 16_384  # page cache per connection; SQLite's 2 MiB do not hold the indexes of 100,000 headlines


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Translate SQLite's errors into ours, whose messages say what to do."""
    try:
        yield
    except sqlite3.Error as error:
        raise _ours(error, path) from error


def _ours(error: sqlite3.Error, path: Path) -> Exception:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code, without the extended part
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
    # check_same_thread is off because the callers, one at a time, may be threads of a pool; SQLite itself is built
    # serialised. isolation_level None: Python must not begin transactions by itself.
    return sqlite3.connect(
        f"file:{quote(bytes(path))}?mode={mode}",
        uri=True,
        timeout=BUSY.total_seconds(),
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )


def open_writer(path: Path) -> sqlite3.Connection:
    """Open a connection that writes, to a file that `prepare` has checked.

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
    """Open a connection that only reads.

    Raises: StoreError, StoreDamaged.
    """
    with translated(path):
        conn = _connect(path, "ro")
        conn.execute("pragma query_only = on")
        conn.execute(f"pragma cache_size = -{_CACHE_KIB}")
        return conn


def prepare(path: Path, older: Older = "migrate") -> tuple[str, ...]:
    """Create the file if it is missing, and migrate its schema; return the names of the migrations that ran.

    Raises: StoreDamaged and StoreTooNew, with the file untouched; StoreError if it cannot be created, or if a daemon
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
        _refuse_beneath_a_daemon(path, version)
    # our own lock, because the switch to WAL does not wait for other connections
    with lock(lock_file(path, "migrate")), translated(path), closing(_connect(path, "rw")) as conn:
        conn.execute("pragma journal_mode = wal")
        return bring_up_to_date(conn, path)


def _refuse_beneath_a_daemon(path: Path, version: int) -> None:
    """Raise StoreError if the daemon of an older wirekin holds this database.

    The lock may also be held by another command for an instant, or by a daemon of this version that is about to bring
    the schema up to date, or is at it: so look again before refusing.
    """
    for _ in range(_LOOKS):
        with try_lock(lock_file(path)) as is_free:
            if is_free:
                return
        time.sleep(GLANCE)
        with lock(lock_file(path, "migrate")), closing(open_reader(path)) as conn, translated(path):
            if version_of(conn, path) == SCHEMA_VERSION:
                return
    raise StoreError(
        f"{path} is in use by the daemon of an older wirekin (schema {version}, ours is {SCHEMA_VERSION}): "
        "restart the daemon with this version, which brings the database up to date"
    )


@contextmanager
def writing(conn: sqlite3.Connection, path: Path) -> Iterator[None]:
    """One IMMEDIATE transaction: committed at the end, rolled back whole on any exception.

    Raises: StoreFull, StoreBusy, StoreDamaged, StoreError.
    """
    with translated(path):
        _begin(conn)
        try:
            yield
            conn.execute("commit")
        except BaseException:
            if conn.in_transaction:  # after SQLITE_FULL and some others SQLite has rolled back already
                conn.execute("rollback")
            raise


def _begin(conn: sqlite3.Connection) -> None:
    """Begin an IMMEDIATE transaction, as soon as other writers leave room; wait for them at most BUSY."""
    end = time.monotonic() + BUSY.total_seconds()
    _wait_at_most(conn, _LOOK_ANEW)
    try:
        while True:
            try:
                conn.execute("begin immediate")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                    raise
            else:
                return
    finally:
        _wait_at_most(conn, BUSY)


def _wait_at_most(conn: sqlite3.Connection, limit: timedelta) -> None:
    conn.execute(f"pragma busy_timeout = {limit // timedelta(milliseconds=1)}")


def log_file(database: Path) -> Path:
    """Return the write-ahead log: SQLite keeps it beside the file itself, not beside a symbolic link to it."""
    database = database.resolve()
    return database.with_name(f"{database.name}-wal")


class Checkpointer:
    """Checkpoints the write-ahead log, in one process at a time and never during a commit.

    SQLite before 3.51.3 can lose pages when a commit restarts the log while a second checkpoint runs ("WAL-reset
    bug", requirement fact 9). So automatic checkpoints are off. Our own lock excludes other checkpoints, and the mode
    TRUNCATE holds SQLite's write lock, which excludes commits.
    """

    def __init__(self, conn: sqlite3.Connection, path: Path) -> None:
        self._conn, self._lock = conn, lock_file(path, "checkpoint")
        self._log = log_file(path)
        self._threshold = _WAL_BYTES

    def after_commit(self) -> None:
        """Checkpoint if the log is large enough; if a reader blocks that, wait until the log has doubled."""
        with suppress(OSError):  # if no file can be opened, the commit is still valid, and the next one tries again
            size = self._log.stat().st_size
            if size < self._threshold:
                return
            with try_lock(self._lock) as mine:
                if mine:
                    self._threshold = _WAL_BYTES if self._truncate() else 2 * size

    def _truncate(self) -> bool:
        _wait_at_most(self._conn, _CHECKPOINT_WAIT)
        try:
            busy, _, _ = self._conn.execute("pragma wal_checkpoint(truncate)").fetchone()
        except sqlite3.Error:
            return False  # the commit is valid and its pages stay in the log; the next commit tries again
        finally:
            _wait_at_most(self._conn, BUSY)
        return not busy


class Writer:
    """Base of the faces that write: one connection, and a checkpoint after a commit if it is time."""

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
        """Close the connection."""
        self._conn.close()


class LimitedConnection:
    """A read-only connection on which each question sees one snapshot and has a time limit.

    The limit is of the thread's CPU time. At a load of 8 on two cores a related footer that takes 40 ms on an idle
    machine took more than 200 ms of wall-clock time, and its reader got a 400 (2026-11).
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
        """Open one snapshot for all the queries inside, which may take `times` the limit.

        Raises: BadRequest after the limit; StoreError and its subclasses.
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
        """Close the connection."""
        self._conn.close()
