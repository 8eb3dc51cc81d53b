"""What a process tree costs, seen from outside: CPU seconds, of dead processes too, and peak memory.

python bench/_measure.py COMMAND...     runs it to its end, and prints what the whole of it cost as JSON
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36  # of <linux/prctl.h>: orphans of the command become ours, so that none escapes the count
SAMPLE_SECONDS = 0.03
FIGURES = "WIREKIN_FIGURES"  # environment variable: the file in which `make bench` gathers the figures of its table
FOLDER = "WIREKIN_BENCH_FOLDER"  # environment variable: where a script leaves what a later one can use again


@dataclass(frozen=True)
class Whole:
    """What one command cost from its start to the end of its last descendant."""

    cpu: float  # seconds, user and system
    took: float  # seconds
    pss: float  # MB at the peak: each page divided by the number of processes that have it
    rss: float  # MB at the peak: pages that processes share are counted in each


def _processes() -> dict[int, tuple[int, int]]:
    """(parent, clock ticks used by it and its dead children) of every process."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        found[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return found


def _tree(top: int, processes: Mapping[int, tuple[int, int]]) -> set[int]:
    mine = {top}
    while more := {pid for pid, (parent, _) in processes.items() if parent in mine} - mine:
        mine |= more
    return mine


def tree_cpu() -> float:
    """User and system seconds of this process and all its descendants, the dead ones included."""
    processes = _processes()
    return sum(processes[pid][1] for pid in _tree(os.getpid(), processes)) / os.sysconf("SC_CLK_TCK")


def tree_memory(top: int) -> tuple[float, float]:
    """MB of the descendants of `top`, itself left out: (PSS, RSS)."""
    pss = rss = 0
    for pid in _tree(top, _processes()) - {top}:
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        sizes = dict(line.split(":", 1) for line in rollup.splitlines()[1:])
        pss += int(sizes.get("Pss", "0 kB").split()[0])
        rss += int(sizes.get("Rss", "0 kB").split()[0])
    return pss / 1000, rss / 1000


def whole(command: Sequence[str | Path]) -> Whole:
    """Run a command under a process of its own that counts everything below it; what it prints is thrown away.

    Raises: CalledProcessError where the command fails.
    """
    counted = [sys.executable, __file__, *map(str, command)]
    done = subprocess.run(counted, stdout=subprocess.PIPE, check=True)
    return Whole(**json.loads(done.stdout))


def _count(command: Sequence[str]) -> int:
    """Run the command, wait for all its descendants, print the figures; returns the command's exit code."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    peak = [0.0, 0.0]
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            peak[:] = map(max, peak, tree_memory(os.getpid()))

    started = time.perf_counter()
    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        code = child.wait()
    _wait_for_orphans()
    took = time.perf_counter() - started
    ended.set()
    sampler.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps(asdict(Whole(used.ru_utime + used.ru_stime, took, *peak))))
    return code


def _wait_for_orphans() -> None:
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return


# --- figures -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spread:
    """The median of some runs, and the least and the most of them."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.least:.2f}-{self.most:.2f})"

    def times(self, other: Spread) -> Spread:
        """How many times as much as the other: by the medians, and the least and the most of any two runs."""
        low, middle, high = (max(one, 1e-9) for one in (other.least, other.median, other.most))
        return Spread(self.median / middle, self.least / high, self.most / low)


def spread(values: Iterable[float]) -> Spread:
    """The spread of one figure over the runs."""
    values = list(values)
    return Spread(statistics.median(values), min(values), max(values))


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table in Markdown."""
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(map(str, row))} |")


def keep(name: str, value: float | Spread, note: str = "") -> None:
    """Record a figure for the table at the end of `make bench`; does nothing in a script run by itself."""
    if isinstance(value, Spread):
        _gather(name=name, value=value.median, least=value.least, most=value.most, note=note)
    else:
        _gather(name=name, value=value, note=note)


def skip(names: str, reason: str) -> None:
    """Say why figures are not measured, now and in the table at the end; `names` is a shell pattern."""
    print(f"Skipped: {reason}", flush=True)
    _gather(name=names, value=None, note=reason)


def note(what: str, facts: Mapping[str, Any]) -> None:
    """Record something other than a figure."""
    _gather(**{what: facts})


def _gather(**row: Any) -> None:
    if gathered := os.environ.get(FIGURES):
        with Path(gathered).open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def options(doc: str | None) -> argparse.ArgumentParser:
    """A script's options: `size` is "quick", "usual" or "long", in every script by the same two switches."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument(
        "--long", dest="size", action="store_const", const="long", help="more runs, larger sets, slow peers in full"
    )
    sizes.add_argument(
        "--quick", dest="size", action="store_const", const="quick", help="shows that it runs, and is no figure"
    )
    parser.set_defaults(size="usual")
    return parser


def apt(command: str, package: str, *, fetch: bool) -> str:
    """Make sure that a command is there, by apt-get if need be; returns why it cannot be had, "" where it can."""
    if shutil.which(command):
        return ""
    if not fetch:
        return f"{command} is not installed, and a quick run fetches nothing"
    try:
        done = subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", package],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},  # nobody would see its questions
        )
    except OSError as error:
        return f"{command} is not installed, and there is no apt-get: {error}"
    if done.returncode or shutil.which(command) is None:
        return f"apt-get install {package}: {' '.join(done.stderr.split())[-200:]}"
    return ""


if __name__ == "__main__":
    sys.exit(_count(sys.argv[1:]))
