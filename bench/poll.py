"""CPU per feed of polling, wirekin beside what anyone would write first: same bytes, same concurrency, same origin.

    python bench/poll.py [--feeds 1000] [--runs N] [--corpus] [--quick | --long]

1,000 feeds, each on a loopback host of its own, 64 exchanges at once. The documents are made up after the averages of
real news feeds (bench/_documents.py); then, where it is at hand, they are the news and blog feeds of ../shared/corpus
in turn, for wirekin as shipped and the naive poller; with --corpus these alone, for all. The figures are
user + system CPU of the poller and its descendants, imports left out: the median of the runs, taken in turn, with the
least and the most. --long gives three runs to all; otherwise wirekin as shipped has two, and every other poller one.
wirekin, in two configurations with the three shipped topics (headlines that match none dropped, as shipped; everything
kept), also canonicalises, matches, groups into stories, and indexes what it keeps for search. Grouping is shown apart,
of everything kept with --long only. bench/_pollers.py has the pollers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import _documents
import _origin
from _measure import Spread, keep, options, spread, table
from _pollers import CLOSED, FIRST, GROUPING, SAME, UNCHANGED

DEFAULT, KEEP_ALL, NAIVE, STOCK = "wirekin, shipped topics", "wirekin, everything kept", "naive", "stock httpx"
POLLERS = {DEFAULT: ["ours"], KEEP_ALL: ["ours", "--keep-all"], NAIVE: ["naive"], STOCK: ["stock"]}
ROWS = (
    (FIRST, NAIVE),
    (SAME, NAIVE),
    (SAME, STOCK),
    (CLOSED, NAIVE),
    (CLOSED, STOCK),
    (UNCHANGED, NAIVE),
)
RUNS = {  # of each poller
    "quick": dict.fromkeys(POLLERS, 1),
    "usual": {DEFAULT: 2, KEEP_ALL: 1, NAIVE: 1, STOCK: 1},
    "long": dict.fromkeys(POLLERS, 3),
}
REPOLLS = {"quick": 1, "usual": 2, "long": 3}
Runs = dict[str, list[dict[str, float]]]  # of each poller: what each step of each run took


def measured(arguments: list[str], port: int, feeds: int) -> dict[str, float]:
    """One run of one poller in a process of its own: milliseconds of CPU a feed."""
    with tempfile.TemporaryDirectory() as folder:
        script = str(Path(__file__).with_name("_pollers.py"))
        command = [sys.executable, script, *arguments, "--port", str(port), "--feeds", str(feeds), "--folder", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        return {name: seconds / feeds * 1000 for name, seconds in json.loads(done.stdout).items()}


def runs_of(port: int, feeds: int, times: Mapping[str, int], size: str) -> Runs:
    """Run the pollers in turn, each as often as `times` says; headlines are grouped in the first run only."""
    runs: Runs = {name: [] for name in POLLERS if times[name]}
    for run in range(max(times.values())):
        for name in (one for one in runs if run < times[one]):
            more = ["--repolls", str(REPOLLS[size])]
            if run == 0 and (name == DEFAULT or size != "usual"):
                more.append("--grouped")
            runs[name].append(measured([*POLLERS[name], *more], port, feeds))
    return runs


def show(runs: Runs, suffix: str) -> None:
    """Print the table, and record its ratios for `make bench` under names that end with the suffix."""

    def of(poller: str, step: str) -> Spread:
        return spread(run[step] for run in runs[poller])

    rows = []
    configurations = [mine for mine in (DEFAULT, KEEP_ALL) if mine in runs]
    for step, peer in (row for row in ROWS if row[1] in runs):
        for mine in configurations:
            ratio = of(peer, step).times(of(mine, step))
            rows.append((step, mine, of(mine, step), peer, of(peer, step), f"{ratio.median:.2f}"))
            keep(f"{step}, {peer}, {mine}{suffix}", ratio)
            keep(f"{step}, ms, {mine}{suffix}", of(mine, step))
    table(("work", "of", "CPU ms a feed (least-most)", "peer", "CPU ms a feed (least-most)", "peer / wirekin"), rows)
    for mine in configurations:
        if GROUPING in runs[mine][0]:
            print(f"{mine}: grouping, which no peer does, {runs[mine][0][GROUPING]:.2f} ms a feed, one run")


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--feeds", type=int, help="1000, or 60 with --quick")
    parser.add_argument("--runs", type=int, help="of every poller")
    parser.add_argument("--corpus", action="store_true", help="the news and blog feeds of ../shared/corpus, in turn")
    given = parser.parse_args()
    feeds = given.feeds or (60 if given.size == "quick" else 1_000)
    times = dict.fromkeys(POLLERS, given.runs) if given.runs else RUNS[given.size]
    few = {**dict.fromkeys(POLLERS, 0), DEFAULT: times[DEFAULT], NAIVE: times[NAIVE]}
    for real in _documents.kinds(corpus=given.corpus):
        poll(feeds, few if real and not given.corpus else times, given.size, real=real)


def poll(feeds: int, times: Mapping[str, int], size: str, *, real: bool) -> None:
    """Measure all pollers on feeds of one kind, and print the table."""
    with _origin.running(feeds, real=real) as (port, octets):
        kind = "real" if real else "made up"
        turns = ", ".join(f"{name} {count}" for name, count in times.items() if count)
        print(f"{feeds} feeds ({kind}, {octets / feeds / 1000:.1f} kB each), runs in turn: {turns}\n", flush=True)
        show(runs_of(port, feeds, times, size), _documents.OF_REAL if real else "")


if __name__ == "__main__":
    main()
