"""CPU per feed of polling, wirekin beside what anyone would write first: same bytes, same concurrency, same origin.

    python bench/poll.py [--feeds 1000] [--runs 3] [--corpus] [--quick]

1,000 feeds, each on a loopback host of its own, 64 exchanges at once. The documents are made up after the averages of
real news feeds (bench/_documents.py), or with --corpus are the real ones of ../shared/corpus, in turn. The figures are
user + system CPU of the poller and its descendants, imports left out: the median of the runs, taken in turn, with the
least and the most. bench/_pollers.py has the pollers. wirekin, in two configurations with the three shipped topics
(headlines that match none dropped, as shipped; everything kept), also canonicalises, matches, and groups into stories;
what it keeps it indexes for search. Grouping is shown apart.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import _documents
import _origin
from _measure import Spread, keep, spread, table
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
Run = dict[str, dict[str, float]]


def measured(arguments: list[str], port: int, feeds: int) -> dict[str, float]:
    """One run of one poller in a process of its own: milliseconds of CPU a feed."""
    with tempfile.TemporaryDirectory() as folder:
        script = str(Path(__file__).with_name("_pollers.py"))
        command = [sys.executable, script, *arguments, "--port", str(port), "--feeds", str(feeds), "--folder", folder]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        return {name: seconds / feeds * 1000 for name, seconds in json.loads(done.stdout).items()}


def runs_of(port: int, feeds: int, times: int, repolls: int) -> list[Run]:
    """All pollers in turn, so many times; what came is grouped in the first run only."""
    runs = []
    for run in range(times):
        more = ["--repolls", str(repolls), *([] if run else ["--grouped"])]
        runs.append({name: measured([*role, *more], port, feeds) for name, role in POLLERS.items()})
    return runs


def show(runs: list[Run]) -> None:
    """The table, and its ratios for the one at the end of `make bench`."""

    def of(poller: str, step: str) -> Spread:
        return spread(run[poller][step] for run in runs)

    rows = []
    for step, peer in ROWS:
        for mine in (DEFAULT, KEEP_ALL):
            ratio = of(peer, step).median / max(of(mine, step).median, 1e-9)
            rows.append((step, mine, of(mine, step), peer, of(peer, step), f"{ratio:.2f}"))
            keep(f"{step}, {peer}, {mine}", ratio)
            keep(f"{step}, ms, {mine}", of(mine, step).median)
    table(("work", "of", "CPU ms a feed (least-most)", "peer", "CPU ms a feed (least-most)", "peer / wirekin"), rows)
    for mine in (DEFAULT, KEEP_ALL):
        print(f"{mine}: grouping into stories, which no peer does, {runs[0][mine][GROUPING]:.2f} ms a feed, one run")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--corpus", action="store_true", help="the news and blog feeds of ../shared/corpus, in turn")
    options.add_argument("--quick", action="store_true", help="60 feeds, once: shows that it runs, and is no figure")
    given = options.parse_args()
    if given.corpus and not _documents.CORPUS.is_dir():
        sys.exit(f"no corpus at {_documents.CORPUS}")
    feeds, runs, repolls = (60, 1, 1) if given.quick else (given.feeds, given.runs, 3)
    with _origin.running(feeds, real=given.corpus) as (port, size):
        kind = "real" if given.corpus else "made up"
        told = f"{feeds} feeds ({kind}, {size / feeds / 1000:.1f} kB each), {runs} run(s) in turn"
        print(f"{told}\n", flush=True)
        keep("poll", None, told)
        show(runs_of(port, feeds, runs, repolls))


if __name__ == "__main__":
    main()
