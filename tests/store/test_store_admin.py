"""Import, export, corrections, backup, checks, and the one daemon."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import make
import polls
from wirekin.errors import StoreBusy, StoreError
from wirekin.model import HeadlineId, Question
from wirekin.store import Admin, Backend, Correction, Reader, Store, open_store
from wirekin.store._locks import GLANCE, lock_file, try_lock
from wirekin.store._schema import SCHEMA_VERSION


def test_an_import_counts_new_headlines_and_can_be_repeated(admin: Admin, reader: Reader) -> None:
    a, b = polls.headline("a"), polls.headline("b")

    assert admin.import_headlines([a, b, a], ["1", None, "2"], make.NOW) == 2
    known = reader.version()
    assert admin.import_headlines([a, b], ["1", None], make.at(1)) == 0

    assert reader.version() == known
    assert reader.headline(HeadlineId("1")) == reader.headline(HeadlineId("2")) == a


def test_an_imported_id_never_replaces_the_id_of_another_headline(admin: Admin, reader: Reader) -> None:
    a, b = polls.headline("a"), polls.headline("b")

    admin.import_headlines([a, b], [b.id, None], make.NOW)

    assert reader.headline(b.id) == b
    assert admin.check() == ()


def test_a_later_poll_does_not_overwrite_the_text_of_an_imported_headline(
    store: Store, admin: Admin, reader: Reader
) -> None:
    imported = polls.headline("a", "As imported")
    admin.import_headlines([imported], [None], make.NOW)

    polls.record(store, replace(imported, title="As polled", topics=make.topics("iran")))

    assert reader.headline(imported.id) == replace(imported, topics=make.topics("iran"))


def test_an_export_gives_every_headline_oldest_first(admin: Admin) -> None:
    new = polls.headline("new", first_seen_at=make.at(0), topics=make.topics("iran"))
    old = polls.headline("old", first_seen_at=make.at(0), published_at=make.at(-9))
    admin.import_headlines([new, old], [None, None], make.NOW)

    assert list(admin.export()) == [old, new]
    assert list(admin.export(topic=make.topics("iran")[0])) == [new]
    assert list(admin.export(since=make.at(-8))) == [new]


def test_headlines_may_be_written_while_an_export_streams(admin: Admin, store: Store) -> None:
    kept = [polls.headline(str(n)) for n in range(3)]
    admin.import_headlines(kept, [None] * 3, make.NOW)
    stream = iter(admin.export())
    next(stream)

    polls.record(store, polls.headline("later"))

    assert len(list(stream)) == 2


def test_a_second_daemon_is_refused_and_the_error_names_the_first(admin: Admin, backend: Backend) -> None:
    other = backend.admin()

    with (
        admin.hold_daemon(),
        pytest.raises(StoreBusy, match=r"pid \d+ since \d{4}-\d\d-\d\d"),
        other.hold_daemon(),
    ):
        pytest.fail("two daemons hold one database")
    with other.hold_daemon():
        pass
    other.close()


def test_the_daemon_is_one_by_a_symbolic_link_too(admin: Admin, backend: Backend, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.db"
    link.parent.mkdir()
    link.symlink_to(backend.url)
    other = open_store(str(link)).admin()

    with admin.hold_daemon(), pytest.raises(StoreBusy, match=r"pid \d+"), other.hold_daemon():
        pass
    other.close()


def test_the_daemons_lock_ends_with_its_process(admin: Admin, backend: Backend) -> None:
    code = (
        "import sys; from wirekin.store import open_store\n"
        "with open_store(sys.argv[1]).admin().hold_daemon(): print('held', flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, backend.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout
        assert child.stdout.readline() == "held\n"
        with pytest.raises(StoreBusy, match=f"pid {child.pid}"), admin.hold_daemon():
            pass
        child.kill()
    with admin.hold_daemon():
        pass


def test_a_starting_daemon_waits_for_a_process_that_only_checks_its_lock(admin: Admin, backend: Backend) -> None:
    """If it exited with 75, systemd would not start it again."""
    began = threading.Event()

    def look() -> None:
        with try_lock(lock_file(Path(backend.url))):
            began.set()
            time.sleep(GLANCE / 10)

    looker = threading.Thread(target=look)
    looker.start()
    began.wait()
    with admin.hold_daemon():
        looker.join()


def test_a_backup_made_during_writes_is_consistent(admin: Admin, store: Store, tmp_path: Path) -> None:
    store.sync_feeds([make.feed()], make.NOW)
    stop = threading.Event()

    def write() -> None:
        for n in range(10_000):
            if stop.is_set():
                return
            store.record_polls([polls.outcome(make.feed(), [polls.headline(f"{n}-{i}") for i in range(5)])], make.NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            admin.backup(tmp_path / f"{n}.db")
    finally:
        stop.set()
        writer.join()

    for n in range(5):
        copy = open_store(str(tmp_path / f"{n}.db")).admin()
        assert copy.check() == ()
        assert len(list(copy.export())) % 5 == 0
        copy.close()


def test_a_backup_replaces_an_older_one_and_leaves_no_partial_file(admin: Admin, tmp_path: Path) -> None:
    target = tmp_path / "folder" / "copy.db"
    target.parent.mkdir()
    admin.backup(target)
    admin.import_headlines([polls.headline("a")], [None], make.NOW)

    admin.backup(target)

    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    copy = open_store(str(target)).admin()
    assert len(list(copy.export())) == 1
    copy.close()


def test_a_backup_deletes_the_old_partial_files_of_killed_backups(admin: Admin, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    left = [folder / f"monday.db.{pid}.unfinished{end}" for pid in (1, os.getpid()) for end in ("", "-journal")]
    others = [folder / "monday.db.4999999.unfinished", folder / "notes.unfinished", folder / "monday.db"]
    for file in (*left, *others):
        file.write_text("half a copy")
    for file in (*left, *others[1:]):
        os.utime(file, (0, 0))

    admin.backup(folder / "tuesday.db")

    assert sorted(folder.iterdir()) == sorted([*others, folder / "tuesday.db"])


def test_a_backup_succeeds_when_an_old_partial_file_cannot_be_deleted(admin: Admin, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    foreign = folder / "monday.db.4999999.unfinished"
    foreign.mkdir(parents=True)  # unlink fails on a folder
    os.utime(foreign, (0, 0))

    admin.backup(folder / "tuesday.db")

    assert sorted(folder.iterdir()) == [foreign, folder / "tuesday.db"]


def test_a_backup_onto_the_database_itself_or_into_a_missing_folder_is_refused(
    admin: Admin, backend: Backend, tmp_path: Path
) -> None:
    with pytest.raises(StoreError, match="the database itself"):
        admin.backup(Path(backend.url))
    with pytest.raises(StoreError):
        admin.backup(tmp_path / "nowhere" / "copy.db")

    assert admin.check() == ()


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal", ".lock", ".migrate.lock"])
def test_a_backup_over_a_file_of_the_database_is_refused(
    admin: Admin, store: Store, backend: Backend, tmp_path: Path, end: str
) -> None:
    """`db backup wirekin.db-wal --force` destroyed the database that it copied."""
    polls.record(store, polls.headline("a"))
    link = tmp_path / "elsewhere"
    link.symlink_to(Path(backend.url).parent, target_is_directory=True)

    for folder in (Path(backend.url).parent, link):
        with pytest.raises(StoreError, match="belongs to the database"):
            admin.backup(folder / (Path(backend.url).name + end))

    assert admin.check() == ()
    admin.backup(Path(backend.url + ".backup"))


def test_a_backup_takes_the_place_of_ordinary_files_alone(admin: Admin, tmp_path: Path) -> None:
    """As root, `db backup /dev/null --force` put a file in place of the machine's /dev/null."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")

    for name in ("pipe", "link"):
        with pytest.raises(StoreError, match="no ordinary file"):
            admin.backup(tmp_path / name)

    assert (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "link").is_symlink()


def test_a_backup_over_a_database_whose_log_is_there_is_refused(admin: Admin, tmp_path: Path) -> None:
    target = tmp_path / "other.db"
    target.write_bytes(b"another one")
    (tmp_path / "other.db-wal").write_bytes(b"its log, which SQLite would replay over the copy")

    with pytest.raises(StoreError, match="in use"):
        admin.backup(target)
    assert target.read_bytes() == b"another one"

    (tmp_path / "other.db-wal").write_bytes(b"")  # as readers leave it
    admin.backup(target)


def test_a_backup_behind_a_circle_of_symbolic_links_is_refused(admin: Admin, tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")

    with pytest.raises(StoreError, match="check the folder"):
        admin.backup(tmp_path / "one" / "copy.db")


def test_a_backup_over_a_database_with_a_hot_journal_is_refused(admin: Admin, tmp_path: Path) -> None:
    """SQLite rolled the copy back by the journal of a killed writer, and it was malformed."""
    target, journal = tmp_path / "other.db", tmp_path / "other.db-journal"
    target.write_bytes(b"another one")
    journal.write_bytes(bytes.fromhex("d9d505f920a163d7") + b"pages as they were")

    with pytest.raises(StoreError, match="in use"):
        admin.backup(target)
    assert target.read_bytes() == b"another one"

    journal.write_bytes(bytes(28))  # as `journal_mode = persist` leaves it
    admin.backup(target)


def test_a_backup_replaces_a_symbolic_link_and_leaves_what_it_led_to(admin: Admin, tmp_path: Path) -> None:
    (tmp_path / "used.db").write_bytes(b"another one")
    (tmp_path / "used.db-wal").write_bytes(b"its log")
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "used.db")
    (tmp_path / "link.db-wal").write_bytes(b"a log")

    with pytest.raises(StoreError, match=r"link\.db-wal"):
        admin.backup(link)
    (tmp_path / "link.db-wal").unlink()
    admin.backup(link)

    assert not link.is_symlink()
    assert (tmp_path / "used.db").read_bytes() == b"another one"


def test_the_check_names_each_inconsistency(admin: Admin, store: Store) -> None:
    a, b = polls.headline("a", topics=make.topics("iran")), polls.headline("b")
    polls.record(store, a, b)
    polls.group(store, a, b)
    breaks = {
        "delete from headline_terms where rowid = 1": "without index terms",
        "delete from headline_topics": "topics disagree",
        "update stories set headlines = 7": "stories miscounted",
        "update meta set documents = 9": "documents miscounted",
        "update headline_terms_content set c0 = 'other' where id = 2": "full-text",
    }
    assert admin.check() == ()

    for statement, complaint in breaks.items():
        store._conn.execute(statement)
        assert any(complaint in line for line in admin.check()), statement


def test_stats_count_rows_and_bytes(admin: Admin, store: Store) -> None:
    polls.record(store, polls.headline("a"))

    stats = admin.stats()

    assert (stats["headlines"], stats["sightings"], stats["feeds"]) == (1, 1, 1)
    assert int(stats["bytes"]) > 0
    assert stats["schema"] == SCHEMA_VERSION


def test_opening_a_database_reports_which_migrations_ran(tmp_path: Path) -> None:
    url = str(tmp_path / "new.db")

    assert "m001_first_schema" in open_store(url).migrated
    assert open_store(url).migrated == ()


def test_pruning_all_headlines_leaves_no_headlines_and_no_corrections(
    store: Store, admin: Admin, reader: Reader
) -> None:
    one, other = polls.headline("a"), polls.headline("b")
    polls.record(store, one, other)
    admin.correct(Correction(one.id, other.id, must=True), make.NOW)
    store.prune(make.at(days=99), timedelta(days=90))

    assert store.corrections() == ()
    assert reader.headlines(Question()).items == ()
