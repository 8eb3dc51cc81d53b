"""Run every script of bench/, one after the other, then print the figures to reach beside those measured.

    python bench/_all.py [--quick | --long] [--only NAME ...] [--json]

Takes 18 minutes of CPU on a slow machine (2026-11-30; the loop of bench/_machine.py takes 54 ms there), 13 without the
polls of real feeds. Nearly all of it is one process at a time: an estimated twenty minutes by the clock if nothing else
runs. --long has more runs, a store of 1,000,000 headlines, slow peers in full, and the scripts of LONG_ONLY: an
estimated hour or two. What a script prints goes to stdout, with --json to stderr like the progress. A script that
fails, or runs for longer than LIMIT, does not stop the others: its rows say so, and the exit code is 1. The figures
stay in .venv/figures.jsonl, from which bench/_table.py prints the table again.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import _machine
import _table
from _measure import FIGURES, FOLDER, Spread, keep, note, options

HERE = Path(__file__).parent
LONG_ONLY = ("directions", "generality")  # none of their figures is in the table
LIMIT = {"quick": 300, "usual": 1_800, "long": 7_200}  # seconds by the clock for one script


@dataclass(frozen=True)
class Ended:
    """How one script ended: `why` is empty where it ended well."""

    script: str
    why: str
    took: float  # seconds
    cpu: float  # seconds, of the script and all children that it waited for


def scripts(size: str, only: list[str]) -> list[Path]:
    """The scripts to run, sorted by name: store comes before web, which takes the database that it leaves."""
    found = [path for path in sorted(HERE.glob("[!_]*.py")) if not only or path.stem in only]
    return [path for path in found if size == "long" or only or path.stem not in LONG_ONLY]


def run(path: Path, size: str, *, to_stderr: bool) -> Ended:
    """Run one script to its end, in a session of its own, so that all of its processes can be killed."""
    command = [sys.executable, "-u", str(path), *([] if size == "usual" else [f"--{size}"])]
    began, used = time.perf_counter(), cpu_of_children()
    out = sys.stderr if to_stderr else None
    child = subprocess.Popen(
        command, stdout=out, stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True
    )
    late = False
    said = [""]
    reader = threading.Thread(target=pass_on, args=(child, said))
    reader.start()
    try:
        child.wait(LIMIT[size])
    except subprocess.TimeoutExpired:
        late = True
    finally:
        with contextlib.suppress(ProcessLookupError):  # also what it left running, which may hold its stderr open
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        reader.join()
    why = f"longer than {LIMIT[size]:,} s" if late else said[0] or f"exit code {child.returncode}"
    why = why if child.returncode else ""
    return Ended(path.name, why, time.perf_counter() - began, cpu_of_children() - used)


def pass_on(child: subprocess.Popen[str], said: list[str]) -> None:
    """Pass its stderr on, and remember the last line."""
    for line in child.stderr or ():
        sys.stderr.write(line)
        said[0] = line.strip() or said[0]


def cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def measured(chosen: list[Path], size: str, *, to_stderr: bool) -> list[Ended]:
    """Run the chosen scripts; the machine's speed is measured before and after."""
    about = {**_machine.about(), "size": size}
    note("about", about)
    loops, speeds = [_machine.loop()], [_machine.lxml_speed()]
    ended: list[Ended] = []
    for place, path in enumerate(chosen, 1):
        say(f"--- {place} of {len(chosen)}: {path.name}")
        ended.append(one := run(path, size, to_stderr=to_stderr))
        note("ended", asdict(one))
        say(f"--- {path.name}: {one.took:.0f} s, {one.cpu:.0f} s of CPU{one.why and ', FAILED: ' + one.why}")
    loops.append(_machine.loop())
    speeds.append(_machine.lxml_speed())
    note("about", {**about, "load": f"{about['load']}, {os.getloadavg()[0]:.1f} when it ended"})
    keep("machine, loop ms", Spread(min(loops), min(loops), max(loops)))
    keep("machine, lxml MB/s", Spread(max(speeds), min(speeds), max(speeds)))
    return ended


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="some scripts, as poll or web")
    parser.add_argument("--json", action="store_true", help="the table as JSON, which is then all of stdout")
    given = parser.parse_args()
    if not (chosen := scripts(given.size, given.only)):
        parser.error(f"no script is called {' or '.join(given.only)}")
    figures = Path(os.environ.setdefault(FIGURES, str(_table.KEPT)))
    figures.parent.mkdir(parents=True, exist_ok=True)
    figures.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="wirekin-bench-") as folder:
        os.environ[FOLDER] = folder
        ended = measured(chosen, given.size, to_stderr=given.json)
    took, cpu = sum(one.took for one in ended), sum(one.cpu for one in ended)
    say(f"--- all: {took / 60:.1f} min, {cpu / 60:.1f} min of CPU")
    _table.show(figures, as_json=given.json)
    return int(any(one.why for one in ended))


if __name__ == "__main__":
    sys.exit(main())
