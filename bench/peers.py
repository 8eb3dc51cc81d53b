"""Whole processes against whole processes: what a poll of 1,000 feeds costs from the start of a command to its end.

    python bench/peers.py [--feeds 1000] [--runs N] [--corpus] [--quick | --long]

`wirekin refresh` beside `newsboat -x reload` (installed by apt), lemon24's reader (by pip, in a venv of its own) and
the naive poller of bench/_pollers.py, all unmodified and with 64 exchanges at once, on the same bytes of the same
origin: feeds made up, then, where they are at hand, the news and blog feeds of ../shared/corpus in turn, for wirekin as
shipped and two peers once each; with --corpus these alone, for all. A peer that cannot be had is skipped, with the
reason. CPU is user + system of everything that the command started, its imports too; the median of the runs, taken in
turn, with the least and the most. --long gives three runs to all (one where everything is kept, which takes a minute to
group), and polls once more for the 304s; otherwise the slowest peer runs once, and the naive one, which bench/poll.py
has, not at all. Memory is the peak of the process tree, sampled from outside every 0.03 s: PSS counts a shared page
once, RSS in every process that has it.
"""

from __future__ import annotations

import compileall
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import _documents
import _origin
from _measure import Spread, Whole, apt, keep, options, skip, spread, table, whole
from _pollers import AT_ONCE, FIRST, SAME, feeds_yml

HERE = Path(__file__).parent
PACKAGES = ("reader", "sgmllib3k")  # reader 3.26 bundles a feedparser that imports sgmllib, but does not require it
READER_VENV = HERE.parent / ".venv" / "peers" / "reader"
DEFAULT, KEEP_ALL = "wirekin, shipped topics", "wirekin, everything kept"
RUNS = {  # of each
    "quick": {DEFAULT: 1, KEEP_ALL: 1, "naive": 1, "newsboat": 1, "reader": 1},
    "usual": {DEFAULT: 3, KEEP_ALL: 1, "naive": 0, "newsboat": 2, "reader": 1},
    "long": {DEFAULT: 3, KEEP_ALL: 1, "naive": 3, "newsboat": 3, "reader": 3},
}
NEWSBOAT_CONFIG = f"""\
reload-threads {AT_ONCE}
refresh-on-startup no
auto-reload no
max-items 0
cleanup-on-quit no
"""
WHAT_THEY_DO = """\
newsboat and reader store the full content of every entry, which wirekin does not: it keeps title, summary, link and
picture. wirekin does what they do not: it resolves and canonicalises links, matches three topics of 22,700 terms,
drops what matches none or keeps all of it, splits words and indexes them, groups headlines into stories, and lets
documents be parsed by processes that may die. The naive poller keeps six fields of an entry, and does none of this."""


class Missing(Exception):
    """A peer that cannot be measured here, and why."""


@dataclass(frozen=True)
class Peer:
    """Something that polls: its version, how a folder is made ready for it, how it is run, and what it then has."""

    name: str
    version: str
    prepare: Callable[[Path, Sequence[str]], None]
    commands: Callable[[Path], tuple[list[str], list[str]]]  # of the first poll, and of a later one
    entries: Callable[[Path], int]
    turns_before_304: int = 0  # unmeasured turns in which it does not yet send the validators that it was given


def rows_in(database: Path, name: str) -> int:
    """How many rows a table has."""
    with sqlite3.connect(database) as connection:
        return int(connection.execute(f"select count(*) from {name}").fetchone()[0])  # noqa: S608 - names of this file


def wirekin(name: str, *, keep_all: bool, port: int) -> Peer:
    """The command as installed, with the shipped configuration and the origin's feeds."""
    # As pip does for the peers; where PYTHONDONTWRITEBYTECODE is set each start would compile us anew, 0.15 s.
    compileall.compile_dir(HERE.parent / "src" / "wirekin", quiet=2)
    command = Path(sys.executable).with_name("wirekin")
    version = subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout.strip()

    def prepare(folder: Path, urls: Sequence[str]) -> None:
        text = feeds_yml(port, len(urls), keep_all=keep_all)
        (folder / "feeds.yml").write_text(text, encoding="utf-8")

    def commands(folder: Path) -> tuple[list[str], list[str]]:
        refresh = [str(command), "--config", str(folder / "feeds.yml"), "-q", "refresh", "--strict"]
        return refresh, [*refresh, "--force"]

    def entries(folder: Path) -> int:
        return rows_in(folder / "data" / "wirekin.db", "headlines")

    return Peer(name, version, prepare, commands, entries)


def naive(port: int) -> Peer:
    """The poller of bench/_pollers.py, as a program of its own."""

    def commands(folder: Path) -> tuple[list[str], list[str]]:
        turn = [sys.executable, str(HERE / "_pollers.py"), "naive", "--whole", "--folder", str(folder)]
        turn += ["--port", str(port), "--feeds", (folder / "feeds").read_text()]
        return turn, turn

    def prepare(folder: Path, urls: Sequence[str]) -> None:
        (folder / "feeds").write_text(str(len(urls)))

    version = "httpx, feedparser, sqlite-utils as pinned here"
    return Peer("naive", version, prepare, commands, lambda folder: rows_in(folder / "naive.db", "entries"))


def newsboat(*, fetch: bool) -> Peer:
    """Newsboat, from the distribution. Raises: Missing where apt-get cannot install it."""
    if reason := apt("newsboat", "newsboat", fetch=fetch):
        raise Missing(reason)
    said = subprocess.run(["newsboat", "-v"], capture_output=True, text=True, check=False).stdout
    version = said.splitlines()[0].split(" - ")[0] if said else "newsboat of an unknown version"

    def prepare(folder: Path, urls: Sequence[str]) -> None:
        (folder / "config").write_text(NEWSBOAT_CONFIG)
        (folder / "urls").write_text("\n".join(urls) + "\n")

    def commands(folder: Path) -> tuple[list[str], list[str]]:
        files = ["-C", str(folder / "config"), "-u", str(folder / "urls"), "-c", str(folder / "cache.db")]
        return ["newsboat", *files, "-x", "reload"], ["newsboat", *files, "-x", "reload"]

    def entries(folder: Path) -> int:
        return rows_in(folder / "cache.db", "rss_item")

    return Peer("newsboat", version, prepare, commands, entries, turns_before_304=1)


def reader(*, fetch: bool) -> Peer:
    """lemon24's reader, in a venv that is kept under .venv. Raises: Missing where pip cannot get it."""
    python = READER_VENV / "bin" / "python"
    if not (fetch or python.exists()):
        raise Missing("it is not installed, and a quick run fetches nothing")
    try:
        if not python.exists():
            subprocess.run([sys.executable, "-m", "venv", READER_VENV], check=True, capture_output=True)
        show = [python, "-c", "import reader, sgmllib; print('reader', reader.__version__)"]
        if subprocess.run(show, capture_output=True, check=False).returncode:
            pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", *PACKAGES]
            subprocess.run(pip, check=True, capture_output=True)
        version = subprocess.run(show, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", b"") or b""
        raise Missing(f"{error} {' '.join(said.decode(errors='replace').split())[-200:]}") from error

    def script(folder: Path, task: str) -> list[str]:
        return [str(python), str(HERE / "_reader.py"), str(folder / "reader.db"), task]

    def prepare(folder: Path, urls: Sequence[str]) -> None:
        subprocess.run(script(folder, "add"), input="\n".join(urls), text=True, check=True)

    def entries(folder: Path) -> int:
        return int(subprocess.run(script(folder, "count"), capture_output=True, text=True, check=True).stdout)

    return Peer("reader", version, prepare, lambda folder: (script(folder, "update"),) * 2, entries)


def left_out(name: str, reason: object) -> None:
    """Say why a peer has no figures, now and at the end of `make bench`."""
    skip(f"whole *, {name}, *", f"{name}: {reason}")


def strangers(*, fetch: bool) -> list[Peer]:
    """The peers that can be had here."""
    found = []
    for make in (newsboat, reader):
        try:
            found.append(make(fetch=fetch))
        except Missing as reason:
            left_out(make.__name__, reason)
    return found


@dataclass(frozen=True)
class Run:
    """One peer's first poll and, where it was measured, the one after it, of all feeds."""

    first: Whole
    again: Whole | None
    given: tuple[int, int]  # answers of 200 in the first, of 304 in the second
    entries: int


Runs = dict[str, list[Run]]  # of each peer


def run_of(peer: Peer, port: int, urls: Sequence[str], *, twice: bool) -> Run:
    """Measure one poll, or both, in a new folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer.prepare(folder, urls)
        first, again = peer.commands(folder)
        _origin.tell(port, "hang-up", "count")
        one, given_first = whole(first), _origin.given(port)
        for _ in range(peer.turns_before_304 if twice else 0):
            whole(again)
        _origin.tell(port, "hang-up", "count")
        two, given_again = whole(again) if twice else None, _origin.given(port)
        return Run(one, two, (given_first["200"], given_again["304"]), peer.entries(folder))


def runs_of(peers: list[Peer], port: int, urls: Sequence[str], times: Mapping[str, int], *, twice: bool) -> Runs:
    """Run the peers in turn, each as often as `times` says; one that fails is left out of the rest."""
    runs: Runs = {peer.name: [] for peer in peers if times[peer.name]}
    for turn in range(max(times.values())):
        for peer in peers:
            if peer.name in runs and turn < times[peer.name]:
                try:
                    runs[peer.name].append(run_of(peer, port, urls, twice=twice))
                except subprocess.CalledProcessError as error:
                    if peer.name in (DEFAULT, KEEP_ALL):
                        raise
                    left_out(peer.name, error)
                    del runs[peer.name]
    return runs


def show(runs: Runs, feeds: int, suffix: str) -> None:
    """Print CPU, memory and the ratios, and record them for `make bench` under names that end with the suffix."""
    rows = []
    for name, of_peer in runs.items():
        again = [run.again for run in of_peer if run.again]
        firsts, seconds = (cpu_of(each, feeds) for each in ([run.first for run in of_peer], again))
        peak = [f"{max(each.pss for each in step):.0f}" for step in ([run.first for run in of_peer], again) if step]
        rss = max(each.rss for each in (*(run.first for run in of_peer), *again))
        took = spread(run.first.took for run in of_peer).median
        last = of_peer[-1]
        answers = ", ".join(map(str, last.given))
        rows.append((name, firsts, seconds, f"{took:.1f}", ", ".join(peak), f"{rss:.0f}", answers, last.entries))
        peaks = spread(max(run.first.pss, run.again.pss if run.again else 0) for run in of_peer)
        # The goal is a limit that no run may pass, so the most of the runs counts.
        keep(f"peak memory, {name}{suffix}", Spread(peaks.most, peaks.least, peaks.most))
    head = ("whole process", f"{FIRST}, CPU ms a feed", f"{SAME}, CPU ms a feed", "first poll took, s")
    table((*head, "peak PSS of each, MB", "peak RSS, MB", "200 then 304", "entries kept"), rows)
    print()
    table(("work", "of", "newsboat / it", "reader / it", "naive / it"), ratios(runs, suffix))


def cpu_of(wholes: Sequence[Whole], feeds: int) -> Spread | str:
    """CPU milliseconds a feed; "-" where nothing was measured."""
    return spread(each.cpu / feeds * 1000 for each in wholes) if wholes else "-"


def ratios(runs: Runs, suffix: str) -> list[tuple[str, ...]]:
    """How many times less wirekin takes than each peer, in both configurations."""
    rows = []
    for title, step in ((FIRST, lambda run: run.first), (SAME, lambda run: run.again)):
        cpus = {name: [step(run).cpu for run in of_peer if step(run)] for name, of_peer in runs.items()}
        for mine in (name for name in (DEFAULT, KEEP_ALL) if cpus.get(name)):
            row = [title, mine]
            for peer in ("newsboat", "reader", "naive"):
                if not cpus.get(peer):
                    row.append("-")
                    continue
                ratio = spread(cpus[peer]).times(spread(cpus[mine]))
                row.append(f"{ratio.median:.2f}")
                keep(f"whole {title}, {peer}, {mine}{suffix}", ratio)
            rows.append(tuple(row))
    return rows


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--feeds", type=int, help="1000, or 60 with --quick")
    parser.add_argument("--runs", type=int, help="of wirekin as shipped and of every peer")
    parser.add_argument("--corpus", action="store_true", help="the news and blog feeds of ../shared/corpus, in turn")
    given = parser.parse_args()
    feeds = given.feeds or (60 if given.size == "quick" else 1_000)
    times = {**dict.fromkeys(RUNS["long"], given.runs), KEEP_ALL: 1} if given.runs else RUNS[given.size]
    few = {**dict.fromkeys(times, 1), KEEP_ALL: 0, "naive": 0}
    for real in _documents.kinds(corpus=given.corpus):
        poll(feeds, few if real and not given.corpus else times, given.size, real=real)


def poll(feeds: int, times: Mapping[str, int], size: str, *, real: bool) -> None:
    """Measure all on feeds of one kind, and print the tables."""
    with _origin.running(feeds, real=real) as (port, octets):
        ours = [wirekin(DEFAULT, keep_all=False, port=port), wirekin(KEEP_ALL, keep_all=True, port=port)]
        peers = [*ours, naive(port), *strangers(fetch=size != "quick")]
        for peer in (one for one in peers if times[one.name]):
            print(f"{peer.name}: {peer.version}, {times[peer.name]} run(s)")
        kind = "real" if real else "made up"
        print(
            f"\n{WHAT_THEY_DO}\n\n{feeds} feeds ({kind}, {octets / feeds / 1000:.1f} kB each), runs in turn\n",
            flush=True,
        )
        urls = [_origin.url(n, port) for n in range(feeds)]
        show(runs_of(peers, port, urls, times, twice=size != "usual"), feeds, _documents.OF_REAL if real else "")


if __name__ == "__main__":
    main()
