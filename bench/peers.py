"""Whole processes against whole processes: what a poll of 1,000 feeds costs from the start of a command to its end.

    python bench/peers.py [--feeds 1000] [--runs 3] [--quick]

`wirekin refresh` beside `newsboat -x reload` (installed by apt), lemon24's reader (by pip, in a venv of its own) and
the naive poller of bench/_pollers.py, all unmodified and with 64 exchanges at once, on the same bytes of the same
origin. A peer that cannot be had is skipped, with the reason. CPU is user + system of everything that the command
started, its imports too; the median of the runs, taken in turn, with the least and the most (of wirekin with everything
kept, one run). Memory is the peak of the
process tree, looked at from outside every 0.03 s: PSS counts a shared page once, RSS in every process that has it.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import _origin
from _measure import Whole, keep, spread, table, whole
from _pollers import AT_ONCE, FIRST, SAME, feeds_yml

HERE = Path(__file__).parent
PACKAGES = ("reader", "sgmllib3k")  # reader 3.26 carries a feedparser that imports sgmllib, and does not ask for it
READER_VENV = HERE.parent / ".venv" / "peers" / "reader"
DEFAULT, KEEP_ALL = "wirekin, shipped topics", "wirekin, everything kept"
NEWSBOAT_CONFIG = f"""\
reload-threads {AT_ONCE}
refresh-on-startup no
auto-reload no
max-items 0
cleanup-on-quit no
"""
WHAT_THEY_DO = """\
newsboat and reader store the full content of every entry, which wirekin does not: it keeps title, summary, link and
picture. wirekin does what they do not: it resolves and canonicalises links, matches three topics of 20,900 terms,
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
    turns_before_304: int = 0  # unmeasured ones: what it asks for without validators although it was given some
    most_runs: int = 99


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

    # Most of a run that keeps everything is the grouping of 20,000 headlines: once is enough.
    return Peer(name, version, prepare, commands, entries, most_runs=1 if keep_all else 99)


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


def newsboat() -> Peer:
    """Newsboat, from the distribution; Missing where that is no Debian, or not ours to install on."""
    if shutil.which("newsboat") is None:
        try:
            command = ["apt-get", "install", "-y", "--no-install-recommends", "newsboat"]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            raise Missing(f"there is no apt-get: {error}") from error
        if done.returncode or shutil.which("newsboat") is None:
            raise Missing(f"apt-get install newsboat: {' '.join(done.stderr.split())[-200:]}")
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


def reader() -> Peer:
    """lemon24's reader, in a venv that is kept under .venv; Missing where pip cannot get it."""
    python = READER_VENV / "bin" / "python"
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


def skip(name: str, reason: object) -> None:
    """Say why a peer has no figures, and say it again at the end of `make bench`."""
    print(f"{name} is skipped: {reason}", flush=True)
    keep(f"skipped, {name}", None, str(reason))


def strangers() -> list[Peer]:
    """The peers that can be had here."""
    found = []
    for make in (newsboat, reader):
        try:
            found.append(make())
        except Missing as reason:
            skip(make.__name__, reason)
    return found


@dataclass(frozen=True)
class Run:
    """One peer's first poll and the one after it, of all feeds."""

    first: Whole
    again: Whole
    given: tuple[int, int]  # answers of 200 in the first, of 304 in the second
    entries: int


def run_of(peer: Peer, port: int, urls: Sequence[str]) -> Run:
    """Measure both polls in a new folder."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer.prepare(folder, urls)
        first, again = peer.commands(folder)
        _origin.tell(port, "hang-up", "count")
        one, given_first = whole(first), _origin.given(port)
        for _ in range(peer.turns_before_304):
            whole(again)
        _origin.tell(port, "hang-up", "count")
        two, given_again = whole(again), _origin.given(port)
        return Run(one, two, (given_first["200"], given_again["304"]), peer.entries(folder))


def runs_of(peers: list[Peer], port: int, urls: Sequence[str], times: int) -> dict[str, list[Run]]:
    """All in turn, so many times; a peer that fails is left out of the rest."""
    runs: dict[str, list[Run]] = {peer.name: [] for peer in peers}
    for turn in range(times):
        for peer in peers:
            if peer.name in runs and turn < peer.most_runs:
                try:
                    runs[peer.name].append(run_of(peer, port, urls))
                except subprocess.CalledProcessError as error:
                    skip(peer.name, error)
                    del runs[peer.name]
    return runs


def show(runs: dict[str, list[Run]], feeds: int) -> None:
    """CPU, memory and the ratios."""
    rows = []
    for name, of_peer in runs.items():
        first, again = (spread(getattr(run, step).cpu / feeds * 1000 for run in of_peer) for step in ("first", "again"))
        peak = [max(getattr(run, step).pss for run in of_peer) for step in ("first", "again")]
        rss = max(max(run.first.rss, run.again.rss) for run in of_peer)
        took = spread(run.first.took for run in of_peer).median
        last = of_peer[-1]
        answers = f"{last.given[0]}, {last.given[1]}"
        rows.append((name, first, again, f"{took:.1f}", f"{peak[0]:.0f}, {peak[1]:.0f}", f"{rss:.0f}", answers))
        rows[-1] = (*rows[-1], last.entries)
        keep(f"peak memory, {name}", max(peak))
    head = ("whole process", f"{FIRST}, CPU ms a feed", f"{SAME}, CPU ms a feed", "first poll took, s")
    table((*head, "peak PSS of both, MB", "peak RSS, MB", "200 then 304", "entries kept"), rows)
    print()
    table(("work", "of", "newsboat / it", "reader / it", "naive / it"), ratios(runs))


def ratios(runs: dict[str, list[Run]]) -> list[tuple[str, ...]]:
    """How many times less wirekin takes than each peer, in both configurations."""
    rows = []
    for step, title in (("first", FIRST), ("again", SAME)):
        for mine in (name for name in (DEFAULT, KEEP_ALL) if name in runs):
            row = [title, mine]
            for peer in ("newsboat", "reader", "naive"):
                if peer not in runs:
                    row.append("skipped")
                    continue
                theirs, ours = (spread(getattr(run, step).cpu for run in runs[name]).median for name in (peer, mine))
                row.append(f"{theirs / ours:.2f}")
                keep(f"whole {title}, {peer}, {mine}", theirs / ours)
            rows.append(tuple(row))
    return rows


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--feeds", type=int, default=1_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="60 feeds, once: shows that it runs, and is no figure")
    given = options.parse_args()
    feeds, times = (60, 1) if given.quick else (given.feeds, given.runs)
    with _origin.running(feeds) as (port, size):
        ours = [wirekin(DEFAULT, keep_all=False, port=port), wirekin(KEEP_ALL, keep_all=True, port=port)]
        peers = [*ours, naive(port), *strangers()]
        for peer in peers:
            print(f"{peer.name}: {peer.version}")
        print(
            f"\n{WHAT_THEY_DO}\n\n{feeds} feeds (made up, {size / feeds / 1000:.1f} kB each), {times} run(s) in turn\n"
        )
        urls = [_origin.url(n, port) for n in range(feeds)]
        runs = runs_of(peers, port, urls, times)
        show(runs, feeds)


if __name__ == "__main__":
    main()
