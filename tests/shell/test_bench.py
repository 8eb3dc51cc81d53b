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
    assert all("whole process" in work or "memory" in work or "parse" in work or "related" in work for work in sought)


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
