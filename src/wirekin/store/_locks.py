"""Locks between processes: one small file per name beside the database, held by `flock` at most until the process ends.

A lock file is never deleted: deleting it while another process opens it would give the lock to both.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

GLANCE: Final = 0.2  # seconds until the daemon's lock is tried again: a command that only looked at it is gone then
_MODE = 0o644  # others may read who holds it


def lock_file(database: Path, name: str = "") -> Path:
    """Return the path of the lock `name` of a database; the daemon's has no name: `wirekin.db.lock`.

    It lies beside the file itself, so that whoever comes by a symbolic link finds the same lock.
    """
    database = database.resolve()
    return database.with_name(f"{database.name}.{name}.lock" if name else f"{database.name}.lock")


@contextmanager
def try_lock(path: Path, *, note: str = "") -> Iterator[bool]:
    """Hold the lock at `path` across processes and threads; yields False at once if another holds it.

    `note` is written into the file, for `holder_of`.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        os.ftruncate(file, 0)
        os.pwrite(file, note.encode(), 0)
        yield True
    finally:
        os.close(file)


@contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold the lock at `path`, waiting until it is free: for short work such as a migration."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def holder_of(path: Path) -> str:
    """Return the note of a lock's holder, "pid 123 since ...", or "another process" if there is none."""
    try:
        return path.read_text().strip() or "another process"
    except OSError:
        return "another process"
