"""The benchmark scripts run to their end; no test asserts what they measure."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


def run(script: str, *arguments: str, figures: Path, path: str = os.environ["PATH"]) -> str:
    environment = {**os.environ, "WIREKIN_FIGURES": str(figures), "PATH": path}
    command = [sys.executable, BENCH / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def cells_by_row(told: str) -> dict[str, list[str]]:
    """The cells of each row of a table, by its first cell."""
    rows = [line.strip("| ").split(" | ") for line in told.splitlines() if line.startswith("| ")]
    return {row[0]: row[1:] for row in rows}


@pytest.mark.slow
def test_the_polling_benchmark_measures_every_row_of_its_table(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"

    said = run("poll.py", "--quick", figures=figures)
    told = run("_table.py", figures=figures)

    works = {line.split(" | ")[0].removeprefix("| ") for line in said.splitlines() if line.startswith("| ")}
    assert {
        "work",
        "first poll",
        "all 304",
        "all 304, connections closed by the origin",
        "unchanged 200",
    } == works
    found = {row["name"] for row in map(json.loads, figures.read_text().splitlines())}
    sought = {line.split(" | ")[0].removeprefix("| ") for line in told.splitlines() if "| skipped" in line}
    assert "pages, titles right" in sought
    of_real = "first poll, naive, wirekin, shipped topics, real feeds"
    assert {name for name in found if name.startswith("first poll, naive")} - {of_real} == {
        "first poll, naive, wirekin, shipped topics",
        "first poll, naive, wirekin, everything kept",
    }
    assert of_real in found or "no corpus at" in said
    missing = {work for work in sought if re.match("first poll against naive|all 304|unchanged", work)}
    assert missing <= ({"unchanged 200 of real feeds; shipped topics"} if of_real not in found else set())


@pytest.mark.slow
def test_the_web_benchmark_measures_or_says_what_is_missing(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"

    said = run("web.py", "--quick", figures=figures)

    rows = {row["name"]: row for row in map(json.loads, figures.read_text().splitlines())}
    owed = (
        "web, cached related, share",
        "web, distinct related, p95 ms",
        "web, repeated question against datasette",
        "web, distinct question against datasette",
        "web, p99 beside half-open, ms",
    )
    for name in owed:  # wrk and datasette may be missing, and a quick run installs neither
        row = next(row for pattern, row in rows.items() if fnmatchcase(name, pattern))
        why_not = row["value"] is None and re.search("not installed|cannot be had", row["note"])
        assert why_not or row["value"] > 0
        assert not why_not or "Skipped" in said


def test_the_topics_benchmark_measures_every_row_of_its_table(tmp_path: Path) -> None:
    labelled, figures = tmp_path / "labelled.jsonl", tmp_path / "figures.jsonl"
    row = {"lang": "en", "title": "Tehran answers", "summary": "", "topics": ["iran"]}
    labelled.write_text(json.dumps(row) + "\n", encoding="utf-8")

    said = run("topics.py", "--quick", str(labelled), figures=figures)
    told = run("_table.py", figures=figures)

    assert "en iran            P 1.000 R 1.000 F1 1.000  n 1" in said
    for how in ("of words met before", "for the first time"):
        assert re.search(rf"topics, 5,000 terms, titles {how} \| [\d,]+/s \| 100,000/s \| 300,000/s", told)


@pytest.mark.parametrize(
    ("lang", "text", "named"),
    [
        ("en", "Iranian tanker seized", True),
        ("en", "Queues at Ben Gurion", False),
        ("en", "French court rules", True),
        ("ru", "В Иране открыли мост", True),
        ("ru", "Российский суд", True),
        ("ru", "Очереди в аэропорту", False),
        ("fa", "وزیر خارجهٔ ایران", True),
        ("ar", "وإيران ترد", True),
        ("he", "באיראן", True),
        ("he", "תורים בשדה התעופה", False),
    ],
)
def test_a_text_names_a_country_by_any_of_its_names_in_the_cldr(lang: str, text: str, named: bool) -> None:
    code = f"from _countries import names_a_country; print(names_a_country({text!r}, {lang!r}))"

    done = subprocess.run([sys.executable, "-c", code], cwd=BENCH, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(named)


@pytest.mark.slow
def test_the_process_benchmark_measures_wirekin_and_names_the_missing_peers(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"

    run("peers.py", "--quick", figures=figures, path="/nowhere")
    told = run("_table.py", figures=figures)

    ends = cells_by_row(told)
    assert ends["peak memory, PSS; shipped topics"][0].endswith(" MB")
    missing = "skipped: newsboat: newsboat is not installed, and a quick run fetches nothing"
    assert ends["first poll against newsboat, whole process; shipped topics"][-1] == missing


@pytest.mark.slow
def test_the_quality_benchmark_measures_the_given_data_with_every_installed_extra(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"
    headline = {"title": "Tehran answers a strike", "lang": "en", "topics": ["iran"], "story": "s"}
    rows = [{**headline, "id": str(n), "published_at": f"2026-11-2{n}T10:00:00+00:00"} for n in range(3)]
    pair = {"a": "Tehran answers", "b": "Iran answers", "lang1": "en", "lang2": "en"}
    (tmp_path / "told.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pairs = [{**pair, "y": same} for same in (1, 0)]
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in pairs), encoding="utf-8")

    said = run("quality.py", "--quick", "--stories", str(tmp_path), figures=figures)

    names = {row["name"] for row in map(json.loads, figures.read_text().splitlines())}
    assert f"{tmp_path.name}/told.jsonl: stories b-cubed f1" in names
    assert f"{tmp_path.name}/pairs.jsonl: pairs auc" in names
    for extra, measured in (("semantic", "told.jsonl"), ("multilingual", "pairs.jsonl")):
        assert any(name.startswith(f"{tmp_path.name}/{measured}, {extra}: ") for name in names) or extra in said


@pytest.mark.parametrize("script", ["generality.py", "group.py", "pages.py", "quality.py"])
def test_a_benchmark_without_labelled_data_says_so_and_exits_0(script: str, tmp_path: Path) -> None:
    given = [str(tmp_path / "nothing")] if script == "pages.py" else ["--stories", str(tmp_path / "nothing")]

    said = run(script, *given, "--quick", figures=tmp_path / "figures.jsonl")

    assert script == "generality.py" or f"at {tmp_path}" in said


@pytest.mark.slow
def test_the_grouping_benchmark_fills_a_window_and_regroups_it(tmp_path: Path) -> None:
    (tmp_path / "told.jsonl").write_text(
        "".join(
            json.dumps({"id": str(n), "title": f"A bridge number {n} opens", "lang": "en", "story": str(n)}) + "\n"
            for n in range(20)
        )
    )

    said = run("group.py", "--quick", "--stories", str(tmp_path), figures=tmp_path / "figures.jsonl")

    assert "headlines a CPU second with 2,000 in the window, by the 1,000" in said
    assert "regrouping: " in said


@pytest.mark.slow
@pytest.mark.parametrize("script", ["fetch.py", "parse.py", "store.py"])
def test_a_benchmark_of_one_part_runs_at_its_smallest_size(script: str, tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"

    run(script, "--quick", figures=figures)

    assert all(row["value"] is None or row["value"] > 0 for row in map(json.loads, figures.read_text().splitlines()))


# --- the runner of all scripts -------------------------------------------------------------------------------------


def runner_with(folder: Path, **scripts: str) -> Path:
    """A folder with the runner and its modules, and with `scripts` in place of the benchmarks."""
    for name in ("_all.py", "_table.py", "_machine.py", "_measure.py"):
        shutil.copy(BENCH / name, folder)
    for name, text in scripts.items():
        (folder / f"{name}.py").write_text(text)
    return folder / "_all.py"


def run_all(runner: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WIREKIN_FIGURES": str(runner.with_name("figures.jsonl"))}
    return subprocess.run(
        [sys.executable, runner, *arguments], capture_output=True, text=True, env=environment, timeout=300
    )


KEEPS = "from _measure import keep, options; print(options('').parse_args().size); keep('first poll, naive, {}', 9)"
SHIPPED, KEPT = "wirekin, shipped topics", "wirekin, everything kept"


def test_a_failing_benchmark_does_not_stop_the_others_and_its_rows_say_why(tmp_path: Path) -> None:
    runner = runner_with(
        tmp_path, poll=KEEPS.format(SHIPPED) + "; raise ValueError('no room')", web="1/0", zebra=KEEPS.format(KEPT)
    )

    done = run_all(runner, "--quick")

    ends = cells_by_row(done.stdout)
    assert done.returncode == 1
    assert ends["first poll against naive; shipped topics"] == ["9.0x", "8x", "13x", "yes"]  # measured before it failed
    assert ends["first poll against naive; everything kept"] == ["9.0x", "8x", "13x", "yes"]
    assert ends["all 304, CPU a feed; shipped topics"][-1] == "failed: ValueError: no room"
    assert ends["uncached distinct related, p95"][-1] == "failed: ZeroDivisionError: division by zero"
    assert ends["pages, titles right"][-1] == "skipped: pages.py was not run"
    assert "--- 2 of 3: web.py" in done.stderr
    assert re.search(r"--- web.py: \d+ s, \d+ s of CPU, FAILED: ZeroDivisionError", done.stderr)


def test_a_benchmark_that_does_not_end_is_killed_with_its_child_processes(tmp_path: Path) -> None:
    hangs = "import subprocess; child = subprocess.Popen(['sleep', '600']); print(child.pid, flush=True); child.wait()"
    runner = runner_with(tmp_path, poll=hangs)
    runner.write_text(runner.read_text().replace('"quick": 300', '"quick": 1'))

    done = run_all(runner, "--quick")

    assert done.returncode == 1
    assert cells_by_row(done.stdout)["all 304, CPU a feed; shipped topics"][-1] == "failed: longer than 1 s"
    state = Path(f"/proc/{done.stdout.split()[0]}/stat")
    assert not state.exists() or state.read_text().rsplit(")", 1)[1].split()[0] == "Z"


def test_the_runner_does_not_wait_for_the_child_processes_of_a_failed_benchmark(tmp_path: Path) -> None:
    leaves = "import os, subprocess; subprocess.Popen(['sleep', '60']); os.write(2, b'no \\xff room'); os._exit(3)"

    began = time.monotonic()
    done = run_all(runner_with(tmp_path, poll=leaves), "--quick")

    assert (
        cells_by_row(done.stdout)["all 304, CPU a feed; shipped topics"][-1]
        == "failed: no \N{REPLACEMENT CHARACTER} room"
    )
    assert time.monotonic() - began < 50


def test_with_json_stdout_is_the_table_with_a_description_of_the_machine_and_no_more(tmp_path: Path) -> None:
    done = run_all(runner_with(tmp_path, poll=KEEPS.format(SHIPPED), pages="1/0"), "--long", "--json", "--only", "poll")

    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert "long\n" in done.stderr
    assert {"date", "commit", "processor", "load", "size", "took", "machine, loop", "machine, lxml"} <= set(
        told["machine"]
    )
    row = next(row for row in told["rows"] if row["work"] == "first poll against naive; shipped topics")
    assert (row["value"], row["met"], row["script"]) == (9, "yes", "poll.py")
    assert re.fullmatch(r"[\d.]+ when it began, [\d.]+ when it ended", told["machine"]["load"])
    assert re.fullmatch(r"[\d.]+ minutes, [\d.]+ of CPU", told["machine"]["took"])


def test_an_unknown_name_of_a_benchmark_is_refused(tmp_path: Path) -> None:
    done = run_all(runner_with(tmp_path), "--only", "pool")

    assert done.returncode == 2
    assert "no script is called pool" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("script", sorted(path.name for path in BENCH.glob("[!_]*.py")))
def test_every_script_takes_either_quick_or_long(script: str) -> None:
    done = subprocess.run([sys.executable, BENCH / script, "--quick", "--long"], capture_output=True, text=True)

    assert "argument --long: not allowed with argument --quick" in done.stderr


@pytest.mark.slow
def test_the_web_benchmark_uses_the_database_that_the_store_benchmark_filled(tmp_path: Path) -> None:
    environment = {**os.environ, "WIREKIN_BENCH_FOLDER": str(tmp_path)}
    fill = "import sys, web; web.fill(sys.argv[1], 2_000)"

    subprocess.run([sys.executable, BENCH / "store.py", "2000"], env=environment, check=True, capture_output=True)
    subprocess.run([sys.executable, "-c", fill, tmp_path / "web.db"], env=environment, cwd=BENCH, check=True)

    assert (tmp_path / "web.db").read_bytes() == (tmp_path / "store-2000.db").read_bytes()


def test_the_table_says_which_figures_reach_their_targets(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"
    rows = {
        "web, cached related, share": 71.0,
        "parse, blog": 7.9,
        "parse, made up": 8.0,
        "all 304, ms, wirekin, shipped topics": 0.5,
    }
    kept = [{"name": name, "value": value, "note": ""} for name, value in rows.items()]
    kept.append({"name": "parse, news", "value": 21.0, "least": 20.5, "most": 21.5, "note": ""})
    kept.append({"name": "*, semantic: *", "value": None, "note": "semantic is not installed"})
    figures.write_text("".join(json.dumps(row) + "\n" for row in kept))

    told = run("_table.py", figures=figures)

    ends = cells_by_row(told)
    assert ends["parse with fallback against feedparser; news feeds, every value made"] == [
        "21.0x (20.5-21.5)",
        "8x",
        "20x",
        "yes, the aim too",
    ]
    assert ends["parse with fallback against feedparser; made up feeds, every value made"] == [
        "8.0x",
        "8x",
        "20x",
        "yes",
    ]
    assert ends["parse with fallback against feedparser; blog feeds, every value made"] == ["7.9x", "8x", "20x", "NO"]
    assert ends["all 304, CPU a feed; shipped topics"] == ["0.50 ms", "0.4 ms", "0.4 ms", "NO"]
    assert ends["cached related against a bare app, same bytes"] == ["71%", "70%", "90%", "yes"]
    assert ends["peak memory, PSS; everything kept"] == ["-", "90 MB", "60 MB", "skipped: peers.py was not run"]
    assert ends["uci, related P@5, semantic"] == ["-", "0.79", "0.82", "skipped: semantic is not installed"]
    assert ends["uci, related P@5"][-1] == "skipped: quality.py was not run"
    assert ends["related at 1,000,000 headlines, p95"][-1] == "skipped: make bench ARGS=--long"
    assert ends["10,000 faults"][-1] == "skipped: make proof, tests/shell/test_faults_proof.py"
