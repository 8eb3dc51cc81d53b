"""`python -m faults`, which serves the faults to any poller."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import faults
from commands import Folder
from faults import CATALOGUE

TESTS = Path(faults.__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{TESTS.parent / 'src'}:{TESTS}"}


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "faults", *words]


@contextmanager
def serving(*words: str) -> Iterator[list[str]]:
    """Run the command while the block lasts; yields the lines that it printed until it served."""
    started = subprocess.Popen(command("serve", *words), stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    with started:
        assert started.stdout is not None
        said = []
        while "Ctrl-C ends it" not in (line := started.stdout.readline()):
            assert line, "it ended"
            said.append(line.rstrip())
        try:
            yield said
        finally:
            started.terminate()


def test_every_fault_is_listed_with_its_ground_truth() -> None:
    listed = subprocess.run(command("--list"), capture_output=True, text=True, env=ENVIRONMENT, check=True).stdout

    assert all(f"  {fault.name} " in listed and fault.wrong in listed for fault in CATALOGUE.values())
    assert listed.count(" -> ") == len(CATALOGUE)
    assert len(CATALOGUE) >= 60  # requirement G1


def test_a_poller_of_the_served_faults_gets_the_outcomes_that_the_table_lists(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with serving("--faults", "gone,gzip_bomb", "--feeds", "2", "--write", str(folder.config)) as said:
        report = folder.run("refresh", "--json").json

    assert [line.split()[1] for line in said if line.startswith("http")] == ["gone", "gzip_bomb", "healthy", "healthy"]
    assert any(line.strip() == f"-> {CATALOGUE['gone'].truth}" for line in said)
    assert {failure["feed"]: failure["reason"] for failure in report["failures"]} == {
        "0 gone": "gone", "1 gzip_bomb": "too_large",
    }  # fmt: skip
    assert (report["polled"], report["headlines_new"]) == (4, 2 * faults.ITEMS)


@pytest.mark.parametrize("words", [["serve", "--host", "0.0.0.0"], ["serve", "--faults", "no_such"]])
def test_a_public_host_and_an_unknown_fault_are_refused(words: list[str]) -> None:
    ran = subprocess.run(command(*words), capture_output=True, text=True, env=ENVIRONMENT)

    assert ran.returncode == 2
    assert "0.0.0.0 is not in 127.0.0.0/8" in ran.stderr or "no fault is called no_such" in ran.stderr
