"""The figures that wirekin is to reach, beside those of one run of `make bench`, which prints this last.

    python bench/_table.py [FILE] [--json]      FILE is .venv/figures.jsonl, which `make bench` leaves, unless told

The other scripts put their figures into FILE (bench/_measure.py, `keep`). A ratio says how many times less CPU wirekin
takes than the peer; where there were several runs, the least and the most that any two of them give follow in brackets.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from _measure import FIGURES, table

KEPT = Path(__file__).resolve().parents[1] / ".venv" / "figures.jsonl"
CONFIGURATIONS = ("wirekin, shipped topics", "wirekin, everything kept")
SHIPPED_REAL = f"{CONFIGURATIONS[0]}, real feeds"
LESS = {" ms", " MB", " links", " s"}  # units where less is better
NEWSDESK = {"en": "en_ru", "ru": "en_ru", "fa": "fa_ar_he", "ar": "fa_ar_he", "he": "fa_ar_he"}  # language: set
NAMED = "topics where a country is named"
SAME_STORY = "related p@5 of the same story, of five always"
CLOSED = "all 304, connections closed by the origin"
BY_LONG = "make bench ARGS=--long"
ELSEWHERE = (  # the other rows of the issues' tables, and what proves them
    ("10,000 faults", "0 lost, invented, twice; +32 MiB", "make proof, tests/shell/test_faults_proof.py"),
    ("generated searches, schemathesis", "0 of 5xx, 0 failures", "make proof, test_web_fuzz.py, test_web_openapi.py"),
    ("300 hostile titles in Chromium", "0 scripts", "make proof, tests/browser/test_hostile_titles.py"),
    ("axe-core on pages and widget", "0 violations", "make test, tests/browser/test_accessibility.py"),
    ("widget: layout shift, requests, size", "0, 2, 6 kB", "make test, tests/browser/test_widget.py"),
)


@dataclass(frozen=True)
class Row:
    """A row of the table: figures as numbers for --json, as words for people."""

    work: str
    measured: str
    due: str
    aim: str
    met: str  # "yes", "yes, the aim too", "NO", "skipped: why", "failed: why"
    script: str = ""
    value: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass
class Found:
    """What one run left: its figures, why others are missing, how its scripts ended, and on what machine it ran."""

    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    skipped: list[tuple[str, str]] = field(default_factory=list)  # a pattern of names, and the reason
    ended: dict[str, str] = field(default_factory=dict)  # script: why it failed, "" where it did not
    took: float = 0.0  # seconds by the clock, of all scripts
    cpu: float = 0.0  # seconds
    about: dict[str, str] = field(default_factory=dict)

    def missing(self, name: str, script: str) -> str:
        """Why there is no such figure."""
        if why := self.ended.get(script):
            return f"failed: {why}"
        for pattern, reason in self.skipped:
            if fnmatchcase(name, pattern):
                return f"skipped: {reason}"
        return f"skipped: {script} {'has none of this size' if script in self.ended else 'was not run'}"


def read(path: Path) -> Found:
    """The rows of a file; of a figure that was measured twice, the last one counts."""
    found = Found()
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        if "about" in row:
            found.about = row["about"]
        elif "ended" in row:
            found.ended[row["ended"]["script"]] = row["ended"]["why"]
            found.took += row["ended"]["took"]
            found.cpu += row["ended"]["cpu"]
        elif row["value"] is None:
            found.skipped.append((row["name"], row["note"]))
        else:
            found.figures[row["name"]] = row
    return found


@dataclass(frozen=True)
class Goal:
    """A figure to reach: its name in the file, the least that is due, and the aim."""

    work: str
    name: str
    least: float
    aim: float
    unit: str = "x"  # of a ratio; "%" of a share, "" of a score, " ms" and " MB" of what should be less

    def row(self, script: str, found: Found) -> Row:
        """The figure's row of the table."""
        limits = (f"{self.least:,g}{self.unit}", f"{self.aim:,g}{self.unit}")
        kept = found.figures.get(self.name)
        if kept is None:
            return Row(self.work, "-", *limits, found.missing(self.name, script), script)
        value, least, most = kept["value"], kept.get("least"), kept.get("most")
        shown = self._shown(value)
        if least is not None and least != most:
            shown += f" ({self._shown(least, '')}-{self._shown(most, '')})"
        return Row(self.work, shown, *limits, self._verdict(value), script, value, least, most)

    def _shown(self, value: float, unit: str | None = None) -> str:
        digits = {"x": 1, "%": 0, "": 3, "/s": 0, " links": 0}.get(self.unit, 2)
        return f"{value:,.{digits}f}{self.unit if unit is None else unit}"

    def _verdict(self, value: float) -> str:
        sign = -1 if self.unit in LESS else 1
        if sign * value >= sign * self.aim:
            return "yes, the aim too"
        return "yes" if sign * value >= sign * self.least else "NO"


def goals() -> Iterator[tuple[str, Goal]]:
    """The goals as the issues have them, each with the script that measures it."""
    sections = {
        "poll.py": polling(),
        "peers.py": whole_processes(),
        "parse.py": parsing(),
        "pages.py": pages(),
        "quality.py": quality(),
        "topics.py": topics(),
        "group.py": grouping(),
        "store.py": related(),
        "web.py": serving(),
    }
    for script, section in sections.items():
        yield from ((script, goal) for goal in section)


def polling() -> Iterator[Goal]:
    """Goals of polling, for both configurations where they differ."""
    for which in CONFIGURATIONS:
        name = which.removeprefix("wirekin, ")
        yield Goal(f"first poll against naive; {name}", f"first poll, naive, {which}", 8, 13)
        yield Goal(f"all 304 against stock httpx; {name}", f"all 304, stock httpx, {which}", 2, 3)
        yield Goal(f"the same, closed by the origin; {name}", f"{CLOSED}, stock httpx, {which}", 2, 3)
        yield Goal(f"all 304, CPU a feed; {name}", f"all 304, ms, {which}", 0.4, 0.4, " ms")
        yield Goal(f"unchanged 200 against naive; {name}", f"unchanged 200, naive, {which}", 30, 40)
    yield Goal("first poll of real feeds against naive; shipped topics", f"first poll, naive, {SHIPPED_REAL}", 8, 13)
    yield Goal("unchanged 200 of real feeds; shipped topics", f"unchanged 200, naive, {SHIPPED_REAL}", 30, 40)


def whole_processes() -> Iterator[Goal]:
    """Goals of whole processes, from the start of a command to its end."""
    for which in CONFIGURATIONS:
        name = which.removeprefix("wirekin, ")
        yield Goal(f"first poll against newsboat, whole process; {name}", f"whole first poll, newsboat, {which}", 4, 8)
        yield Goal(f"first poll against reader, whole process; {name}", f"whole first poll, reader, {which}", 10, 20)
        yield Goal(f"peak memory, PSS; {name}", f"peak memory, {which}", 90, 60, " MB")
    for peer, least, aim in (("newsboat", 4, 8), ("reader", 10, 20)):
        work = f"first poll of real feeds against {peer}, whole process; shipped topics"
        yield Goal(work, f"whole first poll, {peer}, {SHIPPED_REAL}", least, aim)
    yield Goal("peak memory, PSS, real feeds; shipped topics", f"peak memory, {SHIPPED_REAL}", 90, 60, " MB")


def parsing() -> Iterator[Goal]:
    """Goals of parsing feeds."""
    for kind in ("made up", "news", "blog", "all"):
        feeds = "all three together" if kind == "all" else f"{kind} feeds"
        yield Goal(f"parse with fallback against feedparser; {feeds}, every value made", f"parse, {kind}", 8, 20)
        yield Goal(f"parse with fallback against feedparser; {feeds}, known", f"parse, {kind}, known", 8, 20)
    yield Goal("news feeds that the fast path accepts", "parse, news, accepted", 97, 97, "%")


def pages() -> Iterator[Goal]:
    """Goals of page extraction, on the labelled pages and on the pages of the corpus."""
    yield Goal("pages, mean F1 by URL", "pages, F1, wirekin", 0.93, 0.93, "")
    yield Goal("pages, titles right", "pages, titles", 0.97, 0.97, "")
    yield Goal("pages, images right", "pages, images", 0.90, 0.90, "")
    yield Goal("pages, links that must not be there", "pages, must-not", 0, 0, " links")
    yield Goal("pages, throughput against lxml's link listing", "pages, lxml", 3.5, 3.5)
    yield Goal("pages, throughput against BeautifulSoup's", "pages, BeautifulSoup (html.parser)", 30, 30)
    yield Goal("pages, the slowest real one, CPU", "pages, slowest, s", 2, 2, " s")


def quality() -> Iterator[Goal]:
    """Goals on the labelled headlines."""
    uci, pairs = "stories/uci_clusters.jsonl", "stories/tgcontest_pairs.jsonl"
    yield Goal("uci, online B-cubed F1", f"{uci}: stories b-cubed f1 online alone", 0.83, 0.87, "")
    yield Goal("uci, online, semantic", f"{uci}, semantic: stories b-cubed f1 online alone", 0.85, 0.87, "")
    for lang, folder in NEWSDESK.items():
        name = f"newsdesk_{folder}/dev.jsonl"
        yield Goal(f"newsdesk, B-cubed F1, {lang}", f"{name}: stories b-cubed f1 {lang}", 0.88, 0.93, "")
    for lang, folder in NEWSDESK.items():
        name = f"newsdesk_{folder}/dev.jsonl"
        yield Goal(f"newsdesk, topics F1, {lang}", f"{name}: {NAMED} f1 {lang}", 0.95, 0.98, "")
        cases = "newsdesk_fa_ar_he/topic_cases_dev.jsonl"
        yield Goal(f"topic cases, F1, {lang}", f"{cases}: topics f1 {lang}", 0.95, 0.98, "")
    for folder in ("en_ru", "fa_ar_he"):
        yield Goal(f"newsdesk, copies F1, {folder}", f"newsdesk_{folder}/dev.jsonl: copies pairwise f1", 0.97, 0.99, "")
    yield Goal("newsdesk, related nDCG@10", "newsdesk_en_ru/dev.jsonl: related ndcg@10", 0.80, 0.88, "")
    yield Goal("uci, related P@5", f"{uci}: {SAME_STORY}", 0.72, 0.82, "")
    yield Goal("uci, related P@5, semantic", f"{uci}, semantic: {SAME_STORY}", 0.79, 0.82, "")
    yield Goal("Russian pairs, area under the curve", f"{pairs}: pairs auc ru", 0.83, 0.92, "")
    yield Goal("Russian pairs, multilingual", f"{pairs}, multilingual: pairs auc ru", 0.90, 0.92, "")


def topics() -> Iterator[Goal]:
    """Goals of topics, in headlines a CPU second: of words met before, as most are, and of words met first."""
    for how, name in (("of words met before", "again"), ("for the first time", "the first time")):
        yield Goal(f"topics, 5,000 terms, titles {how}", f"topics, 5,000 terms, titles, {name}", 100_000, 300_000, "/s")


def grouping() -> Iterator[Goal]:
    """The goal of grouping, in headlines a CPU second."""
    yield Goal("grouping, 100,000 in the window", "grouping, 100,000 in the window", 2_500, 5_000, "/s")


def related() -> Iterator[Goal]:
    """Goals of related, in milliseconds of CPU."""
    for wanted, least, aim in (("100,000", 3, 0.5), ("1,000,000", 11, 3)):
        name = f"related to a title of words that go together nowhere, {wanted} headlines, p95 ms"
        yield Goal(f"related at {wanted} headlines, p95", name, least, aim, " ms")


def serving() -> Iterator[Goal]:
    """Goals of the web."""
    yield Goal("cached related against a bare app, same bytes", "web, cached related, share", 70, 90, "%")
    yield Goal("uncached distinct related, p95", "web, distinct related, p95 ms", 8, 4, " ms")
    yield Goal("repeated related against datasette's join", "web, repeated question against datasette", 7, 10)
    yield Goal(
        "related to 100 good clients beside 1,000 half-open, p99", "web, p99 beside half-open, ms", 500, 200, " ms"
    )


def rows(found: Found) -> list[Row]:
    """All rows of the table."""
    if found.about.get("size") != "long":
        found.skipped.append(("related to *, 1,000,000 headlines, *", BY_LONG))
    measured = [goal.row(script, found) for script, goal in goals()]
    return measured + [Row(work, "-", due, due, f"skipped: {proof}") for work, due, proof in ELSEWHERE]


def machine(found: Found) -> dict[str, str]:
    """What the run was measured on, and how fast that is."""
    told = dict(found.about)
    if found.took:
        told["took"] = f"{found.took / 60:.1f} minutes, {found.cpu / 60:.1f} of CPU"
    for name, unit in (("machine, loop ms", "ms"), ("machine, lxml MB/s", "MB/s"), ("pages, lxml MB/s", "MB/s")):
        if kept := found.figures.get(name):
            low, high = kept.get("least", kept["value"]), kept.get("most", kept["value"])
            told[name.rsplit(" ", 1)[0]] = f"{low:.1f} {unit}" if low == high else f"{low:.1f}-{high:.1f} {unit}"
    return told


def show(path: Path, *, as_json: bool) -> None:
    """Print the table, or its rows as JSON."""
    found = read(path)
    every = rows(found)
    if as_json:
        print(json.dumps({"machine": machine(found), "rows": [asdict(row) for row in every]}, indent=1))
        return
    print()
    head = ("work", "measured", "at least", "aim", "met?")
    table(head, ((row.work, row.measured, row.due, row.aim, row.met) for row in every))
    print("\nnewsboat and reader store full content. lxml lists links of a made-up page, and of the corpus' (pages).")
    print("; ".join(f"{name}: {value}" for name, value in machine(found).items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=Path(os.environ.get(FIGURES) or KEPT))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if not given.file.is_file():
        sys.exit(f"there is no {given.file}: `make bench` leaves one")
    show(given.file, as_json=given.json)


if __name__ == "__main__":
    main()
