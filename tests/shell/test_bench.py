"""The scripts that measure run to their end; what they measure no test asserts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"


def run(script: str, *arguments: str, figures: Path) -> str:
    environment = {**os.environ, "WIREKIN_FIGURES": str(figures)}
    command = [sys.executable, BENCH / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_the_bench_of_polling_measures_every_row_and_its_table_finds_them(tmp_path: Path) -> None:
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
    sought = {line.split(" | ")[0] for line in told.splitlines() if "no figure" in line}
    assert {name for name in found if name.startswith("first poll, naive")} == {
        "first poll, naive, wirekin, shipped topics",
        "first poll, naive, wirekin, everything kept",
    }
    assert {work for work in sought if re.match("first poll against naive|all 304|unchanged", work)} == set()


@pytest.mark.slow
def test_the_bench_of_the_web_measures_or_says_why_not(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"

    said = run("web.py", "--quick", figures=figures)

    rows = {row["name"]: row for row in map(json.loads, figures.read_text().splitlines())}
    assert {*rows} == {
        "web, cached related, share",
        "web, distinct related, p95 ms",
        "web, repeated question against datasette",
        "web, distinct question against datasette",
        "web, p99 beside half-open, ms",
    }
    assert "Skipped" in said or all(row["value"] > 0 for row in rows.values())
    assert all(
        row["value"] is not None or re.search("not installed|cannot be had", row["note"]) for row in rows.values()
    )


def test_the_bench_of_topics_measures_the_terms_that_are_due_and_its_table_finds_them(tmp_path: Path) -> None:
    labelled, figures = tmp_path / "labelled.jsonl", tmp_path / "figures.jsonl"
    row = {"lang": "en", "title": "Tehran answers", "summary": "", "topics": ["iran"]}
    labelled.write_text(json.dumps(row) + "\n", encoding="utf-8")

    said = run("topics.py", str(labelled), figures=figures)
    told = run("_table.py", figures=figures)

    assert "en iran            P 1.000 R 1.000 F1 1.000  n 1" in said
    assert re.search(r"topics, 5,000 terms, titles \| [\d,]+/s \| 100,000/s \| 300,000/s", told)


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
def test_a_text_names_a_country_by_the_names_of_the_cldr(lang: str, text: str, named: bool) -> None:
    code = f"from _countries import names_a_country; print(names_a_country({text!r}, {lang!r}))"

    done = subprocess.run([sys.executable, "-c", code], cwd=BENCH, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(named)


def test_the_table_says_which_figures_are_reached(tmp_path: Path) -> None:
    figures = tmp_path / "figures.jsonl"
    rows = {
        "web, cached related, share": 71.0,
        "parse, news": 21.0,
        "parse, blog": 7.9,
        "parse, made up": 8.0,
        "all 304, ms, wirekin, shipped topics": 0.5,
    }
    figures.write_text("".join(json.dumps({"name": n, "value": v, "note": ""}) + "\n" for n, v in rows.items()))

    told = run("_table.py", figures=figures).splitlines()

    ends = {line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1:] for line in told}
    assert ends["parse with fallback against feedparser; news feeds, every value made"] == [
        "21.0x",
        "8x",
        "20x",
        "yes, the aim too |",
    ]
    assert ends["parse with fallback against feedparser; made up feeds, every value made"] == [
        "8.0x",
        "8x",
        "20x",
        "yes |",
    ]
    assert ends["parse with fallback against feedparser; blog feeds, every value made"] == ["7.9x", "8x", "20x", "NO |"]
    assert ends["all 304, CPU a feed; shipped topics"] == ["0.50 ms", "0.4 ms", "0.4 ms", "NO |"]
    assert ends["cached related against a bare app, same bytes"] == ["71%", "70%", "90%", "yes |"]
    assert ends["peak memory, PSS; everything kept"] == ["no figure", "90 MB", "60 MB", "- |"]
