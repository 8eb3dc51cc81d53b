"""`wirekin db`, `doctor`, `token` and `healthcheck`, the commands of an operator."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from commands import CUP, Folder, rss
from origin import Origin
from wirekin import config
from wirekin.cli._run import places
from wirekin.config import Settings
from wirekin.store import _schema
from wirekin.store._locks import lock_file, try_lock
from wirekin.tokens import AdminToken, Scope, hash_of


def test_a_new_token_is_printed_alone_and_its_entry_is_valid_in_feeds_yml(folder: Folder) -> None:
    made = folder.run("token", "new", 'the "desk": #1', "--scope", "stories")
    entry = made.err.partition("  admin_tokens:\n")[2]
    folder.write(f"settings:\n  admin_tokens:\n{entry}feeds: []\n")

    (token,) = config.load(folder.config).settings.admin_tokens
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", made.out)
    assert token == AdminToken('the "desk": #1', frozenset({Scope.STORIES}), hash_of(made.out.strip()))
    assert made.out.strip() not in made.err
    assert folder.run("token", "new", "desk").out != made.out


@pytest.mark.parametrize("name", ["", "two\nlines", "x" * 121])
def test_no_token_is_made_under_a_name_that_feeds_yml_refuses(folder: Folder, name: str) -> None:
    ran = folder.run("token", "new", name)

    assert (ran.code, ran.out) == (2, ""), ran.err


def test_a_token_has_all_scopes_unless_limited(folder: Folder) -> None:
    assert "scopes: [refresh, stories]" in folder.run("token", "new", "ci").err
    assert folder.run("token", "new", "ci", "--scope", "everything").code == 2


def test_the_database_can_be_checked_migrated_counted_backed_up_and_pruned(polled: Folder) -> None:
    assert polled.run("db", "check", "--json").json == {"sound": True, "complaints": []}
    assert "m001_first_schema" in polled.run("db", "migrate", "--json", "--database", "new.db").json["ran"]
    assert polled.run("db", "migrate", "--json").json == {"ran": []}
    assert polled.run("db", "stats", "--json").json["headlines"] == 3
    assert polled.run("db", "backup", "copy.db").code == 0
    assert polled.run("db", "backup", "copy.db").code == 2
    assert polled.run("db", "prune", "--json").json == {"pruned": 0}
    assert len(polled.run("headlines", "--json", "--database", "copy.db").json["items"]) == 3


@pytest.fixture
def older_database(folder: Folder, origin: Origin) -> Path:
    """A database of the first schema, with a host on hold."""
    folder.feeds(origin, "/rss")
    file = folder.path / "data" / "wirekin.db"
    file.parent.mkdir()
    with closing(sqlite3.connect(file)) as conn:
        first = Migrations("wirekin")
        first(name="m001_first_schema")(lambda db: [db.execute(part) for part in _schema._TABLES.split(";\n")])
        first.apply(Database(conn, execute_plugins=False))
        for pragma in ("journal_mode = wal", f"application_id = {_schema.APPLICATION_ID}", "user_version = 1"):
            conn.execute(f"pragma {pragma}")
        conn.execute("insert into hosts values (?, 0, ?, null)", (urlsplit(origin.url("/")).hostname, 4 * 10**15))
        conn.commit()
    return file


def schema_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as conn:
        return conn.execute("pragma user_version").fetchone()[0]


@pytest.mark.parametrize(
    "words",
    [
        "stories",
        "feeds list",
        "related --title Iran",
        "export",
        "db check",
        "db migrate",
        "db prune",
        "story pin x",
        "refresh",
        "serve",
        "import rows.jsonl",
        "doctor",
    ],
)
def test_no_command_migrates_an_older_database_that_a_daemon_holds(
    folder: Folder, older_database: Path, words: str
) -> None:
    row = {"title": "Talks with Iran resume", "url": "https://a.example/talks"}
    (folder.path / "rows.jsonl").write_text(json.dumps(row), encoding="utf-8")

    with try_lock(lock_file(older_database)):
        ran = folder.run(*words.split())

    told = f"in use by the daemon of an older wirekin (schema 1, ours is {_schema.SCHEMA_VERSION}): restart the daemon"
    assert told in " ".join((ran.out + ran.err).split())
    assert ran.code == (0 if words == "doctor" else 1)
    assert schema_of(older_database) == 1


@pytest.mark.parametrize("words", ["stories", "refresh"])
def test_an_older_database_without_a_daemon_is_migrated(folder: Folder, older_database: Path, words: str) -> None:
    folder.run(words)

    assert schema_of(older_database) == _schema.SCHEMA_VERSION


@pytest.mark.parametrize("words", ["run", "daemon"])
def test_a_second_daemon_exits_75_and_does_not_migrate_an_older_database(
    folder: Folder, older_database: Path, words: str
) -> None:
    with try_lock(lock_file(older_database), note="pid 1"):
        ran = folder.run(words)

    assert (ran.code, "another daemon holds" in ran.err, "(pid 1)" in ran.err) == (75, True, True), ran.err
    assert schema_of(older_database) == 1


def test_holds_stats_and_backup_of_an_older_database_work_without_migrating_it(
    folder: Folder, older_database: Path, origin: Origin
) -> None:
    checked = folder.run("feeds", "check", origin.url("/rss"))
    counted = folder.run("db", "stats", "--json").json
    folder.run("db", "backup", "copy.db")

    assert (checked.code, "not to be asked before 2096-10-02" in checked.out, origin.requests) == (1, True, []), (
        checked.out
    )
    assert (counted["schema"], schema_of(folder.path / "copy.db"), schema_of(older_database)) == (1, 1, 1)


def test_pruning_without_a_configuration_requires_an_explicit_keep(polled: Folder) -> None:
    """Its owner may keep headlines for a year; the default of 90 days would delete them for good."""
    polled.config.rename(polled.path / "other.yml")
    named = ("--database", "data/wirekin.db")

    refused, pruned = (polled.run("db", "prune", *keep, *named) for keep in ((), ("--keep", "400d")))

    assert (refused.code, "say --keep" in refused.err) == (2, True)
    assert pruned.code == 0


def test_pruning_refuses_a_keep_of_less_than_a_day(polled: Folder) -> None:
    ran = polled.run("db", "prune", "--keep", "3m")

    assert ran.code == 2
    assert "--keep is at least 1d" in ran.err
    assert polled.run("db", "stats", "--json").json["headlines"] == 3


def test_doctor_warns_with_advice_exits_0_and_creates_no_database(folder: Folder) -> None:
    folder.write("feeds:\n  - url: https://example.org/rss\n")

    ran = folder.run("doctor", "--json")

    assert ran.code == 0
    findings = {finding["what"]: finding for finding in ran.json["findings"]}
    assert {"python", "starlette", "h11", "expat", "sqlite", "configuration", "database"} <= set(findings)
    assert all(finding["ok"] or finding["mend"] for finding in ran.json["findings"])
    assert not (folder.path / "data").exists()


def test_a_tilde_in_the_path_of_the_database_is_expanded_by_every_command(folder: Folder) -> None:
    folder.write("feeds: []\n")
    (folder.path / "news.db").write_text("no database at all")
    home = {"HOME": str(folder.path), "WIREKIN_DATABASE": "~/news.db"}

    asked = folder.run("doctor", "--json", **home).json["findings"]

    assert [found["found"] for found in asked if found["what"] == "database"] == ["unusable"]
    assert folder.run("paths", "--json", **home).json["database"] == str((folder.path / "news.db").resolve())


def test_doctor_reports_an_unusable_path_of_the_database_and_continues(folder: Folder) -> None:
    folder.write("feeds: []\n")

    ran = folder.run("doctor", "--json", "--database", f"{'x' * 300}.db")

    (database,) = [finding for finding in ran.json["findings"] if finding["what"] == "database"]
    assert (ran.code, database["found"]) == (0, "unusable")
    assert "File name too long" in database["mend"]


def test_a_backup_of_a_missing_database_replaces_nothing(folder: Folder) -> None:
    folder.write("feeds: []\n")
    (folder.path / "good.db").write_text("a backup of yesterday")

    ran = folder.run("db", "backup", "good.db", "--force")

    assert ran.code == 1
    assert "no such database" in ran.err
    assert (folder.path / "good.db").read_text() == "a backup of yesterday"
    assert not (folder.path / "data").exists()


def test_healthcheck_exits_1_with_one_sentence_when_another_server_answers(folder: Folder) -> None:
    folder.write("feeds: []\n")
    with socket.create_server(("127.0.0.1", 0)) as stranger:

        def greet() -> None:
            caller, _ = stranger.accept()
            with caller:
                caller.sendall(b"220 mail.example ESMTP\r\n")

        with ThreadPoolExecutor(1) as beside:
            beside.submit(greet)
            ran = folder.run("healthcheck", "--port", str(stranger.getsockname()[1]))

    assert (ran.code, "no wirekin answers" in ran.err, "Traceback" in ran.err) == (1, True, False)


def test_an_ipv6_address_stands_in_brackets_where_nobody_answers(folder: Folder) -> None:
    ran = folder.run("healthcheck", "--host", "::1", "--port", "1")

    assert "no wirekin answers at [::1]:1: " in ran.err


def test_healthcheck_needs_no_configuration(folder: Folder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    ran = folder.run("healthcheck", "--port", str(port))

    assert (ran.code, ran.err) == (1, f"no wirekin answers at 127.0.0.1:{port}: Connection refused\n")


def test_an_ipv6_host_may_be_written_in_brackets() -> None:
    assert places(Settings(), "[::1]", 0) == places(Settings(), "::1", 0) == [("::1", 0)]


def test_config_check_counts_the_publishers_of_their_own_key_and_of_feeds(folder: Folder) -> None:
    folder.write(
        "publishers: {A: [a.example], B: [b.example]}\n"
        "feeds:\n  - {url: https://a.example/rss, publisher: A}\n  - {url: https://c.example/rss, publisher: C}\n"
    )

    assert folder.run("config", "check", "--json").json["publishers"] == 3


def test_counts_of_one_are_printed_in_the_singular(folder: Folder, origin: Origin) -> None:
    origin.serve("/one", rss("One", "http://one.example", CUP))
    folder.feeds(origin, "/one")
    row = json.dumps({"title": "Ferry strike ends", "url": "http://ferry.example/1"})

    told = [
        folder.run("config", "check").err,
        folder.run("refresh").out,
        folder.run("import", "-", stdin=row).out,
        folder.run("story", "show", CUP[1]).out,
    ]

    assert "1 feed, 0 topics." in told[0]
    assert "1 new headline, 1 new story in" in told[1]
    assert "1 row read: 1 new headline, 1 new story, 0 matched no topic, 0 bad lines" in told[2]
    assert "1 headline, 1 publisher, 1 independent" in told[3]


def test_an_invalid_language_is_refused_by_every_command_that_takes_one(folder: Folder) -> None:
    assert folder.run("init").code == 0
    asked = [("headlines",), ("stories",), ("topics", "test", "Tehran")]

    for lang in ("!!", "english"):
        told = [folder.run(*words, "--lang", lang) for words in asked]
        assert [one.code for one in told] == [2, 2, 2]
        assert all("write its code, as fa or pt-BR" in one.err for one in told)


def test_an_unknown_host_to_listen_on_is_named_in_the_error(folder: Folder) -> None:
    assert folder.run("init").code == 0

    ran = folder.run("serve", "--host", "nobody.invalid", "--port", "0")

    assert (ran.code, "cannot listen on nobody.invalid:0" in ran.err, "--host names another" in ran.err) == (
        1,
        True,
        True,
    )
