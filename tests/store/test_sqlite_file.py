"""The SQLite file: how it is opened, which files are refused untouched, and what a full disk leaves behind."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

import make
import polls
from wirekin.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreTooNew
from wirekin.model import HeadlineId
from wirekin.store import Correction, _connection, _schema, open_store
from wirekin.store._locks import lock_file, try_lock
from wirekin.store._rows import feed_config
from wirekin.store._schema import _TABLES, APPLICATION_ID, SCHEMA_VERSION


def opened(path: Path):
    backend = open_store(str(path))
    return backend.store(), backend.reader(), backend.admin()


def test_a_new_database_is_created_with_its_folders_and_durable_settings(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "wirekin.db"
    store, reader, admin = opened(path)
    ask = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "application_id": APPLICATION_ID,
        "user_version": SCHEMA_VERSION,
        "wal_autocheckpoint": 0,
    }

    assert {name: store._conn.execute(f"pragma {name}").fetchone()[0] for name in ask} == ask
    loose = [row[1] for row in store._conn.execute("pragma table_list") if row[2] == "table" and not row[5]]
    assert [name for name in loose if not name.startswith(("sqlite_", "_sqlite"))] == [], "every table is STRICT"
    for face in (store, reader, admin):
        face.close()


@pytest.mark.parametrize("url", ["{}/w.db", "sqlite:///{}/w.db", "{}/with space?&#%.db"])
def test_a_database_is_named_by_a_path_or_by_a_sqlite_url(tmp_path: Path, url: str) -> None:
    open_store(url.format(tmp_path)).store().close()

    assert [path.suffix for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == [".db"]


def test_an_unknown_url_scheme_is_refused_and_the_error_shows_the_right_form(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="sqlite:///path"):
        open_store("mysql://localhost/x")


def database_without_application_id(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("create table theirs (x)")
    conn.close()


def database_of_another_program(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("pragma application_id = 7")
    conn.close()


def database_of_a_newer_wirekin(path: Path) -> None:
    open_store(str(path)).store().close()
    conn = sqlite3.connect(path)
    conn.execute("pragma user_version = 99")
    conn.close()


def truncated_database(path: Path) -> None:
    open_store(str(path)).store().close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 + 7])


@pytest.mark.parametrize(
    ("make_file", "error"),
    [
        (lambda path: path.write_text("feeds:\n  - url: https://example.com/\n" * 9), StoreDamaged),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\0" * 9), StoreDamaged),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"\xff" * 4080), StoreDamaged),
        (database_without_application_id, StoreDamaged),
        (database_of_another_program, StoreDamaged),
        (database_of_a_newer_wirekin, StoreTooNew),
        (truncated_database, StoreDamaged),
    ],
)
def test_a_foreign_newer_or_damaged_file_is_refused_and_left_unchanged(tmp_path: Path, make_file, error) -> None:
    path = tmp_path / "w.db"
    make_file(path)
    before = path.read_bytes()

    with pytest.raises(error, match=r"w\.db"):
        open_store(str(path))

    assert path.read_bytes() == before


def test_a_folder_a_text_file_and_a_path_below_a_file_are_refused_as_databases(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "letter").write_text("Dear editor, " * 100)

    for other in (tmp_path, tmp_path / "letter"):
        with pytest.raises(StoreDamaged, match="not a SQLite database"):
            open_store(str(other))
    with pytest.raises(StoreError, match="check the folder"):
        open_store(str(tmp_path / "file" / "w.db"))


def test_opening_a_database_again_in_one_process_keeps_the_locks_of_sqlite(tmp_path: Path) -> None:
    """Closing a plain file drops the process's POSIX locks on it, and the WAL of a live connection was then deleted."""
    store, reader, admin = opened(tmp_path / "w.db")
    log = tmp_path / "w.db-wal"
    polls.record(store, polls.headline("a"))
    open_store(str(tmp_path / "w.db"))
    code = "import sys; from wirekin.store import open_store; open_store(sys.argv[1]).admin().close()"

    subprocess.run([sys.executable, "-c", code, str(tmp_path / "w.db")], check=True)

    assert log.exists(), "the other process was not the last to close"
    for face in (store, reader, admin):
        face.close()


def test_damaged_pages_are_reported_by_the_check_by_an_export_and_by_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    store, reader, admin = opened(path)
    admin.import_headlines([polls.headline(str(n)) for n in range(500)], [None] * 500, make.NOW)
    for face in (store, reader, admin):
        face.close()  # the last close moves the WAL into the file
    with path.open("r+b") as file:
        for page in range(80, 120):  # beyond the pages of the schema, which a migration may put after the tables
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)

    admin = open_store(str(path)).admin()

    assert admin.check()
    with pytest.raises(StoreDamaged, match="restore a backup"):
        list(admin.export())
    older = tmp_path / "copy.db"
    older.write_bytes(b"a good copy")
    with pytest.raises(StoreDamaged, match="is as it was"):
        admin.backup(older)
    assert older.read_bytes() == b"a good copy"
    admin.close()


def test_a_full_disk_rolls_the_batch_back_and_the_next_try_succeeds(tmp_path: Path) -> None:
    store, reader, admin = opened(tmp_path / "w.db")
    store.sync_feeds([make.feed()], make.NOW)
    (pages,) = store._conn.execute("pragma page_count").fetchone()
    store._conn.execute(f"pragma max_page_count = {pages + 2}")
    many = [polls.headline(str(n), "strait " * 50) for n in range(100)]

    with pytest.raises(StoreFull, match="free some disk space"):
        polls.record(store, *many)
    assert list(admin.export()) == []
    assert store.feed_states()[make.feed().id].entries == 0

    store._conn.execute("pragma max_page_count = 1000000")
    assert polls.record(store, *many) == 100
    assert admin.check() == ()
    for face in (store, reader, admin):
        face.close()


def test_a_write_that_another_writer_blocks_too_long_fails_as_busy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_connection, "BUSY", timedelta(seconds=1))
    store, reader, admin = opened(tmp_path / "w.db")
    store._conn.execute("begin immediate")
    asked: list[str] = []
    admin._conn.set_trace_callback(asked.append)

    with pytest.raises(StoreBusy, match="locked"):
        admin.correct(Correction(HeadlineId("a"), HeadlineId("b"), must=True), make.NOW)

    assert asked.count("begin immediate") > 2, "SQLite's back-off starts anew: writers leave the lock for an instant"
    assert asked[-1] == "pragma busy_timeout = 1000"
    store._conn.execute("rollback")
    for face in (store, reader, admin):
        face.close()


def test_no_error_but_a_taken_lock_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "BUSY", timedelta(milliseconds=200))
    store, *_ = opened(tmp_path / "w.db")
    asked: list[str] = []

    with store._writing() as conn:
        conn.set_trace_callback(asked.append)
        with pytest.raises(StoreError, match="within a transaction"), store._writing():
            pass

    assert asked.count("begin immediate") == 1
    store.close()


def test_a_transaction_takes_the_write_lock_before_it_reads(tmp_path: Path) -> None:
    path = tmp_path / "wirekin.db"
    store, *_ = opened(path)
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    with store._writing(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("begin immediate")  # with a deferred lock both would read, and one would fail to write
    other.close()
    store.close()


def database_of_the_first_schema(path: Path) -> sqlite3.Connection:
    """Create one, and return a connection to it."""
    conn = sqlite3.connect(path, isolation_level=None)
    first = Migrations("wirekin")
    first(name="m001_first_schema")(lambda db: [db.execute(part) for part in _TABLES.split(";\n")])
    first.apply(Database(conn, execute_plugins=False))
    for pragma in ("journal_mode = wal", f"application_id = {APPLICATION_ID}", "user_version = 1"):
        conn.execute(f"pragma {pragma}")
    return conn


def test_a_command_waits_for_a_daemon_of_this_version_that_is_about_to_migrate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade `run` and `serve` may be started together."""
    path = tmp_path / "w.db"
    database_of_the_first_schema(path).close()
    monkeypatch.setattr(_connection.time, "sleep", lambda _: open_store(str(path)))

    with try_lock(lock_file(path)):
        backend = open_store(str(path), older="spare")

    assert backend.migrated == ()


def test_a_command_waits_for_another_that_only_looks_at_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.db"
    database_of_the_first_schema(path).close()

    with ExitStack() as looking:
        looking.enter_context(try_lock(lock_file(path)))
        monkeypatch.setattr(_connection.time, "sleep", lambda _: looking.close())
        backend = open_store(str(path), older="spare")

    assert backend.migrated


def test_a_command_migrates_no_database_that_a_daemon_goes_on_holding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "w.db"
    database_of_the_first_schema(path).close()
    monkeypatch.setattr(_connection.time, "sleep", lambda _: None)

    with try_lock(lock_file(path)), pytest.raises(StoreError, match="the daemon of an older wirekin"):
        open_store(str(path), older="spare")


def test_a_database_of_the_first_schema_keeps_its_rows_and_gains_the_tables_of_hubs(tmp_path: Path) -> None:
    path, feed = tmp_path / "w.db", make.feed()
    conn = database_of_the_first_schema(path)
    config = feed_config(feed)
    conn.execute("insert into feeds (id, host, config, configured) values (?, ?, ?, 1)", (feed.id, feed.host, config))
    conn.execute("insert into feed_states (feed_n, next_poll_at, etag) values (1, 0, '\"1\"')")
    conn.close()

    backend = open_store(str(path))

    with closing(backend.store()) as store, closing(backend.subscriptions()) as subscriptions:
        assert store.feed_states()[feed.id].etag == '"1"'
        assert [claim.pushed for claim in store.claim_due(make.NOW, limit=1)] == [None]
        assert subscriptions.pushes(1) == ()


def test_a_failed_migration_leaves_the_file_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "w.db"
    with monkeypatch.context() as patch:
        broken = _schema._TABLES.replace("create table tombstones", "create tabel tombstones")
        patch.setitem(_schema._STEPS, "m001_first_schema", broken)
        with pytest.raises(StoreError):
            open_store(str(path))
    conn = sqlite3.connect(path)
    assert conn.execute("select count(*) from sqlite_schema").fetchone() == (0,)
    conn.close()

    store, reader, admin = opened(path)

    assert admin.check() == ()
    for face in (store, reader, admin):
        face.close()


def test_a_commit_succeeds_when_the_checkpoint_after_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "_WAL_BYTES", 1)
    store, reader, admin = opened(tmp_path / "w.db")
    (tmp_path / "w.db.checkpoint.lock").unlink(missing_ok=True)
    (tmp_path / "w.db.checkpoint.lock").mkdir()  # opening it fails, as at the limit of open files

    polls.record(store, polls.headline("a"))

    assert [one.id for one in admin.export()] == [polls.headline("a").id]
    for face in (store, reader, admin):
        face.close()


def test_our_writers_checkpoint_the_write_ahead_log_and_a_reader_only_delays_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_connection, "_WAL_BYTES", 200_000)
    store, reader, admin = opened(tmp_path / "w.db")
    log = tmp_path / "w.db-wal"
    stream = admin.export()
    polls.record(store, polls.headline("a"), polls.headline("b"))
    next(iter(stream))

    for n in range(12):
        polls.record(store, *[polls.headline(f"{n}-{i}") for i in range(20)])
    assert log.stat().st_size > 200_000, "the reader's snapshot is in the log"

    list(stream)
    for n in range(40):
        polls.record(store, *[polls.headline(f"x{n}-{i}") for i in range(20)])
    assert log.stat().st_size < 800_000, "a batch of 20 writes about 60,000 bytes"
    assert admin.check() == ()
    for face in (store, reader, admin):
        face.close()


def test_the_log_of_a_database_behind_a_symbolic_link_is_checkpointed_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite keeps it beside the file itself; looked for beside the link, it grew without end."""
    monkeypatch.setattr(_connection, "_WAL_BYTES", 200_000)
    open_store(str(tmp_path / "real" / "w.db"))
    link, log = tmp_path / "w.db", tmp_path / "real" / "w.db-wal"
    link.symlink_to(tmp_path / "real" / "w.db")
    store, reader, admin = opened(link)

    for n in range(20):
        polls.record(store, *[polls.headline(f"{n}-{i}") for i in range(20)])

    assert admin.stats()["log_bytes"] == log.stat().st_size
    assert log.stat().st_size < 400_000, "a batch of 20 writes about 60,000 bytes"
    for face in (store, reader, admin):
        face.close()


@pytest.mark.slow
def test_processes_that_open_a_new_database_at_the_same_time_create_it_once(tmp_path: Path) -> None:
    code = "import sys; from wirekin.store import open_store; open_store(sys.argv[1]).store().close()"
    children = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "w.db")]) for _ in range(4)]

    assert [child.wait(timeout=60) for child in children] == [0, 0, 0, 0]
    admin = open_store(str(tmp_path / "w.db")).admin()
    assert admin.check() == ()
    admin.close()
